//! Where a run speaks beside the pull request: the log, annotations, the job's page, step outputs and files.

use std::io::{Read, Write};
use std::path::Path;

use backend_specialist_core::report::{concise, github, json, sarif};
use backend_specialist_core::rules::RULES;
use backend_specialist_github::review::Outcome;
use backend_specialist_github::{Outputs, without_commands};

use super::started::Started;
use super::{Result, ReviewArgs};
use crate::args::CommonArgs;
use crate::fault::Fault;
use crate::output::{write_file, write_stdout};

/// Bytes of a report that was made elsewhere.
const REPORT_MAX: u64 = 20 << 20;

pub fn tell(
    args: &ReviewArgs,
    common: &CommonArgs,
    started: &Started,
    result: &Result,
    outcome: &Outcome,
) -> std::result::Result<(), Fault> {
    files(args, result)?;
    if args.dry_run {
        for it in &outcome.told {
            write_stdout(&format!("{}\n\n", without_commands(it)));
        }
    } else {
        let shown = concise::concise(&result.found.report, &|file: &str| file.to_string());
        write_stdout(&without_commands(&shown));
        if started.is_action {
            write_stdout(&github::github_first(&result.found.report));
        }
        page(started, &outcome.job)?;
    }
    outputs(args, started, result, outcome)?;
    if !common.quiet {
        let reason = outcome.reason.as_deref().map(|it| format!(" ({})", without_commands(it))).unwrap_or_default();
        eprintln!("posted: {}{reason}", outcome.wrote.as_str());
    }
    Ok(())
}

fn files(args: &ReviewArgs, result: &Result) -> std::result::Result<(), Fault> {
    if let Some(file) = &args.report_json {
        write_file(file, &json::pretty(&result.found))?;
    }
    let Some(file) = &args.sarif_file else { return Ok(()) };
    match &result.analyzed {
        Some(analyzed) => {
            let mut all = backend_specialist_github::found::Found { report: analyzed.report.clone(), change: None };
            all.in_folder(&super::compare::prefix(analyzed));
            write_file(file, &sarif::sarif(&all.report, &RULES))
        }
        None => write_file(file, &sarif::sarif(&result.found.report, &RULES)),
    }
}

/// The job's page is added to: other steps write there as well.
fn page(started: &Started, text: &str) -> std::result::Result<(), Fault> {
    let Some(file) = &started.step_summary else { return Ok(()) };
    append(file, text)
}

fn outputs(args: &ReviewArgs, started: &Started, result: &Result, outcome: &Outcome) -> std::result::Result<(), Fault> {
    let Some(file) = &started.step_output else { return Ok(()) };
    let path = |it: &Option<std::path::PathBuf>| it.as_ref().map(|it| super::shown(it));
    let (sarif_file, report_json) = (path(&args.sarif_file), path(&args.report_json));
    let change = result.found.change.as_ref();
    let outputs = Outputs {
        findings: result.all,
        new: if change.is_some() { result.found.report.findings.len() } else { 0 },
        fixed: change.map_or(0, |it| it.fixed.len()),
        wrote: outcome.wrote,
        reason: outcome.reason.as_deref().unwrap_or_default(),
        sarif_file: sarif_file.as_deref(),
        report_json: report_json.as_deref(),
    };
    append(file, &outputs.lines())
}

fn append(file: &Path, text: &str) -> std::result::Result<(), Fault> {
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(file);
    let written = opened.and_then(|mut it| it.write_all(text.as_bytes()));
    written.map_err(|it| Fault::new(format!("cannot write {}: {it}", super::shown(file))))
}

/// A report that is larger than any of ours is not read.
pub fn read_capped(file: &Path) -> std::result::Result<String, Fault> {
    let fault = |what: String| Fault::new(format!("cannot read {}: {what}", super::shown(file)));
    let kind = std::fs::symlink_metadata(file).map_err(|it| fault(it.to_string()))?;
    if !kind.is_file() {
        return Err(fault("it is no plain file".to_string()));
    }
    if kind.len() > REPORT_MAX {
        return Err(fault(format!("it has more than {REPORT_MAX} bytes")));
    }
    let mut text = String::new();
    std::fs::File::open(file)
        .and_then(|it| it.take(REPORT_MAX).read_to_string(&mut text))
        .map_err(|it| fault(it.to_string()))?;
    Ok(text)
}

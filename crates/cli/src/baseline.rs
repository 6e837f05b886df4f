//! `baseline`: the file of known findings.

use std::path::{Path, PathBuf};

use backend_specialist_core::baseline::{BASELINE_VERSION, Baseline};
use backend_specialist_core::report::json;

use crate::args::{BaselineArgs, BaselineCommand};
use crate::check::{Analyzed, Reach, analyze_paths};
use crate::exit;
use crate::fault::{Fault, shown_path};
use crate::names::absolute;
use crate::output::{write_file, write_stdout};

pub fn run(command: &BaselineCommand) -> Result<u8, Fault> {
    match command {
        BaselineCommand::Create(args) => create(args),
        BaselineCommand::Update(args) => update(args),
        BaselineCommand::Prune(args) => prune(args),
        BaselineCommand::Check(args) => check(args),
    }
}

pub fn read(file: &Path) -> Result<Baseline, Fault> {
    let text = std::fs::read_to_string(file).map_err(|it| {
        Fault::new(format!("cannot read the baseline {}: {it}", shown_path(file)))
            .help("`backend-specialist baseline create` writes one")
    })?;
    let baseline: Baseline =
        serde_json::from_str(&text).map_err(|it| Fault::new(format!("no baseline: {it}")).in_file(file))?;
    if baseline.version > BASELINE_VERSION {
        let what = format!("a baseline of version {}, and this program knows {BASELINE_VERSION}", baseline.version);
        return Err(Fault::new(what).in_file(file));
    }
    Ok(baseline)
}

fn create(args: &BaselineArgs) -> Result<u8, Fault> {
    let (file, analyzed) = analyze(args)?;
    if file.exists() {
        let what = format!("there is a baseline already: {}", shown_path(&file));
        return Err(Fault::new(what).help("`backend-specialist baseline update` writes over it"));
    }
    write(&file, args, &Baseline::new(&analyzed.report))
}

fn update(args: &BaselineArgs) -> Result<u8, Fault> {
    let (file, analyzed) = analyze(args)?;
    read(&file)?;
    write(&file, args, &Baseline::new(&analyzed.report))
}

fn prune(args: &BaselineArgs) -> Result<u8, Fault> {
    let (file, analyzed) = analyze(args)?;
    write(&file, args, &read(&file)?.pruned(&analyzed.report))
}

fn check(args: &BaselineArgs) -> Result<u8, Fault> {
    let (file, analyzed) = analyze(args)?;
    let baseline = read(&file)?;
    let stale = baseline.stale(&analyzed.report);
    for it in &stale {
        write_stdout(&format!("no longer found: {} in {} ({})\n", it.rule, it.file, it.fingerprint));
    }
    Ok(if stale.is_empty() { exit::OK } else { exit::FINDINGS })
}

fn analyze(args: &BaselineArgs) -> Result<(PathBuf, Analyzed), Fault> {
    let analyzed = analyze_paths(&[], &args.project, Reach::Project)?;
    Ok((absolute(&analyzed.current, &args.file), analyzed))
}

fn write(file: &Path, args: &BaselineArgs, baseline: &Baseline) -> Result<u8, Fault> {
    write_file(file, &json::pretty(baseline))?;
    let count = baseline.findings.len();
    let findings = if count == 1 { "1 known finding".to_string() } else { format!("{count} known findings") };
    write_stdout(&format!("wrote {findings} to {}\n", shown_path(&args.file)));
    Ok(exit::OK)
}

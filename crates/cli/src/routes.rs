//! `routes`: the route × guard matrix, and what a change did to it.

use backend_specialist_core::analyze;
use backend_specialist_core::report::matrix::{self, Loss, TableOptions};

use crate::args::{CommonArgs, RoutesArgs};
use crate::check::{Analyzed, Reach, analyze_paths, nothing_matched, threads};
use crate::fault::Fault;
use crate::names::relative;
use crate::output::{wants_color, width, write_stdout};
use crate::{exit, git};

pub fn run(args: &RoutesArgs, common: &CommonArgs) -> Result<u8, Fault> {
    let analyzed = analyze_paths(&args.paths, &args.project, Reach::Named)?;
    if analyzed.report.stats.files == 0 && !args.allow_empty {
        return Err(nothing_matched(&analyzed, &args.paths));
    }
    if let Some(reference) = &args.diff {
        return diff(&analyzed, args, reference);
    }
    let report = &analyzed.report;
    let name = |file: &str| relative(&analyzed.current, &analyzed.root.join(file));
    write_stdout(&match args.format.as_str() {
        "json" => matrix::json(report),
        "markdown" => matrix::markdown(report),
        "openapi" => matrix::openapi(report),
        "http" => matrix::http(report),
        "curl" => matrix::curl(report),
        _ => matrix::table(report, &TableOptions { color: wants_color(&common.color), width: width(), name: &name }),
    });
    if !common.quiet && report.is_incomplete() {
        eprintln!("note: not all of the project was understood; `backend-specialist check --verbose` says what");
    }
    Ok(exit::OK)
}

/// Answers 1 if a route lost a guard or came without one.
fn diff(analyzed: &Analyzed, args: &RoutesArgs, reference: &str) -> Result<u8, Fault> {
    let change = git::since(&analyzed.root, &analyzed.project, reference)?;
    let before = threads(args.project.jobs)?.install(|| analyze(&change.before, &analyzed.config));
    let losses = matrix::losses(&before, &analyzed.report);
    let line = |it: &Loss| {
        let file = relative(&analyzed.current, &analyzed.root.join(&it.file));
        format!("{file}:{}: {} {}: {}\n", it.line, it.method, it.path, it.what)
    };
    write_stdout(&losses.iter().map(line).collect::<String>());
    Ok(if losses.is_empty() { exit::OK } else { exit::FINDINGS })
}

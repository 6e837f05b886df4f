//! `merge`: the JSON reports of shards as one report, in any format.

use std::path::Path;

use backend_specialist_core::project::Project;
use backend_specialist_core::report::{Report, SCHEMA_VERSION};

use crate::args::{CommonArgs, MergeArgs};
use crate::exit;
use crate::fault::Fault;
use crate::output::{Printer, wants_color, write_stdout};

pub fn run(args: &MergeArgs, common: &CommonArgs) -> Result<u8, Fault> {
    let reports = args.reports.iter().map(|it| read(it)).collect::<Result<Vec<_>, _>>()?;
    let report = merged(reports);
    let current = std::env::current_dir().map_err(|it| Fault::new(format!("no current folder: {it}")))?;
    let project = Project::default();
    let printer = Printer { root: &current, current: &current, project: &project };
    write_stdout(&printer.print(&report, &args.format, wants_color(&common.color)));
    Ok(exit::OK)
}

fn read(file: &Path) -> Result<Report, Fault> {
    let text =
        std::fs::read_to_string(file).map_err(|it| Fault::new(format!("cannot read {}: {it}", file.display())))?;
    let report: Report = serde_json::from_str(&text).map_err(|it| {
        Fault::new(format!("no report: {it}")).in_file(file).help("`merge` joins what `check --format json` wrote")
    })?;
    if report.schema_version != SCHEMA_VERSION {
        let what = format!("a report of version {}, and this program knows {SCHEMA_VERSION}", report.schema_version);
        return Err(Fault::new(what).in_file(file));
    }
    Ok(report)
}

/// Each finding once, by fingerprint; in the order of a single report.
fn merged(reports: Vec<Report>) -> Report {
    let mut all = Report { schema_version: SCHEMA_VERSION, ..Report::default() };
    for report in reports {
        all.findings.extend(report.findings);
        all.suppressed.extend(report.suppressed);
        all.problems.extend(report.problems);
        all.routes.extend(report.routes);
        all.stats.files += report.stats.files;
        all.stats.skipped += report.stats.skipped;
        all.stats.rules = all.stats.rules.max(report.stats.rules);
    }
    all.findings.sort_by(|a, b| a.place_key().cmp(&b.place_key()));
    all.findings.dedup_by(|a, b| a.fingerprint == b.fingerprint);
    all.suppressed.sort_by(|a, b| a.finding.place_key().cmp(&b.finding.place_key()));
    all.suppressed.dedup_by(|a, b| a.finding.fingerprint == b.finding.fingerprint);
    all.problems.sort_by(|a, b| (&a.file, a.range, a.kind, &a.message).cmp(&(&b.file, b.range, b.kind, &b.message)));
    all.problems.dedup();
    all.routes.sort_by(|a, b| (&a.path, &a.method, &a.file, a.line).cmp(&(&b.path, &b.method, &b.file, b.line)));
    all.routes.dedup();
    all.stats.routes = all.routes.len() as u32;
    all.recount();
    all
}

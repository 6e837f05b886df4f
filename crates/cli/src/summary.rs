//! The last lines on stderr: what was looked at, what was found, what could not be read.

use std::collections::BTreeSet;
use std::time::Duration;

use backend_specialist_core::finding::{ProblemKind, Severity};
use backend_specialist_core::report::Report;

/// Problems shown without `--verbose`.
const PROBLEMS_SHOWN: usize = 5;

pub fn print(report: &Report, elapsed: Duration, verbose: bool) {
    let shown = if verbose { usize::MAX } else { PROBLEMS_SHOWN };
    let worth = |kind: ProblemKind| verbose || kind != ProblemKind::Skipped;
    let problems: Vec<_> = report.problems.iter().filter(|it| worth(it.kind)).collect();
    for problem in problems.iter().take(shown) {
        let line = problem.range.map(|it| format!(":{}:{}", it.start.line, it.start.column)).unwrap_or_default();
        eprintln!("note: {}{line}: {}", problem.file, problem.message);
    }
    if problems.len() > shown {
        eprintln!("note: {} more; `--verbose` shows all", problems.len() - shown);
    }
    eprintln!("{}", last_line(report, elapsed));
}

fn last_line(report: &Report, elapsed: Duration) -> String {
    let stats = &report.stats;
    let found = if report.findings.is_empty() {
        format!("no findings: {} ran, {} found", count(stats.rules, "rule"), count(stats.routes, "route"))
    } else {
        let parts: Vec<String> = Severity::ALL
            .iter()
            .map(|&it| (it, stats.by_severity.get(it)))
            .filter(|&(_, number)| number > 0)
            .map(|(severity, number)| format!("{number} {}", severity.as_str()))
            .collect();
        format!("{} ({})", count(report.findings.len() as u32, "finding"), parts.join(", "))
    };
    let mut line = format!("{found} in {}, {:.1} s", count(stats.files, "file"), elapsed.as_secs_f64());
    let incomplete: BTreeSet<&str> =
        report.problems.iter().filter(|it| it.kind.is_incomplete()).map(|it| it.file.as_str()).collect();
    for (number, text) in [
        (stats.skipped, "skipped"),
        (report.suppressed.len() as u32, "suppressed"),
        (incomplete.len() as u32, "not fully understood"),
        (stats.fixable, "can be fixed"),
    ] {
        if number > 0 {
            line.push_str(&format!("; {number} {text}"));
        }
    }
    line
}

fn count(number: u32, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

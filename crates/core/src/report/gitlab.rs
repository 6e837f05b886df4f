//! GitLab's Code Quality report.

use serde::Serialize;

use super::{Report, json::pretty};
use crate::finding::Severity;

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub fn gitlab(report: &Report) -> String {
    let entries: Vec<Entry<'_>> = report
        .findings
        .iter()
        .map(|it| Entry {
            description: format!("{}: {}", it.rule, it.message),
            check_name: &it.rule,
            fingerprint: &it.fingerprint,
            severity: match it.severity {
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
                Severity::Info => "info",
            },
            location: Location { path: &it.file, lines: Lines { begin: it.range.start.line, end: it.range.end.line } },
        })
        .collect();
    pretty(&entries)
}

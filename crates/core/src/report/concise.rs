//! One line a finding, for editors, `grep` and eyes.

use std::fmt::Write;

use super::Report;
use super::frame::harmless;

/// `name` turns a path of the report into the one to print.
pub fn concise(report: &Report, name: &dyn Fn(&str) -> String) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let start = finding.range.start;
        let severity = finding.severity.as_str();
        let _ = writeln!(
            out,
            "{}:{}:{}: {severity} {} {}",
            harmless(&name(&finding.file)),
            start.line,
            start.column,
            finding.rule,
            harmless(&finding.message)
        );
    }
    out
}

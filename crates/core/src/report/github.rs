//! Workflow commands, which GitHub shows beside the changed lines.

use super::{Finding, Report};
use crate::finding::Severity;

/// GitHub shows at most ten errors and ten warnings of one step; notices share their place with warnings.
pub const ANNOTATIONS_MAX: usize = 10;

/// One command for each finding.
pub fn github(report: &Report) -> String {
    report.findings.iter().map(command).collect()
}

/// The most severe ones, as many as GitHub shows.
pub fn github_first(report: &Report) -> String {
    let mut order: Vec<&Finding> = report.findings.iter().collect();
    order.sort_by_key(|it| std::cmp::Reverse(it.severity));
    let errors = order.iter().filter(|it| it.severity >= Severity::High).take(ANNOTATIONS_MAX);
    let others = order.iter().filter(|it| it.severity < Severity::High).take(ANNOTATIONS_MAX);
    errors.chain(others).map(|it| command(it)).collect()
}

fn command(finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let (start, end) = (finding.range.start, finding.range.end);
    // GitHub ignores columns of a range over several lines.
    let columns = if start.line == end.line { format!(",endColumn={}", end.column) } else { String::new() };
    let message = if finding.help.is_empty() {
        finding.message.clone()
    } else {
        format!("{}\n{}", finding.message, finding.help)
    };
    format!(
        "::{level} file={},line={},endLine={},col={}{columns},title={}::{}\n",
        property(&finding.file),
        start.line,
        end.line,
        start.column,
        property(&finding.rule),
        data(&message),
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

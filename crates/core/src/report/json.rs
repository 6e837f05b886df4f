//! JSON, byte for byte what `JSON.stringify(report, null, 2) + "\n"` gives, and one finding a line.

use serde::Serialize;

use super::Report;

pub fn json(report: &Report) -> String {
    pretty(report)
}

/// Every value of ours has text keys and integers, so that writing it cannot fail.
pub fn pretty<T: Serialize>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The findings, one JSON object a line.
pub fn jsonl(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&serde_json::to_string(finding).unwrap_or_default());
        out.push('\n');
    }
    out
}

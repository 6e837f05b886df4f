//! Markdown, for comments and job summaries.

use std::fmt::Write;

use super::{Finding, Report};
use crate::finding::Severity;

pub fn markdown(report: &Report) -> String {
    let mut out = String::from("# backend-specialist\n\n");
    out.push_str(&totals(report));
    for severity in Severity::ALL {
        let findings: Vec<&Finding> = report.findings.iter().filter(|it| it.severity == severity).collect();
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n## {} ({})\n", capitalized(severity.as_str()), findings.len());
        for finding in findings {
            item(&mut out, finding);
        }
    }
    let unread: Vec<_> = report.problems.iter().filter(|it| it.kind.is_incomplete()).collect();
    if !unread.is_empty() {
        let _ = writeln!(out, "\n## Not fully understood ({})\n", unread.len());
        for problem in unread {
            let line = problem.range.map(|it| format!(":{}", it.start.line)).unwrap_or_default();
            let _ = writeln!(out, "- {}: {}", code(&format!("{}{line}", problem.file)), escaped(&problem.message));
        }
    }
    out
}

fn totals(report: &Report) -> String {
    let stats = &report.stats;
    let found = match report.findings.len() {
        0 => "No findings".to_string(),
        1 => "1 finding".to_string(),
        many => format!("{many} findings"),
    };
    let files = if stats.files == 1 { "1 file".to_string() } else { format!("{} files", stats.files) };
    format!("{found} in {files}; rules: {}, routes: {}.\n", stats.rules, stats.routes)
}

fn item(out: &mut String, finding: &Finding) {
    let rule = match &finding.docs {
        Some(address) => format!("[{}]({address})", code(&finding.rule)),
        None => code(&finding.rule),
    };
    let place = code(&format!("{}:{}", finding.file, finding.range.start.line));
    let _ = writeln!(out, "- {rule} at {place}: {}", escaped(&finding.message));
    if !finding.help.is_empty() {
        let _ = writeln!(out, "  - Help: {}", escaped(&finding.help));
    }
    if finding.flow.len() > 1 {
        let steps: Vec<String> = finding
            .flow
            .iter()
            .map(|it| format!("{} ({})", code(&it.text), code(&format!("{}:{}", it.file, it.range.start.line))))
            .collect();
        let _ = writeln!(out, "  - Flow: {}", steps.join(" → "));
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Text in a span of code that it cannot leave.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    if !text.contains('`') {
        return format!("`{text}`");
    }
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

/// Our own messages hold names in backticks, which stay; markup that a project's names could bring does not.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_code = false;
    for letter in text.chars() {
        match letter {
            '`' => {
                in_code = !in_code;
                out.push('`');
            }
            it if it.is_control() => out.push(' '),
            '<' | '>' | '[' | ']' | '*' | '_' | '\\' | '|' | '@' | '#' if !in_code => {
                out.push('\\');
                out.push(letter);
            }
            it => out.push(it),
        }
    }
    if in_code {
        out.push('`');
    }
    out
}

//! JUnit XML: a file is a test suite, a finding a failed case; without findings there is one passed case.

use std::fmt::Write;

use super::{Finding, Report};

pub fn junit(report: &Report) -> String {
    let failures = report.findings.len();
    let tests = failures.max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"backend-specialist\" tests=\"{tests}\" failures=\"{failures}\">");
    if failures == 0 {
        out.push_str("  <testsuite name=\"backend-specialist\" tests=\"1\" failures=\"0\">\n");
        out.push_str("    <testcase name=\"no findings\" classname=\"backend-specialist\"/>\n");
        out.push_str("  </testsuite>\n");
    }
    // Findings are sorted by file.
    for suite in report.findings.chunk_by(|a, b| a.file == b.file) {
        let (name, count) = (escaped(&suite[0].file), suite.len());
        let _ = writeln!(out, "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{count}\">");
        for finding in suite {
            case(&mut out, finding);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(out: &mut String, finding: &Finding) {
    let (file, rule, start) = (escaped(&finding.file), escaped(&finding.rule), finding.range.start);
    let place = format!("{file}:{}:{}", start.line, start.column);
    let severity = finding.severity.as_str();
    let message = escaped(&finding.message);
    let help = escaped(&finding.help);
    let line = start.line;
    let _ =
        writeln!(out, "    <testcase name=\"{rule} {place}\" classname=\"{rule}\" file=\"{file}\" line=\"{line}\">");
    let _ = writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{place}: {help}</failure>");
    out.push_str("    </testcase>\n");
}

/// Characters that XML cannot hold at all are dropped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            it if it.is_control() || matches!(it, '\u{fffe}' | '\u{ffff}') => {}
            it => out.push(it),
        }
    }
    out
}

//! Fixes are tried: after each, its finding must be gone, nothing may be found that was not, and the text must parse.

use std::collections::BTreeMap;

use backend_specialist_core::analyze;
use backend_specialist_core::config::Config;
use backend_specialist_core::finding::ProblemKind;
use backend_specialist_core::report::{Finding, Fix, Report};

use crate::engine::{of_finding, project};
use crate::page::CaseFile;
use crate::run::Observed;

pub(crate) fn broken(files: &[CaseFile], config: &Config) -> Vec<(Observed, String)> {
    let before = analyze(&project(files), config);
    let mut all = Vec::new();
    for finding in &before.findings {
        for fix in &finding.fixes {
            if let Some(why) = try_fix(files, config, &before, finding, fix) {
                all.push((of_finding(finding), format!("the fix `{}`: {why}", fix.title)));
            }
        }
    }
    all
}

fn try_fix(files: &[CaseFile], config: &Config, before: &Report, finding: &Finding, fix: &Fix) -> Option<String> {
    let mut fixed: Vec<CaseFile> = Vec::with_capacity(files.len());
    for file in files {
        match edited(&file.path, &file.text, fix) {
            Some(text) => fixed.push(CaseFile { path: file.path.clone(), text, page_line: file.page_line }),
            None => return Some(format!("its edits of {} overlap or lie outside", file.path)),
        }
    }
    let after = analyze(&project(&fixed), config);
    let problems = |report: &Report| report.problems.iter().filter(|it| it.kind == ProblemKind::Syntax).count();
    if problems(&after) > problems(before) {
        return Some("the text cannot be read any more".to_owned());
    }
    let (counts_before, counts_after) = (counts(before), counts(&after));
    let rule = finding.rule.as_str();
    if counts_after.get(rule).copied().unwrap_or(0) >= counts_before.get(rule).copied().unwrap_or(0) {
        return Some("the finding is still there".to_owned());
    }
    let new = counts_after.iter().find(|(rule, count)| counts_before.get(*rule).copied().unwrap_or(0) < **count);
    new.map(|(rule, _)| format!("now there is a finding of {rule}"))
}

fn counts(report: &Report) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(finding.rule.as_str()).or_default() += 1;
    }
    counts
}

/// The text with the fix's edits of this file; `None` if they cannot be made.
fn edited(path: &str, text: &str, fix: &Fix) -> Option<String> {
    let mut edits: Vec<(usize, usize, &str)> = Vec::new();
    for edit in fix.edits.iter().filter(|edit| edit.file == path) {
        let start = byte_offset(text, edit.range.start.offset)?;
        edits.push((start, byte_offset(text, edit.range.end.offset)?, &edit.text));
    }
    edits.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, new) in edits {
        out.push_str(text.get(at..start)?);
        out.push_str(new);
        at = end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// Reports count in UTF-16 code units.
fn byte_offset(text: &str, units: u32) -> Option<usize> {
    let mut seen = 0;
    for (at, char) in text.char_indices() {
        if seen >= units as usize {
            return Some(at);
        }
        seen += char.len_utf16();
    }
    (seen == units as usize).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use backend_specialist_core::finding::FixKind;
    use backend_specialist_core::report::{Edit, Position, Range};

    use super::*;

    fn fix(edits: &[(u32, u32, &str)]) -> Fix {
        let position = |offset| Position { line: 1, column: 1, offset };
        let edits = edits.iter().map(|(start, end, text)| Edit {
            file: "a.js".to_owned(),
            range: Range { start: position(*start), end: position(*end) },
            text: (*text).to_owned(),
        });
        Fix { kind: FixKind::Safe, title: "t".to_owned(), edits: edits.collect() }
    }

    #[test]
    fn edits_are_made_from_the_back_and_count_in_utf_16() {
        assert_eq!(edited("a.js", "f(😀, x)", &fix(&[(6, 7, "y"), (0, 1, "g")])).as_deref(), Some("g(😀, y)"));
        assert_eq!(edited("b.js", "f(x)", &fix(&[(0, 1, "g")])).as_deref(), Some("f(x)"));
        assert_eq!(edited("a.js", "abc", &fix(&[(0, 2, "x"), (1, 3, "y")])), None);
        assert_eq!(edited("a.js", "abc", &fix(&[(2, 9, "x")])), None);
    }
}

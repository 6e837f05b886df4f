//! Comments that say a finding is known: `backend-specialist-ignore rule-a, rule-b -- reason`.

use backend_specialist_syntax::ir::Span;

use crate::FileId;
use crate::config::Config;
use crate::finding::{Problem, ProblemKind};
use crate::load::LoadedFile;
use crate::nearest::nearest;
use crate::report::lines::LineIndex;
use crate::rules::Rule;

const MARK: &str = "backend-specialist-ignore";

/// The suppressions of one file.
#[derive(Debug)]
pub struct Suppressions {
    file: FileId,
    all: Vec<Suppression>,
    problems: Vec<Problem>,
}

/// One rule named in one comment.
#[derive(Debug)]
struct Suppression {
    rule: &'static Rule,
    reason: Option<String>,
    span: Span,
    /// The line of the comment, from 1.
    line: u32,
    /// The line it speaks of: its own behind code, else the next one that is no suppression.
    target: Option<u32>,
    behind_code: bool,
    used: bool,
}

impl Suppressions {
    pub fn read(
        id: FileId,
        file: &LoadedFile,
        lines: &LineIndex<&str>,
        config: &Config,
        rules: &[&'static Rule],
    ) -> Suppressions {
        let mut found = Suppressions { file: id, all: Vec::new(), problems: Vec::new() };
        if !file.text.contains(MARK) {
            return found;
        }
        for comment in comment_lines(file, lines) {
            found.add(&comment, config, rules);
        }
        found.aim();
        found
    }

    fn add(&mut self, comment: &CommentLine<'_>, config: &Config, rules: &[&'static Rule]) {
        let Some(written) = Written::parse(comment.text) else { return };
        let span = comment.span;
        if written.rules.is_empty() {
            self.problem(span, format!("a suppression must name its rules: `{MARK} rule -- reason`"));
            return;
        }
        if config.require_reason && written.reason.is_none() {
            self.problem(span, format!("a suppression must give its reason here: `{MARK} rule -- reason`"));
            return;
        }
        for name in written.rules {
            let Some(rule) = rules.iter().find(|it| it.id == name) else {
                let meant = nearest(name, rules.iter().map(|it| it.id));
                let hint = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
                self.problem(span, format!("unknown rule `{name}` in a suppression{hint}"));
                continue;
            };
            self.all.push(Suppression {
                rule,
                reason: written.reason.map(str::to_string),
                span,
                line: comment.line,
                target: (!written.whole_file).then_some(comment.line),
                behind_code: comment.behind_code,
                used: false,
            });
        }
    }

    /// A comment on a line of its own speaks of the next line that is not such a comment as well.
    fn aim(&mut self) {
        let own: Vec<u32> =
            self.all.iter().filter(|it| !it.behind_code && it.target.is_some()).map(|it| it.line).collect();
        for it in self.all.iter_mut().filter(|it| !it.behind_code && it.target.is_some()) {
            let mut next = it.line + 1;
            while own.contains(&next) {
                next += 1;
            }
            it.target = Some(next);
        }
    }

    fn problem(&mut self, span: Span, message: String) {
        self.problems.push(Problem { kind: ProblemKind::Suppression, file: self.file, span: Some(span), message });
    }

    /// For each finding, given by its rule and its first and last line, whether it is suppressed and why.
    pub fn apply(&mut self, findings: &[(&'static str, u32, u32)]) -> Vec<Option<Option<String>>> {
        let mut verdicts: Vec<Option<Option<String>>> = vec![None; findings.len()];
        for (verdict, finding) in verdicts.iter_mut().zip(findings) {
            for it in self.all.iter_mut().filter(|it| it.rule.id == finding.0 && it.covers(finding.1, finding.2)) {
                it.used = true;
                verdict.get_or_insert_with(|| it.reason.clone());
            }
        }
        // A comment behind code that says nothing about its own line is meant for the line below it.
        for it in self.all.iter_mut().filter(|it| it.behind_code && !it.used && it.target.is_some()) {
            for (verdict, finding) in verdicts.iter_mut().zip(findings) {
                if finding.0 == it.rule.id && finding.1 == it.line + 1 {
                    it.used = true;
                    verdict.get_or_insert_with(|| it.reason.clone());
                }
            }
        }
        verdicts
    }

    /// Refused and unknown ones, and those that found nothing though their rule ran.
    pub fn problems(mut self, config: &Config) -> Vec<Problem> {
        for it in std::mem::take(&mut self.all) {
            if !it.used && config.runs(it.rule) {
                self.problem(it.span, format!("unused suppression: `{}` finds nothing here", it.rule.id));
            }
        }
        self.problems
    }
}

impl Suppression {
    fn covers(&self, first: u32, last: u32) -> bool {
        let Some(target) = self.target else { return true };
        (first..=last).contains(&target) || (first..=last).contains(&self.line)
    }
}

/// The words of a suppression.
struct Written<'a> {
    whole_file: bool,
    rules: Vec<&'a str>,
    reason: Option<&'a str>,
}

impl<'a> Written<'a> {
    /// From the mark to the end of the line.
    fn parse(text: &'a str) -> Option<Written<'a>> {
        let rest = text.strip_prefix(MARK)?;
        let (whole_file, rest) = match rest.strip_prefix("-file") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        if rest.starts_with(|it: char| it.is_alphanumeric() || it == '-' || it == '_') {
            return None;
        }
        let rest = rest.split("*/").next().unwrap_or(rest).trim_start_matches(':');
        let (names, reason) = match rest.split_once("--") {
            Some((names, reason)) => (names, Some(reason.trim()).filter(|it| !it.is_empty())),
            None => (rest, None),
        };
        let rules = names.split([',', ' ', '\t']).map(str::trim).filter(|it| !it.is_empty()).collect();
        Some(Written { whole_file, rules, reason })
    }
}

/// A line of a comment that carries the mark, from the mark on.
struct CommentLine<'a> {
    text: &'a str,
    span: Span,
    line: u32,
    behind_code: bool,
}

/// Where the parser gave the comments, those; else every line, told by what stands before the mark.
fn comment_lines<'a>(file: &LoadedFile, lines: &'a LineIndex<&'a str>) -> Vec<CommentLine<'a>> {
    let comments = match &file.module {
        Some(module) if !module.repaired && module.problems.is_empty() => Some(&module.comments),
        _ => None,
    };
    let mut found = Vec::new();
    for (at, _) in file.text.match_indices(MARK) {
        let start = at as u32;
        let line = lines.line(start);
        let text = lines.line_text(line);
        let line_start = lines.line_start(line);
        let before = text.get(..(start - line_start) as usize).unwrap_or_default();
        let comment = comments.map(|all| all.iter().find(|it| it.span.start <= start && start < it.span.end));
        let code = match comment {
            Some(None) => continue,
            Some(Some(comment)) if comment.span.start < line_start => Some(""),
            _ => code_before(before),
        };
        let Some(code) = code else { continue };
        // `{/* … */}` stands alone in markup.
        let behind_code = !code.trim().trim_start_matches('{').is_empty();
        let text = &text[before.len()..];
        let span = Span::new(start, start + text.len() as u32);
        found.push(CommentLine { text, span, line, behind_code });
    }
    found
}

/// What stands before the comment, if a comment's opening stands right before the mark.
fn code_before(before: &str) -> Option<&str> {
    let trimmed = before.trim_end();
    ["//", "/*", "#", "<!--", "*", "--"].iter().find_map(|it| trimmed.strip_suffix(it))
}

#[cfg(test)]
mod tests;

//! What one inline comment says.

use std::collections::BTreeSet;
use std::fmt::Write;

use backend_specialist_core::report::{Finding, Fix, FlowStep, Range};

use crate::diff::Anchor;
use crate::event::Repository;
use crate::markup::{block, code, encoded, sentence};

/// Steps of a flow that are shown.
const STEPS_MAX: usize = 20;
/// Digits of a commit that people read.
const SHORT: usize = 7;
/// Weaknesses that are a secret in the source: credentials, keys, passwords.
const SECRET_CWES: [u32; 5] = [259, 321, 522, 540, 798];

/// What links are made of.
#[derive(Clone, Debug)]
pub struct Links {
    pub server: String,
    pub repository: Repository,
    pub head: String,
}

impl Links {
    /// A place, as a link to the head commit.
    pub fn place(&self, file: &str, line: u32) -> String {
        let shown = code(&format!("{file}:{line}"));
        let Links { server, repository, head } = self;
        format!("[{shown}]({server}/{}/blob/{head}/{}#L{line})", repository.full_name(), encoded(file))
    }
}

pub fn short(sha: &str) -> &str {
    sha.get(..SHORT).unwrap_or(sha)
}

/// Lines with a secret: nothing of them is ever quoted.
#[derive(Clone, Debug, Default)]
pub struct Secrets(BTreeSet<(String, u32)>);

impl Secrets {
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Secrets {
        let mut lines = BTreeSet::new();
        for it in findings.into_iter().filter(|it| is_secret(it)) {
            lines.extend((it.range.start.line..=it.range.end.line).map(|line| (it.file.clone(), line)));
        }
        Secrets(lines)
    }

    fn is_on(&self, file: &str, from: u32, to: u32) -> bool {
        self.0.range((file.to_string(), from)..=(file.to_string(), to)).next().is_some()
    }

    /// The message; where it could quote a line with a secret, without what it quotes.
    pub fn message(&self, finding: &Finding) -> String {
        let range = finding.range;
        if is_secret(finding) || !self.is_on(&finding.file, range.start.line, range.end.line) {
            return sentence(&finding.message);
        }
        sentence(&without_quotes(&finding.message))
    }

    /// Takes out of the finding what quotes a line with a secret.
    pub fn mask(&self, finding: &mut Finding) {
        let hides = |file: &str, range: Range| self.is_on(file, range.start.line, range.end.line);
        if is_secret(finding) {
            finding.flow.clear();
        } else if hides(&finding.file, finding.range) {
            finding.message = without_quotes(&finding.message);
            finding.fixes.clear();
        }
        for it in finding.flow.iter_mut().filter(|it| hides(&it.file, it.range)) {
            it.text = "…".to_string();
        }
        for it in finding.related.iter_mut().filter(|it| hides(&it.file, it.range)) {
            it.message = without_quotes(&it.message);
        }
    }

    fn step(&self, step: &FlowStep) -> String {
        let range = step.range;
        let is_hidden = self.is_on(&step.file, range.start.line, range.end.line);
        if is_hidden { "…".to_string() } else { code(&step.text) }
    }
}

/// A message without what it quotes.
fn without_quotes(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let shown: Vec<&str> = parts.map(|(at, part)| if at % 2 == 1 { "…" } else { part }).collect();
    shown.join("`")
}

pub fn is_secret(finding: &Finding) -> bool {
    finding.cwe.iter().any(|it| SECRET_CWES.contains(it)) || finding.rule.contains("secret")
}

/// A comment is written anew only if its lead changes: the lines of its flow move with every push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub lead: String,
    pub rest: String,
    pub marker: String,
}

impl Body {
    pub fn text(&self) -> String {
        let rest = if self.rest.is_empty() { String::new() } else { format!("\n\n{}", self.rest) };
        format!("{}{rest}\n\n{}", self.lead, self.marker)
    }

    /// Whether the comment still says it.
    pub fn is_said_by(&self, body: &str) -> bool {
        body.replace('\r', "").trim_start().starts_with(self.lead.trim_start())
    }
}

/// `others` more of the same rule are left to the summary.
pub fn body(finding: &Finding, marker: String, secrets: &Secrets, links: &Links) -> Body {
    let mut lead = format!("**{}** · {}: {}", finding.severity.as_str(), rule(finding), secrets.message(finding));
    if !finding.help.is_empty() {
        let _ = write!(lead, "\n\n**Help:** {}", sentence(&finding.help));
    }
    let mut rest = String::new();
    if finding.flow.len() > 1 && !is_secret(finding) {
        rest.push_str("<details><summary>How the data gets there</summary>\n\n");
        for step in finding.flow.iter().take(STEPS_MAX) {
            let place = links.place(&step.file, step.range.start.line);
            let _ = writeln!(rest, "1. {} at {place}", secrets.step(step));
        }
        if finding.flow.len() > STEPS_MAX {
            let _ = writeln!(rest, "1. … {} more steps", finding.flow.len() - STEPS_MAX);
        }
        rest.push_str("\n</details>");
    }
    Body { lead, rest, marker }
}

/// The rule with a link to its page.
pub fn rule(finding: &Finding) -> String {
    match &finding.docs {
        Some(address) if address.starts_with("https://") && !address.contains([')', ' ', '\n', '<']) => {
            format!("[{}]({address})", code(&finding.rule))
        }
        _ => code(&finding.rule),
    }
}

/// The lines of the comment as a fix leaves them, if it changes nothing else.
pub fn suggestion(finding: &Finding, anchor: &Anchor, text: &str) -> Option<String> {
    // A line that was moved to stand where the head has it is not the line that the fix speaks of.
    let from = anchor.start.unwrap_or(anchor.line);
    let to = anchor.line;
    if is_secret(finding) || finding.file != anchor.path || finding.range.start.line != from {
        return None;
    }
    let fix = finding.fixes.iter().find(|fix| {
        let inside = |line: u32| (from..=to).contains(&line);
        !fix.edits.is_empty()
            && fix
                .edits
                .iter()
                .all(|it| it.file == finding.file && inside(it.range.start.line) && inside(it.range.end.line))
    })?;
    let fixed = applied(fix, text, from, to)?;
    Some(format!("{}:\n\n{}", sentence(&fix.title), block("suggestion", &fixed)))
}

/// Lines `from..=to` after the fix; offsets count UTF-16 code units.
fn applied(fix: &Fix, text: &str, from: u32, to: u32) -> Option<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let newline = u16::from(b'\n');
    let starts: Vec<usize> =
        std::iter::once(0).chain(units.iter().enumerate().filter(|it| *it.1 == newline).map(|it| it.0 + 1)).collect();
    let begin = *starts.get(from as usize - 1)?;
    let end = starts.get(to as usize).map_or(units.len(), |it| it - 1);
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|it| it.range.start.offset);
    let (mut out, mut at) = (Vec::new(), begin);
    for edit in edits {
        let (start, stop) = (edit.range.start.offset as usize, edit.range.end.offset as usize);
        if start < at || stop < start || stop > end {
            return None;
        }
        out.extend_from_slice(&units[at..start]);
        out.extend(edit.text.encode_utf16());
        at = stop;
    }
    out.extend_from_slice(&units[at..end]);
    let fixed = String::from_utf16(&out).ok()?;
    Some(fixed.trim_end_matches('\r').to_string())
}

/// What stands in the place of a comment that was answered, once its finding is gone.
pub fn gone(old: &str, why: &str, marker: &str) -> String {
    let mut kept: Vec<&str> = old.lines().collect();
    kept.pop();
    let kept = kept.join("\n");
    format!("**{why}.**\n\n<details><summary>What was found</summary>\n\n{}\n\n</details>\n\n{marker}", kept.trim())
}

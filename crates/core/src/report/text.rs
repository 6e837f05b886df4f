//! For people: each finding with its source line, the way the data took, and what to do.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::frame::{Excerpt, harmless};
use super::lines::LineIndex;
use super::paint::{Style, painted};
use super::{Finding, FlowStep, Range, Report};
use crate::finding::{Severity, StepKind};

/// Steps of a flow that are shown; of more, the first and the last ones.
const STEPS_MAX: usize = 12;

/// What the reader's side adds.
pub struct TextOptions<'a> {
    pub color: bool,
    /// Turns a path of the report into the one to print.
    pub name: &'a dyn Fn(&str) -> String,
    /// The decoded text of a file of the report.
    pub source: &'a dyn Fn(&str) -> Option<String>,
}

pub fn text(report: &Report, options: &TextOptions<'_>) -> String {
    findings_text(&report.findings, options)
}

/// The same for some findings alone.
pub fn findings_text(findings: &[Finding], options: &TextOptions<'_>) -> String {
    let mut printer = Printer { options, texts: BTreeMap::new(), out: String::new() };
    for finding in findings {
        printer.finding(finding);
        printer.out.push('\n');
    }
    printer.out
}

struct Printer<'a> {
    options: &'a TextOptions<'a>,
    texts: BTreeMap<String, Option<LineIndex<String>>>,
    out: String,
}

impl Printer<'_> {
    fn finding(&mut self, finding: &Finding) {
        let style = severity_style(finding.severity);
        let head = format!("{}[{}]", finding.severity.as_str(), finding.rule);
        let (head, message) = (self.painted(style, &head), harmless(&finding.message));
        let message = self.painted(Style::Strong, &message);
        let _ = writeln!(self.out, "{head}: {message}");
        let margin = self.margin(finding);
        self.place(&finding.file, finding.range, margin, style, "");
        self.flow(finding, margin);
        for related in &finding.related {
            let note = self.painted(Style::Note, "note");
            let _ = writeln!(self.out, "{note}: {}", harmless(&related.message));
            self.place(&related.file, related.range, margin, Style::Note, "");
        }
        let bar = self.painted(Style::Margin, "=");
        let pad = " ".repeat(margin);
        if finding.confidence != crate::finding::Confidence::High {
            let _ = writeln!(self.out, "{pad} {bar} confidence: {}", finding.confidence.as_str());
        }
        if !finding.help.is_empty() {
            let _ = writeln!(self.out, "{pad} {bar} help: {}", harmless(&finding.help));
        }
        for fix in &finding.fixes {
            let _ = writeln!(self.out, "{pad} {bar} fix: {}", harmless(&fix.title));
        }
        let docs = match &finding.docs {
            Some(address) => address.clone(),
            None => format!("backend-specialist explain {}", finding.rule),
        };
        let _ = writeln!(self.out, "{pad} {bar} docs: {docs}");
    }

    /// The way of the data, if there is more of it to see than the place itself; of steps on one line the first.
    fn flow(&mut self, finding: &Finding, margin: usize) {
        let line_of = |it: &FlowStep| (it.file.clone(), it.range.start.line);
        // That a part is read, or gone through, the line itself tells.
        let tells = |it: &&FlowStep| !matches!(it.kind, StepKind::Read | StepKind::Item);
        let mut steps: Vec<&FlowStep> = finding.flow.iter().filter(tells).collect();
        steps.dedup_by_key(|it| line_of(it));
        steps.retain(|it| it.kind != StepKind::Sink && (it.file != finding.file || it.range != finding.range));
        let left_out = steps.len().saturating_sub(STEPS_MAX);
        for (index, step) in steps.iter().enumerate() {
            // The first and the last ones tell most.
            if (STEPS_MAX / 2..STEPS_MAX / 2 + left_out).contains(&index) {
                continue;
            }
            if left_out > 0 && index == STEPS_MAX / 2 + left_out {
                let _ = writeln!(self.out, "{} … {left_out} more steps", " ".repeat(margin));
            }
            let label = if step.kind == StepKind::Source { "source" } else { "step" };
            self.place(&step.file, step.range, margin, Style::Note, label);
        }
    }

    fn place(&mut self, file: &str, range: Range, margin: usize, style: Style, label: &str) {
        let pad = " ".repeat(margin);
        let arrow = self.painted(Style::Margin, "-->");
        let name = harmless(&(self.options.name)(file));
        let _ = writeln!(self.out, "{pad}{arrow} {name}:{}:{}", range.start.line, range.start.column);
        let Some(excerpt) = self.excerpt(file, range) else { return };
        let bar = self.painted(Style::Margin, "|");
        let number = self.painted(Style::Margin, &format!("{:>margin$}", excerpt.number));
        let mark = if label.is_empty() { "^" } else { "-" };
        let more = if excerpt.continues { "…" } else { "" };
        let under = format!("{}{more} {label}", mark.repeat(excerpt.width));
        let under = self.painted(style, under.trim_end());
        if label.is_empty() {
            let _ = writeln!(self.out, "{pad} {bar}");
        }
        let _ = writeln!(self.out, "{number} {bar} {}", excerpt.text);
        let _ = writeln!(self.out, "{pad} {bar} {}{under}", " ".repeat(excerpt.from));
    }

    fn excerpt(&mut self, file: &str, range: Range) -> Option<Excerpt> {
        if !self.texts.contains_key(file) {
            let lines = (self.options.source)(file).map(LineIndex::new);
            self.texts.insert(file.to_string(), lines);
        }
        let lines = self.texts.get(file)?.as_ref()?;
        Some(Excerpt::new(lines, range))
    }

    /// Digits of the largest line number in the finding.
    fn margin(&self, finding: &Finding) -> usize {
        let steps = finding.flow.iter().map(|it| it.range.start.line);
        let related = finding.related.iter().map(|it| it.range.start.line);
        let largest = steps.chain(related).chain([finding.range.start.line]).max().unwrap_or(1);
        largest.to_string().len()
    }

    fn painted(&self, style: Style, text: &str) -> String {
        painted(self.options.color, style, text)
    }
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Critical | Severity::High => Style::Error,
        Severity::Medium => Style::Warning,
        Severity::Low | Severity::Info => Style::Note,
    }
}

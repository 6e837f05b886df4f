//! What the engine found, made into a report: one finding per defect, suppressed or not, as the settings want it.

use backend_specialist_syntax::ir::Span;

use super::lines::LineIndex;
use super::{
    Edit, Finding, Fix, FlowStep, Problem, Range, Related, Report, Route, SCHEMA_VERSION, Stats, Suppressed,
    SuppressedBy, docs_address, docs_base,
};
use crate::config::{Config, TestTreatment};
use crate::finding::{self, StepKind};
use crate::fingerprint::{Identity, Ordinals, slice};
use crate::load::Loaded;
use crate::rules::Rule;
use crate::suppress::Suppressions;
use crate::{FileId, Place};

/// Characters shown of a flow step.
const STEP_TEXT_MAX: usize = 120;

/// What the engine gives.
#[derive(Debug, Default)]
pub struct Outcome {
    pub findings: Vec<finding::Finding>,
    pub problems: Vec<finding::Problem>,
    pub routes: Vec<Route>,
}

/// `rules` are all rules there are; those that ran are told by the configuration.
pub fn assemble(loaded: &Loaded, outcome: Outcome, config: &Config, rules: &[&'static Rule]) -> Report {
    let findings = merge_equal(outcome.findings);
    let mut places = Places::new(loaded, config);
    let fingerprints = fingerprints(loaded, &findings, config);
    let mut problems: Vec<finding::Problem> =
        loaded.files.iter().flat_map(|it| it.problems.iter().cloned()).chain(outcome.problems).collect();
    let reasons = suppress(loaded, &findings, config, rules, &mut problems);

    let mut routes = outcome.routes;
    routes.retain(|it| config.in_scope(&it.file));
    let mut report = Report { schema_version: SCHEMA_VERSION, routes, ..Report::default() };
    for ((finding, fingerprint), reason) in findings.into_iter().zip(fingerprints).zip(reasons) {
        let Some(finding) = admitted(finding, loaded, config) else { continue };
        let finding = places.finding(finding, fingerprint);
        match reason {
            None => report.findings.push(finding),
            Some(reason) => report.suppressed.push(Suppressed { finding, by: SuppressedBy::Comment, reason }),
        }
    }
    report.problems = places.problems(problems, config);
    report.stats = stats(loaded, &report, config, rules);
    report.recount();
    report
}

fn stats(loaded: &Loaded, report: &Report, config: &Config, rules: &[&'static Rule]) -> Stats {
    let sources = || loaded.files.iter().filter(|it| it.language.is_some() && config.in_scope(&it.path));
    Stats {
        files: sources().filter(|it| !it.skipped).count() as u32,
        skipped: sources().filter(|it| it.skipped && !it.problems.is_empty()).count() as u32,
        rules: rules.iter().filter(|it| config.runs(it)).count() as u32,
        routes: report.routes.len() as u32,
        ..Stats::default()
    }
}

/// In order of place and rule. Of those with the same rule and place the surest with the shortest flow stays, and
/// the sources of the others become related places.
fn merge_equal(mut findings: Vec<finding::Finding>) -> Vec<finding::Finding> {
    findings.sort_by(|a, b| {
        (a.place, a.rule.id)
            .cmp(&(b.place, b.rule.id))
            .then(b.confidence.cmp(&a.confidence))
            .then(a.flow.len().cmp(&b.flow.len()))
            .then_with(|| source_of(a).cmp(&source_of(b)))
            .then_with(|| a.message.cmp(&b.message))
    });
    let mut merged: Vec<finding::Finding> = Vec::new();
    for finding in findings {
        match merged.last_mut() {
            Some(last) if last.place == finding.place && last.rule.id == finding.rule.id => absorb(last, finding),
            _ => merged.push(finding),
        }
    }
    merged
}

fn absorb(kept: &mut finding::Finding, other: finding::Finding) {
    kept.severity = kept.severity.max(other.severity);
    kept.profile = kept.profile.min(other.profile);
    if let Some(source) = source_of(&other)
        && source_of(kept) != Some(source)
        && kept.related.iter().all(|it| it.place != source)
    {
        kept.related.push(finding::Related { place: source, message: "also comes from here".into() });
    }
    for it in other.related {
        if !kept.related.contains(&it) {
            kept.related.push(it);
        }
    }
}

fn source_of(finding: &finding::Finding) -> Option<Place> {
    finding.flow.iter().find(|it| it.kind == StepKind::Source).map(|it| it.place)
}

/// In the same order. Made before anything is filtered, so that settings do not change them.
fn fingerprints(loaded: &Loaded, findings: &[finding::Finding], config: &Config) -> Vec<String> {
    let mut ordinals = Ordinals::default();
    let identity = |it: &finding::Finding| {
        let file = loaded.file(it.place.file);
        let path = config.renamed.get(&file.path).unwrap_or(&file.path);
        Identity::new(it.rule.id, path, file, it.place.span)
    };
    findings.iter().map(|it| ordinals.fingerprint(identity(it))).collect()
}

/// For each finding whether a comment suppresses it; the findings are in order of their files.
fn suppress(
    loaded: &Loaded,
    findings: &[finding::Finding],
    config: &Config,
    rules: &[&'static Rule],
    problems: &mut Vec<finding::Problem>,
) -> Vec<Option<Option<String>>> {
    let mut reasons = Vec::with_capacity(findings.len());
    for (index, file) in loaded.files.iter().enumerate() {
        let id = FileId(index as u32);
        let from = findings.partition_point(|it| it.place.file < id);
        let to = findings.partition_point(|it| it.place.file <= id);
        let lines = LineIndex::new(if from < to || file.text.contains("backend-specialist-ignore") {
            file.text.as_str()
        } else {
            ""
        });
        let mut suppressions = Suppressions::read(id, file, &lines, config, rules);
        let spoken: Vec<_> = findings[from..to]
            .iter()
            .map(|it| {
                let span = it.place.span;
                let last = span.end.saturating_sub(1).max(span.start);
                (it.rule.id, lines.line(span.start), lines.line(last))
            })
            .collect();
        reasons.extend(suppressions.apply(&spoken));
        problems.extend(suppressions.problems(config));
    }
    reasons
}

/// The finding as the settings want it, if they want it at all.
fn admitted(mut finding: finding::Finding, loaded: &Loaded, config: &Config) -> Option<finding::Finding> {
    let file = loaded.file(finding.place.file);
    if !config.in_scope(&file.path) || !config.runs(finding.rule) || !config.wants(&finding) {
        return None;
    }
    let settings = config.for_file(&file.path);
    if file.is_test {
        match settings.tests {
            TestTreatment::Same => {}
            TestTreatment::Skip => return None,
            // A rule without an OWASP category speaks of quality.
            TestTreatment::Lower if finding.rule.owasp.is_empty() => return None,
            TestTreatment::Lower => finding.severity = finding.severity.one_lower(),
        }
    }
    let wanted = finding.severity >= settings.min_severity
        && finding.confidence >= settings.min_confidence
        && !settings.ignores(finding.rule);
    wanted.then_some(finding)
}

/// Turns places into names, lines and texts.
struct Places<'a> {
    loaded: &'a Loaded,
    lines: Vec<Option<LineIndex<&'a str>>>,
    docs: Option<String>,
}

impl<'a> Places<'a> {
    fn new(loaded: &'a Loaded, config: &Config) -> Places<'a> {
        let lines = loaded.files.iter().map(|_| None).collect();
        Places { loaded, lines, docs: config.docs.clone().or_else(docs_base) }
    }

    fn range(&mut self, file: FileId, span: Span) -> Range {
        let text = self.loaded.files[file.0 as usize].text.as_str();
        self.lines[file.0 as usize].get_or_insert_with(|| LineIndex::new(text)).range(span)
    }

    fn at(&mut self, place: Place) -> (String, Range) {
        (self.loaded.file(place.file).path.clone(), self.range(place.file, place.span))
    }

    fn finding(&mut self, finding: finding::Finding, fingerprint: String) -> Finding {
        let (file, range) = self.at(finding.place);
        Finding {
            rule: finding.rule.id.to_string(),
            severity: finding.severity,
            confidence: finding.confidence,
            message: finding.message,
            help: finding.help,
            specialist: finding.rule.specialist,
            file,
            range,
            related: finding.related.into_iter().map(|it| self.related(it)).collect(),
            flow: finding.flow.iter().map(|it| self.step(it)).collect(),
            fixes: finding.fixes.into_iter().map(|it| self.fix(it)).collect(),
            cwe: finding.rule.cwe.to_vec(),
            owasp: finding.rule.owasp.iter().map(|it| it.to_string()).collect(),
            docs: docs_address(self.docs.as_deref(), finding.rule.id),
            fingerprint,
            profile: finding.profile,
        }
    }

    fn related(&mut self, related: finding::Related) -> Related {
        let (file, range) = self.at(related.place);
        Related { file, range, message: related.message }
    }

    fn step(&mut self, step: &finding::FlowStep) -> FlowStep {
        let (file, range) = self.at(step.place);
        let text = shown(slice(&self.loaded.file(step.place.file).text, step.place.span));
        FlowStep { file, range, kind: step.kind, text }
    }

    fn fix(&mut self, fix: finding::Fix) -> Fix {
        let edits = fix.edits.into_iter().map(|it| {
            let (file, range) = self.at(it.place);
            Edit { file, range, text: it.text }
        });
        Fix { kind: fix.kind, title: fix.title, edits: edits.collect() }
    }

    /// Sorted, each once; those of files outside the scope are left out.
    fn problems(&mut self, mut problems: Vec<finding::Problem>, config: &Config) -> Vec<Problem> {
        problems.sort_by(|a, b| (a.file, a.span, a.kind, &a.message).cmp(&(b.file, b.span, b.kind, &b.message)));
        problems.dedup();
        let loaded = self.loaded;
        problems.retain(|it| config.in_scope(&loaded.file(it.file).path));
        problems
            .into_iter()
            .map(|it| Problem {
                kind: it.kind,
                file: loaded.file(it.file).path.clone(),
                range: it.span.map(|span| self.range(it.file, span)),
                message: it.message,
            })
            .collect()
    }
}

/// An expression on one line, cut where it gets long.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if let Some((at, _)) = out.char_indices().nth(STEP_TEXT_MAX) {
            out.truncate(at);
            out.push('…');
            break;
        }
    }
    out
}

//! Why a line is judged as it is: what each rule that looked there answers, and for what reason.

use crate::config::Config;
use crate::finding::Finding;
use crate::flow::reasons::{Safety, Seen, Sight};
use crate::flow::{self, Facts};
use crate::link::Target;
use crate::load::{self, Loaded};
use crate::model::Models;
use crate::project::Project;
use crate::report::Report;
use crate::rules::context::{Asked, RuleContext, quote};
use crate::rules::{RULES, Rule};
use crate::{FileId, Place};

/// What a rule says of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    Fires,
    Unknown,
    Silent,
}

impl Answer {
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Fires => "fires",
            Answer::Unknown => "unknown",
            Answer::Silent => "silent",
        }
    }
}

/// One rule's answer at one call; without a rule, what is to be said of the call itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub rule: Option<&'static str>,
    /// What is called, as written.
    pub subject: String,
    pub answer: Answer,
    pub why: String,
}

/// What is said of the line, in order of places and rules. `report` is that of the same project and settings.
pub fn explain(project: &Project, config: &Config, report: &Report, path: &str, line: u32) -> Vec<Verdict> {
    let loaded = load::load(project, config);
    let Some(index) = loaded.files.iter().position(|it| it.path == path) else { return Vec::new() };
    let reasons = Some(Box::default());
    let models = Models::of(config);
    let (facts, routes) =
        flow::run(&loaded, &models, config, reasons, |machine| crate::route::discover(machine, &loaded));
    let cx = RuleContext::new(&facts, &routes, &loaded, config);
    let here = Here { cx: &cx, facts: &facts, loaded: &loaded, config, report, file: FileId(index as u32), line };
    let mut verdicts: Vec<(Place, Verdict)> = Vec::new();
    let mut judged: Vec<Place> = Vec::new();
    for rule in RULES.iter() {
        let mut findings = Vec::new();
        (rule.check)(&cx, &mut findings);
        for asked in cx.take_asked() {
            here.judge(rule, &asked, &findings, &mut verdicts, &mut judged);
        }
    }
    here.unknown_calls(&judged, &mut verdicts);
    verdicts.sort_by(|a, b| (a.0, a.1.rule, a.1.answer, &a.1.why).cmp(&(b.0, b.1.rule, b.1.answer, &b.1.why)));
    let mut verdicts: Vec<Verdict> = verdicts.into_iter().map(|it| it.1).collect();
    verdicts.dedup();
    verdicts
}

struct Here<'a> {
    cx: &'a RuleContext<'a>,
    facts: &'a Facts,
    loaded: &'a Loaded,
    config: &'a Config,
    report: &'a Report,
    file: FileId,
    line: u32,
}

impl Here<'_> {
    fn line_of(&self, place: Place, at: u32) -> u32 {
        let text = &self.loaded.file(place.file).text;
        text.get(..at as usize).unwrap_or_default().matches('\n').count() as u32 + 1
    }

    fn first_line(&self, place: Place) -> u32 {
        self.line_of(place, place.span.start)
    }

    fn is_here(&self, place: Place) -> bool {
        place.file == self.file && (self.first_line(place)..=self.line_of(place, place.span.end)).contains(&self.line)
    }

    /// A call over many lines stands where its callee and its argument are.
    fn touches(&self, callee: Place, place: Place) -> bool {
        self.is_here(callee) || self.is_here(place)
    }

    fn judge(
        &self,
        rule: &'static Rule,
        asked: &Asked,
        findings: &[Finding],
        verdicts: &mut Vec<(Place, Verdict)>,
        judged: &mut Vec<Place>,
    ) {
        let mut say = |place: Place, callee: Place, (answer, why): (Answer, String)| {
            judged.push(callee);
            let subject = quote(self.cx.text(callee));
            verdicts.push((place, Verdict { rule: Some(rule.id), subject, answer, why }));
        };
        for sight in &self.facts.sights {
            let is_asked = asked.sinks.iter().any(|it| sight.sink.is_a(*it));
            if !is_asked || !self.touches(sight.callee, sight.place) {
                continue;
            }
            match findings.iter().find(|it| it.place == sight.place || it.place == sight.call) {
                Some(finding) => say(sight.place, sight.callee, self.found(rule, finding)),
                None => self.reasons(asked, sight).into_iter().for_each(|it| say(sight.place, sight.callee, it)),
            }
        }
        for call in self.facts.calls.iter().filter(|it| asked.calls == Some(it.kind)) {
            if !self.is_here(call.callee) {
                continue;
            }
            let inside = |finding: &&Finding| {
                finding.place.file == call.place.file && call.place.span.contains(finding.place.span)
            };
            match findings.iter().find(inside) {
                Some(finding) => say(call.callee, call.callee, self.found(rule, finding)),
                None => {
                    let why = format!("as `{}`, nothing in it is what the rule is about", call.kind.name());
                    say(call.callee, call.callee, (Answer::Silent, why));
                }
            }
        }
    }

    fn found(&self, rule: &'static Rule, finding: &Finding) -> (Answer, String) {
        let path = &self.loaded.file(finding.place.file).path;
        let line = self.first_line(finding.place);
        let suppressed = self.report.suppressed.iter().find(|it| {
            let range = it.finding.range;
            it.finding.rule == rule.id
                && it.finding.file == *path
                && (range.start.line..=range.end.line).contains(&line)
        });
        if !self.config.runs(rule) || !self.config.wants(finding) {
            let profile = self.config.profile.as_str();
            return match self.config.ignore.iter().find(|it| *it == rule.id || *it == rule.group || *it == "all") {
                Some(name) => (Answer::Silent, format!("it would fire, but `ignore` names `{name}`")),
                None => (
                    Answer::Silent,
                    format!(
                        "it would fire, but it is of the profile `{}`, and this run of `{profile}`",
                        finding.profile.max(rule.profile).as_str()
                    ),
                ),
            };
        }
        if self.config.for_file(path).ignores(rule) {
            return (Answer::Silent, "it would fire, but an override ignores it for this file".to_owned());
        }
        match suppressed {
            Some(it) => {
                let reason = it.reason.as_deref().map(|it| format!(": {it}")).unwrap_or_default();
                (Answer::Silent, format!("it would fire, but a comment suppresses it{reason}"))
            }
            None => (Answer::Fires, finding.message.clone()),
        }
    }

    /// Why the rule does not fire at a sink.
    fn reasons(&self, asked: &Asked, sight: &Sight) -> Vec<(Answer, String)> {
        let mut all: Vec<(Answer, String)> = sight.seen.iter().map(|it| self.reason(asked, sight, *it)).collect();
        // What is unknown may still be a finding; what is constant on one way only says nothing.
        if all.iter().any(|it| it.0 == Answer::Unknown) {
            all.retain(|it| it.0 == Answer::Unknown);
        }
        all.sort();
        all.dedup();
        all
    }

    fn reason(&self, asked: &Asked, sight: &Sight, seen: Seen) -> (Answer, String) {
        let at = |place: Place| {
            let path = &self.loaded.file(place.file).path;
            let line = self.first_line(place);
            if place.file == self.file { format!("line {line}") } else { format!("{path}:{line}") }
        };
        let (origin, safety) = match seen {
            Seen::Constant => return (Answer::Silent, "the value is constant".to_owned()),
            Seen::OtherLanguage => {
                return (
                    Answer::Silent,
                    "it was found by a name alone, and the text is in another language".to_owned(),
                );
            }
            Seen::Unreached => {
                let unknown = self.unresolved(sight.place).or_else(|| self.cut_short(sight.place));
                return unknown.unwrap_or((Answer::Silent, "no source reaches it".to_owned()));
            }
            Seen::Data { origin, safety } => (self.facts.kind_of(origin), safety.map(|it| (it, origin))),
        };
        let Some((safety, origin_id)) = safety else {
            let Seen::Data { origin: id, .. } = seen else { return (Answer::Silent, String::new()) };
            let source = quote(self.cx.text(self.facts.origin_place(id)));
            if origin.name() == "unknown" {
                let why = format!(
                    "where `{source}` ({}) comes from is not known: nobody seen calls the function, or nothing declares the name",
                    at(self.facts.origin_place(id))
                );
                return (Answer::Unknown, why);
            }
            let is_wanted = asked.sources.iter().any(|it| origin.is_a(*it));
            return (
                Answer::Silent,
                if is_wanted {
                    format!("`{source}` reaches it, where it does no harm of this sort")
                } else {
                    format!("`{source}` reaches it, which is `{}`: not what the rule is about", origin.name())
                },
            );
        };
        let source = quote(self.cx.text(self.facts.origin_place(origin_id)));
        let why = match safety {
            Safety::Sanitized(place) => {
                format!("`{source}` is made safe by `{}` ({})", quote(self.cx.text(place)), at(place))
            }
            Safety::Guarded(place) => {
                format!("`{source}` is guarded by `{}` ({})", quote(self.cx.text(place)), at(place))
            }
            Safety::Harmless => format!("`{source}` reaches it, but with what it can be it does no harm there"),
        };
        (Answer::Silent, why)
    }

    /// Something that the expression names is imported from where nothing is.
    fn unresolved(&self, place: Place) -> Option<(Answer, String)> {
        let text = self.cx.text(place);
        let missing = self.facts.missing.iter().filter(|it| it.file == place.file);
        let named = missing.into_iter().find(|it| it.names.iter().any(|name| mentions(text, name)))?;
        Some((Answer::Unknown, format!("the import `{}` names nothing in the project", named.specifier)))
    }

    fn cut_short(&self, place: Place) -> Option<(Answer, String)> {
        let messages = flow::limits::messages(&self.facts.limits);
        let (_, message) = messages.into_iter().find(|it| it.0 == place.file)?;
        Some((Answer::Unknown, format!("a limit was reached in this file: {message}")))
    }

    /// Calls of the line at which no rule looked, for nobody knows what is called.
    fn unknown_calls(&self, judged: &[Place], verdicts: &mut Vec<(Place, Verdict)>) {
        for callee in self.facts.unknown_calls.iter().filter(|it| self.is_here(**it) && !judged.contains(it)) {
            let subject = quote(self.cx.text(*callee));
            let why = match self.unresolved(*callee) {
                Some((_, why)) => why,
                None => "what is called is not known: no library model and no function of the project".to_owned(),
            };
            verdicts.push((*callee, Verdict { rule: None, subject, answer: Answer::Unknown, why }));
        }
    }
}

/// Whether the name stands in the text as a word.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$');
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
}

/// An import that names nothing, and what it binds.
#[derive(Clone, Debug)]
pub struct Missing {
    pub file: FileId,
    pub specifier: String,
    pub names: Vec<String>,
}

/// The imports of a module that name nothing.
pub(crate) fn missing(file: FileId, ir: &backend_specialist_syntax::ir::Module, targets: &[Target]) -> Vec<Missing> {
    use backend_specialist_syntax::ir::VarKind;
    let mut all = Vec::new();
    for (index, _) in targets.iter().enumerate().filter(|it| *it.1 == Target::Missing) {
        let is_bound = |kind: &VarKind| matches!(kind, VarKind::Import { import, .. } if import.index() == index);
        let names = ir.vars.iter().filter(|it| is_bound(&it.kind)).map(|it| ir.name(it.name).to_owned()).collect();
        let specifier = ir.name(ir.imports[index].specifier).to_owned();
        all.push(Missing { file, specifier, names });
    }
    all
}

//! The checker of this repository, as pages see it.

use backend_specialist_core::config::{Config, TestTreatment};
use backend_specialist_core::finding::Profile;
use backend_specialist_core::model::{KindId, Models};
use backend_specialist_core::project::{Project, SourceFile};
use backend_specialist_core::report::{Finding, Guards, Report};
use backend_specialist_core::{Place, analyze, flow, load};

use crate::fixes;
use crate::page::{CaseFile, What};
use crate::run::{Checker, Observed};

/// Runs every rule, so that a page of any profile can be checked.
#[derive(Debug, Default)]
pub struct Engine {
    pub config: Config,
}

impl Checker for Engine {
    fn observe(&self, files: &[CaseFile]) -> Vec<Observed> {
        let (project, config) = (project(files), self.config());
        let mut all = said(&analyze(&project, &config));
        all.extend(seen(&project, &config));
        all
    }

    fn broken_fixes(&self, files: &[CaseFile]) -> Vec<(Observed, String)> {
        fixes::broken(files, &self.config())
    }

    /// Types and sanitizers are not written down by the machine.
    fn knows(&self, what: What) -> bool {
        matches!(what, What::Finding | What::Source | What::Sink | What::Call | What::Route | What::Guard)
    }
}

impl Engine {
    fn config(&self) -> Config {
        Config { profile: Profile::Audit, tests: TestTreatment::Same, ..self.config.clone() }
    }
}

pub(crate) fn project(files: &[CaseFile]) -> Project {
    let to_source = |file: &CaseFile| SourceFile { path: file.path.clone(), bytes: file.text.clone().into_bytes() };
    Project::new(files.iter().map(to_source).collect())
}

/// What the machine saw: data that reaches a sink, calls of known kinds.
fn seen(project: &Project, config: &Config) -> Vec<Observed> {
    let loaded = load::load(project, config);
    let facts = flow::facts(&loaded, &Models::of(config), config);
    let lines = |first: Place, last: Place, what: What, kind: KindId| {
        let file = loaded.file(first.file);
        let line = |at: u32| file.text.get(..at as usize).unwrap_or_default().matches('\n').count() + 1;
        Observed {
            file: file.path.clone(),
            first_line: line(first.span.start),
            last_line: line(last.span.end),
            what,
            name: kind.name().to_owned(),
            is_core: false,
        }
    };
    let mut all = Vec::new();
    for event in &facts.flows {
        let origin = facts.origin_place(event.origin);
        all.push(lines(origin, origin, What::Source, facts.kind_of(event.origin)));
        all.push(lines(event.callee, event.place, What::Sink, event.sink));
    }
    all.extend(facts.calls.iter().map(|event| lines(event.callee, event.callee, What::Call, event.kind)));
    all
}

/// What the report says.
fn said(report: &Report) -> Vec<Observed> {
    let mut all: Vec<Observed> = Vec::new();
    for finding in &report.findings {
        all.push(of_finding(finding));
    }
    for route in &report.routes {
        all.push(at(&route.file, route.line, What::Route, format!("{} {}", route.method, route.path)));
        for guard in guards(&route.guards) {
            all.push(at(&route.file, route.line, What::Guard, guard.to_owned()));
        }
    }
    all
}

pub(crate) fn of_finding(finding: &Finding) -> Observed {
    Observed {
        file: finding.file.clone(),
        first_line: finding.range.start.line as usize,
        last_line: finding.range.end.line as usize,
        what: What::Finding,
        name: finding.rule.clone(),
        is_core: finding.profile == Profile::Core,
    }
}

fn at(file: &str, line: u32, what: What, name: String) -> Observed {
    let line = line as usize;
    Observed { file: file.to_owned(), first_line: line, last_line: line, what, name, is_core: false }
}

/// The columns whose guard is there.
fn guards(guards: &Guards) -> Vec<&'static str> {
    let columns = [
        ("auth", &guards.auth),
        ("role", &guards.role),
        ("ownership", &guards.ownership),
        ("validation", &guards.validation),
        ("csrf", &guards.csrf),
        ("content_type", &guards.content_type),
        ("rate_limit", &guards.rate_limit),
    ];
    let there = ["present", "checked", "schema", "manual"];
    columns.into_iter().filter(|(_, value)| there.contains(&value.as_str())).map(|(name, _)| name).collect()
}

//! The checker of this repository, as pages see it.

use backend_specialist_core::analyze;
use backend_specialist_core::config::{Config, TestTreatment};
use backend_specialist_core::finding::{Profile, StepKind};
use backend_specialist_core::project::{Project, SourceFile};
use backend_specialist_core::report::{Finding, Guards, Report};
use backend_specialist_core::rules::RULES;

use crate::page::{CaseFile, What};
use crate::run::{Checker, Observed};

/// Runs every rule, so that a page of any profile can be checked.
#[derive(Debug, Default)]
pub struct Engine {
    pub config: Config,
}

impl Checker for Engine {
    fn observe(&self, files: &[CaseFile]) -> Vec<Observed> {
        let to_source = |file: &CaseFile| SourceFile { path: file.path.clone(), bytes: file.text.clone().into_bytes() };
        let project = Project::new(files.iter().map(to_source).collect());
        let config = Config { profile: Profile::Audit, tests: TestTreatment::Same, ..self.config.clone() };
        observed(&analyze(&project, &config))
    }
}

fn observed(report: &Report) -> Vec<Observed> {
    let mut all: Vec<Observed> = Vec::new();
    for finding in &report.findings {
        all.push(of_finding(finding));
        for step in &finding.flow {
            let what = match step.kind {
                StepKind::Source => What::Source,
                StepKind::Sink => What::Sink,
                StepKind::Step => continue,
            };
            // A step does not say its kind; any kind fits.
            all.push(at(&step.file, step.range.start.line, what, String::new()));
        }
    }
    for route in &report.routes {
        all.push(at(&route.file, route.line, What::Route, format!("{} {}", route.method, route.path)));
        for guard in guards(&route.guards) {
            all.push(at(&route.file, route.line, What::Guard, guard.to_owned()));
        }
    }
    all
}

fn of_finding(finding: &Finding) -> Observed {
    let rule = RULES.iter().find(|rule| rule.id == finding.rule);
    Observed {
        file: finding.file.clone(),
        first_line: finding.range.start.line as usize,
        last_line: finding.range.end.line as usize,
        what: What::Finding,
        name: finding.rule.clone(),
        is_core: rule.is_some_and(|rule| rule.profile == Profile::Core),
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
    let there = ["present", "optional", "checked", "schema", "manual"];
    columns.into_iter().filter(|(_, value)| there.contains(&value.as_str())).map(|(name, _)| name).collect()
}

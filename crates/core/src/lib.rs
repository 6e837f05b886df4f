//! The checker: a project's files in, a report out. No file, network, clock or environment is touched here.

pub mod baseline;
pub mod config;
pub mod explain;
pub mod finding;
mod fingerprint;
pub mod flow;
pub mod link;
pub mod load;
pub mod model;
mod names;
pub mod nearest;
pub mod paths;
#[doc(hidden)]
pub mod phases;
pub mod project;
pub mod report;
mod route;
pub mod rules;
mod suppress;
pub mod workspace;

use backend_specialist_syntax::ir::Span;

use config::Config;
use model::Models;
use project::Project;
use report::Report;

/// A file of the project, in the order of its path: an index into [`Project::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A place in a file: bytes of its decoded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}

/// The main job: what is wrong in this project.
pub fn analyze(project: &Project, config: &Config) -> Report {
    analyze_loaded(&load::load(project, config), config)
}

fn analyze_loaded(loaded: &load::Loaded, config: &Config) -> Report {
    // The door has told what is wrong with a project's own models; without them the report still says what it can.
    let (facts, routes) =
        flow::run(loaded, &Models::of(config), config, None, |machine| route::discover(machine, loaded));
    let mut outcome = judge(loaded, &facts, &routes, config);
    outcome.routes = route::report(&routes, loaded, &config.assume);
    report::assemble(loaded, outcome, config, &rules::RULES)
}

/// What the rules say of what the machine saw.
fn judge(loaded: &load::Loaded, facts: &flow::Facts, routes: &[route::Route], config: &Config) -> report::Outcome {
    let cx = rules::context::RuleContext::new(facts, routes, loaded, config);
    let mut outcome = report::Outcome::default();
    for rule in rules::RULES.iter().filter(|it| config.runs(it)) {
        (rule.check)(&cx, &mut outcome.findings);
    }
    let messages = flow::limits::messages(&facts.limits);
    outcome.problems.extend(messages.into_iter().map(|(file, message)| finding::Problem {
        kind: finding::ProblemKind::Limit,
        file,
        span: None,
        message,
    }));
    outcome
}

//! [`crate::analyze`] one phase after the other, for those who measure what each costs: the core reads no clock.

use crate::config::Config;
use crate::flow::{Facts, Links};
use crate::load::Loaded;
use crate::model::Models;
use crate::project::Project;
use crate::report::{Outcome, Report};

pub fn load(project: &Project, config: &Config) -> Loaded {
    crate::load::load(project, config)
}

pub fn link<'a>(loaded: &'a Loaded, models: &'a Models) -> Links<'a> {
    crate::flow::link(loaded, models)
}

pub fn flow(links: Links<'_>, loaded: &Loaded, models: &Models, config: &Config) -> Facts {
    crate::flow::run_linked(links, models, config, None, |machine| crate::route::discover(machine, loaded)).0
}

pub fn rules(loaded: &Loaded, facts: &Facts, config: &Config) -> Outcome {
    crate::judge(loaded, facts, &[], config)
}

pub fn report(loaded: &Loaded, outcome: Outcome, config: &Config) -> Report {
    crate::report::assemble(loaded, outcome, config, &crate::rules::RULES)
}

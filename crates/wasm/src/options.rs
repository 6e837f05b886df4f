//! What a caller may set for one analysis.

use backend_specialist_core::config::{Config, TestTreatment};
use backend_specialist_core::finding::Profile;
use backend_specialist_core::model::own;
use backend_specialist_core::nearest::nearest;
use backend_specialist_core::rules::RULES;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// The configuration with the keys of `backend-specialist.toml`.
    config: Config,
    profile: Option<Profile>,
    select: Vec<String>,
    ignore: Vec<String>,
    tests: Option<TestTreatment>,
}

impl Options {
    /// The configuration with the options on top, as on the command line.
    pub fn config(self) -> Result<Config, String> {
        for name in self.select.iter().chain(&self.ignore) {
            check_rule_name(name)?;
        }
        let mut config = self.config;
        own::check(&config.models).map_err(|it| it.message)?;
        config.profile = self.profile.unwrap_or(config.profile);
        config.tests = self.tests.unwrap_or(config.tests);
        if !self.select.is_empty() {
            config.select = self.select;
        }
        config.ignore.extend(self.ignore);
        Ok(config)
    }
}

fn check_rule_name(name: &str) -> Result<(), String> {
    let names = || RULES.iter().flat_map(|it| [it.id, it.group]).chain(["all"]);
    if names().any(|it| it == name) {
        return Ok(());
    }
    let meant = nearest(name, names()).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
    Err(format!("unknown rule `{name}`{meant}"))
}

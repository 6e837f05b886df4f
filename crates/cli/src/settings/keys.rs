//! The keys a configuration knows, so that a misspelt one is refused with its place and its neighbor.

use backend_specialist_core::model::kinds::{self, KindId, KindSpace};
use backend_specialist_core::nearest::nearest;
use backend_specialist_core::rules::RULES;

const TOP: &[&str] = &[
    "profile",
    "fail-on",
    "min-severity",
    "min-confidence",
    "select",
    "ignore",
    "tests",
    "exclude",
    "max-file-size",
    "require-reason",
    "telemetry",
    "extends",
    "overrides",
    "assume",
    "models",
];
const OVERRIDES: &[&str] = &["files", "ignore", "min-severity", "min-confidence", "tests"];
const ASSUME: &[&str] = &[
    "rate-limit",
    "tls-termination",
    "security-headers",
    "body-limit",
    "public-routes",
    "trusted-headers",
    "owner-columns",
    "tenant-columns",
    "small-tables",
];
const MODELS: &[&str] = &["files", "guards", "sanitizers", "validators", "async-wrappers", "limiters"];

/// The keys allowed in a table, named by the keys that lead to it; `None` where any key may stand.
pub fn known_keys(table: &[&str]) -> Option<&'static [&'static str]> {
    match table {
        [] => Some(TOP),
        ["overrides"] => Some(OVERRIDES),
        ["assume"] => Some(ASSUME),
        ["models"] => Some(MODELS),
        _ => None,
    }
}

/// Whether the texts in this list are rules.
pub fn holds_rules(table: &[&str], key: &str) -> bool {
    matches!((table, key), ([], "select" | "ignore") | (["overrides"], "ignore"))
}

/// Whether the texts in this list are functions of the project.
pub fn holds_functions(table: &[&str], key: &str) -> bool {
    matches!((table, key), (["models"], "guards" | "validators" | "async-wrappers" | "limiters"))
        || table == ["models", "sanitizers"]
}

/// The name of a kind of sink, for which something is made safe.
pub fn check_kind(name: &str) -> Result<(), (String, String)> {
    if kinds::sink(name).is_some() {
        return Ok(());
    }
    let known = || kinds::all(KindSpace::Sink).map(KindId::name);
    let help = match nearest(name, known()) {
        Some(it) => format!("did you mean `{it}`?"),
        None => format!("known here: {}", known().collect::<Vec<_>>().join(", ")),
    };
    Err((format!("unknown kind of sink `{name}`"), help))
}

/// What to say of an unknown key.
pub fn unknown_key(key: &str, known: &[&'static str]) -> (String, String) {
    let help = match nearest(key, known.iter().copied()) {
        Some(it) => format!("did you mean `{it}`?"),
        None => format!("known here: {}", known.join(", ")),
    };
    (format!("unknown key `{key}`"), help)
}

/// A rule's id, a group of rules, or `all`.
pub fn check_rule_name(name: &str) -> Result<(), (String, String)> {
    let names = || RULES.iter().flat_map(|it| [it.id, it.group]).chain(["all"]);
    if names().any(|it| it == name) {
        return Ok(());
    }
    let help = match nearest(name, names()) {
        Some(it) => format!("did you mean `{it}`?"),
        None => "`backend-specialist rules` lists all rules and groups".to_string(),
    };
    Err((format!("unknown rule `{name}`"), help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use backend_specialist_core::config::Config;

    /// What the core writes for a whole configuration are the keys we admit.
    #[test]
    fn the_keys_are_those_of_the_core() {
        let mut config = Config { telemetry: Some("t".into()), extends: vec!["e".into()], ..Config::default() };
        config.overrides.push(Default::default());
        let table = toml::Table::try_from(&config).expect("a configuration is a table");
        let sorted = |keys: Vec<String>| {
            let mut keys = keys;
            keys.sort();
            keys
        };
        let known = |keys: &[&str]| sorted(keys.iter().map(|it| it.to_string()).collect());
        assert_eq!(sorted(table.keys().cloned().collect()), known(TOP));
        let keys_of = |name: &str| sorted(table[name].as_table().expect("a table").keys().cloned().collect());
        assert_eq!(keys_of("assume"), known(ASSUME));
        assert_eq!(keys_of("models"), known(MODELS));
    }
}

//! The rules: each is a file here and a page beside it. A rule sees flows, calls, routes and values; never a tree.

mod access;
mod auth;
pub mod context;
mod crypto;
mod csrf_cors;
mod design;
mod errors;
mod injection;
pub mod routes;
mod secrets;
mod settings;
pub mod written;

use std::sync::LazyLock;

use crate::config::Config;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use context::RuleContext;

/// What is known of a rule before it runs.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    /// One line, without a full stop.
    pub summary: &'static str,
    pub group: &'static str,
    pub severity: Severity,
    pub confidence: Confidence,
    pub profile: Profile,
    pub cwe: &'static [u32],
    /// Keys like `2021-A03`, `2025-A05`, `api2023-API8`.
    pub owasp: &'static [&'static str],
    pub specialist: Specialist,
    pub since: &'static str,
    pub check: fn(&RuleContext<'_>, &mut Vec<Finding>),
}

/// Rules for which data of unknown origin is of interest: the machine follows it only if one of them runs.
pub(crate) fn ask_for_unknown(config: &Config) -> bool {
    injection::ASK_FOR_UNKNOWN.iter().any(|it| config.runs(it))
}

/// Every rule, by id.
pub static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut all = [
        access::RULES,
        auth::RULES,
        crypto::RULES,
        csrf_cors::RULES,
        design::RULES,
        errors::RULES,
        injection::RULES,
        secrets::RULES,
        settings::RULES,
    ]
    .concat();
    all.sort_by_key(|it| it.id);
    all
});

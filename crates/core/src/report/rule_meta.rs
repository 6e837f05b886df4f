//! A rule as it is listed for people and programs.

use serde::Serialize;

use super::docs_address;
use crate::finding::{Confidence, Profile, Severity, Specialist};
use crate::rules::Rule;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleMeta {
    pub id: &'static str,
    pub summary: &'static str,
    pub group: &'static str,
    pub severity: Severity,
    pub confidence: Confidence,
    pub profile: Profile,
    pub specialist: Specialist,
    pub cwe: &'static [u32],
    pub owasp: &'static [&'static str],
    pub since: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

impl RuleMeta {
    /// `docs` as in [`super::docs_base`].
    pub fn new(rule: &Rule, docs: Option<&str>) -> RuleMeta {
        RuleMeta {
            id: rule.id,
            summary: rule.summary,
            group: rule.group,
            severity: rule.severity,
            confidence: rule.confidence,
            profile: rule.profile,
            specialist: rule.specialist,
            cwe: rule.cwe,
            owasp: rule.owasp,
            since: rule.since,
            docs: docs_address(docs, rule.id),
        }
    }
}

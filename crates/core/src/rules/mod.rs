//! The rules: each is a file here and a page beside it. A rule sees flows, calls, routes and values; never a tree.

use crate::finding::{Confidence, Profile, Severity, Specialist};

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
}

/// Every rule, by id.
pub static RULES: &[&Rule] = &[];

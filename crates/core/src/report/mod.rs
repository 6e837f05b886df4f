//! The output: findings and routes as plain data with names and positions, and the formats made from it.
//!
//! The types are the JSON of the command line and of the package, field for field; see `README.md` of the package.

mod assemble;
pub mod concise;
mod docs;
mod frame;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod lines;
pub mod markdown;
pub mod matrix;
mod paint;
mod route;
mod rule_meta;
pub mod sarif;
pub mod text;

use serde::{Deserialize, Serialize};

use crate::finding::{Confidence, FixKind, ProblemKind, Profile, Severity, Specialist, StepKind};

pub use assemble::{Outcome, assemble};
pub use docs::{docs_address, docs_base};
pub use route::{Evidence, Guards, Route};
pub use rule_meta::RuleMeta;

/// Raised when a consumer of the JSON would have to change.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub schema_version: u32,
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    pub problems: Vec<Problem>,
    pub routes: Vec<Route>,
    pub stats: Stats,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub rule: String,
    pub severity: Severity,
    pub confidence: Confidence,
    pub message: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    pub specialist: Specialist,
    pub file: String,
    pub range: Range,
    pub related: Vec<Related>,
    pub flow: Vec<FlowStep>,
    pub fixes: Vec<Fix>,
    pub cwe: Vec<u32>,
    pub owasp: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    pub fingerprint: String,
    /// The least profile that reports it; not part of the report's documents.
    #[serde(skip, default = "core_profile")]
    pub profile: Profile,
}

fn core_profile() -> Profile {
    Profile::Core
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suppressed {
    #[serde(flatten)]
    pub finding: Finding,
    pub by: SuppressedBy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SuppressedBy {
    Comment,
    Baseline,
}

/// End exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Range {
    pub start: Position,
    pub end: Position,
}

/// Line and column count from 1; column and offset are UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
    pub offset: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    pub file: String,
    pub range: Range,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowStep {
    pub file: String,
    pub range: Range,
    pub kind: StepKind,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    pub kind: FixKind,
    pub title: String,
    pub edits: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub file: String,
    pub range: Range,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    pub file: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<Range>,
    pub message: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Sources that were analyzed.
    pub files: u32,
    /// Sources that were left out, each said in `problems`.
    pub skipped: u32,
    pub rules: u32,
    pub routes: u32,
    pub by_severity: BySeverity,
    /// Findings with at least one fix.
    pub fixable: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BySeverity {
    pub critical: u32,
    pub high: u32,
    pub medium: u32,
    pub low: u32,
    pub info: u32,
}

impl BySeverity {
    pub fn of(findings: &[Finding]) -> BySeverity {
        let mut counts = BySeverity::default();
        for finding in findings {
            *counts.slot(finding.severity) += 1;
        }
        counts
    }

    fn slot(&mut self, severity: Severity) -> &mut u32 {
        match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Info => &mut self.info,
        }
    }

    pub fn get(&self, severity: Severity) -> u32 {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
        }
    }
}

impl Report {
    /// Something that should have been analyzed was not.
    pub fn is_incomplete(&self) -> bool {
        self.problems.iter().any(|it| it.kind.is_incomplete())
    }

    /// After findings were moved or left out.
    pub fn recount(&mut self) {
        self.stats.by_severity = BySeverity::of(&self.findings);
        self.stats.fixable = self.findings.iter().filter(|it| !it.fixes.is_empty()).count() as u32;
    }
}

impl Finding {
    /// Findings stand in this order.
    pub fn place_key(&self) -> (&str, Range, &str, &str) {
        (&self.file, self.range, &self.rule, &self.fingerprint)
    }
}

#[cfg(test)]
mod tests;

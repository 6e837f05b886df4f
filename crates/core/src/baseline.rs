//! Known findings, by fingerprint: what a project starts from, and what a change is measured against.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::report::{Finding, Report, Suppressed, SuppressedBy};

/// Raised when an older program could not read the file.
pub const BASELINE_VERSION: u32 = 1;

/// The file: one entry for each known finding, in the order of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Baseline {
    pub version: u32,
    pub findings: Vec<Known>,
}

/// Only the fingerprint counts; the rest is for those who read the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Known {
    pub fingerprint: String,
    pub rule: String,
    pub file: String,
}

impl Baseline {
    /// Everything the report holds that no comment suppresses.
    pub fn new(report: &Report) -> Baseline {
        let known =
            |it: &Finding| Known { fingerprint: it.fingerprint.clone(), rule: it.rule.clone(), file: it.file.clone() };
        Baseline { version: BASELINE_VERSION, findings: report.findings.iter().map(known).collect() }
    }

    /// Entries that nothing in the report answers to any more.
    pub fn stale(&self, report: &Report) -> Vec<&Known> {
        let found = fingerprints(&report.findings);
        self.findings.iter().filter(|it| !found.contains(it.fingerprint.as_str())).collect()
    }

    /// Without the stale entries.
    #[must_use]
    pub fn pruned(&self, report: &Report) -> Baseline {
        let found = fingerprints(&report.findings);
        let kept = self.findings.iter().filter(|it| found.contains(it.fingerprint.as_str()));
        Baseline { version: self.version, findings: kept.cloned().collect() }
    }

    /// Moves the known findings to the suppressed ones.
    pub fn apply(&self, report: &mut Report) {
        let known: BTreeSet<&str> = self.findings.iter().map(|it| it.fingerprint.as_str()).collect();
        let (old, new): (Vec<_>, Vec<_>) =
            std::mem::take(&mut report.findings).into_iter().partition(|it| known.contains(it.fingerprint.as_str()));
        report.findings = new;
        let by = SuppressedBy::Baseline;
        report.suppressed.extend(old.into_iter().map(|finding| Suppressed { finding, by, reason: None }));
        report.suppressed.sort_by(|a, b| a.finding.place_key().cmp(&b.finding.place_key()));
        report.recount();
    }
}

/// Leaves what the report has and the other one has not: what the change between them introduced.
pub fn keep_introduced(report: &mut Report, before: &Report) {
    let suppressed = before.suppressed.iter().map(|it| it.finding.fingerprint.as_str());
    let known: BTreeSet<&str> = fingerprints(&before.findings).into_iter().chain(suppressed).collect();
    report.findings.retain(|it| !known.contains(it.fingerprint.as_str()));
    report.suppressed.retain(|it| !known.contains(it.finding.fingerprint.as_str()));
    report.recount();
}

fn fingerprints(findings: &[Finding]) -> BTreeSet<&str> {
    findings.iter().map(|it| it.fingerprint.as_str()).collect()
}

//! What the run found, as the door that analyzed hands it over, and as it is written to a file for another run.

use std::collections::BTreeMap;

use backend_specialist_core::report::matrix::RouteChange;
use backend_specialist_core::report::{Finding, Report};
use serde::{Deserialize, Serialize};

use crate::body::Secrets;

/// The report with what the change introduced, and what it was compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    #[serde(flatten)]
    pub report: Report,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Findings that were there before and still are.
    pub older: u32,
    pub fixed: Vec<Gone>,
    pub routes: Vec<RouteChange>,
    pub silenced: Vec<Silenced>,
    /// What the reader should know of how the comparison was made.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gone {
    pub rule: String,
    pub file: String,
    pub line: u32,
}

/// A finding that the change itself silences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Silenced {
    /// `a comment`, `the configuration`, `the baseline`.
    pub by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    pub finding: Finding,
}

/// Findings that are taken from a report that was made elsewhere.
const FINDINGS_MAX: usize = 5_000;
/// Characters of a text in it.
const TEXT_MAX: usize = 1_000;

impl Found {
    /// A report that somebody else made: what could lead elsewhere or pass for something of ours is refused or taken out.
    /// `docs` gives the page of a rule.
    pub fn of_stranger(text: &str, docs: impl Fn(&str) -> Option<String>) -> Result<Found, String> {
        let mut found: Found = serde_json::from_str(text).map_err(|it| it.to_string())?;
        found.report.findings.truncate(FINDINGS_MAX);
        let silenced = found.change.iter_mut().flat_map(|it| it.silenced.iter_mut().map(|it| &mut it.finding));
        let suppressed = found.report.suppressed.iter_mut().map(|it| &mut it.finding);
        for finding in found.report.findings.iter_mut().chain(suppressed).chain(silenced) {
            let is_word = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
            if !crate::marker::is_hex(&finding.fingerprint) {
                return Err("a fingerprint is no hexadecimal number".to_string());
            }
            if finding.rule.is_empty() || finding.rule.len() > 100 || !finding.rule.chars().all(is_word) {
                return Err("a rule's name is none".to_string());
            }
            let is_outside = |file: &str| file.starts_with('/') || file.split(['/', '\\']).any(|it| it == "..");
            if is_outside(&finding.file) || finding.flow.iter().any(|it| is_outside(&it.file)) {
                return Err("a file is outside of the project".to_string());
            }
            finding.docs = docs(&finding.rule);
            // Nobody here can see what a fix would do.
            finding.fixes.clear();
            for text in [&mut finding.message, &mut finding.help] {
                if text.chars().count() > TEXT_MAX {
                    *text = text.chars().take(TEXT_MAX).collect();
                }
            }
        }
        Ok(found)
    }

    /// The most severe first, then by place.
    pub fn ordered(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.report.findings.iter().collect();
        findings.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.place_key().cmp(&b.place_key())));
        findings
    }

    /// The findings, and those that are silenced: a secret is one in either case.
    pub fn every(&self) -> impl Iterator<Item = &Finding> {
        let silenced = self.change.iter().flat_map(|it| it.silenced.iter().map(|it| &it.finding));
        self.report.findings.iter().chain(self.report.suppressed.iter().map(|it| &it.finding)).chain(silenced)
    }

    /// Nothing that leaves the run quotes a line with a secret.
    pub fn mask_secrets(&mut self) {
        let secrets = Secrets::of(self.every());
        let silenced = self.change.iter_mut().flat_map(|it| it.silenced.iter_mut().map(|it| &mut it.finding));
        let suppressed = self.report.suppressed.iter_mut().map(|it| &mut it.finding);
        self.report.findings.iter_mut().chain(suppressed).chain(silenced).for_each(|it| secrets.mask(it));
    }

    /// As seen from the top of the repository, when the project is a folder of it: `prefix` ends in `/`.
    pub fn in_folder(&mut self, prefix: &str) {
        let name = |file: &mut String| *file = format!("{prefix}{file}");
        let silenced = self.change.iter_mut().flat_map(|it| it.silenced.iter_mut().map(|it| &mut it.finding));
        let report = &mut self.report;
        let suppressed = report.suppressed.iter_mut().map(|it| &mut it.finding);
        for finding in report.findings.iter_mut().chain(suppressed).chain(silenced) {
            name(&mut finding.file);
            finding.related.iter_mut().for_each(|it| name(&mut it.file));
            finding.flow.iter_mut().for_each(|it| name(&mut it.file));
            finding.fixes.iter_mut().flat_map(|it| &mut it.edits).for_each(|it| name(&mut it.file));
        }
        report.problems.iter_mut().for_each(|it| name(&mut it.file));
        for route in &mut report.routes {
            name(&mut route.file);
            route.evidence.iter_mut().for_each(|it| name(&mut it.file));
        }
        if let Some(change) = &mut self.change {
            change.fixed.iter_mut().for_each(|it| name(&mut it.file));
            change.routes.iter_mut().for_each(|it| name(&mut it.file));
        }
    }

    /// Fingerprints that were silenced, with the reason that was given.
    pub fn silenced(&self) -> BTreeMap<String, String> {
        let all = self.report.suppressed.iter();
        all.map(|it| (it.finding.fingerprint.clone(), it.reason.clone().unwrap_or_default())).collect()
    }

    pub fn routes_lost(&self) -> bool {
        self.change.as_ref().is_some_and(|it| it.routes.iter().any(RouteChange::is_loss))
    }

    pub fn silences(&self) -> bool {
        self.change.as_ref().is_some_and(|it| !it.silenced.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(finding: &str) -> Result<Found, String> {
        let text = format!(
            r#"{{"schemaVersion":1,"suppressed":[],"problems":[],"routes":[],"findings":[{finding}],
            "stats":{{"files":1,"skipped":0,"rules":1,"routes":0,"fixable":0,
            "bySeverity":{{"critical":0,"high":1,"medium":0,"low":0,"info":0}}}}}}"#
        );
        Found::of_stranger(&text, |_| None)
    }

    fn finding(fingerprint: &str, rule: &str, file: &str) -> String {
        format!(
            r#"{{"rule":"{rule}","severity":"high","confidence":"high","message":"m","specialist":"security",
            "file":"{file}","range":{{"start":{{"line":1,"column":1,"offset":0}},"end":{{"line":1,"column":2,"offset":1}}}},
            "related":[],"flow":[],"fixes":[],"cwe":[],"owasp":[],"docs":"https://evil.example","fingerprint":"{fingerprint}"}}"#
        )
    }

    #[test]
    fn a_strangers_report_leads_nowhere() {
        let found = read(&finding("ab12", "sql-injection", "src/a.js")).expect("it is a report");
        assert_eq!(found.report.findings[0].docs, None);
        for (finding, what) in [
            (finding("ab --> x", "r", "a.js"), "fingerprint"),
            (finding("ab", "r](x)", "a.js"), "rule"),
            (finding("ab", "r", "../a.js"), "outside"),
            (finding("ab", "r", "/etc/passwd"), "outside"),
        ] {
            let told = read(&finding).expect_err("it is refused");
            assert!(told.contains(what), "{told}");
        }
    }
}

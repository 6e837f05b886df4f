//! Request data compiled as a regular expression. See `regex-injection.md` for the page and the tests.

use super::nosql_injection;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "regex-injection",
    summary: "Untrusted data is compiled as a regular expression",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[1333],
    owasp: &["2021-A03", "2025-A05", "api2023-API4"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["regex"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // Where a whole filter is the client's, the pattern in it is the same defect.
    findings.extend(cx.flows_besides(&QUERY, &nosql_injection::QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes part of a regular expression in `{}`: a pattern can be chosen that takes forever to match, or that matches anything",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help("escape it first (`RegExp.escape`, `re.escape`)")
}

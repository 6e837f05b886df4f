//! Request data matched by a slow regular expression. See `redos.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "redos",
    summary: "A slow regular expression reads untrusted data",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[1333],
    owasp: &["2021-A04", "2025-A06", "api2023-API4"],
    specialist: Specialist::Performance,
    since: "0.1.0",
    check,
};

const STEEP: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["slow-match.steep"], in_fragments: false };

/// The server bounds a header and an address; a square of that is no outage.
const QUADRATIC: FlowQuery =
    FlowQuery { sources: &["http.body", "message"], sinks: &["slow-match.quadratic"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&STEEP).iter().map(|flow| report(flow, "some texts take longer than anybody waits")));
    findings.extend(cx.flows(&QUADRATIC).iter().map(|flow| {
        report(flow, "the time grows with the square of the length").severity(Severity::Low).profile(Profile::Strict)
    }));
}

fn report(flow: &Flow<'_>, why: &str) -> Finding {
    let message = format!("{} is read by the regular expression of `{}`: {why}", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("let each part of the text fit one part of the pattern only, or limit the length first")
}

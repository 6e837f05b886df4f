//! A request number that decides about memory, loops or timers. See `resource-size-from-input.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "resource-size-from-input",
    summary: "Untrusted data decides how much memory or time is taken",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[770],
    owasp: &["2021-A04", "2025-A06", "api2023-API4"],
    specialist: Specialist::Performance,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["size"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} decides how much `{}` takes: a huge number exhausts memory or time",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("limit it first (`Math.min(n, MAX)`, a schema with a maximum)")
}

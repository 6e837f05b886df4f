//! Request text in a log of lines. See `log-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "log-injection",
    summary: "Untrusted text is written to a log of lines",
    group: "injection",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[117],
    owasp: &["2021-A09", "2025-A09"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["log"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} is written to the log by `{}`: with a line break in it, entries can be forged",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("log it as a field of a structured logger, or as JSON")
}

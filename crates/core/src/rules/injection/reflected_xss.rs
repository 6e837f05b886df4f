//! Request data written into an HTML response. See `reflected-xss.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "reflected-xss",
    summary: "Untrusted data is written into HTML",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[79],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

pub(super) const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["html"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // A page of somebody else cannot choose the host that a browser sends.
    findings.extend(cx.flows(&QUERY).iter().filter(|it| !it.is_from("http.host")).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} is written into HTML by `{}`: a link can make a visitor's browser run scripts",
        flow.subject(),
        flow.callee_text(),
    );
    // Headers and cookies of another one's browser are harder to choose.
    let confidence = match flow.is_from("http.headers") || flow.is_from("http.cookies") {
        true => Confidence::Medium,
        false => Confidence::High,
    };
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .confidence(confidence)
        .help("escape the value for HTML, render it with a template that escapes, or answer with JSON")
}

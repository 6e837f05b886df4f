//! Request data in the address of an outgoing request. See `ssrf.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Position;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "ssrf",
    summary: "Untrusted data chooses where a request goes",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[918],
    owasp: &["2021-A10", "2025-A01", "api2023-API7"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["url"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().filter(|it| !it.is_from("http.host")).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let subject = flow.subject();
    let callee = flow.callee_text();
    let finding = match flow.position() {
        // The host is constant: only other paths of the same server can be reached.
        Position::Path => Finding::new(
            &RULE,
            flow.sink.place,
            format!(
                "{subject} becomes part of the path that `{callee}` asks for: with `..` in it other paths are reached"
            ),
        )
        .severity(Severity::Low)
        .confidence(Confidence::Low)
        .profile(Profile::Strict)
        .help("encode it first (`encodeURIComponent`, `quote(x, safe=\"\")`)"),
        Position::WholePath => Finding::new(
            &RULE,
            flow.sink.place,
            format!("{subject} is the whole path that `{callee}` asks for: everything of that server can be reached"),
        )
        .severity(Severity::Medium)
        .confidence(Confidence::Medium)
        .help("name the path yourself, and encode the parts of it that come from the client"),
        _ => Finding::new(
            &RULE,
            flow.sink.place,
            format!(
                "{subject} chooses the host that `{callee}` connects to: internal services can be reached through it"
            ),
        )
        .help("compare the host with an allow-list, and refuse private addresses"),
    };
    finding.flow(flow)
}

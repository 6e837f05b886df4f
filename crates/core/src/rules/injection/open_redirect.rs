//! Request data as the target of a redirect. See `open-redirect.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Position;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "open-redirect",
    summary: "Untrusted data chooses where a redirect leads",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[601],
    owasp: &["2021-A01", "2025-A01"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["redirect"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().filter(|it| chooses_host(it)).map(report));
}

fn chooses_host(flow: &Flow<'_>) -> bool {
    match flow.position() {
        Position::Path | Position::WholePath => false,
        // The path of a request begins with a slash: behind a host it stays a path.
        Position::Host => !flow.is_from("http.host") && !flow.is_from("http.url"),
        // A handler's own path begins as its route does.
        _ => !["http.host", "http.own-url", "http.path"].iter().any(|it| flow.is_from(it)),
    }
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} chooses where `{}` sends the visitor: a link to this server can lead to any other",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("redirect to paths of your own only, or compare the target with an allow-list")
}

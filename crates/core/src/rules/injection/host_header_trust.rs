//! The `Host` header used to build links. See `host-header-trust.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Position;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext, quote};

pub(crate) static RULE: Rule = Rule {
    id: "host-header-trust",
    summary: "Links are built from the `Host` header",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[644],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery {
    sources: &["http.host"],
    sinks: &["email.link", "email.html", "redirect", "url", "html"],
    in_fragments: false,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(
        cx.flows(&QUERY).iter().filter(|it| !matches!(it.position(), Position::Path | Position::WholePath)).map(report),
    );
}

fn report(flow: &Flow<'_>) -> Finding {
    let (what, severity, confidence) = match flow.sink_kind.name() {
        "email.link" | "email.html" => ("the link that is mailed", Severity::High, Confidence::Medium),
        "url" => ("the request that is sent", Severity::High, Confidence::Medium),
        // Caches keep such answers; a visitor's browser alone cannot be made to send another host.
        "redirect" => ("the redirect", Severity::Low, Confidence::Low),
        _ => ("the page", Severity::Low, Confidence::Low),
    };
    let profile = if severity == Severity::High { Profile::Core } else { Profile::Strict };
    let message = format!(
        "`{}` is chosen by whoever sends the request, and decides in `{}` where {what} leads",
        quote(flow.source.text),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .severity(severity)
        .confidence(confidence)
        .profile(profile)
        .help("take the host from the settings, or compare it with an allow-list")
}

//! Middleware that accepts a token until it expires, whatever happened since. See `jwt-not-revocable.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-not-revocable",
    summary: "No way to revoke a token",
    group: "auth",
    severity: Severity::Info,
    confidence: Confidence::Low,
    profile: Profile::Audit,
    cwe: &[613],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-verify") {
        let is_middleware = call.event.role("token").is_none() && call.event.role("key").is_some();
        if is_middleware && cx.written.property_in(call.call.place, &["isRevoked"]).is_none() {
            let message = format!("`{}` asks no one whether a token was revoked", call.callee_text());
            findings.push(
                Finding::new(&RULE, call.callee.place, message)
                    .help("keep tokens short-lived, or look the revoked ones up"),
            );
        }
    }
}

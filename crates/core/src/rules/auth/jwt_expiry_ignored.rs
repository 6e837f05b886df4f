//! Verification that accepts expired tokens. See `jwt-expiry-ignored.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-expiry-ignored",
    summary: "Expiry check switched off",
    group: "auth",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[613],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-verify") {
        if call.role("ignore-expiry").bool() != Some(true) || call.role("verify").bool() == Some(false) {
            continue;
        }
        let around = call.role("ignore-expiry").place.unwrap_or(call.call.place);
        let place = cx
            .written
            .property_in(around, &["ignoreExpiration", "ignoreExp", "verify_exp"])
            .map_or(around, |it| it.place);
        let name = cx.function_name(call.call.place);
        let message = format!("`{}` accepts tokens that have expired", call.callee_text());
        let finding = Finding::new(&RULE, place, message).help("leave the check on, and give clients a refresh token");
        findings.push(if names::mentions("renews", name) { finding.severity(Severity::Info) } else { finding });
    }
}

//! Claims that nobody has verified. See `jwt-not-verified.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};
use crate::rules::written::contains;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-not-verified",
    summary: "Token decoded but not verified",
    group: "auth",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[347],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let verified: Vec<Call<'_>> =
        cx.calls("jwt-verify").into_iter().filter(|it| it.role("verify").bool() != Some(false)).collect();
    for call in cx.calls("jwt-decode") {
        if !is_verified_beside(cx, &call, &verified) && !reads_header_only(cx, &call) {
            let message = format!(
                "`{}` reads a token without checking its signature: anybody can write these claims",
                call.callee_text()
            );
            findings.push(report(call.callee.place, message));
        }
    }
    for call in cx.calls("jwt-verify") {
        if call.role("verify").bool() == Some(false) && !is_verified_beside(cx, &call, &verified) {
            let message = format!(
                "`{}` is told not to check the token's signature: anybody can write these claims",
                call.callee_text()
            );
            let place = cx
                .written
                .property_in(call.call.place, &["verify_signature", "verify"])
                .map_or(call.callee.place, |it| it.place);
            findings.push(report(place, message));
        }
    }
}

/// A token is verified in the same function: decoding then chooses the key.
fn is_verified_beside(cx: &RuleContext<'_>, call: &Call<'_>, verified: &[Call<'_>]) -> bool {
    let Some(function) = cx.written.function_at(call.call.place) else { return false };
    verified.iter().any(|it| contains(function.place, it.call.place))
}

/// The header names the key with which the token is verified elsewhere; no claim is read.
fn reads_header_only(cx: &RuleContext<'_>, call: &Call<'_>) -> bool {
    let Some(function) = cx.written.function_at(call.call.place) else { return false };
    let text = cx.text(function.place);
    let mut behind = text.split(".header").skip(1);
    behind.any(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == '_')) && !text.contains("payload")
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("verify the token with the key and a list of algorithms before its claims are used")
}

//! Claims that nobody has verified. See `jwt-not-verified.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};

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
        if !is_verified_beside(cx, &call, &verified) {
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

/// The same token is verified as well, or a token is verified in the same function: decoding then chooses the key.
fn is_verified_beside(cx: &RuleContext<'_>, call: &Call<'_>, verified: &[Call<'_>]) -> bool {
    let token = call.role("token").place.map(|it| cx.text(it));
    let function = cx.written.function_at(call.call.place).map(|it| it.place);
    verified.iter().any(|it| {
        let same_file = it.call.place.file == call.call.place.file;
        let same_token = token.is_some() && it.role("token").place.map(|at| cx.text(at)) == token;
        let same_function = function.is_some() && cx.written.function_at(it.call.place).map(|at| at.place) == function;
        same_file && (same_function || (same_token && function.is_none()))
    })
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("verify the token with the key and a list of algorithms before its claims are used")
}

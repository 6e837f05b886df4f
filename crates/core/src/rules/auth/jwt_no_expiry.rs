//! Tokens that are valid for ever. See `jwt-no-expiry.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::model::rows::Constant;
use crate::names;
use crate::rules::Rule;
use crate::rules::auth::tokens;
use crate::rules::context::{Call, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "jwt-no-expiry",
    summary: "Token issued without expiry",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[613],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-sign") {
        let Some(expiry) = call.event.role("expiry") else { continue };
        let is_unset = expiry.is_absent() || matches!(expiry.constant(), Some(Constant::Null)) || is_bare_chain(&call);
        if !is_unset || !tokens::is_known(&call.role("options")) {
            continue;
        }
        let payload = call.role("payload");
        let confidence = match &payload.fact {
            Fact::Object { complete: true, .. } | Fact::Constants(_) | Fact::Text(_) => Confidence::High,
            _ if mentions_expiry(cx, call.call.place) => continue,
            _ => Confidence::Medium,
        };
        let message =
            format!("the token that `{}` makes never expires: a stolen one works for ever", call.callee_text());
        findings.push(
            Finding::new(&RULE, call.callee.place, message)
                .confidence(confidence)
                .help("let it expire within minutes or hours (`exp`), and issue a new one by a refresh token"),
        );
    }
}

/// A builder that is made, told everything and used in one expression, and an expiry is not among what it is told.
fn is_bare_chain(call: &Call<'_>) -> bool {
    call.callee.text.trim_start().starts_with("new ") && !names::mentions("expiry", call.callee.text)
}

/// The function around speaks of an expiry that the machine did not see.
fn mentions_expiry(cx: &RuleContext<'_>, place: crate::Place) -> bool {
    let around = cx.written.function_at(place).map_or("", |it| cx.text(it.place));
    names::mentions("expiry", around)
}

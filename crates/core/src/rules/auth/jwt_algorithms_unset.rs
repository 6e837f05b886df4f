//! Verification that lets the token choose its algorithm. See `jwt-algorithms-unset.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::names;
use crate::rules::Rule;
use crate::rules::auth::tokens;
use crate::rules::context::{Call, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "jwt-algorithms-unset",
    summary: "Tokens are verified without a list of algorithms",
    group: "auth",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[347],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-verify") {
        let Some(algorithms) = call.event.role("algorithms") else { continue };
        if call.role("verify").bool() == Some(false) {
            continue;
        }
        let list = tokens::texts(algorithms);
        if is_mixed(&list) {
            let place = cx.place_of(&call, "algorithms", &["algorithms"]);
            let message = format!(
                "`{}` accepts keyed and public-key algorithms: a token signed with the public key as text passes",
                call.callee_text()
            );
            findings.push(Finding::new(&RULE, place, message).help("name only the algorithm that your key is for"));
        } else if (algorithms.is_absent() || algorithms.text() == Some("of-the-key"))
            && !tokens::is_empty_key(cx, &call.role("key"))
        {
            findings.push(unset(cx, &call));
        }
    }
}

fn is_mixed(list: &[String]) -> bool {
    let is_keyed = |it: &String| it.to_uppercase().starts_with("HS");
    let is_public = |it: &String| ["RS", "ES", "PS", "ED"].iter().any(|head| it.to_uppercase().starts_with(head));
    list.iter().any(is_keyed) && list.iter().any(is_public)
}

/// With a text as key the library admits HMAC only, in its current versions; with a public key, or as middleware
/// that looks keys up, the token decides.
fn unset(cx: &RuleContext<'_>, call: &Call<'_>) -> Finding {
    let key = call.role("key");
    let key_text = key.place.map_or("", |it| cx.text(it));
    let is_middleware = call.event.role("token").is_none();
    let is_public = matches!(key.fact, Fact::Function)
        || names::mentions("public-key", key_text)
        || key.text().is_some_and(|it| it.contains("-----BEGIN"));
    let algorithms_follow_key = !call.role("algorithms").is_absent();
    let severity = if is_public || is_middleware { Severity::High } else { Severity::Low };
    let message =
        format!("`{}` does not say which algorithms it accepts: the token itself chooses", call.callee_text());
    let finding =
        Finding::new(&RULE, call.callee.place, message).help("pass a list with the one algorithm that you sign with");
    match severity {
        Severity::High => finding,
        _ if algorithms_follow_key => finding.severity(Severity::Low).profile(Profile::Strict),
        _ => finding.severity(Severity::Low),
    }
}

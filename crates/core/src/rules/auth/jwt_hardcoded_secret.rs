//! Keys of tokens that stand in the source. See `jwt-hardcoded-secret.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::auth::tokens;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-hardcoded-secret",
    summary: "Signing key is a literal",
    group: "auth",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[321],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-sign").into_iter().chain(cx.calls("jwt-verify")) {
        let key = call.role("key");
        let Some(place) = key.place.filter(|_| tokens::literal_key(&key).is_some()) else { continue };
        if cx.is_test(place) || names::mentions("public-key", cx.text(place)) {
            continue;
        }
        let place =
            cx.written.property_in(place, &["secret", "key", "secretOrKey", "privateKey"]).map_or(place, |it| it.place);
        let place = key.text().map_or(place, |it| cx.written_at(place, it));
        let message = format!(
            "the key that `{}` uses stands in the source: whoever reads it can make tokens for any user",
            call.callee_text()
        );
        findings.push(
            Finding::new(&RULE, place, message)
                .help("read the key from the environment, and refuse to start without it"),
        );
    }
}

//! Values that must be new each time, and are always the same. See `static-iv-or-salt.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::ArgFact;
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "static-iv-or-salt",
    summary: "Constant IV, nonce or salt",
    group: "crypto",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[329],
    owasp: &["2021-A02", "2025-A04"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for (kind, role, what) in [("cipher", "iv", "IV"), ("derive-key", "salt", "salt")] {
        for call in cx.calls(kind) {
            let value = call.role(role);
            let Some(place) = value.place else { continue };
            if cx.is_test(place) || names::mentions("decrypts", call.callee.text) {
                continue;
            }
            let place = cx.written.property_in(place, &["iv", "nonce", "salt"]).map_or(place, |it| it.place);
            if is_fixed(&call, &value) || cx.is_constant(place) {
                let message = format!(
                    "`{}` gets the same {what} every time: what it makes can be compared, and worse",
                    call.callee_text()
                );
                findings.push(
                    Finding::new(&RULE, place, message)
                        .help(format!("draw a new {what} at random for each text, and keep it beside the result")),
                );
            }
        }
    }
}

/// A literal; an empty one where the cipher needs none is fine.
fn is_fixed(call: &Call<'_>, value: &ArgFact) -> bool {
    let needs_none = call
        .role("algorithm")
        .text()
        .is_some_and(|it| it.to_lowercase().split('-').any(|it| it == "ecb" || it == "rc4"));
    value.text().is_some_and(|it| !it.is_empty() || !needs_none)
}

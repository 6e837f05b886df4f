//! Password hashes that are cheaper to try than they should be. See `password-hash-low-cost.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names::{self, Credential};
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};
use crate::rules::written::Mention;

pub(crate) static RULE: Rule = Rule {
    id: "password-hash-low-cost",
    summary: "Work factor too low",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[916],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("derive-key") {
        let Some(rounds) = call.role("rounds").number() else { continue };
        let Some(cost) = names::cost(call.role("algorithm").text().unwrap_or_default()) else { continue };
        let place = call.role("rounds").place.unwrap_or(call.callee.place);
        if rounds >= cost.least || cx.is_test(place) || is_reported_as_weak(cx, &call, rounds < cost.weak) {
            continue;
        }
        let place = cx.written.property_in(place, PROPERTIES).map_or(place, |it| it.place);
        let (least, unit) = (cost.least, &cost.unit);
        let message = format!("`{}` works with {rounds} {unit}: stolen hashes are cheap to try", call.callee_text());
        let finding = Finding::new(&RULE, place, message).help(format!("use at least {least} {unit}"));
        // Between what was enough some years ago and what is asked for today.
        let is_dated = cost.weak > 0.0 && rounds >= cost.weak;
        findings.push(if is_dated { finding.severity(Severity::Low).profile(Profile::Strict) } else { finding });
    }
}

/// How the work factor is spelled; only to find the smallest place to show.
const PROPERTIES: &[&str] = &["N", "cost", "memoryCost", "iterations", "rounds"];

/// Far too low for a password: that is `weak-password-hash`.
fn is_reported_as_weak(cx: &RuleContext<'_>, call: &Call<'_>, is_weak: bool) -> bool {
    let secret = call.role("secret").place;
    let is_password = |it: &Mention| names::credential(&it.name) == Some(Credential::Password);
    is_weak && secret.is_some_and(|it| cx.mentions(it).iter().any(is_password))
}

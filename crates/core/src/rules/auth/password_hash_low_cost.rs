//! Password hashes that are cheaper to try than they should be. See `password-hash-low-cost.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};
use crate::rules::names::{self, Credential};

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

/// What OWASP's cheat sheet asks for, and half of it where a lower value is only a remark.
const BCRYPT_MIN: f64 = 10.0;
const PBKDF2_MIN: f64 = 310_000.0;
const SCRYPT_MIN: f64 = 16_384.0;
const ARGON2_KIB_MIN: f64 = 19_456.0;

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("derive-key") {
        let Some(rounds) = call.role("rounds").number() else { continue };
        let algorithm = call.role("algorithm").text().unwrap_or_default().to_lowercase();
        let (least, unit) = match algorithm.as_str() {
            "bcrypt" => (BCRYPT_MIN, "as cost"),
            "scrypt" => (SCRYPT_MIN, "as N"),
            "argon2" => (ARGON2_KIB_MIN, "KiB of memory"),
            it if it.starts_with("pbkdf2") || it.starts_with("sha") => (PBKDF2_MIN, "rounds"),
            _ => continue,
        };
        let place = call.role("rounds").place.unwrap_or(call.callee.place);
        if rounds >= least || cx.is_test(place) || is_reported_as_weak(cx, &call, &algorithm, rounds) {
            continue;
        }
        let place = cx.written.property_in(place, &["N", "cost", "memoryCost", "iterations", "rounds"]).map_or(place, |it| it.place);
        let message = format!("`{}` works with {rounds} {unit}: stolen hashes are cheap to try", call.callee_text());
        findings.push(Finding::new(&RULE, place, message).help(format!("use at least {least} {unit}")));
    }
}

/// Far too low for a password: that is `weak-password-hash`.
fn is_reported_as_weak(cx: &RuleContext<'_>, call: &Call<'_>, algorithm: &str, rounds: f64) -> bool {
    let secret = call.role("secret").place;
    let is_password = secret.is_some_and(|it| cx.mentions(it).iter().any(|it| names::credential(&it.name) == Some(Credential::Password)));
    let is_weak = algorithm == "scrypt" || (algorithm != "bcrypt" && algorithm != "argon2" && rounds < 100_000.0);
    is_password && is_weak
}

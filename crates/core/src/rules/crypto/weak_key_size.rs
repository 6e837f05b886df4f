//! Keys that can be computed. See `weak-key-size.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "weak-key-size",
    summary: "Key too short",
    group: "crypto",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[326],
    owasp: &["2021-A02", "2025-A04"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

/// Bits of RSA, DSA, Diffie-Hellman and ElGamal keys.
const BITS_MIN: f64 = 2048.0;
/// The public exponent that everybody uses, and the least one that standards admit.
const EXPONENT_MIN: f64 = 65537.0;

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    empty_keys(cx, findings);
    for call in cx.calls("key-pair") {
        let bits = call.role("bits");
        small_exponent(cx, &call, findings);
        let curve = call.role("curve");
        let kind = call.role("type").text().unwrap_or("rsa").to_lowercase();
        let is_of_bits = !kind.starts_with("ec") && !kind.starts_with("ed") && !kind.starts_with("x");
        if let Some(size) = bits.number().filter(|it| is_of_bits && *it >= 64.0 && *it < BITS_MIN) {
            let place = bits.place.unwrap_or(call.callee.place);
            let place =
                cx.written.property_in(place, &["modulusLength", "bits", "b", "key_size"]).map_or(place, |it| it.place);
            let message = format!("`{}` makes a key of {size} bits, which can be computed", call.callee_text());
            push(cx, place, message, findings);
        } else if let Some(name) = curve.text().filter(|it| names::is("curve-weak", &it.to_lowercase())) {
            let place = curve.place.unwrap_or(call.callee.place);
            push(
                cx,
                place,
                format!("`{}` makes a key on the curve {name}, which is too small", call.callee_text()),
                findings,
            );
        }
    }
}

/// With an exponent this small, what is encrypted without padding can be read.
fn small_exponent(cx: &RuleContext<'_>, call: &Call<'_>, findings: &mut Vec<Finding>) {
    let exponent = call.role("exponent");
    if let (Some(value), Some(place)) =
        (exponent.number().filter(|it| *it > 1.0 && *it < EXPONENT_MIN && it.fract() == 0.0), exponent.place)
        && !cx.is_test(place)
    {
        let message =
            format!("`{}` makes a key with the public exponent {value}, which is too small", call.callee_text());
        findings.push(Finding::new(&RULE, place, message).severity(Severity::Medium).help("use 65537"));
    }
}

/// A key of no length at all.
fn empty_keys(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for kind in ["cipher", "hmac"] {
        for call in cx.calls(kind) {
            let key = call.role("key");
            if let (Some(""), Some(place)) = (key.text(), key.place) {
                push(cx, place, format!("`{}` is given an empty key", call.callee_text()), findings);
            }
        }
    }
}

fn push(cx: &RuleContext<'_>, place: crate::Place, message: String, findings: &mut Vec<Finding>) {
    if !cx.is_test(place) {
        findings.push(Finding::new(&RULE, place, message).help("use RSA with 3072 bits, or Ed25519"));
    }
}

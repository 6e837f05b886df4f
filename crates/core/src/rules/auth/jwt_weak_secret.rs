//! Keys of tokens that can be found by trying. See `jwt-weak-secret.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::auth::tokens;
use crate::rules::context::RuleContext;
use crate::rules::written::Shape;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-weak-secret",
    summary: "HMAC key too short",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[326],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

/// Bytes of an HMAC-SHA256 key.
const BYTES_MIN: usize = 32;

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-sign") {
        let algorithm = call.role("algorithm");
        if algorithm.text().is_some_and(|it| !it.to_uppercase().starts_with("HS")) {
            continue;
        }
        let key = call.role("key");
        let Some(place) = key.place else { continue };
        let bytes = match tokens::literal_key(&key) {
            Some(text) => Some(text.len()),
            None => random_bytes(cx, place),
        };
        if let Some(bytes) = bytes.filter(|it| *it < BYTES_MIN)
            && !cx.is_test(place)
        {
            let message = format!(
                "the key that `{}` signs with has {bytes} bytes: it can be found by trying, offline, from one token",
                call.callee_text()
            );
            let place = key.text().map_or(place, |it| cx.written_at(place, it));
            findings.push(Finding::new(&RULE, place, message).help("use at least 32 random bytes"));
        }
    }
}

/// The size of a key that is drawn at random, where its call can be read.
fn random_bytes(cx: &RuleContext<'_>, key: crate::Place) -> Option<usize> {
    let Shape::Call(callee, args) = cx.resolved(key) else { return None };
    if !names::mentions("random-bytes", &callee) {
        return None;
    }
    match cx.shape(*args.first()?) {
        Shape::Number(it) if it >= 1.0 => Some(it as usize),
        _ => None,
    }
}

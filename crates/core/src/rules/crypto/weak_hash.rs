//! MD5 and SHA-1 where somebody could want a collision. See `weak-hash.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};
use crate::rules::written::contains;

pub(crate) static RULE: Rule = Rule {
    id: "weak-hash",
    summary: "Broken hash in a security context",
    group: "crypto",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[328],
    owasp: &["2021-A02", "2025-A04"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let calls: Vec<Call<'_>> = cx.calls("hash").into_iter().filter(|it| is_weak(it)).collect();
    for call in &calls {
        // A digest object is made and then fed: the feeding call knows the data, and speaks for both.
        let is_fed =
            calls.iter().any(|it| it.call.place != call.call.place && contains(it.callee.place, call.call.place));
        if !is_fed && call.role("security").bool() != Some(false) {
            findings.extend(judge(cx, call));
        }
    }
}

fn is_weak(call: &Call<'_>) -> bool {
    call.role("algorithm").text().is_some_and(|it| names::is("hash-weak", &it.to_lowercase()))
}

fn judge(cx: &RuleContext<'_>, call: &Call<'_>) -> Option<Finding> {
    let algorithm = call.role("algorithm").text().unwrap_or_default().to_owned();
    let around = surroundings(cx, call);
    let says = |class: &str| around.iter().any(|it| names::mentions(class, it));
    let is_password =
        around.iter().any(|it| names::credential(it) == Some(names::Credential::Password)) || says("password-hash");
    if is_password || says("hash-harmless") && !says("hash-security") {
        return None;
    }
    let place = call.role("algorithm").place.filter(|it| contains(call.call.place, *it) && cx.text(*it).len() < 40);
    let message = format!("`{}` uses {algorithm}: two texts with the same hash can be made", call.callee_text());
    let finding = Finding::new(&RULE, place.unwrap_or(call.callee.place), message)
        .help("use SHA-256; for passwords argon2id or bcrypt");
    let is_signature = algorithm.to_lowercase().starts_with("rsa-");
    Some(if says("hash-security") || is_signature {
        finding
    } else {
        finding.confidence(Confidence::Low).profile(Profile::Strict)
    })
}

/// The names that tell what the hash is for.
fn surroundings(cx: &RuleContext<'_>, call: &Call<'_>) -> Vec<String> {
    let mut all = vec![cx.function_name(call.call.place).to_owned()];
    all.extend(cx.written.named_around(call.call.place).map(|it| it.name.clone()));
    if let Some(data) = call.role("data").place {
        all.extend(cx.mentions(data).into_iter().map(|it| it.name));
    }
    all
}

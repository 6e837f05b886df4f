//! Passwords behind a hash that is made to be fast. See `weak-password-hash.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names::{self, Credential};
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};
use crate::rules::written::{How, contains};

pub(crate) static RULE: Rule = Rule {
    id: "weak-password-hash",
    summary: "Password hashed with a fast or unsalted hash",
    group: "auth",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[916],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("hash").into_iter().chain(cx.calls("hmac")) {
        let data = call.role("data");
        let algorithm = call.role("algorithm").text().unwrap_or("a fast hash").to_owned();
        if data.place.is_some() && (is_of_password(cx, &call, data.place) || becomes_password(cx, &call)) {
            findings.push(report(&call, place(cx, &call, data.place), &algorithm));
        }
    }
    for call in cx.calls("derive-key") {
        let algorithm = call.role("algorithm").text().unwrap_or_default().to_lowercase();
        let is_scheme = names::is("weak-password-scheme", &algorithm);
        let is_low =
            names::cost(&algorithm).is_some_and(|cost| call.role("rounds").number().is_some_and(|it| it < cost.weak));
        let secret = call.role("secret").place;
        if is_scheme || (is_low && is_of_password(cx, &call, secret)) {
            findings.push(report(&call, call.callee.place, &algorithm));
        }
    }
}

/// The algorithm where it is named, else the data.
fn place(cx: &RuleContext<'_>, call: &Call<'_>, data: Option<crate::Place>) -> crate::Place {
    match call.role("algorithm").place {
        Some(it) if contains(call.call.place, it) && cx.text(it).len() < 40 => it,
        _ => data.unwrap_or(call.callee.place),
    }
}

fn is_of_password(cx: &RuleContext<'_>, call: &Call<'_>, data: Option<crate::Place>) -> bool {
    let function = cx.function_name(call.call.place);
    if names::mentions("hash-harmless", function) || names::mentions("breach", function) {
        return false;
    }
    let is_password = |it: &str| names::credential(it) == Some(Credential::Password);
    let by_data = data.is_some_and(|it| cx.mentions(it).iter().any(|it| is_password(&it.name)));
    let target = cx.written.named_around(call.call.place).map_or("", |it| it.name.as_str());
    by_data
        || is_password(target)
        || names::mentions("password-hash", target)
        || names::mentions("password-hash", function)
}

/// The digest, or the variable that holds it, is given to `setPassword(…)`.
fn becomes_password(cx: &RuleContext<'_>, call: &Call<'_>) -> bool {
    let target =
        cx.written.named_around(call.call.place).filter(|it| it.how == How::Variable).map(|it| it.name.as_str());
    cx.written.calls_in(call.call.place.file).iter().any(|it| {
        let name = names::last_name(&it.callee);
        names::mentions("password-setter", name)
            && it.args.iter().any(|arg| {
                contains(*arg, call.call.place) || target.is_some_and(|name| names::has_word(cx.text(*arg), name))
            })
    })
}

fn report(call: &Call<'_>, place: crate::Place, algorithm: &str) -> Finding {
    let message = format!(
        "`{}` hashes a password with {algorithm}: stolen hashes can be tried by the billion",
        call.callee_text()
    );
    Finding::new(&RULE, place, message).help("use argon2id, scrypt or bcrypt with their own salts")
}

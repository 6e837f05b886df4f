//! Tokens that can be predicted. See `insecure-random-token.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::written::{Shape, contains};

pub(crate) static RULE: Rule = Rule {
    id: "insecure-random-token",
    summary: "Non-cryptographic randomness for a token",
    group: "auth",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[338],
    owasp: &["2021-A02", "2025-A04", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let mut reported = Vec::new();
    for (kind, role) in [
        ("cookie", "value"),
        ("jwt-sign", "key"),
        ("session-config", "secret"),
        ("cipher", "key"),
        ("cipher", "iv"),
        ("derive-key", "salt"),
        ("hmac", "key"),
    ] {
        for call in cx.calls(kind) {
            let value = call.role(role);
            if kind == "cookie"
                && !call
                    .role("name")
                    .text()
                    .is_none_or(|it| names::is_login_cookie(it) || names::mentions("random-secret", it))
            {
                continue;
            }
            for origin in cx.data_places(&value, "weak-random") {
                let message = format!(
                    "{} becomes a secret that `{}` relies on, and can be predicted",
                    made_by(cx, origin),
                    call.callee_text()
                );
                reported.push(origin);
                findings.push(report(value.place.unwrap_or(origin), message).related(origin, "drawn here"));
            }
        }
    }
    let mut origins = cx.origins("weak-random");
    origins.extend(cx.calls("random").iter().map(|it| it.call.place));
    origins.sort();
    for origin in origins {
        // A member of what was drawn is no second one.
        if reported.iter().any(|it| contains(*it, origin) || contains(origin, *it)) || cx.is_test(origin) {
            continue;
        }
        reported.push(origin);
        match purpose(cx, origin) {
            Some((name, place)) => {
                let message = format!("{} is used for `{name}`, and can be predicted", made_by(cx, origin));
                let finding = report(place, message);
                findings.push(if place == origin { finding } else { finding.related(origin, "drawn here") });
            }
            None => {
                let message =
                    format!("{} can be predicted: see that nothing secret is made of it", made_by(cx, origin));
                findings.push(
                    report(origin, message).severity(Severity::Low).confidence(Confidence::Low).profile(Profile::Audit),
                );
            }
        }
    }
}

fn made_by(cx: &RuleContext<'_>, origin: crate::Place) -> String {
    format!("`{}`", quote(cx.text(origin)))
}

/// The secret that it is drawn for, by the name of what gets it or of the function around.
fn purpose(cx: &RuleContext<'_>, origin: crate::Place) -> Option<(String, crate::Place)> {
    let target = cx.written.named_around(origin).filter(|it| !matches!(it.value, Shape::Function | Shape::Object));
    let function = cx.function_name(origin);
    let is_secret = |it: &str| names::mentions("random-secret", it) && !names::mentions("random-not", it);
    let target = target.map(|it| it.name.clone());
    if let Some(name) = &target
        && names::mentions("random-not", name)
        && !is_secret(function)
    {
        return None;
    }
    // `const suffix = Math.random(); const password = prefix + suffix`
    if let Some(name) = target.as_ref().filter(|it| !is_secret(it))
        && let Some(next) = cx.written.named_in(origin.file).iter().find(|it| {
            is_secret(&it.name)
                && !matches!(it.value, Shape::Function | Shape::Object)
                && in_same_function(cx, it.place, origin)
                && cx.mentions(it.place).iter().any(|it| it.name == *name && it.object.is_empty())
        })
    {
        return Some((next.name.clone(), next.place));
    }
    let name = target.filter(|it| is_secret(it)).or_else(|| is_secret(function).then(|| function.to_owned()));
    name.map(|it| (it, origin))
}

fn in_same_function(cx: &RuleContext<'_>, one: crate::Place, other: crate::Place) -> bool {
    cx.written.function_at(one).map(|it| it.place) == cx.written.function_at(other).map(|it| it.place)
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("draw it from the system's generator: `crypto.randomBytes`, `crypto.randomUUID`, `secrets.token_urlsafe`")
}

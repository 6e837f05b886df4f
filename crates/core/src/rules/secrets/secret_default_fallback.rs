//! Secrets with a value for when nobody sets one. See `secret-default-fallback.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::secrets::environment;
use crate::rules::written::{How, Shape, contains};

pub(crate) static RULE: Rule = Rule {
    id: "secret-default-fallback",
    summary: "Secret falls back to a literal when the environment is empty",
    group: "secrets",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[1188],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let environment = cx.origins("env");
    for it in &cx.written.fallbacks {
        let Some(text) = it.other_shape.text().filter(|it| !it.is_empty()) else { continue };
        if !environment.iter().any(|from| contains(it.value, *from) || *from == it.value) {
            continue;
        }
        let name = match &it.key {
            Some(key) => key.clone(),
            None => named(cx, &environment::name_in(cx.text(it.value)), it.place),
        };
        report(cx, &name, it.other, text, findings);
    }
    for call in cx.calls("env-read") {
        if let (Some(name), Some(text), Some(place)) =
            (call.role("name").text(), call.role("default").text(), call.role("default").place)
        {
            report(cx, &named(cx, name, call.call.place), place, text, findings);
        }
    }
    schema_defaults(cx, findings);
}

/// The variable's own name, or the name of what it is read into where that says more.
fn named(cx: &RuleContext<'_>, name: &str, place: crate::Place) -> String {
    let target = cx.written.named_around(place).map(|it| it.name.clone());
    match target {
        Some(target) if names::credential(name).is_none() && names::credential(&target).is_some() => target,
        _ => name.to_owned(),
    }
}

/// `JWT_SECRET: z.string().default("dev")`
fn schema_defaults(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for it in cx.written.named.iter().filter(|it| it.how == How::Property && names::is_screaming(&it.name)) {
        let Shape::Call(callee, args) = &it.value else { continue };
        let place = match args.as_slice() {
            [first] if callee.ends_with(".default") => *first,
            [first] => match cx.written.property_in(*first, &["default"]) {
                Some(default) => default.place,
                None => continue,
            },
            _ => continue,
        };
        if let Shape::Text(text) = cx.shape(place) {
            report(cx, &it.name, place, &text, findings);
        }
    }
}

fn report(cx: &RuleContext<'_>, name: &str, place: crate::Place, text: &str, findings: &mut Vec<Finding>) {
    let is_address = names::has_url_credentials(text);
    if text.is_empty()
        || is_address
        || names::credential(name).is_none()
        || cx.is_test(place)
        || cx.is_for_development(place)
    {
        return;
    }
    let message =
        format!("when `{name}` is not set, the program runs with a secret that everybody can read in the source");
    findings.push(Finding::new(&RULE, place, message).help(format!("refuse to start without `{name}`")));
}

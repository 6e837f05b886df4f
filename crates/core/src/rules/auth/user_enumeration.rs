//! Answers that tell whether an account exists. See `user-enumeration.md` for the page and the tests.

use crate::Place;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::effects::{Effect, EffectKind};
use crate::flow::events::ArgFact;
use crate::flow::guards::Proof;
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;
use crate::rules::written::contains;

pub(crate) static RULE: Rule = Rule {
    id: "user-enumeration",
    summary: "Different answer for unknown user and wrong password",
    group: "auth",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[204],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for route in routes::judged(cx, &[]).filter(|it| routes::changes(it)) {
        let Some(function) = asks_for_account(cx, route) else { continue };
        let Some(told) = told_in(cx, function) else { continue };
        let message = format!(
            "`{}` tells whether an account exists (`{}`): names can be collected, then their passwords guessed",
            routes::title(route),
            quote(cx.text(told)),
        );
        findings.push(
            Finding::new(&RULE, route.place, message)
                .related(told, "said only where there is no such account")
                .help("give the same answer in every case, such as \"wrong name or password\""),
        );
    }
}

/// The function that looks for an account which a guest names: in a login, or where a password is forgotten.
fn asks_for_account(cx: &RuleContext<'_>, route: &Route) -> Option<Place> {
    let handler = routes::handler_place(cx, route)?;
    let is_password = |it: &(String, ArgFact)| names::credential(&it.0) == Some(names::Credential::Password);
    let by_both = |it: &Effect| routes::fields(it.role("filter")).iter().any(is_password);
    if routes::login(cx, route).is_some() {
        // Who is looked for by name and password together is told nothing of either.
        return (!routes::effects(route, EffectKind::Read).any(by_both)).then_some(handler);
    }
    let is_reset = routes::fixed_parts(&route.path).iter().any(|it| names::mentions("reset-path", it));
    (is_reset && !routes::has(route, Proof::Auth)).then_some(handler)
}

/// A text of the function that says that there is no such account, and that is no line of a log.
fn told_in(cx: &RuleContext<'_>, function: Place) -> Option<Place> {
    let is_logged = |place: Place| {
        let around = cx.written.calls_in(place.file).iter().filter(|it| contains(it.place, place));
        around.filter(|it| contains(function, it.place)).any(|it| names::mentions("logs", &it.callee))
    };
    let here = cx.written.literals_in(function.file).iter().filter(|it| contains(function, it.place));
    here.filter(|it| says_unknown(&it.text)).map(|it| it.place).find(|it| !is_logged(*it))
}

/// "No such user", "Invalid username", but not "wrong name or password".
fn says_unknown(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|it: char| !it.is_alphanumeric() && it != '\'').filter(|it| !it.is_empty()).collect();
    if words.len() < 2 || words.len() > 14 {
        return false;
    }
    let has = |list: &str| words.iter().any(|it| names::is(list, &it.to_lowercase()));
    has("account-said") && has("unknown-said") && !has("password-said")
}

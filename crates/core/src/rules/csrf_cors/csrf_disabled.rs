//! The defence against forged requests is switched off. See `csrf-disabled.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::{ArgFact, Fact};
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "csrf-disabled",
    summary: "CSRF protection switched off",
    group: "csrf-cors",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[352],
    owasp: &["2021-A01", "2025-A01", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

/// Characters between a decorator and the name of what it decorates.
const DECORATOR_MAX: u32 = 400;

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("csrf-off") {
        let place = call.call.place;
        if cx.is_test(place) || cx.is_for_development(place) || !matters(cx, &call) {
            continue;
        }
        let message = format!(
            "`{}` switches the CSRF protection off: a page elsewhere can act for whoever is logged in",
            call.callee_text()
        );
        findings.push(Finding::new(&RULE, place, message).help(
            "leave it on; for clients that send a token of their own, authenticate by that instead of the cookie",
        ));
    }
    check_middleware(cx, findings);
}

/// A switch for all of the app matters; an exception, where the route goes by a cookie.
fn matters(cx: &RuleContext<'_>, call: &Call<'_>) -> bool {
    if call.event.role("switch").is_some() || cx.is_in_fragment(call.call.place) {
        return true;
    }
    decorated(cx, call).is_some_and(|route| {
        let is_signed = routes::handler_text(cx, route).is_some_and(|it| names::mentions("signature", it));
        route.by_cookie && !is_signed && (routes::changes(route) || route.methods.is_empty())
    })
}

/// The route whose handler stands right behind the decorator.
fn decorated<'a>(cx: &'a RuleContext<'_>, call: &Call<'_>) -> Option<&'a Route> {
    let at = call.call.place;
    let distance = |route: &&Route| {
        let handler = route.handler.filter(|it| it.file == at.file)?;
        handler.span.start.checked_sub(at.span.end).filter(|it| *it < DECORATOR_MAX)
    };
    routes::judged(cx, &[]).filter(|it| distance(it).is_some()).min_by_key(|it| distance(it))
}

/// Middleware that knows users, listed without the one that asks for a token.
fn check_middleware(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let lists = cx.calls("middleware");
    let has = |call: &Call<'_>, role: &str| {
        let wanted = call.role(role);
        items(&call.role("names")).iter().any(|it| it.text().is_some() && it.text() == wanted.text())
    };
    if lists.iter().any(|it| has(it, "csrf") || !is_complete(&it.role("names"))) {
        return;
    }
    for call in lists.iter().filter(|it| has(it, "auth") && !cx.is_test(it.call.place)) {
        let wanted = call.role("csrf");
        let message = format!(
            "`{}` lists no `{}`: a page elsewhere can act for whoever is logged in",
            call.callee_text(),
            wanted.text().unwrap_or_default()
        );
        findings.push(Finding::new(&RULE, call.call.place, message).help("put it back into the list"));
    }
}

fn items(names: &ArgFact) -> &[ArgFact] {
    match &names.fact {
        Fact::Array { items, .. } => items,
        _ => &[],
    }
}

fn is_complete(names: &ArgFact) -> bool {
    matches!(&names.fact, Fact::Array { items, complete: true } if items.iter().all(|it| it.text().is_some()))
}

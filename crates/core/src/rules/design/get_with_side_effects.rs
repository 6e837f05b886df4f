//! Requests that only read, and yet change something. See `get-with-side-effects.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::effects::{Effect, EffectKind};
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "get-with-side-effects",
    summary: "GET handler changes state",
    group: "design",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[650],
    owasp: &["2021-A01", "2025-A01", "api2023-API8"],
    specialist: Specialist::Backend,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for route in routes::judged(cx, &[]).filter(|it| only_reads(it)) {
        // Links of mails, callbacks and logouts are asked for by GET, and change what they are for.
        if routes::is_for_guests(cx, route) {
            continue;
        }
        let Some(write) = routes::effects(route, EffectKind::Write).find(|it| is_asked_for(cx, it)) else { continue };
        let message = format!(
            "`{}` changes data (`{}`): browsers, crawlers and previews follow links, and no token guards a GET",
            routes::title(route),
            quote(cx.text(write.callee)),
        );
        findings.push(
            Finding::new(&RULE, route.place, message)
                .related(write.place, "changed here")
                .help("let it be a POST, PUT, PATCH or DELETE"),
        );
    }
}

fn only_reads(route: &Route) -> bool {
    !route.methods.is_empty() && route.methods.iter().all(|it| it == "GET")
}

/// The client says what is changed, and it is no note of the visit.
fn is_asked_for(cx: &RuleContext<'_>, write: &Effect) -> bool {
    let around = cx.written.function_at(write.place);
    let is_note = |it: &str| names::mentions("visit-note", it);
    routes::is_from_client(cx, &write.given)
        && !is_note(cx.text(write.place))
        && !around.is_some_and(|it| is_note(&it.name) || is_note(cx.text(it.place)))
}

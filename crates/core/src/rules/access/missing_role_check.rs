//! Administration for everybody who is logged in. See `missing-role-check.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::guards::Proof;
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "missing-role-check",
    summary: "Administrative route protected by login only",
    group: "access",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[862],
    owasp: &["2021-A01", "2025-A01", "api2023-API5"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let is_for_users = |it: &&Route| routes::has(it, Proof::Auth);
    // Where all is administration, whoever is logged in administrates.
    if cx.routes.iter().filter(is_for_users).all(routes::is_administrative) {
        return;
    }
    for route in routes::judged(cx, &[Proof::Role, Proof::Ownership]).filter(is_for_users) {
        let is_open = !routes::has(route, Proof::Role) && !routes::has(route, Proof::Ownership);
        if !is_open || !routes::is_administrative(route) || route.effects.is_empty() || checks_role(cx, route) {
            continue;
        }
        let message = format!(
            "`{}` is for administrators by its path, but asks for nothing more than a login",
            routes::title(route)
        );
        findings.push(Finding::new(&RULE, route.place, message).help("let a guard ask for the role as well"));
    }
}

/// The handler speaks of roles in a way that is not understood.
fn checks_role(cx: &RuleContext<'_>, route: &Route) -> bool {
    routes::handler_text(cx, route).is_some_and(|it| names::mentions("role-word", it))
}

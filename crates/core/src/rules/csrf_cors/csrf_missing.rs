//! Cookies that say who asks, and nothing that says who sent the form. See `csrf-missing.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::guards::Proof;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "csrf-missing",
    summary: "Cookie-authenticated writes without CSRF defence",
    group: "csrf-cors",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[352],
    owasp: &["2021-A01", "2025-A01", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const HELP: &str =
    "let the session cookie be `SameSite=Lax` or `Strict`, and ask for a token in every form that changes something";

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let sessions = cx.calls("session-config");
    if sessions.iter().any(|it| is_same_site(it.role("samesite").text(), it.role("samesite").bool())) {
        return;
    }
    let writes = |it: &&Route| routes::changes(it) && it.by_cookie && routes::has(it, Proof::Auth);
    let open: Vec<&Route> =
        routes::judged(cx, &[Proof::Csrf, Proof::ContentType]).filter(writes).filter(|it| !is_guarded(it)).collect();
    let Some(first) = open.first() else { return };
    if routes::judged(cx, &[Proof::Csrf, Proof::ContentType]).any(|it| routes::has(it, Proof::Csrf)) {
        for route in open {
            let message = format!(
                "`{}` trusts a cookie that browsers send from any site, and asks for no token, though other routes do",
                routes::title(route)
            );
            findings.push(Finding::new(&RULE, route.place, message).help(HELP));
        }
        return;
    }
    let others = if open.len() > 1 { format!(" and {} other routes", open.len() - 1) } else { String::new() };
    let message = format!(
        "`{}`{others} trust a cookie that browsers send from any site: a page elsewhere can act for whoever is logged in",
        routes::title(first)
    );
    let place = sessions.iter().find(|it| !cx.is_test(it.call.place)).map_or(first.place, |it| it.callee.place);
    findings
        .push(Finding::new(&RULE, place, message).related(first.place, "a route that changes something").help(HELP));
}

fn is_same_site(text: Option<&str>, flag: Option<bool>) -> bool {
    flag == Some(true) || text.is_some_and(|it| matches!(it.to_lowercase().as_str(), "lax" | "strict"))
}

fn is_guarded(route: &Route) -> bool {
    routes::has(route, Proof::Csrf) || routes::has(route, Proof::ContentType)
}

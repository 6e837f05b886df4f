//! Logins that can be tried for ever. See `login-rate-limit-missing.md` for the page and the tests.

use crate::config::DoneBy;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::guards::Proof;
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "login-rate-limit-missing",
    summary: "Credential endpoint without throttling",
    group: "auth",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[307],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    if cx.assume.rate_limit != DoneBy::None {
        return;
    }
    for route in
        routes::judged(cx, &[Proof::RateLimit]).filter(|it| routes::changes(it) && !routes::has(it, Proof::RateLimit))
    {
        let Some(login) = routes::login(cx, route) else { continue };
        let around = cx.written.function_at(login).map_or("", |it| cx.text(it.place));
        let handler = routes::handler_text(cx, route).unwrap_or_default();
        if [around, handler].iter().any(|it| names::mentions("lockout", it)) {
            continue;
        }
        let message = format!(
            "`{}` checks a password (`{}`) as often as a client asks: passwords can be guessed",
            routes::title(route),
            quote(cx.text(login)),
        );
        findings.push(Finding::new(&RULE, route.place, message).related(login, "the password is checked here").help(
            "put a limiter by address and account before it, or lock the account for a while after some failures",
        ));
    }
}

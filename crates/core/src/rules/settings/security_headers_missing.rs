//! Pages without the headers that browsers heed. See `security-headers-missing.md` for the page and the tests.

use crate::config::DoneBy;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "security-headers-missing",
    summary: "No security-header middleware",
    group: "settings",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[693],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    if cx.assume.security_headers != DoneBy::None || cx.routes.is_empty() || !cx.calls("security-headers").is_empty() {
        return;
    }
    let is_header =
        |it: &Call<'_>| it.role("name").text().is_none_or(|name| names::is("security-header", &name.to_lowercase()));
    if cx.calls("header").iter().any(is_header) {
        return;
    }
    // Who keeps sessions serves people with browsers.
    let keeps = |it: &&Call<'_>| {
        it.event.role("store").is_some() && !cx.is_test(it.call.place) && !cx.is_in_fragment(it.call.place)
    };
    let sessions = cx.calls("session-config");
    let Some(session) = sessions.iter().find(keeps) else { return };
    let message =
        "sessions are kept here, but no header tells browsers what they must not do (frames, scripts, plain HTTP)";
    findings.push(
        Finding::new(&RULE, session.callee.place, message)
            .help("put a middleware that sets them before the routes (such as `helmet`)"),
    );
}

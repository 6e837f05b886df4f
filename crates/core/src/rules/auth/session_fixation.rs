//! A session that keeps its id when somebody logs in. See `session-fixation.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::effects::EffectKind;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "session-fixation",
    summary: "Session not renewed at login",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[384],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // A session that lives in the cookie has no id to plant.
    let has_id = |it: &crate::rules::context::Call<'_>| {
        it.event.role("store").is_some_and(|store| store.text() != Some("cookie"))
    };
    if !cx.calls("session-config").iter().any(has_id) {
        return;
    }
    for route in routes::judged(cx, &[]) {
        if routes::login(cx, route).is_none() || routes::effects(route, EffectKind::NewSession).next().is_some() {
            continue;
        }
        let Some(written) = routes::effects(route, EffectKind::Session).next() else { continue };
        let message = format!(
            "`{}` logs the user into the session that the browser came with (`{}`): who planted its id is logged in as well",
            routes::title(route),
            quote(cx.text(written.place)),
        );
        findings.push(
            Finding::new(&RULE, written.place, message)
                .related(route.place, "the login")
                .help("make a new session first: `req.session.regenerate(…)`"),
        );
    }
}

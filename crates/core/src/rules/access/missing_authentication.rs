//! Routes that change data for anybody. See `missing-authentication.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::effects::EffectKind;
use crate::flow::guards::Proof;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;

pub(crate) static RULE: Rule = Rule {
    id: "missing-authentication",
    summary: "Route changes data without authentication",
    group: "access",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[306],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // A project in which nobody logs in may be open on purpose, or guarded by what stands before it.
    if !routes::asks_for_login(cx) {
        return;
    }
    for route in routes::judged(cx, &[Proof::Auth]) {
        if routes::changes(route) && !routes::has(route, Proof::Auth) && !routes::is_for_guests(cx, route) {
            findings.extend(report(cx, route));
        }
    }
}

fn report(cx: &RuleContext<'_>, route: &Route) -> Option<Finding> {
    let open = |it: &&crate::flow::effects::Effect| !it.holds(Proof::Auth);
    let write = routes::effects(route, EffectKind::Write).find(open);
    let work = || routes::effects(route, EffectKind::Work).find(|it| open(it) && routes::is_from_client(cx, &it.given));
    let does = write.or_else(work)?;
    let neighbors = routes::neighbors(cx, route);
    let message = format!(
        "nobody has to be logged in for `{}`, which reaches `{}`; {}",
        routes::title(route),
        quote(cx.text(does.callee)),
        neighbors.sentence(),
    );
    Some(
        Finding::new(&RULE, route.place, message)
            .related(does.place, "what anybody can do")
            .help("put the guard of its neighbors before it, or name the path in `assume.public-routes`"),
    )
}

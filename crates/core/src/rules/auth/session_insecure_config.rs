//! Sessions kept in memory, or under the name that everybody knows. See `session-insecure-config.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "session-insecure-config",
    summary: "Session settings unsafe in production",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[1188],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("session-config") {
        let (Some(store), Some(_)) = (call.event.role("store"), call.event.role("secret")) else { continue };
        let options = call.role("options");
        let known = matches!(options.fact, Fact::Object { complete: true, .. } | Fact::Absent);
        if !known || cx.is_test(call.call.place) || cx.is_for_development(call.call.place) {
            continue;
        }
        let has_default_name = call.role("name").text().is_some() && call.role("name").place.is_none();
        if store.is_absent() {
            let message = format!(
                "`{}` keeps sessions in the memory of one process: they are lost when it ends, and it grows without a limit",
                call.callee_text()
            );
            findings.push(Finding::new(&RULE, call.callee.place, message).help("pass a `store`: a database or Redis"));
        } else if has_default_name {
            let message = format!(
                "`{}` leaves the cookie its default name, which tells what the server runs",
                call.callee_text()
            );
            findings.push(
                Finding::new(&RULE, call.callee.place, message)
                    .profile(Profile::Strict)
                    .help("give the cookie a `name`"),
            );
        }
    }
}

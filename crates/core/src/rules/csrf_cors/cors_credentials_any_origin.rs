//! Any site may ask with the user's cookies. See `cors-credentials-any-origin.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::csrf_cors::origin::is_any;

pub(crate) static RULE: Rule = Rule {
    id: "cors-credentials-any-origin",
    summary: "Any origin allowed together with credentials",
    group: "csrf-cors",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[942],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("cors") {
        let origin = call.role("origin");
        if call.role("credentials").bool() != Some(true) || origin.place.is_none() || !is_any(&origin) {
            continue;
        }
        if cx.is_for_development(call.call.place) {
            continue;
        }
        let place = cx.place_of(&call, "origin", &["origin", "origins", "allow_origins"]);
        let message =
            format!("`{}` lets every site read answers with the cookies of whoever is logged in", call.callee_text());
        findings.push(
            Finding::new(&RULE, place, message).help("name the origins that may ask, or leave the credentials out"),
        );
    }
}

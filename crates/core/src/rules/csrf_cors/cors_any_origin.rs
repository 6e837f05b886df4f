//! Every site may read the answers. See `cors-any-origin.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::csrf_cors::origin::{in_header, is_any};

pub(crate) static RULE: Rule = Rule {
    id: "cors-any-origin",
    summary: "Any origin allowed",
    group: "csrf-cors",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Strict,
    cwe: &[942],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const HELP: &str = "name the origins that may ask, unless what is answered is public";

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("cors") {
        // With credentials it is another rule's.
        let has_credentials = call.role("credentials").bool() == Some(true);
        if !has_credentials && is_any(&call.role("origin")) && !cx.is_for_development(call.call.place) {
            let place = cx.place_of(&call, "origin", &["origin", "origins", "allow_origins"]);
            let message = format!("`{}` lets every site read the answers", call.callee_text());
            findings.push(Finding::new(&RULE, place, message).help(HELP));
        }
    }
    for call in cx.calls("header") {
        if in_header(&call).is_some_and(|it| it.text() == Some("*")) && !cx.is_for_development(call.call.place) {
            let message = format!("`{}` lets every site read the answer", call.callee_text());
            findings.push(Finding::new(&RULE, call.call.place, message).help(HELP));
        }
    }
}

//! Visitors see what is in a folder. See `directory-listing.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "directory-listing",
    summary: "Folder listed to visitors",
    group: "access",
    severity: Severity::Low,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[548],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("static-files") {
        let place = call.call.place;
        if call.role("listing").bool() != Some(true) || cx.is_test(place) || cx.is_for_development(place) {
            continue;
        }
        let place = cx.place_of(&call, "listing", &["list", "show_index", "directory_view"]);
        let message = format!("`{}` shows visitors the names of all files in the folder", call.callee_text());
        findings.push(Finding::new(&RULE, place, message).help("serve files by their names alone"));
    }
}

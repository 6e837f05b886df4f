//! Visitors can fetch the source. See `private-files-served.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Call, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "private-files-served",
    summary: "Source or hidden files served to visitors",
    group: "access",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[538],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

/// Folders that hold the program, as a path.
const ROOTS: &[&str] = &["", ".", "./", "..", "../", "/"];

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("static-files") {
        if cx.is_test(call.call.place) || cx.is_for_development(call.call.place) {
            continue;
        }
        let root = call.role("root");
        if is_project(cx, &call) {
            let place = root.place.unwrap_or(call.call.place);
            let message = format!("`{}` lets visitors fetch the program's own files", call.callee_text());
            findings.push(
                Finding::new(&RULE, place, message).help("keep what is public in a folder of its own, and serve that"),
            );
        } else if call.role("dotfiles").text() == Some("allow") {
            let place = cx.place_of(&call, "dotfiles", &["dotfiles"]);
            let message = format!("`{}` lets visitors fetch hidden files, as `.env`", call.callee_text());
            findings
                .push(Finding::new(&RULE, place, message).severity(Severity::Medium).help("leave `dotfiles` as it is"));
        }
    }
}

fn is_project(cx: &RuleContext<'_>, call: &Call<'_>) -> bool {
    let root = call.role("root");
    if let Some(text) = root.text() {
        let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        return ROOTS.contains(&text) || names::is("program-folder", last);
    }
    root.place.is_some_and(|it| names::is("program-root", &cx.text(it).replace(char::is_whitespace, "")))
}

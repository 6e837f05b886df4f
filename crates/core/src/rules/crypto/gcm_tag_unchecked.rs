//! Authenticated encryption whose proof nobody looks at. See `gcm-tag-unchecked.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::written::contains;

pub(crate) static RULE: Rule = Rule {
    id: "gcm-tag-unchecked",
    summary: "AEAD tag not set, not verified or short",
    group: "crypto",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[354],
    owasp: &["2021-A02", "2025-A04"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("cipher") {
        let is_gcm = call.role("algorithm").text().is_some_and(|it| it.to_lowercase().ends_with("-gcm"));
        if !is_gcm || !names::mentions("decrypts", call.callee.text) {
            continue;
        }
        let around = cx.written.function_at(call.call.place).map(|it| it.place);
        let calls: Vec<&str> = cx
            .written
            .calls
            .iter()
            .filter(|it| it.place.file == call.call.place.file && around.is_none_or(|at| contains(at, it.place)))
            .map(|it| names::last_name(&it.callee))
            .collect();
        let has = |class: &str| calls.iter().any(|it| names::is(class, &it.to_lowercase()));
        // The object may be given away before it is used.
        let is_used_here = calls.contains(&"update");
        if is_used_here && !(has("aead-tag") && has("aead-final")) {
            let message = format!(
                "what `{}` decrypts is used without checking its tag: a changed text is not noticed",
                call.callee_text()
            );
            findings.push(
                Finding::new(&RULE, call.callee.place, message)
                    .help("set the tag before `final()`, and let `final()` throw"),
            );
        }
    }
}

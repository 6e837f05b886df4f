//! Debug mode that the source switches on, wherever it runs. See `debug-enabled.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "debug-enabled",
    summary: "Debug mode switched on in source",
    group: "settings",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[489],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("debug") {
        let enabled = call.role("enabled");
        if enabled.bool() != Some(true) || cx.is_test(call.call.place) || cx.is_for_development(call.call.place) {
            continue;
        }
        let place = enabled.place.unwrap_or(call.call.place);
        let message = format!(
            "`{}` runs in debug mode wherever it runs: whoever causes an error sees the program's insides",
            call.callee_text()
        );
        // Whoever imports the program, as servers do, does not come by.
        let severity = if cx.is_main_only(call.call.place) { Severity::Low } else { RULE.severity };
        findings.push(
            Finding::new(&RULE, place, message)
                .severity(severity)
                .help("leave debug mode off in the source, and switch it on from the environment of your own machine"),
        );
    }
}

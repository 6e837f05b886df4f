//! Personal data in logs. See `pii-logged.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{RuleContext, quote};

pub(crate) static RULE: Rule = Rule {
    id: "pii-logged",
    summary: "Personal data written to a log",
    group: "secrets",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[532],
    owasp: &["2021-A09", "2025-A09", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for arrival in cx.arrivals("log.any").into_iter().filter(|it| !it.guess) {
        let shown = cx.mentions(arrival.place);
        if let Some(it) = shown.iter().find(|it| !it.name.ends_with("()") && names::is_personal(&it.name)) {
            let message = format!(
                "`{}` is written to the log by `{}`: logs are read, copied and kept by many",
                it.name,
                quote(cx.text(arrival.callee))
            );
            findings.push(Finding::new(&RULE, it.place, message).help("log the user's id instead"));
        }
    }
}

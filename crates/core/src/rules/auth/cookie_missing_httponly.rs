//! Cookies that a script in the page can read. See `cookie-missing-httponly.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::auth::cookies;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "cookie-missing-httponly",
    summary: "Sensitive cookie readable by scripts",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[1004],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for cookie in cookies::all(cx) {
        if let Some(place) = cookie.off("httponly", cx, cookies::HTTPONLY) {
            let message = format!(
                "{} can be read by any script of the page: one injected script takes the login",
                cookie.subject()
            );
            findings.push(cookie.finding(&RULE, "httponly", place, message).help("set `httpOnly`"));
        }
    }
}

//! Cookies that travel unencrypted. See `cookie-missing-secure.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::auth::cookies;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "cookie-missing-secure",
    summary: "Sensitive cookie sent over plain HTTP",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[614],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for cookie in cookies::all(cx) {
        if let Some(place) = cookie.off("secure", cx, cookies::SECURE) {
            let message =
                format!("{} is sent over plain HTTP as well: whoever listens takes the login", cookie.subject());
            findings.push(cookie.finding(&RULE, "secure", place, message).help("set `secure`, at least in production"));
        }
    }
}

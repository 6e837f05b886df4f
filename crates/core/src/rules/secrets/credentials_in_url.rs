//! Connection addresses that carry the password. See `credentials-in-url.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "credentials-in-url",
    summary: "User and password inside a connection URL",
    group: "secrets",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[798],
    owasp: &["2021-A07", "2025-A07", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for it in &cx.written.literals {
        if names::has_url_credentials(&it.text) && !cx.is_test(it.place) {
            let message = "this address carries a user and a password: whoever reads the code can log in";
            findings.push(
                Finding::new(&RULE, it.place, message).help("read the address, or its password, from the environment"),
            );
        } else if names::has_empty_password(&it.text) && !cx.is_test(it.place) {
            let message = "this address logs in with an empty password: whoever reaches the server can do the same";
            findings.push(
                Finding::new(&RULE, it.place, message)
                    .severity(Severity::Medium)
                    .confidence(Confidence::Medium)
                    .help("give the user a password, and read it from the environment"),
            );
        }
    }
}

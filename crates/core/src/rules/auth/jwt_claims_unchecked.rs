//! Tokens of an identity provider that were made for somebody else. See `jwt-claims-unchecked.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::auth::tokens;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-claims-unchecked",
    summary: "Issuer or audience not checked",
    group: "auth",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[345],
    owasp: &["2021-A07", "2025-A07", "api2023-API2"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-verify") {
        let (Some(audience), Some(issuer)) = (call.event.role("audience"), call.event.role("issuer")) else { continue };
        let key = call.role("key");
        let is_remote = key.place.is_some_and(|it| names::mentions("key-set", cx.text(it)));
        if audience.is_absent() && issuer.is_absent() && is_remote && tokens::is_known(&call.role("options")) {
            let message = format!(
                "`{}` takes any token of the provider, also one that was made for another application",
                call.callee_text()
            );
            findings.push(Finding::new(&RULE, call.callee.place, message).help("check `issuer` and `audience`"));
        }
    }
}

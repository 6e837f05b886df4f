//! Credentials in addresses, which everybody on the way writes down. See `secret-in-url.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::names::{self, Credential};
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "secret-in-url",
    summary: "Secret placed in a query string",
    group: "secrets",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[598],
    owasp: &["2021-A04", "2025-A06", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("http-request") {
        let url = call.role("url");
        if let (Fact::Text(pieces), Some(place)) = (&url.fact, url.place)
            && let Some(name) = pieces.windows(2).find_map(parameter)
        {
            let message =
                format!("`{name}` goes into the address that `{}` requests: addresses end in logs", call.callee_text());
            findings.push(report(place, message));
        }
    }
    for origin in cx.origins("http.query") {
        let name = names::last_name(cx.text(origin));
        if matches!(names::credential(name), Some(Credential::Password)) {
            let message =
                format!("`{name}` is read from the query string: addresses end in logs and in the browser's history");
            findings.push(report(origin, message));
        }
    }
}

/// `…?token=` before a hole.
fn parameter(pair: &[Option<String>]) -> Option<String> {
    let [Some(before), None] = pair else { return None };
    let name = before.strip_suffix('=')?.rsplit(['?', '&']).next()?;
    (before.contains(['?', '&']) && names::credential(name).is_some()).then(|| name.to_owned())
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message).help("send it in a header or in the body")
}

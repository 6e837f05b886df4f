//! Requests that everybody on the way can read. See `cleartext-transport.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "cleartext-transport",
    summary: "Credentials or API calls over plain HTTP",
    group: "crypto",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[319],
    owasp: &["2021-A02", "2025-A04", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("http-request") {
        let url = call.role("url");
        let start = match &url.fact {
            Fact::Text(pieces) => pieces.first().cloned().flatten(),
            _ => url.text().map(str::to_owned),
        };
        let (Some(start), Some(place)) = (start, url.place) else { continue };
        if is_plain_and_remote(&start) && !cx.is_test(place) {
            let message = format!("`{}` sends its request unencrypted", call.callee_text());
            findings.push(Finding::new(&RULE, place, message).help("use `https://`"));
        }
    }
}

fn is_plain_and_remote(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("ws://")) else { return false };
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let is_local = host == "localhost"
        || host.starts_with("127.")
        || host.starts_with("10.")
        || host.starts_with("192.168.")
        || host.starts_with("169.254.")
        || host == "0.0.0.0";
    let is_inside =
        [".local", ".internal", ".svc", ".test", ".localhost", ".example"].iter().any(|it| host.ends_with(it))
            || host.contains(".svc.");
    host.contains('.') && !is_local && !is_inside
}

//! Errors that are told to the client. See `error-details-exposed.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "error-details-exposed",
    summary: "Exception text or stack sent to the client",
    group: "errors",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[209],
    owasp: &["2021-A04", "2025-A10", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["error"], sinks: &["response", "html"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for flow in cx.flows(&QUERY) {
        let is_harmless = flow.event.guess
            || cx.is_test(flow.sink.place)
            || cx.is_for_development(flow.sink.place)
            || names::mentions("development", flow.sink.text)
            || is_of_one_kind(cx, &flow);
        if !is_harmless {
            findings.push(report(&flow));
        }
    }
}

/// Only errors of one class are caught there: what they say is known, and may be meant for the client.
fn is_of_one_kind(cx: &RuleContext<'_>, flow: &Flow<'_>) -> bool {
    let text = &cx.loaded.file(flow.source.place.file).text;
    let before = text.get(..flow.source.place.span.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    let Some(classes) = line.strip_prefix("except ") else { return false };
    !classes.split(|it: char| !(it.is_alphanumeric() || it == '_')).any(|it| names::is("any-error", it))
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "the error `{}` is sent to the client by `{}`: it tells of paths, queries and libraries",
        flow.source.text.split_whitespace().collect::<Vec<_>>().join(" "),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help("log the error, and answer with a text of your own")
}

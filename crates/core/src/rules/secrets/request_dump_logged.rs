//! Everything that a client sends, in the log. See `request-dump-logged.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext, quote};
use crate::rules::written::Mention;

pub(crate) static RULE: Rule = Rule {
    id: "request-dump-logged",
    summary: "Whole request body or headers logged",
    group: "secrets",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[532],
    owasp: &["2021-A09", "2025-A09", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery =
    FlowQuery { sources: &["http.body", "http.headers"], sinks: &["log.any"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for flow in cx.flows(&QUERY) {
        let name = names::last_name(flow.source.text).to_lowercase();
        let is_shown = cx.mentions(flow.sink.place).iter().any(|it| is_whole(cx, &flow, it, &name));
        if !is_shown || cx.redacts() || cx.is_for_development(flow.sink.place) {
            continue;
        }
        let message =
            format!("`{}` goes to the log as a whole, passwords and tokens included", quote(flow.source.text));
        findings.push(Finding::new(&RULE, flow.sink.place, message).flow(&flow).help("log the fields that you need"));
    }
}

/// The part of the request itself, or a variable that holds it.
fn is_whole(cx: &RuleContext<'_>, flow: &Flow<'_>, mention: &Mention, name: &str) -> bool {
    let shown = names::last_name(&mention.name).to_lowercase();
    let is_part = names::is("request-part", name) && shown == *name;
    let holds = cx
        .written
        .named_in(flow.source.place.file)
        .iter()
        .any(|it| it.name == mention.name && it.place == flow.source.place);
    is_part || (holds && names::is("request-part", name))
}

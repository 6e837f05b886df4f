//! Request data in JavaScript that a document store runs. See `nosql-where-code.md` for the page and the tests.

use crate::Place;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};
use crate::rules::written::contains;

pub(crate) static RULE: Rule = Rule {
    id: "nosql-where-code",
    summary: "Untrusted data becomes JavaScript that the database runs",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[943],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Database,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["nosql.code"], in_fragments: true };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(|it| report(cx, it)));
}

/// The text that was put together for the query, where the query does not show it.
fn place(cx: &RuleContext<'_>, flow: &Flow<'_>) -> Place {
    if flow.sink.text.contains("$where") {
        return flow.sink.place;
    }
    let is_text = |it: &Place| cx.text(*it).starts_with(['`', '"', '\'']) && !contains(*it, flow.sink.place);
    flow.stations().rev().find(is_text).unwrap_or(flow.sink.place)
}

fn report(cx: &RuleContext<'_>, flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes part of the JavaScript that `{}` runs in the database: whoever sends it can read and match anything there",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, place(cx, flow), message)
        .flow(flow)
        .help("use the query operators of the database instead of JavaScript, with the value as their operand")
}

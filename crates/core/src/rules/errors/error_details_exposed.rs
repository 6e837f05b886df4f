//! The inside of a server, told by its errors. See `error-details-exposed.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext, quote};
use crate::rules::written::Branch;

pub(crate) static RULE: Rule = Rule {
    id: "error-details-exposed",
    summary: "Text or stack of an unknown error is sent to the client",
    group: "errors",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[209],
    owasp: &["2021-A04", "2025-A10", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery =
    FlowQuery { sources: &["error"], sinks: &["response", "html", "template.locals"], in_fragments: false };

/// Statuses that blame the request: such an answer is meant for the client.
const CLIENT_ERRORS: std::ops::Range<u32> = 400..500;

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for flow in cx.flows(&QUERY) {
        let place = flow.sink.place;
        if flow.event.guess || flow.is_from("error.expected") || cx.is_test(place) || cx.is_for_development(place) {
            continue;
        }
        let has_trace = flow.is_from("error.trace") || cx.mentions(place).iter().any(|it| is_trace(&it.name));
        if has_trace {
            findings.push(report(&flow, "the stack of an error"));
        } else if flow.is_from("error.any") || !is_meant_for_client(cx, &flow) {
            findings.push(report(&flow, "what an unknown error says").confidence(Confidence::Medium));
        }
    }
}

fn is_trace(name: &str) -> bool {
    names::is("trace", &name.to_lowercase())
}

/// The status of the answer blames the request, as far as it stands beside it, or a test knows which error it is.
fn is_meant_for_client(cx: &RuleContext<'_>, flow: &Flow<'_>) -> bool {
    let is_told_apart = |it: &Branch| names::mentions("error-test", cx.text(it.test));
    if takes_status_of_error(flow.callee.text) || cx.written.branches_around(flow.sink.place).any(is_told_apart) {
        return true;
    }
    let text = cx.text_to_line_end(flow.event.call);
    let mut words = text.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| !it.is_empty());
    words.any(|word| {
        // `HTTP_400_BAD_REQUEST` as well.
        let status = word.split('_').find_map(|it| it.parse().ok());
        status.is_some_and(|it| CLIENT_ERRORS.contains(&it)) || names::is("client-error", word)
    })
}

/// `res.status(error.status)`: an error that brings its status brings its text.
fn takes_status_of_error(callee: &str) -> bool {
    let argument = callee.split_once("status(").or_else(|| callee.split_once("code(")).map(|it| it.1.trim_start());
    argument.is_some_and(|it| it.starts_with(|it: char| it.is_alphabetic()) && it.contains("tatus"))
}

fn report(flow: &Flow<'_>, what: &str) -> Finding {
    let shown = quote(flow.sink.text);
    let message = format!("{what} is sent to the client by `{}`: `{shown}`", flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help("log the error, and answer with a text of your own")
}

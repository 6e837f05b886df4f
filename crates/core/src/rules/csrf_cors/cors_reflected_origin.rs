//! The client says which site may read the answer. See `cors-reflected-origin.md` for the page and the tests.

use crate::Place;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};
use crate::rules::csrf_cors::origin;
use crate::rules::written::contains;

pub(crate) static RULE: Rule = Rule {
    id: "cors-reflected-origin",
    summary: "Origin chosen by the client may read the answer",
    group: "csrf-cors",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[346, 942],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http"], sinks: &["cors.origin"], in_fragments: false };

const HELP: &str = "compare the origin with a list of those that may ask, and send only one of these";

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for flow in cx.flows(&QUERY) {
        // Without credentials the client gets what `*` would give it.
        let severity = match credentials(cx, flow.sink.place) {
            Some(true) => Severity::High,
            None => Severity::Low,
            Some(false) => continue,
        };
        findings.push(report(&flow).severity(severity));
    }
    for call in cx.calls("header") {
        let place = call.call.place;
        if origin::in_header(&call).is_some_and(|it| origin::is_null(&it)) && credentials(cx, place) == Some(true) {
            let message = format!(
                "`{}` lets the origin `null` read the answer, which is the one of every sandboxed frame and local file",
                call.callee_text()
            );
            findings.push(Finding::new(&RULE, place, message).severity(Severity::Medium).help(HELP));
        }
    }
}

/// Whether the function around says that credentials are sent along.
fn credentials(cx: &RuleContext<'_>, place: Place) -> Option<bool> {
    let around = cx.written.function_at(place)?.place;
    let calls = cx.calls("header").into_iter().filter(|it| contains(around, it.call.place));
    let said: Vec<bool> = calls.filter_map(|it| origin::credentials_in_header(&it)).collect();
    said.iter().copied().reduce(|all, it| all || it)
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!("{} is the site that `{}` lets read the answer", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help(HELP)
}

//! Request data that selects a method. See `dynamic-method-call.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Position;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "dynamic-method-call",
    summary: "Untrusted data selects the method that is called",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[470],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["method-name"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().filter(|it| chooses_any(it)).map(report));
}

/// Whether the data may be the name of any method: nothing constant stands beside it, and no slash that begins a path.
fn chooses_any(flow: &Flow<'_>) -> bool {
    let is_path = flow.is_from("http.url") && flow.source.text == flow.sink.text;
    flow.position() == Position::Whole && !is_path
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} selects the method that `{}` calls: inherited and internal methods can be called as well",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("look the name up in a `Map` or table of the actions that are meant, and refuse others")
}

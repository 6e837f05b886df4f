//! A request object used as a filter of an ORM. See `orm-operator-injection.md` for the page and the tests.

use super::nosql_injection::has_declared_shape;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "orm-operator-injection",
    summary: "Untrusted data may bring its own operators into a filter",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[943],
    owasp: &["2021-A03", "2025-A05", "api2023-API3"],
    specialist: Specialist::Database,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["orm-filter"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let flows = cx.flows(&QUERY);
    findings.extend(flows.iter().filter(|it| !has_declared_shape(cx, it)).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes a filter of `{}`: an object in its place is obeyed as an operator, and matches other records",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("take the fields that are meant one by one, and make each a text or a number (`String(x)`, a schema)")
}

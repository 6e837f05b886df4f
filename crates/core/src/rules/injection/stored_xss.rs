//! Stored text written into an HTML response. See `stored-xss.md` for the page and the tests.

use super::reflected_xss;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "stored-xss",
    summary: "Stored text is written into HTML",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[79],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["db"], sinks: &["html"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let flows = cx.flows_besides(&QUERY, &reflected_xss::QUERY);
    // What is marked as safe is a finding of `template-autoescape-off`.
    findings.extend(flows.iter().filter(|it| it.sink_kind.name() != "html.trusted").map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} is written into HTML by `{}`: if users can store markup there, visitors' browsers run it",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("escape the value for HTML, or render it with a template that escapes")
}

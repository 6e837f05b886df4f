//! Request data compiled as a template. See `template-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "template-injection",
    summary: "Untrusted data becomes template source",
    group: "injection",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[1336],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message", "error"], sinks: &["template"], in_fragments: true };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes template source for `{}`: expressions in it are run on the server",
        flow.subject(),
        flow.callee_text(),
    );
    // What a message of an error repeats is seldom all that was sent.
    let confidence = if flow.is_from("error") { Confidence::Medium } else { Confidence::High };
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .confidence(confidence)
        .help("keep the template constant and pass the data to it as a variable")
}

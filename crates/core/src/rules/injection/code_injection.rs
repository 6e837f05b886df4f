//! Request data evaluated as a program. See `code-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "code-injection",
    summary: "Untrusted data is evaluated as code",
    group: "injection",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[95],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["code"], in_fragments: true };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} is evaluated as code by `{}`: whoever sends it runs anything on the server",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("parse data as data (`JSON.parse`, `ast.literal_eval`), or choose among functions of your own by a table")
}

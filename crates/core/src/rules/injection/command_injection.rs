//! Request data read by a shell. See `command-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "command-injection",
    summary: "Untrusted data becomes part of a shell command",
    group: "injection",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[78],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

pub(super) const QUERY: FlowQuery =
    FlowQuery { sources: &["http", "message"], sinks: &["command"], in_fragments: true };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message =
        format!("{} becomes part of the command that `{}` gives to a shell", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("start the program without a shell, with its arguments as a list")
}

//! Shell commands built from what is not constant, though no request is seen. See `shell-dynamic-command.md` for the page and the tests.

use super::command_injection;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "shell-dynamic-command",
    summary: "A shell command is built from values that are not constant",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[78],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery {
    sources: &["unknown", "env", "cli", "file", "db", "external"],
    sinks: &["command"],
    in_fragments: false,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows_besides(&QUERY, &command_injection::QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes part of the command that `{}` gives to a shell: it is safe only as long as every caller is",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("start the program without a shell, with its arguments as a list")
}

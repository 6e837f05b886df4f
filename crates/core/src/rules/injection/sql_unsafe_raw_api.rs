//! SQL text built from what is not constant, though no request is seen. See `sql-unsafe-raw-api.md` for the page and the tests.

use super::sql_injection;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "sql-unsafe-raw-api",
    summary: "SQL text is built from values that are not constant",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[89],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Database,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery =
    FlowQuery { sources: &["unknown", "env", "cli", "file", "db", "external"], sinks: &["sql"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let flows = cx.flows_besides(&QUERY, &sql_injection::QUERY);
    findings.extend(flows.iter().filter(|it| !it.is_handed_on()).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes part of the SQL given to `{}`: it is safe only as long as every caller is",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("pass values as bound parameters, and take names from a fixed list")
}

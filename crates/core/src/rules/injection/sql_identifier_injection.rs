//! Request data used as a column, a table or a direction. See `sql-identifier-injection.md` for the page and the tests.

use super::sql_injection;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "sql-identifier-injection",
    summary: "Untrusted data becomes a name in a SQL statement",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[89],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Database,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["sql"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().filter(|it| sql_injection::is_name(it)).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes a column, table or direction in the SQL given to `{}`: no bound parameter can stand there",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("compare it with an allow-list of the names that are meant, and refuse others")
}

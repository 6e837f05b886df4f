//! Request data used as SQL text. See `sql-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Position;
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "sql-injection",
    summary: "Untrusted data becomes part of a SQL statement",
    group: "injection",
    severity: Severity::Critical,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[89],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Database,
    since: "0.1.0",
    check,
};

pub(super) const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["sql"], in_fragments: true };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let flows = cx.flows(&QUERY);
    // A statement that a caller passes whole is the caller's, not built here.
    let built = |it: &&Flow<'_>| !is_name(it) && !it.is_handed_on();
    findings.extend(flows.iter().filter(built).map(report));
}

/// Where a column or table is named no bound parameter can stand: another rule speaks of it.
pub(super) fn is_name(flow: &Flow<'_>) -> bool {
    flow.position() == Position::Identifier || flow.sink_kind.name() == "sql.identifier"
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!("{} becomes part of the SQL given to `{}`", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("pass the value beside the statement, as a bound parameter")
}

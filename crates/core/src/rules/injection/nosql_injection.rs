//! A request object used as a filter of a document store. See `nosql-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "nosql-injection",
    summary: "Untrusted data may bring its own operators into a query",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[943],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Database,
    since: "0.1.0",
    check,
};

pub(super) const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["nosql"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // What a schema let through has the declared shape: no operators.
    findings.extend(cx.flows(&QUERY).iter().filter(|it| !it.is_from("http.validated")).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes part of the query given to `{}`: an object in its place is obeyed as an operator (`$ne`, `$gt`), and matches other documents",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("make each value a text or a number first (`String(x)`, a schema), or compare with `$eq`")
}

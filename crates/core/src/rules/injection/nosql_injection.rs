//! A request object used as a filter of a document store. See `nosql-injection.md` for the page and the tests.

use crate::FileId;
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
    let flows = cx.flows(&QUERY);
    findings.extend(flows.iter().filter(|it| !has_declared_shape(cx, it)).map(report));
}

/// What a schema let through holds no operators, and neither does a body that is read as a flat form.
pub(super) fn has_declared_shape(cx: &RuleContext<'_>, flow: &Flow<'_>) -> bool {
    flow.is_from("http.validated") || flow.is_from("http.body") && is_flat(cx, flow.source.place.file)
}

/// Whether all parsers of bodies, of the file if it has any, make texts of the fields.
fn is_flat(cx: &RuleContext<'_>, file: FileId) -> bool {
    let all = cx.calls("body-parser");
    let own: Vec<_> = all.iter().filter(|it| it.event.place.file == file).collect();
    let parsers = if own.is_empty() { all.iter().collect() } else { own };
    !parsers.is_empty() && parsers.iter().all(|it| it.role("nested").bool() == Some(false))
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

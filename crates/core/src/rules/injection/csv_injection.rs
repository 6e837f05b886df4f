//! Users' text in a cell of a spreadsheet. See `csv-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "csv-injection",
    summary: "Untrusted text is written to a cell of a spreadsheet",
    group: "injection",
    severity: Severity::Low,
    confidence: Confidence::Medium,
    profile: Profile::Strict,
    cwe: &[1236],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message", "db"], sinks: &["csv"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} is written to a cell by `{}`: a text that begins with `=`, `+`, `-` or `@` is a formula when the file is opened",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("put a quote before such texts, or use the writer's option for it (`escapeFormulae`)")
}

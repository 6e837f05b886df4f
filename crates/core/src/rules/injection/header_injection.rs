//! Request data as a header's name, or as a value where line breaks pass. See `header-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "header-injection",
    summary: "Untrusted data becomes a response header",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[113],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery =
    FlowQuery { sources: &["http", "message"], sinks: &["header.name", "header.value"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let (what, help) = match flow.sink_kind.name() {
        "header.name" => {
            ("is the name of a header or cookie: any header can be set", "choose names of headers and cookies yourself")
        }
        _ => (
            "is written into a header, and line breaks are not refused: further headers can be added",
            "refuse or encode line breaks (`encodeURIComponent`, `quote`)",
        ),
    };
    let message = format!("{} {what} (`{}`)", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message).flow(flow).help(help)
}

//! Bodies that become records as they are. See `mass-assignment.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "mass-assignment",
    summary: "Whole request body written to a record",
    group: "access",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[915],
    owasp: &["2021-A08", "2025-A08", "api2023-API3"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http"], sinks: &["record"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let flows = cx.flows(&QUERY);
    // What came through something unknown may be a few fields of it.
    let is_whole = |it: &&Flow<'_>| !it.event.guess && !it.is_from("http.validated") && !it.is_from("http.files");
    findings.extend(flows.iter().filter(is_whole).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} is written to a record as it is by `{}`: a client can set any column, such as a role or an owner",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("name the fields that a client may set, or let a schema drop all others")
}

//! Request data as a path of properties that are assigned. See `prototype-pollution.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "prototype-pollution",
    summary: "Untrusted data names the properties that are assigned",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[1321],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery =
    FlowQuery { sources: &["http", "message"], sinks: &["object-key", "object-merge"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let flows = cx.flows(&QUERY);
    // A schema lets only declared properties through.
    findings.extend(flows.iter().filter(|it| !it.is_from("http.validated")).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} decides which properties `{}` gets: with `__proto__` in it every object of the process changes",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("refuse `__proto__`, `constructor` and `prototype`, or keep such data in a `Map`")
}

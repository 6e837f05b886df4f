//! Request data in an LDAP filter or name. See `ldap-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "ldap-injection",
    summary: "Untrusted data becomes part of an LDAP filter or name",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[90],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["ldap"], in_fragments: true };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.flows(&QUERY).iter().filter(|it| !it.is_handed_on()).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} becomes part of the LDAP filter or name given to `{}`: with `*` and `)` in it other entries match",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("escape the value for filters (`escape_filter_chars`), or build the filter from objects")
}

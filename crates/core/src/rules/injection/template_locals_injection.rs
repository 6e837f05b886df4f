//! A whole request object as the locals, or request data as the view's name. See `template-locals-injection.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "template-locals-injection",
    summary: "Untrusted data is passed as all locals, or as the name, of a template",
    group: "injection",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[73],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery = FlowQuery { sources: &["http", "message"], sinks: &["template.locals"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // What a schema let through has only the declared properties.
    findings.extend(cx.flows(&QUERY).iter().filter(|it| !it.is_from("http.validated")).map(report));
}

fn report(flow: &Flow<'_>) -> Finding {
    let message = format!(
        "{} decides about the view or all locals of `{}`: options of the template engine can be set through it, up to reading files and running code",
        flow.subject(),
        flow.callee_text(),
    );
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .help("name the view yourself and pass the properties that it needs one by one")
}

//! Escaping that is switched off, for a whole template engine or for one text. See `template-autoescape-off.md` for the
//! page and the tests.

use super::reflected_xss;
use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::rules::Rule;
use crate::rules::context::{Call, Flow, FlowQuery, RuleContext};

pub(crate) static RULE: Rule = Rule {
    id: "template-autoescape-off",
    summary: "Values are written into HTML without escaping",
    group: "injection",
    severity: Severity::Medium,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[79],
    owasp: &["2021-A03", "2025-A05"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

/// What comes from a request is a finding of `reflected-xss`.
const QUERY: FlowQuery =
    FlowQuery { sources: &["db", "external", "file"], sinks: &["html.trusted"], in_fragments: true };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    findings.extend(cx.calls("template-config").iter().filter_map(configured));
    findings.extend(cx.flows_besides(&QUERY, &reflected_xss::QUERY).iter().map(marked));
}

fn configured(call: &Call<'_>) -> Option<Finding> {
    let autoescape = call.role("autoescape");
    let is_off = autoescape.bool() == Some(false) || autoescape.number() == Some(0.0) || autoescape.text() == Some("");
    if !is_off {
        return None;
    }
    let callee = call.callee_text();
    // Said in so many words, or the library's own default: then the templates may be of something else than HTML.
    let (message, confidence) = match autoescape.place {
        Some(_) => {
            (format!("`{callee}` is told not to escape: values are written into HTML as they are"), Confidence::High)
        }
        None => (
            format!("`{callee}` does not escape unless told: values are written into HTML as they are"),
            Confidence::Medium,
        ),
    };
    Some(
        Finding::new(&RULE, autoescape.place.unwrap_or(call.event.place), message)
            .confidence(confidence)
            .help("switch escaping on, and mark the few texts that are HTML already"),
    )
}

fn marked(flow: &Flow<'_>) -> Finding {
    let message =
        format!("{} is marked as safe HTML by `{}`: markup in it reaches the page", flow.subject(), flow.callee_text());
    Finding::new(&RULE, flow.sink.place, message)
        .flow(flow)
        .confidence(Confidence::Medium)
        .help("escape the value, or clean it with a sanitizer of HTML, before marking it")
}

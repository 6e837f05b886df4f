//! All settings of the server, sent to a client. See `env-exposed.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{FlowQuery, RuleContext};
use crate::rules::secrets::environment;

pub(crate) static RULE: Rule = Rule {
    id: "env-exposed",
    summary: "Whole environment exposed",
    group: "secrets",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[526],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

const QUERY: FlowQuery =
    FlowQuery { sources: &["env"], sinks: &["response", "html", "template.locals"], in_fragments: false };

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for flow in cx.flows(&QUERY) {
        let is_whole = names::is("whole-env", &names::last_name(flow.source.text).to_lowercase());
        if is_whole && !flow.event.guess && cx.shows(flow.sink.place, flow.source.place) {
            let message = format!("the whole environment, secrets included, is sent by `{}`", flow.callee_text());
            findings.push(
                Finding::new(&RULE, flow.sink.place, message)
                    .flow(&flow)
                    .help("send the few values that the client needs"),
            );
        }
    }
    for place in cx.origins("env") {
        let name = environment::name_in(cx.text(place));
        let Some(rest) = names::after_prefix("public-prefix", &name) else { continue };
        if names::credential(rest).is_some() && !names::mentions("publishable", rest) {
            let message = format!("`{name}` is built into what browsers load: a secret is none there");
            findings
                .push(Finding::new(&RULE, place, message).help("rename the variable, and use it on the server alone"));
        }
    }
}

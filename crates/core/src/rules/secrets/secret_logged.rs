//! Credentials in logs. See `secret-logged.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::{FlowQuery, RuleContext, quote};
use crate::rules::secrets::environment;
use crate::rules::written::Mention;

pub(crate) static RULE: Rule = Rule {
    id: "secret-logged",
    summary: "Secret or credential written to a log",
    group: "secrets",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[532],
    owasp: &["2021-A09", "2025-A09", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for arrival in cx.arrivals("log.any") {
        if arrival.guess {
            continue;
        }
        for it in cx.mentions_through(arrival.place) {
            if is_secret(&it) && !(it.is_field && cx.redacts()) {
                findings.push(report(
                    it.place,
                    format!("`{}` is written to the log by `{}`", it.name, quote(cx.text(arrival.callee))),
                ));
                break;
            }
        }
    }
    for flow in cx.flows(&QUERY).iter().filter(|it| !it.event.guess) {
        let name = environment::name_in(flow.source.text);
        let is_whole = names::is("whole-env", &name.to_lowercase()) && cx.shows(flow.sink.place, flow.source.place);
        if flow.source_kind.name() != "env" || is_whole || names::credential(&name).is_some() {
            let message = format!("{} is written to the log by `{}`", flow.subject(), flow.callee_text());
            findings.push(report(flow.sink.place, message).flow(flow));
        }
    }
}

const QUERY: FlowQuery = FlowQuery { sources: &["secret", "env"], sinks: &["log.any"], in_fragments: false };

fn is_secret(it: &Mention) -> bool {
    if it.name.ends_with("()") {
        return names::given_credential(&it.name).is_some();
    }
    let is_id = it.name == "token" && names::words(&it.object).iter().any(|it| names::is("token-of", it));
    names::credential(&it.name).is_some() && !is_id
        || (names::is("credential-header", &it.name.to_lowercase()) && names::mentions("request-part", &it.object))
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message + ": logs are read, copied and kept by many")
        .help("log an id instead, or redact the field")
}

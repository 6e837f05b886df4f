//! What stands in a token can be read by whoever holds it. See `jwt-sensitive-payload.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::Fact;
use crate::model::rows::Constant;
use crate::names::{self, Credential};
use crate::rules::Rule;
use crate::rules::context::RuleContext;

pub(crate) static RULE: Rule = Rule {
    id: "jwt-sensitive-payload",
    summary: "Secret or personal data signed into a token",
    group: "auth",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[522],
    owasp: &["2021-A04", "2025-A06", "api2023-API3"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for call in cx.calls("jwt-sign") {
        let payload = call.role("payload");
        let Some(place) = payload.place else { continue };
        if let Some(what) = sensitive(cx, &payload.fact, place) {
            let message = format!(
                "`{what}` goes into the token that `{}` makes: a token is signed, not encrypted",
                call.callee_text()
            );
            let at = cx.written.property_in(place, &[what.as_str()]).map_or(place, |it| it.place);
            findings.push(
                Finding::new(&RULE, at, message)
                    .help("put only the user's id and what is needed to authorize into the token"),
            );
        }
    }
}

fn sensitive(cx: &RuleContext<'_>, payload: &Fact, place: crate::Place) -> Option<String> {
    if let Fact::Object { fields, .. } = payload {
        return fields.iter().find_map(|(name, value)| match &value.fact {
            Fact::Object { .. } => sensitive(cx, &value.fact, place),
            Fact::Constants(all) if all.iter().all(|it| !matches!(it, Constant::Text(_))) => None,
            _ if names::credential(name) == Some(Credential::Password) || names::mentions("personal-strong", name) => {
                Some(name.clone())
            }
            _ => None,
        });
    }
    let shown = cx.mentions(place);
    let whole = shown.iter().find(|it| names::is("record", &it.name.trim_end_matches("()").to_lowercase()))?;
    (shown.len() == 1 && matches!(payload, Fact::Unknown)).then(|| whole.name.clone())
}

//! Connections to whoever answers. See `tls-verification-disabled.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::events::{ArgFact, Fact};
use crate::model::rows::Constant;
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::written::{How, Named, Shape, contains};

pub(crate) static RULE: Rule = Rule {
    id: "tls-verification-disabled",
    summary: "Certificate check switched off",
    group: "crypto",
    severity: Severity::High,
    confidence: Confidence::High,
    profile: Profile::Core,
    cwe: &[295],
    owasp: &["2021-A07", "2025-A07", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let mut places: Vec<crate::Place> = Vec::new();
    for call in cx.calls("tls") {
        let off = ["verify", "hostname"].into_iter().find(|role| is_off(cx, &call.role(role)));
        let Some(role) = off else { continue };
        let around = call.role(role).place.unwrap_or(call.call.place);
        let around = cx.behind_spread(around);
        let setting = cx.written.named_in(around.file).iter().find(|it| contains(around, it.place) && says_off(it));
        let place = setting.map_or(around, |it| it.place);
        if cx.is_test(place) || cx.is_for_development(place) {
            continue;
        }
        places.push(place);
        let message = format!(
            "`{}` does not check whom it talks to: anybody on the way can read and change everything",
            call.callee_text()
        );
        findings.push(report(place, message));
    }
    for it in cx.written.named.iter().filter(|it| says_off(it)) {
        if places.contains(&it.place) || cx.is_test(it.place) || cx.is_for_development(it.place) {
            continue;
        }
        let message = format!(
            "`{}` switches the check of certificates off: anybody on the way can read and change everything",
            it.name
        );
        findings.push(report(it.place, message));
    }
}

fn is_off(cx: &RuleContext<'_>, value: &ArgFact) -> bool {
    // What is empty counts as false.
    match &value.fact {
        Fact::Array { items, complete: true } if items.is_empty() => return true,
        Fact::Object { fields, complete: true } if fields.is_empty() => return true,
        _ => {}
    }
    match value.constant() {
        Some(Constant::Bool(it)) => !it,
        Some(Constant::Number(it)) => *it == 0.0,
        Some(Constant::Text(it)) => it.is_empty() || names::is("tls-off-value", &it.to_lowercase()),
        Some(Constant::Null) => false,
        _ => value.place.is_some_and(|it| names::is("tls-off-value", &names::last_name(cx.text(it)).to_lowercase())),
    }
}

/// A setting of a well-known name, with the value that switches the check off.
fn says_off(it: &Named) -> bool {
    let is_setting = matches!(it.how, How::Property | How::Keyword | How::Member);
    let off = match &it.value {
        Shape::Bool(false) => "tls-off-false",
        Shape::Bool(true) => "tls-off-true",
        Shape::Text(text) if is_setting && names::is("tls-off-value", &text.to_lowercase()) => "tls-off-named",
        Shape::Path(path) if is_setting && names::is("tls-off-value", &names::last_name(path).to_lowercase()) => {
            "tls-off-named"
        }
        _ => return false,
    };
    is_setting && names::is(off, &it.name)
}

fn report(place: crate::Place, message: String) -> Finding {
    Finding::new(&RULE, place, message)
        .help("leave the check on; give the connection the authority's certificate if it is your own")
}

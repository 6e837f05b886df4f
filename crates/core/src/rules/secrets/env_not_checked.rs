//! Secrets whose absence becomes a value. See `env-not-checked.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::names;
use crate::rules::Rule;
use crate::rules::context::RuleContext;
use crate::rules::secrets::environment;
use crate::rules::written::{Named, Shape, WrittenCall, contains};

pub(crate) static RULE: Rule = Rule {
    id: "env-not-checked",
    summary: "Required environment value used without a check",
    group: "secrets",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[1188],
    owasp: &["2021-A05", "2025-A02", "api2023-API8"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    for place in cx.origins("env") {
        let name = environment::name_in(cx.text(place));
        if names::credential(&name).is_none() || cx.is_test(place) || cx.is_for_development(place) {
            continue;
        }
        let Some((at, how)) = made_usable(cx, place) else { continue };
        if environment::is_checked(cx, &name, place) {
            continue;
        }
        let message =
            format!("`{name}` may be missing, and {how}: the program then runs with a value that anybody can guess");
        findings.push(Finding::new(&RULE, at, message).help(format!("stop at the start when `{name}` is not set")));
    }
}

/// Where the absent value is turned into one that works.
fn made_usable(cx: &RuleContext<'_>, place: crate::Place) -> Option<(crate::Place, &'static str)> {
    if let Some(it) = cx.written.asserted.iter().find(|it| it.value == place) {
        return Some((it.place, "the assertion only silences the compiler"));
    }
    let converts = |it: &&WrittenCall| it.args.as_slice() == [place] && ["String", "str"].contains(&it.callee.as_str());
    if let Some(it) = cx.written.calls_in(place.file).iter().find(converts) {
        return Some((it.place, "the conversion makes text of nothing"));
    }
    let is_piece =
        |it: &&Named| matches!(it.value, Shape::Pieces(_)) && contains(it.place, place) && is_hole(cx, it.place, place);
    cx.written.named_in(place.file).iter().find(is_piece).map(|it| (it.place, "the template makes text of nothing"))
}

/// The value stands in the text itself, not in a call inside it.
fn is_hole(cx: &RuleContext<'_>, text: crate::Place, place: crate::Place) -> bool {
    let in_call = cx
        .written
        .calls_in(place.file)
        .iter()
        .any(|it| contains(text, it.place) && it.args.iter().any(|arg| contains(*arg, place)));
    let has_fallback = cx.written.fallbacks.iter().any(|it| contains(it.place, place));
    !in_call && !has_fallback
}

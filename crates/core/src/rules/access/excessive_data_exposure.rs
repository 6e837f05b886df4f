//! Answers that show all of an account. See `excessive-data-exposure.md` for the page and the tests.

use std::cell::LazyCell;

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::effects::{Effect, EffectKind};
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::access::exposure::{self, Shown};
use crate::rules::access::records;
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;
use crate::rules::written::How;

pub(crate) static RULE: Rule = Rule {
    id: "excessive-data-exposure",
    summary: "Full account returned to the client",
    group: "access",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[213],
    owasp: &["2021-A01", "2025-A01", "api2023-API3"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    // Somewhere the project says what is left out of its records.
    let hides = LazyCell::new(|| {
        cx.written.functions.iter().any(|it| names::mentions("record-hiding", &it.name))
            || cx.written.named.iter().any(|it| names::ends_in("record-hiding", &it.name))
            || cx.written.calls.iter().any(|it| names::mentions("record-hiding", &it.callee))
    });
    for route in routes::judged(cx, &[]) {
        findings.extend(routes::effects(route, EffectKind::Read).find_map(|it| report(cx, route, it, &hides)));
    }
}

fn report<F: FnOnce() -> bool>(
    cx: &RuleContext<'_>,
    route: &Route,
    read: &Effect,
    hides: &LazyCell<bool, F>,
) -> Option<Finding> {
    let name = records::name(cx, read)?;
    if !records::is_account(&name) || exposure::is_own(cx, read) {
        return None;
    }
    let around = cx.written.function_at(read.place).map_or("", |it| cx.text(it.place));
    let shown = exposure::shown(cx, route, read);
    let what = shown.iter().find_map(|it| match it {
        Shown::Part(part) if exposure::is_private(part) => Some(format!("`{part}` of a `{name}`")),
        Shown::Whole if !names::mentions("projection", around) && !**hides && has_password(cx) => {
            Some(format!("every column of a `{name}`, its password as well"))
        }
        _ => None,
    })?;
    let message = format!("`{}` answers with {what}: `{}`", routes::title(route), quote(cx.text(read.callee)));
    Some(
        Finding::new(&RULE, route.place, message)
            .related(read.place, "read here")
            .help("name the fields that the client needs, in the query or in a serializer"),
    )
}

/// The project keeps passwords in its records.
fn has_password(cx: &RuleContext<'_>) -> bool {
    let is_column = |how: How| matches!(how, How::Property | How::Field | How::Member | How::Variable);
    let is_password = |name: &str| names::credential(name) == Some(names::Credential::Password);
    cx.written.named.iter().any(|it| is_column(it.how) && is_password(&it.name))
}

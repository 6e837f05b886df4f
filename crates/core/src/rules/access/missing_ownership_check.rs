//! Records that a client chooses, whoever they belong to. See `missing-ownership-check.md` for the page and the tests.

use crate::finding::{Confidence, Finding, Profile, Severity, Specialist};
use crate::flow::effects::{Effect, EffectKind};
use crate::flow::guards::Proof;
use crate::flow::value::OriginId;
use crate::names;
use crate::route::Route;
use crate::rules::Rule;
use crate::rules::access::exposure;
use crate::rules::access::records::{self, Records};
use crate::rules::context::{RuleContext, quote};
use crate::rules::routes;
use crate::rules::written::contains;

pub(crate) static RULE: Rule = Rule {
    id: "missing-ownership-check",
    summary: "Record chosen by the client without a check of its owner",
    group: "access",
    severity: Severity::High,
    confidence: Confidence::Medium,
    profile: Profile::Core,
    cwe: &[639],
    owasp: &["2021-A01", "2025-A01", "api2023-API1"],
    specialist: Specialist::Security,
    since: "0.1.0",
    check,
};

fn check(cx: &RuleContext<'_>, findings: &mut Vec<Finding>) {
    let records = Records::of(cx);
    for route in routes::judged(cx, &[Proof::Role, Proof::Ownership]) {
        let is_for_users = routes::has(route, Proof::Auth) && !routes::has(route, Proof::Role);
        if !is_for_users || routes::has(route, Proof::Ownership) {
            continue;
        }
        // A route where the user's own records are looked for may compare in a way that is not seen.
        if route.effects.iter().any(|it| compares_with_own(cx, it)) {
            continue;
        }
        findings.extend(route.effects.iter().find_map(|it| report(cx, &records, route, it)));
    }
}

/// Records of others than accounts are looked up by who asks.
fn compares_with_own(cx: &RuleContext<'_>, effect: &Effect) -> bool {
    effect.kind == EffectKind::Read
        && routes::is_from_principal(cx, &records::selected_by(effect))
        && records::name(cx, effect).is_none_or(|it| !records::is_account(&it))
}

fn report(cx: &RuleContext<'_>, records: &Records, route: &Route, effect: &Effect) -> Option<Finding> {
    if !records::is_chosen_by_client(cx, effect) || effect.holds(Proof::Ownership) {
        return None;
    }
    let name = records::name(cx, effect)?;
    let why = match whose(cx, records, &name, effect) {
        Some(why) => why,
        None => declared(cx, records, route, &name)?,
    };
    let does = match effect.kind {
        EffectKind::Write if effect.role("data").is_none() || effect.role("filter").is_some() => "changes",
        EffectKind::Read if is_changed_later(cx, route, effect, &name) => "changes",
        EffectKind::Read if is_private(cx, records, &name, effect) && is_answered(cx, route, effect) => "shows",
        EffectKind::Read if records::is_account(&name) && exposure::private_part(cx, route, effect).is_some() => {
            "shows"
        }
        _ => return None,
    };
    let message = format!(
        "`{}` {does} the `{name}` that the request names (`{}`), whoever is logged in: {why}",
        routes::title(route),
        quote(cx.text(effect.callee)),
    );
    Some(Finding::new(&RULE, route.place, message).related(effect.place, "the record that the request names").help(
        "look the record up together with its owner (`{ id, userId: user.id }`), or compare the owner before going on",
    ))
}

/// Why the records belong to somebody.
fn whose(cx: &RuleContext<'_>, records: &Records, name: &str, effect: &Effect) -> Option<String> {
    if let Some(owned) = records.owner_of(name) {
        return Some(format!("its `{}` is never compared with the user", owned.column));
    }
    if records::is_account(name) {
        return Some("nothing says that it is the user's own".to_owned());
    }
    let column = owner_column(cx, effect)?;
    Some(format!("`{column}` comes from the request, not from the login"))
}

/// The class of the records says that they belong to somebody, they are changed or deleted here, and the user has no
/// part in it: what a user likes or follows is changed as well, but by them.
fn declared(cx: &RuleContext<'_>, records: &Records, route: &Route, name: &str) -> Option<String> {
    let column = records.declared_owner(name)?;
    let replaces = |it: &String| matches!(it.as_str(), "PUT" | "PATCH" | "DELETE");
    let is_part = |it: &Effect| {
        let is_account = records::name(cx, it).is_some_and(|it| records::is_account(&it));
        match it.kind {
            EffectKind::Write => is_account || routes::is_from_principal(cx, &it.given),
            EffectKind::Read => !is_account && routes::is_from_principal(cx, &it.given),
            _ => false,
        }
    };
    let fits = !route.methods.is_empty() && route.methods.iter().all(replaces) && !route.effects.iter().any(is_part);
    fits.then(|| format!("its `{column}` is never compared with the user"))
}

/// The field of the filter that says whose records are wanted.
fn owner_column(cx: &RuleContext<'_>, effect: &Effect) -> Option<String> {
    let is_owner =
        |name: &str| names::ends_in("owner-word", name) || cx.assume.owner_columns.iter().any(|it| it == name);
    let fields = routes::fields(effect.role("filter"));
    fields.iter().find(|it| is_owner(&it.0)).map(|it| it.0.clone())
}

/// What was read is written back.
fn is_changed_later(cx: &RuleContext<'_>, route: &Route, effect: &Effect, name: &str) -> bool {
    // What a form or serializer was made of is not seen in what it saves.
    let is_written_by = |it: &Effect| records::name(cx, it).is_some_and(|it| names::is("record-writer", &it));
    records::after(route, effect).iter().any(|it| {
        it.kind == EffectKind::Write
            && !it.holds(Proof::Ownership)
            && (it.given.iter().any(|origin| cx.facts.origin_place(*origin) == effect.place) || is_written_by(it))
            && records::name(cx, it).is_none_or(|it| it == name || names::is("record-writer", &it))
    })
}

/// What was read is in the answer.
fn is_answered(cx: &RuleContext<'_>, route: &Route, effect: &Effect) -> bool {
    // Callbacks and chains give what was read names of its own.
    let around = cx.written.function_at(effect.place).map(|it| it.place);
    let is_read = |origin: &OriginId| {
        let place = cx.facts.origin_place(*origin);
        let is_here = place == effect.place || around.is_some_and(|it| contains(it, place));
        is_here && cx.facts.kind_of(*origin).name() == "db"
    };
    records::after(route, effect)
        .iter()
        .any(|it| it.kind == EffectKind::Answer && !it.holds(Proof::Ownership) && it.given.iter().any(is_read))
}

/// Records that are not meant for everybody: read by their owner elsewhere, or chosen by their owner here.
fn is_private(cx: &RuleContext<'_>, records: &Records, name: &str, effect: &Effect) -> bool {
    let by_owner = owner_column(cx, effect).is_some();
    !records.are_shown(name)
        && !records::is_account(name)
        && (by_owner || records.owner_of(name).is_some_and(|it| it.is_private))
}

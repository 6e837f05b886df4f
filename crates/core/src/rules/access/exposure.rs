//! What of a record an answer shows.

use crate::flow::effects::{Effect, EffectKind};
use crate::flow::events::{ArgFact, Fact};
use crate::names;
use crate::route::Route;
use crate::rules::access::records;
use crate::rules::context::RuleContext;
use crate::rules::routes;

/// Members of answers that are looked into.
const DEPTH_MAX: u32 = 4;

/// What an answer shows of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Whole,
    Part(String),
}

/// What the answers show of what the effect read.
pub fn shown(cx: &RuleContext<'_>, route: &Route, effect: &Effect) -> Vec<Shown> {
    let mut found = Vec::new();
    for answer in records::after(route, effect) {
        if matches!(answer.kind, EffectKind::Answer | EffectKind::Body) && answer.role("name").is_none() {
            let Some(body) = answer.role("body") else { continue };
            let text = body.place.map(|it| names::last_name(cx.text(it)).to_owned()).unwrap_or_default();
            walk(cx, body, &text, effect, &mut found, DEPTH_MAX);
        }
    }
    found
}

fn walk(cx: &RuleContext<'_>, fact: &ArgFact, name: &str, effect: &Effect, found: &mut Vec<Shown>, depth: u32) {
    let is_read = fact.data.iter().any(|it| cx.facts.origin_place(it.0) == effect.place);
    if !is_read || depth == 0 {
        return;
    }
    match &fact.fact {
        Fact::Object { fields, .. } => fields.iter().for_each(|it| walk(cx, &it.1, &it.0, effect, found, depth - 1)),
        Fact::Array { items, .. } => items.iter().for_each(|it| walk(cx, it, name, effect, found, depth - 1)),
        _ => {
            let words = names::words(name);
            let is_record =
                words.last().is_some_and(|it| names::is("account-word", it) || names::is("answer-word", it));
            found.push(if is_record { Shown::Whole } else { Shown::Part(name.to_owned()) });
        }
    }
}

/// A part of the record that nobody but its owner should see, if the answer shows it.
pub fn private_part(cx: &RuleContext<'_>, route: &Route, effect: &Effect) -> Option<String> {
    shown(cx, route, effect).into_iter().find_map(|it| match it {
        Shown::Part(name) if is_private(&name) => Some(name),
        _ => None,
    })
}

pub fn is_private(name: &str) -> bool {
    names::ends_in("private-column", name)
}

/// Whether the record is the user's own.
pub fn is_own(cx: &RuleContext<'_>, effect: &Effect) -> bool {
    routes::is_from_principal(cx, &effect.given)
}

//! What is said of origins: every one, none, or those that a pattern matches.

use crate::flow::events::{ArgFact, Fact};
use crate::model::rows::Constant;
use crate::rules::context::Call;
use crate::rules::routes::fields;

const ORIGIN: &str = "access-control-allow-origin";
const CREDENTIALS: &str = "access-control-allow-credentials";

/// The origin of the request is given back, or stands for all.
pub(super) fn is_any(origin: &ArgFact) -> bool {
    let is_star = |it: &Constant| matches!(it, Constant::Text(text) if text == "*") || *it == Constant::Bool(true);
    match &origin.fact {
        Fact::Constants(all) => all.iter().all(is_star),
        Fact::Array { items, .. } => items.iter().any(|it| it.text() == Some("*")),
        _ => false,
    }
}

/// What a call that sets headers says of origins.
pub(super) fn in_header(call: &Call<'_>) -> Option<ArgFact> {
    header(call, ORIGIN)
}

/// What it says of credentials.
pub(super) fn credentials_in_header(call: &Call<'_>) -> Option<bool> {
    let value = header(call, CREDENTIALS)?;
    Some(value.bool() == Some(true) || value.text().is_some_and(|it| it.eq_ignore_ascii_case("true")))
}

fn header(call: &Call<'_>, name: &str) -> Option<ArgFact> {
    if call.role("name").text().is_some_and(|it| it.eq_ignore_ascii_case(name)) {
        return Some(call.role("value"));
    }
    let headers = call.role("headers");
    fields(Some(&headers)).iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1.clone())
}

/// Browsers send it for pages that have no origin of their own.
pub(super) fn is_null(origin: &ArgFact) -> bool {
    matches!(origin.constant(), Some(Constant::Null)) || origin.text() == Some("null")
}

/// Patterns that an origin is tested with.
pub(super) fn patterns(origin: &ArgFact) -> Vec<(&str, Option<crate::Place>)> {
    match &origin.fact {
        Fact::Pattern(text) => vec![(text, origin.place)],
        Fact::Array { items, .. } => items.iter().flat_map(patterns).map(|it| (it.0, it.1.or(origin.place))).collect(),
        _ => Vec::new(),
    }
}

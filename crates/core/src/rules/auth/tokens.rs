//! What the rules about signed tokens share: keys and lists of algorithms as they are given.

use crate::flow::events::{ArgFact, Fact};
use crate::model::rows::Constant;
use crate::rules::context::RuleContext;
use crate::rules::written::Shape;

/// Texts in a value or in its items.
pub(super) fn texts(fact: &ArgFact) -> Vec<String> {
    match &fact.fact {
        Fact::Constants(all) => all.iter().filter_map(constant_text).collect(),
        Fact::Array { items, .. } => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn constant_text(constant: &Constant) -> Option<String> {
    match constant {
        Constant::Text(it) => Some(it.to_string()),
        _ => None,
    }
}

/// The key is written down as nothing at all. A variable may get its value later.
pub(super) fn is_empty_key(cx: &RuleContext<'_>, key: &ArgFact) -> bool {
    key.place.is_some_and(|it| match cx.shape(it) {
        Shape::Null => true,
        Shape::Text(text) => text.is_empty(),
        _ => key.text() == Some(""),
    })
}

/// A secret key that stands in the source; a public one may.
pub(super) fn literal_key(key: &ArgFact) -> Option<String> {
    let all = texts(key);
    let is_secret = |it: &String| {
        !it.is_empty() && !it.contains("PUBLIC KEY") && !it.contains("CERTIFICATE") && !it.starts_with("http")
    };
    all.into_iter().find(is_secret)
}

/// Nothing in it is hidden from the machine.
pub(super) fn is_known(options: &ArgFact) -> bool {
    matches!(options.fact, Fact::Absent | Fact::Constants(_) | Fact::Function | Fact::Object { complete: true, .. })
}

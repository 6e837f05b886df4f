//! Which records an effect is about, whose they are, and how the project tells: by what it writes into them, by what it
//! looks them up with, else by their names.

use std::collections::{BTreeMap, BTreeSet};

use crate::flow::effects::{Effect, EffectKind};
use crate::flow::events::Fact;
use crate::flow::guards::Proof;
use crate::model::rows::Constant;
use crate::names;
use crate::route::Route;
use crate::rules::context::RuleContext;
use crate::rules::routes;
use crate::rules::written::{How, Named};

/// Words of a statement after which a table is named.
const BEFORE_TABLE: &[&str] = &["from", "into", "update", "join"];

/// What the project tells of its records, by their names.
#[derive(Debug, Default)]
pub struct Records {
    /// Records that are written with the authenticated user in a field, or read by it.
    owned: BTreeMap<String, Owned>,
    /// Records whose class declares a field that says whose they are.
    declared: BTreeMap<String, String>,
    /// Records that some route shows to everybody, or all of them to anybody.
    shown: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub struct Owned {
    /// The field that says whose the record is.
    pub column: String,
    /// Some route reads only those of who asks: they are private.
    pub is_private: bool,
}

impl Records {
    pub fn of(cx: &RuleContext<'_>) -> Records {
        let mut records = Records { declared: declared(cx), ..Records::default() };
        for route in cx.routes {
            // What administrators see is not shown to everybody.
            let is_for_all = !routes::has(route, Proof::Role) && !routes::is_administrative(route);
            for effect in &route.effects {
                records.learn(cx, effect, is_for_all);
            }
        }
        records
    }

    fn learn(&mut self, cx: &RuleContext<'_>, effect: &Effect, is_for_all: bool) {
        let Some(name) = name(cx, effect) else { return };
        let (role, is_private) = match effect.kind {
            EffectKind::Write => ("data", false),
            EffectKind::Read => ("filter", true),
            _ => return,
        };
        let named = routes::fields(effect.role(role)).iter().find(|(column, value)| {
            !is_key(column) && routes::is_from_principal(cx, &routes::origins(value)) && !names::is_personal(column)
        });
        let by_name = || {
            let is_own = routes::is_from_principal(cx, &effect.given) && !is_account(&name);
            let statement = effect.role("statement").and_then(|it| text_of(&it.fact));
            match statement {
                Some(statement) if is_own => owner_in(&statement),
                None if is_own && routes::fields(effect.role(role)).is_empty() => {
                    self.declared_owner(&name).map(str::to_owned)
                }
                _ => None,
            }
        };
        if let Some(column) = named.map(|it| it.0.clone()).or_else(by_name) {
            let owned = Owned { column, is_private };
            let known = self.owned.entry(name).or_insert_with(|| owned.clone());
            known.is_private |= is_private;
        } else if is_for_all && effect.kind == EffectKind::Read && effect.given.is_empty() {
            self.shown.insert(name);
        }
    }

    pub fn owner_of(&self, name: &str) -> Option<&Owned> {
        self.owned.get(name)
    }

    /// The field that says whose the record is, as its class declares it.
    pub fn declared_owner(&self, name: &str) -> Option<&str> {
        self.declared.get(name).map(String::as_str)
    }

    /// Some route lists them for whoever asks.
    pub fn are_shown(&self, name: &str) -> bool {
        self.shown.contains(name)
    }
}

/// Fields of classes by which their records belong to somebody.
fn declared(cx: &RuleContext<'_>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for column in &cx.written.columns {
        let is_owner = names::ends_in("owner-word", &column.name)
            || names::is("owner-field", &column.name.to_lowercase())
            || cx.assume.owner_columns.contains(&column.name);
        let words: Vec<String> =
            names::words(&column.class).into_iter().filter(|it| !names::is("record-word", it)).collect();
        if is_owner && !words.is_empty() {
            found.entry(singular(&words.join("_"))).or_insert_with(|| column.name.clone());
        }
    }
    found
}

/// A field by which any record is found.
fn is_key(column: &str) -> bool {
    matches!(column.trim_start_matches('_'), "id" | "pk" | "uuid" | "slug")
}

/// Whether records of this name stand for a person or a tenant.
pub fn is_account(name: &str) -> bool {
    names::words(name).last().is_some_and(|it| names::is("account-word", it))
}

/// The name of the records that the effect is about: of the class, collection or table, in the singular.
pub fn name(cx: &RuleContext<'_>, effect: &Effect) -> Option<String> {
    if let Some(statement) = effect.role("statement") {
        return table(&statement.fact);
    }
    let callee = cx.text(effect.callee);
    let parts = identifiers(callee);
    let before = &parts[..parts.len().saturating_sub(usize::from(!callee.trim_end().ends_with(')')))];
    let named = |parts: &[String]| {
        let mut all: Vec<(bool, String)> = Vec::new();
        for part in parts {
            let words: Vec<String> =
                names::words(part).into_iter().filter(|it| !names::is("record-word", it)).collect();
            if !words.is_empty() && !words.iter().all(|it| it.len() < 2) {
                all.push((part.starts_with(char::is_uppercase), words.join("_")));
            }
        }
        all.iter().find(|it| it.0).or(all.first()).map(|it| singular(&it.1))
    };
    let class = |text: &str| {
        let classes: Vec<String> =
            identifiers(text).into_iter().filter(|it| it.starts_with(char::is_uppercase)).collect();
        named(&classes)
    };
    match named(before).as_deref() {
        // `self.queryset.get(…)`: the class says what it holds.
        Some("queryset") => definitions(cx, effect, "queryset").into_iter().find_map(class),
        Some(name) => Some(name.to_owned()),
        None => {
            let arguments = cx.text(effect.place).get(callee.len()..)?;
            let made = callee.starts_with(char::is_uppercase).then(|| class(callee)).flatten();
            let first = identifiers(arguments).into_iter().next();
            let defined = || definitions(cx, effect, &first?).first().and_then(|it| class(it));
            made.or_else(|| class(arguments)).or_else(defined)
        }
    }
}

/// The values that variables or fields of this name were given before the effect, the last one first.
fn definitions<'a>(cx: &'a RuleContext<'_>, effect: &Effect, name: &str) -> Vec<&'a str> {
    let before = |it: &&Named| {
        it.name == name && matches!(it.how, How::Variable | How::Field) && it.place.span.start < effect.place.span.start
    };
    let mut all: Vec<&Named> = cx.written.named_in(effect.place.file).iter().filter(before).collect();
    all.sort_by_key(|it| std::cmp::Reverse(it.place.span.start));
    all.into_iter().map(|it| cx.text(it.place)).collect()
}

fn identifiers(text: &str) -> Vec<String> {
    let all = text.split(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$'));
    all.filter(|it| it.starts_with(|it: char| it.is_alphabetic() || it == '_')).map(str::to_owned).collect()
}

fn singular(name: &str) -> String {
    match name {
        it if it.ends_with("ies") && it.len() > 4 => format!("{}y", &it[..it.len() - 3]),
        it if it.ends_with('s') && !it.ends_with("ss") && it.len() > 3 => it[..it.len() - 1].to_owned(),
        it => it.to_owned(),
    }
}

/// The column of a statement that says whose the records are.
fn owner_in(statement: &str) -> Option<String> {
    let is_owner = |it: &String| names::ends_in("owner-word", it);
    let lower = statement.to_lowercase();
    // What is selected says nothing; what is compared or written does.
    let from = lower.find(" where ").or_else(|| lower.starts_with("insert").then_some(0))?;
    identifiers(statement.get(from..)?).into_iter().find(is_owner)
}

/// The table of a statement.
fn table(statement: &Fact) -> Option<String> {
    let text = text_of(statement)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|it| BEFORE_TABLE.contains(&it.to_lowercase().as_str()))?;
    let table = words.get(at + 1)?.trim_matches(['"', '`', '[', ']', ';', '(', ')', ',']);
    let table = table.split('(').next().unwrap_or_default();
    table.starts_with(|it: char| it.is_alphabetic() || it == '_').then(|| singular(&names::words(table).join("_")))
}

fn text_of(statement: &Fact) -> Option<String> {
    Some(match statement {
        Fact::Constants(all) => all.iter().find_map(|it| match it {
            Constant::Text(text) => Some(text.clone()),
            _ => None,
        })?,
        Fact::Text(pieces) => pieces.iter().map(|it| it.as_deref().unwrap_or(" ? ")).collect(),
        _ => return None,
    })
}

/// Whether the effect touches records of which the client says which, and nothing that it is given is the user's.
pub fn is_chosen_by_client(cx: &RuleContext<'_>, effect: &Effect) -> bool {
    routes::is_from_client(cx, &selected_by(effect)) && !routes::is_from_principal(cx, &effect.given)
}

/// The data that says which records: of the filter where it is told apart from what is written.
pub fn selected_by(effect: &Effect) -> Vec<crate::flow::value::OriginId> {
    let apart = effect.role("filter").or_else(|| effect.role("key"));
    match apart {
        Some(fact) => routes::origins(fact),
        None if effect.role("data").is_some() => Vec::new(),
        None => effect.given.clone(),
    }
}

/// The effects of the route that come after this one.
pub fn after<'a>(route: &'a Route, effect: &Effect) -> &'a [Effect] {
    let at = route.effects.iter().position(|it| std::ptr::eq(it, effect));
    at.map_or(&[], |it| &route.effects[it + 1..])
}

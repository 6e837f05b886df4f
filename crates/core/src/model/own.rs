//! Functions that a project names in its configuration: they are called as if a library had a model of them.

use super::graph::NodeId;
use super::kinds::{self, KindSet, KindSpace};
use super::place::{CallPlace, CallStart};
use super::rows::{CallRow, CheckRow, EffectRow, HoldsWhen, Op, Origin, Row, SanitizerRow};
use super::words;
use super::{Models, graph::Graph};
use crate::config;

/// What a schema holds data to: objects where texts were expected.
const VALIDATED: &[&str] = &["nosql", "orm-filter", "record", "object-merge", "template.locals"];

/// A name that a configuration may not hold, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    pub name: String,
    pub message: String,
}

/// Whether a text can name a function: `name` or `module:name`.
pub fn names_function(text: &str) -> bool {
    split(text).is_some()
}

/// What to say of a name that can be none.
pub fn no_function(name: &str) -> String {
    format!("`{name}` names no function: write `name`, or `module:name`")
}

/// The first name under `[models]` that means nothing.
pub fn check(models: &config::Models) -> Result<(), NameError> {
    for kind in models.sanitizers.keys() {
        if kinds::sink(kind).is_none() {
            let known = kinds::all(KindSpace::Sink).map(kinds::KindId::name);
            let message = words::unknown("unknown kind of sink", kind, known);
            return Err(NameError { name: kind.clone(), message });
        }
    }
    let lists = [&models.guards, &models.validators, &models.async_wrappers, &models.limiters];
    let mut names = lists.into_iter().chain(models.sanitizers.values()).flatten();
    let wrong = names.find(|it| split(it).is_none());
    wrong.map_or(Ok(()), |name| Err(NameError { name: name.clone(), message: no_function(name) }))
}

/// `module:name`; the module as a path (`src/auth`) or as Python writes it (`app.auth`).
fn split(text: &str) -> Option<(Option<String>, &str)> {
    let (module, name) = match text.rsplit_once(':') {
        Some((module, name)) => (Some(module), name),
        None => (None, text),
    };
    let is_name = |it: &str| !it.is_empty() && it.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
    let is_module = |it: &str| !it.is_empty() && !it.contains([':', ' ', '\\']);
    (is_name(name) && module.is_none_or(is_module)).then(|| (module.map(module_path), name))
}

/// As paths are compared: without its ending, with `/`.
fn module_path(module: &str) -> String {
    let module = module.trim_start_matches("./");
    if module.contains('/') { without_ending(module).to_owned() } else { module.replace('.', "/") }
}

fn without_ending(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') => stem,
        _ => path,
    }
}

/// Whether the file is the module; a folder stands for its index.
pub(super) fn is_module(path: &str, module: &str) -> bool {
    let stem = without_ending(path);
    let is = |stem: &str| stem.strip_suffix(module).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    is(stem) || ["/index", "/__init__"].iter().any(|it| stem.strip_suffix(it).is_some_and(is))
}

impl Models {
    /// These models and the functions that a configuration names; names that mean nothing are passed over.
    pub fn with_own(mut self, own: &config::Models) -> Models {
        let languages: Vec<String> = self.graph.languages.keys().cloned().collect();
        for language in &languages {
            for (kind, names) in &own.sanitizers {
                let Some(kind) = kinds::sink(kind) else { continue };
                let mut safe_for = KindSet::NONE;
                safe_for.insert(kind);
                add(&mut self.graph, language, names, &[sanitizer(safe_for)]);
            }
            let validated: KindSet = VALIDATED.iter().filter_map(|it| kinds::sink(it)).collect();
            add(&mut self.graph, language, &own.validators, &[sanitizer(validated), validator(validated)]);
            add(&mut self.graph, language, &own.guards, &guard("auth-guard"));
            add(&mut self.graph, language, &own.limiters, &guard("rate-limit"));
            add(&mut self.graph, language, &own.async_wrappers, &[wrapper()]);
        }
        self
    }
}

fn sanitizer(safe_for: KindSet) -> Row {
    let to = vec![CallPlace { start: CallStart::ReturnValue, tokens: Vec::new() }];
    Row::Sanitizer(SanitizerRow { safe_for, allows: None, from: Vec::new(), to })
}

/// A call of the kind.
fn guard(kind: &str) -> Vec<Row> {
    let row = |kind| CallRow { kind, args: Vec::new(), defaults: Vec::new(), constants: Vec::new(), assigned: false };
    kinds::call(kind).map(row).map(Row::Call).into_iter().collect()
}

/// It gives the function that it is given.
fn wrapper() -> Row {
    let from = Some(first_argument());
    Row::Effect(Box::new(EffectRow {
        op: Op::Identity,
        on: None,
        keys: Vec::new(),
        value: None,
        default: None,
        callback: None,
        with: Vec::new(),
        from,
        pattern: None,
        text: None,
        convert: None,
        is: None,
        first: false,
        full: false,
        head: false,
    }))
}

fn first_argument() -> CallPlace {
    CallPlace { start: CallStart::Argument(vec![super::place::ArgumentAt::Position(0)]), tokens: Vec::new() }
}

/// What it was given is right where it comes back.
fn validator(safe_for: KindSet) -> Row {
    Row::Check(CheckRow { checks: first_argument(), holds_when: HoldsWhen::Returns, safe_for, allows: None })
}

fn add(graph: &mut Graph, language: &str, names: &[String], rows: &[Row]) {
    for (module, name) in names.iter().filter_map(|it| split(it)) {
        let node: NodeId = graph.own(language, name, module);
        for row in rows {
            let id = graph.add_row(row.clone(), Origin { library: name.to_owned(), ..Origin::default() });
            graph.attach_other(node, id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_modules() {
        assert_eq!(split("quoteIdent"), Some((None, "quoteIdent")));
        assert_eq!(split("app.auth:ensure"), Some((Some("app/auth".into()), "ensure")));
        assert_eq!(split("./src/auth.ts:ensure"), Some((Some("src/auth".into()), "ensure")));
        assert_eq!(split("a:b:c"), None);
        assert_eq!(split("is it"), None);
        assert!(is_module("src/auth.ts", "src/auth"));
        assert!(is_module("back/app/auth/__init__.py", "app/auth"));
        assert!(!is_module("src/oauth.ts", "auth"));
    }
}

//! What JavaScript and TypeScript become. A case is a source and what [`crate::print`] says of it: `x` is a
//! variable, `x/2` the second of that name, `$x` a name the file does not declare.

mod depth;
mod expressions;
mod modules;
mod repair;
mod scopes;
mod spans;
mod statements;
mod types;

use crate::ir::Module;
use crate::{Language, lower, print};

fn js(source: &str) -> String {
    shown(source, Language::JavaScript)
}

fn ts(source: &str) -> String {
    shown(source, Language::TypeScript)
}

fn shown(source: &str, language: Language) -> String {
    let module = lower(source, language);
    assert!(module.problems.is_empty(), "{source}\n{:?}", module.problems);
    print(&module)
}

/// Each source, on its own, becomes the text beside it.
fn each(show: fn(&str) -> String, cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        assert_eq!(show(source).trim_end(), expected.trim(), "\nsource: {source}");
    }
}

/// The source text of every span given.
fn texts(source: &str, spans: impl IntoIterator<Item = crate::ir::Span>) -> Vec<&str> {
    spans.into_iter().map(|it| &source[it.start as usize..it.end as usize]).collect()
}

fn module(source: &str) -> Module {
    lower(source, Language::TypeScript)
}

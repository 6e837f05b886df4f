//! Text to tree, whatever the text: Python 2 and broken code are mended without moving anything.

use super::legacy::{self, Edit};
use super::{PROBLEMS_MAX, span};
use crate::ir::SyntaxProblem;
use ruff_python_ast::ModModule;
use ruff_python_parser::{Mode, ParseOptions, Parsed};
use std::borrow::Cow;

/// Mending one place can uncover the next.
const ROUNDS_MAX: usize = 4;

pub(super) struct Source<'t> {
    /// The text that was parsed: as long as the original, and equal but for what was mended.
    pub text: Cow<'t, str>,
    pub parsed: Parsed<ModModule>,
    /// Of the text as it was.
    pub problems: Vec<SyntaxProblem>,
    pub is_python2: bool,
}

pub(super) fn parse(text: &str) -> Source<'_> {
    let parsed = parse_module(text);
    let problems = parsed.errors().iter().take(PROBLEMS_MAX);
    let problems = problems.map(|it| SyntaxProblem { span: span(it.location), message: it.error.to_string() });
    let problems = problems.collect::<Vec<_>>();
    let mut source = Source { text: Cow::Borrowed(text), parsed, problems, is_python2: false };
    for _ in 0..ROUNDS_MAX {
        let mut edits = Vec::new();
        for error in source.parsed.errors() {
            source.is_python2 |= legacy::sign(&source.text, error, &mut edits);
        }
        if edits.is_empty() {
            break;
        }
        let text = apply(&source.text, &edits);
        let parsed = parse_module(&text);
        if parsed.errors().len() >= source.parsed.errors().len() {
            break;
        }
        source.text = Cow::Owned(text);
        source.parsed = parsed;
    }
    source
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let end = edit.at + edit.with.len();
        // Only ASCII is overwritten, and with ASCII: the text stays UTF-8.
        if bytes.get(edit.at..end).is_some_and(<[u8]>::is_ascii) {
            bytes[edit.at..end].copy_from_slice(edit.with.as_bytes());
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn parse_module(text: &str) -> Parsed<ModModule> {
    let parsed = ruff_python_parser::parse_unchecked(text, ParseOptions::from(Mode::Module));
    parsed.try_into_module().expect("a module was asked for")
}

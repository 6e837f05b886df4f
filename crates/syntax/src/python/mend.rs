//! Text to tree, whatever the text: Python 2 and broken code are mended without moving anything.

use super::legacy::{self, Edit};
use super::{PROBLEMS_MAX, span};
use crate::ir::SyntaxProblem;
use ruff_python_ast::ModModule;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions, Parsed};
use ruff_text_size::Ranged;
use std::borrow::Cow;

/// Mending one place can uncover the next.
const ROUNDS_MAX: usize = 4;

/// Errors looked at in a round. A file of Python 2 has fewer; garbage has more and stays garbage.
const ERRORS_MAX: usize = 2_000;

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
        for error in source.parsed.errors().iter().take(ERRORS_MAX) {
            source.is_python2 |= legacy::sign(&source.text, error, &mut edits);
            if matches!(error.error, ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError)) {
                open_quote(&source, error, &mut edits);
            }
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

/// Three quotes without their partner swallow the rest of the file, and turn what is text and what is code
/// around in between. The first text that reads like code begins with the odd ones; they become a comment.
fn open_quote(source: &Source<'_>, error: &ParseError, edits: &mut Vec<Edit>) {
    let text = &*source.text;
    if !text.get(error.location.start().to_usize()..).is_some_and(opens_with_three) {
        return;
    }
    let strings = source.parsed.tokens().iter().filter(|it| it.kind() == TokenKind::String);
    let mut strings = strings.map(|it| it.range().start().to_usize()..it.range().end().to_usize());
    let odd = strings.find(|it| text.get(it.clone()).is_some_and(|it| opens_with_three(it) && reads_like_code(it)));
    let start = odd.map_or(error.location.start().to_usize(), |it| it.start);
    let quotes = text.get(start..).and_then(|it| it.find(['"', '\'']));
    let Some(at) = quotes.map(|it| start + it) else { return };
    if opens_with_three(&text[start..]) {
        edits.push(Edit { at, with: "#  " });
    }
}

fn opens_with_three(literal: &str) -> bool {
    let quotes = literal.trim_start_matches(|it: char| it.is_ascii_alphabetic());
    quotes.starts_with("\"\"\"") || quotes.starts_with("'''")
}

fn reads_like_code(literal: &str) -> bool {
    const STARTS: &[&str] =
        &["def ", "class ", "import ", "from ", "return ", "async def ", "@", "self.", "if __name__"];
    literal.lines().skip(1).any(|line| STARTS.iter().any(|it| line.trim_start().starts_with(it)))
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

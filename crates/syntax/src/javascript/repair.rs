//! Mending broken text: the parser gives no tree at all after the first error.
//!
//! The text is cut by indentation into pieces that can be parsed alone, so that an error costs its own piece and
//! no other. A piece that fails is cut again; the smallest that fails is edited where the parser stumbled, else
//! taken apart, else left out. What was kept knows where it came from ([`Draft`]).

mod blocks;
mod context;
mod draft;
mod edit;
mod mend;

use oxc_allocator::Allocator;
use oxc_span::SourceType;

use crate::ir::{Span, SyntaxProblem};
use crate::{Language, nesting};
use blocks::Lines;
use context::Context;
pub(super) use draft::Draft;
use mend::Mender;

/// How to read a text: the grammar, and the language whose nesting is measured.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    pub source_type: SourceType,
    pub language: Language,
}

/// Why a text could not be parsed.
pub(super) struct Refusal {
    pub at: usize,
    pub message: String,
}

/// The text without what cannot be parsed; `None` if nothing is left.
pub(super) fn mend(text: &str, dialect: Dialect) -> Option<Draft> {
    let mut mender = Mender::new(text, dialect);
    let lines = Lines::new(text);
    let draft = mender.block(&lines, 0..lines.len(), Context::Statements, 0);
    mender.accepts(&draft, Context::Statements).then_some(draft)
}

pub(super) fn problem(refusal: &Refusal, text: &str) -> SyntaxProblem {
    let start = refusal.at.min(text.len()) as u32;
    SyntaxProblem { span: Span::new(start, start), message: refusal.message.clone() }
}

/// Whether the text can be parsed, and if not, where the parser gave up.
pub(super) fn try_parse(allocator: &Allocator, text: &str, dialect: Dialect) -> Result<(), Refusal> {
    if nesting::too_deep(text, dialect.language) {
        return Err(Refusal { at: 0, message: "nested too deep".to_owned() });
    }
    let parsed = super::parse(allocator, text, dialect.source_type);
    if parsed.panicked { Err(refusal(&parsed, text)) } else { Ok(()) }
}

pub(super) fn refusal(parsed: &oxc_parser::ParserReturn<'_>, text: &str) -> Refusal {
    // The last error is the one that ended the parse.
    match parsed.diagnostics.errors().last() {
        Some(error) => Refusal {
            at: error.labels.first().map_or(text.len(), |it| it.offset() as usize).min(text.len()),
            message: error.message.to_string(),
        },
        None => Refusal { at: text.len(), message: "unexpected end".to_owned() },
    }
}

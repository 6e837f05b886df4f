//! JavaScript and TypeScript: oxc's tree to the IR.

mod assign;
mod chain;
mod class;
mod declare;
mod expr;
mod function;
mod hoist;
mod import;
mod jsx;
mod literal;
mod lower;
mod pattern;
mod scope;
mod stmt;
mod types;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

use crate::ir::{Module, Span, SyntaxProblem};
use crate::{Language, NESTING_MAX, nesting};
use lower::Lower;

pub(crate) fn lower(text: &str, language: Language) -> Module {
    if nesting::too_deep(text, language) {
        return too_deep(text, language);
    }
    let allocator = Allocator::default();
    let parsed = parse(&allocator, text, source_type(language));
    Lower::new(text).program(&parsed.program)
}

/// The module of a text that is not parsed.
fn too_deep(text: &str, language: Language) -> Module {
    let mut module = crate::empty(language);
    let span = Span::new(0, text.len() as u32);
    module.problems.push(SyntaxProblem { span, message: format!("nested deeper than {NESTING_MAX} levels") });
    module.repaired = true;
    module
}

fn parse<'a>(allocator: &'a Allocator, text: &'a str, source_type: SourceType) -> ParserReturn<'a> {
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        enable_ident_hashes: false,
        ..ParseOptions::default()
    };
    Parser::new(allocator, text, source_type).with_options(options).parse()
}

fn source_type(language: Language) -> SourceType {
    match language {
        Language::TypeScript => SourceType::ts(),
        Language::Tsx => SourceType::tsx(),
        _ => SourceType::jsx(),
    }
}

#[cfg(test)]
mod tests;

//! JavaScript and TypeScript: oxc's tree to the IR.

mod assign;
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

use crate::{Language, ir::Module};
use lower::Lower;

pub(crate) fn lower(text: &str, language: Language) -> Module {
    let allocator = Allocator::default();
    let parsed = parse(&allocator, text, source_type(language));
    Lower::new(text).program(&parsed.program)
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

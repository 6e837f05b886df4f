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
mod repair;
mod scope;
mod stmt;
mod types;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

use crate::ir::{Module, Span, SyntaxProblem};
use crate::{Language, NESTING_MAX, nesting};
use lower::Lower;
use repair::{Dialect, Refusal};

pub(crate) fn lower(text: &str, language: Language) -> Module {
    if nesting::too_deep(text, language) {
        return too_deep(text, language);
    }
    let mut allocator = Allocator::default();
    let mut nearest: Option<(Dialect, Refusal)> = None;
    for dialect in dialects(language) {
        if dialect.language != language && nesting::too_deep(text, dialect.language) {
            continue;
        }
        allocator.reset();
        let parsed = parse(&allocator, text, dialect.source_type);
        if !parsed.panicked {
            return Lower::new(text).program(&parsed.program);
        }
        let refusal = repair::refusal(&parsed, text);
        if nearest.as_ref().is_none_or(|(_, best)| refusal.at > best.at) {
            nearest = Some((dialect, refusal));
        }
    }
    match nearest {
        Some((dialect, refusal)) => mended(text, language, dialect, &refusal),
        None => crate::empty(language),
    }
}

pub(crate) fn parses(text: &str, language: Language) -> bool {
    let allocator = Allocator::default();
    !nesting::too_deep(text, language) && !parse(&allocator, text, source_type(language)).panicked
}

/// The module of a broken text: of what is left when it is mended.
fn mended(text: &str, language: Language, dialect: Dialect, refusal: &Refusal) -> Module {
    let mut module = match repair::mend(text, dialect) {
        Some(draft) => {
            let allocator = Allocator::default();
            let rendered = draft.render(text);
            let parsed = parse(&allocator, &rendered, dialect.source_type);
            let mut module = Lower::new(&rendered).program(&parsed.program);
            let origins = draft.origins();
            module.move_spans(|it| {
                let start = origins.offset(it.start);
                Span::new(start, origins.end(it.end).max(start))
            });
            module
        }
        None => crate::empty(language),
    };
    module.problems.insert(0, repair::problem(refusal, text));
    module.repaired = true;
    module
}

/// The grammars a file may be written in whatever its name says, its own first.
fn dialects(language: Language) -> Vec<Dialect> {
    let own = source_type(language);
    let others = match language {
        Language::TypeScript => [Language::Tsx, Language::JavaScript],
        Language::Tsx => [Language::TypeScript, Language::JavaScript],
        _ => [Language::Tsx, Language::TypeScript],
    };
    let mut all =
        vec![Dialect { source_type: own, language }, Dialect { source_type: own.with_script(true), language }];
    all.extend(others.map(|language| Dialect { source_type: source_type(language), language }));
    all
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

//! Words of the languages that the machine itself must know, interned once.

use super::program::Symbols;
use super::value::Sym;
use crate::model::KindId;
use crate::model::kinds::{self, KindSet};

#[derive(Debug)]
pub struct Names {
    pub prototype: Sym,
    pub proto: Sym,
    pub exports: Sym,
    pub default: Sym,
    pub call: Sym,
    pub enter: [Sym; 2],
    /// The kind of sources of which nothing is known.
    pub unknown: KindId,
    /// The name by which a function finds all that it was given.
    pub arguments: Sym,
    /// Settings of schemas.
    pub shape: Sym,
    pub element: Sym,
    pub pattern: Sym,
    pub field: Sym,
    /// Sinks for which a number is no safer than text: all but these are safe.
    pub number_sinks: KindSet,
    /// Kinds of sources whose data is text, never an object.
    pub text_kinds: KindSet,
}

impl Names {
    pub fn new(symbols: &mut Symbols) -> Names {
        let text_kinds = [
            "http.params",
            "http.headers",
            "http.host",
            "http.cookies",
            "http.url",
            "http.filename",
            "env",
            "cli",
            "archive-entry",
        ];
        Names {
            prototype: symbols.intern("prototype"),
            proto: symbols.intern("__proto__"),
            exports: symbols.intern("exports"),
            default: symbols.intern("default"),
            call: symbols.intern("__call__"),
            enter: [symbols.intern("__enter__"), symbols.intern("__aenter__")],
            unknown: kinds::source("unknown").expect("the engine names kinds of kinds.toml"),
            arguments: symbols.intern("arguments"),
            shape: symbols.intern("shape"),
            element: symbols.intern("element"),
            pattern: symbols.intern("pattern"),
            field: symbols.intern("field"),
            number_sinks: kinds::all(kinds::KindSpace::Sink)
                .filter(|it| {
                    !["size", "trust", "trust.key", "log.any", "response", "orm-filter", "record"].contains(&it.name())
                })
                .collect(),
            text_kinds: text_kinds.iter().filter_map(|it| kinds::source(it)).collect(),
        }
    }
}

//! Source text to one intermediate representation. The only crate that names a parser.
//!
//! [`lower`] never fails: broken text gives the parts that could be read, and problems. No IO.

pub mod ir;
mod javascript;
mod lines;
mod nesting;
mod print;
mod python;
mod text;

use ir::{Module, Semantics};

pub use lines::{Lines, Position};
pub use print::print;
pub use text::{Decoded, decode};

/// What a file is written in, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    JavaScript,
    Jsx,
    TypeScript,
    Tsx,
    Python,
}

impl Language {
    /// By the ending of the path; `None` for a file that is no source.
    pub fn from_path(path: &str) -> Option<Language> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.')?.1;
        Some(match ending {
            "js" | "mjs" | "cjs" => Language::JavaScript,
            "jsx" => Language::Jsx,
            "ts" | "mts" | "cts" => Language::TypeScript,
            "tsx" => Language::Tsx,
            "py" | "pyw" => Language::Python,
            _ => return None,
        })
    }
}

/// Nesting allowed in one file, counted as `ARCHITECTURE.md` says: beyond it the file is not parsed.
pub const NESTING_MAX: u32 = 256;

/// Text to IR. The text is what [`decode`] gave; spans are byte offsets into it.
pub fn lower(text: &str, language: Language) -> Module {
    match language {
        Language::Python => python::lower(text),
        _ => javascript::lower(text, language),
    }
}

/// The parser's part of [`lower`] alone, for those who measure it: whether the text was read without a problem.
#[doc(hidden)]
pub fn parses(text: &str, language: Language) -> bool {
    match language {
        Language::Python => python::parses(text),
        _ => javascript::parses(text, language),
    }
}

/// An empty module of the language, for text that must not be parsed.
pub(crate) fn empty(language: Language) -> Module {
    Module::new(match language {
        Language::Python => Semantics::PYTHON,
        _ => Semantics::JAVASCRIPT,
    })
}

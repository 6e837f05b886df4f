//! The identity of a finding across edits: rule, path, enclosing symbol and the normalized text of the primary
//! expression; never a line number. Equal ones are counted in the order they stand in the file.

use std::collections::BTreeMap;

use backend_specialist_syntax::ir::{Expr, Module, Span, TOP_LEVEL, VarKind};

use crate::load::LoadedFile;

/// Characters of the primary expression that count.
const TEXT_MAX: usize = 4_000;

/// What a fingerprint is made of, but for the ordinal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    rule: &'static str,
    path: String,
    symbol: String,
    text: String,
}

impl Identity {
    /// `path` is what the file is called where the finding is compared with others.
    pub fn new(rule: &'static str, path: &str, file: &LoadedFile, span: Span) -> Identity {
        let (symbol, text) = match &file.module {
            Some(module) => (enclosing_symbol(module, span), normalized(module, &file.text, span)),
            None => (String::new(), collapsed(slice(&file.text, span))),
        };
        Identity { rule, path: path.to_string(), symbol, text }
    }

    /// The same for the same identity and ordinal, on every platform and in every version.
    pub fn fingerprint(&self, ordinal: u32) -> String {
        let mut hash = Fnv128::new();
        for part in [self.rule, &self.path, &self.symbol, &self.text, &ordinal.to_string()] {
            hash.write(part.as_bytes());
            hash.write(&[0]);
        }
        format!("{:032x}", hash.0)
    }
}

/// Numbers equal identities; call it in the order of the places.
#[derive(Debug, Default)]
pub struct Ordinals(BTreeMap<Identity, u32>);

impl Ordinals {
    pub fn fingerprint(&mut self, identity: Identity) -> String {
        let ordinal = self.0.entry(identity.clone()).or_insert(0);
        let text = identity.fingerprint(*ordinal);
        *ordinal += 1;
        text
    }
}

/// FNV-1a with 128 bits: short, fast enough for a few thousand texts, and written down since 1991.
struct Fnv128(u128);

impl Fnv128 {
    fn new() -> Fnv128 {
        Fnv128(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013B);
        }
    }
}

/// The named functions and classes around the place, outermost first: `Users.find`.
pub fn enclosing_symbol(module: &Module, span: Span) -> String {
    let functions = module
        .functions
        .iter()
        .skip(TOP_LEVEL.index() + 1)
        .filter(|it| it.span.contains(span))
        .filter_map(|it| Some((it.span, it.name?)));
    let classes = module.classes.iter().filter(|it| it.span.contains(span)).filter_map(|it| Some((it.span, it.name?)));
    let mut around: Vec<_> = functions.chain(classes).collect();
    around.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let names: Vec<&str> = around.iter().map(|&(_, name)| module.name(name)).collect();
    names.join(".")
}

/// The expression's text with blanks collapsed and the names of locals numbered by their first use, so that
/// neither formatting nor renaming changes it.
fn normalized(module: &Module, text: &str, span: Span) -> String {
    let mut names: Vec<(Span, u32)> = Vec::new();
    for (expr, &at) in module.exprs.iter().zip(&module.expr_spans) {
        if let Expr::Var(var) = expr
            && span.contains(at)
            && is_local(module, *var)
        {
            names.push((at, var.0));
        }
    }
    names.sort_unstable();
    let mut seen: Vec<u32> = Vec::new();
    let (mut out, mut from) = (String::new(), span.start);
    for (at, var) in names {
        if at.start < from || at.start == at.end {
            continue;
        }
        let number = seen.iter().position(|&it| it == var).unwrap_or_else(|| {
            seen.push(var);
            seen.len() - 1
        });
        out.push_str(slice(text, Span::new(from, at.start)));
        out.push_str(&format!("${number}"));
        from = at.end;
    }
    out.push_str(slice(text, Span::new(from, span.end)));
    collapsed(&out)
}

/// Names of imports, functions and classes say what is called; the others can be renamed at will.
fn is_local(module: &Module, var: backend_specialist_syntax::ir::VarId) -> bool {
    let var = module.var(var);
    var.owner != TOP_LEVEL && matches!(var.kind, VarKind::Const | VarKind::Let | VarKind::Parameter)
}

fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(TEXT_MAX));
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > TEXT_MAX {
            break;
        }
    }
    out
}

/// A place of a rule is always inside the text; one that is not gives nothing rather than a panic.
pub(crate) fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let mut hash = Fnv128::new();
        hash.write(b"a");
        assert_eq!(format!("{:032x}", hash.0), "d228cb696f1a8caf78912b704e4a8964");
    }

    #[test]
    fn blanks_do_not_count_and_ordinals_do() {
        assert_eq!(collapsed(" a\n\t+  b "), "a + b");
        let identity = Identity { rule: "r", path: "a.js".into(), symbol: "f".into(), text: "x".into() };
        let mut ordinals = Ordinals::default();
        let first = ordinals.fingerprint(identity.clone());
        assert_eq!(first, identity.fingerprint(0));
        assert_eq!(ordinals.fingerprint(identity.clone()), identity.fingerprint(1));
        assert_ne!(first, identity.fingerprint(1));
    }
}

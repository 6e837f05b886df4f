//! Words of the languages that the machine itself must know, interned once.

use backend_specialist_syntax::ir::BinaryOp;

use super::machine::Machine;
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
    /// Settings of schemas.
    pub shape: Sym,
    pub element: Sym,
    pub pattern: Sym,
    pub field: Sym,
    /// What gives an iterator, in the order in which it is looked for.
    pub iterators: [Sym; 4],
    /// What gives the next element: of an iterator whose results are records, and of others.
    pub next: Sym,
    pub next_values: [Sym; 4],
    pub value: Sym,
    pub done: Sym,
    /// Where a generator keeps what it returns; no name of a program.
    pub returned: Sym,
    /// Where a promise keeps why it was rejected; no name of a program.
    pub rejected: Sym,
    /// What makes text of an object.
    pub texts: [Sym; 4],
    /// What JSON is made of instead of an object.
    pub json: Sym,
    pub arguments: Sym,
    pub match_args: Sym,
    /// Where a cell of a library keeps what is put into it; no name of a program.
    pub content: Sym,
    pub status: Sym,
    pub then: Sym,
    /// Makes an instance before it is set up.
    pub make: Sym,
    pub contains: Sym,
    pub len: Sym,
    /// What says whether an object counts as true, in the order in which it is looked for.
    pub truths: [Sym; 2],
    /// Methods that stand for operators.
    pub operators: Vec<(BinaryOp, Sym)>,
    pub length: Sym,
    pub all_members: Sym,
    pub member_by_name: Sym,
    /// Sinks for which a number is no safer than text: all but these are safe.
    pub number_sinks: KindSet,
    /// Kinds of sources whose data is text, never an object.
    pub text_kinds: KindSet,
}

/// Keys that are symbols, as names that no program can write.
pub const SYMBOL_ITERATOR: &str = "\u{1}Symbol.iterator";
pub const SYMBOL_ASYNC_ITERATOR: &str = "\u{1}Symbol.asyncIterator";
pub const SYMBOL_PRIMITIVE: &str = "\u{1}Symbol.toPrimitive";
pub const SYMBOLS: [&str; 3] = [SYMBOL_ITERATOR, SYMBOL_ASYNC_ITERATOR, SYMBOL_PRIMITIVE];

const OPERATORS: &[(BinaryOp, &str)] = &[
    (BinaryOp::Add, "__add__"),
    (BinaryOp::Sub, "__sub__"),
    (BinaryOp::Mul, "__mul__"),
    (BinaryOp::Div, "__truediv__"),
    (BinaryOp::FloorDiv, "__floordiv__"),
    (BinaryOp::ModOrFormat, "__mod__"),
    (BinaryOp::BitOr, "__or__"),
    (BinaryOp::BitAnd, "__and__"),
    (BinaryOp::ShiftLeft, "__lshift__"),
    (BinaryOp::ShiftRight, "__rshift__"),
    (BinaryOp::ValueEq, "__eq__"),
    (BinaryOp::Lt, "__lt__"),
    (BinaryOp::Gt, "__gt__"),
];

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
            shape: symbols.intern("shape"),
            element: symbols.intern("element"),
            pattern: symbols.intern("pattern"),
            field: symbols.intern("field"),
            iterators: [SYMBOL_ITERATOR, "__iter__", SYMBOL_ASYNC_ITERATOR, "__aiter__"].map(|it| symbols.intern(it)),
            next: symbols.intern("next"),
            next_values: ["__next__", "__anext__", "send", "asend"].map(|it| symbols.intern(it)),
            value: symbols.intern("value"),
            done: symbols.intern("done"),
            returned: symbols.intern("\u{1}returned"),
            rejected: symbols.intern("\u{1}rejected"),
            json: symbols.intern("toJSON"),
            texts: [SYMBOL_PRIMITIVE, "toString", "__str__", "__repr__"].map(|it| symbols.intern(it)),
            arguments: symbols.intern("arguments"),
            match_args: symbols.intern("__match_args__"),
            content: symbols.intern("\u{1}content"),
            status: symbols.intern("status"),
            then: symbols.intern("then"),
            make: symbols.intern("__new__"),
            contains: symbols.intern("__contains__"),
            len: symbols.intern("__len__"),
            truths: ["__bool__", "__len__"].map(|it| symbols.intern(it)),
            operators: OPERATORS.iter().map(|it| (it.0, symbols.intern(it.1))).collect(),
            length: symbols.intern("length"),
            all_members: symbols.intern("__dict__"),
            member_by_name: symbols.intern("__getattr__"),
            number_sinks: kinds::all(kinds::KindSpace::Sink)
                .filter(|it| {
                    !["size", "trust", "trust.key", "log.any", "response", "orm-filter", "record"].contains(&it.name())
                })
                .collect(),
            text_kinds: text_kinds.iter().filter_map(|it| kinds::source(it)).collect(),
        }
    }
}

impl Machine<'_> {
    /// Whether the name is one of the class, as the test tells; every name is looked at once.
    pub(super) fn says(&mut self, name: Sym, class: &'static str, test: impl FnOnce(&str, &str) -> bool) -> bool {
        if let Some(known) = self.said.get(&(class, name)) {
            return *known;
        }
        let found = test(class, &self.text(name));
        self.said.insert((class, name), found);
        found
    }
}

//! The intermediate representation: one shape for every language, owned and flat.
//!
//! A [`Module`] is what lowering makes of one file. Expressions, statements, functions and classes live in
//! arenas of the module and name each other by id, so that the parser's tree can be dropped at once.
//! Operations whose meaning differs between languages (`+`, `==`, truthiness, `%`) are distinct operators or
//! switches in [`Semantics`], chosen while lowering: nothing above this crate asks for a language.

mod declaration;
mod expr;
mod module;
mod names;
mod spans;
mod stmt;

use std::marker::PhantomData;

pub use declaration::*;
pub use expr::*;
pub use module::*;
pub use stmt::*;

/// A byte range of the file's decoded text, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An expression of the module.
    ExprId;
    /// A statement of the module.
    StmtId;
    /// A pattern (binding or assignment target) of the module.
    PatternId;
    /// A function, method, lambda or arrow of the module. Id 0 is the module's top level.
    FunctionId;
    /// A class of the module.
    ClassId;
    /// A variable of the module: a local, a parameter, an import or a module-level name.
    VarId;
    /// An import of the module: one specifier at one place.
    ImportId;
    /// A string of the module, interned: equal ids are equal strings.
    NameId;
}

/// The module's top level, as a function without parameters.
pub const TOP_LEVEL: FunctionId = FunctionId(0);

/// A run of items in one of the module's side arenas; read it with the accessor of the same name.
#[derive(Debug)]
pub struct List<T> {
    pub start: u32,
    pub len: u32,
    marker: PhantomData<fn() -> T>,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for List<T> {}
impl<T> Default for List<T> {
    fn default() -> Self {
        List { start: 0, len: 0, marker: PhantomData }
    }
}
impl<T> List<T> {
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
    fn run(start: u32, len: usize) -> List<T> {
        List { start, len: len as u32, marker: PhantomData }
    }
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// What is true of a whole language and cannot be said by an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Semantics {
    /// The key under which the library models of this language are found (`javascript`, `python`).
    pub models: &'static str,
    /// `[]` and `{}` are false.
    pub empty_is_false: bool,
    /// A string index below zero counts from the end.
    pub negative_index: bool,
    /// Reading an attribute of a mapping reads its key (`{a: 1}.a`).
    pub members_are_keys: bool,
    /// Calling a class makes an instance without a keyword.
    pub classes_are_callable: bool,
    /// Defaults of parameters are worked out once, when the function is made.
    pub defaults_at_definition: bool,
    /// Each round of a loop has its own variables.
    pub rounds_have_scopes: bool,
    /// The name under which a function finds all its arguments.
    pub arguments_name: Option<&'static str>,
    /// Names that are not declared are looked up in star imports and then in the language's globals.
    pub modules_are_namespaces: bool,
}

impl Semantics {
    pub const JAVASCRIPT: Semantics = Semantics {
        models: "javascript",
        empty_is_false: false,
        negative_index: false,
        members_are_keys: true,
        classes_are_callable: false,
        defaults_at_definition: false,
        rounds_have_scopes: true,
        arguments_name: Some("arguments"),
        modules_are_namespaces: false,
    };
    pub const PYTHON: Semantics = Semantics {
        models: "python",
        empty_is_false: true,
        negative_index: true,
        members_are_keys: false,
        classes_are_callable: true,
        defaults_at_definition: true,
        rounds_have_scopes: false,
        arguments_name: None,
        modules_are_namespaces: true,
    };
}

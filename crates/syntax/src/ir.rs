//! The intermediate representation: one shape for every language, owned and flat.
//!
//! A [`Module`] is what lowering makes of one file. Expressions, statements, functions and classes live in
//! arenas of the module and name each other by id, so that the parser's tree can be dropped at once.
//! Operations whose meaning differs between languages (`+`, `==`, truthiness, `%`) are distinct operators or
//! switches in [`Semantics`], chosen while lowering: nothing above this crate asks for a language.

mod spans;

use std::marker::PhantomData;

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
        modules_are_namespaces: false,
    };
    pub const PYTHON: Semantics = Semantics {
        models: "python",
        empty_is_false: true,
        negative_index: true,
        members_are_keys: false,
        classes_are_callable: true,
        modules_are_namespaces: true,
    };
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Const {
    Null,
    /// JavaScript's `undefined`; never made for Python.
    Undefined,
    Bool(bool),
    /// Integers are exact up to 2^53.
    Number(f64),
    /// Text, and Python's bytes literals.
    Text(NameId),
    Regex {
        pattern: NameId,
        flags: NameId,
    },
    /// Python's `...`.
    Ellipsis,
}

/// How text was put together. It decides nothing about the value, only how a message or a fix names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConcatStyle {
    /// An untagged template literal.
    Template,
    /// An f-string.
    FString,
    /// `"…" % value`
    Percent,
    /// `"…".format(…)`
    Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// Adds numbers, else concatenates text, whatever the types (JavaScript).
    AddOrConcat,
    /// Adds numbers, concatenates two texts or two lists, else raises (Python).
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    /// Remainder with the sign of the dividend (JavaScript).
    Rem,
    /// Modulo with the sign of the divisor, or text formatting when the left side is text (Python).
    ModOrFormat,
    Pow,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    MatMul,
    /// `===`
    StrictEq,
    StrictNe,
    /// JavaScript's `==`: converts.
    LooseEq,
    LooseNe,
    /// Python's `==`: by value.
    ValueEq,
    ValueNe,
    /// `is`
    Same,
    NotSame,
    Lt,
    Le,
    Gt,
    Ge,
    /// `x in container`: an element, a key of a mapping, a part of a text (Python).
    In,
    NotIn,
    /// `key in object` (JavaScript).
    HasKey,
    InstanceOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Not,
    Minus,
    /// Converts to a number or raises: JavaScript's unary `+`, and the hole of `%d` or `{:d}` in Python.
    ToNumber,
    BitNot,
    TypeOf,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicOp {
    And,
    Or,
    /// `??`
    Coalesce,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallStyle {
    /// `f(x)`
    Call,
    /// `new F(x)`
    New,
    /// ``f`a${x}` ``: argument 0 is an array of the literal pieces, the others are the holes.
    Tagged,
    /// `@f` above a function or class: one argument, the thing decorated. An unknown decorator gives it back.
    Decorate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrayStyle {
    List,
    Tuple,
    Set,
}

/// One argument of a call. A keyword argument has a name; a spread one stands for many (`...xs`, `*xs`;
/// `**kw` is a spread with `keywords`).
#[derive(Clone, Copy, Debug)]
pub struct Arg {
    pub value: ExprId,
    pub name: Option<NameId>,
    pub spread: Spread,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Spread {
    #[default]
    No,
    Items,
    Keywords,
}

/// One element of an array, list, tuple or set.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// `None` for a hole in a JavaScript array.
    pub value: Option<ExprId>,
    pub spread: bool,
}

/// One property of an object or dict literal.
#[derive(Clone, Copy, Debug)]
pub struct Prop {
    pub key: Key,
    pub value: ExprId,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A key known as text, or a number's text.
    Name(NameId),
    Computed(ExprId),
    /// `...other`, `**other`
    Spread,
}

/// One `for … in … if …` of a comprehension.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    pub pattern: PatternId,
    pub iterable: ExprId,
    pub conditions: List<ExprId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionStyle {
    List,
    Set,
    Dict,
    Generator,
}

/// One piece of a [`Expr::Concat`]. A template's literal text is an expression too: a `Const::Text`.
pub type Piece = ExprId;

#[derive(Clone, Copy, Debug)]
pub enum Expr {
    Const(Const),
    Var(VarId),
    /// A name that nothing in the file declares: a global, a builtin, a star import, or an error.
    Free(NameId),
    /// `this`; in a language with an explicit receiver parameter that parameter is an ordinary variable.
    This,
    /// The base class's side of the receiver: `super`, `super()` in Python.
    Super,
    /// `object.name`, also `object["name"]` where members are keys. `optional` is `?.`.
    Member {
        object: ExprId,
        name: NameId,
        optional: bool,
    },
    Index {
        object: ExprId,
        index: ExprId,
    },
    /// `object[lower:upper:step]`
    Slice {
        object: ExprId,
        lower: Option<ExprId>,
        upper: Option<ExprId>,
        step: Option<ExprId>,
    },
    Call {
        callee: ExprId,
        args: List<Arg>,
        style: CallStyle,
        optional: bool,
    },
    /// `require("x")` and `import("x")` with a constant specifier: the module itself.
    Import(ImportId),
    Concat {
        style: ConcatStyle,
        pieces: List<Piece>,
    },
    Binary {
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    },
    Unary {
        op: UnaryOp,
        operand: ExprId,
    },
    Logic {
        op: LogicOp,
        left: ExprId,
        right: ExprId,
    },
    Cond {
        test: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    Array {
        style: ArrayStyle,
        items: List<Item>,
    },
    /// An object or dict literal.
    Object {
        props: List<Prop>,
    },
    Comprehension {
        style: ComprehensionStyle,
        clauses: List<Clause>,
        key: Option<ExprId>,
        value: ExprId,
    },
    Function(FunctionId),
    Class(ClassId),
    Await(ExprId),
    /// `yield`, `yield*` and `yield from` (`delegate`).
    Yield {
        value: Option<ExprId>,
        delegate: bool,
    },
    /// Assignment as an expression; its value is the value assigned.
    Assign {
        target: PatternId,
        value: ExprId,
    },
    /// `a += b`, `a ||= b`: reads, combines, writes. The operator stands in `value` already, whose left side
    /// reads the target; `target` is where the result goes.
    Update {
        target: PatternId,
        value: ExprId,
    },
    /// `a, b`: evaluates all, gives the last.
    Sequence(List<ExprId>),
    /// `<Tag a={b}>…</Tag>`: the tag, an object of the attributes, the children.
    Element {
        tag: Option<ExprId>,
        attributes: ExprId,
        children: List<ExprId>,
    },
    /// `delete object.name`, `del object[name]`
    Delete(ExprId),
    /// Something that has no value of interest (a type-only construct, an error): its parts are evaluated.
    Opaque(List<ExprId>),
}

/// Where a value goes: declarations, parameters, assignments, loop variables.
#[derive(Clone, Copy, Debug)]
pub enum Pattern {
    Var(VarId),
    /// An assignment to an undeclared name.
    Free(NameId),
    /// `object.name = …`, `object[index] = …`: the expression is a `Member`, `Index` or `Slice`.
    Place(ExprId),
    /// `{a, b: c, ...rest}`; also the keyword part of a Python class pattern and mapping patterns.
    Object {
        entries: List<PatternEntry>,
        rest: Option<PatternId>,
    },
    /// `[a, , b, ...rest]`, `a, *rest, b`: `rest` stands at its place among the elements.
    Array(List<PatternElement>),
    /// `a = 1` inside a pattern: the default when the value is absent.
    Default {
        pattern: PatternId,
        value: ExprId,
    },
    /// `x as name`: both patterns get the value.
    Both(PatternId, PatternId),
    /// Nothing is bound (`_` of `match`, an elision).
    Ignore,
}

#[derive(Clone, Copy, Debug)]
pub struct PatternEntry {
    pub key: Key,
    pub value: PatternId,
}

#[derive(Clone, Copy, Debug)]
pub struct PatternElement {
    /// `None` for an elision.
    pub pattern: Option<PatternId>,
    pub rest: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopKind {
    /// The test comes first.
    While,
    /// The body comes first.
    DoWhile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// Elements of an iterable; the keys of a mapping (`for … of`, Python's `for`).
    Elements,
    /// Property names (`for … in` in JavaScript).
    Keys,
}

/// One arm of a [`Stmt::Switch`]. It is taken if one of `tests` equals the subject, or `pattern` fits it;
/// without either it is the default.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub tests: List<ExprId>,
    /// Bindings a `match` arm makes.
    pub pattern: Option<PatternId>,
    /// `case … if guard`
    pub guard: Option<ExprId>,
    pub body: StmtId,
    /// Control goes on into the next arm's body when this one ends (JavaScript without `break`; lowering
    /// keeps a closing `break` as a statement, and it leaves the switch).
    pub falls_through: bool,
    /// The arm is taken whatever the subject is: `default`, `case _`, `case name`.
    pub is_default: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug)]
pub struct Handler {
    /// The exception classes caught; empty catches everything.
    pub types: List<ExprId>,
    pub binding: Option<PatternId>,
    pub body: StmtId,
    pub span: Span,
}

#[derive(Clone, Copy, Debug)]
pub struct WithItem {
    pub context: ExprId,
    pub target: Option<PatternId>,
}

#[derive(Clone, Copy, Debug)]
pub enum Stmt {
    Expr(ExprId),
    /// A declaration; without a value the variable is absent until it is assigned.
    Let {
        pattern: PatternId,
        value: Option<ExprId>,
    },
    /// A function declaration; hoisted ones stand first in their block.
    Function {
        var: VarId,
        function: FunctionId,
    },
    Class {
        var: VarId,
        class: ClassId,
    },
    Block(List<StmtId>),
    If {
        test: ExprId,
        then: StmtId,
        otherwise: Option<StmtId>,
    },
    /// `while`, `do`, and C-style `for` (whose initializer stands before it in a block and whose update is here).
    Loop {
        kind: LoopKind,
        test: Option<ExprId>,
        update: Option<ExprId>,
        body: StmtId,
        otherwise: Option<StmtId>,
    },
    ForEach {
        each: Each,
        pattern: PatternId,
        iterable: ExprId,
        body: StmtId,
        otherwise: Option<StmtId>,
    },
    Switch {
        subject: ExprId,
        cases: List<Case>,
    },
    Try {
        body: StmtId,
        handlers: List<Handler>,
        otherwise: Option<StmtId>,
        finally: Option<StmtId>,
    },
    With {
        items: List<WithItem>,
        body: StmtId,
    },
    Return(Option<ExprId>),
    Throw(Option<ExprId>),
    /// Leaves the loop or switch that carries the label, or the innermost one.
    Break(Option<NameId>),
    Continue(Option<NameId>),
    Labeled {
        label: NameId,
        body: StmtId,
    },
    /// Python's `assert`: it may be compiled away, so it guards nothing.
    Assert {
        test: ExprId,
        message: Option<ExprId>,
    },
    /// `exports` of a declaration are in [`Module::exports`]; nothing to run.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// Declared and assigned exactly once (`const`, a Python name assigned once is not told apart).
    Const,
    Let,
    Parameter,
    Function,
    Class,
    /// Bound by an import.
    Import {
        import: ImportId,
        name: Imported,
    },
    /// CommonJS's `module`: an object whose `exports` is what `require` gives.
    Module,
    /// CommonJS's `exports`.
    Exports,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The module itself: `import * as x`, `import a.b as x`, and `const x = require("…")` is an ordinary
    /// declaration of an [`Expr::Import`].
    Namespace,
    /// `import a.b.c` binds `a`: the first part of the dotted specifier.
    FirstPart,
    /// `import x from "…"`
    Default,
    Named(NameId),
}

#[derive(Clone, Copy, Debug)]
pub struct Var {
    /// A variable made for the inside of a Python class body has a name with a dot (`User.base`), so that no
    /// import finds it.
    pub name: NameId,
    pub kind: VarKind,
    /// The function whose frame holds it.
    pub owner: FunctionId,
    /// A function inside `owner` reads or writes it.
    pub captured: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    Positional,
    KeywordOnly,
    /// `...rest`, `*args`
    Rest,
    /// `**kwargs`
    KeywordRest,
}

#[derive(Clone, Copy, Debug)]
pub struct Param {
    pub pattern: PatternId,
    /// The name a caller may use as a keyword, and messages use.
    pub name: Option<NameId>,
    pub kind: ParamKind,
    pub default: Option<ExprId>,
    /// The annotation as an expression: `Repository<User>` is an `Index`, a union is `Binary BitOr`, a string
    /// annotation is parsed; built-in type words are `Free`.
    pub annotation: Option<ExprId>,
    /// `@Body() dto`
    pub decorators: List<ExprId>,
    pub span: Span,
}

/// How a function gets the object it is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// `this` is bound by the call.
    This,
    /// `this` is the enclosing function's (arrow functions), or there is none.
    Inherited,
    /// Parameter 0 is the receiver (`self`), or the class (`cls`, with `MemberFlags::on_class`).
    FirstParameter,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: Option<NameId>,
    /// The function it stands in; the top level stands in itself.
    pub parent: FunctionId,
    /// The class whose member it is.
    pub class: Option<ClassId>,
    pub params: List<Param>,
    /// A block. An arrow with an expression body has a block of one `Return`.
    pub body: StmtId,
    pub receiver: Receiver,
    pub is_async: bool,
    pub is_generator: bool,
    pub return_annotation: Option<ExprId>,
    /// `"use server"` and the like, in order.
    pub directives: List<NameId>,
    /// Decorators as written, outermost first. They are calls in the statement that declares the function (or
    /// applied by the class) as well; here a rule may read them.
    pub decorators: List<ExprId>,
    /// The whole function, decorators excluded.
    pub span: Span,
    /// The name, else the first line's head.
    pub name_span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    Method,
    Getter,
    Setter,
    /// A field or class attribute; the value is its initializer.
    Field,
    /// A block or statement run when the class is made (`static {}`): the value is a function without parameters.
    Block,
}

#[derive(Clone, Copy, Debug)]
pub struct ClassMember {
    pub key: Key,
    pub kind: MemberKind,
    /// On the class itself rather than its instances. A Python class attribute is an instance-visible field of
    /// the class: `is_static` is true and instances find it through their class.
    pub is_static: bool,
    /// `@classmethod`: the receiver is the class.
    pub on_class: bool,
    /// A method's value is `Expr::Function`. `None` for a field that is only declared and for a method without
    /// a body (of an interface, or abstract).
    pub value: Option<ExprId>,
    /// A field's type; what a method without a body returns.
    pub annotation: Option<ExprId>,
    pub decorators: List<ExprId>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Class {
    pub name: Option<NameId>,
    /// The function it stands in.
    pub parent: FunctionId,
    pub bases: List<ExprId>,
    /// TypeScript's `implements`: types this class promises to fit. Nothing is inherited from them.
    pub implements: List<ExprId>,
    /// `class X(Base, metaclass=M)`: keyword arguments.
    pub keywords: List<Arg>,
    pub members: List<ClassMember>,
    /// The member that runs when an instance is made (`constructor`, `__init__`).
    pub constructor: Option<u32>,
    /// As for functions.
    pub decorators: List<ExprId>,
    /// An interface or type alias of an object type: it has no run-time value.
    pub type_only: bool,
    pub span: Span,
    pub name_span: Span,
}

#[derive(Clone, Copy, Debug)]
pub struct Import {
    /// As written, without leading dots: `./users`, `@scope/pkg/sub`, `a.b.c`; `from . import x` has an empty one.
    pub specifier: NameId,
    /// Leading dots of a Python import; 0 is absolute.
    pub level: u32,
    /// `import type`: it binds names for annotations only.
    pub type_only: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug)]
pub enum Exported {
    Var(VarId),
    /// `export default <expression>`: evaluated where it stands, into this variable.
    Reexport {
        import: ImportId,
        name: Imported,
    },
    /// `export * from "…"`
    All {
        import: ImportId,
    },
}

#[derive(Clone, Copy, Debug)]
pub struct Export {
    /// The outside name; `default` for a default export, empty for [`Exported::All`].
    pub name: NameId,
    pub what: Exported,
}

/// The annotation of a variable, as an expression (see [`Param::annotation`]).
#[derive(Clone, Copy, Debug)]
pub struct VarType {
    pub var: VarId,
    pub annotation: ExprId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Delimiters included.
    pub span: Span,
}

/// What a type assertion claims: `x!` says "not null", `x as T` and `<T>x` name a type. The expression itself
/// stands in the tree without the cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastKind {
    NonNull,
    As,
}

#[derive(Clone, Copy, Debug)]
pub struct Cast {
    /// The cast with its operand.
    pub span: Span,
    pub expr: ExprId,
    pub kind: CastKind,
    /// The type named.
    pub to: Option<ExprId>,
}

#[derive(Clone, Debug)]
pub struct SyntaxProblem {
    pub span: Span,
    pub message: String,
}

/// One file, lowered.
#[derive(Clone, Debug)]
pub struct Module {
    pub semantics: Semantics,
    pub exprs: Vec<Expr>,
    pub expr_spans: Vec<Span>,
    pub stmts: Vec<Stmt>,
    pub stmt_spans: Vec<Span>,
    pub patterns: Vec<Pattern>,
    pub pattern_spans: Vec<Span>,
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    pub vars: Vec<Var>,
    pub imports: Vec<Import>,
    /// `from x import *`
    pub star_imports: Vec<ImportId>,
    pub exports: Vec<Export>,
    /// Declared types of variables that are no parameters (`db: Session = …`), in order of the declarations.
    pub var_types: Vec<VarType>,
    pub comments: Vec<Comment>,
    /// Type assertions, in the order their operands end.
    pub casts: Vec<Cast>,
    /// `"use strict"`, `"use server"` at the top.
    pub directives: List<NameId>,
    /// What the parser could not read; the rest was lowered.
    pub problems: Vec<SyntaxProblem>,
    /// The text was mended before it could be parsed, or parts of it are missing here.
    pub repaired: bool,
    expr_lists: Vec<ExprId>,
    stmt_lists: Vec<StmtId>,
    args: Vec<Arg>,
    items: Vec<Item>,
    props: Vec<Prop>,
    clauses: Vec<Clause>,
    entries: Vec<PatternEntry>,
    elements: Vec<PatternElement>,
    cases: Vec<Case>,
    handlers: Vec<Handler>,
    with_items: Vec<WithItem>,
    params: Vec<Param>,
    members: Vec<ClassMember>,
    name_lists: Vec<NameId>,
    names: Names,
}

/// Interned strings: one blob and one open table, so that a module with ten thousand names is four allocations.
#[derive(Clone, Debug, Default)]
struct Names {
    blob: String,
    ends: Vec<u32>,
    hashes: Vec<u32>,
    /// Ids plus one, found by hash and linear probing; 0 is free. Its length is a power of two.
    table: Vec<u32>,
}

const NAMES_AT_FIRST: usize = 256;

impl Names {
    fn get(&self, id: u32) -> &str {
        let start = if id == 0 { 0 } else { self.ends[id as usize - 1] as usize };
        &self.blob[start..self.ends[id as usize] as usize]
    }

    fn intern(&mut self, text: &str) -> u32 {
        use std::hash::{BuildHasher, BuildHasherDefault};
        let hash = BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(text);
        let hash = (hash ^ (hash >> 32)) as u32;
        if (self.ends.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        while self.table[at] != 0 {
            let id = self.table[at] - 1;
            if self.hashes[id as usize] == hash && self.get(id) == text {
                return id;
            }
            at = (at + 1) & mask;
        }
        let id = self.ends.len() as u32;
        self.blob.push_str(text);
        self.ends.push(self.blob.len() as u32);
        self.hashes.push(hash);
        self.table[at] = id + 1;
        id
    }

    fn grow(&mut self) {
        let len = (self.table.len() * 2).max(NAMES_AT_FIRST);
        let mask = len - 1;
        self.table = vec![0; len];
        for (id, hash) in self.hashes.iter().enumerate() {
            let mut at = *hash as usize & mask;
            while self.table[at] != 0 {
                at = (at + 1) & mask;
            }
            self.table[at] = id as u32 + 1;
        }
    }
}

macro_rules! lists {
    ($($item:ty, $field:ident, $get:ident, $make:ident;)*) => {
        impl Module {
            $(
                pub fn $get(&self, list: List<$item>) -> &[$item] {
                    &self.$field[list.range()]
                }
                pub fn $make(&mut self, items: &[$item]) -> List<$item> {
                    let start = self.$field.len() as u32;
                    self.$field.extend_from_slice(items);
                    List { start, len: items.len() as u32, marker: PhantomData }
                }
            )*
        }
    };
}

lists! {
    ExprId, expr_lists, expr_list, make_exprs;
    StmtId, stmt_lists, stmt_list, make_stmts;
    Arg, args, arg_list, make_args;
    Item, items, item_list, make_items;
    Prop, props, prop_list, make_props;
    Clause, clauses, clause_list, make_clauses;
    PatternEntry, entries, entry_list, make_entries;
    PatternElement, elements, element_list, make_elements;
    Case, cases, case_list, make_cases;
    Handler, handlers, handler_list, make_handlers;
    WithItem, with_items, with_item_list, make_with_items;
    Param, params, param_list, make_params;
    ClassMember, members, member_list, make_members;
    NameId, name_lists, name_list, make_names;
}

impl Module {
    /// An empty module with a top level that does nothing.
    pub fn new(semantics: Semantics) -> Module {
        let mut module = Module {
            semantics,
            exprs: Vec::new(),
            expr_spans: Vec::new(),
            stmts: Vec::new(),
            stmt_spans: Vec::new(),
            patterns: Vec::new(),
            pattern_spans: Vec::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            vars: Vec::new(),
            imports: Vec::new(),
            star_imports: Vec::new(),
            exports: Vec::new(),
            var_types: Vec::new(),
            comments: Vec::new(),
            casts: Vec::new(),
            directives: List::default(),
            problems: Vec::new(),
            repaired: false,
            expr_lists: Vec::new(),
            stmt_lists: Vec::new(),
            args: Vec::new(),
            items: Vec::new(),
            props: Vec::new(),
            clauses: Vec::new(),
            entries: Vec::new(),
            elements: Vec::new(),
            cases: Vec::new(),
            handlers: Vec::new(),
            with_items: Vec::new(),
            params: Vec::new(),
            members: Vec::new(),
            name_lists: Vec::new(),
            names: Names::default(),
        };
        let body = module.add_stmt(Stmt::Block(List::default()), Span::default());
        module.functions.push(Function {
            name: None,
            parent: TOP_LEVEL,
            class: None,
            params: List::default(),
            body,
            receiver: Receiver::Inherited,
            is_async: false,
            is_generator: false,
            return_annotation: None,
            directives: List::default(),
            decorators: List::default(),
            span: Span::default(),
            name_span: Span::default(),
        });
        module
    }

    pub fn add_expr(&mut self, expr: Expr, span: Span) -> ExprId {
        self.exprs.push(expr);
        self.expr_spans.push(span);
        ExprId(self.exprs.len() as u32 - 1)
    }

    pub fn add_stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        self.stmts.push(stmt);
        self.stmt_spans.push(span);
        StmtId(self.stmts.len() as u32 - 1)
    }

    pub fn add_pattern(&mut self, pattern: Pattern, span: Span) -> PatternId {
        self.patterns.push(pattern);
        self.pattern_spans.push(span);
        PatternId(self.patterns.len() as u32 - 1)
    }

    pub fn intern(&mut self, text: &str) -> NameId {
        NameId(self.names.intern(text))
    }

    pub fn name(&self, id: NameId) -> &str {
        self.names.get(id.0)
    }

    /// All interned strings, in order of their ids.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        (0..self.names.ends.len() as u32).map(|id| self.names.get(id))
    }

    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.index()]
    }

    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts[id.index()]
    }

    pub fn pattern(&self, id: PatternId) -> Pattern {
        self.patterns[id.index()]
    }

    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.index()]
    }

    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.index()]
    }

    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    pub fn import(&self, id: ImportId) -> Import {
        self.imports[id.index()]
    }

    pub fn expr_span(&self, id: ExprId) -> Span {
        self.expr_spans[id.index()]
    }

    pub fn stmt_span(&self, id: StmtId) -> Span {
        self.stmt_spans[id.index()]
    }
}

//! Expressions and patterns.

use super::{ClassId, ExprId, FunctionId, ImportId, List, NameId, PatternId, Span, VarId};

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
    pub kind: PropKind,
}

/// What the value of a property is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropKind {
    Value,
    /// A function that is called where the property is read.
    Getter,
    /// A function that is called where the property is written.
    Setter,
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

//! What a module declares: variables, parameters, functions, classes, imports and exports.

use super::*;

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

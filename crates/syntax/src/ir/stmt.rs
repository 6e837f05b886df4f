//! Statements.

use super::{ClassId, ExprId, FunctionId, List, NameId, PatternId, Span, StmtId, VarId};

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

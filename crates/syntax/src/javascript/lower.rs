//! The state of one file's lowering, and the small verbs all other parts use.

use oxc_ast::ast;

use super::scope::{Scopes, Space};
use crate::ir::{
    Arg, Comment, Const, Expr, ExprId, FunctionId, List, Module, NameId, Prop, Semantics, Span, Stmt, StmtId,
    SyntaxProblem, TOP_LEVEL, Var, VarId, VarKind,
};

/// Levels of the tree that are lowered. The scan before parsing keeps trees flatter than this; it is here for the
/// day that scan is wrong.
pub(super) const DEPTH_MAX: u32 = 3000;

/// Levels above which chains are lowered the fast way, link by link.
const SHALLOW_MAX: u32 = 64;

pub(super) struct Lower<'s> {
    pub module: Module,
    pub text: &'s str,
    pub scopes: Scopes,
    /// The function whose body is being lowered.
    pub function: FunctionId,
    /// Where the exports of the innermost namespace go; without one they are the module's.
    pub namespace: Option<Vec<(NameId, VarId)>>,
    /// Exported types. They follow the values, so that a value is found first under a shared name.
    pub type_exports: Vec<crate::ir::Export>,
    /// Statements of the blocks that are being lowered, innermost last.
    pub stmts: Vec<StmtId>,
    /// Expressions of the lists that are being lowered, innermost last.
    pub exprs: Vec<ExprId>,
    /// Arguments, likewise.
    pub args: Vec<Arg>,
    /// Properties, likewise.
    pub props: Vec<Prop>,
    depth: u32,
}

impl<'s> Lower<'s> {
    pub fn new(text: &'s str) -> Lower<'s> {
        let mut module = Module::new(Semantics::JAVASCRIPT);
        // Measured on server code: an expression takes about thirteen bytes of text, a statement forty.
        module.exprs.reserve(text.len() / 12);
        module.expr_spans.reserve(text.len() / 12);
        module.stmts.reserve(text.len() / 32);
        module.stmt_spans.reserve(text.len() / 32);
        Lower {
            module,
            text,
            scopes: Scopes::default(),
            function: TOP_LEVEL,
            namespace: None,
            type_exports: Vec::new(),
            stmts: Vec::new(),
            exprs: Vec::new(),
            args: Vec::new(),
            props: Vec::new(),
            depth: 0,
        }
    }

    pub fn program(mut self, program: &ast::Program<'_>) -> Module {
        self.module.comments.extend(program.comments.iter().map(|it| Comment { span: span(it.span) }));
        self.module.directives = self.directives(&program.directives);
        self.hoist_vars(&program.body);
        let list = self.block_items(&program.body);
        let whole = Span::new(0, self.text.len() as u32);
        let body = self.stmt(Stmt::Block(list), whole);
        let top = &mut self.module.functions[TOP_LEVEL.index()];
        top.body = body;
        top.span = whole;
        top.directives = self.module.directives;
        self.module.exports.append(&mut self.type_exports);
        self.module
    }

    pub fn add(&mut self, expr: Expr, span: Span) -> ExprId {
        self.module.add_expr(expr, span)
    }

    pub fn stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        self.module.add_stmt(stmt, span)
    }

    /// A statement of the block that is being lowered.
    pub fn push(&mut self, stmt: Stmt, span: Span) {
        let id = self.module.add_stmt(stmt, span);
        self.stmts.push(id);
    }

    pub fn name(&mut self, text: &str) -> NameId {
        self.module.intern(text)
    }

    pub fn text_const(&mut self, text: &str, span: Span) -> ExprId {
        let name = self.module.intern(text);
        self.add(Expr::Const(Const::Text(name)), span)
    }

    pub fn free(&mut self, text: &str, span: Span) -> ExprId {
        let name = self.module.intern(text);
        self.add(Expr::Free(name), span)
    }

    /// The statements pushed since `start`, as a list.
    pub fn take_stmts(&mut self, start: usize) -> List<StmtId> {
        let list = self.module.make_stmts(&self.stmts[start..]);
        self.stmts.truncate(start);
        list
    }

    pub fn take_exprs(&mut self, start: usize) -> List<ExprId> {
        let list = self.module.make_exprs(&self.exprs[start..]);
        self.exprs.truncate(start);
        list
    }

    /// Goes one level down the tree; `false` says that it is too deep. `rise` must follow either way.
    pub fn sink(&mut self, at: Span) -> bool {
        self.sink_by(1, at)
    }

    /// As [`Lower::sink`], for what takes the stack of several levels; [`Lower::rise_by`] must follow.
    pub fn sink_by(&mut self, levels: u32, at: Span) -> bool {
        self.depth += levels;
        if self.depth <= DEPTH_MAX {
            return true;
        }
        if self.module.problems.is_empty() {
            self.module.problems.push(SyntaxProblem { span: at, message: "nested too deep".to_owned() });
            self.module.repaired = true;
        }
        false
    }

    /// Chains are walked in a loop from here on.
    pub fn is_deep(&self) -> bool {
        self.depth > SHALLOW_MAX
    }

    pub fn rise(&mut self) {
        self.rise_by(1);
    }

    pub fn rise_by(&mut self, levels: u32) {
        self.depth -= levels;
    }

    /// A variable of the innermost scope: the one of that name if the scope has it, else a new one.
    pub fn declare(&mut self, space: Space, text: &str, kind: VarKind, at: Span) -> VarId {
        let name = self.module.intern(text);
        if let Some(var) = self.scopes.here(space, name) {
            return var;
        }
        let var = self.new_var(name, kind, at);
        self.scopes.bind(space, name, var);
        var
    }

    /// A variable that no name leads to.
    pub fn new_var(&mut self, name: NameId, kind: VarKind, at: Span) -> VarId {
        let id = VarId(self.module.vars.len() as u32);
        self.module.vars.push(Var { name, kind, owner: self.function, captured: false, span: at });
        id
    }

    /// Notes that the current function uses the variable.
    pub fn used(&mut self, var: VarId) -> VarId {
        let function = self.function;
        let it = &mut self.module.vars[var.index()];
        if it.owner != function {
            it.captured = true;
        }
        var
    }

    pub fn value_var(&mut self, name: NameId) -> Option<VarId> {
        let var = self.scopes.get(Space::Value, name)?;
        Some(self.used(var))
    }

    /// What a name means where a value is expected.
    pub fn resolve(&mut self, text: &str) -> Expr {
        let name = self.module.intern(text);
        match self.value_var(name) {
            Some(var) => Expr::Var(var),
            None => self.undeclared(text, name),
        }
    }

    fn undeclared(&mut self, text: &str, name: NameId) -> Expr {
        match text {
            "undefined" => Expr::Const(Const::Undefined),
            "NaN" => Expr::Const(Const::Number(f64::NAN)),
            "Infinity" => Expr::Const(Const::Number(f64::INFINITY)),
            "module" => Expr::Var(self.implicit(name, VarKind::Module)),
            "exports" => Expr::Var(self.implicit(name, VarKind::Exports)),
            _ => Expr::Free(name),
        }
    }

    /// A variable every CommonJS module has. Nothing visible has its name, so that binding it for good is right.
    fn implicit(&mut self, name: NameId, kind: VarKind) -> VarId {
        let var = VarId(self.module.vars.len() as u32);
        self.module.vars.push(Var { name, kind, owner: TOP_LEVEL, captured: false, span: Span::default() });
        self.scopes.bind_for_good(name, var);
        self.used(var)
    }

    /// From `start` to the end of its line, not beyond `end`.
    pub fn head(&self, start: u32, end: u32) -> Span {
        let slice = &self.text.as_bytes()[start as usize..(end.max(start)) as usize];
        let len = memchr::memchr2(b'\n', b'\r', slice).unwrap_or(slice.len());
        Span::new(start, start + len as u32)
    }

    pub fn directives(&mut self, directives: &[ast::Directive<'_>]) -> List<NameId> {
        if directives.is_empty() {
            return List::default();
        }
        let names: Vec<NameId> = directives.iter().map(|it| self.module.intern(it.directive.as_str())).collect();
        self.module.make_names(&names)
    }
}

pub(super) fn span(span: oxc_span::Span) -> Span {
    Span::new(span.start, span.end)
}

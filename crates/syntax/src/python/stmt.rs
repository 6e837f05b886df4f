//! Statements. Each pushes what it becomes: nothing (`pass`), one statement, or several (a decorated function).

use super::{DEPTH_MAX, Lower, span};
use crate::ir::{Each, Expr, ExprId, Handler, LoopKind, Pattern, PatternId, Span, Stmt, StmtId, VarType, WithItem};
use ruff_python_ast::{self as ast, Expr as Node, Stmt as Statement};
use ruff_text_size::Ranged;

impl Lower<'_> {
    pub(super) fn block(&mut self, nodes: &[Statement]) -> StmtId {
        let from = self.stmts.len();
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            at += 1;
            if self.is_broken
                && let Some(next) = nodes.get(at)
                && self.split_statement(node, next)
            {
                at += 1;
                continue;
            }
            self.stmt(node);
        }
        let whole = match nodes {
            [first, .., last] => Span::new(first.start().to_u32(), last.end().to_u32()),
            [only] => span(only.range()),
            [] => Span::default(),
        };
        self.take_block(from, whole)
    }

    /// The statements gathered since `from`, as a block.
    pub(super) fn take_block(&mut self, from: usize, at: Span) -> StmtId {
        let list = self.module.make_stmts(&self.stmts[from..]);
        self.stmts.truncate(from);
        self.module.add_stmt(Stmt::Block(list), at)
    }

    pub(super) fn push_stmt(&mut self, stmt: Stmt, at: Span) {
        let id = self.module.add_stmt(stmt, at);
        self.stmts.push(id);
    }

    fn some_block(&mut self, nodes: &[Statement]) -> Option<StmtId> {
        (!nodes.is_empty()).then(|| self.block(nodes))
    }

    pub(super) fn stmt(&mut self, node: &Statement) {
        if self.depth >= DEPTH_MAX {
            self.report_depth(span(node.range()));
            return;
        }
        self.depth += 1;
        self.stmt_inner(node);
        self.depth -= 1;
    }

    fn stmt_inner(&mut self, node: &Statement) {
        let at = span(node.range());
        match node {
            Statement::Expr(it) => self.expr_stmt(&it.value, at),
            Statement::Assign(it) => self.assign(it),
            Statement::AnnAssign(it) => self.annotated(it),
            Statement::AugAssign(it) => {
                let update = self.update(it);
                self.push_stmt(Stmt::Expr(update), at);
            }
            Statement::FunctionDef(it) => self.function_def(it),
            Statement::ClassDef(it) => self.class_def(it),
            Statement::Return(it) => {
                let value = it.value.as_ref().map(|it| self.expr(it));
                self.push_stmt(Stmt::Return(value), at);
            }
            Statement::If(it) => self.if_stmt(it),
            Statement::For(it) => self.for_stmt(it),
            Statement::While(it) => self.while_stmt(it),
            Statement::Try(it) => self.try_stmt(it),
            Statement::With(it) => self.with_stmt(it),
            Statement::Match(it) => self.match_stmt(it),
            Statement::Raise(it) => self.raise(it),
            Statement::Import(it) => self.import(it),
            Statement::ImportFrom(it) => self.import_from(it),
            Statement::Assert(it) => {
                let test = self.expr(&it.test);
                let message = it.msg.as_ref().map(|it| self.expr(it));
                self.push_stmt(Stmt::Assert { test, message }, at);
            }
            Statement::Delete(it) => it.targets.iter().for_each(|it| self.delete(it)),
            Statement::TypeAlias(it) => self.type_alias(it),
            Statement::Global(it) => {
                for name in &it.names {
                    let name = self.name(&name.id);
                    self.declare_global(name);
                }
            }
            Statement::Nonlocal(it) => {
                for name in &it.names {
                    let name = self.name(&name.id);
                    self.declare_nonlocal(name);
                }
            }
            Statement::Break(_) => self.push_stmt(Stmt::Break(None), at),
            Statement::Continue(_) => self.push_stmt(Stmt::Continue(None), at),
            Statement::Pass(_) | Statement::IpyEscapeCommand(_) => {}
        }
    }

    fn expr_stmt(&mut self, node: &Node, at: Span) {
        // Docstrings and `...` do nothing.
        if node.is_string_literal_expr() || node.is_ellipsis_literal_expr() {
            return;
        }
        let value = match self.print_to(node) {
            Some(call) => call,
            None => self.expr(node),
        };
        self.push_stmt(Stmt::Expr(value), at);
    }

    fn assign(&mut self, node: &ast::StmtAssign) {
        let at = span(node.range);
        let Some((first, rest)) = node.targets.split_first() else { return };
        let mut value = self.named_value(first, &node.value);
        // `a = b = c` assigns to `a` last here; only the targets' own effects could tell.
        for target in rest {
            let target = self.target(target);
            let from = self.module.pattern_spans[target.index()].start;
            let at = Span::new(from, at.end);
            value = self.module.add_expr(Expr::Assign { target, value }, at);
        }
        let target = self.target(first);
        self.push_assign(target, value, at);
    }

    fn annotated(&mut self, node: &ast::StmtAnnAssign) {
        let annotation = self.annotation(&node.annotation);
        let Some(value) = &node.value else {
            // It assigns nothing, but it makes the name the function's own.
            if node.target.is_name_expr() {
                let target = self.target(&node.target);
                self.declare_type(target, annotation);
            }
            return;
        };
        let value = self.named_value(&node.target, value);
        let target = self.target(&node.target);
        self.declare_type(target, annotation);
        self.push_assign(target, value, span(node.range));
    }

    fn declare_type(&mut self, target: PatternId, annotation: ExprId) {
        if let Pattern::Var(var) = self.module.pattern(target) {
            self.module.var_types.push(VarType { var, annotation });
        }
    }

    /// `type Name = …`: its value is read when it is asked for; an assignment says the same.
    fn type_alias(&mut self, node: &ast::StmtTypeAlias) {
        let types = self.enter_type_params(node.type_params.as_deref());
        let value = self.annotation(&node.value);
        if types {
            self.leave();
        }
        let target = self.target(&node.name);
        self.push_assign(target, value, span(node.range));
    }

    fn if_stmt(&mut self, node: &ast::StmtIf) {
        let at = span(node.range);
        let test = self.expr(&node.test);
        let outer = self.type_checking;
        self.type_checking |= is_type_checking(&node.test);
        let then = self.block(&node.body);
        self.type_checking = outer;
        let mut ladder = Vec::with_capacity(node.elif_else_clauses.len());
        for clause in &node.elif_else_clauses {
            let test = clause.test.as_ref().map(|it| self.expr(it));
            let body = self.block(&clause.body);
            ladder.push((test, body, clause.range.start().to_u32()));
        }
        let mut otherwise = None;
        for (test, body, start) in ladder.into_iter().rev() {
            otherwise = Some(match test {
                None => body,
                Some(test) => {
                    let branch = Stmt::If { test, then: body, otherwise };
                    self.module.add_stmt(branch, Span::new(start, at.end))
                }
            });
        }
        self.push_stmt(Stmt::If { test, then, otherwise }, at);
    }

    fn for_stmt(&mut self, node: &ast::StmtFor) {
        let iterable = self.expr(&node.iter);
        let pattern = self.target(&node.target);
        let body = self.block(&node.body);
        let otherwise = self.some_block(&node.orelse);
        let each = Stmt::ForEach { each: Each::Elements, pattern, iterable, body, otherwise };
        self.push_stmt(each, span(node.range));
    }

    fn while_stmt(&mut self, node: &ast::StmtWhile) {
        let test = Some(self.expr(&node.test));
        let body = self.block(&node.body);
        let otherwise = self.some_block(&node.orelse);
        let stmt = Stmt::Loop { kind: LoopKind::While, test, update: None, body, otherwise };
        self.push_stmt(stmt, span(node.range));
    }

    fn try_stmt(&mut self, node: &ast::StmtTry) {
        let body = self.block(&node.body);
        let mut handlers = Vec::with_capacity(node.handlers.len());
        for handler in &node.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            handlers.push(self.handler(handler));
        }
        let handlers = self.module.make_handlers(&handlers);
        let otherwise = self.some_block(&node.orelse);
        let finally = self.some_block(&node.finalbody);
        self.push_stmt(Stmt::Try { body, handlers, otherwise, finally }, span(node.range));
    }

    fn handler(&mut self, node: &ast::ExceptHandlerExceptHandler) -> Handler {
        let from = self.exprs.len();
        let mut binding = None;
        let caught: &[Node] = match node.type_.as_deref() {
            None => &[],
            Some(Node::Tuple(it)) => match self.bound_by_comma(it) {
                Some((class, name)) => {
                    binding = Some(name);
                    match class {
                        Node::Tuple(it) => &it.elts,
                        it => std::slice::from_ref(it),
                    }
                }
                None => &it.elts,
            },
            Some(one) => std::slice::from_ref(one),
        };
        for class in caught {
            let class = self.expr(class);
            self.exprs.push(class);
        }
        let types = self.take_exprs(from);
        let binding = match &node.name {
            Some(name) => {
                let at = span(name.range);
                let name = self.name(&name.id);
                Some(self.bind_pattern(name, at))
            }
            None => binding.map(|it| self.target(it)),
        };
        let body = self.block(&node.body);
        Handler { types, binding, body, span: span(node.range) }
    }

    fn with_stmt(&mut self, node: &ast::StmtWith) {
        let mut items = Vec::with_capacity(node.items.len());
        for item in &node.items {
            let context = self.expr(&item.context_expr);
            let target = item.optional_vars.as_ref().map(|it| self.target(it));
            items.push(WithItem { context, target });
        }
        let items = self.module.make_with_items(&items);
        let body = self.block(&node.body);
        self.push_stmt(Stmt::With { items, body }, span(node.range));
    }

    fn match_stmt(&mut self, node: &ast::StmtMatch) {
        let subject = self.expr(&node.subject);
        let mut cases = Vec::with_capacity(node.cases.len());
        for case in &node.cases {
            cases.push(self.case(case, subject));
        }
        let cases = self.module.make_cases(&cases);
        self.push_stmt(Stmt::Switch { subject, cases }, span(node.range));
    }

    fn raise(&mut self, node: &ast::StmtRaise) {
        let value = match node.exc.as_deref() {
            // Python 2: `raise Class, "message"`.
            Some(Node::Tuple(it)) if !it.parenthesized && it.elts.len() > 1 => Some(self.raise_call(it)),
            Some(it) => Some(self.expr(it)),
            None => None,
        };
        // The cause says nothing of what is thrown, but a call in it happens.
        if let Some(cause @ Node::Call(_)) = node.cause.as_deref() {
            let cause = self.expr(cause);
            self.push_stmt(Stmt::Expr(cause), self.module.expr_span(cause));
        }
        self.push_stmt(Stmt::Throw(value), span(node.range));
    }

    fn delete(&mut self, node: &Node) {
        match node {
            Node::Tuple(it) => it.elts.iter().for_each(|it| self.delete(it)),
            Node::List(it) => it.elts.iter().for_each(|it| self.delete(it)),
            it => {
                let at = span(it.range());
                let place = self.expr(it);
                let delete = self.module.add_expr(Expr::Delete(place), at);
                self.push_stmt(Stmt::Expr(delete), at);
            }
        }
    }
}

/// `if TYPE_CHECKING:`; what it imports exists for annotations only.
fn is_type_checking(test: &Node) -> bool {
    match test {
        Node::Name(it) => it.id == "TYPE_CHECKING",
        Node::Attribute(it) => &it.attr.id == "TYPE_CHECKING",
        _ => false,
    }
}

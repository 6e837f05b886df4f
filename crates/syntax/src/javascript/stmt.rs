//! Statements and blocks.

use oxc_ast::ast::{self, Statement};
use oxc_span::GetSpan;

use super::hoist::{Hoisted, hoisted};
use super::lower::{Lower, span};
use crate::ir::{Case, Each, Expr, ExprId, Handler, List, LoopKind, NameId, PatternId, Span, Stmt, StmtId, VarKind};

impl Lower<'_> {
    /// The statements of one scope, which the caller has entered: what is hoisted first, then the rest.
    pub fn block_items(&mut self, statements: &[Statement<'_>]) -> List<StmtId> {
        let start = self.stmts.len();
        self.push_items(statements);
        self.take_stmts(start)
    }

    pub fn push_items(&mut self, statements: &[Statement<'_>]) {
        if self.hoist_block(statements) {
            for statement in statements {
                match hoisted(statement) {
                    Some(Hoisted::Function(it)) => self.function_declaration(it),
                    Some(Hoisted::Interface(it)) => self.interface(it),
                    Some(Hoisted::Alias(it)) => self.alias(it),
                    None => {}
                }
            }
        }
        for statement in statements {
            self.statement(statement);
        }
    }

    /// A block with a scope of its own.
    pub fn block(&mut self, statements: &[Statement<'_>], at: Span) -> StmtId {
        let scope = self.scopes.enter();
        let list = self.block_items(statements);
        self.scopes.leave(scope);
        self.stmt(Stmt::Block(list), at)
    }

    /// The one statement under an `if`, a loop or a label.
    pub fn body(&mut self, statement: &Statement<'_>) -> StmtId {
        let at = span(statement.span());
        if let Statement::BlockStatement(it) = statement {
            let id = if self.sink(at) { self.block(&it.body, at) } else { self.stmt(Stmt::Nothing, at) };
            self.rise();
            return id;
        }
        if statement.as_declaration().is_some() {
            return self.block(std::slice::from_ref(statement), at);
        }
        let start = self.stmts.len();
        self.statement(statement);
        self.one(start, at)
    }

    /// The statements pushed since `start`, as one.
    fn one(&mut self, start: usize, at: Span) -> StmtId {
        match self.stmts[start..] {
            [] => self.stmt(Stmt::Nothing, at),
            [only] => {
                self.stmts.truncate(start);
                only
            }
            _ => {
                let list = self.take_stmts(start);
                self.stmt(Stmt::Block(list), at)
            }
        }
    }

    /// Pushes what the statement becomes: nothing, one statement or several.
    pub fn statement(&mut self, statement: &Statement<'_>) {
        let at = span(statement.span());
        if self.sink(at) {
            self.statement_here(statement, at);
        }
        self.rise();
    }

    /// An expression of which nobody reads the value.
    fn effect(&mut self, it: &ast::Expression<'_>) -> ExprId {
        match it {
            ast::Expression::UpdateExpression(it) => self.increment(it),
            _ => self.expr(it),
        }
    }

    fn statement_here(&mut self, statement: &Statement<'_>, at: Span) {
        match statement {
            Statement::ExpressionStatement(it) => {
                let expr = self.effect(&it.expression);
                self.push(Stmt::Expr(expr), at);
            }
            Statement::ReturnStatement(it) => {
                let value = self.maybe_expr(it.argument.as_ref());
                self.push(Stmt::Return(value), at);
            }
            Statement::ThrowStatement(it) => {
                let value = self.expr(&it.argument);
                self.push(Stmt::Throw(Some(value)), at);
            }
            Statement::BlockStatement(it) => {
                let id = self.block(&it.body, at);
                self.stmts.push(id);
            }
            Statement::IfStatement(it) => {
                let id = self.if_ladder(it);
                self.stmts.push(id);
            }
            Statement::BreakStatement(it) => {
                let label = it.label.as_ref().map(|it| self.name(it.name.as_str()));
                self.push(Stmt::Break(label), at);
            }
            Statement::ContinueStatement(it) => {
                let label = it.label.as_ref().map(|it| self.name(it.name.as_str()));
                self.push(Stmt::Continue(label), at);
            }
            Statement::WhileStatement(it) => self.while_loop(LoopKind::While, &it.test, &it.body, at),
            Statement::DoWhileStatement(it) => self.while_loop(LoopKind::DoWhile, &it.test, &it.body, at),
            Statement::ForStatement(it) => self.for_loop(it, None),
            Statement::ForInStatement(it) => self.for_each(Each::Keys, &it.left, &it.right, &it.body, at),
            Statement::ForOfStatement(it) => self.for_each(Each::Elements, &it.left, &it.right, &it.body, at),
            Statement::SwitchStatement(it) => self.switch(it),
            Statement::TryStatement(it) => self.try_statement(it),
            Statement::LabeledStatement(it) => self.labeled(it),
            Statement::WithStatement(it) => {
                let object = self.expr(&it.object);
                self.push(Stmt::Expr(object), span(it.object.span()));
                let body = self.body(&it.body);
                self.stmts.push(body);
            }
            Statement::DebuggerStatement(_) | Statement::EmptyStatement(_) => {}
            _ => {
                if let Some(it) = statement.as_declaration() {
                    self.declaration(it, at);
                } else if let Some(it) = statement.as_module_declaration() {
                    self.module_declaration(it);
                }
            }
        }
    }

    /// `if … else if … else`: the arms are lowered in a loop, so that a long ladder takes no stack.
    fn if_ladder(&mut self, first: &ast::IfStatement<'_>) -> StmtId {
        let mut arms: Vec<(Span, ExprId, StmtId)> = Vec::new();
        let mut it = first;
        let mut otherwise = loop {
            let test = self.expr(&it.test);
            let then = self.body(&it.consequent);
            arms.push((span(it.span), test, then));
            match &it.alternate {
                Some(Statement::IfStatement(next)) => it = next,
                Some(other) => break Some(self.body(other)),
                None => break None,
            }
        };
        let mut last = None;
        for (at, test, then) in arms.into_iter().rev() {
            let id = self.stmt(Stmt::If { test, then, otherwise }, at);
            otherwise = Some(id);
            last = Some(id);
        }
        last.expect("the ladder has its first arm")
    }

    fn while_loop(&mut self, kind: LoopKind, test: &ast::Expression<'_>, body: &Statement<'_>, at: Span) {
        let test = Some(self.expr(test));
        let body = self.body(body);
        self.push(Stmt::Loop { kind, test, update: None, body, otherwise: None }, at);
    }

    fn for_loop(&mut self, it: &ast::ForStatement<'_>, label: Option<NameId>) {
        let at = span(it.span);
        let scope = self.scopes.enter();
        let start = self.stmts.len();
        match &it.init {
            Some(ast::ForStatementInit::VariableDeclaration(it)) => {
                self.declare_loop_variables(it);
                self.variables(it);
            }
            Some(init) => {
                let init = init.to_expression();
                let expr = self.expr(init);
                self.push(Stmt::Expr(expr), span(init.span()));
            }
            None => {}
        }
        let test = self.maybe_expr(it.test.as_ref());
        let update = it.update.as_ref().map(|it| self.effect(it));
        let body = self.body(&it.body);
        self.push(Stmt::Loop { kind: LoopKind::While, test, update, body, otherwise: None }, at);
        if let Some(label) = label
            && let Some(body) = self.stmts.pop()
        {
            self.push(Stmt::Labeled { label, body }, at);
        }
        let id = self.one(start, at);
        self.stmts.push(id);
        self.scopes.leave(scope);
    }

    fn declare_loop_variables(&mut self, it: &ast::VariableDeclaration<'_>) {
        let kind = match it.kind {
            ast::VariableDeclarationKind::Var => return,
            ast::VariableDeclarationKind::Let => VarKind::Let,
            _ => VarKind::Const,
        };
        for declarator in &it.declarations {
            self.declare_pattern(&declarator.id, kind);
        }
    }

    fn for_each(
        &mut self,
        each: Each,
        left: &ast::ForStatementLeft<'_>,
        right: &ast::Expression<'_>,
        body: &Statement<'_>,
        at: Span,
    ) {
        let iterable = self.expr(right);
        let scope = self.scopes.enter();
        let pattern = self.for_target(left);
        let body = self.body(body);
        self.scopes.leave(scope);
        self.push(Stmt::ForEach { each, pattern, iterable, body, otherwise: None }, at);
    }

    fn for_target(&mut self, left: &ast::ForStatementLeft<'_>) -> PatternId {
        match left {
            ast::ForStatementLeft::VariableDeclaration(it) => {
                self.declare_loop_variables(it);
                match it.declarations.first() {
                    Some(declarator) => self.binding(&declarator.id),
                    None => self.module.add_pattern(crate::ir::Pattern::Ignore, span(it.span)),
                }
            }
            _ => self.target(left.to_assignment_target()),
        }
    }

    fn switch(&mut self, it: &ast::SwitchStatement<'_>) {
        let subject = self.expr(&it.discriminant);
        let scope = self.scopes.enter();
        for case in &it.cases {
            self.hoist_block(&case.consequent);
        }
        let mut cases = Vec::with_capacity(it.cases.len());
        for case in &it.cases {
            cases.push(self.case(case));
        }
        self.scopes.leave(scope);
        let cases = self.module.make_cases(&cases);
        self.push(Stmt::Switch { subject, cases }, span(it.span));
    }

    fn case(&mut self, case: &ast::SwitchCase<'_>) -> Case {
        let start = self.exprs.len();
        if let Some(test) = &case.test {
            let test = self.expr(test);
            self.exprs.push(test);
        }
        let tests = self.take_exprs(start);
        let list = self.block_items(&case.consequent);
        let inside = match (case.consequent.first(), case.consequent.last()) {
            (Some(first), Some(last)) => Span::new(first.span().start, last.span().end),
            _ => Span::new(case.span.end, case.span.end),
        };
        Case {
            tests,
            pattern: None,
            guard: None,
            body: self.stmt(Stmt::Block(list), inside),
            falls_through: completes_all(&case.consequent),
            is_default: case.test.is_none(),
            span: span(case.span),
        }
    }

    fn try_statement(&mut self, it: &ast::TryStatement<'_>) {
        let body = self.block(&it.block.body, span(it.block.span));
        let handlers = match &it.handler {
            Some(handler) => {
                let handler = self.handler(handler);
                self.module.make_handlers(&[handler])
            }
            None => List::default(),
        };
        let finally = it.finalizer.as_ref().map(|it| self.block(&it.body, span(it.span)));
        self.push(Stmt::Try { body, handlers, otherwise: None, finally }, span(it.span));
    }

    fn handler(&mut self, it: &ast::CatchClause<'_>) -> Handler {
        let scope = self.scopes.enter();
        let binding = it.param.as_ref().map(|it| {
            self.declare_pattern(&it.pattern, VarKind::Let);
            self.binding(&it.pattern)
        });
        let body = self.block(&it.body.body, span(it.body.span));
        self.scopes.leave(scope);
        Handler { types: List::default(), binding, body, span: span(it.span) }
    }

    fn labeled(&mut self, it: &ast::LabeledStatement<'_>) {
        let label = self.name(it.label.name.as_str());
        if let Statement::ForStatement(inner) = &it.body {
            return self.for_loop(inner, Some(label));
        }
        if hoisted(&it.body).is_some() {
            return;
        }
        let body = self.body(&it.body);
        self.push(Stmt::Labeled { label, body }, span(it.span));
    }

    pub fn maybe_expr(&mut self, expr: Option<&ast::Expression<'_>>) -> Option<ExprId> {
        expr.map(|it| self.expr(it))
    }

    /// A statement that only evaluates.
    pub fn push_expr(&mut self, expr: Expr, at: Span) {
        let id = self.add(expr, at);
        self.push(Stmt::Expr(id), at);
    }
}

/// Whether control can come to the end of the statements.
fn completes_all(statements: &[Statement<'_>]) -> bool {
    statements.iter().all(completes)
}

fn completes(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ReturnStatement(_)
        | Statement::ThrowStatement(_)
        | Statement::BreakStatement(_)
        | Statement::ContinueStatement(_) => false,
        Statement::BlockStatement(it) => completes_all(&it.body),
        Statement::IfStatement(it) => ladder_completes(it),
        Statement::TryStatement(it) => {
            if it.finalizer.as_ref().is_some_and(|it| !completes_all(&it.body)) {
                return false;
            }
            completes_all(&it.block.body) || it.handler.as_ref().is_some_and(|it| completes_all(&it.body.body))
        }
        _ => true,
    }
}

fn ladder_completes(first: &ast::IfStatement<'_>) -> bool {
    let mut it = first;
    loop {
        if completes(&it.consequent) {
            return true;
        }
        match &it.alternate {
            Some(Statement::IfStatement(next)) => it = next,
            Some(other) => return completes(other),
            None => return true,
        }
    }
}

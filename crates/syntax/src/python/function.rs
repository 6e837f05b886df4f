//! Functions, lambdas, their parameters and decorators.

use super::scope::ScopeKind;
use super::{Lower, span};
use crate::ir::{
    CallStyle, ClassId, Expr, ExprId, Function, FunctionId, List, NameId, Param, ParamKind, Pattern, PatternId,
    Receiver, Span, Stmt, StmtId, VarKind,
};
use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

/// What is known of a function before its body is lowered.
pub(super) struct Head<'a> {
    pub name: Option<NameId>,
    pub name_span: Span,
    pub span: Span,
    pub class: Option<ClassId>,
    pub receiver: Receiver,
    pub is_async: bool,
    pub parameters: Option<&'a ast::Parameters>,
    pub returns: Option<&'a ast::Expr>,
    pub decorators: List<ExprId>,
}

impl Lower<'_> {
    /// `def` outside of a class body: the function, then its decorators as calls, innermost first.
    pub(super) fn function_def(&mut self, node: &ast::StmtFunctionDef) {
        let decorators = self.decorators(&node.decorator_list);
        let in_class = self.scopes.in_class_body();
        let class = self.class.filter(|_| in_class);
        let receiver = if in_class { Receiver::FirstParameter } else { Receiver::Inherited };
        let function = self.function_of(node, class, receiver, decorators);
        let name = self.name(&node.name.id);
        let (var, _) = self.bind(name, VarKind::Function, span(node.name.range));
        let statement =
            self.module.add_stmt(Stmt::Function { var, function }, self.definition_span(node.range, &node.name));
        self.stmts.push(statement);
        self.apply_decorators(decorators, Pattern::Var(var), Expr::Var(var));
    }

    pub(super) fn function_of(
        &mut self,
        node: &ast::StmtFunctionDef,
        class: Option<ClassId>,
        receiver: Receiver,
        decorators: List<ExprId>,
    ) -> FunctionId {
        let types = self.enter_type_params(node.type_params.as_deref());
        let head = Head {
            name: Some(self.name(&node.name.id)),
            name_span: span(node.name.range),
            span: self.definition_span(node.range, &node.name),
            class,
            receiver,
            is_async: node.is_async,
            parameters: Some(&node.parameters),
            returns: node.returns.as_deref(),
            decorators,
        };
        let function = self.function(head, |lower| lower.block(&node.body));
        if types {
            self.leave();
        }
        function
    }

    pub(super) fn decorators(&mut self, nodes: &[ast::Decorator]) -> List<ExprId> {
        let from = self.exprs.len();
        for node in nodes {
            let decorator = self.expr(&node.expression);
            self.exprs.push(decorator);
        }
        self.take_exprs(from)
    }

    /// `@outer @inner def f` is `f = inner(f); f = outer(f)`.
    pub(super) fn apply_decorators(&mut self, decorators: List<ExprId>, target: Pattern, value: Expr) {
        let all: Vec<ExprId> = self.module.expr_list(decorators).to_vec();
        for decorator in all.into_iter().rev() {
            let at = self.module.expr_span(decorator);
            let argument = self.module.add_expr(value, at);
            let call = self.call_with(decorator, &[argument], CallStyle::Decorate, at);
            let target = self.module.add_pattern(target, at);
            self.push_assign(target, call, at);
        }
    }

    pub(super) fn push_assign(&mut self, target: PatternId, value: ExprId, at: Span) {
        let assign = self.module.add_expr(Expr::Assign { target, value }, at);
        self.push_stmt(Stmt::Expr(assign), at);
    }

    /// A lambda; one assigned to a name takes the name.
    pub(super) fn lambda(&mut self, node: &ast::ExprLambda, named: Option<(NameId, Span)>) -> ExprId {
        let at = span(node.range);
        let keyword = Span::new(at.start, (at.start + "lambda".len() as u32).min(at.end));
        let head = Head {
            name: named.map(|it| it.0),
            name_span: named.map_or(keyword, |it| it.1),
            span: at,
            class: None,
            receiver: Receiver::Inherited,
            is_async: false,
            parameters: node.parameters.as_deref(),
            returns: None,
            decorators: List::default(),
        };
        let body_span = span(node.body.range());
        let function = self.function(head, |lower| {
            let value = lower.expr(&node.body);
            let from = lower.stmts.len();
            lower.push_stmt(Stmt::Return(Some(value)), body_span);
            lower.take_block(from, body_span)
        });
        self.module.add_expr(Expr::Function(function), at)
    }

    pub(super) fn function(&mut self, head: Head<'_>, body: impl FnOnce(&mut Self) -> StmtId) -> FunctionId {
        // Defaults and annotations are read in the scope around.
        let from = self.params.len();
        if let Some(parameters) = head.parameters {
            self.gather_params(parameters);
        }
        let return_annotation = head.returns.map(|it| self.annotation(it));
        let id = FunctionId(self.module.functions.len() as u32);
        self.module.functions.push(Function {
            name: head.name,
            parent: self.function,
            class: head.class,
            params: List::default(),
            body: StmtId(0),
            receiver: head.receiver,
            is_async: head.is_async,
            is_generator: false,
            return_annotation,
            directives: List::default(),
            decorators: head.decorators,
            span: head.span,
            name_span: head.name_span,
        });
        let outer = std::mem::replace(&mut self.function, id);
        let class = self.class.take();
        let target = std::mem::replace(&mut self.in_comprehension_target, false);
        self.enter(ScopeKind::Function, id);
        if let Some(parameters) = head.parameters {
            self.declare_params(from, parameters);
        }
        let params = self.module.make_params(&self.params[from..]);
        self.params.truncate(from);
        let body = body(self);
        self.leave();
        self.function = outer;
        self.class = class;
        self.in_comprehension_target = target;
        let function = &mut self.module.functions[id.index()];
        function.params = params;
        function.body = body;
        id
    }

    fn gather_params(&mut self, parameters: &ast::Parameters) {
        for (kind, parameter, default, range) in all_params(parameters) {
            let param = Param {
                pattern: PatternId(0),
                name: Some(self.name(&parameter.name.id)),
                kind,
                default: default.map(|it| self.expr(it)),
                annotation: parameter.annotation.as_ref().map(|it| self.annotation(it)),
                decorators: List::default(),
                span: span(range),
            };
            self.params.push(param);
        }
    }

    fn declare_params(&mut self, from: usize, parameters: &ast::Parameters) {
        for (at, (_, parameter, _, _)) in all_params(parameters).enumerate() {
            let at_span = span(parameter.name.range);
            let name = self.name(&parameter.name.id);
            let var = self.declare(name, VarKind::Parameter, at_span);
            let pattern = self.module.add_pattern(Pattern::Var(var), at_span);
            self.params[from + at].pattern = pattern;
        }
    }

    /// `def f[T](…)`: the type parameters are names of a scope between the function and what is around it.
    pub(super) fn enter_type_params(&mut self, node: Option<&ast::TypeParams>) -> bool {
        let Some(node) = node else { return false };
        self.enter(ScopeKind::Comprehension, self.function);
        for parameter in node.iter() {
            let name = self.name(&parameter.name().id);
            self.declare(name, VarKind::Let, span(parameter.name().range));
        }
        true
    }

    /// A definition without its decorators.
    pub(super) fn definition_span(&self, range: TextRange, name: &ast::Identifier) -> Span {
        let whole = span(range);
        let name_start = span(name.range).start;
        let before = self.text.get(whole.start as usize..name_start as usize).unwrap_or("").trim_end();
        let keyword = before.strip_suffix("def").or_else(|| before.strip_suffix("class")).unwrap_or(before);
        let start = match keyword.trim_end().strip_suffix("async") {
            Some(it) if before.ends_with("def") && keyword != before => it.len(),
            _ => keyword.len(),
        };
        let start = if keyword.len() == before.len() { whole.start } else { whole.start + start as u32 };
        Span::new(start, whole.end)
    }
}

type ParamNode<'a> = (ParamKind, &'a ast::Parameter, Option<&'a ast::Expr>, TextRange);

fn all_params(node: &ast::Parameters) -> impl Iterator<Item = ParamNode<'_>> {
    let plain = node.posonlyargs.iter().chain(&node.args);
    let plain = plain.map(|it| (ParamKind::Positional, &it.parameter, it.default.as_deref(), it.range));
    let rest = node.vararg.iter().map(|it| (ParamKind::Rest, &**it, None, it.range));
    let keywords = node.kwonlyargs.iter();
    let keywords = keywords.map(|it| (ParamKind::KeywordOnly, &it.parameter, it.default.as_deref(), it.range));
    let keyword_rest = node.kwarg.iter().map(|it| (ParamKind::KeywordRest, &**it, None, it.range));
    plain.chain(rest).chain(keywords).chain(keyword_rest)
}

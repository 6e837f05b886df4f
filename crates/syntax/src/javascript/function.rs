//! Functions of every kind: parameters, bodies, names.

use oxc_ast::ast;
use oxc_span::GetSpan;

use super::lower::{Lower, span};
use super::scope::Space;
use crate::ir::{
    ClassId, Expr, ExprId, Function, FunctionId, List, NameId, Param, ParamKind, Pattern, Receiver, Span, Stmt, StmtId,
    TOP_LEVEL, VarId, VarKind,
};

/// What a function is called and where it stands.
pub(super) struct Head {
    pub name: Option<NameId>,
    pub name_span: Span,
    pub span: Span,
    pub class: Option<ClassId>,
    pub decorators: List<ExprId>,
    pub receiver: Receiver,
    pub is_async: bool,
    pub is_generator: bool,
}

/// A constructor's parameter that is a field as well (`constructor(private readonly users: Users)`).
#[derive(Clone, Copy)]
pub(super) struct ParamField {
    pub name: NameId,
    pub var: VarId,
    pub annotation: Option<ExprId>,
    pub decorators: List<ExprId>,
    pub span: Span,
}

/// What a function takes and gives.
#[derive(Clone, Copy)]
struct Signature<'t, 'a> {
    type_parameters: Option<&'t ast::TSTypeParameterDeclaration<'a>>,
    params: &'t ast::FormalParameters<'a>,
    return_type: Option<&'t ast::TSTypeAnnotation<'a>>,
}

fn signature<'t, 'a>(it: &'t ast::Function<'a>) -> Signature<'t, 'a> {
    Signature {
        type_parameters: it.type_parameters.as_deref(),
        params: &it.params,
        return_type: it.return_type.as_deref(),
    }
}

enum Body<'t, 'a> {
    Block(&'t ast::FunctionBody<'a>),
    Value(&'t ast::Expression<'a>),
}

impl Lower<'_> {
    /// A function that is filled in later, so that what stands in it can name it.
    pub fn reserve_function(&mut self) -> FunctionId {
        let id = FunctionId(self.module.functions.len() as u32);
        let empty = Function {
            name: None,
            parent: self.function,
            class: None,
            params: List::default(),
            body: self.module.functions[TOP_LEVEL.index()].body,
            receiver: Receiver::This,
            is_async: false,
            is_generator: false,
            return_annotation: None,
            directives: List::default(),
            decorators: List::default(),
            span: Span::default(),
            name_span: Span::default(),
        };
        self.module.functions.push(empty);
        id
    }

    /// A function without parameters around statements that are no function in the source.
    pub fn wrap(&mut self, receiver: Receiver, at: Span, fill: impl FnOnce(&mut Self)) -> FunctionId {
        let id = self.reserve_function();
        let outside = std::mem::replace(&mut self.function, id);
        let scope = self.scopes.enter();
        let start = self.stmts.len();
        fill(self);
        let list = self.take_stmts(start);
        let body = self.stmt(Stmt::Block(list), at);
        self.scopes.leave(scope);
        self.function = outside;
        let name_span = self.head(at.start, at.end);
        let it = &mut self.module.functions[id.index()];
        it.body = body;
        it.receiver = receiver;
        it.span = at;
        it.name_span = name_span;
        id
    }

    pub fn function_declaration(&mut self, it: &ast::Function<'_>) {
        let at = span(it.span);
        let var = self.declare_default(it.id.as_ref(), VarKind::Function, at);
        let name = Some(self.module.var(var).name);
        let name_span = it.id.as_ref().map_or_else(|| self.function_head(it), |id| span(id.span));
        let function = self.plain_function(it, name, name_span, at);
        self.push(Stmt::Function { var, function }, at);
    }

    fn function_head(&self, it: &ast::Function<'_>) -> Span {
        let end = it.body.as_ref().map_or(it.span.end, |it| it.span.start);
        self.head(it.span.start, end)
    }

    fn plain_function(
        &mut self,
        it: &ast::Function<'_>,
        name: Option<NameId>,
        name_span: Span,
        at: Span,
    ) -> FunctionId {
        let head = Head {
            name,
            name_span,
            span: at,
            class: None,
            decorators: List::default(),
            receiver: Receiver::This,
            is_async: it.r#async,
            is_generator: it.generator,
        };
        self.function(head, signature(it), it.body.as_deref().map(Body::Block), &mut Vec::new())
    }

    /// A function expression. One that calls itself by its own name is an assignment to a variable that is seen
    /// only inside it.
    pub fn function_expr(&mut self, it: &ast::Function<'_>, hint: Option<(NameId, Span)>) -> ExprId {
        let at = span(it.span);
        let Some(id) = &it.id else {
            let (name, name_span) = match hint {
                Some((name, at)) => (Some(name), at),
                None => (None, self.function_head(it)),
            };
            let function = self.plain_function(it, name, name_span, at);
            return self.add(Expr::Function(function), at);
        };
        let name_at = span(id.span);
        let scope = self.scopes.enter();
        let var = self.declare(Space::Value, id.name.as_str(), VarKind::Const, name_at);
        let name = self.module.var(var).name;
        let function = self.plain_function(it, Some(name), name_at, at);
        self.scopes.leave(scope);
        let value = self.add(Expr::Function(function), at);
        self.bound_to_own_name(value, var, at)
    }

    /// `value`, or its assignment to `var` if something inside uses that.
    pub fn bound_to_own_name(&mut self, value: ExprId, var: VarId, at: Span) -> ExprId {
        let it = self.module.var(var);
        if !it.captured {
            return value;
        }
        let target = self.module.add_pattern(Pattern::Var(var), it.span);
        self.add(Expr::Assign { target, value }, at)
    }

    pub fn arrow(&mut self, it: &ast::ArrowFunctionExpression<'_>, hint: Option<(NameId, Span)>) -> ExprId {
        let at = span(it.span);
        let body = match &it.body {
            ast::ArrowFunctionBody::FunctionBody(body) => Body::Block(body),
            body => Body::Value(body.to_expression()),
        };
        let (name, name_span) = match hint {
            Some((name, at)) => (Some(name), at),
            None => (None, self.head(it.span.start, it.body.span().start)),
        };
        let head = Head {
            name,
            name_span,
            span: at,
            class: None,
            decorators: List::default(),
            receiver: Receiver::Inherited,
            is_async: it.r#async,
            is_generator: false,
        };
        let signature = Signature {
            type_parameters: it.type_parameters.as_deref(),
            params: &it.params,
            return_type: it.return_type.as_deref(),
        };
        let id = self.function(head, signature, Some(body), &mut Vec::new());
        self.add(Expr::Function(id), at)
    }

    /// A method, getter, setter or constructor of a class or object.
    #[expect(clippy::too_many_arguments, reason = "each is one fact about the method, and both callers have all")]
    pub fn method(
        &mut self,
        it: &ast::Function<'_>,
        name: Option<NameId>,
        name_span: Span,
        at: Span,
        class: Option<ClassId>,
        decorators: List<ExprId>,
        fields: &mut Vec<ParamField>,
    ) -> FunctionId {
        let head = Head {
            name,
            name_span,
            span: at,
            class,
            decorators,
            receiver: Receiver::This,
            is_async: it.r#async,
            is_generator: it.generator,
        };
        self.function(head, signature(it), it.body.as_deref().map(Body::Block), fields)
    }

    fn function(
        &mut self,
        head: Head,
        signature: Signature<'_, '_>,
        body: Option<Body<'_, '_>>,
        fields: &mut Vec<ParamField>,
    ) -> FunctionId {
        let id = self.reserve_function();
        let outside = std::mem::replace(&mut self.function, id);
        let scope = self.scopes.enter();
        self.hide_type_parameters(signature.type_parameters);
        let params = self.params(signature.params, fields);
        let return_annotation = signature.return_type.map(|it| self.annotation(&it.type_annotation));
        let directives = match &body {
            Some(Body::Block(it)) => self.directives(&it.directives),
            _ => List::default(),
        };
        let body = match body {
            Some(Body::Block(it)) => self.function_body(it, fields),
            Some(Body::Value(it)) => {
                let value = self.expr(it);
                let at = span(it.span());
                let only = self.stmt(Stmt::Return(Some(value)), at);
                let list = self.module.make_stmts(&[only]);
                self.stmt(Stmt::Block(list), at)
            }
            None => self.stmt(Stmt::Block(List::default()), Span::new(head.span.end, head.span.end)),
        };
        self.scopes.leave(scope);
        self.function = outside;
        self.module.functions[id.index()] = Function {
            name: head.name,
            parent: outside,
            class: head.class,
            params,
            body,
            receiver: head.receiver,
            is_async: head.is_async,
            is_generator: head.is_generator,
            return_annotation,
            directives,
            decorators: head.decorators,
            span: head.span,
            name_span: head.name_span,
        };
        id
    }

    fn function_body(&mut self, it: &ast::FunctionBody<'_>, fields: &[ParamField]) -> StmtId {
        self.hoist_vars(&it.statements);
        let start = self.stmts.len();
        for field in fields {
            self.assign_field(*field);
        }
        self.push_items(&it.statements);
        let list = self.take_stmts(start);
        self.stmt(Stmt::Block(list), span(it.span))
    }

    /// `this.name = name`
    fn assign_field(&mut self, field: ParamField) {
        let object = self.add(Expr::This, field.span);
        let place = self.add(Expr::Member { object, name: field.name, optional: false }, field.span);
        let target = self.module.add_pattern(Pattern::Place(place), field.span);
        let value = self.add(Expr::Var(field.var), field.span);
        self.push_expr(Expr::Assign { target, value }, field.span);
    }

    fn params(&mut self, params: &ast::FormalParameters<'_>, fields: &mut Vec<ParamField>) -> List<Param> {
        for it in &params.items {
            self.declare_pattern(&it.pattern, VarKind::Parameter);
        }
        if let Some(rest) = &params.rest {
            self.declare_pattern(&rest.rest.argument, VarKind::Parameter);
        }
        let mut list = Vec::with_capacity(params.items.len() + usize::from(params.rest.is_some()));
        for it in &params.items {
            let param = self.param(it);
            list.push(param);
            let is_field = it.accessibility.is_some() || it.readonly || it.r#override;
            if let (true, Some(name)) = (is_field, param.name)
                && let Some(var) = self.scopes.here(Space::Value, name)
            {
                let (annotation, decorators) = (param.annotation, param.decorators);
                fields.push(ParamField { name, var, annotation, decorators, span: param.span });
            }
        }
        if let Some(it) = &params.rest {
            let decorators = self.decorators(&it.decorators);
            list.push(Param {
                pattern: self.binding(&it.rest.argument),
                name: self.simple_name(&it.rest.argument),
                kind: ParamKind::Rest,
                default: None,
                annotation: it.type_annotation.as_ref().map(|it| self.annotation(&it.type_annotation)),
                decorators,
                span: span(it.span),
            });
        }
        self.module.make_params(&list)
    }

    fn param(&mut self, it: &ast::FormalParameter<'_>) -> Param {
        let decorators = self.decorators(&it.decorators);
        let annotation = it.type_annotation.as_ref().map(|it| self.annotation(&it.type_annotation));
        let pattern = self.binding(&it.pattern);
        let name = self.simple_name(&it.pattern);
        let default = it.initializer.as_ref().map(|value| match name {
            Some(name) => self.named_expr_by_id(value, name, span(it.pattern.span())),
            None => self.expr(value),
        });
        Param { pattern, name, kind: ParamKind::Positional, default, annotation, decorators, span: span(it.span) }
    }

    fn simple_name(&mut self, pattern: &ast::BindingPattern<'_>) -> Option<NameId> {
        match pattern {
            ast::BindingPattern::BindingIdentifier(it) => Some(self.name(it.name.as_str())),
            _ => None,
        }
    }

    pub fn decorators(&mut self, decorators: &[ast::Decorator<'_>]) -> List<ExprId> {
        let start = self.exprs.len();
        for it in decorators {
            let expr = self.expr(&it.expression);
            self.exprs.push(expr);
        }
        self.take_exprs(start)
    }
}

//! Classes and their members.

use oxc_ast::ast::{self, ClassElement};
use oxc_span::GetSpan;

use super::function::ParamField;
use super::lower::{Lower, span};
use super::scope::Space;
use crate::ir::{
    Class, ClassId, ClassMember, Expr, ExprId, Key, List, MemberKind, NameId, Receiver, Span, Stmt, VarKind,
};

impl Lower<'_> {
    pub fn class_declaration(&mut self, it: &ast::Class<'_>) {
        let at = span(it.span);
        let space = if it.declare { Space::Type } else { Space::Value };
        let var = match &it.id {
            Some(id) => self.declare(space, id.name.as_str(), VarKind::Class, span(id.span)),
            None => self.declare_default(None, VarKind::Class, at),
        };
        let name_span = it.id.as_ref().map(|id| span(id.span));
        let name = self.module.var(var).name;
        let class = self.class(it, Some(name), name_span);
        self.push(Stmt::Class { var, class }, at);
    }

    /// As with functions, a class expression that uses its own name is an assignment.
    pub fn class_expr(&mut self, it: &ast::Class<'_>, hint: Option<(NameId, Span)>) -> ExprId {
        let at = span(it.span);
        let Some(id) = &it.id else {
            let class = self.class(it, hint.map(|it| it.0), hint.map(|it| it.1));
            return self.add(Expr::Class(class), at);
        };
        let scope = self.scopes.enter();
        let var = self.declare(Space::Value, id.name.as_str(), VarKind::Const, span(id.span));
        let name = self.module.var(var).name;
        let class = self.class(it, Some(name), Some(span(id.span)));
        self.scopes.leave(scope);
        let value = self.add(Expr::Class(class), at);
        self.bound_to_own_name(value, var, at)
    }

    pub fn reserve_class(&mut self, name: Option<NameId>, at: Span, name_span: Span) -> ClassId {
        let id = ClassId(self.module.classes.len() as u32);
        self.module.classes.push(Class {
            name,
            parent: self.function,
            bases: List::default(),
            implements: List::default(),
            keywords: List::default(),
            members: List::default(),
            constructor: None,
            decorators: List::default(),
            type_only: false,
            span: at,
            name_span,
        });
        id
    }

    fn class(&mut self, it: &ast::Class<'_>, name: Option<NameId>, name_span: Option<Span>) -> ClassId {
        let name_span = name_span.unwrap_or_else(|| self.head(it.span.start, it.body.span.start));
        let id = self.reserve_class(name, span(it.span), name_span);
        let decorators = self.decorators(&it.decorators);
        let scope = self.scopes.enter();
        self.hide_type_parameters(it.type_parameters.as_deref());
        let start = self.exprs.len();
        if let Some(heritage) = &it.heritage {
            let base = self.expr(&heritage.expression);
            self.exprs.push(base);
        }
        let bases = self.take_exprs(start);
        for promised in &it.implements {
            let promised =
                self.type_with_arguments(&promised.expression, promised.type_arguments.as_deref(), span(promised.span));
            self.exprs.push(promised);
        }
        let implements = self.take_exprs(start);
        let mut members = Vec::with_capacity(it.body.body.len());
        let mut constructor = None;
        for element in &it.body.body {
            self.class_element(element, id, &mut members, &mut constructor);
        }
        self.scopes.leave(scope);
        let members = self.module.make_members(&members);
        let class = &mut self.module.classes[id.index()];
        class.bases = bases;
        class.implements = implements;
        class.members = members;
        class.constructor = constructor;
        class.decorators = decorators;
        class.type_only = it.declare;
        id
    }

    fn class_element(
        &mut self,
        element: &ClassElement<'_>,
        class: ClassId,
        members: &mut Vec<ClassMember>,
        constructor: &mut Option<u32>,
    ) {
        match element {
            ClassElement::MethodDefinition(it) => {
                let mut fields = Vec::new();
                let Some(member) = self.class_method(it, class, &mut fields) else { return };
                if it.kind == ast::MethodDefinitionKind::Constructor {
                    *constructor = Some(members.len() as u32);
                }
                members.push(member);
                members.extend(fields.iter().map(field_of_param));
            }
            ClassElement::PropertyDefinition(it) => {
                let head = FieldHead {
                    key: &it.key,
                    decorators: &it.decorators,
                    annotation: it.type_annotation.as_deref(),
                    value: it.value.as_ref(),
                    is_static: it.r#static,
                    span: span(it.span),
                };
                members.push(self.class_field(head));
            }
            ClassElement::AccessorProperty(it) => {
                let head = FieldHead {
                    key: &it.key,
                    decorators: &it.decorators,
                    annotation: it.type_annotation.as_deref(),
                    value: it.value.as_ref(),
                    is_static: it.r#static,
                    span: span(it.span),
                };
                members.push(self.class_field(head));
            }
            ClassElement::StaticBlock(it) => members.push(self.static_block(it, class)),
            ClassElement::TSIndexSignature(_) => {}
        }
    }

    /// `None` for the signature of an overload: the method with the body follows it.
    fn class_method(
        &mut self,
        it: &ast::MethodDefinition<'_>,
        class: ClassId,
        fields: &mut Vec<ParamField>,
    ) -> Option<ClassMember> {
        let is_abstract = it.r#type == ast::MethodDefinitionType::TSAbstractMethodDefinition;
        if it.value.body.is_none() && !is_abstract && !self.module.class(class).type_only {
            return None;
        }
        let at = span(it.span);
        let decorators = self.decorators(&it.decorators);
        let key = self.key(&it.key);
        let (value, annotation) = if it.value.body.is_some() {
            let name = match key {
                Key::Name(name) => Some(name),
                _ => None,
            };
            // Decorators stand before the method and belong to its span in the tree.
            let whole = Span::new(self.after_decorators(&it.decorators, at.start), at.end);
            let key_at = span(it.key.span());
            let id = self.method(&it.value, name, key_at, whole, Some(class), decorators, fields);
            (Some(self.add(Expr::Function(id), whole)), None)
        } else {
            (None, it.value.return_type.as_ref().map(|it| self.annotation(&it.type_annotation)))
        };
        let kind = match it.kind {
            ast::MethodDefinitionKind::Get => MemberKind::Getter,
            ast::MethodDefinitionKind::Set => MemberKind::Setter,
            ast::MethodDefinitionKind::Constructor | ast::MethodDefinitionKind::Method => MemberKind::Method,
        };
        Some(ClassMember {
            key,
            kind,
            is_static: it.r#static,
            on_class: false,
            value,
            annotation,
            decorators,
            span: at,
        })
    }

    /// The first byte after the decorators that is no white space.
    fn after_decorators(&self, decorators: &[ast::Decorator<'_>], start: u32) -> u32 {
        let Some(last) = decorators.last() else { return start };
        let rest = &self.text[last.span.end as usize..];
        last.span.end + (rest.len() - rest.trim_start().len()) as u32
    }

    fn class_field(&mut self, it: FieldHead<'_, '_>) -> ClassMember {
        let decorators = self.decorators(it.decorators);
        let key = self.key(it.key);
        let annotation = it.annotation.map(|it| self.annotation(&it.type_annotation));
        let value = it.value.map(|value| match key {
            Key::Name(name) => self.named_expr_by_id(value, name, span(it.key.span())),
            _ => self.expr(value),
        });
        let (is_static, at) = (it.is_static, it.span);
        ClassMember {
            key,
            kind: MemberKind::Field,
            is_static,
            on_class: false,
            value,
            annotation,
            decorators,
            span: at,
        }
    }

    fn static_block(&mut self, it: &ast::StaticBlock<'_>, class: ClassId) -> ClassMember {
        let at = span(it.span);
        let id = self.wrap(Receiver::This, at, |this| {
            this.hoist_vars(&it.body);
            this.push_items(&it.body);
        });
        self.module.functions[id.index()].class = Some(class);
        let value = Some(self.add(Expr::Function(id), at));
        let key = Key::Name(self.name(""));
        ClassMember {
            key,
            kind: MemberKind::Block,
            is_static: true,
            on_class: false,
            value,
            annotation: None,
            decorators: List::default(),
            span: at,
        }
    }
}

struct FieldHead<'t, 'a> {
    key: &'t ast::PropertyKey<'a>,
    decorators: &'t [ast::Decorator<'a>],
    annotation: Option<&'t ast::TSTypeAnnotation<'a>>,
    value: Option<&'t ast::Expression<'a>>,
    is_static: bool,
    span: Span,
}

fn field_of_param(field: &ParamField) -> ClassMember {
    ClassMember {
        key: Key::Name(field.name),
        kind: MemberKind::Field,
        is_static: false,
        on_class: false,
        value: None,
        annotation: field.annotation,
        decorators: field.decorators,
        span: field.span,
    }
}

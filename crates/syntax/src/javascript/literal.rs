//! Literals, keys and templates.

use oxc_ast::ast::{self, Expression};

use super::lower::{Lower, span};
use crate::ir::{
    Arg, ArrayStyle, CallStyle, ConcatStyle, Const, Expr, ExprId, Item, Key, List, NameId, Prop, PropKind, Span, Spread,
};

impl Lower<'_> {
    pub fn regex(&mut self, it: &ast::RegExpLiteral<'_>) -> ExprId {
        let pattern = self.name(it.regex.pattern.text.as_str());
        let flags = self.text[it.span.start as usize..it.span.end as usize].rsplit('/').next().unwrap_or("");
        let flags = self.module.intern(flags);
        self.add(Expr::Const(Const::Regex { pattern, flags }), span(it.span))
    }

    /// BigInts are numbers; what does not fit loses its low digits.
    pub fn big_int(&mut self, it: &ast::BigIntLiteral<'_>) -> ExprId {
        let value = it.value.as_str().parse().unwrap_or(f64::NAN);
        self.add(Expr::Const(Const::Number(value)), span(it.span))
    }

    pub fn template(&mut self, it: &ast::TemplateLiteral<'_>) -> ExprId {
        let at = span(it.span);
        if it.expressions.is_empty() {
            let text = it.quasis.first().map_or("", cooked);
            return self.text_const(text, at);
        }
        let start = self.exprs.len();
        for (index, quasi) in it.quasis.iter().enumerate() {
            let text = cooked(quasi);
            if !text.is_empty() {
                let piece = self.text_const(text, span(quasi.span));
                self.exprs.push(piece);
            }
            if let Some(hole) = it.expressions.get(index) {
                let hole = self.expr(hole);
                self.exprs.push(hole);
            }
        }
        let pieces = self.take_exprs(start);
        self.add(Expr::Concat { style: ConcatStyle::Template, pieces }, at)
    }

    pub fn tagged(&mut self, it: &ast::TaggedTemplateExpression<'_>, callee: ExprId) -> ExprId {
        let mut items = Vec::with_capacity(it.quasi.quasis.len());
        for quasi in &it.quasi.quasis {
            let value = Some(self.text_const(cooked(quasi), span(quasi.span)));
            items.push(Item { value, spread: false });
        }
        let items = self.module.make_items(&items);
        let pieces = self.add(Expr::Array { style: ArrayStyle::List, items }, span(it.quasi.span));
        let mut args = Vec::with_capacity(1 + it.quasi.expressions.len());
        args.push(plain(pieces));
        for hole in &it.quasi.expressions {
            args.push(plain(self.expr(hole)));
        }
        let args = self.module.make_args(&args);
        self.add(Expr::Call { callee, args, style: CallStyle::Tagged, optional: false }, span(it.span))
    }

    pub fn array(&mut self, it: &ast::ArrayExpression<'_>) -> ExprId {
        let mut items = Vec::with_capacity(it.elements.len());
        for element in &it.elements {
            items.push(match element {
                ast::ArrayExpressionElement::Elision(_) => Item { value: None, spread: false },
                ast::ArrayExpressionElement::SpreadElement(it) => {
                    Item { value: Some(self.expr(&it.argument)), spread: true }
                }
                _ => Item { value: Some(self.expr(element.to_expression())), spread: false },
            });
        }
        let items = self.module.make_items(&items);
        self.add(Expr::Array { style: ArrayStyle::List, items }, span(it.span))
    }

    pub fn object(&mut self, it: &ast::ObjectExpression<'_>) -> ExprId {
        let start = self.props.len();
        for property in &it.properties {
            let prop = match property {
                ast::ObjectPropertyKind::SpreadProperty(it) => {
                    let value = self.expr(&it.argument);
                    Prop { key: Key::Spread, value, span: span(it.span), kind: PropKind::Value }
                }
                ast::ObjectPropertyKind::ObjectProperty(it) => self.property(it),
            };
            self.props.push(prop);
        }
        let props = self.module.make_props(&self.props[start..]);
        self.props.truncate(start);
        self.add(Expr::Object { props }, span(it.span))
    }

    fn property(&mut self, it: &ast::ObjectProperty<'_>) -> Prop {
        let at = span(it.span);
        let key = self.key(&it.key);
        let key_at = span(oxc_span::GetSpan::span(&it.key));
        let value = match &it.value {
            Expression::FunctionExpression(function) if it.method || it.kind != ast::PropertyKind::Init => {
                let name = match key {
                    Key::Name(name) => Some(name),
                    _ => None,
                };
                let id = self.method(function, name, key_at, at, None, List::default(), &mut Vec::new());
                self.add(Expr::Function(id), at)
            }
            value => match key {
                Key::Name(name) => self.named_expr_by_id(value, name, key_at),
                _ => self.expr(value),
            },
        };
        let kind = match it.kind {
            ast::PropertyKind::Init => PropKind::Value,
            ast::PropertyKind::Get => PropKind::Getter,
            ast::PropertyKind::Set => PropKind::Setter,
        };
        Prop { key, value, span: at, kind }
    }

    pub fn key(&mut self, key: &ast::PropertyKey<'_>) -> Key {
        match key {
            ast::PropertyKey::StaticIdentifier(it) => Key::Name(self.name(it.name.as_str())),
            ast::PropertyKey::PrivateIdentifier(it) => Key::Name(self.private_name(it)),
            ast::PropertyKey::NumericLiteral(it) => Key::Name(self.name(&number_text(it.value))),
            ast::PropertyKey::BigIntLiteral(it) => Key::Name(self.name(it.value.as_str())),
            _ => {
                let expr = key.to_expression();
                match constant_text(expr) {
                    Some(text) => Key::Name(self.name(text)),
                    None => Key::Computed(self.expr(expr)),
                }
            }
        }
    }

    pub fn private_name(&mut self, it: &ast::PrivateIdentifier<'_>) -> NameId {
        let mut text = String::with_capacity(it.name.len() + 1);
        text.push('#');
        text.push_str(it.name.as_str());
        self.name(&text)
    }

    pub fn arguments(&mut self, arguments: &[ast::Argument<'_>]) -> List<Arg> {
        if arguments.is_empty() {
            return List::default();
        }
        let start = self.args.len();
        for argument in arguments {
            let arg = match argument {
                ast::Argument::SpreadElement(it) => {
                    Arg { value: self.expr(&it.argument), name: None, spread: Spread::Items }
                }
                _ => plain(self.expr(argument.to_expression())),
            };
            self.args.push(arg);
        }
        let list = self.module.make_args(&self.args[start..]);
        self.args.truncate(start);
        list
    }

    /// The object of `{name: variable}` pairs.
    pub fn object_of_vars(&mut self, vars: &[(NameId, crate::ir::VarId)], at: Span) -> ExprId {
        let mut props = Vec::with_capacity(vars.len());
        for &(name, var) in vars {
            let value = self.add(Expr::Var(var), at);
            props.push(Prop { key: Key::Name(name), value, span: at, kind: PropKind::Value });
        }
        let props = self.module.make_props(&props);
        self.add(Expr::Object { props }, at)
    }
}

pub(super) fn plain(value: ExprId) -> Arg {
    Arg { value, name: None, spread: Spread::No }
}

fn cooked<'a>(quasi: &ast::TemplateElement<'a>) -> &'a str {
    quasi.value.cooked.unwrap_or(quasi.value.raw).as_str()
}

/// The text of an expression that is nothing but text.
pub(super) fn constant_text<'a>(expr: &Expression<'a>) -> Option<&'a str> {
    match expr {
        Expression::StringLiteral(it) => Some(it.value.as_str()),
        Expression::TemplateLiteral(it) if it.expressions.is_empty() => it.quasis.first().map(cooked),
        _ => None,
    }
}

/// A number as a property key.
pub(super) fn number_text(value: f64) -> String {
    format!("{value}")
}

//! JSX.

use oxc_ast::ast;

use super::lower::{Lower, span};
use crate::ir::{Const, Expr, ExprId, Key, List, Prop, PropKind, Span};

impl Lower<'_> {
    pub fn element(&mut self, it: &ast::JSXElement<'_>) -> ExprId {
        let at = span(it.span);
        if !self.sink(at) {
            self.rise();
            return self.add(Expr::Opaque(List::default()), at);
        }
        let tag = Some(self.tag(&it.opening_element.name));
        let attributes = self.attributes(&it.opening_element.attributes, span(it.opening_element.span));
        let children = self.children(&it.children);
        self.rise();
        self.add(Expr::Element { tag, attributes, children }, at)
    }

    pub fn fragment(&mut self, it: &ast::JSXFragment<'_>) -> ExprId {
        let at = span(it.span);
        if !self.sink(at) {
            self.rise();
            return self.add(Expr::Opaque(List::default()), at);
        }
        let attributes = self.attributes(&[], span(it.opening_fragment.span));
        let children = self.children(&it.children);
        self.rise();
        self.add(Expr::Element { tag: None, attributes, children }, at)
    }

    /// A tag in lower case is the name of an HTML element: a text.
    fn tag(&mut self, name: &ast::JSXElementName<'_>) -> ExprId {
        match name {
            ast::JSXElementName::Identifier(it) => self.text_const(it.name.as_str(), span(it.span)),
            ast::JSXElementName::IdentifierReference(it) => self.reference(it),
            ast::JSXElementName::NamespacedName(it) => {
                let text = format!("{}:{}", it.namespace.name.as_str(), it.name.name.as_str());
                self.text_const(&text, span(it.span))
            }
            ast::JSXElementName::MemberExpression(it) => self.tag_member(it),
            ast::JSXElementName::ThisExpression(it) => self.add(Expr::This, span(it.span)),
        }
    }

    fn reference(&mut self, it: &ast::IdentifierReference<'_>) -> ExprId {
        let expr = self.resolve(it.name.as_str());
        self.add(expr, span(it.span))
    }

    fn tag_member(&mut self, outermost: &ast::JSXMemberExpression<'_>) -> ExprId {
        let mut links = vec![outermost];
        let mut it = outermost;
        let mut object = loop {
            match &it.object {
                ast::JSXMemberExpressionObject::MemberExpression(inner) => {
                    links.push(inner);
                    it = inner;
                }
                ast::JSXMemberExpressionObject::IdentifierReference(id) => break self.reference(id),
                ast::JSXMemberExpressionObject::ThisExpression(it) => break self.add(Expr::This, span(it.span)),
            }
        };
        for link in links.into_iter().rev() {
            let name = self.name(link.property.name.as_str());
            object = self.add(Expr::Member { object, name, optional: false }, span(link.span));
        }
        object
    }

    fn attributes(&mut self, items: &[ast::JSXAttributeItem<'_>], at: Span) -> ExprId {
        let mut props = Vec::with_capacity(items.len());
        for item in items {
            props.push(match item {
                ast::JSXAttributeItem::Attribute(it) => {
                    let key = match &it.name {
                        ast::JSXAttributeName::Identifier(it) => self.name(it.name.as_str()),
                        ast::JSXAttributeName::NamespacedName(it) => {
                            let text = format!("{}:{}", it.namespace.name.as_str(), it.name.name.as_str());
                            self.name(&text)
                        }
                    };
                    let value = self.attribute_value(it.value.as_ref(), span(it.span));
                    Prop { key: Key::Name(key), value, span: span(it.span), kind: PropKind::Value }
                }
                ast::JSXAttributeItem::SpreadAttribute(it) => Prop {
                    key: Key::Spread,
                    value: self.expr(&it.argument),
                    span: span(it.span),
                    kind: PropKind::Value,
                },
            });
        }
        let props = self.module.make_props(&props);
        self.add(Expr::Object { props }, at)
    }

    fn attribute_value(&mut self, value: Option<&ast::JSXAttributeValue<'_>>, at: Span) -> ExprId {
        match value {
            None => self.add(Expr::Const(Const::Bool(true)), at),
            Some(ast::JSXAttributeValue::StringLiteral(it)) => self.text_const(it.value.as_str(), span(it.span)),
            Some(ast::JSXAttributeValue::ExpressionContainer(it)) => match &it.expression {
                ast::JSXExpression::EmptyExpression(_) => self.add(Expr::Const(Const::Undefined), span(it.span)),
                expr => self.expr(expr.to_expression()),
            },
            Some(ast::JSXAttributeValue::Element(it)) => self.element(it),
            Some(ast::JSXAttributeValue::Fragment(it)) => self.fragment(it),
        }
    }

    fn children(&mut self, children: &[ast::JSXChild<'_>]) -> List<ExprId> {
        let start = self.exprs.len();
        for child in children {
            let child = match child {
                ast::JSXChild::Text(it) => {
                    let text = it.value.as_str();
                    // White space with a line break is layout.
                    if text.trim().is_empty() && text.contains('\n') {
                        continue;
                    }
                    self.text_const(text, span(it.span))
                }
                ast::JSXChild::Element(it) => self.element(it),
                ast::JSXChild::Fragment(it) => self.fragment(it),
                ast::JSXChild::ExpressionContainer(it) => match &it.expression {
                    ast::JSXExpression::EmptyExpression(_) => continue,
                    expr => self.expr(expr.to_expression()),
                },
                ast::JSXChild::Spread(it) => self.expr(&it.expression),
            };
            self.exprs.push(child);
        }
        self.take_exprs(start)
    }
}

//! Links of chains: expressions with one operand that may be a link again (`a.b`, `a()`, `a + b`, `!a`, `a as T`).
//!
//! Chains are what grows deep in a program without brackets. Far down they are taken apart in a loop, so that
//! their length takes no stack.

use oxc_ast::ast::{self, BinaryOperator as Js, ChainElement, Expression, MemberExpression};

use super::literal::constant_text;
use super::lower::{Lower, span};
use crate::ir::{BinaryOp, CallStyle, Cast, CastKind, Expr, ExprId, LogicOp, Span, UnaryOp};

pub(super) enum Link<'t, 'a> {
    Binary(&'t ast::BinaryExpression<'a>),
    Logic(&'t ast::LogicalExpression<'a>),
    Call(&'t ast::CallExpression<'a>),
    Static(&'t ast::StaticMemberExpression<'a>),
    Computed(&'t ast::ComputedMemberExpression<'a>),
    Private(&'t ast::PrivateFieldExpression<'a>),
    Tagged(&'t ast::TaggedTemplateExpression<'a>),
    Unary(&'t ast::UnaryExpression<'a>),
    Await(Span),
    As(&'t ast::TSType<'a>, Span),
    NonNull(Span),
    /// Leaves no trace: `satisfies`, parentheses, type arguments.
    Nothing,
}

/// The outermost link of an expression and what it hangs on. `None` for an expression that is no link.
pub(super) fn split<'t, 'a>(expr: &'t Expression<'a>) -> Option<(Link<'t, 'a>, &'t Expression<'a>)> {
    Some(match expr {
        Expression::CallExpression(it) if !may_require(it) => (Link::Call(it), &it.callee),
        Expression::StaticMemberExpression(it) => (Link::Static(it), &it.object),
        Expression::ComputedMemberExpression(it) => (Link::Computed(it), &it.object),
        Expression::PrivateFieldExpression(it) => (Link::Private(it), &it.object),
        Expression::BinaryExpression(it) => (Link::Binary(it), &it.left),
        Expression::LogicalExpression(it) => (Link::Logic(it), &it.left),
        Expression::AwaitExpression(it) => (Link::Await(span(it.span)), &it.argument),
        Expression::UnaryExpression(it) if !is_negative_number(it) => (Link::Unary(it), &it.argument),
        Expression::TaggedTemplateExpression(it) => (Link::Tagged(it), &it.tag),
        Expression::ChainExpression(it) => match &it.expression {
            ChainElement::CallExpression(it) => (Link::Call(it), &it.callee),
            ChainElement::TSNonNullExpression(it) => (Link::NonNull(span(it.span)), &it.expression),
            element => split_member(element.to_member_expression()),
        },
        Expression::TSAsExpression(it) => (Link::As(&it.type_annotation, span(it.span)), &it.expression),
        Expression::TSTypeAssertion(it) => (Link::As(&it.type_annotation, span(it.span)), &it.expression),
        Expression::TSNonNullExpression(it) => (Link::NonNull(span(it.span)), &it.expression),
        Expression::TSSatisfiesExpression(it) => (Link::Nothing, &it.expression),
        Expression::TSInstantiationExpression(it) => (Link::Nothing, &it.expression),
        Expression::ParenthesizedExpression(it) => (Link::Nothing, &it.expression),
        _ => return None,
    })
}

pub(super) fn split_member<'t, 'a>(member: &'t MemberExpression<'a>) -> (Link<'t, 'a>, &'t Expression<'a>) {
    match member {
        MemberExpression::StaticMemberExpression(it) => (Link::Static(it), &it.object),
        MemberExpression::ComputedMemberExpression(it) => (Link::Computed(it), &it.object),
        MemberExpression::PrivateFieldExpression(it) => (Link::Private(it), &it.object),
    }
}

fn may_require(it: &ast::CallExpression<'_>) -> bool {
    matches!(&it.callee, Expression::Identifier(callee) if callee.name.as_str() == "require")
}

fn is_negative_number(it: &ast::UnaryExpression<'_>) -> bool {
    it.operator == ast::UnaryOperator::UnaryNegation && matches!(it.argument, Expression::NumericLiteral(_))
}

impl Lower<'_> {
    pub fn chain_in_loop<'t, 'a>(&mut self, outermost: Link<'t, 'a>, inner: &'t Expression<'a>) -> ExprId {
        let mut links = vec![outermost];
        let mut inner = inner;
        while let Some((link, next)) = split(inner) {
            links.push(link);
            inner = next;
        }
        let mut id = self.expr(inner);
        for link in links.into_iter().rev() {
            id = self.link(link, id);
        }
        id
    }

    /// The expression a link and its operand make.
    pub fn link(&mut self, link: Link<'_, '_>, inner: ExprId) -> ExprId {
        match link {
            Link::Static(it) => {
                let name = self.name(it.property.name.as_str());
                self.add(Expr::Member { object: inner, name, optional: it.optional }, span(it.span))
            }
            Link::Call(it) => {
                let args = self.arguments(&it.arguments);
                let call = Expr::Call { callee: inner, args, style: CallStyle::Call, optional: it.optional };
                self.add(call, span(it.span))
            }
            Link::Computed(it) => self.computed(it, inner),
            Link::Private(it) => {
                let name = self.private_name(&it.field);
                self.add(Expr::Member { object: inner, name, optional: it.optional }, span(it.span))
            }
            Link::Binary(it) => {
                let right = self.expr(&it.right);
                self.add(Expr::Binary { op: binary_op(it.operator), left: inner, right }, span(it.span))
            }
            Link::Logic(it) => {
                let right = self.expr(&it.right);
                self.add(Expr::Logic { op: logic_op(it.operator), left: inner, right }, span(it.span))
            }
            Link::Await(at) => self.add(Expr::Await(inner), at),
            Link::Unary(it) => {
                let expr = match unary_op(it.operator) {
                    Some(op) => Expr::Unary { op, operand: inner },
                    None => Expr::Delete(inner),
                };
                self.add(expr, span(it.span))
            }
            Link::Tagged(it) => self.tagged(it, inner),
            Link::As(to, at) => {
                if !is_const(to) {
                    let to = Some(self.annotation(to));
                    self.module.casts.push(Cast { span: at, expr: inner, kind: CastKind::As, to });
                }
                inner
            }
            Link::NonNull(at) => {
                self.module.casts.push(Cast { span: at, expr: inner, kind: CastKind::NonNull, to: None });
                inner
            }
            Link::Nothing => inner,
        }
    }

    fn computed(&mut self, it: &ast::ComputedMemberExpression<'_>, object: ExprId) -> ExprId {
        let at = span(it.span);
        if let Some(text) = constant_text(&it.expression) {
            let name = self.name(text);
            return self.add(Expr::Member { object, name, optional: it.optional }, at);
        }
        let index = self.expr(&it.expression);
        self.add(Expr::Index { object, index }, at)
    }
}

/// `None` for `delete`.
fn unary_op(operator: ast::UnaryOperator) -> Option<UnaryOp> {
    Some(match operator {
        ast::UnaryOperator::UnaryPlus => UnaryOp::ToNumber,
        ast::UnaryOperator::UnaryNegation => UnaryOp::Minus,
        ast::UnaryOperator::LogicalNot => UnaryOp::Not,
        ast::UnaryOperator::BitwiseNot => UnaryOp::BitNot,
        ast::UnaryOperator::Typeof => UnaryOp::TypeOf,
        ast::UnaryOperator::Void => UnaryOp::Void,
        ast::UnaryOperator::Delete => return None,
    })
}

/// `as const`
fn is_const(to: &ast::TSType<'_>) -> bool {
    matches!(to, ast::TSType::TSTypeReference(it)
        if matches!(&it.type_name, ast::TSTypeName::IdentifierReference(id) if id.name.as_str() == "const"))
}

pub(super) fn binary_op(operator: Js) -> BinaryOp {
    match operator {
        Js::Equality => BinaryOp::LooseEq,
        Js::Inequality => BinaryOp::LooseNe,
        Js::StrictEquality => BinaryOp::StrictEq,
        Js::StrictInequality => BinaryOp::StrictNe,
        Js::LessThan => BinaryOp::Lt,
        Js::LessEqualThan => BinaryOp::Le,
        Js::GreaterThan => BinaryOp::Gt,
        Js::GreaterEqualThan => BinaryOp::Ge,
        Js::Addition => BinaryOp::AddOrConcat,
        Js::Subtraction => BinaryOp::Sub,
        Js::Multiplication => BinaryOp::Mul,
        Js::Division => BinaryOp::Div,
        Js::Remainder => BinaryOp::Rem,
        Js::Exponential => BinaryOp::Pow,
        Js::ShiftLeft => BinaryOp::ShiftLeft,
        Js::ShiftRight => BinaryOp::ShiftRight,
        Js::ShiftRightZeroFill => BinaryOp::ShiftRightUnsigned,
        Js::BitwiseOR => BinaryOp::BitOr,
        Js::BitwiseXOR => BinaryOp::BitXor,
        Js::BitwiseAnd => BinaryOp::BitAnd,
        Js::In => BinaryOp::HasKey,
        Js::Instanceof => BinaryOp::InstanceOf,
    }
}

pub(super) fn logic_op(operator: ast::LogicalOperator) -> LogicOp {
    match operator {
        ast::LogicalOperator::Or => LogicOp::Or,
        ast::LogicalOperator::And => LogicOp::And,
        ast::LogicalOperator::Coalesce => LogicOp::Coalesce,
    }
}

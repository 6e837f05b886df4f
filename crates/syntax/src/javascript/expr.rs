//! Expressions.

use oxc_ast::ast::{self, BinaryOperator as Js, Expression};
use oxc_span::GetSpan;

use super::literal::{constant_text, plain};
use super::lower::{Lower, span};
use crate::ir::{BinaryOp, CallStyle, Cast, CastKind, Const, Expr, ExprId, List, LogicOp, NameId, Span, UnaryOp};

/// One operator of a chain like `a + b + c`, outermost first while it is taken apart.
enum Link<'t, 'a> {
    Binary(&'t ast::BinaryExpression<'a>),
    Logic(&'t ast::LogicalExpression<'a>),
}

impl Lower<'_> {
    pub fn expr(&mut self, expr: &Expression<'_>) -> ExprId {
        let at = span(expr.span());
        let id = if self.sink(at) { self.expr_here(expr, at) } else { self.add(Expr::Opaque(List::default()), at) };
        self.rise();
        id
    }

    fn expr_here(&mut self, expr: &Expression<'_>, at: Span) -> ExprId {
        match expr {
            Expression::Identifier(it) => {
                let expr = self.resolve(it.name.as_str());
                self.add(expr, at)
            }
            Expression::StringLiteral(it) => self.text_const(it.value.as_str(), at),
            Expression::CallExpression(it) => self.call(it),
            Expression::StaticMemberExpression(_)
            | Expression::ComputedMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => self.member(expr.to_member_expression()),
            Expression::NumericLiteral(it) => self.add(Expr::Const(Const::Number(it.value)), at),
            Expression::BooleanLiteral(it) => self.add(Expr::Const(Const::Bool(it.value)), at),
            Expression::NullLiteral(_) => self.add(Expr::Const(Const::Null), at),
            Expression::ObjectExpression(it) => self.object(it),
            Expression::ArrayExpression(it) => self.array(it),
            Expression::ArrowFunctionExpression(it) => self.arrow(it, None),
            Expression::FunctionExpression(it) => self.function_expr(it, None),
            Expression::ClassExpression(it) => self.class_expr(it, None),
            Expression::AwaitExpression(it) => {
                let value = self.expr(&it.argument);
                self.add(Expr::Await(value), at)
            }
            Expression::TemplateLiteral(it) => self.template(it),
            Expression::TaggedTemplateExpression(it) => self.tagged(it),
            Expression::BinaryExpression(_) | Expression::LogicalExpression(_) => self.operators(expr),
            Expression::ConditionalExpression(it) => {
                let test = self.expr(&it.test);
                let then = self.expr(&it.consequent);
                let otherwise = self.expr(&it.alternate);
                self.add(Expr::Cond { test, then, otherwise }, at)
            }
            Expression::AssignmentExpression(it) => self.assignment(it),
            Expression::UpdateExpression(it) => self.increment(it),
            Expression::UnaryExpression(it) => self.unary(it),
            Expression::NewExpression(it) => {
                let callee = self.expr(&it.callee);
                let args = self.arguments(&it.arguments);
                self.add(Expr::Call { callee, args, style: CallStyle::New, optional: false }, at)
            }
            Expression::ChainExpression(it) => self.chain(&it.expression),
            Expression::ThisExpression(_) => self.add(Expr::This, at),
            Expression::Super(_) => self.add(Expr::Super, at),
            _ => self.rare(expr, at),
        }
    }

    /// Kept apart so that the frame of the function above, which recurses most, stays small.
    #[inline(never)]
    fn rare(&mut self, expr: &Expression<'_>, at: Span) -> ExprId {
        match expr {
            Expression::RegExpLiteral(it) => self.regex(it),
            Expression::BigIntLiteral(it) => self.big_int(it),
            Expression::SequenceExpression(it) => {
                let start = self.exprs.len();
                for part in &it.expressions {
                    let part = self.expr(part);
                    self.exprs.push(part);
                }
                let parts = self.take_exprs(start);
                self.add(Expr::Sequence(parts), at)
            }
            Expression::YieldExpression(it) => {
                let value = self.maybe_expr(it.argument.as_ref());
                self.add(Expr::Yield { value, delegate: it.delegate }, at)
            }
            Expression::ImportExpression(it) => self.dynamic_import(it),
            Expression::PrivateInExpression(it) => {
                let name = self.private_name(&it.left);
                let left = self.add(Expr::Const(Const::Text(name)), span(it.left.span));
                let right = self.expr(&it.right);
                self.add(Expr::Binary { op: BinaryOp::HasKey, left, right }, at)
            }
            Expression::ImportMeta(_) => self.free("import.meta", at),
            Expression::NewTarget(_) => self.free("new.target", at),
            Expression::ParenthesizedExpression(it) => self.expr(&it.expression),
            Expression::JSXElement(it) => self.element(it),
            Expression::JSXFragment(it) => self.fragment(it),
            Expression::TSAsExpression(it) => self.cast(&it.expression, Some(&it.type_annotation), at),
            Expression::TSTypeAssertion(it) => self.cast(&it.expression, Some(&it.type_annotation), at),
            Expression::TSNonNullExpression(it) => self.cast(&it.expression, None, at),
            Expression::TSSatisfiesExpression(it) => self.expr(&it.expression),
            Expression::TSInstantiationExpression(it) => self.expr(&it.expression),
            Expression::V8IntrinsicExpression(it) => {
                let callee = self.free(it.name.name.as_str(), span(it.name.span));
                let args = self.arguments(&it.arguments);
                self.add(Expr::Call { callee, args, style: CallStyle::Call, optional: false }, at)
            }
            _ => self.add(Expr::Opaque(List::default()), at),
        }
    }

    /// An expression that gets its name from where it is put, if it is a function or class without one.
    pub fn named_expr(&mut self, expr: &Expression<'_>, text: &str, name_at: Span) -> ExprId {
        if !may_be_named(expr) {
            return self.expr(expr);
        }
        let name = self.name(text);
        self.named_expr_by_id(expr, name, name_at)
    }

    pub fn named_expr_by_id(&mut self, expr: &Expression<'_>, name: NameId, name_at: Span) -> ExprId {
        let hint = Some((name, name_at));
        if !may_be_named(expr) {
            return self.expr(expr);
        }
        let at = span(expr.span());
        let id = if !self.sink(at) {
            self.add(Expr::Opaque(List::default()), at)
        } else {
            match expr {
                Expression::ArrowFunctionExpression(it) => self.arrow(it, hint),
                Expression::FunctionExpression(it) => self.function_expr(it, hint),
                Expression::ClassExpression(it) => self.class_expr(it, hint),
                _ => self.expr_here(expr, at),
            }
        };
        self.rise();
        id
    }

    pub fn member(&mut self, member: &ast::MemberExpression<'_>) -> ExprId {
        let at = span(member.span());
        match member {
            ast::MemberExpression::StaticMemberExpression(it) => {
                let object = self.expr(&it.object);
                let name = self.name(it.property.name.as_str());
                self.add(Expr::Member { object, name, optional: it.optional }, at)
            }
            ast::MemberExpression::ComputedMemberExpression(it) => {
                let object = self.expr(&it.object);
                if let Some(text) = constant_text(&it.expression) {
                    let name = self.name(text);
                    return self.add(Expr::Member { object, name, optional: it.optional }, at);
                }
                let index = self.expr(&it.expression);
                self.add(Expr::Index { object, index }, at)
            }
            ast::MemberExpression::PrivateFieldExpression(it) => {
                let object = self.expr(&it.object);
                let name = self.private_name(&it.field);
                self.add(Expr::Member { object, name, optional: it.optional }, at)
            }
        }
    }

    fn call(&mut self, it: &ast::CallExpression<'_>) -> ExprId {
        let at = span(it.span);
        if let Some(import) = self.required(it) {
            return self.add(Expr::Import(import), at);
        }
        let callee = self.expr(&it.callee);
        let args = self.arguments(&it.arguments);
        self.add(Expr::Call { callee, args, style: CallStyle::Call, optional: it.optional }, at)
    }

    fn chain(&mut self, element: &ast::ChainElement<'_>) -> ExprId {
        match element {
            ast::ChainElement::CallExpression(it) => self.call(it),
            ast::ChainElement::TSNonNullExpression(it) => self.cast(&it.expression, None, span(it.span)),
            _ => self.member(element.to_member_expression()),
        }
    }

    fn cast(&mut self, expr: &Expression<'_>, to: Option<&ast::TSType<'_>>, at: Span) -> ExprId {
        let expr = self.expr(expr);
        let kind = if to.is_some() { CastKind::As } else { CastKind::NonNull };
        if to.is_some_and(is_const) {
            return expr;
        }
        let to = to.map(|it| self.annotation(it));
        self.module.casts.push(Cast { span: at, expr, kind, to });
        expr
    }

    /// Chains of operators lean to the left: they are taken apart in a loop, so that their length takes no stack.
    fn operators(&mut self, outermost: &Expression<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut innermost = outermost;
        loop {
            match innermost {
                Expression::BinaryExpression(it) => {
                    links.push(Link::Binary(it));
                    innermost = &it.left;
                }
                Expression::LogicalExpression(it) => {
                    links.push(Link::Logic(it));
                    innermost = &it.left;
                }
                _ => break,
            }
        }
        let mut left = self.expr(innermost);
        for link in links.into_iter().rev() {
            left = match link {
                Link::Binary(it) => {
                    let right = self.expr(&it.right);
                    self.add(Expr::Binary { op: binary_op(it.operator), left, right }, span(it.span))
                }
                Link::Logic(it) => {
                    let right = self.expr(&it.right);
                    self.add(Expr::Logic { op: logic_op(it.operator), left, right }, span(it.span))
                }
            };
        }
        left
    }

    fn unary(&mut self, it: &ast::UnaryExpression<'_>) -> ExprId {
        let at = span(it.span);
        if let (ast::UnaryOperator::UnaryNegation, Expression::NumericLiteral(number)) = (it.operator, &it.argument) {
            return self.add(Expr::Const(Const::Number(-number.value)), at);
        }
        let operand = self.expr(&it.argument);
        let op = match it.operator {
            ast::UnaryOperator::UnaryPlus => UnaryOp::ToNumber,
            ast::UnaryOperator::UnaryNegation => UnaryOp::Minus,
            ast::UnaryOperator::LogicalNot => UnaryOp::Not,
            ast::UnaryOperator::BitwiseNot => UnaryOp::BitNot,
            ast::UnaryOperator::Typeof => UnaryOp::TypeOf,
            ast::UnaryOperator::Void => UnaryOp::Void,
            ast::UnaryOperator::Delete => return self.add(Expr::Delete(operand), at),
        };
        self.add(Expr::Unary { op, operand }, at)
    }

    /// A specifier that cannot be read is a call of `import`, which nothing declares.
    fn dynamic_import(&mut self, it: &ast::ImportExpression<'_>) -> ExprId {
        let at = span(it.span);
        if let Some(text) = constant_text(&it.source) {
            let import = self.import_of(text, false, at);
            return self.add(Expr::Import(import), at);
        }
        let callee = self.free("import", Span::new(at.start, at.start + "import".len() as u32));
        let source = self.expr(&it.source);
        let args = self.module.make_args(&[plain(source)]);
        self.add(Expr::Call { callee, args, style: CallStyle::Call, optional: false }, at)
    }
}

fn may_be_named(expr: &Expression<'_>) -> bool {
    matches!(
        expr,
        Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_) | Expression::ClassExpression(_)
    )
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

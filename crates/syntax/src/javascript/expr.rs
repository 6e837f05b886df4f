//! Expressions.

use oxc_ast::ast::{self, Expression};
use oxc_span::GetSpan;

use super::chain::{Link, split, split_member};
use super::literal::{constant_text, plain};
use super::lower::{Lower, span};
use crate::ir::{BinaryOp, CallStyle, Const, Expr, ExprId, List, NameId, Span};

impl Lower<'_> {
    pub fn expr(&mut self, expr: &Expression<'_>) -> ExprId {
        let at = span(expr.span());
        let id = if !self.sink(at) {
            self.add(Expr::Opaque(List::default()), at)
        } else if let Some((link, inner)) = split(expr) {
            if self.is_deep() {
                self.chain_in_loop(link, inner)
            } else {
                let inner = self.expr(inner);
                self.link(link, inner)
            }
        } else {
            self.expr_here(expr, at)
        };
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
            Expression::CallExpression(it) => self.required_call(it),
            Expression::NumericLiteral(it) => self.add(Expr::Const(Const::Number(it.value)), at),
            Expression::BooleanLiteral(it) => self.add(Expr::Const(Const::Bool(it.value)), at),
            Expression::NullLiteral(_) => self.add(Expr::Const(Const::Null), at),
            Expression::ObjectExpression(it) => self.object(it),
            Expression::ArrayExpression(it) => self.array(it),
            Expression::ArrowFunctionExpression(it) => self.arrow(it, None),
            Expression::FunctionExpression(it) => self.function_expr(it, None),
            Expression::ClassExpression(it) => self.class_expr(it, None),
            Expression::TemplateLiteral(it) => self.template(it),
            Expression::ConditionalExpression(it) => {
                let test = self.expr(&it.test);
                let then = self.expr(&it.consequent);
                let otherwise = self.expr(&it.alternate);
                self.add(Expr::Cond { test, then, otherwise }, at)
            }
            Expression::AssignmentExpression(it) => self.assignment(it),
            Expression::UpdateExpression(it) => self.increment_value(it),
            Expression::UnaryExpression(it) => self.negative_number(it),
            Expression::NewExpression(it) => {
                let callee = self.expr(&it.callee);
                let args = self.arguments(&it.arguments);
                self.add(Expr::Call { callee, args, style: CallStyle::New, optional: false }, at)
            }
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
            Expression::JSXElement(it) => self.element(it),
            Expression::JSXFragment(it) => self.fragment(it),
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
        let (link, inner) = split_member(member);
        let inner = self.expr(inner);
        self.link(link, inner)
    }

    /// The one call that is no link: `require("…")`, unless `require` is the file's own.
    fn required_call(&mut self, it: &ast::CallExpression<'_>) -> ExprId {
        if let Some(import) = self.required(it) {
            return self.add(Expr::Import(import), span(it.span));
        }
        let callee = self.expr(&it.callee);
        self.link(Link::Call(it), callee)
    }

    fn negative_number(&mut self, it: &ast::UnaryExpression<'_>) -> ExprId {
        let value = match &it.argument {
            Expression::NumericLiteral(number) => -number.value,
            _ => f64::NAN,
        };
        self.add(Expr::Const(Const::Number(value)), span(it.span))
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

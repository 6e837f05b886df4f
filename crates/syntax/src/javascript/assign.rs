//! Assignments: plain ones, and those that read their target first.

use oxc_ast::ast::{self, Expression};
use oxc_span::GetSpan;

use super::chain::{binary_op, logic_op};
use super::lower::{Lower, span};
use crate::ir::{BinaryOp, Const, Expr, ExprId, Span};

impl Lower<'_> {
    pub fn assignment(&mut self, it: &ast::AssignmentExpression<'_>) -> ExprId {
        let at = span(it.span);
        if it.operator == ast::AssignmentOperator::Assign {
            let target = self.target(&it.left);
            let value = match name_of(&it.left) {
                Some((name, name_at)) => self.named_expr(&it.right, name, name_at),
                None => self.expr(&it.right),
            };
            return self.add(Expr::Assign { target, value }, at);
        }
        let Some(target) = it.left.as_simple_assignment_target() else {
            return self.expr(&it.right);
        };
        let (target, left) = self.place(target);
        let right = match name_of(&it.left) {
            Some((name, name_at)) => self.named_expr(&it.right, name, name_at),
            None => self.expr(&it.right),
        };
        let value = match (it.operator.to_binary_operator(), it.operator.to_logical_operator()) {
            (Some(op), _) => Expr::Binary { op: binary_op(op), left, right },
            (None, Some(op)) => Expr::Logic { op: logic_op(op), left, right },
            (None, None) => return self.add(Expr::Assign { target, value: right }, at),
        };
        let value = self.add(value, at);
        self.add(Expr::Update { target, value }, at)
    }

    /// `x++` where its value counts: it is what `x` was before.
    pub fn increment_value(&mut self, it: &ast::UpdateExpression<'_>) -> ExprId {
        let left = self.increment(it);
        if it.prefix {
            return left;
        }
        let at = span(it.span);
        let back = match it.operator {
            ast::UpdateOperator::Increment => 1.0,
            ast::UpdateOperator::Decrement => -1.0,
        };
        let right = self.add(Expr::Const(Const::Number(back)), at);
        self.add(Expr::Binary { op: BinaryOp::Sub, left, right }, at)
    }

    /// `x++` counts whatever `x` was, so it is a subtraction of minus one: `+` might put texts together.
    pub fn increment(&mut self, it: &ast::UpdateExpression<'_>) -> ExprId {
        let at = span(it.span);
        let (target, left) = self.place(&it.argument);
        let step = match it.operator {
            ast::UpdateOperator::Increment => -1.0,
            ast::UpdateOperator::Decrement => 1.0,
        };
        let right = self.add(Expr::Const(Const::Number(step)), at);
        let value = self.add(Expr::Binary { op: BinaryOp::Sub, left, right }, at);
        self.add(Expr::Update { target, value }, at)
    }
}

/// The name a function gets by being assigned here. `module.exports = …` names nothing.
fn name_of<'a>(target: &ast::AssignmentTarget<'a>) -> Option<(&'a str, Span)> {
    match target {
        ast::AssignmentTarget::AssignmentTargetIdentifier(it) => Some((it.name.as_str(), span(it.span))),
        ast::AssignmentTarget::StaticMemberExpression(it) => {
            let is_whole_module = it.property.name.as_str() == "exports"
                && matches!(&it.object, Expression::Identifier(object) if object.name.as_str() == "module");
            (!is_whole_module).then(|| (it.property.name.as_str(), span(it.property.span)))
        }
        ast::AssignmentTarget::ComputedMemberExpression(it) => {
            Some((super::literal::constant_text(&it.expression)?, span(it.expression.span())))
        }
        ast::AssignmentTarget::PrivateFieldExpression(it) => Some((it.field.name.as_str(), span(it.field.span))),
        _ => None,
    }
}

//! Operators. Left-leaning chains (`a + b + c`), prefixes and conditional ladders are taken eight at a time;
//! `a or b or c` becomes a balanced tree, which means the same and is not deep.

use super::expr::LINKS;
use super::{Lower, span};
use crate::ir::{BinaryOp, Expr, ExprId, LogicOp, Span, UnaryOp};
use ruff_python_ast::{self as ast, CmpOp, Expr as Node, Operator};
use ruff_text_size::Ranged;

impl Lower<'_> {
    pub(super) fn binary(&mut self, node: &Node) -> ExprId {
        if let Node::BinOp(it) = node
            && it.op == Operator::Pow
        {
            return self.power(node);
        }
        let mut links = [node; LINKS];
        let mut count = 0;
        let mut base = node;
        while count < LINKS
            && let Node::BinOp(it) = base
            && it.op != Operator::Pow
        {
            links[count] = base;
            count += 1;
            base = &it.left;
        }
        let mut left = self.expr(base);
        for link in links[..count].iter().rev() {
            if let Node::BinOp(it) = link {
                left = self.binary_link(it, left);
            }
        }
        left
    }

    fn binary_link(&mut self, node: &ast::ExprBinOp, left: ExprId) -> ExprId {
        if node.op == Operator::Mod
            && let Node::StringLiteral(format) = &*node.left
            && let Some(id) = self.percent(format, &node.right, span(node.range))
        {
            return id;
        }
        let right = self.expr(&node.right);
        self.module.add_expr(Expr::Binary { op: binary_op(node.op), left, right }, span(node.range))
    }

    /// `a ** b ** c` leans to the right.
    fn power(&mut self, node: &Node) -> ExprId {
        let mut links = Vec::new();
        let mut base = node;
        while links.len() < LINKS
            && let Node::BinOp(it) = base
            && it.op == Operator::Pow
        {
            links.push((self.expr(&it.left), span(it.range)));
            base = &it.right;
        }
        let mut right = self.expr(base);
        for (left, at) in links.into_iter().rev() {
            right = self.module.add_expr(Expr::Binary { op: BinaryOp::Pow, left, right }, at);
        }
        right
    }

    pub(super) fn logic(&mut self, node: &ast::ExprBoolOp) -> ExprId {
        let from = self.exprs.len();
        for value in &node.values {
            let value = self.expr(value);
            self.exprs.push(value);
        }
        let op = match node.op {
            ast::BoolOp::And => LogicOp::And,
            ast::BoolOp::Or => LogicOp::Or,
        };
        self.balance(op, from, span(node.range))
    }

    /// One expression of all that was gathered since `from`.
    fn balance(&mut self, op: LogicOp, from: usize, whole: Span) -> ExprId {
        let mut count = self.exprs.len() - from;
        while count > 1 {
            for at in 0..count / 2 {
                let [left, right] = [self.exprs[from + 2 * at], self.exprs[from + 2 * at + 1]];
                let at_span = match count {
                    2 => whole,
                    _ => Span::new(self.module.expr_span(left).start, self.module.expr_span(right).end),
                };
                self.exprs[from + at] = self.module.add_expr(Expr::Logic { op, left, right }, at_span);
            }
            if count % 2 == 1 {
                self.exprs[from + count / 2] = self.exprs[from + count - 1];
            }
            count = count.div_ceil(2);
        }
        let id = self.exprs.get(from).copied();
        self.exprs.truncate(from);
        id.unwrap_or_else(|| self.opaque(whole))
    }

    /// `a < b < c` is `a < b and b < c`; the middle is one expression, named twice.
    pub(super) fn compare(&mut self, node: &ast::ExprCompare) -> ExprId {
        let from = self.exprs.len();
        let mut left = self.expr(&node.left);
        let mut start = node.left.start();
        for (op, comparator) in node.ops.iter().zip(&node.comparators) {
            let right = self.expr(comparator);
            let at = Span::new(start.to_u32(), comparator.end().to_u32());
            let at = if node.ops.len() == 1 { span(node.range) } else { at };
            let pair = self.module.add_expr(Expr::Binary { op: compare_op(*op), left, right }, at);
            self.exprs.push(pair);
            left = right;
            start = comparator.start();
        }
        self.balance(LogicOp::And, from, span(node.range))
    }

    pub(super) fn unary(&mut self, node: &Node) -> ExprId {
        let mut links = [node; LINKS];
        let mut count = 0;
        let mut base = node;
        while count < LINKS
            && let Node::UnaryOp(it) = base
        {
            links[count] = base;
            count += 1;
            base = &it.operand;
        }
        let mut operand = self.expr(base);
        for link in links[..count].iter().rev() {
            if let Node::UnaryOp(it) = link {
                let op = match it.op {
                    ast::UnaryOp::Not => UnaryOp::Not,
                    ast::UnaryOp::USub => UnaryOp::Minus,
                    ast::UnaryOp::UAdd => UnaryOp::ToNumber,
                    ast::UnaryOp::Invert => UnaryOp::BitNot,
                };
                operand = self.module.add_expr(Expr::Unary { op, operand }, span(it.range));
            }
        }
        operand
    }

    pub(super) fn conditional(&mut self, node: &Node) -> ExprId {
        let mut links = Vec::new();
        let mut base = node;
        while links.len() < LINKS
            && let Node::If(it) = base
        {
            let test = self.expr(&it.test);
            let then = self.expr(&it.body);
            links.push((test, then, span(it.range)));
            base = &it.orelse;
        }
        let mut otherwise = self.expr(base);
        for (test, then, at) in links.into_iter().rev() {
            otherwise = self.module.add_expr(Expr::Cond { test, then, otherwise }, at);
        }
        otherwise
    }
}

pub(super) fn binary_op(op: Operator) -> BinaryOp {
    match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mult => BinaryOp::Mul,
        Operator::MatMult => BinaryOp::MatMul,
        Operator::Div => BinaryOp::Div,
        Operator::Mod => BinaryOp::ModOrFormat,
        Operator::Pow => BinaryOp::Pow,
        Operator::LShift => BinaryOp::ShiftLeft,
        Operator::RShift => BinaryOp::ShiftRight,
        Operator::BitOr => BinaryOp::BitOr,
        Operator::BitXor => BinaryOp::BitXor,
        Operator::BitAnd => BinaryOp::BitAnd,
        Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

fn compare_op(op: CmpOp) -> BinaryOp {
    match op {
        CmpOp::Eq => BinaryOp::ValueEq,
        CmpOp::NotEq => BinaryOp::ValueNe,
        CmpOp::Lt => BinaryOp::Lt,
        CmpOp::LtE => BinaryOp::Le,
        CmpOp::Gt => BinaryOp::Gt,
        CmpOp::GtE => BinaryOp::Ge,
        CmpOp::Is => BinaryOp::Same,
        CmpOp::IsNot => BinaryOp::NotSame,
        CmpOp::In => BinaryOp::In,
        CmpOp::NotIn => BinaryOp::NotIn,
    }
}

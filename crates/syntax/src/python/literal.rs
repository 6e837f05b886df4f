//! Literals, f-strings and t-strings.

use super::{Lower, span};
use crate::ir::{Arg, ArrayStyle, CallStyle, ConcatStyle, Const, Expr, ExprId, Item, List, Span, Spread, UnaryOp};
use ruff_python_ast::{self as ast, Expr as Node, InterpolatedStringElement as Element};
use ruff_text_size::Ranged;

impl Lower<'_> {
    pub(super) fn literal(&mut self, node: &Node) -> ExprId {
        let value = match node {
            Node::StringLiteral(it) => Const::Text(self.name(it.value.to_str())),
            Node::BytesLiteral(it) => {
                let bytes: Vec<u8> = it.value.bytes().collect();
                Const::Text(self.name(&String::from_utf8_lossy(&bytes)))
            }
            Node::NumberLiteral(it) => Const::Number(number(&it.value)),
            Node::BooleanLiteral(it) => Const::Bool(it.value),
            Node::EllipsisLiteral(_) => Const::Ellipsis,
            _ => Const::Null,
        };
        self.module.add_expr(Expr::Const(value), span(node.range()))
    }

    pub(super) fn f_string(&mut self, node: &ast::ExprFString) -> ExprId {
        let from = self.exprs.len();
        for part in &node.value {
            match part {
                ast::FStringPart::Literal(it) => self.push_text(it.as_str(), span(it.range)),
                ast::FStringPart::FString(it) => {
                    for element in &it.elements {
                        self.push_element(element);
                    }
                }
            }
        }
        let pieces = self.take_exprs(from);
        self.module.add_expr(Expr::Concat { style: ConcatStyle::FString, pieces }, span(node.range))
    }

    fn push_text(&mut self, text: &str, at: Span) {
        if !text.is_empty() {
            let piece = self.text(text, at);
            self.exprs.push(piece);
        }
    }

    fn push_element(&mut self, element: &Element) {
        match element {
            Element::Literal(it) => self.push_text(&it.value, span(it.range)),
            Element::Interpolation(it) => {
                if let Some(debug) = &it.debug_text {
                    self.push_text(debug.as_str(), span(it.range));
                }
                let piece = self.hole(it);
                self.exprs.push(piece);
            }
        }
    }

    /// `{value:spec}`. A numeric directive makes the hole a number; what stands in holes of the directive
    /// itself is evaluated as well.
    fn hole(&mut self, node: &ast::InterpolatedElement) -> ExprId {
        let mut value = self.expr(&node.expression);
        let at = span(node.expression.range());
        let Some(spec) = &node.format_spec else { return value };
        if let [Element::Literal(it)] = &*spec.elements {
            if node.conversion == ast::ConversionFlag::None && is_numeric_spec(&it.value) {
                value = self.module.add_expr(Expr::Unary { op: UnaryOp::ToNumber, operand: value }, at);
            }
            return value;
        }
        let from = self.exprs.len();
        for element in &spec.elements {
            if let Element::Interpolation(it) = element {
                let inner = self.expr(&it.expression);
                self.exprs.push(inner);
            }
        }
        if self.exprs.len() == from {
            return value;
        }
        self.exprs.push(value);
        let parts = self.take_exprs(from);
        self.module.add_expr(Expr::Sequence(parts), at)
    }

    /// `t"…"` is no text: it is a template whose reader sees pieces and holes apart.
    pub(super) fn t_string(&mut self, node: &ast::ExprTString) -> ExprId {
        let at = span(node.range);
        let pieces_from = self.items.len();
        let from = self.args.len();
        let texts = self.text("", at);
        self.args.push(Arg { value: texts, name: None, spread: Spread::No });
        for element in node.value.elements() {
            match element {
                Element::Literal(it) => {
                    let value = Some(self.text(&it.value, span(it.range)));
                    self.items.push(Item { value, spread: false });
                }
                Element::Interpolation(it) => {
                    let value = self.hole(it);
                    self.args.push(Arg { value, name: None, spread: Spread::No });
                }
            }
        }
        let items = self.module.make_items(&self.items[pieces_from..]);
        self.items.truncate(pieces_from);
        self.args[from].value = self.module.add_expr(Expr::Array { style: ArrayStyle::Tuple, items }, at);
        let args: List<Arg> = self.module.make_args(&self.args[from..]);
        self.args.truncate(from);
        let name = self.name("Template");
        let callee = self.module.add_expr(Expr::Free(name), at);
        self.module.add_expr(Expr::Call { callee, args, style: CallStyle::Tagged, optional: false }, at)
    }
}

fn number(value: &ast::Number) -> f64 {
    match value {
        ast::Number::Int(it) => match it.as_i64() {
            Some(small) => small as f64,
            None => big(&it.to_string()),
        },
        ast::Number::Float(it) => *it,
        ast::Number::Complex { .. } => 0.0,
    }
}

/// Beyond 63 bits, as it was written: with its prefix and without underscores.
fn big(text: &str) -> f64 {
    let radix = match text.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => return text.parse().unwrap_or(f64::INFINITY),
    };
    let digits = text[2..].chars().filter_map(|it| it.to_digit(radix));
    digits.fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit))
}

/// `d`, `.2f`, `08x`: the value must be a number, else formatting raises. A `%` further in is a date's.
pub(super) fn is_numeric_spec(spec: &str) -> bool {
    let body = spec.strip_suffix(['b', 'd', 'o', 'x', 'X', 'e', 'E', 'f', 'F', 'g', 'G', 'n', '%']);
    body.is_some_and(|it| !it.contains('%'))
}

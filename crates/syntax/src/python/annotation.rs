//! Annotations: a string in one is an expression that Python reads later, if ever.

use super::{Lower, span};
use crate::ir::{ArrayStyle, BinaryOp, Expr, ExprId, Item};
use crate::{Language, nesting};
use ruff_python_ast::{self as ast, Expr as Node, Operator};
use ruff_text_size::Ranged;

/// A longer string is no type.
const STRING_MAX: usize = 1_000;

impl Lower<'_> {
    pub(super) fn annotation(&mut self, node: &Node) -> ExprId {
        match node {
            Node::StringLiteral(it) => self.string_annotation(it),
            Node::Subscript(it) => self.generic(it),
            Node::BinOp(it) if it.op == Operator::BitOr && self.depth < super::DEPTH_MAX => {
                self.depth += 1;
                let left = self.annotation(&it.left);
                let right = self.annotation(&it.right);
                self.depth -= 1;
                self.module.add_expr(Expr::Binary { op: BinaryOp::BitOr, left, right }, span(it.range))
            }
            it => self.expr(it),
        }
    }

    fn string_annotation(&mut self, node: &ast::ExprStringLiteral) -> ExprId {
        let at = span(node.range);
        let Some(literal) = node.as_single_part_string() else { return self.literal_text(node) };
        let content = &self.text[literal.content_range()];
        let readable = content == literal.as_str()
            && content.len() <= STRING_MAX
            && self.depth < super::DEPTH_MAX
            && !nesting::too_deep(content, Language::Python);
        let parsed = readable.then(|| ruff_python_parser::parse_string_annotation(self.text, literal));
        let Some(Ok(parsed)) = parsed else { return self.text(node.value.to_str(), at) };
        self.depth += 1;
        let id = self.annotation(parsed.expr());
        self.depth -= 1;
        id
    }

    fn literal_text(&mut self, node: &ast::ExprStringLiteral) -> ExprId {
        self.text(node.value.to_str(), span(node.range))
    }

    /// `list["User"]`: the arguments are annotations. Those of `Literal` are values, and so are those of
    /// `Annotated` after the first.
    fn generic(&mut self, node: &ast::ExprSubscript) -> ExprId {
        let constructor = match &*node.value {
            Node::Name(it) => it.id.as_str(),
            Node::Attribute(it) => it.attr.id.as_str(),
            _ => "",
        };
        let types = match constructor {
            "Literal" => 0,
            "Annotated" => 1,
            _ => usize::MAX,
        };
        if self.depth >= super::DEPTH_MAX {
            self.report_depth(span(node.range));
            return self.opaque(span(node.range));
        }
        self.depth += 1;
        let object = self.expr(&node.value);
        let index = match &*node.slice {
            Node::Tuple(it) => self.type_arguments(ArrayStyle::Tuple, &it.elts, types, span(it.range)),
            Node::List(it) => self.type_arguments(ArrayStyle::List, &it.elts, types, span(it.range)),
            it if types > 0 => self.annotation(it),
            it => self.expr(it),
        };
        self.depth -= 1;
        self.module.add_expr(Expr::Index { object, index }, span(node.range))
    }

    fn type_arguments(&mut self, style: ArrayStyle, nodes: &[Node], types: usize, at: crate::ir::Span) -> ExprId {
        let from = self.items.len();
        for (position, node) in nodes.iter().enumerate() {
            let value = match node {
                Node::List(it) if position < types => {
                    self.type_arguments(ArrayStyle::List, &it.elts, usize::MAX, span(it.range()))
                }
                it if position < types => self.annotation(it),
                it => self.expr(it),
            };
            self.items.push(Item { value: Some(value), spread: false });
        }
        let items = self.module.make_items(&self.items[from..]);
        self.items.truncate(from);
        self.module.add_expr(Expr::Array { style, items }, at)
    }
}

//! Comprehensions: their variables are their own, though they live in the frame around.

use super::scope::ScopeKind;
use super::{Lower, span};
use crate::ir::{Clause, ComprehensionStyle, Expr, ExprId};
use ruff_python_ast::{self as ast, Expr as Node};
use ruff_text_size::Ranged;

impl Lower<'_> {
    pub(super) fn comprehension(&mut self, node: &Node) -> ExprId {
        let (style, key, value, generators) = match node {
            Node::ListComp(it) => (ComprehensionStyle::List, None, &*it.elt, &it.generators),
            Node::SetComp(it) => (ComprehensionStyle::Set, None, &*it.elt, &it.generators),
            Node::Generator(it) => (ComprehensionStyle::Generator, None, &*it.elt, &it.generators),
            Node::DictComp(it) => (ComprehensionStyle::Dict, it.key.as_deref(), &*it.value, &it.generators),
            it => return self.opaque(span(it.range())),
        };
        // The first iterable belongs to the scope around; the rest sees the comprehension's names.
        let first = generators.first().map(|it| self.expr(&it.iter));
        self.enter(ScopeKind::Comprehension, self.function);
        let mut clauses = Vec::with_capacity(generators.len());
        for (at, generator) in generators.iter().enumerate() {
            let iterable = match first {
                Some(first) if at == 0 => first,
                _ => self.expr(&generator.iter),
            };
            clauses.push(self.clause(generator, iterable));
        }
        let key = key.map(|it| self.expr(it));
        let value = self.expr(value);
        self.leave();
        let clauses = self.module.make_clauses(&clauses);
        self.module.add_expr(Expr::Comprehension { style, clauses, key, value }, span(node.range()))
    }

    fn clause(&mut self, node: &ast::Comprehension, iterable: ExprId) -> Clause {
        let outer = std::mem::replace(&mut self.in_comprehension_target, true);
        let pattern = self.target(&node.target);
        self.in_comprehension_target = outer;
        let from = self.exprs.len();
        for condition in &node.ifs {
            let condition = self.expr(condition);
            self.exprs.push(condition);
        }
        Clause { pattern, iterable, conditions: self.take_exprs(from) }
    }
}

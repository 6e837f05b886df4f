//! Targets of assignments, and the patterns of `match`.

use super::{DEPTH_MAX, Lower, span};
use crate::ir::{
    BinaryOp, CallStyle, Case, Const, Expr, ExprId, Key, LogicOp, Pattern, PatternElement, PatternEntry, PatternId,
    Span, VarKind,
};
use ruff_python_ast::{self as ast, Expr as Node, Pattern as MatchNode};
use ruff_text_size::Ranged;

/// Classes whose pattern with one positional part gives that part the whole value.
const WHOLE_VALUE: &[&str] =
    &["bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"];

impl Lower<'_> {
    pub(super) fn target(&mut self, node: &Node) -> PatternId {
        let at = span(node.range());
        match node {
            Node::Name(it) if it.id.is_empty() => self.module.add_pattern(Pattern::Ignore, at),
            Node::Name(it) => {
                let name = self.name(&it.id);
                self.bind_name(name, at)
            }
            Node::Tuple(it) => self.target_elements(&it.elts, at),
            Node::List(it) => self.target_elements(&it.elts, at),
            Node::Starred(it) => self.target(&it.value),
            other => {
                let place = self.expr(other);
                self.module.add_pattern(Pattern::Place(place), at)
            }
        }
    }

    fn bind_name(&mut self, name: crate::ir::NameId, at: Span) -> PatternId {
        if !self.in_comprehension_target {
            return self.bind_pattern(name, at);
        }
        let var = self.declare(name, VarKind::Let, at);
        self.module.add_pattern(Pattern::Var(var), at)
    }

    fn target_elements(&mut self, nodes: &[Node], at: Span) -> PatternId {
        if self.depth >= DEPTH_MAX {
            self.report_depth(at);
            return self.module.add_pattern(Pattern::Ignore, at);
        }
        self.depth += 1;
        let mut elements = Vec::with_capacity(nodes.len());
        for node in nodes {
            let pattern = Some(self.target(node));
            elements.push(PatternElement { pattern, rest: node.is_starred_expr() });
        }
        self.depth -= 1;
        let elements = self.module.make_elements(&elements);
        self.module.add_pattern(Pattern::Array(elements), at)
    }

    /// One `case`. Values become tests; what binds, and what looks inside, becomes the pattern. A class pattern
    /// is also a guard that asks `isinstance`, if the subject is a name or path that can be read again.
    pub(super) fn case(&mut self, node: &ast::MatchCase, subject: ExprId) -> Case {
        let from = self.exprs.len();
        let mut class = None;
        let pattern = self.case_pattern(&node.pattern, &mut class);
        let tests = self.take_exprs(from);
        let is_instance = class.and_then(|it| self.is_instance(subject, it));
        let written = node.guard.as_ref().map(|it| self.expr(it));
        let guard = match (is_instance, written) {
            (Some(left), Some(right)) => {
                let at = self.module.expr_span(right);
                Some(self.module.add_expr(Expr::Logic { op: LogicOp::And, left, right }, at))
            }
            (left, right) => left.or(right),
        };
        let body = self.block(&node.body);
        Case {
            tests,
            pattern,
            guard,
            body,
            falls_through: false,
            is_default: node.pattern.is_irrefutable(),
            span: span(node.range),
        }
    }

    /// Tests are pushed on `exprs`; the pattern is what is left, if anything.
    fn case_pattern(&mut self, node: &MatchNode, class: &mut Option<ExprId>) -> Option<PatternId> {
        match node {
            MatchNode::MatchValue(it) => {
                let test = self.expr(&it.value);
                self.exprs.push(test);
                None
            }
            MatchNode::MatchSingleton(it) => {
                let test = self.singleton(it);
                self.exprs.push(test);
                None
            }
            MatchNode::MatchOr(it) => {
                let mut all = Vec::new();
                for pattern in &it.patterns {
                    // A class is no guard for the other alternatives.
                    all.extend(self.case_pattern(pattern, &mut None));
                }
                self.all_of(all, span(it.range))
            }
            MatchNode::MatchAs(it) => {
                let inner = it.pattern.as_ref().and_then(|it| self.case_pattern(it, class));
                let name = it.name.as_ref().map(|it| self.capture(it));
                let parts: Vec<PatternId> = inner.into_iter().chain(name).collect();
                self.all_of(parts, span(it.range))
            }
            MatchNode::MatchClass(it) => {
                let pattern = self.class_pattern(it);
                *class = Some(self.expr(&it.cls));
                Some(pattern)
            }
            other => Some(self.inner_pattern(other)),
        }
    }

    fn all_of(&mut self, parts: Vec<PatternId>, at: Span) -> Option<PatternId> {
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        for part in parts {
            whole = self.module.add_pattern(Pattern::Both(whole, part), at);
        }
        Some(whole)
    }

    fn capture(&mut self, name: &ast::Identifier) -> PatternId {
        let at = span(name.range);
        let name = self.name(&name.id);
        self.bind_pattern(name, at)
    }

    fn singleton(&mut self, node: &ast::PatternMatchSingleton) -> ExprId {
        let value = match node.value {
            ast::Singleton::None => Const::Null,
            ast::Singleton::True => Const::Bool(true),
            ast::Singleton::False => Const::Bool(false),
        };
        self.module.add_expr(Expr::Const(value), span(node.range))
    }

    fn is_instance(&mut self, subject: ExprId, class: ExprId) -> Option<ExprId> {
        let readable = matches!(
            self.module.expr(subject),
            Expr::Var(_) | Expr::Free(_) | Expr::Member { .. } | Expr::Index { .. }
        );
        if !readable {
            return None;
        }
        let at = self.module.expr_span(class);
        let name = self.name("isinstance");
        let callee = self.module.add_expr(Expr::Free(name), at);
        Some(self.call_with(callee, &[subject, class], CallStyle::Call, at))
    }

    /// A pattern inside another: only what it binds counts.
    fn inner_pattern(&mut self, node: &MatchNode) -> PatternId {
        let at = span(node.range());
        if self.depth >= DEPTH_MAX {
            self.report_depth(at);
            return self.module.add_pattern(Pattern::Ignore, at);
        }
        self.depth += 1;
        let id = match node {
            MatchNode::MatchSequence(it) => self.sequence_pattern(&it.patterns, at),
            MatchNode::MatchMapping(it) => self.mapping_pattern(it),
            MatchNode::MatchClass(it) => self.class_pattern(it),
            MatchNode::MatchStar(it) => match &it.name {
                Some(name) => self.capture(name),
                None => self.module.add_pattern(Pattern::Ignore, at),
            },
            MatchNode::MatchAs(it) => {
                let inner = it.pattern.as_ref().map(|it| self.inner_pattern(it));
                let name = it.name.as_ref().map(|it| self.capture(it));
                let parts = inner.into_iter().chain(name).collect();
                let whole = self.all_of(parts, at);
                whole.unwrap_or_else(|| self.module.add_pattern(Pattern::Ignore, at))
            }
            MatchNode::MatchOr(it) => {
                let parts = it.patterns.iter().map(|it| self.inner_pattern(it)).collect();
                let whole = self.all_of(parts, at);
                whole.unwrap_or_else(|| self.module.add_pattern(Pattern::Ignore, at))
            }
            MatchNode::MatchValue(_) | MatchNode::MatchSingleton(_) => self.module.add_pattern(Pattern::Ignore, at),
        };
        self.depth -= 1;
        id
    }

    fn sequence_pattern(&mut self, nodes: &[MatchNode], at: Span) -> PatternId {
        let mut elements = Vec::with_capacity(nodes.len());
        for node in nodes {
            let pattern = Some(self.inner_pattern(node));
            elements.push(PatternElement { pattern, rest: matches!(node, MatchNode::MatchStar(_)) });
        }
        let elements = self.module.make_elements(&elements);
        self.module.add_pattern(Pattern::Array(elements), at)
    }

    fn mapping_pattern(&mut self, node: &ast::PatternMatchMapping) -> PatternId {
        let mut entries = Vec::with_capacity(node.keys.len());
        for (key, value) in node.keys.iter().zip(&node.patterns) {
            let key = match key {
                Node::StringLiteral(it) => Key::Name(self.name(it.value.to_str())),
                other => Key::Computed(self.expr(other)),
            };
            entries.push(PatternEntry { key, value: self.inner_pattern(value) });
        }
        let rest = node.rest.as_ref().map(|it| self.capture(it));
        let entries = self.module.make_entries(&entries);
        self.module.add_pattern(Pattern::Object { entries, rest }, span(node.range))
    }

    fn class_pattern(&mut self, node: &ast::PatternMatchClass) -> PatternId {
        let at = span(node.range);
        let mut entries = Vec::with_capacity(node.arguments.keywords.len());
        for keyword in &node.arguments.keywords {
            let key = Key::Name(self.name(&keyword.attr.id));
            entries.push(PatternEntry { key, value: self.inner_pattern(&keyword.pattern) });
        }
        let entries = self.module.make_entries(&entries);
        let fields = self.module.add_pattern(Pattern::Object { entries, rest: None }, at);
        match &*node.arguments.patterns {
            [] => fields,
            [only] if matches!(&*node.cls, Node::Name(it) if WHOLE_VALUE.contains(&it.id.as_str())) => {
                let whole = self.inner_pattern(only);
                self.module.add_pattern(Pattern::Both(fields, whole), at)
            }
            many => {
                let parts = self.sequence_pattern(many, at);
                self.module.add_pattern(Pattern::Both(fields, parts), at)
            }
        }
    }

    /// `target op= value`: the target is read and written, and its parts are evaluated once.
    pub(super) fn update(&mut self, node: &ast::StmtAugAssign) -> ExprId {
        let op: BinaryOp = super::operator::binary_op(node.op);
        let at = span(node.range);
        let left = self.expr(&node.target);
        let right = self.expr(&node.value);
        let target = match &*node.target {
            Node::Name(_) => self.target(&node.target),
            _ => self.module.add_pattern(Pattern::Place(left), span(node.target.range())),
        };
        let value = self.module.add_expr(Expr::Binary { op, left, right }, at);
        self.module.add_expr(Expr::Update { target, value }, at)
    }
}

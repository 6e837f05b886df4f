//! Where values go: binding patterns and assignment targets.

use oxc_ast::ast;

use super::lower::{Lower, span};
use crate::ir::{Expr, ExprId, Key, Pattern, PatternElement, PatternEntry, PatternId, Span};

impl Lower<'_> {
    fn add_pattern(&mut self, pattern: Pattern, at: Span) -> PatternId {
        self.module.add_pattern(pattern, at)
    }

    fn named(&mut self, text: &str, at: oxc_span::Span) -> PatternId {
        let name = self.name(text);
        let pattern = match self.value_var(name) {
            Some(var) => Pattern::Var(var),
            None => match self.resolve(text) {
                Expr::Var(var) => Pattern::Var(var),
                _ => Pattern::Free(name),
            },
        };
        self.add_pattern(pattern, span(at))
    }

    /// A pattern whose names are bound already.
    pub fn binding(&mut self, pattern: &ast::BindingPattern<'_>) -> PatternId {
        if let ast::BindingPattern::BindingIdentifier(it) = pattern {
            return self.named(it.name.as_str(), it.span);
        }
        let at = span(oxc_span::GetSpan::span(pattern));
        let id = if self.sink(at) { self.binding_here(pattern) } else { self.add_pattern(Pattern::Ignore, at) };
        self.rise();
        id
    }

    fn binding_here(&mut self, pattern: &ast::BindingPattern<'_>) -> PatternId {
        match pattern {
            ast::BindingPattern::BindingIdentifier(it) => self.named(it.name.as_str(), it.span),
            ast::BindingPattern::ObjectPattern(it) => {
                let mut entries = Vec::with_capacity(it.properties.len());
                for property in &it.properties {
                    let key = self.key(&property.key);
                    entries.push(PatternEntry { key, value: self.binding(&property.value) });
                }
                let rest = it.rest.as_ref().map(|it| self.binding(&it.argument));
                let entries = self.module.make_entries(&entries);
                self.add_pattern(Pattern::Object { entries, rest }, span(it.span))
            }
            ast::BindingPattern::ArrayPattern(it) => {
                let mut elements = Vec::with_capacity(it.elements.len() + 1);
                for element in &it.elements {
                    let pattern = element.as_ref().map(|it| self.binding(it));
                    elements.push(PatternElement { pattern, rest: false });
                }
                if let Some(rest) = &it.rest {
                    elements.push(PatternElement { pattern: Some(self.binding(&rest.argument)), rest: true });
                }
                let elements = self.module.make_elements(&elements);
                self.add_pattern(Pattern::Array(elements), span(it.span))
            }
            ast::BindingPattern::AssignmentPattern(it) => {
                let pattern = self.binding(&it.left);
                let value = match &it.left {
                    ast::BindingPattern::BindingIdentifier(id) => {
                        self.named_expr(&it.right, id.name.as_str(), span(id.span))
                    }
                    _ => self.expr(&it.right),
                };
                self.add_pattern(Pattern::Default { pattern, value }, span(it.span))
            }
        }
    }

    pub fn target(&mut self, target: &ast::AssignmentTarget<'_>) -> PatternId {
        if let Some(simple) = target.as_simple_assignment_target() {
            return self.simple_target(simple);
        }
        let at = span(oxc_span::GetSpan::span(target));
        let id = if self.sink(at) { self.target_here(target, at) } else { self.add_pattern(Pattern::Ignore, at) };
        self.rise();
        id
    }

    fn target_here(&mut self, target: &ast::AssignmentTarget<'_>, at: Span) -> PatternId {
        match target {
            ast::AssignmentTarget::ArrayAssignmentTarget(it) => {
                let mut elements = Vec::with_capacity(it.elements.len() + 1);
                for element in &it.elements {
                    let pattern = element.as_ref().map(|it| self.target_or_default(it));
                    elements.push(PatternElement { pattern, rest: false });
                }
                if let Some(rest) = &it.rest {
                    elements.push(PatternElement { pattern: Some(self.target(&rest.target)), rest: true });
                }
                let elements = self.module.make_elements(&elements);
                self.add_pattern(Pattern::Array(elements), at)
            }
            ast::AssignmentTarget::ObjectAssignmentTarget(it) => {
                let mut entries = Vec::with_capacity(it.properties.len());
                for property in &it.properties {
                    entries.push(self.target_entry(property));
                }
                let rest = it.rest.as_ref().map(|it| self.target(&it.target));
                let entries = self.module.make_entries(&entries);
                self.add_pattern(Pattern::Object { entries, rest }, at)
            }
            _ => self.add_pattern(Pattern::Ignore, at),
        }
    }

    fn target_entry(&mut self, property: &ast::AssignmentTargetProperty<'_>) -> PatternEntry {
        match property {
            ast::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(it) => {
                let key = Key::Name(self.name(it.binding.name.as_str()));
                let mut value = self.named(it.binding.name.as_str(), it.binding.span);
                if let Some(init) = &it.init {
                    let default = self.expr(init);
                    value = self.add_pattern(Pattern::Default { pattern: value, value: default }, span(it.span));
                }
                PatternEntry { key, value }
            }
            ast::AssignmentTargetProperty::AssignmentTargetPropertyProperty(it) => {
                let key = self.key(&it.name);
                PatternEntry { key, value: self.target_or_default(&it.binding) }
            }
        }
    }

    fn target_or_default(&mut self, target: &ast::AssignmentTargetMaybeDefault<'_>) -> PatternId {
        match target {
            ast::AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(it) => {
                let pattern = self.target(&it.binding);
                let value = self.expr(&it.init);
                self.add_pattern(Pattern::Default { pattern, value }, span(it.span))
            }
            _ => self.target(target.to_assignment_target()),
        }
    }

    fn simple_target(&mut self, target: &ast::SimpleAssignmentTarget<'_>) -> PatternId {
        match target {
            ast::SimpleAssignmentTarget::AssignmentTargetIdentifier(it) => self.named(it.name.as_str(), it.span),
            _ => self.place(target).0,
        }
    }

    /// A target that is read as well: where the result goes, and its value before.
    pub fn place(&mut self, target: &ast::SimpleAssignmentTarget<'_>) -> (PatternId, ExprId) {
        use ast::SimpleAssignmentTarget as Target;
        let at = span(oxc_span::GetSpan::span(target));
        let read = match target {
            Target::AssignmentTargetIdentifier(it) => {
                let expr = self.resolve(it.name.as_str());
                self.add(expr, at)
            }
            Target::TSAsExpression(it) => self.expr(&it.expression),
            Target::TSSatisfiesExpression(it) => self.expr(&it.expression),
            Target::TSNonNullExpression(it) => self.expr(&it.expression),
            Target::TSTypeAssertion(it) => self.expr(&it.expression),
            _ => self.member(target.to_member_expression()),
        };
        let pattern = match self.module.expr(read) {
            Expr::Var(var) => Pattern::Var(var),
            Expr::Free(name) => Pattern::Free(name),
            Expr::Member { .. } | Expr::Index { .. } => Pattern::Place(read),
            _ => Pattern::Ignore,
        };
        (self.add_pattern(pattern, at), read)
    }
}

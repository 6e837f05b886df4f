//! Declarations of values: variables, enums, namespaces.

use oxc_ast::ast::{self, Expression};
use oxc_span::GetSpan;
use rustc_hash::FxHashMap;

use super::lower::{Lower, span};
use super::scope::Space;
use crate::ir::{
    CallStyle, Const, Expr, ExprId, Key, List, NameId, Pattern, Prop, PropKind, Receiver, Span, Stmt, VarKind, VarType,
};

/// A namespace is lowered through a dozen functions.
const NAMESPACE_LEVELS: u32 = 8;

impl Lower<'_> {
    pub fn declaration(&mut self, it: &ast::Declaration<'_>, at: Span) {
        match it {
            ast::Declaration::VariableDeclaration(it) => self.variables(it),
            ast::Declaration::ClassDeclaration(it) => self.class_declaration(it),
            ast::Declaration::TSEnumDeclaration(it) => self.enumeration(it),
            ast::Declaration::TSNamespaceDeclaration(it) => self.namespace(it),
            ast::Declaration::TSImportEqualsDeclaration(it) => self.import_equals(it, at),
            // Functions, interfaces and aliases stand first in their block already; the rest declares what is
            // elsewhere.
            ast::Declaration::FunctionDeclaration(_)
            | ast::Declaration::TSTypeAliasDeclaration(_)
            | ast::Declaration::TSInterfaceDeclaration(_)
            | ast::Declaration::TSExternalModuleDeclaration(_)
            | ast::Declaration::TSGlobalDeclaration(_) => {}
        }
    }

    /// One `Let` for each declarator. `var x;` is nothing: it keeps the value `x` has.
    pub fn variables(&mut self, it: &ast::VariableDeclaration<'_>) {
        if it.declare {
            return;
        }
        for declarator in &it.declarations {
            let value = declarator.init.as_ref().map(|value| match &declarator.id {
                ast::BindingPattern::BindingIdentifier(id) => self.named_expr(value, id.name.as_str(), span(id.span)),
                _ => self.expr(value),
            });
            let pattern = self.binding(&declarator.id);
            if let (Some(annotation), Pattern::Var(var)) = (&declarator.type_annotation, self.module.pattern(pattern)) {
                let annotation = self.annotation(&annotation.type_annotation);
                self.module.var_types.push(VarType { var, annotation });
            }
            if value.is_some() || it.kind != ast::VariableDeclarationKind::Var {
                self.push(Stmt::Let { pattern, value }, span(declarator.span));
            }
        }
    }

    /// `Let name = value` for a declaration that is no variable in the source.
    fn let_name(&mut self, id: &ast::BindingIdentifier<'_>, value: ExprId, at: Span) {
        let var = self.declare(Space::Value, id.name.as_str(), VarKind::Const, span(id.span));
        let pattern = self.module.add_pattern(Pattern::Var(var), span(id.span));
        self.push(Stmt::Let { pattern, value: Some(value) }, at);
    }

    fn enumeration(&mut self, it: &ast::TSEnumDeclaration<'_>) {
        if it.declare {
            return;
        }
        let at = span(it.span);
        let mut members = FxHashMap::default();
        let mut next = Some(0.0);
        let mut props = Vec::with_capacity(it.body.members.len());
        for member in &it.body.members {
            let member_at = span(member.span);
            let name = match &member.id {
                ast::TSEnumMemberName::Identifier(it) => it.name.as_str(),
                ast::TSEnumMemberName::String(it) | ast::TSEnumMemberName::ComputedString(it) => it.value.as_str(),
                ast::TSEnumMemberName::ComputedTemplateString(it) => {
                    it.quasis.first().map_or("", |it| it.value.raw.as_str())
                }
            };
            let name = self.name(name);
            let value = match &member.initializer {
                None => next,
                Some(init) => self.number_of(init, &members),
            };
            let expr = match (value, &member.initializer) {
                (Some(number), _) => self.add(Expr::Const(Const::Number(number)), member_at),
                (None, Some(init)) => self.expr(init),
                (None, None) => self.add(Expr::Opaque(List::default()), member_at),
            };
            if let Some(number) = value {
                members.insert(name, number);
            }
            next = value.map(|it| it + 1.0);
            props.push(Prop { key: Key::Name(name), value: expr, span: member_at, kind: PropKind::Value });
        }
        let props = self.module.make_props(&props);
        let value = self.add(Expr::Object { props }, span(it.body.span));
        self.let_name(&it.id, value, at);
    }

    /// The number an enum's initializer is, if it is made of numbers and earlier members.
    fn number_of(&mut self, expr: &Expression<'_>, members: &FxHashMap<NameId, f64>) -> Option<f64> {
        match expr {
            Expression::NumericLiteral(it) => Some(it.value),
            Expression::Identifier(it) => members.get(&self.name(it.name.as_str())).copied(),
            Expression::UnaryExpression(it) => {
                let value = self.number_of_inside(&it.argument, members)?;
                match it.operator {
                    ast::UnaryOperator::UnaryNegation => Some(-value),
                    ast::UnaryOperator::UnaryPlus => Some(value),
                    ast::UnaryOperator::BitwiseNot => Some(f64::from(!(value as i32))),
                    _ => None,
                }
            }
            Expression::BinaryExpression(it) => {
                let left = self.number_of_inside(&it.left, members)?;
                let right = self.number_of_inside(&it.right, members)?;
                let shift = right as u32 & 31;
                match it.operator {
                    ast::BinaryOperator::Addition => Some(left + right),
                    ast::BinaryOperator::Subtraction => Some(left - right),
                    ast::BinaryOperator::Multiplication => Some(left * right),
                    ast::BinaryOperator::BitwiseOR => Some(f64::from(left as i32 | right as i32)),
                    ast::BinaryOperator::BitwiseAnd => Some(f64::from(left as i32 & right as i32)),
                    ast::BinaryOperator::ShiftLeft => Some(f64::from((left as i32).wrapping_shl(shift))),
                    ast::BinaryOperator::ShiftRight => Some(f64::from((left as i32).wrapping_shr(shift))),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn number_of_inside(&mut self, expr: &Expression<'_>, members: &FxHashMap<NameId, f64>) -> Option<f64> {
        let value = if self.sink(span(expr.span())) { self.number_of(expr, members) } else { None };
        self.rise();
        value
    }

    /// `const Name = (() => { …; return { exported } })()`
    fn namespace(&mut self, it: &ast::TSNamespaceDeclaration<'_>) {
        let at = span(it.span);
        if it.declare {
            return;
        }
        if self.sink_by(NAMESPACE_LEVELS, at) {
            self.namespace_here(it, at);
        }
        self.rise_by(NAMESPACE_LEVELS);
    }

    fn namespace_here(&mut self, it: &ast::TSNamespaceDeclaration<'_>, at: Span) {
        let outside = self.namespace.replace(Vec::new());
        let function = self.wrap(Receiver::Inherited, at, |this| {
            match &it.body {
                ast::TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                    this.hoist_vars(&block.body);
                    this.push_items(&block.body);
                }
                ast::TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                    let id = &inner.id;
                    let var = this.declare(Space::Value, id.name.as_str(), VarKind::Const, span(id.span));
                    this.namespace(inner);
                    let name = this.module.var(var).name;
                    this.namespace.get_or_insert_default().push((name, var));
                }
            }
            let exported = this.namespace.take().unwrap_or_default();
            let end = Span::new(at.end, at.end);
            let object = this.object_of_vars(&exported, end);
            this.push(Stmt::Return(Some(object)), end);
        });
        self.namespace = outside;
        let callee = self.add(Expr::Function(function), at);
        let call = Expr::Call { callee, args: List::default(), style: CallStyle::Call, optional: false };
        let value = self.add(call, at);
        self.let_name(&it.id, value, at);
    }

    /// `import x = require("…")` and `import x = A.B`
    fn import_equals(&mut self, it: &ast::TSImportEqualsDeclaration<'_>, at: Span) {
        let type_only = it.import_kind == ast::ImportOrExportKind::Type;
        let value = match &it.module_reference {
            ast::TSModuleReference::ExternalModuleReference(it) => {
                let import = self.import_of(it.expression.value.as_str(), type_only, at);
                self.add(Expr::Import(import), span(it.span))
            }
            ast::TSModuleReference::IdentifierReference(it) => {
                let expr = self.resolve(it.name.as_str());
                self.add(expr, span(it.span))
            }
            ast::TSModuleReference::QualifiedName(it) => {
                let object = self.value_name(&it.left);
                let name = self.name(it.right.name.as_str());
                self.add(Expr::Member { object, name, optional: false }, span(it.span))
            }
        };
        self.let_name(&it.id, value, at);
    }
}

//! Declarations take effect before the statements around them run: this part finds and binds them.

use oxc_ast::ast::{self, Statement};

use super::lower::{Lower, span};
use super::scope::Space;
use crate::ir::{Span, VarId, VarKind};

/// A declaration that stands first in its block when lowered.
pub(super) enum Hoisted<'t, 'a> {
    Function(&'t ast::Function<'a>),
    Interface(&'t ast::TSInterfaceDeclaration<'a>),
    Alias(&'t ast::TSTypeAliasDeclaration<'a>),
}

impl Lower<'_> {
    /// Binds the `var` declarations of a function's body, nested blocks included.
    pub fn hoist_vars(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.hoist_vars_of(statement);
        }
    }

    fn hoist_vars_of(&mut self, statement: &Statement<'_>) {
        let nested = match statement {
            Statement::VariableDeclaration(it) => return self.hoist_var_declaration(it),
            Statement::ExportDeclaration(it) => {
                if let ast::Declaration::VariableDeclaration(it) = &it.declaration {
                    self.hoist_var_declaration(it);
                }
                return;
            }
            Statement::BlockStatement(it) => return self.hoist_vars_below(&it.body, it.span),
            Statement::TryStatement(it) => {
                self.hoist_vars_below(&it.block.body, it.span);
                if let Some(handler) = &it.handler {
                    self.hoist_vars_below(&handler.body.body, it.span);
                }
                if let Some(finalizer) = &it.finalizer {
                    self.hoist_vars_below(&finalizer.body, it.span);
                }
                return;
            }
            Statement::SwitchStatement(it) => {
                for case in &it.cases {
                    self.hoist_vars_below(&case.consequent, case.span);
                }
                return;
            }
            Statement::IfStatement(it) => return self.hoist_vars_of_if(it),
            Statement::ForStatement(it) => {
                if let Some(ast::ForStatementInit::VariableDeclaration(it)) = &it.init {
                    self.hoist_var_declaration(it);
                }
                &it.body
            }
            Statement::ForInStatement(it) => {
                self.hoist_vars_of_for(&it.left);
                &it.body
            }
            Statement::ForOfStatement(it) => {
                self.hoist_vars_of_for(&it.left);
                &it.body
            }
            Statement::WhileStatement(it) => &it.body,
            Statement::DoWhileStatement(it) => &it.body,
            Statement::LabeledStatement(it) => &it.body,
            Statement::WithStatement(it) => &it.body,
            _ => return,
        };
        self.hoist_vars_below(std::slice::from_ref(nested), oxc_span::GetSpan::span(nested));
    }

    /// An `else if` ladder is walked, not descended.
    fn hoist_vars_of_if(&mut self, first: &ast::IfStatement<'_>) {
        let mut it = first;
        loop {
            self.hoist_vars_below(std::slice::from_ref(&it.consequent), it.span);
            match &it.alternate {
                Some(Statement::IfStatement(next)) => it = next,
                Some(other) => return self.hoist_vars_below(std::slice::from_ref(other), it.span),
                None => return,
            }
        }
    }

    fn hoist_vars_below(&mut self, statements: &[Statement<'_>], at: oxc_span::Span) {
        if self.sink(span(at)) {
            self.hoist_vars(statements);
        }
        self.rise();
    }

    fn hoist_vars_of_for(&mut self, left: &ast::ForStatementLeft<'_>) {
        if let ast::ForStatementLeft::VariableDeclaration(it) = left {
            self.hoist_var_declaration(it);
        }
    }

    fn hoist_var_declaration(&mut self, it: &ast::VariableDeclaration<'_>) {
        if it.kind == ast::VariableDeclarationKind::Var && !it.declare {
            self.declare_variables(it);
        }
    }

    fn declare_variables(&mut self, it: &ast::VariableDeclaration<'_>) {
        let kind = match it.kind {
            ast::VariableDeclarationKind::Var | ast::VariableDeclarationKind::Let => VarKind::Let,
            _ => VarKind::Const,
        };
        for declarator in &it.declarations {
            self.declare_pattern(&declarator.id, kind);
        }
    }

    /// Binds every name of a pattern.
    pub fn declare_pattern(&mut self, pattern: &ast::BindingPattern<'_>, kind: VarKind) {
        match pattern {
            ast::BindingPattern::BindingIdentifier(it) => {
                self.declare(Space::Value, it.name.as_str(), kind, span(it.span));
            }
            ast::BindingPattern::ObjectPattern(it) => {
                for property in &it.properties {
                    self.declare_pattern(&property.value, kind);
                }
                if let Some(rest) = &it.rest {
                    self.declare_pattern(&rest.argument, kind);
                }
            }
            ast::BindingPattern::ArrayPattern(it) => {
                for element in it.elements.iter().flatten() {
                    self.declare_pattern(element, kind);
                }
                if let Some(rest) = &it.rest {
                    self.declare_pattern(&rest.argument, kind);
                }
            }
            ast::BindingPattern::AssignmentPattern(it) => self.declare_pattern(&it.left, kind),
        }
    }

    /// Binds what the statements of one block declare there. Says whether some of it is to stand first.
    pub fn hoist_block(&mut self, statements: &[Statement<'_>]) -> bool {
        let mut some_first = false;
        for statement in statements {
            some_first |= self.hoist_statement(statement);
        }
        some_first
    }

    fn hoist_statement(&mut self, statement: &Statement<'_>) -> bool {
        match statement {
            Statement::ImportDeclaration(it) => self.hoist_import(it),
            Statement::ExportDeclaration(it) => return self.hoist_declaration(&it.declaration),
            Statement::ExportDefaultDeclaration(it) => return self.hoist_default(it),
            Statement::LabeledStatement(it) => return self.hoist_statement(&it.body),
            _ => {
                if let Some(it) = statement.as_declaration() {
                    return self.hoist_declaration(it);
                }
            }
        }
        false
    }

    fn hoist_declaration(&mut self, declaration: &ast::Declaration<'_>) -> bool {
        use ast::Declaration::*;
        match declaration {
            VariableDeclaration(it) => {
                if it.kind != ast::VariableDeclarationKind::Var && !it.declare {
                    self.declare_variables(it);
                }
                false
            }
            FunctionDeclaration(it) => {
                if it.body.is_none() || it.declare {
                    return false;
                }
                if let Some(id) = &it.id {
                    self.declare(Space::Value, id.name.as_str(), VarKind::Function, span(id.span));
                }
                true
            }
            ClassDeclaration(it) => {
                let space = if it.declare { Space::Type } else { Space::Value };
                if let Some(id) = &it.id {
                    self.declare(space, id.name.as_str(), VarKind::Class, span(id.span));
                }
                false
            }
            TSTypeAliasDeclaration(it) => {
                self.declare(Space::Type, it.id.name.as_str(), VarKind::Class, span(it.id.span));
                true
            }
            TSInterfaceDeclaration(it) => {
                self.declare(Space::Type, it.id.name.as_str(), VarKind::Class, span(it.id.span));
                true
            }
            TSEnumDeclaration(it) => {
                if !it.declare {
                    self.declare(Space::Value, it.id.name.as_str(), VarKind::Const, span(it.id.span));
                }
                false
            }
            TSNamespaceDeclaration(it) => {
                if !it.declare {
                    self.declare(Space::Value, it.id.name.as_str(), VarKind::Const, span(it.id.span));
                }
                false
            }
            TSImportEqualsDeclaration(it) => {
                self.declare(Space::Value, it.id.name.as_str(), VarKind::Const, span(it.id.span));
                false
            }
            TSExternalModuleDeclaration(_) | TSGlobalDeclaration(_) => false,
        }
    }

    fn hoist_default(&mut self, it: &ast::ExportDefaultDeclaration<'_>) -> bool {
        use ast::ExportDefaultDeclarationKind::*;
        match &it.declaration {
            FunctionDeclaration(function) => {
                if function.body.is_some() {
                    self.declare_default(function.id.as_ref(), VarKind::Function, span(function.span));
                }
                true
            }
            ClassDeclaration(class) => {
                self.declare_default(class.id.as_ref(), VarKind::Class, span(class.span));
                false
            }
            TSInterfaceDeclaration(it) => {
                self.declare(Space::Type, it.id.name.as_str(), VarKind::Class, span(it.id.span));
                true
            }
            _ => {
                self.declare_default(None, VarKind::Const, span(it.span));
                false
            }
        }
    }

    /// The variable of a default export: its own name, else `default`, which no reference can be.
    pub fn declare_default(&mut self, id: Option<&ast::BindingIdentifier<'_>>, kind: VarKind, at: Span) -> VarId {
        match id {
            Some(id) => self.declare(Space::Value, id.name.as_str(), kind, span(id.span)),
            None => self.declare(Space::Value, "default", kind, at),
        }
    }
}

/// The declaration in a statement that is to stand first, if it is one.
pub(super) fn hoisted<'t, 'a>(statement: &'t Statement<'a>) -> Option<Hoisted<'t, 'a>> {
    use ast::ExportDefaultDeclarationKind as Default;
    let declaration = match statement {
        Statement::ExportDeclaration(it) => &it.declaration,
        Statement::ExportDefaultDeclaration(it) => {
            return match &it.declaration {
                Default::FunctionDeclaration(it) if it.body.is_some() => Some(Hoisted::Function(it)),
                Default::TSInterfaceDeclaration(it) => Some(Hoisted::Interface(it)),
                _ => None,
            };
        }
        Statement::LabeledStatement(it) => return hoisted(&it.body),
        _ => statement.as_declaration()?,
    };
    match declaration {
        ast::Declaration::FunctionDeclaration(it) if it.body.is_some() && !it.declare => Some(Hoisted::Function(it)),
        ast::Declaration::TSInterfaceDeclaration(it) => Some(Hoisted::Interface(it)),
        ast::Declaration::TSTypeAliasDeclaration(it) => Some(Hoisted::Alias(it)),
        _ => None,
    }
}

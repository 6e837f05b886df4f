//! Imports and exports, of ECMAScript's kind and CommonJS's.

use oxc_ast::ast::{self, Expression, ImportDeclarationSpecifier as Specifier, ModuleExportName};
use oxc_span::GetSpan;

use super::literal::constant_text;
use super::lower::{Lower, span};
use super::scope::Space;
use crate::ir::{
    Export, Exported, Expr, Import, ImportId, Imported, NameId, Pattern, Span, Stmt, TOP_LEVEL, VarId, VarKind,
};

impl Lower<'_> {
    pub fn import_of(&mut self, specifier: &str, type_only: bool, at: Span) -> ImportId {
        let specifier = self.name(specifier);
        let id = ImportId(self.module.imports.len() as u32);
        self.module.imports.push(Import { specifier, level: 0, type_only, span: at });
        id
    }

    /// `require("…")` of CommonJS itself.
    pub fn required(&mut self, it: &ast::CallExpression<'_>) -> Option<ImportId> {
        let Expression::Identifier(callee) = &it.callee else { return None };
        if callee.name.as_str() != "require" {
            return None;
        }
        let [argument] = it.arguments.as_slice() else { return None };
        let specifier = constant_text(argument.as_expression()?)?;
        let name = self.name("require");
        if self.scopes.get(Space::Value, name).is_some() {
            return None;
        }
        Some(self.import_of(specifier, false, span(it.span)))
    }

    pub fn hoist_import(&mut self, it: &ast::ImportDeclaration<'_>) {
        let all_types = it.import_kind == ast::ImportOrExportKind::Type;
        let (at, specifier) = (span(it.span), it.source.value.as_str());
        let import = self.import_of(specifier, all_types, at);
        let mut types = None;
        for specifier_of in it.specifiers.iter().flatten() {
            let (local, name, import) = match specifier_of {
                Specifier::ImportSpecifier(one) => {
                    let is_type = !all_types && one.import_kind == ast::ImportOrExportKind::Type;
                    let import = match (is_type, types) {
                        (false, _) => import,
                        (true, Some(types)) => types,
                        (true, None) => *types.insert(self.import_of(specifier, true, at)),
                    };
                    (&one.local, self.imported(&one.imported), import)
                }
                Specifier::ImportDefaultSpecifier(one) => (&one.local, Imported::Default, import),
                Specifier::ImportNamespaceSpecifier(one) => (&one.local, Imported::Namespace, import),
            };
            let kind = VarKind::Import { import, name };
            self.declare(Space::Value, local.name.as_str(), kind, span(local.span));
        }
    }

    fn imported(&mut self, name: &ModuleExportName<'_>) -> Imported {
        match export_name(name) {
            "default" => Imported::Default,
            text => Imported::Named(self.name(text)),
        }
    }

    pub fn module_declaration(&mut self, it: &ast::ModuleDeclaration<'_>) {
        match it {
            ast::ModuleDeclaration::ImportDeclaration(_) => {}
            ast::ModuleDeclaration::ExportDeclaration(it) => {
                self.declaration(&it.declaration, span(it.declaration.span()));
                self.export_declaration(&it.declaration);
            }
            ast::ModuleDeclaration::ExportNamedDeclaration(it) => {
                for one in &it.specifiers {
                    self.export_local(export_name(&one.local), export_name(&one.exported));
                }
            }
            ast::ModuleDeclaration::ExportFromDeclaration(it) => {
                let type_only = it.export_kind == ast::ImportOrExportKind::Type;
                let import = self.import_of(it.source.value.as_str(), type_only, span(it.span));
                for one in &it.specifiers {
                    let name = self.name(export_name(&one.exported));
                    let what = Exported::Reexport { import, name: self.imported(&one.local) };
                    self.module.exports.push(Export { name, what });
                }
            }
            ast::ModuleDeclaration::ExportAllDeclaration(it) => {
                let type_only = it.export_kind == ast::ImportOrExportKind::Type;
                let import = self.import_of(it.source.value.as_str(), type_only, span(it.span));
                let (name, what) = match &it.exported {
                    Some(name) => (export_name(name), Exported::Reexport { import, name: Imported::Namespace }),
                    None => ("", Exported::All { import }),
                };
                let name = self.name(name);
                self.module.exports.push(Export { name, what });
            }
            ast::ModuleDeclaration::ExportDefaultDeclaration(it) => self.export_default(it),
            ast::ModuleDeclaration::TSExportAssignment(it) => self.export_assignment(it),
            ast::ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn export_var(&mut self, name: NameId, var: VarId, space: Space) {
        if let Some(names) = &mut self.namespace {
            if space == Space::Value {
                names.push((name, var));
            }
            return;
        }
        let export = Export { name, what: Exported::Var(var) };
        match space {
            Space::Value => self.module.exports.push(export),
            Space::Type => self.type_exports.push(export),
        }
    }

    fn export_local(&mut self, local: &str, exported: &str) {
        let local = self.name(local);
        let exported = self.name(exported);
        for space in [Space::Value, Space::Type] {
            if let Some(var) = self.scopes.get(space, local) {
                self.export_var(exported, var, space);
            }
        }
    }

    fn export_here(&mut self, space: Space, text: &str) {
        let name = self.name(text);
        if let Some(var) = self.scopes.get(space, name) {
            self.export_var(name, var, space);
        }
    }

    fn export_declaration(&mut self, it: &ast::Declaration<'_>) {
        match it {
            ast::Declaration::VariableDeclaration(it) => {
                for declarator in &it.declarations {
                    for id in declarator.id.get_binding_identifiers() {
                        self.export_here(Space::Value, id.name.as_str());
                    }
                }
            }
            ast::Declaration::FunctionDeclaration(it) => {
                if let (Some(id), true) = (&it.id, it.body.is_some()) {
                    self.export_here(Space::Value, id.name.as_str());
                }
            }
            ast::Declaration::ClassDeclaration(it) => {
                let space = if it.declare { Space::Type } else { Space::Value };
                if let Some(id) = &it.id {
                    self.export_here(space, id.name.as_str());
                }
            }
            ast::Declaration::TSEnumDeclaration(it) => self.export_here(Space::Value, it.id.name.as_str()),
            ast::Declaration::TSNamespaceDeclaration(it) => self.export_here(Space::Value, it.id.name.as_str()),
            ast::Declaration::TSImportEqualsDeclaration(it) => self.export_here(Space::Value, it.id.name.as_str()),
            ast::Declaration::TSTypeAliasDeclaration(it) => self.export_here(Space::Type, it.id.name.as_str()),
            ast::Declaration::TSInterfaceDeclaration(it) => self.export_here(Space::Type, it.id.name.as_str()),
            ast::Declaration::TSExternalModuleDeclaration(_) | ast::Declaration::TSGlobalDeclaration(_) => {}
        }
    }

    fn export_default(&mut self, it: &ast::ExportDefaultDeclaration<'_>) {
        use ast::ExportDefaultDeclarationKind as Default;
        let at = span(it.span);
        let name = self.name("default");
        let (var, space) = match &it.declaration {
            Default::FunctionDeclaration(function) if function.body.is_none() => return,
            Default::FunctionDeclaration(function) => {
                (self.declare_default(function.id.as_ref(), VarKind::Function, span(function.span)), Space::Value)
            }
            Default::ClassDeclaration(class) => {
                self.class_declaration(class);
                (self.declare_default(class.id.as_ref(), VarKind::Class, span(class.span)), Space::Value)
            }
            Default::TSInterfaceDeclaration(it) => {
                let id = &it.id;
                (self.declare(Space::Type, id.name.as_str(), VarKind::Class, span(id.span)), Space::Type)
            }
            expr => {
                let expr = expr.to_expression();
                let value = self.named_expr_by_id(expr, name, span(expr.span()));
                let var = self.declare_default(None, VarKind::Const, at);
                let pattern = self.module.add_pattern(Pattern::Var(var), span(expr.span()));
                self.push(Stmt::Let { pattern, value: Some(value) }, at);
                (var, Space::Value)
            }
        };
        self.export_var(name, var, space);
    }

    /// `export = value` is `module.exports = value`.
    fn export_assignment(&mut self, it: &ast::TSExportAssignment<'_>) {
        let at = span(it.span);
        let value = self.expr(&it.expression);
        let name = self.name("module");
        let var = VarId(self.module.vars.len() as u32);
        let object = match self.resolve("module") {
            Expr::Var(var) if self.module.var(var).kind == VarKind::Module => var,
            _ => {
                let owner = TOP_LEVEL;
                let kind = VarKind::Module;
                self.module.vars.push(crate::ir::Var { name, kind, owner, captured: false, span: at });
                var
            }
        };
        let object = self.add(Expr::Var(object), at);
        let name = self.name("exports");
        let place = self.add(Expr::Member { object, name, optional: false }, at);
        let target = self.module.add_pattern(Pattern::Place(place), at);
        self.push_expr(Expr::Assign { target, value }, at);
    }
}

fn export_name<'t>(name: &'t ModuleExportName<'_>) -> &'t str {
    match name {
        ModuleExportName::IdentifierName(it) => it.name.as_str(),
        ModuleExportName::IdentifierReference(it) => it.name.as_str(),
        ModuleExportName::StringLiteral(it) => it.value.as_str(),
    }
}

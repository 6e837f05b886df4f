//! Imports. The first import of a name gives the variable its kind; a later one of the same name (`try: import
//! a as x` … `except ImportError: import b as x`) is an assignment of the imported module or member.

use super::{Lower, span};
use crate::ir::{Expr, ExprId, Import, ImportId, Imported, NameId, Pattern, Span, VarKind};
use ruff_python_ast as ast;

impl Lower<'_> {
    pub(super) fn import(&mut self, node: &ast::StmtImport) {
        for alias in &node.names {
            let at = span(alias.range);
            let specifier = self.name(&alias.name.id);
            let import = self.add_import(specifier, 0, at);
            match &alias.asname {
                Some(name) => {
                    let name_span = span(name.range);
                    let name = self.name(&name.id);
                    self.bind_import(name, import, Imported::Namespace, name_span);
                }
                None => {
                    let (first, is_dotted) = match alias.name.id.split_once('.') {
                        Some((first, _)) => (first, true),
                        None => (alias.name.id.as_str(), false),
                    };
                    let name = self.name(first);
                    let imported = if is_dotted { Imported::FirstPart } else { Imported::Namespace };
                    let name_span = Span::new(at.start, at.start + first.len() as u32);
                    self.bind_import(name, import, imported, name_span);
                }
            }
        }
    }

    pub(super) fn import_from(&mut self, node: &ast::StmtImportFrom) {
        let specifier = node.module.as_ref().map_or("", |it| it.id.as_str());
        let specifier = self.name(specifier);
        for alias in &node.names {
            let at = span(alias.range);
            let import = self.add_import(specifier, node.level, at);
            if &alias.name.id == "*" {
                self.module.star_imports.push(import);
                continue;
            }
            let member = self.name(&alias.name.id);
            let local = alias.asname.as_ref().unwrap_or(&alias.name);
            let name_span = span(local.range);
            let name = self.name(&local.id);
            self.bind_import(name, import, Imported::Named(member), name_span);
        }
    }

    fn add_import(&mut self, specifier: NameId, level: u32, at: Span) -> ImportId {
        let type_only = self.type_checking;
        self.module.imports.push(Import { specifier, level, type_only, span: at });
        ImportId(self.module.imports.len() as u32 - 1)
    }

    fn bind_import(&mut self, name: NameId, import: ImportId, imported: Imported, at: Span) {
        if self.module.name(name).is_empty() {
            return;
        }
        let (var, is_new) = self.bind(name, VarKind::Import { import, name: imported }, at);
        if is_new || self.is_same_import(self.module.var(var).kind, import, imported) {
            return;
        }
        let value = self.imported_value(import, imported, at);
        let target = self.module.add_pattern(Pattern::Var(var), at);
        self.push_assign(target, value, at);
    }

    /// `import a.b` and `import a.c` both bind `a`, as does `import a`.
    fn is_same_import(&self, kind: VarKind, import: ImportId, imported: Imported) -> bool {
        let VarKind::Import { import: old, name: old_imported } = kind else { return false };
        let (old, new) = (self.module.import(old), self.module.import(import));
        let first = |it: Import| self.module.name(it.specifier).split('.').next();
        match (old_imported, imported) {
            (Imported::FirstPart, Imported::FirstPart) => true,
            (Imported::FirstPart, Imported::Namespace) => self.module.name(new.specifier) == first(old).unwrap_or(""),
            (Imported::Namespace, Imported::FirstPart) => self.module.name(old.specifier) == first(new).unwrap_or(""),
            _ => old_imported == imported && old.specifier == new.specifier && old.level == new.level,
        }
    }

    fn imported_value(&mut self, import: ImportId, imported: Imported, at: Span) -> ExprId {
        match imported {
            Imported::FirstPart => {
                let specifier = self.module.import(import).specifier;
                let first = self.module.name(specifier).split('.').next().unwrap_or("").to_owned();
                let first = self.name(&first);
                let import = self.add_import(first, 0, at);
                self.module.add_expr(Expr::Import(import), at)
            }
            Imported::Namespace | Imported::Default => self.module.add_expr(Expr::Import(import), at),
            Imported::Named(name) => {
                let object = self.module.add_expr(Expr::Import(import), at);
                self.module.add_expr(Expr::Member { object, name, optional: false }, at)
            }
        }
    }
}

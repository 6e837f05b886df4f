//! The representation as text, for tests and for curious people: one statement a line, s-expressions inside.
//!
//! `x` is a variable (`x/2` the second of that name), `$x` a name nothing declares.

mod expr;
mod stmt;

use crate::ir::{Exported, Imported, Module, NameId, TOP_LEVEL, VarId, VarKind};

/// Levels of nesting that are printed; deeper ones are `…`.
const DEPTH_MAX: u32 = 200;

/// The imports, the statements and the exports of a module.
pub fn print(module: &Module) -> String {
    let mut printer = Printer { module, ordinals: ordinals(module), out: String::new(), indent: 0, depth: 0 };
    printer.module_text();
    printer.out
}

struct Printer<'m> {
    module: &'m Module,
    /// How many variables of the same name come before each.
    ordinals: Vec<u32>,
    out: String,
    indent: usize,
    depth: u32,
}

fn ordinals(module: &Module) -> Vec<u32> {
    let mut seen = vec![0; module.names().count()];
    module
        .vars
        .iter()
        .map(|it| {
            let count: &mut u32 = &mut seen[it.name.index()];
            *count += 1;
            *count
        })
        .collect()
}

impl Printer<'_> {
    fn module_text(&mut self) {
        for problem in &self.module.problems {
            self.out.push_str(&format!("(problem {:?})\n", problem.message));
        }
        for directive in self.module.name_list(self.module.directives) {
            self.out.push_str(&format!("(directive {:?})\n", self.module.name(*directive)));
        }
        for (index, var) in self.module.vars.iter().enumerate() {
            if let VarKind::Import { import, name } = var.kind {
                let what = self.imported(name);
                let import = self.module.import(import);
                let dots = ".".repeat(import.level as usize);
                let word = if import.type_only { "import-type" } else { "import" };
                let line = format!("({word} {what}{dots}{:?} ", self.module.name(import.specifier));
                self.out.push_str(&line);
                self.var(VarId(index as u32));
                self.out.push_str(")\n");
            }
        }
        let before = self.out.len();
        self.statements_in(self.module.function(TOP_LEVEL).body);
        if self.out.len() > before {
            self.out.remove(before);
        }
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        for export in &self.module.exports {
            self.out.push_str("(export ");
            self.name(export.name);
            match export.what {
                Exported::Var(var) => {
                    self.out.push(' ');
                    self.var(var);
                }
                Exported::Reexport { import, name } => {
                    let what = self.imported(name);
                    let specifier = self.module.name(self.module.import(import).specifier);
                    self.out.push_str(&format!(" {what}{specifier:?}"));
                }
                Exported::All { import } => {
                    let specifier = self.module.name(self.module.import(import).specifier);
                    self.out.push_str(&format!("* {specifier:?}"));
                }
            }
            self.out.push_str(")\n");
        }
    }

    fn imported(&self, name: Imported) -> String {
        match name {
            Imported::Namespace => "* ".to_owned(),
            Imported::FirstPart => "^ ".to_owned(),
            Imported::Default => "default ".to_owned(),
            Imported::Named(name) => format!("{} ", self.module.name(name)),
        }
    }

    fn name(&mut self, name: NameId) {
        self.out.push_str(self.module.name(name));
    }

    fn var(&mut self, var: VarId) {
        let it = self.module.var(var);
        self.out.push_str(self.module.name(it.name));
        let ordinal = self.ordinals[var.index()];
        if ordinal > 1 {
            self.out.push_str(&format!("/{ordinal}"));
        }
    }

    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
    }

    /// Runs `part` one level deeper, or prints that there is more.
    fn deeper(&mut self, part: impl FnOnce(&mut Self)) {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            self.out.push('…');
        } else {
            part(self);
        }
        self.depth -= 1;
    }
}

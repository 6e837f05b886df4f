//! The project as the machine sees it: modules with their names made project-wide, variables as slots, imports as targets.

use std::rc::Rc;

use backend_specialist_syntax::ir::{Export, Exported, Expr, FunctionId, Module, NameId, Stmt, StmtId, VarId, VarKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::value::Sym;
use crate::FileId;
use crate::link::Target;

/// The strings of the project.
#[derive(Debug, Default)]
pub struct Symbols {
    by_text: FxHashMap<Rc<str>, Sym>,
    texts: Vec<Rc<str>>,
}

impl Symbols {
    pub fn intern(&mut self, text: &str) -> Sym {
        if let Some(sym) = self.by_text.get(text) {
            return *sym;
        }
        let sym = Sym(self.texts.len() as u32);
        let text: Rc<str> = Rc::from(text);
        self.texts.push(text.clone());
        self.by_text.insert(text, sym);
        sym
    }

    pub fn text(&self, sym: Sym) -> Rc<str> {
        self.texts[sym.0 as usize].clone()
    }
}

/// A module with its links.
#[derive(Debug)]
pub struct LinkedModule<'a> {
    pub file: FileId,
    pub path: &'a str,
    pub ir: &'a Module,
    /// What each import names.
    pub targets: Vec<Target>,
    /// Packages it imports: guesses of their models hold here.
    pub packages: Vec<String>,
    /// Packages that its manifest declares.
    pub declared: Vec<String>,
    /// The versions in use here.
    pub scope: crate::model::Scope,
    /// By name id.
    syms: Vec<Sym>,
    /// By variable: its place in the scope of its owner.
    slots: Vec<u32>,
    /// By function: how many variables it owns.
    pub slot_counts: Vec<u32>,
    /// By function: how often its name is read in the file.
    pub uses: Vec<u32>,
    top_level: FxHashMap<Sym, VarId>,
    /// By name: the first export that is a variable or a name of another module.
    exports: FxHashMap<Sym, u32>,
    /// Names of functions, methods and classes that the file calls.
    called: FxHashSet<NameId>,
    /// Some function asks for all its arguments by the name that the language has for them.
    pub names_arguments: bool,
}

impl<'a> LinkedModule<'a> {
    pub fn new(
        file: FileId,
        path: &'a str,
        ir: &'a Module,
        targets: Vec<Target>,
        scope: crate::model::Scope,
        symbols: &mut Symbols,
    ) -> LinkedModule<'a> {
        let syms: Vec<Sym> = ir.names().map(|it| symbols.intern(it)).collect();
        let mut slot_counts = vec![0; ir.functions.len()];
        let mut slots = Vec::with_capacity(ir.vars.len());
        let mut top_level = FxHashMap::default();
        for (index, var) in ir.vars.iter().enumerate() {
            let owner = var.owner.index();
            slots.push(slot_counts[owner]);
            slot_counts[owner] += 1;
            if owner == 0 {
                top_level.insert(syms[var.name.index()], VarId(index as u32));
            }
        }
        let packages = targets
            .iter()
            .filter_map(|it| match it {
                Target::Package(name) => Some(name.to_string()),
                _ => None,
            })
            .collect();
        let names_arguments = ir
            .semantics
            .arguments_name
            .is_some_and(|name| ir.exprs.iter().any(|it| matches!(it, Expr::Free(free) if ir.name(*free) == name)));
        let uses = Vec::new();
        let mut module = LinkedModule {
            file,
            path,
            ir,
            targets,
            packages,
            declared: Vec::new(),
            scope,
            syms,
            slots,
            slot_counts,
            uses,
            top_level,
            exports: FxHashMap::default(),
            names_arguments,
            called: FxHashSet::default(),
        };
        for (at, export) in module.ir.exports.iter().enumerate() {
            if matches!(export.what, Exported::Var(_) | Exported::Reexport { .. }) {
                module.exports.entry(module.syms[export.name.index()]).or_insert(at as u32);
            }
        }
        module.called = module.called_names();
        module.uses = module.count_uses();
        module
    }

    fn count_uses(&self) -> Vec<u32> {
        let mut by_var = vec![0u32; self.ir.vars.len()];
        for expr in &self.ir.exprs {
            if let Expr::Var(var) = expr {
                by_var[var.index()] += 1;
            }
        }
        let mut uses = vec![0; self.ir.functions.len()];
        for stmt in &self.ir.stmts {
            if let backend_specialist_syntax::ir::Stmt::Function { var, function } = stmt {
                uses[function.index()] = by_var[var.index()];
            }
        }
        uses
    }

    fn called_names(&self) -> FxHashSet<NameId> {
        let calls = self.ir.exprs.iter().filter_map(|it| match it {
            Expr::Call { callee, .. } => Some(*callee),
            _ => None,
        });
        calls
            .filter_map(|callee| match self.ir.expr(callee) {
                Expr::Var(var) => Some(self.ir.var(var).name),
                Expr::Member { name, .. } => Some(name),
                _ => None,
            })
            .collect()
    }

    /// Whether the file itself calls a function of it by name: a method, where it makes instances as well.
    pub fn calls(&self, function: FunctionId) -> bool {
        let it = self.ir.function(function);
        let is_called = |name: Option<NameId>| name.is_some_and(|it| self.called.contains(&it));
        is_called(it.name) && it.class.is_none_or(|class| is_called(self.ir.class(class).name))
    }

    /// What a loop declares anew for each round and functions inside hold, if it does so.
    pub fn round_slots(&self, body: StmtId) -> Option<Rc<[u32]>> {
        if !self.ir.semantics.rounds_have_scopes {
            return None;
        }
        let (body_span, ir) = (self.ir.stmt_span(body), self.ir);
        let head = ir.stmts.iter().enumerate().find_map(|(index, it)| match it {
            Stmt::ForEach { body: it, .. } if *it == body => Some(ir.stmt_span(StmtId(index as u32))),
            _ => None,
        });
        let span = head.unwrap_or(body_span);
        let owner = self.ir.vars.iter().filter(|it| span.contains(it.span)).map(|it| it.owner).min()?;
        let declared =
            self.ir.vars.iter().enumerate().filter(|(_, it)| {
                it.captured && it.kind == VarKind::Const && it.owner == owner && span.contains(it.span)
            });
        let slots: Vec<u32> = declared.map(|(index, _)| self.slot(VarId(index as u32))).collect();
        (!slots.is_empty()).then(|| slots.into())
    }

    pub fn sym(&self, name: NameId) -> Sym {
        self.syms[name.index()]
    }

    pub fn slot(&self, var: VarId) -> u32 {
        self.slots[var.index()]
    }

    pub fn top_level(&self, name: Sym) -> Option<VarId> {
        self.top_level.get(&name).copied()
    }

    /// What the module itself shows under the name: not what it passes on from all of another module.
    pub fn export(&self, name: Sym) -> Option<Export> {
        self.exports.get(&name).map(|it| self.ir.exports[*it as usize])
    }

    pub fn is_import(&self, var: VarId) -> bool {
        matches!(self.ir.var(var).kind, VarKind::Import { .. })
    }
}

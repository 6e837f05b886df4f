//! Which variable a name means, settled in the one pass that lowers.
//!
//! A Python name belongs to a function as soon as anything in the function binds it, even further down. So a
//! name that is not known yet is lowered as free and noted as *pending*; when its function ends, what the
//! function binds is patched and the rest goes on to the enclosing function, and at last to the module. Names
//! bound by comprehensions and class bodies are known where they are read: a comprehension binds before it
//! reads, and a class body runs from top to bottom.
//!
//! Lookups are array accesses by name id. `slots` holds the innermost binding of each name among the active
//! scopes below the module; leaving a scope restores what it covered.

use super::Lower;
use crate::ir::{Expr, ExprId, FunctionId, NameId, Pattern, PatternId, Span, TOP_LEVEL, Var, VarId, VarKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Function,
    /// A comprehension, or the type parameters of a definition: readers inside see it, assignments pass it.
    Comprehension,
    /// A class body: readers in nested functions do not see it.
    Class,
}

#[derive(Debug)]
struct Scope {
    kind: ScopeKind,
    function: FunctionId,
    undo: usize,
    pending: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binding {
    Var(VarId),
    /// An attribute of the class being lowered: an index into its attributes.
    Attribute(u32),
    /// `global name`
    Global,
    /// `nonlocal name`
    Nonlocal,
}

/// The innermost binding of a name; `scope` is an index into the active scopes, 0 for none.
#[derive(Clone, Copy, Debug)]
struct Slot {
    scope: u32,
    binding: Binding,
}

const NO_SLOT: Slot = Slot { scope: 0, binding: Binding::Global };

#[derive(Debug)]
struct Undo {
    name: NameId,
    owner: u32,
    old: Slot,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Expr(ExprId),
    Pattern(PatternId),
}

/// A free name that an enclosing scope may still claim.
#[derive(Clone, Copy, Debug)]
struct Pending {
    place: Place,
    /// It was met in a function further in.
    captured: bool,
    /// Declared `global`: functions on the way do not claim it.
    global: bool,
}

/// What a name in a class body stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attribute {
    Method(FunctionId),
    /// The variable that holds the value while the body runs, made when something in the body reads it.
    Value {
        name: NameId,
        hidden: Option<VarId>,
    },
}

#[derive(Debug, Default)]
pub(super) struct Scopes {
    active: Vec<Scope>,
    /// Index of the innermost function (or module) scope.
    function: usize,
    slots: Vec<Slot>,
    module: Vec<Option<VarId>>,
    undo: Vec<Undo>,
    pending: Vec<Pending>,
    /// Attributes of the class bodies being lowered, innermost last.
    pub(super) attributes: Vec<Attribute>,
    /// Attributes that statements of class bodies have bound, as indices.
    pub(super) bound_in_class: Vec<u32>,
}

impl Scopes {
    pub(super) fn new() -> Scopes {
        let module = Scope { kind: ScopeKind::Module, function: TOP_LEVEL, undo: 0, pending: 0 };
        Scopes { active: vec![module], ..Scopes::default() }
    }

    fn top(&self) -> usize {
        self.active.len() - 1
    }

    fn slot(&self, name: NameId) -> Slot {
        self.slots.get(name.index()).copied().unwrap_or(NO_SLOT)
    }

    fn module_var(&self, name: NameId) -> Option<VarId> {
        self.module.get(name.index()).copied().flatten()
    }

    fn set(&mut self, name: NameId, slot: Slot) {
        if self.slots.len() <= name.index() {
            self.slots.resize(name.index() + 1, NO_SLOT);
        }
        let old = std::mem::replace(&mut self.slots[name.index()], slot);
        self.undo.push(Undo { name, owner: slot.scope, old });
    }

    pub(super) fn in_class_body(&self) -> bool {
        self.active[self.top()].kind == ScopeKind::Class
    }

    /// The frame that holds the variables bound here.
    pub(super) fn frame(&self) -> FunctionId {
        self.active[self.function].function
    }
}

impl Lower<'_> {
    pub(super) fn enter(&mut self, kind: ScopeKind, function: FunctionId) {
        let scopes = &mut self.scopes;
        let scope = Scope { kind, function, undo: scopes.undo.len(), pending: scopes.pending.len() };
        scopes.active.push(scope);
        if kind == ScopeKind::Function {
            scopes.function = scopes.top();
        }
    }

    pub(super) fn leave(&mut self) {
        let index = self.scopes.top();
        let Some(scope) = self.scopes.active.pop() else { return };
        if scope.kind == ScopeKind::Function {
            self.claim(scope.pending, |it, name| it.bound_at(index, name));
            for pending in &mut self.scopes.pending[scope.pending..] {
                pending.captured = true;
            }
            self.scopes.function = self.scopes.active.iter().rposition(is_function).unwrap_or(0);
        }
        self.restore(index, scope.undo);
        let function = self.scopes.function;
        let around = &self.scopes.active[function + 1..];
        if scope.kind == ScopeKind::Function && around.iter().any(|it| it.kind == ScopeKind::Comprehension) {
            self.claim(scope.pending, |it, name| it.bound_by_comprehension(name));
        }
    }

    /// The end of the file: what the module binds is patched, the rest is free.
    pub(super) fn leave_module(&mut self) {
        for at in 0..self.scopes.pending.len() {
            let pending = self.scopes.pending[at];
            if let Some(var) = self.pending_name(pending.place).and_then(|name| self.scopes.module_var(name)) {
                self.patch(pending, var);
            }
        }
        self.scopes.pending.clear();
    }

    /// Covers restored, but for those of an assignment expression, which binds in the function around.
    fn restore(&mut self, index: usize, from: usize) {
        let scopes = &mut self.scopes;
        let mut kept = Vec::new();
        for undo in scopes.undo.drain(from..).rev() {
            if undo.owner == index as u32 {
                scopes.slots[undo.name.index()] = undo.old;
            } else {
                kept.push(undo);
            }
        }
        scopes.undo.extend(kept.into_iter().rev());
    }

    fn claim(&mut self, from: usize, bound: impl Fn(&Scopes, NameId) -> Option<VarId>) {
        let mut kept = from;
        for at in from..self.scopes.pending.len() {
            let pending = self.scopes.pending[at];
            let name = self.pending_name(pending.place).filter(|_| !pending.global);
            match name.and_then(|name| bound(&self.scopes, name)) {
                Some(var) => self.patch(pending, var),
                None => {
                    self.scopes.pending[kept] = pending;
                    kept += 1;
                }
            }
        }
        self.scopes.pending.truncate(kept);
    }

    fn pending_name(&self, place: Place) -> Option<NameId> {
        match place {
            Place::Expr(id) => match self.module.exprs[id.index()] {
                Expr::Free(name) => Some(name),
                _ => None,
            },
            Place::Pattern(id) => match self.module.patterns[id.index()] {
                Pattern::Free(name) => Some(name),
                _ => None,
            },
        }
    }

    fn patch(&mut self, pending: Pending, var: VarId) {
        match pending.place {
            Place::Expr(id) => self.module.exprs[id.index()] = Expr::Var(var),
            Place::Pattern(id) => self.module.patterns[id.index()] = Pattern::Var(var),
        }
        self.module.vars[var.index()].captured |= pending.captured;
    }

    fn wait(&mut self, place: Place, global: bool) {
        let captured = self.function != self.scopes.frame();
        self.scopes.pending.push(Pending { place, captured, global });
    }

    /// A read of the name.
    pub(super) fn read(&mut self, name: NameId, span: Span) -> ExprId {
        let slot = self.scopes.slot(name);
        let here = self.scopes.top();
        let function = self.scopes.function;
        let at = slot.scope as usize;
        let mut global = false;
        let found = match slot.binding {
            _ if at == 0 => None,
            Binding::Attribute(attribute) if at == here => return self.read_attribute(attribute, span),
            Binding::Attribute(_) => None,
            Binding::Var(var) => (at >= function).then_some(var),
            Binding::Global => {
                global = at >= function;
                self.scopes.module_var(name).filter(|_| global)
            }
            Binding::Nonlocal => None,
        };
        let found = found.or_else(|| self.scopes.module_var(name).filter(|_| function == 0 && at == 0));
        if let Some(var) = found {
            self.touch(var);
            return self.module.add_expr(Expr::Var(var), span);
        }
        let id = self.module.add_expr(Expr::Free(name), span);
        self.wait(Place::Expr(id), global);
        id
    }

    fn read_attribute(&mut self, index: u32, span: Span) -> ExprId {
        let expr = match self.scopes.attributes[index as usize] {
            Attribute::Method(function) => Expr::Function(function),
            Attribute::Value { .. } => Expr::Var(self.hidden(index, VarKind::Let, span)),
        };
        self.module.add_expr(expr, span)
    }

    /// The variable behind a class attribute. Its name has a dot, so that nothing outside the body finds it.
    fn hidden(&mut self, index: u32, kind: VarKind, span: Span) -> VarId {
        let name = match self.scopes.attributes[index as usize] {
            Attribute::Value { hidden: Some(var), .. } => {
                self.touch(var);
                return var;
            }
            Attribute::Value { name, .. } => name,
            Attribute::Method(function) => self.module.functions[function.index()].name.unwrap_or(NameId(0)),
        };
        let class = self.class.and_then(|it| self.module.classes[it.index()].name);
        let class = class.map_or("", |it| self.module.name(it));
        let qualified = format!("{class}.{}", self.module.name(name));
        let qualified = self.module.intern(&qualified);
        let var = self.new_var(qualified, kind, self.scopes.frame(), span);
        self.touch(var);
        self.scopes.attributes[index as usize] = Attribute::Value { name, hidden: Some(var) };
        var
    }

    fn touch(&mut self, var: VarId) {
        let function = self.function;
        let var = &mut self.module.vars[var.index()];
        var.captured |= var.owner != function;
    }

    pub(super) fn new_var(&mut self, name: NameId, kind: VarKind, owner: FunctionId, span: Span) -> VarId {
        self.module.vars.push(Var { name, kind, owner, captured: false, span });
        VarId(self.module.vars.len() as u32 - 1)
    }

    /// Declares a name of the innermost scope itself: a parameter, a comprehension's variable.
    pub(super) fn declare(&mut self, name: NameId, kind: VarKind, span: Span) -> VarId {
        let scope = self.scopes.top() as u32;
        let slot = self.scopes.slot(name);
        if slot.scope == scope
            && let Binding::Var(var) = slot.binding
        {
            return var;
        }
        let var = self.new_var(name, kind, self.function, span);
        self.scopes.set(name, Slot { scope, binding: Binding::Var(var) });
        var
    }

    /// An assignment's target.
    pub(super) fn bind_pattern(&mut self, name: NameId, span: Span) -> PatternId {
        if let Some(Binding::Nonlocal) = self.binding_here(name) {
            let id = self.module.add_pattern(Pattern::Free(name), span);
            self.wait(Place::Pattern(id), false);
            return id;
        }
        let (var, _) = self.bind(name, VarKind::Let, span);
        self.module.add_pattern(Pattern::Var(var), span)
    }

    /// The variable that a statement binds, and whether it is new. (`nonlocal f` above `def f` is read as if
    /// it were not there: nobody writes it.)
    pub(super) fn bind(&mut self, name: NameId, kind: VarKind, span: Span) -> (VarId, bool) {
        let scope = self.binding_scope();
        match self.binding_here(name) {
            Some(Binding::Var(var)) => {
                self.touch(var);
                return (var, false);
            }
            Some(Binding::Attribute(index)) => {
                let known = matches!(self.scopes.attributes[index as usize], Attribute::Value { hidden: Some(_), .. });
                self.scopes.bound_in_class.push(index);
                return (self.hidden(index, kind, span), !known);
            }
            Some(Binding::Global) => return self.bind_in_module(name, kind, span),
            Some(Binding::Nonlocal) | None => {}
        }
        match self.scopes.active[scope].kind {
            ScopeKind::Module => self.bind_in_module(name, kind, span),
            ScopeKind::Class => {
                let index = self.bind_attribute(name, Attribute::Value { name, hidden: None });
                self.scopes.bound_in_class.push(index);
                (self.hidden(index, kind, span), true)
            }
            ScopeKind::Function | ScopeKind::Comprehension => {
                let owner = self.scopes.active[scope].function;
                let var = self.new_var(name, kind, owner, span);
                self.touch(var);
                self.scopes.set(name, Slot { scope: scope as u32, binding: Binding::Var(var) });
                (var, true)
            }
        }
    }

    fn bind_in_module(&mut self, name: NameId, kind: VarKind, span: Span) -> (VarId, bool) {
        if let Some(var) = self.scopes.module_var(name) {
            self.touch(var);
            return (var, false);
        }
        let var = self.new_var(name, kind, TOP_LEVEL, span);
        self.touch(var);
        if self.scopes.module.len() <= name.index() {
            self.scopes.module.resize(name.index() + 1, None);
        }
        self.scopes.module[name.index()] = Some(var);
        (var, true)
    }

    /// A name of the class body that is being lowered.
    pub(super) fn bind_attribute(&mut self, name: NameId, attribute: Attribute) -> u32 {
        let scope = self.scopes.top() as u32;
        if let Some(Binding::Attribute(index)) = self.binding_here(name) {
            let old = self.scopes.attributes[index as usize];
            if let (Attribute::Value { .. }, Attribute::Value { .. }) = (old, attribute) {
                return index;
            }
        }
        self.scopes.attributes.push(attribute);
        let index = self.scopes.attributes.len() as u32 - 1;
        self.scopes.set(name, Slot { scope, binding: Binding::Attribute(index) });
        index
    }

    pub(super) fn declare_global(&mut self, name: NameId) {
        let scope = self.binding_scope();
        if scope > 0 {
            self.scopes.set(name, Slot { scope: scope as u32, binding: Binding::Global });
        }
    }

    pub(super) fn declare_nonlocal(&mut self, name: NameId) {
        let scope = self.binding_scope();
        if self.scopes.active[scope].kind == ScopeKind::Function {
            self.scopes.set(name, Slot { scope: scope as u32, binding: Binding::Nonlocal });
        }
    }

    /// The scope that assignments bind in: comprehensions are passed.
    fn binding_scope(&self) -> usize {
        let scopes = &self.scopes.active;
        scopes.iter().rposition(|it| it.kind != ScopeKind::Comprehension).unwrap_or(0)
    }

    /// What the name is in the scope that assignments bind in. A comprehension's own variable of that name
    /// (which Python refuses) counts as well.
    fn binding_here(&self, name: NameId) -> Option<Binding> {
        let slot = self.scopes.slot(name);
        let here = self.binding_scope();
        (slot.scope > 0 && slot.scope as usize >= here).then_some(slot.binding)
    }
}

impl Scopes {
    fn bound_at(&self, scope: usize, name: NameId) -> Option<VarId> {
        match self.slot(name) {
            Slot { scope: at, binding: Binding::Var(var) } if at as usize == scope => Some(var),
            _ => None,
        }
    }

    fn bound_by_comprehension(&self, name: NameId) -> Option<VarId> {
        match self.slot(name) {
            Slot { scope, binding: Binding::Var(var) }
                if scope as usize > self.function && self.active[scope as usize].kind == ScopeKind::Comprehension =>
            {
                Some(var)
            }
            _ => None,
        }
    }
}

fn is_function(scope: &Scope) -> bool {
    matches!(scope.kind, ScopeKind::Function | ScopeKind::Module)
}

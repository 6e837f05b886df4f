//! Modules: run once, on demand, in the order in which they import each other; seen from outside as objects.

use backend_specialist_syntax::ir::{Exported, Import, ImportId, Imported, TOP_LEVEL, VarId, VarKind};

use super::heap::{Key, Loc, ObjectKind, Scope};
use super::machine::{BUDGET, Frame, LoopExits, Machine, ModuleState, ModuleStatus};
use super::value::{Atom, ObjectId, ScopeId, Sym, Value};
use crate::link::Target;
use crate::model::State;

/// Re-exports followed from one name.
const REEXPORTS_MAX: u32 = 16;

impl<'a> Machine<'a> {
    pub(super) fn make_modules(&mut self) {
        for (index, module) in self.modules.iter().enumerate() {
            let scope = self.heap.push_scope(Scope {
                function: TOP_LEVEL.0,
                parent: None,
                slots: vec![Value::absent(); module.slot_counts[0] as usize],
                round: None,
            });
            let namespace = self.heap.alloc(ObjectKind::Namespace);
            let module_object = self.heap.alloc(ObjectKind::Plain);
            self.folders.push((namespace, Target::Module(index as u32)));
            let exports = Value::atom(Atom::Object(self.heap.alloc(ObjectKind::Plain)));
            self.heap.write(Loc::Field(module_object, Key::Name(self.natives.exports)), exports);
            let has_common_exports =
                module.ir.vars.iter().any(|it| matches!(it.kind, VarKind::Module | VarKind::Exports));
            self.states.push(ModuleState {
                status: ModuleStatus::New,
                scope,
                namespace,
                module_object,
                has_common_exports,
            });
        }
    }

    /// Runs a module after those that it imports: how long their chain is does not matter.
    pub(super) fn run_module_in_order(&mut self, first: u32, seen: &mut [bool]) {
        let mut path = vec![(first, self.imported_modules(first))];
        seen[first as usize] = true;
        while let Some((module, imports)) = path.last_mut() {
            let Some(next) = imports.pop() else {
                let module = *module;
                path.pop();
                self.budget = BUDGET;
                self.deep_runs = 0;
                self.run_module(module);
                continue;
            };
            if !std::mem::replace(&mut seen[next as usize], true) {
                let imports = self.imported_modules(next);
                path.push((next, imports));
            }
        }
    }

    /// The modules of the project that a module imports, the last one first.
    fn imported_modules(&self, index: u32) -> Vec<u32> {
        let module = &self.modules[index as usize];
        let mut found = Vec::new();
        let mut add = |target: &Target| {
            if let Target::Module(it) = target {
                found.push(*it);
            }
        };
        module.targets.iter().for_each(&mut add);
        for var in &module.ir.vars {
            if let VarKind::Import { import, name: Imported::Named(name) } = var.kind {
                let parent = &module.targets[import.index()];
                self.linker.submodule(parent, module.ir.name(name)).iter().for_each(&mut add);
            }
        }
        found.reverse();
        found
    }

    /// Runs the top level of a module, unless that was done or is being done.
    pub fn run_module(&mut self, index: u32) {
        let state = &mut self.states[index as usize];
        if state.status != ModuleStatus::New || self.frames.len() > super::machine::DEPTH_MAX * 2 {
            return;
        }
        state.status = ModuleStatus::Running;
        let scope = state.scope;
        let dead = std::mem::replace(&mut self.dead, false);
        self.bind_common(index, scope);
        self.push_frame(index, TOP_LEVEL, scope, Value::undefined());
        let body = self.ir().function(TOP_LEVEL).body;
        self.exec(body);
        self.frames.pop();
        self.dead = dead;
        self.states[index as usize].status = ModuleStatus::Done;
    }

    pub(super) fn bind_common(&mut self, index: u32, scope: ScopeId) {
        let module = &self.modules[index as usize];
        for (at, var) in module.ir.vars.iter().enumerate() {
            let value = match var.kind {
                VarKind::Module => Value::atom(Atom::Object(self.states[index as usize].module_object)),
                VarKind::Exports => self
                    .heap
                    .read(Loc::Field(self.states[index as usize].module_object, Key::Name(self.natives.exports))),
                _ => continue,
            };
            self.heap.write(Loc::Slot(scope, module.slot(VarId(at as u32))), value);
        }
    }

    pub fn push_frame(
        &mut self,
        module: u32,
        function: backend_specialist_syntax::ir::FunctionId,
        scope: ScopeId,
        this: Value,
    ) {
        self.frames.push(Frame {
            module,
            function,
            scope,
            this,
            home: None,
            mark: self.heap.mark(),
            result: Value::absent(),
            returns: Vec::new(),
            exits: Vec::new(),
            loops: Vec::<LoopExits>::new(),
            tries: Vec::new(),
            yields: None,
            tests: Vec::new(),
            definitions: Vec::new(),
            wanted: None,
            nesting: 0,
            at: crate::Place { file: self.modules[module as usize].file, span: Default::default() },
            given: Vec::new(),
            given_rest: None,
            arguments: None,
        });
    }

    /// What `import` gives as a whole.
    pub fn import_value(&mut self, module: u32, import: ImportId, first_part: bool) -> Value {
        let linked = &self.modules[module as usize];
        let import = linked.ir.import(import);
        let target = if first_part {
            let specifier = linked.ir.name(import.specifier).to_owned();
            match self.linker.python_first_part(module, &specifier) {
                Target::Package(_) => Target::Package(specifier.split('.').next().unwrap_or_default().into()),
                target => target,
            }
        } else {
            linked.targets[linked
                .ir
                .imports
                .iter()
                .position(|it| it.span == import.span && it.specifier == import.specifier)
                .unwrap_or(0)]
            .clone()
        };
        if matches!(target, Target::Folder(_))
            && !self.modules[module as usize].ir.name(import.specifier).contains('.')
            && let Some(library) = self.library_over_folder(module, import)
        {
            return Value::atom(Atom::Lib(library));
        }
        self.target_value(module, &target)
    }

    /// An installed package goes before a folder without `__init__.py` that is called like it.
    fn library_over_folder(&mut self, module: u32, import: Import) -> Option<State> {
        if import.level > 0 {
            return None;
        }
        let ir = self.modules[module as usize].ir;
        self.places.package(self.modules[module as usize].scope, ir.semantics.models, ir.name(import.specifier))
    }

    pub fn target_value(&mut self, from: u32, target: &Target) -> Value {
        match target {
            Target::Module(index) => {
                self.run_module(*index);
                self.module_value(*index)
            }
            Target::Folder(_) => {
                let id = self.heap.alloc(ObjectKind::Namespace);
                self.folders.push((id, target.clone()));
                Value::atom(Atom::Object(id))
            }
            Target::Package(name) => {
                let language = self.modules[from as usize].ir.semantics.models;
                match self.places.package(self.modules[from as usize].scope, language, name) {
                    Some(state) => Value::atom(Atom::Lib(state)),
                    None => Value::unknown(),
                }
            }
            Target::Missing | Target::Data(_) => Value::unknown(),
        }
    }

    /// A module of the project as `require` gives it: what it assigned to `module.exports`, else its namespace.
    pub(super) fn module_value(&mut self, index: u32) -> Value {
        let state = &self.states[index as usize];
        if state.has_common_exports && self.modules[index as usize].ir.exports.is_empty() {
            return self.heap.read(Loc::Field(state.module_object, Key::Name(self.natives.exports)));
        }
        Value::atom(Atom::Object(state.namespace))
    }

    /// What a variable bound by an import is worth.
    pub fn imported(&mut self, module: u32, var: VarId) -> Value {
        let linked = &self.modules[module as usize];
        let VarKind::Import { import, name } = linked.ir.var(var).kind else {
            return Value::unknown();
        };
        if self.import_depth > REEXPORTS_MAX {
            // Modules that take a name from each other in a circle.
            return Value::unknown();
        }
        self.import_depth += 1;
        let value = self.imported_as(module, import, name);
        self.import_depth -= 1;
        value
    }

    pub(super) fn imported_as(&mut self, module: u32, import: ImportId, name: Imported) -> Value {
        let linked = &self.modules[module as usize];
        match name {
            Imported::Namespace => self.import_value(module, import, false),
            Imported::FirstPart => self.import_value(module, import, true),
            Imported::Default => {
                let default = self.natives.default;
                self.imported_name(module, import, default, true)
            }
            Imported::Named(name) => {
                let name = linked.sym(name);
                self.imported_name(module, import, name, false)
            }
        }
    }

    pub(super) fn imported_name(&mut self, module: u32, import: ImportId, name: Sym, default: bool) -> Value {
        let target = self.modules[module as usize].targets[import.index()].clone();
        match &target {
            Target::Module(index) => {
                self.run_module(*index);
                if let Some(value) = self.export(*index, name, 0) {
                    return value;
                }
                if let Some(sub) = self.linker.submodule(&target, &self.text(name)) {
                    return self.target_value(module, &sub);
                }
                if default { self.module_value(*index) } else { Value::atom(Atom::Unknown(Some(name))) }
            }
            Target::Folder(_) => match self.linker.submodule(&target, &self.text(name)) {
                Some(sub) => self.target_value(module, &sub),
                None => {
                    let import = self.modules[module as usize].ir.import(import);
                    let text = self.text(name);
                    let library = self.library_over_folder(module, import);
                    match library.and_then(|it| self.places.member(it, &text)) {
                        Some(found) => Value::atom(Atom::Lib(found)),
                        None => Value::atom(Atom::Unknown(Some(name))),
                    }
                }
            },
            Target::Package(package) => {
                let language = self.modules[module as usize].ir.semantics.models;
                let Some(state) = self.places.package(self.modules[module as usize].scope, language, package) else {
                    return Value::atom(Atom::Unknown(Some(name)));
                };
                let text = self.text(name);
                let found = self.places.member(state, &text);
                match found {
                    Some(found) => Value::atom(Atom::Lib(found)),
                    None if default => Value::atom(Atom::Lib(state)),
                    None => Value::atom(Atom::Unknown(Some(name))),
                }
            }
            Target::Missing | Target::Data(_) => Value::atom(Atom::Unknown(Some(name))),
        }
    }

    /// A name that a module shows to others.
    pub fn export(&mut self, index: u32, name: Sym, depth: u32) -> Option<Value> {
        if depth > REEXPORTS_MAX {
            return None;
        }
        self.run_module(index);
        let module = &self.modules[index as usize];
        if module.ir.semantics.modules_are_namespaces {
            if let Some(var) = module.top_level(name) {
                let value = self.module_variable(index, var);
                if !value.is_absent() {
                    return Some(value);
                }
            }
            for import in &module.ir.star_imports {
                if let Target::Module(other) = module.targets[import.index()]
                    && other != index
                    && let Some(value) = self.export(other, name, depth + 1)
                {
                    return Some(value);
                }
                if let Target::Package(package) = &module.targets[import.index()] {
                    let text = self.text(name);
                    let state = self.places.package(module.scope, module.ir.semantics.models, package);
                    if let Some(found) = state.and_then(|it| self.places.member(it, &text)) {
                        return Some(Value::atom(Atom::Lib(found)));
                    }
                }
            }
            return None;
        }
        match module.export(name).map(|it| it.what) {
            Some(Exported::Var(var)) => return Some(self.module_variable(index, var)),
            Some(Exported::Reexport { import, name: what }) => {
                return Some(match what {
                    Imported::Namespace | Imported::FirstPart => self.import_value(index, import, false),
                    Imported::Default => {
                        let default = self.natives.default;
                        self.imported_name(index, import, default, true)
                    }
                    Imported::Named(inner) => {
                        let inner = module.sym(inner);
                        self.imported_name(index, import, inner, false)
                    }
                });
            }
            _ => {}
        }
        for export in &module.ir.exports {
            if let Exported::All { import } = export.what {
                match &module.targets[import.index()] {
                    Target::Module(other) if *other != index => {
                        if self.may_show(*other, name, depth + 1)
                            && let Some(value) = self.export(*other, name, depth + 1)
                        {
                            return Some(value);
                        }
                    }
                    Target::Package(package) => {
                        let text = self.text(name);
                        let state = self.places.package(module.scope, module.ir.semantics.models, package);
                        if let Some(found) = state.and_then(|it| self.places.member(it, &text)) {
                            return Some(Value::atom(Atom::Lib(found)));
                        }
                    }
                    _ => {}
                }
            }
        }
        if self.states[index as usize].has_common_exports {
            let exports = self.module_value_common(index);
            if let Some(id) = exports.object()
                && let Some(value) = self.heap.field(id, Key::Name(name))
            {
                return Some(value.clone());
            }
            if name == self.natives.default {
                return Some(exports);
            }
            if !module.ir.exports.is_empty() {
                return None;
            }
            let place = crate::Place { file: module.file, span: Default::default() };
            let value = self.member(&exports, name, None, place);
            return (!value.is_absent()).then_some(value);
        }
        None
    }

    /// Whether a module may show the name, as far as its text tells: barrels of barrels are asked again and again.
    fn may_show(&mut self, index: u32, name: Sym, depth: u32) -> bool {
        let module = &self.modules[index as usize];
        if depth > REEXPORTS_MAX
            || module.export(name).is_some()
            || self.states[index as usize].status != ModuleStatus::Done
            || self.states[index as usize].has_common_exports
        {
            return true;
        }
        if let Some(known) = self.shown.get(&(index, name)) {
            return *known;
        }
        // Of barrels in a circle each may show what another one does.
        self.shown.insert((index, name), true);
        let found = module.ir.exports.iter().any(|export| match export.what {
            Exported::All { import } => match &module.targets[import.index()] {
                Target::Module(other) => self.may_show(*other, name, depth + 1),
                Target::Package(_) => true,
                _ => false,
            },
            _ => false,
        });
        self.shown.insert((index, name), found);
        found
    }

    pub(super) fn module_value_common(&self, index: u32) -> Value {
        self.heap.read(Loc::Field(self.states[index as usize].module_object, Key::Name(self.natives.exports)))
    }

    /// A module-level variable, read from outside or inside.
    pub fn module_variable(&mut self, index: u32, var: VarId) -> Value {
        let module = &self.modules[index as usize];
        if module.is_import(var) {
            return self.imported(index, var);
        }
        let scope = self.states[index as usize].scope;
        self.heap.read(Loc::Slot(scope, module.slot(var)))
    }

    /// A member of a module seen as an object.
    pub fn namespace_member(&mut self, id: ObjectId, name: Sym) -> Option<Value> {
        let at = self.folders.binary_search_by_key(&id, |it| it.0).ok()?;
        let target = self.folders[at].1.clone();
        if let Target::Module(index) = target
            && let Some(value) = self.export(index, name, 0)
        {
            return Some(value);
        }
        let text = self.text(name);
        let sub = self.linker.submodule(&target, &text)?;
        Some(self.target_value(self.frame().module, &sub))
    }

    /// A name that nothing declares: a star import, a global of the language, a guess by its name, or nothing.
    pub fn free(&mut self, name: Sym, place: crate::Place) -> Value {
        if let Some(value) = self.heap.field(self.globals, Key::Name(name)) {
            return value.clone();
        }
        if name == self.natives.arguments
            && self.module().names_arguments
            && let Some(value) = self.all_given()
        {
            return value;
        }
        let module = self.module();
        for import in &module.ir.star_imports {
            match &module.targets[import.index()] {
                Target::Module(other) => {
                    if let Some(value) = self.export(*other, name, 0) {
                        return value;
                    }
                }
                Target::Package(package) => {
                    let text = self.text(name);
                    let state = self.places.package(module.scope, module.ir.semantics.models, package);
                    if let Some(found) = state.and_then(|it| self.places.member(it, &text)) {
                        return self.lib_value(found, Default::default(), None, place);
                    }
                }
                _ => {}
            }
        }
        let text = self.text(name);
        if let Some(state) = self.places.global(self.module().scope, self.language(), &text) {
            return self.lib_value(state, Default::default(), None, place);
        }
        self.named_unknown(name, place)
    }

    /// A value of which only the name is known.
    pub fn named_unknown(&mut self, name: Sym, place: crate::Place) -> Value {
        let text = self.text(name);
        let labels = self.unknown_source(place);
        match self.guess_state(&text) {
            Some(state) => self.lib_value(state, labels, None, place),
            None => Value::labelled(Atom::Unknown(Some(name)), labels),
        }
    }

    pub fn guess_state(&mut self, name: &str) -> Option<crate::model::State> {
        let module = self.module();
        self.places.guess(module.scope, module.ir.semantics.models, name, &module.packages, &module.declared)
    }
}

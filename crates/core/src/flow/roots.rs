//! What is run: module top levels, what they register, then every function that nobody called.
//!
//! Each entry starts from the state after set-up and is taken back when it is done, so that no entry sees another.

use backend_specialist_syntax::ir::{CallStyle, FunctionId, Receiver, TOP_LEVEL};
use rustc_hash::FxHashMap;

use super::call::Call;
use super::machine::{Args, BUDGET, BUDGET_MIN, BUDGET_MIN_ROUTE, Base, Machine, Pending};
use super::value::{Atom, ScopeId, Value};
use crate::model::Models;
use crate::model::State;
use crate::paths::Glob;

/// Functions made inside an entry that are entries themselves, nested so deep.
const INNER_MAX: u32 = 4;
/// Handlers registered within one entry.
const PENDING_MAX: usize = 4000;

pub struct Lengths {
    mark: super::heap::Mark,
    objects: usize,
    scopes: usize,
    closures: usize,
    classes: usize,
    made: usize,
    decorators: usize,
    with_objects: usize,
}

impl<'a> Machine<'a> {
    /// Runs module top levels, and what they call.
    pub fn set_up(&mut self, models: &'a Models) {
        self.find_settings(models);
        let mut seen = vec![false; self.modules.len()];
        for index in 0..self.modules.len() as u32 {
            if !seen[index as usize] {
                self.run_module_in_order(index, &mut seen);
            }
        }
        self.frames.clear();
        self.forget_alike();
        self.base = Base {
            objects: self.heap.objects.len() as u32,
            closures: self.closures.len() as u32,
            classes: self.classes.len() as u32,
        };
        self.heap.base = Some(self.heap.reach());
        self.is_set_up = true;
    }

    /// Runs what set-up registered, then every function that nobody called.
    pub fn run_entries(&mut self, models: &'a Models) {
        self.run_pending();
        self.run_files(models);
        let mut made = std::mem::take(&mut self.made);
        // Those that nobody names come first: they call the others.
        made.sort_by_key(|it| self.is_named(it));
        for value in made {
            self.run_root(&value, 0);
        }
    }

    pub(super) fn is_named(&self, value: &Value) -> bool {
        match value.single() {
            Some(Atom::Closure(id)) => {
                let closure = &self.closures[id.0 as usize];
                self.modules[closure.module as usize].uses[closure.function.index()] > 0
            }
            _ => true,
        }
    }

    pub fn lengths(&self) -> Lengths {
        Lengths {
            mark: self.heap.mark(),
            objects: self.heap.objects.len(),
            scopes: self.heap.scopes.len(),
            closures: self.closures.len(),
            classes: self.classes.len(),
            made: self.made.len(),
            decorators: self.decorators.len(),
            with_objects: self.with_objects.len(),
        }
    }

    /// Takes back all that an entry did but for its events.
    pub fn restore(&mut self, it: &Lengths) {
        self.heap.undo(it.mark);
        self.heap.objects.truncate(it.objects);
        self.heap.scopes.truncate(it.scopes);
        self.closures.truncate(it.closures);
        self.classes.truncate(it.classes);
        self.made.truncate(it.made);
        self.decorators.truncate(it.decorators);
        let objects = it.objects as u32;
        while self.folders.last().is_some_and(|it| it.0.0 >= objects) {
            self.folders.pop();
        }
        self.injected.retain(|_, value| value.object().is_some_and(|it| it.0 < objects));
        for id in self.with_objects.split_off(it.with_objects) {
            if let Some(closure) = self.closures.get_mut(id.0 as usize) {
                closure.object = None;
            }
        }
        self.dead = false;
        self.heap.is_marked = false;
        self.heap.is_written = false;
    }

    /// Handlers that were registered, each from the state after set-up.
    pub(super) fn run_pending(&mut self) {
        let mut rounds = 0;
        let mut again = Vec::new();
        while !self.pending.is_empty() && rounds < PENDING_MAX {
            let mut pending = std::mem::take(&mut self.pending);
            pending.sort_by_key(|it| !it.is_early);
            for it in pending {
                rounds += 1;
                let lengths = self.lengths();
                self.missed_kept = false;
                self.run_handler(&it);
                let is_early = it.is_early;
                if std::mem::take(&mut self.missed_kept) {
                    again.push(it);
                }
                if !self.pending.is_empty() && rounds < PENDING_MAX {
                    let inner = std::mem::take(&mut self.pending);
                    for it in inner.iter().take(64) {
                        let lengths = self.lengths();
                        self.run_handler(it);
                        self.pending.clear();
                        self.restore(&lengths);
                    }
                }
                self.run_made(lengths.made, 0);
                if is_early {
                    self.carry(lengths.objects);
                }
                self.restore(&lengths);
            }
        }
        // Those that looked for what later ones left.
        if !self.kept.is_empty() {
            for it in again {
                let lengths = self.lengths();
                self.run_handler(&it);
                self.restore(&lengths);
            }
        }
        self.pending.clear();
    }

    pub(super) fn run_root(&mut self, value: &Value, depth: u32) {
        if let Some(Atom::Closure(id)) = value.single() {
            let closure = &self.closures[id.0 as usize];
            if self.executed.contains(&(closure.module, closure.function)) {
                return;
            }
        } else {
            return;
        }
        let lengths = self.lengths();
        let pending = Pending { function: value.clone(), ..Pending::default() };
        self.only_called_in_vain = self.is_called_in_vain(value);
        self.run_handler(&pending);
        self.only_called_in_vain = false;
        if depth < INNER_MAX {
            let inner = std::mem::take(&mut self.pending);
            for it in inner.iter().take(256) {
                let lengths = self.lengths();
                self.run_handler(it);
                self.run_made(lengths.made, depth + 1);
                self.pending.clear();
                self.restore(&lengths);
            }
            self.run_made(lengths.made, depth + 1);
        }
        self.pending.clear();
        self.restore(&lengths);
    }

    /// Its file calls the function, and yet nobody called it: the calls stand where nothing gets to.
    fn is_called_in_vain(&self, value: &Value) -> bool {
        let Some(Atom::Closure(id)) = value.single() else { return false };
        let closure = &self.closures[id.0 as usize];
        let module = &self.modules[closure.module as usize];
        module.calls(closure.function) && !self.limits.keys().any(|it| it.0 == module.file)
    }

    /// Functions made since then that nobody called.
    pub(super) fn run_made(&mut self, from: usize, depth: u32) {
        if depth >= INNER_MAX {
            return;
        }
        let made: Vec<Value> = self.made[from.min(self.made.len())..].to_vec();
        for value in made {
            self.run_root(&value, depth + 1);
        }
    }

    /// Runs a function with what its caller is known to give.
    pub fn run_handler(&mut self, pending: &Pending) {
        self.run_chain(pending);
        self.run_links(pending);
        self.end_chain();
    }

    pub(super) fn run_links(&mut self, pending: &Pending) {
        for atom in pending.function.atoms().to_vec() {
            match &atom {
                Atom::Closure(_) => self.run_handler_atom(&atom, &[], None, pending),
                Atom::Bound(bound) => {
                    if let Some(inner) = bound.function.single().cloned() {
                        self.run_handler_atom(&inner, &bound.args, bound.this.clone(), pending);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn run_handler_atom(&mut self, atom: &Atom, fixed: &[Value], this: Option<Value>, pending: &Pending) {
        let Atom::Closure(id) = atom else { return };
        let closure = self.closures[id.0 as usize].clone();
        let share = self.shares[closure.module as usize];
        // What a route is guarded by is asked for each one, however many there are.
        let least = if self.route.is_some() { BUDGET_MIN_ROUTE } else { BUDGET_MIN };
        let given = share.clamp(least, BUDGET);
        self.budget = given;
        self.deep_runs = 0;
        self.dead = false;
        // The code of the entry's own module asks for parameters and types.
        let scope = self.states[closure.module as usize].scope;
        self.push_frame(closure.module, TOP_LEVEL, scope, Value::undefined());
        let this = match (this, closure.home) {
            (Some(this), _) => this,
            (None, Some(home)) => self.injected(&Value::atom(Atom::Class(home)), self.here()),
            (None, None) => Value::unknown(),
        };
        self.dead = false;
        let mut args = self.handler_args(&closure, atom, fixed, pending);
        self.share(&mut args);
        let place = self.here();
        let ir = self.modules[closure.module as usize].ir;
        let span = ir.function(closure.function).name_span;
        let call = Call {
            this,
            this_expr: None,
            args,
            style: CallStyle::Call,
            place: crate::Place { file: place.file, span },
            callee_place: crate::Place { file: place.file, span },
        };
        self.on_fixed_path = pending.fixed_path;
        self.enter_link();
        self.in_handler = pending.from_request
            || !pending.params.is_empty()
            || pending.callee.is_some()
            || self.follows_convention(atom);
        let wanted = self.wanted_result.take().or(pending.wants_true.then_some(true));
        self.run_closure(&closure, &call, wanted);
        self.on_fixed_path = false;
        self.in_handler = false;
        self.dead = false;
        let returns = std::mem::take(&mut self.last_returns);
        if let Some(at) = pending.callee.and_then(|it| self.places.returned(it)) {
            // Conditions look at the registration and at what is returned.
            let call = match &pending.registered {
                Some(registered) => Call { args: registered.args.clone(), this: registered.this.clone(), ..call },
                None => call,
            };
            for (value, place) in returns {
                self.given = Some(value.clone());
                self.check_sinks(at, &value, place, &call, 0, true);
            }
            self.given = None;
        }
        self.frames.pop();
        let left = &mut self.shares[closure.module as usize];
        *left = left.saturating_sub(given - self.budget);
    }

    pub(super) fn handler_args(
        &mut self,
        closure: &super::machine::Closure,
        atom: &Atom,
        fixed: &[Value],
        pending: &Pending,
    ) -> Args {
        let ir = self.modules[closure.module as usize].ir;
        let function = ir.function(closure.function);
        let own = usize::from(function.receiver == Receiver::FirstParameter);
        let params = ir.param_list(function.params).to_vec();
        let convention =
            if pending.params.is_empty() { self.convention(closure.module, closure.function) } else { None };
        let mut args = Args::default();
        // Annotations and defaults are read where the function was made.
        let previous = std::mem::replace(&mut self.frame_mut().scope, closure.scope);
        for (index, param) in params.iter().skip(own).enumerate() {
            let place = self.place(param.span);
            if let Some(value) = fixed.get(index) {
                args.positional.push((value.clone(), place));
                continue;
            }
            let at = index - fixed.len().min(index);
            let shifted = if pending.shift { at.checked_sub(1) } else { Some(at) };
            let name = self.parameter_name(atom, index as u32);
            let mut state: Option<State> = shifted.and_then(|it| pending.params.get(it).copied().flatten());
            if state.is_none()
                && let Some(callee) = pending.callee
            {
                state = self.places.parameter(callee, at as u32, name.as_deref());
            }
            let guessed = convention.as_ref().and_then(|it| it.get(index).copied().flatten());
            let rest = matches!(
                param.kind,
                backend_specialist_syntax::ir::ParamKind::Rest | backend_specialist_syntax::ir::ParamKind::KeywordRest
            );
            let value = if pending.shift && at == 0 {
                // An error handler gets what no other one has handled.
                self.unknown_error("error", place)
            } else if rest {
                self.root_param(param, state, pending.from_request)
            } else {
                match (state, guessed) {
                    (Some(state), _) => self.root_param(param, Some(state), false),
                    (None, Some(state)) => {
                        let annotated = param
                            .annotation
                            .and_then(|it| self.injected_value(it))
                            .filter(|it| matches!(it.single(), Some(Atom::Lib(_))));
                        match annotated {
                            Some(value) => value,
                            None => {
                                let place = self.place(param.span);
                                self.lib_value(state, Default::default(), None, place)
                            }
                        }
                    }
                    (None, None) => {
                        let value = self.root_param(param, None, pending.from_request);
                        match &name {
                            Some(name) if pending.converted.contains(name) => {
                                Value::labelled(Atom::AnyNumber, self.numeric_labels(&value.labels))
                            }
                            _ => value,
                        }
                    }
                }
            };
            match param.kind {
                backend_specialist_syntax::ir::ParamKind::KeywordOnly => {
                    if let Some(name) = param.name {
                        let name = self.sym(name);
                        args.keywords.push((name, value, place, None));
                    }
                }
                backend_specialist_syntax::ir::ParamKind::Rest => {
                    let element = Value::labelled(Atom::Unknown(None), value.labels);
                    args.rest = Some((element, place));
                }
                backend_specialist_syntax::ir::ParamKind::KeywordRest => {
                    let element = Value::labelled(Atom::Unknown(None), value.labels);
                    args.keyword_rest = Some((element, place));
                }
                backend_specialist_syntax::ir::ParamKind::Positional => {
                    args.positional.push((value, place));
                    args.exprs.push(None);
                }
            }
        }
        self.frame_mut().scope = previous;
        args
    }

    /// The types of the parameters of a function that looks like a handler by their names.
    pub(super) fn convention(&mut self, module: u32, function: FunctionId) -> Option<Vec<Option<State>>> {
        if let Some(known) = self.convention_types.get(&(module, function)) {
            return known.clone();
        }
        let found = self.find_convention(module, function);
        self.convention_types.insert((module, function), found.clone());
        found
    }

    fn find_convention(&mut self, module: u32, function: FunctionId) -> Option<Vec<Option<State>>> {
        let linked = &self.modules[module as usize];
        let ir = linked.ir;
        let function = ir.function(function);
        let own = usize::from(function.receiver == Receiver::FirstParameter);
        let names: Vec<&str> =
            ir.param_list(function.params).iter().skip(own).map(|it| it.name.map_or("", |it| ir.name(it))).collect();
        let language = ir.semantics.models;
        let mut best: Option<Vec<Option<State>>> = None;
        let conventions = self.conventions.clone();
        for convention in conventions.iter() {
            let imported = convention.packages.iter().any(|it| {
                linked.packages.iter().any(|name| {
                    name.strip_prefix(it.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
            });
            if convention.language != language || !(convention.everywhere || imported) {
                continue;
            }
            let mut at = 0;
            let mut types = vec![None; names.len()];
            let mut all = true;
            for (alternatives, kind) in convention.params.iter().zip(&convention.types) {
                match names[at.min(names.len())..].iter().position(|name| alternatives.iter().any(|it| it == name)) {
                    // A leading error, nothing else, may stand before the first.
                    Some(skip) if skip == 0 || at == 0 && skip == 1 => {
                        let index = at + skip;
                        types[index] = self.param_states(language, std::slice::from_ref(kind)).pop().flatten();
                        at = index + 1;
                    }
                    _ => {
                        all = false;
                        break;
                    }
                }
            }
            if all && (imported || best.is_none()) {
                best = Some(types);
                if imported {
                    break;
                }
            }
        }
        best
    }

    pub fn follows_convention(&mut self, atom: &Atom) -> bool {
        let Atom::Closure(id) = atom else { return false };
        let closure = &self.closures[id.0 as usize];
        let (module, function) = (closure.module, closure.function);
        self.convention(module, function).is_some()
    }

    /// Handlers by the name of their file.
    pub(super) fn run_files(&mut self, models: &'a Models) {
        let mut globs: FxHashMap<&str, Glob> = FxHashMap::default();
        for index in 0..self.modules.len() as u32 {
            let module = &self.modules[index as usize];
            let language = module.ir.semantics.models;
            for route in models.file_routes(language) {
                if !globs.entry(&route.glob).or_insert_with(|| Glob::new(&route.glob)).matches(module.path) {
                    continue;
                }
                let params = self.param_states(language, &route.params);
                let names: Vec<String> = if route.exports.iter().any(|it| it == "*") {
                    module.ir.exports.iter().map(|it| module.ir.name(it.name).to_owned()).collect()
                } else {
                    route.exports.clone()
                };
                for name in names {
                    let name = self.intern(&name);
                    self.push_frame(index, TOP_LEVEL, ScopeId(self.states[index as usize].scope.0), Value::undefined());
                    let value = self.export(index, name, 0);
                    self.frames.pop();
                    if let Some(function) = value {
                        self.pending.push(Pending { function, params: params.clone(), ..Pending::default() });
                    }
                }
            }
        }
        self.run_pending();
    }
}

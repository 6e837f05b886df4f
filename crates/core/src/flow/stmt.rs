//! Statements: branches are run one after another from the same state and joined; loops twice.

use backend_specialist_syntax::ir::{Expr, ExprId, Handler, List, Pattern, PatternId, Stmt, StmtId, WithItem};

use super::heap::{Delta, Key, Loc};
use super::machine::{Machine, NESTING_MAX, TOTAL_NESTING_MAX, TryExits};
use super::value::{Atom, Native, Sym, Value};
use crate::finding::StepKind;

impl<'a> Machine<'a> {
    pub fn exec(&mut self, stmt: StmtId) {
        if self.dead {
            return;
        }
        if self.budget == 0 {
            return self.reached(super::limits::Limit::Length);
        }
        let depth = self.depth;
        let frame = self.frame_mut();
        if frame.nesting > NESTING_MAX || depth > TOTAL_NESTING_MAX {
            self.reached(super::limits::Limit::Nesting);
            return;
        }
        frame.nesting += 1;
        self.depth += 1;
        self.exec_stmt(stmt);
        self.depth -= 1;
        self.frame_mut().nesting -= 1;
    }

    pub(super) fn exec_stmt(&mut self, id: StmtId) {
        let ir = self.ir();
        match ir.stmt(id) {
            Stmt::Expr(expr) => {
                self.eval(expr);
            }
            Stmt::Let { pattern, value } => self.exec_let(pattern, value),
            Stmt::Function { var, function } => {
                let value = self.make_closure(function, None);
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value);
                }
            }
            Stmt::Class { var, class } => {
                let value = self.make_class(class);
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value);
                }
            }
            Stmt::Block(stmts) => {
                for stmt in ir.stmt_list(stmts) {
                    if self.dead {
                        return;
                    }
                    self.exec(*stmt);
                }
            }
            Stmt::If { test, then, otherwise } => self.exec_if(test, then, otherwise),
            Stmt::Loop { kind, test, update, body, otherwise } => {
                self.exec_loop(kind, test, update, body, otherwise, None)
            }
            Stmt::ForEach { each, pattern, iterable, body, otherwise } => {
                self.exec_each(each, pattern, iterable, body, otherwise, None);
            }
            Stmt::Switch { subject, cases } => self.exec_switch(subject, cases),
            Stmt::Try { body, handlers, otherwise, finally } => self.exec_try(body, handlers, otherwise, finally),
            Stmt::With { items, body } => self.exec_with(items, body),
            Stmt::Return(value) => {
                let returned = value;
                if let Some(expr) = value
                    && let Some(wanted) = self.frame().wanted
                {
                    return self.exec_wanted_return(expr, wanted);
                }
                let mut told = false;
                let value = value.map(|it| {
                    let place = self.place_of(it);
                    let value;
                    (value, told) = self.eval_returned(it);
                    self.step_value(StepKind::Return, value, place)
                });
                if !self.dead {
                    let place = returned.map_or_else(|| self.place(ir.stmt_span(id)), |it| self.place_of(it));
                    let value = value.unwrap_or_else(Value::undefined);
                    match told {
                        true => self.leave_quietly(value, place),
                        false => self.leave(value, place),
                    }
                }
            }
            Stmt::Throw(value) => {
                let name = value.and_then(|it| self.error_name(it));
                // That the error is made does not raise another one.
                let risky = self.innermost_try().map(|it| it.may_raise);
                let value = value.map(|it| self.eval(it)).unwrap_or_else(Value::unknown);
                if let (Some(risky), Some(it)) = (risky, self.innermost_try()) {
                    it.may_raise = risky;
                }
                self.throw_named(value, name);
            }
            Stmt::Break(label) => {
                let label = label.map(|it| self.sym(it));
                self.exit_loop(label, true);
            }
            Stmt::Continue(label) => {
                let label = label.map(|it| self.sym(it));
                self.exit_loop(label, false);
            }
            Stmt::Labeled { label, body } => {
                let label = self.sym(label);
                self.exec_labeled(label, body);
            }
            Stmt::Assert { test, message } => {
                self.eval(test);
                if let Some(message) = message {
                    self.eval(message);
                }
            }
            Stmt::Nothing => {}
        }
    }

    fn exec_with(&mut self, items: List<WithItem>, body: StmtId) {
        let mut drops_errors = false;
        for item in self.ir().with_item_list(items) {
            let value = self.eval(item.context);
            drops_errors |= value.single() == Some(&Atom::Native(Native::Suppress));
            let value = self.entered(value, self.place_of(item.context));
            if let Some(target) = item.target {
                self.bind(target, value);
            }
        }
        if !drops_errors || self.dead {
            return self.exec(body);
        }
        let start = self.heap.mark();
        self.frame_mut().tries.push(TryExits::new(start));
        self.exec(body);
        let dead = std::mem::replace(&mut self.dead, false);
        let exits = self.frame_mut().tries.pop();
        let mut paths = vec![(!dead).then(|| self.heap.delta(start))];
        self.heap.undo(start);
        if let Some(exits) = exits {
            paths.extend(exits.may_raise.then(Vec::new).map(Some));
            paths.extend(exits.states.into_iter().map(Some));
        }
        self.join_branches(paths);
    }

    pub(super) fn exec_let(&mut self, pattern: PatternId, value: Option<ExprId>) {
        let ir = self.ir();
        let Some(expr) = value else {
            if let Pattern::Var(var) = ir.pattern(pattern)
                && let Some(loc) = self.var_loc(var)
                && self.heap.read(loc).is_absent()
            {
                let value = self.declared_value(var);
                self.heap.write(loc, value);
            }
            return;
        };
        let (value, tells) = self.eval_test(expr);
        if self.dead {
            return;
        }
        if let Pattern::Var(var) = ir.pattern(pattern) {
            self.define(pattern, expr, tells);
            let value = self.typed_by_annotation(var, value);
            self.bind(pattern, value);
            return;
        }
        self.bind(pattern, value);
    }

    /// `return test` where only true (or only false) results matter: the test holds at this exit.
    pub(super) fn exec_wanted_return(&mut self, expr: ExprId, wanted: bool) {
        let value = self.eval(expr);
        match self.truth_of(&value) {
            Some(it) if it != wanted => self.dead = true,
            _ => {
                if self.refine(expr, wanted) && !self.dead {
                    let place = self.place_of(expr);
                    self.leave(Value::bool(wanted), place);
                } else {
                    self.dead = true;
                }
            }
        }
    }

    /// Leaves the function with a result.
    pub(super) fn leave(&mut self, value: Value, place: crate::Place) {
        self.note_return(&value, place);
        self.leave_quietly(value, place);
    }

    /// Leaves a function of which the route knows already where it goes on.
    fn leave_quietly(&mut self, value: Value, place: crate::Place) {
        let delta = self.heap.delta(self.frame().mark);
        let frame = self.frame_mut();
        frame.returns.push((value.clone(), place));
        frame.result = frame.result.join(&value);
        frame.exits.push(delta);
        self.dead = true;
    }

    pub fn throw(&mut self, value: Value) {
        self.throw_named(value, None);
    }

    /// The name of an error's class: of `raise Missing(…)` and `except Missing`.
    fn error_name(&self, expr: ExprId) -> Option<Sym> {
        match self.ir().expr(expr) {
            Expr::Call { callee, .. } => self.error_name(callee),
            Expr::Var(var) => Some(self.sym(self.ir().var(var).name)),
            Expr::Free(name) | Expr::Member { name, .. } => Some(self.sym(name)),
            _ => None,
        }
    }

    fn throw_named(&mut self, value: Value, name: Option<Sym>) {
        let catching = self.frames.iter().rposition(|it| !it.tries.is_empty());
        if let Some(at) = catching
            && let Some(mark) = self.frames[at].tries.last().map(|it| it.mark)
        {
            let delta = self.heap.delta(mark);
            if let Some(it) = self.frames[at].tries.last_mut() {
                it.states.push(delta);
                it.names.push(name);
                it.thrown = it.thrown.join(&value);
            }
        }
        self.dead = true;
    }

    /// Runs one side of a branch from the present state and takes its writes back.
    pub(super) fn branch(&mut self, told: Option<(ExprId, bool)>, body: Option<StmtId>) -> Option<Delta> {
        let mark = self.heap.mark();
        let refuted = std::mem::take(&mut self.refuted);
        let reached = told.is_none_or(|(test, truth)| self.refine(test, truth));
        if !reached {
            self.heap.undo(mark);
            return None;
        }
        if self.route.is_some() && refuted.len() > 1 {
            self.refine_chain(&refuted);
        }
        if self.is_next_test(body) {
            self.refuted = refuted;
        }
        if let Some(body) = body {
            self.uncertain += 1;
            self.exec(body);
            self.uncertain -= 1;
        }
        let dead = std::mem::replace(&mut self.dead, false);
        let delta = self.heap.take(mark);
        (!dead).then_some(delta)
    }

    pub(super) fn join_branches(&mut self, paths: Vec<Option<Delta>>) {
        let live: Vec<Delta> = paths.into_iter().flatten().collect();
        self.dead = live.is_empty();
        self.heap.join(live);
    }

    pub(super) fn exec_if(&mut self, test: ExprId, then: StmtId, otherwise: Option<StmtId>) {
        let mut refuted = std::mem::take(&mut self.refuted);
        let (value, tells) = self.eval_test(test);
        if self.dead {
            return;
        }
        match self.truth_of(&value) {
            Some(true) => {
                if tells {
                    self.refine(test, true);
                }
                self.exec(then);
            }
            Some(false) => {
                if tells {
                    self.refine(test, false);
                }
                if let Some(otherwise) = otherwise {
                    self.exec(otherwise);
                }
            }
            None => {
                if tells {
                    self.hold_tested(test);
                }
                let a = self.branch(tells.then_some((test, true)), Some(then));
                refuted.push(test);
                self.refuted = refuted;
                let b = self.branch(tells.then_some((test, false)), otherwise);
                self.refuted.clear();
                let mut paths = vec![a, b];
                let place = self.place_of(test);
                self.mark_flags(&mut paths, place);
                self.join_branches(paths);
            }
        }
    }

    pub(super) fn exec_try(
        &mut self,
        body: StmtId,
        handlers: List<Handler>,
        otherwise: Option<StmtId>,
        finally: Option<StmtId>,
    ) {
        let ir = self.ir();
        let handlers: Vec<Handler> = ir.handler_list(handlers).to_vec();
        let start = self.heap.mark();
        let returns = self.frame().returns.len();
        if !handlers.is_empty() {
            self.frame_mut().tries.push(TryExits::new(start));
        }
        self.exec(body);
        let mut body_dead = std::mem::replace(&mut self.dead, false);
        let exits = if handlers.is_empty() { None } else { self.frame_mut().tries.pop() };
        let body_end = self.heap.take(start);
        let mut paths = Vec::new();
        if !body_dead && let Some(otherwise) = otherwise {
            self.heap.apply(body_end.clone());
            self.exec(otherwise);
            body_dead = std::mem::replace(&mut self.dead, false);
            paths.push((!body_dead).then(|| self.heap.delta(start)));
            self.heap.undo(start);
        } else {
            paths.push((!body_dead).then(|| body_end.clone()));
        }
        // Where nothing may raise but what says so, a handler starts from there alone. A handler around calls is
        // never left out: its writer knows why it is there.
        if let Some(mut exits) = exits.filter(|it| it.may_raise || it.has_calls || !it.states.is_empty()) {
            exits.may_raise |= exits.states.is_empty();
            if exits.may_raise {
                self.may_raise();
            }
            let names: Vec<Vec<Sym>> = handlers
                .iter()
                .map(|it| ir.expr_list(it.types).iter().filter_map(|it| self.error_name(*it)).collect())
                .collect();
            for (at, handler) in handlers.iter().enumerate() {
                let mut states = if exits.may_raise { vec![Vec::new(), body_end.clone()] } else { Vec::new() };
                // The one that names the class is meant, whichever the class inherits from.
                let is_other = |name: &Option<Sym>| {
                    name.is_some_and(|it| names.iter().position(|all| all.contains(&it)).is_some_and(|it| it != at))
                };
                let arriving = exits.states.iter().zip(&exits.names).filter(|it| !is_other(it.1));
                states.extend(arriving.map(|it| it.0.clone()));
                if states.is_empty() {
                    continue;
                }
                let mark = self.heap.mark();
                self.heap.join(states);
                if let Some(binding) = handler.binding {
                    let value = self.caught(&exits, handler, binding);
                    self.bind(binding, value);
                }
                self.exec(handler.body);
                let dead = std::mem::replace(&mut self.dead, false);
                let delta = self.heap.take(mark);
                paths.push((!dead).then_some(delta));
            }
        }
        self.join_branches(paths);
        if let Some(finally) = finally {
            let dead = std::mem::replace(&mut self.dead, false);
            let inside = self.frame().returns.len();
            self.exec(finally);
            if self.dead {
                self.forget_returns(returns, inside);
            }
            self.dead |= dead;
        }
    }

    /// A `finally` that leaves takes the place of what the block before it returns.
    fn forget_returns(&mut self, from: usize, to: usize) {
        let frame = self.frame_mut();
        if from == to || frame.exits.len() != frame.returns.len() {
            return;
        }
        frame.returns.drain(from..to);
        frame.exits.drain(from..to);
        frame.result = frame.returns.iter().fold(Value::absent(), |all, it| all.join(&it.0));
    }

    /// What a handler catches: what was thrown, or an error nobody knows.
    fn caught(&mut self, exits: &TryExits, handler: &Handler, binding: PatternId) -> Value {
        let ir = self.ir();
        for kind in ir.expr_list(handler.types) {
            self.eval(*kind);
        }
        if !exits.may_raise && !exits.thrown.is_absent() {
            return exits.thrown.clone();
        }
        let place = self.place(ir.pattern_spans[binding.index()]);
        let is_broad = |it: &ExprId| match ir.expr(*it) {
            Expr::Free(name) | Expr::Member { name, .. } => crate::names::is("broad-error", ir.name(name)),
            _ => false,
        };
        let types = ir.expr_list(handler.types);
        let kind = match types {
            [] => "error",
            types if types.iter().any(is_broad) => "error.any",
            _ => "error.expected",
        };
        let error = self.unknown_error(kind, place);
        exits.thrown.join(&error)
    }

    /// An error that somebody raised, nobody knows who.
    pub(super) fn unknown_error(&mut self, kind: &str, place: crate::Place) -> Value {
        let labels = self.source(Machine::source_kind(kind), place, false);
        let language = self.language();
        let atom = self.places.named_type(language, "Error").map_or(Atom::Unknown(None), Atom::Lib);
        Value::labelled(atom, labels)
    }

    /// What `with x as y` gives: the thing itself, unless its class says otherwise.
    pub(super) fn entered(&mut self, value: Value, place: crate::Place) -> Value {
        let Some(id) = value.object() else { return value };
        if self.heap.object(id).kind == super::heap::ObjectKind::Generator {
            // A generator made into a context gives what it yields first.
            return self.next_of(id, None, false);
        }
        let super::heap::ObjectKind::Instance(class) = self.heap.object(id).kind else { return value };
        for name in self.natives.enter {
            if let Some(method) = self.class_member(class, name, &value)
                && matches!(method.single(), Some(Atom::Closure(_)))
            {
                return self.call_value(&method, value, super::machine::Args::default(), place);
            }
        }
        value
    }

    /// Overwrites what an expression names, if it names a place.
    pub fn narrow_to(&mut self, expr: ExprId, value: Value) {
        self.deeper(1, |it| it.narrow_place(expr, value));
    }

    fn narrow_place(&mut self, expr: ExprId, value: Value) {
        match self.ir().expr(expr) {
            Expr::Var(var) => {
                if let Some(loc) = self.var_loc(var) {
                    self.write_narrowed(loc, value);
                }
            }
            Expr::Member { object, name, .. } => {
                let holder = self.eval(object);
                let holder = self.writable(holder, object);
                let key = self.key_of_text(self.sym(name));
                if let Some(id) = holder.object() {
                    self.heap.write(Loc::Field(id, key), value);
                }
            }
            Expr::Index { object, index } => {
                let key = self.eval(index);
                if let Some(key) = self.key_of(&key) {
                    let holder = self.eval(object);
                    let holder = self.writable(holder, object);
                    if let Some(id) = holder.object() {
                        self.heap.write(Loc::Field(id, key), value);
                    }
                }
            }
            Expr::Free(name) => {
                let key = Key::Name(self.sym(name));
                if self.heap.field(self.globals, key).is_some() {
                    self.heap.write(Loc::Field(self.globals, key), value);
                }
            }
            Expr::Assign { target, .. } => {
                if let Pattern::Var(var) = self.ir().pattern(target)
                    && let Some(loc) = self.var_loc(var)
                {
                    self.write_narrowed(loc, value);
                }
            }
            Expr::Await(inner) => self.narrow_to(inner, value),
            _ => {}
        }
    }

    pub(super) fn write_narrowed(&mut self, loc: Loc, value: Value) {
        self.heap.write(loc, value);
    }
}

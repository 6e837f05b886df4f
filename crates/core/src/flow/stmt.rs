//! Statements: branches are run one after another from the same state and joined; loops twice.

use backend_specialist_syntax::ir::{
    Case, Each, Expr, ExprId, Handler, List, LoopKind, Pattern, PatternId, Stmt, StmtId,
};

use super::heap::{Delta, Key, Loc};
use super::machine::{LoopExits, Machine, NESTING_MAX, TOTAL_NESTING_MAX, TryExits};
use super::value::{Atom, Sym, Value};

/// Elements of a loop that are gone through one by one.
pub const UNROLL_MAX: usize = 24;

impl<'a> Machine<'a> {
    pub fn exec(&mut self, stmt: StmtId) {
        if self.dead || self.budget == 0 {
            return;
        }
        let depth = self.depth;
        let frame = self.frame_mut();
        if frame.nesting > NESTING_MAX || depth > TOTAL_NESTING_MAX {
            return;
        }
        frame.nesting += 1;
        self.depth += 1;
        self.exec_stmt(stmt);
        self.depth -= 1;
        self.frame_mut().nesting -= 1;
    }

    fn exec_stmt(&mut self, id: StmtId) {
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
            Stmt::With { items, body } => {
                for item in ir.with_item_list(items) {
                    let value = self.eval(item.context);
                    let value = self.entered(value, item.context);
                    if let Some(target) = item.target {
                        self.bind(target, value);
                    }
                }
                self.exec(body);
            }
            Stmt::Return(value) => {
                let returned = value;
                if let Some(expr) = value
                    && let Some(wanted) = self.frame().wanted
                {
                    return self.exec_wanted_return(expr, wanted);
                }
                let value = value.map(|it| {
                    let place = self.place_of(it);
                    let value = self.eval(it);
                    self.step_value(value, place)
                });
                if !self.dead {
                    let place = returned.map_or_else(|| self.place(ir.stmt_span(id)), |it| self.place_of(it));
                    self.leave(value.unwrap_or_else(Value::undefined), place);
                }
            }
            Stmt::Throw(value) => {
                let value = value.map(|it| self.eval(it)).unwrap_or_else(Value::unknown);
                self.throw(value);
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

    fn exec_let(&mut self, pattern: PatternId, value: Option<ExprId>) {
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
        let value = self.eval(expr);
        if self.dead {
            return;
        }
        if let Pattern::Var(var) = ir.pattern(pattern) {
            self.define(pattern, expr);
            let value = self.typed_by_annotation(var, value);
            self.bind(pattern, value);
            return;
        }
        self.bind(pattern, value);
    }

    /// `return test` where only true (or only false) results matter: the test holds at this exit.
    fn exec_wanted_return(&mut self, expr: ExprId, wanted: bool) {
        let value = self.eval(expr);
        match self.truth(&value, self.ir().semantics) {
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
    fn leave(&mut self, value: Value, place: crate::Place) {
        let delta = self.heap.delta(self.frame().mark);
        let frame = self.frame_mut();
        frame.returns.push((value.clone(), place));
        frame.result = frame.result.join(&value);
        frame.exits.push(delta);
        self.dead = true;
    }

    pub fn throw(&mut self, value: Value) {
        if let Some(mark) = self.frame().tries.last().map(|it| it.mark) {
            let delta = self.heap.delta(mark);
            if let Some(it) = self.frame_mut().tries.last_mut() {
                it.states.push(delta);
                it.thrown = it.thrown.join(&value);
            }
        } else if let Some(outer) = self.frames.iter_mut().rev().find(|it| !it.tries.is_empty())
            && let Some(it) = outer.tries.last_mut()
        {
            it.thrown = it.thrown.join(&value);
        }
        self.dead = true;
    }

    /// Runs one side of a branch from the present state and takes its writes back.
    fn branch(&mut self, test: Option<(ExprId, bool)>, body: Option<StmtId>) -> Option<Delta> {
        let mark = self.heap.mark();
        let reached = match test {
            Some((test, truth)) => self.refine(test, truth),
            None => true,
        };
        if !reached {
            self.heap.undo(mark);
            return None;
        }
        if let Some(body) = body {
            self.exec(body);
        }
        let dead = std::mem::replace(&mut self.dead, false);
        let delta = self.heap.take(mark);
        (!dead).then_some(delta)
    }

    fn join_branches(&mut self, paths: Vec<Option<Delta>>) {
        let live: Vec<Delta> = paths.into_iter().flatten().collect();
        self.dead = live.is_empty();
        self.heap.join(live);
    }

    fn exec_if(&mut self, test: ExprId, then: StmtId, otherwise: Option<StmtId>) {
        let value = self.eval(test);
        if self.dead {
            return;
        }
        match self.truth(&value, self.ir().semantics) {
            Some(true) => {
                self.refine(test, true);
                self.exec(then);
            }
            Some(false) => {
                self.refine(test, false);
                if let Some(otherwise) = otherwise {
                    self.exec(otherwise);
                }
            }
            None => {
                let a = self.branch(Some((test, true)), Some(then));
                let b = self.branch(Some((test, false)), otherwise);
                self.join_branches(vec![a, b]);
            }
        }
    }

    fn exec_labeled(&mut self, label: Sym, body: StmtId) {
        match self.ir().stmt(body) {
            Stmt::Loop { kind, test, update, body, otherwise } => {
                self.exec_loop(kind, test, update, body, otherwise, Some(label))
            }
            Stmt::ForEach { each, pattern, iterable, body, otherwise } => {
                self.exec_each(each, pattern, iterable, body, otherwise, Some(label));
            }
            Stmt::Block(stmts) => {
                // `{ let i = 0; while … }`: the label belongs to the loop inside.
                let stmts: Vec<StmtId> = self.ir().stmt_list(stmts).to_vec();
                for (index, stmt) in stmts.iter().enumerate() {
                    if index + 1 == stmts.len() { self.exec_labeled(label, *stmt) } else { self.exec(*stmt) }
                }
            }
            _ => self.exec(body),
        }
    }

    fn exit_loop(&mut self, label: Option<Sym>, is_break: bool) {
        let position = self.frame().loops.iter().rposition(|it| match label {
            Some(label) => it.label == Some(label),
            None => is_break || !it.is_switch,
        });
        if let Some(position) = position
            && let Some(mark) = self.frame().loops[position].mark
        {
            let delta = self.heap.delta(mark);
            let exits = &mut self.frame_mut().loops[position];
            if is_break { exits.breaks.push(delta) } else { exits.continues.push(delta) }
        }
        self.dead = true;
    }

    /// One pass over a loop's body: what every way back to its head left, and what the ways out left.
    fn iterate(
        &mut self,
        label: Option<Sym>,
        enter: impl FnOnce(&mut Self) -> bool,
        body: StmtId,
        update: Option<ExprId>,
    ) -> (Vec<Delta>, Vec<Delta>) {
        let mark = self.heap.mark();
        self.frame_mut().loops.push(LoopExits { label, mark: Some(mark), ..LoopExits::default() });
        let mut ends = Vec::new();
        if enter(self) {
            self.exec(body);
            if !self.dead {
                ends.push(self.heap.delta(mark));
            }
        }
        self.dead = false;
        self.heap.undo(mark);
        let exits = self.frame_mut().loops.pop().unwrap_or_default();
        ends.extend(exits.continues);
        if let Some(update) = update
            && !ends.is_empty()
        {
            let mark = self.heap.mark();
            self.heap.join(ends);
            self.eval(update);
            self.dead = false;
            ends = vec![self.heap.take(mark)];
        }
        (ends, exits.breaks)
    }

    fn exec_loop(
        &mut self,
        kind: LoopKind,
        test: Option<ExprId>,
        update: Option<ExprId>,
        body: StmtId,
        otherwise: Option<StmtId>,
        label: Option<Sym>,
    ) {
        let mut breaks: Vec<Delta> = Vec::new();
        let start = self.heap.mark();
        let mut first = true;
        let mut exact = true;
        // Constant loops are run as they would be; others twice, joined with what was before.
        for round in 0..UNROLL_MAX {
            let skip_test = kind == LoopKind::DoWhile && first;
            first = false;
            let truth = match test {
                Some(test) if !skip_test => {
                    let value = self.eval(test);
                    self.truth(&value, self.ir().semantics)
                }
                Some(_) => Some(true),
                None => None,
            };
            if truth == Some(false) && test.is_some() {
                break;
            }
            let known = truth == Some(true) && exact && !skip_test && round + 1 < UNROLL_MAX;
            if !known {
                exact = false;
            }
            let (ends, outs) =
                self.iterate(label, |it| test.is_none_or(|test| skip_test || it.refine(test, true)), body, update);
            for out in outs {
                breaks.push(self.since(start, out));
            }
            let mut paths = ends;
            if paths.is_empty() {
                if known || (truth == Some(true) && test.is_some()) {
                    // The body never comes back.
                    self.dead = true;
                    break;
                }
            }
            if !known && !skip_test {
                paths.push(Vec::new());
            }
            self.heap.join(paths);
            if !known && round >= 1 {
                break;
            }
        }
        let endless = test.is_none_or(|it| matches!(self.ir().expr(it), Expr::Const(_))) && kind == LoopKind::While;
        if !self.dead && !endless {
            if let Some(test) = test {
                self.refine(test, false);
            }
            if let Some(otherwise) = otherwise {
                self.exec(otherwise);
            }
        } else if endless && !breaks.is_empty() {
            // Only `break` leaves it.
        }
        self.leave_loop(start, breaks);
    }

    /// A way out of a loop, as writes since the loop began.
    fn since(&mut self, start: super::heap::Mark, delta: Delta) -> Delta {
        let mark = self.heap.mark();
        self.heap.apply(delta);
        let all = self.heap.delta(start);
        self.heap.undo(mark);
        all
    }

    fn leave_loop(&mut self, start: super::heap::Mark, breaks: Vec<Delta>) {
        if breaks.is_empty() {
            return;
        }
        let mut paths = breaks;
        if !self.dead {
            paths.push(self.heap.delta(start));
        }
        self.heap.undo(start);
        self.dead = false;
        self.heap.join(paths);
    }

    fn exec_each(
        &mut self,
        each: Each,
        pattern: PatternId,
        iterable: ExprId,
        body: StmtId,
        otherwise: Option<StmtId>,
        label: Option<Sym>,
    ) {
        let value = self.eval(iterable);
        let value = self.settled(value);
        let place = self.place_of(iterable);
        let start = self.heap.mark();
        let mut breaks = Vec::new();
        let known = match each {
            Each::Elements => value.object().and_then(|it| self.known_iteration(it)),
            Each::Keys => value.object().and_then(|it| self.known_keys(it)),
        };
        match known.filter(|it| it.len() <= UNROLL_MAX) {
            Some(items) => {
                for item in items {
                    let item = self.step_value(item, place);
                    let (ends, outs) = self.iterate(
                        label,
                        |it| {
                            it.bind(pattern, item);
                            true
                        },
                        body,
                        None,
                    );
                    for out in outs {
                        breaks.push(self.since(start, out));
                    }
                    if ends.is_empty() {
                        self.dead = true;
                        break;
                    }
                    self.heap.join(ends);
                }
            }
            None => {
                let item = match each {
                    Each::Elements => self.iterated(&value, pattern, place),
                    Each::Keys => self.property_names(&value, place),
                };
                for _ in 0..2 {
                    let item = item.clone();
                    let (mut ends, outs) = self.iterate(
                        label,
                        |it| {
                            it.bind(pattern, item);
                            true
                        },
                        body,
                        None,
                    );
                    for out in outs {
                        breaks.push(self.since(start, out));
                    }
                    ends.push(Vec::new());
                    self.heap.join(ends);
                }
            }
        }
        if !self.dead
            && let Some(otherwise) = otherwise
        {
            self.exec(otherwise);
        }
        self.leave_loop(start, breaks);
    }

    fn known_iteration(&mut self, id: super::value::ObjectId) -> Option<Vec<Value>> {
        if self.heap.object(id).kind == super::heap::ObjectKind::Plain && self.ir().semantics.empty_is_false {
            return self.known_keys(id);
        }
        self.heap.known_elements(id)
    }

    fn known_keys(&mut self, id: super::value::ObjectId) -> Option<Vec<Value>> {
        let object = self.heap.object(id);
        if !object.rest.is_absent()
            || !object.labels.labels.is_empty()
            || matches!(object.kind, super::heap::ObjectKind::Library(_))
        {
            return None;
        }
        let keys: Vec<super::heap::Key> = object.fields.iter().filter(|it| !it.1.is_absent()).map(|it| it.0).collect();
        Some(keys.into_iter().map(|it| self.key_value(it)).collect())
    }

    fn property_names(&mut self, value: &Value, place: crate::Place) -> Value {
        let mut all = Value::absent();
        for atom in value.atoms() {
            all = all.join(&match atom {
                Atom::Object(id) => self.keys_of(*id, &value.labels),
                _ => Value::labelled(Atom::AnyText, value.labels.filter(|it| it.keys || it.structured)),
            });
        }
        if all.is_absent() {
            all = Value::atom(Atom::AnyText);
        }
        self.step_value(all, place)
    }

    fn exec_switch(&mut self, subject: ExprId, cases: List<Case>) {
        let ir = self.ir();
        let value = self.eval(subject);
        let cases: Vec<Case> = ir.case_list(cases).to_vec();
        let start = self.heap.mark();
        self.frame_mut().loops.push(LoopExits { mark: Some(start), is_switch: true, ..LoopExits::default() });
        let mut paths: Vec<Delta> = Vec::new();
        // What earlier arms that fall through left at the head of the next body.
        let mut falling: Vec<Delta> = Vec::new();
        let mut decided = false;
        let mut has_default = false;
        for (index, case) in cases.iter().enumerate() {
            has_default |= case.is_default;
            let taken = if decided { Some(false) } else { self.case_taken(&value, case, &cases, index) };
            let mut heads = std::mem::take(&mut falling);
            if taken != Some(false) {
                let mark = self.heap.mark();
                let narrowed = self.narrow_case(subject, &value, case);
                if narrowed {
                    if let Some(pattern) = case.pattern {
                        self.bind(pattern, value.clone());
                    }
                    let open = match case.guard {
                        Some(guard) => {
                            let test = self.eval(guard);
                            self.truth(&test, ir.semantics) != Some(false) && self.refine(guard, true)
                        }
                        None => true,
                    };
                    if open {
                        heads.push(self.heap.delta(mark));
                    }
                }
                self.heap.undo(mark);
                decided = taken == Some(true) && case.guard.is_none();
            }
            if heads.is_empty() {
                continue;
            }
            let mark = self.heap.mark();
            self.heap.join(heads);
            self.exec(case.body);
            let dead = std::mem::replace(&mut self.dead, false);
            let delta = self.heap.take(mark);
            if !dead {
                if case.falls_through && index + 1 < cases.len() { falling.push(delta) } else { paths.push(delta) }
            }
        }
        let exits = self.frame_mut().loops.pop().unwrap_or_default();
        paths.extend(exits.breaks);
        paths.extend(falling);
        if !decided && !has_default {
            paths.push(Vec::new());
        }
        self.dead = paths.is_empty();
        self.heap.join(paths);
    }

    /// Whether an arm is taken, where that is known.
    fn case_taken(&mut self, value: &Value, case: &Case, cases: &[Case], index: usize) -> Option<bool> {
        if case.is_default {
            // A default in the middle is taken if no other arm is.
            let mut unknown = false;
            for other in cases.get(index + 1..).unwrap_or_default() {
                match self.case_taken(value, other, &[], 0) {
                    Some(true) => return Some(false),
                    Some(false) => {}
                    None => unknown = true,
                }
                if cases.is_empty() {
                    break;
                }
            }
            return if unknown { None } else { Some(true) };
        }
        let ir = self.ir();
        let tests = ir.expr_list(case.tests);
        if tests.is_empty() {
            return None;
        }
        let mut unknown = case.pattern.is_some();
        for test in tests {
            let test = self.eval(*test);
            match self.equal(value, &test, false) {
                Some(true) if value.labels.is_empty() => return if case.pattern.is_some() { None } else { Some(true) },
                Some(false) if value.labels.is_empty() => {}
                _ => unknown = true,
            }
        }
        if unknown { None } else { Some(false) }
    }

    /// Inside an arm the subject is one of its constants.
    fn narrow_case(&mut self, subject: ExprId, value: &Value, case: &Case) -> bool {
        let ir = self.ir();
        let tests: Vec<ExprId> = ir.expr_list(case.tests).to_vec();
        if tests.is_empty() || case.pattern.is_some() || case.is_default {
            return true;
        }
        let mut only = Value::absent();
        for test in tests {
            let test = self.eval(test);
            only = only.join(&test);
        }
        if only.atoms().iter().all(|it| matches!(it, Atom::Text(_) | Atom::Number(_) | Atom::Bool(_) | Atom::Null)) {
            // `switch (true)` tests the arms themselves.
            if value.single() == Some(&Atom::Bool(true)) {
                return true;
            }
            self.narrow_to(subject, only);
        } else if value.single() == Some(&Atom::Bool(true)) {
            let tests: Vec<ExprId> = ir.expr_list(case.tests).to_vec();
            if let [test] = tests.as_slice() {
                return self.refine(*test, true);
            }
        }
        true
    }

    fn exec_try(&mut self, body: StmtId, handlers: List<Handler>, otherwise: Option<StmtId>, finally: Option<StmtId>) {
        let ir = self.ir();
        let handlers: Vec<Handler> = ir.handler_list(handlers).to_vec();
        let start = self.heap.mark();
        if !handlers.is_empty() {
            self.frame_mut().tries.push(TryExits { mark: start, states: Vec::new(), thrown: Value::absent() });
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
        if let Some(exits) = exits {
            for handler in &handlers {
                let mut states = vec![Vec::new(), body_end.clone()];
                states.extend(exits.states.iter().cloned());
                let mark = self.heap.mark();
                self.heap.join(states);
                if let Some(binding) = handler.binding {
                    let value = self.caught(&exits.thrown, handler, binding);
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
            self.exec(finally);
            self.dead |= dead;
        }
    }

    /// What a handler catches: what was thrown, or an error nobody knows.
    fn caught(&mut self, thrown: &Value, handler: &Handler, binding: PatternId) -> Value {
        let ir = self.ir();
        let place = self.place(ir.pattern_spans[binding.index()]);
        let labels = self.source(Machine::source_kind("error"), place, false);
        let language = self.language();
        let error = match self.places.named_type(language, "Error") {
            Some(state) => Value::labelled(Atom::Lib(state), labels),
            None => Value::labelled(Atom::Unknown(None), labels),
        };
        for kind in ir.expr_list(handler.types) {
            self.eval(*kind);
        }
        thrown.join(&error)
    }

    /// What `with x as y` gives: the thing itself, unless its class says otherwise.
    fn entered(&mut self, value: Value, context: ExprId) -> Value {
        let place = self.place_of(context);
        let name = self.intern("__enter__");
        let name_async = self.intern("__aenter__");
        let Some(id) = value.object() else { return value };
        let super::heap::ObjectKind::Instance(class) = self.heap.object(id).kind else { return value };
        for name in [name, name_async] {
            if let Some(method) = self.class_member(class, name, &value, 0)
                && matches!(method.single(), Some(Atom::Closure(_)))
            {
                return self.call_value(&method, value, super::machine::Args::default(), place);
            }
        }
        value
    }

    /// Overwrites what an expression names, if it names a place.
    pub fn narrow_to(&mut self, expr: ExprId, value: Value) {
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

    fn write_narrowed(&mut self, loc: Loc, value: Value) {
        self.heap.write(loc, value);
    }
}

//! Loops and switches.

use super::heap::{Delta, Reach, Scope};
use super::machine::{LoopExits, Machine};
use super::value::{Atom, Labels, Sym, Value};
use crate::finding::StepKind;
use backend_specialist_syntax::ir::{Case, Each, Expr, ExprId, List, LoopKind, PatternId, Stmt, StmtId};

/// Elements of a loop that are gone through one by one.
pub const UNROLL_MAX: usize = 24;
/// Expressions evaluated for a loop, after which its other elements are gone through as one.
pub const UNROLL_WORK: u32 = 1_000;

impl<'a> Machine<'a> {
    pub(super) fn exec_labeled(&mut self, label: Sym, body: StmtId) {
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

    pub(super) fn exit_loop(&mut self, label: Option<Sym>, is_break: bool) {
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
    pub(super) fn iterate(
        &mut self,
        label: Option<Sym>,
        enter: impl FnOnce(&mut Self) -> bool,
        body: StmtId,
        update: Option<ExprId>,
    ) -> (Vec<Delta>, Vec<Delta>) {
        let mark = self.heap.mark();
        let outside = self.enter_round(body);
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
        self.frame_mut().scope = outside;
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

    /// Every round of a loop has its own variables where closures hold them. Gives the scope to return to.
    fn enter_round(&mut self, body: StmtId) -> super::value::ScopeId {
        let outside = self.frame().scope;
        let key = (self.frame().module, body);
        let slots = match self.round_slots.get(&key) {
            Some(slots) => slots.clone(),
            None => {
                let slots = self.module().round_slots(body);
                self.round_slots.insert(key, slots.clone());
                slots
            }
        };
        if let Some(round) = slots {
            let scope = self.heap.scope(outside);
            let (function, count) = (scope.function, scope.slots.len());
            let slots = vec![Value::absent(); count];
            let scope = Scope { function, parent: Some(outside), slots, round: Some(round) };
            self.frame_mut().scope = self.heap.push_scope(scope);
        }
        outside
    }

    /// Whether a pass left anything from which another pass would find more than the one before: data, or something
    /// to call.
    fn grows(&self, before: Reach, ends: &[Delta]) -> bool {
        let ends = ends.iter().flatten();
        ends.filter(|it| self.heap.was_there(it.0, before)).any(|(loc, value)| {
            let old = self.heap.read(*loc);
            let is_new = |it: &Atom| match it {
                Atom::Closure(_) | Atom::Class(_) | Atom::Lib(_) | Atom::Bound(_) => !old.atoms().contains(it),
                Atom::Object(_) => !old.atoms().contains(it) && self.holds_data(&Value::atom(it.clone())),
                _ => false,
            };
            !is_covered(&value.labels, &old.labels) || value.atoms().iter().any(is_new)
        })
    }

    pub(super) fn exec_loop(
        &mut self,
        kind: LoopKind,
        test: Option<ExprId>,
        update: Option<ExprId>,
        body: StmtId,
        otherwise: Option<StmtId>,
        label: Option<Sym>,
    ) {
        let mut breaks: Vec<Delta> = Vec::new();
        let (start, reach) = (self.heap.mark(), self.heap.reach());
        let mut first = true;
        let mut exact = true;
        let given = self.budget;
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
            let spent = given.saturating_sub(self.budget);
            let known = truth == Some(true) && exact && !skip_test && round + 1 < UNROLL_MAX && spent < UNROLL_WORK;
            if !known {
                exact = false;
            }
            let (ends, outs) =
                self.iterate(label, |it| test.is_none_or(|test| skip_test || it.refine(test, true)), body, update);
            for out in outs {
                breaks.push(self.since(start, out));
            }
            let grows = known || self.grows(reach, &ends);
            let mut paths = ends;
            if paths.is_empty() && (known || (truth == Some(true) && test.is_some())) {
                // The body never comes back.
                self.dead = true;
                break;
            }
            if !known && !skip_test {
                paths.push(Vec::new());
            }
            self.heap.join(paths);
            if !known && (round >= 1 || !grows) {
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
    pub(super) fn since(&mut self, start: super::heap::Mark, delta: Delta) -> Delta {
        let mark = self.heap.mark();
        self.heap.apply(delta);
        let all = self.heap.delta(start);
        self.heap.undo(mark);
        all
    }

    pub(super) fn leave_loop(&mut self, start: super::heap::Mark, breaks: Vec<Delta>) {
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

    pub(super) fn exec_each(
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
        let value = if each == Each::Elements { self.iterable(value) } else { value };
        let place = self.place_of(iterable);
        self.frame_mut().at = place;
        let (start, reach) = (self.heap.mark(), self.heap.reach());
        let mut breaks = Vec::new();
        let known = match each {
            Each::Elements => value.object().and_then(|it| self.known_iteration(it)),
            Each::Keys => value.object().and_then(|it| self.known_keys(it)),
        };
        match known.filter(|it| it.len() <= UNROLL_MAX) {
            Some(items) => {
                let given = self.budget;
                let mut items = std::collections::VecDeque::from(items);
                while let Some(mut item) = items.pop_front() {
                    if given.saturating_sub(self.budget) > UNROLL_WORK {
                        item = items.drain(..).fold(item, |all, it| all.join(&it));
                    }
                    let item = self.step_value(StepKind::Item, item, place);
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
                    Each::Elements => self.iterated(&value, place),
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
                    let grows = self.grows(reach, &ends);
                    for out in outs {
                        breaks.push(self.since(start, out));
                    }
                    ends.push(Vec::new());
                    self.heap.join(ends);
                    if !grows {
                        break;
                    }
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

    pub(super) fn known_iteration(&mut self, id: super::value::ObjectId) -> Option<Vec<Value>> {
        if self.heap.object(id).kind == super::heap::ObjectKind::Plain && self.ir().semantics.empty_is_false {
            return self.known_keys(id);
        }
        self.heap.known_elements(id)
    }

    pub(super) fn known_keys(&mut self, id: super::value::ObjectId) -> Option<Vec<Value>> {
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

    pub(super) fn property_names(&mut self, value: &Value, place: crate::Place) -> Value {
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
        self.step_value(StepKind::Item, all, place)
    }

    pub(super) fn exec_switch(&mut self, subject: ExprId, cases: List<Case>) {
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
    pub(super) fn case_taken(&mut self, value: &Value, case: &Case, cases: &[Case], index: usize) -> Option<bool> {
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
    pub(super) fn narrow_case(&mut self, subject: ExprId, value: &Value, case: &Case) -> bool {
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
}

/// Whether all data of one is in the other, and no more dangerous than there.
fn is_covered(labels: &Labels, by: &Labels) -> bool {
    labels.iter().all(|it| {
        by.iter().any(|known| {
            known.origin == it.origin
                && known.safe.is_subset(it.safe)
                && known.chars.union(it.chars) == known.chars
                && (known.structured || !it.structured)
        })
    })
}

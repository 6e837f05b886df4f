//! What one handler leaves for the next: those of one route run one behind the other, with one request and response;
//! what middleware of a whole application wrote there is found again by all.

use rustc_hash::FxHashMap;

use super::heap::{Delta, Key, Loc, Mark, ObjectKind};
use super::machine::{Args, Machine, Pending};
use super::value::{Atom, ClosureId, Label, Labels, ObjectId, Sym, Value};
use crate::model::State;
use crate::model::rows::Constant;
use backend_specialist_syntax::ir::TOP_LEVEL;

/// Handlers that run in front of one.
const CHAIN_MAX: usize = 12;

/// Where a handler went on to the next one.
#[derive(Debug)]
pub struct Continuation {
    mark: Mark,
    states: Vec<Delta>,
}

/// Labels of a value, and of its members by name.
type Carried = (Labels, Vec<(Sym, Labels)>);

/// What earlier handlers left.
#[derive(Debug, Default)]
pub struct Left {
    /// The request and response of the chain that runs, by type.
    shared: Option<Vec<(State, Value)>>,
    continuation: Option<Continuation>,
    /// By the library's object and the name of the member: data in it, and in its own members.
    carried: FxHashMap<(u64, Sym), Carried>,
}

impl<'a> Machine<'a> {
    /// Makes one chain of the handlers that a registration gave, from there on.
    pub(super) fn chain_handlers(&mut self, from: usize) {
        if self.pending.len() < from + 2 || self.pending.len() > from + CHAIN_MAX {
            return;
        }
        let chain = self.pending.split_off(from);
        let mut chain = chain;
        if let Some(mut last) = chain.pop() {
            last.chain = chain;
            self.pending.push(last);
        }
    }

    /// Runs the handlers in front; each leaves the state in which it went on.
    pub(super) fn run_chain(&mut self, pending: &Pending) {
        if pending.chain.is_empty() {
            return;
        }
        self.left.shared = Some(Vec::new());
        for link in &pending.chain {
            let mark = self.heap.mark();
            self.left.continuation = Some(Continuation { mark, states: Vec::new() });
            match link.function.object() {
                Some(check) => self.run_field_check(check, &link.params, &pending.function),
                None => self.run_links(link),
            }
            let states = self.left.continuation.take().map(|it| it.states).unwrap_or_default();
            if !states.is_empty() {
                self.heap.undo(mark);
                self.heap.join(states);
            }
        }
    }

    /// A value of a library that stands for a check of one field of the request.
    pub(super) fn checks_a_field(&mut self, id: ObjectId) -> bool {
        let ObjectKind::Library(state) = self.heap.object(id).kind else { return false };
        self.places.member(state, "shaped").is_some() && self.heap.field(id, Key::Name(self.natives.field)).is_some()
    }

    /// Whether what stands in front of a handler is a check of one field; if so the request has passed it.
    pub fn passes_field_check(&mut self, link: &Value, params: &[Option<State>], handler: &Value) -> bool {
        let check = link.object().filter(|it| self.checks_a_field(*it));
        if let Some(check) = check {
            self.run_field_check(check, params, handler);
        }
        check.is_some()
    }

    /// The field is from now on what the check lets through.
    fn run_field_check(&mut self, check: ObjectId, params: &[Option<State>], handler: &Value) {
        let ObjectKind::Library(state) = self.heap.object(check).kind else { return };
        let Some(handler) = self.closure_of(handler) else { return };
        let Some(request) = params.first().copied().flatten() else { return };
        let closure = &self.closures[handler.0 as usize];
        let module = closure.module;
        let ir = self.modules[module as usize].ir;
        let Some(param) = ir.param_list(ir.function(closure.function).params).first() else { return };
        let scope = self.states[module as usize].scope;
        self.push_frame(module, TOP_LEVEL, scope, Value::undefined());
        // What other fields hold comes in by the handler's first parameter.
        let place = self.place(param.span);
        let request = self.shared_object(request).unwrap_or_else(|| {
            let mut args = Args::of(vec![Value::atom(Atom::Lib(request))], place);
            self.share(&mut args);
            args.value(0)
        });
        let field = self.heap.field(check, Key::Name(self.natives.field)).and_then(Value::text);
        let parts = self.places.member(state, "parts").and_then(|it| {
            let rows = self.places.rows(it);
            rows.constants.first().and_then(|it| match it.row {
                Constant::Text(text) => Some(text.to_string()),
                _ => None,
            })
        });
        if let (Some(id), Some(field), Some(parts)) = (request.object(), field, parts) {
            for part in parts.split(' ') {
                self.check_field(check, id, part, field, place);
            }
        }
        self.frames.pop();
    }

    /// The function that a handler is, bound to an object or not.
    fn closure_of(&self, handler: &Value) -> Option<ClosureId> {
        match handler.single()? {
            Atom::Closure(id) => Some(*id),
            Atom::Bound(bound) => self.closure_of(&bound.function),
            _ => None,
        }
    }

    fn check_field(&mut self, check: ObjectId, request: ObjectId, part: &str, field: Sym, place: crate::Place) {
        let part = self.intern(part);
        let holder = self.member(&Value::atom(Atom::Object(request)), part, None, place);
        let holder = match holder.single() {
            Some(Atom::Object(id)) => *id,
            Some(Atom::Lib(state)) => {
                let id = self.new_object(ObjectKind::Library(*state));
                self.heap.write(Loc::Labels(id), Value::absent().adding(&holder.labels));
                self.heap.write(Loc::Field(request, Key::Name(part)), Value::atom(Atom::Object(id)));
                id
            }
            _ => return,
        };
        let key = self.key_of_text(field);
        let data = match self.heap.field(holder, key) {
            Some(known) => known.labels.clone(),
            None => self.heap.labels_of(holder).clone(),
        };
        let checked = self.shaped_field(check, &data, place);
        self.heap.write(Loc::Field(holder, key), checked);
    }

    pub(super) fn end_chain(&mut self) {
        self.left.shared = None;
    }

    /// The next handler is called: this is what it finds.
    pub(super) fn hand_on(&mut self) {
        let Some(it) = &self.left.continuation else { return };
        let delta = self.heap.delta(it.mark);
        if let Some(it) = &mut self.left.continuation {
            it.states.push(delta);
        }
    }

    /// All handlers of a chain get the same objects.
    pub(super) fn share(&mut self, args: &mut Args) {
        let Some(mut shared) = self.left.shared.take() else { return };
        for (value, _) in &mut args.positional {
            let Some(Atom::Lib(state)) = value.single() else { continue };
            let state = *state;
            if let Some((_, known)) = shared.iter().find(|it| it.0 == state) {
                *value = known.clone();
                continue;
            }
            let id = self.new_object(ObjectKind::Library(state));
            if !value.labels.is_empty() {
                self.heap.write(Loc::Labels(id), Value::absent().adding(&value.labels));
            }
            *value = Value::atom(Atom::Object(id));
            shared.push((state, value.clone()));
        }
        self.left.shared = Some(shared);
    }

    /// Keeps what was written to objects of libraries since then, under names that no model knows.
    pub(super) fn carry(&mut self, from: usize) {
        for index in from..self.heap.objects.len() {
            let object = &self.heap.objects[index];
            let ObjectKind::Library(state) = object.kind else { continue };
            for (key, value) in object.fields.clone() {
                let Key::Name(name) = key else { continue };
                let text = self.text(name);
                if self.places.member(state, &text).is_some() {
                    continue;
                }
                let all = self.deep_labels(&value);
                if all.is_empty() {
                    continue;
                }
                let (own, fields) = self.carried_parts(&value, &all);
                let key = (self.carrier(state), name);
                let entry = self.left.carried.entry(key).or_default();
                entry.0 = entry.0.join(&own);
                for (name, labels) in fields {
                    match entry.1.iter_mut().find(|it| it.0 == name) {
                        Some(old) => old.1 = old.1.join(&labels),
                        None => entry.1.push((name, labels)),
                    }
                }
            }
        }
    }

    /// Data of the whole value, and of its members one by one if they are known.
    fn carried_parts(&self, value: &Value, all: &Labels) -> (Labels, Vec<(Sym, Labels)>) {
        let guessed = |labels: &Labels| labels.map(|it| Label { guess: true, ..it.clone() });
        let Some(id) = value.object().filter(|it| self.heap.object(*it).kind == ObjectKind::Plain) else {
            return (guessed(all), Vec::new());
        };
        let object = self.heap.object(id);
        let own = value.labels.join(&object.labels.labels).join(&self.deep_labels(&object.rest));
        let fields = object.fields.iter().filter_map(|(key, field)| match key {
            Key::Name(name) => Some((*name, guessed(&self.deep_labels(field)))),
            Key::Index(_) => None,
        });
        (guessed(&own), fields.collect())
    }

    /// What earlier handlers wrote under the name.
    pub(super) fn carried(&mut self, state: State, name: Sym) -> Option<Value> {
        if self.left.carried.is_empty() {
            return None;
        }
        let key = (self.carrier(state), name);
        let (own, fields) = self.left.carried.get(&key)?.clone();
        if fields.is_empty() {
            return Some(Value::labelled(Atom::Unknown(Some(name)), own));
        }
        let id = self.new_object(ObjectKind::Plain);
        for (name, labels) in fields {
            self.heap.write(Loc::Field(id, Key::Name(name)), Value::labelled(Atom::Unknown(Some(name)), labels));
        }
        self.heap.write(Loc::Rest(id), Value::labelled(Atom::Unknown(None), own.clone()));
        self.heap.write(Loc::Labels(id), Value::absent().adding(&own));
        Some(Value::atom(Atom::Object(id)))
    }

    /// Objects of one type are one, however they were come by.
    fn carrier(&mut self, state: State) -> u64 {
        let typed = self.places.rows(state).types.first().map(|it| it.row.to_owned());
        match typed {
            Some(name) => 1 << 32 | u64::from(self.intern(&name).0),
            None => u64::from(state.index()),
        }
    }
}

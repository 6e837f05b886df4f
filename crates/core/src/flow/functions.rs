//! Operations on functions and promises.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine, TryExits};
use super::value::{Atom, Bound, Native, Value};
use crate::finding::StepKind;
use crate::model::rows::{EffectRow, Op};
use std::rc::Rc;

impl<'a> Machine<'a> {
    pub(super) fn function_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        Some(match row.op {
            Op::Call => {
                let mut args = call.args.clone();
                let this = if args.positional.is_empty() { Value::undefined() } else { args.positional.remove(0).0 };
                if !args.exprs.is_empty() {
                    args.exprs.remove(0);
                }
                self.call_value(on, this, args, call.place)
            }
            Op::Apply => {
                let (function, this, list) = if row.on.is_some() {
                    (on.clone(), call.args.value(1), call.args.value(2))
                } else {
                    (on.clone(), call.args.value(0), call.args.value(1))
                };
                let args = match list.object().and_then(|it| self.heap.known_elements(it)) {
                    Some(elements) => Args::of(elements, call.place),
                    None if list.is_absent() => Args::default(),
                    None => Args { rest: Some((self.elements_of(&list), call.place)), ..Args::default() },
                };
                self.call_value(&function, this, args, call.place)
            }
            Op::Bind | Op::Partial => {
                let mut values = self.arg_values(call);
                let (function, this) = if row.op == Op::Bind {
                    let this = if values.is_empty() { Value::undefined() } else { values.remove(0) };
                    (on.clone(), Some(this))
                } else {
                    let function = if values.is_empty() { Value::unknown() } else { values.remove(0) };
                    (function, None)
                };
                let bound = Bound { function, this, args: values };
                if bound.is_deep() { Value::unknown() } else { Value::atom(Atom::Bound(Rc::new(bound))) }
            }
            Op::Invoke => {
                let callback = self.operand_or(&row.callback, call, 0).unwrap_or_default();
                let mut args = Vec::new();
                for place in &row.with {
                    args.extend(self.operands(place, call).into_iter().map(|it| it.0));
                }
                self.maybe_call_all(&callback, args, call)
            }
            Op::Executor => {
                let promise = self.new_object(ObjectKind::Promise);
                let callback = call.args.value(0);
                let resolve = Value::atom(Atom::Native(Native::Resolve(promise)));
                let reject = Value::atom(Atom::Native(Native::Reject(promise)));
                let outer = self.begin_promise();
                self.maybe_call_all(&callback, vec![resolve, reject], call);
                self.end_promise(outer, call.place);
                Value::atom(Atom::Object(promise))
            }
            Op::Then => {
                let callback = call.args.value(0);
                let second = call.args.get(1).map(|it| it.0.clone()).unwrap_or_default();
                if let Some(reason) = self.only_rejected(on) {
                    return Some(if second.is_absent() {
                        self.maybe_run(&callback, vec![Value::unknown()], call);
                        on.clone()
                    } else {
                        self.maybe_call_then(&second, reason, call)
                    });
                }
                let value = self.promised(on);
                let handled = match second.is_absent() {
                    true => Value::absent(),
                    false => self.maybe_call(&second, vec![Value::unknown()], call),
                };
                let value = if callback.is_absent() { value } else { self.maybe_call_then(&callback, value, call) };
                if self.surely_resolved(on) { value } else { value.join(&handled) }
            }
            Op::Catch => {
                let callback = call.args.value(0);
                if let Some(reason) = self.only_rejected(on) {
                    return Some(self.maybe_call_then(&callback, reason, call));
                }
                let error = self.unknown_error("error", call.place);
                let handled = self.maybe_call(&callback, vec![error], call);
                let value = self.promised(on);
                let is_resolved = self.surely_resolved(on);
                if is_resolved || matches!(handled.single(), Some(Atom::Undefined)) {
                    value
                } else {
                    value.join(&handled)
                }
            }
            Op::Finally => {
                let callback = call.args.value(0);
                self.maybe_call(&callback, Vec::new(), call);
                on.clone()
            }
            Op::Resolve => {
                let (value, place) = call.args.get(0).cloned().unwrap_or((Value::absent(), call.place));
                let value = self.settled(value);
                let value = self.step_value(StepKind::Write, value, place);
                let promise = self.new_object(ObjectKind::Promise);
                self.heap.write(Loc::Rest(promise), if value.is_absent() { Value::undefined() } else { value });
                Value::atom(Atom::Object(promise))
            }
            Op::Reject => {
                let reason = call.args.value(0);
                self.rejected(reason)
            }
            Op::AllSettled => {
                let list = call.args.value(0);
                let known = list.object().and_then(|it| self.heap.known_elements(it));
                let exact = known.is_some();
                let elements = known.unwrap_or_else(|| vec![self.elements_of(&list)]);
                let mut records = Vec::new();
                for element in elements {
                    let value = self.settled(element);
                    let record = self.new_object(ObjectKind::Plain);
                    self.set_field(record, Key::Name(self.natives.status), Value::atom(Atom::AnyText));
                    self.set_field(record, Key::Name(self.natives.value), value);
                    records.push(Value::atom(Atom::Object(record)));
                }
                if exact { self.new_array(records) } else { self.new_list_of(records.pop().unwrap_or_default()) }
            }
            Op::All => {
                let list = call.args.value(0);
                match list.object().and_then(|it| self.heap.known_elements(it)) {
                    Some(elements) => {
                        let settled = elements.into_iter().map(|it| self.settled(it)).collect();
                        self.new_array(settled)
                    }
                    None if !call.args.positional.is_empty() && list.object().is_none() => {
                        let values = self.arg_values(call);
                        self.new_array(values)
                    }
                    None => list,
                }
            }
            Op::Inject => {
                let provider = self.operand_or(&row.from, call, 0).unwrap_or_default();
                match self.dependency(&provider, call.place) {
                    Some(value) => value,
                    None => self.injected(&provider, call.place),
                }
            }
            Op::RouteHandler => self.route.as_ref().map_or_else(Value::unknown, |it| it.handler.clone()),
            Op::RouteClass => self.route.as_ref().map_or_else(Value::unknown, |it| it.class.clone()),
            Op::Annotate if row.keys.is_empty() => {
                self.decorators.push(super::machine::Pending::default());
                Value::atom(Atom::Native(Native::Annotation(self.decorators.len() as u32 - 1)))
            }
            Op::DecorateMethod => {
                let decorator = self.operand_or(&row.value, call, 0).unwrap_or_default();
                let name = row.keys.first().and_then(|it| self.operand(it, call)).and_then(|it| it.text());
                match name {
                    Some(name) => {
                        let name = self.text(name).to_string();
                        let key = self.decorations_key(&name);
                        self.annotating(Some(key), decorator)
                    }
                    None => decorator,
                }
            }
            Op::Annotate => {
                let key =
                    row.keys.first().and_then(|it| self.operand(it, call)).and_then(|it| self.annotation_key(&it));
                let value = self.operand_or(&row.value, call, 1).unwrap_or_default();
                self.annotating(key, value)
            }
            Op::Annotation => {
                let key =
                    row.keys.first().and_then(|it| self.operand(it, call)).and_then(|it| self.annotation_key(&it));
                let targets = self.operand_or(&row.from, call, 1).unwrap_or_default();
                match key {
                    Some(key) => self.noted_about(key, &targets),
                    None => Value::unknown(),
                }
            }
            Op::ShareScope => {
                let function = self.operand_or(&row.from, call, 0).unwrap_or_default();
                self.share_scope(&function);
                function
            }
            Op::Identity => self.operand_or(&row.from, call, 0).unwrap_or_default(),
            Op::WithActions => {
                let actions = call.args.value(0);
                match actions.object() {
                    Some(_) => Value::atom(Atom::Bound(Rc::new(Bound {
                        function: on.clone(),
                        this: None,
                        args: vec![actions],
                    }))),
                    None => on.clone(),
                }
            }
            Op::Enter => {
                let context = call.args.value(0);
                self.entered(context, call.place)
            }
            Op::Suppress => Value::atom(Atom::Native(Native::Suppress)),
            Op::Exit => {
                self.dead = true;
                Value::absent()
            }
            Op::Assert => {
                if let Some(Some(expr)) = call.args.exprs.first().copied() {
                    self.refine(expr, true);
                }
                Value::undefined()
            }
            _ => return None,
        })
    }

    /// Why a promise is rejected, if it surely is.
    fn only_rejected(&self, on: &Value) -> Option<Value> {
        let id = on.object().filter(|it| self.heap.object(*it).kind == ObjectKind::Promise)?;
        let reason = self.heap.field(id, Key::Name(self.natives.rejected)).cloned();
        reason.filter(|_| self.heap.object(id).rest.is_absent())
    }

    fn surely_resolved(&self, on: &Value) -> bool {
        on.object().is_some_and(|it| {
            let object = self.heap.object(it);
            object.kind == ObjectKind::Promise
                && !object.rest.is_absent()
                && self.heap.field(it, Key::Name(self.natives.rejected)).is_none()
        })
    }

    /// A promise is settled once.
    /// A decorator that writes the value down.
    pub(super) fn annotating(&mut self, key: Option<Key>, value: Value) -> Value {
        let annotation = key.map(|it| (it, value));
        let is_owner_only = true;
        self.decorators.push(super::machine::Pending { annotation, is_owner_only, ..Default::default() });
        Value::atom(Atom::Native(Native::Decorator(self.decorators.len() as u32 - 1)))
    }

    /// Where a class keeps what decorates a method of it that it may have from a library: a name that no code has.
    pub fn decorations_key(&mut self, method: &str) -> Key {
        self.name_key(&format!("\u{1}decorates {method}"))
    }

    pub(super) fn settle_promise(&mut self, promise: super::value::ObjectId, value: Value) {
        self.note_resolved();
        let rejected = self.heap.field(promise, Key::Name(self.natives.rejected)).is_some();
        if self.heap.object(promise).rest.is_absent() && !rejected {
            self.heap.write(Loc::Rest(promise), value);
        }
    }

    /// Runs a function of which nobody knows whether it is called, for what it does.
    fn maybe_run(&mut self, callback: &Value, args: Vec<Value>, call: &Call) {
        let mark = self.heap.mark();
        self.maybe_call(callback, args, call);
        let delta = self.heap.take(mark);
        self.heap.join(vec![Vec::new(), delta]);
    }

    pub(super) fn promised(&mut self, on: &Value) -> Value {
        let value = self.settled(on.clone());
        if value.is_absent() { Value::unknown() } else { value }
    }

    pub(super) fn maybe_call_then(&mut self, callback: &Value, value: Value, call: &Call) -> Value {
        let callable = callback.atoms().iter().any(|it| {
            matches!(it, Atom::Closure(_) | Atom::Bound(_) | Atom::Lib(_) | Atom::Native(_) | Atom::Class(_))
        });
        if !callable {
            return value;
        }
        let start = self.heap.mark();
        self.frame_mut().tries.push(TryExits::new(start));
        let args = Args::of(vec![value], call.place);
        let result = self.call_value(callback, Value::undefined(), args, call.place);
        let exits = self.frame_mut().tries.pop();
        let dead = std::mem::replace(&mut self.dead, false);
        let Some(exits) = exits else { return self.settled(result) };
        if exits.may_raise {
            self.may_raise();
        }
        if dead && !exits.states.is_empty() {
            // It raises on every way: what comes of it is a promise that is rejected.
            self.heap.take(start);
            self.heap.join(exits.states);
            return self.rejected(exits.thrown);
        }
        if dead {
            self.heap.undo(start);
            return Value::undefined();
        }
        let result = self.settled(result);
        if exits.may_raise || !exits.states.is_empty() || result.is_absent() {
            return result;
        }
        let promise = self.new_object(ObjectKind::Promise);
        self.heap.write(Loc::Rest(promise), result);
        Value::atom(Atom::Object(promise))
    }

    /// A promise that is rejected.
    fn rejected(&mut self, reason: Value) -> Value {
        let promise = self.new_object(ObjectKind::Promise);
        let reason = if reason.is_absent() { Value::undefined() } else { reason };
        self.heap.write(Loc::Field(promise, Key::Name(self.natives.rejected)), reason);
        Value::atom(Atom::Object(promise))
    }

    pub(super) fn maybe_call_all(&mut self, callback: &Value, args: Vec<Value>, call: &Call) -> Value {
        let callable = callback.atoms().iter().any(|it| {
            matches!(it, Atom::Closure(_) | Atom::Bound(_) | Atom::Lib(_) | Atom::Class(_) | Atom::Native(_))
        });
        if !callable {
            return Value::unknown();
        }
        let result = self.call_value(callback, Value::undefined(), Args::of(args, call.place), call.place);
        self.dead = false;
        result
    }
}

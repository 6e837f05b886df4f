//! Operations that call a function with each element.

use super::call::Call;
use super::heap::{Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::value::{Atom, Value};
use crate::finding::StepKind;
use crate::model::rows::{EffectRow, Op};
use backend_specialist_syntax::ir::CallStyle;

impl<'a> Machine<'a> {
    pub(super) fn iteration_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        if row.op == Op::StarMap {
            return Some(self.star_map(row, on, call));
        }
        if !matches!(
            row.op,
            Op::Each | Op::Map | Op::Filter | Op::Find | Op::Some | Op::Every | Op::FlatMap | Op::Sort | Op::Reduce
        ) {
            return None;
        }
        let callback = match &row.callback {
            Some(place) => self.operand(place, call).unwrap_or_default(),
            None if row.on.is_some() => Value::absent(),
            None => call.args.value(0),
        };
        let has_callback = !callback.is_absent() && callback.single() != Some(&Atom::Null);
        let on = &self.iterable(on.clone());
        let known = on
            .object()
            .and_then(|it| self.heap.known_elements(it).or_else(|| self.elements_by_length(it)))
            .filter(|it| it.len() <= super::loops::UNROLL_MAX);
        if row.op == Op::Reduce {
            return Some(self.reduce(on, known, &callback, row, call));
        }
        if row.op == Op::Sort {
            let element = self.elements_of(on);
            self.maybe_call(&callback, vec![element.clone(), element.clone()], call);
            if let Some(id) = on.object() {
                self.heap.blur(id);
                return Some(on.clone());
            }
            return Some(self.new_list_of(element));
        }
        let exact = known.is_some();
        let mapping =
            on.object().is_some_and(|it| matches!(self.heap.object(it).kind, ObjectKind::Map | ObjectKind::Plain))
                && on.object().is_none_or(|it| self.elements_by_length(it).is_none());
        let elements = known.unwrap_or_else(|| vec![self.elements_of(on)]);
        let mut results = Vec::new();
        let mut kept = Vec::new();
        let mut certain = exact;
        for (index, element) in elements.into_iter().enumerate() {
            let second = if mapping {
                let labels = on.labels.clone();
                on.object().map(|it| self.keys_of(it, &labels)).unwrap_or_default()
            } else if exact {
                Value::number(index as f64)
            } else {
                Value::atom(Atom::AnyNumber)
            };
            let result = match has_callback {
                true => self.maybe_call(&callback, vec![element.clone(), second, on.clone()], call),
                false => element.clone(),
            };
            match self.truth(&result, self.ir().semantics) {
                Some(true) => kept.push(element),
                Some(false) => {}
                None => {
                    certain = false;
                    let element = if matches!(row.op, Op::Filter | Op::Find) {
                        self.filtered(&callback, element, call)
                    } else {
                        element
                    };
                    kept.push(self.step_value(StepKind::Propagate, element, call.place));
                }
            }
            results.push(result);
        }
        Some(match row.op {
            Op::Each => Value::undefined(),
            Op::Map if exact => self.new_array(results),
            Op::Map => {
                let all = results.into_iter().fold(Value::absent(), |all, it| all.join(&it));
                self.new_list_of(all)
            }
            Op::FlatMap if exact => {
                let parts: Vec<Value> = results
                    .into_iter()
                    .map(|it| if self.is_array(&it) { it } else { self.new_array(vec![it]) })
                    .collect();
                self.concat_arrays(&parts)
            }
            Op::FlatMap => {
                let mut all = Value::absent();
                for result in results {
                    let part = if result.object().is_some() { self.elements_of(&result) } else { result };
                    all = all.join(&part);
                }
                self.new_list_of(all)
            }
            Op::Filter if certain => self.new_array(kept),
            Op::Filter => {
                let all = kept.into_iter().fold(Value::absent(), |all, it| all.join(&it));
                self.new_list_of(all)
            }
            Op::Some | Op::Every if certain => {
                Value::bool(if row.op == Op::Some { !kept.is_empty() } else { kept.len() == results.len() })
            }
            Op::Find if certain => kept.into_iter().next().unwrap_or_else(Value::undefined),
            Op::Find => kept.into_iter().fold(Value::undefined(), |all, it| all.join(&it)),
            _ => Value::atom(Atom::AnyBool),
        })
    }

    /// Calls a function with the parts of each element as its arguments.
    fn star_map(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let callback = row.callback.as_ref().and_then(|it| self.operand(it, call)).unwrap_or_default();
        let on = self.iterable(on.clone());
        let known = on.object().and_then(|it| self.heap.known_elements(it));
        let exact = known.as_ref().is_some_and(|it| it.len() <= super::loops::UNROLL_MAX);
        let rows = known.filter(|_| exact).unwrap_or_else(|| vec![self.elements_of(&on)]);
        let mut results = Vec::new();
        for row in rows {
            let parts = row.object().and_then(|it| self.heap.known_elements(it));
            let parts = parts.unwrap_or_else(|| vec![self.elements_of(&row); 2]);
            results.push(self.maybe_call(&callback, parts, call));
        }
        if exact {
            return self.new_array(results);
        }
        self.new_list_of(results.pop().unwrap_or_default())
    }

    /// `{length: 3}` as a list.
    fn elements_by_length(&self, id: super::value::ObjectId) -> Option<Vec<Value>> {
        let object = self.heap.object(id);
        let length = super::heap::Key::Name(self.natives.length);
        let length = self.heap.field(id, length)?.as_number()?;
        (object.kind == ObjectKind::Plain && object.rest.is_absent() && length <= super::loops::UNROLL_MAX as f64)
            .then(|| vec![Value::undefined(); length.max(0.0) as usize])
    }

    /// An element that a filter's function let through: what its test says holds.
    pub(super) fn filtered(&mut self, callback: &Value, element: Value, call: &Call) -> Value {
        if element.labels.is_empty() {
            return element;
        }
        let Some(Atom::Closure(id)) = callback.single() else { return element };
        if self.frames.len() + 2 >= super::machine::DEPTH_MAX || self.frames.iter().any(|it| it.wanted.is_some()) {
            return element;
        }
        let closure = self.closures[id.0 as usize].clone();
        let scope = self.heap.scopes.len();
        let mark = self.heap.mark();
        let it = Call {
            this: Value::undefined(),
            this_expr: None,
            args: Args::of(vec![element.clone()], call.place),
            style: CallStyle::Call,
            place: call.place,
            callee_place: call.place,
        };
        self.run_closure(&closure, &it, Some(true));
        let dead = std::mem::replace(&mut self.dead, false);
        let ir = self.modules[closure.module as usize].ir;
        let param = ir.param_list(ir.function(closure.function).params).first();
        let mut narrowed = element.clone();
        if let (Some(param), false) = (param, dead)
            && let backend_specialist_syntax::ir::Pattern::Var(var) = ir.pattern(param.pattern)
            && self.heap.scopes.len() > scope
        {
            let slot = self.modules[closure.module as usize].slot(var);
            let after = self.heap.read(Loc::Slot(super::value::ScopeId(scope as u32), slot));
            if !after.labels.is_empty() || !after.is_absent() {
                narrowed = after;
            }
        }
        self.heap.undo(mark);
        narrowed
    }

    /// Calls a function that may or may not be called, with effects that may have happened.
    pub(super) fn maybe_call(&mut self, callback: &Value, args: Vec<Value>, call: &Call) -> Value {
        let callable = callback.atoms().iter().any(|it| {
            matches!(it, Atom::Closure(_) | Atom::Bound(_) | Atom::Lib(_) | Atom::Class(_) | Atom::Native(_))
        });
        if !callable {
            let values: Vec<&Value> = args.iter().take(1).collect();
            return self.derived(&values, Atom::Unknown(None), call);
        }
        let arity = callback.single().map_or(3, |it| match it {
            Atom::Closure(_) => 3,
            _ => 1,
        });
        let args: Vec<Value> = args.into_iter().take(arity).collect();
        let mark = self.heap.mark();
        let result = self.call_value(callback, Value::undefined(), Args::of(args, call.place), call.place);
        let dead = std::mem::replace(&mut self.dead, false);
        if dead {
            self.heap.undo(mark);
            return Value::undefined();
        }
        result
    }

    pub(super) fn reduce(
        &mut self,
        on: &Value,
        known: Option<Vec<Value>>,
        callback: &Value,
        row: &EffectRow,
        call: &Call,
    ) -> Value {
        let initial = match &row.default {
            Some(place) => self.operand(place, call),
            None => call.args.get(1 + usize::from(row.on.is_some())).map(|it| it.0.clone()),
        };
        match known {
            Some(elements) => {
                let mut elements = elements.into_iter();
                let mut total = match initial {
                    Some(it) => it,
                    None => elements.next().unwrap_or_default(),
                };
                for (index, element) in elements.enumerate() {
                    total = self.maybe_call(callback, vec![total, element, Value::number(index as f64)], call);
                }
                total
            }
            None => {
                let element = self.elements_of(on);
                let mut total = initial.unwrap_or_else(|| element.clone());
                for _ in 0..2 {
                    let next = self.maybe_call(
                        callback,
                        vec![total.clone(), element.clone(), Value::atom(Atom::AnyNumber)],
                        call,
                    );
                    total = total.join(&next);
                }
                total
            }
        }
    }
}

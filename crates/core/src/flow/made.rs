//! Operations that make arrays, mappings and sets.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, ObjectId, Value};
use crate::finding::StepKind;
use crate::model::rows::{EffectRow, Op};

impl<'a> Machine<'a> {
    pub(super) fn container_made(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        Some(match row.op {
            Op::Copy => self.copy(on),
            Op::Keys => self.keys(on),
            Op::Values => self.values(on),
            Op::Items => {
                let on = self.step_value(StepKind::Propagate, on.clone(), call.place);
                self.items(&on)
            }
            Op::FromItems => {
                let pairs = call.args.value(0);
                let id = self.new_object(ObjectKind::Plain);
                self.fill_from_pairs(id, &pairs);
                Value::atom(Atom::Object(id))
            }
            Op::NewArray => self.array_of(call),
            Op::NewObject => self.mapping_of(row, call),
            Op::NewMap => {
                let id = self.new_object(ObjectKind::Map);
                let pairs = call.args.value(0);
                if !pairs.is_absent() {
                    self.fill_from_pairs(id, &pairs);
                }
                Value::atom(Atom::Object(id))
            }
            Op::NewSet => self.set_of(call),
            Op::ToArray => self.array_from(row, on, call),
            Op::ToObject => {
                let from = call.args.value(0);
                self.merged(&[from])
            }
            _ => return None,
        })
    }

    fn keys(&mut self, on: &Value) -> Value {
        let Some(id) = on.object() else {
            let labels = on.labels.clone();
            return self.new_list_of(Value::labelled(Atom::AnyText, labels));
        };
        let is_mapping = matches!(self.heap.object(id).kind, ObjectKind::Plain | ObjectKind::Map);
        if let Some(keys) = self.known_keys(id).filter(|_| is_mapping) {
            return self.new_array(keys);
        }
        let key = self.keys_of(id, &on.labels);
        self.new_list_of(key)
    }

    fn values(&mut self, on: &Value) -> Value {
        if let Some(id) = on.object()
            && let object = self.heap.object(id)
            && matches!(object.kind, ObjectKind::Plain | ObjectKind::Map)
            && object.rest.is_absent()
        {
            let values = object.fields.iter().map(|it| it.1.clone()).filter(|it| !it.is_absent());
            let values = values.collect();
            return self.new_array(values);
        }
        let element = self.elements_of(on);
        self.new_list_of(element)
    }

    fn array_of(&mut self, call: &Call) -> Value {
        match (call.args.positional.as_slice(), &call.args.rest) {
            ([], None) => self.new_array(Vec::new()),
            ([(only, _)], None) if only.is_surely_number() || matches!(only.single(), Some(Atom::Unknown(_))) => {
                self.new_list_of(Value::undefined())
            }
            (_, None) => {
                let values = self.arg_values(call);
                self.new_array(values)
            }
            (_, Some((rest, _))) => self.new_list_of(rest.clone()),
        }
    }

    fn mapping_of(&mut self, row: &EffectRow, call: &Call) -> Value {
        let id = self.new_object(ObjectKind::Plain);
        if row.callback.is_some() {
            // Keys that are missing are made by a function.
            let factory = self.operand_or(&row.callback, call, 0).unwrap_or_default();
            self.heap.write(Loc::Prototype(id), factory);
            if let Some((first, _)) = call.args.positional.get(1).cloned() {
                self.merge_into(id, &first);
            }
            return Value::atom(Atom::Object(id));
        }
        // Of several, the first one wins.
        for (first, _) in call.args.positional.clone().into_iter().rev() {
            match first.object() {
                Some(it) if self.heap.object(it).kind == ObjectKind::Array => self.fill_from_pairs(id, &first),
                None if matches!(first.single(), Some(Atom::Null | Atom::Undefined)) => {}
                _ => self.merge_into(id, &first),
            }
        }
        for (name, value, _, _) in call.args.keywords.clone() {
            self.set_field(id, Key::Name(name), value);
        }
        if let Some((rest, _)) = call.args.keyword_rest.clone() {
            self.heap.write(Loc::Rest(id), rest);
        }
        Value::atom(Atom::Object(id))
    }

    fn set_of(&mut self, call: &Call) -> Value {
        let from = call.args.value(0);
        let value = self.list_of(from);
        if let Some(id) = value.object() {
            self.heap.objects[id.0 as usize].kind = ObjectKind::Set;
        }
        value
    }

    fn array_from(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let is_receiver = row.on.is_some() || call.args.positional.is_empty();
        let from = if is_receiver { on.clone() } else { call.args.value(0) };
        self.list_of(from)
    }

    /// What going through a value gives, as a list.
    fn list_of(&mut self, from: Value) -> Value {
        let from = self.iterable(from);
        if from.is_absent() {
            return self.new_array(Vec::new());
        }
        let Some(id) = from.object() else {
            let element = self.elements_of(&from);
            return self.new_list_of(element);
        };
        if let Some(elements) = self.known_iteration(id) {
            return self.new_array(elements);
        }
        let gives_keys = self.heap.object(id).kind == ObjectKind::Plain && self.ir().semantics.empty_is_false;
        let element = if gives_keys { self.keys_of(id, &from.labels) } else { self.elements_of(&from) };
        self.new_list_of(element)
    }

    pub(super) fn copy(&mut self, on: &Value) -> Value {
        let Some(id) = on.object() else { return on.clone() };
        let object = self.heap.object(id).clone();
        let copy = self.new_object(object.kind);
        let target = &mut self.heap.objects[copy.0 as usize];
        target.fields = object.fields;
        target.rest = object.rest;
        target.len = object.len;
        target.labels = object.labels;
        target.prototype = object.prototype;
        Value::labelled(Atom::Object(copy), on.labels.clone())
    }

    pub(super) fn items(&mut self, on: &Value) -> Value {
        if let Some(id) = on.object() {
            let object = self.heap.object(id).clone();
            if object.kind == ObjectKind::Array
                && let Some(elements) = self.heap.known_elements(id)
            {
                let mut pairs = Vec::new();
                for (index, value) in elements.into_iter().enumerate() {
                    let key = Value::number(index as f64);
                    pairs.push(self.new_array(vec![key, value]));
                }
                return self.new_array(pairs);
            }
            if matches!(object.kind, ObjectKind::Plain | ObjectKind::Map)
                && object.rest.is_absent()
                && object.labels.labels.is_empty()
            {
                let mut pairs = Vec::new();
                for (key, value) in object.fields.iter().filter(|it| !it.1.is_absent()) {
                    let key = self.key_value(*key);
                    pairs.push(self.new_array(vec![key, value.clone()]));
                }
                return self.new_array(pairs);
            }
        }
        let key = match on.object() {
            Some(id) => self.keys_of(id, &on.labels),
            None => Value::labelled(Atom::AnyText, on.labels.clone()),
        };
        let value = self.elements_of(on);
        let pair = self.new_array(vec![key, value]);
        self.new_list_of(pair)
    }

    pub(super) fn fill_from_pairs(&mut self, id: ObjectId, pairs: &Value) {
        let is_map = pairs.object().is_some_and(|it| self.heap.object(it).kind == ObjectKind::Map);
        let pairs = &if is_map { self.items(pairs) } else { pairs.clone() };
        let elements = pairs.object().and_then(|it| self.heap.known_elements(it));
        let exact = elements.is_some();
        let elements = elements.unwrap_or_else(|| vec![self.elements_of(pairs)]);
        for pair in elements {
            let place = self.here();
            let key = self.key_read(&pair, Key::Index(0), None, place);
            let value = self.key_read(&pair, Key::Index(1), None, place);
            match self.key_of(&key) {
                Some(key) if exact => self.set_field(id, key, value),
                _ => self.put_index_plain(id, &key.with_labels_unknown(), value),
            }
        }
    }
}

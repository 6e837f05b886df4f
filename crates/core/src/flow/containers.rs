//! Operations on arrays, mappings and sets.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::value::{Atom, Value};
use crate::finding::StepKind;
use crate::model::rows::{EffectRow, Op};

impl<'a> Machine<'a> {
    pub(super) fn container_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let skip_on = usize::from(row.on.is_some());
        Some(match row.op {
            Op::Append | Op::Add => {
                let values: Vec<Value> = self
                    .arg_values(call)
                    .into_iter()
                    .skip(skip_on)
                    .chain(call.args.rest.iter().map(|it| it.0.clone()))
                    .collect();
                for atom in on.atoms().to_vec() {
                    if let Atom::Object(id) = atom {
                        match self.heap.known_elements(id) {
                            Some(mut elements) if call.args.rest.is_none() => {
                                let is_set = self.heap.object(id).kind == ObjectKind::Set;
                                for value in &values {
                                    // A set holds a value once.
                                    if !is_set || !elements.iter().any(|it| it.is_same_data(value)) {
                                        elements.push(value.clone());
                                    }
                                }
                                self.store_elements(id, elements);
                            }
                            _ => self.add_rest(id, &values),
                        }
                    }
                }
                if row.op == Op::Add { on.clone() } else { Value::atom(Atom::AnyNumber) }
            }
            Op::Prepend | Op::Insert => {
                let mut values = self.arg_values(call);
                let position =
                    if row.op == Op::Insert && !values.is_empty() { values.remove(0).as_number() } else { Some(0.0) };
                let id = on.object()?;
                match (self.heap.known_elements(id), position) {
                    (Some(mut elements), Some(position)) => {
                        let at = (position.max(0.0) as usize).min(elements.len());
                        elements.splice(at..at, values);
                        self.store_elements(id, elements);
                    }
                    _ => {
                        self.heap.blur(id);
                        self.add_rest(id, &values);
                    }
                }
                Value::undefined()
            }
            Op::Extend => {
                let value = call.args.value(skip_on);
                let id = on.object()?;
                if self.heap.object(id).kind == ObjectKind::Plain {
                    self.merge_into(id, &value);
                } else {
                    match (self.heap.known_elements(id), value.object().and_then(|it| self.heap.known_elements(it))) {
                        (Some(mut elements), Some(more)) => {
                            elements.extend(more);
                            self.store_elements(id, elements);
                        }
                        _ => {
                            let element = self.elements_of(&value);
                            self.add_rest(id, &[element]);
                        }
                    }
                }
                Value::undefined()
            }
            Op::Put => {
                let value = call.args.value(0);
                let single = on.atoms().len() == 1;
                for atom in on.atoms() {
                    if let Atom::Object(id) = atom {
                        self.put_key(*id, Key::Name(self.natives.content), value.clone(), single);
                    }
                }
                Value::unknown()
            }
            Op::Iterate => self.iterator_over(on),
            Op::Concat if !self.is_array(on) && self.arg_values(call).iter().any(|it| self.is_array(it)) => {
                let parts = self.arg_values(call);
                self.concat_arrays(&parts)
            }
            Op::Concat if self.is_array(on) => {
                let mut parts = vec![on.clone()];
                for value in self.arg_values(call) {
                    let part = if value.object().is_some() { value } else { self.new_array(vec![value]) };
                    parts.push(part);
                }
                self.concat_arrays(&parts)
            }
            Op::Splice => self.splice(on, call),
            Op::Freeze | Op::Seal => {
                let target = call.args.value(0);
                self.fix_properties(&target, row.op == Op::Freeze);
                target
            }
            Op::TakeLast | Op::TakeFirst | Op::TakeAt => self.take(row, on, call),
            Op::Get => self.get(row, on, call),
            Op::Set | Op::SetDefault => self.set(row, on, call)?,
            Op::Delete => {
                let keys = self.keys_operand(row, call);
                if let (Some(id), [key]) = (on.object(), keys.as_slice()) {
                    match (self.key_of(key), self.heap.object(id).kind) {
                        (Some(_), ObjectKind::Array | ObjectKind::Set) => self.heap.blur(id),
                        (Some(key), _) => self.heap.write(Loc::Field(id, key), Value::absent()),
                        _ => {}
                    }
                }
                Value::atom(Atom::AnyBool)
            }
            Op::Has | Op::HasAttribute => {
                let keys = self.keys_operand(row, call);
                match keys.first().and_then(|key| self.contains_key(on, key)) {
                    Some(it) => Value::bool(it),
                    None => match (self.constant_str(on), keys.first().and_then(|it| self.constant_str(it))) {
                        (Some(text), Some(part)) => Value::bool(text.contains(&*part)),
                        _ => Value::atom(Atom::AnyBool),
                    },
                }
            }
            Op::Merge => {
                let target = on.clone();
                let id = match target.object() {
                    Some(id) => id,
                    None => {
                        let labels = self.deep_labels(on).join(&self.all_data(call));
                        let labels = self.stepped(&labels, call.place);
                        return Some(Value::labelled(Atom::Unknown(None), labels));
                    }
                };
                for value in self.arg_values(call).into_iter().skip(skip_on) {
                    self.merge_into(id, &value);
                }
                for (name, value, _, _) in call.args.keywords.clone() {
                    self.set_field(id, Key::Name(name), value);
                }
                target
            }
            Op::Clear => {
                let id = on.object()?;
                self.heap.blur(id);
                self.heap.write(Loc::Rest(id), Value::absent());
                Value::undefined()
            }
            Op::Copy => self.copy(on),
            Op::Keys => {
                let id = match on.object() {
                    Some(id) => id,
                    None => {
                        let labels = on.labels.clone();
                        return Some(self.new_list_of(Value::labelled(Atom::AnyText, labels)));
                    }
                };
                let object = self.heap.object(id);
                if object.rest.is_absent() && object.labels.labels.is_empty() && object.kind == ObjectKind::Plain {
                    let keys: Vec<Key> = object.fields.iter().filter(|it| !it.1.is_absent()).map(|it| it.0).collect();
                    let keys: Vec<Value> = keys.into_iter().map(|it| self.key_value(it)).collect();
                    return Some(self.new_array(keys));
                }
                let key = self.keys_of(id, &on.labels);
                self.new_list_of(key)
            }
            Op::Values => match on.object() {
                Some(id)
                    if matches!(self.heap.object(id).kind, ObjectKind::Plain | ObjectKind::Map)
                        && self.heap.object(id).rest.is_absent() =>
                {
                    let values: Vec<Value> = self
                        .heap
                        .object(id)
                        .fields
                        .iter()
                        .filter(|it| !it.1.is_absent())
                        .map(|it| it.1.clone())
                        .collect();
                    self.new_array(values)
                }
                _ => {
                    let element = self.elements_of(on);
                    self.new_list_of(element)
                }
            },
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
            Op::Element => {
                let nexts = self.natives.next_values;
                if let Some(next) = nexts[..2].iter().find_map(|it| self.own_method(on, *it)) {
                    return Some(self.call_value(&next, on.clone(), Args::default(), call.place));
                }
                let on = &self.iterable(on.clone());
                if let Some(id) = on.object()
                    && self.heap.object(id).kind == ObjectKind::Generator
                {
                    let default = self.operand_or(&row.default, call, 1);
                    return Some(match (self.heap.known_elements(id).map(|it| it.is_empty()), default) {
                        (Some(true), Some(default)) => default,
                        (None, Some(default)) => self.next_of(id, None, false).join(&default),
                        _ => self.next_of(id, None, false),
                    });
                }
                let element = self.elements_of(on);
                match row.default {
                    Some(_) => {
                        let default = self.operand_or(&row.default, call, 1).unwrap_or_default();
                        element.join(&default)
                    }
                    None => element,
                }
            }
            Op::NewArray => match (call.args.positional.as_slice(), &call.args.rest) {
                ([], None) => self.new_array(Vec::new()),
                ([(only, _)], None) if only.is_surely_number() || matches!(only.single(), Some(Atom::Unknown(_))) => {
                    self.new_list_of(Value::undefined())
                }
                (_, None) => {
                    let values = self.arg_values(call);
                    self.new_array(values)
                }
                (_, Some((rest, _))) => self.new_list_of(rest.clone()),
            },
            Op::NewObject if row.callback.is_some() => {
                // Keys that are missing are made by a function.
                let id = self.new_object(ObjectKind::Plain);
                let factory = self.operand_or(&row.callback, call, 0).unwrap_or_default();
                self.heap.write(Loc::Prototype(id), factory);
                if let Some((first, _)) = call.args.positional.get(1).cloned() {
                    self.merge_into(id, &first);
                }
                Value::atom(Atom::Object(id))
            }
            Op::NewObject => {
                let id = self.new_object(ObjectKind::Plain);
                // Of several, the first one wins.
                for (first, _) in call.args.positional.clone().into_iter().rev() {
                    match first.object() {
                        Some(it) if self.heap.object(it).kind == ObjectKind::Array => self.fill_from_pairs(id, &first),
                        Some(_) => self.merge_into(id, &first),
                        None if matches!(first.single(), Some(Atom::Null | Atom::Undefined)) => {}
                        None => self.merge_into(id, &first),
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
            Op::NewMap => {
                let id = self.new_object(ObjectKind::Map);
                let pairs = call.args.value(0);
                if !pairs.is_absent() {
                    self.fill_from_pairs(id, &pairs);
                }
                Value::atom(Atom::Object(id))
            }
            Op::NewSet => {
                let from = call.args.value(0);
                let from = self.iterable(from);
                let value = match from.object().and_then(|it| self.heap.known_elements(it)) {
                    Some(elements) => self.new_array(elements),
                    None if from.is_absent() => self.new_array(Vec::new()),
                    None => {
                        let element = self.elements_of(&from);
                        self.new_list_of(element)
                    }
                };
                if let Some(id) = value.object() {
                    self.heap.objects[id.0 as usize].kind = ObjectKind::Set;
                }
                value
            }
            Op::ToArray => {
                let from =
                    if row.on.is_some() || call.args.positional.is_empty() { on.clone() } else { call.args.value(0) };
                let from = self.iterable(from);
                if let Some(callback) = call.args.positional.get(1)
                    && !row_is_python(call)
                {
                    let element = self.elements_of(&from);
                    let mapped = self.call_value(
                        &callback.0.clone(),
                        Value::undefined(),
                        Args::of(vec![element, Value::atom(Atom::AnyNumber)], call.place),
                        call.place,
                    );
                    return Some(self.new_list_of(mapped));
                }
                match from.object() {
                    Some(id)
                        if self.heap.object(id).kind == ObjectKind::Plain && self.ir().semantics.empty_is_false =>
                    {
                        let key = self.keys_of(id, &from.labels);
                        self.new_list_of(key)
                    }
                    Some(id) => match self.heap.known_elements(id) {
                        Some(elements) => self.new_array(elements),
                        None => {
                            let element = self.elements_of(&from);
                            self.new_list_of(element)
                        }
                    },
                    None if from.is_absent() => self.new_array(Vec::new()),
                    None => {
                        let element = self.elements_of(&from);
                        self.new_list_of(element)
                    }
                }
            }
            Op::ToObject => {
                let from = call.args.value(0);
                self.merged(&[from])
            }
            Op::GetAttribute => {
                let key = self
                    .keys_operand(row, call)
                    .into_iter()
                    .next()
                    .or_else(|| call.args.get(1).map(|it| it.0.clone()))?;
                let target = if row.on.is_some() { on.clone() } else { call.args.value(0) };
                match key.text() {
                    Some(name) if key.labels.is_empty() => self.member(&target, name, None, call.place),
                    _ => self.elements_of(&target),
                }
            }
            Op::SetAttribute => {
                let key = self
                    .keys_operand(row, call)
                    .into_iter()
                    .next()
                    .or_else(|| call.args.get(1).map(|it| it.0.clone()))?;
                let value = self.operand_or(&row.value, call, 2).unwrap_or_default();
                let target = if row.on.is_some() { on.clone() } else { call.args.value(0) };
                match key.text() {
                    Some(name) if key.labels.is_empty() => self.put_member(&target, name, value),
                    _ => self.put_index(&target, &key, value),
                }
                Value::bool(true)
            }
            Op::DefineProperty => self.define_property(on, row, call),
            _ => return None,
        })
    }

    pub(super) fn store_elements(&mut self, id: super::value::ObjectId, elements: Vec<Value>) {
        if elements.len() > 64 {
            let all = elements.iter().fold(Value::absent(), |all, it| all.join(it));
            self.heap.blur(id);
            self.heap.write(Loc::Rest(id), all);
        } else {
            self.heap.set_array(id, elements);
        }
    }

    pub(super) fn add_rest(&mut self, id: super::value::ObjectId, values: &[Value]) {
        let mut rest = self.heap.object(id).rest.clone();
        for value in values {
            rest = rest.join(value);
        }
        if self.heap.object(id).len.as_number().is_some() {
            self.heap.blur(id);
            rest = rest.join(&self.heap.object(id).rest.clone());
        }
        self.heap.write(Loc::Rest(id), rest);
    }

    pub(super) fn take(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let Some(id) = on.object() else { return self.elements_of(on) };
        let key = call.args.get(usize::from(row.on.is_some())).map(|it| it.0.clone());
        if matches!(self.heap.object(id).kind, ObjectKind::Plain | ObjectKind::Map | ObjectKind::Library(_)) {
            let Some(key) = key else { return self.elements_of(on) };
            let default = call.args.get(1).map(|it| it.0.clone());
            let value = self.index(on, &key, None, call.place);
            if let Some(key) = self.key_of(&key) {
                self.heap.write(Loc::Field(id, key), Value::absent());
            }
            return match default {
                Some(default) if matches!(value.single(), Some(Atom::Undefined)) => default,
                Some(default) => value.join(&default),
                None => value,
            };
        }
        let Some(mut elements) = self.heap.known_elements(id) else { return self.elements_of(on) };
        if elements.is_empty() {
            return Value::undefined();
        }
        let at = match (row.op, key.and_then(|it| it.as_number())) {
            (Op::TakeFirst, _) => Some(0),
            (Op::TakeAt | Op::TakeLast, Some(at)) if at < 0.0 => {
                (elements.len() as f64 + at >= 0.0).then_some((elements.len() as f64 + at) as usize)
            }
            (Op::TakeAt, Some(at)) => Some(at as usize),
            (Op::TakeAt, None) if call.args.positional.len() > usize::from(row.on.is_some()) => None,
            _ => Some(elements.len() - 1),
        };
        match at {
            Some(at) if at < elements.len() => {
                let value = elements.remove(at);
                self.heap.set_array(id, elements);
                value
            }
            _ => {
                let all = self.elements_of(on);
                self.heap.blur(id);
                all
            }
        }
    }

    pub(super) fn keys_operand(&mut self, row: &EffectRow, call: &Call) -> Vec<Value> {
        if row.keys.is_empty() {
            return call.args.get(0).map(|it| vec![it.0.clone()]).unwrap_or_default();
        }
        row.keys.iter().filter_map(|it| self.operand(it, call)).collect()
    }

    pub(super) fn get(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let keys = self.keys_operand(row, call);
        let whole = on.labels.iter().next().map(|it| self.origins[it.origin.0 as usize].place);
        let mut value = on.clone();
        for key in &keys {
            let known = self.key_of(key);
            value = match known {
                Some(known) => self.key_read(&value, known, whole, call.place),
                None => self.index(&value, key, whole, call.place),
            };
        }
        if keys.is_empty() {
            value = self.elements_of(on);
        }
        let convert = row.convert.as_ref().and_then(|it| self.operand(it, call));
        if let Some(convert) = convert.filter(|it| !it.is_absent()) {
            let args = Args::of(vec![value], call.place);
            value = self.call_value(&convert, Value::undefined(), args, call.place);
        }
        let default = match &row.default {
            Some(place) => self.operand(place, call),
            None => None,
        };
        match default {
            Some(default) if matches!(value.single(), Some(Atom::Undefined)) => default,
            Some(default) if !matches!(value.single(), Some(Atom::Text(_) | Atom::Number(_))) => value.join(&default),
            _ => value,
        }
    }

    pub(super) fn set(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let keys = self.keys_operand(row, call);
        let value = self.operand_or(&row.value, call, 1).unwrap_or_else(Value::undefined);
        let (last, path) = keys.split_last()?;
        let mut holder = self.holder(on, call);
        for key in path {
            let known = self.key_of(key);
            let inner = match known {
                Some(known) => self.key_read(&holder, known, None, call.place),
                None => self.elements_of(&holder),
            };
            let inner = match inner.object() {
                Some(_) => inner,
                None => {
                    let fresh = Value::atom(Atom::Object(self.new_object(ObjectKind::Plain)));
                    self.put_index(&holder, key, fresh.clone());
                    fresh
                }
            };
            holder = inner;
        }
        if row.op == Op::SetDefault {
            let old = match self.key_of(last) {
                Some(known) => self.key_read(&holder, known, None, call.place),
                None => self.elements_of(&holder),
            };
            if !matches!(old.single(), Some(Atom::Undefined)) {
                return Some(old.join(&value));
            }
        }
        let known = self.key_of(last);
        for atom in holder.atoms().to_vec() {
            if let Atom::Object(id) = atom {
                match known {
                    Some(key) => self.set_field(id, key, value.clone()),
                    None => self.put_index_plain(id, last, value.clone()),
                }
            }
        }
        Some(if row.op == Op::SetDefault { value } else { on.clone() })
    }

    /// A library's container that is written to becomes an object of the heap.
    pub(super) fn holder(&mut self, on: &Value, call: &Call) -> Value {
        if on.object().is_some() {
            return on.clone();
        }
        match call.this_expr {
            Some(expr) => self.writable(on.clone(), expr),
            None => on.clone(),
        }
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

    pub(super) fn fill_from_pairs(&mut self, id: super::value::ObjectId, pairs: &Value) {
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

fn row_is_python(call: &Call) -> bool {
    !call.args.keywords.is_empty()
}

//! Operations of the built-in types, by the names that models give them: containers, texts, functions, promises.

use std::rc::Rc;

use backend_specialist_syntax::ir::CallStyle;

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::value::{Atom, Bound, Label, Labels, Native, Value};
use crate::model::place::CallPlace;
use crate::model::rows::{EffectRow, Op};
use crate::model::{Chars, KindSet, State};

impl<'a> Machine<'a> {
    pub fn effect(&mut self, row: &EffectRow, state: State, returned: Option<State>, call: &Call) -> Value {
        let on = match &row.on {
            Some(on) => self.operand(on, call).unwrap_or_default(),
            None => call.this.clone(),
        };
        let on = if matches!(row.op, Op::Then | Op::Catch | Op::Finally | Op::Resolve | Op::Reject) {
            on
        } else {
            self.settled(on)
        };
        if let Some(value) = self.container_op(row, &on, call) {
            return value;
        }
        if let Some(value) = self.iteration_op(row, &on, call) {
            return value;
        }
        if let Some(value) = self.text_op(row, &on, call) {
            return value;
        }
        if let Some(value) = self.function_op(row, &on, call) {
            return value;
        }
        let data = self.deep_labels(&on).join(&self.all_data(call));
        let labels = self.stepped(&data, call.place);
        let _ = state;
        match returned {
            Some(returned) => self.lib_value(returned, labels, None, call.place),
            None => Value::labelled(Atom::Unknown(None), labels),
        }
    }

    fn operand(&mut self, place: &CallPlace, call: &Call) -> Option<Value> {
        self.operands(place, call).into_iter().map(|it| it.0).reduce(|all, it| all.join(&it))
    }

    fn operand_or(&mut self, place: &Option<CallPlace>, call: &Call, index: usize) -> Option<Value> {
        match place {
            Some(place) => self.operand(place, call),
            None => call.args.get(index).map(|it| it.0.clone()),
        }
    }

    fn all_data(&mut self, call: &Call) -> Labels {
        let mut labels = Labels::default();
        for (value, _) in call.args.values() {
            labels = labels.join(&self.deep_labels(value));
        }
        for (_, value, _, _) in &call.args.keywords {
            labels = labels.join(&self.deep_labels(value));
        }
        labels
    }

    /// Data derived from values, as text or anything.
    fn derived(&mut self, values: &[&Value], atom: Atom, call: &Call) -> Value {
        let mut labels = Labels::default();
        for value in values {
            labels = labels.join(&self.deep_labels(value));
        }
        let labels = self.stepped(&labels, call.place);
        let text = matches!(atom, Atom::AnyText);
        let labels =
            if text { labels.map(|it| Label { structured: false, keys: false, ..it.clone() }) } else { labels };
        Value::labelled(atom, labels)
    }

    fn arg_values(&self, call: &Call) -> Vec<Value> {
        call.args.positional.iter().map(|it| it.0.clone()).collect()
    }

    // ---- containers ----

    fn container_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
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
                                elements.extend(values.iter().cloned());
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
            Op::Concat if self.is_array(on) => {
                let mut parts = vec![on.clone()];
                for value in self.arg_values(call) {
                    let part = if value.object().is_some() { value } else { self.new_array(vec![value]) };
                    parts.push(part);
                }
                self.concat_arrays(&parts)
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
                Some(id) if self.heap.object(id).kind == ObjectKind::Plain && self.heap.object(id).rest.is_absent() => {
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
            Op::Items => self.items(on),
            Op::FromItems => {
                let pairs = call.args.value(0);
                let id = self.new_object(ObjectKind::Plain);
                self.fill_from_pairs(id, &pairs);
                Value::atom(Atom::Object(id))
            }
            Op::Element => {
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
            Op::NewObject => {
                let id = self.new_object(ObjectKind::Plain);
                if let Some((first, _)) = call.args.positional.first().cloned() {
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

    fn store_elements(&mut self, id: super::value::ObjectId, elements: Vec<Value>) {
        if elements.len() > 64 {
            let all = elements.iter().fold(Value::absent(), |all, it| all.join(it));
            self.heap.blur(id);
            self.heap.write(Loc::Rest(id), all);
        } else {
            self.heap.set_array(id, elements);
        }
    }

    fn add_rest(&mut self, id: super::value::ObjectId, values: &[Value]) {
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

    fn take(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
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
                (elements.len() as f64 + at >= 0.0).then(|| (elements.len() as f64 + at) as usize)
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

    fn keys_operand(&mut self, row: &EffectRow, call: &Call) -> Vec<Value> {
        if row.keys.is_empty() {
            return call.args.get(0).map(|it| vec![it.0.clone()]).unwrap_or_default();
        }
        row.keys.iter().filter_map(|it| self.operand(it, call)).collect()
    }

    fn get(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
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

    fn set(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
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
    fn holder(&mut self, on: &Value, call: &Call) -> Value {
        if on.object().is_some() {
            return on.clone();
        }
        match call.this_expr {
            Some(expr) => self.writable(on.clone(), expr),
            None => on.clone(),
        }
    }

    fn copy(&mut self, on: &Value) -> Value {
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

    fn items(&mut self, on: &Value) -> Value {
        if let Some(id) = on.object() {
            let object = self.heap.object(id).clone();
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

    fn fill_from_pairs(&mut self, id: super::value::ObjectId, pairs: &Value) {
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

    fn define_property(&mut self, on: &Value, row: &EffectRow, call: &Call) -> Value {
        let target = if row.on.is_some() || call.args.positional.len() < 3 { on.clone() } else { call.args.value(0) };
        let key = call.args.value(1);
        let descriptor = call.args.value(2);
        let (value_name, getter_name) = (self.intern("value"), self.intern("get"));
        let mut value = self.member(&descriptor, value_name, None, call.place);
        let getter = self.member(&descriptor, getter_name, None, call.place);
        if matches!(getter.single(), Some(Atom::Closure(_))) {
            value = self.call_value(&getter, target.clone(), Args::default(), call.place);
        }
        self.put_index(&target, &key, value);
        target
    }

    // ---- functions over elements ----

    fn iteration_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        if !matches!(
            row.op,
            Op::Each | Op::Map | Op::Filter | Op::Find | Op::Some | Op::Every | Op::FlatMap | Op::Sort | Op::Reduce
        ) {
            return None;
        }
        let callback = match &row.callback {
            Some(place) => self.operand(place, call).unwrap_or_default(),
            None => call.args.value(0),
        };
        let known =
            on.object().and_then(|it| self.heap.known_elements(it)).filter(|it| it.len() <= super::stmt::UNROLL_MAX);
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
            on.object().is_some_and(|it| matches!(self.heap.object(it).kind, ObjectKind::Map | ObjectKind::Plain));
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
            let result = self.maybe_call(&callback, vec![element.clone(), second, on.clone()], call);
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
                    kept.push(element);
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
            Op::Find if certain => kept.into_iter().next().unwrap_or_else(Value::undefined),
            Op::Find => kept.into_iter().fold(Value::undefined(), |all, it| all.join(&it)),
            _ => Value::atom(Atom::AnyBool),
        })
    }

    /// An element that a filter's function let through: what its test says holds.
    fn filtered(&mut self, callback: &Value, element: Value, call: &Call) -> Value {
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
    fn maybe_call(&mut self, callback: &Value, args: Vec<Value>, call: &Call) -> Value {
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

    fn reduce(
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

    // ---- functions and promises ----

    fn function_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
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
                Value::atom(Atom::Bound(Rc::new(Bound { function, this, args: values })))
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
                let reject = Value::atom(Atom::Native(Native::Ignore));
                self.maybe_call_all(&callback, vec![resolve, reject], call);
                Value::atom(Atom::Object(promise))
            }
            Op::Then => {
                let value = self.promised(on);
                let callback = call.args.value(0);
                if let Some(second) = call.args.get(1).map(|it| it.0.clone()) {
                    self.maybe_call(&second, vec![Value::unknown()], call);
                }
                if callback.is_absent() { value } else { self.maybe_call_then(&callback, value, call) }
            }
            Op::Catch => {
                let callback = call.args.value(0);
                let labels = self.source(Machine::source_kind("error"), call.place, false);
                let language = self.language();
                let error = match self.places.named_type(language, "Error") {
                    Some(state) => Value::labelled(Atom::Lib(state), labels),
                    None => Value::labelled(Atom::Unknown(None), labels),
                };
                let handled = self.maybe_call(&callback, vec![error], call);
                let value = self.promised(on);
                if matches!(handled.single(), Some(Atom::Undefined)) { value } else { value.join(&handled) }
            }
            Op::Finally => {
                let callback = call.args.value(0);
                self.maybe_call(&callback, Vec::new(), call);
                on.clone()
            }
            Op::Resolve => self.settled(call.args.value(0)),
            Op::Reject => Value::unknown(),
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
                self.injected(&provider, call.place)
            }
            Op::Identity => self.operand_or(&row.from, call, 0).unwrap_or_default(),
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

    fn promised(&mut self, on: &Value) -> Value {
        let value = self.settled(on.clone());
        if value.is_absent() { Value::unknown() } else { value }
    }

    fn maybe_call_then(&mut self, callback: &Value, value: Value, call: &Call) -> Value {
        let callable = callback.atoms().iter().any(|it| {
            matches!(it, Atom::Closure(_) | Atom::Bound(_) | Atom::Lib(_) | Atom::Native(_) | Atom::Class(_))
        });
        if !callable {
            return value;
        }
        let result = self.maybe_call(callback, vec![value], call);
        self.settled(result)
    }

    fn maybe_call_all(&mut self, callback: &Value, args: Vec<Value>, call: &Call) -> Value {
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

    // ---- texts, numbers ----

    fn text_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let first = call.args.value(usize::from(row.on.is_some()));
        Some(match row.op {
            Op::Join => {
                let separator = if row.on.is_some() { call.this.clone() } else { first };
                return Some(self.join_texts(on, &separator, call));
            }
            Op::Concat => {
                let mut pieces = vec![(on.clone(), call.callee_place)];
                pieces.extend(call.args.positional.iter().cloned());
                self.concat(pieces, call.place)
            }
            Op::Upper | Op::Lower | Op::Trim => self.map_text(on, row.op, call),
            Op::Replace => self.replace(on, row, call),
            Op::Split => self.split(on, &first, call),
            Op::Slice => {
                let upper = call.args.get(1 + usize::from(row.on.is_some())).map(|it| it.0.clone());
                let lower = if first.is_absent() { None } else { Some(first) };
                self.slice(on, lower.as_ref(), upper.as_ref(), None, call.place)
            }
            Op::CharAt => match self.key_of(&first) {
                Some(key) => self.key_read(on, key, None, call.place),
                None => self.derived(&[on], Atom::AnyText, call),
            },
            Op::Reverse => {
                if let Some(id) = on.object() {
                    match self.heap.known_elements(id) {
                        Some(mut elements) => {
                            elements.reverse();
                            self.heap.set_array(id, elements);
                        }
                        None => self.heap.blur(id),
                    }
                }
                on.clone()
            }
            Op::Flat => {
                let element = self.elements_of(on);
                let inner = if element.object().is_some() { self.elements_of(&element) } else { element };
                self.new_list_of(inner)
            }
            Op::Length => {
                let value = if row.on.is_some() || call.args.positional.is_empty() { on.clone() } else { first };
                self.length(&value)
            }
            Op::IndexOf => match (self.constant_str(on), self.constant_str(&first)) {
                (Some(text), Some(part)) => Value::number(text.find(&*part).map_or(-1.0, |it| it as f64)),
                _ => match (on.object().and_then(|it| self.heap.known_elements(it)), &first) {
                    (Some(elements), key)
                        if key.labels.is_empty() && elements.iter().all(|it| self.equal(it, key, false).is_some()) =>
                    {
                        let found = elements.iter().position(|it| self.equal(it, key, false) == Some(true));
                        Value::number(found.map_or(-1.0, |it| it as f64))
                    }
                    _ => Value::atom(Atom::AnyNumber),
                },
            },
            Op::StartsWith | Op::EndsWith => match (self.constant_str(on), self.constant_str(&first)) {
                (Some(text), Some(part)) => Value::bool(if row.op == Op::StartsWith {
                    text.starts_with(&*part)
                } else {
                    text.ends_with(&*part)
                }),
                _ => Value::atom(Atom::AnyBool),
            },
            Op::Pad => match call.args.get(1) {
                Some((fill, _)) => {
                    let fill = fill.clone();
                    self.derived(&[on, &fill], Atom::AnyText, call)
                }
                None => self.derived(&[on], Atom::AnyText, call),
            },
            Op::Repeat => match (self.constant_str(on), first.as_number()) {
                (Some(text), Some(count)) if (0.0..=64.0).contains(&count) => {
                    self.text_value(&text.repeat(count as usize))
                }
                _ => self.derived(&[on], Atom::AnyText, call),
            },
            Op::Format => {
                let mut values = vec![on.clone()];
                values.extend(self.arg_values(call));
                values.extend(call.args.keywords.iter().map(|it| it.1.clone()));
                let values: Vec<&Value> = values.iter().collect();
                self.derived(&values, Atom::AnyText, call)
            }
            Op::ToText => {
                let value = if row.on.is_some()
                    || call.args.positional.is_empty()
                    || matches!(call.this.single(), Some(Atom::Object(_))) && call.args.positional.is_empty()
                {
                    on.clone()
                } else {
                    first
                };
                self.to_text(&value, call)
            }
            Op::ToNumber | Op::ToInteger => {
                let value = if row.on.is_some() { on.clone() } else { first };
                self.to_number(&value, row.op == Op::ToInteger, call)
            }
            Op::ToBool => {
                let value = if row.on.is_some() { on.clone() } else { first };
                match self.truth(&value, self.ir().semantics) {
                    Some(it) => Value::bool(it),
                    None => Value::atom(Atom::AnyBool),
                }
            }
            Op::Test | Op::IsType => return Some(self.test_value(row, on, call)),
            Op::Match => {
                let text = self.operand_or(&row.text, call, 0).unwrap_or_default();
                let source = if row.text.is_some() { text } else { on.clone() };
                let labels = self.as_text_labels(&source);
                let labels = self.stepped(&labels, call.place);
                let language = self.language();
                let group = Value::labelled(Atom::AnyText, labels.clone());
                match self.places.named_type(language, "Match") {
                    Some(state) => Value::labelled(Atom::Lib(state), labels).join(&Value::atom(Atom::Null)),
                    None => self.new_list_of(group),
                }
            }
            Op::Range => {
                let bounds: Vec<Option<f64>> = call.args.positional.iter().map(|it| it.0.as_number()).collect();
                match bounds.as_slice() {
                    [Some(end)] if *end <= 24.0 => {
                        let items = (0..end.max(0.0) as u32).map(|it| Value::number(f64::from(it))).collect();
                        self.new_array(items)
                    }
                    [Some(start), Some(end)] if end - start <= 24.0 => {
                        let items =
                            (0..(end - start).max(0.0) as u32).map(|it| Value::number(start + f64::from(it))).collect();
                        self.new_array(items)
                    }
                    _ => self.new_list_of(Value::atom(Atom::AnyNumber)),
                }
            }
            Op::Enumerate => {
                let list = if row.on.is_some() { on.clone() } else { first };
                match list.object().and_then(|it| self.heap.known_elements(it)) {
                    Some(elements) => {
                        let pairs = elements
                            .into_iter()
                            .enumerate()
                            .map(|(index, it)| self.new_array(vec![Value::number(index as f64), it]))
                            .collect();
                        self.new_array(pairs)
                    }
                    None => {
                        let element = self.elements_of(&list);
                        let pair = self.new_array(vec![Value::atom(Atom::AnyNumber), element]);
                        self.new_list_of(pair)
                    }
                }
            }
            Op::Zip => {
                let lists = self.arg_values(call);
                let parts: Vec<Value> = lists.iter().map(|it| self.elements_of(it)).collect();
                let tuple = self.new_array(parts);
                self.new_list_of(tuple)
            }
            Op::Min | Op::Max => {
                let mut all = Value::absent();
                for value in self.arg_values(call) {
                    let part = if value.object().is_some() { self.elements_of(&value) } else { value };
                    all = all.join(&part);
                }
                // The smaller of something and a constant has a bound.
                if row.op == Op::Min
                    && call.args.positional.len() > 1
                    && call.args.positional.iter().any(|it| it.0.labels.is_empty())
                {
                    let size = Machine::sink_kind("size");
                    let mut safe = KindSet::NONE;
                    safe.insert(size);
                    all.labels = self.safe_labels(&all.labels, safe);
                }
                Value { atoms: super::value::Atoms::One(Atom::AnyNumber), labels: all.labels }
            }
            Op::Abs | Op::Round | Op::Sum => {
                let labels = self.numeric_labels(&first.labels);
                Value::labelled(Atom::AnyNumber, labels)
            }
            Op::ParseJson => {
                let labels = self.stepped(&first.labels, call.place);
                let labels = labels.map(|it| Label { structured: true, keys: true, ..it.clone() });
                Value::labelled(Atom::Unknown(None), labels)
            }
            Op::WriteJson => {
                // Control characters are written as escapes.
                let text = self.derived(&[&first], Atom::AnyText, call);
                let labels = self.limited_labels(&text.labels, Chars::of("\r\n\t").complement());
                text.with_labels(labels)
            }
            Op::JoinPath | Op::NormalizePath => {
                let values = self.arg_values(call);
                let mut pieces: Vec<(Value, crate::Place)> = Vec::new();
                let slash = self.text_value("/");
                for (index, value) in values.into_iter().enumerate() {
                    if index > 0 {
                        pieces.push((slash.clone(), call.place));
                    }
                    pieces.push((value, call.place));
                }
                if let Some((rest, _)) = &call.args.rest {
                    pieces.push((rest.clone(), call.place));
                }
                let path = self.concat(pieces, call.place);
                let normalized = row.op == Op::NormalizePath;
                let labels = path.labels.map(|it| Label { normalized: it.normalized || normalized, ..it.clone() });
                if normalized { Value { atoms: one_text(path.atoms), labels } } else { path }
            }
            _ => return None,
        })
    }

    fn join_texts(&mut self, list: &Value, separator: &Value, call: &Call) -> Value {
        let separator = if separator.is_absent() { self.text_value(",") } else { separator.clone() };
        match list.object().and_then(|it| self.heap.known_elements(it)) {
            Some(elements) if elements.len() <= 16 => {
                let mut pieces = Vec::new();
                for (index, element) in elements.into_iter().enumerate() {
                    if index > 0 {
                        pieces.push((separator.clone(), call.place));
                    }
                    pieces.push((element, call.place));
                }
                self.concat(pieces, call.place)
            }
            _ => {
                let element = self.elements_of(list);
                if element.labels.is_empty()
                    && let Some(texts) = self.constant_texts(&element)
                    && texts.len() == 1
                {
                    return Value::atom(Atom::AnyText);
                }
                self.derived(&[&element, &separator], Atom::AnyText, call)
            }
        }
    }

    fn map_text(&mut self, on: &Value, op: Op, call: &Call) -> Value {
        if let Some(texts) = self.constant_texts(on) {
            let mut all = Value::absent();
            for text in texts {
                let text = match op {
                    Op::Upper => text.to_uppercase(),
                    Op::Lower => text.to_lowercase(),
                    _ if call.args.positional.is_empty() => text.trim().to_owned(),
                    _ => return Value::atom(Atom::AnyText),
                };
                all = all.join(&self.text_value(&text));
            }
            return all;
        }
        if let Some(Atom::Shape(_)) = on.single() {
            return self.step_value(on.clone(), call.place);
        }
        self.derived(&[on], Atom::AnyText, call)
    }

    /// `text.replace(what, with)`: constants folded; characters that are replaced by nothing are gone.
    fn replace(&mut self, on: &Value, row: &EffectRow, call: &Call) -> Value {
        let pattern = self.operand_or(&row.pattern, call, 0).unwrap_or_default();
        let with = self.operand_or(&row.value, call, 1).unwrap_or_default();
        let subject = match &row.text {
            Some(place) => self.operand(place, call).unwrap_or_default(),
            None => on.clone(),
        };
        if let (Some(text), Some(what), Some(with)) =
            (self.constant_str(&subject), self.constant_str(&pattern), self.constant_str(&with))
            && row.pattern.is_none()
        {
            let all = self.ir().semantics.negative_index;
            let replaced = if all { text.replace(&*what, &with) } else { text.replacen(&*what, &with, 1) };
            return self.text_value(&replaced);
        }
        if matches!(with.single(), Some(Atom::Closure(_))) {
            let labels = self.as_text_labels(&subject);
            let group = Value::labelled(Atom::AnyText, labels.clone());
            let result = self.maybe_call(&with, vec![group.clone(), group], call);
            let fixed = result.labels.is_empty();
            let labels = self.stepped(&labels.join(&result.labels), call.place);
            let gone = self.replaced_characters(&pattern, row, call).filter(|_| fixed);
            let labels = match gone {
                Some(gone) => self.limited_labels(&labels, gone.complement()),
                None => labels,
            };
            return Value::labelled(Atom::AnyText, labels);
        }
        let labels = self.as_text_labels(&subject);
        let gone = self.replaced_characters(&pattern, row, call);
        let labels = match (gone, self.constant_str(&with)) {
            (Some(gone), Some(with)) => {
                let left = gone.complement().union(Chars::of(&with));
                self.limited_labels(&labels, left)
            }
            _ => labels,
        };
        let labels = labels.join(&self.as_text_labels(&with));
        let labels = self.stepped(&labels, call.place);
        Value::labelled(Atom::AnyText, labels)
    }

    /// Characters of which no occurrence is left.
    fn replaced_characters(&mut self, pattern: &Value, row: &EffectRow, call: &Call) -> Option<Chars> {
        let every = self.ir().semantics.negative_index;
        match pattern.single()? {
            Atom::Regex { pattern, flags } if every || self.text(*flags).contains('g') => {
                super::regexes::removed(&self.text(*pattern))
            }
            Atom::Text(sym) => {
                let text = self.text(*sym);
                if row.pattern.is_some() {
                    return super::regexes::removed(&text);
                }
                let all = every || row.full;
                let _ = call;
                (all && text.chars().count() == 1).then(|| Chars::of(&text))
            }
            _ => None,
        }
    }

    fn split(&mut self, on: &Value, separator: &Value, call: &Call) -> Value {
        if let (Some(text), Some(separator)) = (self.constant_str(on), self.constant_str(separator))
            && call.args.positional.len() == 1
            && !separator.is_empty()
        {
            let parts: Vec<String> = text.split(&*separator).map(str::to_owned).collect();
            if parts.len() <= 64 {
                let parts = parts.iter().map(|it| self.text_value(it)).collect();
                return self.new_array(parts);
            }
        }
        let labels = self.as_text_labels(on);
        let labels = self.stepped(&labels, call.place);
        self.new_list_of(Value::labelled(Atom::AnyText, labels))
    }

    pub fn to_text(&mut self, value: &Value, call: &Call) -> Value {
        let value = &self.settled(value.clone());
        if value.labels.is_empty()
            && let Some(atom) = value.single()
            && let Some(sym) = self.constant_text(atom)
        {
            return Value::atom(Atom::Text(sym));
        }
        if value.is_surely_text() {
            return value.clone();
        }
        self.derived(&[value], Atom::AnyText, call)
    }

    fn to_number(&mut self, value: &Value, integer: bool, call: &Call) -> Value {
        if let Some(it) = value.as_number() {
            return Value::number(if integer { it.trunc() } else { it });
        }
        if let Some(text) = self.constant_str(value)
            && let Ok(it) = text.trim().parse::<f64>()
        {
            return Value::number(it);
        }
        let labels = self.deep_labels(value);
        let labels = self.numeric_labels(&labels);
        let labels = self.stepped(&labels, call.place);
        Value::labelled(Atom::AnyNumber, labels)
    }

    fn test_value(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        if row.op == Op::Test {
            let pattern = match &row.pattern {
                Some(place) => self.operand(place, call).unwrap_or_default(),
                None => on.clone(),
            };
            let text = self.operand_or(&row.text, call, 0).unwrap_or_default();
            if let (Some(Atom::Regex { pattern, flags }), Some(text)) = (pattern.single(), self.constant_str(&text))
                && self.text(*flags).chars().all(|it| it == 'g')
                && let Ok(regex) = regex::RegexBuilder::new(&self.text(*pattern)).size_limit(1 << 18).build()
            {
                return Value::bool(regex.is_match(&text));
            }
        }
        Value::atom(Atom::AnyBool)
    }
}

/// A text of which only the data is known.
fn one_text(atoms: super::value::Atoms) -> super::value::Atoms {
    match &atoms {
        super::value::Atoms::One(Atom::Text(_)) => atoms,
        _ => super::value::Atoms::One(Atom::AnyText),
    }
}

fn row_is_python(call: &Call) -> bool {
    !call.args.keywords.is_empty()
}

impl Value {
    /// A key of which only the data counts.
    fn with_labels_unknown(self) -> Value {
        Value { atoms: super::value::Atoms::One(Atom::Unknown(None)), labels: self.labels }
    }
}

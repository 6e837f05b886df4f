//! Operations on arrays, mappings and sets.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::value::{Atom, ObjectId, Value};
use crate::model::rows::{EffectRow, Op};

impl<'a> Machine<'a> {
    pub(super) fn container_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        Some(match row.op {
            Op::Append | Op::Add => self.append(row, on, call),
            Op::Prepend | Op::Insert => self.insert(row, on, call)?,
            Op::Extend => self.extend(row, on, call)?,
            Op::Put => self.put_content(on, call),
            Op::Iterate => self.iterator_over(on),
            Op::Concat => self.concat_op(on, call)?,
            Op::Splice => self.splice(on, call),
            Op::Fill => self.fill(on, call)?,
            Op::With => self.with_element(on, call)?,
            Op::Freeze | Op::Seal => {
                let target = call.args.value(0);
                self.fix_properties(&target, row.op == Op::Freeze);
                target
            }
            Op::TakeLast | Op::TakeFirst | Op::TakeAt => self.take(row, on, call),
            Op::Get => self.get(row, on, call),
            Op::Set | Op::SetDefault => self.set(row, on, call)?,
            Op::Delete => self.delete_op(row, on, call),
            Op::Has | Op::HasAttribute => self.has(row, on, call),
            Op::Merge => self.merge_op(row, on, call),
            Op::Clear => self.clear(on)?,
            Op::Element => self.element(row, on, call),
            Op::GetAttribute => self.get_attribute(row, on, call)?,
            Op::SetAttribute => self.set_attribute(row, on, call)?,
            Op::DefineProperty => self.define_property(on, row, call),
            _ => return self.container_made(row, on, call),
        })
    }

    fn append(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let mut values: Vec<Value> = self.arg_values(call).into_iter().skip(usize::from(row.on.is_some())).collect();
        values.extend(call.args.rest.iter().map(|it| it.0.clone()));
        for atom in on.atoms().to_vec() {
            let Atom::Object(id) = atom else { continue };
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
        if row.op == Op::Add { on.clone() } else { Value::atom(Atom::AnyNumber) }
    }

    fn insert(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let mut values = self.arg_values(call);
        let position = match row.op {
            Op::Insert if !values.is_empty() => values.remove(0).as_number(),
            _ => Some(0.0),
        };
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
        Some(Value::undefined())
    }

    fn extend(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let value = call.args.value(usize::from(row.on.is_some()));
        let id = on.object()?;
        if self.heap.object(id).kind == ObjectKind::Plain {
            self.merge_into(id, &value);
            return Some(Value::undefined());
        }
        let value = self.iterable(value);
        match (self.heap.known_elements(id), value.object().and_then(|it| self.known_iteration(it))) {
            (Some(mut elements), Some(more)) => {
                elements.extend(more);
                self.store_elements(id, elements);
            }
            _ => {
                let element = self.elements_of(&value);
                self.add_rest(id, &[element]);
            }
        }
        Some(Value::undefined())
    }

    fn put_content(&mut self, on: &Value, call: &Call) -> Value {
        let value = call.args.value(0);
        let single = on.atoms().len() == 1;
        for atom in on.atoms() {
            if let Atom::Object(id) = atom {
                self.put_key(*id, Key::Name(self.natives.content), value.clone(), single);
            }
        }
        Value::unknown()
    }

    /// Nothing, where texts are put together.
    fn concat_op(&mut self, on: &Value, call: &Call) -> Option<Value> {
        let values = self.arg_values(call);
        if !self.is_array(on) {
            return values.iter().any(|it| self.is_array(it)).then(|| self.concat_arrays(&values));
        }
        let mut parts = vec![on.clone()];
        for value in values {
            parts.push(if value.object().is_some() { value } else { self.new_array(vec![value]) });
        }
        Some(self.concat_arrays(&parts))
    }

    /// Every element becomes the first argument.
    fn fill(&mut self, on: &Value, call: &Call) -> Option<Value> {
        let id = on.object()?;
        let value = call.args.value(0);
        match self.heap.known_elements(id) {
            Some(elements) if call.args.positional.len() == 1 => self.store_elements(id, vec![value; elements.len()]),
            _ => {
                self.heap.blur(id);
                self.add_rest(id, &[value]);
            }
        }
        Some(on.clone())
    }

    /// A copy in which one element is another one.
    fn with_element(&mut self, on: &Value, call: &Call) -> Option<Value> {
        let elements = on.object().and_then(|it| self.heap.known_elements(it));
        let (at, value) = (call.args.value(0).as_number(), call.args.value(1));
        if let (Some(mut elements), Some(at)) = (elements, at) {
            let at = if at < 0.0 { at + elements.len() as f64 } else { at };
            *elements.get_mut(at.max(0.0) as usize)? = value;
            return Some(self.new_array(elements));
        }
        let all = self.elements_of(on).join(&value);
        Some(self.new_list_of(all))
    }

    fn delete_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let gone = Value::atom(Atom::AnyBool);
        let Some(id) = on.object() else { return gone };
        if let Some(place) = &row.value {
            let value = self.operand(place, call).unwrap_or_default();
            self.remove_element(id, &value);
            return gone;
        }
        let keys = self.keys_operand(row, call);
        let [key] = keys.as_slice() else { return gone };
        match (self.key_of(key), self.heap.object(id).kind) {
            (_, ObjectKind::Set) => self.remove_element(id, key),
            (Some(_), ObjectKind::Array) => self.heap.blur(id),
            (Some(key), _) => self.heap.write(Loc::Field(id, key), Value::absent()),
            _ => {}
        }
        gone
    }

    /// Removes the first element that is equal; where that is not known, any may be the one.
    fn remove_element(&mut self, id: ObjectId, value: &Value) {
        let known = self.heap.known_elements(id);
        let is_before = |it: &Value| self.equal(it, value, false) == Some(false);
        let at = known.iter().flatten().position(|it| !is_before(it));
        match (known, at) {
            (Some(_), None) => {}
            (Some(mut elements), Some(at)) if self.is_same_value(&elements[at], value) => {
                elements.remove(at);
                self.heap.set_array(id, elements);
            }
            _ => self.heap.blur(id),
        }
    }

    /// Whether two values are surely equal: the same constant, or the same data of one origin.
    fn is_same_value(&self, a: &Value, b: &Value) -> bool {
        let is_function = matches!(a.single(), Some(Atom::Bound(_) | Atom::Class(_) | Atom::Lib(_)));
        let is_traced = a.labels.iter().len() == 1;
        self.equal(a, b, false) == Some(true) || (is_function || is_traced) && a.is_same_data(b)
    }

    fn has(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let keys = self.keys_operand(row, call);
        if let Some(it) = keys.first().and_then(|key| self.contains_key(on, key)) {
            return Value::bool(it);
        }
        match (self.constant_str(on), keys.first().and_then(|it| self.constant_str(it))) {
            (Some(text), Some(part)) => Value::bool(text.contains(&*part)),
            _ => Value::atom(Atom::AnyBool),
        }
    }

    fn merge_op(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let Some(id) = on.object() else {
            let labels = self.deep_labels(on).join(&self.all_data(call));
            let labels = self.stepped(&labels, call.place);
            return Value::labelled(Atom::Unknown(None), labels);
        };
        for value in self.arg_values(call).into_iter().skip(usize::from(row.on.is_some())) {
            self.merge_into(id, &value);
        }
        for (name, value, _, _) in call.args.keywords.clone() {
            self.set_field(id, Key::Name(name), value);
        }
        on.clone()
    }

    fn clear(&mut self, on: &Value) -> Option<Value> {
        let id = on.object()?;
        for (key, _) in self.heap.object(id).fields.clone() {
            self.heap.write(Loc::Field(id, key), Value::absent());
        }
        self.heap.write(Loc::Rest(id), Value::absent());
        let is_list = matches!(self.heap.object(id).kind, ObjectKind::Array | ObjectKind::Set);
        self.heap.write(Loc::Len(id), if is_list { Value::number(0.0) } else { Value::absent() });
        Some(Value::undefined())
    }

    fn element(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Value {
        let nexts = self.natives.next_values;
        if let Some(next) = nexts[..2].iter().find_map(|it| self.own_method(on, *it)) {
            return self.call_value(&next, on.clone(), Args::default(), call.place);
        }
        let on = &self.iterable(on.clone());
        if let Some(id) = on.object()
            && self.heap.object(id).kind == ObjectKind::Generator
        {
            let default = self.operand_or(&row.default, call, 1);
            return match (self.heap.known_elements(id).map(|it| it.is_empty()), default) {
                (Some(true), Some(default)) => default,
                (None, Some(default)) => self.next_of(id, None, false).join(&default),
                _ => self.next_of(id, None, false),
            };
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

    /// The name and the object of a call that reads or writes an attribute by name.
    fn attribute(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<(Value, Value)> {
        let given = self.keys_operand(row, call).into_iter().next();
        let key = given.or_else(|| call.args.get(1).map(|it| it.0.clone()))?;
        Some((key, if row.on.is_some() { on.clone() } else { call.args.value(0) }))
    }

    fn get_attribute(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let (key, target) = self.attribute(row, on, call)?;
        let Some(name) = key.text().filter(|_| key.labels.is_empty()) else {
            return Some(self.elements_of(&target));
        };
        let found = self.member(&target, name, None, call.place);
        Some(self.bound_method(&target, name, found))
    }

    fn set_attribute(&mut self, row: &EffectRow, on: &Value, call: &Call) -> Option<Value> {
        let (key, target) = self.attribute(row, on, call)?;
        let value = self.operand_or(&row.value, call, 2).unwrap_or_default();
        match key.text() {
            Some(name) if key.labels.is_empty() => self.put_member(&target, name, value),
            _ => self.put_index(&target, &key, value),
        }
        Some(Value::bool(true))
    }

    pub(super) fn store_elements(&mut self, id: ObjectId, elements: Vec<Value>) {
        if elements.len() > 64 {
            let all = elements.iter().fold(Value::absent(), |all, it| all.join(it));
            self.heap.blur(id);
            self.heap.write(Loc::Rest(id), all);
        } else {
            self.heap.set_array(id, elements);
        }
    }

    pub(super) fn add_rest(&mut self, id: ObjectId, values: &[Value]) {
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
        let is_known = |it: &Atom| matches!(it, Atom::Text(_) | Atom::Number(_) | Atom::Object(_) | Atom::Closure(_));
        match default {
            Some(default) if matches!(value.single(), Some(Atom::Undefined)) => default,
            Some(default) if !value.single().is_some_and(is_known) => value.join(&default),
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
}

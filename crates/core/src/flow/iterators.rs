//! Generators and iterators. A generator is run to its end when it is called, and what it yields is kept in order;
//! an object that says how it is gone through is asked for its elements.

use backend_specialist_syntax::ir::{Expr, ExprId};

use super::heap::{Key, Loc, ObjectKind};
use super::loops::UNROLL_MAX;
use super::machine::{Args, Machine};
use super::names::SYMBOLS;
use super::value::{Atom, ObjectId, Sym, Value};
use crate::finding::StepKind;

impl<'a> Machine<'a> {
    pub(super) fn new_generator(&mut self) -> ObjectId {
        let id = self.new_object(ObjectKind::Generator);
        self.heap.write(Loc::Len(id), Value::number(0.0));
        id
    }

    /// `yield x`, `yield* xs`, `yield from xs`.
    pub(super) fn yielded(&mut self, value: Option<ExprId>, delegate: bool) -> Value {
        let place = value.map_or_else(|| self.here(), |it| self.place_of(it));
        let value = value.map(|it| self.eval(it)).unwrap_or_else(Value::undefined);
        let value = self.step_value(StepKind::Return, value, place);
        let Some(list) = self.frame().yields else { return Value::unknown() };
        if !delegate {
            self.push_element(list, value);
        } else {
            let value = self.iterable(value);
            match value.object().and_then(|it| self.heap.known_elements(it)) {
                Some(elements) => elements.into_iter().for_each(|it| self.push_element(list, it)),
                None => {
                    let element = self.elements_of(&value);
                    self.add_rest(list, &[element]);
                }
            }
        }
        // What is sent in arrives where it is sent: see `next_of`.
        Value::unknown()
    }

    fn push_element(&mut self, list: ObjectId, value: Value) {
        let object = self.heap.object(list);
        match object.len.as_number() {
            Some(len) if object.rest.is_absent() => self.set_field(list, Key::Index(len as u32), value),
            _ => self.add_rest(list, &[value]),
        }
    }

    /// Takes the next element. What is sent into a generator may come out of it again.
    pub(super) fn next_of(&mut self, id: ObjectId, sent: Option<Value>, record: bool) -> Value {
        let (mut value, done) = match self.heap.known_elements(id) {
            Some(mut elements) if !elements.is_empty() => {
                let first = elements.remove(0);
                self.heap.set_array(id, elements);
                (first, Value::bool(false))
            }
            Some(_) => {
                let returned = self.heap.field(id, Key::Name(self.natives.returned)).cloned();
                (returned.unwrap_or_else(Value::undefined), Value::bool(true))
            }
            None => (self.heap.elements(id), Value::atom(Atom::AnyBool)),
        };
        if let Some(sent) = sent
            && value.atoms().iter().any(|it| matches!(it, Atom::Unknown(None)))
        {
            value = value.join(&sent);
        }
        if !record {
            return value;
        }
        let result = self.new_object(ObjectKind::Plain);
        self.set_field(result, Key::Name(self.natives.value), value);
        self.set_field(result, Key::Name(self.natives.done), done);
        Value::atom(Atom::Object(result))
    }

    /// The method that a read of a member of a generator or list gives, if it takes the next element.
    pub(super) fn next_method(&self, id: ObjectId, name: Sym) -> Option<Value> {
        let records = self.ir().semantics.members_are_keys;
        let is_next = if records { name == self.natives.next } else { self.natives.next_values.contains(&name) };
        let kind = self.heap.object(id).kind;
        let is_list = matches!(kind, ObjectKind::Generator | ObjectKind::Array | ObjectKind::Set);
        (is_next && is_list).then(|| Value::atom(Atom::Native(super::value::Native::Next { of: id, record: records })))
    }

    /// Something to go through: an object that has a way of its own becomes what that way gives.
    pub fn iterable(&mut self, value: Value) -> Value {
        let Some(id) = value.object() else { return value };
        if !matches!(self.heap.object(id).kind, ObjectKind::Instance(_) | ObjectKind::Plain) {
            return value;
        }
        let Some(method) = self.natives.iterators.into_iter().find_map(|name| {
            let found = self.own_or_inherited(id, Key::Name(name), name)?;
            matches!(found.single(), Some(Atom::Closure(_))).then_some(found)
        }) else {
            return value;
        };
        let place = self.here();
        let iterator = self.call_value(&method, value.clone(), Args::default(), place);
        let iterator = self.settled(iterator);
        match iterator.object().map(|it| self.heap.object(it).kind) {
            Some(ObjectKind::Instance(_) | ObjectKind::Plain) => self.gone_through(&iterator),
            Some(_) => iterator,
            None => value,
        }
    }

    /// `iter(xs)`: the elements, to be taken one after another.
    pub(super) fn iterator_over(&mut self, on: &Value) -> Value {
        let on = self.iterable(on.clone());
        let Some(id) = on.object() else { return on };
        let known = match self.heap.object(id).kind {
            ObjectKind::Array | ObjectKind::Set => self.heap.known_elements(id),
            ObjectKind::Plain => self.known_keys(id),
            _ => return on,
        };
        let list = match known {
            Some(elements) => self.new_array(elements),
            None => {
                let element = self.elements_of(&on);
                self.new_list_of(element)
            }
        };
        if let Some(id) = list.object() {
            self.heap.objects[id.0 as usize].kind = ObjectKind::Generator;
        }
        list
    }

    /// What an iterator written by hand gives, until it says that it is done.
    fn gone_through(&mut self, iterator: &Value) -> Value {
        let records = self.ir().semantics.members_are_keys;
        let names = if records { vec![self.natives.next] } else { self.natives.next_values[..2].to_vec() };
        let place = self.here();
        let mut found = Vec::new();
        let mut is_exact = false;
        for _ in 0..UNROLL_MAX {
            let Some(next) = names.iter().find_map(|name| {
                let next = self.member(iterator, *name, None, place);
                matches!(next.single(), Some(Atom::Closure(_))).then_some(next)
            }) else {
                return iterator.clone();
            };
            let result = self.call_value(&next, iterator.clone(), Args::default(), place);
            let result = self.settled(result);
            if std::mem::replace(&mut self.dead, false) {
                is_exact = true;
                break;
            }
            if !records {
                found.push(result);
                continue;
            }
            let done = self.member(&result, self.natives.done, None, place);
            let done = self.truth(&done, self.ir().semantics);
            if done == Some(true) {
                is_exact = true;
                break;
            }
            found.push(self.member(&result, self.natives.value, None, place));
            if done.is_none() && found.len() >= 2 {
                break;
            }
        }
        if is_exact {
            return self.new_array(found);
        }
        let all = found.iter().fold(Value::absent(), |all, it| all.join(it));
        self.new_list_of(all)
    }

    /// A computed key that is a symbol of the language.
    pub(super) fn symbol_key(&mut self, expr: ExprId) -> Option<Sym> {
        let ir = self.ir();
        let Expr::Member { object, name, .. } = ir.expr(expr) else { return None };
        let Expr::Free(holder) = ir.expr(object) else { return None };
        let text = format!("\u{1}{}.{}", ir.name(holder), ir.name(name));
        SYMBOLS.contains(&text.as_str()).then(|| self.intern(&text))
    }
}

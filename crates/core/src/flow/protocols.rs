//! What objects of the project's own classes say about themselves: their text, their class, their methods as values.

use super::call::Call;
use super::heap::{Key, ObjectKind};
use super::machine::{Args, Machine, TryExits};
use super::value::{Atom, Bound, ClassValueId, ObjectId, Sym, Value};
use crate::Place;
use backend_specialist_syntax::ir::{BinaryOp, Receiver};
use std::rc::Rc;

impl<'a> Machine<'a> {
    /// The text of an object whose class, or which itself, has a method for it.
    pub(super) fn text_of_instance(&mut self, value: &Value) -> Option<Value> {
        let id = value.object()?;
        if !matches!(self.heap.object(id).kind, ObjectKind::Instance(_) | ObjectKind::Plain) {
            return None;
        }
        let method = self.natives.texts.into_iter().find_map(|name| {
            let found = self.own_or_inherited(id, Key::Name(name), name)?;
            matches!(found.single(), Some(Atom::Closure(_))).then_some(found)
        })?;
        let place = self.here();
        let text = self.call_value(&method, value.clone(), Args::default(), place);
        // An object that gives itself again is no text.
        (!self.dead && text.object().is_none()).then_some(text)
    }

    /// Whether the value counts as true; an instance whose class has a method for that is asked.
    pub(super) fn truth_of(&mut self, value: &Value) -> Option<bool> {
        let semantics = self.ir().semantics;
        if semantics.empty_is_false
            && let Some(method) = self.natives.truths.into_iter().find_map(|it| self.own_method(value, it))
        {
            let place = self.here();
            let told = self.call_value(&method, value.clone(), Args::default(), place);
            return self.truth(&told, semantics);
        }
        self.truth(value, semantics)
    }

    /// Whether an object is of a class of the project, or of one of several.
    pub(super) fn is_instance(&self, value: &Value, class: &Value) -> Option<bool> {
        if let Some(id) = class.object() {
            let mut found = Some(false);
            for one in self.heap.known_elements(id)? {
                match self.is_instance(value, &one) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => found = None,
                }
            }
            return found;
        }
        let Some(Atom::Class(class)) = class.single() else { return None };
        match value.single()? {
            Atom::Object(id) => match self.heap.object(*id).kind {
                ObjectKind::Instance(own) => self.descends(own, *class),
                ObjectKind::Array | ObjectKind::Map | ObjectKind::Set => Some(false),
                _ => None,
            },
            Atom::Text(_) | Atom::Number(_) | Atom::Bool(_) | Atom::Null | Atom::Undefined => Some(false),
            _ => None,
        }
    }

    fn descends(&self, own: ClassValueId, class: ClassValueId) -> Option<bool> {
        let it = &self.classes[own.0 as usize];
        if own == class || it.lineage.contains(&Atom::Class(class)) {
            return Some(true);
        }
        let is_library = |it: &Atom| matches!(it, Atom::Lib(_));
        let is_known = it.lineage.iter().all(|it| is_library(it) || matches!(it, Atom::Class(_)));
        (is_known && (!it.is_open || it.lineage.iter().any(is_library))).then_some(false)
    }

    /// `object.method` as a value, where the language remembers the object.
    pub(super) fn bound_method(&self, object: &Value, name: Sym, found: Value) -> Value {
        let Some(id) = object.object() else { return found };
        let kind = self.heap.object(id).kind;
        let is_bound = match found.single() {
            Some(Atom::Closure(closure)) => {
                let closure = &self.closures[closure.0 as usize];
                let receiver = self.modules[closure.module as usize].ir.function(closure.function).receiver;
                receiver == Receiver::FirstParameter
                    && closure.home.is_some()
                    && matches!(kind, ObjectKind::Instance(_))
                    && self.heap.field(id, Key::Name(name)).is_none()
            }
            Some(Atom::Lib(_)) => {
                let is_container = matches!(kind, ObjectKind::Array | ObjectKind::Set | ObjectKind::Plain);
                is_container && !self.ir().semantics.members_are_keys
            }
            _ => false,
        };
        if !is_bound {
            return found;
        }
        Value::atom(Atom::Bound(Rc::new(Bound { function: found, this: Some(object.clone()), args: Vec::new() })))
    }

    /// `a + b` where the class of `a`, or for `in` that of `b`, says what it means.
    pub(super) fn operator_method(&mut self, op: BinaryOp, a: &Value, b: &Value, place: Place) -> Option<Value> {
        let is_test = matches!(op, BinaryOp::In | BinaryOp::NotIn);
        let (receiver, other) = if is_test { (b, a) } else { (a, b) };
        let name = match is_test {
            true => self.natives.contains,
            false => self.natives.operators.iter().find(|it| it.0 == op)?.1,
        };
        let method = self.own_method(receiver, name)?;
        let value = self.call_value(&method, receiver.clone(), Args::of(vec![other.clone()], place), place);
        if !is_test {
            return Some(value);
        }
        let truth = self.truth(&value, self.ir().semantics);
        Some(truth.map_or(Value::atom(Atom::AnyBool), |it| Value::bool(it == (op == BinaryOp::In))))
    }

    /// A method that the class of an object has, where that is a function of the project.
    pub(super) fn own_method(&mut self, object: &Value, name: Sym) -> Option<Value> {
        let id = object.object()?;
        let ObjectKind::Instance(class) = self.heap.object(id).kind else { return None };
        let method = self.class_member(class, name, object)?;
        matches!(method.single(), Some(Atom::Closure(_))).then_some(method)
    }

    /// `super().__new__(cls)` of a class without such a method above it: an instance that is not set up yet.
    pub(super) fn bare_instance(&mut self, function: &Value, name: Sym, args: &Args) -> Option<Value> {
        if name != self.natives.make || !matches!(function.single(), Some(Atom::Unknown(_) | Atom::Lib(_))) {
            return None;
        }
        let Some(Atom::Class(class)) = args.positional.first()?.0.single().cloned() else { return None };
        let id = self.new_object(ObjectKind::Instance(class));
        Some(Value::atom(Atom::Object(id)))
    }

    /// What the class's own maker gives, if it has one.
    pub(super) fn made_by_class(&mut self, class: ClassValueId, call: &Call) -> Option<Value> {
        let maker = self.static_member(class, self.natives.make)?;
        if !matches!(maker.single(), Some(Atom::Bound(_) | Atom::Closure(_))) {
            return None;
        }
        let this = Value::atom(Atom::Class(class));
        let made = self.call_value(&maker, this, call.args.clone(), call.place);
        made.object().filter(|it| matches!(self.heap.object(*it).kind, ObjectKind::Instance(_))).map(|_| made)
    }

    /// Fields that a class declares and nobody sets up: the arguments, in the order of the declarations.
    pub(super) fn fill_declared(&mut self, class: ClassValueId, id: ObjectId, args: &Args) -> bool {
        let names = self.declared_fields(class);
        if names.len() < args.positional.len() || names.is_empty() {
            return false;
        }
        for (at, name) in names.iter().enumerate() {
            let by_name = args.keywords.iter().find(|it| it.0 == *name).map(|it| it.1.clone());
            let given = args.positional.get(at).map(|it| it.0.clone()).or(by_name);
            let value = match given {
                Some(given) => given,
                None => match self.static_member(class, *name) {
                    // What is made for each instance is no instance's own else.
                    Some(default) if default.object().is_some() => self.copy(&default),
                    _ => continue,
                },
            };
            self.set_field(id, Key::Name(*name), value.clone());
            if self.class_library(class).is_some() {
                self.set_field(id, Key::Index(at as u32), value);
            }
        }
        args.rest.is_none() && args.keyword_rest.is_none()
    }

    /// An instance taken apart by position: the fields that its class names for that.
    pub(super) fn by_position(&mut self, value: Value) -> Value {
        let Some(id) = value.object() else { return value };
        let ObjectKind::Instance(class) = self.heap.object(id).kind else { return value };
        let named = self.static_member(class, self.natives.match_args).and_then(|it| it.object());
        let named = named.and_then(|it| self.heap.known_elements(it));
        let names: Vec<Sym> = match named {
            Some(named) => named.iter().filter_map(Value::text).collect(),
            None => self.declared_fields(class),
        };
        if names.is_empty() {
            return value;
        }
        let place = self.here();
        let fields = names.into_iter().map(|name| self.member(&value, name, None, place)).collect();
        self.new_array(fields)
    }

    /// Fields that a class and those that it inherits from declare, the bases' first.
    fn declared_fields(&self, class: ClassValueId) -> Vec<Sym> {
        let mut names: Vec<Sym> = Vec::new();
        for class in self.inherited_classes(class).into_iter().rev().chain([class]) {
            for name in &self.classes[class.0 as usize].declared {
                if !names.contains(name) {
                    names.push(*name);
                }
            }
        }
        names
    }

    pub(super) fn innermost_try(&mut self) -> Option<&mut TryExits> {
        self.frames.iter_mut().rev().find_map(|it| it.tries.last_mut())
    }

    /// Something happens that may raise.
    pub(super) fn may_raise(&mut self) {
        if let Some(it) = self.innermost_try() {
            it.may_raise = true;
        }
    }

    /// A function of the project is called; that it raises is seen where it does.
    pub(super) fn note_own_call(&mut self) {
        if let Some(it) = self.innermost_try() {
            it.has_calls = true;
        }
    }

    /// A member or key of something that may not have it.
    pub(super) fn note_risky_read(&mut self, object: &Value) {
        let is_plain = |it: &Atom| matches!(it, Atom::Object(_) | Atom::Text(_) | Atom::Closure(_) | Atom::Class(_));
        if !object.atoms().iter().all(is_plain) {
            self.may_raise();
        }
    }
}

//! Members and keys, written and removed.

use super::heap::{Key, Loc, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, ObjectId, Sym, Value};
use backend_specialist_syntax::ir::{Expr, ExprId};

use super::call::Call;
use super::machine::Args;
use crate::model::rows::EffectRow;

impl<'a> Machine<'a> {
    /// `object.name = value`.
    pub fn put_member(&mut self, object: &Value, name: Sym, value: Value) {
        let single = object.atoms().len() == 1;
        for atom in object.atoms() {
            match atom {
                Atom::Object(id) => {
                    if self.call_setter(*id, name, &value) {
                        continue;
                    }
                    if name == self.natives.proto {
                        self.heap.write(Loc::Prototype(*id), value.clone());
                        continue;
                    }
                    let key = self.key_of_text(name);
                    self.put_key(*id, key, value.clone(), single);
                }
                Atom::Closure(id) => {
                    let own = self.closure_object(*id);
                    self.put_key(own, Key::Name(name), value.clone(), single);
                }
                Atom::Class(id) => {
                    let own = self.classes[id.0 as usize].statics;
                    self.put_key(own, Key::Name(name), value.clone(), single);
                }
                _ => {}
            }
        }
    }

    pub(super) fn put_key(&mut self, id: ObjectId, key: Key, value: Value, strong: bool) {
        if self.heap.is_fixed(id, key, false) {
            return;
        }
        if let (ObjectKind::Library(state), Key::Name(name)) = (self.heap.object(id).kind, key) {
            self.keep(state, name, &value);
        }
        let value = match self.heap.field(id, key) {
            Some(old) if !strong => old.join(&value),
            _ => value,
        };
        self.set_field(id, key, value);
    }

    pub(super) fn call_setter(&mut self, id: ObjectId, name: Sym, value: &Value) -> bool {
        if let Some(setters) = self.heap.object(id).setters
            && let Some(setter) = self.heap.field(setters, Key::Name(name)).cloned()
        {
            let place = self.here();
            let args = Args::of(vec![value.clone()], place);
            self.call_value(&setter, Value::atom(Atom::Object(id)), args, place);
            return true;
        }
        let ObjectKind::Instance(class) = self.heap.object(id).kind else { return false };
        let mut class = Some(class);
        for _ in 0..super::member::BASES_MAX {
            let Some(it) = class else { return false };
            let it = &self.classes[it.0 as usize];
            if let Some(setter) = it.setters.iter().find(|it| it.0 == name).map(|it| it.1.clone()) {
                let place = self.here();
                let args = Args::of(vec![value.clone()], place);
                self.call_value(&setter, Value::atom(Atom::Object(id)), args, place);
                return true;
            }
            class = it.bases.iter().flat_map(|it| it.atoms()).find_map(|it| match it {
                Atom::Class(base) => Some(*base),
                _ => None,
            });
        }
        false
    }

    /// `object[key] = value`.
    pub fn put_index(&mut self, object: &Value, key: &Value, value: Value) {
        if let Some(known) = self.key_of(key) {
            if let Key::Name(name) = known
                && self.ir().semantics.members_are_keys
            {
                return self.put_member(object, name, value);
            }
            let single = object.atoms().len() == 1;
            for atom in object.atoms() {
                if let Atom::Object(id) = atom {
                    self.put_key(*id, known, value.clone(), single);
                }
            }
            return;
        }
        for atom in object.atoms() {
            if let Atom::Object(id) = atom {
                self.put_index_plain(*id, key, value.clone());
            }
        }
    }

    pub fn delete(&mut self, target: ExprId) {
        match self.ir().expr(target) {
            Expr::Member { object, name, .. } => {
                let key = self.key_of_text(self.sym(name));
                let object = self.eval(object);
                if let Some(id) = object.object()
                    && !self.heap.is_fixed(id, key, true)
                {
                    self.heap.write(Loc::Field(id, key), Value::absent());
                }
            }
            Expr::Index { object, index } => {
                let object = self.eval(object);
                let key = self.eval(index);
                if let (Some(id), Some(key)) = (object.object(), self.key_of(&key)) {
                    if let (Key::Index(at), Some(mut elements)) = (key, self.heap.known_elements(id))
                        && self.ir().semantics.negative_index
                        && (at as usize) < elements.len()
                    {
                        elements.remove(at as usize);
                        self.heap.set_array(id, elements);
                    } else if !self.heap.is_fixed(id, key, true) {
                        self.heap.write(Loc::Field(id, key), Value::absent());
                    }
                }
            }
            Expr::Var(var) => {
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, Value::absent());
                }
            }
            _ => {
                self.eval(target);
            }
        }
    }

    /// `list[from:to] = values`, exactly where everything is known.
    pub(super) fn put_slice(&mut self, id: ObjectId, bounds: &[Option<Value>; 2], has_step: bool, value: &Value) {
        let known = self.heap.known_elements(id);
        let new = value.object().and_then(|it| self.heap.known_elements(it));
        if let (Some(mut elements), Some(new), false) = (known, new, has_step) {
            let len = elements.len() as f64;
            let at = |bound: &Option<Value>, default: f64| match bound {
                None => Some(default),
                Some(it) => it.as_number().map(|it| if it < 0.0 { (len + it).max(0.0) } else { it.min(len) }),
            };
            if let (Some(from), Some(to)) = (at(&bounds[0], 0.0), at(&bounds[1], len)) {
                elements.splice(from as usize..(to as usize).max(from as usize), new);
                return self.store_elements(id, elements);
            }
        }
        let element = self.elements_of(value);
        self.heap.blur(id);
        let rest = self.heap.object(id).rest.join(&element);
        self.heap.write(Loc::Rest(id), rest);
    }

    pub fn closure_object(&mut self, id: super::value::ClosureId) -> ObjectId {
        if let Some(own) = self.closures[id.0 as usize].object {
            return own;
        }
        let own = self.new_object(ObjectKind::Plain);
        self.closures[id.0 as usize].object = Some(own);
        self.with_objects.push(id);
        own
    }

    pub(super) fn define_property(&mut self, on: &Value, row: &EffectRow, call: &Call) -> Value {
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
        if let (Some(id), Some(name), Some(descriptor)) = (target.object(), key.text(), descriptor.object()) {
            let writable = self.intern("writable");
            let descriptor = self.heap.object(descriptor);
            let field = |name| descriptor.fields.iter().find(|it| it.0 == Key::Name(name)).map(|it| &it.1);
            let is_known = descriptor.rest.is_absent() && descriptor.labels.labels.is_empty();
            // What is not said to be writable is not.
            let is_writable = field(writable).is_some_and(|it| it.single() != Some(&Atom::Bool(false)));
            if is_known && field(getter_name).is_none() && !is_writable {
                let fixed = self.heap.object(id).fixed.join(&Value::atom(Atom::Text(name)));
                self.heap.write(Loc::Fixed(id), fixed);
            }
        }
        target
    }

    /// `freeze` and `seal`: what is written from now on, or what is new, goes nowhere.
    pub(super) fn fix_properties(&mut self, on: &Value, all: bool) {
        for atom in on.atoms() {
            if let Atom::Object(id) = atom {
                self.heap.write(Loc::Fixed(*id), Value::bool(all));
            }
        }
    }
}

//! Members, keys and elements: read, written, removed, iterated.

use backend_specialist_syntax::ir::{Expr, ExprId, Pattern, PatternId};

use super::heap::{Key, Loc, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, Atoms, ClassValueId, Label, Labels, ObjectId, Sym, Value};
use crate::Place;
use crate::model::State;
use crate::model::rows::{Constant, Op};

/// Classes followed from one member to its base.
const BASES_MAX: u32 = 16;

impl<'a> Machine<'a> {
    /// `object.name`. `whole` is the place of the object's expression, `place` that of the member's.
    pub fn member(&mut self, object: &Value, name: Sym, whole: Option<Place>, place: Place) -> Value {
        let mut result = Value::absent();
        for atom in object.atoms() {
            let found = self.atom_member(atom, object, name, whole, place);
            result = result.join(&found);
        }
        if result.is_absent() {
            let labels = self.part_labels(&object.labels, whole, place);
            return Value::labelled(Atom::Undefined, labels);
        }
        result
    }

    fn atom_member(&mut self, atom: &Atom, object: &Value, name: Sym, whole: Option<Place>, place: Place) -> Value {
        match atom {
            Atom::Object(id) => self.object_member(*id, &object.labels, name, whole, place),
            Atom::Lib(state) => self.lib_member(*state, &object.labels, name, whole, place),
            Atom::Closure(id) => {
                if let Some(own) = self.closures[id.0 as usize].object
                    && let Some(value) = self.heap.field(own, Key::Name(name))
                {
                    return value.clone();
                }
                if name == self.natives.prototype {
                    let own = self.closure_object(*id);
                    let prototype = Value::atom(Atom::Object(self.new_object(ObjectKind::Plain)));
                    self.heap.write(Loc::Field(own, Key::Name(name)), prototype.clone());
                    return prototype;
                }
                self.builtin_member("Function", object, name, whole, place)
            }
            Atom::Class(id) => {
                if let Some(value) = self.static_member(*id, name, 0) {
                    return value;
                }
                if name == self.natives.prototype {
                    return Value::atom(Atom::Object(self.classes[id.0 as usize].prototype));
                }
                if let Some(state) = self.class_library(*id, 0) {
                    return self.lib_member(state, &object.labels, name, whole, place);
                }
                self.builtin_member("Function", object, name, whole, place)
            }
            Atom::Bound(_) | Atom::Native(_) => self.builtin_member("Function", object, name, whole, place),
            Atom::Text(_) | Atom::Shape(_) | Atom::AnyText => self.builtin_member("Text", object, name, whole, place),
            Atom::Number(_) | Atom::AnyNumber => self.builtin_member("Number", object, name, whole, place),
            Atom::Regex { .. } => self.builtin_member("Regex", object, name, whole, place),
            Atom::Bool(_) | Atom::AnyBool => Value::undefined(),
            Atom::Undefined | Atom::Null => Value::absent(),
            Atom::Unknown(_) => {
                let labels = self.part_labels(&object.labels, whole, place);
                let text = self.text(name);
                if let Some(state) = self.guess_state(&text) {
                    return self.lib_value(state, labels, whole, place);
                }
                self.builtin_or(&text, Value::labelled(Atom::Unknown(Some(name)), labels), place)
            }
        }
    }

    /// A member that some built-in type has, for a receiver of unknown type.
    fn builtin_or(&mut self, name: &str, otherwise: Value, place: Place) -> Value {
        let language = self.language();
        let mut found: Option<State> = None;
        for builtin in ["Any", "Text", "Array", "Object", "Map", "Set", "Promise", "Function", "Regex"] {
            if let Some(state) = self.places.named_type(language, builtin).and_then(|it| self.places.member(it, name)) {
                found = Some(match found {
                    Some(old) => old,
                    None => state,
                });
            }
        }
        match found {
            Some(state) => self.lib_value(state, otherwise.labels, None, place),
            None => otherwise,
        }
    }

    fn builtin_member(
        &mut self,
        builtin: &str,
        object: &Value,
        name: Sym,
        whole: Option<Place>,
        place: Place,
    ) -> Value {
        let language = self.language();
        let text = self.text(name);
        let labels = self.part_labels(&object.labels, whole, place);
        let state = self.places.named_type(language, builtin).and_then(|it| self.places.member(it, &text));
        match state {
            Some(state) => {
                if let Some(value) = self.computed_member(state, object) {
                    return value;
                }
                self.lib_value(state, labels, None, place)
            }
            None => Value::labelled(Atom::Unknown(Some(name)), labels),
        }
    }

    /// A member that is computed when it is read (a length).
    fn computed_member(&mut self, state: State, object: &Value) -> Option<Value> {
        let is_length = self.places.rows(state).effects.iter().any(|it| it.op == Op::Length);
        if !is_length || self.places.rows(state).calls.len() > 64 {
            return None;
        }
        // A method of that name is called; only a property gives the length at once.
        if self.ir().semantics.members_are_keys { Some(self.length(object)) } else { None }
    }

    pub fn length(&mut self, value: &Value) -> Value {
        match value.single() {
            Some(Atom::Text(sym)) => {
                let text = self.text(*sym);
                Value::number(text.encode_utf16().count() as f64)
            }
            Some(Atom::Object(id)) => {
                let object = self.heap.object(*id);
                match object.len.as_number() {
                    Some(len) => Value::number(len),
                    None if object.kind == ObjectKind::Plain
                        && object.rest.is_absent()
                        && object.labels.labels.is_empty() =>
                    {
                        Value::number(object.fields.iter().filter(|it| !it.1.is_absent()).count() as f64)
                    }
                    None => Value::atom(Atom::AnyNumber),
                }
            }
            _ => {
                let labels = self.numeric_labels(&value.labels);
                let labels =
                    labels.map(|it| super::value::Label { safe: crate::model::kinds::KindSet::ALL, ..it.clone() });
                Value::labelled(Atom::AnyNumber, labels)
            }
        }
    }

    /// A place of a library as a value: with the data that a source there gives, a constant if it is one.
    pub fn lib_value(&mut self, state: State, labels: Labels, _whole: Option<Place>, place: Place) -> Value {
        let rows = self.places.rows(state);
        let constant = rows.constants.first().map(|it| it.row.clone());
        let mut labels = labels;
        let mut is_source = false;
        for source in rows.sources.iter().filter(|it| !it.origin.is_conditional()) {
            let source = self.source(source.kind, place, source.guess);
            labels = labels.join(&source);
            is_source = true;
        }
        if is_source {
            // What is read at a source is that source's, not the unknown's that led there.
            let unknown = Machine::source_kind("unknown");
            let origins = &self.origins;
            labels = labels.filter(|it| origins[it.origin.0 as usize].kind != unknown);
        }
        if !labels.is_empty() && rows.has_type("Text") {
            labels = labels.map(|it| Label { structured: false, keys: false, ..it.clone() });
        }
        if let Some(it) = constant {
            return self.model_constant(&it).adding(&labels);
        }
        let is_only = |name: &str| {
            !rows.types.is_empty() && rows.types.iter().all(|it| it.row == name && !it.origin.is_conditional())
        };
        if is_only("Text") {
            return Value::labelled(Atom::AnyText, labels);
        }
        if is_only("Number") {
            return Value::labelled(Atom::AnyNumber, self.numeric_labels(&labels));
        }
        Value::labelled(Atom::Lib(state), labels)
    }

    pub fn model_constant(&mut self, constant: &Constant) -> Value {
        match constant {
            Constant::Null => Value::atom(Atom::Null),
            Constant::Bool(it) => Value::bool(*it),
            Constant::Number(it) => Value::number(*it),
            Constant::Text(it) => self.text_value(it),
        }
    }

    fn lib_member(&mut self, state: State, labels: &Labels, name: Sym, whole: Option<Place>, place: Place) -> Value {
        let text = self.text(name);
        match self.places.member(state, &text) {
            Some(found) => {
                let has_sources = !self.places.rows(found).sources.is_empty();
                let labels = if has_sources { Labels::default() } else { self.part_labels(labels, whole, place) };
                self.lib_value(found, labels, whole, place)
            }
            None => {
                let labels = self.part_labels(labels, whole, place);
                let guess = self.places.rows(state).guess;
                if !labels.is_empty() || guess {
                    return self.builtin_or(&text, Value::labelled(Atom::Unknown(Some(name)), labels), place);
                }
                Value::labelled(Atom::Unknown(Some(name)), labels)
            }
        }
    }

    pub fn object_member(
        &mut self,
        id: ObjectId,
        labels: &Labels,
        name: Sym,
        whole: Option<Place>,
        place: Place,
    ) -> Value {
        let key = self.key_of_text(name);
        if let Some(found) = self.own_or_inherited(id, key, name) {
            // A field that is known is what was written there, whatever else is in the object.
            return found;
        }
        let object = self.heap.object(id);
        let kind = object.kind;
        let rest = object.rest.clone();
        let all = labels.join(&object.labels.labels);
        let part = self.part_labels(&all, whole, place);
        match kind {
            ObjectKind::Namespace => {
                return self.namespace_member(id, name).unwrap_or_else(|| Value::atom(Atom::Unknown(Some(name))));
            }
            ObjectKind::Library(state) => {
                let value = self.lib_member(state, &all, name, whole, place);
                return value.join(&rest);
            }
            ObjectKind::Instance(class) => {
                if let Some(state) = self.class_library(class, 0)
                    && let Some(instance) = self.places.instance(state)
                {
                    let text = self.text(name);
                    if let Some(found) = self.places.member(instance, &text) {
                        return self.lib_value(found, part, whole, place);
                    }
                }
                // A field that nothing set here: known by its name alone.
                let text = self.text(name);
                return match self.guess_state(&text) {
                    Some(state) => self.lib_value(state, part, whole, place),
                    None if self.class_is_open(class, 0) => Value::labelled(Atom::Unknown(Some(name)), part),
                    None => Value::labelled(Atom::Undefined, part),
                };
            }
            _ => {}
        }
        let builtin = match kind {
            ObjectKind::Array => "Array",
            ObjectKind::Map => "Map",
            ObjectKind::Set => "Set",
            ObjectKind::Promise => "Promise",
            _ => "Object",
        };
        let language = self.language();
        let text = self.text(name);
        if let Some(state) = self.places.named_type(language, builtin).and_then(|it| self.places.member(it, &text)) {
            let object = Value::labelled(Atom::Object(id), labels.clone());
            if let Some(value) = self.computed_member(state, &object) {
                return value;
            }
            let method = Value::atom(Atom::Lib(state));
            return if rest.is_absent() || kind != ObjectKind::Plain { method } else { method.join(&rest) };
        }
        if kind == ObjectKind::Promise {
            // A promise is its value, awaited or not.
            return self.member(&rest, name, whole, place);
        }
        if !rest.is_absent() {
            return rest.adding(&part);
        }
        if !part.is_empty() {
            return Value::labelled(Atom::Unknown(Some(name)), part);
        }
        Value::undefined()
    }

    fn own_or_inherited(&mut self, id: ObjectId, key: Key, name: Sym) -> Option<Value> {
        if let Some(value) = self.heap.field(id, key) {
            return Some(value.clone());
        }
        if let ObjectKind::Instance(class) = self.heap.object(id).kind {
            let this = Value::atom(Atom::Object(id));
            return self.class_member(class, name, &this, 0);
        }
        let mut prototype = self.heap.object(id).prototype.clone();
        for _ in 0..BASES_MAX {
            let parent = prototype.object()?;
            if let Some(value) = self.heap.field(parent, key) {
                return Some(value.clone());
            }
            if let ObjectKind::Instance(class) = self.heap.object(parent).kind {
                let this = Value::atom(Atom::Object(id));
                return self.class_member(class, name, &this, 0);
            }
            prototype = self.heap.object(parent).prototype.clone();
        }
        None
    }

    /// A method, getter or class attribute, looked up through the bases.
    pub fn class_member(&mut self, class: ClassValueId, name: Sym, this: &Value, depth: u32) -> Option<Value> {
        if depth > BASES_MAX {
            return None;
        }
        let it = &self.classes[class.0 as usize];
        if let Some(getter) = it.getters.iter().find(|it| it.0 == name).map(|it| it.1.clone()) {
            let place = self.here();
            return Some(self.call_value(&getter, this.clone(), super::machine::Args::default(), place));
        }
        let (prototype, statics, bases) = (it.prototype, it.statics, it.bases.clone());
        if let Some(value) = self.heap.field(prototype, Key::Name(name)) {
            return Some(value.clone());
        }
        if self.modules[self.classes[class.0 as usize].module as usize].ir.semantics.classes_are_callable
            && let Some(value) = self.heap.field(statics, Key::Name(name))
        {
            return Some(value.clone());
        }
        for base in bases {
            for atom in base.atoms() {
                match atom {
                    Atom::Class(base) => {
                        if let Some(value) = self.class_member(*base, name, this, depth + 1) {
                            return Some(value);
                        }
                    }
                    Atom::Closure(base) => {
                        let place = self.here();
                        let prototype = self.natives.prototype;
                        let prototype = self.member(&Value::atom(Atom::Closure(*base)), prototype, None, place);
                        if let Some(id) = prototype.object()
                            && let Some(value) = self.heap.field(id, Key::Name(name))
                        {
                            return Some(value.clone());
                        }
                    }
                    _ => {}
                }
            }
        }
        None
    }

    pub fn static_member(&mut self, class: ClassValueId, name: Sym, depth: u32) -> Option<Value> {
        if depth > BASES_MAX {
            return None;
        }
        let it = &self.classes[class.0 as usize];
        let (statics, prototype, bases) = (it.statics, it.prototype, it.bases.clone());
        let callable = self.modules[it.module as usize].ir.semantics.classes_are_callable;
        if let Some(value) = self.heap.field(statics, Key::Name(name)) {
            return Some(value.clone());
        }
        if callable && let Some(value) = self.heap.field(prototype, Key::Name(name)) {
            return Some(value.clone());
        }
        bases.iter().flat_map(|it| it.atoms().to_vec()).find_map(|atom| match atom {
            Atom::Class(base) => self.static_member(base, name, depth + 1),
            _ => None,
        })
    }

    /// The library class that a class extends.
    pub fn class_library(&self, class: ClassValueId, depth: u32) -> Option<State> {
        if depth > BASES_MAX {
            return None;
        }
        self.classes[class.0 as usize].bases.iter().flat_map(|it| it.atoms()).find_map(|atom| match atom {
            Atom::Lib(state) => Some(*state),
            Atom::Class(base) => self.class_library(*base, depth + 1),
            _ => None,
        })
    }

    /// Not all bases of the class are known.
    fn class_is_open(&self, class: ClassValueId, depth: u32) -> bool {
        depth > BASES_MAX
            || self.classes[class.0 as usize].bases.iter().any(|base| {
                base.is_absent()
                    || base.atoms().iter().any(|atom| match atom {
                        Atom::Class(base) => self.class_is_open(*base, depth + 1),
                        _ => true,
                    })
            })
    }

    pub fn super_member(&mut self, name: Sym, place: Place) -> Value {
        let this = self.frame().this.clone();
        let Some(home) = self.frame().home else {
            return Value::atom(Atom::Unknown(Some(name)));
        };
        for base in self.classes[home.0 as usize].bases.clone() {
            for atom in base.atoms() {
                let found = match atom {
                    Atom::Class(base) => {
                        self.class_member(*base, name, &this, 0).or_else(|| self.static_member(*base, name, 0))
                    }
                    Atom::Lib(state) => {
                        let text = self.text(name);
                        let instance = self.places.instance(*state);
                        instance.and_then(|it| self.places.member(it, &text)).map(|it| Value::atom(Atom::Lib(it)))
                    }
                    _ => None,
                };
                if let Some(found) = found {
                    return found;
                }
            }
        }
        let _ = place;
        Value::atom(Atom::Unknown(Some(name)))
    }

    /// `object[key]`.
    pub fn index(&mut self, object: &Value, key: &Value, whole: Option<Place>, place: Place) -> Value {
        let semantics = self.ir().semantics;
        if let Some(known) = self.key_of(key) {
            return match known {
                Key::Name(name) if semantics.members_are_keys => self.member(object, name, whole, place),
                _ => self.key_read(object, known, whole, place),
            };
        }
        if semantics.negative_index
            && let Some(index) = key.as_number()
            && index < 0.0
            && let Some(id) = object.object()
            && let Some(elements) = self.heap.known_elements(id)
        {
            let at = elements.len() as f64 + index;
            return if at >= 0.0 { elements[at as usize].clone() } else { Value::absent() };
        }
        if let Some(keys) = self.constant_texts(key)
            && keys.len() > 1
        {
            let mut all = Value::absent();
            for text in keys {
                let sym = self.intern(&text);
                let key = self.key_of_text(sym);
                all = all.join(&self.key_read(object, key, whole, place));
            }
            return all;
        }
        self.computed_read(object, key, whole, place)
    }

    /// A read by a key that is not known: any element.
    fn computed_read(&mut self, object: &Value, key: &Value, whole: Option<Place>, place: Place) -> Value {
        let labels = self.part_labels(&object.labels, whole, place);
        let mut all = Value::absent();
        for atom in object.atoms() {
            match atom {
                Atom::Object(id) => all = all.join(&self.heap.elements(*id)),
                Atom::Lib(state) => {
                    let element = self.places.element(*state);
                    let value = match element {
                        Some(state) => self.lib_value(state, labels.clone(), whole, place),
                        None => Value::labelled(Atom::Unknown(None), labels.clone()),
                    };
                    all = all.join(&value);
                }
                Atom::Text(_) | Atom::Shape(_) | Atom::AnyText => {
                    all = all.join(&Value::labelled(Atom::AnyText, labels.clone()))
                }
                Atom::Unknown(_) => all = all.join(&Value::labelled(Atom::Unknown(None), labels.clone())),
                _ => {}
            }
        }
        let _ = key;
        if all.is_absent() {
            return Value::labelled(Atom::Unknown(None), labels);
        }
        all.adding(&labels)
    }

    /// A read by a known key, of containers.
    pub fn key_read(&mut self, object: &Value, key: Key, whole: Option<Place>, place: Place) -> Value {
        let labels = self.part_labels(&object.labels, whole, place);
        let mut all = Value::absent();
        for atom in object.atoms() {
            let found = match atom {
                Atom::Object(id) => {
                    let own = self.heap.field(*id, key).cloned();
                    let object_labels = self.heap.labels_of(*id).clone();
                    let part = self.part_labels(&object_labels, whole, place);
                    match own {
                        Some(value) => value,
                        None => {
                            let rest = self.heap.object(*id).rest.clone();
                            let kind = self.heap.object(*id).kind;
                            if !rest.is_absent() {
                                rest.adding(&part)
                            } else if let (ObjectKind::Library(state), Key::Name(name)) = (kind, key) {
                                self.lib_element(state, name, labels.join(&part), whole, place)
                            } else if !part.is_empty() {
                                Value::labelled(Atom::Unknown(None), part)
                            } else if matches!(kind, ObjectKind::Instance(_)) {
                                Value::unknown()
                            } else {
                                Value::undefined()
                            }
                        }
                    }
                }
                Atom::Lib(state) => match key {
                    Key::Name(name) => self.lib_element(*state, name, labels.clone(), whole, place),
                    Key::Index(_) => {
                        let element = self.places.element(*state);
                        match element {
                            Some(state) => self.lib_value(state, labels.clone(), whole, place),
                            None => Value::labelled(Atom::Unknown(None), labels.clone()),
                        }
                    }
                },
                Atom::Text(sym) => match key {
                    Key::Index(index) => {
                        let text = self.text(*sym);
                        match text.chars().nth(index as usize) {
                            Some(it) => self.text_value(it.encode_utf8(&mut [0; 4])),
                            None => Value::undefined(),
                        }
                    }
                    Key::Name(_) => Value::undefined(),
                },
                Atom::Shape(_) | Atom::AnyText => Value::labelled(Atom::AnyText, labels.clone()),
                Atom::Undefined | Atom::Null => Value::absent(),
                _ => Value::labelled(Atom::Unknown(None), labels.clone()),
            };
            all = all.join(&found);
        }
        if all.is_absent() { Value::labelled(Atom::Unknown(None), labels) } else { all }
    }

    fn lib_element(&mut self, state: State, name: Sym, labels: Labels, whole: Option<Place>, place: Place) -> Value {
        let text = self.text(name);
        let member = self.places.member(state, &text);
        let element = self.places.element(state);
        match member.or(element) {
            Some(found) => {
                let has_sources = !self.places.rows(found).sources.is_empty();
                self.lib_value(found, if has_sources { Labels::default() } else { labels }, whole, place)
            }
            None => Value::labelled(Atom::Unknown(Some(name)), labels),
        }
    }

    /// Any element of an iterable, any value of a mapping.
    pub fn elements_of(&mut self, value: &Value) -> Value {
        let place = self.here();
        let mut all = Value::absent();
        for atom in value.atoms() {
            match atom {
                Atom::Object(id) => all = all.join(&self.heap.elements(*id)),
                Atom::Text(_) | Atom::Shape(_) | Atom::AnyText => {
                    all = all.join(&Value::labelled(Atom::AnyText, value.labels.clone()));
                }
                Atom::Lib(state) => {
                    let element = self.places.element(*state);
                    all = all.join(&match element {
                        Some(element) => self.lib_value(element, value.labels.clone(), None, place),
                        None => Value::labelled(Atom::Unknown(None), value.labels.clone()),
                    });
                }
                Atom::Unknown(_) => all = all.join(&Value::labelled(Atom::Unknown(None), value.labels.clone())),
                _ => {}
            }
        }
        if all.is_absent() {
            return Value::labelled(Atom::Unknown(None), value.labels.clone());
        }
        all.adding(&value.labels)
    }

    /// What a loop over the value gives: elements, or the keys of a mapping.
    pub fn iterated(&mut self, value: &Value, pattern: PatternId, place: Place) -> Value {
        let _ = pattern;
        let mut all = Value::absent();
        for atom in value.atoms().to_vec() {
            let part = match &atom {
                Atom::Object(id)
                    if self.ir().semantics.empty_is_false && self.heap.object(*id).kind == ObjectKind::Plain =>
                {
                    self.keys_of(*id, &value.labels)
                }
                _ => self.elements_of(&Value::labelled(atom.clone(), value.labels.clone())),
            };
            all = all.join(&part);
        }
        self.step_value(all, place)
    }

    /// One of the keys of a mapping.
    pub fn keys_of(&mut self, id: ObjectId, labels: &Labels) -> Value {
        let object = self.heap.object(id);
        let open = !object.rest.is_absent() || !object.labels.labels.is_empty();
        let own = labels.join(&object.labels.labels);
        let keys: Vec<Key> = object.fields.iter().filter(|it| !it.1.is_absent()).map(|it| it.0).collect();
        let mut all = if open || !own.is_empty() { Value::labelled(Atom::AnyText, own) } else { Value::absent() };
        for key in keys {
            let key = self.key_value(key);
            all = all.join(&key);
        }
        all
    }

    pub fn is_array(&self, value: &Value) -> bool {
        value.object().is_some_and(|it| matches!(self.heap.object(it).kind, ObjectKind::Array | ObjectKind::Set))
    }

    pub fn is_dict(&self, value: &Value) -> bool {
        value.object().is_some_and(|it| self.heap.object(it).kind == ObjectKind::Plain)
    }

    pub fn concat_arrays(&mut self, values: &[Value]) -> Value {
        let mut known = Some(Vec::new());
        let mut all = Value::absent();
        for value in values {
            let elements = value.object().and_then(|it| self.heap.known_elements(it));
            match (&mut known, elements) {
                (Some(known), Some(elements)) => known.extend(elements.into_iter().map(|it| it.adding(&value.labels))),
                (slot, _) => *slot = None,
            }
            let any = self.elements_of(value);
            all = all.join(&any);
        }
        match known {
            Some(known) => self.new_array(known),
            None => self.new_list_of(all),
        }
    }

    pub fn merged(&mut self, values: &[Value]) -> Value {
        let id = self.new_object(ObjectKind::Plain);
        for value in values {
            self.merge_into(id, value);
        }
        Value::atom(Atom::Object(id))
    }

    /// Copies the properties of a value into an object.
    pub fn merge_into(&mut self, id: ObjectId, value: &Value) {
        let mut labels = value.labels.clone();
        for atom in value.atoms() {
            match atom {
                Atom::Object(from) => {
                    let fields = self.heap.object(*from).fields.clone();
                    let single = value.atoms().len() == 1;
                    for (key, field) in fields {
                        if field.is_absent() {
                            continue;
                        }
                        let field = match self.heap.field(id, key) {
                            Some(old) if !single => old.join(&field),
                            _ => field,
                        };
                        self.set_field(id, key, field);
                    }
                    let rest = self.heap.object(*from).rest.clone();
                    if !rest.is_absent() {
                        let rest = self.heap.object(id).rest.join(&rest);
                        self.heap.write(Loc::Rest(id), rest);
                    }
                    labels = labels.join(self.heap.labels_of(*from));
                }
                Atom::Lib(_) | Atom::Unknown(_) => {
                    let element = self.elements_of(&Value::labelled(atom.clone(), value.labels.clone()));
                    let rest = self.heap.object(id).rest.join(&element);
                    self.heap.write(Loc::Rest(id), rest);
                }
                _ => {}
            }
        }
        self.taint(id, &labels);
    }

    /// Data gets into an object, nobody knows where: into what is there already as well.
    pub fn taint(&mut self, id: ObjectId, labels: &Labels) {
        if labels.is_empty() {
            return;
        }
        let fields: Vec<(Key, Value)> =
            self.heap.object(id).fields.iter().filter(|it| !it.1.is_absent()).cloned().collect();
        for (key, value) in fields {
            if !matches!(value.single(), Some(Atom::Closure(_) | Atom::Class(_))) {
                let value = value.join(&Value::labelled(Atom::Unknown(None), labels.clone()));
                self.heap.write(Loc::Field(id, key), value);
            }
        }
        let all = self.heap.object(id).labels.clone().adding(labels);
        self.heap.write(Loc::Labels(id), all);
    }

    /// Whether a container surely has, or has not, a key or element.
    pub fn contains_key(&mut self, container: &Value, key: &Value) -> Option<bool> {
        if !key.labels.is_empty() || !container.labels.is_empty() {
            return None;
        }
        let id = container.object()?;
        let object = self.heap.object(id);
        if !object.rest.is_absent() || !object.labels.labels.is_empty() {
            return None;
        }
        match object.kind {
            ObjectKind::Plain | ObjectKind::Map => {
                let key = self.key_of(key)?;
                Some(self.heap.field(id, key).is_some())
            }
            ObjectKind::Array | ObjectKind::Set => {
                let elements = self.heap.known_elements(id)?;
                let mut all_known = true;
                for element in &elements {
                    match self.equal(element, key, false) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => all_known = false,
                    }
                }
                all_known.then_some(false)
            }
            _ => None,
        }
    }

    /// The value of a promise; anything else is itself.
    pub fn settled(&mut self, value: Value) -> Value {
        let Some(id) = value.object() else { return value };
        if self.heap.object(id).kind != ObjectKind::Promise {
            return value;
        }
        let inner = self.heap.object(id).rest.clone();
        if inner.is_absent() { Value::unknown() } else { self.settled(inner) }
    }

    pub fn elements_if_array(&mut self, value: &Value) -> Value {
        if self.is_array(value) || self.is_dict(value) {
            let labels = self.deep_labels(value);
            return Value::labelled(Atom::AnyText, labels);
        }
        value.clone()
    }

    pub fn slice(
        &mut self,
        value: &Value,
        lower: Option<&Value>,
        upper: Option<&Value>,
        step: Option<&Value>,
        place: Place,
    ) -> Value {
        if let Some(text) = self.constant_str(value)
            && let Some(cut) = cut(&text.chars().collect::<Vec<_>>(), lower, upper, step)
        {
            let text: String = cut.into_iter().collect();
            return self.text_value(&text);
        }
        if let Some(id) = value.object() {
            if let Some(elements) = self.heap.known_elements(id)
                && let Some(part) = cut(&elements, lower, upper, step)
            {
                return self.new_array(part);
            }
            let all = self.elements_of(value);
            return self.new_list_of(all);
        }
        if let Some(shape) = self.slice_shape(value, lower, upper, step) {
            return shape;
        }
        let labels = self.stepped(&value.labels, place);
        let atoms = if value.is_surely_text() { Atoms::One(Atom::AnyText) } else { Atoms::One(Atom::Unknown(None)) };
        Value { atoms, labels }
    }

    /// `"x" + hole + "y"` cut off within its literal ends.
    fn slice_shape(
        &mut self,
        value: &Value,
        lower: Option<&Value>,
        upper: Option<&Value>,
        step: Option<&Value>,
    ) -> Option<Value> {
        let Some(Atom::Shape(shape)) = value.single() else { return None };
        if step.is_some() {
            return None;
        }
        let shape = shape.clone();
        let mut pieces: Vec<super::value::Piece> = shape.to_vec();
        if let Some(lower) = lower {
            let count = lower.as_number().filter(|it| *it >= 0.0)? as usize;
            let super::value::Piece::Literal(first) = &pieces[0] else {
                return (count == 0 && upper.is_none()).then(|| value.clone());
            };
            let text = self.text(*first);
            if text.chars().count() < count {
                return None;
            }
            let rest: String = text.chars().skip(count).collect();
            let sym = self.intern(&rest);
            pieces[0] = super::value::Piece::Literal(sym);
        }
        if let Some(upper) = upper {
            let count = upper.as_number().filter(|it| *it < 0.0)?.abs() as usize;
            let last = pieces.len() - 1;
            let super::value::Piece::Literal(end) = &pieces[last] else { return None };
            let text = self.text(*end);
            let len = text.chars().count();
            if len < count {
                return None;
            }
            let rest: String = text.chars().take(len - count).collect();
            let sym = self.intern(&rest);
            pieces[last] = super::value::Piece::Literal(sym);
        }
        Some(self.text_of_pieces(pieces))
    }

    // ---- writing ----

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

    fn put_key(&mut self, id: ObjectId, key: Key, value: Value, strong: bool) {
        let value = match self.heap.field(id, key) {
            Some(old) if !strong => old.join(&value),
            _ => value,
        };
        self.set_field(id, key, value);
    }

    fn call_setter(&mut self, id: ObjectId, name: Sym, value: &Value) -> bool {
        let ObjectKind::Instance(class) = self.heap.object(id).kind else { return false };
        let mut class = Some(class);
        for _ in 0..BASES_MAX {
            let Some(it) = class else { return false };
            let it = &self.classes[it.0 as usize];
            if let Some(setter) = it.setters.iter().find(|it| it.0 == name).map(|it| it.1.clone()) {
                let place = self.here();
                let args = super::machine::Args::of(vec![value.clone()], place);
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
                if let Some(id) = object.object() {
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
                    } else {
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

    pub fn closure_object(&mut self, id: super::value::ClosureId) -> ObjectId {
        if let Some(own) = self.closures[id.0 as usize].object {
            return own;
        }
        let own = self.new_object(ObjectKind::Plain);
        self.closures[id.0 as usize].object = Some(own);
        own
    }

    // ---- patterns ----

    /// Puts a value where a pattern says.
    pub fn bind(&mut self, pattern: PatternId, value: Value) {
        let ir = self.ir();
        let place = self.place(ir.pattern_spans[pattern.index()]);
        match ir.pattern(pattern) {
            Pattern::Var(var) => {
                let value = self.step_value(value, place);
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value);
                }
            }
            Pattern::Free(name) => {
                let name = self.sym(name);
                let value = self.step_value(value, place);
                self.heap.write(Loc::Field(self.globals, Key::Name(name)), value);
            }
            Pattern::Ignore => {}
            Pattern::Place(expr) => {
                let value = self.step_value(value, place);
                self.assign(expr, value);
            }
            Pattern::Object { entries, rest } => {
                let value = self.settled(value);
                let mut taken = Vec::new();
                for entry in ir.entry_list(entries) {
                    let part = match self.key_of_ir(entry.key) {
                        Some(Key::Name(name)) if ir.semantics.members_are_keys => {
                            taken.push(Key::Name(name));
                            let whole = self.whole_of(&value);
                            self.member(&value, name, whole, place)
                        }
                        Some(key) => {
                            taken.push(key);
                            let whole = self.whole_of(&value);
                            self.key_read(&value, key, whole, place)
                        }
                        None => self.elements_of(&value),
                    };
                    self.bind(entry.value, part);
                }
                if let Some(rest) = rest {
                    let id = self.new_object(ObjectKind::Plain);
                    self.merge_into(id, &value);
                    for key in taken {
                        self.heap.write(Loc::Field(id, key), Value::absent());
                    }
                    self.bind(rest, Value::atom(Atom::Object(id)));
                }
            }
            Pattern::Array(elements) => self.bind_elements(elements, &value, place),
            Pattern::Default { pattern, value: default } => {
                let nothing = |it: &Atom| matches!(it, Atom::Undefined);
                let may_be_absent = value.is_absent() || value.atoms().iter().any(nothing);
                let only_absent = value.atoms().iter().all(nothing);
                let value = if may_be_absent {
                    let default = self.eval(default);
                    if only_absent && value.labels.is_empty() {
                        default
                    } else {
                        let atoms: Vec<Atom> = value.atoms().iter().filter(|it| !nothing(it)).cloned().collect();
                        let known = Value { atoms: Atoms::from_vec(atoms), labels: value.labels };
                        if known.is_absent() {
                            Value { atoms: Atoms::One(Atom::Unknown(None)), ..known }.join(&default)
                        } else {
                            known.join(&default)
                        }
                    }
                } else {
                    value
                };
                self.bind(pattern, value);
            }
            Pattern::Both(a, b) => {
                self.bind(a, value.clone());
                self.bind(b, value);
            }
        }
    }

    /// The place at which the value's data was read, for the source to grow to its part.
    fn whole_of(&self, value: &Value) -> Option<Place> {
        value.labels.iter().next().map(|it| self.origins[it.origin.0 as usize].place)
    }

    fn bind_elements(
        &mut self,
        elements: backend_specialist_syntax::ir::List<backend_specialist_syntax::ir::PatternElement>,
        value: &Value,
        place: Place,
    ) {
        let ir = self.ir();
        let elements = ir.element_list(elements);
        let value = &self.settled(value.clone());
        let known = value.object().and_then(|it| self.heap.known_elements(it));
        let rest_at = elements.iter().position(|it| it.rest);
        for (index, element) in elements.iter().enumerate() {
            let Some(pattern) = element.pattern else { continue };
            let after = rest_at.is_some_and(|it| index > it);
            let part = match &known {
                Some(known) if element.rest => {
                    let end = known.len().saturating_sub(elements.len() - index - 1);
                    let part = known.get(index..end).unwrap_or_default().to_vec();
                    self.new_array(part)
                }
                Some(known) => {
                    let at = if after { (known.len() + index).checked_sub(elements.len()) } else { Some(index) };
                    at.and_then(|it| known.get(it)).cloned().unwrap_or_else(Value::undefined)
                }
                None if element.rest => {
                    let all = self.elements_of(value);
                    self.new_list_of(all)
                }
                None => match value.object() {
                    Some(_) => self.key_read(value, Key::Index(index as u32), None, place),
                    None => {
                        let part = self.part_at(value, index, place);
                        part
                    }
                },
            };
            let part = part.adding(&value.labels);
            self.bind(pattern, part);
        }
    }

    fn part_at(&mut self, value: &Value, index: usize, place: Place) -> Value {
        self.key_read(value, Key::Index(index as u32), None, place)
    }

    /// `a.b = value`, `a[i] = value`, with the sinks that an assignment can be.
    pub fn assign(&mut self, target: ExprId, value: Value) {
        let ir = self.ir();
        match ir.expr(target) {
            Expr::Var(var) => {
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value);
                }
            }
            Expr::Member { object, name, .. } => {
                let receiver = self.eval(object);
                let name = self.sym(name);
                self.assigned_sinks(&receiver, name, &value, target);
                let receiver = self.writable(receiver, object);
                self.put_member(&receiver, name, value);
            }
            Expr::Index { object, index } => {
                let receiver = self.eval(object);
                let key = self.eval(index);
                if let Some(Key::Name(name)) = self.key_of(&key) {
                    self.assigned_sinks(&receiver, name, &value, target);
                }
                self.computed_write(&receiver, object, &key, &value, target, index);
                self.key_sinks(&receiver, &key, target, index);
                let receiver = self.writable(receiver, object);
                self.put_index(&receiver, &key, value);
            }
            Expr::Slice { object, .. } => {
                let receiver = self.eval(object);
                if let Some(id) = receiver.object() {
                    let element = self.elements_of(&value);
                    self.heap.blur(id);
                    let rest = self.heap.object(id).rest.join(&element);
                    self.heap.write(Loc::Rest(id), rest);
                }
            }
            _ => {
                self.eval(target);
            }
        }
    }

    /// A library object or unknown thing that the program writes to becomes an object of the heap.
    pub fn writable(&mut self, receiver: Value, expr: ExprId) -> Value {
        let kind = match receiver.single() {
            Some(Atom::Lib(state)) => ObjectKind::Library(*state),
            Some(Atom::Unknown(_)) => ObjectKind::Plain,
            _ => return receiver,
        };
        let unknown = kind == ObjectKind::Plain;
        let id = self.new_object(kind);
        let labels = receiver.labels.clone();
        if !labels.is_empty() {
            self.heap.write(Loc::Labels(id), Value::absent().adding(&labels));
        }
        if unknown {
            self.heap.write(Loc::Rest(id), Value::labelled(Atom::Unknown(None), labels));
        }
        let value = Value::atom(Atom::Object(id));
        match self.ir().expr(expr) {
            Expr::Var(var) if !self.module().is_import(var) => {
                if let Some(loc) = self.var_loc(var) {
                    self.heap.write(loc, value.clone());
                }
            }
            Expr::Member { object, name, .. } => {
                let holder = self.eval(object);
                let holder = self.writable(holder, object);
                let name = self.sym(name);
                self.put_member(&holder, name, value.clone());
            }
            Expr::Index { object, index } => {
                let holder = self.eval(object);
                let key = self.eval(index);
                let holder = self.writable(holder, object);
                self.put_index(&holder, &key, value.clone());
            }
            _ => {}
        }
        value
    }

    /// The place of what runs, when there is no expression at hand.
    pub fn here(&self) -> Place {
        Place { file: self.module().file, span: Default::default() }
    }
}

/// The part of a sequence that a slice with constant bounds names.
fn cut<T: Clone>(items: &[T], lower: Option<&Value>, upper: Option<&Value>, step: Option<&Value>) -> Option<Vec<T>> {
    let len = items.len() as f64;
    let bound = |value: Option<&Value>, default: f64| -> Option<f64> {
        let Some(value) = value else { return Some(default) };
        match value.single() {
            Some(Atom::Null | Atom::Undefined) => Some(default),
            _ => {
                let it = value.as_number()?;
                Some(if it < 0.0 { (len + it).max(0.0) } else { it.min(len) })
            }
        }
    };
    if let Some(step) = step {
        let step = step.as_number()?;
        if step == -1.0 && lower.is_none() && upper.is_none() {
            return Some(items.iter().rev().cloned().collect());
        }
        if step != 1.0 {
            return None;
        }
    }
    let (from, to) = (bound(lower, 0.0)? as usize, bound(upper, len)? as usize);
    Some(if from < to { items[from..to].to_vec() } else { Vec::new() })
}

//! Members, keys and elements: read, written, removed, iterated.

use super::heap::{Key, Loc, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, ClassValueId, Label, Labels, ObjectId, Sym, Value};
use crate::Place;
use crate::finding::StepKind;
use crate::model::State;
use crate::model::rows::{Constant, Op};

/// Types whose members a value of unknown type may have, the likeliest first.
const BUILTINS: &[&str] = &["Any", "Text", "Array", "Object", "Map", "Set", "Promise", "Function", "Regex"];
/// Prototypes followed from one object.
pub(super) const BASES_MAX: u32 = 16;

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

    pub(super) fn atom_member(
        &mut self,
        atom: &Atom,
        object: &Value,
        name: Sym,
        whole: Option<Place>,
        place: Place,
    ) -> Value {
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
                if let Some(value) = self.static_member(*id, name) {
                    return value;
                }
                if name == self.natives.prototype {
                    return Value::atom(Atom::Object(self.classes[id.0 as usize].prototype));
                }
                if let Some(state) = self.library_with(*id, name, false) {
                    let text = self.text(name);
                    let own = self.places.subclass(state).filter(|it| self.places.member(*it, &text).is_some());
                    let state = own.unwrap_or(state);
                    return self.lib_member(state, &object.labels, name, whole, place);
                }
                self.builtin_member("Function", object, name, whole, place)
            }
            Atom::Bound(_) | Atom::Native(_) => self.builtin_member("Function", object, name, whole, place),
            Atom::Text(_) | Atom::Number(_)
                if name == self.natives.value && !self.ir().semantics.members_are_keys && object.labels.is_empty() =>
            {
                // A constant has no such member: it stands for a member of an enumeration.
                Value::atom(atom.clone())
            }
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
                self.builtin_or(name, Value::labelled(Atom::Unknown(Some(name)), labels), place)
            }
        }
    }

    /// The member of that name of the first built-in type that has one.
    fn builtin_of(&mut self, name: Sym) -> Option<State> {
        let language = self.language();
        let key = (name, self.ir().semantics.members_are_keys);
        if let Some(known) = self.builtins.get(&key) {
            return *known;
        }
        let text = self.text(name);
        let found = BUILTINS.iter().find_map(|it| {
            let builtin = self.places.named_type(language, it)?;
            self.places.member(builtin, &text)
        });
        self.builtins.insert(key, found);
        found
    }

    /// A member that objects of unknown type have.
    fn member_of_any(&mut self, name: Sym) -> Option<State> {
        let any = self.places.named_type(self.language(), "Any")?;
        self.places.member(any, &self.text(name))
    }

    /// A member that some built-in type has, for a receiver of unknown type.
    pub(super) fn builtin_or(&mut self, name: Sym, otherwise: Value, place: Place) -> Value {
        match self.builtin_of(name) {
            Some(state) => self.lib_value(state, otherwise.labels, None, place),
            None => otherwise,
        }
    }

    pub(super) fn builtin_member(
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
            None => self.promise_member(&text).unwrap_or_else(|| Value::labelled(Atom::Unknown(Some(name)), labels)),
        }
    }

    /// A promise is its value, awaited or not: so a value has what promises have.
    pub(super) fn promise_member(&mut self, name: &str) -> Option<Value> {
        let language = self.language();
        let state = self.places.named_type(language, "Promise").and_then(|it| self.places.member(it, name))?;
        Some(Value::atom(Atom::Lib(state)))
    }

    /// A member that is computed when it is read (a length).
    pub(super) fn computed_member(&mut self, state: State, object: &Value) -> Option<Value> {
        let is_length = self.places.rows(state).effects.iter().any(|it| it.op == Op::Length);
        if !is_length || self.places.rows(state).calls.len() > 64 {
            return None;
        }
        // A method of that name is called; only a property gives the length at once.
        if self.ir().semantics.members_are_keys { Some(self.length(object)) } else { None }
    }

    pub fn length(&mut self, value: &Value) -> Value {
        if let Some(method) = self.own_method(value, self.natives.len) {
            let place = self.here();
            return self.call_value(&method, value.clone(), super::machine::Args::default(), place);
        }
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
            if self.on_fixed_path && source.kind == Machine::source_kind("http.path") {
                continue;
            }
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
        if let Some(it) = constant
            && !self.is_callable_place(state)
        {
            return self.model_constant(&it).adding(&labels);
        }
        if rows.has_type("RequestMethod")
            && let Some(method) = self.asked_method()
        {
            return self.text_value(&method);
        }
        if self.route.is_some()
            && let Some(known) = self.decided_by_route(&rows, &labels)
        {
            return known;
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

    /// A class or function that is a known constant as well must stay what can be called: only conditions and roles
    /// see the constant.
    fn is_callable_place(&mut self, state: State) -> bool {
        let rows = self.places.rows(state);
        let is_described = rows.calls.iter().any(|it| !it.assigned) || rows.says_what_call_does();
        is_described
            || self.places.has_argument_edges(state)
            || self.places.returned(state).is_some()
            || self.places.instance(state).is_some()
    }

    pub fn model_constant(&mut self, constant: &Constant) -> Value {
        match constant {
            Constant::Null => Value::atom(Atom::Null),
            Constant::Bool(it) => Value::bool(*it),
            Constant::Number(it) => Value::number(*it),
            Constant::Text(it) => self.text_value(it),
        }
    }

    pub(super) fn lib_member(
        &mut self,
        state: State,
        labels: &Labels,
        name: Sym,
        whole: Option<Place>,
        place: Place,
    ) -> Value {
        if let Some(value) = self.heap.field(self.globals, Key::Name(name)).cloned()
            && self.is_global_object(state)
        {
            return value;
        }
        let text = self.text(name);
        let kept = self.kept_labels(state, name, place);
        let labels = &labels.join(&kept);
        match self.places.member(state, &text) {
            Some(found) => {
                let has_sources = !self.places.rows(found).sources.is_empty();
                let labels = match (has_sources, &self.route) {
                    (false, _) => self.part_labels(labels, whole, place),
                    (true, None) => Labels::default(),
                    (true, Some(_)) => {
                        let found = self.record_labels(labels);
                        self.part_labels(&found, whole, place)
                    }
                };
                self.lib_value(found, labels, whole, place)
            }
            None => {
                if let Some(value) = self.carried(state, name) {
                    return value;
                }
                let labels = self.part_labels(labels, whole, place);
                if let Some(method) = self.member_of_any(name) {
                    return self.lib_value(method, labels, None, place);
                }
                let guess = self.places.rows(state).guess;
                let language = self.language();
                if let Some(method) =
                    self.places.named_type(language, "Function").and_then(|it| self.places.member(it, &text))
                {
                    // Functions of libraries have what every function has.
                    return Value::atom(Atom::Lib(method));
                }
                if !labels.is_empty() || guess {
                    return self.builtin_or(name, Value::labelled(Atom::Unknown(Some(name)), labels), place);
                }
                Value::labelled(Atom::Unknown(Some(name)), labels)
            }
        }
    }

    /// The object whose members are the names that every file sees.
    pub(super) fn is_global_object(&self, state: State) -> bool {
        self.places.rows(state).has_type("Global")
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
            return self.step_value(StepKind::Read, found, place);
        }
        let object = self.heap.object(id);
        let kind = object.kind;
        let rest = object.rest.clone();
        let held = object.labels.labels.clone();
        let held = self.part_labels(&held, whole, place);
        let held = self.stepped_as(StepKind::Read, &held, place);
        let part = self.part_labels(labels, whole, place).join(&held);
        match kind {
            ObjectKind::Namespace => {
                return self.namespace_member(id, name).unwrap_or_else(|| Value::atom(Atom::Unknown(Some(name))));
            }
            ObjectKind::Library(state) => {
                let found = self.places.member(state, &self.text(name));
                if found.is_some_and(|it| self.is_itself(it)) {
                    return Value::labelled(Atom::Object(id), labels.clone());
                }
                let value = self.lib_member(state, &part, name, None, place);
                let rest = self.step_value(StepKind::Read, rest, place);
                return value.join(&rest);
            }
            ObjectKind::Instance(class) => {
                if let Some(state) = self.library_with(class, name, true)
                    && let Some(instance) = self.places.instance(state)
                {
                    let text = self.text(name);
                    if let Some(found) = self.places.member(instance, &text) {
                        if self.is_itself(found) {
                            return Value::labelled(Atom::Object(id), labels.clone());
                        }
                        return self.lib_value(found, part, whole, place);
                    }
                }
                // A field that nothing set here: known by its name alone.
                let text = self.text(name);
                if let Some(found) = self.promise_member(&text).or_else(|| self.looked_up(id, class, name)) {
                    return found;
                }
                let open = self.class_is_open(class);
                let any = if open { self.member_of_any(name) } else { None };
                return match any.or_else(|| self.guess_state(&text)) {
                    Some(state) => self.lib_value(state, part, whole, place),
                    None if open => Value::labelled(Atom::Unknown(Some(name)), part),
                    None => Value::labelled(Atom::Undefined, part),
                };
            }
            _ => {}
        }
        if let Some(next) = self.next_method(id, name) {
            return next;
        }
        // An object of unknown origin that something was written to.
        if kind == ObjectKind::Plain
            && matches!(rest.single(), Some(Atom::Unknown(_)))
            && let Some(state) = self.member_of_any(name)
        {
            return self.lib_value(state, part, None, place);
        }
        let builtin = match kind {
            ObjectKind::Array | ObjectKind::Generator => "Array",
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
            if rest.is_absent() || kind != ObjectKind::Plain {
                return method;
            }
            let rest = self.step_value(StepKind::Read, rest, place);
            return method.join(&rest);
        }
        if name == self.natives.proto && kind == ObjectKind::Plain {
            let prototype = self.heap.object(id).prototype.clone();
            return if prototype.is_absent() { Value::unknown() } else { prototype };
        }
        if kind == ObjectKind::Promise {
            // A promise is its value, awaited or not.
            return self.member(&rest, name, whole, place);
        }
        if !rest.is_absent() {
            return self.step_value(StepKind::Read, rest, place).adding(&part);
        }
        if !part.is_empty() {
            return Value::labelled(Atom::Unknown(Some(name)), part);
        }
        self.promise_member(&text).unwrap_or_else(Value::undefined)
    }

    /// Members that a class works out itself: all of them as one object, or by a method that gets the name.
    fn looked_up(&mut self, id: ObjectId, class: ClassValueId, name: Sym) -> Option<Value> {
        let this = Value::atom(Atom::Object(id));
        if name == self.natives.all_members {
            return Some(this);
        }
        let by_name = self.natives.member_by_name;
        let method = self.class_member(class, by_name, &this)?;
        if !matches!(method.single(), Some(Atom::Closure(_))) {
            return None;
        }
        let place = self.here();
        let args = super::machine::Args::of(vec![Value::atom(Atom::Text(name))], place);
        Some(self.call_value(&method, this, args, place))
    }

    pub(super) fn own_or_inherited(&mut self, id: ObjectId, key: Key, name: Sym) -> Option<Value> {
        if let Some(value) = self.got(id, key) {
            return Some(value);
        }
        if let Some(value) = self.heap.field(id, key) {
            return Some(value.clone());
        }
        if let ObjectKind::Instance(class) = self.heap.object(id).kind {
            let this = Value::atom(Atom::Object(id));
            return self.class_member(class, name, &this);
        }
        let mut prototype = self.heap.object(id).prototype.clone();
        for _ in 0..BASES_MAX {
            let parent = prototype.object()?;
            if let Some(value) = self.heap.field(parent, key) {
                return Some(value.clone());
            }
            if let ObjectKind::Instance(class) = self.heap.object(parent).kind {
                let this = Value::atom(Atom::Object(id));
                return self.class_member(class, name, &this);
            }
            prototype = self.heap.object(parent).prototype.clone();
        }
        None
    }

    /// A method, getter or class attribute, looked up through the bases.
    pub fn class_member(&mut self, class: ClassValueId, name: Sym, this: &Value) -> Option<Value> {
        if let Some(found) = self.member_of_class(class, name, this) {
            return Some(found);
        }
        let lineage = self.classes[class.0 as usize].lineage.clone();
        lineage.iter().find_map(|base| match base {
            Atom::Class(base) => self.member_of_class(*base, name, this),
            Atom::Closure(base) => {
                let place = self.here();
                let prototype = self.natives.prototype;
                let prototype = self.member(&Value::atom(Atom::Closure(*base)), prototype, None, place);
                self.heap.field(prototype.object()?, Key::Name(name)).cloned()
            }
            _ => None,
        })
    }

    fn member_of_class(&mut self, class: ClassValueId, name: Sym, this: &Value) -> Option<Value> {
        let it = &self.classes[class.0 as usize];
        if let Some(getter) = it.getters.iter().find(|it| it.0 == name).map(|it| it.1.clone()) {
            let place = self.here();
            return Some(self.call_value(&getter, this.clone(), super::machine::Args::default(), place));
        }
        if let Some(value) = self.heap.field(it.prototype, Key::Name(name)) {
            return Some(value.clone());
        }
        let callable = self.modules[it.module as usize].ir.semantics.classes_are_callable;
        if callable { self.heap.field(it.statics, Key::Name(name)).cloned() } else { None }
    }

    pub fn static_member(&self, class: ClassValueId, name: Sym) -> Option<Value> {
        let of = |class: ClassValueId| {
            let it = &self.classes[class.0 as usize];
            let callable = self.modules[it.module as usize].ir.semantics.classes_are_callable;
            let own = self.heap.field(it.statics, Key::Name(name));
            own.or_else(|| if callable { self.heap.field(it.prototype, Key::Name(name)) } else { None })
        };
        let bases = self.classes[class.0 as usize].lineage.iter();
        let bases = bases.filter_map(|it| if let Atom::Class(base) = it { Some(*base) } else { None });
        std::iter::once(class).chain(bases).find_map(of).cloned()
    }

    /// The library class that a class extends.
    pub fn class_library(&self, class: ClassValueId) -> Option<State> {
        self.classes[class.0 as usize].lineage.iter().find_map(|it| match it {
            Atom::Lib(state) => Some(*state),
            _ => None,
        })
    }

    /// Of the library classes that a class extends, the one that has the member; the first one if none is known to.
    fn library_with(&mut self, class: ClassValueId, name: Sym, of_instance: bool) -> Option<State> {
        let lineage = self.classes[class.0 as usize].lineage.clone();
        let libraries: Vec<State> =
            lineage.iter().filter_map(|it| if let Atom::Lib(state) = it { Some(*state) } else { None }).collect();
        if libraries.len() < 2 {
            return libraries.first().copied();
        }
        let text = self.text(name);
        let has = |it: &&State| {
            let at = if of_instance { self.places.instance(**it) } else { Some(**it) };
            at.is_some_and(|it| self.places.member(it, &text).is_some())
        };
        let found = libraries.iter().find(has).copied();
        found.or(libraries.first().copied())
    }

    /// Not all bases of the class are known.
    pub(super) fn class_is_open(&self, class: ClassValueId) -> bool {
        self.classes[class.0 as usize].is_open
    }

    /// The member of what stands behind `home` among what the class of the receiver inherits from, where a class
    /// has several bases.
    fn next_in_line(&mut self, home: ClassValueId, name: Sym, this: &Value) -> Option<Value> {
        let ObjectKind::Instance(class) = self.heap.object(this.object()?).kind else { return None };
        let lineage = self.classes[class.0 as usize].lineage.clone();
        let behind = match class == home {
            true => 0,
            false => lineage.iter().position(|it| *it == Atom::Class(home))? + 1,
        };
        let callable = self.ir().semantics.classes_are_callable;
        let behind = lineage.get(behind..).filter(|_| callable)?;
        behind.iter().find_map(|it| match it {
            Atom::Class(base) => self.member_of_class(*base, name, this),
            Atom::Lib(state) => {
                let text = self.text(name);
                let instance = self.places.instance(*state)?;
                self.places.member(instance, &text).map(|it| Value::atom(Atom::Lib(it)))
            }
            _ => None,
        })
    }

    pub fn super_member(&mut self, name: Sym) -> Value {
        let this = self.frame().this.clone();
        let Some(home) = self.frame().home else {
            return Value::atom(Atom::Unknown(Some(name)));
        };
        if let Some(found) = self.next_in_line(home, name, &this) {
            return found;
        }
        for base in self.classes[home.0 as usize].bases.clone() {
            for atom in base.atoms() {
                let found = match atom {
                    Atom::Class(base) => {
                        self.class_member(*base, name, &this).or_else(|| self.static_member(*base, name))
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
        Value::atom(Atom::Unknown(Some(name)))
    }
}

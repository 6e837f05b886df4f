//! Keys and elements: read and iterated.

use super::heap::{Key, Loc, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, Atoms, Labels, ObjectId, Sym, Value};
use crate::Place;
use crate::finding::StepKind;
use crate::model::State;

/// Promises of promises.
const PROMISES_MAX: usize = 16;

impl<'a> Machine<'a> {
    /// `object[key]`.
    pub fn index(&mut self, object: &Value, key: &Value, whole: Option<Place>, place: Place) -> Value {
        let semantics = self.ir().semantics;
        if semantics.negative_index
            && let Some(index) = key.as_number().filter(|it| *it < 0.0)
            && let Some(id) = object.object()
            && self.heap.object(id).kind != ObjectKind::Plain
        {
            let at = self.heap.object(id).len.as_number().map(|len| len + index);
            return match at {
                Some(at) if at >= 0.0 => self.key_read(object, Key::Index(at as u32), whole, place),
                Some(_) => Value::absent(),
                None => self.elements_of(object),
            };
        }
        if let Some(known) = self.key_of(key) {
            return match known {
                Key::Name(name) if semantics.members_are_keys => self.member(object, name, whole, place),
                _ => self.key_read(object, known, whole, place),
            };
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
        self.computed_read(object, whole, place)
    }

    /// A read by a key that is not known: any element.
    pub(super) fn computed_read(&mut self, object: &Value, whole: Option<Place>, place: Place) -> Value {
        let labels = self.part_labels(&object.labels, whole, place);
        let mut all = Value::absent();
        for atom in object.atoms() {
            match atom {
                Atom::Object(id) => {
                    let any = self.heap.elements(*id);
                    all = all.join(&self.step_value(StepKind::Read, any, place));
                    let object = self.heap.object(*id);
                    let is_closed = object.rest.is_absent() && object.labels.labels.is_empty();
                    if object.kind == ObjectKind::Plain && is_closed && self.ir().semantics.members_are_keys {
                        // It may have no such property.
                        all = all.join(&Value::undefined());
                    }
                }
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
                    let part = self.stepped_as(StepKind::Read, &part, place);
                    match own {
                        Some(value) => {
                            let value = self.perhaps_moved(*id, value);
                            self.step_value(StepKind::Read, value, place)
                        }
                        None => {
                            let rest = self.heap.object(*id).rest.clone();
                            let kind = self.heap.object(*id).kind;
                            if !rest.is_absent() {
                                self.step_value(StepKind::Read, rest, place).adding(&part)
                            } else if let (ObjectKind::Library(state), Key::Name(name)) = (kind, key) {
                                self.lib_element(state, name, labels.join(&part), whole, place)
                            } else if !part.is_empty() {
                                Value::labelled(Atom::Unknown(None), part)
                            } else if matches!(kind, ObjectKind::Instance(_)) {
                                Value::unknown()
                            } else if let Some(made) = self.made_on_demand(*id, key, place) {
                                made
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

    /// A mapping that makes what is missing.
    fn made_on_demand(&mut self, id: ObjectId, key: Key, place: Place) -> Option<Value> {
        let factory = self.heap.object(id).prototype.clone();
        let makes = matches!(factory.single(), Some(Atom::Lib(_) | Atom::Closure(_) | Atom::Class(_) | Atom::Bound(_)));
        if !makes || self.ir().semantics.members_are_keys {
            return None;
        }
        let made = self.call_value(&factory, Value::undefined(), super::machine::Args::default(), place);
        self.set_field(id, key, made.clone());
        Some(made)
    }

    /// An element at a known place of an array of which some elements have no known place: it may be one of them,
    /// unless the array says that places before the others are sure.
    fn perhaps_moved(&self, id: ObjectId, value: Value) -> Value {
        let object = self.heap.object(id);
        let is_list = matches!(object.kind, ObjectKind::Array | ObjectKind::Generator | ObjectKind::Set);
        if !is_list || object.rest.is_absent() || object.len.single() == Some(&Atom::AnyNumber) {
            return value;
        }
        value.join(&object.rest)
    }

    pub(super) fn lib_element(
        &mut self,
        state: State,
        name: Sym,
        labels: Labels,
        whole: Option<Place>,
        place: Place,
    ) -> Value {
        let text = self.text(name);
        let labels = labels.join(&self.kept_labels(state, name, place));
        let member = self.places.member(state, &text);
        let element = self.places.element(state);
        match member.or(element) {
            Some(found) => {
                let has_sources = !self.places.rows(found).sources.is_empty();
                self.lib_value(found, if has_sources { Labels::default() } else { labels }, whole, place)
            }
            None => match self.carried(state, name) {
                Some(value) => value.adding(&labels),
                None => Value::labelled(Atom::Unknown(Some(name)), labels),
            },
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
    pub fn iterated(&mut self, value: &Value, place: Place) -> Value {
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
        self.step_value(StepKind::Item, all, place)
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

    /// `xs.splice(start, count, …items)`: gives what it takes out.
    pub(super) fn splice(&mut self, on: &Value, call: &super::call::Call) -> Value {
        let items: Vec<Value> = call.args.positional.iter().skip(2).map(|it| it.0.clone()).collect();
        let start = call.args.value(0).as_number();
        let count = match call.args.positional.get(1) {
            None => Some(f64::INFINITY),
            Some((count, _)) => count.as_number(),
        };
        let known = on.object().filter(|_| call.args.rest.is_none()).and_then(|it| self.heap.known_elements(it));
        let (Some(id), Some(mut elements), Some(start), Some(count)) = (on.object(), known, start, count) else {
            let element = self.elements_of(on);
            for id in on.atoms().iter().filter_map(|it| if let Atom::Object(id) = it { Some(*id) } else { None }) {
                self.heap.blur(id);
                self.add_rest(id, &items);
                if let Some((rest, _)) = &call.args.rest {
                    self.add_rest(id, std::slice::from_ref(rest));
                }
            }
            return self.new_list_of(element);
        };
        let len = elements.len();
        let from = if start < 0.0 { (len as f64 + start).max(0.0) } else { start.min(len as f64) } as usize;
        let to = from + (count.max(0.0).min((len - from) as f64)) as usize;
        let taken: Vec<Value> = elements.splice(from..to, items).collect();
        self.store_elements(id, elements);
        self.new_array(taken)
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

    /// `[x] * 3`
    pub(super) fn repeated(&mut self, list: &Value, count: &Value) -> Value {
        let known = list.object().and_then(|it| self.heap.known_elements(it));
        match (known, count.as_number()) {
            (Some(elements), Some(count)) if elements.len() as f64 * count <= super::loops::UNROLL_MAX as f64 => {
                self.new_array(vec![elements; count.max(0.0) as usize].concat())
            }
            _ => {
                let element = self.elements_of(list);
                self.new_list_of(element)
            }
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
        if !container.labels.is_empty() {
            return None;
        }
        let id = container.object()?;
        if !key.labels.is_empty() {
            return self.surely_lacks(id, key).then_some(false);
        }
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

    /// Whether no element can be a text of which some pieces are known.
    fn surely_lacks(&self, container: ObjectId, key: &Value) -> bool {
        let object = self.heap.object(container);
        let is_list = matches!(object.kind, ObjectKind::Array | ObjectKind::Set);
        if !is_list || !object.rest.is_absent() || !object.labels.labels.is_empty() {
            return false;
        }
        let Some(elements) = self.heap.known_elements(container) else { return false };
        key.atoms().iter().all(|atom| {
            let key = Value::atom(atom.clone());
            matches!(atom, Atom::Text(_) | Atom::Shape(_))
                && elements.iter().all(|it| self.equal(it, &key, false) == Some(false))
        })
    }

    /// The value of a promise; anything else is itself.
    pub fn settled(&mut self, value: Value) -> Value {
        let mut value = value;
        for _ in 0..PROMISES_MAX {
            let Some(id) = value.object() else { return value };
            if self.heap.object(id).kind != ObjectKind::Promise {
                return value;
            }
            value = self.heap.object(id).rest.clone();
            if value.is_absent() {
                return Value::unknown();
            }
        }
        Value::unknown()
    }

    /// `await`: the value of a promise; one that is surely rejected raises.
    pub fn awaited(&mut self, value: Value) -> Value {
        if let Some(id) = value.object()
            && self.heap.object(id).kind == ObjectKind::Promise
            && self.heap.object(id).rest.is_absent()
            && let Some(reason) = self.heap.field(id, Key::Name(self.natives.rejected)).cloned()
        {
            self.throw(reason);
            return Value::absent();
        }
        if let Some(id) = value.object()
            && matches!(self.heap.object(id).kind, ObjectKind::Plain | ObjectKind::Instance(_))
            && let Some(then) = self.own_or_inherited(id, Key::Name(self.natives.then), self.natives.then)
            && matches!(then.single(), Some(Atom::Closure(_)))
        {
            let promise = self.new_object(ObjectKind::Promise);
            let resolve = Value::atom(Atom::Native(super::value::Native::Resolve(promise)));
            let args = super::machine::Args::of(vec![resolve], self.here());
            self.call_value(&then, value, args, self.here());
            return self.settled(Value::atom(Atom::Object(promise)));
        }
        self.settled(value)
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
    pub(super) fn slice_shape(
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
        if let Some(end) = upper.and_then(Value::as_number)
            && let super::value::Piece::Literal(first) = &pieces[0]
        {
            let text: Vec<char> = self.text(*first).chars().collect();
            let start = lower.map_or(Some(0.0), Value::as_number).filter(|it| *it >= 0.0);
            if let Some(start) = start
                && end >= 0.0
                && end as usize <= text.len()
            {
                let part: String = text.iter().take(end as usize).skip(start as usize).collect();
                return Some(self.text_value(&part));
            }
        }
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

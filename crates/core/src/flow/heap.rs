//! The abstract state: variables of activations, objects, and a trail of writes, so that a branch can be run,
//! taken back and joined at the cost of what it wrote.

use std::cell::Cell;
use std::rc::Rc;

use backend_specialist_syntax::ir::ExprId;
use rustc_hash::FxHashMap;

use super::value::{Atom, ClassValueId, Labels, ObjectId, ScopeId, Sym, Value};
use crate::model::State;

/// Fields kept by name in one object; more go to its unknown keys.
pub const FIELDS_MAX: usize = 256;

/// Writes among which one is looked for one by one.
const DELTA_SHORT: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Name(Sym),
    Index(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// An object literal, a dict, anything without a class.
    Plain,
    Array,
    /// What a generator yields; taking an element removes it.
    Generator,
    Map,
    Set,
    /// Its one value is in `rest`.
    Promise,
    Instance(ClassValueId),
    /// A module seen from outside.
    Namespace,
    /// A value of a library type that the program writes to.
    Library(State),
    /// A type with what a framework reads beside it, under a name: read again wherever it annotates something.
    Annotation {
        module: u32,
        scope: ScopeId,
        expr: ExprId,
    },
}

#[derive(Clone, Debug)]
pub struct Object {
    pub kind: ObjectKind,
    pub fields: Vec<(Key, Value)>,
    /// What stands under keys that are not known.
    pub rest: Value,
    /// Elements of an array whose length is known, as a number.
    pub len: Value,
    /// Data in the object whichever part is read.
    pub labels: Value,
    /// Where members are looked up that it has not: `Object.create`, `__proto__`.
    pub prototype: Value,
    /// Functions that are called where a property is read, and where it is written, each by the property's name. They
    /// are known when the object is made.
    pub getters: Option<ObjectId>,
    pub setters: Option<ObjectId>,
    /// What cannot be written: names of properties, `true` for all of them, `false` for those it has not.
    pub fixed: Value,
}

impl Object {
    pub fn new(kind: ObjectKind) -> Object {
        Object {
            kind,
            fields: Vec::new(),
            rest: Value::absent(),
            len: Value::absent(),
            labels: Value::absent(),
            prototype: Value::absent(),
            getters: None,
            setters: None,
            fixed: Value::absent(),
        }
    }
}

/// The variables of one activation.
#[derive(Clone, Debug)]
pub struct Scope {
    pub function: u32,
    pub parent: Option<ScopeId>,
    pub slots: Vec<Value>,
    /// One round of a loop: it holds these slots of the function alone, the others are its parent's.
    pub round: Option<Rc<[u32]>>,
}

/// Something that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loc {
    Slot(ScopeId, u32),
    Field(ObjectId, Key),
    Rest(ObjectId),
    Len(ObjectId),
    Labels(ObjectId),
    Prototype(ObjectId),
    Fixed(ObjectId),
}

impl Reach {
    pub fn has_object(self, id: ObjectId) -> bool {
        id.0 < self.objects
    }

    pub fn has_scope(self, id: ScopeId) -> bool {
        id.0 < self.scopes
    }
}

/// What a branch wrote: place, value after, in the order of first writes.
pub type Delta = Vec<(Loc, Value)>;

/// A point of the trail to which writes can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(usize);

#[derive(Debug, Default)]
pub struct Heap {
    pub objects: Vec<Object>,
    pub scopes: Vec<Scope>,
    /// What there was when set-up was done.
    pub base: Option<Reach>,
    /// Something was written to what was there when set-up was done.
    pub is_written: bool,
    /// Data, or objects that may hold some, were written there.
    pub is_marked: bool,
    /// The oldest object and scope that were read since somebody began to watch, of those that may change.
    oldest_object: Cell<u32>,
    oldest_scope: Cell<u32>,
    trail: Vec<(Loc, Value)>,
}

/// How many of each there were at some time.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    objects: u32,
    scopes: u32,
}

impl Heap {
    pub fn reach(&self) -> Reach {
        Reach { objects: self.objects.len() as u32, scopes: self.scopes.len() as u32 }
    }

    /// Whether what can be written there was made before that time.
    pub fn was_there(&self, loc: Loc, at: Reach) -> bool {
        match loc {
            Loc::Slot(scope, _) => scope.0 < at.scopes,
            Loc::Field(id, _)
            | Loc::Rest(id)
            | Loc::Len(id)
            | Loc::Labels(id)
            | Loc::Prototype(id)
            | Loc::Fixed(id) => id.0 < at.objects,
        }
    }

    /// Begins to watch what is read. Gives what was being watched, for [`Heap::watch_on`].
    pub fn watch(&self) -> Reach {
        Reach { objects: self.oldest_object.replace(u32::MAX), scopes: self.oldest_scope.replace(u32::MAX) }
    }

    /// Whether something that was there at that time, and that may change, was read since [`Heap::watch`].
    pub fn has_read_of(&self, at: Reach) -> bool {
        self.oldest_object.get() < at.objects || self.oldest_scope.get() < at.scopes
    }

    pub fn watch_on(&self, outer: Reach) {
        self.oldest_object.set(self.oldest_object.get().min(outer.objects));
        self.oldest_scope.set(self.oldest_scope.get().min(outer.scopes));
    }

    /// A variable that may change is read there. What set-up left changes in no entry unless [`Heap::is_written`].
    pub fn note_scope(&self, id: ScopeId) {
        if id.0 < self.oldest_scope.get() && self.base.is_none_or(|it| !it.has_scope(id)) {
            self.oldest_scope.set(id.0);
        }
    }

    /// What was read since [`Heap::watch`] is not known.
    pub fn note_any(&self) {
        self.oldest_object.set(0);
        self.oldest_scope.set(0);
    }

    /// Whether anything that was there at that time was written since the mark.
    pub fn wrote_to(&self, at: Reach, mark: Mark) -> bool {
        self.trail[mark.0..].iter().any(|it| self.was_there(it.0, at))
    }

    pub fn mark(&self) -> Mark {
        Mark(self.trail.len())
    }

    pub fn alloc(&mut self, kind: ObjectKind) -> ObjectId {
        self.objects.push(Object::new(kind));
        ObjectId(self.objects.len() as u32 - 1)
    }

    pub fn object(&self, id: ObjectId) -> &Object {
        if id.0 < self.oldest_object.get() && self.base.is_none_or(|it| !it.has_object(id)) {
            self.oldest_object.set(id.0);
        }
        self.look_at(id)
    }

    /// The object, for those who look whether there is data in it: that is no reading of the program.
    pub fn look_at(&self, id: ObjectId) -> &Object {
        &self.objects[id.0 as usize]
    }

    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    /// The scope of the activation that a round of a loop belongs to.
    pub fn activation(&self, mut scope: ScopeId) -> ScopeId {
        while let Scope { round: Some(_), parent: Some(parent), .. } = self.scope(scope) {
            scope = *parent;
        }
        scope
    }

    pub fn push_scope(&mut self, scope: Scope) -> ScopeId {
        self.scopes.push(scope);
        ScopeId(self.scopes.len() as u32 - 1)
    }

    pub fn read(&self, loc: Loc) -> Value {
        match loc {
            Loc::Slot(scope, slot) => self.scope(scope).slots[slot as usize].clone(),
            Loc::Field(id, key) => self.field(id, key).cloned().unwrap_or_default(),
            Loc::Rest(id) => self.object(id).rest.clone(),
            Loc::Len(id) => self.object(id).len.clone(),
            Loc::Labels(id) => self.object(id).labels.clone(),
            Loc::Prototype(id) => self.object(id).prototype.clone(),
            Loc::Fixed(id) => self.object(id).fixed.clone(),
        }
    }

    pub fn field(&self, id: ObjectId, key: Key) -> Option<&Value> {
        self.object(id).fields.iter().find(|it| it.0 == key).map(|it| &it.1).filter(|it| !it.is_absent())
    }

    pub fn write(&mut self, loc: Loc, value: Value) {
        if let Some(base) = self.base
            && !self.is_marked
            && self.was_there(loc, base)
        {
            let is_new = |it: &Atom| matches!(it, Atom::Object(id) if id.0 >= base.objects);
            self.is_written = true;
            self.is_marked = !value.labels.is_empty() || value.atoms().iter().any(is_new);
        }
        let old = self.put(loc, value);
        self.trail.push((loc, old));
    }

    fn put(&mut self, loc: Loc, value: Value) -> Value {
        let place = match loc {
            Loc::Slot(scope, slot) => &mut self.scopes[scope.0 as usize].slots[slot as usize],
            Loc::Field(id, key) => {
                let fields = &mut self.objects[id.0 as usize].fields;
                let index = match fields.iter().position(|it| it.0 == key) {
                    Some(index) => index,
                    None => {
                        fields.push((key, Value::absent()));
                        fields.len() - 1
                    }
                };
                &mut fields[index].1
            }
            Loc::Rest(id) => &mut self.objects[id.0 as usize].rest,
            Loc::Len(id) => &mut self.objects[id.0 as usize].len,
            Loc::Labels(id) => &mut self.objects[id.0 as usize].labels,
            Loc::Prototype(id) => &mut self.objects[id.0 as usize].prototype,
            Loc::Fixed(id) => &mut self.objects[id.0 as usize].fixed,
        };
        std::mem::replace(place, value)
    }

    /// Takes back everything since the mark.
    pub fn undo(&mut self, mark: Mark) {
        while self.trail.len() > mark.0 {
            if let Some((loc, old)) = self.trail.pop() {
                self.put(loc, old);
            }
        }
    }

    /// What was written since the mark, with the values of now.
    pub fn delta(&self, mark: Mark) -> Delta {
        let written = &self.trail[mark.0..];
        let mut delta: Delta = Vec::new();
        if written.len() <= DELTA_SHORT {
            for (loc, _) in written {
                if !delta.iter().any(|it| it.0 == *loc) {
                    delta.push((*loc, self.read(*loc)));
                }
            }
        } else {
            let mut seen = rustc_hash::FxHashSet::default();
            for (loc, _) in written {
                if seen.insert(*loc) {
                    delta.push((*loc, self.read(*loc)));
                }
            }
        }
        delta
    }

    /// [`Heap::delta`], and the writes are taken back.
    pub fn take(&mut self, mark: Mark) -> Delta {
        let delta = self.delta(mark);
        self.undo(mark);
        delta
    }

    pub fn apply(&mut self, delta: Delta) {
        for (loc, value) in delta {
            self.write(loc, value);
        }
    }

    /// The state after one of several paths that all began here: each place gets what any path left there.
    pub fn join(&mut self, mut paths: Vec<Delta>) {
        if paths.len() <= 1 {
            if let Some(delta) = paths.pop() {
                self.apply(delta);
            }
            return;
        }
        let count = paths.len();
        let total: usize = paths.iter().map(Vec::len).sum();
        let mut joined: Vec<(Loc, Value, usize)> = Vec::with_capacity(total);
        // Most branches write a handful of places: looking through them is quicker than a table.
        let mut index: FxHashMap<Loc, usize> = FxHashMap::default();
        let is_long = total > DELTA_SHORT;
        for (loc, value) in paths.into_iter().flatten() {
            let known = if is_long { index.get(&loc).copied() } else { joined.iter().position(|it| it.0 == loc) };
            match known {
                Some(at) => {
                    let entry = &mut joined[at];
                    entry.1 = entry.1.join(&value);
                    entry.2 += 1;
                }
                None => {
                    if is_long {
                        index.insert(loc, joined.len());
                    }
                    joined.push((loc, value, 1));
                }
            }
        }
        for (loc, value, times) in joined {
            let value = if times < count { self.read(loc).join(&value) } else { value };
            self.write(loc, value);
        }
    }

    /// Whether a property cannot be written (or, `removed`, taken away).
    pub fn is_fixed(&self, id: ObjectId, key: Key, removed: bool) -> bool {
        self.object(id).fixed.atoms().iter().any(|it| match it {
            Atom::Bool(all) => *all || removed || self.field(id, key).is_none(),
            Atom::Text(name) => Key::Name(*name) == key,
            _ => false,
        })
    }

    pub fn labels_of(&self, id: ObjectId) -> &Labels {
        &self.object(id).labels.labels
    }

    /// All values held directly by an object.
    pub fn elements(&self, id: ObjectId) -> Value {
        let object = self.object(id);
        let mut all = object.rest.clone();
        for (_, value) in &object.fields {
            all = all.join(value);
        }
        all.adding(&object.labels.labels)
    }

    /// The elements of an array of known length, in order.
    pub fn known_elements(&self, id: ObjectId) -> Option<Vec<Value>> {
        let object = self.object(id);
        let len = object.len.as_number()? as u32;
        if !object.rest.is_absent() || len as usize > FIELDS_MAX {
            return None;
        }
        let labels = &object.labels.labels;
        Some(
            (0..len)
                .map(|it| self.field(id, Key::Index(it)).cloned().unwrap_or_else(Value::undefined).adding(labels))
                .collect(),
        )
    }

    pub fn set_array(&mut self, id: ObjectId, values: Vec<Value>) {
        let old = self.object(id).len.as_number().unwrap_or(0.0) as u32;
        let len = values.len() as u32;
        for (index, value) in values.into_iter().enumerate() {
            self.write(Loc::Field(id, Key::Index(index as u32)), value);
        }
        for index in len..old {
            self.write(Loc::Field(id, Key::Index(index)), Value::absent());
        }
        self.write(Loc::Len(id), Value::atom(Atom::Number(f64::from(len))));
    }

    /// Forgets which element stands where.
    pub fn blur(&mut self, id: ObjectId) {
        let all = self.elements(id);
        let keys: Vec<Key> =
            self.object(id).fields.iter().map(|it| it.0).filter(|it| matches!(it, Key::Index(_))).collect();
        for key in keys {
            self.write(Loc::Field(id, key), Value::absent());
        }
        self.write(Loc::Len(id), Value::absent());
        self.write(Loc::Rest(id), all);
    }
}

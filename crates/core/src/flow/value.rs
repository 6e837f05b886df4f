//! What an expression may be worth: constants, text with holes, objects, functions, library places, and labels
//! that say which untrusted data is in it.

use std::rc::Rc;

use super::path_facts::PathFacts;
use crate::model::{Chars, KindSet, State};

/// A string of the project, interned: equal ids are equal strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(pub u32);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// An object of the abstract heap.
    ObjectId;
    /// The variables of one activation of a function.
    ScopeId;
    /// A function value: the function and where it was made.
    ClosureId;
    /// A class value: the class and where it was made.
    ClassValueId;
    /// Where untrusted data comes in: one place, one kind.
    OriginId;
    /// One station of data on its way, linked to the one before.
    StepId;
}

/// Alternatives kept in one value; more become unknown.
pub const ATOMS_MAX: usize = 8;
/// Labels kept in one value, in the order in which they were found.
pub const LABELS_MAX: usize = 8;
/// Pieces kept of one text.
pub const PIECES_MAX: usize = 32;
/// Bytes of a folded text.
pub const TEXT_MAX: usize = 8192;

#[derive(Clone, Debug, PartialEq)]
pub enum Atom {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Sym),
    AnyBool,
    AnyNumber,
    AnyText,
    /// Text made of literal pieces and holes.
    Shape(Rc<[Piece]>),
    Regex {
        pattern: Sym,
        flags: Sym,
    },
    Object(ObjectId),
    Closure(ClosureId),
    Class(ClassValueId),
    /// A place of a library model.
    Lib(State),
    Bound(Rc<Bound>),
    Native(Native),
    /// Nothing is known but, perhaps, the name that holds it.
    Unknown(Option<Sym>),
}

/// A function with its receiver or first arguments fixed.
#[derive(Debug, PartialEq)]
pub struct Bound {
    pub function: Value,
    pub this: Option<Value>,
    pub args: Vec<Value>,
}

impl Bound {
    /// It was bound again and again.
    pub fn is_deep(&self) -> bool {
        let mut function = &self.function;
        for _ in 0..super::machine::BOUND_MAX {
            match function.single() {
                Some(Atom::Bound(inner)) => function = &inner.function,
                _ => return false,
            }
        }
        true
    }
}

/// Functions that the engine makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Native {
    /// Sets the value of the promise (an object whose one field is its value).
    Resolve(ObjectId),
    /// Says why the promise is rejected.
    Reject(ObjectId),
    /// Takes the next element; as a record that says whether it was the last.
    Next { of: ObjectId, record: bool },
    /// A context in which what is raised is dropped.
    Suppress,
    /// Registers what it decorates: an index into the machine's decorators.
    Decorator(u32),
    /// Makes decorators that write down what they are given.
    Annotation(u32),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Literal(Sym),
    Hole { labels: Labels, number: bool },
}

/// Untrusted data in a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub origin: OriginId,
    pub step: StepId,
    /// Sink kinds for which it was made safe.
    pub safe: KindSet,
    /// Characters that it may contain.
    pub chars: Chars,
    /// It passed through something that the models do not know.
    pub guess: bool,
    /// It may be more than text: an object, a list.
    pub structured: bool,
    /// It is the whole of what a client sent as one object, keys included.
    pub keys: bool,
    /// What is known of it as a path.
    pub path: PathFacts,
}

/// Labels of a value; shared, for most values of a program carry none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels(Option<Rc<[Label]>>);

impl Labels {
    pub fn one(label: Label) -> Labels {
        Labels(Some(Rc::from([label])))
    }

    pub fn from_vec(mut labels: Vec<Label>) -> Labels {
        labels.truncate(LABELS_MAX);
        if labels.is_empty() { Labels(None) } else { Labels(Some(labels.into())) }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Label> {
        self.0.as_deref().unwrap_or_default().iter()
    }

    pub fn map(&self, f: impl Fn(&Label) -> Label) -> Labels {
        match &self.0 {
            None => Labels(None),
            Some(labels) => Labels(Some(labels.iter().map(f).collect())),
        }
    }

    pub fn filter(&self, f: impl Fn(&Label) -> bool) -> Labels {
        Labels::from_vec(self.iter().filter(|it| f(it)).cloned().collect())
    }

    /// What is true of both: safety intersects, characters unite.
    pub fn join(&self, other: &Labels) -> Labels {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            (Some(a), Some(b)) if Rc::ptr_eq(a, b) => self.clone(),
            (Some(a), Some(b)) => {
                let mut labels: Vec<Label> = a.to_vec();
                for label in b.iter() {
                    match labels.iter_mut().find(|it| it.origin == label.origin) {
                        Some(old) => {
                            if old.guess && !label.guess {
                                old.step = label.step;
                            }
                            old.safe = old.safe.intersection(label.safe);
                            old.chars = old.chars.union(label.chars);
                            old.guess &= label.guess;
                            old.structured |= label.structured;
                            old.keys |= label.keys;
                            old.path = old.path.and(label.path);
                        }
                        None => labels.push(label.clone()),
                    }
                }
                Labels::from_vec(labels)
            }
        }
    }
}

/// The alternatives of a value, and what is in it whichever it is. No atom at all: nothing gets here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    pub atoms: Atoms,
    pub labels: Labels,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Atoms {
    #[default]
    None,
    One(Atom),
    Many(Rc<[Atom]>),
}

impl Atoms {
    pub fn as_slice(&self) -> &[Atom] {
        match self {
            Atoms::None => &[],
            Atoms::One(atom) => std::slice::from_ref(atom),
            Atoms::Many(atoms) => atoms,
        }
    }

    pub fn from_vec(mut atoms: Vec<Atom>) -> Atoms {
        match atoms.len() {
            0 => Atoms::None,
            1 => Atoms::One(atoms.swap_remove(0)),
            _ => Atoms::Many(atoms.into()),
        }
    }
}

impl Value {
    pub fn atom(atom: Atom) -> Value {
        Value { atoms: Atoms::One(atom), labels: Labels::default() }
    }

    pub fn absent() -> Value {
        Value::default()
    }

    pub fn unknown() -> Value {
        Value::atom(Atom::Unknown(None))
    }

    pub fn undefined() -> Value {
        Value::atom(Atom::Undefined)
    }

    pub fn bool(value: bool) -> Value {
        Value::atom(Atom::Bool(value))
    }

    pub fn number(value: f64) -> Value {
        Value::atom(Atom::Number(value))
    }

    pub fn labelled(atom: Atom, labels: Labels) -> Value {
        Value { atoms: Atoms::One(atom), labels }
    }

    #[must_use]
    pub fn with_labels(mut self, labels: Labels) -> Value {
        self.labels = labels;
        self
    }

    #[must_use]
    pub fn adding(mut self, labels: &Labels) -> Value {
        self.labels = self.labels.join(labels);
        self
    }

    pub fn is_absent(&self) -> bool {
        matches!(self.atoms, Atoms::None)
    }

    pub fn atoms(&self) -> &[Atom] {
        self.atoms.as_slice()
    }

    /// The only alternative.
    pub fn single(&self) -> Option<&Atom> {
        match &self.atoms {
            Atoms::One(atom) => Some(atom),
            _ => None,
        }
    }

    /// The only alternative, if it is an object.
    pub fn object(&self) -> Option<ObjectId> {
        match self.single() {
            Some(Atom::Object(id)) => Some(*id),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<Sym> {
        match self.single() {
            Some(Atom::Text(sym)) => Some(*sym),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self.single() {
            Some(Atom::Number(it)) => Some(*it),
            Some(Atom::Bool(it)) => Some(f64::from(u8::from(*it))),
            _ => None,
        }
    }

    /// Equal but for the way on which the data came.
    pub fn is_same_data(&self, other: &Value) -> bool {
        let same = |(a, b): (&Label, &Label)| Label { step: a.step, ..b.clone() } == *a;
        self.atoms == other.atoms
            && self.labels.iter().len() == other.labels.iter().len()
            && self.labels.iter().zip(other.labels.iter()).all(same)
    }

    /// One of either.
    #[must_use]
    pub fn join(&self, other: &Value) -> Value {
        if other.is_absent() && other.labels.is_empty() {
            return self.clone();
        }
        if self.is_absent() && self.labels.is_empty() {
            return other.clone();
        }
        let labels = self.labels.join(&other.labels);
        if let (Atoms::Many(a), Atoms::Many(b)) = (&self.atoms, &other.atoms)
            && Rc::ptr_eq(a, b)
        {
            return Value { atoms: self.atoms.clone(), labels };
        }
        if self.atoms == other.atoms {
            return Value { atoms: self.atoms.clone(), labels };
        }
        let mut atoms = self.atoms_beside(other);
        for atom in other.atoms_beside(self) {
            if !atoms.contains(&atom) {
                atoms.push(atom);
            }
        }
        Value { atoms: Atoms::from_vec(widen(atoms)), labels }
    }

    /// The alternatives; beside a text whose holes are known, any text is a hole with what is in it, so that it is not
    /// taken to hold what only stands in the other one.
    fn atoms_beside(&self, other: &Value) -> Vec<Atom> {
        let is_shape = |it: &Atom| matches!(it, Atom::Shape(_));
        if other.labels.is_empty() || !other.atoms().iter().any(is_shape) || self.atoms().iter().any(is_shape) {
            return self.atoms().to_vec();
        }
        let hole = || Atom::Shape(Rc::from([Piece::Hole { labels: self.labels.clone(), number: false }]));
        let is_any = |it: &Atom| matches!(it, Atom::Unknown(_) | Atom::AnyText);
        self.atoms().iter().map(|it| if is_any(it) { hole() } else { it.clone() }).collect()
    }

    /// Every alternative is text, whichever.
    pub fn is_surely_text(&self) -> bool {
        !self.is_absent() && self.atoms().iter().all(|it| matches!(it, Atom::Text(_) | Atom::Shape(_) | Atom::AnyText))
    }

    /// One of the constants in it, and nothing else.
    pub fn is_constant(&self) -> bool {
        self.labels.is_empty()
            && !self.is_absent()
            && self.atoms().iter().all(|it| matches!(it, Atom::Text(_) | Atom::Number(_) | Atom::Bool(_) | Atom::Null))
    }

    pub fn is_surely_number(&self) -> bool {
        !self.is_absent()
            && self
                .atoms()
                .iter()
                .all(|it| matches!(it, Atom::Number(_) | Atom::AnyNumber | Atom::Bool(_) | Atom::AnyBool))
    }
}

/// Too many alternatives of one sort become "any of that sort"; still too many become unknown.
fn widen(mut atoms: Vec<Atom>) -> Vec<Atom> {
    if atoms.len() <= ATOMS_MAX {
        return atoms;
    }
    let is_text = |it: &Atom| matches!(it, Atom::Text(_) | Atom::Shape(_) | Atom::AnyText);
    if atoms.iter().filter(|it| is_text(it)).count() > ATOMS_MAX / 2 {
        atoms.retain(|it| !is_text(it));
        atoms.push(Atom::AnyText);
    }
    if atoms.len() > ATOMS_MAX {
        atoms.retain(|it| !matches!(it, Atom::Number(_) | Atom::AnyNumber));
        atoms.push(Atom::AnyNumber);
    }
    if atoms.len() > ATOMS_MAX {
        atoms.truncate(ATOMS_MAX - 1);
        atoms.push(Atom::Unknown(None));
    }
    atoms
}

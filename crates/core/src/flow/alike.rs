//! Functions made by the same code around the same things. Tests and factories build one application hundreds of
//! times; running its handlers and routes for each of them tells nothing new.

use std::hash::{Hash, Hasher};
use std::mem::discriminant;

use rustc_hash::{FxHashMap, FxHasher};

use super::machine::{Closure, Machine, Pending};
use super::value::{Atom, Value};

/// Things inside one another that are compared.
const DEPTH: u32 = 4;
/// Members of an object and variables of a function that are compared.
const MEMBERS_MAX: usize = 16;
/// Functions that are alike of which each is still run.
const RUNS_MAX: u32 = 3;

/// How often something alike was met.
#[derive(Debug, Default)]
pub struct Met {
    counts: FxHashMap<u64, u32>,
    /// So many of the pending handlers were compared.
    compared: usize,
}

impl Met {
    /// Whether as many were met as are worth a run.
    pub fn often(&mut self, likeness: u64) -> bool {
        let count = self.counts.entry(likeness).or_default();
        *count += 1;
        *count > RUNS_MAX
    }
}

impl Machine<'_> {
    /// Set-up registered handlers: those that are like enough others wait for nothing.
    pub(super) fn forget_alike(&mut self) {
        if self.is_set_up || self.pending.len() <= self.met.compared {
            return;
        }
        for it in self.pending.split_off(self.met.compared) {
            let likeness = self.likeness_of_pending(&it);
            if !self.met.often(likeness) {
                self.pending.push(it);
            }
        }
        self.met.compared = self.pending.len();
    }

    /// Equal for handlers that run the same code over the same things behind the same other ones.
    fn likeness_of_pending(&self, it: &Pending) -> u64 {
        let mut hasher = FxHasher::default();
        self.hash_pending(it, &mut hasher);
        hasher.finish()
    }

    fn hash_pending(&self, it: &Pending, hasher: &mut FxHasher) {
        self.likeness(&it.function).hash(hasher);
        (&it.params, it.from_request, &it.converted, it.callee, it.shift, it.fixed_path, it.is_early).hash(hasher);
        it.chain.iter().for_each(|it| self.hash_pending(it, hasher));
    }

    /// Equal for values that differ in nothing but the identity of objects and functions.
    pub fn likeness(&self, value: &Value) -> u64 {
        let mut hasher = FxHasher::default();
        self.hash_value(value, DEPTH, &mut hasher);
        hasher.finish()
    }

    fn hash_value(&self, value: &Value, depth: u32, hasher: &mut FxHasher) {
        value.atoms().len().hash(hasher);
        value.labels.iter().for_each(|it| (it.origin, it.safe).hash(hasher));
        value.atoms().iter().for_each(|it| self.hash_atom(it, depth, hasher));
    }

    fn hash_atom(&self, atom: &Atom, depth: u32, hasher: &mut FxHasher) {
        discriminant(atom).hash(hasher);
        match atom {
            Atom::Bool(it) => it.hash(hasher),
            Atom::Number(it) => it.to_bits().hash(hasher),
            Atom::Text(it) => it.hash(hasher),
            Atom::Regex { pattern, flags } => (pattern, flags).hash(hasher),
            Atom::Lib(it) => it.hash(hasher),
            Atom::Class(id) => {
                let class = &self.classes[id.0 as usize];
                (class.module, class.class).hash(hasher);
            }
            Atom::Closure(id) => self.hash_closure(&self.closures[id.0 as usize], depth, hasher),
            Atom::Bound(bound) if depth > 0 => {
                let all = std::iter::once(&bound.function).chain(&bound.this).chain(&bound.args);
                all.for_each(|it| self.hash_value(it, depth - 1, hasher));
            }
            Atom::Object(id) if depth > 0 => {
                let object = self.heap.look_at(*id);
                discriminant(&object.kind).hash(hasher);
                object.fields.len().hash(hasher);
                for (key, value) in object.fields.iter().take(MEMBERS_MAX) {
                    key.hash(hasher);
                    self.hash_value(value, depth - 1, hasher);
                }
                self.hash_value(&object.rest, depth - 1, hasher);
            }
            Atom::Native(it) => discriminant(it).hash(hasher),
            Atom::Undefined
            | Atom::Null
            | Atom::AnyBool
            | Atom::AnyNumber
            | Atom::AnyText
            | Atom::Shape(_)
            | Atom::Bound(_)
            | Atom::Object(_)
            | Atom::Unknown(_) => {}
        }
    }

    /// The code, and the variables of the functions around it.
    fn hash_closure(&self, closure: &Closure, depth: u32, hasher: &mut FxHasher) {
        (closure.module, closure.function).hash(hasher);
        if depth == 0 {
            return;
        }
        self.hash_value(&closure.this, depth - 1, hasher);
        let mut scope = closure.scope;
        while let Some(parent) = self.heap.scope(scope).parent {
            for value in self.heap.scope(scope).slots.iter().take(MEMBERS_MAX) {
                self.hash_value(value, depth - 1, hasher);
            }
            scope = parent;
        }
    }
}

//! Which variable a name means at one place of the tree. Names are small numbers, so that a look-up is one
//! access to an array; leaving a scope takes back what it bound.

use crate::ir::{NameId, VarId};

/// Types have names of their own: `interface User` and `const User` may stand side by side.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    Value,
    Type,
}

/// Stands where a name is bound to no variable.
const NOTHING: VarId = VarId(u32::MAX);

#[derive(Clone, Copy)]
struct Slot {
    var: VarId,
    scope: u32,
}

#[derive(Default)]
pub(super) struct Scopes {
    values: Vec<Option<Slot>>,
    types: Vec<Option<Slot>>,
    undo: Vec<(Space, NameId, Option<Slot>)>,
    current: u32,
    made: u32,
}

/// What [`Scopes::leave`] needs to restore the scope around.
pub(super) struct Mark {
    undo_len: usize,
    scope: u32,
}

impl Scopes {
    pub fn enter(&mut self) -> Mark {
        let mark = Mark { undo_len: self.undo.len(), scope: self.current };
        self.made += 1;
        self.current = self.made;
        mark
    }

    pub fn leave(&mut self, mark: Mark) {
        for (space, name, before) in self.undo.drain(mark.undo_len..).rev() {
            let table = match space {
                Space::Value => &mut self.values,
                Space::Type => &mut self.types,
            };
            table[name.index()] = before;
        }
        self.current = mark.scope;
    }

    pub fn get(&self, space: Space, name: NameId) -> Option<VarId> {
        self.slot(space, name).map(|it| it.var).filter(|it| *it != NOTHING)
    }

    /// Lets a type's name mean nothing in the innermost scope: it is a type parameter.
    pub fn hide_type(&mut self, name: NameId) {
        self.bind(Space::Type, name, NOTHING);
    }

    pub fn is_hidden_type(&self, name: NameId) -> bool {
        self.slot(Space::Type, name).is_some_and(|it| it.var == NOTHING)
    }

    /// As [`Scopes::get`], in the innermost scope alone.
    pub fn here(&self, space: Space, name: NameId) -> Option<VarId> {
        self.slot(space, name).filter(|it| it.scope == self.current && it.var != NOTHING).map(|it| it.var)
    }

    pub fn bind(&mut self, space: Space, name: NameId, var: VarId) {
        let scope = self.current;
        let place = self.place(space, name);
        let before = place.replace(Slot { var, scope });
        self.undo.push((space, name, before));
    }

    /// A binding of the outermost scope, made while inner ones are open that do not have the name.
    pub fn bind_for_good(&mut self, name: NameId, var: VarId) {
        *self.place(Space::Value, name) = Some(Slot { var, scope: 0 });
    }

    fn slot(&self, space: Space, name: NameId) -> Option<Slot> {
        let table = match space {
            Space::Value => &self.values,
            Space::Type => &self.types,
        };
        table.get(name.index()).copied().flatten()
    }

    fn place(&mut self, space: Space, name: NameId) -> &mut Option<Slot> {
        let table = match space {
            Space::Value => &mut self.values,
            Space::Type => &mut self.types,
        };
        if table.len() <= name.index() {
            table.resize((name.index() + 1).max(64).next_power_of_two(), None);
        }
        &mut table[name.index()]
    }
}

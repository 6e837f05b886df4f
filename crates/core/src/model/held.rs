//! What models say of the places where a value may stand.

use std::ops::Deref;

use super::graph::{Graph, RowId, Versions};
use super::places::Member;
use super::rows::{
    CallRow, CheckRow, ClassRow, Constant, EffectRow, Origin, PropagatorRow, RouteRow, Row, SanitizerRow, SinkRow,
    SourceRow,
};

/// A row that holds at a state. A guess if every way to the row begins with one.
#[derive(Debug)]
pub struct Held<'m, T> {
    pub row: &'m T,
    /// Library, versions and conditions.
    pub origin: &'m Origin,
    pub guess: bool,
}

impl<T> Clone for Held<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<'_, T> {}

impl<T> Deref for Held<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.row
    }
}

/// All rows that hold at a state, each list in the order of the models.
#[derive(Debug, Default)]
pub struct Rows<'m> {
    /// The state holds nothing but guesses.
    pub guess: bool,
    pub types: Vec<Held<'m, String>>,
    pub sources: Vec<Held<'m, SourceRow>>,
    pub sinks: Vec<Held<'m, SinkRow>>,
    pub sanitizers: Vec<Held<'m, SanitizerRow>>,
    pub checks: Vec<Held<'m, CheckRow>>,
    pub propagators: Vec<Held<'m, PropagatorRow>>,
    pub calls: Vec<Held<'m, CallRow>>,
    pub effects: Vec<Held<'m, EffectRow>>,
    pub routes: Vec<Held<'m, RouteRow>>,
    pub classes: Vec<Held<'m, ClassRow>>,
    pub constants: Vec<Held<'m, Constant>>,
}

impl<'m> Rows<'m> {
    /// The rows of all these places, each once.
    pub(super) fn of(graph: &'m Graph, members: &[Member], scopes: &[Versions]) -> Rows<'m> {
        let mut held: Vec<(RowId, bool)> = Vec::new();
        for member in members {
            let node = graph.node(member.node);
            let types = node.types.iter().map(|(_, row)| row);
            let versions = &scopes[member.scope.index()];
            let rows = node.rows.iter().chain(types).filter(|row| graph.holds(**row, versions));
            held.extend(rows.map(|row| (*row, member.guess)));
        }
        held.sort_unstable();
        let mut distinct: Vec<(RowId, bool)> = Vec::with_capacity(held.len());
        for (row, guess) in held {
            let known = distinct.iter_mut().find(|(known, _)| *known == row || graph.is_same_row(*known, row));
            match known {
                Some((_, known)) => *known &= guess,
                None => distinct.push((row, guess)),
            }
        }
        let mut rows = Rows { guess: members.iter().all(|it| it.guess), ..Rows::default() };
        for (id, guess) in distinct {
            let (row, origin) = graph.row(id);
            match row {
                Row::Type(row) => rows.types.push(Held { row, origin, guess }),
                Row::Source(row) => rows.sources.push(Held { row, origin, guess }),
                Row::Sink(row) => rows.sinks.push(Held { row, origin, guess }),
                Row::Sanitizer(row) => rows.sanitizers.push(Held { row, origin, guess }),
                Row::Check(row) => rows.checks.push(Held { row, origin, guess }),
                Row::Propagator(row) => rows.propagators.push(Held { row, origin, guess }),
                Row::Call(row) => rows.calls.push(Held { row, origin, guess }),
                Row::Effect(row) => rows.effects.push(Held { row, origin, guess }),
                Row::Route(row) => rows.routes.push(Held { row, origin, guess }),
                Row::Class(row) => rows.classes.push(Held { row, origin, guess }),
                Row::Constant(row) => rows.constants.push(Held { row, origin, guess }),
            }
        }
        rows
    }

    /// Whether a row says what a call here does; a call of nothing known passes its data on as a guess.
    pub fn says_what_call_does(&self) -> bool {
        !(self.sanitizers.is_empty() && self.propagators.is_empty() && self.effects.is_empty())
    }

    pub fn has_type(&self, name: &str) -> bool {
        self.types.iter().any(|it| it.row == name)
    }
}

//! Data that a slow regular expression reads: an arrival at a sink that no model names.

use super::call::Call;
use super::machine::Machine;
use super::sinks::Site;
use super::slowness::{Growth, growth};
use super::value::{Atom, Sym, Value};
use crate::model::rows::EffectRow;

impl Machine<'_> {
    /// A test or search: the pattern is what the row names, else the receiver.
    pub(super) fn slow_match(&mut self, row: &EffectRow, on: &Value, text: &Value, call: &Call) {
        let pattern = match &row.pattern {
            Some(place) => self.operand(place, call).unwrap_or_default(),
            None => on.clone(),
        };
        self.slow_pattern(&pattern, text, row, call);
    }

    pub(super) fn slow_pattern(&mut self, pattern: &Value, text: &Value, row: &EffectRow, call: &Call) {
        if text.labels.is_empty() || !pattern.labels.is_empty() {
            return;
        }
        let regex = match pattern.single() {
            Some(Atom::Regex { pattern, flags }) => (*pattern, *flags),
            // Where the row names a pattern a text is one.
            Some(Atom::Text(pattern)) if row.pattern.is_some() => (*pattern, self.intern("")),
            _ => return,
        };
        self.slow_regex(regex, (row.head, row.full), text, call);
    }

    pub(super) fn slow_regex(&mut self, regex: (Sym, Sym), bound: (bool, bool), text: &Value, call: &Call) {
        if text.labels.is_empty() {
            return;
        }
        let (pattern, flags) = (self.text(regex.0), self.text(regex.1));
        let key = (regex.0, regex.1, bound.0, bound.1);
        let found = *self.growths.entry(key).or_insert_with(|| growth(&pattern, &flags, bound.0, bound.1));
        let kind = match found {
            Growth::Linear => return,
            Growth::Polynomial(2) => "slow-match.quadratic",
            Growth::Polynomial(_) | Growth::Exponential => "slow-match.steep",
        };
        let site = Site { place: call.place, call: call.place, callee: call.callee_place, guess: false };
        self.arrive(Machine::sink_kind(kind), text, site);
    }
}

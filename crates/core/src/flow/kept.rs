//! State that outlives the function that writes it: what a hook or a handler leaves at the request, in `g` or in a
//! session is found there by functions that run later.

use super::machine::Machine;
use super::value::{Labels, Sym, Value};
use crate::Place;
use crate::model::State;

impl<'a> Machine<'a> {
    /// Remembers data that is left at such a place.
    pub(super) fn keep(&mut self, state: State, name: Sym, value: &Value) {
        if !self.places.rows(state).has_type("Kept") {
            return;
        }
        let labels = self.labels_without_unknown(&self.deep_labels(value));
        if labels.is_empty() {
            return;
        }
        let kept = self.kept.entry((state, name)).or_default();
        *kept = kept.join(&labels);
    }

    /// What any function has left there.
    pub(super) fn kept_labels(&mut self, state: State, name: Sym, place: Place) -> Labels {
        if !self.places.rows(state).has_type("Kept") {
            return Labels::default();
        }
        self.shared_reads += 1;
        match self.kept.get(&(state, name)).cloned() {
            Some(labels) => self.guessed(&labels, place),
            None => {
                self.missed_kept = true;
                Labels::default()
            }
        }
    }
}

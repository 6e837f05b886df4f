//! Why a place is judged as it is: what arrives at sinks, and where it was made safe. Written down for `explain` alone.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::machine::Machine;
use super::value::{Label, OriginId, StepId, Value};
use crate::Place;
use crate::model::KindId;

/// A sink that a value reached.
#[derive(Clone, Debug)]
pub struct Sight {
    pub sink: KindId,
    /// The argument.
    pub place: Place,
    pub call: Place,
    pub callee: Place,
    pub seen: Vec<Seen>,
}

/// What came there, once for each way and origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Constant,
    /// Nothing that comes from outside.
    Unreached,
    /// The constant parts are not in the sink's language.
    OtherLanguage,
    Data {
        origin: OriginId,
        safety: Option<Safety>,
    },
}

/// What keeps data from doing harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    Sanitized(Place),
    Guarded(Place),
    /// With what it may be it cannot leave the place where it stands.
    Harmless,
}

/// What the machine writes down of it.
#[derive(Debug, Default)]
pub struct Reasons {
    pub sights: Vec<Sight>,
    index: FxHashMap<(KindId, Place), usize>,
    /// By the last station of data: where it was made safe there.
    notes: FxHashMap<StepId, Safety>,
    /// Calls of something that nobody knows.
    pub unknown_calls: BTreeSet<Place>,
    /// The test that is being looked at.
    test: Option<Place>,
}

impl Machine<'_> {
    pub(super) fn see(&mut self, sink: KindId, site: super::sinks::Site, seen: Seen) {
        let Some(reasons) = &mut self.reasons else { return };
        let next = reasons.sights.len();
        let index = *reasons.index.entry((sink, site.place)).or_insert(next);
        if index == next {
            let (place, call, callee) = (site.place, site.call, site.callee);
            reasons.sights.push(Sight { sink, place, call, callee, seen: Vec::new() });
        }
        let all = &mut reasons.sights[index].seen;
        if !all.contains(&seen) {
            all.push(seen);
        }
    }

    /// What arrives without data that could do harm.
    pub(super) fn see_harmless(&mut self, sink: KindId, site: super::sinks::Site, value: &Value) {
        if self.reasons.is_none() {
            return;
        }
        let labels = self.deep_labels(value);
        for label in labels.iter() {
            self.see(sink, site, Seen::Data { origin: label.origin, safety: Some(Safety::Harmless) });
        }
        if labels.is_empty() {
            let seen = if self.is_plain_constant(value) { Seen::Constant } else { Seen::Unreached };
            self.see(sink, site, seen);
        }
    }

    pub(super) fn see_label(&mut self, sink: KindId, site: super::sinks::Site, label: &Label, is_safe: bool) {
        if self.reasons.is_none() {
            return;
        }
        let safety = is_safe.then(|| self.safety_of(label));
        self.see(sink, site, Seen::Data { origin: label.origin, safety });
    }

    fn safety_of(&self, label: &Label) -> Safety {
        let mut at = Some(label.step);
        while let Some(step) = at {
            let note = self.reasons.as_ref().and_then(|it| it.notes.get(&step));
            if let Some(note) = note {
                return *note;
            }
            at = self.steps[step.0 as usize].previous;
        }
        Safety::Harmless
    }

    fn is_plain_constant(&self, value: &Value) -> bool {
        use super::value::Atom;
        value
            .atoms()
            .iter()
            .all(|it| matches!(it, Atom::Text(_) | Atom::Number(_) | Atom::Bool(_) | Atom::Null | Atom::Undefined))
    }

    /// The data of this station was made safe by the call.
    pub(super) fn note_sanitized(&mut self, label: &Label, place: Place) {
        if let Some(reasons) = &mut self.reasons {
            reasons.notes.insert(label.step, Safety::Sanitized(place));
        }
    }

    /// The data was tested.
    pub(super) fn note_guarded(&mut self, old: &Label, new: &Label, place: Place) {
        let Some(reasons) = &mut self.reasons else { return };
        if old != new {
            let test = reasons.test.unwrap_or(place);
            reasons.notes.entry(new.step).or_insert(Safety::Guarded(test));
        }
    }

    /// A test begins or ends to be looked at.
    pub(super) fn set_test(&mut self, place: Option<Place>) -> Option<Place> {
        match &mut self.reasons {
            Some(reasons) => std::mem::replace(&mut reasons.test, place),
            None => None,
        }
    }

    pub(super) fn note_unknown_call(&mut self, place: Place) {
        if let Some(reasons) = &mut self.reasons {
            reasons.unknown_calls.insert(place);
        }
    }
}

//! Labels on their way: sources, stations, parts.

use super::path_facts::PathFacts;
use super::value::{Atom, Atoms, Label, Labels, OriginId, Piece, StepId, Value};
use crate::Place;
use crate::finding::StepKind;
use crate::model::{Chars, KindId, KindSet};

use super::machine::{Machine, Origin, Step};
impl<'a> Machine<'a> {
    pub fn origin(&mut self, kind: KindId, place: Place, guess: bool) -> OriginId {
        if let Some(id) = self.origin_ids.get(&(kind, place, guess)) {
            return *id;
        }
        let id = OriginId(self.origins.len() as u32);
        self.origins.push(Origin { kind, place, guess });
        self.origin_ids.insert((kind, place, guess), id);
        id
    }

    /// Data whose origin nobody knows, where that is of interest.
    pub fn unknown_source(&mut self, place: Place) -> Labels {
        let is_wanted = self.wants_unknown || self.alone[self.frame().module as usize];
        if is_wanted { self.source(self.natives.unknown, place, true) } else { Labels::default() }
    }

    pub fn source(&mut self, kind: KindId, place: Place, guess: bool) -> Labels {
        let origin = self.origin(kind, place, guess);
        let step = self.step(None, place, StepKind::Source);
        let text_only = self.natives.text_kinds.contains(kind);
        Labels::one(Label {
            origin,
            step,
            safe: KindSet::NONE,
            chars: Chars::ALL,
            guess: false,
            structured: !text_only,
            keys: !text_only,
            path: PathFacts::NONE,
        })
    }

    /// The same step behind the same way is one step, so that equal values stay equal.
    pub fn step(&mut self, previous: Option<StepId>, place: Place, kind: StepKind) -> StepId {
        let step = Step { previous, place, kind };
        if let Some(id) = self.step_ids.get(&step) {
            return *id;
        }
        let id = StepId(self.steps.len() as u32);
        self.steps.push(step);
        self.step_ids.insert(step, id);
        id
    }

    /// The labels of what an operator or a library makes of the data.
    pub fn stepped(&mut self, labels: &Labels, place: Place) -> Labels {
        self.stepped_as(StepKind::Propagate, labels, place)
    }

    /// The labels one step further.
    pub fn stepped_as(&mut self, kind: StepKind, labels: &Labels, place: Place) -> Labels {
        if labels.is_empty() {
            return Labels::default();
        }
        let mut moved: Vec<Label> = labels.iter().cloned().collect();
        for label in &mut moved {
            if self.steps[label.step.0 as usize].place != place {
                label.step = self.step(Some(label.step), place, kind);
            }
        }
        Labels::from_vec(moved)
    }

    /// The value one step further: its own labels and those in the holes of its text, not what its parts hold.
    pub fn step_value(&mut self, kind: StepKind, value: Value, place: Place) -> Value {
        if value.labels.is_empty() {
            return value;
        }
        let labels = self.stepped_as(kind, &value.labels, place);
        if !value.atoms().iter().any(|it| matches!(it, Atom::Shape(_))) {
            return value.with_labels(labels);
        }
        let atoms = value.atoms().iter().map(|it| match it {
            Atom::Shape(pieces) => Atom::Shape(pieces.iter().map(|it| self.stepped_piece(kind, it, place)).collect()),
            other => other.clone(),
        });
        Value { atoms: Atoms::from_vec(atoms.collect()), labels }
    }

    fn stepped_piece(&mut self, kind: StepKind, piece: &Piece, place: Place) -> Piece {
        match piece {
            Piece::Hole { labels, number } => {
                Piece::Hole { labels: self.stepped_as(kind, labels, place), number: *number }
            }
            literal => literal.clone(),
        }
    }

    /// Labels of a part of labelled data: a member or an element. A source that was only just read grows to the
    /// expression that names the part.
    pub fn part_labels(&mut self, labels: &Labels, whole: Option<Place>, part: Place) -> Labels {
        if labels.is_empty() {
            return Labels::default();
        }
        let mut moved: Vec<Label> = labels.iter().cloned().collect();
        for label in &mut moved {
            label.keys = false;
            let origin = self.origins[label.origin.0 as usize];
            let fresh = self.steps[label.step.0 as usize].previous.is_none();
            if fresh && whole == Some(origin.place) {
                label.origin = self.origin(origin.kind, part, origin.guess);
                label.step = self.step(None, part, StepKind::Source);
            }
        }
        Labels::from_vec(moved)
    }

    /// Data made from labelled data by something that the models do not describe.
    pub fn guessed(&mut self, labels: &Labels, place: Place) -> Labels {
        self.stepped(labels, place).map(|it| Label { guess: true, ..it.clone() })
    }

    /// What is in a value whichever part is read, parts included (two levels).
    pub fn deep_labels(&self, value: &Value) -> Labels {
        self.deep_labels_at(value, 3)
    }

    pub(super) fn deep_labels_at(&self, value: &Value, depth: u32) -> Labels {
        let mut labels = value.labels.clone();
        for atom in value.atoms() {
            if let Atom::Object(id) = atom {
                let object = self.heap.look_at(*id);
                labels = labels.join(&object.labels.labels);
                if depth > 0 {
                    for (_, field) in &object.fields {
                        labels = labels.join(&self.deep_labels_at(field, depth - 1));
                    }
                    labels = labels.join(&self.deep_labels_at(&object.rest, depth - 1));
                }
            }
        }
        labels
    }

    /// The labels of text made from the value.
    pub fn as_text_labels(&self, value: &Value) -> Labels {
        self.deep_labels(value).map(|it| Label { structured: false, keys: false, ..it.clone() })
    }

    pub fn pieces_labels(pieces: &[Piece]) -> Labels {
        pieces.iter().fold(Labels::default(), |labels, piece| match piece {
            Piece::Literal(_) => labels,
            Piece::Hole { labels: hole, .. } => labels.join(hole),
        })
    }
}

//! Labels on their way: sources, stations, parts.

use super::path_facts::PathFacts;
use super::value::{Atom, Label, Labels, OriginId, Piece, StepId, Value};
use crate::Place;
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

    pub fn source(&mut self, kind: KindId, place: Place, guess: bool) -> Labels {
        let origin = self.origin(kind, place, guess);
        let step = self.step(None, place);
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

    pub fn step(&mut self, previous: Option<StepId>, place: Place) -> StepId {
        self.steps.push(Step { previous, place });
        StepId(self.steps.len() as u32 - 1)
    }

    /// The labels one station further.
    pub fn stepped(&mut self, labels: &Labels, place: Place) -> Labels {
        if labels.is_empty() {
            return Labels::default();
        }
        let mut moved: Vec<Label> = labels.iter().cloned().collect();
        for label in &mut moved {
            if self.steps[label.step.0 as usize].place != place {
                label.step = self.step(Some(label.step), place);
            }
        }
        Labels::from_vec(moved)
    }

    pub fn step_value(&mut self, value: Value, place: Place) -> Value {
        if value.labels.is_empty() {
            return value;
        }
        let labels = self.stepped(&value.labels, place);
        value.with_labels(labels)
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
                label.step = self.step(None, part);
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
                let object = self.heap.object(*id);
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

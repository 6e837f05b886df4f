//! Text: concatenation keeps the literal pieces and the holes, so that a sink can see where a hole stands.

use std::rc::Rc;

use super::machine::Machine;
use super::value::{Atom, Label, Labels, PIECES_MAX, Piece, TEXT_MAX, Value};
use crate::Place;
use crate::model::{Chars, KindSet};

impl Machine<'_> {
    /// One text of several values.
    pub fn concat(&mut self, values: Vec<(Value, Place)>, place: Place) -> Value {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut dynamic = Vec::new();
        for (value, _) in &values {
            self.push_pieces(value, place, &mut pieces, &mut dynamic);
        }
        Machine::mark_behind(&mut pieces);
        self.text_of_pieces(pieces)
    }

    pub(super) fn push_pieces(
        &mut self,
        value: &Value,
        place: Place,
        pieces: &mut Vec<Piece>,
        _dynamic: &mut Vec<Value>,
    ) {
        let made = self.text_of_instance(value);
        let value = made.as_ref().unwrap_or(value);
        if value.labels.is_empty()
            && let Some(atom) = value.single()
            && let Some(sym) = self.constant_text(atom)
        {
            self.push_literal(pieces, &self.text(sym));
            return;
        }
        if let Some(Atom::Shape(shape)) = value.single() {
            let shape = shape.clone();
            for piece in shape.iter() {
                match piece {
                    Piece::Literal(sym) => self.push_literal(pieces, &self.text(*sym)),
                    Piece::Hole { labels, number } => {
                        let labels = self.stepped(labels, place);
                        pieces.push(Piece::Hole { labels, number: *number });
                    }
                }
            }
            return;
        }
        let labels = self.as_text_labels(value);
        let labels = self.stepped(&labels, place);
        pieces.push(Piece::Hole { labels, number: value.is_surely_number() });
    }

    pub(super) fn push_literal(&mut self, pieces: &mut Vec<Piece>, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Literal(last)) = pieces.last() {
            let joined = format!("{}{}", self.text(*last), text);
            if joined.len() <= TEXT_MAX {
                let sym = self.intern(&joined);
                pieces.pop();
                pieces.push(Piece::Literal(sym));
                return;
            }
        }
        let sym = self.intern(text);
        pieces.push(Piece::Literal(sym));
    }

    pub fn text_of_pieces(&mut self, pieces: Vec<Piece>) -> Value {
        match pieces.as_slice() {
            [] => return self.text_value(""),
            [Piece::Literal(sym)] => return Value::atom(Atom::Text(*sym)),
            _ => {}
        }
        let labels = Machine::pieces_labels(&pieces);
        if pieces.len() > PIECES_MAX {
            return Value::labelled(Atom::AnyText, labels);
        }
        Value::labelled(Atom::Shape(Rc::from(pieces)), labels)
    }

    /// Labels of a number made from labelled data: no text can be smuggled in.
    pub fn numeric_labels(&self, labels: &Labels) -> Labels {
        let digits = Chars::class("0-9.eE+-");
        let keeps = self.natives.number_sinks;
        labels.map(|it| Label {
            safe: keeps.union(it.safe),
            chars: it.chars.intersection(digits),
            structured: false,
            keys: false,
            ..it.clone()
        })
    }

    /// Labels of text of which only some characters are left.
    pub fn limited_labels(&self, labels: &Labels, allowed: Chars) -> Labels {
        labels.map(|it| Label { chars: it.chars.intersection(allowed), structured: false, keys: false, ..it.clone() })
    }

    pub fn safe_labels(&self, labels: &Labels, safe: KindSet) -> Labels {
        labels.map(|it| Label { safe: it.safe.union(safe), ..it.clone() })
    }

    /// The constant text of a value, without labels.
    pub fn constant_str(&self, value: &Value) -> Option<Rc<str>> {
        if !value.labels.is_empty() {
            return None;
        }
        value.text().map(|it| self.text(it))
    }

    /// Every constant text the value may be, if it can be nothing else.
    pub fn constant_texts(&self, value: &Value) -> Option<Vec<Rc<str>>> {
        if !value.labels.is_empty() || value.is_absent() {
            return None;
        }
        value
            .atoms()
            .iter()
            .map(|it| match it {
                Atom::Text(sym) => Some(self.text(*sym)),
                _ => None,
            })
            .collect()
    }
}

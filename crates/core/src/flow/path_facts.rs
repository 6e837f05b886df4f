//! Paths: what joining, normalizing and testing settles of data that selects a file.
//!
//! A path stays where it belongs if it cannot begin anew at the root and cannot climb: each is settled on its own,
//! often far from the other.

use backend_specialist_syntax::ir::{Expr, ExprId};

use super::call::Call;
use super::machine::Machine;
use super::value::{Atom, Label, Labels, Piece, Value};
use crate::model::rows::Op;
use crate::model::{KindId, kinds};

/// What is known of data as a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PathFacts(u8);

impl PathFacts {
    pub const NONE: PathFacts = PathFacts(0);
    /// `..` was worked out: what is left of it stands in front.
    pub const NORMALIZED: PathFacts = PathFacts(1);
    /// It is not absolute, or something stands in front of it.
    pub const BEHIND: PathFacts = PathFacts(2);
    /// It has no `..`.
    pub const LEVEL: PathFacts = PathFacts(4);
    pub const INSIDE: PathFacts = PathFacts(2 | 4);

    pub fn has(self, all: PathFacts) -> bool {
        self.0 & all.0 == all.0
    }

    #[must_use]
    pub fn with(self, more: PathFacts) -> PathFacts {
        PathFacts(self.0 | more.0)
    }

    #[must_use]
    pub fn without(self, less: PathFacts) -> PathFacts {
        PathFacts(self.0 & !less.0)
    }

    /// What holds of both.
    #[must_use]
    pub fn and(self, other: PathFacts) -> PathFacts {
        PathFacts(self.0 & other.0)
    }

    /// What holds once the path is joined behind something and normalized.
    fn joined(self, front: Front) -> PathFacts {
        let own = match front {
            Front::Nothing => self,
            _ if self.has(PathFacts::LEVEL) => PathFacts::INSIDE,
            Front::Relative => PathFacts::BEHIND,
            // Nothing is above the root.
            Front::Absolute => PathFacts::LEVEL,
            Front::Unknown => PathFacts::NONE,
        };
        own.with(PathFacts::NORMALIZED)
    }

    /// What holds once it is made absolute: the last absolute part wins.
    fn resolved(self) -> PathFacts {
        let inside = if self.has(PathFacts::INSIDE) { PathFacts::INSIDE } else { PathFacts::LEVEL };
        inside.with(PathFacts::NORMALIZED)
    }
}

/// What stands in front of a part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Front {
    Nothing,
    Relative,
    Absolute,
    Unknown,
}

/// Beginnings of a normalized path that climbs.
const CLIMBS: &[&str] = &[".", "..", "../", "..\\"];

impl Machine<'_> {
    /// `join`, `resolve`, `normalize`, `relative`.
    pub(super) fn path_op(&mut self, op: Op, call: &Call) -> Value {
        let mut parts = self.arg_values(call);
        parts.extend(call.args.rest.iter().map(|it| it.0.clone()));
        let slash = self.text_value("/");
        let mut pieces = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.push_pieces(&slash, call.place, &mut pieces, &mut Vec::new());
            }
            self.push_pieces(part, call.place, &mut pieces, &mut Vec::new());
        }
        let text = self.text_of_pieces(pieces);
        let is_constant = matches!(text.single(), Some(Atom::Text(_)));
        if op == Op::JoinPath || is_constant || op != Op::RelativePath && self.deep_labels(&text).is_empty() {
            return text;
        }
        let mut labels = Labels::default();
        let mut front = Front::Nothing;
        for part in &parts {
            let own = self.as_text_labels(part);
            let own = self.stepped(&own, call.place);
            let before = if front == Front::Nothing { self.literal_front(part) } else { front };
            let own = own.map(|it| {
                let path = match op {
                    Op::ResolvePath => it.path.resolved(),
                    Op::RelativePath => PathFacts::NORMALIZED.with(PathFacts::BEHIND),
                    _ => it.path.joined(before),
                };
                Label { path, ..it.clone() }
            });
            labels = labels.join(&own);
            if front == Front::Nothing {
                front = match part.text() {
                    Some(sym) if self.text(sym).is_empty() => Front::Nothing,
                    Some(_) => self.literal_front(part),
                    None => match self.literal_front(part) {
                        Front::Nothing => Front::Unknown,
                        known => known,
                    },
                };
            }
        }
        match text.single() {
            // What stands behind the data is what it was.
            Some(Atom::Shape(pieces)) => match &pieces[..] {
                [Piece::Hole { number, .. }, end @ Piece::Literal(_)] => {
                    let hole = Piece::Hole { labels: labels.clone(), number: *number };
                    Value::labelled(Atom::Shape([hole, end.clone()].into()), labels)
                }
                _ => Value::labelled(Atom::AnyText, labels),
            },
            _ => Value::labelled(Atom::AnyText, labels),
        }
    }

    /// What the constant beginning of a text says of the path.
    fn literal_front(&self, part: &Value) -> Front {
        let first = match part.single() {
            Some(Atom::Text(sym)) => *sym,
            Some(Atom::Shape(pieces)) => match pieces.first() {
                Some(Piece::Literal(sym)) => *sym,
                _ => return Front::Nothing,
            },
            _ => return Front::Nothing,
        };
        if self.text(first).starts_with('/') { Front::Absolute } else { Front::Relative }
    }

    /// Data behind other text of a concatenation cannot begin at the root; what was worked out of it is not of the
    /// whole.
    pub(super) fn mark_behind(pieces: &mut [Piece]) {
        for piece in pieces.iter_mut().skip(1) {
            if let Piece::Hole { labels, .. } = piece {
                *labels = labels.map(|it| Label {
                    path: it.path.with(PathFacts::BEHIND).without(PathFacts::NORMALIZED),
                    ..it.clone()
                });
            }
        }
    }

    /// Whether the data cannot leave the folder that a path sink gives it.
    pub(super) fn is_inside(label: &Label, kind: KindId) -> bool {
        let (Some(path), Some(served)) = (kinds::sink("path"), kinds::sink("path.served")) else { return false };
        if !kind.is_a(path) || !label.path.has(PathFacts::BEHIND) {
            return false;
        }
        label.path.has(PathFacts::LEVEL)
            || !label.chars.contains('.')
            || kind == served && !label.path.has(PathFacts::NORMALIZED)
    }

    pub(super) fn narrow_path(&mut self, subject: ExprId, f: impl Fn(PathFacts) -> PathFacts) {
        self.narrow_labels(subject, |it| Label { path: f(it.path), ..it.clone() });
    }

    /// The beginning of a path was tested and is as wished: a normalized one cannot leave that folder.
    pub(super) fn inside_folder(&mut self, subject: ExprId) {
        self.narrow_path(subject, |it| if it.has(PathFacts::NORMALIZED) { it.with(PathFacts::INSIDE) } else { it });
        if let Some((Op::ResolvePath | Op::NormalizePath, from)) = self.path_before(subject) {
            // What was asked is asked of the path as it is used.
            self.narrow_path(from, |it| it.with(PathFacts::INSIDE));
        }
    }

    /// The beginning of a path was tested and is none of these.
    pub(super) fn refused_prefix(&mut self, subject: ExprId, texts: &[std::rc::Rc<str>]) {
        if texts.iter().any(|it| matches!(&**it, "/" | "\\")) {
            self.narrow_path(subject, |it| it.with(PathFacts::BEHIND));
        }
        if !texts.iter().any(|it| CLIMBS.contains(&&**it)) {
            return;
        }
        self.narrow_path(subject, |it| if it.has(PathFacts::NORMALIZED) { it.with(PathFacts::LEVEL) } else { it });
        if let Some((Op::RelativePath, from)) = self.path_before(subject) {
            self.narrow_path(from, |it| it.with(PathFacts::INSIDE));
        }
    }

    /// The operation that made the path, and what it was made from.
    fn path_before(&mut self, subject: ExprId) -> Option<(Op, ExprId)> {
        let subject = self.tested_place(subject);
        let expr = match self.ir().expr(subject) {
            Expr::Var(var) => self.frame().definitions.iter().rev().find(|it| it.0 == var).map(|it| it.1)?,
            _ => subject,
        };
        let test = self.test_call(expr)?;
        let op = test.callee.atoms().iter().find_map(|it| match it {
            Atom::Lib(state) => self.places.rows(*state).effects.first().map(|it| it.op),
            _ => None,
        })?;
        let index = match op {
            Op::RelativePath => 1,
            Op::ResolvePath | Op::NormalizePath if test.args.positional.len() == 1 => 0,
            _ => return None,
        };
        Some((op, test.args.exprs.get(index).copied().flatten()?))
    }
}

//! Files that the program writes and reads again: what is stored under a path is found under the same path.

use super::call::Call;
use super::heap::{Key, Loc};
use super::machine::Machine;
use super::value::{Atom, Labels, Piece, Value};
use crate::finding::StepKind;
use crate::model::State;
use crate::model::rows::{EffectRow, Op};

impl<'a> Machine<'a> {
    /// A file is written, or opened to be read.
    pub(super) fn file_op(&mut self, row: &EffectRow, returned: Option<State>, call: &Call) -> Option<Value> {
        if !matches!(row.op, Op::WriteFile | Op::ReadFile) {
            return None;
        }
        let path = row.keys.first().and_then(|it| self.operand(it, call)).unwrap_or_default();
        let contents = match row.op {
            Op::WriteFile => {
                let data = self.operand_or(&row.value, call, 0).unwrap_or_default();
                let labels = self.deep_labels(&data);
                let labels = self.stepped_as(StepKind::Write, &labels, call.place);
                self.write_file(&path, labels);
                Labels::default()
            }
            _ => self.file_contents(&path),
        };
        let contents = self.stepped_as(StepKind::Read, &contents, call.place);
        Some(match returned {
            Some(returned) => self.lib_value(returned, contents, None, call.place),
            None => Value::labelled(Atom::Unknown(None), contents),
        })
    }

    fn write_file(&mut self, path: &Value, data: Labels) {
        if let Some(key) = self.file_key(path)
            && !data.is_empty()
        {
            self.heap.write(Loc::Field(self.files, key), Value::labelled(Atom::Unknown(None), data));
        }
    }

    /// What was stored under the path.
    pub(super) fn file_contents(&mut self, path: &Value) -> Labels {
        let Some(key) = self.file_key(path) else { return Labels::default() };
        self.heap.field(self.files, key).map(|it| it.labels.clone()).unwrap_or_default()
    }

    /// A path by what is known of it: its constant pieces, and where the others come from.
    fn file_key(&mut self, path: &Value) -> Option<Key> {
        let mut name = String::new();
        match path.single()? {
            Atom::Text(sym) => name.push_str(&self.text(*sym)),
            Atom::Shape(pieces) => {
                for piece in pieces.iter() {
                    match piece {
                        Piece::Literal(sym) => name.push_str(&self.text(*sym)),
                        Piece::Hole { labels, .. } => push_origins(&mut name, labels),
                    }
                }
            }
            _ if path.labels.is_empty() => return None,
            _ => push_origins(&mut name, &path.labels),
        }
        Some(Key::Name(self.intern(&name)))
    }
}

fn push_origins(name: &mut String, labels: &Labels) {
    name.push('\u{1}');
    for label in labels.iter() {
        name.push_str(&format!("{} ", label.origin.0));
    }
}

//! Operations of the built-in types, by the names that models give them: containers, texts, functions, promises.

use super::call::Call;
use super::events::Position;
use super::machine::Machine;
use super::positions;
use super::value::{Atom, Label, Labels, Piece, Value};
use crate::finding::StepKind;
use crate::model::State;
use crate::model::place::CallPlace;
use crate::model::rows::{EffectRow, Op};

impl<'a> Machine<'a> {
    pub fn effect(&mut self, row: &EffectRow, returned: Option<State>, call: &Call) -> Value {
        let on = match &row.on {
            Some(on) => self.operand(on, call).unwrap_or_default(),
            None => call.this.clone(),
        };
        let on = if matches!(row.op, Op::Then | Op::Catch | Op::Finally | Op::Resolve | Op::Reject) {
            on
        } else {
            self.settled(on)
        };
        let on = match row.op {
            Op::Append | Op::Prepend | Op::Insert | Op::Extend | Op::Add
                if matches!(on.single(), Some(Atom::Lib(_))) =>
            {
                self.holder(&on, call)
            }
            _ => on,
        };
        if row.op == Op::NewRegex {
            return self.new_regex(returned, call);
        }
        if row.op == Op::NewCell
            && let Some(returned) = returned
        {
            let cell = self.new_object(super::heap::ObjectKind::Library(returned));
            let first = self.operand_or(&row.default, call, 1).unwrap_or_else(|| Value::atom(Atom::Null));
            self.heap.write(super::heap::Loc::Field(cell, super::heap::Key::Name(self.natives.content)), first);
            return Value::atom(Atom::Object(cell));
        }
        let kept = self.with_written_arguments(row.op, call);
        let mut result = self.file_op(row, returned, call);
        result = result.or_else(|| self.container_op(row, &on, kept.as_ref().unwrap_or(call)));
        result = result.or_else(|| self.iteration_op(row, &on, call));
        result = result.or_else(|| self.text_op(row, &on, call));
        result = result.or_else(|| self.function_op(row, &on, call));
        if let Some(value) = result {
            return self.step_value(StepKind::Propagate, value, call.place);
        }
        let data = match row.op {
            Op::ParseUrl => self.data_of_urls(call),
            _ => self.deep_labels(&on).join(&self.all_data(call)),
        };
        let labels = self.stepped(&data, call.place);
        match returned {
            Some(returned) => self.lib_value(returned, labels, None, call.place),
            None => Value::labelled(Atom::Unknown(None), labels),
        }
    }

    /// The call with its arguments as they are kept by what it writes to.
    fn with_written_arguments(&mut self, op: Op, call: &Call) -> Option<Call> {
        let writes = matches!(
            op,
            Op::Append
                | Op::Add
                | Op::Prepend
                | Op::Insert
                | Op::Extend
                | Op::Concat
                | Op::Set
                | Op::SetDefault
                | Op::SetAttribute
                | Op::Merge
                | Op::NewArray
                | Op::NewObject
        );
        let labelled = call.args.values().any(|it| !it.0.labels.is_empty())
            || call.args.keywords.iter().any(|it| !it.1.labels.is_empty());
        if !writes || !labelled {
            return None;
        }
        let mut call = call.clone();
        let args = &mut call.args;
        let positional = args.positional.iter_mut().chain(args.rest.iter_mut()).chain(args.keyword_rest.iter_mut());
        for (value, place) in positional {
            *value = self.step_value(StepKind::Write, std::mem::take(value), *place);
        }
        for (_, value, place, _) in &mut args.keywords {
            *value = self.step_value(StepKind::Write, std::mem::take(value), *place);
        }
        Some(call)
    }

    /// A regular expression compiled from a constant is as good as a literal.
    fn new_regex(&mut self, returned: Option<State>, call: &Call) -> Value {
        let pattern = self.constant_str(&call.args.value(0));
        let flags = match call.args.get(1) {
            None if call.args.keywords.is_empty() && call.args.rest.is_none() => Some(String::new().into()),
            None => None,
            Some((flags, _)) => self.constant_str(&flags.clone()),
        };
        match (pattern, flags, returned) {
            (Some(pattern), Some(flags), _) => {
                Value::atom(Atom::Regex { pattern: self.intern(&pattern), flags: self.intern(&flags) })
            }
            (_, _, Some(returned)) => self.lib_value(returned, Labels::default(), None, call.place),
            _ => Value::unknown(),
        }
    }

    pub(super) fn operand(&mut self, place: &CallPlace, call: &Call) -> Option<Value> {
        self.operands(place, call).into_iter().map(|it| it.0).reduce(|all, it| all.join(&it))
    }

    pub(super) fn operand_or(&mut self, place: &Option<CallPlace>, call: &Call, index: usize) -> Option<Value> {
        match place {
            Some(place) => self.operand(place, call),
            None => call.args.get(index).map(|it| it.0.clone()),
        }
    }

    pub(super) fn all_data(&mut self, call: &Call) -> Labels {
        let mut labels = Labels::default();
        for (value, _) in call.args.values() {
            labels = labels.join(&self.deep_labels(value));
        }
        for (_, value, _, _) in &call.args.keywords {
            labels = labels.join(&self.deep_labels(value));
        }
        labels
    }

    /// Data in the texts that are parsed: what stands behind a host chooses none.
    fn data_of_urls(&mut self, call: &Call) -> Labels {
        let behind = Machine::sink_kind("redirect").family();
        let mut labels = Labels::default();
        for value in call.args.values().map(|it| &it.0).chain(call.args.keywords.iter().map(|it| &it.1)) {
            let Some(Atom::Shape(pieces)) = value.single() else {
                labels = labels.join(&self.deep_labels(value));
                continue;
            };
            let texts = self.piece_texts(pieces);
            for (piece, position) in pieces.iter().zip(positions::of("redirect", &texts)) {
                if let Piece::Hole { labels: data, .. } = piece {
                    let is_behind = matches!(position, Position::Path | Position::WholePath);
                    labels = labels.join(&if is_behind { self.safe_labels(data, behind) } else { data.clone() });
                }
            }
        }
        labels
    }

    /// Data derived from values, as text or anything.
    pub(super) fn derived(&mut self, values: &[&Value], atom: Atom, call: &Call) -> Value {
        let mut labels = Labels::default();
        for value in values {
            labels = labels.join(&self.deep_labels(value));
        }
        let labels = self.stepped(&labels, call.place);
        let text = matches!(atom, Atom::AnyText);
        let labels =
            if text { labels.map(|it| Label { structured: false, keys: false, ..it.clone() }) } else { labels };
        Value::labelled(atom, labels)
    }

    pub(super) fn arg_values(&self, call: &Call) -> Vec<Value> {
        call.args.positional.iter().map(|it| it.0.clone()).collect()
    }
}

impl Value {
    /// A key of which only the data counts.
    pub(super) fn with_labels_unknown(self) -> Value {
        Value { atoms: super::value::Atoms::One(Atom::Unknown(None)), labels: self.labels }
    }
}

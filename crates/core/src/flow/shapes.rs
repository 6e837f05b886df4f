//! Schemas: what they let through, member by member.
//!
//! A model says where a schema keeps its parts (the settings `shape`, `element` and `pattern`), and in a member
//! `shaped` what a schema makes of one value.

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine, TOTAL_NESTING_MAX};
use super::value::{Atom, Label, Labels, ObjectId, Value};
use crate::model::Rows;
use crate::model::place::Token;
use backend_specialist_syntax::ir::CallStyle;

/// What a schema within a schema costs of the machine's nesting.
const NESTING: u32 = 40;

impl<'a> Machine<'a> {
    /// What the schema on which a sanitizer is called makes of the data, if its parts are known.
    pub(super) fn shaped_result(&mut self, rows: &Rows<'a>, call: &Call, labels: &Labels) -> Option<Value> {
        let schema = call.this.object()?;
        if rows.sanitizers.is_empty() || self.depth + NESTING > TOTAL_NESTING_MAX {
            return None;
        }
        self.depth += NESTING;
        let value = self.shaped(schema, labels, call);
        self.depth -= NESTING;
        let value = value?;
        let to = rows.sanitizers.first().and_then(|it| it.to.first()).and_then(|it| it.tokens.first());
        let Some(Token::Member(names)) = to else { return Some(value) };
        // It comes with a word on whether it fits.
        let id = self.new_object(ObjectKind::Plain);
        for name in names {
            let name = self.intern(name);
            self.heap.write(Loc::Field(id, Key::Name(name)), value.clone());
        }
        self.heap.write(Loc::Rest(id), Value::unknown());
        Some(Value::atom(Atom::Object(id)))
    }

    fn shaped(&mut self, schema: ObjectId, labels: &Labels, call: &Call) -> Option<Value> {
        let part = |machine: &Machine<'_>, name| machine.heap.field(schema, Key::Name(name)).cloned();
        if let Some(shape) = part(self, self.natives.shape).and_then(|it| it.object()) {
            return Some(self.shaped_members(shape, labels, call));
        }
        if let Some(element) = part(self, self.natives.element) {
            let element = self.shaped_by(&element, labels, call);
            return Some(self.new_list_of(element));
        }
        let Some(Atom::Regex { pattern, flags }) = part(self, self.natives.pattern).and_then(|it| it.single().cloned())
        else {
            return None;
        };
        let (source, multiline) = (self.text(pattern), self.text(flags).contains('m'));
        let allowed = super::regexes::admitted(&source, false, false, multiline)?;
        let mut labels = self.limited_labels(labels, allowed);
        if super::regexes::refuses_options(&source, false, multiline) {
            labels = self.safe_labels(&labels, Machine::sink_kind("command.argument").family());
        }
        Some(Value::labelled(Atom::AnyText, labels))
    }

    fn shaped_members(&mut self, shape: ObjectId, labels: &Labels, call: &Call) -> Value {
        let id = self.new_object(ObjectKind::Plain);
        for (key, schema) in self.heap.object(shape).fields.clone() {
            let value = self.shaped_by(&schema, labels, call);
            self.heap.write(Loc::Field(id, key), value);
        }
        if !self.heap.object(shape).rest.is_absent() {
            self.heap.write(Loc::Rest(id), Value::labelled(Atom::Unknown(None), labels.clone()));
        }
        Value::atom(Atom::Object(id))
    }

    /// The same of a check that is no call in the program.
    pub(super) fn shaped_field(&mut self, check: ObjectId, labels: &Labels, place: crate::Place) -> Value {
        let call = Call {
            this: Value::undefined(),
            this_expr: None,
            args: Args::default(),
            style: CallStyle::Call,
            place,
            callee_place: place,
        };
        self.shaped_by(&Value::atom(Atom::Object(check)), labels, &call)
    }

    /// What a schema of any sort makes of a value.
    fn shaped_by(&mut self, schema: &Value, labels: &Labels, call: &Call) -> Value {
        let labels = labels.map(|it| Label { keys: false, ..it.clone() });
        let data = Value::labelled(Atom::Unknown(None), labels.clone());
        let state = match schema.single() {
            Some(Atom::Lib(state)) => *state,
            Some(Atom::Object(id)) => match self.heap.object(*id).kind {
                ObjectKind::Library(state) => state,
                // Libraries take plain objects for schemas of objects.
                ObjectKind::Plain => return self.shaped_members(*id, &labels, call),
                _ => return data,
            },
            _ => return data,
        };
        let Some(member) = self.places.member(state, "shaped") else { return data };
        let args = Args::of(vec![data], call.place);
        let call = Call { this: schema.clone(), this_expr: None, args, ..call.clone() };
        self.call_library(member, &call)
    }
}

//! Calls of known kinds, with their arguments as plain data.

use super::call::Call;
use super::events::{ArgFact, CallEvent, Fact};
use super::heap::{Key, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, Labels, ObjectId, Value};
use crate::Place;
use crate::model::Rows;
use crate::model::place::{ArgumentAt, CallPlace, CallStart};
use crate::model::rows::Constant;

/// Items of a list or object in the facts of a call.
const FACTS_MAX: usize = 64;

impl<'a> Machine<'a> {
    pub fn record_calls(&mut self, rows: &Rows<'a>, call: &Call) {
        for row in &rows.calls {
            if !row.assigned && self.conditions_hold(&row.origin.when, &row.origin.unless, call) {
                self.record_call(row.row, row.guess, call, None);
                if row.kind.name() == "next" && call.args.positional.is_empty() {
                    self.hand_on();
                }
            }
        }
    }

    pub(super) fn record_call(
        &mut self,
        row: &crate::model::rows::CallRow,
        guess: bool,
        call: &Call,
        assigned: Option<&Value>,
    ) {
        if self.route.is_some() {
            self.note_call(row.kind, row, call);
        }
        if row.kind.name() == "header" {
            self.origin_sink(row, guess, call);
        }
        // Several rows may each say something of one call; what only a name suggests says nothing more.
        let row_key = std::ptr::from_ref(row).addr();
        let known = self.call_keys.entry((row.kind, call.place)).or_default();
        if known.contains(&row_key) || guess && !known.is_empty() {
            return;
        }
        known.push(row_key);
        let mut roles: Vec<(String, ArgFact)> = Vec::new();
        for (role, at) in &row.args {
            let fact = self.role_fact(at, call, assigned);
            match roles.iter_mut().find(|it| it.0 == *role) {
                Some(old) if old.1.is_absent() => old.1 = fact,
                Some(_) => {}
                None => roles.push((role.clone(), fact)),
            }
        }
        for (role, constant) in row.constants.iter().chain(&row.defaults) {
            let fact = ArgFact { fact: Fact::Constants(vec![constant.clone()]), place: None, data: Vec::new() };
            match roles.iter_mut().find(|it| it.0 == *role) {
                Some(old) if old.1.is_absent() => old.1 = fact,
                Some(_) => {}
                None => roles.push((role.clone(), fact)),
            }
        }
        self.calls.push(CallEvent {
            kind: row.kind,
            place: call.place,
            callee: call.callee_place,
            guess,
            roles,
            target: None,
        });
    }

    pub(super) fn role_fact(&mut self, at: &CallPlace, call: &Call, assigned: Option<&Value>) -> ArgFact {
        if at.start == CallStart::Value {
            return match assigned {
                Some(value) => self.fact(&value.clone(), Some(call.place), 0),
                None => ArgFact::absent(),
            };
        }
        if let CallStart::Argument(arguments) = &at.start
            && arguments.contains(&ArgumentAt::Spread)
            && !call.args.keywords.is_empty()
        {
            return self.keywords_fact(call);
        }
        let found = self.operands(at, call);
        let Some((first, place)) = found.first().cloned() else { return ArgFact::absent() };
        let value = found.iter().skip(1).fold(first, |all, it| all.join(&it.0));
        self.fact(&value, Some(place), 0)
    }

    /// The keywords of a call as one object.
    fn keywords_fact(&mut self, call: &Call) -> ArgFact {
        let mut fields = Vec::new();
        for (name, value, place, _) in call.args.keywords.iter().take(FACTS_MAX) {
            fields.push((self.text(*name).to_string(), self.fact(value, Some(*place), 1)));
        }
        let complete = call.args.keyword_rest.is_none();
        ArgFact { fact: Fact::Object { fields, complete }, place: Some(call.place), data: Vec::new() }
    }

    /// A value as plain data.
    pub fn fact(&mut self, value: &Value, place: Option<Place>, depth: u32) -> ArgFact {
        let data = self.deep_labels(value).iter().map(|it| (it.origin, it.step)).collect();
        ArgFact { fact: self.plain(value, depth), place, data }
    }

    pub(super) fn plain(&mut self, value: &Value, depth: u32) -> Fact {
        if value.is_absent() {
            return Fact::Unknown;
        }
        let mut constants = Vec::new();
        for atom in value.atoms() {
            constants.push(match atom {
                Atom::Null | Atom::Undefined => Constant::Null,
                Atom::Bool(it) => Constant::Bool(*it),
                Atom::Number(it) => Constant::Number(*it),
                Atom::Text(sym) => Constant::Text(self.text(*sym).to_string()),
                Atom::Lib(state) => match self.places.rows(*state).constants.first() {
                    Some(it) => it.row.clone(),
                    None => break,
                },
                _ => break,
            });
        }
        if constants.len() == value.atoms().len() {
            return if value.labels.is_empty() { Fact::Constants(constants) } else { Fact::Unknown };
        }
        match value.single() {
            Some(Atom::Regex { pattern, .. }) => Fact::Pattern(self.text(*pattern).to_string()),
            Some(Atom::Shape(pieces)) => Fact::Text(self.piece_texts(&pieces.clone())),
            Some(Atom::Object(id)) if depth < 3 => self.plain_object(*id, depth),
            Some(Atom::Closure(_) | Atom::Bound(_) | Atom::Native(_)) => Fact::Function,
            _ => Fact::Unknown,
        }
    }

    pub(super) fn plain_object(&mut self, id: ObjectId, depth: u32) -> Fact {
        let object = self.heap.object(id).clone();
        let open = !object.rest.is_absent() || !object.labels.labels.is_empty();
        match object.kind {
            ObjectKind::Array | ObjectKind::Set => {
                let known = self.heap.known_elements(id);
                let complete = known.is_some();
                let values = known.unwrap_or_else(|| vec![self.heap.elements(id)]);
                let items = values.iter().take(FACTS_MAX).map(|it| self.fact(it, None, depth + 1)).collect();
                Fact::Array { items, complete }
            }
            ObjectKind::Plain | ObjectKind::Map => {
                let mut fields = Vec::new();
                for (key, value) in object.fields.iter().filter(|it| !it.1.is_absent()).take(FACTS_MAX) {
                    let name = match key {
                        Key::Name(sym) => self.text(*sym).to_string(),
                        Key::Index(index) => index.to_string(),
                    };
                    fields.push((name, self.fact(value, None, depth + 1)));
                }
                Fact::Object { fields, complete: !open }
            }
            _ => Fact::Unknown,
        }
    }

    pub fn labels_without_unknown(&self, labels: &Labels) -> Labels {
        let unknown = Machine::source_kind("unknown");
        labels.filter(|it| self.origins[it.origin.0 as usize].kind != unknown)
    }
}

//! What a route does: the moments that matter, each with the facts that surely hold there and with what it is given.

use super::call::Call;
use super::events::{ArgFact, Fact};
use super::guards::{FIRST_REFUSAL, Proof};
use super::heap::{Loc, ObjectKind};
use super::machine::Machine;
use super::registrations::Registration;
use super::value::{Atom, Label, Labels, OriginId, Value};
use crate::Place;
use crate::model::place::CallPlace;
use crate::model::rows::{CallRow, Constant, GoesOn};
use crate::model::{KindId, KindSet, Rows};
use crate::names;
use backend_specialist_syntax::ir::{Expr, ExprId};

/// A moment that matters: data is read or written, or a request is answered well.
#[derive(Clone, Debug)]
pub struct Effect {
    pub kind: EffectKind,
    /// The call, or the value that is returned.
    pub place: Place,
    /// What is called, as written.
    pub callee: Place,
    /// What surely holds there, with the place that proved it.
    pub proofs: Vec<(Proof, Place)>,
    /// What was tested and did not hold, with the place of the test.
    pub failed: Vec<(Proof, Place)>,
    /// Arguments by role.
    pub roles: Vec<(String, ArgFact)>,
    /// Data in all that the call is given, its receiver included.
    pub given: Vec<OriginId>,
}

impl Effect {
    pub fn role(&self, name: &str) -> Option<&ArgFact> {
        self.roles.iter().find(|it| it.0 == name).map(|it| &it.1).filter(|it| !it.is_absent())
    }

    pub fn holds(&self, proof: Proof) -> bool {
        self.proofs.iter().any(|it| it.0 == proof)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectKind {
    /// Records are read.
    Read,
    /// Records are created, changed or deleted.
    Write,
    /// The request is answered well.
    Answer,
    /// What will be the body of an answer is made.
    Body,
    /// A password is compared with a stored one.
    Password,
    /// A token is issued.
    Token,
    /// Something is written into the session.
    Session,
    /// The session gets a new id, or somebody is logged in by a library that gives one.
    NewSession,
    /// Work that costs or changes something elsewhere: a mail, a job, a process, a file.
    Work,
}

const EFFECTS_MAX: usize = 96;

/// Sinks that tell of work.
const WORK: &[&str] =
    &["command", "command.program", "code", "deserialize", "xml", "email.html", "email.header", "url"];

/// First words of statements that change something.
const CHANGES: &[&str] =
    &["insert", "update", "delete", "replace", "merge", "upsert", "create", "drop", "alter", "truncate"];

impl<'a> Machine<'a> {
    /// A call of a known kind, as far as it matters to the route that runs.
    pub(super) fn note_call(&mut self, kind: KindId, row: &CallRow, call: &Call) {
        if self.route.is_none() || self.dead {
            return;
        }
        let effect = match kind.name() {
            "next" => return self.go_on(row, call),
            "status" => return self.note_status(row, call),
            "validate" => return self.establish(Proof::Validation, call.place),
            "authenticate" => return self.establish(Proof::Auth, call.place),
            "csrf-guard" => return self.establish(Proof::Csrf, call.place),
            "authenticated" => return self.establish(Proof::Auth, call.place),
            "respond" => {
                self.note_status(row, call);
                // Where the answer is what comes back, making one is not yet giving it.
                match &self.route {
                    Some(it) if !it.answers && it.goes_on == GoesOn::Next => EffectKind::Answer,
                    _ => EffectKind::Body,
                }
            }
            "db-read" => EffectKind::Read,
            "db-write" => EffectKind::Write,
            "password-compare" => EffectKind::Password,
            "jwt-sign" => EffectKind::Token,
            "session-regenerate" => EffectKind::NewSession,
            "enqueue" => EffectKind::Work,
            _ => return,
        };
        let mut roles = Vec::new();
        for (role, at) in &row.args {
            roles.push((role.clone(), self.united_fact(at, call)));
        }
        self.note_effect(effect, call.place, call.callee_place, roles, self.given_to(call));
        // Behind an answer nothing goes on to the next function, whatever this one still does.
        let goes_on = self.route.as_ref().map(|it| it.goes_on);
        self.dead |= kind.name() == "respond" && goes_on == Some(GoesOn::Nothing) && self.is_response(&call.this);
    }

    /// An object of the framework that gives the answer, not something that makes one.
    fn is_response(&self, this: &Value) -> bool {
        let is_library = |id| matches!(self.heap.object(id).kind, ObjectKind::Library(_));
        this.atoms().iter().any(|it| matches!(it, Atom::Object(id) if is_library(*id)))
    }

    /// An argument as plain data; of objects that it may be, the members of all.
    fn united_fact(&mut self, at: &CallPlace, call: &Call) -> ArgFact {
        let fact = self.role_fact(at, call, None);
        if fact.fact != Fact::Unknown {
            return fact;
        }
        let mut united = Vec::new();
        for (value, _) in self.operands(at, call) {
            for atom in value.atoms().to_vec() {
                if let Atom::Object(id) = atom
                    && let Fact::Object { fields, .. } = self.plain_object(id, 0)
                {
                    united.extend(fields);
                }
            }
        }
        if united.is_empty() {
            fact
        } else {
            ArgFact { fact: Fact::Object { fields: united, complete: false }, ..fact }
        }
    }

    /// A call by a name that says that passwords are compared, or a login that a library does by itself.
    pub(super) fn note_password_check(&mut self, callee: ExprId, call: &Call) {
        if self.route.is_none() || self.dead {
            return;
        }
        let ir = self.ir();
        let name = match ir.expr(callee) {
            Expr::Member { name, .. } => self.sym(name),
            Expr::Var(var) => self.sym(ir.var(var).name),
            _ => return,
        };
        if self.says(name, "password-comparison", names::mentions) {
            let given = self.given_to(call);
            self.note_effect(EffectKind::Password, call.place, call.callee_place, Vec::new(), given);
        }
    }

    /// What holds for every route, for a library was given the whole app to guard.
    pub fn guards_of_apps(&self) -> Vec<(Proof, Place)> {
        let mut found: Vec<(Proof, Place)> = Vec::new();
        for call in &self.calls {
            let proof = match call.kind.name() {
                "csrf-guard" => Proof::Csrf,
                "rate-limit" => Proof::RateLimit,
                _ => continue,
            };
            // Where the app is known it holds for that one alone.
            let is_told = |it: &Registration<'_>| {
                !it.row.proves.is_empty()
                    && it.place.file == call.place.file
                    && it.place.span.end == call.place.span.end
            };
            if self.registrations.iter().any(is_told) {
                continue;
            }
            if call.role("scope").and_then(ArgFact::text) == Some("app") && found.iter().all(|it| it.0 != proof) {
                found.push((proof, call.place));
            }
        }
        found
    }

    /// A library answers by itself.
    pub fn note_answer_of_library(&mut self, place: Place) {
        self.note_effect(EffectKind::Answer, place, place, Vec::new(), Vec::new());
    }

    /// A library's guard answers by itself: who comes here logs in.
    pub fn note_login(&mut self, place: Place) {
        self.note_effect(EffectKind::Password, place, place, Vec::new(), Vec::new());
    }

    /// Data in all arguments of the call and in its receiver.
    fn given_to(&self, call: &Call) -> Vec<OriginId> {
        let mut labels = self.deep_labels(&call.this);
        for (value, _) in call.args.values() {
            labels = labels.join(&self.deep_labels(value));
        }
        for (_, value, _, _) in &call.args.keywords {
            labels = labels.join(&self.deep_labels(value));
        }
        if let Some((value, _)) = &call.args.keyword_rest {
            labels = labels.join(&self.deep_labels(value));
        }
        origins(&labels)
    }

    /// A statement is given to a database: it reads or changes.
    pub(super) fn note_sink(&mut self, kind: KindId, value: &Value, place: Place, call: &Call) {
        if self.route.is_none() || self.dead {
            return;
        }
        let files = Machine::source_kind("http.files");
        let has_file = |it: &OriginId| self.origins[it.0 as usize].kind.is_a(files);
        let keeps_upload = kind.name() == "path" && self.given_to(call).iter().any(has_file);
        if keeps_upload || WORK.contains(&kind.name()) {
            let given = self.given_to(call);
            return self.note_effect(EffectKind::Work, call.place, call.callee_place, Vec::new(), given);
        }
        if kind.name() != "sql" {
            return;
        }
        let statement = self.fact(value, Some(place), 0);
        let first = match &statement.fact {
            Fact::Constants(all) => all.iter().find_map(|it| match it {
                Constant::Text(text) => Some(text.clone()),
                _ => None,
            }),
            Fact::Text(pieces) => pieces.first().cloned().flatten(),
            _ => None,
        };
        let Some(first) = first else { return };
        let word = first.trim_start().split(|it: char| !it.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        let effect = match word.as_str() {
            "select" | "with" => EffectKind::Read,
            word if CHANGES.contains(&word) => EffectKind::Write,
            _ => return,
        };
        let roles = vec![("statement".to_owned(), statement)];
        self.note_effect(effect, call.place, call.callee_place, roles, self.given_to(call));
    }

    /// Something is written into the session.
    pub(super) fn note_arrival(&mut self, kind: KindId, value: &Value, place: Place, call: Place) {
        if self.route.is_none() || self.dead || kind.name() != "trust" {
            return;
        }
        let given = origins(&self.deep_labels(value));
        let value = self.fact(value, Some(place), 0);
        self.note_effect(EffectKind::Session, call, call, vec![("value".to_owned(), value)], given);
    }

    /// A record that was found by who asks stands for them as well; what is read is known to be.
    pub(super) fn as_record(&mut self, rows: &Rows<'a>, value: Value, call: &Call) -> Value {
        if self.route.is_none() || !rows.calls.iter().any(|it| it.kind.name() == "db-read") {
            return value;
        }
        self.found_by(value, call)
    }

    /// What is found is known by what it was looked for with; that data is not in it, so it does no harm.
    pub(super) fn found_by(&mut self, value: Value, call: &Call) -> Value {
        let mut labels = self.deep_labels(&call.this);
        for (value, _) in call.args.values() {
            labels = labels.join(&self.deep_labels(value));
        }
        for (_, value, _, _) in &call.args.keywords {
            labels = labels.join(&self.deep_labels(value));
        }
        let read = self.source(Machine::source_kind("db"), call.place, false);
        let found = self.record_labels(&read.join(&labels));
        value.adding(&found.map(|it| Label {
            safe: KindSet::ALL,
            guess: false,
            structured: false,
            keys: false,
            ..it.clone()
        }))
    }

    /// Those of the labels that say which record it is.
    pub(super) fn record_labels(&self, labels: &Labels) -> Labels {
        let kinds = ["db", "principal", "http.params", "http.query", "http.body", "http.validated"];
        let kinds = kinds.map(Machine::source_kind);
        labels.filter(|it| kinds.iter().any(|kind| self.origins[it.origin.0 as usize].kind.is_a(*kind)))
    }

    /// Something that nobody knows is called by a name that only databases have.
    pub(super) fn note_unknown_record(&mut self, call: &Call) -> bool {
        let Some(name) = self.callee_name.map(|it| self.text(it)) else { return false };
        let lower = name.to_lowercase();
        let first = call.args.value(0);
        let condition = self.name_key("where");
        let inner = first.object().and_then(|it| self.heap.field(it, condition)).cloned();
        let is_stored = |it: &Label| self.origins[it.origin.0 as usize].kind.name() == "db";
        let kind = match lower.as_str() {
            name if names::is("record-reads", name) => EffectKind::Read,
            name if names::is("record-writes", name) => EffectKind::Write,
            "find" | "count" if inner.is_some() => EffectKind::Read,
            "save" | "remove" | "delete" | "update" if call.this.labels.iter().any(is_stored) => EffectKind::Write,
            _ => return false,
        };
        let given = self.given_to(call);
        let place = call.args.positional.first().map(|it| it.1);
        let filter = self.fact(&inner.unwrap_or(first), place, 0);
        let role = if filter.fact == Fact::Unknown { "key" } else { "filter" };
        let roles = if given.is_empty() { Vec::new() } else { vec![(role.to_owned(), filter)] };
        self.note_effect(kind, call.place, call.callee_place, roles, given);
        kind == EffectKind::Read
    }

    pub(super) fn note_status(&mut self, row: &CallRow, call: &Call) {
        let given = row.args.iter().find(|it| it.0 == "status").map(|it| it.1.clone());
        let value = given.and_then(|at| self.operands(&at, call).first().map(|it| it.0.clone()));
        let constant = row.constants.iter().chain(&row.defaults).find(|it| it.0 == "status").map(|it| &it.1);
        let status = match (value, constant) {
            (Some(value), _) => value,
            (None, Some(Constant::Number(it))) => Value::number(*it),
            _ => return,
        };
        if let Some(facts) = self.route.as_ref().map(|it| it.facts) {
            let key = self.name_key("status");
            self.heap.write(Loc::Field(facts, key), status);
        }
    }

    /// Whether the answer that is being made refuses the request.
    pub fn is_refusal(&mut self) -> bool {
        let Some(facts) = self.route.as_ref().map(|it| it.facts) else { return false };
        let key = self.name_key("status");
        let status = self.heap.field(facts, key).and_then(|it| it.as_number());
        status.is_some_and(|it| it >= FIRST_REFUSAL)
    }

    /// The route's function returns its answer.
    pub(super) fn note_answer(&mut self, value: &Value, place: Place) {
        let given = origins(&self.deep_labels(value));
        let body = self.fact(value, Some(place), 0);
        self.note_effect(EffectKind::Answer, place, place, vec![("body".to_owned(), body)], given);
    }

    fn note_effect(
        &mut self,
        kind: EffectKind,
        place: Place,
        callee: Place,
        roles: Vec<(String, ArgFact)>,
        given: Vec<OriginId>,
    ) {
        if kind == EffectKind::Answer && self.is_refusal() {
            return;
        }
        let (proofs, failed) = (self.proofs(), self.failed());
        let Some(route) = &mut self.route else { return };
        let same = |it: &Effect| it.kind == kind && it.place == place && it.proofs == proofs && it.given == given;
        if route.effects.len() < EFFECTS_MAX && !route.effects.iter().any(same) {
            route.effects.push(Effect { kind, place, callee, proofs, failed, roles, given });
        }
    }

    /// Something that nobody knows is called: it might be a guard, if it says so.
    pub(super) fn note_unknown_guard(&mut self, place: Place) {
        if self.route.is_none() {
            return;
        }
        let Some(name) = self.callee_name.map(|it| self.text(it)) else { return };
        let says_so = names::words(&name).iter().any(|it| names::is("guard-word", it));
        if says_so && let Some(route) = &mut self.route {
            route.doubts.push(place);
        }
    }
}

fn origins(labels: &Labels) -> Vec<OriginId> {
    let mut all: Vec<OriginId> = labels.iter().map(|it: &Label| it.origin).collect();
    all.sort();
    all.dedup();
    all
}

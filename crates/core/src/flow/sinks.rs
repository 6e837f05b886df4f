//! Data at sinks, and calls of known kinds: what arrives is written down as events.

use backend_specialist_syntax::ir::{CallStyle, Expr, ExprId};

use super::call::Call;
use super::events::{Arrival, FlowEvent, Position};
use super::heap::{Key, ObjectKind};
use super::machine::{Args, Machine};
use super::positions;
use super::reasons::Seen;
use super::value::{Atom, Label, Labels, ObjectId, Piece, Sym, Value};
use crate::Place;
use crate::finding::StepKind;
use crate::model::rows::{HoldsWhen, SinkRow};
use crate::model::{Chars, KindId, KindSet, State};

/// Members of an argument that are looked into.
const NESTED_MAX: u32 = 4;

/// Parts of an object that are looked at one by one.
const PARTS_MAX: usize = 32;

/// Parts of a URL that cannot change where it points.
const BEHIND_HOST: &[&str] = &["hash", "pathname", "search", "searchParams"];

/// Operators of filters whose operand is a value, whatever it looks like.
const COMPARISONS: &[&str] = &["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin"];

/// Kinds of sinks that may be given the path of a file instead of what is in it.
const READS_FILES: &[&str] = &["deserialize", "xml", "xml.bomb"];

/// Where data arrives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    /// The argument.
    pub place: Place,
    pub call: Place,
    pub callee: Place,
    /// The sink was found by a name.
    pub guess: bool,
}

/// How a sink takes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// Text: what is in an object's parts does not count.
    Text,
    /// Anything, parts included.
    Parts,
    /// An object with keys the client chose.
    Keys,
    /// A filter: parts that may be objects.
    Operators,
}

fn takes(kind: &str) -> Takes {
    match kind {
        "log" | "log.any" | "response" | "command.argument" | "trust" | "csv" | "deserialize" | "size" | "xml"
        | "xml.bomb" => Takes::Parts,
        "record" | "template.locals" | "object-merge" => Takes::Keys,
        "nosql" | "orm-filter" => Takes::Operators,
        _ => Takes::Text,
    }
}

impl<'a> Machine<'a> {
    /// Looks at every argument of a call for sinks.
    pub fn argument_sinks(&mut self, state: State, call: &Call) {
        if let Some(at) = self.places.receiver(state) {
            let place = call.this_expr.map_or(call.callee_place, |it| self.place_of(it));
            self.check_sinks(at, &call.this, place, call, 0, false);
        }
        if !self.places.has_argument_edges(state) {
            return;
        }
        let count = call.args.positional.len() as u32;
        for index in 0..count {
            if let Some(at) = self.places.argument(state, index, count) {
                let (value, place) = call.args.positional[index as usize].clone();
                self.check_sinks(at, &value, place, call, 0, false);
            }
        }
        if let Some((value, place)) = call.args.rest.clone()
            && let Some(at) = self.places.argument(state, count, count + 1)
        {
            self.check_sinks(at, &value, place, call, 0, false);
        }
        for (name, value, place, _) in call.args.keywords.clone() {
            let text = self.text(name);
            if let Some(at) = self.places.keyword(state, &text) {
                self.check_sinks(at, &value, place, call, 0, false);
            }
        }
    }

    /// Keywords spread from a mapping.
    pub(super) fn spread_sinks(&mut self, state: State, call: &Call) {
        if let Some((value, place)) = &call.args.keyword_rest
            && let Some(at) = self.places.spread(state)
        {
            self.check_sinks(at, value, *place, call, 0, false);
        }
    }

    /// The sinks at a place that gets a value, and at its members.
    pub fn check_sinks(&mut self, at: State, value: &Value, place: Place, call: &Call, depth: u32, returned: bool) {
        let rows = self.places.rows(at);
        for sink in &rows.sinks {
            if sink.assigned || sink.returned != returned {
                continue;
            }
            if self.conditions_hold(&sink.origin.when, &sink.origin.unless, call) {
                self.sink(sink.row, sink.guess, value, place, call);
            }
        }
        if depth >= NESTED_MAX || value.is_absent() {
            return;
        }
        for name in self.places.member_edges(at) {
            let Some(member) = self.places.member(at, &name) else { continue };
            let sym = self.intern(&name);
            for atom in value.atoms().to_vec() {
                match atom {
                    Atom::Object(id) => {
                        let key = self.key_of_text(sym);
                        let found = self.heap.field(id, key).cloned();
                        // That this member of something unknown is set is a guess too far.
                        let labels = self.labels_without_unknown(&value.labels.join(self.heap.labels_of(id)));
                        let part = match found {
                            Some(part) => part,
                            None if !labels.is_empty() => Value::labelled(Atom::Unknown(None), labels),
                            None => continue,
                        };
                        self.check_sinks(member, &part, place, call, depth + 1, returned);
                    }
                    Atom::Lib(_) | Atom::Unknown(_) if !value.labels.is_empty() => {
                        let labels = self.labels_without_unknown(&value.labels);
                        let part = Value::labelled(Atom::Unknown(None), labels);
                        self.check_sinks(member, &part, place, call, depth + 1, returned);
                    }
                    _ => {}
                }
            }
        }
        if let Some(element) = self.places.element(at)
            && value.object().is_some()
        {
            for part in self.parts_of(value) {
                self.check_sinks(element, &part, place, call, depth + 1, returned);
            }
        }
    }

    /// What an object holds, one by one if it is little: each may be a text of its own shape.
    fn parts_of(&mut self, value: &Value) -> Vec<Value> {
        match value.object().map(|it| self.heap.object(it)) {
            Some(object) if object.rest.is_absent() && object.fields.len() <= PARTS_MAX => {
                let labels = value.labels.join(&object.labels.labels);
                object.fields.iter().filter(|it| !it.1.is_absent()).map(|it| it.1.clone().adding(&labels)).collect()
            }
            _ => vec![self.elements_of(value)],
        }
    }

    pub(super) fn sink(&mut self, row: &SinkRow, guess: bool, value: &Value, place: Place, call: &Call) {
        let site = Site { place, call: call.place, callee: call.callee_place, guess };
        if let Some(language) = &row.reads_as
            && !self.reads_as(value, language)
        {
            self.see(row.kind, site, Seen::OtherLanguage);
            return;
        }
        if self.arrival_keys.insert((row.kind, place)) {
            self.arrivals.push(Arrival { sink: row.kind, place, call: call.place, callee: call.callee_place, guess });
        }
        self.note_sink(row.kind, value, place, call);
        self.arrive(row.kind, value, site);
    }

    /// The constant parts of a text look like a statement of the language.
    pub(super) fn reads_as(&self, value: &Value, language: &str) -> bool {
        value.atoms().iter().any(|atom| match atom {
            Atom::Text(sym) => positions::reads_as(&self.text(*sym), language),
            Atom::Shape(pieces) => {
                let text: String = pieces
                    .iter()
                    .map(|it| match it {
                        Piece::Literal(sym) => self.text(*sym).to_string(),
                        Piece::Hole { .. } => " ".to_owned(),
                    })
                    .collect();
                positions::reads_as(&text, language)
            }
            _ => false,
        })
    }

    /// A value arrives at a sink: each label that is not safe there is an event.
    pub(super) fn arrive(&mut self, kind: KindId, value: &Value, site: Site) {
        let how = takes(kind.name());
        let mut found: Vec<(Label, Position)> = Vec::new();
        match how {
            Takes::Text => {
                for atom in value.atoms() {
                    match atom {
                        Atom::Shape(pieces) => {
                            let texts: Vec<Option<String>> = self.piece_texts(pieces);
                            for (piece, position) in pieces.iter().zip(positions::of(kind.name(), &texts)) {
                                if let Piece::Hole { labels, .. } = piece {
                                    found.extend(labels.iter().map(|it| (it.clone(), position)));
                                }
                            }
                        }
                        Atom::Object(id) => {
                            let object = self.heap.object(*id);
                            if matches!(
                                object.kind,
                                ObjectKind::Array | ObjectKind::Set | ObjectKind::Library(_) | ObjectKind::Promise
                            ) && kind.name() != "html"
                            {
                                let labels = match kind.name() {
                                    "url" | "redirect" => self.labels_of_host(*id),
                                    _ => self.deep_labels(&Value::atom(atom.clone())),
                                };
                                found.extend(labels.iter().map(|it| (it.clone(), Position::Whole)));
                            } else {
                                found.extend(
                                    object
                                        .labels
                                        .labels
                                        .iter()
                                        .filter(|_| kind.name() != "html")
                                        .map(|it| (it.clone(), Position::Whole)),
                                );
                            }
                            found.extend(value.labels.iter().map(|it| (it.clone(), Position::Whole)));
                        }
                        Atom::Number(_)
                        | Atom::AnyNumber
                        | Atom::Bool(_)
                        | Atom::AnyBool
                        | Atom::Undefined
                        | Atom::Null
                        | Atom::Text(_) => {}
                        _ => found.extend(value.labels.iter().map(|it| (it.clone(), Position::Whole))),
                    }
                }
                if value.is_surely_number() {
                    found.extend(value.labels.iter().map(|it| (it.clone(), Position::Whole)));
                }
            }
            Takes::Parts => found.extend(self.deep_labels(value).iter().map(|it| (it.clone(), Position::Whole))),
            Takes::Keys => {
                let mut labels = value.labels.clone();
                for atom in value.atoms() {
                    if let Atom::Object(id) = atom {
                        labels = labels.join(self.heap.labels_of(*id));
                    }
                }
                let text = kind.name() == "template.locals" && value.object().is_none();
                found.extend(
                    labels.iter().filter(|it| it.keys || it.structured || text).map(|it| (it.clone(), Position::Whole)),
                );
            }
            Takes::Operators => {
                let labels = self.operator_labels(value, NESTED_MAX);
                let labels = labels.iter().filter(|it| it.structured || it.keys);
                found.extend(labels.map(|it| (it.clone(), Position::Whole)));
            }
        }
        if READS_FILES.contains(&kind.name()) {
            found.extend(self.file_contents(value).iter().map(|it| (it.clone(), Position::Whole)));
        }
        if found.is_empty() {
            self.see_harmless(kind, site, value);
        }
        for (label, position) in found {
            let is_safe = self.is_safe(&label, kind, position);
            self.see_label(kind, site, &label, is_safe);
            if is_safe {
                continue;
            }
            self.record_flow(kind, &label, position, site);
        }
    }

    /// What an object holds, but for the parts of a URL that stand behind its host.
    fn labels_of_host(&self, id: ObjectId) -> Labels {
        let object = self.heap.object(id);
        let is_behind = |key: &Key| matches!(key, Key::Name(name) if BEHIND_HOST.contains(&&*self.text(*name)));
        let fields = object.fields.iter().filter(|it| !is_behind(&it.0)).map(|it| &it.1);
        let all = fields.fold(object.labels.labels.clone(), |all, it| all.join(&self.deep_labels(it)));
        all.join(&self.deep_labels(&object.rest))
    }

    /// What is in a filter, but for operands that are compared as they are.
    fn operator_labels(&self, value: &Value, depth: u32) -> Labels {
        let mut labels = value.labels.clone();
        for id in value.atoms().iter().filter_map(|it| if let Atom::Object(id) = it { Some(*id) } else { None }) {
            let object = self.heap.object(id);
            labels = labels.join(&object.labels.labels);
            if depth == 0 {
                continue;
            }
            for (key, field) in &object.fields {
                let compared = matches!(key, Key::Name(name) if COMPARISONS.contains(&&*self.text(*name)));
                if !compared {
                    labels = labels.join(&self.operator_labels(field, depth - 1));
                }
            }
            labels = labels.join(&self.operator_labels(&object.rest, depth - 1));
        }
        labels
    }

    pub(super) fn piece_texts(&self, pieces: &[Piece]) -> Vec<Option<String>> {
        pieces
            .iter()
            .map(|it| match it {
                Piece::Literal(sym) => Some(self.text(*sym).to_string()),
                Piece::Hole { .. } => None,
            })
            .collect()
    }

    pub(super) fn is_safe(&self, label: &Label, kind: KindId, position: Position) -> bool {
        // What was made a literal of its own is none inside the quotes of another.
        let in_quotes = kind.name() == "code" && matches!(position, Position::Quoted(_));
        let mut at = Some(kind).filter(|_| !in_quotes);
        while let Some(kind) = at {
            if label.safe.contains(kind) {
                return true;
            }
            at = kind.parent();
        }
        if Machine::is_inside(label, kind) {
            return true;
        }
        if label.chars.is_all() {
            return false;
        }
        label.chars.intersection(positions::dangerous(kind.name(), position)) == Chars::NONE
    }

    pub(super) fn record_flow(&mut self, kind: KindId, label: &Label, position: Position, site: Site) {
        let Site { place, call, callee, guess } = site;
        let step = self.step_to(label, place);
        let key = (kind, place, label.origin);
        let origin = self.origins[label.origin.0 as usize];
        let event = FlowEvent {
            sink: kind,
            place,
            call,
            callee,
            origin: label.origin,
            step,
            position,
            guess: label.guess || origin.guess,
            structured: label.structured,
            guessed_sink: guess,
            settled: false,
        };
        match self.flow_keys.get(&key) {
            Some(index) => {
                let old = &mut self.flows[*index];
                if old.guess && !event.guess || old.settled {
                    *old = event;
                }
            }
            None => {
                self.known_flows += usize::from(origin.kind != self.natives.unknown);
                self.flow_keys.insert(key, self.flows.len());
                self.flows.push(event);
            }
        }
    }

    pub(super) fn step_to(&mut self, label: &Label, place: Place) -> super::value::StepId {
        if self.steps[label.step.0 as usize].place == place {
            label.step
        } else {
            self.step(Some(label.step), place, StepKind::Sink)
        }
    }

    // ---- sinks that are no calls ----

    /// `receiver.name = value` where that is a sink or a setting.
    pub fn assigned_sinks(&mut self, receiver: &Value, name: Sym, value: &Value, place: Place, target: Option<ExprId>) {
        let text = self.text(name);
        for atom in receiver.atoms().to_vec() {
            let state = match atom {
                Atom::Lib(state) => Some(state),
                Atom::Object(id) => match self.heap.object(id).kind {
                    ObjectKind::Library(state) => Some(state),
                    ObjectKind::Instance(class) => self.class_library(class).and_then(|it| self.places.instance(it)),
                    _ => None,
                },
                _ => None,
            };
            let Some(state) = state else { continue };
            let named = self.places.member(state, &text);
            let Some(member) = named.or_else(|| self.places.element(state)) else { continue };
            let rows = self.places.rows(member);
            self.given = Some(value.clone());
            self.register_assigned(&rows, value, place);
            for check in rows.checks.iter().filter(|it| it.holds_when == HoldsWhen::Returns) {
                let call = self.assignment(receiver, value, place);
                if let Some(target) = target
                    && self.conditions_hold(&check.origin.when, &check.origin.unless, &call)
                {
                    self.settle(target, check.safe_for);
                }
            }
            for sink in &rows.sinks {
                let call = self.assignment(receiver, value, place);
                if sink.assigned && self.conditions_hold(&sink.origin.when, &sink.origin.unless, &call) {
                    self.note_arrival(sink.kind, value, place, place);
                    self.arrive(sink.kind, value, Site { place, call: place, callee: place, guess: sink.guess });
                }
            }
            for call in &rows.calls {
                if call.assigned {
                    let it = self.assignment(receiver, value, place);
                    if self.conditions_hold(&call.origin.when, &call.origin.unless, &it) {
                        self.record_call(call.row, call.guess, &it, Some(value));
                    }
                }
            }
        }
        self.given = None;
    }

    /// What the call that made the object was given is harmless, as an assignment to the object says.
    fn settle(&mut self, target: ExprId, safe_for: KindSet) {
        let ir = self.ir();
        let mut at = target;
        while let Expr::Member { object, .. } | Expr::Index { object, .. } = ir.expr(at) {
            at = object;
        }
        let Expr::Var(var) = ir.expr(at) else { return };
        let Some(made) = self.frame().definitions.iter().rev().find(|it| it.0 == var).map(|it| it.1) else { return };
        let made = self.place_of(made);
        for event in self.flows.iter_mut().filter(|it| it.call == made && safe_for.contains(it.sink)) {
            event.settled = true;
        }
    }

    /// An assignment as conditions of rows see it.
    pub(super) fn assignment(&self, receiver: &Value, value: &Value, place: Place) -> Call {
        Call {
            this: receiver.clone(),
            this_expr: None,
            args: Args::of(vec![value.clone()], place),
            style: CallStyle::Call,
            place,
            callee_place: place,
        }
    }

    /// `object[key] = value` with a key of the client's, where the object was looked up by one as well: alone the key
    /// touches that object only, the two of them may reach the prototype that all objects share.
    pub fn computed_write(&mut self, receiver: &Value, object: ExprId, key: &Value, target: ExprId, index: ExprId) {
        if key.labels.is_empty() || !self.ir().semantics.members_are_keys {
            return;
        }
        let fresh_map = receiver.object().is_some_and(|it| matches!(self.heap.object(it).kind, ObjectKind::Map));
        if fresh_map || !self.is_looked_up(object) {
            return;
        }
        let (place, call) = (self.place_of(index), self.place_of(target));
        let callee = self.place_of(object);
        let kind = Machine::sink_kind("object-key");
        self.arrive(kind, key, Site { place, call, callee, guess: false });
    }

    /// Whether the expression, or what its variable was given, is read by a key of the client's.
    fn is_looked_up(&mut self, object: ExprId) -> bool {
        let ir = self.ir();
        let expr = match ir.expr(object) {
            Expr::Var(var) => self.frame().definitions.iter().rev().find(|it| it.0 == var).map(|it| it.1),
            _ => Some(object),
        };
        let key = match expr.map(|it| ir.expr(it)) {
            Some(Expr::Index { index, .. }) => self.peek(index),
            _ => return false,
        };
        let kind = Machine::sink_kind("object-key");
        key.labels.iter().any(|it| !self.is_safe(it, kind, Position::Whole))
    }

    /// `receiver[key] = …` where the key itself is sensitive.
    pub fn key_sinks(&mut self, receiver: &Value, key: &Value, target: ExprId, index: ExprId) {
        if key.labels.is_empty() {
            return;
        }
        for atom in receiver.atoms().to_vec() {
            let state = match atom {
                Atom::Lib(state) => state,
                Atom::Object(id) => match self.heap.object(id).kind {
                    ObjectKind::Library(state) => state,
                    _ => continue,
                },
                _ => continue,
            };
            let Some(at) = self.places.key(state) else { continue };
            let (place, call) = (self.place_of(index), self.place_of(target));
            let rows = self.places.rows(at);
            for sink in &rows.sinks {
                self.arrive(sink.kind, key, Site { place, call, callee: call, guess: sink.guess });
            }
        }
    }

    /// `object[key](…)` with a key of the client's.
    pub fn method_name_sink(&mut self, key: &Value, index: ExprId, callee: Place) {
        if key.labels.is_empty() {
            return;
        }
        let place = self.place_of(index);
        let kind = Machine::sink_kind("method-name");
        self.arrive(kind, key, Site { place, call: callee, callee, guess: false });
    }
}

//! Calls of libraries: what their models say goes in, comes out, and is called back.

use backend_specialist_syntax::ir::{CallStyle, ExprId};

use super::call::Call;
use super::heap::{Loc, ObjectKind};
use super::machine::{Args, Machine};
use super::value::{Atom, Label, Labels, Value};
use crate::Place;
use crate::finding::StepKind;
use crate::model::place::{ArgumentAt, CallPlace, CallStart, Token};
use crate::model::rows::{Condition, Expected, Keeps, PropagatorRow, Verb};
use crate::model::{KindSet, Rows, State};

/// Parts of media types and file endings that browsers show as a page.
const MARKUP: &[&str] = &["htm", "xml", "svg"];

impl<'a> Machine<'a> {
    pub fn call_library(&mut self, state: State, call: &Call) -> Value {
        self.may_raise();
        let rows = self.places.rows(state);
        self.argument_sinks(state, call);
        self.spread_sinks(state, call);
        self.record_calls(&rows, call);
        let changed = self.set_on_receiver(&rows, call);
        let call = changed.as_ref().unwrap_or(call);
        let first_registration = self.registrations.len();
        let waiting = self.pending.len();
        let routed = self.hand_over_routes(state, &rows, call);
        // Those that are like others before are not waiting.
        let registered = &self.registrations[first_registration.min(self.registrations.len())..];
        let mounts = registered.iter().any(|it| it.row.verb == Verb::Mount);
        let has_handlers = mounts || self.pending.len() > waiting;
        if call.style == CallStyle::Decorate {
            let function = self.decorate(state, call);
            return self.marked_as_guard(&rows, function, call);
        }
        let returned = self.result_state(state, call).map(|it| self.with_conditional_types(it, call));
        if let Some(decorator) = routed {
            return decorator;
        }
        let effect = rows.effects.iter().find(|it| self.conditions_hold(&it.origin.when, &it.origin.unless, call));
        if let Some(effect) = effect {
            let effect = effect.row;
            return self.effect(effect, returned, call);
        }
        let mut labels = self.sanitized(&rows, call);
        let mut structure: Option<Value> = None;
        for propagator in &rows.propagators {
            if self.conditions_hold(&propagator.origin.when, &propagator.origin.unless, call)
                && let Some(value) = self.propagate(propagator.row, call)
            {
                structure = Some(structure.unwrap_or_default().join(&value));
            }
        }
        if let Some(returned) = returned {
            labels = labels.join(&self.conditional_sources(returned, call));
        }
        let described = rows.says_what_call_does();
        let has_sinks = self.takes_sinks(state, call);
        if !described && !has_sinks {
            let mut data = self.data_of(&[], call);
            // What is read at a source is that source's, not what else is known of its object.
            if returned.is_none_or(|it| self.places.rows(it).sources.is_empty()) {
                data = data.join(&self.deep_labels(&call.this));
            }
            labels = labels.join(&self.guessed(&data, call.place));
        }
        if !has_handlers {
            self.hand_over_callbacks(call, Some(state));
        }
        self.returning_checks(&rows, call);
        if let Some(value) = self.shaped_result(&rows, call, &labels) {
            return value;
        }
        let unsourced = labels.clone();
        let value = match returned {
            Some(returned) => self.lib_value(returned, labels, None, call.place),
            None => Value::labelled(Atom::Unknown(None), labels),
        };
        let value = self.with_settings(value, &rows, call);
        let value = self.with_identity(value, call, first_registration);
        let value = self.as_registration(value, first_registration);
        let value = self.marked_as_guard(&rows, value, call);
        let value = self.as_record(&rows, value, call);
        match structure {
            Some(structure) if returned.is_none() => structure.adding(&unsourced),
            Some(structure) => {
                let labels = self.stepped(&self.deep_labels(&structure), call.place);
                value.adding(&labels)
            }
            None => value,
        }
    }

    /// What the sanitizers of the call make safe: rows about the same data add up.
    fn sanitized(&mut self, rows: &Rows<'a>, call: &Call) -> Labels {
        let mut made: Vec<(&[CallPlace], Labels)> = Vec::new();
        for sanitizer in &rows.sanitizers {
            if !self.conditions_hold(&sanitizer.origin.when, &sanitizer.origin.unless, call) {
                continue;
            }
            let from = sanitizer.row.from.as_slice();
            let known = made.iter().position(|it| it.0 == from);
            let index = known.unwrap_or_else(|| {
                let data = self.data_of(from, call);
                made.push((from, self.stepped(&data, call.place)));
                made.len() - 1
            });
            let mut data = self.safe_labels(&made[index].1, sanitizer.safe_for);
            if let Some(allowed) = sanitizer.allows {
                data = self.limited_labels(&data, allowed);
            }
            data.iter().for_each(|it| self.note_sanitized(it, call.place));
            made[index].1 = data;
        }
        made.iter().fold(Labels::default(), |all, it| all.join(&it.1))
    }

    /// Sources that hold of this call's arguments only.
    pub(super) fn conditional_sources(&mut self, returned: State, call: &Call) -> Labels {
        let rows = self.places.rows(returned);
        let mut labels = Labels::default();
        for source in rows.sources.iter().filter(|it| it.origin.is_conditional()) {
            if self.conditions_hold(&source.origin.when, &source.origin.unless, call) {
                labels = labels.join(&self.source(source.kind, call.place, source.guess));
            }
        }
        labels
    }

    /// Types that hold of this call's arguments only.
    fn with_conditional_types(&mut self, state: State, call: &Call) -> State {
        let mut all = state;
        for (origin, typed) in self.places.conditional_types(state) {
            if self.conditions_hold(&origin.when, &origin.unless, call) {
                all = self.places.union(all, typed);
            }
        }
        all
    }

    pub fn result_state(&mut self, state: State, call: &Call) -> Option<State> {
        let returned = self.places.returned(state);
        let instance = self.places.instance(state);
        if call.style == CallStyle::New {
            return instance.or(returned);
        }
        if !self.ir().semantics.classes_are_callable {
            return returned;
        }
        match (returned, instance) {
            (Some(a), Some(b)) => Some(self.places.union(a, b)),
            (a, b) => a.or(b),
        }
    }

    /// Whether some argument of the call is a sink: what comes back is then an answer, not the data.
    pub(super) fn takes_sinks(&mut self, state: State, call: &Call) -> bool {
        let count = call.args.positional.len() as u32;
        (0..count).any(|index| match self.places.argument(state, index, count) {
            Some(argument) => !self.places.rows(argument).sinks.is_empty(),
            None => false,
        })
    }

    /// Data of the named places of the call, or of all arguments.
    pub(super) fn data_of(&mut self, places: &[CallPlace], call: &Call) -> Labels {
        let mut labels = Labels::default();
        if places.is_empty() {
            for (value, _) in call.args.values() {
                labels = labels.join(&self.as_text_or_data(value));
            }
            for (_, value, _, _) in &call.args.keywords {
                labels = labels.join(&self.as_text_or_data(value));
            }
            return labels;
        }
        for place in places {
            for (value, _) in self.operands(place, call) {
                labels = labels.join(&self.as_text_or_data(&value));
            }
        }
        labels
    }

    pub(super) fn as_text_or_data(&self, value: &Value) -> Labels {
        self.deep_labels(value)
    }

    pub(super) fn propagate(&mut self, row: &PropagatorRow, call: &Call) -> Option<Value> {
        let mut value = Value::absent();
        if row.keeps == Keeps::Value {
            for from in &row.from {
                for (part, _) in self.operands(from, call) {
                    value = value.join(&part);
                }
            }
            value = self.step_value(StepKind::Propagate, value, call.place);
        } else {
            let labels = self.data_of(&row.from, call);
            let labels = self.stepped(&labels, call.place);
            let labels = if row.keeps == Keeps::Data {
                labels
            } else {
                labels.map(|it| Label {
                    safe: KindSet::NONE,
                    chars: crate::model::Chars::ALL,
                    path: super::path_facts::PathFacts::NONE,
                    ..it.clone()
                })
            };
            value = Value::labelled(Atom::Unknown(None), labels);
        }
        let mut result = None;
        for to in &row.to {
            match &to.start {
                // A setting that is found again on what the call gives.
                CallStart::ReturnValue if is_setting(row, to) => {}
                CallStart::ReturnValue => result = Some(value.clone()),
                CallStart::Receiver if is_setting(row, to) => {}
                CallStart::Receiver => self.add_to_receiver(call, &value),
                CallStart::Argument(at) if to.tokens.is_empty() => self.add_to_argument(at, call, &value),
                CallStart::Argument(_) => {
                    for (target, _) in self.operands(&CallPlace { start: to.start.clone(), tokens: Vec::new() }, call) {
                        match to.tokens.first() {
                            Some(Token::Parameter(_)) => {
                                self.call_value(
                                    &target,
                                    Value::undefined(),
                                    Args::of(vec![value.clone()], call.place),
                                    call.place,
                                );
                                self.dead = false;
                            }
                            _ => self.add_data(&target, &value),
                        }
                    }
                }
                _ => {}
            }
        }
        result
    }

    /// Writes down what the call sets on its receiver, and gives the call with the receiver as it is then.
    pub(super) fn set_on_receiver(&mut self, rows: &Rows<'a>, call: &Call) -> Option<Call> {
        let mut changed: Option<Call> = None;
        for row in &rows.propagators {
            for to in row.to.iter().filter(|it| it.start == CallStart::Receiver && is_setting(row, it)) {
                let Some(Token::Member(names)) = to.tokens.first() else { continue };
                if !self.conditions_hold(&row.origin.when, &row.origin.unless, call) {
                    continue;
                }
                let mut part = Value::absent();
                for from in &row.from {
                    part = part.join(&self.kept(from, call));
                }
                let expr = call.this_expr?;
                if part.is_absent() {
                    continue;
                }
                let this = changed.as_ref().map_or(&call.this, |it| &it.this).clone();
                let this = self.writable(this, expr);
                for id in this.atoms().iter().filter_map(|it| if let Atom::Object(id) = it { Some(*id) } else { None })
                {
                    for name in names {
                        let name = self.intern(name);
                        let key = self.key_of_text(name);
                        self.heap.write(Loc::Field(id, key), part.clone());
                    }
                }
                changed = Some(Call { this, ..call.clone() });
            }
        }
        changed
    }

    /// What is at a place of the call, as it is kept by what the call is made on or gives.
    fn kept(&mut self, from: &CallPlace, call: &Call) -> Value {
        let mut all = Value::absent();
        for (value, place) in self.operands(from, call) {
            all = all.join(&self.step_value(StepKind::Write, value, place));
        }
        all
    }

    /// What a call gives, with those arguments that its model finds again as members of it.
    pub(super) fn with_settings(&mut self, value: Value, rows: &Rows<'a>, call: &Call) -> Value {
        let Some(Atom::Lib(state)) = value.single().cloned() else { return value };
        let mut id = None;
        for row in rows.propagators.iter().filter(|it| it.keeps == Keeps::Value) {
            for to in row.to.iter().filter(|it| it.start == CallStart::ReturnValue && is_setting(row, it)) {
                let Some(Token::Member(names)) = to.tokens.first() else { continue };
                let mut part = Value::absent();
                for from in &row.from {
                    part = part.join(&self.kept(from, call));
                }
                if part.is_absent() {
                    continue;
                }
                let id = *id.get_or_insert_with(|| self.new_object(ObjectKind::Library(state)));
                for name in names {
                    let name = self.intern(name);
                    let key = self.key_of_text(name);
                    let part = match self.heap.field(id, key).cloned() {
                        Some(old) if self.is_dict(&old) && self.is_dict(&part) => self.merged(&[old, part.clone()]),
                        _ => part.clone(),
                    };
                    self.heap.write(Loc::Field(id, key), part);
                }
            }
        }
        match id {
            Some(id) => Value::labelled(Atom::Object(id), value.labels),
            None => value,
        }
    }

    /// An object of a library has no place of its own: its data stays with the name that holds it.
    fn add_to_receiver(&mut self, call: &Call, value: &Value) {
        self.add_data(&call.this, value);
        let labels = self.deep_labels(value);
        if let Some(expr) = call.this_expr
            && call.this.object().is_none()
            && call.this.atoms().iter().any(|it| matches!(it, Atom::Lib(_)))
            && !labels.is_empty()
        {
            self.narrow_to(expr, call.this.clone().adding(&labels));
        }
    }

    fn add_to_argument(&mut self, at: &[ArgumentAt], call: &Call, value: &Value) {
        let count = call.args.positional.len() as u32;
        let positional = call.args.positional.iter().zip(&call.args.exprs).enumerate();
        let mut targets: Vec<(Value, Option<ExprId>)> = positional
            .filter(|(index, _)| at.iter().any(|it| it.holds_position(*index as u32, count)))
            .map(|(_, (argument, expr))| (argument.0.clone(), *expr))
            .collect();
        for (name, argument, _, expr) in &call.args.keywords {
            let name = self.text(*name);
            if at.iter().any(|it| it.holds_keyword(&name)) {
                targets.push((argument.clone(), *expr));
            }
        }
        let labels = self.deep_labels(value);
        for (target, expr) in targets {
            self.add_data(&target, value);
            if let Some(expr) = expr
                && target.atoms().iter().any(|it| matches!(it, Atom::Lib(_)))
                && !labels.is_empty()
            {
                self.narrow_to(expr, target.adding(&labels));
            }
        }
    }

    /// Data goes into an object, nobody knows where.
    pub fn add_data(&mut self, target: &Value, value: &Value) {
        let labels = self.deep_labels(value);
        if labels.is_empty() {
            return;
        }
        for atom in target.atoms() {
            if let Atom::Object(id) = atom {
                self.taint(*id, &labels);
            }
        }
    }

    /// The values at a place of the call; several where several arguments are named.
    pub fn operands(&mut self, place: &CallPlace, call: &Call) -> Vec<(Value, Place)> {
        let start: Vec<(Value, Place)> = match &place.start {
            CallStart::Receiver => vec![(call.this.clone(), call.callee_place)],
            CallStart::Argument(at) => self.arguments(at, &call.args),
            CallStart::Value => self.given.iter().map(|it| (it.clone(), call.place)).collect(),
            _ => Vec::new(),
        };
        let mut found = start;
        for token in &place.tokens {
            let mut next = Vec::new();
            for (value, at) in found {
                if let Some(value) = self.operand_part(&value, token) {
                    next.push((value, at));
                }
            }
            found = next;
        }
        found
    }

    pub(super) fn arguments(&mut self, at: &[ArgumentAt], args: &Args) -> Vec<(Value, Place)> {
        let count = args.positional.len() as u32;
        let mut found = Vec::new();
        for (index, argument) in args.positional.iter().enumerate() {
            if at.iter().any(|it| it.holds_position(index as u32, count)) {
                found.push(argument.clone());
            }
        }
        if let Some(rest) = &args.rest
            && at.iter().any(|it| it.holds_position(count, count + 1))
        {
            found.push(rest.clone());
        }
        for (name, value, place, _) in &args.keywords {
            let name = self.text(*name);
            if at.iter().any(|it| it.holds_keyword(&name)) {
                found.push((value.clone(), *place));
            }
        }
        // Any keyword may be among those that nobody knows.
        if let Some((rest, place)) = &args.keyword_rest
            && found.is_empty()
            && at.iter().any(|it| matches!(it, ArgumentAt::Keyword(_)))
        {
            found.push((Value::labelled(Atom::Unknown(None), rest.labels.clone()), *place));
        }
        found
    }

    pub(super) fn operand_part(&mut self, value: &Value, token: &Token) -> Option<Value> {
        match token {
            Token::Member(names) => {
                let mut all = Value::absent();
                for name in names {
                    let sym = self.intern(name);
                    let key = self.key_of_text(sym);
                    for atom in value.atoms() {
                        if let Atom::Object(id) = atom {
                            match self.heap.field(*id, key) {
                                Some(field) => all = all.join(&field.clone()),
                                None => {
                                    let object = self.heap.object(*id);
                                    if !object.rest.is_absent() || !object.labels.labels.is_empty() {
                                        let labels = value.labels.join(&object.labels.labels);
                                        all = all.join(
                                            &object.rest.clone().join(&Value::labelled(Atom::Unknown(None), labels)),
                                        );
                                    }
                                }
                            }
                        } else if matches!(atom, Atom::Unknown(_))
                            || matches!(atom, Atom::Lib(_)) && !value.labels.is_empty()
                        {
                            all = all.join(&Value::labelled(Atom::Unknown(None), value.labels.clone()));
                        }
                    }
                }
                (!all.is_absent()).then_some(all)
            }
            Token::AnyMember | Token::Element => Some(self.elements_of(value)),
            _ => None,
        }
    }

    /// Whether a condition of a row holds of the call.
    pub fn holds(&mut self, condition: &Condition, call: &Call) -> bool {
        let found = self.operands(&condition.at, call);
        let value = found.into_iter().fold(Value::absent(), |all, it| all.join(&it.0));
        condition.is.iter().any(|expected| match expected {
            Expected::Present => !value.is_absent(),
            Expected::Absent => value.is_absent(),
            Expected::Text => value.is_surely_text(),
            Expected::Object => value.object().is_some_and(|it| self.heap.object(it).kind != ObjectKind::Array),
            Expected::Array => self.is_array(&value),
            Expected::Function => super::guards::is_function(&value),
            Expected::Type(name) => self.has_type(&value, name),
            Expected::NoMarkup => self.constant_texts(&value).is_some_and(|all| {
                !all.is_empty() && all.iter().all(|it| !MARKUP.iter().any(|markup| it.to_lowercase().contains(markup)))
            }),
            Expected::Constant(constant) => {
                let expected = self.model_constant(constant);
                value.atoms().iter().any(|it| match it {
                    Atom::Lib(state) => self.places.rows(*state).constants.iter().any(|it| it.row == constant),
                    it => Some(it) == expected.single(),
                })
            }
        })
    }

    pub fn conditions_hold(&mut self, when: &[Condition], unless: &[Condition], call: &Call) -> bool {
        when.iter().all(|it| self.holds(it, call)) && !unless.iter().any(|it| self.holds(it, call))
    }
}

/// A value that is found again as a member.
fn is_setting(row: &PropagatorRow, to: &CallPlace) -> bool {
    row.keeps == Keeps::Value && matches!(to.tokens.as_slice(), [Token::Member(_)])
}

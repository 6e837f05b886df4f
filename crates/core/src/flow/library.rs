//! Calls of libraries: what their models say goes in, comes out, and is called back.

use backend_specialist_syntax::ir::CallStyle;

use super::call::Call;
use super::heap::{Key, Loc, ObjectKind};
use super::machine::{Args, Machine, Pending};
use super::value::{Atom, Label, Labels, Value};
use crate::Place;
use crate::model::place::{ArgumentAt, CallPlace, CallStart, Token};
use crate::model::rows::{Condition, Constant, Expected, Keeps, ParamType, PropagatorRow};
use crate::model::{KindSet, Rows, State};

/// Parts of media types and file endings that browsers show as a page.
const MARKUP: &[&str] = &["htm", "xml", "svg"];

impl<'a> Machine<'a> {
    pub fn call_library(&mut self, state: State, call: &Call) -> Value {
        let rows = self.places.rows(state);
        self.argument_sinks(state, call);
        self.record_calls(&rows, call);
        let changed = self.set_on_receiver(&rows, call);
        let call = changed.as_ref().unwrap_or(call);
        let routed = self.hand_over_routes(state, &rows, call);
        if call.style == CallStyle::Decorate {
            return self.decorate(state, call);
        }
        let returned = self.result_state(state, call);
        if let Some(decorator) = routed {
            return decorator;
        }
        let effect = rows.effects.iter().find(|it| self.conditions_hold(&it.origin.when, &it.origin.unless, call));
        if let Some(effect) = effect {
            let effect = effect.row;
            return self.effect(effect, state, returned, call);
        }
        let mut labels = Labels::default();
        let mut structure: Option<Value> = None;
        for sanitizer in &rows.sanitizers {
            if !self.conditions_hold(&sanitizer.origin.when, &sanitizer.origin.unless, call) {
                continue;
            }
            let data = self.data_of(&sanitizer.from, call);
            let data = self.stepped(&data, call.place);
            let data = self.safe_labels(&data, sanitizer.safe_for);
            let data = match sanitizer.allows {
                Some(allowed) => self.limited_labels(&data, allowed),
                None => data,
            };
            labels = labels.join(&data);
        }
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
            let data = self.data_of(&[], call).join(&self.deep_labels(&call.this));
            labels = labels.join(&self.guessed(&data, call.place));
        }
        self.hand_over_callbacks(call, Some(state));
        self.returning_checks(&rows, call);
        let unsourced = labels.clone();
        let value = match returned {
            Some(returned) => self.lib_value(returned, labels, None, call.place),
            None => Value::labelled(Atom::Unknown(None), labels),
        };
        let value = self.with_settings(value, &rows, call);
        match structure {
            Some(structure) if returned.is_none() => structure.adding(&unsourced),
            Some(structure) => {
                let labels = self.stepped(&self.deep_labels(&structure), call.place);
                value.adding(&labels)
            }
            None => value,
        }
    }

    /// Sources that hold of this call's arguments only.
    fn conditional_sources(&mut self, returned: State, call: &Call) -> Labels {
        let rows = self.places.rows(returned);
        let mut labels = Labels::default();
        for source in rows.sources.iter().filter(|it| it.origin.is_conditional()) {
            if self.conditions_hold(&source.origin.when, &source.origin.unless, call) {
                labels = labels.join(&self.source(source.kind, call.place, source.guess));
            }
        }
        labels
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
    fn takes_sinks(&mut self, state: State, call: &Call) -> bool {
        let count = call.args.positional.len() as u32;
        (0..count).any(|index| match self.places.argument(state, index, count) {
            Some(argument) => !self.places.rows(argument).sinks.is_empty(),
            None => false,
        })
    }

    /// Data of the named places of the call, or of all arguments.
    fn data_of(&mut self, places: &[CallPlace], call: &Call) -> Labels {
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

    fn as_text_or_data(&self, value: &Value) -> Labels {
        self.deep_labels(value)
    }

    fn propagate(&mut self, row: &PropagatorRow, call: &Call) -> Option<Value> {
        let mut value = Value::absent();
        if row.keeps == Keeps::Value {
            for from in &row.from {
                for (part, _) in self.operands(from, call) {
                    value = value.join(&part);
                }
            }
            value = self.step_value(value, call.place);
        } else {
            let labels = self.data_of(&row.from, call);
            let labels = self.stepped(&labels, call.place);
            let labels = if row.keeps == Keeps::Data {
                labels
            } else {
                labels.map(|it| Label { safe: KindSet::NONE, chars: crate::model::Chars::ALL, ..it.clone() })
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
                CallStart::Receiver => self.add_data(&call.this, &value),
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
    fn set_on_receiver(&mut self, rows: &Rows<'a>, call: &Call) -> Option<Call> {
        let mut changed: Option<Call> = None;
        for row in &rows.propagators {
            for to in row.to.iter().filter(|it| it.start == CallStart::Receiver && is_setting(row, it)) {
                let Some(Token::Member(names)) = to.tokens.first() else { continue };
                if !self.conditions_hold(&row.origin.when, &row.origin.unless, call) {
                    continue;
                }
                let mut part = Value::absent();
                for from in &row.from {
                    part = self.operands(from, call).into_iter().fold(part, |all, it| all.join(&it.0));
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

    /// What a call gives, with those arguments that its model finds again as members of it.
    fn with_settings(&mut self, value: Value, rows: &Rows<'a>, call: &Call) -> Value {
        let Some(Atom::Lib(state)) = value.single().cloned() else { return value };
        let mut id = None;
        for row in rows.propagators.iter().filter(|it| it.keeps == Keeps::Value) {
            for to in row.to.iter().filter(|it| it.start == CallStart::ReturnValue && is_setting(row, it)) {
                let Some(Token::Member(names)) = to.tokens.first() else { continue };
                let mut part = Value::absent();
                for from in &row.from {
                    part = self.operands(from, call).into_iter().fold(part, |all, it| all.join(&it.0));
                }
                if part.is_absent() {
                    continue;
                }
                let id = *id.get_or_insert_with(|| self.new_object(ObjectKind::Library(state)));
                for name in names {
                    let name = self.intern(name);
                    let key = self.key_of_text(name);
                    self.heap.write(Loc::Field(id, key), part.clone());
                }
            }
        }
        match id {
            Some(id) => Value::labelled(Atom::Object(id), value.labels),
            None => value,
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

    fn arguments(&mut self, at: &[ArgumentAt], args: &Args) -> Vec<(Value, Place)> {
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
        found
    }

    fn operand_part(&mut self, value: &Value, token: &Token) -> Option<Value> {
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
                        } else if matches!(atom, Atom::Lib(_) | Atom::Unknown(_)) {
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
            Expected::NoMarkup => self.constant_texts(&value).is_some_and(|all| {
                !all.is_empty() && all.iter().all(|it| !MARKUP.iter().any(|markup| it.to_lowercase().contains(markup)))
            }),
            Expected::Constant(constant) => {
                let constant = self.model_constant(constant);
                value.atoms().iter().any(|it| Some(it) == constant.single())
            }
        })
    }

    pub fn conditions_hold(&mut self, when: &[Condition], unless: &[Condition], call: &Call) -> bool {
        when.iter().all(|it| self.holds(it, call)) && !unless.iter().any(|it| self.holds(it, call))
    }

    // ---- functions that the library calls ----

    /// Functions among the arguments are run now, for all we know.
    pub fn hand_over_callbacks(&mut self, call: &Call, state: Option<State>) {
        let count = call.args.positional.len() as u32;
        let args: Vec<(usize, Value)> =
            call.args.positional.iter().enumerate().map(|(index, it)| (index, it.0.clone())).collect();
        for (index, value) in args {
            let at = state.and_then(|it| self.places.argument(it, index as u32, count));
            self.hand_over(&value, at, call, 0);
        }
        for (name, value, _, _) in call.args.keywords.clone() {
            let text = self.text(name);
            let at = state.and_then(|it| self.places.keyword(it, &text));
            self.hand_over(&value, at, call, 0);
        }
    }

    fn hand_over(&mut self, value: &Value, at: Option<State>, call: &Call, depth: u32) {
        for atom in value.atoms().to_vec() {
            match &atom {
                Atom::Closure(_) | Atom::Bound(_) => self.run_callback(&atom, at, call),
                Atom::Object(id) if depth < 2 => {
                    let fields: Vec<(Key, Value)> = self.heap.object(*id).fields.clone();
                    for (key, field) in fields.into_iter().take(32) {
                        if !field
                            .atoms()
                            .iter()
                            .any(|it| matches!(it, Atom::Closure(_) | Atom::Bound(_) | Atom::Object(_)))
                        {
                            continue;
                        }
                        let inner = match (at, key) {
                            (Some(at), Key::Name(name)) => {
                                let text = self.text(name);
                                self.places.member(at, &text)
                            }
                            (Some(at), Key::Index(_)) => self.places.element(at),
                            (None, _) => None,
                        };
                        self.hand_over(&field, inner, call, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Runs a function as somebody else may: perhaps, with what the model says it gets.
    fn run_callback(&mut self, atom: &Atom, at: Option<State>, call: &Call) {
        if let Atom::Closure(id) = atom
            && self.closure_runs_now(*id)
        {
            return;
        }
        let function = Value::atom(atom.clone());
        if self.follows_convention(atom) {
            self.pending.push(Pending { function, params: Vec::new(), from_request: false, callee: at, shift: false });
            return;
        }
        let mut labels = self.deep_labels(&call.this);
        for (value, _) in call.args.values() {
            labels = labels.join(&value.labels);
        }
        let labels = self.guessed(&labels, call.place);
        let arity = self.arity(atom);
        let mut values = Vec::new();
        for index in 0..arity {
            let name = self.parameter_name(atom, index);
            let state = at.and_then(|it| self.places.parameter(it, index, name.as_deref()));
            values.push(match state {
                Some(state) => self.lib_value(state, Labels::default(), None, call.place),
                None if at.is_some_and(|it| !self.places.rows(it).guess) => Value::unknown(),
                None => Value::labelled(Atom::Unknown(None), labels.clone()),
            });
        }
        let mark = self.heap.mark();
        let args = Args::of(values, call.place);
        let result = self.call_value(&function, Value::unknown(), args, call.place);
        self.dead = false;
        let delta = self.heap.take(mark);
        self.heap.join(vec![Vec::new(), delta]);
        if let Some(returned) = at.and_then(|it| self.places.returned(it)) {
            self.check_sinks(returned, &result, call.place, call, 0, true);
        }
    }

    /// The function is running already: it was handed over before.
    fn closure_runs_now(&self, id: super::value::ClosureId) -> bool {
        let closure = &self.closures[id.0 as usize];
        self.frames.iter().any(|it| it.module == closure.module && it.function == closure.function)
    }

    pub fn arity(&self, atom: &Atom) -> u32 {
        match atom {
            Atom::Closure(id) => {
                let closure = &self.closures[id.0 as usize];
                let ir = self.modules[closure.module as usize].ir;
                let function = ir.function(closure.function);
                let own = u32::from(function.receiver == backend_specialist_syntax::ir::Receiver::FirstParameter);
                function.params.len.saturating_sub(own)
            }
            Atom::Bound(bound) => match bound.function.single() {
                Some(atom) => self.arity(atom).saturating_sub(bound.args.len() as u32),
                None => 0,
            },
            _ => 0,
        }
    }

    pub fn parameter_name(&self, atom: &Atom, index: u32) -> Option<String> {
        let Atom::Closure(id) = atom else { return None };
        let closure = &self.closures[id.0 as usize];
        let ir = self.modules[closure.module as usize].ir;
        let function = ir.function(closure.function);
        let own = usize::from(function.receiver == backend_specialist_syntax::ir::Receiver::FirstParameter);
        let param = ir.param_list(function.params).get(index as usize + own)?;
        param.name.map(|it| ir.name(it).to_owned())
    }

    /// A decorator of a library: the function is called by the library, and stays what it is.
    fn decorate(&mut self, state: State, call: &Call) -> Value {
        let function = call.args.value(0);
        let decorated = self.places.decorated(state);
        if decorated.is_some() {
            self.pending.push(Pending {
                function: function.clone(),
                params: Vec::new(),
                from_request: false,
                callee: decorated,
                shift: false,
            });
        }
        function
    }

    /// Handlers given to a route. A registration that decorates gives its decorator.
    fn hand_over_routes(&mut self, state: State, rows: &crate::model::Rows<'a>, call: &Call) -> Option<Value> {
        let mut decorator = None;
        for route in &rows.routes {
            let from_request = route.params.contains(&ParamType::RequestParameters)
                || route.params.contains(&ParamType::PathParameters);
            let language = self.language();
            let params = self.param_states(language, &route.params);
            for handler in &route.handler {
                if handler.start == CallStart::Decorated {
                    let callee = self.decorated_state(state);
                    let pending = Pending {
                        function: Value::absent(),
                        params: params.clone(),
                        from_request,
                        callee,
                        shift: false,
                    };
                    if call.style == CallStyle::Decorate {
                        self.pending.push(Pending { function: call.args.value(0), ..pending });
                        continue;
                    }
                    self.decorators.push(pending);
                    decorator = Some(Value::atom(Atom::Native(super::value::Native::Decorator(
                        self.decorators.len() as u32 - 1,
                    ))));
                    continue;
                }
                for (function, _) in self.operands(handler, call) {
                    let callee = self.handler_state(state, handler, call);
                    self.push_handlers(&function, &params, from_request, callee, route.shift_at_arity, 0);
                }
            }
        }
        if decorator.is_none()
            && call.style == CallStyle::Call
            && let Some(callee) = self.places.decorated(state)
        {
            let pending = Pending {
                function: Value::absent(),
                params: Vec::new(),
                from_request: false,
                callee: Some(callee),
                shift: false,
            };
            self.decorators.push(pending);
            return Some(Value::atom(Atom::Native(super::value::Native::Decorator(self.decorators.len() as u32 - 1))));
        }
        decorator
    }

    /// What a registration decorates: named from the callee, or from what it gives.
    fn decorated_state(&mut self, state: State) -> Option<State> {
        let direct = self.places.decorated(state);
        let returned = self.places.returned(state).and_then(|it| self.places.decorated(it));
        match (direct, returned) {
            (Some(a), Some(b)) => Some(self.places.union(a, b)),
            (a, b) => a.or(b),
        }
    }

    fn handler_state(&mut self, state: State, handler: &CallPlace, call: &Call) -> Option<State> {
        let CallStart::Argument(at) = &handler.start else { return None };
        let count = call.args.positional.len() as u32;
        let index = (0..count).find(|index| at.iter().any(|it| it.holds_position(*index, count)))?;
        let mut found = self.places.argument(state, index, count)?;
        for token in &handler.tokens {
            if let Token::Member(names) = token {
                found = self.places.member(found, names.first()?)?;
            }
        }
        Some(found)
    }

    fn push_handlers(
        &mut self,
        value: &Value,
        params: &[Option<State>],
        from_request: bool,
        callee: Option<State>,
        shift: Option<u32>,
        depth: u32,
    ) {
        for atom in value.atoms().to_vec() {
            match &atom {
                Atom::Closure(_) | Atom::Bound(_) | Atom::Class(_) => {
                    let shifted = shift.is_some_and(|it| self.arity(&atom) == it);
                    self.pending.push(Pending {
                        function: Value::atom(atom),
                        params: params.to_vec(),
                        from_request,
                        callee,
                        shift: shifted,
                    });
                }
                Atom::Object(id) if depth < 3 && self.heap.object(*id).kind == ObjectKind::Array => {
                    let elements = self.heap.known_elements(*id).unwrap_or_else(|| vec![self.heap.elements(*id)]);
                    for element in elements {
                        self.push_handlers(&element, params, from_request, callee, shift, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Methods of a class that a library calls because of what it extends.
    pub fn hand_over_subclass(&mut self, id: super::value::ClassValueId) {
        let Some(base) = self.class_library(id, 0) else { return };
        let Some(subclass) = self.places.subclass(base) else { return };
        let prototype = self.classes[id.0 as usize].prototype;
        for (key, method) in self.heap.object(prototype).fields.clone() {
            let Key::Name(name) = key else { continue };
            let text = self.text(name);
            if let Some(at) = self.places.member(subclass, &text) {
                self.pending.push(Pending {
                    function: method,
                    params: Vec::new(),
                    from_request: false,
                    callee: Some(at),
                    shift: false,
                });
            }
        }
    }

    /// Checks that hold once the call has come back.
    fn returning_checks(&mut self, rows: &crate::model::Rows<'a>, call: &Call) {
        for check in &rows.checks {
            if check.holds_when == crate::model::rows::HoldsWhen::Returns {
                self.apply_check(check.row, call);
            }
        }
    }

    /// The states of declared parameter types.
    pub fn param_states(&mut self, language: &str, params: &[ParamType]) -> Vec<Option<State>> {
        params
            .iter()
            .map(|it| match it {
                ParamType::Type(name) => self.places.named_type(language, name),
                _ => None,
            })
            .collect()
    }

    pub fn model_text(constant: &Constant) -> Option<&str> {
        match constant {
            Constant::Text(it) => Some(it),
            _ => None,
        }
    }
}

/// A value that is found again as a member.
fn is_setting(row: &PropagatorRow, to: &CallPlace) -> bool {
    row.keeps == Keeps::Value && matches!(to.tokens.as_slice(), [Token::Member(_)])
}

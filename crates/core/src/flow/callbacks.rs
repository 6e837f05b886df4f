//! Functions that libraries call: callbacks, handlers, decorators.

use std::rc::Rc;

use super::call::Call;
use super::heap::{Key, ObjectKind};
use super::machine::{Args, Machine, Pending};
use super::registrations::{Handler, STAGE};
use super::value::{Atom, Labels, Value};
use crate::model::State;
use crate::model::place::{CallPlace, CallStart, Token};
use crate::model::rows::{ParamType, RouteRow, Verb};
use backend_specialist_syntax::ir::CallStyle;

/// Methods of HTTP, as methods of classes are called after them.
const HTTP_METHODS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options"];
/// Converters in paths that let no free text through.
const CONVERTERS: &[&str] = &["int", "float", "uuid"];
/// Characters by which routers mark parameters, wildcards and patterns.
const OPEN_SEGMENTS: &[char] = &['<', '{', ':', '*', '(', '[', '$', '?', '+', '\\', '.'];

impl<'a> Machine<'a> {
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

    pub(super) fn hand_over(&mut self, value: &Value, at: Option<State>, call: &Call, depth: u32) {
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
    pub(super) fn run_callback(&mut self, atom: &Atom, at: Option<State>, call: &Call) {
        if let Atom::Closure(id) = atom
            && self.closure_runs_now(*id)
        {
            return;
        }
        let function = Value::atom(atom.clone());
        if self.follows_convention(atom) {
            self.pending.push(Pending { function, callee: at, ..Pending::default() });
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
    pub(super) fn closure_runs_now(&self, id: super::value::ClosureId) -> bool {
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
    pub(super) fn decorate(&mut self, state: State, call: &Call) -> Value {
        let function = call.args.value(0);
        let decorated = self.places.decorated(state);
        if decorated.is_some() {
            self.pending.push(Pending { function: function.clone(), callee: decorated, ..Pending::default() });
        }
        function
    }

    /// Handlers given to a route. A registration that decorates gives its decorator.
    pub(super) fn hand_over_routes(
        &mut self,
        state: State,
        rows: &crate::model::Rows<'a>,
        call: &Call,
    ) -> Option<Value> {
        let mut decorator: Option<u32> = None;
        for route in &rows.routes {
            if route.is_assigned {
                continue;
            }
            let (when, unless) = (&route.origin.when, &route.origin.unless);
            let Some(each) = &route.row.each else {
                if self.conditions_hold(when, unless, call) {
                    decorator = self.hand_over_route(state, route.row, call, decorator);
                }
                continue;
            };
            let outer = self.given.take();
            for (all, _) in self.operands(each, call) {
                for element in self.flattened(&all, 0) {
                    self.given = Some(element);
                    if self.conditions_hold(when, unless, call) {
                        decorator = self.hand_over_route(state, route.row, call, decorator);
                    }
                }
            }
            self.given = outer;
        }
        if decorator.is_none()
            && call.style == CallStyle::Call
            && let Some(callee) = self.places.decorated(state)
        {
            let pending = Pending { function: Value::absent(), callee: Some(callee), ..Pending::default() };
            self.decorators.push(pending);
            return Some(Value::atom(Atom::Native(super::value::Native::Decorator(self.decorators.len() as u32 - 1))));
        }
        decorator.map(|it| Value::atom(Atom::Native(super::value::Native::Decorator(it))))
    }

    /// One row about routes. A registration that decorates gives its decorator, which leads to the one before.
    fn hand_over_route(&mut self, state: State, row: &'a RouteRow, call: &Call, before: Option<u32>) -> Option<u32> {
        if row.verb == Verb::Extend {
            self.extend_type(row, call);
            return before;
        }
        if row.folder.is_some() {
            self.plug_folder(state, row, call);
            return before;
        }
        let mut decorator = before;
        let from_request =
            row.params.contains(&ParamType::RequestParameters) || row.params.contains(&ParamType::PathParameters);
        let language = self.language();
        let params = self.param_states(language, &row.params);
        let fixed_path = row.verb == Verb::Add
            && row.path.as_ref().is_some_and(|place| self.is_path_without_parameters(place, call));
        let converted = self.converted_params(row, call);
        let mut registered = Vec::new();
        let brings = row.handler.iter().any(|it| it.start == CallStart::Decorated);
        let registration = if brings { self.register(row, Vec::new(), call) } else { None };
        let mut first = self.pending.len();
        for (index, handler) in row.handler.iter().enumerate() {
            if handler.start == CallStart::Decorated {
                let callee = self.decorated_state(state);
                let pending = Pending {
                    function: Value::absent(),
                    params: params.clone(),
                    from_request,
                    converted: converted.clone(),
                    callee,
                    fixed_path,
                    registered: Some(Rc::new(call.clone())),
                    registration,
                    also: decorator,
                    ..Pending::default()
                };
                if call.style == CallStyle::Decorate {
                    self.bring_handler(&pending, &call.args.value(0), call);
                    self.pending.push(Pending { function: call.args.value(0), ..pending });
                    continue;
                }
                self.decorators.push(pending);
                decorator = Some(self.decorators.len() as u32 - 1);
                continue;
            }
            let stage = row.stages.get(index).or(row.stages.last()).copied().unwrap_or(STAGE);
            for (function, place) in self.operands(handler, call) {
                let function = self.plugin_of(row, function);
                let callee = self.handler_state(state, handler, call);
                let router = self.plugged_in(row, &function, &params, call);
                if let Some(value) = router {
                    if !value.is_absent() {
                        registered.push(Handler { value, place, ..Handler::default_of(place) });
                    }
                    // What ran may have forgotten handlers that are alike.
                    first = self.pending.len();
                    continue;
                }
                registered.push(Handler {
                    value: function.clone(),
                    place,
                    params: params.clone(),
                    from_request,
                    callee,
                    shift_at_arity: row.shift_at_arity,
                    converted: converted.clone(),
                    fixed_path,
                    stage,
                });
                if row.verb != Verb::Setup {
                    self.push_handlers(&function, &params, (from_request, fixed_path), callee, row.shift_at_arity, 0);
                }
            }
        }
        if !brings {
            let registration = self.register(row, registered, call);
            if row.of_class && registration.is_some() {
                let pending = Pending { registration, is_owner_only: true, also: decorator, ..Pending::default() };
                if call.style == CallStyle::Decorate {
                    self.bring_handler(&pending, &call.args.value(0), call);
                } else {
                    self.decorators.push(pending);
                    decorator = Some(self.decorators.len() as u32 - 1);
                }
            }
        } else if let Some(it) = registration.and_then(|it| self.registrations.get_mut(it as usize)) {
            it.handlers.splice(0..0, registered);
        }
        self.chain_handlers(first);
        let is_early = matches!(row.verb, Verb::Use | Verb::Hook | Verb::Param);
        for pending in &mut self.pending[first..] {
            pending.is_early = is_early;
        }
        decorator
    }

    /// A decorator meets what it decorates.
    pub(super) fn run_decorator(&mut self, index: u32, call: &Call) -> Value {
        let function = call.args.value(0);
        let mut at = Some(index);
        while let Some(pending) = at.and_then(|it| self.decorators.get(it as usize)).cloned() {
            at = pending.also;
            if let Some((key, value)) = &pending.annotation {
                self.annotate(&function, *key, value);
                continue;
            }
            self.bring_handler(&pending, &function, call);
            if !pending.is_owner_only {
                self.pending.push(Pending { function: function.clone(), ..pending });
            }
        }
        function
    }

    /// Writes something down about a function or class, under a name that no code has.
    fn annotate(&mut self, on: &Value, key: Key, value: &Value) {
        let holder = match on.single() {
            Some(Atom::Closure(id)) => self.closure_object(*id),
            Some(Atom::Class(id)) => self.classes[id.0 as usize].statics,
            _ => return,
        };
        let is_list = matches!(key, Key::Name(name) if self.text(name).starts_with("\u{1}decorates "));
        let mut all = Vec::new();
        if is_list {
            // The innermost one comes first; of several in one, that is the last.
            let before = self.heap.field(holder, key).cloned().unwrap_or_default();
            all.extend(self.flattened(&before, 0).into_iter().filter(|it| !it.is_absent()));
            all.extend(self.flattened(value, 0).into_iter().rev());
        }
        let value = if is_list { self.new_array(all) } else { value.clone() };
        self.set_field(holder, key, value);
    }

    pub(super) fn annotation_key(&mut self, key: &Value) -> Option<Key> {
        let name = match key.single()? {
            Atom::Text(sym) => self.text(*sym).to_string(),
            Atom::Closure(id) => format!("function {}", id.0),
            Atom::Native(super::value::Native::Annotation(id)) => format!("annotation {id}"),
            _ => return None,
        };
        Some(Key::Name(self.intern(&format!("\u{1}{name}"))))
    }

    /// What was written down under the key about the first of them that has something.
    pub(super) fn noted_about(&mut self, key: Key, on: &Value) -> Value {
        for target in self.flattened(on, 0) {
            let (holders, others) = match target.single() {
                Some(Atom::Closure(id)) => (self.closures[id.0 as usize].object.into_iter().collect(), false),
                Some(Atom::Class(id)) => {
                    let all: Vec<_> = [*id].into_iter().chain(self.inherited_classes(*id)).collect();
                    (all.into_iter().map(|it| self.classes[it.0 as usize].statics).collect::<Vec<_>>(), false)
                }
                _ => (Vec::new(), true),
            };
            if others {
                return Value::unknown();
            }
            if let Some(found) = holders.into_iter().find_map(|it| self.heap.field(it, key)) {
                return found.clone();
            }
        }
        Value::undefined()
    }

    /// A decorator got the function it registers.
    pub(super) fn bring_handler(&mut self, pending: &Pending, function: &Value, call: &Call) {
        let Some(index) = pending.registration else { return };
        self.belong(index, function, call);
        if pending.is_owner_only {
            return;
        }
        let place = call.place;
        if let Some(registration) = self.registrations.get_mut(index as usize) {
            registration.handlers.push(Handler {
                value: function.clone(),
                place,
                params: pending.params.clone(),
                from_request: pending.from_request,
                callee: pending.callee,
                shift_at_arity: None,
                converted: pending.converted.clone(),
                fixed_path: pending.fixed_path,
                stage: STAGE,
            });
        }
    }

    /// Whether only one path leads to the handler: none of its segments is open.
    fn is_path_without_parameters(&mut self, place: &CallPlace, call: &Call) -> bool {
        let paths = self.operands(place, call);
        !paths.is_empty()
            && paths.iter().all(|(path, _)| {
                self.constant_texts(path).is_some_and(|it| it.iter().all(|it| !it.contains(OPEN_SEGMENTS)))
            })
    }

    /// Names in the path of which only numbers and ids are routed: `<int:id>`, `<uuid:id>`.
    fn converted_params(&mut self, route: &RouteRow, call: &Call) -> Vec<String> {
        let Some(path) = route.path.as_ref().and_then(|it| self.operand(it, call)) else { return Vec::new() };
        let texts = self.constant_texts(&path).unwrap_or_default();
        let typed = texts.iter().flat_map(|it| it.split('<').skip(1)).filter_map(|it| it.split('>').next());
        let is_known = |it: &str| CONVERTERS.iter().any(|known| it.split('(').next() == Some(known));
        // Routers differ in what comes first.
        typed
            .filter_map(|it| it.split_once(':'))
            .filter_map(|it| if is_known(it.0) { Some(it.1) } else { Some(it.0).filter(|_| is_known(it.1)) })
            .map(str::to_owned)
            .collect()
    }

    /// What a registration decorates: named from the callee, or from what it gives.
    pub(super) fn decorated_state(&mut self, state: State) -> Option<State> {
        let direct = self.places.decorated(state);
        let returned = self.places.returned(state).and_then(|it| self.places.decorated(it));
        match (direct, returned) {
            (Some(a), Some(b)) => Some(self.places.union(a, b)),
            (a, b) => a.or(b),
        }
    }

    pub(super) fn handler_state(&mut self, state: State, handler: &CallPlace, call: &Call) -> Option<State> {
        let CallStart::Argument(at) = &handler.start else { return None };
        let count = call.args.positional.len() as u32;
        let position = (0..count).find(|index| at.iter().any(|it| it.holds_position(*index, count)));
        let mut found = match position {
            Some(index) => self.places.argument(state, index, count)?,
            None => {
                let named = call.args.keywords.iter().map(|it| self.text(it.0).to_string());
                let name = named.into_iter().find(|name| at.iter().any(|it| it.holds_keyword(name)))?;
                self.places.keyword(state, &name)?
            }
        };
        for token in &handler.tokens {
            if let Token::Member(names) = token {
                found = self.places.member(found, names.first()?)?;
            }
        }
        Some(found)
    }

    pub(super) fn push_handlers(
        &mut self,
        value: &Value,
        params: &[Option<State>],
        (from_request, fixed_path): (bool, bool),
        callee: Option<State>,
        shift: Option<u32>,
        depth: u32,
    ) {
        for atom in value.atoms().to_vec() {
            match &atom {
                Atom::Class(class) => self.push_methods(*class, None, params, from_request, depth),
                Atom::Closure(_) | Atom::Bound(_) => {
                    let shifted = shift.is_some_and(|it| self.arity(&atom) == it);
                    self.pending.push(Pending {
                        function: Value::atom(atom),
                        params: params.to_vec(),
                        from_request,
                        callee,
                        shift: shifted,
                        fixed_path,
                        ..Pending::default()
                    });
                }
                // A check of one field, in front of the handler.
                Atom::Object(id) if self.checks_a_field(*id) => {
                    self.pending.push(Pending {
                        function: Value::atom(atom),
                        params: params.to_vec(),
                        ..Pending::default()
                    });
                }
                Atom::Object(id) if matches!(self.heap.object(*id).kind, ObjectKind::Instance(_)) => {
                    if let ObjectKind::Instance(class) = self.heap.object(*id).kind {
                        self.push_methods(class, Some(Value::atom(atom)), params, from_request, depth);
                    }
                }
                Atom::Object(id) if depth < 3 && self.heap.object(*id).kind == ObjectKind::Array => {
                    let elements = self.heap.known_elements(*id).unwrap_or_else(|| vec![self.heap.elements(*id)]);
                    for element in elements {
                        self.push_handlers(&element, params, (from_request, fixed_path), callee, shift, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Methods of a class of handlers that are called like methods of HTTP: `get`, `on_post`.
    fn push_methods(
        &mut self,
        class: super::value::ClassValueId,
        this: Option<Value>,
        params: &[Option<State>],
        from_request: bool,
        depth: u32,
    ) {
        if depth >= 3 {
            return;
        }
        let prototype = self.classes[class.0 as usize].prototype;
        for (key, method) in self.heap.object(prototype).fields.clone() {
            let Key::Name(name) = key else { continue };
            let name = self.text(name);
            if !HTTP_METHODS.contains(&name.strip_prefix("on_").unwrap_or(&name)) || method.is_absent() {
                continue;
            }
            let function = match &this {
                Some(this) => Value::atom(Atom::Bound(Rc::new(super::value::Bound {
                    function: method,
                    this: Some(this.clone()),
                    args: Vec::new(),
                }))),
                None => method,
            };
            self.pending.push(Pending {
                function,
                params: params.to_vec(),
                from_request,
                converted: Vec::new(),
                callee: None,
                shift: false,
                ..Pending::default()
            });
        }
    }

    /// Methods of a class that a library calls because of what it extends.
    pub fn hand_over_subclass(&mut self, id: super::value::ClassValueId) {
        let Some(base) = self.class_library(id) else { return };
        let Some(subclass) = self.places.subclass(base) else { return };
        let prototype = self.classes[id.0 as usize].prototype;
        for (key, method) in self.heap.object(prototype).fields.clone() {
            let Key::Name(name) = key else { continue };
            let text = self.text(name);
            if let Some(at) = self.places.member(subclass, &text) {
                self.pending.push(Pending { function: method, callee: Some(at), ..Pending::default() });
            }
        }
    }

    /// Checks that hold once the call has come back.
    pub(super) fn returning_checks(&mut self, rows: &crate::model::Rows<'a>, call: &Call) {
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
}

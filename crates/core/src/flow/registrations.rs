//! What set-up code registers: an ordered log for each app and router, which are objects with an identity.
//!
//! The log is written by running set-up, however it is written: loops, factories, functions that receive the app.
//! Which routes it makes is decided in `route`.

use super::call::Call;
use super::heap::{Key, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, ObjectId, ScopeId, Value};
use crate::Place;
use crate::model::State;
use crate::model::rows::{Method, RouteRow, Verb};
use backend_specialist_syntax::ir::{ExprId, Span};

/// Registrations kept of one project.
const REGISTRATIONS_MAX: usize = 20_000;

/// One call, or one decorator, that tells a framework something about its routes.
#[derive(Clone, Debug)]
pub struct Registration<'a> {
    pub row: &'a RouteRow,
    /// The app or router it is made on.
    pub owner: Option<ObjectId>,
    /// The app or router that the call makes.
    pub made: Option<ObjectId>,
    /// The value that the call gives: the registration holds where that is listed.
    pub listed: Option<ObjectId>,
    /// In capitals; none for any method.
    pub methods: Vec<String>,
    pub path: Option<Value>,
    pub handlers: Vec<Handler>,
    /// What stands before the handlers without being one: `dependencies=[…]`.
    pub guards: Vec<Guard>,
    pub place: Place,
    /// It stands in a branch that may not be taken.
    pub is_conditional: bool,
    /// A further handler of its class that is asked for one object.
    pub is_for_one: bool,
}

/// A function, router or class that was registered.
#[derive(Clone, Debug)]
pub struct Handler {
    pub value: Value,
    pub place: Place,
    pub params: Vec<Option<State>>,
    pub from_request: bool,
    pub callee: Option<State>,
    pub shift_at_arity: Option<u32>,
    /// Parameters of the path that are numbers or ids, as it says.
    pub converted: Vec<String>,
    /// The path has no parameters.
    pub fixed_path: bool,
}

impl Handler {
    /// A handler of which nothing but its place is known.
    pub fn default_of(place: Place) -> Handler {
        Handler {
            value: Value::absent(),
            place,
            params: Vec::new(),
            from_request: false,
            callee: None,
            shift_at_arity: None,
            converted: Vec::new(),
            fixed_path: false,
        }
    }
}

/// A value that guards, and the expression that gave it: some do their work while it is evaluated.
#[derive(Clone, Debug)]
pub struct Guard {
    pub value: Value,
    pub place: Place,
    pub source: Option<(u32, ScopeId, ExprId)>,
}

impl<'a> Machine<'a> {
    /// Writes a registration down; gives its index for the decorator that will bring the handler.
    pub(super) fn register(&mut self, row: &'a RouteRow, handlers: Vec<Handler>, call: &Call) -> Option<u32> {
        if self.registrations.len() >= REGISTRATIONS_MAX || self.is_set_up || self.dead {
            return None;
        }
        let methods = self.methods_of(row, call);
        let path = row.path.as_ref().map(|it| self.operands(it, call)).filter(|it| !it.is_empty());
        let path = path.map(|all| all.into_iter().fold(Value::absent(), |all, it| all.join(&it.0)));
        let mut guards = Vec::new();
        for place in &row.guards {
            for (value, place) in self.operands(place, call) {
                let expr = call.args.keywords.iter().find(|it| it.2 == place).and_then(|it| it.3);
                let frame = self.frames.last();
                let source = expr.zip(frame).map(|(expr, frame)| (frame.module, frame.scope, expr));
                guards.push(Guard { value, place, source });
            }
        }
        let owner = match &row.on {
            Some(on) => self.operand(on, call).and_then(|it| self.router_of(&it)),
            None => self.router_of(&call.this),
        };
        if row.on.is_some() && owner.is_none() {
            return None;
        }
        let one = row.for_one.as_ref().and_then(|it| self.operand(it, call));
        let is_for_one = row.is_for_one || one.is_some_and(|it| matches!(it.single(), Some(Atom::Bool(true))));
        self.registrations.push(Registration {
            row,
            owner,
            made: None,
            listed: None,
            methods,
            path,
            handlers,
            guards,
            place: self.registration_place(call),
            is_conditional: self.uncertain > 0,
            is_for_one,
        });
        Some(self.registrations.len() as u32 - 1)
    }

    /// The line of a registration in a chain of calls is the one of its own name.
    fn registration_place(&self, call: &Call) -> Place {
        let length = self.callee_name.map_or(0, |it| self.text(it).len() as u32);
        let named = call.callee_place.span.end.checked_sub(length).filter(|_| length > 0);
        match named {
            Some(start) if start >= call.place.span.start => {
                Place { span: Span::new(start, call.place.span.end), ..call.place }
            }
            _ => call.place,
        }
    }

    /// A plugin is a function that registers on an app of its own: it runs now.
    pub(super) fn plugged_in(
        &mut self,
        row: &RouteRow,
        function: &Value,
        params: &[Option<State>],
        call: &Call,
    ) -> Option<Value> {
        let state = params.first().copied().flatten()?;
        let is_function = matches!(function.single(), Some(Atom::Closure(_) | Atom::Bound(_)));
        if row.verb != Verb::Mount || self.is_set_up || !is_function || !self.takes_routes(state) {
            return None;
        }
        let router = Value::atom(Atom::Object(self.new_object(ObjectKind::Library(state))));
        let options = call.args.value(1);
        let args = super::machine::Args::of(vec![router.clone(), options], call.place);
        self.call_value(function, Value::undefined(), args, call.place);
        self.dead = false;
        Some(router)
    }

    fn methods_of(&mut self, row: &RouteRow, call: &Call) -> Vec<String> {
        match &row.method {
            Method::Any => Vec::new(),
            Method::Fixed(name) => vec![name.clone()],
            Method::Callee => {
                let name = self.callee_name.map(|it| self.text(it).to_uppercase());
                match name.as_deref() {
                    Some("DEL") => vec!["DELETE".to_owned()],
                    Some(name) => vec![name.trim_start_matches("ADD_").to_owned()],
                    None => Vec::new(),
                }
            }
            Method::At(place) => {
                let found = self.operands(place, call);
                if found.is_empty() {
                    return row.default_methods.clone();
                }
                let mut methods = Vec::new();
                for (value, _) in found {
                    let values = match value.object() {
                        Some(id) => self.heap.known_elements(id).unwrap_or_else(|| vec![Value::unknown()]),
                        None => vec![value],
                    };
                    for value in values {
                        let texts = self.constant_texts(&value).unwrap_or_default();
                        methods.extend(texts.iter().map(|it| it.to_uppercase()));
                    }
                }
                methods
            }
        }
    }

    /// The app or router that a value is.
    pub(super) fn router_of(&self, value: &Value) -> Option<ObjectId> {
        value.atoms().iter().find_map(|atom| match atom {
            Atom::Object(id) if self.is_router(*id) => Some(*id),
            _ => None,
        })
    }

    pub fn is_router(&self, id: ObjectId) -> bool {
        match self.heap.object(id).kind {
            ObjectKind::Library(state) => self.router_states.get(&state).copied().unwrap_or(false),
            ObjectKind::Instance(class) => {
                self.class_library(class).is_some_and(|it| self.router_classes.contains(&it))
            }
            _ => false,
        }
    }

    /// Gives an app or router that a call made its identity.
    pub(super) fn with_identity(&mut self, value: Value, call: &Call, first: usize) -> Value {
        let value = self.identified(value, call, first);
        // What is made on another one stands in it.
        for registration in &mut self.registrations[first..] {
            if registration.row.verb == Verb::Mount && registration.row.handler.is_empty() {
                let handler = Handler { value: value.clone(), ..Handler::default_of(registration.place) };
                registration.handlers = vec![handler];
            }
        }
        value
    }

    fn identified(&mut self, value: Value, call: &Call, first: usize) -> Value {
        let id = match value.single() {
            Some(Atom::Lib(state)) => {
                let state = *state;
                if !self.takes_routes(state) {
                    return value;
                }
                self.new_object(ObjectKind::Library(state))
            }
            Some(Atom::Object(id)) => {
                let id = *id;
                let ObjectKind::Library(state) = self.heap.object(id).kind else { return value };
                if !self.takes_routes(state) {
                    return value;
                }
                id
            }
            _ => return value,
        };
        let stands_in = |it: &Registration<'_>| it.row.verb == Verb::Mount && it.row.handler.is_empty();
        if let Some(parent) = self.router_of(&call.this)
            && parent != id
            && !self.registrations[first..].iter().any(stands_in)
        {
            self.router_parents.insert(id, parent);
        }
        let place = self.registration_place(call);
        for registration in &mut self.registrations[first..] {
            if registration.row.verb == Verb::Prefix && registration.place == place {
                registration.made = Some(id);
            }
        }
        Value::labelled(Atom::Object(id), value.labels)
    }

    /// Whether routes are registered on values at this place.
    pub(super) fn takes_routes(&mut self, state: State) -> bool {
        if let Some(known) = self.router_states.get(&state) {
            return *known;
        }
        let mut takes = false;
        for name in self.places.member_edges(state) {
            let member = self.places.member(state, &name);
            takes |= member.is_some_and(|it| !self.places.rows(it).routes.is_empty());
        }
        self.router_states.insert(state, takes);
        takes
    }

    pub fn name_key(&mut self, name: &str) -> Key {
        Key::Name(self.intern(name))
    }
}

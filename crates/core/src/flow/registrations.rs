//! What set-up code registers: an ordered log for each app and router, which are objects with an identity.
//!
//! The log is written by running set-up, however it is written: loops, factories, functions that receive the app.
//! Which routes it makes is decided in `route`.

use super::call::Call;
use super::guards::Proof;
use super::heap::{Key, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, ClassValueId, ObjectId, ScopeId, Value};
use crate::Place;
use crate::model::State;
use crate::model::rows::{Method, ProofRow, RouteRow, Verb};
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
    /// What it proves for its routes, and when.
    pub proves: Vec<(Proof, Place, u32)>,
    /// What others prove that does not hold for it.
    pub lifts: Vec<Proof>,
    /// Paths for which it does not hold: texts, or objects with a path and a method.
    pub except: Vec<Value>,
    /// The class for whose routes alone it holds.
    pub within: Option<ObjectId>,
    pub version: Option<Value>,
}

/// The stage of what does not say when it runs.
pub const STAGE: u32 = 50;

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
    /// When it runs, the lowest first.
    pub stage: u32,
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
            stage: STAGE,
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
        let on = match &row.on {
            Some(on) => self.operand(on, call).and_then(|it| self.router_of(&it)),
            None => self.router_of(&call.this),
        };
        if row.on.is_some() && on.is_none() {
            return None;
        }
        let one = row.for_one.as_ref().and_then(|it| self.operand(it, call));
        let is_for_one = row.is_for_one || one.is_some_and(|it| matches!(it.single(), Some(Atom::Bool(true))));
        let prefixed = match handlers.first() {
            Some(it) if row.verb == Verb::Prefix => {
                let value = it.value.clone();
                self.class_scope(&value).or_else(|| self.router_of(&value))
            }
            _ => None,
        };
        let except = row.except.iter().flat_map(|it| self.operands(it, call)).map(|it| it.0).collect();
        let within = row.within.as_ref().and_then(|it| self.operand(it, call)).and_then(|it| self.class_scope(&it));
        let version = row.version.as_ref().and_then(|it| self.operand(it, call));
        let proves = self.proof_rows(&row.proofs, call);
        let lifts = self.proof_rows(&row.lifts, call).into_iter().map(|it| it.0).collect();
        self.registrations.push(Registration {
            row,
            owner: prefixed.or(on),
            proves,
            lifts,
            except,
            within,
            version,
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

    fn proof_rows(&mut self, rows: &[ProofRow], call: &Call) -> Vec<(Proof, Place, u32)> {
        let mut found = Vec::new();
        for row in rows {
            let holds = row.condition.as_ref().is_none_or(|it| self.holds(it, call));
            let proof = Proof::ALL.into_iter().find(|it| it.kind().name().ends_with(&row.guard));
            if let (true, Some(proof)) = (holds, proof) {
                let at = row.condition.as_ref().and_then(|it| self.operands(&it.at, call).first().map(|it| it.1));
                found.push((proof, at.unwrap_or(call.place), row.stage.unwrap_or(STAGE)));
            }
        }
        found
    }

    /// What registrations belong to that decorate a class: its object.
    pub(super) fn class_scope(&mut self, value: &Value) -> Option<ObjectId> {
        match value.single()? {
            Atom::Class(id) => {
                let scope = self.classes[id.0 as usize].statics;
                self.class_scopes.insert(scope, *id);
                Some(scope)
            }
            _ => None,
        }
    }

    /// A registration meets what it decorates: a class, or a method of one.
    pub(super) fn belong(&mut self, index: u32, decorated: &Value, call: &Call) {
        let Some(row) = self.registrations.get(index as usize).map(|it| it.row) else { return };
        if !row.of_class {
            return;
        }
        let is_method = decorated.atoms().iter().all(|it| matches!(it, Atom::Closure(_)));
        let owner = match decorated.single() {
            Some(Atom::Closure(id)) if row.verb != Verb::Add => Some(self.closure_object(*id)),
            _ if is_method => self.class_scope(&call.this),
            _ => self.class_scope(decorated),
        };
        if let Some(it) = self.registrations.get_mut(index as usize) {
            it.owner = owner.or(it.owner);
        }
        if row.verb == Verb::Setup {
            self.run_setup(row, decorated, call.place);
        }
    }

    /// The framework makes an instance of the class, and calls the method with what takes registrations.
    fn run_setup(&mut self, row: &'a RouteRow, class: &Value, place: Place) {
        let (Some(scope), Some(name)) = (self.class_scope(class), &row.calls) else { return };
        let language = self.language();
        let params = self.param_states(language, &row.params);
        let name = self.intern(name);
        let has_method = match class.single() {
            Some(Atom::Class(id)) => self.class_member(*id, name, &Value::undefined()).is_some(),
            _ => false,
        };
        if !has_method || self.is_set_up {
            return;
        }
        let mut args = Vec::new();
        for state in params.into_iter().flatten() {
            self.takes_routes(state);
            let given = self.new_object(ObjectKind::Library(state));
            self.router_parents.insert(given, scope);
            args.push(Value::atom(Atom::Object(given)));
        }
        let this = self.injected(class, place);
        let method = self.member(&this, name, None, place);
        self.call_value(&method, this, super::machine::Args::of(args, place), place);
        self.dead = false;
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
        let parent = self.router_of(&call.this).filter(|_| self.shares_scope(function));
        let router = match parent {
            Some(parent) => Value::atom(Atom::Object(parent)),
            None => Value::atom(Atom::Object(self.new_plugin_scope(state, &call.this))),
        };
        let options = match call.args.get(1) {
            Some(it) => it.0.clone(),
            None => Value::atom(Atom::Object(self.new_object(ObjectKind::Plain))),
        };
        let args = super::machine::Args::of(vec![router.clone(), options], call.place);
        self.call_value(function, Value::undefined(), args, call.place);
        self.dead = false;
        Some(if parent.is_some() { Value::absent() } else { router })
    }

    /// An app within an app: it has what was added to that one.
    fn new_plugin_scope(&mut self, state: State, outer: &Value) -> ObjectId {
        let id = self.new_object(ObjectKind::Library(state));
        if outer.object().is_some() {
            self.heap.write(super::heap::Loc::Prototype(id), outer.clone());
        }
        id
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
                        methods.extend(texts.iter().filter(|it| !it.is_empty()).map(|it| it.to_uppercase()));
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
            let is_made = registration.row.handler.is_empty() && registration.row.folder.is_none();
            if registration.row.verb == Verb::Mount && is_made {
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
            let makes = match registration.row.verb {
                Verb::Prefix => registration.owner.is_none() || !registration.row.of_class,
                Verb::Mount => registration.owner.is_none(),
                _ => false,
            };
            if makes && registration.place == place {
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

    /// Whether the function is what the class has under its name.
    pub fn is_method_of(&self, class: ClassValueId, function: &Value) -> bool {
        let Some(Atom::Closure(id)) = function.single() else { return true };
        let closure = &self.closures[id.0 as usize];
        let Some(home) = closure.home else { return true };
        let held = &self.heap.object(self.classes[home.0 as usize].prototype).fields;
        let Some(key) = held.iter().find(|it| it.1 == *function).map(|it| it.0) else { return true };
        let lineage = [class].into_iter().chain(self.inherited_classes(class));
        let found = lineage
            .into_iter()
            .find_map(|it| self.heap.field(self.classes[it.0 as usize].prototype, key).filter(|it| !it.is_absent()));
        found.is_none_or(|it| it == function)
    }

    /// Functions, routers and classes in what was given as handlers, in order.
    pub fn flattened(&self, value: &Value, depth: u32) -> Vec<Value> {
        if let Some(Atom::Object(id)) = value.single()
            && self.heap.object(*id).kind == ObjectKind::Array
            && depth < 4
        {
            let Some(elements) = self.heap.known_elements(*id) else { return vec![self.heap.elements(*id)] };
            return elements.iter().flat_map(|it| self.flattened(it, depth + 1)).collect();
        }
        vec![value.clone()]
    }

    pub fn name_key(&mut self, name: &str) -> Key {
        Key::Name(self.intern(name))
    }
}

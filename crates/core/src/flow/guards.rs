//! What holds on the way through a route: facts in the heap, so that branches join them like any other value.
//!
//! A fact that holds on every way that goes on is a guard: it does not matter how the guard is written, and one that
//! answers but goes on, or lets exceptions pass, proves nothing.

mod flags;
mod promises;
mod proof;
mod tested;

pub use proof::Proof;

use rustc_hash::FxHashMap;

use backend_specialist_syntax::ir::{Const, Expr, ExprId, TOP_LEVEL};

use super::call::Call;
use super::effects::Effect;
use super::heap::{Delta, Key, Loc, Mark, ObjectKind};
use super::machine::Machine;
use super::value::{Atom, ClassValueId, ClosureId, Labels, ObjectId, Piece, ScopeId, Sym, Value};
use crate::Place;
use crate::model::rows::{CallRow, Constant, GoesOn};
use crate::model::{KindId, Rows, State};
use crate::names;

/// The route that is being run.
#[derive(Debug)]
pub struct RouteRun {
    /// One field for each proof: `false` until it is proven.
    pub(super) facts: ObjectId,
    /// The request and response objects that all functions of the chain share, by their type.
    pub shared: FxHashMap<State, ObjectId>,
    /// Where the present function of the chain began.
    pub mark: Mark,
    /// The state at each place where the present function goes on to the next one.
    pub continued: Vec<Delta>,
    pub effects: Vec<Effect>,
    /// What was proven on some way, each once.
    pub ever: Vec<(Proof, Place)>,
    /// Calls of what nobody knows, by names that guards have.
    pub doubts: Vec<Place>,
    /// A session's cookie proved who asks.
    pub by_cookie: bool,
    /// Frames around the present function of the chain.
    pub depth: usize,
    /// What comes back from the present function is the answer.
    pub answers: bool,
    /// Where the present function goes on.
    pub goes_on: GoesOn,
    /// The function that answers, and the class it belongs to.
    pub handler: Value,
    pub class: Value,
    /// The path, with holes where it is open.
    pub path: Value,
    /// What of it lies below where the present function is mounted.
    pub relative: Value,
    /// Where the present function gave its way on to something that nobody can look into.
    deferred: Vec<(Place, Delta)>,
    /// Calls in the present function of something that nobody can look into.
    pub asked: Vec<Place>,
    /// Calls through which the way on surely led, into something that nobody can look into.
    pub unseen: Vec<Place>,
    /// What was proven at each place where the promise that is being made is kept.
    resolved: Vec<Vec<(Proof, Place)>>,
    /// The method of the present one around another: its `super` goes on.
    pub around: Option<Sym>,
    /// The method of the request, if there is but one.
    pub method: Option<String>,
    /// The method was read while it could be any.
    pub asks_method: bool,
    /// Methods that functions which were called are restricted to, while it could be any.
    pub restricted: Vec<String>,
    /// The call whose result the present function gives back: where that one goes on, so does this one.
    pub(super) handed_on: Option<ExprId>,
    /// Whether what is called now is that call.
    pub(super) hands_on: bool,
}

/// Methods that change nothing.
const READS: &[&str] = &["GET", "HEAD", "OPTIONS"];
/// Calls kept of what nobody can look into.
const ASKED_MAX: usize = 64;
/// Statuses from here on are no success.
pub(super) const FIRST_REFUSAL: f64 = 300.0;

impl<'a> Machine<'a> {
    /// Begins a route: nothing is proven yet.
    pub fn begin_route(&mut self, method: Option<String>) {
        let facts = self.new_object(ObjectKind::Plain);
        for proof in Proof::ALL {
            let key = self.proof_key(proof);
            self.heap.write(Loc::Field(facts, key), Value::bool(false));
        }
        let status = self.name_key("status");
        self.heap.write(Loc::Field(facts, status), Value::number(200.0));
        self.route = Some(RouteRun {
            facts,
            shared: FxHashMap::default(),
            mark: self.heap.mark(),
            continued: Vec::new(),
            effects: Vec::new(),
            ever: Vec::new(),
            doubts: Vec::new(),
            by_cookie: false,
            depth: 0,
            answers: false,
            goes_on: GoesOn::Next,
            handler: Value::unknown(),
            class: Value::unknown(),
            path: Value::unknown(),
            relative: Value::unknown(),
            deferred: Vec::new(),
            asked: Vec::new(),
            unseen: Vec::new(),
            resolved: Vec::new(),
            around: None,
            method,
            asks_method: false,
            restricted: Vec::new(),
            handed_on: None,
            hands_on: false,
        });
    }

    /// The method of the request of the route that runs.
    pub(super) fn asked_method(&mut self) -> Option<String> {
        let route = self.route.as_mut()?;
        route.asks_method |= route.method.is_none();
        route.method.clone()
    }

    /// A function is called that answers certain methods only.
    pub(super) fn note_restricted(&mut self, id: ClosureId) {
        let Some(methods) = self.restricted.get(&id) else { return };
        if let Some(route) = &mut self.route
            && route.method.is_none()
        {
            for method in methods {
                if !route.restricted.contains(method) {
                    route.restricted.push(method.clone());
                }
            }
        }
    }

    /// The value of `return call(…)`: a function of a chain that answers, or goes on, by what it gives back does so
    /// where the called one does. Whether that one told.
    pub(super) fn eval_returned(&mut self, expr: ExprId) -> (Value, bool) {
        // What comes back tells where it goes on, or is the answer.
        let tells = self.route.as_ref().is_some_and(|it| it.goes_on == GoesOn::Nothing || it.answers);
        let call = match self.ir().expr(expr) {
            Expr::Await(inner) => inner,
            _ => expr,
        };
        if !tells || !self.is_outermost() || !matches!(self.ir().expr(call), Expr::Call { .. }) {
            return (self.eval(expr), false);
        }
        let outer = self.route.as_mut().and_then(|it| it.handed_on.replace(call));
        let depth = self.route.as_ref().map_or(0, |it| it.depth);
        let value = self.eval(expr);
        let Some(route) = &mut self.route else { return (value, false) };
        let told = route.depth != depth;
        route.depth = depth;
        route.handed_on = outer;
        route.hands_on = false;
        (value, told)
    }

    /// The call is evaluated, its arguments are known.
    pub(super) fn begin_handed_on(&mut self, expr: ExprId, function: &Value) {
        let is_own = matches!(function.single(), Some(Atom::Closure(_) | Atom::Bound(_)));
        let is_outermost = is_own && self.is_outermost();
        if let Some(route) = &mut self.route {
            route.hands_on = is_outermost && route.handed_on == Some(expr);
        }
    }

    /// A function of the project is entered.
    pub(super) fn enter_handed_on(&mut self) {
        if let Some(route) = &mut self.route
            && std::mem::take(&mut route.hands_on)
        {
            route.handed_on = None;
            route.depth += 1;
        }
    }

    /// `super` of a method around another: the request goes on. Whether it was one.
    pub(super) fn goes_around(&mut self, name: Sym) -> bool {
        let is_around = self.route.as_ref().is_some_and(|it| it.around == Some(name));
        if is_around {
            self.continue_from_here();
        }
        is_around
    }

    /// The proof does not hold any more.
    pub fn revoke(&mut self, proof: Proof) {
        let Some(facts) = self.route.as_ref().map(|it| it.facts) else { return };
        let key = self.proof_key(proof);
        self.heap.write(Loc::Field(facts, key), Value::bool(false));
    }

    /// A path of which a request fills in what is missing.
    pub fn path_value(&mut self, parts: &[Option<String>]) -> Value {
        let pieces: Vec<Piece> = parts
            .iter()
            .map(|it| match it {
                Some(text) => Piece::Literal(self.intern(text)),
                None => Piece::Hole { labels: Labels::default(), number: false },
            })
            .collect();
        match pieces.as_slice() {
            [Piece::Literal(sym)] => Value::atom(Atom::Text(*sym)),
            _ => Value::atom(Atom::Shape(pieces.into())),
        }
    }

    /// Runs something as code of the file in which the place is.
    pub fn in_module<T>(&mut self, place: Place, run: impl FnOnce(&mut Self) -> T) -> T {
        let module = self.modules.iter().position(|it| it.file == place.file).unwrap_or_default() as u32;
        let scope = self.states[module as usize].scope;
        self.budget = super::machine::BUDGET;
        self.deep_runs = 0;
        self.dead = false;
        self.push_frame(module, TOP_LEVEL, scope, Value::undefined());
        let result = run(self);
        self.frames.pop();
        self.dead = false;
        result
    }

    /// A method of an object, and what its class has of a library's guard, unless it has the method of its own.
    pub fn framework_method(&mut self, this: &Value, name: Sym, place: Place) -> (Value, Labels) {
        let method = self.member(this, name, None, place);
        let is_own = matches!(method.single(), Some(Atom::Closure(_) | Atom::Bound(_)));
        let class = match this.object().map(|it| self.heap.object(it).kind) {
            Some(ObjectKind::Instance(class)) if !is_own => class,
            _ => return (method, Labels::default()),
        };
        let mut labels = Labels::default();
        for class in [class].into_iter().chain(self.inherited_classes(class)) {
            for base in &self.classes[class.0 as usize].bases {
                labels = labels.join(&base.labels);
            }
        }
        let labels = self.guard_labels(&labels);
        (method, labels)
    }

    /// Calls a function of a library as the framework would.
    pub fn call_in_module(&mut self, place: Place, function: &Value, this: Value, args: super::machine::Args) {
        self.in_module(place, |it| {
            let result = it.call_value(function, this, args, place);
            it.establish_result(&result, place);
        });
    }

    /// Begins a function of the chain.
    pub fn begin_link(&mut self, answers: bool, is_hook: bool) {
        self.begin_link_as(answers, if is_hook { GoesOn::Nothing } else { GoesOn::Next });
    }

    /// Begins a function of the chain that goes on in a way of its own.
    pub fn begin_link_as(&mut self, answers: bool, goes_on: GoesOn) {
        let mark = self.heap.mark();
        if let Some(route) = &mut self.route {
            route.mark = mark;
            // Its arguments are made first.
            route.depth = usize::MAX - 1;
            route.answers = answers;
            route.goes_on = goes_on;
            route.continued.clear();
            route.deferred.clear();
            route.asked.clear();
        }
    }

    /// Something that nobody can look into is called on the way.
    pub(super) fn note_asked(&mut self, place: Place) {
        if let Some(route) = &mut self.route
            && route.asked.len() < ASKED_MAX
        {
            route.asked.push(place);
        }
    }

    /// Another function may stand there instead: it begins where the first one did.
    pub fn again_from_link(&mut self) {
        let Some(route) = &mut self.route else { return };
        let mark = route.mark;
        route.depth = usize::MAX - 1;
        self.heap.undo(mark);
        self.dead = false;
    }

    /// Whether the function has a parameter by which it goes on.
    pub fn gets_way_on(&mut self, function: &Atom, params: &[Option<State>]) -> bool {
        let arity = self.arity(function) as usize;
        params
            .iter()
            .take(arity)
            .flatten()
            .any(|it| self.places.rows(*it).calls.iter().any(|it| it.kind.name() == "next"))
    }

    /// The function of the chain is entered now.
    pub(super) fn enter_link(&mut self) {
        let depth = self.frames.len();
        if let Some(route) = &mut self.route {
            route.depth = depth;
        }
    }

    /// Ends a function of the chain: the state is one in which it goes on. Whether it does.
    pub fn end_link(&mut self, is_last: bool, is_route: bool) -> bool {
        let Some(route) = &mut self.route else { return false };
        if is_last {
            return false;
        }
        let (mark, mut continued) = (route.mark, std::mem::take(&mut route.continued));
        if continued.is_empty() && !is_route {
            for (place, delta) in std::mem::take(&mut route.deferred) {
                route.unseen.push(place);
                continued.push(delta);
            }
        }
        if continued.is_empty() {
            return false;
        }
        self.heap.undo(mark);
        self.heap.join(continued);
        true
    }

    /// A part of the request that the route decides: its method, its path.
    pub(super) fn decided_by_route(&mut self, rows: &Rows<'a>, labels: &Labels) -> Option<Value> {
        self.route.as_ref()?;
        if rows.has_type("ParameterClass") {
            let classes = self.parameter_classes();
            return classes.into_iter().map(|it| Value::atom(Atom::Class(it))).reduce(|all, it| all.join(&it));
        }
        let route = self.route.as_ref()?;
        let is_relative = rows.has_type("RelativePath") || rows.has_type("RelativeUrl");
        let is_url = rows.has_type("RequestUrl") || rows.has_type("RelativeUrl");
        if !is_url && !is_relative && !rows.has_type("RequestPath") {
            return None;
        }
        let path = if is_relative { &route.relative } else { &route.path };
        let mut pieces: Vec<Piece> = match path.single()? {
            Atom::Text(sym) => vec![Piece::Literal(*sym)],
            Atom::Shape(pieces) => pieces.to_vec(),
            _ => return None,
        };
        let hole = || Piece::Hole { labels: labels.clone(), number: false };
        pieces.iter_mut().filter(|it| matches!(it, Piece::Hole { .. })).for_each(|it| *it = hole());
        let atom = |pieces: Vec<Piece>| match pieces.as_slice() {
            [Piece::Literal(sym)] => Atom::Text(*sym),
            _ => Atom::Shape(pieces.into()),
        };
        let path = Value::labelled(atom(pieces.clone()), labels.clone());
        if !is_url {
            return Some(path);
        }
        // Nothing, or a query, stands behind the path.
        match pieces.last_mut() {
            Some(Piece::Literal(sym)) => {
                let text = format!("{}?", self.text(*sym));
                *sym = self.intern(&text);
            }
            _ => return Some(path),
        }
        pieces.push(hole());
        Some(path.join(&Value::labelled(atom(pieces), labels.clone())))
    }

    /// What a tested result of a function that nobody can look into says, where it is true.
    pub fn establish_result(&mut self, value: &Value, place: Place) {
        if self.has_kind(&value.labels, "principal") {
            self.establish(Proof::Auth, place);
        }
        self.establish_labels(&value.labels);
    }

    /// Evaluates an expression of set-up code for a request; whether the request goes on.
    pub fn evaluate_again(&mut self, module: u32, scope: ScopeId, expr: ExprId) -> bool {
        self.budget = super::machine::BUDGET;
        self.deep_runs = 0;
        self.dead = false;
        self.push_frame(module, TOP_LEVEL, scope, Value::undefined());
        let value = self.eval(expr);
        self.frames.pop();
        self.establish_labels(&self.deep_labels(&value));
        !std::mem::replace(&mut self.dead, false)
    }

    /// The request or response object of the route that runs: one for all functions of its chain.
    pub fn shared_object(&mut self, state: State) -> Option<Value> {
        let known = self.route.as_ref()?.shared.get(&state).copied();
        let id = match known {
            Some(id) => id,
            None => {
                let id = self.new_object(ObjectKind::Library(state));
                self.route.as_mut()?.shared.insert(state, id);
                for (of, name, value) in self.extensions.clone() {
                    if of == state {
                        self.set_field(id, Key::Name(name), value);
                    }
                }
                id
            }
        };
        Some(Value::atom(Atom::Object(id)))
    }

    /// The function of the chain that runs goes on from here.
    fn continue_from_here(&mut self) {
        if let Some(route) = &self.route {
            let delta = self.heap.delta(route.mark);
            if let Some(route) = &mut self.route {
                route.continued.push(delta);
            }
        }
    }

    /// The function's end is reached without `return`.
    pub(super) fn note_end(&mut self) {
        let goes_on = self.route.as_ref().map(|it| it.goes_on);
        let returns = matches!(goes_on, Some(GoesOn::Nothing | GoesOn::Returns));
        if returns && self.is_outermost() && !self.is_refusal() {
            self.continue_from_here();
        }
    }

    fn is_outermost(&self) -> bool {
        self.route.as_ref().is_some_and(|it| it.depth + 1 == self.frames.len())
    }

    fn proof_key(&mut self, proof: Proof) -> super::heap::Key {
        self.name_key(proof.kind().name())
    }

    /// The proof holds from here on.
    pub fn establish(&mut self, proof: Proof, place: Place) {
        let Some(route) = &mut self.route else { return };
        if route.ever.iter().all(|it| it.0 != proof) {
            route.ever.push((proof, place));
        }
        let facts = route.facts;
        let key = self.proof_key(proof);
        if self.heap.field(facts, key).is_some_and(|it| matches!(it.single(), Some(Atom::Bool(true)))) {
            return;
        }
        let labels = self.source(proof.kind(), place, false);
        self.heap.write(Loc::Field(facts, key), Value::labelled(Atom::Bool(true), labels));
    }

    /// The proof was asked for and does not hold.
    fn fail(&mut self, proof: Proof, place: Place) {
        let Some(facts) = self.route.as_ref().map(|it| it.facts) else { return };
        let key = self.proof_key(proof);
        let labels = self.source(proof.kind(), place, false);
        self.heap.write(Loc::Field(facts, key), Value::labelled(Atom::Null, labels));
    }

    /// What was asked for and does not hold now.
    pub(super) fn failed(&mut self) -> Vec<(Proof, Place)> {
        // Where the way on which it held comes in as well, it was asked for on both.
        let is_asked = |it: &Atom| matches!(it, Atom::Null | Atom::Bool(true));
        self.facts_that(|it| it.atoms().contains(&Atom::Null) && it.atoms().iter().all(is_asked))
    }

    /// What surely holds now.
    pub fn proofs(&mut self) -> Vec<(Proof, Place)> {
        self.facts_that(|it| matches!(it.single(), Some(Atom::Bool(true))))
    }

    fn facts_that(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Vec<(Proof, Place)> {
        let Some(facts) = self.route.as_ref().map(|it| it.facts) else { return Vec::new() };
        let mut found = Vec::new();
        for proof in Proof::ALL {
            let key = self.proof_key(proof);
            if let Some(value) = self.heap.field(facts, key)
                && is_wanted(value)
            {
                let place = value.labels.iter().next().map(|it| self.origins[it.origin.0 as usize].place);
                found.extend(place.map(|it| (proof, it)));
            }
        }
        found
    }

    /// Labels of a value that say it is a guard.
    pub fn guard_labels(&self, labels: &Labels) -> Labels {
        let guard = Machine::source_kind("guard");
        labels.filter(|it| self.origins[it.origin.0 as usize].kind.is_a(guard))
    }

    /// The classes that the parameters of the function that answers are declared to be of.
    fn parameter_classes(&mut self) -> Vec<ClassValueId> {
        let Some(Atom::Closure(id)) = self.route.as_ref().and_then(|it| it.handler.single()).cloned() else {
            return Vec::new();
        };
        let closure = self.closures[id.0 as usize].clone();
        let ir = self.modules[closure.module as usize].ir;
        let params = ir.param_list(ir.function(closure.function).params).to_vec();
        self.push_frame(closure.module, TOP_LEVEL, closure.scope, Value::undefined());
        let mut found = Vec::new();
        for annotation in params.iter().filter(|it| it.decorators.len > 0).filter_map(|it| it.annotation) {
            if let Some(Atom::Class(class)) = self.eval(annotation).single() {
                found.push(*class);
            }
        }
        self.frames.pop();
        found
    }

    /// Whether some parameter of the function that answers is of a class whose fields have rules.
    fn handler_has_rules(&mut self) -> bool {
        let classes = self.parameter_classes();
        let with_bases = classes.into_iter().flat_map(|it| [it].into_iter().chain(self.inherited_classes(it)));
        let all: Vec<ClassValueId> = with_bases.collect();
        all.into_iter().any(|class| {
            let it = &self.classes[class.0 as usize];
            let (module, scope) = (it.module, it.scope);
            let decorators: Vec<ExprId> = it.fields.iter().flat_map(|it| it.3.clone()).collect();
            self.push_frame(module, TOP_LEVEL, scope, Value::undefined());
            let found = decorators.into_iter().any(|it| {
                let value = self.eval(it);
                self.has_type(&value, "ValidationRule")
            });
            self.frames.pop();
            found
        })
    }

    /// A guard of a library that stands in the chain of a route proves what its labels say.
    pub fn establish_labels(&mut self, labels: &Labels) {
        for label in self.guard_labels(labels).iter() {
            let origin = self.origins[label.origin.0 as usize];
            if origin.kind.name() == "guard.validation.typed" && !self.handler_has_rules() {
                continue;
            }
            self.establish_kind(origin.kind, origin.place);
            if origin.kind.is_a(Machine::source_kind("guard.auth.cookie")) {
                self.note_cookie();
            }
        }
    }

    /// What a guard of the kind proves, holds.
    pub fn establish_kind(&mut self, kind: KindId, place: Place) {
        let reads = || self.route.as_ref().and_then(|it| it.method.as_deref()).is_none_or(|it| READS.contains(&it));
        if kind.is_a(Machine::source_kind("guard.writes")) && reads() {
            return;
        }
        let proofs = match kind.name() {
            "guard.writes" => &[Proof::Auth][..],
            "guard.writes.role" => &[Proof::Auth, Proof::Role],
            _ => &[],
        };
        for proof in Proof::ALL {
            if kind.is_a(proof.kind()) || proofs.contains(&proof) {
                self.establish(proof, place);
            }
        }
    }

    /// A guard of a library is called with the way on: what it proves holds there, not behind the call. Gives the
    /// facts as they were.
    pub(super) fn enter_guarded(&mut self, function: &Value, call: &Call) -> Vec<(Loc, Value)> {
        let Some(facts) = self.route.as_ref().map(|it| it.facts) else { return Vec::new() };
        if matches!(function.single(), Some(Atom::Closure(_) | Atom::Class(_))) && function.labels.is_empty() {
            return Vec::new();
        }
        let leads_on = call.args.positional.iter().any(|it| self.leads_on(&it.0));
        let is_opaque =
            function.atoms().iter().all(|it| matches!(it, Atom::Unknown(_) | Atom::Lib(_) | Atom::Object(_)));
        let labels = self.guard_labels(&function.labels);
        if labels.is_empty() {
            if leads_on && is_opaque && !self.leads_on(function) {
                self.defer(call.callee_place);
            }
            return Vec::new();
        }
        let calls_back = leads_on || call.args.positional.iter().any(|it| is_function(&it.0));
        if !calls_back || !is_opaque {
            return Vec::new();
        }
        let mut before = Vec::new();
        for proof in Proof::ALL {
            let loc = Loc::Field(facts, self.proof_key(proof));
            before.push((loc, self.heap.read(loc)));
        }
        self.establish_labels(&labels);
        if leads_on {
            self.continue_from_here();
        }
        before
    }

    pub(super) fn leave_guarded(&mut self, before: Vec<(Loc, Value)>) {
        for (loc, value) in before {
            self.heap.write(loc, value);
        }
    }

    /// Whether the value is what a function of the chain calls to go on.
    fn leads_on(&mut self, value: &Value) -> bool {
        value.atoms().iter().any(|it| match it {
            Atom::Lib(state) => self.places.rows(*state).calls.iter().any(|it| it.kind.name() == "next"),
            Atom::Object(id) => match self.heap.object(*id).kind {
                ObjectKind::Library(state) => self.places.rows(state).calls.iter().any(|it| it.kind.name() == "next"),
                _ => false,
            },
            _ => false,
        })
    }

    /// The way on was given to something that nobody can look into.
    fn defer(&mut self, place: Place) {
        if let Some(route) = &self.route {
            let delta = self.heap.delta(route.mark);
            if let Some(route) = &mut self.route {
                route.deferred.push((place, delta));
            }
        }
    }
}

pub(super) fn is_function(value: &Value) -> bool {
    value.atoms().iter().any(|it| matches!(it, Atom::Closure(_) | Atom::Bound(_) | Atom::Class(_)))
}

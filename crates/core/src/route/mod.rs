//! Routes: every way in, and what stands before it.
//!
//! Set-up code has been run, and each app and router holds an ordered log of what was registered on it. Here the logs
//! become routes with full paths; each route is run as the framework would: one request through its chain. What
//! surely holds where data is touched, or a good answer is given, is what the route is guarded by.

mod assemble;
mod classes;
mod columns;
mod links;
mod paths;
mod run;

use backend_specialist_syntax::ir::ExprId;

use crate::Place;
use crate::flow::effects::Effect;
use crate::flow::guards::Proof;
use crate::flow::registrations::{Guard, Handler};
use crate::flow::value::{ClassValueId, ObjectId, ScopeId, Sym, Value};
use crate::load::Loaded;
use crate::model::rows::GoesOn;
use crate::model::{KindId, State};
use crate::names;

pub use columns::report;

/// A route, and what running it showed.
#[derive(Clone, Debug)]
pub struct Route {
    /// In capitals; none for any method.
    pub methods: Vec<String>,
    /// In the framework's own spelling, joined with every prefix.
    pub path: String,
    pub place: Place,
    /// The library whose model tells of the registration.
    pub library: String,
    /// The function that answers, by its name or as written.
    pub handler: Option<Place>,
    /// What surely holds where it matters, each with the place that proves it.
    pub proofs: Vec<(Proof, Place)>,
    pub effects: Vec<Effect>,
    /// A session's cookie says who asks.
    pub by_cookie: bool,
    /// What functions of the chain that nobody could follow may prove.
    pub unknown: Vec<(Proof, Place)>,
    /// Calls inside of it, of what nobody knows, by names that guards have.
    pub doubts: Vec<Place>,
    /// What was proven on some way through it, and not on all.
    pub sometimes: Vec<Proof>,
    /// Some record that it touches is chosen by the client.
    pub picks_records: bool,
    pub(crate) chain: Vec<Link>,
    /// The class it belongs to.
    pub(crate) class: Option<ObjectId>,
}

/// One function, or guard of a library, on the way through a route.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub handler: Handler,
    /// What is evaluated for each request, in its module and scope.
    pub source: Option<(u32, ScopeId, ExprId)>,
    /// It may not be there: it is registered in a branch.
    pub is_conditional: bool,
    /// It goes on where it returns nothing: a hook.
    pub is_hook: bool,
    /// The path under which it stands; it runs for requests below it.
    pub path: String,
    /// What some frameworks take off the path of the request while it runs.
    pub mount: String,
    /// The methods for which it runs; none for any.
    pub methods: Vec<String>,
    /// Whether it runs for the route that it stands before.
    pub covers: Covers,
    /// It is the handler of a route before this one: it stands here if it goes on.
    pub is_route: bool,
    pub work: Work,
    /// The class whose instance answers, and the instance, if it was made before.
    pub class: Option<ClassValueId>,
    pub instance: Option<Value>,
    /// Attributes of the instance that hold the request, and the name of the method that answers.
    pub request: Option<Sym>,
    pub action: Option<(Sym, Sym)>,
    /// Where it goes on, if not as functions like it do.
    pub goes_on: Option<GoesOn>,
    /// The method that is called, where the handler is a class or an object.
    pub calls: Option<String>,
    /// When it runs, the lowest first.
    pub stage: u32,
    /// When it runs among those of its stage, the lowest first.
    pub late: u32,
    /// Paths for which it does not run.
    pub except: Vec<Pattern>,
    /// The class for whose routes alone it runs.
    pub within: Option<ObjectId>,
}

/// What a link does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Work {
    /// A function is run, or a guard of a library passed.
    Function,
    /// A method of this name around the one that answers: its `super` goes on.
    Around(Sym),
    /// A method that lets the request pass where it gives something true.
    Test,
    /// What an attribute of the class, or a method of it, gives is asked whether the request may pass.
    Guards(Value),
    /// A guard by what is known of the value.
    Passes,
    /// Something that is called on the way: the request goes on where it comes back.
    Calls,
    /// Something is proven, as a library does it.
    Proves(Vec<KindId>),
    /// What stands here is not known: whether this is proven, nobody can say.
    Unsure(Vec<Proof>),
    /// Guards let everything pass from here on.
    Exempts(Vec<KindId>),
    /// A function or class that makes the one that runs.
    Middleware(Maker),
}

/// How a function or class makes the one that runs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Maker {
    /// What it is called with: that by which a request goes on.
    pub with: Vec<Option<State>>,
    /// The attribute that holds it.
    pub kept_as: Option<Sym>,
    /// Methods of what is made that are hooks.
    pub hooks: Vec<Sym>,
}

impl Link {
    /// A function that runs for every request below the path.
    pub fn new(handler: Handler, path: &str) -> Link {
        Link {
            stage: handler.stage,
            late: 0,
            handler,
            source: None,
            is_conditional: false,
            is_hook: false,
            path: path.to_owned(),
            mount: path.to_owned(),
            methods: Vec::new(),
            covers: Covers::Below,
            is_route: false,
            work: Work::Function,
            class: None,
            instance: None,
            request: None,
            action: None,
            goes_on: None,
            calls: None,
            except: Vec::new(),
            within: None,
        }
    }
}

/// A value that stands before handlers without being called: a guard by what it is.
pub(crate) fn guard_link(guard: &Guard, path: &str) -> Link {
    let handler = Handler { value: guard.value.clone(), ..Handler::default_of(guard.place) };
    Link { source: guard.source, is_hook: true, ..Link::new(handler, path) }
}

/// Paths with methods: none for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub methods: Vec<String>,
    pub path: String,
}

/// For which requests a function of the chain runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Covers {
    /// Those whose path begins with its own.
    Below,
    /// Those of exactly its path.
    Exactly,
    /// Those in whose path its own stands somewhere.
    Around,
}

impl Route {
    /// Whether something that nobody could follow may prove it.
    pub fn may_have(&self, proof: Proof) -> bool {
        self.unknown.iter().any(|it| it.0 == proof)
    }
}

/// Every route of the project, run.
pub(crate) fn discover(machine: &mut crate::flow::Machine<'_>, loaded: &Loaded) -> Vec<Route> {
    let mut routes = Vec::new();
    let of_apps = machine.guards_of_apps();
    let assembled = assemble::routes(machine);
    for route in assembled {
        let mut ran = route.clone();
        let outcome = run::run(machine, loaded, &of_apps, &mut ran);
        // It is another route for each method that it asks for, or that decorators inside of others let pass.
        let asked = match outcome.restricted.is_empty() {
            true if outcome.asks_method => run::asked_methods(machine, &route),
            _ => outcome.restricted,
        };
        if !asked.is_empty() && route.methods.is_empty() {
            for method in asked {
                let mut one = Route { methods: vec![method], ..route.clone() };
                if !run::run(machine, loaded, &of_apps, &mut one).falls_through {
                    routes.push(one);
                }
            }
        } else if outcome.is_route {
            routes.push(ran);
        }
    }
    routes
}

/// What may be proven by something nobody can look into, by its name.
fn sounds_like(loaded: &Loaded, place: Place) -> Vec<Proof> {
    let text = &loaded.file(place.file).text;
    let code = text.get(place.span.start as usize..place.span.end as usize).unwrap_or_default();
    let mut parts = code.split('(');
    let mut words = names::words(parts.next().unwrap_or_default());
    if words.iter().all(|it| names::is("imports", it)) {
        // The name is the one of what is imported.
        words = names::words(parts.next().unwrap_or_default());
    }
    let says = |list: &str| words.iter().any(|it| names::is(list, it));
    let mut found = Vec::new();
    if says("guard-word") {
        found.extend([Proof::Auth, Proof::Role, Proof::Ownership]);
    }
    let others = [("validation-word", Proof::Validation), ("csrf-word", Proof::Csrf), ("limit-word", Proof::RateLimit)];
    found.extend(others.into_iter().filter(|it| says(it.0)).map(|it| it.1));
    found
}

//! Routes: every way in, and what stands before it.
//!
//! Set-up code has been run, and each app and router holds an ordered log of what was registered on it. Here the logs
//! become routes with full paths; each route is run as the framework would: one request through its chain. What
//! surely holds where data is touched, or a good answer is given, is what the route is guarded by.

mod assemble;
mod columns;
mod paths;
mod run;

use backend_specialist_syntax::ir::ExprId;

use crate::Place;
use crate::flow::guards::{Effect, Proof};
use crate::flow::registrations::{Guard, Handler};
use crate::flow::value::ScopeId;
use crate::load::Loaded;
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
    /// Functions of the chain that nobody could follow.
    pub unknown: Vec<Place>,
    pub(crate) chain: Vec<Link>,
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
}

/// A value that stands before handlers without being called: a guard by what it is.
pub(crate) fn guard_link(guard: &Guard, path: &str) -> Link {
    let handler = Handler { value: guard.value.clone(), ..Handler::default_of(guard.place) };
    Link { handler, source: guard.source, is_conditional: false, is_hook: true, path: path.to_owned() }
}

/// Every route of the project, run.
pub(crate) fn discover(machine: &mut crate::flow::Machine<'_>, loaded: &Loaded) -> Vec<Route> {
    let mut routes = assemble::routes(machine);
    for route in &mut routes {
        run::run(machine, route);
        route.unknown.retain(|it| sounds_like_guard(loaded, *it));
    }
    routes
}

/// Whether what was registered says by its name that it lets only some requests pass.
fn sounds_like_guard(loaded: &Loaded, place: Place) -> bool {
    let text = &loaded.file(place.file).text;
    let code = text.get(place.span.start as usize..place.span.end as usize).unwrap_or_default();
    let name = code.split('(').next().unwrap_or_default();
    names::words(name).iter().any(|it| names::is("guard-word", it))
}

//! From logs of registrations to routes: mounts are followed, prefixes joined, and each route gets the chain that
//! stands before it.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::paths::{UNKNOWN, covers, is_path, join, texts};
use super::{Covers, Link, Route, guard_link};
use crate::flow::Machine;
use crate::flow::alike::Met;
use crate::flow::registrations::{Handler, Registration};
use crate::flow::value::{Atom, ObjectId, Value};
use crate::model::rows::Verb;

/// Routers mounted inside one another.
const DEPTH_MAX: usize = 12;
/// Routes kept of one project.
const ROUTES_MAX: usize = 5000;

/// Where registrations belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    Router(ObjectId),
    /// A module, for registrations on nothing that is known.
    Module(crate::FileId),
}

struct Assembly<'m, 'a> {
    machine: &'m mut Machine<'a>,
    log: Vec<Registration<'a>>,
    by_owner: FxHashMap<Owner, Vec<usize>>,
    open: Vec<Owner>,
    routes: Vec<Route>,
    met: Met,
}

pub fn routes(machine: &mut Machine<'_>) -> Vec<Route> {
    let log = std::mem::take(&mut machine.registrations);
    let mut by_owner: FxHashMap<Owner, Vec<usize>> = FxHashMap::default();
    let mut owners = Vec::new();
    let mut seen = FxHashSet::default();
    for (index, it) in log.iter().enumerate() {
        let owner = owner_of(machine, it);
        // A loop whose turns are not counted runs twice.
        let key = format!(
            "{owner:?} {:?} {:?} {:?}",
            it.place,
            it.path,
            it.handlers.iter().map(|it| &it.value).collect::<Vec<_>>()
        );
        if !seen.insert(key) {
            continue;
        }
        let all = by_owner.entry(owner).or_default();
        if all.is_empty() {
            owners.push(owner);
        }
        all.push(index);
    }
    let mut assembly = Assembly { machine, log, by_owner, open: Vec::new(), routes: Vec::new(), met: Met::default() };
    let mounted = assembly.mounted();
    for owner in owners {
        if !mounted.contains(&owner) {
            assembly.walk(owner, "", None, &mut Vec::new());
        }
    }
    assembly.routes
}

fn owner_of(machine: &Machine<'_>, it: &Registration<'_>) -> Owner {
    let Some(mut id) = it.made.or(it.owner) else { return Owner::Module(it.place.file) };
    while let Some(parent) = machine.router_parents.get(&id) {
        id = *parent;
    }
    Owner::Router(id)
}

impl Assembly<'_, '_> {
    /// Routers that stand in another one.
    fn mounted(&self) -> FxHashSet<Owner> {
        let mut found = FxHashSet::default();
        for (owner, all) in &self.by_owner {
            for registration in all.iter().map(|it| &self.log[*it]) {
                for handler in &registration.handlers {
                    for value in self.machine.flattened(&handler.value, 0) {
                        found.extend(self.router(&value).filter(|it| it != owner));
                    }
                }
            }
        }
        found
    }

    fn router(&self, value: &Value) -> Option<Owner> {
        value.atoms().iter().find_map(|atom| match atom {
            Atom::Object(id) => Some(Owner::Router(*id)).filter(|it| self.by_owner.contains_key(it)),
            _ => None,
        })
    }

    /// The routes of a router that answers under the prefix, behind the chain.
    fn walk(&mut self, owner: Owner, prefix: &str, overriding: Option<&str>, chain: &mut Vec<Link>) {
        if self.open.contains(&owner) || self.open.len() >= DEPTH_MAX {
            return;
        }
        self.open.push(owner);
        let outside = chain.len();
        let own: Vec<usize> = self.by_owner.get(&owner).cloned().unwrap_or_default();
        let mut prefix = prefix.to_owned();
        match overriding {
            Some(path) => prefix = join(&prefix, path),
            None => {
                for index in &own {
                    let registration = self.log[*index].clone();
                    if registration.row.verb == Verb::Prefix
                        && let Some(path) = self.paths_of(&registration).into_iter().next()
                    {
                        prefix = join(&prefix, &path);
                    }
                }
            }
        }
        let (whole, ordered): (Vec<usize>, Vec<usize>) = own.iter().partition(|it| {
            let row = self.log[**it].row;
            row.is_whole_scope || matches!(row.verb, Verb::Hook | Verb::Prefix)
        });
        for index in whole {
            self.add_links(&self.log[index].clone(), &prefix, chain);
        }
        for index in ordered {
            let registration = self.log[index].clone();
            match registration.row.verb {
                Verb::Use | Verb::Mount => self.add_uses(&registration, &prefix, chain),
                Verb::Param => self.add_links(&registration, &prefix, chain),
                Verb::Add => self.add_routes(&registration, &prefix, chain),
                Verb::Hook | Verb::Prefix | Verb::Error => {}
            }
        }
        chain.truncate(outside);
        self.open.pop();
    }

    fn paths_of(&mut self, registration: &Registration<'_>) -> Vec<String> {
        let Some(path) = &registration.path else { return Vec::new() };
        let found = texts(self.machine, path);
        found.into_iter().map(|it| it.unwrap_or_else(|| UNKNOWN.to_owned())).collect()
    }

    fn add_links(&mut self, registration: &Registration<'_>, prefix: &str, chain: &mut Vec<Link>) {
        for guard in &registration.guards {
            chain.push(guard_link(guard, prefix));
        }
        if registration.row.verb == Verb::Prefix {
            return;
        }
        for handler in self.single_handlers(registration) {
            chain.push(Link {
                is_conditional: registration.is_conditional,
                is_hook: registration.row.verb == Verb::Hook,
                ..Link::new(handler, prefix)
            });
        }
    }

    /// Handlers of a registration, lists taken apart.
    fn single_handlers(&self, registration: &Registration<'_>) -> Vec<Handler> {
        let mut found = Vec::new();
        for handler in &registration.handlers {
            for value in self.machine.flattened(&handler.value, 0) {
                found.push(Handler { value, ..handler.clone() });
            }
        }
        found
    }

    /// Functions that stand before what comes after them, and routers that answer below a path.
    fn add_uses(&mut self, registration: &Registration<'_>, prefix: &str, chain: &mut Vec<Link>) {
        let given = registration.path.as_ref().filter(|it| is_path(self.machine, it));
        let mut paths = if given.is_some() { self.paths_of(registration) } else { Vec::new() };
        let names_path = given.is_some();
        if paths.is_empty() {
            paths.push(String::new());
        }
        let mut guards = Vec::new();
        for guard in &registration.guards {
            guards.push(guard_link(guard, prefix));
        }
        for path in paths {
            let full = join(prefix, &path);
            let before = chain.len();
            chain.extend(guards.iter().cloned());
            let mut mounts = 0;
            for (index, handler) in self.single_handlers(registration).into_iter().enumerate() {
                if index == 0 && names_path && is_path(self.machine, &handler.value) {
                    continue;
                }
                match self.router(&handler.value) {
                    Some(child) if registration.row.overrides_prefix && names_path => {
                        mounts += 1;
                        self.walk(child, prefix, Some(&path), chain);
                    }
                    Some(child) => {
                        mounts += 1;
                        self.walk(child, &full, None, chain);
                    }
                    None => {
                        chain.push(Link { is_conditional: registration.is_conditional, ..Link::new(handler, &full) })
                    }
                }
            }
            if mounts > 0 && registration.row.verb == Verb::Mount {
                chain.truncate(before);
            }
        }
    }

    fn add_routes(&mut self, registration: &Registration<'_>, prefix: &str, chain: &mut Vec<Link>) {
        let mut paths = self.paths_of(registration);
        if paths.is_empty() {
            paths.push(String::new());
        }
        let handlers = self.single_handlers(registration);
        if handlers.is_empty() {
            return;
        }
        for path in paths {
            if self.routes.len() >= ROUTES_MAX {
                return;
            }
            let path = join(prefix, &path);
            let mut links: Vec<Link> =
                chain.iter().filter_map(|it| link_for(it, &path, &registration.methods)).collect();
            for guard in &registration.guards {
                links.push(guard_link(guard, prefix));
            }
            let own: Vec<Link> = handlers
                .iter()
                .map(|it| Link { is_conditional: registration.is_conditional, ..Link::new(it.clone(), &path) })
                .collect();
            links.extend(own.iter().cloned());
            // What goes on is run before routes of the same path that come later.
            if is_open(&path) || registration.methods.is_empty() {
                chain.extend(own.into_iter().map(|it| Link {
                    methods: registration.methods.clone(),
                    covers: Covers::Exactly,
                    is_route: true,
                    ..it
                }));
            }
            if self.met.often(self.likeness(registration, &path, &links)) {
                continue;
            }
            self.routes.push(Route {
                methods: registration.methods.clone(),
                path,
                place: registration.place,
                library: registration.row.library.clone(),
                handler: None,
                proofs: Vec::new(),
                effects: Vec::new(),
                by_cookie: false,
                unknown: Vec::new(),
                doubts: Vec::new(),
                chain: links,
            });
        }
    }

    /// Equal for routes that the same code registers behind functions that are alike.
    fn likeness(&self, registration: &Registration<'_>, path: &str, links: &[Link]) -> u64 {
        let mut hasher = FxHasher::default();
        (registration.place, &registration.methods, path).hash(&mut hasher);
        for link in links {
            (self.machine.likeness(&link.handler.value), link.handler.place, link.is_conditional).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// Whether other routes may have paths that this one answers as well.
fn is_open(path: &str) -> bool {
    path.contains(['*', ':', '{', '(', '^'])
}

/// The link as it stands before a route; nothing if requests for that one do not pass it.
fn link_for(link: &Link, path: &str, methods: &[String]) -> Option<Link> {
    let covered = covers(&link.path, path, link.covers == Covers::Exactly);
    let is_of_method =
        link.methods.is_empty() || !methods.is_empty() && methods.iter().all(|it| link.methods.contains(it));
    let is_surely = covered == Some(true) && is_of_method;
    if covered == Some(false) || !is_of_method || link.is_route && !is_surely {
        return None;
    }
    Some(Link { is_conditional: link.is_conditional || !is_surely, ..link.clone() })
}

//! From logs of registrations to routes: mounts are followed, prefixes joined, and each route gets the chain that
//! stands before it.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::classes::Answer;
use super::paths::{UNKNOWN, concatenated, covers, from_pattern, is_path, join, texts};
use super::{Covers, Link, Maker, Route, Work, classes, guard_link};
use crate::FileId;
use crate::flow::Machine;
use crate::flow::alike::Met;
use crate::flow::guards::Proof;
use crate::flow::registrations::{Handler, Registration};
use crate::flow::value::{Atom, ClosureId, ObjectId, Value};
use crate::model::rows::{RouteRow, Verb};

/// Routers mounted inside one another.
const DEPTH_MAX: usize = 12;
/// Routes kept of one project.
const ROUTES_MAX: usize = 5000;

/// Where registrations belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    Router(ObjectId),
    /// A module, for registrations on nothing that is known.
    Module(FileId),
    /// A registration that is a value.
    Listed(ObjectId),
}

pub(super) struct Assembly<'m, 'a> {
    pub machine: &'m mut Machine<'a>,
    pub log: Vec<Registration<'a>>,
    by_owner: FxHashMap<Owner, Vec<usize>>,
    by_value: FxHashMap<ObjectId, Vec<usize>>,
    /// Registrations that say more of a function: what it answers, or that it is a further handler of its class.
    pub of_function: FxHashMap<ClosureId, Vec<usize>>,
    /// Registrations that are values and stand in some list.
    reached: FxHashSet<ObjectId>,
    open: Vec<Owner>,
    routes: Vec<Route>,
    met: Met,
}

pub fn routes(machine: &mut Machine<'_>) -> Vec<Route> {
    let log = std::mem::take(&mut machine.registrations);
    let mut assembly = Assembly {
        machine,
        log,
        by_owner: FxHashMap::default(),
        by_value: FxHashMap::default(),
        of_function: FxHashMap::default(),
        reached: FxHashSet::default(),
        open: Vec::new(),
        routes: Vec::new(),
        met: Met::default(),
    };
    let owners = assembly.sort();
    let (mounted, modules) = assembly.mounted();
    for owner in owners {
        if !mounted.contains(&owner) {
            let mut chain = assembly.chain_of_settings(owner);
            assembly.walk(owner, "", None, &mut chain);
        }
    }
    assembly.walk_unlisted(&modules);
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
    /// Gives each owner its registrations, in order.
    fn sort(&mut self) -> Vec<Owner> {
        let mut owners = Vec::new();
        let mut seen = FxHashSet::default();
        for (index, it) in self.log.iter().enumerate() {
            if let Some(id) = it.listed {
                self.by_value.entry(id).or_default().push(index);
                continue;
            }
            if matches!(it.row.verb, Verb::Restrict | Verb::Action) {
                for atom in it.handlers.iter().flat_map(|it| it.value.atoms()) {
                    if let Atom::Closure(id) = atom {
                        self.of_function.entry(*id).or_default().push(index);
                    }
                }
                continue;
            }
            let owner = owner_of(self.machine, it);
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
            let all = self.by_owner.entry(owner).or_default();
            if all.is_empty() {
                owners.push(owner);
            }
            all.push(index);
        }
        owners
    }

    /// Routers that stand in another one, and modules whose lists are.
    fn mounted(&mut self) -> (FxHashSet<Owner>, FxHashSet<u32>) {
        let (mut found, mut modules) = (FxHashSet::default(), FxHashSet::default());
        for index in 0..self.log.len() {
            let registration = self.log[index].clone();
            let owner = owner_of(self.machine, &registration);
            for handler in &registration.handlers {
                modules.extend(self.machine.modules_in(&handler.value, registration.place.file));
                for value in self.spread_out(&handler.value, &registration) {
                    found.extend(self.router(&value).filter(|it| *it != owner || registration.listed.is_some()));
                }
            }
        }
        (found, modules)
    }

    fn spread_out(&mut self, value: &Value, registration: &Registration<'_>) -> Vec<Value> {
        let listed_as = registration.row.listed_as.as_ref().map(|it| self.machine.intern(it));
        self.machine.spread_out(value, listed_as, registration.place.file)
    }

    fn router(&self, value: &Value) -> Option<Owner> {
        value.atoms().iter().find_map(|atom| match atom {
            Atom::Object(id) if self.by_value.contains_key(id) => Some(Owner::Listed(*id)),
            Atom::Object(id) => Some(Owner::Router(*id)).filter(|it| self.by_owner.contains_key(it)),
            _ => None,
        })
    }

    /// What stands before everything that settings name, where the settings are several modules.
    fn chain_of_settings(&mut self, owner: Owner) -> Vec<Link> {
        let own: Vec<usize> = self.by_owner.get(&owner).cloned().unwrap_or_default();
        let is_root = own.iter().any(|it| self.log[*it].row.is_assigned && self.log[*it].row.verb == Verb::Mount);
        let has_chain = own.iter().any(|it| self.log[*it].row.is_assigned && self.log[*it].row.verb == Verb::Use);
        if is_root && !has_chain { self.first_chain() } else { Vec::new() }
    }

    /// The chain of the first settings that have one.
    fn first_chain(&mut self) -> Vec<Link> {
        let mut chain = Vec::new();
        let first = self.log.iter().position(|it| it.row.is_assigned && it.row.verb == Verb::Use);
        if let Some(first) = first {
            let owner = owner_of(self.machine, &self.log[first]);
            // Set again, it is what was set last.
            let same = |it: &Registration<'_>| std::ptr::eq(it.row, self.log[first].row);
            let last = self.by_owner.get(&owner).and_then(|all| all.iter().rfind(|it| same(&self.log[**it])));
            let registration = self.log[last.copied().unwrap_or(first)].clone();
            self.add_links(&registration, "", &mut chain);
        } else {
            let place = crate::Place { file: FileId(0), span: Default::default() };
            chain.push(Link { work: Work::Unsure(vec![Proof::Csrf]), ..Link::new(Handler::default_of(place), "") });
        }
        chain
    }

    /// Lists of registrations that nothing includes: there are no settings that say where they begin.
    fn walk_unlisted(&mut self, mounted: &FxHashSet<u32>) {
        let mut names: Vec<String> = self.log.iter().filter_map(|it| it.row.listed_as.clone()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let name = self.machine.intern(&name);
            for module in 0..self.machine.modules.len() as u32 {
                if mounted.contains(&module) || self.machine.modules[module as usize].top_level(name).is_none() {
                    continue;
                }
                let Some(value) = self.machine.listed_variable(module, name) else { continue };
                let file = self.machine.modules[module as usize].file;
                let values = self.machine.spread_out(&value, Some(name), file);
                let owners: Vec<Owner> = values.iter().filter_map(|it| self.router(it)).collect();
                let is_new = |it: &Owner| matches!(it, Owner::Listed(id) if !self.reached.contains(id));
                if !owners.iter().any(is_new) {
                    continue;
                }
                let mut chain = self.first_chain();
                for owner in owners {
                    self.walk(owner, "", None, &mut chain);
                }
            }
        }
    }

    /// The routes of a router that answers under the prefix, behind the chain.
    fn walk(&mut self, owner: Owner, prefix: &str, overriding: Option<&str>, chain: &mut Vec<Link>) {
        if self.open.contains(&owner) || self.open.len() >= DEPTH_MAX {
            return;
        }
        self.open.push(owner);
        let outside = chain.len();
        let own: Vec<usize> = match owner {
            Owner::Listed(id) => {
                self.reached.insert(id);
                self.by_value.get(&id).cloned().unwrap_or_default()
            }
            _ => self.by_owner.get(&owner).cloned().unwrap_or_default(),
        };
        let own = self.without_overwritten(own);
        if let Owner::Router(id) = owner
            && self.machine.exempt.contains(&Atom::Object(id))
        {
            chain.push(self.exempting_link(prefix));
        }
        let mut prefix = prefix.to_owned();
        match overriding {
            Some(path) => prefix = join(&prefix, path),
            None => {
                for index in &own {
                    let registration = self.log[*index].clone();
                    if registration.row.verb == Verb::Prefix
                        && let Some(path) = self.paths_of(&registration).into_iter().next()
                    {
                        prefix = joined(registration.row, &prefix, &path);
                    }
                }
            }
        }
        let (whole, ordered): (Vec<usize>, Vec<usize>) = own.iter().partition(|it| {
            let row = self.log[**it].row;
            row.is_whole_scope || matches!(row.verb, Verb::Hook | Verb::Prefix)
        });
        let whole: Vec<usize> =
            whole.into_iter().filter(|it| self.open.len() == 1 || !self.log[*it].row.is_global).collect();
        if self.open.len() == 1 {
            for index in 0..self.log.len() {
                if self.log[index].row.is_global && !whole.contains(&index) {
                    self.add_links(&self.log[index].clone(), &prefix, chain);
                }
            }
        }
        for index in whole {
            self.add_links(&self.log[index].clone(), &prefix, chain);
        }
        for index in ordered {
            let registration = self.log[index].clone();
            match registration.row.verb {
                Verb::Use | Verb::Mount => self.add_uses(&registration, &prefix, chain),
                Verb::Param => self.add_links(&registration, &prefix, chain),
                Verb::Add => self.add_routes(&registration, &prefix, chain),
                Verb::Hook | Verb::Prefix | Verb::Error | Verb::Restrict | Verb::Action => {}
            }
        }
        chain.truncate(outside);
        self.open.pop();
    }

    /// Settings that are assigned again hold what was assigned last.
    fn without_overwritten(&self, own: Vec<usize>) -> Vec<usize> {
        let is_last = |at: usize, index: usize| {
            let row = self.log[index].row;
            !row.is_assigned || !own[at + 1..].iter().any(|it| std::ptr::eq(self.log[*it].row, row))
        };
        own.iter().enumerate().filter(|(at, index)| is_last(*at, **index)).map(|it| *it.1).collect()
    }

    fn paths_of(&mut self, registration: &Registration<'_>) -> Vec<String> {
        let Some(path) = &registration.path else { return Vec::new() };
        let found = texts(self.machine, path).into_iter().map(|it| it.unwrap_or_else(|| UNKNOWN.to_owned()));
        match registration.row.is_pattern {
            true => found.map(|it| from_pattern(&it)).collect(),
            false => found.collect(),
        }
    }

    fn exempting_link(&self, path: &str) -> Link {
        let place = crate::Place { file: FileId(0), span: Default::default() };
        let kinds = Proof::Csrf.kind();
        Link { work: Work::Exempts(vec![kinds]), ..Link::new(Handler::default_of(place), path) }
    }

    fn add_links(&mut self, registration: &Registration<'_>, prefix: &str, chain: &mut Vec<Link>) {
        for guard in &registration.guards {
            chain.push(guard_link(guard, prefix));
        }
        if !registration.row.proves.is_empty() {
            let work = Work::Proves(registration.row.proves.clone());
            let link = Link::new(Handler::default_of(registration.place), prefix);
            chain.push(Link { work, is_conditional: registration.is_conditional, ..link });
            return;
        }
        if registration.row.verb == Verb::Prefix {
            return;
        }
        for handler in self.single_handlers(registration) {
            let work = self.work_of(registration);
            chain.push(Link {
                is_conditional: registration.is_conditional,
                is_hook: registration.row.verb == Verb::Hook,
                work,
                ..Link::new(handler, prefix)
            });
        }
    }

    fn work_of(&mut self, registration: &Registration<'_>) -> Work {
        let row = registration.row;
        if row.made_with.is_empty() {
            return Work::Function;
        }
        let language = self.machine.language_of(registration.place.file);
        let hooks = row.hooks.iter().map(|it| self.machine.intern(it)).collect();
        let kept_as = row.kept_as.as_ref().map(|it| self.machine.intern(it));
        let with = self.machine.param_states(language, &row.made_with);
        Work::Middleware(Maker { with, kept_as, hooks })
    }

    /// Handlers of a registration, lists taken apart.
    fn single_handlers(&mut self, registration: &Registration<'_>) -> Vec<Handler> {
        let mut found = Vec::new();
        for handler in &registration.handlers {
            for value in self.spread_out(&handler.value, registration) {
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
            let full = joined(registration.row, prefix, &path);
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
                    None if registration.row.is_assigned && registration.row.verb == Verb::Mount => {}
                    None => chain.push(Link {
                        is_conditional: registration.is_conditional,
                        work: self.work_of(registration),
                        ..Link::new(handler, &full)
                    }),
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
            let path = joined(registration.row, prefix, &path);
            let mut links: Vec<Link> =
                chain.iter().filter_map(|it| link_for(it, &path, &registration.methods)).collect();
            for guard in &registration.guards {
                links.push(guard_link(guard, prefix));
            }
            // What includes others is no route itself.
            let children: Vec<Owner> = handlers.iter().filter_map(|it| self.router(&it.value)).collect();
            if !children.is_empty() {
                for child in children {
                    self.walk(child, &path, None, &mut links);
                }
                continue;
            }
            let own: Vec<Link> = handlers
                .iter()
                .map(|it| Link { is_conditional: registration.is_conditional, ..Link::new(it.clone(), &path) })
                .collect();
            links.extend(own.iter().cloned());
            // What goes on is run before routes of the same path that come later.
            if (is_open(&path) || registration.methods.is_empty()) && registration.listed.is_none() {
                chain.extend(own.into_iter().map(|it| Link {
                    methods: registration.methods.clone(),
                    covers: Covers::Exactly,
                    is_route: true,
                    ..it
                }));
            }
            self.add_answers(registration, path, links);
        }
    }

    /// A route for each method that the handler answers; a class answers by its methods.
    fn add_answers(&mut self, registration: &Registration<'_>, path: String, links: Vec<Link>) {
        let answers = classes::answers(self, registration, &path, &links);
        let answers = answers.unwrap_or_else(|| {
            let methods = self.restricted(registration, &links);
            let links = self.with_guards_of_function(links.clone());
            match methods.is_empty() {
                true => vec![Answer { method: None, path: path.clone(), links: links.clone() }],
                false => {
                    let of =
                        |it: &String| Answer { method: Some(it.clone()), path: path.clone(), links: links.clone() };
                    methods.iter().map(of).collect()
                }
            }
        });
        for answer in answers {
            if self.routes.len() >= ROUTES_MAX {
                return;
            }
            if self.met.often(self.likeness(registration, &answer)) {
                continue;
            }
            self.routes.push(Route {
                methods: answer.method.into_iter().collect(),
                path: answer.path,
                place: registration.place,
                library: registration.row.library.clone(),
                handler: None,
                proofs: Vec::new(),
                effects: Vec::new(),
                by_cookie: false,
                unknown: Vec::new(),
                doubts: Vec::new(),
                chain: answer.links,
            });
        }
    }

    /// The links with what decorators of the handler say that stands before it.
    fn with_guards_of_function(&mut self, links: Vec<Link>) -> Vec<Link> {
        let mut links = links;
        let Some(mut last) = links.pop() else { return links };
        let mut guards = Vec::new();
        let mut default_guards = Vec::new();
        for atom in last.handler.value.atoms().to_vec() {
            let Atom::Closure(id) = atom else { continue };
            for index in self.of_function.get(&id).cloned().unwrap_or_default() {
                let it = self.log[index].clone();
                default_guards.extend((!it.row.default_guards.is_empty()).then_some(it.row));
                guards.extend(it.guards.iter().map(|guard| guard.value.clone()));
                if let Some(handler) = it.handlers.first().filter(|it| !it.params.is_empty()) {
                    last.handler.params = handler.params.clone();
                }
                if !it.row.exempt.is_empty() {
                    links.push(Link { work: Work::Exempts(it.row.exempt.clone()), ..last.clone() });
                }
            }
        }
        if guards.is_empty() {
            let file = last.handler.place.file;
            guards.extend(default_guards.iter().filter_map(|it| self.machine.setting(&it.default_guards, file)));
        }
        for value in guards {
            links.push(Link { work: Work::Guards(value), ..last.clone() });
        }
        links.push(last);
        links
    }

    /// Equal for routes that the same code registers behind functions that are alike.
    fn likeness(&self, registration: &Registration<'_>, answer: &Answer) -> u64 {
        let mut hasher = FxHasher::default();
        (registration.place, &answer.method, &answer.path).hash(&mut hasher);
        for link in &answer.links {
            (self.machine.likeness(&link.handler.value), link.handler.place, link.is_conditional).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// The methods that a handler answers: where it is registered, and what its decorators say.
    fn restricted(&self, registration: &Registration<'_>, links: &[Link]) -> Vec<String> {
        let mut methods = registration.methods.clone();
        for atom in links.last().iter().flat_map(|it| it.handler.value.atoms()) {
            let Atom::Closure(id) = atom else { continue };
            for index in self.of_function.get(id).into_iter().flatten() {
                let it = &self.log[*index];
                if it.row.verb == Verb::Restrict && !it.methods.is_empty() {
                    match methods.is_empty() {
                        true => methods = it.methods.clone(),
                        false => methods.retain(|method| it.methods.contains(method)),
                    }
                }
            }
        }
        methods
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

fn joined(row: &RouteRow, prefix: &str, path: &str) -> String {
    if row.concatenates { concatenated(prefix, path) } else { join(prefix, path) }
}

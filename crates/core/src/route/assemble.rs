//! From logs of registrations to routes: mounts are followed, prefixes joined, and each route gets the chain that
//! stands before it.

mod add;

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::classes::Answer;
use super::links::{before, described, is_lifted, is_of, patterns, proving};
use super::paths::{UNKNOWN, concatenated, from_pattern, is_path, join, texts};
use super::{Covers, Link, Maker, Pattern, Route, Work, classes, guard_link};
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
/// Prefixes of one router, and versions of one route.
const PREFIXES_MAX: usize = 16;

/// Where registrations belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    Router(ObjectId),
    /// A module, for registrations on nothing that is known.
    Module(FileId),
    /// A registration that is a value.
    Listed(ObjectId),
}

/// What holds around a registration.
#[derive(Clone, Debug, Default)]
struct Context {
    /// What stands before every path, but for those that are excepted from it.
    base: String,
    except: Vec<Pattern>,
    /// What stands before its own paths, behind the base and the version.
    prefix: String,
    /// How versions begin, where they are part of the path.
    version_prefix: Option<String>,
    versions: Vec<String>,
}

pub(super) struct Assembly<'m, 'a> {
    pub machine: &'m mut Machine<'a>,
    pub log: Vec<Rc<Registration<'a>>>,
    /// Registrations that hold for the whole app, wherever they are made.
    global: Vec<usize>,
    by_owner: FxHashMap<Owner, Vec<usize>>,
    by_value: FxHashMap<ObjectId, Vec<usize>>,
    /// Registrations that say more of a function: what it answers, or that it is a further handler of its class.
    pub of_function: FxHashMap<ClosureId, Vec<usize>>,
    /// Registrations that are values and stand in some list.
    reached: FxHashSet<ObjectId>,
    open: Vec<Owner>,
    /// Classes that the present app has, which it has once.
    visited: FxHashSet<Owner>,
    /// A class is mounted on an app, so that classes that nobody mounts are not reached.
    mounts_classes: bool,
    /// Something is mounted that nobody can follow.
    mounts_unknown: bool,
    /// What holds on the first app.
    outermost: Option<(Context, Vec<Link>)>,
    routes: Vec<Route>,
    met: Met,
    /// Where the router is mounted of which routes are made.
    mount: String,
}

pub fn routes(machine: &mut Machine<'_>) -> Vec<Route> {
    let log: Vec<Rc<Registration<'_>>> = std::mem::take(&mut machine.registrations).into_iter().map(Rc::new).collect();
    let global = (0..log.len()).filter(|it| log[*it].row.is_global && !is_of_modules(&log[*it])).collect();
    machine.restricted = restrictions(&log);
    let mut assembly = Assembly {
        machine,
        log,
        global,
        by_owner: FxHashMap::default(),
        by_value: FxHashMap::default(),
        of_function: FxHashMap::default(),
        reached: FxHashSet::default(),
        open: Vec::new(),
        visited: FxHashSet::default(),
        mounts_classes: false,
        mounts_unknown: false,
        outermost: None,
        routes: Vec::new(),
        met: Met::default(),
        mount: String::new(),
    };
    let owners = assembly.sort();
    let (mounted, modules) = assembly.mounted();
    let (of_classes, apps): (Vec<Owner>, Vec<Owner>) = owners.into_iter().partition(|it| assembly.is_class(*it));
    let mut reached = FxHashSet::default();
    for owner in apps.into_iter().filter(|it| !mounted.contains(it)) {
        assembly.visited.clear();
        let mut chain = assembly.chain_of_settings(owner);
        assembly.walk(owner, &Context::default(), None, &mut chain);
        reached.extend(assembly.visited.iter().copied());
    }
    assembly.visited = reached;
    assembly.walk_unlisted(&modules);
    if assembly.mounts_classes && !assembly.mounts_unknown {
        return assembly.routes;
    }
    // Nobody knows what mounts these.
    let (context, chain) = assembly.outermost.clone().filter(|_| assembly.mounts_classes).unwrap_or_default();
    let (inner, outer): (Vec<Owner>, Vec<Owner>) = of_classes.into_iter().partition(|it| mounted.contains(it));
    for owner in outer.into_iter().chain(inner) {
        if assembly.is_controller(owner) && !assembly.visited.contains(&owner) {
            assembly.walk(owner, &context, None, &mut chain.clone());
        }
    }
    assembly.routes
}

/// The methods that functions are restricted to.
fn restrictions(log: &[Rc<Registration<'_>>]) -> FxHashMap<ClosureId, Vec<String>> {
    let mut found = FxHashMap::default();
    for it in log.iter().filter(|it| it.row.verb == Verb::Restrict && !it.methods.is_empty()) {
        for atom in it.handlers.iter().flat_map(|it| it.value.atoms()) {
            if let Atom::Closure(id) = atom {
                found.insert(*id, it.methods.clone());
            }
        }
    }
    found
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
            let values = it.handlers.iter().map(|it| &it.value).collect::<Vec<_>>();
            let key = format!(
                "{owner:?} {:?} {:?} {:?} {values:?} {:?} {:?} {:?}",
                it.row.verb, it.place, it.path, it.within, it.methods, it.proves
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

    fn is_class(&self, owner: Owner) -> bool {
        let is_function = |id: ObjectId| self.machine.closures.iter().any(|it| it.object == Some(id));
        match owner {
            Owner::Router(id) => self.machine.class_scopes.contains_key(&id) || is_function(id),
            Owner::Module(_) | Owner::Listed(_) => false,
        }
    }

    /// A class that says under which path it answers, or what it is made of.
    fn is_controller(&self, owner: Owner) -> bool {
        let own = self.by_owner.get(&owner).into_iter().flatten();
        own.map(|it| self.log[*it].row.verb).any(|it| matches!(it, Verb::Prefix | Verb::Mount))
    }

    /// A list of which not all elements are known.
    fn is_open_list(&self, value: &Value) -> bool {
        match value.single() {
            Some(Atom::Object(id)) => self.machine.heap.known_elements(*id).is_none(),
            _ => value.atoms().iter().any(|it| matches!(it, Atom::Unknown(_))),
        }
    }

    fn class_of(&self, value: &Value) -> Option<ObjectId> {
        value.atoms().iter().find_map(|atom| match atom {
            Atom::Class(id) => Some(self.machine.classes[id.0 as usize].statics),
            _ => None,
        })
    }

    /// Routers that stand in another one, and modules whose lists are.
    fn mounted(&mut self) -> (FxHashSet<Owner>, FxHashSet<u32>) {
        let (mut found, mut modules) = (FxHashSet::default(), FxHashSet::default());
        for index in 0..self.log.len() {
            let registration = Rc::clone(&self.log[index]);
            let owner = owner_of(self.machine, &registration);
            for handler in &registration.handlers {
                modules.extend(self.machine.modules_in(&handler.value, registration.place.file));
                for value in self.spread_out(&handler.value, &registration) {
                    let mounts = registration.row.verb == Verb::Mount;
                    self.mounts_classes |= mounts && !self.is_class(owner) && self.class_of(&value).is_some();
                    self.mounts_unknown |= mounts && registration.row.of_class && self.is_open_list(&handler.value);
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
            Atom::Class(id) => {
                let owner = Owner::Router(self.machine.classes[id.0 as usize].statics);
                Some(owner).filter(|it| self.by_owner.contains_key(it))
            }
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
            let registration = Rc::clone(&self.log[last.copied().unwrap_or(first)]);
            self.add_links(&registration, &Context::default(), &mut chain);
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
                    self.walk(owner, &Context::default(), None, &mut chain);
                }
            }
        }
    }

    /// What was registered on an app, router or class: classes have what their bases have, unless they redefine it.
    fn own(&self, owner: Owner) -> Vec<usize> {
        if let Owner::Listed(id) = owner {
            return self.by_value.get(&id).cloned().unwrap_or_default();
        }
        let own = self.by_owner.get(&owner).cloned().unwrap_or_default();
        let Owner::Router(id) = owner else { return own };
        let Some(class) = self.machine.class_scopes.get(&id) else { return own };
        let mut all = Vec::new();
        for base in self.machine.inherited_classes(*class).into_iter().rev() {
            let base = Owner::Router(self.machine.classes[base.0 as usize].statics);
            for index in self.by_owner.get(&base).into_iter().flatten() {
                let registration = &self.log[*index];
                let is_kept = match registration.row.verb {
                    Verb::Add => registration.handlers.iter().all(|it| self.machine.is_method_of(*class, &it.value)),
                    Verb::Hook => true,
                    _ => false,
                };
                if is_kept {
                    all.push(*index);
                }
            }
        }
        all.extend(own);
        all
    }

    /// The routes of a router, behind the chain. Gives what it put into the chain.
    fn walk(&mut self, owner: Owner, context: &Context, overriding: Option<&str>, chain: &mut Vec<Link>) -> Vec<Link> {
        let is_class = self.is_class(owner);
        let mut added = Vec::new();
        if self.open.contains(&owner) || self.open.len() >= DEPTH_MAX || is_class && !self.visited.insert(owner) {
            return added;
        }
        self.open.push(owner);
        if let Owner::Listed(id) = owner {
            self.reached.insert(id);
        }
        let own = self.own(owner);
        let own = self.without_overwritten(own);
        let start = chain.len();
        if let Owner::Router(id) = owner
            && self.machine.exempt.contains(&Atom::Object(id))
        {
            let link = self.exempting_link(&join(&context.base, &context.prefix));
            chain.push(link);
        }
        for inner in self.inner_contexts(&own, context, overriding) {
            let outside = chain.len();
            if self.open.len() == 1 {
                for index in self.global.clone().into_iter().filter(|it| !own.contains(it)) {
                    let registration = Rc::clone(&self.log[index]);
                    self.add_links(&registration, &inner, chain);
                }
                self.add_global(owner, &inner, chain, &mut FxHashSet::default());
                if self.outermost.is_none() && !is_class {
                    self.outermost = Some((inner.clone(), chain.clone()));
                }
            }
            self.walk_own(&own, context, &inner, chain);
            added.extend(chain.drain(outside..));
        }
        chain.truncate(start);
        self.open.pop();
        added
    }

    fn walk_own(&mut self, own: &[usize], outer: &Context, inner: &Context, chain: &mut Vec<Link>) {
        let (whole, ordered): (Vec<usize>, Vec<usize>) = own.iter().partition(|it| {
            let row = self.log[**it].row;
            row.is_whole_scope || matches!(row.verb, Verb::Hook | Verb::Prefix)
        });
        let mut trailing = Vec::new();
        for index in whole {
            let registration = Rc::clone(&self.log[index]);
            let is_outermost = self.open.len() == 1 && !is_of_modules(&registration);
            if is_outermost || !registration.row.is_global {
                let start = chain.len();
                self.add_links(&registration, inner, chain);
                if registration.row.is_trailing {
                    trailing.extend((start..chain.len()).map(|at| (at, index)));
                }
            }
        }
        for index in ordered {
            let registration = Rc::clone(&self.log[index]);
            // Those of outer apps come last.
            let late = (DEPTH_MAX - self.open.len()) as u32 + 1;
            trailing.iter().for_each(|it| chain[it.0].late = if it.1 > index { late } else { 0 });
            let around = if registration.row.outside_prefix {
                Context { prefix: outer.prefix.clone(), ..inner.clone() }
            } else {
                inner.clone()
            };
            match registration.row.verb {
                _ if registration.row.is_global && is_of_modules(&registration) => {}
                Verb::Use | Verb::Mount => self.add_uses(&registration, &around, chain),
                Verb::Param => self.add_links(&registration, inner, chain),
                Verb::Add => self.add_routes(&registration, inner, chain),
                _ => {}
            }
        }
    }

    /// What holds inside a router: one context for each of its prefixes.
    fn inner_contexts(&mut self, own: &[usize], context: &Context, overriding: Option<&str>) -> Vec<Context> {
        let mut inner = context.clone();
        let mut prefixes = vec![inner.prefix.clone()];
        if let Some(path) = overriding {
            prefixes = vec![join(&inner.prefix, path)];
        }
        for index in own {
            let registration = Rc::clone(&self.log[*index]);
            if let Some(version) = &registration.version {
                inner.versions = texts(self.machine, version).into_iter().flatten().collect();
            }
            if registration.row.verb == Verb::Versions {
                let path = self.paths_of(&registration).into_iter().next();
                inner.version_prefix = Some(path.unwrap_or_else(|| "v".to_owned()));
            }
            if registration.row.verb != Verb::Prefix || overriding.is_some() {
                continue;
            }
            let paths = self.prefixes_of(&registration);
            if !registration.row.except.is_empty() {
                inner.base = join(&inner.base, paths.first().map_or("", String::as_str));
                inner.except = patterns(self.machine, &registration.except, "");
            } else if !paths.is_empty() {
                let joined =
                    prefixes.iter().flat_map(|prefix| paths.iter().map(|it| joined(registration.row, prefix, it)));
                prefixes = joined.take(PREFIXES_MAX).collect();
            }
        }
        prefixes.into_iter().map(|prefix| Context { prefix, ..inner.clone() }).collect()
    }

    /// What holds for the whole app, wherever below it is registered.
    fn add_global(&mut self, owner: Owner, context: &Context, chain: &mut Vec<Link>, seen: &mut FxHashSet<Owner>) {
        if !seen.insert(owner) {
            return;
        }
        for index in self.by_owner.get(&owner).cloned().unwrap_or_default() {
            let registration = Rc::clone(&self.log[index]);
            if registration.row.is_global && is_of_modules(&registration) {
                let base = Context { base: String::new(), prefix: context.base.clone(), ..context.clone() };
                match registration.row.verb {
                    Verb::Use => self.add_uses(&registration, &base, chain),
                    _ => self.add_links(&registration, &base, chain),
                }
            }
            if registration.row.verb == Verb::Mount {
                for handler in self.single_handlers(&registration) {
                    if let Some(child) = self.router(&handler.value) {
                        self.add_global(child, context, chain, seen);
                    }
                }
            }
        }
    }
}

/// Whether other routes may have paths that this one answers as well.
fn is_open(path: &str) -> bool {
    path.contains(['*', ':', '{', '(', '^'])
}

/// A class, or something of a library.
fn is_known(value: &Value) -> bool {
    value.atoms().iter().all(|it| matches!(it, Atom::Class(_) | Atom::Lib(_)))
}

/// What a module of an app registers: it holds for the whole of the app that has the module, and for no other.
fn is_of_modules(registration: &Registration<'_>) -> bool {
    registration.row.of_class || registration.row.verb == Verb::Use
}

fn joined(row: &RouteRow, prefix: &str, path: &str) -> String {
    if row.concatenates { concatenated(prefix, path) } else { join(prefix, path) }
}

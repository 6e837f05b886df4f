//! Runs a route: one request through its chain, each function from the state in which the one before goes on.

mod permission;

use std::rc::Rc;

use super::paths::{below, pieces as path_pieces};
use permission::{guards_of, passes_guard, passes_test};

use super::{Link, Maker, Route, Work, sounds_like};
use crate::Place;
use crate::flow::Machine;
use crate::flow::effects::EffectKind;
use crate::flow::guards::Proof;
use crate::flow::machine::{Args, Pending};
use crate::flow::value::{Atom, Bound, Value};
use crate::load::Loaded;
use crate::model::rows::GoesOn;
use crate::names;

/// What a guard may prove that nobody can look into.
const GUARDED: [Proof; 3] = [Proof::Auth, Proof::Role, Proof::Ownership];

/// What running a route told beside what is proven.
pub struct Outcome {
    /// The method of the request was asked for.
    pub asks_method: bool,
    /// A function that only goes on is no route.
    pub is_route: bool,
    pub falls_through: bool,
    /// Methods that functions inside of the handler are restricted to.
    pub restricted: Vec<String>,
}

pub fn run(machine: &mut Machine<'_>, loaded: &Loaded, of_apps: &[(Proof, Place)], route: &mut Route) -> Outcome {
    let lengths = machine.lengths();
    let pending = std::mem::take(&mut machine.pending);
    machine.begin_route(route.methods.first().filter(|_| route.methods.len() == 1).cloned());
    of_apps.iter().for_each(|it| machine.establish(it.0, it.1));
    tell_route(machine, route);
    let count = route.chain.len();
    let chain = route.chain.clone();
    let mut is_broken = false;
    let cut = machine.times_cut();
    for (index, link) in chain.iter().enumerate() {
        let is_last = index + 1 == count;
        let effects = machine.route.as_ref().map_or(0, |it| it.effects.len());
        let before = machine.heap.mark();
        let entry = if link.is_conditional && !is_last { machine.proofs() } else { Vec::new() };
        let checks = !is_last
            && chain.last().is_some_and(|it| {
                machine.passes_field_check(&link.handler.value, &link.handler.params, &it.handler.value)
            });
        let relative = machine.path_value(&path_pieces(&below(&route.path, &link.mount)));
        machine.route.iter_mut().for_each(|it| it.relative = relative.clone());
        let goes_on = checks || work(machine, loaded, link, is_last, route);
        if link.is_conditional && !is_last {
            // With it and without it: what it proves is not sure.
            let gained = machine.proofs().into_iter().filter(|it| goes_on && entry.iter().all(|old| old.0 != it.0));
            route.unknown.extend(gained);
            machine.heap.undo(before);
        } else if link.is_route && !goes_on {
            machine.heap.undo(before);
        } else if !goes_on && !is_last {
            if answers_since(machine, effects) {
                break;
            }
            // Nobody can see how the request gets to what comes next.
            is_broken = true;
            let place = link.handler.place;
            route.unknown.extend(Proof::ALL.map(|it| (it, place)));
            machine.heap.undo(before);
        }
    }
    if machine.times_cut() > cut {
        // It was not followed to its end: what was not proven may yet be.
        route.unknown.extend(Proof::ALL.map(|it| (it, route.place)));
    }
    let (mut falls_through, mut asks_method, mut restricted) = (false, false, Vec::new());
    let mut ever = Vec::new();
    if let Some(run) = machine.route.take() {
        ever = run.ever;
        falls_through = !run.continued.is_empty() && run.effects.is_empty() && !is_broken;
        asks_method = run.asks_method;
        restricted = run.restricted;
        route.effects = run.effects;
        route.picks_records = machine.picks_records(&route.effects);
        route.doubts = run.doubts;
        route.by_cookie = run.by_cookie;
    }
    route.proofs = everywhere(route);
    let is_proven = |proof: Proof| route.proofs.iter().any(|it| it.0 == proof);
    route.sometimes = ever.iter().map(|it| it.0).filter(|it| !is_proven(*it)).collect();
    if !route.effects.iter().any(|it| matches!(it.kind, EffectKind::Write | EffectKind::Answer)) {
        // Nobody saw how it ends: what was proven on some way may be on all.
        let proven: Vec<Proof> = route.proofs.iter().map(|it| it.0).collect();
        route.unknown.extend(ever.into_iter().filter(|it| !proven.contains(&it.0)));
    }
    machine.restore(&lengths);
    machine.pending = pending;
    let is_route = !(falls_through && (route.path.contains('*') || route.methods.is_empty()));
    Outcome { asks_method, is_route, falls_through, restricted }
}

/// Whether a request was answered well since then.
fn answers_since(machine: &Machine<'_>, from: usize) -> bool {
    let effects = machine.route.as_ref().map_or(&[][..], |it| it.effects.get(from..).unwrap_or_default());
    effects.iter().any(|it| it.kind == EffectKind::Answer)
}

/// The methods of which a handler that answers any makes a difference: those it is asked most, and those it names.
pub fn asked_methods(machine: &Machine<'_>, route: &Route) -> Vec<String> {
    let mut methods = vec!["GET".to_owned(), "POST".to_owned()];
    let last = route.chain.last().map(|it| &it.handler.value);
    for method in ["PUT", "PATCH", "DELETE"] {
        if last.is_some_and(|it| machine.names_text(it, method)) {
            methods.push(method.to_owned());
        }
    }
    methods
}

/// What the route says of the requests that get to it.
fn tell_route(machine: &mut Machine<'_>, route: &Route) {
    let path = machine.path_value(&path_pieces(&route.path));
    let class = route.class.and_then(|it| machine.class_scopes.get(&it)).map(|it| Value::atom(Atom::Class(*it)));
    let handler = route.chain.last().map(|it| it.handler.value.clone());
    if let Some(run) = &mut machine.route {
        run.path = path;
        run.class = class.unwrap_or_else(Value::unknown);
        run.handler = handler.unwrap_or_else(Value::unknown);
    }
}

/// What is called: of a class or an object, the method that the framework calls.
fn callable(machine: &mut Machine<'_>, link: &Link) -> Value {
    let value = &link.handler.value;
    let Some(name) = &link.calls else { return value.clone() };
    let name = machine.intern(name);
    let place = link.handler.place;
    let mut all = Value::absent();
    for atom in value.atoms().to_vec() {
        let this = match &atom {
            Atom::Class(_) => machine.in_module(place, |it| it.injected(&Value::atom(atom.clone()), place)),
            Atom::Object(_) => Value::atom(atom.clone()),
            _ => {
                all = all.join(&Value::atom(atom.clone()));
                continue;
            }
        };
        let (method, bases) = machine.in_module(place, |it| it.framework_method(&this, name, place));
        let bound = match method.single() {
            Some(Atom::Unknown(_) | Atom::Undefined) | None => Atom::Unknown(None),
            _ => Atom::Bound(Rc::new(Bound { function: method, this: Some(this), args: Vec::new() })),
        };
        all = all.join(&Value::labelled(bound, bases));
    }
    all.adding(&value.labels)
}

/// A method that a class has from a library.
fn library_method(function: &Value) -> Option<(Value, Value)> {
    match function.single()? {
        Atom::Bound(bound) if matches!(bound.function.single(), Some(Atom::Lib(_))) => {
            Some((bound.function.clone(), bound.this.clone().unwrap_or_default()))
        }
        _ => None,
    }
}

/// Does what the link does; whether the request goes on.
fn work(machine: &mut Machine<'_>, loaded: &Loaded, link: &Link, is_last: bool, route: &mut Route) -> bool {
    // What is made for the link may be given the way on already.
    machine.begin_link(false, false);
    match &link.work {
        Work::Function if link.calls.is_some() && !is_last => {
            let value = callable(machine, link);
            if let Some((method, this)) = library_method(&value) {
                machine.establish_labels(&value.labels);
                let given = link.handler.params.iter().flatten().map(|it| Value::atom(Atom::Lib(*it)));
                let args = Args::of(given.collect(), link.handler.place);
                machine.call_in_module(link.handler.place, &method, this, args);
                return true;
            }
            run_link(machine, loaded, &Link { handler: with_value(link, value), ..link.clone() }, is_last, route)
        }
        Work::Function => {
            let value = on_instance(machine, link);
            run_link(machine, loaded, &Link { handler: with_value(link, value), ..link.clone() }, is_last, route)
        }
        Work::Around(name) => {
            let value = on_instance(machine, link);
            machine.establish_labels(&value.labels);
            machine.set_around(Some(*name));
            let goes_on = run_function(machine, loaded, link, &value, false, route);
            machine.set_around(None);
            goes_on
        }
        Work::Passes => {
            machine.establish_labels(&link.handler.value.labels);
            true
        }
        Work::Test => {
            let value = on_instance(machine, link);
            passes_test(machine, link, &value)
        }
        Work::Calls => {
            let value = on_instance(machine, link);
            machine.begin_link(false, false);
            machine.run_handler(&pending_of(link, &value));
            machine.pending.clear();
            !machine.last_result.is_absent()
        }
        Work::Guards(value) => {
            let guards = guards_of(machine, link, value);
            guards.iter().all(|it| passes_guard(machine, link, it, route))
        }
        Work::Proves(kinds) => {
            for kind in kinds {
                machine.establish_kind(*kind, link.handler.place);
            }
            if is_last {
                machine.establish_labels(&link.handler.value.labels);
                route.handler = Some(link.handler.place);
                route.proofs = machine.proofs();
                machine.note_answer_of_library(link.handler.place);
            }
            !is_last
        }
        Work::Exempts(kinds) => {
            for proof in Proof::ALL.into_iter().filter(|it| kinds.contains(&it.kind())) {
                machine.revoke(proof);
            }
            true
        }
        Work::Unsure(proofs) => {
            route.unknown.extend(proofs.iter().map(|it| (*it, link.handler.place)));
            true
        }
        Work::Middleware(maker) => passes_middleware(machine, loaded, link, maker, route),
    }
}

/// Makes the function that runs, and runs it, and its hooks.
fn passes_middleware(
    machine: &mut Machine<'_>,
    loaded: &Loaded,
    link: &Link,
    maker: &Maker,
    route: &mut Route,
) -> bool {
    machine.establish_labels(&link.handler.value.labels);
    if is_unknown(machine, link) && sounds_required(machine, &link.handler.value) {
        route.unknown.push((Proof::Auth, link.handler.place));
    }
    let made = machine.made_with(&link.handler.value, &maker.with, maker.kept_as, link.handler.place);
    let called = match made.single() {
        Some(Atom::Closure(_) | Atom::Bound(_)) => Some(made.clone()),
        _ => machine.method_of(&made, None),
    };
    machine.set_around(Some(machine.natives_call()));
    let mut goes_on = called.is_none_or(|it| run_function(machine, loaded, link, &it, false, route));
    for name in &maker.hooks {
        machine.set_around(Some(*name));
        if let Some(hook) = machine.method_of(&made, Some(*name)) {
            goes_on = goes_on && run_function(machine, loaded, link, &hook, true, route);
        }
    }
    machine.set_around(None);
    goes_on
}

fn with_value(link: &Link, value: Value) -> crate::flow::registrations::Handler {
    crate::flow::registrations::Handler { value, ..link.handler.clone() }
}

/// The function of a link, bound to the instance whose method it is.
fn on_instance(machine: &mut Machine<'_>, link: &Link) -> Value {
    let value = link.handler.value.clone();
    let this = match (&link.instance, link.class) {
        (Some(instance), _) => instance.clone(),
        (None, Some(class)) => machine.answering_instance(class, link.handler.place),
        (None, None) => return value,
    };
    machine.fill_instance(
        &this,
        link.request.map(|it| (it, link.handler.params.first().copied().flatten())),
        link.action,
    );
    machine.bound(value, &this)
}

/// Runs one function of the chain; whether the request goes on.
fn run_link(machine: &mut Machine<'_>, loaded: &Loaded, link: &Link, is_last: bool, route: &mut Route) -> bool {
    let known = link.handler.value.atoms().iter().all(|it| matches!(it, Atom::Closure(_) | Atom::Bound(_)));
    if known || !is_last {
        // A guard that is the handler itself is a way to log in.
        machine.establish_labels(&link.handler.value.labels);
    }
    if let Some(place) = machine.unseen_guard(&link.handler.value) {
        let named = sounds_like(loaded, place);
        let proofs = if named.is_empty() { GUARDED.to_vec() } else { named };
        route.unknown.extend(proofs.into_iter().map(|it| (it, place)));
    }
    if !is_last {
        let proofs = machine.own_proofs(&link.handler.value, link.handler.place.file);
        let is_guard = !proofs.is_empty();
        proofs.into_iter().for_each(|it| machine.establish(it, link.handler.place));
        if is_guard && !known {
            return true;
        }
    } else {
        machine.exempt_handler(&link.handler.value);
    }
    if let Some((module, scope, expr)) = link.source {
        return machine.evaluate_again(module, scope, expr);
    }
    let entry = machine.proofs();
    if is_last {
        route.handler = Some(function_place(machine, &link.handler.value).unwrap_or(link.handler.place));
        // What is proven before the handler holds for a handler that nobody can look into.
        route.proofs = entry;
    }
    if !known {
        if is_last && !machine.guard_labels(&link.handler.value.labels).is_empty() {
            machine.note_login(link.handler.place);
        }
        let place = link.handler.place;
        let is_guard = !machine.guard_labels(&link.handler.value.labels).is_empty();
        if is_last
            && !is_guard
            && !link.handler.value.atoms().iter().all(|it| matches!(it, Atom::Lib(_) | Atom::Object(_)))
        {
            // What answers is not known: nor is what it asks for.
            route.unknown.extend(Proof::ALL.map(|it| (it, place)));
        } else if is_unknown(machine, link) {
            route.unknown.extend(sounds_like(loaded, place).into_iter().map(|it| (it, place)));
        }
        return !is_last;
    }
    let shift = link.handler.shift_at_arity;
    let handlers: Vec<Atom> = link.handler.value.atoms().to_vec();
    if handlers.iter().any(|it| shift.is_some_and(|arity| machine.arity(it) == arity)) {
        // An error handler: requests without errors pass it by.
        return true;
    }
    if !is_last {
        return run_function(machine, loaded, link, &link.handler.value, link.is_hook, route);
    }
    let parameters = link.path.matches(['<', '{']).count();
    if parameters > 0 && parameters == link.handler.converted.len() && machine.only_reads() {
        machine.establish(Proof::Validation, link.handler.place);
    }
    let answers = link.handler.callee.is_some_and(|it| machine.places.returned(it).is_some());
    machine.begin_link(answers, link.is_hook);
    machine.run_handler(&pending_of(link, &link.handler.value));
    machine.pending.clear();
    machine.end_link(true, link.is_route)
}

/// Runs a function before the handler.
fn run_function(
    machine: &mut Machine<'_>,
    loaded: &Loaded,
    link: &Link,
    value: &Value,
    is_hook: bool,
    route: &mut Route,
) -> bool {
    let answered = machine.route.as_ref().map_or(0, |it| it.effects.len());
    let atoms: Vec<Atom> = value.atoms().to_vec();
    let has_way_on = atoms.iter().any(|it| machine.gets_way_on(it, &link.handler.params));
    let by_kind = if is_hook { GoesOn::Nothing } else { GoesOn::Next };
    let goes_on = match link.goes_on.unwrap_or(by_kind) {
        GoesOn::Nothing if has_way_on => GoesOn::Next,
        goes_on => goes_on,
    };
    machine.begin_link_as(false, goes_on);
    for (index, atom) in atoms.into_iter().enumerate() {
        if index > 0 {
            machine.again_from_link();
        }
        machine.wanted_result = (goes_on == GoesOn::True).then_some(true);
        machine.run_handler(&pending_of(link, &Value::labelled(atom, value.labels.clone())));
    }
    machine.wanted_result = None;
    machine.pending.clear();
    let effects = machine.route.as_ref().map_or(0, |it| it.effects.len());
    let goes_on = machine.end_link(false, link.is_route);
    if let Some(run) = &mut machine.route {
        if link.is_route {
            // What it answers is its own route's.
            run.effects.truncate(answered.min(effects));
        }
        let mut asked = std::mem::take(&mut run.asked);
        asked.retain(|_| goes_on && !link.is_route);
        asked.append(&mut run.unseen);
        for place in asked {
            route.unknown.extend(sounds_like(loaded, place).into_iter().map(|it| (it, place)));
        }
    }
    goes_on
}

fn pending_of(link: &Link, value: &Value) -> Pending {
    Pending {
        function: value.clone(),
        params: link.handler.params.clone(),
        from_request: link.handler.from_request,
        converted: link.handler.converted.clone(),
        callee: link.handler.callee,
        shift: false,
        fixed_path: link.handler.fixed_path,
        registration: None,
        registered: None,
        ..Default::default()
    }
}

/// A function that cannot be followed and might be a guard.
fn is_unknown(machine: &Machine<'_>, link: &Link) -> bool {
    let value = &link.handler.value;
    if !machine.guard_labels(&value.labels).is_empty() {
        return false;
    }
    value.atoms().iter().any(|it| matches!(it, Atom::Unknown(_) | Atom::Lib(_)))
}

/// By its name, what nobody can look into lets only some requests pass.
fn sounds_required(machine: &Machine<'_>, value: &Value) -> bool {
    value.atoms().iter().any(|it| match it {
        Atom::Unknown(Some(name)) => names::words(&machine.text(*name)).iter().any(|it| names::is("requires-word", it)),
        _ => false,
    })
}

fn function_place(machine: &Machine<'_>, value: &Value) -> Option<Place> {
    value.atoms().iter().find_map(|atom| match atom {
        Atom::Closure(id) => {
            let closure = &machine.closures[id.0 as usize];
            let module = &machine.modules[closure.module as usize];
            Some(Place { file: module.file, span: module.ir.function(closure.function).name_span })
        }
        Atom::Bound(bound) => function_place(machine, &bound.function),
        _ => None,
    })
}

/// What is proven wherever data is touched or a good answer is given.
fn everywhere(route: &Route) -> Vec<(Proof, Place)> {
    let of = |kinds: &[EffectKind]| route.effects.iter().filter(|it| kinds.contains(&it.kind)).collect::<Vec<_>>();
    let telling = of(&[EffectKind::Write, EffectKind::Answer]);
    // Where nothing but reading is seen, what stands before the last one was asked for before the end.
    let last = |kind: EffectKind| of(&[kind]).pop().into_iter().collect::<Vec<_>>();
    let telling = if telling.is_empty() { last(EffectKind::Read) } else { telling };
    let telling = if telling.is_empty() { last(EffectKind::Body) } else { telling };
    if telling.is_empty() {
        return route.proofs.clone();
    }
    let mut proven = Vec::new();
    for proof in Proof::ALL {
        // An answer where the proof failed is a refusal, as far as that goes.
        let failed = |it: &&&crate::flow::effects::Effect| it.failed.iter().find(|it| it.0 == proof).copied();
        let counts: Vec<_> = telling.iter().filter(|it| failed(it).is_none()).collect();
        let holds = |it: &&&crate::flow::effects::Effect| it.proofs.iter().find(|it| it.0 == proof).copied();
        if counts.iter().all(|it| holds(it).is_some()) {
            proven.extend(counts.first().map_or_else(|| telling.iter().find_map(|it| failed(&it)), holds));
        }
    }
    proven
}

//! Runs a route: one request through its chain, each function from the state in which the one before goes on.

use super::{Link, Route, sounds_like};
use crate::Place;
use crate::flow::Machine;
use crate::flow::effects::EffectKind;
use crate::flow::guards::Proof;
use crate::flow::machine::Pending;
use crate::flow::value::{Atom, Value};
use crate::load::Loaded;

/// Whether it is a route at all: a function that only goes on is none.
pub fn run(machine: &mut Machine<'_>, loaded: &Loaded, of_apps: &[(Proof, Place)], route: &mut Route) -> bool {
    let lengths = machine.lengths();
    let pending = std::mem::take(&mut machine.pending);
    machine.begin_route();
    of_apps.iter().for_each(|it| machine.establish(it.0, it.1));
    let count = route.chain.len();
    let chain = route.chain.clone();
    let mut is_broken = false;
    for (index, link) in chain.iter().enumerate() {
        let is_last = index + 1 == count;
        let effects = machine.route.as_ref().map_or(0, |it| it.effects.len());
        let before = machine.heap.mark();
        let entry = if link.is_conditional && !is_last { machine.proofs() } else { Vec::new() };
        let checks = !is_last
            && chain.last().is_some_and(|it| {
                machine.passes_field_check(&link.handler.value, &link.handler.params, &it.handler.value)
            });
        let goes_on = checks || run_link(machine, loaded, link, is_last, route);
        if link.is_conditional && !is_last {
            // With it and without it: what it proves is not sure.
            let gained = machine.proofs().into_iter().filter(|it| goes_on && entry.iter().all(|old| old.0 != it.0));
            route.unknown.extend(gained);
            machine.heap.undo(before);
        } else if link.is_route && !goes_on {
            machine.heap.undo(before);
        } else if !goes_on && !is_last {
            if !answers_since(machine, effects) {
                // Nobody can see how the request gets to what comes next.
                is_broken = true;
                let place = link.handler.place;
                route.unknown.extend(Proof::ALL.map(|it| (it, place)));
            }
            break;
        }
    }
    let mut falls_through = false;
    if let Some(run) = machine.route.take() {
        falls_through = !run.continued.is_empty() && run.effects.is_empty() && !is_broken;
        route.effects = run.effects;
        route.doubts = run.doubts;
        route.by_cookie = run.by_cookie;
    }
    route.proofs = everywhere(route);
    machine.restore(&lengths);
    machine.pending = pending;
    !(falls_through && (route.path.contains('*') || route.methods.is_empty()))
}

/// Runs one function of the chain; whether the request goes on.
fn run_link(machine: &mut Machine<'_>, loaded: &Loaded, link: &Link, is_last: bool, route: &mut Route) -> bool {
    let known = link.handler.value.atoms().iter().all(|it| matches!(it, Atom::Closure(_) | Atom::Bound(_)));
    if known || !is_last {
        // A guard that is the handler itself is a way to log in.
        machine.establish_labels(&link.handler.value.labels);
    }
    if !is_last {
        let proofs = machine.own_proofs(&link.handler.value, link.handler.place.file);
        let is_guard = !proofs.is_empty();
        proofs.into_iter().for_each(|it| machine.establish(it, link.handler.place));
        if is_guard && !known {
            return true;
        }
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
        if is_unknown(machine, link) {
            let place = link.handler.place;
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
    let answers = link.handler.callee.is_some_and(|it| machine.places.returned(it).is_some());
    let answered = machine.route.as_ref().map_or(0, |it| it.effects.len());
    machine.begin_link(is_last && answers, link.is_hook);
    let pending = Pending {
        function: link.handler.value.clone(),
        params: link.handler.params.clone(),
        from_request: link.handler.from_request,
        converted: link.handler.converted.clone(),
        callee: link.handler.callee,
        shift: false,
        fixed_path: link.handler.fixed_path,
        registration: None,
        registered: None,
        ..Default::default()
    };
    machine.run_handler(&pending);
    machine.pending.clear();
    let effects = machine.route.as_ref().map_or(0, |it| it.effects.len());
    let goes_on = machine.end_link(is_last, link.is_route);
    if let Some(run) = &mut machine.route {
        if link.is_route {
            // What it answers is its own route's.
            run.effects.truncate(answered.min(effects));
        }
        route.unknown.extend(
            std::mem::take(&mut run.unseen)
                .into_iter()
                .flat_map(|place| sounds_like(loaded, place).into_iter().map(move |it| (it, place))),
        );
    }
    goes_on
}

/// Whether a request was answered well since then.
fn answers_since(machine: &Machine<'_>, from: usize) -> bool {
    let effects = machine.route.as_ref().map_or(&[][..], |it| it.effects.get(from..).unwrap_or_default());
    effects.iter().any(|it| it.kind == EffectKind::Answer)
}

/// A function that cannot be followed and might be a guard.
fn is_unknown(machine: &Machine<'_>, link: &Link) -> bool {
    let value = &link.handler.value;
    if !machine.guard_labels(&value.labels).is_empty() {
        return false;
    }
    value.atoms().iter().any(|it| matches!(it, Atom::Unknown(_) | Atom::Lib(_)))
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
    let telling = if telling.is_empty() { of(&[EffectKind::Read]) } else { telling };
    let Some((first, rest)) = telling.split_first() else { return route.proofs.clone() };
    let holds = |proof: &Proof| rest.iter().all(|it| it.proofs.iter().any(|other| other.0 == *proof));
    first.proofs.iter().filter(|it| holds(&it.0)).cloned().collect()
}

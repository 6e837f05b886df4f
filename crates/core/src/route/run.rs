//! Runs a route: one request through its chain, each function from the state in which the one before goes on.

use super::{Link, Route};
use crate::Place;
use crate::flow::Machine;
use crate::flow::guards::{EffectKind, Proof};
use crate::flow::machine::Pending;
use crate::flow::value::{Atom, Value};

pub fn run(machine: &mut Machine<'_>, route: &mut Route) {
    let lengths = machine.lengths();
    let pending = std::mem::take(&mut machine.pending);
    machine.begin_route();
    let count = route.chain.len();
    let chain = route.chain.clone();
    for (index, link) in chain.iter().enumerate() {
        let is_last = index + 1 == count;
        let before = machine.heap.mark();
        let checks = !is_last
            && chain.last().is_some_and(|it| {
                machine.passes_field_check(&link.handler.value, &link.handler.params, &it.handler.value)
            });
        let goes_on = checks || run_link(machine, link, is_last, route);
        if link.is_conditional && !is_last {
            // With it and without it: what it proves is not sure.
            let delta = machine.heap.take(before);
            machine.heap.join(if goes_on { vec![Vec::new(), delta] } else { vec![Vec::new()] });
        } else if !goes_on {
            break;
        }
    }
    if let Some(run) = machine.route.take() {
        route.effects = run.effects;
    }
    route.proofs = everywhere(route);
    machine.restore(&lengths);
    machine.pending = pending;
}

/// Runs one function of the chain; whether the request goes on.
fn run_link(machine: &mut Machine<'_>, link: &Link, is_last: bool, route: &mut Route) -> bool {
    let known = link.handler.value.atoms().iter().all(|it| matches!(it, Atom::Closure(_) | Atom::Bound(_)));
    if known || !is_last {
        // A guard that is the handler itself is a way to log in.
        machine.establish_labels(&link.handler.value.labels);
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
        if is_unknown(machine, link) {
            route.unknown.push(link.handler.place);
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
    machine.end_link(is_last)
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
    let telling: Vec<_> = route.effects.iter().filter(|it| it.kind != EffectKind::Read).collect();
    let telling = if telling.is_empty() { route.effects.iter().collect() } else { telling };
    let Some((first, rest)) = telling.split_first() else { return route.proofs.clone() };
    let holds = |proof: &Proof| rest.iter().all(|it| it.proofs.iter().any(|other| other.0 == *proof));
    first.proofs.iter().filter(|it| holds(&it.0)).cloned().collect()
}

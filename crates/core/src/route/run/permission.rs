//! Guards that are asked whether a request may pass: tests that give something true or false.

use super::{GUARDED, on_instance, pending_of};
use crate::flow::Machine;
use crate::flow::machine::Pending;
use crate::flow::value::{Atom, Value};
use crate::route::{Link, Route};

/// Lets only requests pass for which the function gives something true.
pub(super) fn passes_test(machine: &mut Machine<'_>, link: &Link, value: &Value) -> bool {
    machine.begin_link(false, false);
    machine.wanted_result = Some(true);
    machine.run_handler(&pending_of(link, value));
    machine.wanted_result = None;
    machine.pending.clear();
    !machine.last_result.is_absent()
}

/// The guards that an attribute holds, or a method gives.
pub(super) fn guards_of(machine: &mut Machine<'_>, link: &Link, value: &Value) -> Vec<Value> {
    let mut value = value.clone();
    if value.atoms().iter().any(|it| matches!(it, Atom::Closure(_))) {
        let method = on_instance(machine, link);
        machine.begin_link(false, false);
        machine.run_handler(&Pending { function: method, ..Pending::default() });
        machine.pending.clear();
        value = machine.last_result.clone();
    }
    machine.spread_out(&value, None, link.handler.place.file)
}

pub(super) fn passes_guard(machine: &mut Machine<'_>, link: &Link, guard: &Value, route: &mut Route) -> bool {
    machine.establish_labels(&guard.labels);
    for atom in guard.atoms() {
        let (class, instance) = match atom {
            Atom::Class(class) => (*class, None),
            Atom::Object(id) => match machine.class_of(*id) {
                Some(class) => (class, Some(guard.clone())),
                None => continue,
            },
            Atom::Unknown(_) => {
                route.unknown.extend(GUARDED.map(|it| (it, link.handler.place)));
                continue;
            }
            _ => continue,
        };
        let instance = instance.unwrap_or_else(|| machine.answering_instance(class, link.handler.place));
        let tests = machine.tests_of(class);
        if tests.is_empty() {
            route.unknown.extend(GUARDED.map(|it| (it, link.handler.place)));
        }
        let mut has_own = false;
        for name in tests {
            if let Some(test) = machine.method_of(&instance, Some(name)) {
                has_own = true;
                if !passes_test(machine, link, &test) {
                    return false;
                }
            }
        }
        if !has_own {
            let labels = machine.base_labels(class, link.handler.place);
            machine.establish_labels(&labels);
        }
    }
    true
}

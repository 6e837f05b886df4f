//! The functions on the way to a route: which of those that stand around it run for its requests, and when.

use super::paths::{covers, join, texts};
use super::{Covers, Link, Pattern, Work};
use crate::flow::Machine;
use crate::flow::guards::Proof;
use crate::flow::registrations::{Handler, Registration};
use crate::flow::value::{Atom, ObjectId, Value};
use crate::model::rows::Verb;

/// A link as the registration describes it.
pub fn described(registration: &Registration<'_>, handler: Handler, path: &str) -> Link {
    let row = registration.row;
    Link {
        is_conditional: registration.is_conditional,
        is_hook: row.verb == Verb::Hook,
        goes_on: row.goes_on,
        calls: row.calls.clone(),
        covers: match (row.is_exact, row.is_anywhere) {
            (true, _) => Covers::Exactly,
            (_, true) => Covers::Around,
            _ => Covers::Below,
        },
        methods: if row.verb == Verb::Add { Vec::new() } else { registration.methods.clone() },
        within: registration.within,
        ..Link::new(handler, path)
    }
}

/// What a registration proves by being there.
pub fn proving(registration: &Registration<'_>, path: &str) -> Vec<Link> {
    let proves = registration.proves.iter();
    let link = |it: &(Proof, crate::Place, u32)| Link {
        work: Work::Proves(vec![it.0.kind()]),
        stage: it.2,
        is_conditional: registration.is_conditional,
        ..Link::new(Handler::default_of(it.1), path)
    };
    proves.map(link).collect()
}

/// Whether the link proves what does not hold for the registration.
pub fn is_lifted(link: &Link, registration: &Registration<'_>) -> bool {
    match &link.work {
        Work::Proves(kinds) => registration.lifts.iter().any(|it| kinds.contains(&it.kind())),
        _ => false,
    }
}

/// Paths, or objects with a path and a method, below the base.
pub fn patterns(machine: &mut Machine<'_>, values: &[Value], base: &str) -> Vec<Pattern> {
    let mut found = Vec::new();
    for value in values.iter().flat_map(|it| machine.flattened(it, 0)).collect::<Vec<_>>() {
        for atom in value.atoms().to_vec() {
            let Atom::Object(id) = atom else {
                let paths = texts(machine, &Value::atom(atom)).into_iter().flatten();
                found.extend(paths.map(|it| Pattern { methods: Vec::new(), path: join(base, &it) }));
                continue;
            };
            let (path, method) = (machine.name_key("path"), machine.name_key("method"));
            let path = machine.heap.field(id, path).cloned().unwrap_or_default();
            let method = machine.heap.field(id, method).cloned().unwrap_or_default();
            let methods: Vec<String> = texts(machine, &method).into_iter().flatten().collect();
            let methods: Vec<String> = if methods.iter().any(String::is_empty) { Vec::new() } else { methods };
            for path in texts(machine, &path).into_iter().flatten() {
                found.push(Pattern { methods: methods.clone(), path: join(base, &path) });
            }
        }
    }
    found
}

/// Whether all requests for the route are of the pattern.
pub fn is_of(pattern: &Pattern, path: &str, methods: &[String]) -> bool {
    covers(&pattern.path, path, true) == Some(true) && has_all(&pattern.methods, methods)
}

/// Whether what runs for these methods runs for each of those; none are any.
fn has_all(own: &[String], others: &[String]) -> bool {
    own.is_empty() || !others.is_empty() && others.iter().all(|it| own.contains(it))
}

/// The link as it stands before a route; nothing if requests for that one do not pass it.
pub fn before(link: &Link, path: &str, methods: &[String], classes: &[ObjectId]) -> Option<Link> {
    if link.within.is_some_and(|it| !classes.contains(&it)) {
        return None;
    }
    if link.except.iter().any(|it| is_of(it, path, methods)) {
        return None;
    }
    let covered = match link.covers {
        Covers::Around if path.contains(link.path.trim_end_matches('/')) => Some(true),
        _ => covers(&link.path, path, link.covers == Covers::Exactly),
    };
    let is_of_methods = has_all(&link.methods, methods);
    let may_be_of_methods = is_of_methods || methods.is_empty() || methods.iter().any(|it| link.methods.contains(it));
    if covered == Some(false) || !may_be_of_methods {
        return None;
    }
    let is_surely = covered == Some(true) && is_of_methods;
    if link.is_route && !is_surely {
        return None;
    }
    Some(Link { is_conditional: link.is_conditional || !is_surely, ..link.clone() })
}

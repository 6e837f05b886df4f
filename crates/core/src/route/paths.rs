//! Paths of routes as texts: joined, compared, read from values.

use std::rc::Rc;

use crate::flow::Machine;
use crate::flow::value::{Atom, Piece, Value};

/// What stands for a part of a path that nobody knows.
pub const UNKNOWN: &str = "{?}";

/// `/api/` and `/users` as `/api/users`.
pub fn join(prefix: &str, path: &str) -> String {
    let prefix = prefix.trim_end_matches('/');
    let path = path.trim_start_matches('/');
    match (prefix.is_empty(), path.is_empty()) {
        (true, true) => "/".to_owned(),
        (false, true) => with_slash(prefix),
        _ => with_slash(&format!("{prefix}/{path}")),
    }
}

fn with_slash(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// Whether a request for the path passes what stands under the prefix.
pub fn is_below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches(['*', '/']);
    prefix.is_empty() || path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The texts that a path may be; `None` for one that is not known.
pub fn texts(machine: &mut Machine<'_>, value: &Value) -> Vec<Option<String>> {
    let mut found = Vec::new();
    for atom in value.atoms().to_vec() {
        match atom {
            Atom::Text(sym) => found.push(Some(machine.text(sym).to_string())),
            Atom::Regex { pattern, .. } => found.push(Some(format!("/{}/", machine.text(pattern)))),
            Atom::Shape(pieces) => found.push(Some(shape(machine, &pieces))),
            Atom::Object(id) => match machine.heap.known_elements(id) {
                Some(elements) => elements.iter().for_each(|it| found.extend(texts(machine, it))),
                None => found.push(None),
            },
            Atom::Null | Atom::Undefined => {}
            _ => found.push(None),
        }
    }
    found
}

fn shape(machine: &Machine<'_>, pieces: &Rc<[Piece]>) -> String {
    let text = |it: &Piece| match it {
        Piece::Literal(sym) => machine.text(*sym).to_string(),
        Piece::Hole { .. } => UNKNOWN.to_owned(),
    };
    pieces.iter().map(text).collect()
}

/// Whether the value can be a path at all: text, patterns, lists of them.
pub fn is_path(machine: &Machine<'_>, value: &Value) -> bool {
    value.atoms().iter().all(|atom| match atom {
        Atom::Text(_) | Atom::Regex { .. } | Atom::Shape(_) | Atom::AnyText => true,
        Atom::Object(id) => {
            let elements = machine.heap.known_elements(*id).unwrap_or_default();
            !elements.is_empty() && elements.iter().all(|it| is_path(machine, it))
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_paths_are_joined_by_one_slash() {
        let joined = [("", ""), ("/", "/"), ("/api", "/"), ("/api/", "/users"), ("api", "users"), ("", "users")]
            .map(|(prefix, path)| join(prefix, path));
        assert_eq!(joined, ["/", "/", "/api", "/api/users", "/api/users", "/users"]);
    }

    #[test]
    fn a_prefix_holds_for_whole_segments() {
        assert!(is_below("/api/users", "/api"));
        assert!(is_below("/api", "/api/"));
        assert!(is_below("/anything", "/"));
        assert!(!is_below("/apis", "/api"));
    }
}

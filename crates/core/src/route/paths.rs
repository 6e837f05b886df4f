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

/// `/api/` and `users/` as `/api/users/`: as they are written.
pub fn concatenated(prefix: &str, path: &str) -> String {
    let prefix = if prefix == "/" { "" } else { prefix };
    let path = if prefix.is_empty() || prefix.ends_with('/') { path.trim_start_matches('/') } else { path };
    with_slash(&format!("{prefix}{path}"))
}

/// A regular expression for a path, as a path: its groups are parameters.
pub fn from_pattern(pattern: &str) -> String {
    let mut path = String::new();
    let mut rest = pattern.trim_start_matches("(?i)").trim_start_matches('^');
    rest = rest.strip_suffix("$").or_else(|| rest.strip_suffix("\\Z")).unwrap_or(rest);
    while let Some(it) = rest.chars().next() {
        if it == '(' {
            let (group, after) = group_at(rest);
            rest = after;
            let name = group.strip_prefix("(?P<").and_then(|it| it.split_once('>')).map(|it| it.0);
            match name {
                Some(name) => path.push_str(&format!("<{name}>")),
                // A group that is there or not, without a name of its own: what is in it counts.
                None if group.starts_with("(?:") && rest.starts_with('?') => {}
                None if group.starts_with("(?:") && !group.contains('|') => {
                    path.push_str(&from_pattern(&group[3..group.len().saturating_sub(1)]));
                }
                None => path.push_str("<>"),
            }
            rest = rest.trim_start_matches(['?', '*', '+']);
            continue;
        }
        let length = it.len_utf8();
        match it {
            '\\' => {
                let escaped = rest[length..].chars().next();
                path.extend(escaped.filter(|it| !it.is_alphanumeric()));
                if escaped.is_some_and(char::is_alphanumeric) {
                    path.push_str(UNKNOWN);
                }
                rest = &rest[length + escaped.map_or(0, char::len_utf8)..];
            }
            '[' => {
                let end = rest[length..].find(']').map_or(rest.len(), |it| it + length + 1);
                path.push_str(UNKNOWN);
                rest = rest[end..].trim_start_matches(['?', '*', '+']);
            }
            '?' | '+' | '*' | '$' | '^' => rest = &rest[length..],
            _ => {
                path.push(it);
                rest = &rest[length..];
            }
        }
    }
    path
}

/// The group that a pattern begins with, and what comes behind it.
fn group_at(text: &str) -> (&str, &str) {
    let (mut depth, mut escaped) = (0, false);
    for (at, it) in text.char_indices() {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return text.split_at(at + 1);
                }
            }
            _ => {}
        }
    }
    (text, "")
}

fn with_slash(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// Whether requests for a route pass what stands under a path; `None` where nobody can tell.
pub fn covers(pattern: &str, path: &str, exactly: bool) -> Option<bool> {
    if pattern.starts_with("/^") || pattern.contains(UNKNOWN) || is_expression(pattern) {
        return None;
    }
    let mut rest = segments(path);
    for segment in segments(pattern) {
        if is_rest(segment) {
            return Some(true);
        }
        let Some(given) = rest.next() else { return Some(false) };
        if is_parameter(segment) || segment == given {
            continue;
        }
        // What the route leaves open, the pattern does not cover as a whole.
        return if given == UNKNOWN { None } else { Some(false) };
    }
    Some(!exactly || rest.next().is_none())
}

/// The constant pieces of a path, and nothing for each part that a request fills in.
pub fn pieces(path: &str) -> Vec<Option<String>> {
    let mut found: Vec<Option<String>> = Vec::new();
    let mut literal = String::new();
    if path.starts_with("/^") {
        return vec![None];
    }
    for segment in segments(path) {
        literal.push('/');
        if is_rest(segment) || is_parameter(segment) || segment.contains(['(', '*', '?', '|', '+', ':', '<', '{', '['])
        {
            found.push(Some(std::mem::take(&mut literal)));
            found.push(None);
        } else {
            literal.push_str(segment);
        }
    }
    if found.is_empty() && literal.is_empty() {
        literal.push('/');
    }
    if !literal.is_empty() {
        found.push(Some(literal));
    }
    found
}

/// The path without what it is mounted under.
pub fn below(path: &str, mount: &str) -> String {
    let rest: Vec<&str> = segments(path).skip(segments(mount).count()).collect();
    format!("/{}", rest.join("/"))
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|it| !it.is_empty())
}

/// Everything from here on: `*`, `*rest`, `(.*)`, `:rest*`, `{*rest}`.
fn is_rest(segment: &str) -> bool {
    let inner = segment.trim_matches(['{', '}', '(', ')']);
    inner.starts_with('*') || inner == ".*" || segment.starts_with(':') && segment.ends_with(['*', '+'])
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with([':', '{', '<', '[']) && !segment.contains('|')
}

/// A pattern that is more than segments and parameters.
fn is_expression(pattern: &str) -> bool {
    segments(pattern).any(|it| !is_rest(it) && !is_parameter(it) && it.contains(['(', '*', '?', '|', '\\', '+']))
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
    fn patterns_are_read_as_paths() {
        let read = [
            r"^articles/(?P<slug>[-\w]+)/?$",
            r"^(\d+)/edit/$",
            r"^a(?:/(?P<page>\d+))/b\.json\Z",
            r"^(?P<x>[a-z(]+)$",
        ]
        .map(from_pattern);
        assert_eq!(read, ["articles/<slug>/", "<>/edit/", "a/<page>/b.json", "<x>"]);
    }

    #[test]
    fn paths_that_are_concatenated_keep_their_slashes() {
        let joined = [("", "api/"), ("/api/", "users/"), ("/api/", ""), ("/v", "1/"), ("/", "x")]
            .map(|(prefix, path)| concatenated(prefix, path));
        assert_eq!(joined, ["/api/", "/api/users/", "/api/", "/v1/", "/x"]);
    }

    #[test]
    fn a_prefix_holds_for_whole_segments_and_any_value_of_its_parameters() {
        let below = |pattern: &str, path: &str| covers(pattern, path, false);
        assert_eq!(below("/api", "/api/users"), Some(true));
        assert_eq!(below("/api/", "/api"), Some(true));
        assert_eq!(below("/", "/anything"), Some(true));
        assert_eq!(below("/api", "/apis"), Some(false));
        assert_eq!(below("/api/*", "/api/users/1"), Some(true));
        assert_eq!(below("/users/:id", "/users/:user/posts"), Some(true));
        assert_eq!(below("/users/me", "/users/:id"), Some(false));
        assert_eq!(below("/^\\/api/", "/api/users"), None);
    }

    #[test]
    fn a_path_is_constant_but_for_its_parameters() {
        let piece = |it: &str| Some(it.to_owned());
        assert_eq!(pieces("/api/users"), [piece("/api/users")]);
        assert_eq!(pieces("/users/:id/posts"), [piece("/users/"), None, piece("/posts")]);
        assert_eq!(pieces("/"), [piece("/")]);
    }

    #[test]
    fn what_is_mounted_sees_the_rest_of_the_path() {
        let rest = [("/api/users", "/api"), ("/api/users", "/"), ("/api", "/api"), ("/a/:id/b", "/a/:x")];
        assert_eq!(rest.map(|(path, mount)| below(path, mount)), ["/users", "/api/users", "/", "/b"]);
    }

    #[test]
    fn a_path_of_its_own_covers_nothing_below_it() {
        assert_eq!(covers("/api", "/api/users", true), Some(false));
        assert_eq!(covers("/api/:x", "/api/users", true), Some(true));
        assert_eq!(covers("/api/(.*)", "/api/users/1", true), Some(true));
    }
}

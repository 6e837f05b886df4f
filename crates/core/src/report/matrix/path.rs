//! Paths in the spellings of frameworks: which of their parts are parameters, and of which type.

/// One part of a path that a request fills in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// It says that it takes whole numbers only.
    pub is_integer: bool,
}

/// Names of parameters that have none in the path.
const WILDCARD: &str = "wildcard";

/// The path's parts between slashes, each as it is or as a parameter.
pub fn parts(path: &str) -> impl Iterator<Item = Result<&str, Parameter>> {
    path.split('/').map(|part| parameter(part).map_or(Ok(part), Err))
}

/// `:id`, `{id}`, `{id:int}`, `<int:id>`, `[id]`, `*`, each a whole part of the path.
fn parameter(part: &str) -> Option<Parameter> {
    let inside = |open, close| part.strip_prefix(open).and_then(|it: &str| it.strip_suffix(close));
    if part == "*" || part == "(.*)" {
        return Some(Parameter { name: WILDCARD.to_owned(), is_integer: false });
    }
    let (name, kind) = if let Some(rest) = part.strip_prefix(':') {
        let rest = rest.trim_end_matches(['?', '*', '+']);
        rest.split_once('(').map_or((rest, ""), |(name, pattern)| (name, pattern.trim_end_matches(')')))
    } else if let Some(rest) = inside('{', '}') {
        rest.split_once(':').unwrap_or((rest.trim_end_matches('?'), ""))
    } else if let Some(rest) = inside('[', ']') {
        (rest.trim_matches(['[', ']']).trim_start_matches("..."), "")
    } else {
        let rest = inside('<', '>')?;
        rest.split_once(':').map_or((rest, ""), |(kind, name)| (name, kind))
    };
    let name: String = name.chars().filter(|it| it.is_alphanumeric() || "_-.".contains(*it)).collect();
    let is_integer = matches!(kind, "int" | "\\d+" | "[0-9]+");
    (!name.is_empty()).then_some(Parameter { name, is_integer })
}

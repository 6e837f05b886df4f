//! Writing the generated table.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::graph::{Graph, Label, NodeId};
use crate::model::load::{Loader, is_about_places};
use crate::model::place::ArgumentAt;
use crate::model::schema::{Table, Value};

const HEAD: &str = "# made by `cargo xtask gen` from crates/core/models\n";

/// What a row with bounds of versions can be told by.
pub(in crate::model) const VERSIONS_OF: &str = "\tof=";

/// The whole table.
pub(in crate::model) fn write(loader: &Loader) -> String {
    let graph = &loader.graph;
    let mut text = HEAD.to_owned();
    let mut languages: Vec<&String> = graph.languages.keys().collect();
    languages.sort_unstable();
    for name in languages {
        let _ = writeln!(text, "language {name}");
        let mut rows: Vec<&str> =
            loader.unplaced.iter().filter(|(language, _)| language == name).map(|(_, row)| row.as_str()).collect();
        rows.sort_unstable();
        for row in rows {
            let _ = writeln!(text, " {row}");
        }
        let mut below = String::new();
        write_branches(&mut below, roots(loader, name));
        text.push_str(&deeper(&below));
    }
    text
}

/// Nodes that are one line: what they are, and what stands below them. Their names are the value of the map.
type Branches = BTreeMap<(Way, String), Vec<String>>;

/// What stands around the names of a line. Only names with the same way and the same lines below are joined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    open: String,
    close: String,
}

fn way(open: &str, close: &str) -> Way {
    Way { open: open.to_owned(), close: close.to_owned() }
}

fn roots(loader: &Loader, language: &str) -> Branches {
    let graph = &loader.graph;
    let language = &graph.languages[language];
    let mut branches = Branches::new();
    let mut add = |way: Way, name: &str, id: NodeId| {
        branches.entry((way, below(loader, id))).or_default().push(name.to_owned());
    };
    for (name, id) in &language.packages {
        let node = graph.node(*id);
        // What only belongs to a group has a line there.
        if node.groups.is_empty() || !(node.edges.is_empty() && node.rows.is_empty() && node.types.is_empty()) {
            add(way("package ", ""), name, *id);
        }
    }
    for (names, id) in &language.groups {
        add(way("packages ", ""), names, *id);
    }
    for (name, id) in &language.types {
        add(way("type ", ""), name, *id);
    }
    for (name, id) in &language.globals {
        add(way("global ", ""), name, *id);
    }
    for (name, guesses) in &language.guesses {
        for (packages, id) in guesses {
            let packages = packages.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
            add(way("guess ", &packages), name, *id);
        }
    }
    branches
}

/// The lines below a node.
fn below(loader: &Loader, node: NodeId) -> String {
    let node = loader.graph.node(node);
    let row_ids = node.rows.iter().chain(node.types.iter().map(|(_, row)| row));
    let mut rows: Vec<&str> = row_ids.map(|row| loader.texts[row.0 as usize].as_str()).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut text: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let mut branches = Branches::new();
    for (label, child) in &node.edges {
        let (way, name) = label_text(&loader.graph, label);
        branches.entry((way, below(loader, *child))).or_default().push(name);
    }
    write_branches(&mut text, branches);
    deeper(&text)
}

fn deeper(text: &str) -> String {
    text.lines().map(|line| format!(" {line}\n")).collect()
}

fn write_branches(text: &mut String, branches: Branches) {
    let mut lines: Vec<(String, String)> = Vec::with_capacity(branches.len());
    for ((way, below), mut names) in branches {
        names.sort_unstable();
        // A group is a line of its own: its names are joined already.
        let joined = if way.open == "packages " { names } else { vec![names.join(",")] };
        lines.extend(joined.into_iter().map(|names| (format!("{}{names}{}", way.open, way.close), below.clone())));
    }
    lines.sort_unstable();
    for (label, below) in lines {
        let _ = write!(text, "{label}\n{below}");
    }
}

fn label_text(graph: &Graph, label: &Label) -> (Way, String) {
    let alone = |open: &str| (way(open, ""), String::new());
    match label {
        Label::Member(symbol) => (way(".", ""), graph.name(*symbol).to_owned()),
        Label::AnyMember => alone(".*"),
        Label::ReturnValue => alone("()"),
        Label::Instance => alone("new"),
        Label::Argument(at) => (way("(", ")"), argument_text(at)),
        Label::Parameter(at) => (way("<", ">"), argument_text(at)),
        Label::Element => alone("[]"),
        Label::Decorated => alone("@"),
        Label::Subclass => alone("sub"),
        Label::Receiver => alone("self"),
        Label::Key => alone("key"),
    }
}

fn argument_text(at: &ArgumentAt) -> String {
    match at {
        ArgumentAt::Position(position) => position.to_string(),
        ArgumentAt::Range(first, None) => format!("{first}.."),
        ArgumentAt::Range(first, Some(last)) => format!("{first}..{last}"),
        ArgumentAt::FromEnd(back) => format!("-{back}"),
        ArgumentAt::Keyword(name) => format!("{name}:"),
        ArgumentAt::Any => "*".to_owned(),
        ArgumentAt::Spread => "**".to_owned(),
    }
}

/// `=library section key=value …`, separated by tabs; `~name` for a type that is only a name.
///
/// `versions_of` is written out, for the table does not say where a row stands.
pub(in crate::model) fn row_text(library: &str, section: &str, table: &Table, versions_of: &[String]) -> String {
    let only_named = table.keys().all(|key| key == "name" || is_about_places(key));
    if let (true, "type", Some(Value::Text(name))) = (only_named, section, table.get("name")) {
        return format!("~{name}");
    }
    let mut text = format!("={library}\t{section}");
    if !versions_of.is_empty() {
        text.push_str(VERSIONS_OF);
        write_value(&mut text, &Value::List(versions_of.iter().cloned().map(Value::Text).collect()));
    }
    for (key, value) in table.iter().filter(|(key, _)| *key != "of") {
        // A convention's `everywhere` is its own.
        if !is_about_places(key) || (section == "convention" && key == "everywhere") {
            let _ = write!(text, "\t{key}=");
            write_value(&mut text, value);
        }
    }
    text
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Bool(it) => {
            let _ = write!(text, "{it}");
        }
        Value::Number(it) => {
            let _ = write!(text, "{it}");
        }
        Value::Text(it) => {
            text.push('"');
            for char in it.chars() {
                match char {
                    '"' | '\\' => text.extend(['\\', char]),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    '\t' => text.push_str("\\t"),
                    // Two digits: a table with bare control characters would be binary to other tools.
                    char if char.is_ascii_control() => {
                        let _ = write!(text, "\\x{:02x}", u32::from(char));
                    }
                    char => text.push(char),
                }
            }
            text.push('"');
        }
        Value::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Table(entries) => {
            text.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                let _ = write!(text, "{}{key}=", if index == 0 { "" } else { "," });
                write_value(text, item);
            }
            text.push('}');
        }
    }
}

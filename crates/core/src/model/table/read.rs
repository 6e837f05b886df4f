//! Reading the generated table.

use rustc_hash::FxHashMap;

use crate::model::graph::{Graph, Label, NodeId, Root, RowId};
use crate::model::load::{add_text_unplaced, text_row};
use crate::model::place::{ArgumentAt, argument};
use crate::model::rows::{Origin, Row};
use crate::model::schema::{Table, Value};

/// Of the table, at least.
const BYTES_PER_NODE: usize = 40;

/// The graph of a table that `write` made.
pub(in crate::model) fn read(text: &'static str) -> Graph {
    let mut graph = Graph::default();
    graph.nodes.reserve(text.len() / BYTES_PER_NODE);
    let mut language = "";
    let mut path: Vec<NodeId> = Vec::new();
    // By the line that names it: the type and its row.
    let mut types: FxHashMap<&str, (NodeId, RowId)> = FxHashMap::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let label = line.trim_start_matches(' ');
        let depth = line.len() - label.len();
        if depth == 0 {
            language = label.strip_prefix("language ").unwrap_or_default();
            graph.languages.entry(language.to_owned()).or_default();
            types.clear();
        } else if let Some(row) = label.strip_prefix('=') {
            if depth == 1 {
                let (packages, section, table) = split_row(row);
                add_text_unplaced(&mut graph, language, packages, section, &table);
                continue;
            }
            let id = graph.add_lazy_row(row);
            if row.split('\t').nth(1) == Some("type") {
                graph.attach(language, path[depth - 2], id);
            } else {
                graph.attach_other(path[depth - 2], id);
            }
        } else if let Some(name) = label.strip_prefix('~') {
            let (root, row) = *types.entry(name).or_insert_with(|| {
                let row = graph.add_row(Row::Type(name.to_owned()), Origin::default());
                (graph.root(language, Root::Type(name.to_owned())), row)
            });
            graph.attach_type(path[depth - 2], root, row);
        } else {
            path.truncate(depth - 1);
            let node = graph.add_node();
            match path.last() {
                None => {
                    for root in parse_roots(label) {
                        let root = graph.root(language, root);
                        graph.add_group(root, node);
                    }
                }
                Some(parent) => {
                    for label in parse_labels(&mut graph, label) {
                        graph.add_edge(*parent, label, node);
                    }
                }
            }
            path.push(node);
        }
    }
    graph
}

/// The roots of a line. They are made elsewhere too, as the types of values, so that each only refers to the line.
fn parse_roots(text: &str) -> Vec<Root> {
    let (start, names) = text.split_once(' ').unwrap_or((text, ""));
    let (names, packages) = match names.split_once(' ') {
        Some((names, packages)) => (names, Some(packages.to_owned())),
        None => (names, None),
    };
    let root = |name: &str| match start {
        "package" | "packages" => Root::Package(name.to_owned()),
        "type" => Root::Type(name.to_owned()),
        "global" => Root::Global(name.to_owned()),
        _ => Root::Guess { name: name.to_owned(), packages: packages.clone() },
    };
    names.split(',').map(root).collect()
}

fn parse_labels(graph: &mut Graph, text: &str) -> Vec<Label> {
    let label = match text {
        ".*" => Label::AnyMember,
        "()" => Label::ReturnValue,
        "new" => Label::Instance,
        "[]" => Label::Element,
        "@" => Label::Decorated,
        "sub" => Label::Subclass,
        "self" => Label::Receiver,
        "key" => Label::Key,
        text => {
            return match text.strip_prefix('.') {
                Some(names) => names.split(',').map(|name| Label::Member(graph.intern(name))).collect(),
                None => {
                    let label = if text.starts_with('(') { Label::Argument } else { Label::Parameter };
                    let all = text[1..text.len() - 1].split(',');
                    all.map(|at| label(graph.argument_symbol(parse_argument(at)))).collect()
                }
            };
        }
    };
    vec![label]
}

fn parse_argument(text: &str) -> ArgumentAt {
    argument("Argument", text).expect("the generated table holds only places that were checked")
}

/// The row of a line.
pub(in crate::model) fn parse_row(text: &str) -> (Row, Origin) {
    let (library, section, table) = split_row(text);
    text_row(library, section, &table)
}

/// Library or packages, section, and what the row says.
fn split_row(text: &str) -> (&str, &str, Table) {
    let mut fields = text.split('\t');
    let library = fields.next().unwrap_or_default();
    let section = fields.next().unwrap_or_default();
    let table = fields.filter_map(|field| {
        let (key, value) = field.split_once('=')?;
        Some((key.to_owned(), parse_value(&mut { value })))
    });
    (library, section, table.collect())
}

/// Takes one value from the front of the text.
fn parse_value(text: &mut &str) -> Value {
    match text.as_bytes().first() {
        Some(b'"') => Value::Text(parse_text(text)),
        Some(b'[') => {
            let mut items = Vec::new();
            while !take(text, ']') {
                items.push(parse_value(text));
            }
            Value::List(items)
        }
        Some(b'{') => {
            let mut entries = Table::new();
            while !take(text, '}') {
                let (key, rest) = text.split_once('=').unwrap_or((text, ""));
                *text = rest;
                entries.insert(key.to_owned(), parse_value(text));
            }
            Value::Table(entries)
        }
        _ => {
            let end = text.find([',', ']', '}']).unwrap_or(text.len());
            let word = &text[..end];
            *text = &text[end..];
            match word {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                number => Value::Number(number.parse().unwrap_or_default()),
            }
        }
    }
}

/// Passes an opening bracket or a comma; whether the closing one followed.
fn take(text: &mut &str, close: char) -> bool {
    if let Some(rest) = text.strip_prefix(close) {
        *text = rest;
        return true;
    }
    let mut rest = text.chars();
    if rest.next().is_none() {
        return true;
    }
    *text = rest.as_str();
    if let Some(rest) = text.strip_prefix(close) {
        *text = rest;
        return true;
    }
    false
}

fn parse_text(text: &mut &str) -> String {
    let mut out = String::new();
    let mut chars = text[1..].chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => break,
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('x') => {
                    let rest = chars.as_str();
                    let code = rest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
                    out.extend(code.map(char::from));
                    chars = rest.get(2..).unwrap_or_default().chars();
                }
                Some(other) => out.push(other),
                None => break,
            },
            char => out.push(char),
        }
    }
    *text = chars.as_str();
    out
}

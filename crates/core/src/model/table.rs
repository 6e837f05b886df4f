//! The generated table: the place graph of the built-in models as an outline, so that no TOML is read at run time.
//!
//! Each line is a node of the graph under the one above it, indented by its depth, or (`=`) a row that holds there.
//! It is sorted, so that a change of one model changes few lines.

use std::fmt::Write;

use rustc_hash::FxHashMap;

use super::graph::{Graph, Label, NodeId, Root, RowId};
use super::load::{Loader, add_text_row, add_text_unplaced, is_about_places};
use super::place::ArgumentAt;
use super::schema::{Table, Value};

const HEAD: &str = "# made by `cargo xtask gen` from crates/core/models\n";

// Writing

/// `library section key=value …`, separated by tabs.
pub(super) fn row_text(library: &str, section: &str, table: &Table) -> String {
    let mut text = format!("{library}\t{section}");
    for (key, value) in table {
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

/// The whole table.
pub(super) fn write(loader: &Loader) -> String {
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
            let _ = writeln!(text, " ={row}");
        }
        for (label, root) in roots(graph, name) {
            write_node(&mut text, loader, &label, root, 1);
        }
    }
    text
}

fn roots(graph: &Graph, language: &str) -> Vec<(String, NodeId)> {
    let language = &graph.languages[language];
    let mut roots: Vec<(String, NodeId)> = Vec::new();
    let has_own = |id: &NodeId| {
        let node = graph.node(*id);
        node.groups.is_empty() || !(node.edges.is_empty() && node.rows.is_empty() && node.types.is_empty())
    };
    let packages = language.packages.iter().filter(|(_, id)| has_own(id));
    roots.extend(packages.map(|(name, id)| (format!("package {name}"), *id)));
    roots.extend(language.groups.iter().map(|(names, id)| (format!("packages {names}"), *id)));
    roots.extend(language.types.iter().map(|(name, id)| (format!("type {name}"), *id)));
    roots.extend(language.globals.iter().map(|(name, id)| (format!("global {name}"), *id)));
    for (name, guesses) in &language.guesses {
        roots.extend(guesses.iter().map(|(packages, id)| match packages {
            None => (format!("guess {name}"), *id),
            Some(packages) => (format!("guess {name} {packages}"), *id),
        }));
    }
    roots.sort_unstable();
    roots
}

fn write_node(text: &mut String, loader: &Loader, label: &str, node: NodeId, depth: usize) {
    let indent = " ".repeat(depth);
    let _ = writeln!(text, "{indent}{label}");
    let node = loader.graph.node(node);
    let row_ids = node.rows.iter().chain(node.types.iter().map(|(_, row)| row));
    let mut rows: Vec<&str> = row_ids.map(|row| loader.texts[row.0 as usize].as_str()).collect();
    rows.sort_unstable();
    rows.dedup();
    for row in rows {
        let _ = writeln!(text, "{indent} ={row}");
    }
    let mut children: Vec<(String, NodeId)> =
        node.edges.iter().map(|(label, child)| (label_text(&loader.graph, label), *child)).collect();
    children.sort_unstable();
    for (label, child) in children {
        write_node(text, loader, &label, child, depth + 1);
    }
}

fn label_text(graph: &Graph, label: &Label) -> String {
    match label {
        Label::Member(symbol) => format!(".{}", graph.name(*symbol)),
        Label::AnyMember => ".*".to_owned(),
        Label::ReturnValue => "()".to_owned(),
        Label::Instance => "new".to_owned(),
        Label::Argument(at) => format!("({})", argument_text(at)),
        Label::Parameter(at) => format!("<{}>", argument_text(at)),
        Label::Element => "[]".to_owned(),
        Label::Decorated => "@".to_owned(),
        Label::Subclass => "sub".to_owned(),
        Label::Receiver => "self".to_owned(),
        Label::Key => "key".to_owned(),
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

// Reading

/// The graph of a table that `write` made.
pub(super) fn read(text: &str) -> Graph {
    let mut graph = Graph::default();
    let mut language = "";
    let mut path: Vec<NodeId> = Vec::new();
    let mut rows: FxHashMap<&str, RowId> = FxHashMap::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let label = line.trim_start_matches(' ');
        let depth = line.len() - label.len();
        if depth == 0 {
            language = label.strip_prefix("language ").unwrap_or_default();
            graph.languages.entry(language.to_owned()).or_default();
        } else if let Some(row) = label.strip_prefix('=') {
            if depth == 1 {
                let (packages, section, table) = parse_row(row);
                add_text_unplaced(&mut graph, language, packages, section, &table);
                continue;
            }
            let id = *rows.entry(row).or_insert_with(|| {
                let (library, section, table) = parse_row(row);
                add_text_row(&mut graph, library, section, &table)
            });
            graph.attach(language, path[depth - 2], id);
        } else {
            path.truncate(depth - 1);
            let node = match path.last() {
                None => graph.root(language, parse_root(label)),
                Some(parent) => {
                    let label = parse_label(&mut graph, label);
                    graph.add_child(*parent, label)
                }
            };
            path.push(node);
        }
    }
    graph
}

fn parse_root(text: &str) -> Root {
    let (start, name) = text.split_once(' ').unwrap_or((text, ""));
    match start {
        "package" => Root::Package(name.to_owned()),
        "packages" => Root::Packages(name.to_owned()),
        "type" => Root::Type(name.to_owned()),
        "global" => Root::Global(name.to_owned()),
        _ => match name.split_once(' ') {
            None => Root::Guess { name: name.to_owned(), packages: None },
            Some((name, packages)) => Root::Guess { name: name.to_owned(), packages: Some(packages.to_owned()) },
        },
    }
}

fn parse_label(graph: &mut Graph, text: &str) -> Label {
    match text {
        ".*" => Label::AnyMember,
        "()" => Label::ReturnValue,
        "new" => Label::Instance,
        "[]" => Label::Element,
        "@" => Label::Decorated,
        "sub" => Label::Subclass,
        "self" => Label::Receiver,
        "key" => Label::Key,
        text => match text.strip_prefix('.') {
            Some(name) => Label::Member(graph.intern(name)),
            None => {
                let at = graph.argument_symbol(parse_argument(&text[1..text.len() - 1]));
                if text.starts_with('(') { Label::Argument(at) } else { Label::Parameter(at) }
            }
        },
    }
}

fn parse_argument(text: &str) -> ArgumentAt {
    super::place::argument("Argument", text).expect("the generated table holds only places that were checked")
}

/// Library or packages, section, and what the row says.
fn parse_row(text: &str) -> (&str, &str, Table) {
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
                Some(other) => out.push(other),
                None => break,
            },
            char => out.push(char),
        }
    }
    *text = chars.as_str();
    out
}

//! One configuration file: `backend-specialist.toml`, a table of `pyproject.toml`, or a key of `package.json`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use backend_specialist_core::config::Config;
use backend_specialist_core::model::own;
use backend_specialist_core::nearest::nearest;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{check_kind, check_rule_name, holds_functions, holds_rules, known_keys, unknown_key};
use crate::fault::{Fault, shown_path};

const OWN: &str = "backend-specialist.toml";
const PYPROJECT: &str = "pyproject.toml";
const PACKAGE: &str = "package.json";
const KEY: &str = "backend-specialist";

/// A configuration file whose keys and values are known to be right.
#[derive(Debug)]
pub struct Source {
    pub file: PathBuf,
    pub table: toml::Table,
    pub extends: Vec<String>,
}

/// The nearest folder upwards with a configuration, up to the root of the repository.
pub fn find_nearest(start: &Path) -> Result<Option<PathBuf>, Fault> {
    for folder in start.ancestors() {
        let found: Vec<PathBuf> =
            [OWN, PYPROJECT, PACKAGE].iter().map(|it| folder.join(it)).filter(|it| holds_settings(it)).collect();
        if let [first, second, ..] = found.as_slice() {
            let what = format!("two configurations in one folder: `{}` and `{}`", file_name(first), file_name(second));
            return Err(Fault::new(what).in_file(second).help("keep one of them"));
        }
        if let Some(file) = found.into_iter().next() {
            return Ok(Some(file));
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}

/// The folder upwards that is a repository.
pub fn repository_root(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|it| it.join(".git").exists()).map(Path::to_path_buf)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A broken manifest without our name in it is not our business.
fn holds_settings(path: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(path) else { return path.is_file() && file_name(path) == OWN };
    match file_name(path).as_str() {
        OWN => true,
        PYPROJECT => match text.parse::<toml::Table>() {
            Ok(table) => table.get("tool").and_then(|it| it.get(KEY)).is_some(),
            Err(_) => text.contains("[tool.backend-specialist"),
        },
        _ => match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(value) => value.get(KEY).is_some_and(serde_json::Value::is_object),
            Err(_) => false,
        },
    }
}

pub fn read_source(file: &Path) -> Result<Source, Fault> {
    let text = std::fs::read_to_string(file)
        .map_err(|it| Fault::new(format!("cannot read the configuration {}: {it}", shown_path(file))))?;
    let table = match file_name(file).as_str() {
        PACKAGE => read_package(file, &text)?,
        PYPROJECT => read_toml(file, &text, &["tool", KEY])?,
        _ => read_toml(file, &text, &[])?,
    };
    let extends = match table.get("extends") {
        Some(toml::Value::String(one)) => vec![one.clone()],
        Some(toml::Value::Array(all)) => all.iter().filter_map(|it| Some(it.as_str()?.to_string())).collect(),
        _ => Vec::new(),
    };
    Ok(Source { file: file.to_path_buf(), table, extends })
}

/// Serde says which words it would have taken; we say which of them was probably meant.
fn value_fault(message: &str) -> Fault {
    let line = message.lines().next().unwrap_or_default();
    let quoted: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [wrong, known @ ..] if line.starts_with("unknown variant") => {
            let help = match nearest(wrong, known.iter().copied()) {
                Some(it) => format!("did you mean `{it}`?"),
                None => format!("one of {}", known.join(", ")),
            };
            Fault::new(format!("unknown value `{wrong}`")).help(help)
        }
        _ => Fault::new(line.to_string()),
    }
}

fn toml_fault(file: &Path, text: &str, error: &toml::de::Error) -> Fault {
    let fault = value_fault(error.message());
    match error.span() {
        Some(span) => fault.at(file, text, span),
        None => fault.in_file(file),
    }
}

/// The table that the keys lead to, checked.
fn read_toml(file: &Path, text: &str, path: &[&str]) -> Result<toml::Table, Fault> {
    let fault = |error: &toml::de::Error| toml_fault(file, text, error);
    let whole = DeTable::parse(text).map_err(|it| fault(&it))?;
    let mut table = whole.get_ref();
    for key in path {
        match table.get(*key).map(Spanned::get_ref) {
            Some(DeValue::Table(inner)) => table = inner,
            _ => return Ok(toml::Table::new()),
        }
    }
    check_table(table, &[]).map_err(|(what, help, span)| Fault::new(what).at(file, text, span).help(help))?;
    check_values(text, path).map_err(|it| fault(&it))?;
    let mut plain: toml::Table = toml::from_str(text).map_err(|it| fault(&it))?;
    for key in path {
        plain = match plain.remove(*key) {
            Some(toml::Value::Table(inner)) => inner,
            _ => toml::Table::new(),
        };
    }
    Ok(plain)
}

/// Read once with its place in the file, for the sake of the place in the error.
fn check_values(text: &str, path: &[&str]) -> Result<(), toml::de::Error> {
    #[derive(Deserialize)]
    struct Whole {
        #[allow(dead_code)]
        tool: Tool,
    }
    #[derive(Deserialize)]
    struct Tool {
        #[serde(rename = "backend-specialist")]
        #[allow(dead_code)]
        ours: Config,
    }
    if path.is_empty() { toml::from_str::<Config>(text).map(|_| ()) } else { toml::from_str::<Whole>(text).map(|_| ()) }
}

type Wrong = (String, String, Range<usize>);

fn check_table(table: &DeTable<'_>, at: &[&str]) -> Result<(), Wrong> {
    let known = known_keys(at);
    for (key, value) in table {
        let name: &str = key.get_ref();
        if let Some(known) = known
            && !known.contains(&name)
        {
            let (what, help) = unknown_key(name, known);
            return Err((what, help, key.span()));
        }
        if at == ["models", "sanitizers"] {
            check_kind(name).map_err(|(what, help)| (what, help, key.span()))?;
        }
        let mut inner = at.to_vec();
        inner.push(name);
        match value.get_ref() {
            DeValue::Table(table) => check_table(table, &inner)?,
            DeValue::Array(items) => {
                for item in items {
                    match item.get_ref() {
                        DeValue::Table(table) => check_table(table, &inner)?,
                        DeValue::String(text) if holds_rules(at, name) => {
                            check_rule_name(text).map_err(|(what, help)| (what, help, item.span()))?;
                        }
                        DeValue::String(text) if holds_functions(at, name) && !own::names_function(text) => {
                            let help = "the name alone holds in every file".to_string();
                            return Err((own::no_function(text), help, item.span()));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// JSON has no places in its values: a wrong one is looked up by its name.
fn read_package(file: &Path, text: &str) -> Result<toml::Table, Fault> {
    let at_word = |fault: Fault, word: &str| match text.find(&format!("\"{word}\"")) {
        Some(start) => fault.at(file, text, start..start + word.len() + 2),
        None => fault.in_file(file),
    };
    let whole: serde_json::Value = serde_json::from_str(text).map_err(|it| Fault::new(it.to_string()).in_file(file))?;
    let Some(ours) = whole.get(KEY) else { return Ok(toml::Table::new()) };
    let written = toml::Table::try_from(ours)
        .map_err(|_| at_word(Fault::new("`null` has no meaning in the configuration"), KEY))?;
    let as_toml = written.to_string();
    let parsed = DeTable::parse(&as_toml).map_err(|it| at_word(Fault::new(it.message().to_string()), KEY))?;
    check_table(parsed.get_ref(), &[]).map_err(|(what, help, span)| {
        let word = as_toml.get(span).unwrap_or_default().trim_matches(['"', '\'']).to_string();
        at_word(Fault::new(what).help(help), &word)
    })?;
    toml::from_str::<Config>(&as_toml).map_err(|it| {
        let word = it.span().and_then(|span| as_toml.get(span)).unwrap_or_default().trim_matches(['"', '\'']);
        at_word(value_fault(it.message()), word)
    })?;
    Ok(written)
}

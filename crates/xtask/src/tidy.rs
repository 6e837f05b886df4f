//! Tidiness as a test: what the compiler does not look at and reviewers forget.

mod documents;
mod literals;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use backend_specialist_core::model::kinds::{self, KindId, KindSpace};
use backend_specialist_core::model::rows::Op;
use backend_specialist_core::model::schema::Value;
use backend_specialist_literate::models;

use crate::generate::model_texts;

/// A file of the repository: its path from the root, and its text.
pub struct Text {
    pub path: String,
    pub text: String,
}

/// Everything that is untidy, one line each.
pub fn problems(root: &Path) -> Result<Vec<String>> {
    let rust = texts(root, "crates", "rs")?;
    let mut problems = long_files(&rust);
    let core: Vec<&Text> = rust.iter().filter(|it| it.path.starts_with("crates/core/src/")).collect();
    problems.extend(literals::libraries(&core, &libraries(root)?));
    problems.extend(literals::languages(&core));
    problems.extend(unused_kinds(root, &core)?);
    problems.extend(documents::missing_paths(root)?);
    Ok(problems)
}

/// The files below a folder with that extension, by path.
fn texts(root: &Path, folder: &str, extension: &str) -> Result<Vec<Text>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !matches!(name.as_ref(), "target" | "node_modules") && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|it| it == extension) {
                let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
                let path = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
                found.push(Text { path, text });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(found)
}

const LINES_MAX: usize = 500;

/// Files, or folders of files, that may be longer, and how long at most.
const LONG: &[(&str, usize)] = &[
    // One match over all operations on containers; splitting it is planned.
    ("crates/core/src/flow/", 650),
    // Sample programs, no code.
    ("crates/syntax/src/javascript/tests/repair/sources.rs", 600),
];

fn long_files(rust: &[Text]) -> Vec<String> {
    let is_generated =
        |text: &str| text.lines().next().is_some_and(|line| line.to_lowercase().contains("made by `cargo"));
    let mut problems = Vec::new();
    for it in rust.iter().filter(|it| !is_generated(&it.text)) {
        let lines = it.text.lines().count();
        let allowed = LONG.iter().find(|(path, _)| it.path.starts_with(path)).map(|(_, lines)| *lines);
        let max = allowed.unwrap_or(LINES_MAX);
        if lines > max {
            problems.push(format!("{}: {lines} lines; a file has at most {max}", it.path));
        }
    }
    problems
}

/// The packages of models, but for those of the languages' own libraries, whose names are everyday words.
fn libraries(root: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for it in model_texts(root)? {
        let Ok(file) = models::read(&it.path, &it.text) else { continue };
        let texts = |key: &str| match file.0.get(key) {
            Some(Value::Text(text)) => vec![text.clone()],
            Some(Value::List(list)) => list
                .iter()
                .filter_map(|it| match it {
                    Value::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let is_own = |docs: &String| OWN_DOCS.iter().any(|own| docs.starts_with(own));
        if !texts("docs").iter().any(is_own) {
            names.extend(texts("package"));
        }
    }
    let words =
        [KindSpace::Source, KindSpace::Sink, KindSpace::Call].into_iter().flat_map(kinds::all).flat_map(|kind| {
            let roles = kind.info().roles.iter().map(String::as_str);
            roles.chain([kind.name()]).collect::<Vec<_>>()
        });
    let operations = Op::NAMES.iter().map(|(name, _)| *name);
    for word in words.chain(operations).chain(EVERYDAY.iter().copied()) {
        names.remove(word);
    }
    Ok(names)
}

/// Packages that are called like something else: formats, programs, words of models.
const EVERYDAY: &[&str] = &["graphql", "markdown", "sh", "wget", "when", "yaml"];

const OWN_DOCS: &[&str] = &["https://docs.python.org", "https://nodejs.org", "https://developer.mozilla.org"];

/// Kinds that neither a model nor the engine nor a rule names.
fn unused_kinds(root: &Path, core: &[&Text]) -> Result<Vec<String>> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for it in core.iter().filter(|it| !it.path.ends_with("/tests.rs")) {
        used.extend(literals::of(&it.text).into_iter().map(|(_, text)| text));
    }
    for it in model_texts(root)? {
        let Ok(file) = models::read(&it.path, &it.text) else { continue };
        file.0.values().for_each(|value| collect(value, &mut used));
    }
    let all = [KindSpace::Source, KindSpace::Sink, KindSpace::Call].into_iter().flat_map(kinds::all);
    let mut problems = Vec::new();
    for name in all.map(KindId::name) {
        match (used.contains(name), AWAITED.contains(&name)) {
            (false, false) => problems.push(format!("crates/core/models/kinds.toml: nothing uses the kind `{name}`")),
            (true, true) => problems.push(format!("`{name}` is used now: delete it from `AWAITED`")),
            _ => {}
        }
    }
    Ok(problems)
}

/// Kinds whose first user is still to come.
const AWAITED: &[&str] = &[];

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::Text(text) => {
            texts.insert(text.clone());
        }
        Value::List(list) => list.iter().for_each(|it| collect(it, texts)),
        Value::Table(table) => table.values().for_each(|it| collect(it, texts)),
        Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let problems = problems(&crate::root()).unwrap();
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }

    #[test]
    fn long_files_are_named() {
        let text = |path: &str, lines: usize| Text { path: path.to_owned(), text: "x\n".repeat(lines) };
        let made =
            Text { path: "c.rs".to_owned(), text: format!("// Made by `cargo xtask gen`\n{}", "x\n".repeat(600)) };
        let files = [text("a.rs", 501), text("b.rs", 500), made, text("crates/core/src/flow/a.rs", 651)];
        assert_eq!(
            long_files(&files),
            ["a.rs: 501 lines; a file has at most 500", "crates/core/src/flow/a.rs: 651 lines; a file has at most 650"]
        );
    }
}

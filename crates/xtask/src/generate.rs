//! Generated files: the kinds, the table of built-in models, the package's types, and what shows the rules.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use backend_specialist_core::model;
use backend_specialist_literate::models;
use serde::Deserialize;

use crate::{pages, types};

const MODELS: &str = "crates/core/models";
const KINDS: &str = "crates/core/models/kinds.toml";
const KINDS_TABLE: &str = "crates/core/src/model/kinds.txt";
const MODELS_TABLE: &str = "crates/core/src/model/builtin.txt";

/// Writes every generated file that has changed.
pub fn write(root: &Path) -> Result<()> {
    let kinds = kinds(root)?;
    if write_one(root, KINDS_TABLE, &kinds)? {
        // The kinds are compiled in: only a new build reads the models with them.
        let status = Command::new("cargo").args(["xtask", "gen"]).current_dir(root).status()?;
        return if status.success() { Ok(()) } else { bail!("the models could not be read") };
    }
    write_one(root, MODELS_TABLE, &models_table(root)?)?;
    write_one(root, types::TYPES, &types::types(root)?)?;
    let rule_files = pages::files(root)?;
    for (path, text) in &rule_files {
        write_one(root, path, text)?;
    }
    for path in pages::orphans(root, &rule_files) {
        fs::remove_file(root.join(&path)).with_context(|| format!("removing {path}"))?;
        println!("removed {path}");
    }
    Ok(())
}

fn write_one(root: &Path, path: &str, text: &str) -> Result<bool> {
    let file = root.join(path);
    if fs::read_to_string(&file).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    fs::write(&file, text).with_context(|| format!("writing {path}"))?;
    println!("wrote {path}");
    Ok(true)
}

/// An error that names the stale files and the command.
pub fn check(root: &Path) -> Result<()> {
    let mut files = pages::files(root)?;
    let mut stale = pages::orphans(root, &files);
    files.insert(KINDS_TABLE.to_owned(), kinds(root)?);
    files.insert(MODELS_TABLE.to_owned(), models_table(root)?);
    files.insert(types::TYPES.to_owned(), types::types(root)?);
    for (path, text) in files {
        let old = fs::read_to_string(root.join(&path)).unwrap_or_default();
        if let Some(line) = first_difference(&old, &text) {
            stale.push(format!("{path}:{line}"));
        }
    }
    if !stale.is_empty() {
        bail!("stale: {}; run `cargo xtask gen`", stale.join(", "));
    }
    Ok(())
}

fn first_difference(old: &str, new: &str) -> Option<usize> {
    if old == new {
        return None;
    }
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    Some(same + 1)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindsFile {
    source: Vec<Kind>,
    sink: Vec<Kind>,
    call: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    name: String,
    of: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    is: String,
}

fn kinds(root: &Path) -> Result<String> {
    let text = fs::read_to_string(root.join(KINDS)).with_context(|| format!("reading {KINDS}"))?;
    let file: KindsFile = toml::from_str(&text).with_context(|| format!("in {KINDS}"))?;
    let mut table = "# made by `cargo xtask gen` from crates/core/models/kinds.toml\n".to_owned();
    for (space, kinds) in [("source", &file.source), ("sink", &file.sink), ("call", &file.call)] {
        let mut known = BTreeSet::new();
        for kind in kinds {
            let parent = kind.of.as_deref().unwrap_or_default();
            if !parent.is_empty() && !known.contains(parent) {
                bail!("{KINDS}: `{parent}`, parent of {space} `{}`, does not stand before it", kind.name);
            }
            if !known.insert(kind.name.as_str()) {
                bail!("{KINDS}: {space} `{}` stands there twice", kind.name);
            }
            writeln!(table, "{space}\t{}\t{parent}\t{}\t{}", kind.name, kind.roles.join(" "), kind.is)?;
        }
    }
    Ok(table)
}

/// A model file of the repository: its path from the root, and its text.
pub struct ModelText {
    pub path: String,
    pub text: String,
}

/// All model files, by path.
pub fn model_texts(root: &Path) -> Result<Vec<ModelText>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for language in fs::read_dir(root.join(MODELS)).with_context(|| format!("reading {MODELS}"))? {
        let folder = language?.path();
        if folder.is_dir() {
            for file in fs::read_dir(folder)? {
                paths.push(file?.path());
            }
        }
    }
    paths.retain(|path| path.extension().is_some_and(|it| it == "toml"));
    let mut files = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let path = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        files.push(ModelText { path, text });
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

fn models_table(root: &Path) -> Result<String> {
    let texts = model_texts(root)?;
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for it in &texts {
        match models::read(&it.path, &it.text) {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    if problems.is_empty() {
        match model::generate(&files) {
            Ok(table) => return Ok(table),
            Err(errors) => problems.extend(errors.iter().map(|error| {
                let it = &texts[error.file];
                models::locate(&it.path, &it.text, error).to_string()
            })),
        }
    }
    bail!("{}", problems.join("\n"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_fresh() {
        if let Err(error) = super::check(&crate::root()) {
            panic!("{error:#}");
        }
    }
}

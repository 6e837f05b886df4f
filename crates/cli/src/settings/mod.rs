//! The configuration: found, read, checked, joined with what it extends, and with the options on top.

mod keys;
mod source;

use std::path::{Path, PathBuf};

use backend_specialist_core::config::Config;
use serde::Deserialize;

use crate::args::ProjectArgs;
use crate::fault::Fault;
use crate::names::absolute;

pub use keys::check_rule_name;
use source::{Source, read_source};
pub use source::{find_nearest, repository_root};

/// Files one configuration may build upon, one after the other.
const EXTENDS_MAX: usize = 16;

/// The configuration of a run and where it comes from.
#[derive(Debug)]
pub struct Settings {
    pub config: Config,
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// All files are named relative to this folder.
    pub root: PathBuf,
}

/// `start` is where the search for a configuration begins.
pub fn read(args: &ProjectArgs, current: &Path, start: &Path) -> Result<Settings, Fault> {
    let root = args.root.as_ref().map(|it| absolute(current, it));
    if let Some(root) = &root
        && !root.is_dir()
    {
        return Err(Fault::new(format!("the root `{}` is no folder", root.display())));
    }
    let file = match &args.config {
        Some(file) => Some(absolute(current, file)),
        None => find_nearest(root.as_deref().unwrap_or(start))?,
    };
    let config = match &file {
        Some(file) => read_with_extended(file)?,
        None => Config::default(),
    };
    let root = root.unwrap_or_else(|| match (&args.config, &file) {
        (None, Some(file)) => file.parent().unwrap_or(start).to_path_buf(),
        _ => start.to_path_buf(),
    });
    Ok(Settings { config: with_options(config, args)?, file, root })
}

/// An option beats the file.
fn with_options(mut config: Config, args: &ProjectArgs) -> Result<Config, Fault> {
    for name in args.select.iter().chain(&args.ignore) {
        if let Err((what, help)) = check_rule_name(name) {
            return Err(Fault::new(what).help(help));
        }
    }
    config.profile = args.profile.unwrap_or(config.profile);
    config.tests = args.tests.unwrap_or(config.tests);
    config.min_severity = args.min_severity.unwrap_or(config.min_severity);
    config.min_confidence = args.min_confidence.unwrap_or(config.min_confidence);
    config.max_file_size = args.max_file_size.unwrap_or(config.max_file_size);
    if !args.select.is_empty() {
        config.select.clone_from(&args.select);
    }
    config.ignore.extend(args.ignore.iter().cloned());
    config.exclude.extend(args.exclude.iter().cloned());
    Ok(config)
}

fn read_with_extended(file: &Path) -> Result<Config, Fault> {
    let folder = file.parent().unwrap_or(file);
    let limit = source::repository_root(folder).unwrap_or_else(|| folder.to_path_buf());
    let mut todo = vec![file.to_path_buf()];
    let mut sources: Vec<Source> = Vec::new();
    while let Some(next) = todo.pop() {
        if sources.iter().any(|it| it.file == next) {
            continue;
        }
        if sources.len() == EXTENDS_MAX {
            return Err(Fault::new(format!("more than {EXTENDS_MAX} configurations extend each other")).in_file(file));
        }
        let source = read_source(&next)?;
        // The last one named wins over the others, and this file over all of them.
        for name in &source.extends {
            let path = absolute(next.parent().unwrap_or(folder), Path::new(name));
            if !path.starts_with(&limit) {
                return Err(Fault::new(format!("`extends = \"{name}\"` leaves the repository")).in_file(&next));
            }
            todo.push(path);
        }
        sources.push(source);
    }
    let mut table = toml::Table::new();
    for source in sources.iter().rev() {
        merge(&mut table, source.table.clone());
    }
    Config::deserialize(table).map_err(|it| Fault::new(it.message().to_string()).in_file(file))
}

/// Tables are joined key by key, overrides are added, everything else is replaced.
fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            (Some(toml::Value::Array(old)), toml::Value::Array(new)) if key == "overrides" => old.extend(new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

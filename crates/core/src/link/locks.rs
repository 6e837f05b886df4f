//! Lock files: which versions a package manager has settled on.
//!
//! Each is read as far as its form is needed for that; what cannot be read says nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::requirements::{normalized, toml_entries, toml_texts};
use crate::model::version::Version;

/// What one folder's lock files say together.
#[derive(Default)]
pub struct Lock {
    /// By the folder that asks, seen from the lock file, and the package.
    placed: FxHashMap<(Box<str>, Box<str>), Version>,
    /// By package and the range that asks.
    ranged: FxHashMap<(Box<str>, Box<str>), Version>,
    /// The newest version of each package.
    any: FxHashMap<Box<str>, Version>,
}

pub fn is_lock(name: &str) -> bool {
    matches!(
        name,
        "package-lock.json"
            | "npm-shrinkwrap.json"
            | "yarn.lock"
            | "pnpm-lock.yaml"
            | "bun.lock"
            | "poetry.lock"
            | "uv.lock"
            | "pdm.lock"
            | "Pipfile.lock"
    )
}

impl Lock {
    /// `name` is that of a lock file.
    pub fn read(&mut self, name: &str, text: &str) {
        match name {
            "yarn.lock" => self.read_yarn(text),
            "pnpm-lock.yaml" => self.read_pnpm(text),
            "bun.lock" => self.read_bun(text),
            "poetry.lock" | "uv.lock" | "pdm.lock" => self.read_toml(text),
            "Pipfile.lock" => self.read_pipfile(text),
            _ => self.read_npm(text),
        }
    }

    /// The version of a package for a folder below the lock file, which may ask for a range.
    pub fn version(&self, folder: &str, package: &str, range: Option<&str>) -> Option<Version> {
        let mut at = folder;
        loop {
            if let Some(version) = self.placed.get(&(Box::from(at), Box::from(package))) {
                return Some(*version);
            }
            match at.rsplit_once('/') {
                Some((above, _)) => at = above,
                None if at.is_empty() => break,
                None => at = "",
            }
        }
        let asked = range.and_then(|range| self.ranged.get(&(Box::from(package), Box::from(range))));
        asked.or_else(|| self.any.get(package)).copied()
    }

    fn add(&mut self, package: &str, version: &str) {
        let Some(version) = Version::parse(version) else { return };
        let known = self.any.entry(package.into()).or_insert(version);
        *known = (*known).max(version);
    }

    fn place(&mut self, folder: &str, package: &str, version: &str) {
        let Some(version) = Version::parse(version) else { return };
        self.placed.insert((folder.into(), package.into()), version);
    }

    fn read_npm(&mut self, text: &str) {
        let Ok(lock) = serde_json::from_str::<NpmLock<'_>>(text.trim_start_matches('\u{feff}')) else { return };
        for (package, entry) in &lock.dependencies {
            self.place("", package, entry.version.as_deref().unwrap_or_default());
        }
        for (path, entry) in &lock.packages {
            // `packages/api/node_modules/name`; what lies in another package's folder is that package's own.
            let Some((folder, package)) = path.split_once("node_modules/") else { continue };
            if !package.contains("node_modules/") {
                let version = entry.version.as_deref().unwrap_or_default();
                self.place(folder.trim_end_matches('/'), package, version);
            }
        }
    }

    /// `"name@range", name@range:` and below it `version "1.2.3"`, or `version: 1.2.3` in newer files.
    fn read_yarn(&mut self, text: &str) {
        let mut asked: Vec<(&str, &str)> = Vec::new();
        for line in text.lines() {
            if !line.starts_with([' ', '#']) && line.ends_with(':') {
                let names = line.trim_end_matches(':').split(", ").map(|it| it.trim_matches('"'));
                asked = names.flat_map(|it| it.split(", ")).filter_map(name_and_version).collect();
            } else if let Some(version) = line.trim_start().strip_prefix("version") {
                let version = version.trim_start_matches([':', ' ']).trim_matches('"');
                for (package, range) in std::mem::take(&mut asked) {
                    self.add(package, version);
                    if let Some(version) = Version::parse(version) {
                        let range = range.strip_prefix("npm:").unwrap_or(range);
                        self.ranged.insert((package.into(), range.into()), version);
                    }
                }
            }
        }
    }

    /// `importers` by folder, each with `dependencies`; without them these stand at the top. `packages` lists all.
    fn read_pnpm(&mut self, text: &str) {
        let (mut section, mut folder, mut package) = ("", "", "");
        for line in text.lines() {
            let entry = line.trim_start();
            let Some((key, value)) = entry.split_once(": ").or_else(|| entry.strip_suffix(':').map(|it| (it, "")))
            else {
                continue;
            };
            let (key, value) = (unquoted(key), unquoted(value));
            match (line.len() - entry.len(), section) {
                (0, _) => {
                    section = key;
                    folder = "";
                }
                (2, "importers") => folder = if key == "." { "" } else { key },
                (6, "importers") | (2, "dependencies" | "devDependencies") => {
                    package = key;
                    self.place(folder, package, value);
                }
                (8, "importers") | (4, "dependencies" | "devDependencies") if key == "version" => {
                    self.place(folder, package, value);
                }
                (2, "packages") => {
                    let written = key.trim_start_matches('/').split('(').next().unwrap_or_default();
                    let older = || written.rsplit_once('/').filter(|it| it.1.starts_with(|c: char| c.is_ascii_digit()));
                    if let Some((package, version)) = older().or_else(|| name_and_version(written)) {
                        self.add(package, version);
                    }
                }
                _ => {}
            }
        }
    }

    fn read_bun(&mut self, text: &str) {
        let lock = super::json::parse(text);
        let packages = lock.as_ref().and_then(|it| it.get("packages")?.as_object());
        for (path, entry) in packages.into_iter().flatten() {
            let resolved = entry.get(0).and_then(|it| name_and_version(it.as_str()?));
            if let Some((package, version)) = resolved.filter(|it| it.0 == path) {
                self.place("", package, version);
            }
        }
    }

    /// `[[package]]`, `name = "…"`, `version = "…"`
    fn read_toml(&mut self, text: &str) {
        let mut name = None;
        for entry in toml_entries(text).iter().filter(|it| it.section == "package") {
            let value = toml_texts(&entry.value).into_iter().next().unwrap_or_default();
            match entry.key.as_str() {
                "name" => name = Some(normalized(&value)),
                "version" => name.take().into_iter().for_each(|name| self.add(&name, &value)),
                _ => {}
            }
        }
    }

    fn read_pipfile(&mut self, text: &str) {
        let Some(lock) = super::json::parse(text) else { return };
        for section in ["default", "develop"] {
            for (name, entry) in lock.get(section).and_then(|it| it.as_object()).into_iter().flatten() {
                let version = entry.get("version").and_then(|it| it.as_str()).unwrap_or_default();
                self.add(&normalized(name), version.trim_start_matches('='));
            }
        }
    }
}

/// What is needed of a file that may be large: the rest is passed over while it is read.
#[derive(Deserialize)]
struct NpmLock<'a> {
    #[serde(borrow, default)]
    packages: BTreeMap<Cow<'a, str>, NpmEntry<'a>>,
    #[serde(borrow, default)]
    dependencies: BTreeMap<Cow<'a, str>, NpmEntry<'a>>,
}

#[derive(Deserialize)]
struct NpmEntry<'a> {
    #[serde(borrow, default)]
    version: Option<Cow<'a, str>>,
}

/// `@scope/name@range`
fn name_and_version(text: &str) -> Option<(&str, &str)> {
    let at = text.get(1..)?.find('@')? + 1;
    Some((&text[..at], &text[at + 1..]))
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['\'', '"'])
}

//! Dependencies that a project declares, and what Python's manifests say: the few lines of TOML, INI and
//! requirement lists that name a project, its dependencies and the folders its packages stand in.

use super::tree::split;

/// A package and the versions asked for, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    pub name: Box<str>,
    pub range: Box<str>,
}

/// What one folder's Python manifests say together.
#[derive(Default)]
pub struct PythonManifest {
    /// The distribution's name, normalized.
    pub name: Option<Box<str>>,
    /// Names are normalized.
    pub dependencies: Vec<Dependency>,
    /// Folders named as places of packages, relative to the manifest.
    pub roots: Vec<Box<str>>,
    /// It declares programs to be started.
    pub has_scripts: bool,
}

/// The folder for which a file is a manifest of a Python project, if it is one; a start script counts, for it
/// stands where the packages stand.
pub fn manifest_folder(path: &str) -> Option<&str> {
    let (folder, name) = split(path);
    match name {
        "pyproject.toml" | "setup.py" | "setup.cfg" | "Pipfile" | "manage.py" => Some(folder),
        // `requirements/base.txt` speaks for the folder above.
        _ if name.ends_with(".txt") && split(folder).1 == "requirements" => Some(split(folder).0),
        _ if name.ends_with(".txt") && name.contains("requirements") => Some(folder),
        _ => None,
    }
}

impl PythonManifest {
    /// `name` is that of a manifest.
    pub fn read(&mut self, name: &str, text: &str) {
        match name {
            "pyproject.toml" | "Pipfile" => toml_entries(text).iter().for_each(|entry| self.read_toml(entry)),
            "setup.cfg" => self.read_ini(text),
            "setup.py" => self.read_script(text),
            "manage.py" => self.has_scripts = true,
            _ => self.dependencies.extend(text.lines().filter_map(requirement)),
        }
    }

    pub fn depends_on(&self, name: &str) -> bool {
        self.dependencies.iter().any(|dependency| *dependency.name == *name)
    }

    fn read_toml(&mut self, entry: &TomlEntry) {
        let is_poetry_group =
            entry.section.starts_with("tool.poetry.group.") && entry.section.ends_with(".dependencies");
        match (entry.section.as_str(), entry.key.as_str()) {
            ("project" | "tool.poetry", "name") => {
                self.name = toml_texts(&entry.value).first().map(|name| normalized(name))
            }
            ("project", "dependencies") | ("project.optional-dependencies" | "dependency-groups", _) => {
                self.dependencies.extend(toml_texts(&entry.value).iter().filter_map(|line| requirement(line)));
            }
            ("tool.poetry.dependencies" | "tool.poetry.dev-dependencies" | "packages" | "dev-packages", key) => {
                self.dependencies.push(keyed(key, &entry.value));
            }
            (_, key) if is_poetry_group => self.dependencies.push(keyed(key, &entry.value)),
            ("project.scripts" | "tool.poetry.scripts", _) => self.has_scripts = true,
            ("tool.pytest.ini_options", "pythonpath") | ("tool.setuptools.packages.find", "where") => {
                self.roots.extend(toml_texts(&entry.value).into_iter().map(Box::from));
            }
            _ => {}
        }
    }

    fn read_ini(&mut self, text: &str) {
        let mut key = "";
        for line in text.lines() {
            if line.starts_with('[') {
                key = "";
            }
            let value = match line.split_once('=') {
                Some((name, value)) if !line.starts_with([' ', '\t']) => {
                    key = name.trim();
                    value
                }
                _ => line,
            };
            match key {
                "install_requires" => self.dependencies.extend(requirement(value)),
                "where" if !value.trim().is_empty() => self.roots.push(value.trim().into()),
                "name" if !value.trim().is_empty() => {
                    self.name = Some(normalized(value.trim()));
                    key = "";
                }
                _ => {}
            }
        }
    }

    /// The texts of the list after `install_requires=`, wherever it stands.
    fn read_script(&mut self, text: &str) {
        let Some((_, after)) = text.split_once("install_requires") else { return };
        let Some(list) = after.split_once('[').and_then(|(_, list)| list.split_once(']')) else { return };
        self.dependencies.extend(toml_texts(list.0).iter().filter_map(|line| requirement(line)));
    }
}

/// `name[extra]>=1,<2; marker  # comment`
fn requirement(line: &str) -> Option<Dependency> {
    let line = line.split(" #").next().unwrap_or(line).trim();
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')).unwrap_or(line.len());
    let (name, mut rest) = line.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || rest.starts_with([':', '+', '/']) {
        return None;
    }
    rest = rest.trim_start();
    if rest.starts_with('[') {
        rest = rest.split_once(']').map_or("", |(_, after)| after);
    }
    let range = rest.split(';').next().unwrap_or(rest).trim();
    Some(Dependency { name: normalized(name), range: range.into() })
}

/// `name = "^1"` or `name = { version = "^1", … }`
fn keyed(name: &str, value: &str) -> Dependency {
    let version = match value.split_once("version") {
        Some((_, after)) if value.starts_with('{') => after,
        _ if value.starts_with('{') => "",
        _ => value,
    };
    let range = toml_texts(version).into_iter().next().unwrap_or_default();
    Dependency { name: normalized(name), range: range.into() }
}

/// Names of distributions differ in case and in `-`, `_`, `.` without meaning anything by it.
pub fn normalized(name: &str) -> Box<str> {
    name.trim().to_ascii_lowercase().replace(['_', '.'], "-").into()
}

pub struct TomlEntry {
    pub section: String,
    pub key: String,
    pub value: String,
}

/// The `key = value` lines of a TOML document under their sections; a value goes on until its brackets close.
pub fn toml_entries(text: &str) -> Vec<TomlEntry> {
    let mut entries: Vec<TomlEntry> = Vec::new();
    let mut section = "";
    let mut open = 0;
    for line in text.lines() {
        let line = without_comment(line).trim();
        if open > 0 {
            if let Some(last) = entries.last_mut() {
                last.value.push(' ');
                last.value.push_str(line);
            }
            open += depth(line);
        } else if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']', ' ']);
        } else if let Some((key, value)) = line.split_once('=') {
            let key = key.trim().trim_matches(['"', '\'']).to_owned();
            entries.push(TomlEntry { section: section.to_owned(), key, value: value.trim().to_owned() });
            open = depth(value);
        }
    }
    entries
}

/// Walks the text and tells for each character whether it stands inside quotes.
fn quoted(text: &str) -> impl Iterator<Item = (usize, char, bool)> {
    let mut quote = None;
    text.char_indices().map(move |(at, c)| {
        let inside = quote.is_some();
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        (at, c, inside)
    })
}

fn without_comment(line: &str) -> &str {
    let comment = quoted(line).find(|(_, c, inside)| *c == '#' && !inside);
    comment.map_or(line, |(at, ..)| &line[..at])
}

fn depth(line: &str) -> i32 {
    quoted(line)
        .filter(|(.., inside)| !inside)
        .map(|(_, c, _)| match c {
            '[' | '{' => 1,
            ']' | '}' => -1,
            _ => 0,
        })
        .sum()
}

/// The string literals in a value, in order.
pub fn toml_texts(value: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut start = None;
    for (at, c, inside) in quoted(value) {
        match start {
            Some((from, quote)) if c == quote => {
                texts.push(value[from..at].to_owned());
                start = None;
            }
            None if !inside && matches!(c, '"' | '\'') => start = Some((at + 1, c)),
            _ => {}
        }
    }
    texts
}

//! What `tsconfig.json` and `jsconfig.json` say about names: `paths` and `baseUrl`, with everything they extend.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::json;
use super::packages::{Packages, Pattern, fill};
use super::tree::{FolderId, Tree, join, split};

/// A configuration extends another, which extends another: real ones reach four.
const EXTENDS_DEPTH_MAX: u32 = 8;

/// Stands for the folder of the configuration that is read, not of the one where it is written.
const CONFIG_FOLDER: &str = "${configDir}";

/// The names one folder's configuration gives to files.
pub struct Config {
    folder: FolderId,
    base: Option<String>,
    /// The best fit comes first; targets are paths of the project with a star, or `None` outside of it.
    paths: Vec<(Pattern, Vec<Option<String>>)>,
}

pub struct Configs {
    all: Vec<Config>,
    /// Per folder the configuration in it or above it.
    nearest: Vec<Option<u32>>,
}

/// A configuration as written, or merged with those it extends.
#[derive(Clone, Default)]
struct Written {
    base: Option<String>,
    paths: Option<WrittenPaths>,
}

#[derive(Clone, Default)]
struct WrittenPaths {
    /// Where the file stands that names them.
    folder: String,
    /// Patterns and their targets.
    entries: Vec<(String, Vec<String>)>,
}

struct Reader<'r> {
    tree: &'r Tree,
    packages: &'r Packages,
    texts: FxHashMap<&'r str, &'r str>,
}

impl Configs {
    pub fn new(tree: &Tree, packages: &Packages, manifests: &[(&str, &str)]) -> Configs {
        let texts: FxHashMap<&str, &str> = manifests.iter().copied().filter(|(path, _)| is_json(path)).collect();
        let mut candidates: Vec<(FolderId, u32, &str)> = manifests
            .iter()
            .filter_map(|(path, _)| Some((tree.folder(split(path).0)?, rank(split(path).1)?, *path)))
            .collect();
        candidates.sort_unstable();
        let reader = Reader { tree, packages, texts };
        let mut all = Vec::new();
        let mut by_folder = FxHashMap::default();
        for (folder, _, path) in candidates {
            if by_folder.contains_key(&folder) {
                continue;
            }
            let written = reader.read(path, EXTENDS_DEPTH_MAX);
            if written.base.is_some() || written.paths.is_some() {
                by_folder.insert(folder, all.len() as u32);
                all.push(written.finish(folder, tree));
            }
        }
        let nearest = tree.nearest(|folder| by_folder.get(&folder).copied());
        Configs { all, nearest }
    }

    /// The configurations for a folder, the nearest first.
    pub fn upwards<'c>(&'c self, tree: &'c Tree, folder: FolderId) -> impl Iterator<Item = &'c Config> {
        std::iter::successors(self.nearest(folder), |config| self.nearest(tree.parent(config.folder)?))
    }

    fn nearest(&self, folder: FolderId) -> Option<&Config> {
        self.nearest[folder.index()].map(|index| &self.all[index as usize])
    }
}

impl Config {
    /// The places that the best fitting pattern names for a specifier, and whether that pattern is a claim that
    /// the specifier belongs to the project.
    pub fn mapped(&self, specifier: &str) -> Option<(Vec<Option<String>>, bool)> {
        let (pattern, targets, star) =
            self.paths.iter().find_map(|(pattern, targets)| Some((pattern, targets, pattern.fit(specifier)?)))?;
        let places = targets.iter().map(|target| target.as_ref().map(|target| fill(target, star))).collect();
        Some((places, !pattern.fits_all()))
    }

    pub fn below_base(&self, specifier: &str) -> Option<String> {
        join(self.base.as_ref()?, specifier)
    }
}

fn is_json(path: &str) -> bool {
    path.ends_with(".json")
}

/// Which configuration of a folder speaks for it: the one that editors read, then the others by name.
fn rank(name: &str) -> Option<u32> {
    match name {
        "tsconfig.json" => Some(0),
        "jsconfig.json" => Some(1),
        _ if name.starts_with("tsconfig.") && is_json(name) => Some(2),
        _ => None,
    }
}

impl Reader<'_> {
    fn read(&self, path: &str, depth: u32) -> Written {
        let Some(config) = self.texts.get(path).and_then(|text| json::parse(text)) else { return Written::default() };
        let folder = split(path).0;
        let mut merged = Written::default();
        for base in json::texts(config.get("extends")) {
            let Some(path) = self.extended(folder, base).filter(|_| depth > 0) else { continue };
            let other = self.read(&path, depth - 1);
            merged.base = other.base.or(merged.base);
            merged.paths = other.paths.or(merged.paths);
        }
        let options = config.get("compilerOptions");
        if let Some(base) = options.and_then(|options| options.get("baseUrl")).and_then(Value::as_str) {
            merged.base = if base.starts_with(CONFIG_FOLDER) { Some(base.to_owned()) } else { join(folder, base) };
        }
        if let Some(paths) = options.and_then(|options| options.get("paths")).and_then(Value::as_object) {
            let targets = |value| json::texts(Some(value)).into_iter().map(str::to_owned).collect();
            let entries = paths.iter().map(|(key, value)| (key.clone(), targets(value))).collect();
            merged.paths = Some(WrittenPaths { folder: folder.to_owned(), entries });
        }
        merged
    }

    /// The path of the configuration that `base` names: a file, or one inside a package of the workspace.
    fn extended(&self, folder: &str, base: &str) -> Option<String> {
        let place = if base.starts_with('.') {
            join(folder, base)?
        } else {
            let (name, rest) = super::javascript::package_name(base);
            let from = self.tree.folder(folder)?;
            let package = self.packages.member(self.tree, from, name)?;
            join(self.tree.folder_path(package.folder?), if rest.is_empty() { "tsconfig.json" } else { rest })?
        };
        [place.clone(), format!("{place}.json"), format!("{place}/tsconfig.json")]
            .into_iter()
            .find(|path| self.texts.contains_key(path.as_str()))
    }
}

impl Written {
    fn finish(self, folder: FolderId, tree: &Tree) -> Config {
        let own = tree.folder_path(folder);
        let place = |from: &str, target: &str| match target.strip_prefix(CONFIG_FOLDER) {
            Some(rest) => join(own, rest),
            None => join(from, target),
        };
        let base = self.base.and_then(|base| if base.starts_with('$') { place("", &base) } else { Some(base) });
        let written = self.paths.unwrap_or_default();
        let from = base.as_deref().unwrap_or(&written.folder);
        let mut paths: Vec<(Pattern, Vec<Option<String>>)> = written
            .entries
            .iter()
            .map(|(key, targets)| (Pattern::new(key), targets.iter().map(|target| place(from, target)).collect()))
            .collect();
        paths.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.rank()));
        Config { folder, base, paths }
    }
}

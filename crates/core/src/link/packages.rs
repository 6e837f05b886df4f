//! What `package.json` files say: names, entries, dependencies, and which packages form a workspace.

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::json;
use super::requirements::Dependency;
use super::tree::{FolderId, Tree, split, strip_folder};
use super::workspace::{is_member, pnpm_packages};

/// Conditions may hold conditions; nobody nests them deeper than this.
const CONDITION_DEPTH_MAX: u32 = 8;

/// Scripts that only something that runs has.
const START_SCRIPTS: &[&str] = &["start", "dev", "serve", "develop", "start:dev", "start:prod"];

const DEPENDENCY_KEYS: &[&str] = &["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/// A key of `exports` or `imports`, and the files or packages it may stand for, the preferred one first.
pub struct Entry {
    pub pattern: Pattern,
    pub targets: Vec<Box<str>>,
}

/// A specifier with at most one `*`.
pub struct Pattern {
    prefix: Box<str>,
    suffix: Option<Box<str>>,
}

impl Pattern {
    pub fn new(text: &str) -> Pattern {
        match text.split_once('*') {
            Some((prefix, suffix)) => Pattern { prefix: prefix.into(), suffix: Some(suffix.into()) },
            // A key that ends in a slash is the old way to write `/*`.
            None if text.ends_with('/') && text.len() > 2 => Pattern { prefix: text.into(), suffix: Some("".into()) },
            None => Pattern { prefix: text.into(), suffix: None },
        }
    }

    /// What the star stands for; empty where there is none.
    pub fn fit<'s>(&self, specifier: &'s str) -> Option<&'s str> {
        match &self.suffix {
            None => (*self.prefix == *specifier).then_some(""),
            Some(suffix) => specifier.strip_prefix(&*self.prefix)?.strip_suffix(&**suffix),
        }
    }

    /// An exact pattern beats one with a star, a longer prefix beats a shorter one.
    pub fn rank(&self) -> (bool, usize) {
        (self.suffix.is_none(), self.prefix.len())
    }

    /// `*` alone fits everything and so says nothing about where a specifier belongs.
    pub fn fits_all(&self) -> bool {
        self.suffix.is_some() && self.prefix.is_empty()
    }
}

/// `target` with its star filled in.
pub fn fill(target: &str, star: &str) -> String {
    if target.ends_with('/') && !target.contains('*') {
        return format!("{target}{star}");
    }
    target.replacen('*', star, 1)
}

/// One `package.json`.
#[derive(Default)]
pub struct Package {
    pub folder: Option<FolderId>,
    pub name: Option<Box<str>>,
    /// The entry files named, the source before what is built from it.
    pub main: Vec<Box<str>>,
    pub exports: Vec<Entry>,
    pub imports: Vec<Entry>,
    /// `_moduleAliases`: a prefix and the folder it stands for.
    pub aliases: Vec<(Box<str>, Box<str>)>,
    pub dependencies: Vec<Dependency>,
    /// It is started rather than installed.
    pub is_application: bool,
    workspaces: Vec<Box<str>>,
}

pub struct Packages {
    pub all: Vec<Package>,
    /// Per folder the package in it or above it.
    nearest: Vec<Option<u32>>,
    workspaces: FxHashMap<FolderId, Workspace>,
}

#[derive(Default)]
struct Workspace {
    globs: Vec<Box<str>>,
    members: FxHashMap<Box<str>, u32>,
}

impl Packages {
    pub fn new(tree: &Tree, manifests: &[(&str, &str)]) -> Packages {
        let mut all = Vec::new();
        let mut by_folder = FxHashMap::default();
        let mut workspaces: FxHashMap<FolderId, Workspace> = FxHashMap::default();
        for (path, text) in manifests {
            let (folder, name) = split(path);
            let Some(folder) = tree.folder(folder) else { continue };
            let globs = match name {
                "package.json" => {
                    let mut package = Package::read(text);
                    package.folder = Some(folder);
                    by_folder.insert(folder, all.len() as u32);
                    let globs = std::mem::take(&mut package.workspaces);
                    all.push(package);
                    globs
                }
                "lerna.json" => match json::parse(text) {
                    Some(lerna) => owned(json::texts(lerna.get("packages"))),
                    None => continue,
                },
                "pnpm-workspace.yaml" => pnpm_packages(text),
                _ => continue,
            };
            if !globs.is_empty() {
                workspaces.entry(folder).or_default().globs.extend(globs);
            }
        }
        let nearest = tree.nearest(|folder| by_folder.get(&folder).copied());
        let mut packages = Packages { all, nearest, workspaces };
        packages.gather_members(tree);
        packages
    }

    pub fn nearest(&self, folder: FolderId) -> Option<&Package> {
        self.nearest[folder.index()].map(|index| &self.all[index as usize])
    }

    /// The packages in the folder and above it, the nearest first.
    pub fn upwards<'p>(&'p self, tree: &'p Tree, folder: FolderId) -> impl Iterator<Item = &'p Package> {
        std::iter::successors(self.nearest(folder), |package| self.nearest(tree.parent(package.folder?)?))
    }

    /// The package of this name that belongs to a workspace the folder stands in.
    pub fn member(&self, tree: &Tree, from: FolderId, name: &str) -> Option<&Package> {
        if self.workspaces.is_empty() {
            return None;
        }
        tree.upwards(from).find_map(|folder| {
            let member = self.workspaces.get(&folder)?.members.get(name)?;
            Some(&self.all[*member as usize])
        })
    }

    pub fn is_workspace(&self, folder: FolderId) -> bool {
        self.workspaces.contains_key(&folder)
    }

    fn gather_members(&mut self, tree: &Tree) {
        for (index, package) in self.all.iter().enumerate() {
            let (Some(name), Some(folder)) = (&package.name, package.folder) else { continue };
            for above in tree.upwards(folder) {
                let Some(workspace) = self.workspaces.get_mut(&above) else { continue };
                let Some(inside) = strip_folder(tree.folder_path(folder), tree.folder_path(above)) else { continue };
                if is_member(&workspace.globs, inside) {
                    workspace.members.entry(name.clone()).or_insert(index as u32);
                }
            }
        }
    }
}

impl Package {
    fn read(text: &str) -> Package {
        let Some(manifest) = json::parse(text) else { return Package::default() };
        let text_at = |key: &str| manifest.get(key).and_then(Value::as_str);
        let scripts = manifest.get("scripts");
        Package {
            folder: None,
            name: text_at("name").map(Box::from),
            main: ["source", "main", "module", "types"].iter().filter_map(|key| text_at(key).map(Box::from)).collect(),
            exports: exports(manifest.get("exports")),
            imports: entries(manifest.get("imports")),
            aliases: pairs(manifest.get("_moduleAliases")),
            dependencies: DEPENDENCY_KEYS
                .iter()
                .flat_map(|key| pairs(manifest.get(key)))
                .map(|(name, range)| Dependency { name, range })
                .collect(),
            is_application: START_SCRIPTS.iter().any(|name| scripts.is_some_and(|all| all.get(name).is_some())),
            workspaces: owned(json::texts(match manifest.get("workspaces") {
                Some(Value::Object(object)) => object.get("packages"),
                other => other,
            })),
        }
    }

    pub fn depends_on(&self, package: &str) -> bool {
        self.dependencies.iter().any(|dependency| *dependency.name == *package)
    }
}

/// `exports` is one target, or a table whose keys start with a dot, or conditions for the one entry.
fn exports(value: Option<&Value>) -> Vec<Entry> {
    let is_table = value.and_then(Value::as_object).is_some_and(|object| object.keys().any(|key| key.starts_with('.')));
    match value {
        None => Vec::new(),
        Some(_) if is_table => entries(value),
        Some(value) => vec![Entry { pattern: Pattern::new("."), targets: targets(value) }],
    }
}

/// The best fit comes first.
fn entries(value: Option<&Value>) -> Vec<Entry> {
    let Some(object) = value.and_then(Value::as_object) else { return Vec::new() };
    let mut entries: Vec<Entry> =
        object.iter().map(|(key, value)| Entry { pattern: Pattern::new(key), targets: targets(value) }).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.pattern.rank()));
    entries
}

fn targets(value: &Value) -> Vec<Box<str>> {
    let mut found = Vec::new();
    collect_targets(value, CONDITION_DEPTH_MAX, &mut found);
    // Declarations say less than the code they were made from.
    found.sort_by_key(|target| target.ends_with(".d.ts") || target.ends_with(".d.mts") || target.ends_with(".d.cts"));
    found
}

fn collect_targets(value: &Value, depth: u32, found: &mut Vec<Box<str>>) {
    match value {
        Value::String(target) => found.push(target.as_str().into()),
        Value::Array(items) if depth > 0 => items.iter().for_each(|item| collect_targets(item, depth - 1, found)),
        Value::Object(conditions) if depth > 0 => {
            conditions.values().for_each(|item| collect_targets(item, depth - 1, found));
        }
        _ => {}
    }
}

fn pairs(value: Option<&Value>) -> Vec<(Box<str>, Box<str>)> {
    let Some(object) = value.and_then(Value::as_object) else { return Vec::new() };
    object.iter().filter_map(|(key, value)| Some((key.as_str().into(), value.as_str()?.into()))).collect()
}

fn owned(texts: Vec<&str>) -> Vec<Box<str>> {
    texts.into_iter().map(Box::from).collect()
}

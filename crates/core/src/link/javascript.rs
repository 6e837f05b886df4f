//! Which file or package a JavaScript or TypeScript import names.
//!
//! First what Node.js and the TypeScript compiler do with the files and manifests at hand. What they would read
//! from built output is looked for in the sources it is built from, for output is not part of a project. Last
//! the customs that bundlers made common (`@/`, `~/`, `src/` from the package's root), where nothing says otherwise.

use super::files::{PLAIN_FIRST, TYPED_FIRST};
use super::packages::{Entry, Package, Packages, fill};
use super::tree::{FolderId, Tree, join, split};
use super::tsconfig::Configs;
use super::{Linker, Target};

/// Endings of files that are imported and hold no code, one a line.
const DATA_ENDINGS: &str = include_str!("data_endings.txt");

/// Prefixes that bundlers are told to read as the root of the sources.
const ROOT_ALIASES: &[&str] = &["@/", "~/", "@@/", "~~/"];

/// An entry may name another package, which may name another.
const PACKAGE_HOPS_MAX: u32 = 4;

pub struct Javascript {
    pub packages: Packages,
    configs: Configs,
}

impl Javascript {
    pub fn new(tree: &Tree, manifests: &[(&str, &str)]) -> Javascript {
        let packages = Packages::new(tree, manifests);
        let configs = Configs::new(tree, &packages, manifests);
        Javascript { packages, configs }
    }
}

/// A bare specifier's package and the path inside it.
pub fn package_name(specifier: &str) -> (&str, &str) {
    let scope = if specifier.starts_with('@') { specifier.find('/').map_or(0, |at| at + 1) } else { 0 };
    match specifier[scope..].find('/') {
        Some(at) => (&specifier[..scope + at], &specifier[scope + at + 1..]),
        None => (specifier, ""),
    }
}

/// One question: who asks decides which ending is preferred and which manifests are near.
pub struct Search<'l> {
    pub tree: &'l Tree,
    pub javascript: &'l Javascript,
    pub folder: FolderId,
    pub endings: &'static [&'static str],
}

impl Linker {
    pub fn javascript(&self, from: u32, specifier: &str) -> Target {
        let path = self.tree.path(from);
        let is_typed = [".ts", ".tsx", ".mts", ".cts"].iter().any(|ending| path.ends_with(ending));
        let search = Search {
            tree: &self.tree,
            javascript: &self.javascript,
            folder: self.tree.folder_of(from),
            endings: if is_typed { TYPED_FIRST } else { PLAIN_FIRST },
        };
        if is_relative(specifier) {
            return search.relative(specifier);
        }
        if let Some(absolute) = specifier.strip_prefix('/') {
            return search.inside("", absolute);
        }
        search.bare(specifier)
    }
}

fn is_relative(specifier: &str) -> bool {
    matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../")
}

impl Search<'_> {
    fn relative(&self, specifier: &str) -> Target {
        self.inside(self.tree.folder_path(self.folder), specifier)
    }

    /// A path of the project seen from a folder: it names a module, a file without code, or nothing.
    fn inside(&self, folder: &str, path: &str) -> Target {
        let Some(mut place) = join(folder, path) else { return Target::Missing };
        if matches!(split(path).1, "" | "." | "..") {
            return self.directory(&place).map_or(Target::Missing, Target::Module);
        }
        if let Some(module) = self.locate(&place).or_else(|| self.unbuilt(&place)) {
            return Target::Module(module);
        }
        if let Some(query) = place.find('?') {
            // Bundlers take options behind a question mark.
            place.truncate(query);
            if let Some(module) = self.locate(&place) {
                return Target::Module(module);
            }
        }
        match split(&place).1.rsplit_once('.') {
            Some((_, ending)) if DATA_ENDINGS.lines().any(|it| it == ending) => Target::Data(place.into()),
            _ => Target::Missing,
        }
    }

    fn bare(&self, specifier: &str) -> Target {
        if let Some(builtin) = specifier.strip_prefix("node:") {
            return Target::Package(builtin.into());
        }
        if let Some(package) = specifier.strip_prefix("npm:") {
            return Target::Package(without_version(package).into());
        }
        if specifier.contains(':') {
            return Target::Package(specifier.into());
        }
        if let Some(target) = self.configured(specifier) {
            return target;
        }
        if specifier.starts_with('#') {
            let module = self.package_import(specifier, PACKAGE_HOPS_MAX);
            return module.unwrap_or_else(|| self.root_alias(specifier, "#").map_or(Target::Missing, Target::Module));
        }
        if let Some(module) = self.package(specifier, PACKAGE_HOPS_MAX).or_else(|| self.module_alias(specifier)) {
            return Target::Module(module);
        }
        for prefix in ROOT_ALIASES {
            if specifier.starts_with(prefix) {
                return self.root_alias(specifier, prefix).map_or(Target::Missing, Target::Module);
            }
        }
        if specifier.starts_with("src/") {
            return self.root_alias(specifier, "").map_or(Target::Missing, Target::Module);
        }
        // Models name the parts of a package without their ending.
        let (_, part) = package_name(specifier);
        Target::Package(
            if part.is_empty() { specifier } else { specifier.strip_suffix(".js").unwrap_or(specifier) }.into(),
        )
    }

    /// What the configurations of the compiler say, the nearest first.
    fn configured(&self, specifier: &str) -> Option<Target> {
        let (name, _) = package_name(specifier);
        let is_library = || self.javascript.packages.upwards(self.tree, self.folder).any(|it| it.depends_on(name));
        let mut is_claimed = false;
        for config in self.javascript.configs.upwards(self.tree, self.folder) {
            if let Some((places, is_claim)) = config.mapped(specifier) {
                let found =
                    places.iter().flatten().find_map(|place| self.locate(place).or_else(|| self.unbuilt(place)));
                if let Some(module) = found {
                    return Some(Target::Module(module));
                }
                let is_foreign = |place: &Option<String>| {
                    place.as_ref().is_none_or(|place| place.contains("node_modules/") || place.ends_with(".d.ts"))
                };
                is_claimed |= is_claim && !places.iter().any(is_foreign);
            }
            // A folder of one's own that is called like a package which the manifest declares is another thing.
            if !is_library()
                && let Some(module) = config.below_base(specifier).and_then(|place| self.locate(&place))
            {
                return Some(Target::Module(module));
            }
        }
        (is_claimed && self.package(specifier, PACKAGE_HOPS_MAX).is_none() && !is_library()).then_some(Target::Missing)
    }

    /// A package whose source is part of the project: the one the file stands in, a member of its workspace, or
    /// one that a manifest names by its path.
    fn package(&self, specifier: &str, hops: u32) -> Option<u32> {
        let (name, rest) = package_name(specifier);
        let packages = &self.javascript.packages;
        let is_self = |package: &&Package| package.name.as_deref() == Some(name);
        if let Some(own) = packages.upwards(self.tree, self.folder).find(is_self) {
            return self.entry(own, rest, hops);
        }
        if let Some(member) = packages.member(self.tree, self.folder, name) {
            return self.entry(member, rest, hops);
        }
        let package = packages.nearest(self.folder)?;
        let dependency = package.dependencies.iter().find(|dependency| *dependency.name == *name)?;
        let path = ["file:", "link:", "portal:"].iter().find_map(|kind| dependency.range.strip_prefix(kind))?;
        let folder = self.tree.folder(&join(self.tree.folder_path(package.folder?), path)?)?;
        let linked = packages.nearest(folder).filter(|package| package.folder == Some(folder))?;
        self.entry(linked, rest, hops)
    }

    /// The module that a package gives for `rest`, a path inside it, or for itself.
    fn entry(&self, package: &Package, rest: &str, hops: u32) -> Option<u32> {
        let folder = self.tree.folder_path(package.folder?);
        let key = if rest.is_empty() { ".".to_owned() } else { format!("./{rest}") };
        if let Some(module) = self.listed(package, &package.exports, &key, hops) {
            return Some(module);
        }
        if rest.is_empty() {
            return self.directory(folder).or_else(|| self.unbuilt(&join(folder, "dist/index")?));
        }
        let place = join(folder, rest)?;
        self.locate(&place).or_else(|| self.unbuilt_in(folder, rest))
    }

    /// `#name`: the nearest package with a list of them decides.
    fn package_import(&self, specifier: &str, hops: u32) -> Option<Target> {
        let mut packages = self.javascript.packages.upwards(self.tree, self.folder);
        let package = packages.find(|package| !package.imports.is_empty())?;
        if let Some(module) = self.listed(package, &package.imports, specifier, hops) {
            return Some(Target::Module(module));
        }
        let entry = package.imports.iter().find(|entry| entry.pattern.fit(specifier).is_some())?;
        let library = entry.targets.iter().find(|target| !target.starts_with('.'))?;
        Some(Target::Package(library.strip_prefix("node:").unwrap_or(library).into()))
    }

    fn listed(&self, package: &Package, entries: &[Entry], key: &str, hops: u32) -> Option<u32> {
        let folder = self.tree.folder_path(package.folder?);
        let (entry, star) = entries.iter().find_map(|entry| Some((entry, entry.pattern.fit(key)?)))?;
        entry.targets.iter().find_map(|target| {
            let target = fill(target, star);
            if !target.starts_with('.') {
                return if hops > 0 { self.package(&target, hops - 1) } else { None };
            }
            let place = join(folder, &target)?;
            self.locate(&place).or_else(|| self.unbuilt_in(folder, &target))
        })
    }

    /// `_moduleAliases` of the nearest package that has them.
    fn module_alias(&self, specifier: &str) -> Option<u32> {
        let mut packages = self.javascript.packages.upwards(self.tree, self.folder);
        let package = packages.find(|package| !package.aliases.is_empty())?;
        let folder = self.tree.folder_path(package.folder?);
        package.aliases.iter().find_map(|(name, target)| {
            let rest = specifier.strip_prefix(&**name)?;
            if !rest.is_empty() && !rest.starts_with('/') {
                return None;
            }
            let place = join(&join(folder, target)?, rest)?;
            self.locate(&place).or_else(|| self.unbuilt(&place))
        })
    }

    /// `specifier` without `prefix`, from the package's root or its `src`, if only one of them has it.
    fn root_alias(&self, specifier: &str, prefix: &str) -> Option<u32> {
        let rest = specifier[prefix.len()..].trim_start_matches('/');
        let root = self.javascript.packages.nearest(self.folder).and_then(|package| package.folder);
        let root = root.map_or("", |folder| self.tree.folder_path(folder));
        let plain = self.locate(&join(root, rest)?);
        let in_sources = self.locate(&join(root, &format!("src/{rest}"))?);
        if plain.is_some() && in_sources.is_some() { None } else { plain.or(in_sources) }
    }
}

/// `name@1.2/path` without the version.
fn without_version(specifier: &str) -> String {
    let (name, rest) = package_name(specifier);
    let name = match name.rfind('@') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    };
    if rest.is_empty() { name.to_owned() } else { format!("{name}/{rest}") }
}

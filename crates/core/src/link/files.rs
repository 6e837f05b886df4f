//! Which module stands at a path that a JavaScript or TypeScript import names: endings left out or written for
//! what is built, folders that stand for a file, sources behind output.

use super::javascript::Search;
use super::tree::{join, strip_folder};

/// Endings in the order in which a TypeScript file looks for them.
pub const TYPED_FIRST: &[&str] = &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];
pub const PLAIN_FIRST: &[&str] = &["js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts"];

/// An ending that is written, and the endings of the sources it may be built from.
const BUILT_FROM: &[(&str, &[&str])] = &[
    (".js", &["ts", "tsx"]),
    (".jsx", &["tsx"]),
    (".mjs", &["mts"]),
    (".cjs", &["cts"]),
    (".d.ts", &["ts", "tsx"]),
    (".d.mts", &["mts"]),
    (".d.cts", &["cts"]),
];

/// Folders that hold what is built.
const BUILD_FOLDERS: &[&str] = &["dist", "build", "lib", "out", "esm", "cjs", "es"];

impl Search<'_> {
    /// The module at a path, as written or completed.
    pub fn locate(&self, place: &str) -> Option<u32> {
        let mut place = place.to_owned();
        let mut stem = None;
        for (written, sources) in BUILT_FROM {
            if let Some(found) = place.strip_suffix(written) {
                stem = Some((found.len(), *sources));
            }
        }
        let exact = self.tree.module(&place);
        if exact.is_some() && (stem.is_none() || self.endings == PLAIN_FIRST) {
            return exact;
        }
        if let Some((len, sources)) = stem {
            let stem = place[..len].to_owned();
            if let Some(module) = self.with_ending(&stem, sources).or(exact) {
                return Some(module);
            }
        }
        let found = self.with_ending(&place, self.endings).or_else(|| self.directory(&place));
        found.or_else(|| {
            place.push_str(".d.ts");
            self.tree.module(&place)
        })
    }

    fn with_ending(&self, stem: &str, endings: &[&str]) -> Option<u32> {
        let mut path = String::with_capacity(stem.len() + 5);
        path.push_str(stem);
        path.push('.');
        endings.iter().find_map(|ending| {
            path.truncate(stem.len() + 1);
            path.push_str(ending);
            self.tree.module(&path)
        })
    }

    /// The module that a folder stands for.
    pub fn directory(&self, place: &str) -> Option<u32> {
        let folder = self.tree.folder(place)?;
        let packages = &self.javascript.packages;
        if let Some(package) = packages.nearest(folder).filter(|package| package.folder == Some(folder)) {
            let found = package.main.iter().find_map(|main| {
                let path = join(place, main).filter(|path| path != place)?;
                self.file_or_index(&path).or_else(|| self.unbuilt_in(place, main))
            });
            if found.is_some() {
                return found;
            }
        }
        self.index(place)
    }

    fn file_or_index(&self, place: &str) -> Option<u32> {
        let exact = self.tree.module(place).or_else(|| self.with_ending(place, self.endings));
        exact.or_else(|| self.source_of(place)).or_else(|| self.index(place))
    }

    fn index(&self, place: &str) -> Option<u32> {
        let index = join(place, "index")?;
        self.with_ending(&index, self.endings).or_else(|| self.tree.module(&format!("{index}.d.ts")))
    }

    fn source_of(&self, place: &str) -> Option<u32> {
        let fits = |(written, sources): &(&str, &[&str])| self.with_ending(place.strip_suffix(written)?, sources);
        BUILT_FROM.iter().find_map(fits)
    }

    /// The source of a path into a folder of built files, the package's root being looked up.
    pub fn unbuilt(&self, place: &str) -> Option<u32> {
        let package = self.javascript.packages.nearest(self.folder).and_then(|package| package.folder);
        let root = package.map_or("", |folder| self.tree.folder_path(folder));
        self.unbuilt_in(root, strip_folder(place, root)?)
    }

    pub fn unbuilt_in(&self, root: &str, path: &str) -> Option<u32> {
        let path = path.trim_start_matches("./");
        let (first, mut rest) = path.split_once('/')?;
        if !BUILD_FOLDERS.contains(&first) {
            return None;
        }
        if let Some((_, deeper)) = rest.split_once('/').filter(|(second, _)| BUILD_FOLDERS.contains(second)) {
            rest = deeper;
        }
        let rest = rest.strip_prefix("src/").unwrap_or(rest);
        let in_sources = join(root, &format!("src/{rest}"))?;
        self.file_or_index(&in_sources).or_else(|| self.file_or_index(&join(root, rest)?))
    }
}

//! Which version of a package a module uses: a lock file settles it; without one the oldest version that the
//! manifest admits may be in use. What nothing bounds is the newest.

use rustc_hash::FxHashMap;

use super::Linker;
use super::locks::{Lock, is_lock};
use super::python::is_python;
use super::requirements::Dependency;
use super::tree::{FolderId, Tree, split, strip_folder};
use crate::model::version::Version;

/// Per folder what its lock files say.
#[derive(Default)]
pub struct Locks(FxHashMap<FolderId, Lock>);

impl Locks {
    pub fn new(tree: &Tree, manifests: &[(&str, &str)]) -> Locks {
        let mut locks = Locks::default();
        for (path, text) in manifests {
            let (folder, name) = split(path);
            if let Some(folder) = tree.folder(folder).filter(|_| is_lock(name)) {
                locks.0.entry(folder).or_default().read(name, text);
            }
        }
        locks
    }
}

impl Linker {
    /// Modules with the same scope use the same versions.
    pub fn version_scope(&self, module: u32) -> (FolderId, bool) {
        (self.tree.folder_of(module), is_python(self.tree.path(module)))
    }

    /// `package` is named as manifests name it.
    pub fn version(&self, module: u32, package: &str) -> Option<Version> {
        let (home, is_python) = self.version_scope(module);
        let mut range: Option<&str> = None;
        for folder in self.tree.upwards(home) {
            range = range.or_else(|| self.declared(folder, is_python, package));
            let Some(lock) = self.locks.0.get(&folder) else { continue };
            let inside = strip_folder(self.tree.folder_path(home), self.tree.folder_path(folder)).unwrap_or_default();
            if let Some(version) = lock.version(inside, package, range).filter(|it| admits(range, *it)) {
                return Some(version);
            }
        }
        range.and_then(Version::oldest_of)
    }

    /// The range that the folder's own manifest asks for.
    fn declared(&self, folder: FolderId, is_python: bool, package: &str) -> Option<&str> {
        let dependencies: &[Dependency] = if is_python {
            &self.python.manifest_of(folder)?.dependencies
        } else {
            let nearest = self.javascript.packages.nearest(folder)?;
            if nearest.folder != Some(folder) { &[] } else { &nearest.dependencies }
        };
        let mut asked = dependencies.iter().filter(|it| *it.name == *package);
        // Of the lists of one folder (`dev.txt`, `base.txt`) one may name the package only.
        let first = asked.next()?;
        Some(asked.find(|it| first.range.is_empty() && !it.range.is_empty()).map_or(&first.range, |it| &it.range))
    }
}

/// A lock file far above may be that of other packages.
fn admits(range: Option<&str>, version: Version) -> bool {
    range.and_then(Version::oldest_of).is_none_or(|oldest| oldest <= version)
}

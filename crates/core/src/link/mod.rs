//! Which file or package an import names, and which files belong together.
//!
//! Everything above asks here and nowhere else what a specifier means. The answers come from the project's paths
//! and the texts of its manifests alone. What is near the importing file wins over what is far, for a folder of
//! many small programs must not be read as one.

mod files;
mod javascript;
mod json;
mod locks;
mod packages;
mod python;
mod requirements;
#[cfg(test)]
mod tests;
mod tree;
mod tsconfig;
mod units;
mod versions;
mod workspace;

pub use requirements::Dependency;
pub use tree::FolderId;
pub use units::{Evidence, Unit, UnitState};

use javascript::Javascript;
use python::Python;
use tree::{Tree, split};

/// What an import names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A source file: its place in the list given to the linker.
    Module(u32),
    /// A Python package without `__init__.py`.
    Folder(FolderId),
    /// A library, as written: `express`, `@nestjs/common`, `fs/promises` (without `node:`), `a.b.c` in Python.
    Package(Box<str>),
    /// A file of the project that holds no code (`./config.json`), by its path. Nothing says that it exists.
    Data(Box<str>),
    /// An import that must be in the project and names nothing there.
    Missing,
}

pub struct Linker {
    tree: Tree,
    javascript: Javascript,
    python: Python,
    locks: versions::Locks,
}

impl Linker {
    /// `modules` are the paths of the source files in their order; `manifests` are paths and texts of
    /// `package.json`, `tsconfig*.json`, `pyproject.toml` and their like. Paths are relative, with `/`.
    pub fn new(modules: &[&str], manifests: &[(&str, &str)]) -> Linker {
        let mut tree = Tree::new(modules);
        for (path, _) in manifests {
            tree.add_folder(split(path).0);
        }
        let javascript = Javascript::new(&tree, manifests);
        let python = Python::new(&tree, modules, manifests);
        let locks = versions::Locks::new(&tree, manifests);
        Linker { tree, javascript, python, locks }
    }

    /// A folder's path; the project's root is empty.
    pub fn folder_path(&self, folder: FolderId) -> &str {
        self.tree.folder_path(folder)
    }

    /// The packages that the manifest nearest to a module declares, in the order written there.
    pub fn dependencies(&self, module: u32) -> &[Dependency] {
        let folder = self.tree.folder_of(module);
        if python::is_python(self.tree.path(module)) {
            return self.python.manifest(folder).map_or(&[], |manifest| &manifest.dependencies);
        }
        // A `package.json` inside a package may say nothing but how to read its files.
        let mut packages = self.javascript.packages.upwards(&self.tree, folder);
        packages.find(|package| !package.dependencies.is_empty()).map_or(&[], |package| &package.dependencies)
    }
}

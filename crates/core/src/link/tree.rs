//! The project's paths as a tree: which folder a file stands in, which folders exist, what a path names.
//!
//! Paths are relative to the project's root, with `/`; the root is the folder with the empty path.

use rustc_hash::FxHashMap;

/// A folder of the project: it holds, somewhere below it, a source file or a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FolderId(pub u32);

impl FolderId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

pub const ROOT: FolderId = FolderId(0);

struct Folder {
    path: Box<str>,
    parent: Option<FolderId>,
}

pub struct Tree {
    paths: Vec<Box<str>>,
    folder_of: Vec<FolderId>,
    modules: FxHashMap<Box<str>, u32>,
    /// A parent stands before its children.
    folders: Vec<Folder>,
    folder_ids: FxHashMap<Box<str>, FolderId>,
}

impl Tree {
    pub fn new(modules: &[&str]) -> Tree {
        let mut tree = Tree {
            paths: modules.iter().map(|path| Box::from(*path)).collect(),
            folder_of: Vec::with_capacity(modules.len()),
            modules: FxHashMap::default(),
            folders: vec![Folder { path: Box::from(""), parent: None }],
            folder_ids: FxHashMap::from_iter([(Box::from(""), ROOT)]),
        };
        for (module, path) in modules.iter().enumerate() {
            tree.modules.entry(Box::from(*path)).or_insert(module as u32);
            let folder = tree.add_folder(split(path).0);
            tree.folder_of.push(folder);
        }
        tree
    }

    /// The folder with this path; it and the folders above it are made where they are new.
    pub fn add_folder(&mut self, path: &str) -> FolderId {
        let mut missing = Vec::new();
        let mut at = path;
        let mut parent = loop {
            if let Some(&known) = self.folder_ids.get(at) {
                break known;
            }
            missing.push(at);
            at = split(at).0;
        };
        for path in missing.into_iter().rev() {
            let id = FolderId(self.folders.len() as u32);
            self.folders.push(Folder { path: Box::from(path), parent: Some(parent) });
            self.folder_ids.insert(Box::from(path), id);
            parent = id;
        }
        parent
    }

    pub fn module(&self, path: &str) -> Option<u32> {
        self.modules.get(path).copied()
    }

    pub fn folder(&self, path: &str) -> Option<FolderId> {
        self.folder_ids.get(path).copied()
    }

    pub fn path(&self, module: u32) -> &str {
        &self.paths[module as usize]
    }

    pub fn folder_of(&self, module: u32) -> FolderId {
        self.folder_of[module as usize]
    }

    pub fn folder_path(&self, folder: FolderId) -> &str {
        &self.folders[folder.index()].path
    }

    pub fn parent(&self, folder: FolderId) -> Option<FolderId> {
        self.folders[folder.index()].parent
    }

    /// The folder itself, then the one it stands in, up to the root.
    pub fn upwards(&self, folder: FolderId) -> impl Iterator<Item = FolderId> {
        std::iter::successors(Some(folder), |at| self.parent(*at))
    }

    pub fn module_count(&self) -> usize {
        self.paths.len()
    }

    pub fn folder_count(&self) -> usize {
        self.folders.len()
    }

    /// For every folder its own entry or else the nearest one above it.
    pub fn nearest<T: Copy>(&self, own: impl Fn(FolderId) -> Option<T>) -> Vec<Option<T>> {
        let mut nearest: Vec<Option<T>> = Vec::with_capacity(self.folders.len());
        for (index, folder) in self.folders.iter().enumerate() {
            let inherited = folder.parent.and_then(|parent| nearest[parent.index()]);
            nearest.push(own(FolderId(index as u32)).or(inherited));
        }
        nearest
    }
}

/// A path's folder and its last name.
pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// `relative` seen from the folder `base`; nothing if it leaves the project.
pub fn join(base: &str, relative: &str) -> Option<String> {
    let mut path = String::with_capacity(base.len() + relative.len() + 1);
    path.push_str(base);
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." if path.is_empty() => return None,
            ".." => path.truncate(path.rfind('/').unwrap_or(0)),
            name => {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(name);
            }
        }
    }
    Some(path)
}

/// What stands below `folder` in `path`.
pub fn strip_folder<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

//! Which file, package or folder a Python import names.
//!
//! Python looks through the folders of `sys.path`, which no file of a project writes down. They are guessed from
//! where the importing file stands: the folders above it that are no packages themselves, their `src`, what
//! manifests declare. The nearest wins, and a project's parts never reach into an unrelated part beside them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::requirements::{PythonManifest, manifest_folder, normalized};
use super::tree::{FolderId, ROOT, Tree, join, split};
use super::{Linker, Target};

/// The names of Python's own top-level modules, one a line.
const STANDARD_MODULES: &str = include_str!("standard_modules.txt");

pub struct Python {
    standard: FxHashSet<&'static str>,
    /// Per folder its `__init__.py`.
    packages: Vec<Option<u32>>,
    /// Per folder: Python files stand somewhere below it.
    has_python: Vec<bool>,
    manifests: FxHashMap<FolderId, PythonManifest>,
    /// Per folder the nearest folder with a manifest.
    pub nearest: Vec<Option<FolderId>>,
    /// Folders whose manifest carries this name.
    named: FxHashMap<Box<str>, Vec<FolderId>>,
    /// Folders with a manifest, and their `src`, that are reached from elsewhere by what stands in them.
    tops: FxHashMap<Box<str>, Vec<FolderId>>,
}

/// A folder in which a top-level name may stand.
#[derive(Clone, Copy)]
struct Root {
    folder: FolderId,
    /// A manifest stands here: what is found here is meant, whatever library has the same name.
    is_declared: bool,
}

struct Found {
    root: Option<FolderId>,
    target: Target,
}

impl Python {
    pub fn new(tree: &Tree, modules: &[&str], manifests: &[(&str, &str)]) -> Python {
        let mut python = Python {
            standard: STANDARD_MODULES.lines().collect(),
            packages: vec![None; tree.folder_count()],
            has_python: vec![false; tree.folder_count()],
            manifests: FxHashMap::default(),
            nearest: Vec::new(),
            named: FxHashMap::default(),
            tops: FxHashMap::default(),
        };
        python.read_manifests(tree, modules, manifests);
        for (module, path) in modules.iter().enumerate().filter(|(_, path)| is_python(path)) {
            let folder = tree.folder_of(module as u32);
            if split(path).1 == "__init__.py" {
                python.packages[folder.index()] = Some(module as u32);
            }
            for above in tree.upwards(folder) {
                if std::mem::replace(&mut python.has_python[above.index()], true) {
                    break;
                }
            }
        }
        python.nearest = tree.nearest(|folder| python.manifests.contains_key(&folder).then_some(folder));
        python.list_tops(tree, modules);
        python
    }

    /// What the manifests nearest to a folder declare.
    pub fn manifest(&self, folder: FolderId) -> Option<&PythonManifest> {
        self.nearest[folder.index()].and_then(|folder| self.manifests.get(&folder))
    }

    /// What the manifests in the folder itself declare.
    pub fn manifest_of(&self, folder: FolderId) -> Option<&PythonManifest> {
        self.manifests.get(&folder)
    }

    pub fn package(&self, folder: FolderId) -> Option<u32> {
        self.packages[folder.index()]
    }

    fn read_manifests(&mut self, tree: &Tree, modules: &[&str], manifests: &[(&str, &str)]) {
        // A start script is a module; whether its text was handed over does not matter.
        let scripts = modules.iter().map(|path| (*path, "")).filter(|(path, _)| split(path).1 == "manage.py");
        for (path, text) in manifests.iter().copied().chain(scripts) {
            let Some(folder) = manifest_folder(path).and_then(|folder| tree.folder(folder)) else { continue };
            self.manifests.entry(folder).or_default().read(split(path).1, text);
        }
        let mut named: Vec<(Box<str>, FolderId)> =
            self.manifests.iter().filter_map(|(folder, manifest)| Some((manifest.name.clone()?, *folder))).collect();
        named.sort_unstable();
        for (name, folder) in named {
            self.named.entry(name).or_default().push(folder);
        }
    }

    /// Which top-level names stand in folders with a manifest, in order of the modules.
    fn list_tops(&mut self, tree: &Tree, modules: &[&str]) {
        for (module, path) in modules.iter().enumerate().filter(|(_, path)| is_python(path)) {
            let folder = tree.folder_of(module as u32);
            let file = split(path).1;
            let (root, name) = match file {
                "__init__.py" => match tree.parent(folder) {
                    Some(parent) => (parent, split(tree.folder_path(folder)).1),
                    None => continue,
                },
                _ => (folder, file.strip_suffix(".py").unwrap_or(file)),
            };
            if self.declaring(tree, root).is_some() {
                self.tops.entry(name.into()).or_default().push(root);
            }
        }
    }

    /// The folder whose manifest makes `root` a place of top-level packages.
    fn declaring(&self, tree: &Tree, root: FolderId) -> Option<FolderId> {
        if self.manifests.contains_key(&root) {
            return Some(root);
        }
        let above = tree.parent(root)?;
        let is_source = split(tree.folder_path(root)).1 == "src";
        (is_source && self.manifests.contains_key(&above)).then_some(above)
    }
}

pub fn is_python(path: &str) -> bool {
    path.ends_with(".py")
}

impl Linker {
    pub fn python(&self, from: u32, level: u32, dotted: &str) -> Target {
        if level > 0 {
            return self.python_relative(from, level, dotted).unwrap_or(Target::Missing);
        }
        self.python_absolute(from, dotted).target
    }

    /// What `import a.b.c` binds: `a`.
    pub fn python_first_part(&self, from: u32, dotted: &str) -> Target {
        let first = first_part(dotted);
        let found = self.python_absolute(from, dotted);
        match (found.root, found.target) {
            (Some(root), _) => self.python_child(root, first).unwrap_or(Target::Missing),
            (None, Target::Package(_)) => Target::Package(first.into()),
            (None, _) => self.python_absolute(from, first).target,
        }
    }

    /// A submodule of a package that is part of the project.
    pub fn submodule(&self, of: &Target, name: &str) -> Option<Target> {
        self.python_child(self.python_folder(of)?, name)
    }

    fn python_relative(&self, from: u32, level: u32, dotted: &str) -> Option<Target> {
        let mut folder = self.tree.folder_of(from);
        for _ in 1..level {
            folder = self.tree.parent(folder)?;
        }
        if dotted.is_empty() {
            return Some(self.python.package(folder).map_or(Target::Folder(folder), Target::Module));
        }
        self.python_walk(folder, dotted)
    }

    fn python_absolute(&self, from: u32, dotted: &str) -> Found {
        let first = first_part(dotted);
        let folder = self.tree.folder_of(from);
        let is_library = self.python.standard.contains(first) || self.python_depends_on(folder, first);
        let mut namespace = None;
        let mut is_ours = false;
        for root in self.python_roots(folder, first) {
            let Some(head) = self.python_child(root.folder, first) else { continue };
            let is_regular = matches!(head, Target::Module(module) if module != from || self.is_init(from));
            let is_namespace = matches!(head, Target::Folder(_));
            if !is_regular && !is_namespace || is_library && (!root.is_declared || is_namespace) {
                continue;
            }
            match self.python_walk(root.folder, dotted) {
                Some(Target::Folder(found)) => {
                    namespace.get_or_insert(Found { root: Some(root.folder), target: Target::Folder(found) });
                }
                Some(target) => return Found { root: Some(root.folder), target },
                None => is_ours |= is_regular && self.python_folder(&head).is_some() && !is_library,
            }
        }
        let absent = if is_ours { Target::Missing } else { Target::Package(dotted.into()) };
        namespace.unwrap_or(Found { root: None, target: absent })
    }

    /// Where a top-level name is looked for, seen from a folder, the nearest first.
    fn python_roots(&self, folder: FolderId, first: &str) -> Vec<Root> {
        let python = &self.python;
        let mut roots = Vec::new();
        let mut inner = Vec::new();
        for above in self.tree.upwards(folder) {
            let has_manifest = python.manifests.contains_key(&above);
            let is_declared = has_manifest || above == ROOT;
            if python.package(above).is_some() && !is_declared {
                inner.push(Root { folder: above, is_declared: false });
                continue;
            }
            roots.push(Root { folder: above, is_declared });
            let own = python.manifests.get(&above).map_or(&[][..], |manifest| &manifest.roots);
            for name in own.iter().map(|name| &**name).chain(["src"]) {
                let place = join(self.tree.folder_path(above), name).and_then(|path| self.tree.folder(&path));
                let Some(place) = place.filter(|place| python.has_python[place.index()]) else { continue };
                if name != "src" || python.package(place).is_none() {
                    roots.push(Root { folder: place, is_declared: name != "src" });
                }
            }
        }
        roots.extend(self.python_root_elsewhere(folder, first).map(|folder| Root { folder, is_declared: true }));
        // Programs are started from inside a package as well.
        roots.extend(inner);
        roots
    }

    /// A root that is not above the folder: of a project that the nearest manifest depends on by its name, or
    /// the only one below that manifest (tests beside the code, a backend in a folder of its own).
    fn python_root_elsewhere(&self, folder: FolderId, first: &str) -> Option<FolderId> {
        let python = &self.python;
        let tops = python.tops.get(first)?;
        let near = python.nearest[folder.index()];
        let is_named = |root: &&FolderId| {
            let name =
                python.declaring(&self.tree, **root).and_then(|place| python.manifests.get(&place)?.name.clone());
            let manifest = near.and_then(|near| python.manifests.get(&near));
            name.zip(manifest).is_some_and(|(name, manifest)| {
                manifest.depends_on(&name) && python.named.get(&name).is_some_and(|all| all.len() == 1)
            })
        };
        if let Some(root) = tops.iter().find(is_named) {
            return Some(*root);
        }
        let reach = near.unwrap_or(ROOT);
        let is_below = |folder: FolderId| folder != reach && self.tree.upwards(folder).any(|above| above == reach);
        let mut below = python.manifests.keys().filter(|folder| is_below(**folder));
        let only = below.next().filter(|_| below.next().is_none())?;
        tops.iter().find(|root| python.declaring(&self.tree, **root) == Some(*only)).copied()
    }

    /// A distribution is called like the module it installs, or nearly so.
    fn python_depends_on(&self, folder: FolderId, module: &str) -> bool {
        let name = normalized(module);
        let spellings = [name.to_string(), format!("py{name}"), format!("python-{name}"), format!("{name}-python")];
        self.tree.upwards(folder).filter_map(|above| self.python.manifests.get(&above)).any(|manifest| {
            manifest.name.as_deref() != Some(&*name) && spellings.iter().any(|name| manifest.depends_on(name))
        })
    }

    fn python_walk(&self, root: FolderId, dotted: &str) -> Option<Target> {
        let mut folder = root;
        let mut found = None;
        for part in dotted.split('.') {
            if let Some(target) = found.take() {
                folder = self.python_folder(&target)?;
            }
            found = Some(self.python_child(folder, part)?);
        }
        found
    }

    /// The package, module or folder `name` in a folder.
    fn python_child(&self, folder: FolderId, name: &str) -> Option<Target> {
        if name.is_empty() {
            return None;
        }
        let mut path = join(self.tree.folder_path(folder), name)?;
        let inner = self.tree.folder(&path).filter(|inner| self.python.has_python[inner.index()]);
        if let Some(package) = inner.and_then(|inner| self.python.package(inner)) {
            return Some(Target::Module(package));
        }
        path.push_str(".py");
        self.tree.module(&path).map(Target::Module).or(inner.map(Target::Folder))
    }

    /// The folder whose modules are members of a package.
    fn python_folder(&self, target: &Target) -> Option<FolderId> {
        match target {
            Target::Folder(folder) => Some(*folder),
            Target::Module(module) if self.is_init(*module) => Some(self.tree.folder_of(*module)),
            _ => None,
        }
    }

    fn is_init(&self, module: u32) -> bool {
        split(self.tree.path(module)).1 == "__init__.py"
    }
}

fn first_part(dotted: &str) -> &str {
    dotted.split('.').next().unwrap_or(dotted)
}

//! Which files belong together: a unit is a program, or as much of one as was handed over.

use rustc_hash::FxHashMap;

use super::python::is_python;
use super::tree::FolderId;
use super::{Linker, Target};

/// How much of a file can be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    Whole,
    /// It was repaired, skipped or cut.
    Damaged,
    /// It uses names that nothing declares where an application, a router or a database is expected, or it has
    /// no path: a piece of a program, whose world ends at its edges.
    Fragment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitState {
    /// What is not seen is not there.
    Closed,
    /// Something may stand where nobody looked.
    Open,
    Fragment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// In their order.
    pub modules: Vec<u32>,
    pub state: UnitState,
}

impl Linker {
    /// The units of the project, in order of their first modules. `imports` are the targets of each module's
    /// imports, submodules included; `evidence` is what is known of each module.
    pub fn units(&self, imports: &[Vec<Target>], evidence: &[Evidence]) -> Vec<Unit> {
        let mut joined = Sets::new(self.tree.module_count());
        for (module, targets) in imports.iter().enumerate() {
            for target in targets {
                if let Target::Module(other) = target {
                    joined.join(module as u32, *other);
                }
            }
        }
        let homes = self.join_by_manifest(&mut joined);
        self.join_packages(&mut joined);
        let mut units: Vec<Unit> = Vec::new();
        let mut unit_of: FxHashMap<u32, usize> = FxHashMap::default();
        for module in 0..self.tree.module_count() as u32 {
            let unit = *unit_of.entry(joined.find(module)).or_insert_with(|| {
                units.push(Unit { modules: Vec::new(), state: UnitState::Closed });
                units.len() - 1
            });
            let unit = &mut units[unit];
            unit.modules.push(module);
            let targets = imports.get(module as usize).map_or(&[][..], |targets| targets);
            let evidence = evidence.get(module as usize).copied().unwrap_or(Evidence::Whole);
            unit.state = merged(unit.state, state(targets, evidence, homes[module as usize]));
        }
        units
    }

    /// All that stands nearest to the manifest of an application is one program: frameworks find files by their
    /// places, without an import. Gives the folder of that manifest per module.
    fn join_by_manifest(&self, joined: &mut Sets) -> Vec<Option<FolderId>> {
        let mut homes = Vec::with_capacity(self.tree.module_count());
        let mut first: FxHashMap<(FolderId, bool), u32> = FxHashMap::default();
        for module in 0..self.tree.module_count() as u32 {
            let is_python = is_python(self.tree.path(module));
            let folder = self.tree.folder_of(module);
            let home = if is_python { self.python_application(folder) } else { self.javascript_application(folder) };
            if let Some(home) = home {
                joined.join(*first.entry((home, is_python)).or_insert(module), module);
            }
            homes.push(home);
        }
        homes
    }

    fn javascript_application(&self, folder: FolderId) -> Option<FolderId> {
        let packages = &self.javascript.packages;
        let mut upwards = packages.upwards(&self.tree, folder);
        let package = upwards.find(|package| package.name.is_some() || !package.dependencies.is_empty())?;
        let home = package.folder?;
        (package.is_application && !packages.is_workspace(home)).then_some(home)
    }

    fn python_application(&self, folder: FolderId) -> Option<FolderId> {
        let manifest = self.python.manifest(folder)?;
        self.python.nearest[folder.index()].filter(|_| manifest.has_scripts)
    }

    /// Importing a module runs the `__init__.py` of its package and of those above.
    fn join_packages(&self, joined: &mut Sets) {
        for module in 0..self.tree.module_count() as u32 {
            let folder = self.tree.folder_of(module);
            if let Some(package) = self.python.package(folder).filter(|_| is_python(self.tree.path(module))) {
                joined.join(package, module);
                let above = self.tree.parent(folder).and_then(|above| self.python.package(above));
                joined.join(package, above.unwrap_or(package));
            }
        }
    }
}

fn state(targets: &[Target], evidence: Evidence, home: Option<FolderId>) -> UnitState {
    match evidence {
        // The rest of an application is where its manifest is: such a file is no piece, it is not understood.
        Evidence::Fragment if home.is_some() => UnitState::Open,
        Evidence::Fragment => UnitState::Fragment,
        Evidence::Damaged => UnitState::Open,
        Evidence::Whole if targets.contains(&Target::Missing) => UnitState::Open,
        Evidence::Whole => UnitState::Closed,
    }
}

fn merged(one: UnitState, other: UnitState) -> UnitState {
    match (one, other) {
        (UnitState::Fragment, _) | (_, UnitState::Fragment) => UnitState::Fragment,
        (UnitState::Open, _) | (_, UnitState::Open) => UnitState::Open,
        _ => UnitState::Closed,
    }
}

/// Disjoint sets of modules; the smallest member names a set.
struct Sets {
    parents: Vec<u32>,
}

impl Sets {
    fn new(count: usize) -> Sets {
        Sets { parents: (0..count as u32).collect() }
    }

    fn find(&mut self, module: u32) -> u32 {
        let mut at = module;
        while self.parents[at as usize] != at {
            let above = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = above;
            at = above;
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.find(one), self.find(other));
        self.parents[one.max(other) as usize] = one.min(other);
    }
}

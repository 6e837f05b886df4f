//! Data flow: an abstract machine runs the project and writes down what reaches where.

pub mod alike;
mod args;
mod bounds;
mod call;
mod call_events;
mod callbacks;
mod chain;
mod checks;
mod classes;
mod containers;
mod cross_origin;
pub mod effects;
mod elements;
pub mod events;
mod expr;
mod files;
mod fold;
mod folders;
mod formats;
mod functions;
pub(crate) mod guards;
mod heap;
mod inject;
mod iteration;
mod iterators;
mod kept;
mod labels;
mod library;
pub mod limits;
mod listed;
mod literals;
mod loops;
pub(crate) mod machine;
mod made;
mod member;
mod modules;
mod names;
mod ops;
mod own;
mod params;
mod path_facts;
mod patterns;
mod positions;
mod program;
mod protocols;
mod quiet;
pub mod reasons;
mod refine;
mod regexes;
pub(crate) mod registrations;
mod roots;
mod settings;
mod shapes;
mod sinks;
mod slow_matches;
mod slowness;
mod stmt;
mod tells;
mod text;
mod texts;
pub(crate) mod value;
mod write;

use events::{Arrival, CallEvent, FlowEvent};
pub(crate) use machine::Machine;
use machine::{Origin, Step};
use program::{LinkedModule, Symbols};

use crate::Place;
use crate::config::Config;
use crate::finding::{FlowStep, StepKind};
use crate::link::{FolderId, Linker, Target};
use crate::load::Loaded;
use crate::model::{KindId, Models, Places, Scope};
use rustc_hash::FxHashMap;

/// What the machine saw.
#[derive(Debug, Default)]
pub struct Facts {
    pub flows: Vec<FlowEvent>,
    pub calls: Vec<CallEvent>,
    pub arrivals: Vec<Arrival>,
    origins: Vec<Origin>,
    steps: Vec<Step>,
    /// Files given without a project around them.
    fragments: Vec<crate::FileId>,
    /// Limits that were reached.
    pub limits: limits::Limits,
    /// Imports that name nothing. This and what follows is known only if reasons were asked for.
    pub missing: Vec<crate::explain::Missing>,
    pub sights: Vec<reasons::Sight>,
    /// What is called where nobody knows what it is.
    pub unknown_calls: Vec<Place>,
}

impl Facts {
    pub fn origin_kind(&self, flow: &FlowEvent) -> KindId {
        self.origins[flow.origin.0 as usize].kind
    }

    pub fn is_fragment(&self, file: crate::FileId) -> bool {
        self.fragments.binary_search(&file).is_ok()
    }

    pub fn origin_place(&self, origin: value::OriginId) -> Place {
        self.origins[origin.0 as usize].place
    }

    pub fn kind_of(&self, origin: value::OriginId) -> KindId {
        self.origins[origin.0 as usize].kind
    }

    /// Where data of the kind comes into the project.
    pub fn origins_of(&self, kind: KindId) -> impl Iterator<Item = Place> + '_ {
        self.origins.iter().filter(move |it| it.kind.is_a(kind)).map(|it| it.place)
    }

    /// The steps of data on its way, the first one first.
    pub fn way(&self, last: value::StepId) -> Vec<FlowStep> {
        let mut steps = Vec::new();
        let mut at = Some(last);
        while let Some(id) = at {
            let step = self.steps[id.0 as usize];
            steps.push(FlowStep { kind: step.kind, place: step.place });
            at = step.previous;
        }
        steps.reverse();
        without_rounds(steps)
    }
}

/// Further rounds through a loop lead to a step that was there already: one round tells the same. A round through calls
/// stays, for what was called is left again.
fn without_rounds(steps: Vec<FlowStep>) -> Vec<FlowStep> {
    let mut out: Vec<FlowStep> = Vec::with_capacity(steps.len());
    for step in steps {
        if let Some(before) = out.iter().rposition(|it| it.place == step.place)
            && out[before + 1..].iter().all(|it| !matches!(it.kind, StepKind::Parameter | StepKind::Call))
        {
            out.truncate(before + 1);
            continue;
        }
        out.push(step);
    }
    out
}

/// Modules with what they import.
pub struct Links<'a> {
    modules: Vec<LinkedModule<'a>>,
    linker: Linker,
    symbols: Symbols,
    places: Places<'a>,
}

/// Runs the project.
pub fn facts(loaded: &Loaded, models: &Models, config: &Config) -> Facts {
    run(loaded, models, config, None, |_| ()).0
}

/// Runs the project; `between` sees the machine when set-up is done.
pub(crate) fn run<T>(
    loaded: &Loaded,
    models: &Models,
    config: &Config,
    reasons: Option<Box<reasons::Reasons>>,
    between: impl FnOnce(&mut Machine<'_>) -> T,
) -> (Facts, T) {
    run_linked(link(loaded, models), models, config, reasons, between)
}

pub fn link<'a>(loaded: &'a Loaded, models: &'a Models) -> Links<'a> {
    let sources: Vec<(crate::FileId, &crate::load::LoadedFile)> = loaded
        .files
        .iter()
        .enumerate()
        .filter(|it| it.1.module.is_some() && !it.1.skipped)
        .map(|(index, file)| (crate::FileId(index as u32), file))
        .collect();
    let paths: Vec<&str> = sources.iter().map(|it| it.1.path.as_str()).collect();
    let manifests: Vec<(&str, &str)> = loaded
        .files
        .iter()
        .filter(|it| it.module.is_none() && !it.skipped)
        .map(|it| (it.path.as_str(), it.text.as_str()))
        .collect();
    let linker = Linker::new(&paths, &manifests);
    let mut places = Places::new(models);
    let mut scopes = Scopes::new(&linker, models);
    let mut symbols = Symbols::default();
    let mut modules = Vec::with_capacity(sources.len());
    for (index, (file, source)) in sources.iter().enumerate() {
        let Some(ir) = &source.module else { continue };
        let targets: Vec<Target> = ir
            .imports
            .iter()
            .map(|it| {
                let specifier = ir.name(it.specifier);
                if ir.semantics.modules_are_namespaces {
                    linker.python(index as u32, it.level, specifier)
                } else {
                    linker.javascript(index as u32, specifier)
                }
            })
            .collect();
        let scope = scopes.of_module(index as u32, &mut places);
        let mut module = LinkedModule::new(*file, &source.path, ir, targets, scope, &mut symbols);
        module.declared = linker.dependencies(index as u32).iter().map(|it| it.name.to_string()).collect();
        modules.push(module);
    }
    Links { modules, linker, symbols, places }
}

pub(crate) fn run_linked<T>(
    links: Links<'_>,
    models: &Models,
    config: &Config,
    reasons: Option<Box<reasons::Reasons>>,
    between: impl FnOnce(&mut Machine<'_>) -> T,
) -> (Facts, T) {
    let explains = reasons.is_some();
    let Links { modules, linker, symbols, places } = links;
    let alone = alone(&modules, &linker);
    let mut machine = Machine::new(&modules, &linker, symbols, places);
    machine.alone = alone.clone();
    machine.wants_unknown = explains || crate::rules::ask_for_unknown(config);
    machine.conventions = convention_list(models);
    machine.has_own = machine.places.has_own();
    machine.trusted_headers = config.assume.trusted_headers.iter().map(|it| it.to_lowercase()).collect();
    machine.reasons = reasons;
    machine.set_up(models);
    let found = between(&mut machine);
    machine.run_entries(models);
    let reasons = machine.reasons.take().map(|it| *it).unwrap_or_default();
    let missing = modules.iter().filter(|_| explains);
    let missing = missing.flat_map(|it| crate::explain::missing(it.file, it.ir, &it.targets)).collect();
    let mut fragments: Vec<crate::FileId> = modules.iter().zip(&alone).filter(|it| *it.1).map(|it| it.0.file).collect();
    fragments.sort();
    let facts = Facts {
        fragments,
        flows: machine.flows.into_iter().filter(|it| !it.settled).collect(),
        calls: machine.calls,
        arrivals: machine.arrivals,
        origins: machine.origins,
        steps: machine.steps,
        limits: machine.limits,
        missing,
        sights: reasons.sights,
        unknown_calls: reasons.unknown_calls.into_iter().collect(),
    };
    (facts, found)
}

/// Which versions are in use where. All modules of a folder share them.
struct Scopes<'a> {
    linker: &'a Linker,
    versioned: Vec<&'a str>,
    by_folder: FxHashMap<(FolderId, bool), Scope>,
}

impl<'a> Scopes<'a> {
    fn new(linker: &'a Linker, models: &'a Models) -> Scopes<'a> {
        Scopes { linker, versioned: models.versioned_packages(), by_folder: FxHashMap::default() }
    }

    fn of_module(&mut self, module: u32, places: &mut Places<'_>) -> Scope {
        let (linker, versioned) = (self.linker, &self.versioned);
        *self.by_folder.entry(linker.version_scope(module)).or_insert_with(|| {
            let known = |name: &&str| Some(((*name).to_owned(), linker.version(module, name)?));
            places.scope(versioned.iter().filter_map(known).collect())
        })
    }
}

/// Files that import nothing of the project, that nothing imports, and around which there is no manifest.
fn alone(modules: &[LinkedModule<'_>], linker: &Linker) -> Vec<bool> {
    let mut alone = vec![true; modules.len()];
    for (index, module) in modules.iter().enumerate() {
        for target in &module.targets {
            if let Target::Module(other) = target {
                alone[index] = false;
                alone[*other as usize] = false;
            }
        }
    }
    for (index, alone) in alone.iter_mut().enumerate() {
        *alone &= linker.dependencies(index as u32).is_empty();
    }
    alone
}

/// A convention with the language it is of.
#[derive(Debug)]
pub(crate) struct LanguageConvention {
    language: &'static str,
    params: Vec<Vec<String>>,
    types: Vec<crate::model::rows::ParamType>,
    packages: Vec<String>,
    everywhere: bool,
}

fn convention_list(models: &Models) -> std::rc::Rc<[LanguageConvention]> {
    use backend_specialist_syntax::ir::Semantics;
    let mut all = Vec::new();
    for semantics in [Semantics::JAVASCRIPT, Semantics::PYTHON] {
        for it in models.conventions(semantics.models) {
            all.push(LanguageConvention {
                language: semantics.models,
                params: it.params.clone(),
                types: it.types.clone(),
                packages: it.packages.clone(),
                everywhere: it.everywhere,
            });
        }
    }
    all.into()
}

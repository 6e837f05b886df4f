//! The abstract machine: its state, its frames, and how data is labelled on its way.
//!
//! One interpreter does everything. Calls are run in place, with the values they get and the heap as it is, so
//! constants, closures, objects and guards keep their meaning across functions and files. What a branch or an
//! entry function writes is taken back from the trail.

use std::rc::Rc;

use backend_specialist_syntax::ir::{ClassId, ExprId, FunctionId, Module, NameId, Span, StmtId, VarId};
use rustc_hash::{FxHashMap, FxHashSet};

pub use super::args::Args;
use super::events::{Arrival, CallEvent, FlowEvent};
use super::heap::{Delta, Heap, Key, Loc, Mark, ObjectKind};
use super::program::{LinkedModule, Symbols};
use super::quiet::Quiet;
use super::value::{Atom, ClassValueId, ObjectId, OriginId, ScopeId, StepId, Sym, Value};
use crate::Place;
use crate::finding::StepKind;
use crate::link::{Linker, Target};
use crate::model::{KindId, Places, State, kinds};

/// Calls run inside one another.
pub const DEPTH_MAX: usize = 14;
/// Activations of one function inside one another.
pub const RECURSION_MAX: usize = 1;
/// Runs of an entry in which a function is further inside itself, for it gets what it did not have before.
pub const DEEP_RUNS_MAX: u32 = 32;
/// Expressions evaluated for one entry function, with all that it calls.
pub const BUDGET: u32 = 20_000;
/// The same for an entry of a module that has used up its share.
pub const BUDGET_MIN: u32 = 500;
/// The same for a function of a route, while routes are run.
pub const BUDGET_MIN_ROUTE: u32 = 4_000;
/// What all entries of a module may take together, for each of its expressions.
pub const BUDGET_PER_EXPR: u32 = 8;
/// Runs of a function with nothing to report, after which it is not run again for nothing.
pub const QUIET_RUNS: u32 = 8;
/// Expressions evaluated in all runs of a function, below which running it again is no matter.
pub const QUIET_WORK: u32 = 1_500;
/// The same where a handler has left data in variables around the function.
pub const QUIET_RUNS_MANY: u32 = 200;
/// The same for a function that leaves nothing but its result.
pub const QUIET_RUNS_FEW: u32 = 3;
/// Nested expressions and statements of one activation.
pub const NESTING_MAX: u32 = 300;
/// The same of all activations together: the machine's own stack. Half of what a door gives a thread (16 MB) must
/// do, in a build without optimization; `tests/core/depth.rs` looks.
pub const TOTAL_NESTING_MAX: u32 = 500;
/// Levels that a call counts beside what it runs.
pub const CALL_LEVELS: u32 = 3;
/// Functions bound to arguments again and again.
pub const BOUND_MAX: u32 = 16;
/// Bases of a class, theirs included.
pub const LINEAGE_MAX: usize = 64;

/// A function value.
#[derive(Clone, Debug)]
pub struct Closure {
    pub module: u32,
    pub function: FunctionId,
    pub scope: ScopeId,
    /// The receiver of the function it stands in, for functions without their own.
    pub this: Value,
    /// The class whose member it is.
    pub home: Option<ClassValueId>,
    /// Its properties, once it has any.
    pub object: Option<ObjectId>,
    /// Defaults of its parameters that were worked out when it was made.
    pub defaults: Rc<[Option<Value>]>,
}

/// A field of instances: its key, initializer, annotation and decorators.
pub type FieldInit = (Key, Option<ExprId>, Option<ExprId>, Vec<ExprId>);

/// A class value.
#[derive(Clone, Debug)]
pub struct ClassValue {
    pub module: u32,
    pub class: ClassId,
    pub scope: ScopeId,
    pub bases: Vec<Value>,
    /// The bases and theirs, each once, in the order in which members are looked up.
    pub lineage: Rc<[Atom]>,
    /// Not all bases are known.
    pub is_open: bool,
    pub statics: ObjectId,
    pub prototype: ObjectId,
    pub getters: Vec<(Sym, Value)>,
    pub setters: Vec<(Sym, Value)>,
    /// Instance fields with their initializers, in order.
    pub fields: Vec<FieldInit>,
    pub constructor: Option<Value>,
    /// Fields that the class declares with a type, on the class itself.
    pub declared: Vec<Sym>,
}

#[derive(Clone, Copy, Debug)]
pub struct Origin {
    pub kind: KindId,
    pub place: Place,
    /// Found by the name of a value, or made by a convention.
    pub guess: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    pub previous: Option<StepId>,
    pub place: Place,
    pub kind: StepKind,
}

#[derive(Debug, Default)]
pub struct LoopExits {
    pub label: Option<Sym>,
    pub mark: Option<Mark>,
    pub breaks: Vec<Delta>,
    pub continues: Vec<Delta>,
    /// A switch takes `break` and leaves `continue` to the loop around it.
    pub is_switch: bool,
}

impl TryExits {
    pub fn new(mark: Mark) -> TryExits {
        TryExits {
            mark,
            states: Vec::new(),
            names: Vec::new(),
            thrown: Value::absent(),
            may_raise: false,
            has_calls: false,
        }
    }
}

#[derive(Debug)]
pub struct TryExits {
    pub mark: Mark,
    pub states: Vec<Delta>,
    /// For each of the states: how the class of what is raised there is called, where it is made there.
    pub names: Vec<Option<Sym>>,
    pub thrown: Value,
    /// Something was done that may raise, nobody knows when.
    pub may_raise: bool,
    /// Functions of the project were called.
    pub has_calls: bool,
}

/// What a test that was evaluated can tell when its result is known.
#[derive(Clone, Debug)]
pub struct TestCall {
    pub expr: ExprId,
    pub callee: Value,
    pub this: Value,
    pub this_expr: Option<ExprId>,
    pub args: Args,
    pub result: Value,
}

#[derive(Debug)]
pub struct Frame {
    pub module: u32,
    pub function: FunctionId,
    pub scope: ScopeId,
    pub this: Value,
    pub home: Option<ClassValueId>,
    pub mark: Mark,
    pub result: Value,
    /// Each `return` with its value.
    pub returns: Vec<(Value, Place)>,
    pub exits: Vec<Delta>,
    pub loops: Vec<LoopExits>,
    pub tries: Vec<TryExits>,
    /// What a generator yields, in order.
    pub yields: Option<ObjectId>,
    pub tests: Vec<TestCall>,
    pub definitions: Vec<(VarId, ExprId)>,
    /// Only exits whose result is so are of interest.
    pub wanted: Option<bool>,
    pub nesting: u32,
    /// What is read, called or bound just now.
    pub at: Place,
    /// What the function was called with, where the file asks for it.
    pub given: Vec<Value>,
    /// More than that was given, how much nobody knows.
    pub given_rest: Option<Value>,
    /// The same as an array, once it was asked for.
    pub arguments: Option<Value>,
}

/// A function that somebody else will call.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    pub function: Value,
    /// Types of its parameters.
    pub params: Vec<Option<State>>,
    /// Parameters without a type of the framework come from the request.
    pub from_request: bool,
    /// Parameters of the path that are numbers or ids, as it says.
    pub converted: Vec<String>,
    pub callee: Option<State>,
    pub shift: bool,
    /// Its route has a path without parameters: the path of a request tells it nothing new.
    pub fixed_path: bool,
    /// The call that registered it.
    pub registered: Option<Rc<super::call::Call>>,
    /// The registration that gets the function as its handler.
    pub registration: Option<u32>,
    /// The decorator tells to whom the registration belongs, and nothing else.
    pub is_owner_only: bool,
    /// Another registration of the same decorator.
    pub also: Option<u32>,
    /// What the decorator writes down about what it decorates.
    pub annotation: Option<(Key, Value)>,
    /// Only results that are true matter.
    pub wants_true: bool,
    /// Handlers of the same route that run before it.
    pub chain: Vec<Pending>,
    /// Others run behind it: it is middleware.
    pub is_early: bool,
}

/// How many of each there were when set-up was done: entries take back what they make beyond.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    pub objects: u32,
    pub closures: u32,
    pub classes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleStatus {
    New,
    Running,
    Done,
}

#[derive(Debug)]
pub struct ModuleState {
    pub status: ModuleStatus,
    pub scope: ScopeId,
    pub namespace: ObjectId,
    /// CommonJS's `module`.
    pub module_object: ObjectId,
    pub has_common_exports: bool,
}

pub struct Machine<'a> {
    pub modules: &'a [LinkedModule<'a>],
    pub linker: &'a Linker,
    pub symbols: Symbols,
    pub places: Places<'a>,
    pub heap: Heap,
    pub closures: Vec<Closure>,
    pub classes: Vec<ClassValue>,
    pub origins: Vec<Origin>,
    pub(super) origin_ids: FxHashMap<(KindId, Place, bool), OriginId>,
    pub steps: Vec<Step>,
    pub(super) step_ids: FxHashMap<Step, StepId>,
    pub states: Vec<ModuleState>,
    /// Modules and folders as objects, in their order.
    pub folders: Vec<(ObjectId, Target)>,
    /// Closures that were given an object, in the order in which it happened.
    pub with_objects: Vec<super::value::ClosureId>,
    /// Variables that are assigned and never declared.
    pub globals: ObjectId,
    /// By place: values of libraries that are imported and written to.
    pub(super) imports: ObjectId,
    /// By path: what is in files that the program wrote.
    pub(super) files: ObjectId,
    pub frames: Vec<Frame>,
    pub pending: Vec<Pending>,
    pub(super) met: super::alike::Met,
    /// Registrations that wait for what they decorate.
    pub decorators: Vec<Pending>,
    pub executed: FxHashSet<(u32, FunctionId)>,
    /// Whether a module may show a name, by module and name.
    pub shown: FxHashMap<(u32, Sym), bool>,
    /// What [`Machine::says`] was asked before.
    pub(super) said: FxHashMap<(&'static str, Sym), bool>,
    /// Members of built-in types by name, for each of the two ways in which languages know members.
    pub builtins: FxHashMap<(Sym, bool), Option<State>>,
    pub quiet: FxHashMap<(u32, FunctionId), Quiet>,
    /// Expressions evaluated in the runs of each function.
    pub work: FxHashMap<(u32, FunctionId), u32>,
    /// Runs of functions with nothing to report, by the data they were given.
    pub quiet_with_data: FxHashMap<(u32, FunctionId, u64), Quiet>,
    pub base: Base,
    /// A handler runs: its data may be anywhere in the heap.
    pub in_handler: bool,
    /// Flows of data whose origin is known.
    pub known_flows: usize,
    /// Functions and classes made since the entry began.
    pub made: Vec<Value>,
    pub flows: Vec<FlowEvent>,
    pub flow_keys: FxHashMap<(KindId, Place, OriginId), usize>,
    pub calls: Vec<CallEvent>,
    pub arrivals: Vec<Arrival>,
    pub arrival_keys: FxHashSet<(KindId, Place)>,
    /// By kind and place: the rows that spoke of the call.
    pub call_keys: FxHashMap<(KindId, Place), Vec<usize>>,
    /// By module: what its variables are settings of.
    pub settings: Vec<Option<State>>,
    pub depth: u32,
    /// Imports being looked up inside one another.
    pub import_depth: u32,
    /// See `DEEP_RUNS_MAX`.
    pub(super) deep_runs: u32,
    pub budget: u32,
    /// By module: what its entries may still take.
    pub shares: Vec<u32>,
    /// Limits that were reached.
    pub limits: super::limits::Limits,
    /// What `explain` wants to know, if it asks.
    pub reasons: Option<Box<super::reasons::Reasons>>,
    /// Nothing after this point of the activation is reached.
    pub dead: bool,
    pub injected: FxHashMap<(u32, u32), Value>,
    pub natives: super::names::Names,
    /// By function: what [`Machine::convention`] found.
    pub convention_types: FxHashMap<(u32, FunctionId), Option<Vec<Option<State>>>>,
    pub conventions: Rc<[super::LanguageConvention]>,
    /// The handler that runs is asked for by one path only.
    pub on_fixed_path: bool,
    /// How slow regular expressions can be: by pattern, flags, and how the match is bound to the text.
    pub(super) growths: FxHashMap<(Sym, Sym, bool, bool), super::slowness::Growth>,
    /// The configuration names functions of the project.
    pub has_own: bool,
    /// Headers, in lower case, that something in front of the application writes.
    pub trusted_headers: Vec<String>,
    /// What is assigned or returned, for conditions that look at it.
    pub(super) given: Option<Value>,
    /// By place and name: data that an entry left where later entries find it (`g`, a session).
    pub(super) kept: std::collections::BTreeMap<(State, Sym), super::value::Labels>,
    /// The entry that runs read something there that nobody has left yet.
    pub(super) missed_kept: bool,
    /// What set-up code registered, in the order in which it ran.
    pub registrations: Vec<super::registrations::Registration<'a>>,
    /// Set-up is over: what is registered from now on belongs to no route.
    pub is_set_up: bool,
    /// Branches around the present statement that may not be taken.
    pub uncertain: u32,
    /// Tests of the chain in which the present test is the next one: they are false.
    pub(super) refuted: Vec<ExprId>,
    /// Whether values of a state take registrations.
    pub router_states: FxHashMap<State, bool>,
    /// Classes of libraries whose instances take registrations, where classes of the project extend them.
    pub router_classes: Vec<State>,
    /// What set-up adds to the objects of a type that handlers get.
    pub extensions: Vec<(State, Sym, Value)>,
    /// Classes that registrations belong to, by the object that stands for them.
    pub class_scopes: FxHashMap<ObjectId, ClassValueId>,
    /// Routers that another one made: `app.route("/x")`.
    pub router_parents: FxHashMap<ObjectId, ObjectId>,
    /// The member by which a function is being called.
    pub callee_name: Option<Sym>,
    /// The route that runs, with what is known to hold on the way through it.
    pub route: Option<super::guards::RouteRun>,
    /// Functions and routers that guards against forged requests let pass.
    pub exempt: Vec<Atom>,
    /// Functions that answer certain methods only.
    pub restricted: FxHashMap<super::value::ClosureId, Vec<String>>,
    /// The entry that runs is a test: only ways that give this are of interest.
    pub wanted_result: Option<bool>,
    /// The function that runs as an entry is called by code of its file that is never reached.
    pub(super) only_called_in_vain: bool,
    /// Each `return` of the function that was run last.
    pub last_returns: Vec<(Value, Place)>,
    /// Its result, before it is back where it was called.
    pub last_result: Value,
    pub left: super::chain::Left,
    /// By body of a loop: the slots of what every round declares anew and closures hold.
    pub(super) round_slots: FxHashMap<(u32, StmtId), Option<Rc<[u32]>>>,
    /// How often something was read that other entries may write.
    pub shared_reads: u32,
    /// Data that nobody knows the origin of is of interest everywhere.
    pub wants_unknown: bool,
    /// By module: whether it stands alone, so that it is of interest there.
    pub alone: Vec<bool>,
    /// What was evaluated of a test can be narrowed.
    pub telling: bool,
}

impl<'a> Machine<'a> {
    pub fn frame(&self) -> &Frame {
        self.frames.last().expect("code runs in a frame")
    }

    pub fn frame_mut(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("code runs in a frame")
    }

    /// Runs something so many levels deeper, unless that is too deep.
    pub fn deeper<T>(&mut self, levels: u32, run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth + levels > TOTAL_NESTING_MAX {
            return None;
        }
        self.depth += levels;
        let result = run(self);
        self.depth -= levels;
        Some(result)
    }

    pub fn module(&self) -> &'a LinkedModule<'a> {
        &self.modules[self.frame().module as usize]
    }

    pub fn ir(&self) -> &'a Module {
        self.module().ir
    }

    pub fn language(&self) -> &'static str {
        self.ir().semantics.models
    }

    pub fn sym(&self, name: NameId) -> Sym {
        self.module().sym(name)
    }

    pub fn text(&self, sym: Sym) -> Rc<str> {
        self.symbols.text(sym)
    }

    pub fn intern(&mut self, text: &str) -> Sym {
        self.symbols.intern(text)
    }

    pub fn text_value(&mut self, text: &str) -> Value {
        if text.len() > super::value::TEXT_MAX {
            return Value::atom(Atom::AnyText);
        }
        let sym = self.intern(text);
        Value::atom(Atom::Text(sym))
    }

    pub fn place(&self, span: Span) -> Place {
        Place { file: self.module().file, span }
    }

    pub fn place_of(&self, expr: ExprId) -> Place {
        self.place(self.ir().expr_span(expr))
    }

    // ---- objects ----

    pub fn new_object(&mut self, kind: ObjectKind) -> ObjectId {
        self.heap.alloc(kind)
    }

    pub fn new_array(&mut self, values: Vec<Value>) -> Value {
        let id = self.heap.alloc(ObjectKind::Array);
        if values.len() > super::heap::FIELDS_MAX {
            let all = values.iter().fold(Value::absent(), |all, it| all.join(it));
            self.heap.write(Loc::Rest(id), all);
        } else {
            self.heap.set_array(id, values);
        }
        Value::atom(Atom::Object(id))
    }

    /// An array of unknown length.
    pub fn new_list_of(&mut self, element: Value) -> Value {
        let id = self.heap.alloc(ObjectKind::Array);
        self.heap.write(Loc::Rest(id), element);
        Value::atom(Atom::Object(id))
    }

    pub fn set_field(&mut self, id: ObjectId, key: Key, value: Value) {
        if self.heap.object(id).fields.len() >= super::heap::FIELDS_MAX && self.heap.field(id, key).is_none() {
            let rest = self.heap.object(id).rest.join(&value);
            self.heap.write(Loc::Rest(id), rest);
            return;
        }
        if let Key::Index(index) = key
            && let Some(len) = self.heap.object(id).len.as_number()
            && f64::from(index) >= len
        {
            self.heap.write(Loc::Len(id), Value::number(f64::from(index) + 1.0));
        }
        self.heap.write(Loc::Field(id, key), value);
    }

    /// The key that a value names, if it names one.
    pub fn key_of(&mut self, value: &Value) -> Option<Key> {
        match value.single()? {
            Atom::Text(sym) => Some(self.key_of_text(*sym)),
            Atom::Number(it) if *it >= 0.0 && it.fract() == 0.0 && *it < f64::from(u32::MAX) => {
                Some(Key::Index(*it as u32))
            }
            Atom::Number(it) => {
                let text = super::fold::number_text(*it);
                Some(Key::Name(self.intern(&text)))
            }
            Atom::Bool(it) => Some(Key::Name(self.intern(if *it { "true" } else { "false" }))),
            // Maps take objects and functions as keys: each is its own.
            Atom::Object(id) => {
                let text = format!("\u{1}object {}", id.0);
                Some(Key::Name(self.intern(&text)))
            }
            Atom::Closure(id) => {
                let text = format!("\u{1}function {}", id.0);
                Some(Key::Name(self.intern(&text)))
            }
            _ => None,
        }
    }

    pub fn key_of_text(&self, sym: Sym) -> Key {
        let text = self.symbols.text(sym);
        match text.parse::<u32>() {
            Ok(index) if text.len() == 1 || !text.starts_with(['0', '+']) => Key::Index(index),
            _ => Key::Name(sym),
        }
    }

    pub fn key_value(&mut self, key: Key) -> Value {
        match key {
            Key::Name(sym) => Value::atom(Atom::Text(sym)),
            Key::Index(index) => self.text_value(&index.to_string()),
        }
    }

    pub fn sink_kind(name: &str) -> KindId {
        kinds::sink(name).expect("the engine names kinds of kinds.toml")
    }

    pub fn source_kind(name: &str) -> KindId {
        kinds::source(name).expect("the engine names kinds of kinds.toml")
    }

    pub fn new(
        modules: &'a [LinkedModule<'a>],
        linker: &'a Linker,
        symbols: Symbols,
        places: Places<'a>,
    ) -> Machine<'a> {
        let mut symbols = symbols;
        let natives = super::names::Names::new(&mut symbols);
        let mut machine = Machine {
            modules,
            linker,
            symbols,
            places,
            heap: Heap::default(),
            closures: Vec::new(),
            classes: Vec::new(),
            origins: Vec::new(),
            origin_ids: FxHashMap::default(),
            steps: Vec::new(),
            step_ids: FxHashMap::default(),
            states: Vec::new(),
            folders: Vec::new(),
            with_objects: Vec::new(),
            globals: ObjectId(0),
            files: ObjectId(0),
            imports: ObjectId(0),
            frames: Vec::new(),
            pending: Vec::new(),
            met: super::alike::Met::default(),
            on_fixed_path: false,
            decorators: Vec::new(),
            executed: FxHashSet::default(),
            shown: FxHashMap::default(),
            said: FxHashMap::default(),
            builtins: FxHashMap::default(),
            quiet: FxHashMap::default(),
            quiet_with_data: FxHashMap::default(),
            work: FxHashMap::default(),
            base: Base { objects: u32::MAX, closures: u32::MAX, classes: u32::MAX },
            in_handler: false,
            known_flows: 0,
            made: Vec::new(),
            flows: Vec::new(),
            flow_keys: FxHashMap::default(),
            calls: Vec::new(),
            arrivals: Vec::new(),
            arrival_keys: FxHashSet::default(),
            call_keys: FxHashMap::default(),
            settings: Vec::new(),
            depth: 0,
            import_depth: 0,
            deep_runs: 0,
            budget: BUDGET,
            shares: modules.iter().map(|it| BUDGET + BUDGET_PER_EXPR * it.ir.exprs.len() as u32).collect(),
            limits: super::limits::Limits::new(),
            reasons: None,
            dead: false,
            injected: FxHashMap::default(),
            natives,
            convention_types: FxHashMap::default(),
            conventions: Rc::from([]),
            growths: FxHashMap::default(),
            has_own: false,
            trusted_headers: Vec::new(),
            registrations: Vec::new(),
            class_scopes: FxHashMap::default(),
            extensions: Vec::new(),
            is_set_up: false,
            refuted: Vec::new(),
            uncertain: 0,
            router_states: FxHashMap::default(),
            router_classes: Vec::new(),
            router_parents: FxHashMap::default(),
            callee_name: None,
            route: None,
            exempt: Vec::new(),
            restricted: FxHashMap::default(),
            wanted_result: None,
            last_returns: Vec::new(),
            last_result: Value::absent(),
            given: None,
            kept: std::collections::BTreeMap::new(),
            missed_kept: false,
            left: super::chain::Left::default(),
            only_called_in_vain: false,
            round_slots: FxHashMap::default(),
            telling: false,
            shared_reads: 0,
            wants_unknown: true,
            alone: Vec::new(),
        };
        machine.globals = machine.heap.alloc(ObjectKind::Plain);
        machine.files = machine.heap.alloc(ObjectKind::Plain);
        machine.imports = machine.heap.alloc(ObjectKind::Plain);
        machine.make_modules();
        machine
    }
}

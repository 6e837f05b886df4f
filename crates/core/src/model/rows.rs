//! Rows of models as the engine reads them: places are parsed, kinds are numbers.

use super::chars::Chars;
use super::kinds::{KindId, KindSet};
pub use super::op::Op;
use super::place::CallPlace;
use super::version::VersionRange;

/// Every row of every section.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a table holds few of these rows, and they are read where they lie")]
pub enum Row {
    Type(String),
    Source(SourceRow),
    Sink(SinkRow),
    Sanitizer(SanitizerRow),
    Check(CheckRow),
    Propagator(PropagatorRow),
    Call(CallRow),
    Effect(Box<EffectRow>),
    Route(RouteRow),
    Class(ClassRow),
    Constant(Constant),
}

/// Where a row comes from and for which versions it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The model's first package: the library's name in reports.
    pub library: String,
    pub versions: VersionRange,
    /// Whose versions these are, by the names that manifests use; empty without bounds.
    pub versions_of: Vec<String>,
    /// All of these must hold of the call that the row's place ends at or went through last.
    pub when: Vec<Condition>,
    /// None of these may hold of it.
    pub unless: Vec<Condition>,
}

impl Origin {
    pub fn is_conditional(&self) -> bool {
        !(self.when.is_empty() && self.unless.is_empty())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    pub kind: KindId,
}

#[derive(Clone, Debug)]
pub struct SinkRow {
    pub kind: KindId,
    /// Only where the constant parts of the text read as this language (`sql`, …).
    pub reads_as: Option<String>,
    /// An untrusted object matters here; what is surely text does not.
    pub whole: bool,
    /// The place is assigned to.
    pub assigned: bool,
    /// The place is returned.
    pub returned: bool,
}

#[derive(Clone, Debug)]
pub struct SanitizerRow {
    pub safe_for: KindSet,
    /// The characters that can be in the result, if that is known.
    pub allows: Option<Chars>,
    pub from: Vec<CallPlace>,
    pub to: Vec<CallPlace>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldsWhen {
    True,
    False,
    /// The call throws or ends the request otherwise.
    Returns,
    /// Its result equals, or is among, constants.
    Compared,
}

#[derive(Clone, Debug)]
pub struct CheckRow {
    pub checks: CallPlace,
    pub holds_when: HoldsWhen,
    pub safe_for: KindSet,
    pub allows: Option<Chars>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// The same object, structure and all.
    Value,
    /// Something derived from it.
    Data,
    /// The same, and what was known of its characters or made it safe is lost.
    Decoded,
}

#[derive(Clone, Debug)]
pub struct PropagatorRow {
    pub from: Vec<CallPlace>,
    /// Empty for `Nothing`: the call passes nothing on.
    pub to: Vec<CallPlace>,
    pub keeps: Keeps,
}

#[derive(Clone, Debug)]
pub struct CallRow {
    pub kind: KindId,
    /// Places by role; several of one role are alternatives.
    pub args: Vec<(String, CallPlace)>,
    /// Values of roles that the call leaves out.
    pub defaults: Vec<(String, Constant)>,
    /// Values of roles that the callee's name decides.
    pub constants: Vec<(String, Constant)>,
    pub assigned: bool,
}

#[derive(Clone, Debug)]
pub struct EffectRow {
    pub op: Op,
    /// The container; the receiver if there is none.
    pub on: Option<CallPlace>,
    pub keys: Vec<CallPlace>,
    pub value: Option<CallPlace>,
    pub default: Option<CallPlace>,
    pub callback: Option<CallPlace>,
    pub with: Vec<CallPlace>,
    pub from: Option<CallPlace>,
    pub pattern: Option<CallPlace>,
    pub text: Option<CallPlace>,
    /// What `get` finds goes through this function first.
    pub convert: Option<CallPlace>,
    pub is: Option<TypeTest>,
    /// `replace` replaces the first one only.
    pub first: bool,
    pub full: bool,
    pub head: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Add,
    Mount,
    Use,
    Hook,
    Error,
    Param,
    /// The receiver, or what the call makes, or what is decorated, answers under the path.
    Prefix,
    /// The handlers answer these methods only, wherever they are registered.
    Restrict,
    /// The handler is a further one of its class, wherever that is registered.
    Action,
    /// A method of what is decorated is called at set-up.
    Setup,
    /// What is decorated answers under versions of its own.
    Version,
    /// The receiver answers under versions.
    Versions,
    /// Objects of the first of `params` get a member, by `path` its name.
    Extend,
}

/// Where a function that stands before a handler goes on to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GoesOn {
    /// Where it calls the way on.
    #[default]
    Next,
    /// Where it returns nothing.
    Nothing,
    /// Where it returns something true.
    True,
    /// Wherever it returns.
    Returns,
}

/// What a registration proves, or takes back, where the conditions hold of it.
#[derive(Clone, Debug)]
pub struct ProofRow {
    /// The guard, as a source kind without its parent: `auth`, `validation`.
    pub guard: String,
    pub condition: Option<Condition>,
    pub stage: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Any method.
    Any,
    Fixed(String),
    /// The member's own name (`app.get`).
    Callee,
    At(CallPlace),
}

#[derive(Clone, Debug)]
pub struct RouteRow {
    pub library: String,
    pub verb: Verb,
    pub method: Method,
    pub path: Option<CallPlace>,
    pub handler: Vec<CallPlace>,
    pub params: Vec<ParamType>,
    /// A handler with exactly that many parameters has one more in front.
    pub shift_at_arity: Option<u32>,
    /// Values that stand before the handlers as guards.
    pub guards: Vec<CallPlace>,
    /// The methods where `method` is a place and nothing is given there.
    pub default_methods: Vec<String>,
    /// The path takes the place of what the mounted router says of its own prefix.
    pub overrides_prefix: bool,
    /// It holds for the whole of its app or router, wherever it is registered.
    pub is_whole_scope: bool,
    /// It holds for the whole project, whatever router it is registered on.
    pub is_global: bool,
    /// The app or router, where it is not the receiver.
    pub on: Option<CallPlace>,
    /// The call gives the registration as a value: it holds where that value is listed.
    pub is_listed: bool,
    /// The place is assigned to.
    pub is_assigned: bool,
    /// Modules among the handlers, and texts that name them, stand for their variable of this name.
    pub listed_as: Option<String>,
    /// Paths stand one behind the other as they are written.
    pub concatenates: bool,
    /// The path is a regular expression.
    pub is_pattern: bool,
    /// What the registration proves by itself: source kinds.
    pub proves: Vec<KindId>,
    /// What a class of handlers answers, by the names of its methods.
    pub actions: Vec<Action>,
    /// Attributes of a class of handlers that name the parameter for one object, the first one that there is.
    pub parameter: Vec<String>,
    /// The member of the router that says with what paths end.
    pub ends_with: Option<String>,
    /// The setting that holds the guards where nothing else does: its name and keys.
    pub default_guards: Vec<String>,
    /// Guards that let everything pass that the handlers get: source kinds.
    pub exempt: Vec<KindId>,
    /// What handlers are made with, where they are functions or classes that make the one that runs.
    pub made_with: Vec<ParamType>,
    /// The attribute of what they make that holds it.
    pub kept_as: Option<String>,
    /// Methods of the one that runs that are hooks.
    pub hooks: Vec<String>,
    /// Whether a handler of its class is asked for one object: a flag, or where it stands.
    pub is_for_one: bool,
    pub for_one: Option<CallPlace>,
    /// It holds for exactly its path, not for what lies below.
    pub is_exact: bool,
    /// It belongs to the class that it decorates, or to the class of the method that it decorates.
    pub of_class: bool,
    /// What is mounted are the files of this folder, each under the folders that lead to it.
    pub folder: Option<CallPlace>,
    /// Files of that name register for the whole of their folder, and for those in it if the place says so.
    pub hooks_file: Option<String>,
    pub cascades: Option<CallPlace>,
    /// What stands in front within what is mounted stands in front of what comes later, too.
    pub merges: bool,
    /// It stands behind what was mounted before it has of its own.
    pub is_trailing: bool,
    /// It holds for every path in which its own stands.
    pub is_anywhere: bool,
    /// The owner's own prefix does not count for what is mounted.
    pub outside_prefix: bool,
    /// The method that is called of a class or object that is a handler.
    pub calls: Option<String>,
    pub goes_on: Option<GoesOn>,
    /// When each of the handlers runs, the lowest first; the last number counts for those behind it, too.
    pub stages: Vec<u32>,
    /// It speaks of each element here, which is `Value` in its places.
    pub each: Option<CallPlace>,
    pub proofs: Vec<ProofRow>,
    /// What registrations around it prove does not hold here.
    pub lifts: Vec<ProofRow>,
    /// Paths for which it does not hold.
    pub except: Vec<CallPlace>,
    /// The class for whose routes alone it holds.
    pub within: Option<CallPlace>,
    pub version: Option<CallPlace>,
}

/// A method of a class of handlers, and for what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub name: String,
    pub method: String,
    /// `{}` stands for the parameter for one object.
    pub path: String,
}

/// What a library does with instances of a class, and of those that extend it.
#[derive(Clone, Debug, Default)]
pub struct ClassRow {
    /// Methods around the one that answers: their `super` goes on.
    pub around: Vec<String>,
    /// The method that answers every method of HTTP.
    pub answer: Option<String>,
    /// Methods that let a request pass where they give something true.
    pub tests: Vec<String>,
    /// Attributes that hold guards, and methods that give them; the first one that there is.
    pub guards: Vec<String>,
    /// The setting that holds the guards where nothing else does: its name and keys.
    pub default_guards: Vec<String>,
    /// Attributes that hold decorators of all methods.
    pub decorators: Vec<String>,
    /// The attribute that holds the request.
    pub request: Option<String>,
    /// The attribute that holds the name of the method that answers.
    pub action: Option<String>,
    /// The attribute that lists the methods which are answered.
    pub methods: Option<String>,
    /// Methods that the library's own class has.
    pub provides: Vec<String>,
    /// What those prove by themselves: source kinds.
    pub proves: Vec<KindId>,
    /// Methods that those call.
    pub calls: Vec<String>,
    /// Guards that let everything of the class pass: source kinds.
    pub exempt: Vec<KindId>,
    /// Types of the parameters of its methods.
    pub params: Vec<ParamType>,
}

/// What a parameter of a handler is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamType {
    /// Nothing is known.
    None,
    /// Of a named type.
    Type(String),
    /// Every further parameter is a path parameter, unless the path types it.
    PathParameters,
    /// Every further parameter comes from the request, unless its annotation or default says otherwise.
    RequestParameters,
}

/// A function nobody calls whose parameters have these names is a handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Convention {
    pub origin: Origin,
    /// Alternative names of each parameter that must be there.
    pub params: Vec<Vec<String>>,
    /// Type of each of them.
    pub types: Vec<ParamType>,
    /// Packages of which the file imports one, unless `everywhere`.
    pub packages: Vec<String>,
    pub everywhere: bool,
}

/// Exports of files at these paths are handlers.
#[derive(Clone, Debug, PartialEq)]
pub struct FileRoute {
    pub origin: Origin,
    pub glob: String,
    /// `*` for all.
    pub exports: Vec<String>,
    pub params: Vec<ParamType>,
    /// Types of the module itself: its variables are members of a value of each.
    pub module: Vec<ParamType>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
}

/// A test of a place of the same call.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub at: CallPlace,
    /// One of these.
    pub is: Vec<Expected>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    Constant(Constant),
    Present,
    Absent,
    Text,
    Object,
    Array,
    /// A function or class of the project.
    Function,
    /// A constant media type, or file ending, of something that no browser takes for markup.
    NoMarkup,
    /// A value of this type of models.
    Type(String),
}

/// What `is-type` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeTest {
    Type(ValueType),
    /// The class, or the list of classes, that stands there.
    Class(CallPlace),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    Text,
    Number,
    Integer,
    Bool,
    Array,
    Object,
    Function,
}

impl ValueType {
    pub const NAMES: &[(&str, ValueType)] = &[
        ("array", ValueType::Array),
        ("bool", ValueType::Bool),
        ("function", ValueType::Function),
        ("integer", ValueType::Integer),
        ("number", ValueType::Number),
        ("object", ValueType::Object),
        ("text", ValueType::Text),
    ];
}

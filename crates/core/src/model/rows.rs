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
    /// The receiver, or what the call makes, answers under the path.
    Prefix,
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

//! One table of a model to one row: every key, word and place is checked here, for built-in and user models alike.

mod conditions;

use super::chars::Chars;
use super::fields::{Fields, call_place, constant};
use super::graph::Everywhere;
use super::kinds::{self, KindId, KindSet, KindSpace};
use super::place::{Place, Start, Token};
use super::rows::{
    Action, CallRow, CheckRow, ClassRow, Condition, Constant, Convention, EffectRow, Expected, FileRoute, GoesOn,
    HoldsWhen, Keeps, Method, Op, Origin, ParamType, ProofRow, PropagatorRow, RouteRow, Row, SanitizerRow, SinkRow,
    SourceRow, TypeTest, ValueType, Verb,
};
use super::schema::Value;
use super::version::{Version, VersionRange};
use super::words;
use conditions::{conditions, expected};

/// Sections whose rows stand at places.
pub(super) const PLACED: &[&str] =
    &["call", "check", "class", "constant", "effect", "propagator", "route", "sanitizer", "sink", "source", "type"];

/// Sections whose rows stand for themselves.
pub(super) const UNPLACED: &[&str] = &["convention", "file"];

/// Types that every language has.
pub(super) const BUILTIN_TYPES: &[&str] =
    &["Any", "Array", "Error", "Function", "Map", "Number", "Object", "Promise", "Regex", "Set", "Text"];

/// The places of a row, and whether its guesses hold in every file.
pub(super) fn places(fields: &mut Fields<'_>) -> (Vec<Place>, Everywhere) {
    let places = fields.each("at", |text| Place::parse(text).map_err(|error| error.message));
    fields.required("at");
    let everywhere = match fields.get("everywhere") {
        None | Some(Value::Bool(false)) => Everywhere::No,
        Some(Value::Bool(true)) => Everywhere::Yes,
        Some(Value::Text(text)) if text == "near" => Everywhere::Near,
        Some(_) => {
            fields.error(Some("everywhere"), "`everywhere` is true or false or \"near\"");
            Everywhere::No
        }
    };
    if everywhere != Everywhere::No && !places.iter().any(|place| matches!(place.start, Start::Guess(_))) {
        fields.error(Some("everywhere"), "`everywhere` is for rows that start at a `Guess[…]`");
    }
    (places, everywhere)
}

/// What every row may say beside its own keys.
pub(super) fn origin(fields: &mut Fields<'_>, library: &str) -> Origin {
    fields.text("note");
    let versions = VersionRange { since: version(fields, "since"), until: version(fields, "until") };
    let versions_of: Vec<String> = fields.texts("of").into_iter().map(str::to_owned).collect();
    if !versions_of.is_empty() && !versions.is_bounded() {
        fields.error(Some("of"), "`of` says whose versions `since` and `until` are: one of them is missing");
    }
    Origin {
        library: library.to_owned(),
        versions,
        versions_of,
        when: conditions(fields, "when"),
        unless: conditions(fields, "unless"),
    }
}

fn version(fields: &mut Fields<'_>, key: &'static str) -> Option<Version> {
    let text = fields.text(key)?;
    let version = Version::parse(text);
    if version.is_none() {
        fields.error(Some(key), format!("`{text}` is not a version"));
    }
    version
}

/// The row of a section of [`PLACED`]; `None` if there were errors. `places` are those where it stands, if known.
pub(super) fn row(section: &str, fields: &mut Fields<'_>, library: &str, places: Option<&[Place]>) -> Option<Row> {
    match section {
        "type" => {
            fields.required("name");
            fields.text("name").map(|name| Row::Type(name.to_owned()))
        }
        "source" => kind(fields, KindSpace::Source).map(|kind| Row::Source(SourceRow { kind })),
        "sink" => sink(fields, places).map(Row::Sink),
        "sanitizer" => Some(Row::Sanitizer(sanitizer(fields))),
        "check" => check(fields).map(Row::Check),
        "propagator" => Some(Row::Propagator(propagator(fields))),
        "call" => call(fields).map(Row::Call),
        "effect" => effect(fields).map(|row| Row::Effect(Box::new(row))),
        "route" => route(fields, library).map(Row::Route),
        "class" => Some(Row::Class(class(fields))),
        _ => constant_row(fields).map(Row::Constant),
    }
}

fn kind(fields: &mut Fields<'_>, space: KindSpace) -> Option<KindId> {
    fields.required("kind");
    let name = fields.text("kind")?;
    let kind = kinds::id(space, name);
    if kind.is_none() {
        fields.error(Some("kind"), unknown_kind(space, name));
    }
    kind
}

fn unknown_kind(space: KindSpace, name: &str) -> String {
    let what = match space {
        KindSpace::Source => "unknown kind of source",
        KindSpace::Sink => "unknown kind of sink",
        KindSpace::Call => "unknown kind of call",
    };
    words::unknown(what, name, kinds::all(space).map(KindId::name))
}

fn sink(fields: &mut Fields<'_>, places: Option<&[Place]>) -> Option<SinkRow> {
    let kind = kind(fields, KindSpace::Sink);
    let row = SinkRow {
        reads_as: fields.text("reads_as").map(str::to_owned),
        whole: fields.flag("whole"),
        assigned: fields.flag("assigned"),
        returned: fields.flag("returned"),
        kind: kind?,
    };
    let stands = |place: &Place| place.tokens.iter().any(|it| matches!(it, Token::Argument(_) | Token::Receiver));
    if !row.assigned && !row.returned && !places.unwrap_or_default().iter().all(stands) {
        fields.error(Some("at"), "a sink stands at an argument or receiver, or is `assigned` or `returned`");
    }
    Some(row)
}

fn sanitizer(fields: &mut Fields<'_>) -> SanitizerRow {
    let (safe_for, allows) = safety(fields);
    let from = match fields.places("from") {
        from if from.is_empty() => fixed("Argument[0..]"),
        from => from,
    };
    let to = match fields.places("to") {
        to if to.is_empty() => fixed("ReturnValue"),
        to => to,
    };
    SanitizerRow { safe_for, allows, from, to }
}

fn fixed(place: &str) -> Vec<super::place::CallPlace> {
    call_place(place).into_iter().collect()
}

/// What `safe_for`, `removes` and `only` say.
fn safety(fields: &mut Fields<'_>) -> (KindSet, Option<Chars>) {
    let sets = fields.each("safe_for", |name| match name {
        "*" => Ok(KindSet::ALL),
        name => kinds::sink(name).map(KindId::family).ok_or_else(|| unknown_kind(KindSpace::Sink, name)),
    });
    let safe_for = sets.into_iter().fold(KindSet::NONE, KindSet::union);
    let removed = fields.text("removes").map(|text| Chars::of(text).complement());
    let only = fields.text("only").map(Chars::class);
    let allows = match (removed, only) {
        (Some(removed), Some(only)) => Some(removed.intersection(only)),
        (removed, only) => removed.or(only),
    };
    if safe_for.is_empty() && allows.is_none() && fields.errors.is_empty() {
        fields.error(None, "one of `safe_for`, `removes` and `only` is missing");
    }
    (safe_for, allows)
}

const HOLDS_WHEN: &[(&str, HoldsWhen)] = &[
    ("compared", HoldsWhen::Compared),
    ("false", HoldsWhen::False),
    ("returns", HoldsWhen::Returns),
    ("true", HoldsWhen::True),
];

const KEEPS: &[(&str, Keeps)] = &[("data", Keeps::Data), ("decoded", Keeps::Decoded), ("value", Keeps::Value)];

fn check(fields: &mut Fields<'_>) -> Option<CheckRow> {
    let (safe_for, allows) = safety(fields);
    fields.required("checks");
    fields.required("holds_when");
    let checks = fields.place("checks");
    let holds_when = fields.word("holds_when", HOLDS_WHEN);
    Some(CheckRow { checks: checks?, holds_when: holds_when?, safe_for, allows })
}

fn propagator(fields: &mut Fields<'_>) -> PropagatorRow {
    let nothing = fields.texts("to") == ["Nothing"];
    let to = if nothing { Vec::new() } else { fields.places("to") };
    let from = fields.places("from");
    if !nothing {
        fields.required("from");
        fields.required("to");
    }
    let keeps = fields.word("keeps", KEEPS).unwrap_or(Keeps::Data);
    PropagatorRow { from, to, keeps }
}

fn call(fields: &mut Fields<'_>) -> Option<CallRow> {
    let kind = kind(fields, KindSpace::Call);
    let assigned = fields.flag("assigned");
    let roles: &[String] = kind.map_or(&[], |kind| &kind.info().roles);
    let mut args = Vec::new();
    for (role, value) in fields.by_role("args", roles) {
        let places = match value {
            Value::List(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        for place in places {
            let place = match place {
                Value::Text(text) => call_place(text),
                other => Err(format!("a role is a place, not {}", other.name())),
            };
            match place {
                Ok(place) => args.push((role.to_owned(), place)),
                Err(message) => fields.error_in("args", role, message),
            }
        }
    }
    let defaults = constants(fields, "defaults", roles);
    let constants = constants(fields, "constants", roles);
    Some(CallRow { kind: kind?, args, defaults, constants, assigned })
}

fn constants(fields: &mut Fields<'_>, key: &'static str, roles: &[String]) -> Vec<(String, Constant)> {
    let mut constants = Vec::new();
    for (role, value) in fields.by_role(key, roles) {
        match constant(value) {
            Some(constant) => constants.push((role.to_owned(), constant)),
            None => fields.error_in(key, role, format!("a constant cannot be {}", value.name())),
        }
    }
    constants
}

fn effect(fields: &mut Fields<'_>) -> Option<EffectRow> {
    fields.required("op");
    let op = fields.word("op", Op::NAMES);
    let row = EffectRow {
        on: fields.place("on"),
        keys: fields.places("keys"),
        value: fields.place("value"),
        default: fields.place("default"),
        callback: fields.place("callback"),
        with: fields.places("with"),
        from: fields.place("from"),
        pattern: fields.place("pattern"),
        text: fields.place("text"),
        convert: fields.place("convert"),
        is: fields.each("is", type_test).pop(),
        first: fields.flag("first"),
        full: fields.flag("full"),
        head: fields.flag("head"),
        op: op?,
    };
    if row.op == Op::IsType {
        fields.required("is");
    }
    Some(row)
}

fn type_test(text: &str) -> Result<TypeTest, String> {
    if let Some((_, known)) = ValueType::NAMES.iter().find(|(name, _)| *name == text) {
        return Ok(TypeTest::Type(*known));
    }
    let names = ValueType::NAMES.iter().map(|(name, _)| *name);
    let known = || words::unknown("neither a place nor a type:", text, names);
    call_place(text).map(TypeTest::Class).map_err(|_| known())
}

const VERBS: &[(&str, Verb)] = &[
    ("action", Verb::Action),
    ("add", Verb::Add),
    ("error", Verb::Error),
    ("extend", Verb::Extend),
    ("hook", Verb::Hook),
    ("mount", Verb::Mount),
    ("param", Verb::Param),
    ("prefix", Verb::Prefix),
    ("restrict", Verb::Restrict),
    ("setup", Verb::Setup),
    ("use", Verb::Use),
    ("version", Verb::Version),
    ("versions", Verb::Versions),
];

const GOES_ON: &[(&str, GoesOn)] =
    &[("next", GoesOn::Next), ("nothing", GoesOn::Nothing), ("returns", GoesOn::Returns), ("true", GoesOn::True)];

/// `[{ guard = "auth", at = "…", is = "<present>" }]`.
fn proofs(fields: &mut Fields<'_>, key: &'static str) -> Vec<ProofRow> {
    let mut proofs = Vec::new();
    for mut table in fields.tables(key) {
        table.required("guard");
        let guard = table.text("guard").unwrap_or_default().to_owned();
        if kinds::id(KindSpace::Source, &format!("guard.{guard}")).is_none() {
            table.error(Some("guard"), format!("unknown guard `{guard}`"));
        }
        let stage = table.count("stage");
        let at = table.place("at");
        let mut is = Vec::new();
        for value in table.list("is") {
            match expected(value) {
                Ok(it) => is.push(it),
                Err(message) => table.error(Some("is"), message),
            }
        }
        let condition = at.map(|at| Condition { at, is });
        proofs.push(ProofRow { guard, condition, stage });
        fields.errors.extend(table.finish());
    }
    proofs
}

fn route(fields: &mut Fields<'_>, library: &str) -> Option<RouteRow> {
    fields.required("verb");
    let verb = fields.word("verb", VERBS);
    let method = match fields.text("method") {
        None => Method::Any,
        Some("Callee") => Method::Callee,
        Some(text) if text.bytes().all(|it| it.is_ascii_uppercase()) => Method::Fixed(text.to_owned()),
        Some(text) => match call_place(text) {
            Ok(place) => Method::At(place),
            Err(message) => {
                fields.error(Some("method"), format!("a method in capitals, `Callee` or a place: {message}"));
                Method::Any
            }
        },
    };
    Some(RouteRow {
        library: library.to_owned(),
        method,
        path: fields.place("path"),
        handler: fields.places("handler"),
        params: types(fields, "params"),
        shift_at_arity: fields.count("shift_at_arity"),
        guards: fields.places("guards"),
        default_methods: fields.texts("default_methods").into_iter().map(str::to_owned).collect(),
        overrides_prefix: fields.flag("overrides_prefix"),
        is_whole_scope: fields.flag("whole_scope"),
        is_global: fields.flag("global"),
        on: fields.place("on"),
        is_listed: fields.flag("listed"),
        is_assigned: fields.flag("assigned"),
        listed_as: fields.text("listed_as").map(str::to_owned),
        concatenates: fields.flag("concatenates"),
        is_pattern: fields.flag("pattern"),
        proves: source_kinds(fields, "proves"),
        actions: actions(fields),
        parameter: fields.texts("parameter").into_iter().map(str::to_owned).collect(),
        ends_with: fields.text("ends_with").map(str::to_owned),
        default_guards: fields.texts("default_guards").into_iter().map(str::to_owned).collect(),
        exempt: source_kinds(fields, "exempt"),
        made_with: types(fields, "made_with"),
        kept_as: fields.text("kept_as").map(str::to_owned),
        hooks: fields.texts("hooks").into_iter().map(str::to_owned).collect(),
        is_for_one: fields.flag("is_for_one"),
        for_one: fields.place("for_one"),
        is_exact: fields.flag("exact"),
        of_class: fields.flag("of_class"),
        folder: fields.place("folder"),
        hooks_file: fields.text("hooks_file").map(str::to_owned),
        cascades: fields.place("cascades"),
        merges: fields.flag("merges"),
        is_trailing: fields.flag("trailing"),
        is_anywhere: fields.flag("anywhere"),
        outside_prefix: fields.flag("outside_prefix"),
        calls: fields.text("calls").map(str::to_owned),
        goes_on: fields.word("goes_on", GOES_ON),
        stages: fields.counts("stages"),
        each: fields.place("each"),
        proofs: proofs(fields, "proofs"),
        lifts: proofs(fields, "lifts"),
        except: fields.places("except"),
        within: fields.place("within"),
        version: fields.place("version"),
        verb: verb?,
    })
}

fn actions(fields: &mut Fields<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    for mut it in fields.tables("actions") {
        it.required("name");
        it.required("method");
        let text = |it: &mut Fields<'_>, key| it.text(key).unwrap_or_default().to_owned();
        let (name, method, path) = (text(&mut it, "name"), text(&mut it, "method"), text(&mut it, "path"));
        actions.push(Action { name, method, path });
        fields.errors.extend(it.finish());
    }
    actions
}

fn class(fields: &mut Fields<'_>) -> ClassRow {
    let names = |fields: &mut Fields<'_>, key| fields.texts(key).into_iter().map(str::to_owned).collect();
    ClassRow {
        around: names(fields, "around"),
        tests: names(fields, "tests"),
        guards: names(fields, "guards"),
        default_guards: names(fields, "default_guards"),
        decorators: names(fields, "decorators"),
        answer: fields.text("answer").map(str::to_owned),
        request: fields.text("request").map(str::to_owned),
        action: fields.text("action").map(str::to_owned),
        methods: fields.text("methods").map(str::to_owned),
        provides: names(fields, "provides"),
        proves: source_kinds(fields, "proves"),
        calls: names(fields, "calls"),
        exempt: source_kinds(fields, "exempt"),
        params: types(fields, "params"),
    }
}

fn source_kinds(fields: &mut Fields<'_>, key: &'static str) -> Vec<KindId> {
    let known = |text: &str| kinds::id(KindSpace::Source, text);
    fields.each(key, |text| known(text).ok_or_else(|| unknown_kind(KindSpace::Source, text)))
}

/// `Type[name]`, nothing for a parameter without a type, or a word for all further parameters.
fn types(fields: &mut Fields<'_>, key: &'static str) -> Vec<ParamType> {
    fields.each(key, |text| match text {
        "" => Ok(ParamType::None),
        "<path-parameters>" => Ok(ParamType::PathParameters),
        "<request-parameters>" => Ok(ParamType::RequestParameters),
        text => match Place::parse(text).map_err(|error| error.message)? {
            Place { start: Start::Type(names), tokens } if tokens.is_empty() && names.len() == 1 => {
                Ok(ParamType::Type(names.concat()))
            }
            _ => Err(format!(
                "`{text}` is not a type: `Type[name]`, an empty text for none, `<path-parameters>` or \
                 `<request-parameters>`"
            )),
        },
    })
}

fn constant_row(fields: &mut Fields<'_>) -> Option<Constant> {
    fields.required("value");
    let value = fields.get("value")?;
    let constant = constant(value);
    if constant.is_none() {
        fields.error(Some("value"), format!("a constant cannot be {}", value.name()));
    }
    constant
}

pub(super) fn convention(fields: &mut Fields<'_>, library: &str, packages: &[String]) -> Convention {
    fields.required("params");
    Convention {
        params: fields.each("params", |text| Ok(text.split('|').map(str::to_owned).collect())),
        types: types(fields, "types"),
        packages: packages.to_vec(),
        everywhere: fields.flag("everywhere"),
        origin: origin(fields, library),
    }
}

pub(super) fn file_route(fields: &mut Fields<'_>, library: &str) -> FileRoute {
    fields.required("glob");
    let module = types(fields, "module");
    if module.is_empty() {
        fields.required("exports");
    }
    FileRoute {
        module,
        glob: fields.text("glob").unwrap_or_default().to_owned(),
        exports: fields.texts("exports").into_iter().map(str::to_owned).collect(),
        params: types(fields, "params"),
        origin: origin(fields, library),
    }
}

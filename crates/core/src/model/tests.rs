//! Small models of their own, walked step by step. The same answers are asked of the generated table.

use super::kinds::{self, KindSpace};
use super::place::{CallPlace, Place};
use super::rows::{Expected, Keeps, Method, ParamType};
use super::schema::ModelFile;
use super::version::{Version, VersionRange};
use super::*;

const HEAD: &str = "language = \"python\"\ndocs = \"https://example.org\"\nversions = \"*\"\n";

fn model(package: &str, rows: &str) -> ModelFile {
    toml::from_str(&format!("package = {package}\n{HEAD}{rows}")).unwrap()
}

fn models(rows: &str) -> Models {
    Models::only(&[model("\"pg\"", rows)]).unwrap()
}

/// Where a walk of steps from a package, type or guess leads, as the names of the rows there; `-` for nowhere.
fn walk(models: &Models, path: &str) -> String {
    let mut places = Places::new(models);
    let mut steps = path.split(' ');
    let (start, name) = steps.next().unwrap().split_once(':').unwrap();
    let mut at = match start {
        "package" => places.package(Scope::default(), "python", name),
        "type" => places.named_type("python", name),
        "global" => places.global(Scope::default(), "python", name),
        _ => places.guess(Scope::default(), "python", name, &["pg.extras".to_owned(), "os".to_owned()], &[]),
    };
    for step in steps {
        at = at.and_then(|at| match step.split_once(':') {
            Some(("arg", index)) => places.argument(at, index.parse().unwrap(), 3),
            Some(("kw", name)) => places.keyword(at, name),
            Some(("spread", _)) => places.spread(at),
            Some(("param", name)) => places.parameter(at, 9, Some(name)),
            Some(("param#", index)) => places.parameter(at, index.parse().unwrap(), None),
            None if step == "()" => places.returned(at),
            None if step == "new" => places.instance(at),
            None if step == "[]" => places.element(at),
            None if step == "@" => places.decorated(at),
            None if step == "sub" => places.subclass(at),
            None if step == "self" => places.receiver(at),
            None if step == "key" => places.key(at),
            _ => places.member(at, step),
        });
    }
    at.map_or_else(|| "-".to_owned(), |at| describe(&places, at))
}

fn describe(places: &Places<'_>, state: State) -> String {
    let rows = places.rows(state);
    let mut words: Vec<String> = rows.types.iter().map(|it| it.row.clone()).collect();
    words.extend(rows.sources.iter().map(|it| it.kind.name().to_owned()));
    words.extend(rows.sinks.iter().map(|it| format!("{}{}", it.kind.name(), if it.guess { "?" } else { "" })));
    words.extend(rows.effects.iter().map(|it| format!("{:?}", it.op)));
    words.sort();
    words.join(" ")
}

fn check(rows: &str, table: &[(&str, &str)]) {
    let file = model("\"pg\"", rows);
    let made = Models::only(std::slice::from_ref(&file)).unwrap();
    let text = generate(&[file]).unwrap();
    let read = Models { graph: table::read(text.clone().leak()) };
    for (path, expected) in table {
        assert_eq!(walk(&made, path), *expected, "{path}");
        assert_eq!(walk(&read, path), *expected, "{path}, from the table\n{text}");
    }
}

#[test]
fn each_token_is_a_step() {
    check(
        r#"
        [[sink]]
        at = [
            "Member[query,run].Argument[0,sql:]", "Member[many].Argument[1..]", "Member[range].Argument[0..1]",
            "Member[last].Argument[-1]", "Member[any].Argument[*]", "Member[open].Receiver",
            "Member[make].Argument[**]",
        ]
        kind = "sql"
        [[source]]
        at = [
            "Member[on].Argument[1].Parameter[0,request:]", "Member[rows].ReturnValue.Element", "Member[Form].Instance",
            "Member[route].ReturnValue.Decorated.Parameter[*]", "Member[View].Subclass.Member[get].Parameter[0]",
            "Member[env].Member[*]",
        ]
        kind = "http"
        [[sink]]
        at = "Member[headers].Key"
        kind = "header.name"
        assigned = true
        "#,
        &[
            ("package:pg query arg:0", "sql"),
            ("package:pg query arg:1", "-"),
            ("package:pg run kw:sql", "sql"),
            ("package:pg run kw:other", "-"),
            ("package:pg many arg:0", "-"),
            ("package:pg many arg:2", "sql"),
            ("package:pg range arg:1", "sql"),
            ("package:pg range arg:2", "-"),
            ("package:pg last arg:2", "sql"),
            ("package:pg last arg:1", "-"),
            ("package:pg any kw:whatever", "sql"),
            ("package:pg open self", "sql"),
            ("package:pg make spread:", "sql"),
            ("package:pg make kw:sql", "-"),
            ("package:pg headers key", "header.name"),
            ("package:pg on arg:1 param#:0", "http"),
            ("package:pg on arg:1 param:request", "http"),
            ("package:pg on arg:1 param:other", "-"),
            ("package:pg rows () []", "http"),
            ("package:pg Form new", "http"),
            ("package:pg route () @ param:anything", "http"),
            ("package:pg View sub get param#:0", "http"),
            ("package:pg env ANYTHING", "http"),
            ("package:pg default query arg:0", "sql"),
            ("package:pg.query arg:0", "sql"),
            ("package:other", "-"),
        ],
    );
}

#[test]
fn types_reach_their_values_through_other_types() {
    check(
        r#"
        [[type]]
        name = "pg.Pool"
        at = "Member[Pool].Instance"
        [[type]]
        name = "pg.Client"
        at = ["Type[pg.Pool].Member[connect].ReturnValue", "Type[pg.Pool]"]
        [[sink]]
        at = "Type[pg.Client].Member[query].Argument[0]"
        kind = "sql"
        "#,
        &[
            ("package:pg Pool new", "pg.Client pg.Pool"),
            ("package:pg Pool new query arg:0", "sql"),
            ("package:pg Pool new connect () query arg:0", "sql"),
            ("type:pg.Client connect", "-"),
        ],
    );
}

#[test]
fn guesses_hold_where_the_package_is_imported_or_everywhere() {
    let rows = r#"
        [[sink]]
        at = "Guess[db,conn].Member[query].Argument[0]"
        kind = "sql"
        [[sink]]
        at = "Guess[db].Member[query].Argument[0]"
        kind = "sql.identifier"
        everywhere = true
    "#;
    check(
        rows,
        &[("guess:db query arg:0", "sql.identifier? sql?"), ("guess:conn query arg:0", "sql?"), ("guess:other", "-")],
    );
    let models = models(rows);
    let mut places = Places::new(&models);
    assert_eq!(places.guess(Scope::default(), "python", "conn", &["pgx".to_owned()], &[]), None);
    assert!(places.guess(Scope::default(), "python", "db", &[], &[]).is_some());
    assert_eq!(places.guess(Scope::default(), "javascript", "db", &[], &[]), None);
}

#[test]
fn a_row_is_a_guess_only_if_every_way_to_it_begins_with_one() {
    let models = models(
        r#"
        [[sink]]
        at = ["Guess[db].Member[query].Argument[0]", "Member[query].Argument[0]"]
        kind = "sql"
        [[sink]]
        at = "Guess[db].Member[query].Argument[0]"
        kind = "nosql"
        "#,
    );
    let mut places = Places::new(&models);
    let sure = places.package(Scope::default(), "python", "pg").unwrap();
    let guess = places.guess(Scope::default(), "python", "db", &["pg".to_owned()], &[]).unwrap();
    let both = places.union(sure, guess);
    assert_eq!(both, places.union(guess, sure));
    let argument = |places: &mut Places<'_>, state| {
        let query = places.member(state, "query").unwrap();
        let argument = places.argument(query, 0, 1).unwrap();
        (describe(places, argument), places.rows(argument).guess)
    };
    assert_eq!(argument(&mut places, both), ("nosql? sql".to_owned(), false));
    assert_eq!(argument(&mut places, guess), ("nosql? sql?".to_owned(), true));
}

#[test]
fn packages_of_one_model_are_one() {
    let rows = "[[source]]\nat = [\"Member[x]\", \"Guess[y]\"]\nkind = \"file\"\n";
    let other = "[[source]]\nat = \"Package[b].Member[z]\"\nkind = \"cli\"\n";
    let files = [model("[\"a\", \"b\"]", rows), model("\"c\"", other)];
    for models in [Models::only(&files).unwrap(), Models { graph: table::read(generate(&files).unwrap().leak()) }] {
        assert_eq!(walk(&models, "package:a x"), "file");
        assert_eq!(walk(&models, "package:b x"), "file");
        assert_eq!(walk(&models, "package:b z"), "cli");
        assert_eq!(walk(&models, "package:a z"), "-");
        assert!(Places::new(&models).guess(Scope::default(), "python", "y", &["b".to_owned()], &[]).is_some());
    }
}

#[test]
fn modules_of_a_package_are_its_members() {
    let rows = "[[source]]\nat = \"Member[x]\"\nkind = \"file\"\n";
    let inner = "[[source]]\nat = \"Package[a.b.c].Member[z]\"\nkind = \"cli\"\n";
    let files = [model("[\"a.b\", \"d\"]", rows), model("\"e\"", inner)];
    for models in [Models::only(&files).unwrap(), Models { graph: table::read(generate(&files).unwrap().leak()) }] {
        assert_eq!(walk(&models, "package:a b x"), "file");
        assert_eq!(walk(&models, "package:a.b x"), "file");
        assert_eq!(walk(&models, "package:d x"), "file");
        assert_eq!(walk(&models, "package:a.b c z"), "cli");
        assert_eq!(walk(&models, "package:a b c z"), "cli");
    }
}

#[test]
fn members_and_arguments_that_models_speak_of_are_listed() {
    let models = models(
        "[[sink]]\nat = [\"Member[run].Argument[0].Member[text,a]\", \"Member[run].Argument[0].Member[*]\"]\nkind = \"sql\"\n",
    );
    let mut places = Places::new(&models);
    let package = places.package(Scope::default(), "python", "pg").unwrap();
    let run = places.member(package, "run").unwrap();
    let argument = places.argument(run, 0, 1).unwrap();
    assert_eq!(places.member_edges(argument), ["a", "text"]);
    assert!(places.has_argument_edges(run));
    assert!(!places.has_argument_edges(package));
}

#[test]
fn conditions_stay_with_their_rows() {
    let models = models(
        r#"
        [[type]]
        name = "pg.Stream"
        at = "Member[on].Argument[1].Parameter[0]"
        when = [{ at = "Argument[0]", is = ["stream", "<absent>", 1, true] }]
        [[sink]]
        at = "Type[pg.Stream].Member[write].Argument[0]"
        kind = "html"
        unless = [{ at = "Argument[1].Member[raw]", is = "<null>" }]
        "#,
    );
    let mut places = Places::new(&models);
    let package = places.package(Scope::default(), "python", "pg").unwrap();
    let on = places.member(package, "on").unwrap();
    let callback = places.argument(on, 1, 2).unwrap();
    let stream = places.parameter(callback, 0, None).unwrap();
    assert_eq!(places.member(stream, "write"), None, "the type holds under a condition only");
    let (origin, typed) = places.conditional_types(stream)[0];
    let is = &origin.when[0].is;
    assert_eq!(is[0], Expected::Constant(rows::Constant::Text("stream".to_owned())));
    assert_eq!(is[1..], [Expected::Absent, Expected::Constant(rows::Constant::Number(1.0)), constant(true)]);
    let both = places.union(stream, typed);
    let write = places.member(both, "write").unwrap();
    let argument = places.argument(write, 0, 1).unwrap();
    let rows = places.rows(argument);
    assert_eq!(rows.sinks[0].origin.unless[0].is, [Expected::Constant(rows::Constant::Null)]);
}

fn constant(it: bool) -> Expected {
    Expected::Constant(rows::Constant::Bool(it))
}

#[test]
fn rows_keep_all_that_they_say() {
    let file = model(
        "\"pg\"",
        r#"
        [[propagator]]
        at = "Member[f]"
        from = ["Argument[0]", "Receiver"]
        to = "Nothing"
        keeps = "decoded"
        [[call]]
        at = "Member[f]"
        kind = "cookie"
        args = { name = "Argument[0,key:]", secure = ["Argument[2].Member[secure]", "Argument[3]"] }
        defaults = { secure = false, samesite = "a \"b\"\n\u0000x" }
        [[sanitizer]]
        at = "Member[f]"
        safe_for = ["sql"]
        removes = "<>"
        [[effect]]
        at = "Member[f]"
        op = "set-default"
        keys = ["Argument[0]"]
        value = "Argument[1]"
        [[route]]
        at = "Member[f]"
        verb = "add"
        method = "Argument[methods:]"
        handler = "Argument[1..]"
        params = ["Type[pg.Request]", "", "<path-parameters>"]
        shift_at_arity = 4
        [[source]]
        at = "Type[pg.Request]"
        kind = "http"
        [[convention]]
        params = ["req|request"]
        types = ["Type[pg.Request]"]
        everywhere = true
        "#,
    );
    let read = Models { graph: table::read(generate(std::slice::from_ref(&file)).unwrap().leak()) };
    for models in [Models::only(&[file]).unwrap(), read] {
        let mut places = Places::new(&models);
        let package = places.package(Scope::default(), "python", "pg").unwrap();
        let state = places.member(package, "f").unwrap();
        let rows = places.rows(state);
        assert_eq!((rows.propagators[0].to.len(), rows.propagators[0].keeps), (0, Keeps::Decoded));
        assert_eq!(rows.propagators[0].from[1], CallPlace::parse("Receiver").unwrap());
        let call = rows.calls[0];
        let roles: Vec<&str> = call.args.iter().map(|(role, _)| role.as_str()).collect();
        assert_eq!(roles, ["name", "secure", "secure"]);
        assert_eq!(call.defaults[0].1, rows::Constant::Text("a \"b\"\n\0x".to_owned()));
        let sanitizer = rows.sanitizers[0];
        assert!(sanitizer.safe_for.contains(kinds::sink("sql.identifier").unwrap()), "children are safe as well");
        assert!(!sanitizer.safe_for.contains(kinds::sink("html").unwrap()));
        assert_eq!(["<", "a"].map(|it| sanitizer.allows.unwrap().contains(it.chars().next().unwrap())), [false, true]);
        assert_eq!(sanitizer.from, [CallPlace::parse("Argument[0..]").unwrap()]);
        let effect = rows.effects[0];
        assert_eq!((effect.op, effect.keys.len(), effect.value.is_some()), (rows::Op::SetDefault, 1, true));
        let route = rows.routes[0];
        assert_eq!(route.method, Method::At(CallPlace::parse("Argument[methods:]").unwrap()));
        assert_eq!(
            route.params,
            [ParamType::Type("pg.Request".to_owned()), ParamType::None, ParamType::PathParameters]
        );
        assert_eq!((route.library.as_str(), route.shift_at_arity), ("pg", Some(4)));
        let convention = &models.conventions("python")[0];
        assert_eq!(convention.params, [["req", "request"]]);
        assert!(convention.everywhere);
    }
}

#[test]
fn rows_of_old_versions_do_not_hold_when_no_version_is_known() {
    let rows = "[[source]]\nat = \"Member[x]\"\nkind = \"file\"\nuntil = \"2\"\n[[source]]\nat = \"Member[x]\"\nkind = \"cli\"\nsince = \"2\"\n";
    check(rows, &[("package:pg x", "cli")]);
    let version = Version::parse;
    let range = VersionRange { since: version("1.2"), until: version("3") };
    let holds = ["1.1.9", "1.2", "2.9.9-beta.1", "3.0.0"].map(|it| range.holds(version(it)));
    assert_eq!(holds, [false, true, true, false]);
    assert!(!range.holds(None));
    assert_eq!(version("workspace:*"), None);
}

#[test]
fn rows_hold_for_the_versions_in_use() {
    let rows = "[[source]]\nat = \"Member[x]\"\nkind = \"file\"\nuntil = \"2\"\nof = \"pg-dist\"\n[[source]]\nat = \"Member[y]\"\nkind = \"cli\"\nsince = \"2\"\n";
    let files = [model("\"pg\"", rows)];
    for models in [Models::only(&files).unwrap(), Models { graph: table::read(generate(&files).unwrap().leak()) }] {
        assert_eq!(models.versioned_packages(), ["pg", "pg-dist"]);
        let mut places = Places::new(&models);
        let version = |name: &str, text| (name.to_owned(), Version::parse(text).unwrap());
        let old = places.scope(vec![version("pg", "1.9"), version("pg-dist", "1.9")]);
        let new = places.scope(vec![version("pg", "2"), version("pg-dist", "3.1")]);
        for (scope, name, holds) in [(old, "x", true), (old, "y", false), (new, "x", false), (new, "y", true)] {
            let package = places.package(scope, "python", "pg").unwrap();
            let member = places.member(package, name).unwrap();
            assert_eq!(!places.rows(member).sources.is_empty(), holds, "{name}");
        }
    }
}

#[test]
fn the_oldest_version_that_a_range_admits() {
    for (range, oldest) in [
        ("^3.1", Some("3.1")),
        ("~1.2.3", Some("1.2.3")),
        ("4.17.21", Some("4.17.21")),
        ("= 1.2", Some("1.2")),
        ("==1.4.*", Some("1.4")),
        ("~=2.0", Some("2.0")),
        (">=2,<4", Some("2")),
        (">= 2.1 < 4", Some("2.1")),
        ("1.0 - 2.0", Some("1.0")),
        ("3.x || ^4.2", Some("4.2")),
        ("npm:other@^2.5", Some("2.5")),
        ("<=3.4", Some("3.4")),
        (">=3", None),
        ("*", None),
        ("latest", None),
        ("", None),
        ("workspace:^", None),
        ("github:someone/thing", None),
        ("3 || *", None),
        ("!=2.0", None),
    ] {
        assert_eq!(Version::oldest_of(range), oldest.and_then(Version::parse), "{range}");
    }
    assert!(Version::oldest_of("<4") < Version::parse("4"));
    assert!(Version::oldest_of("<4") > Version::parse("3.99"));
}

#[test]
fn row_order_does_not_matter() {
    let one = "[[source]]\nat = [\"Member[b]\", \"Member[a]\"]\nkind = \"file\"\n";
    let two = "[[effect]]\nat = \"Member[a]\"\nop = \"append\"\n";
    let table = |rows: [&str; 2]| generate(&[model("\"pg\"", &rows.concat())]).unwrap();
    assert_eq!(table([one, two]), table([two, one]));
}

#[test]
fn places_are_read_or_refused() {
    for good in
        ["", "Member[a,b].Argument[0,1..,2..3,-1,name:,*]", "Package[fs/promises]", "Global[a].Instance.Element"]
    {
        Place::parse(good).unwrap();
    }
    for (bad, message) in [
        ("Member", "`Member` needs a name: `Member[name]`"),
        ("Member[]", "`Member[]` has an empty name"),
        ("Instance[x]", "`Instance` takes no brackets, found `[x]`"),
        ("Member[a", "`Member[a` lacks a `]`"),
        ("Member[a]Instance", "`Member[a]Instance` lacks a `.` before `Instance`"),
        ("Member[a]..Instance", "`Member[a]..Instance` has an empty token"),
        ("Member[a].Type[b]", "unknown token `Type`"),
    ] {
        let found = Place::parse(bad).unwrap_err().message;
        assert!(found.starts_with(message), "{bad}: {found}");
    }
    for bad in ["", "Member[a]", "Nothing", "Argument[-0]", "Argument[1..x]", "Argument[:]"] {
        assert!(CallPlace::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn kinds_are_found_by_name_and_know_their_parents() {
    let (http, query) = (kinds::source("http").unwrap(), kinds::source("http.query").unwrap());
    assert!(query.is_a(http) && !http.is_a(query) && http.is_a(http));
    assert_eq!(query.parent(), Some(http));
    assert_eq!(query.name(), "http.query");
    assert!(http.family().contains(query));
    assert!(!query.family().contains(http));
    assert_eq!(kinds::sink("http"), None);
    assert_eq!(kinds::call("cookie").unwrap().info().roles[0], "name");
    assert_eq!(kinds::call("cookie").unwrap().space(), KindSpace::Call);
}

#[test]
fn classes_of_characters() {
    let set = Chars::class("A-Ca_-");
    let found: String = ('\0'..'\u{80}').filter(|it| set.contains(*it)).collect();
    assert_eq!(found, "-ABC_a");
    assert!(!set.contains('é') && set.complement().contains('é'));
    assert!(Chars::of("é").contains('ü'), "characters beyond ASCII are not told apart");
}

#[test]
fn user_models_add_to_the_builtin_ones() {
    let user = model("\"house-db\"", "[[sink]]\nat = \"Member[run].Argument[0]\"\nkind = \"sql\"\n");
    let models = Models::with_user(&[user]).unwrap();
    assert_eq!(walk(&models, "package:house-db run arg:0"), "sql");
    assert!(Places::new(&models).named_type("python", "Text").is_some());
}

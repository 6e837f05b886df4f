use super::{each, js, shown};
use crate::Language;

#[test]
fn literals_are_constants() {
    each(
        js,
        &[
            ("('text')", "\"text\""),
            ("f('a\\n')", r#"(call $f "a\n")"#),
            ("1e3", "1000"),
            ("-1", "-1"),
            ("10n", "10"),
            ("null", "null"),
            ("undefined", "undefined"),
            ("true", "true"),
            ("/a\\/b[/]/gi", "/a\\/b[/]/gi"),
        ],
    );
}

#[test]
fn a_constant_text_in_brackets_is_a_member() {
    each(
        js,
        &[
            ("a['b']", "$a.b"),
            ("a[`b`]", "$a.b"),
            ("a[b]", "$a[$b]"),
            ("a[0]", "$a[0]"),
            ("a?.b?.[c]?.(d)", "(call? $a?.b[$c] $d)"),
            ("this.#count", "this.#count"),
        ],
    );
}

#[test]
fn templates_are_concatenations_without_empty_pieces() {
    each(
        js,
        &[
            ("`plain`", r#""plain""#),
            ("`${a}${b}`", "(template $a $b)"),
            ("`id = ${id} `", r#"(template "id = " $id " ")"#),
            ("sql`id = ${id}`", r#"(tagged $sql ["id = " ""] $id)"#),
            ("'a' + b + c", r#"(+ (+ "a" $b) $c)"#),
        ],
    );
}

#[test]
fn operators_keep_their_meaning() {
    each(
        js,
        &[
            ("a == b", "(== $a $b)"),
            ("a === b", "(=== $a $b)"),
            ("a % b", "(rem $a $b)"),
            ("k in o", "(has-key $k $o)"),
            ("#k in o", r##"(has-key "#k" $o)"##),
            ("a && b || c", "(or (and $a $b) $c)"),
            ("a ?? b", "(?? $a $b)"),
            ("a ? b : c", "(? $a $b $c)"),
            ("!a", "(not $a)"),
            ("+a", "(to-number $a)"),
            ("delete a.b", "(delete $a.b)"),
            ("a, b", "(sequence $a $b)"),
        ],
    );
}

#[test]
fn an_update_reads_its_target_first() {
    each(
        js,
        &[
            ("a.n += b", "(:= $a.n (+ $a.n $b))"),
            ("a.n ??= b", "(:= $a.n (?? $a.n $b))"),
            ("n++", "(:= $n (- $n -1))"),
            ("--n", "(:= $n (- $n 1))"),
        ],
    );
}

#[test]
fn calls_keep_their_kind_and_spreads() {
    each(
        js,
        &[
            ("new A", "(new $A)"),
            ("new A(b)", "(new $A $b)"),
            ("f(...a, b)", "(call $f ...$a $b)"),
            ("super_.x()", "(call $super_.x)"),
            ("import(name)", "(call $import $name)"),
            ("[a, , ...b]", "[$a _ ...$b]"),
        ],
    );
}

#[test]
fn objects_keep_every_kind_of_property() {
    each(
        js,
        &[
            ("f({ a, 'b-c': 1, [d]: 2, ['e']: 3, 4: 5, ...g })", "(call $f {a: $a b-c: 1 [$d]: 2 e: 3 4: 5 ...$g})"),
            (
                "f({ m() { return this }, async *g() {} })",
                "
(call $f {m: (fn m ()
  (return this)) g: (fn g async generator ())})",
            ),
            // What is called where the property is read or written.
            (
                "f({ get a() { return 1 }, set a(v) {} })",
                "
(call $f {get a: (fn a ()
  (return 1)) set a: (fn a (v))})",
            ),
        ],
    );
}

#[test]
fn functions_are_named_by_where_they_are_put() {
    each(
        js,
        &[
            (
                "const f = () => 1",
                "
(let f (arrow f ()
  (return 1)))",
            ),
            ("exports.f = function () {}", "(= exports.f (fn f ()))"),
            ("module.exports = function () {}", "(= module.exports (fn ()))"),
            ("f({ g: () => {} })", "(call $f {g: (arrow g ())})"),
            ("const A = class {}", "(let A (class A))"),
            ("const { f = () => {} } = o", "(let {f: f=(arrow f ())} $o)"),
            ("app.get('/', async (req, res) => {})", r#"(call $app.get "/" (arrow async (req res)))"#),
        ],
    );
}

#[test]
fn parameters_keep_defaults_patterns_and_rest() {
    each(
        js,
        &[
            ("(a, { b, c: [d = 1] }, e = 2, ...rest) => {}", "(arrow (a {b: b c: [d=1]} e=2 ...rest))"),
            (
                "(function () { 'use server'; return new.target })",
                r#"
(fn () "use server"
  (return $new.target))"#,
            ),
        ],
    );
}

#[test]
fn assignment_targets_may_be_patterns() {
    each(
        js,
        &[
            ("[a, b.c, , ...d] = e", "(= [$a $b.c _ ...$d] $e)"),
            ("({ a, b: c.d = 1, ...e } = f)", "(= {a: $a b: $c.d=1 ...$e} $f)"),
        ],
    );
}

#[test]
fn waiting_and_yielding_stay() {
    each(
        js,
        &[
            (
                "(async () => await f())",
                "
(arrow async ()
  (return (await (call $f))))",
            ),
            (
                "(function* () { yield a; yield* b })",
                "
(fn generator ()
  (yield $a)
  (yield* $b))",
            ),
        ],
    );
}

#[test]
fn jsx_is_elements_with_an_object_of_attributes() {
    let jsx = |source: &str| shown(source, Language::Jsx);
    each(
        jsx,
        &[
            (
                "<a href={url} b='c' d {...e}>text {f} <G.H/></a>",
                r#"(element "a" {href: $url b: "c" d: true ...$e} "text " $f " " (element $G.H {}))"#,
            ),
            ("<>\n  {/* nothing */}\n</>", "(element _ {})"),
            (
                "<p dangerouslySetInnerHTML={{ __html: x }} />",
                r#"(element "p" {dangerouslySetInnerHTML: {__html: $x}})"#,
            ),
        ],
    );
}

#[test]
fn classes_keep_their_members() {
    each(
        js,
        &[(
            "class A extends B { static #n = 1; f = () => this.n; constructor() { super() } get x() { return 1 } static { go() } }",
            "
(class A extends $B
  (static field #n 1)
  (field f (arrow f ()
    (return this.n)))
  (constructor constructor (fn constructor method ()
    (call super)))
  (get x (fn x method ()
    (return 1)))
  (static run  (fn method ()
    (call $go))))",
        )],
    );
}

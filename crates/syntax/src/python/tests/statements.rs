//! Statements, parameters and annotations.

use super::each;

#[test]
fn assignments_may_have_many_targets() {
    each(&[
        ("a = b = f()", "(= a (= b (call $f)))"),
        ("(a, [b, *c]), d.e, g[0] = h", "(= [[a [b ...c]] $d.e $g[0]] $h)"),
    ]);
}

#[test]
fn updates_read_and_write_the_target() {
    each(&[("x.y += 1", "(:= $x.y (add $x.y 1))")]);
}

#[test]
fn del_is_one_delete_each() {
    each(&[(
        "del a, b[0], (c.d, e)",
        r#"(delete $a)
(delete $b[0])
(delete $c.d)
(delete $e)"#,
    )]);
}

#[test]
fn loops_and_conditions_have_else() {
    each(&[
        (
            r#"for i in xs: f(i)
else: g()"#,
            r#"(for i of $xs
  (call $f i)
  (else
    (call $g)))"#,
        ),
        (
            r#"while a: b()
else: c()"#,
            r#"(while $a
  (call $b)
  (else
    (call $c)))"#,
        ),
        (
            r#"if a: b()
elif c: d()
else: e()"#,
            r#"(if $a
  (call $b)
  (else
    (if $c
      (call $d)
      (else
        (call $e)))))"#,
        ),
    ]);
}

#[test]
fn handlers_name_the_classes_they_catch() {
    each(&[
        (
            r#"try: a()
except (B, C) as e: f(e)
except D: raise
except: pass
else: g()
finally: h()"#,
            r#"(try
  (call $a)
  (catch $B $C as e
    (call $f e))
  (catch $D
    (throw))
  (catch)
  (else
    (call $g))
  (finally
    (call $h)))"#,
        ),
        (
            r#"try: a()
except* B: pass
except C, D: pass"#,
            r#"(problem "Cannot have both 'except' and 'except*' on the same 'try'")
(try
  (call $a)
  (catch $B)
  (catch $C $D))"#,
        ),
    ]);
}

#[test]
fn with_and_raise_and_assert() {
    each(&[
        (
            "with a() as b, c(): d()",
            r#"(with (call $a) as b (call $c)
  (call $d))"#,
        ),
        ("raise A from b(c)", "(call $b $c)\n(throw $A)"),
        (r#"raise A("x") from b"#, r#"(throw (call $A "x"))"#),
        (r#"assert a, "why""#, r#"(assert $a "why")"#),
    ]);
}

#[test]
fn match_arms_test_values_or_bind_patterns() {
    each(&[
        (
            r#"match command.split():
    case ["go", direction] | [direction, "go"]: a()
    case [first, *rest] if rest: b()
    case _: c()"#,
            r#"(switch (call $command.split)
  (case as [_ direction]&[direction _]
    (call $a))
  (case as [first ...rest] if rest
    (call $b))
  (default
    (call $c)))"#,
        ),
        (
            r#"match point:
    case Point(x=0, y=y) as p: a()
    case str(text): b()
    case 1 | 2 | None | True: c()
    case Color.RED: d()
    case {"kind": "a", "id": id, **rest}: e()
    case other: f()"#,
            r#"(switch $point
  (case as {x: _ y: y}&p if (call $isinstance $point $Point)
    (call $a))
  (case as {}&text if (call $isinstance $point $str)
    (call $b))
  (case 1 2 null true
    (call $c))
  (case $Color.RED
    (call $d))
  (case as {kind: _ id: id ...rest}
    (call $e))
  (default as other
    (call $f)))"#,
        ),
    ]);
}

#[test]
fn a_type_alias_is_an_assignment() {
    each(&[("type Id = Annotated[int, Path(gt=0)]", "(= Id $Annotated[(tuple $int (call $Path gt=0))])")]);
}

#[test]
fn parameters_have_kinds_defaults_and_annotations() {
    each(&[
        (
            r#"def f(a, b: int = 1, /, c: "list[User] | None" = None, *rest: str, d: Literal["x"], e: Annotated["User", "doc"] = 2, **more: Any) -> "Response": pass"#,
            r#"(function f (a b: $int=1 c: (| $list[$User] null)=null ...rest: $str *:d: $Literal["x"] *:e: $Annotated[(tuple $User "doc")]=2 **more: $Any): $Response)"#,
        ),
        ("def f(*, key): pass", "(function f (*:key))"),
    ]);
}

#[test]
fn variables_may_be_annotated() {
    each(&[("db: Session = make()", "(= db (call $make))")]);
}

#[test]
fn statements_on_one_line() {
    each(&[(
        "x = 1; y = 2",
        r#"(= x 1)
(= y 2)"#,
    )]);
}

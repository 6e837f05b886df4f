//! Literals, formats, operators, calls.

use super::each;

#[test]
fn f_strings_are_pieces() {
    each(&[
        (r#"f"a{b}c{d!r}" "e""#, r#"(f-string "a" $b "c" $d "e")"#),
        (
            r#"f"{n:d} {x:>10} {when:%Y-%m-%d} {value=} {x:{width()}}""#,
            r#"(f-string (to-number $n) " " $x " " $when " " "value=" $value " " (sequence (call $width) $x))"#,
        ),
    ]);
}

#[test]
fn percent_formats_are_split_where_the_literal_tells_how() {
    each(&[
        (
            r#""SELECT %s WHERE id = %d%%" % (columns, id)"#,
            r#"(percent "SELECT " $columns " WHERE id = " (to-number $id) "%")"#,
        ),
        (r#""%(name)s is %(age)d" % person"#, r#"(percent $person["name"] " is " (to-number $person["age"]))"#),
        (r#""%s" % x"#, "(percent $x)"),
        (r#""%s, %s" % pair"#, r#"(percent $pair[0] ", " $pair[1])"#),
    ]);
}

#[test]
fn other_percent_formats_stay_operators() {
    each(&[
        (r#""%s" % (a, b)"#, r#"(% "%s" (tuple $a $b))"#),
        ("fmt % x", "(% $fmt $x)"),
        (r#""%*d" % (w, x)"#, r#"(% "%*d" (tuple $w $x))"#),
    ]);
}

#[test]
fn format_calls_are_split_where_the_literal_tells_how() {
    each(&[
        (r#""{} and {}".format(a, b)"#, r#"(format $a " and " $b)"#),
        (r#""{1}{0}{name}{{}}".format(a, b, name=c)"#, r#"(format $b $a $c "{}")"#),
        (
            r#""{user.name} {rows[0][id]} {n:d}".format(user=u, rows=r, n=n)"#,
            r#"(format $u.name " " $r[0]["id"] " " (to-number $n))"#,
        ),
        (r#""{a}".format(**values)"#, r#"(format $values["a"])"#),
        (r#""{a}".format_map(values)"#, r#"(format $values["a"])"#),
    ]);
}

#[test]
fn other_format_calls_stay_calls() {
    each(&[
        (r#""{}".format(*values)"#, r#"(call "{}".format ...$values)"#),
        ("template.format(a)", "(call $template.format $a)"),
    ]);
}

#[test]
fn t_strings_are_no_text() {
    each(&[(r#"t"hello {name}""#, r#"(tagged $Template (tuple "hello ") $name)"#)]);
}

#[test]
fn constants() {
    each(&[(
        r#"b"abc", r"\d", "a" "b", 10, 0x_ff, 1.5, 2j, None, True, ..., 123456789012345678901234567890"#,
        r#"(tuple "abc" "\\d" "ab" 10 255 1.5 0 null true ellipsis 123456789012345680000000000000)"#,
    )]);
}

#[test]
fn comparison_chains_are_conjunctions() {
    each(&[("a < b <= c != d", "(and (and (< $a $b) (<= $b $c)) (unequal $c $d))")]);
}

#[test]
fn logic_is_balanced() {
    each(&[("a or b or c and not d", "(or (or $a $b) (and $c (not $d)))")]);
}

#[test]
fn tests_of_membership_and_identity() {
    each(&[(
        "x in y, x not in y, x is None, x is not y",
        "(tuple (in $x $y) (not-in $x $y) (is $x null) (is-not $x $y))",
    )]);
}

#[test]
fn operators() {
    each(&[
        ("a if b else c if d else e", "(? $b $a (? $d $c $e))"),
        ("a + b * c ** d ** e // f @ g", "(add $a (@ (// (* $b (** $c (** $d $e))) $f) $g))"),
        ("-x, +x, ~x, not not x", "(tuple (minus $x) (to-number $x) (~ $x) (not (not $x)))"),
    ]);
}

#[test]
fn chains_of_members_calls_and_indices() {
    each(&[("a.b(c, *d, k=e, **f)[g][1:2][::3].h", "(call $a.b $c ...$d k=$e **$f)[$g][1:2:][::3].h")]);
}

#[test]
fn collections() {
    each(&[(
        r#"[*a, b], {*a, b}, (*a, b), {**a, "k": 1, 2: 3, k: v}"#,
        "(tuple [...$a $b] (set ...$a $b) (tuple ...$a $b) {...$a k: 1 2: 3 [$k]: $v})",
    )]);
}

#[test]
fn comprehensions() {
    each(&[
        ("{k: v for k, v in items if k if v}", "(dict-of k: v for [k v] of $items if k if v)"),
        ("{x + y for x in xs for y in x}", "(set-of (add x y) for x of $xs for y of x)"),
    ]);
}

#[test]
fn lambdas_take_the_name_they_are_assigned_to() {
    each(&[
        (
            "handler = lambda request, *rest, key=1, **more: request.args",
            r#"(= handler (arrow handler (request ...rest *:key=1 **more)
  (return request.args)))"#,
        ),
        (
            "self.on_load = lambda: 1",
            r#"(= $self.on_load (arrow on_load ()
  (return 1)))"#,
        ),
    ]);
}

#[test]
fn async_and_generators() {
    each(&[(
        r#"async def f():
    async with a as b:
        async for c in b: await c
    yield 1
    return (yield from d)"#,
        r#"(function f async generator ()
  (with $a as b
    (for c of b
      (await c)))
  (yield 1)
  (return (yield* $d)))"#,
    )]);
}

#[test]
fn slices_among_others_have_no_value() {
    each(&[("m[1:2, 3]", "$m[(tuple (opaque 1 2) 3)]")]);
}

use super::{each, js};

#[test]
fn branches_and_loops() {
    each(
        js,
        &[
            (
                "if (a) b(); else if (c) { d() } else e()",
                "
(if $a
  (call $b)
  (else
    (if $c
      (call $d)
      (else
        (call $e)))))",
            ),
            (
                "while (a) b()",
                "
(while $a
  (call $b))",
            ),
            (
                "do b(); while (a)",
                "
(do-while $a
  (call $b))",
            ),
            (
                "for (const x of xs) f(x)",
                "
(for x of $xs
  (call $f x))",
            ),
            (
                "for (k in o) f(k)",
                "
(for $k in $o
  (call $f $k))",
            ),
            ("for (const [k, v] of m) {}", "(for [k v] of $m)"),
        ],
    );
}

#[test]
fn the_initializer_of_a_for_stands_before_the_loop() {
    each(
        js,
        &[
            (
                "for (let i = 0; i < n; i++) f(i)",
                "
(block
  (let i 0)
  (while (< i $n) update (:= i (- i -1))
    (call $f i)))",
            ),
            (
                "for (;;) f()",
                "
(while
  (call $f))",
            ),
            (
                "a: for (let i = 0; ; ) continue a",
                "
(block
  (let i 0)
  (label a
    (while
      (continue a))))",
            ),
        ],
    );
}

#[test]
fn a_case_falls_through_unless_its_end_cannot_be_reached() {
    each(
        js,
        &[(
            "switch (x) { case 1: case 2: f(); break; case 3: { return } case 4: if (a) throw b; else return; case 5: if (a) break; default: g() }",
            "
(switch $x
  (case 1 falls-through)
  (case 2
    (call $f)
    (break))
  (case 3
    (block
      (return)))
  (case 4
    (if $a
      (throw $b)
      (else
        (return))))
  (case 5 falls-through
    (if $a
      (break)))
  (default falls-through
    (call $g)))",
        )],
    );
}

#[test]
fn errors_are_caught_and_cleaned_up_after() {
    each(
        js,
        &[
            (
                "try { a() } catch ({ code }) { b(code) } finally { c() }",
                "
(try
  (call $a)
  (catch as {code: code}
    (call $b code))
  (finally
    (call $c)))",
            ),
            (
                "try { a() } catch {}",
                "
(try
  (call $a)
  (catch))",
            ),
        ],
    );
}

#[test]
fn declarations_are_one_each() {
    each(
        js,
        &[
            ("let a = 1, b", "(let a 1)\n(let b)"),
            // `var` without a value changes nothing.
            ("var a", ""),
            ("const { a, b: { c = 1 }, ...d } = e", "(let {a: a b: {c: c=1} ...d} $e)"),
            ("'use strict'; 'use server'; f()", "(directive \"use strict\")\n(directive \"use server\")\n(call $f)"),
        ],
    );
}

#[test]
fn functions_stand_first_in_their_block() {
    each(
        js,
        &[
            (
                "f(); function f() {} { g(); function g() {} }",
                "
(function f ())
(call f)
(block
  (function g ())
  (call g))",
            ),
            (
                "if (a) function f() {}",
                "
(if $a
  (function f ()))",
            ),
        ],
    );
}

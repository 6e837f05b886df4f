//! Python 2, as far as it is still met.

use super::each;

#[test]
fn print_and_exec_statements_are_calls() {
    each(&[
        (
            r#"print "a %s" % b, c"#,
            r#"(problem "Simple statements must be separated by newlines or semicolons")
(call $print (percent "a " $b) $c)"#,
        ),
        (r#"print >>sys.stderr, "x""#, r#"(call $print "x" file=$sys.stderr)"#),
        (
            r#"print
print("x")"#,
            r#"$print
(call $print "x")"#,
        ),
        (
            "exec code in names",
            r#"(problem "Simple statements must be separated by newlines or semicolons")
(call $exec $code $names)"#,
        ),
    ]);
}

#[test]
fn old_spellings_are_mended_in_place() {
    each(&[
        (
            r#"x = `y`
if a <> b: pass"#,
            r#"(problem "Got unexpected token `")
(problem "Got unexpected token `")
(problem "Expected a statement")
(problem "Expected an expression")
(= x $y)
(if (unequal $a $b))"#,
        ),
        (
            "n = 0777 + 10L",
            r#"(problem "Invalid decimal integer literal")
(problem "Simple statements must be separated by newlines or semicolons")
(= n (add 777 10))"#,
        ),
        (
            r#"s = ur"abc""#,
            r#"(problem "Simple statements must be separated by newlines or semicolons")
(= s "abc")"#,
        ),
    ]);
}

#[test]
fn raising_a_class_with_a_message_makes_an_instance() {
    each(&[(
        r#"raise E, "message""#,
        r#"(problem "Unparenthesized tuple expression cannot be used here")
(throw (call $E "message"))"#,
    )]);
}

#[test]
fn a_handler_binds_after_a_comma() {
    each(&[
        (
            r#"print 1
try: pass
except (A, B), E: pass"#,
            r#"(problem "Simple statements must be separated by newlines or semicolons")
(call $print 1)
(try
  (catch $A $B as E))"#,
        ),
        (
            r#"try: pass
except A, e: log(e)"#,
            r#"(try
  (catch $A as e
    (call $log e)))"#,
        ),
    ]);
}

#[test]
fn tuple_parameters_lose_their_brackets() {
    each(&[
        (
            "def f((a, b), c): return a",
            r#"(problem "Expected `)`, found `(`")
(problem "Expected newline, found `)`")
(problem "Expected a statement")
(function f (a b c)
  (return a))"#,
        ),
        (
            "g = map(lambda (k, v): v, d)",
            r#"(problem "Expected `:`, found `(`")
(problem "Expected `,`, found `:`")
(= g (call $map (arrow (k v)
  (return v)) $d))"#,
        ),
    ]);
}

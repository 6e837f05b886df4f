//! Which variable a name means.

use super::each;

#[test]
fn decorators_are_calls_innermost_first() {
    each(&[(
        r#"@outer(1)
@inner
def f(a): return a"#,
        r#"(function f (a)
  (return a))
(= f (decorate $inner f))
(= f (decorate (call $outer 1) f))"#,
    )]);
}

#[test]
fn a_name_bound_anywhere_in_a_function_is_its_own() {
    each(&[(
        r#"x = 1
def f():
    y = x
    x = 2
    return y"#,
        r#"(= x 1)
(function f ()
  (= y x/2)
  (= x/2 2)
  (return y))"#,
    )]);
}

#[test]
fn inner_functions_see_names_bound_later() {
    each(&[(
        r#"def f():
    def g(): return late
    late = 1
    return g"#,
        r#"(function f ()
  (function g ()
    (return late))
  (= late 1)
  (return g))"#,
    )]);
}

#[test]
fn nonlocal_and_global_name_outer_variables() {
    each(&[
        (
            r#"def f():
    n = 0
    def g():
        nonlocal n
        n += 1
    return g"#,
            r#"(function f ()
  (= n 0)
  (function g ()
    (:= n (add n 1)))
  (return g))"#,
        ),
        (
            r#"def f():
    global counter
    counter = 1"#,
            r#"(function f ()
  (= counter 1))"#,
        ),
    ]);
}

#[test]
fn methods_do_not_see_class_attributes() {
    each(&[(
        r#"x = 1
class C:
    x = 2
    def m(self): return x"#,
        r#"(= x 1)
(class C
  (static field x 2)
  (method m (fn m (self)
    (return x))))"#,
    )]);
}

#[test]
fn comprehensions_have_variables_of_their_own() {
    each(&[(
        "def f(xs): return [x for x in xs if x] + x",
        r#"(function f (xs)
  (return (add (list-of x for x of xs if x) $x)))"#,
    )]);
}

#[test]
fn assignment_expressions_bind_in_the_function_around() {
    each(&[(
        "def f(xs): return any((last := x) for x in xs) and last",
        r#"(function f (xs)
  (return (and (call $any (generator-of (= last x) for x of xs)) last)))"#,
    )]);
}

#[test]
fn a_lambda_captures_the_comprehension_around_it() {
    each(&[(
        "fs = [lambda: i for i in range(3)]",
        r#"(= fs (list-of (arrow ()
  (return i)) for i of (call $range 3)))"#,
    )]);
}

#[test]
fn builtins_are_free() {
    each(&[(
        "def f(): return len",
        r#"(function f ()
  (return $len))"#,
    )]);
}

#[test]
fn type_parameters_are_seen_by_their_definition_only() {
    each(&[
        (
            "def first[T](xs: list[T]) -> T: return xs[0]",
            r#"(function first (xs: $list[T]): T
  (return xs[0]))"#,
        ),
        (
            r#"class Box[T](Base[T]):
    def get(self) -> T: return self.value"#,
            r#"(class Box extends $Base[T]
  (method get (fn get (self): T
    (return self.value))))"#,
        ),
    ]);
}

#[test]
fn loops_handlers_matches_and_with_bind() {
    each(&[
        (
            r#"for i in a: pass
print(i)"#,
            r#"(for i of $a)
(call $print i)"#,
        ),
        (
            r#"try: pass
except E as e: log(e)"#,
            r#"(try
  (catch $E as e
    (call $log e)))"#,
        ),
        (
            r#"match x:
    case {"id": key}: use(key)"#,
            r#"(switch $x
  (case as {id: key}
    (call $use key)))"#,
        ),
        (
            "with open(p) as f: f.read()",
            r#"(with (call $open $p) as f
  (call f.read))"#,
        ),
    ]);
}

#[test]
fn imports_in_functions_are_local() {
    each(&[(
        r#"import os
def f():
    import os
    return os.path"#,
        r#"(import * "os" os)
(import * "os" os/2)
(function f ()
  (return os/2.path))"#,
    )]);
}

#[test]
fn a_declared_type_makes_a_local() {
    each(&[(
        r#"x: int
def f():
    x: str
    return x"#,
        r#"(function f ()
  (return x/2))"#,
    )]);
}

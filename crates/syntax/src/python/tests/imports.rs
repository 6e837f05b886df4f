//! What imports bind.

use super::each;

#[test]
fn a_dotted_import_binds_its_first_part() {
    each(&[(
        r#"import a.b.c, d.e as f, g
g, f, a"#,
        r#"(import ^ "a.b.c" a)
(import * "d.e" f)
(import * "g" g)
(tuple g f a)"#,
    )]);
}

#[test]
fn from_imports_bind_members() {
    each(&[(
        "from m import n as k, o",
        r#"(import n "m" k)
(import o "m" o)"#,
    )]);
}

#[test]
fn relative_imports_count_their_dots() {
    each(&[
        ("from ..pkg.mod import x", r#"(import x .."pkg.mod" x)"#),
        ("from . import sibling", r#"(import sibling ."" sibling)"#),
    ]);
}

#[test]
fn a_star_import_binds_no_name_here() {
    each(&[(
        r#"from m import *
name()"#,
        "(call $name)",
    )]);
}

#[test]
fn the_second_import_of_a_name_is_an_assignment() {
    each(&[
        (
            r#"try: import ujson as json
except ImportError: import json"#,
            r#"(import * "ujson" json)
(try
  (catch $ImportError
    (= json (import "json"))))"#,
        ),
        (
            r#"try: from fast import loads
except ImportError: loads = None"#,
            r#"(import loads "fast" loads)
(try
  (catch $ImportError
    (= loads null)))"#,
        ),
        (
            r#"try: from fast import loads
except ImportError: from slow import load as loads"#,
            r#"(import loads "fast" loads)
(try
  (catch $ImportError
    (= loads (import "slow").load)))"#,
        ),
    ]);
}

#[test]
fn submodules_of_one_package_share_its_name() {
    each(&[(
        r#"import a.b
import a.c
import a"#,
        r#"(import ^ "a.b" a)"#,
    )]);
}

#[test]
fn imports_for_type_checking_are_marked() {
    each(&[(
        r#"if TYPE_CHECKING:
    from models import User
def f(u: "User"): pass"#,
        r#"(import-type User "models" User)
(if $TYPE_CHECKING)
(function f (u: User))"#,
    )]);
}

#[test]
fn functions_import_for_themselves() {
    each(&[(
        r#"def f():
    from m import n
    return n()"#,
        r#"(import n "m" n)
(function f ()
  (return (call n)))"#,
    )]);
}

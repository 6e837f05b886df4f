use super::{each, js, module};

#[test]
fn inner_names_hide_outer_ones_in_their_block() {
    each(
        js,
        &[
            (
                "let a = 1; { let a = 2; f(a) } f(a)",
                "
(let a 1)
(block
  (let a/2 2)
  (call $f a/2))
(call $f a)",
            ),
            (
                "const req = 1; (req) => req; req",
                "
(let req 1)
(arrow (req/2)
  (return req/2))
req",
            ),
            (
                "try {} catch (e) { f(e) } f(e)",
                "
(try
  (catch as e
    (call $f e)))
(call $f $e)",
            ),
        ],
    );
}

#[test]
fn names_are_known_before_their_declaration() {
    each(
        js,
        &[
            (
                "f(a, b, c); var a = 1; let b; function c() {}",
                "
(function c ())
(call $f a b c)
(let a 1)
(let b)",
            ),
            (
                "function f() { if (x) { var x = 1 } return x }",
                "
(function f ()
  (if x
    (let x 1))
  (return x))",
            ),
        ],
    );
}

#[test]
fn a_named_function_that_calls_itself_is_bound_to_its_name() {
    each(
        js,
        &[
            (
                "const f = function g() { g() }; g()",
                "
(let f (= g (fn g ()
  (call g))))
(call $g)",
            ),
            ("const f = function g() {}", "(let f (fn g ()))"),
        ],
    );
}

#[test]
fn module_and_exports_exist_unless_declared() {
    each(
        js,
        &[
            ("module.exports = exports", "(= module.exports exports)"),
            ("const module = 1; module.exports", "(let module 1)\nmodule.exports"),
        ],
    );
    let kinds: Vec<_> = module("f(module); exports.a = 1").vars.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [crate::ir::VarKind::Module, crate::ir::VarKind::Exports]);
}

#[test]
fn a_variable_is_captured_when_an_inner_function_uses_it() {
    let module = module("const a = 1; let b; function f(c) { return () => { b = c; let d = 1; return d } }");
    let captured: Vec<_> = module.vars.iter().filter(|it| it.captured).map(|it| module.name(it.name)).collect();
    assert_eq!(captured, ["b", "c"]);
    let owners: Vec<_> = module.vars.iter().map(|it| (module.name(it.name), it.owner.0)).collect();
    assert_eq!(owners, [("a", 0), ("b", 0), ("f", 0), ("c", 1), ("d", 2)]);
}

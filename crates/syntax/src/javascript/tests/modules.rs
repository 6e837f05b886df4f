use super::{each, js, module, ts};

#[test]
fn imports_bind_variables() {
    each(
        ts,
        &[
            (
                "import d, { a, b as c, default as e } from 'm'; import * as n from 'n'; import 's'",
                r#"
(import default "m" d)
(import a "m" a)
(import b "m" c)
(import default "m" e)
(import * "n" n)"#,
            ),
            (
                "import type { T } from 'm'; import { type U, v } from 'm'",
                r#"
(import-type T "m" T)
(import-type U "m" U)
(import v "m" v)"#,
            ),
        ],
    );
}

#[test]
fn required_modules_are_the_modules_themselves() {
    each(
        js,
        &[
            (
                "const a = require('a'), { b } = require(`b`)",
                r#"
(let a (import "a"))
(let {b: b} (import "b"))"#,
            ),
            ("require(name)", "(call $require $name)"),
            (
                "function f(require) { require('a') }",
                "
(function f (require)
  (call require \"a\"))",
            ),
            (
                "async () => { const a = await import('a') }",
                r#"
(arrow async ()
  (let a (await (import "a"))))"#,
            ),
        ],
    );
    let specifiers = module("import 'x'; require('y')");
    let specifiers: Vec<_> = specifiers.imports.iter().map(|it| specifiers.name(it.specifier)).collect();
    assert_eq!(specifiers, ["x", "y"]);
}

#[test]
fn exports_name_variables_or_other_modules() {
    each(
        ts,
        &[
            (
                "export const a = 1, { b } = c; export function f() {} export class D {}",
                "
(function f ())
(let a 1)
(let {b: b} $c)
(class D)
(export a a)
(export b b)
(export f f)
(export D D)",
            ),
            (
                "const a = 1; export { a, a as b, a as default }",
                "
(let a 1)
(export a a)
(export b a)
(export default a)",
            ),
            (
                "export { a, default as b } from 'm'; export * from 'n'; export * as o from 'o'",
                r#"
(export a a "m")
(export b default "m")
(export * "n")
(export o * "o")"#,
            ),
        ],
    );
}

#[test]
fn a_default_export_is_a_variable() {
    each(
        ts,
        &[
            ("export default f()", "(let default (call $f))\n(export default default)"),
            (
                "export default () => 1",
                "
(let default (arrow default ()
  (return 1)))
(export default default)",
            ),
            ("export default function f() {}", "(function f ())\n(export default f)"),
            ("export default function () {}", "(function default ())\n(export default default)"),
            ("export default class A {}", "(class A)\n(export default A)"),
        ],
    );
}

#[test]
fn typescript_has_imports_and_exports_of_commonjs() {
    each(
        ts,
        &[(
            "import fs = require('fs'); import r = fs.promises; export = r",
            r#"
(let fs (import "fs"))
(let r fs.promises)
(= module.exports r)"#,
        )],
    );
}

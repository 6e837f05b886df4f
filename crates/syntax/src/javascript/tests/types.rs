use super::{each, module, texts, ts};
use crate::ir::{CastKind, Expr};

#[test]
fn interfaces_and_aliases_are_classes_without_values() {
    each(
        ts,
        &[
            (
                "interface A extends B<string> { a: number; b?(x: A): Promise<A>; readonly c: string[] }",
                "
(class A type extends $B[$string]
  (field a: $number)
  (method b: $Promise[A])
  (field c: $Array[$string]))",
            ),
            (
                "type A = B & { c: 'd' | 1 | null }",
                r#"
(class A type extends $B
  (field c: (| (| "d" 1) null)))"#,
            ),
            (
                "type Id = string; function f(a: Id, b: { c: Id }) {}",
                "
(class Id type extends $string)
(function f (a: Id b: (class type
  (field c: Id))))",
            ),
        ],
    );
}

#[test]
fn types_and_values_have_names_of_their_own() {
    each(
        ts,
        &[(
            "interface User {} const User = model(); let u: User = User; export { User }",
            "
(class User type)
(let User/2 (call $model))
(let u User/2)
(export User User/2)
(export User User)",
        )],
    );
    let source = "interface User {} const User = 1; let u: User = User";
    let module = module(source);
    let [declared] = module.var_types.as_slice() else { panic!("{:?}", module.var_types) };
    assert_eq!(texts(source, [module.var(declared.var).span, module.expr_span(declared.annotation)]), ["u", "User"]);
}

#[test]
fn type_parameters_are_no_types_of_the_file() {
    each(
        ts,
        &[(
            "interface T {} function f<T>(a: T): T {} let b: T; class A<T> { c: T } type B<T> = T; let d = <T,>(e: T) => e",
            "
(class T type)
(function f (a: $T): $T)
(class B type extends $T)
(let b)
(class A
  (field c: $T))
(let d (arrow d (e: $T)
  (return e)))",
        )],
    );
    let source = "interface T {} function f<T>() {} let b: T";
    let module = module(source);
    assert!(matches!(module.expr(module.var_types[0].annotation), Expr::Var(_)));
}

#[test]
fn annotations_are_expressions() {
    each(
        ts,
        &[
            (
                "function f(a: Map<string, A.B>, b: typeof c, d: [e: E, F?], g: keyof G, h: readonly H[]): asserts a is A {}",
                "
(function f (a: $Map[(tuple $string $A.B)] b: (typeof $c) d: (tuple $E $F) g: (opaque $G) h: $Array[$H]): $boolean)",
            ),
            ("let x = (a: import('m').T) => {}", r#"(let x (arrow x (a: (import "m").T)))"#),
        ],
    );
}

#[test]
fn enums_are_objects() {
    each(
        ts,
        &[
            (
                "enum E { A, B = 4, C, D = 'd', F = B | 1, G = f() }",
                r#"
(let E {A: 0 B: 4 C: 5 D: "d" F: 5 G: (call $f)})"#,
            ),
            ("export const enum E { A = 1 << 3 }", "(let E {A: 8})\n(export E E)"),
        ],
    );
}

#[test]
fn a_namespace_is_a_call_that_gives_its_exports() {
    each(
        ts,
        &[
            (
                "namespace N { const a = 1; export function f() { return a } export const b = f }",
                "
(let N (call (arrow ()
  (function f ()
    (return a))
  (let a 1)
  (let b f)
  (return {f: f b: b}))))",
            ),
            (
                "namespace A.B { export const c = 1 }",
                "
(let A (call (arrow ()
  (let B (call (arrow ()
    (let c 1)
    (return {c: c}))))
  (return {B: B}))))",
            ),
        ],
    );
}

#[test]
fn what_is_declared_elsewhere_is_not_declared_here() {
    each(
        ts,
        &[
            (
                "declare const a: number; declare function f(): void; declare module 'm' { const b: 1 } f(a)",
                "(call $f $a)",
            ),
            ("function f(a: string): void; function f(a) {} f()", "(function f (a))\n(call f)"),
        ],
    );
}

#[test]
fn parameter_properties_are_fields_and_assignments() {
    each(
        ts,
        &[(
            "class A { constructor(private readonly b: B, c: C) { f() } }",
            "
(class A
  (constructor constructor (fn constructor method (b: $B c: $C)
    (= this.b b)
    (call $f)))
  (field b: $B))",
        )],
    );
}

#[test]
fn decorators_stay_where_they_are_written() {
    each(
        ts,
        &[
            (
                "@Controller('cats') class Cats { @Inject() a: A; @Get() find(@Param('id') id: string) {} }",
                r#"
(class Cats @(call $Controller "cats")
  (@(call $Inject) field a: $A)
  (@(call $Get) method find (fn find method (@(call $Param "id") id: $string))))"#,
            ),
            (
                "@a export class B implements C<D> { abstract e(): F }",
                "
(class B @$a implements $C[$D]
  (method e: $F))
(export B B)",
            ),
        ],
    );
}

#[test]
fn casts_vanish_and_are_remembered() {
    let source = "f(a as string, b!, <T>c, d as const, e satisfies E)";
    each(ts, &[(source, "(call $f $a $b $c $d $e)")]);
    let module = module(source);
    let kinds: Vec<_> = module.casts.iter().map(|it| (it.kind, it.to.is_some())).collect();
    assert_eq!(kinds, [(CastKind::As, true), (CastKind::NonNull, false), (CastKind::As, true)]);
    assert_eq!(texts(source, module.casts.iter().map(|it| it.span)), ["a as string", "b!", "<T>c"]);
    assert_eq!(texts(source, module.casts.iter().map(|it| module.expr_span(it.expr))), ["a", "b", "c"]);
}

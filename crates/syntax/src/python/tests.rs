//! What Python becomes. Each case is source and the IR as `show` prints it.

mod show;

#[track_caller]
fn check(source: &str, expected: &str) {
    let module = super::lower(source);
    assert_eq!(show::show(&module).trim_end(), expected.trim_end(), "\n{source}");
}

#[test]
fn a_function_with_decorators() {
    check(
        "@outer(1)\n@inner\ndef f(a, *, b: 'int' = 2): return a",
        "def f(a, keyword b: ~int = 2):\n  return a\nf = @~inner(f)\nf = @~outer(1)(f)",
    );
}

use super::{module, texts};
use crate::ir::{Expr, Stmt};

#[test]
fn every_expression_knows_its_text() {
    let source = "const ü = f(a.b, `x${y}`)";
    let module = module(source);
    let all = texts(source, module.expr_spans.iter().copied());
    assert_eq!(all, ["f", "a", "a.b", "x", "y", "`x${y}`", "f(a.b, `x${y}`)"]);
    let [Stmt::Let { pattern, .. }] = module.stmts[1..2] else { panic!("{:?}", module.stmts) };
    assert_eq!(texts(source, [module.pattern_spans[pattern.index()]]), ["ü"]);
}

#[test]
fn statements_know_their_text() {
    let source = "if (a) { b() }\nconst c = 1, d = 2;";
    let module = module(source);
    let mut all = texts(source, module.stmt_spans[1..].iter().copied());
    all.sort_unstable();
    assert_eq!(all, ["b()", "c = 1", "d = 2", "if (a) { b() }", source, "{ b() }"]);
}

#[test]
fn functions_know_their_name_or_their_head() {
    let cases = [
        ("function f() {}", "f", "function f() {}"),
        ("const f = async (a) => {}", "f", "async (a) => {}"),
        ("app.use(async (a) => {\n  b() })", "async (a) => ", "async (a) => {\n  b() }"),
        ("class A { @Get() async m() {} }", "m", "async m() {}"),
        ("f({ m(a) {} })", "m", "m(a) {}"),
        ("exports.f = function () {}", "f", "function () {}"),
    ];
    for (source, name, whole) in cases {
        let module = module(source);
        let it = &module.functions[1];
        assert_eq!(texts(source, [it.name_span, it.span]), [name, whole], "{source}");
    }
}

#[test]
fn comments_are_kept() {
    let source = "// one\nf(/* two */ a); /** three */";
    let module = module(source);
    assert_eq!(texts(source, module.comments.iter().map(|it| it.span)), ["// one", "/* two */", "/** three */"]);
}

#[test]
fn classes_and_members_know_their_text() {
    let source = "class A { x = 1; @d() m() {} }";
    let module = module(source);
    let class = &module.classes[0];
    assert_eq!(texts(source, [class.name_span, class.span]), ["A", source]);
    let members = module.member_list(class.members);
    assert_eq!(texts(source, members.iter().map(|it| it.span)), ["x = 1;", "@d() m() {}"]);
    assert!(matches!(module.expr(members[1].value.expect("a method has a function")), Expr::Function(_)));
}

//! Where things stand in the source.

use crate::ir::{Module, Span, TOP_LEVEL};
use crate::{Language, lower};

fn text(source: &str, span: Span) -> &str {
    &source[span.start as usize..span.end as usize]
}

fn python(source: &str) -> Module {
    lower(source, Language::Python)
}

#[test]
fn a_definition_begins_at_its_keyword() {
    let source = "@d\n# why\nasync  def f(a): pass\n\n@e\nclass C:\n    @p\n    def m(self): pass\nx = lambda y: y\nz(lambda: 1)";
    let module = python(source);
    let heads = module.functions.iter().skip(1).map(|it| (text(source, it.span), text(source, it.name_span)));
    let expected =
        [("async  def f(a): pass", "f"), ("def m(self): pass", "m"), ("lambda y: y", "x"), ("lambda: 1", "lambda")];
    assert_eq!(heads.collect::<Vec<_>>(), expected);
    let class = &module.classes[0];
    assert_eq!(text(source, class.name_span), "C");
    assert!(text(source, class.span).starts_with("class C:"));
    let member = module.member_list(class.members)[0];
    assert_eq!(text(source, member.span), "@p\n    def m(self): pass");
}

#[test]
fn calls_links_and_arguments_have_their_own() {
    let source = "a.b(c, d=e)[f]";
    let module = python(source);
    let mut spans: Vec<&str> = module.expr_spans.iter().map(|&it| text(source, it)).collect();
    spans.sort_by_key(|it| it.len());
    assert_eq!(spans, ["a", "c", "e", "f", "a.b", "a.b(c, d=e)", "a.b(c, d=e)[f]"]);
}

#[test]
fn comments_are_kept_with_their_sign() {
    let source = "#!/usr/bin/env python\nx = '# no'  # yes\ndef f():\n    # inside\n    pass\n";
    let comments: Vec<&str> = python(source).comments.iter().map(|it| text(source, it.span)).collect();
    assert_eq!(comments, ["#!/usr/bin/env python", "# yes", "# inside"]);
}

#[test]
fn pieces_of_text_are_where_they_are_written() {
    let source = "f'né{x}' '😀'";
    let module = python(source);
    let spans: Vec<&str> = module.expr_spans.iter().map(|&it| text(source, it)).collect();
    assert_eq!(spans, ["né", "x", "'😀'", source]);
}

#[test]
fn string_annotations_point_into_the_string() {
    let source = "def f(a: 'list[User]'): pass";
    let module = python(source);
    let function = &module.functions[1];
    let annotation = module.param_list(function.params)[0].annotation.expect("it is annotated");
    assert_eq!(text(source, module.expr_span(annotation)), "list[User]");
}

#[test]
fn the_top_level_is_the_whole_file() {
    let source = "x = 1\n# end\n";
    assert_eq!(text(source, python(source).function(TOP_LEVEL).span), source);
}

/// Name, owner and whether inner functions use it, of every variable.
fn variables(source: &str) -> Vec<String> {
    let module = python(source);
    let function = |id: crate::ir::FunctionId| module.function(id).name.map_or("top", |it| module.name(it));
    let shown = module.vars.iter().map(|it| {
        let captured = if it.captured { " captured" } else { "" };
        format!("{} of {}{captured}", module.name(it.name), function(it.owner))
    });
    let mut shown: Vec<String> = shown.collect();
    shown.sort();
    shown
}

#[test]
fn variables_know_their_frame_and_whether_they_are_captured() {
    let cases: &[(&str, &[&str])] = &[
        ("x = 1\ndef f(a): return a", &["a of f", "f of top", "x of top"]),
        ("x = 1\ndef f(): return x", &["f of top", "x of top captured"]),
        ("def f():\n  def g(): return y\n  y = 1", &["f of top", "g of f", "y of f captured"]),
        ("def f():\n  global g\n  g = 1", &["f of top", "g of top captured"]),
        ("def f(xs): return [lambda: x for x in xs]", &["f of top", "x of f captured", "xs of f"]),
        ("def f(xs): return [x for x in xs]", &["f of top", "x of f", "xs of f"]),
        ("class C:\n  a = 1\n  b = a", &["C of top", "C.a of top"]),
        ("class C:\n  if x: a = 1", &["C of top", "C.a of top captured"]),
        ("def f(k):\n  class C:\n    if k: a = k", &["C of f", "C.a of f captured", "f of top", "k of f captured"]),
        ("class C:\n  def m(self): return C", &["C of top captured", "self of m"]),
    ];
    for (source, expected) in cases {
        assert_eq!(variables(source), *expected, "\nsource: {source}");
    }
}

//! Broken text: as much as possible stays, where it was.

mod sources;

use super::{lower, module, texts};
use crate::ir::{Expr, Module};
use crate::{Language, print};

use sources::SOURCES;

/// Broken variants made of each source.
const VARIANTS: u32 = 120;

/// The least share of the calls of the sound sources that must be seen in the broken ones, in percent.
const SEEN_MIN: usize = 93;

/// A small generator of numbers: the same everywhere, for a test that is the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// The text with one character or line removed, added or replaced.
fn broken(text: &str, numbers: &mut Numbers) -> String {
    const TYPED: [&str; 12] = ["(", ")", "{", "}", "[", "]", "'", "`", ",", ".", "x", "="];
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let characters: Vec<char> = text.chars().collect();
    let (line, at) = (numbers.below(lines.len()), numbers.below(characters.len()));
    let typed = TYPED[numbers.below(TYPED.len())];
    let around = |skipped: usize| -> String {
        let before: String = characters[..at].iter().collect();
        let after: String = characters[(at + skipped).min(characters.len())..].iter().collect();
        if skipped == 1 && typed == "x" { before + &after } else { before + typed + &after }
    };
    let with_line = |with: &str| -> String { lines[..line].concat() + with + &lines[line + 1..].concat() };
    match numbers.below(6) {
        0 => with_line(""),
        1 => with_line(&lines[line].repeat(2)),
        2 => with_line(&format!("{}\n", &lines[line][..lines[line].len() / 2])),
        3 => around(0),
        4 => around(1),
        _ => {
            let mut fewer = characters.clone();
            fewer.remove(at);
            fewer.into_iter().collect()
        }
    }
}

fn calls(module: &Module) -> usize {
    module.exprs.iter().filter(|it| matches!(it, Expr::Call { .. })).count()
}

#[test]
fn most_calls_stay_visible_in_broken_files() {
    let mut numbers = Numbers(7);
    let (mut seen, mut all) = (0, 0);
    for (language, text) in SOURCES {
        let sound = lower(text, *language);
        assert!(!sound.repaired, "{text}\n{:?}", sound.problems);
        for _ in 0..VARIANTS {
            let variant = broken(text, &mut numbers);
            let module = lower(&variant, *language);
            if module.repaired {
                seen += calls(&module).min(calls(&sound));
                all += calls(&sound);
            }
        }
    }
    assert!(all > 0);
    assert!(seen * 100 >= all * SEEN_MIN, "{seen} of {all}");
}

#[test]
fn what_is_kept_stays_where_it_was() {
    let source = "const a = f(1;\nfunction g() {\n  h(a.);\n  i(a);\n}\nj(`${a}`);\n";
    let module = module(source);
    assert!(module.repaired);
    assert_eq!(texts(source, [module.problems[0].span]), [""]);
    let calls = (0..module.exprs.len()).filter(|it| matches!(module.exprs[*it], Expr::Call { .. }));
    let mut calls = texts(source, calls.map(|it| module.expr_spans[it]));
    calls.sort_unstable();
    assert_eq!(calls, ["f(1", "h(a.)", "i(a)", "j(`${a}`)"]);
}

/// What a broken source is read as.
fn each(cases: &[(&str, &str)]) {
    for (source, expected) in cases {
        let module = lower(source, Language::JavaScript);
        assert!(module.repaired, "{source}");
        let shown = print(&module);
        let (_, shown) = shown.split_once('\n').expect("the problem has a line");
        assert_eq!(shown.trim_end(), expected.trim(), "\nsource: {source}\n{:?}", module.problems);
    }
}

#[test]
fn code_that_is_being_typed_is_read() {
    each(&[
        ("f(a.", "(call $f $a)"),
        ("f(a, b", "(call $f $a $b)"),
        ("const a = ", "(let a)"),
        ("f('a);\ng()", "(call $f \"a\")\n(call $g)"),
        (
            "if (a) {\n  f()\n",
            "
(if $a
  (call $f))",
        ),
        (
            "app.get('/', (req, res) => {\n  f(req.\n\napp.listen()\n",
            "
(call $app.get \"/\" (arrow (req res)
  (call $f req)))
(call $app.listen)",
        ),
        ("f(a))\ng()", "(call $f $a)\n(call $g)"),
        (
            "class A {\n  m() {\n    f(\n  }\n  n() {\n    g()\n  }\n}",
            "
(class A
  (method m (fn m method ()
    (call $f)))
  (method n (fn n method ()
    (call $g))))",
        ),
    ]);
}

#[test]
fn other_grammars_are_tried_before_mending() {
    for (source, language) in [
        ("let a: string = f(b as C)", Language::JavaScript),
        ("with (a) { f() }", Language::JavaScript),
        ("const a = <b>{f()}</b>", Language::TypeScript),
        ("let a = <B>f()", Language::Tsx),
    ] {
        let module = lower(source, language);
        assert!(!module.repaired && module.problems.is_empty(), "{source} {:?}", module.problems);
        assert!(module.exprs.iter().any(|it| matches!(it, Expr::Call { .. })), "{source}");
    }
}

#[test]
fn garbage_is_read_in_a_bounded_time() {
    let mut numbers = Numbers(3);
    for length in [10, 1000, 20_000] {
        let garbage: String = (0..length).map(|_| b"(){}[]'`\"\n  ;,.=>ab/<*"[numbers.below(22)] as char).collect();
        assert!(lower(&garbage, Language::Tsx).problems.len() <= 2);
    }
    assert!(module("é(\u{2028}`").repaired);
}

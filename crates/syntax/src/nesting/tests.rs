//! What counts as deep and what does not.

use super::too_deep;
use crate::{Language, NESTING_MAX};

const DEEP: usize = NESTING_MAX as usize + 1;

fn js(text: &str) -> bool {
    too_deep(text, Language::JavaScript)
}

fn ts(text: &str) -> bool {
    too_deep(text, Language::TypeScript)
}

fn py(text: &str) -> bool {
    too_deep(text, Language::Python)
}

#[test]
fn brackets_add_up() {
    for open in ["(", "[", "{", "f(", "`${", "<a>", "() => {"] {
        assert!(js(&open.repeat(DEEP)), "{open}");
        assert!(!js(&open.repeat(DEEP / 2)), "{open}");
    }
    for open in ["(", "[", "{", "f(", "f\"{", "f'''{"] {
        assert!(py(&open.repeat(DEEP)), "{open}");
        assert!(!py(&open.repeat(DEEP / 2)), "{open}");
    }
    assert!(ts(&"A<x, ".repeat(DEEP)));
}

#[test]
fn links_of_chains_weigh_an_eighth() {
    for link in ["a+", "a.", "a?b:", "!", "a=", "typeof ", "- ", "if(a)", "else if(a)b;", "()", "a:", "async a=>", "@"]
    {
        assert!(js(&link.repeat(DEEP * 8)), "{link}");
        assert!(!js(&link.repeat(DEEP / 2)), "{link}");
    }
    for link in ["a+", "a.", "not ", "-", "a if b else ", "lambda: ", "await "] {
        assert!(py(&link.repeat(DEEP * 8)), "{link}");
        assert!(!py(&link.repeat(DEEP / 2)), "{link}");
    }
}

#[test]
fn length_is_not_depth() {
    let many = DEEP * 40;
    for piece in [
        "f(a.b, c + d);\n",
        "f(a.b)\n",
        "const { a } = b\n",
        "function f() { return 1 }\n",
        "if (a) { b } else { c }\n",
        "a = { b: [1, 2], c: `d${e}` }\n",
        "x = <a b={c}>it's {d}</a>\n",
        "await f(x)\n",
        "/* (((( */ // ((((\n",
        "'((((' + \"((((\" + `((((` + /((((/;\n",
        "export class A extends B { c() {} }\n",
        "for (let i = 0; i < n; i++) { a <<= 1 }\n",
        "async function f() { await g() }\n",
    ] {
        assert!(!js(&piece.repeat(many)), "{piece}");
    }
    for piece in [
        "let a: Array<B<C>> = d as E\n",
        "export interface A<T> { b: Map<string, T>\n c: D }\n",
        "if (a < b) { c! }\n",
        "type A = B extends C ? D : E\n",
    ] {
        assert!(!ts(&piece.repeat(many)), "{piece}");
    }
    for piece in [
        "f(a.b, c + d)\n",
        "if a:\n    b = c.d\nelse:\n    e()\n",
        "def f(a: int = 1) -> str:\n    return f\"{a:>{10}} {{ {b!r}\"\n",
        "x = '((((' + '''((((\n((((''' + r\"\\\" + f'(((({a}'\n",
        "# ((((\n",
        "class A:\n\n    def b(self):\n        pass\n",
        "x = [\n    a,\n      b,\n]\n",
    ] {
        assert!(!py(&piece.repeat(many)), "{piece}");
    }
}

#[test]
fn nothing_hides_brackets_that_a_parser_sees() {
    let deep = "(".repeat(DEEP);
    for before in [
        "x = a++ / \"/\" + ",
        "if (a) /\"/.test(b) + ",
        "a\n/\"/;",
        "{}\n/\"/;",
        "type A = B\n/\"/;",
        "<a>don't {",
        "<a b=\"\\\">{",
        "x = y</\"/.exec(",
        "// \u{2028}",
        "`${`${a}`}` + ",
        "'\\\n' + ",
        "a.if / \"/\" + ",
        "\\'",
        "{ `}` } ",
    ] {
        assert!(js(&format!("{before}{deep}")), "{before}");
    }
    for before in ["let f: <T>", "let f: <T>/**/", "x = <T,>", "x = <T extends A>", "x = <const T>", "as <>>"] {
        assert!(too_deep(&format!("{before}{deep}"), Language::Tsx), "{before}");
    }
    for before in
        ["'\\'' + ", "'''\\''' ''' + ", "f'{a:\"}' + ", "f'{{' + ", "'\n", "f'\n", "x = '\\\r\n' + ", "f'\\N{DASH}' + "]
    {
        assert!(py(&format!("{before}{deep}")), "{before}");
    }
}

#[test]
fn python_blocks_are_levels() {
    let ladder = |step: &str| (0..DEEP).map(|it| format!("{}if a:\n", step.repeat(it))).collect::<String>();
    assert!(py(&ladder(" ")));
    assert!(py(&format!("f(\n{}", ladder(" "))));
    let elifs = format!("if a:\n    b\n{}", "elif a:\n    b\n".repeat(DEEP * 8));
    assert!(py(&elifs));
}

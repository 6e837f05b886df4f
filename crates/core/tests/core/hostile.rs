//! Projects that mean to exhaust the stack: what nests nests as deep as the parsers are let.

use crate::Files;

/// Brackets, blocks and functions inside one another that a file may hold.
const LEVELS: usize = 120;
/// Links of a chain that a file may hold.
const LINKS: usize = 1_900;
/// Functions, classes or files in a row.
const ROW: usize = 1_000;

/// A name, and a project.
pub type Case = (&'static str, fn() -> Files);

fn one(path: &str, text: String) -> Files {
    vec![(path.to_owned(), text)]
}

/// A level a line, so that it does not look minified.
fn nest(open: &str, middle: &str, close: &str, times: usize) -> String {
    format!("{}{middle}{}", format!("{open}\n").repeat(times), close.repeat(times))
}

/// Functions that call each other, each from inside its own nesting.
fn javascript_functions(open: &str, close: &str, times: usize) -> String {
    let last = format!("function f20(x) {{ return {}; }}\n", nest(open, "x", close, times));
    let others = (0..20).map(|it| {
        let call = format!("f{}(x)", it + 1);
        format!("function f{it}(x) {{ return {}; }}\n", nest(open, &call, close, times))
    });
    format!("const g = (x) => x;\n{}{last}f0(1);\nexport const y = (req) => f0(req);\n", others.collect::<String>())
}

/// Inside brackets, where a line may end anywhere.
fn python_functions(open: &str, close: &str, times: usize) -> String {
    let last = format!("def f20(x):\n    return {}\n", nest(open, "x", close, times));
    let others = (0..20).map(|it| {
        let call = format!("f{}(x)", it + 1);
        format!("def f{it}(x):\n    return {}\n", nest(open, &call, close, times))
    });
    format!("def g(x):\n    return x\n\n{}{last}\nf0(1)\n", others.collect::<String>())
}

fn python_blocks(head: &str) -> String {
    let functions = (0..20).map(|it| {
        let heads: String = (1..90).map(|level| format!("{}{head}\n", " ".repeat(level))).collect();
        format!("def f{it}(x):\n{heads}{}f{}(x)\n", " ".repeat(90), it + 1)
    });
    format!("{}def f20(x):\n pass\nf0(1)\n", functions.collect::<String>())
}

pub const JAVASCRIPT: &[Case] = &[
    ("calls in calls", || one("a.js", javascript_functions("g(", ")", 200))),
    ("calls of members", || one("a.js", javascript_functions("[].concat(", ")", 100))),
    ("literals", || one("a.js", javascript_functions("[{ a: ", " }]", LEVELS / 2))),
    ("callbacks", || one("a.js", javascript_functions("[1, 2].map((x) => ", ")", LEVELS / 2))),
    ("callbacks of nobody", || one("a.js", javascript_functions("unknown((x) => { ", " })", LEVELS / 2))),
    ("conditions", || one("a.js", javascript_functions("(x ? x : ", ")", 180))),
    ("choices", || one("a.js", javascript_functions("(x && ", ")", 180))),
    ("elements", || one("a.jsx", javascript_functions("<a b={", "}/>", LEVELS / 2))),
    ("immediate functions", || one("a.js", javascript_functions("(() => ", ")()", LEVELS / 3))),
    ("classes in classes", || one("a.js", javascript_functions("new (class { constructor() { this.a = ", " } })", 40))),
    ("templates", || one("a.js", javascript_functions("`${", "}`", LEVELS))),
    ("blocks", || {
        let body = nest("if (x) { try { ", "f1(x)", " } finally {} }", LEVELS / 3);
        one(
            "a.js",
            javascript_functions("g(", ")", 20).replace("function f0(x) {", &format!("function f0(x) {{ {body};")),
        )
    }),
    ("loops", || {
        one("a.js", format!("function f(x) {{ {} }}\nf(1);", nest("for (const y of x) { ", "f(y)", " }", 120)))
    }),
    ("sums", || one("a.js", format!("x = {}1", "1 +\n".repeat(LINKS)))),
    ("tests", || one("a.js", format!("if ({}x) f()", "x &&\n".repeat(LINKS)))),
    ("members", || one("a.js", format!("a{} = 1; if (a{} === 1) f()", "\n.b".repeat(LINKS), "\n.c".repeat(LINKS)))),
    ("promises", || one("a.js", format!("f(){}", "\n.then(g)".repeat(LINKS / 3)))),
    ("negations", || one("a.js", format!("if ({}x) f()", "!\n".repeat(LINKS)))),
    ("patterns", || one("a.js", format!("const {} = f(); g(a)", nest("[", "a", "]", 200)))),
    ("object patterns", || one("a.js", format!("const {} = f(); g(a)", nest("{ b: ", "a", " }", 200)))),
    ("bound functions", || {
        one("a.js", format!("let f = (x) => x;\n{}f(1);\n", "f = f.bind(null, 1);\n".repeat(ROW * 2)))
    }),
    ("a promise of itself", || {
        one("a.js", "let r; const p = new Promise((it) => { r = it; }); r(p); await p; p.a.b;".to_owned())
    }),
    ("deep data", || {
        let deeper = "x = { a: x, b: [x] };\n".repeat(ROW * 3);
        one("a.js", format!("let x = 1;\n{deeper}console.log(JSON.stringify(x)); eval(x);\n"))
    }),
    ("recursion", || {
        one("a.js", "function f(x) { return [x].map((y) => g(y)); } function g(x) { return f(f(x)); } f(1);".to_owned())
    }),
    ("getters", || {
        let getters: String = (0..ROW).map(|it| format!("get a{it}() {{ return this.a{}; }}\n", it + 1)).collect();
        one("a.js", format!("class A {{\n{getters}}}\nnew A().a0;\n"))
    }),
    ("inheritance", || {
        let classes = (1..ROW).map(|it| {
            format!("class C{it} extends C{} {{ constructor(x) {{ super(x); this.x = x; }} m(x) {{ return super.m(x); }} }}\n", it - 1)
        });
        one(
            "a.js",
            format!(
                "class C0 {{ m(x) {{ return x; }} }}\n{}new C{}(1).m(2).nothing();\n",
                classes.collect::<String>(),
                ROW - 1
            ),
        )
    }),
    ("imports, the first file first", || javascript_imports(|it| it)),
    ("imports, the last file first", || javascript_imports(|it| ROW - it)),
    ("imports in a circle", || {
        let file = |it: usize| {
            let next = (it + 1) % ROW;
            let text = format!(
                "import {{ f as g, v as w }} from './m{next}.js';\nexport const v = w;\nexport function f(x) {{ return g(x); }}\nf(1);\n"
            );
            (format!("m{it}.js"), text)
        };
        (0..ROW).map(file).collect()
    }),
    ("required files that call", || {
        let file = |it: usize| {
            let text = format!(
                "const f = require('./m{}.js');\nmodule.exports = (x) => [x].map((y) => f(y));\nmodule.exports(1);\n",
                it + 1
            );
            (format!("m{it}.js"), text)
        };
        (0..ROW).map(file).collect()
    }),
];

pub const PYTHON: &[Case] = &[
    ("calls in calls", || one("a.py", python_functions("g(", ")", 180))),
    ("calls of methods", || one("a.py", python_functions("''.join(", ")", 180))),
    ("literals", || one("a.py", python_functions("[{'a': ", "}]", 90))),
    ("lambdas", || one("a.py", python_functions("(lambda: ", ")()", 60))),
    ("comprehensions", || one("a.py", python_functions("[y for y in ", "]", 90))),
    ("conditions", || one("a.py", python_functions("(x if x else ", ")", 180))),
    ("choices", || one("a.py", python_functions("(x and ", ")", 180))),
    ("callbacks", || one("a.py", python_functions("list(map(lambda x: ", ", [1]))", 60))),
    ("conditions by indentation", || one("a.py", python_blocks("if x:"))),
    ("loops by indentation", || one("a.py", python_blocks("for x in x:"))),
    ("contexts by indentation", || one("a.py", python_blocks("with x as x:"))),
    ("sums", || one("a.py", format!("x = {}1", "1 + ".repeat(LINKS)))),
    ("tests", || one("a.py", format!("if {}x: f()", "x and ".repeat(LINKS)))),
    ("members", || one("a.py", format!("a{} = 1", ".b".repeat(LINKS)))),
    ("unions", || one("a.py", format!("def f(x: int{}): pass", " | int".repeat(60)))),
    ("patterns", || one("a.py", format!("{} = f()", nest("[", "a", "]", 180)))),
    ("decorators", || one("a.py", format!("{}def f(): pass\nf()", "@(lambda f: lambda: f())\n".repeat(ROW)))),
    ("deep data", || one("a.py", format!("x = 1\n{}print(x)\neval(x)\n", "x = {'a': x, 'b': [x]}\n".repeat(ROW * 3)))),
    ("inheritance", || {
        let classes = (1..ROW).map(|it| {
            format!("class C{it}(C{}):\n    def __init__(self, x):\n        super().__init__(x)\n    def m(self, x):\n        return super().m(x)\n", it - 1)
        });
        one("a.py", format!("class C0:\n    pass\n{}C{}(1).m(2).nothing()\n", classes.collect::<String>(), ROW - 1))
    }),
    ("diamonds", || {
        let classes = (1..40).map(|it| {
            let bases = format!("A{0}, B{0}, C{0}, D{0}", it - 1);
            format!("class A{it}({bases}): pass\nclass B{it}({bases}): pass\nclass C{it}({bases}): pass\nclass D{it}({bases}): pass\n")
        });
        let calls = "x.nothing(x.no)\n".repeat(50);
        let roots = "class A0: pass\nclass B0: pass\nclass C0: pass\nclass D0: pass\n";
        one("a.py", format!("{roots}{}x = A39()\n{calls}", classes.collect::<String>()))
    }),
    ("imports, the first file first", || python_imports(|it| it)),
    ("imports, the last file first", || python_imports(|it| ROW - it)),
    ("imports in a circle", || {
        let file = |it: usize| {
            let next = (it + 1) % ROW;
            (
                format!("m{it}.py"),
                format!("from m{next} import f as g, v as w\nv = w\ndef f(x):\n    return g(x)\nf(1)\n"),
            )
        };
        (0..ROW).map(file).collect()
    }),
    ("star imports", || {
        let file = |it: usize| (format!("m{it}.py"), format!("from m{} import *\nf(nothing)\n", it + 1));
        (0..ROW).map(file).collect()
    }),
];

/// The database of the last file reaches the handler of the first one by a thousand imports.
fn javascript_imports(number: fn(usize) -> usize) -> Files {
    let mut files = vec![(
        "package.json".to_owned(),
        "{ \"type\": \"module\", \"dependencies\": { \"express\": \"5\", \"pg\": \"8\" } }".to_owned(),
    )];
    for it in 0..ROW {
        let text =
            format!("import {{ handle as it }} from './m{:04}.js';\nexport const handle = it;\n", number(it + 1));
        files.push((format!("m{:04}.js", number(it)), text));
    }
    let last = "import { Pool } from 'pg';\nexport const handle = new Pool();\n";
    files.push((format!("m{:04}.js", number(ROW)), last.to_owned()));
    let first = format!(
        "import express from 'express';\nimport {{ handle }} from './m{:04}.js';\nconst app = express();\napp.get('/', (req, res) => {{ handle.query(`SELECT ${{req.query.id}}`); }});\n",
        number(0)
    );
    files.push(("app.js".to_owned(), first));
    files
}

fn python_imports(number: fn(usize) -> usize) -> Files {
    let mut files = vec![("requirements.txt".to_owned(), "flask\npsycopg2\n".to_owned())];
    for it in 0..ROW {
        let text = format!("from m{:04} import handle as it\nhandle = it\n", number(it + 1));
        files.push((format!("m{:04}.py", number(it)), text));
    }
    let last = "import psycopg2\nhandle = psycopg2.connect('').cursor()\n";
    files.push((format!("m{:04}.py", number(ROW)), last.to_owned()));
    let first = format!(
        "from flask import Flask, request\nfrom m{:04} import handle\napp = Flask(__name__)\n@app.get('/')\ndef f():\n    handle.execute('SELECT ' + request.args['id'])\n",
        number(0)
    );
    files.push(("app.py".to_owned(), first));
    files
}

//! Text that means to break us. The smallest stack we promise to live in is 1 MB.

use crate::{Language, lower, nesting, print};

const STACK: usize = 1 << 20;

/// A name for the kind of nesting, and the text that nests so many times.
type Nesting = (&'static str, fn(usize) -> String);

const NESTINGS: &[Nesting] = &[
    ("brackets", |n| format!("{}1{}", "(".repeat(n), ")".repeat(n))),
    ("lists", |n| format!("{}1{}", "[".repeat(n), "]".repeat(n))),
    ("dicts", |n| format!("{}1{}", "{1: ".repeat(n), "}".repeat(n))),
    ("calls in calls", |n| format!("{}1{}", "f(".repeat(n), ")".repeat(n))),
    ("indices in indices", |n| format!("{}1{}", "a[".repeat(n), "]".repeat(n))),
    ("open brackets", |n| "(".repeat(n)),
    ("not", |n| format!("{}x", "not ".repeat(n))),
    ("minus", |n| format!("{}1", "-".repeat(n))),
    ("members", |n| format!("a{}", ".b".repeat(n))),
    ("calls", |n| format!("f{}", "()".repeat(n))),
    ("sums", |n| format!("a{}", "+a".repeat(n))),
    ("powers", |n| format!("a{}", "**a".repeat(n))),
    ("powers of negatives", |n| format!("a{}", "**-a".repeat(n))),
    ("or", |n| format!("a{}", " or a".repeat(n))),
    ("comparisons", |n| format!("a{}", " < a".repeat(n))),
    ("conditions", |n| format!("a{}", " if a else a".repeat(n))),
    ("lambdas", |n| format!("{}1", "lambda: ".repeat(n))),
    ("assignments", |n| format!("{}1", "a = ".repeat(n))),
    ("await", |n| format!("{}a", "await ".repeat(n))),
    ("elif", |n| format!("if a: pass\n{}", "elif a: pass\n".repeat(n))),
    ("functions", |n| {
        (0..n).map(|it| format!("{}def f():\n", " ".repeat(it))).collect::<String>() + &" ".repeat(n) + "pass"
    }),
    ("conditions by indentation", |n| {
        (0..n).map(|it| format!("{}if a:\n", " ".repeat(it))).collect::<String>() + &" ".repeat(n) + "pass"
    }),
    ("classes", |n| {
        (0..n).map(|it| format!("{}class C:\n", "\t".repeat(it))).collect::<String>() + &"\t".repeat(n) + "pass"
    }),
    ("f-strings", |n| format!("{}x{}", "f'{".repeat(n), "}'".repeat(n))),
    ("format directives", |n| format!("f'{}x{}'", "{x:".repeat(n), "}".repeat(n))),
    ("targets", |n| format!("{}a{} = b", "[".repeat(n), "]".repeat(n))),
    ("comprehensions", |n| format!("{}a{}", "[".repeat(n), " for a in a]".repeat(n))),
    ("patterns", |n| format!("match a:\n case {}b{}: pass", "[".repeat(n), "]".repeat(n))),
    ("string annotations", |n| format!("x: '{}int{}'", "list[".repeat(n), "]".repeat(n))),
    ("unions", |n| format!("x: int{}", " | int".repeat(n))),
];

fn in_small_stack(name: &str, text: String) {
    let size = text.len();
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let module = lower(&text, Language::Python);
        print(&module).len()
    });
    assert!(thread.expect("a thread can be started").join().is_ok(), "{name}, {size} bytes");
}

/// The most levels that the scan before parsing lets through.
fn deepest(text: fn(usize) -> String) -> usize {
    let (mut low, mut high) = (1usize, 20_000usize);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if nesting::too_deep(&text(middle), Language::Python) {
            high = middle - 1;
        } else {
            low = middle;
        }
    }
    low
}

#[test]
fn the_deepest_nesting_that_is_parsed_fits_in_a_small_stack() {
    for (name, text) in NESTINGS {
        let levels = deepest(*text);
        in_small_stack(name, text(levels));
    }
}

#[test]
fn what_nests_deeper_is_refused_and_says_so() {
    let text = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    let module = lower(&text, Language::Python);
    assert!(module.repaired);
    assert_eq!(module.problems[0].message, "nested too deep to be read");
}

#[test]
fn no_text_is_too_odd() {
    for text in [
        "",
        "\0",
        "\u{feff}x = 1",
        "\r\r\n\n",
        "\\",
        "'",
        "\"\"\"",
        "f'{",
        "f'{x",
        "f'{x:{",
        "t'{'",
        "(",
        "def",
        "class",
        "lambda",
        "import",
        "from",
        "from . import",
        "import a.",
        "x = ",
        "x.",
        "x[",
        "@",
        "del",
        "global",
        "nonlocal x",
        "match x:\n case",
        "except:",
        "else:",
        "    x",
        "try:",
        "with",
        "async",
        "await",
        "yield",
        "return",
        "*",
        "**x",
        "x: ''",
        "x: '('",
        "def f(x: 'a b'): pass",
        "print ",
        "print >>",
        "`",
        "``",
        "0777",
        "10L",
        "a <>",
        "raise a, b",
        "'%' % x",
        "'%(' % x",
        "'%(a' % x",
        "'{' .format()",
        "'{}'.format()",
        "'{a.}'.format(a=1)",
        "'{a[}'.format(a=1)",
        "'{a[}'.format(a=1)",
        "'{0.}{0[]}'.format(a)",
        "'{é.ü}'.format(é=1)",
        "'%é' % x",
        "super()",
        "class C: x = x",
        "class C:\n  global y\n  y = 1\n  nonlocal z\n  z = 1",
        "def f():\n  nonlocal q\n  def q(): pass\n  import q",
        "[x for x in x for x in x]",
        "[(x := 1) for x in y]",
        "class C: [y := 1 for z in a]",
        "def f(a, a): pass",
        "type X[T: (int, str) = int] = T",
        "x = 1e400",
        "x = 0b2",
        "é = 'ü' % ß",
        "𝔘 = 1",
        "if x:\n\ty\n        z",
    ] {
        in_small_stack(text, text.to_owned());
    }
}

/// Each is one thing many times over; the time to read it must not grow with the square of its length.
#[test]
fn long_texts_take_no_longer_than_their_length() {
    const TIMES: usize = 10_000;
    for piece in
        ["`x` ", "print x\n", "'", "\"\"\" def\n", "(a, b) -> ", "0777 ", "\\\n", "class C: x = x\n", "if x: y = `z`;"]
    {
        let text = piece.repeat(TIMES);
        let size = text.len();
        let module = lower(&text, Language::Python);
        assert!(module.exprs.len() < size * 2, "{piece:?}");
    }
}

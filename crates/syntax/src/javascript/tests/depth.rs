use super::{lower, module};
use crate::{Language, nesting};

/// What lowering may use at the limit.
const STACK: usize = 1 << 20;

/// What repeats, and what makes the whole a program: the text is `start + open * n + middle + close * n + end`.
const HOSTILE: &[(&str, &str, &str, &str, &str)] = &[
    ("x=", "(", "a", ")", ""),
    ("x=", "[", "a", "]", ""),
    ("x=", "[[a],", "a", "]", ""),
    ("", "{", "", "}", ""),
    ("x=", "{a:", "a", "}", ""),
    ("x=", "f(", "a", ")", ""),
    ("x=", "a[", "a", "]", ""),
    ("x=", "()=>{", "", "}", ""),
    ("", "function f(){", "", "}", ""),
    ("", "async()=>{await f(", "", ")}", ""),
    ("x=", "function(){return ", "a", "}", ""),
    ("x=", "class{a=", "b", "}", ""),
    ("", "class A{m(){", "", "}}", ""),
    ("x=", "class extends ", "A", "{}", ""),
    ("x=", "(a,b,c=", "1", ")=>1", ""),
    ("", "if(a){", "", "}", ""),
    ("", "try{", "", "}catch{}", ""),
    ("", "switch(a){case 1:", "", "}", ""),
    ("", "for(;;){", "", "}", ""),
    ("", "if(a)", "b", "", ""),
    ("", "if(a)b;else ", "c", "", ""),
    ("", "for(;;)", "b", "", ""),
    ("", "do ", "b;", " while(a);", ""),
    ("", "a:", "b", "", ""),
    ("x=", "!", "a", "", ""),
    ("x=", "- ", "a", "", ""),
    ("x=", "typeof ", "a", "", ""),
    ("x=", "new ", "A", "", ""),
    ("async()=>", "await ", "a", "", ""),
    ("", "async a=>", "b", "", ""),
    ("", "a=>", "b", "", ""),
    ("", "a=", "b", "", ""),
    ("", "a+", "b", "", ""),
    ("", "a**", "b", "", ""),
    ("", "a?b:", "c", "", ""),
    ("", "a?", "b", ":c", ""),
    ("", "a&&", "b", "", ""),
    ("", "a??", "b", "", ""),
    ("", "a||(", "b", ")", ""),
    ("a", ".b", "", "", ""),
    ("a", "?.b", "", "", ""),
    ("a", "()", "", "", ""),
    ("a", "[0]", "", "", ""),
    ("a", ".b()", "", "", ""),
    ("a", "``", "", "", ""),
    ("x=", "`${", "a", "}`", ""),
    ("", "<a>", "", "</a>", ""),
    ("", "<a b={", "c", "}/>", ""),
    ("", "<a>{", "c", "}</a>", ""),
    ("var ", "[", "a", "]", "=b"),
    ("var ", "{a:", "b", "}", "=c"),
    ("", "[a=", "b", "]=c", ""),
    ("(", "{a:", "b", "}", "=c)"),
    ("x=", "import(", "a", ")", ""),
];

const HOSTILE_TYPES: &[(&str, &str, &str, &str, &str)] = &[
    ("let x:", "A<", "a", ">", ""),
    ("let x:", "A<b,", "a", ">", ""),
    ("let x:", "{a:", "b", "}", ""),
    ("let x:", "[", "b", "]", ""),
    ("let x:", "(", "b", ")", ""),
    ("let x:", "(a:", "b", ")=>c", ""),
    ("let x:", "()=>", "b", "", ""),
    ("let x:", "A extends B?C:", "b", "", ""),
    ("let x:", "keyof ", "b", "", ""),
    ("let x:A", "[]", "", "", ""),
    ("let x:A", "[b]", "", "", ""),
    ("let x:", "A|(", "b", ")", ""),
    ("x=a", " as A", "", "", ""),
    ("x=a", "!", "", "", ""),
    ("x=", "<A>", "a", "", ""),
    ("", "namespace A{", "", "}", ""),
    ("let x:A", ".B", "", "", ""),
    ("enum A{b=", "- ", "1", "", "}"),
    ("", "function f(a=", "b", "){}", ""),
];

fn program(it: &(&str, &str, &str, &str, &str), n: usize) -> String {
    let (start, open, middle, close, end) = it;
    format!("{start}{}{middle}{}{end}", open.repeat(n), close.repeat(n))
}

/// The largest program of its kind that the scan lets pass.
fn deepest(it: &(&str, &str, &str, &str, &str), language: Language) -> String {
    let (mut low, mut high) = (1, 1 << 16);
    while low + 1 < high {
        let middle = (low + high) / 2;
        if nesting::too_deep(&program(it, middle), language) { high = middle } else { low = middle }
    }
    assert!(low < 1 << 15, "nothing limits {it:?}");
    program(it, low)
}

fn survives(cases: &'static [(&str, &str, &str, &str, &str)], language: Language) {
    let run = move || {
        for case in cases {
            let text = deepest(case, language);
            let module = lower(&text, language);
            assert!(module.problems.is_empty(), "{case:?}: {:?}", module.problems);
            // Nor does mending take more.
            assert!(lower(&format!("{text}\n)(;"), language).repaired, "{case:?}");
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread can be made");
    thread.join().expect("the deepest programs fit");
}

#[test]
fn the_deepest_programs_fit_in_a_small_stack() {
    survives(HOSTILE, Language::JavaScript);
    survives(HOSTILE_TYPES, Language::TypeScript);
}

#[test]
fn what_nests_deeper_is_not_read() {
    for text in ["(".repeat(100_000), "<a>".repeat(100_000), "a+".repeat(100_000)] {
        let module = module(&text);
        assert!(module.repaired);
        assert_eq!(module.problems.len(), 1);
        assert!(module.exprs.is_empty());
    }
}

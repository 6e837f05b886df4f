//! Real files, each with one careless edit: most of their calls stay visible. The files are those that every machine
//! of ours has: Python's own library, and what npm consists of.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backend_specialist_syntax::ir::{Expr, Module};
use backend_specialist_syntax::{Language, decode, lower};

const FILES: usize = 300;
/// The least share of the calls that must be seen, in percent.
const SEEN_MIN: usize = 85;
/// Smaller files have hardly any calls, larger ones take long.
const SIZES: std::ops::Range<usize> = 1_000..60_000;
/// Edits tried until one breaks the syntax.
const TRIES: usize = 100;
const TYPED: [&str; 16] = ["(", ")", "[", "]", "{", "}", "\"", "'", "`", ":", ",", ".", "=", "#", "x", "if "];

/// Numbers that are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

/// What a command prints: a folder.
fn folder(program: &str, args: &[&str]) -> PathBuf {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("this test needs `{program}`: {error}"));
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert!(!printed.is_empty(), "`{program} {}` prints no folder", args.join(" "));
    PathBuf::from(printed)
}

/// The sources below the folder, in the order of their paths.
fn sources(folder: &Path, ending: &str, left_out: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        let Ok(entries) = fs::read_dir(&at) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() && !left_out.iter().any(|it| name == *it) {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text with a character removed, typed or replaced, or a line that ends early.
fn edited(text: &str, dice: &mut Dice) -> String {
    let mut at = dice.below(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let rest = &after[after.chars().next().map_or(0, char::len_utf8)..];
    let typed = TYPED[dice.below(TYPED.len())];
    match dice.below(4) {
        0 => format!("{before}{rest}"),
        1 => format!("{before}{typed}{after}"),
        2 => format!("{before}{typed}{rest}"),
        _ => format!("{before}{}", &after[after.find('\n').unwrap_or(0)..]),
    }
}

/// What is called, as written, and how often.
fn calls(module: &Module, text: &str) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for expr in &module.exprs {
        if let Expr::Call { callee, .. } = expr {
            let span = module.expr_span(*callee);
            let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
            *all.entry(written.to_owned()).or_default() += 1;
        }
    }
    all
}

#[track_caller]
fn check(mut files: Vec<PathBuf>, language: Language) {
    let mut dice = Dice(2026);
    let (mut seen, mut all, mut broken) = (0, 0, 0);
    while broken < FILES {
        assert!(!files.is_empty(), "only {broken} files were found");
        let path = files.swap_remove(dice.below(files.len()));
        let Ok(bytes) = fs::read(&path) else { continue };
        if !SIZES.contains(&bytes.len()) {
            continue;
        }
        let text = decode(&bytes).text;
        let sound = lower(&text, language);
        if sound.repaired {
            continue;
        }
        let variant = (0..TRIES).map(|_| edited(&text, &mut dice)).find(|it| lower(it, language).repaired);
        let Some(variant) = variant else { continue };
        let (before, after) = (calls(&sound, &text), calls(&lower(&variant, language), &variant));
        broken += 1;
        all += before.values().sum::<usize>();
        seen += before.iter().map(|(name, count)| after.get(name).map_or(0, |it| *count.min(it))).sum::<usize>();
    }
    println!("{seen} of {all} calls are seen");
    assert!(seen * 100 >= all * SEEN_MIN, "{seen} of {all} calls are seen");
}

#[test]
fn broken_python_keeps_its_calls() {
    let library = folder("python3", &["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]);
    // Its own tests hold files that are broken by intention, and packages differ from machine to machine.
    check(sources(&library, "py", &["test", "tests", "lib2to3", "site-packages", "dist-packages"]), Language::Python);
}

#[test]
fn broken_javascript_keeps_its_calls() {
    let npm = folder("npm", &["root", "--global"]).join("npm");
    check(sources(&npm, "js", &["test", "tests", "docs"]), Language::JavaScript);
}

//! Text in Rust code: names of libraries and languages belong to data and to the syntax crate.

use std::collections::BTreeSet;

use super::Text;

/// Libraries that are called like a file format or a word of our own data; there the word is meant, not the library.
const ORDINARY_WORDS: &[&str] = &["executor", "invoke", "markdown", "toml"];

/// Names of libraries that stand as literals in the checker.
pub(super) fn libraries(core: &[&Text], libraries: &BTreeSet<String>) -> Vec<String> {
    let is_library = |it: &str| libraries.contains(it) && !ORDINARY_WORDS.contains(&it);
    named(core, |_, literal, _| is_library(literal), "is a library: it belongs to crates/core/models")
}

/// Names of languages that stand as literals where only models and module resolution may know them.
pub(super) fn languages(core: &[&Text]) -> Vec<String> {
    let may_know = |path: &str| ["model/", "link/"].iter().any(|it| path.starts_with(&format!("crates/core/src/{it}")));
    let is_language = |literal: &str| matches!(literal, "javascript" | "typescript" | "python");
    // A long line of literals is a list of words: programs, file endings.
    let is_wrong = |path: &str, literal: &str, on_line| on_line < 4 && !may_know(path) && is_language(literal);
    named(core, is_wrong, "is a language: ask `Semantics` instead")
}

fn named(files: &[&Text], is_wrong: impl Fn(&str, &str, usize) -> bool, why: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| !is_test(&file.path)) {
        let literals = of(without_tests(&file.text));
        for (line, literal) in &literals {
            let on_line = literals.iter().filter(|(other, _)| other == line).count();
            if is_wrong(&file.path, literal, on_line) {
                problems.push(format!("{}:{line}: `{literal}` {why}", file.path));
            }
        }
    }
    problems
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// The text up to the module of unit tests, which stands last.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

/// Every string literal with its line; comments do not count. Escapes stay as they are written.
pub(super) fn of(text: &str) -> Vec<(usize, String)> {
    let bytes = text.as_bytes();
    let mut literals = Vec::new();
    let mut at = 0;
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    while at < bytes.len() {
        let rest = &text[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(hashes) = raw_start(text, at) {
            let open = at + 2 + hashes;
            let close = format!("\"{}", "#".repeat(hashes));
            let len = text[open..].find(&close).unwrap_or(text.len() - open);
            literals.push((line(at), text[open..open + len].to_owned()));
            at = (open + len + close.len()).min(text.len());
        } else if bytes[at] == b'"' {
            let len = plain_len(&bytes[at + 1..]);
            literals.push((line(at), text[at + 1..at + 1 + len].to_owned()));
            at += len + 2;
        } else if bytes[at] == b'\'' {
            at += char_len(rest);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    literals
}

/// The number of hashes of a raw string that begins here.
fn raw_start(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix('r')?;
    let inside_word = text[..at].chars().next_back().is_some_and(|it| it == '_' || it.is_alphanumeric() && it != 'b');
    let hashes = rest.bytes().take_while(|it| *it == b'#').count();
    (!inside_word && rest.as_bytes().get(hashes) == Some(&b'"')).then_some(hashes)
}

fn plain_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// A character literal as a whole, or the quote of a lifetime.
fn char_len(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[3..].find('\'').map_or(1, |end| end + 4),
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_and_comments_are_not() {
        let text = "// \"no\"\nlet a = \"one\"; /* \"no\" */ let b = r#\"two \"x\"\"#;\nlet c = '\"'; let d: &'static str = \"th\\\"ree\";\nlet e = b\"four\"; let f = '\\''; let g = \"\";";
        let found = of(text);
        let expected = [(2, "one"), (2, "two \"x\""), (3, "th\\\"ree"), (4, "four"), (4, "")];
        assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn names_of_libraries_and_languages_are_reported_with_their_line() {
        let text = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
        let files = [
            text("crates/core/src/flow/a.rs", "x;\nif name == \"express\" || l == \"python\" {}"),
            text("crates/core/src/link/b.rs", "if l == \"python\" {} // \"express\""),
            text("crates/core/src/flow/c.rs", "x;\n#[cfg(test)]\nmod tests {\n f(\"express\")"),
        ];
        let files: Vec<&Text> = files.iter().collect();
        let names = BTreeSet::from(["express".to_owned()]);
        let why = "`express` is a library: it belongs to crates/core/models";
        assert_eq!(libraries(&files, &names), [format!("crates/core/src/flow/a.rs:2: {why}")]);
        let why = "`python` is a language: ask `Semantics` instead";
        assert_eq!(languages(&files), [format!("crates/core/src/flow/a.rs:2: {why}")]);
    }
}

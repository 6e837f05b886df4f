//! Paths in documents: each must exist.

use std::path::Path;

use anyhow::Result;

use super::texts;

/// Paths in backquotes that begin in a folder of the repository and do not exist.
pub(super) fn missing_paths(root: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for it in texts(root, ".", "md")? {
        let document = it.path.trim_start_matches("./");
        // A page shows code of projects that are not here.
        if document.starts_with("crates/core/src/rules/") || document.starts_with("docs/rules/") {
            continue;
        }
        for (line, path) in paths(&it.text) {
            if !root.join(&path).exists() {
                problems.push(format!("{document}:{line}: `{path}` does not exist"));
            }
        }
    }
    Ok(problems)
}

const FOLDERS: &[&str] = &["crates/", "docs/", "tests/", "pkg/", "playground/", ".github/", ".ci/"];

/// What looks like a path of the repository, with its line. Patterns and placeholders do not.
fn paths(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_fence = false;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            in_fence = !in_fence;
        }
        let words = line.split('`').skip(1).step_by(2).filter(|_| !in_fence);
        for word in words {
            let is_path = FOLDERS.iter().any(|folder| word.starts_with(folder));
            if is_path && !word.contains(|it: char| it.is_whitespace() || "*<>{}…$".contains(it)) {
                let path = word.split(['#', ':']).next().unwrap_or(word);
                found.push((index + 1, path.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_other_words() {
        let text = "See `crates/core/src/lib.rs:12` and `docs/x.md#part`.\n`crates/<name>/x` `cargo xtask` `docs/*.md`\n```\n`docs/y`\n```\n";
        let found = paths(text);
        assert_eq!(found, [(1, "crates/core/src/lib.rs".to_owned()), (1, "docs/x.md".to_owned())]);
    }
}

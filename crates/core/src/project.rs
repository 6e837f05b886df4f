//! The input: files as a door hands them over, and which ones it should.

use backend_specialist_syntax::{Language, decode, lower};

use crate::paths::{any_matches, file_facts};

/// One file. The path is relative to the project's root and has `/` everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub path: String,
    pub bytes: Vec<u8>,
}

/// All files of a project, in the order of their paths: a [`crate::FileId`] is an index here.
#[derive(Clone, Debug, Default)]
pub struct Project {
    files: Vec<SourceFile>,
}

impl Project {
    /// Sorts the files by path; of two with the same path the first stays.
    pub fn new(mut files: Vec<SourceFile>) -> Project {
        for file in &mut files {
            if file.path.contains('\\') || file.path.starts_with("./") {
                file.path = normalized(&file.path);
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|b, a| a.path == b.path);
        Project { files }
    }

    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// A file's text as findings' positions count in it.
    pub fn text(&self, path: &str) -> Option<String> {
        let index = self.files.binary_search_by(|it| it.path.as_str().cmp(path)).ok()?;
        Some(decode(&self.files[index].bytes).text)
    }
}

/// A path as it stands in reports.
pub(crate) fn normalized(path: &str) -> String {
    path.replace('\\', "/").trim_start_matches("./").to_string()
}

/// Whether a door should hand this file over: a source, a manifest, a lock file, settings, a schema, a template.
pub fn wanted(path: &str) -> bool {
    Language::from_path(path).is_some() || any_matches(&file_facts().wanted, path)
}

/// Whether a door should not even enter this folder: installed packages, caches, version control.
pub fn pruned(folder: &str) -> bool {
    any_matches(&file_facts().pruned, folder)
}

/// A name for a text without one: of the language that reads it with fewer problems.
pub fn guess_name(bytes: &[u8]) -> &'static str {
    let text = decode(bytes).text;
    let problems = |language| {
        let module = lower(&text, language);
        module.problems.len() + usize::from(module.repaired)
    };
    if problems(Language::Python) < problems(Language::Tsx) { "stdin.py" } else { "stdin.tsx" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_and_the_first_of_two_stays() {
        let file = |path: &str, text: &str| SourceFile { path: path.into(), bytes: text.into() };
        let project = Project::new(vec![file("b.js", "1"), file(".\\a\\x.py", "2"), file("b.js", "3")]);
        let seen: Vec<_> = project.files().iter().map(|it| (it.path.as_str(), it.bytes.as_slice())).collect();
        assert_eq!(seen, [("a/x.py", b"2".as_slice()), ("b.js", b"1".as_slice())]);
    }

    #[test]
    fn what_a_door_hands_over() {
        assert!(wanted("src/app.ts"));
        assert!(wanted("requirements/dev.txt"));
        assert!(!wanted("image.png"));
        assert!(pruned("packages/api/node_modules"));
        assert!(!pruned("packages/api"));
    }
}

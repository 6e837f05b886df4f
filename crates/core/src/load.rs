//! Files to text and IR: decoding, leaving out what is not the project's own work, lowering.

use backend_specialist_syntax::ir::Module;
use backend_specialist_syntax::{Language, decode, lower};

use crate::FileId;
use crate::config::{Config, FILE_SIZE_MAX};
use crate::finding::{Problem, ProblemKind};
use crate::paths::{Glob, any_matches, file_facts};
use crate::project::{Project, SourceFile};

/// Lines at the top of a file among which a mark of a generator is looked for.
const GENERATED_MARK_LINES: usize = 12;
/// A script shorter than this is never taken for minified.
const MINIFIED_BYTES_MIN: usize = 5_000;
/// Bytes per line, on average, above which a script may be minified.
const MINIFIED_LINE_BYTES: usize = 300;
/// Syntax problems kept of one file.
const SYNTAX_PROBLEMS_MAX: usize = 3;

/// One file of the project, in the order of [`Project::files`].
#[derive(Debug)]
pub struct LoadedFile {
    pub path: String,
    /// Empty for a file that was left out.
    pub text: String,
    pub language: Option<Language>,
    /// Sources only.
    pub module: Option<Module>,
    /// It tests, by its path or by what it imports.
    pub is_test: bool,
    pub problems: Vec<Problem>,
    /// Left out: nothing of it is known.
    pub skipped: bool,
}

/// The project as the engine sees it.
#[derive(Debug)]
pub struct Loaded {
    pub files: Vec<LoadedFile>,
}

impl Loaded {
    pub fn file(&self, id: FileId) -> &LoadedFile {
        &self.files[id.0 as usize]
    }
}

pub fn load(project: &Project, config: &Config) -> Loaded {
    let excluded: Vec<Glob> = config.exclude.iter().map(|it| Glob::new(it)).collect();
    let one = |(index, file): (usize, &SourceFile)| load_file(FileId(index as u32), file, config, &excluded);
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        Loaded { files: project.files().par_iter().enumerate().map(one).collect() }
    }
    #[cfg(not(feature = "parallel"))]
    {
        Loaded { files: project.files().iter().enumerate().map(one).collect() }
    }
}

fn load_file(id: FileId, source: &SourceFile, config: &Config, excluded: &[Glob]) -> LoadedFile {
    let mut file = LoadedFile {
        path: source.path.clone(),
        text: String::new(),
        language: Language::from_path(&source.path),
        module: None,
        is_test: any_matches(&file_facts().test, &source.path),
        problems: Vec::new(),
        skipped: false,
    };
    let note = |kind, message: String| Problem { kind, file: id, span: None, message };
    if any_matches(excluded, &source.path) {
        file.skipped = true;
        return file;
    }
    // Lock files are large and cheap.
    let size_max = if file.language.is_some() { config.file_size_max() } else { FILE_SIZE_MAX };
    if source.bytes.len() as u64 > size_max {
        file.skipped = true;
        let message = format!("skipped: larger than `max-file-size` ({size_max} bytes)");
        file.problems.push(note(ProblemKind::Limit, message));
        return file;
    }
    let decoded = decode(&source.bytes);
    if let Some(language) = file.language {
        if let Some(why) = foreign(&source.path, &decoded.text, language) {
            file.skipped = true;
            file.problems.push(note(ProblemKind::Skipped, format!("skipped: {why}")));
            return file;
        }
        if let Some(problem) = decoded.problem {
            file.problems.push(note(ProblemKind::Syntax, problem.to_string()));
        }
        let module = lower(&decoded.text, language);
        for problem in module.problems.iter().take(SYNTAX_PROBLEMS_MAX) {
            file.problems.push(Problem {
                kind: ProblemKind::Syntax,
                file: id,
                span: Some(problem.span),
                message: problem.message.clone(),
            });
        }
        file.is_test = file.is_test || imports_tests(&module);
        file.module = Some(module);
    }
    file.text = decoded.text;
    file
}

/// Why a source is not the project's own work, if it is not.
fn foreign(path: &str, text: &str, language: Language) -> Option<&'static str> {
    let facts = file_facts();
    if any_matches(&facts.vendored, path) {
        return Some("somebody else's code (vendored)");
    }
    if any_matches(&facts.minified, path) || (language != Language::Python && looks_minified(text)) {
        return Some("minified code");
    }
    (any_matches(&facts.generated, path) || says_generated(text)).then_some("generated code")
}

fn looks_minified(text: &str) -> bool {
    if text.len() < MINIFIED_BYTES_MIN {
        return false;
    }
    let lines = text.bytes().filter(|&it| it == b'\n').count() + 1;
    let blanks = text.bytes().filter(u8::is_ascii_whitespace).count();
    text.len() / lines > MINIFIED_LINE_BYTES && blanks * 10 < text.len()
}

/// A comment line at the top that carries a generator's mark.
fn says_generated(text: &str) -> bool {
    text.lines().take(GENERATED_MARK_LINES).any(|line| {
        let line = line.trim_start();
        let is_comment = ["//", "#", "*", "/*", "\"\"\""].iter().any(|it| line.starts_with(it));
        if !is_comment {
            return false;
        }
        let lower = line.to_lowercase();
        file_facts().generated_marks.iter().any(|it| lower.contains(it))
    })
}

fn imports_tests(module: &Module) -> bool {
    module.imports.iter().any(|import| {
        let name = module.name(import.specifier);
        import.level == 0
            && file_facts().test_imports.iter().any(|it| match name.strip_prefix(it) {
                Some(rest) => rest.is_empty() || rest.starts_with(['/', '.']),
                None => false,
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, config: &Config, problem: Option<&str>) {
        let project = Project::new(vec![SourceFile { path: path.into(), bytes: text.into() }]);
        let loaded = load(&project, config);
        let file = loaded.file(FileId(0));
        assert_eq!(file.problems.first().map(|it| it.message.as_str()), problem);
        assert_eq!(file.skipped, problem.is_some());
    }

    #[test]
    fn what_is_left_out_is_said() {
        let config = Config::default();
        check("a.js", "let a = 1;\n", &config, None);
        check("lib/jquery.min.js", "let a = 1;", &config, Some("skipped: minified code"));
        check("a.js", &"a(1);".repeat(2000), &config, Some("skipped: minified code"));
        check("api.ts", "// Code generated by x. DO NOT EDIT.\n", &config, Some("skipped: generated code"));
        check("x_pb2.py", "", &config, Some("skipped: generated code"));
        check("third_party/a.py", "", &config, Some("skipped: somebody else's code (vendored)"));
        let small = Config { max_file_size: 3, ..Config::default() };
        check("a.js", "12345", &small, Some("skipped: larger than `max-file-size` (3 bytes)"));
    }

    #[test]
    fn a_mark_inside_code_is_no_mark() {
        check("a.js", "const s = 'do not edit';\n", &Config::default(), None);
    }
}

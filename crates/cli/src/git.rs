//! What a change introduced: the project as it was, told by git, beside the project as it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use backend_specialist_core::project::{Project, SourceFile, wanted};

use crate::fault::Fault;
use crate::names::{absolute, below};

/// Branches that a change is taken to go to when none is named, the first that exists.
const MAIN_BRANCHES: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// Two states of one project.
#[derive(Debug)]
pub struct Change {
    pub before: Project,
    pub after: Project,
}

/// From where `reference` and the current commit parted to the files as they lie there.
pub fn since(root: &Path, project: &Project, reference: &str) -> Result<Change, Fault> {
    let git = Git::new(root)?;
    let base = git.merge_base(reference)?;
    let mut before = files_of(project);
    for (path, _) in
        git.changes(&["diff", "--no-ext-diff", "--no-textconv", "--name-status", "--no-renames", "-z", &base, "--"])?
    {
        replace(&mut before, &git, &path, &base)?;
    }
    for path in git.untracked()? {
        before.remove(&path);
    }
    Ok(Change { before: project_of(before), after: project.clone() })
}

/// What became of a project since a commit, and the files that were only renamed: old name to new.
pub fn since_commit(git: &Git, project: &Project, base: &str) -> Result<(Project, BTreeMap<String, String>), Fault> {
    let mut before = files_of(project);
    for (path, _) in
        git.changes(&["diff", "--no-ext-diff", "--no-textconv", "--name-status", "--no-renames", "-z", base, "--"])?
    {
        replace(&mut before, git, &path, base)?;
    }
    for path in git.untracked()? {
        before.remove(&path);
    }
    Ok((project_of(before), git.renames(base)?))
}

/// From the current commit to what is staged.
pub fn staged(root: &Path, project: &Project) -> Result<Change, Fault> {
    let git = Git::new(root)?;
    let mut after = files_of(project);
    for path in git.untracked()? {
        after.remove(&path);
    }
    // What lies there but is not staged is no part of either state.
    for (path, _) in
        git.changes(&["diff", "--no-ext-diff", "--no-textconv", "--name-status", "--no-renames", "-z", "--"])?
    {
        replace(&mut after, &git, &path, "")?;
    }
    let mut before = after.clone();
    for (path, _) in git.changes(&[
        "diff",
        "--no-ext-diff",
        "--no-textconv",
        "--cached",
        "--name-status",
        "--no-renames",
        "-z",
        "--",
    ])? {
        replace(&mut before, &git, &path, "HEAD")?;
    }
    Ok(Change { before: project_of(before), after: project_of(after) })
}

type Files = BTreeMap<String, Vec<u8>>;

fn files_of(project: &Project) -> Files {
    project.files().iter().map(|it| (it.path.clone(), it.bytes.clone())).collect()
}

fn project_of(files: Files) -> Project {
    Project::new(files.into_iter().map(|(path, bytes)| SourceFile { path, bytes }).collect())
}

/// The file as the tree has it (the index for an empty name), or none if it is not there.
fn replace(files: &mut Files, git: &Git, path: &str, tree: &str) -> Result<(), Fault> {
    if !wanted(path) {
        return Ok(());
    }
    match git.file(tree, path)? {
        Some(bytes) => files.insert(path.to_string(), bytes),
        None => files.remove(path),
    };
    Ok(())
}

/// A repository and the project inside of it.
#[derive(Debug)]
pub struct Git {
    /// Where the commands run: the project's root.
    root: PathBuf,
    /// The root as seen from the top of the repository, with `/` at its end unless it is the top.
    pub prefix: String,
}

impl Git {
    pub fn new(root: &Path) -> Result<Git, Fault> {
        let mut git = Git { root: root.to_path_buf(), prefix: String::new() };
        let top = git.text(&["rev-parse", "--show-toplevel"])?;
        let real = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let top = absolute(root, Path::new(&top));
        let top = std::fs::canonicalize(&top).unwrap_or(top);
        git.prefix = match below(&top, &real) {
            Some(it) if !it.is_empty() => format!("{it}/"),
            _ => String::new(),
        };
        Ok(git)
    }

    fn merge_base(&self, reference: &str) -> Result<String, Fault> {
        let found;
        let reference = if reference.is_empty() {
            let exists =
                |it: &&&str| self.run(&["rev-parse", "--verify", "--quiet", &format!("{it}^{{commit}}")]).is_ok();
            found = MAIN_BRANCHES.iter().find(exists).copied();
            found.ok_or_else(|| {
                Fault::new("no main branch to compare with").help("name the branch or commit: `--diff=REF`")
            })?
        } else {
            reference
        };
        if reference.starts_with('-') {
            return Err(Fault::new(format!("`{reference}` is no branch or commit")));
        }
        self.text(&["merge-base", reference, "HEAD"]).map_err(|_| {
            Fault::new(format!("`{reference}` and the current commit have no common history"))
                .help("fetch the branch with its history (in a workflow: `fetch-depth: 0`), or name another with `--diff=REF`")
        })
    }

    /// Paths below the root and their status letter.
    fn changes(&self, args: &[&str]) -> Result<Vec<(String, char)>, Fault> {
        let out = self.run(args)?;
        let mut fields = out.split(|&it| it == 0).map(String::from_utf8_lossy);
        let mut changes = Vec::new();
        while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
            if let (Some(letter), Some(path)) = (status.chars().next(), path.strip_prefix(&self.prefix)) {
                changes.push((path.to_string(), letter));
            }
        }
        Ok(changes)
    }

    fn untracked(&self) -> Result<Vec<String>, Fault> {
        let out = self.run(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        let names = out.split(|&it| it == 0).filter(|it| !it.is_empty());
        Ok(names.map(|it| String::from_utf8_lossy(it).into_owned()).collect())
    }

    /// From their old names to their new ones, both below the root.
    fn renames(&self, base: &str) -> Result<BTreeMap<String, String>, Fault> {
        let out = self.run(&[
            "diff",
            "--no-ext-diff",
            "--no-textconv",
            "--name-status",
            "--find-renames",
            "--diff-filter=R",
            "-z",
            base,
            "--",
        ])?;
        let mut fields = out.split(|&it| it == 0).map(String::from_utf8_lossy);
        let mut renames = BTreeMap::new();
        while let (Some(_), Some(old), Some(new)) = (fields.next(), fields.next(), fields.next()) {
            if let (Some(old), Some(new)) = (old.strip_prefix(&self.prefix), new.strip_prefix(&self.prefix)) {
                renames.insert(old.to_string(), new.to_string());
            }
        }
        Ok(renames)
    }

    pub fn file(&self, tree: &str, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        let name = format!("{tree}:{}{path}", self.prefix);
        match self.run(&["cat-file", "-t", &name]) {
            Ok(kind) if kind.starts_with(b"blob") => self.run(&["cat-file", "blob", &name]).map(Some),
            _ => Ok(None),
        }
    }

    pub fn text(&self, args: &[&str]) -> Result<String, Fault> {
        Ok(String::from_utf8_lossy(&self.run(args)?).trim_end().to_string())
    }

    pub fn run(&self, args: &[&str]) -> Result<Vec<u8>, Fault> {
        let output = Command::new("git")
            .args(["-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
            .args(args)
            .current_dir(&self.root)
            .output()
            .map_err(|it| {
                Fault::new(format!("cannot run git: {it}")).help("`--diff` and `--staged` ask git what changed")
            })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ");
        Err(Fault::new(format!("git {}: {said}", args[0])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository whose project is its folder `api`.
    struct Repository(PathBuf);

    impl Repository {
        fn new(name: &str) -> Repository {
            let top = std::env::temp_dir().join(format!("backend-specialist-{}-{name}", std::process::id()));
            let _ = std::fs::remove_dir_all(&top);
            std::fs::create_dir_all(top.join("api")).unwrap();
            let it = Repository(top);
            it.git(&["init", "-q", "-b", "main"]);
            it
        }

        fn git(&self, args: &[&str]) {
            let settings = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
            let done = Command::new("git").args(settings).args(args).current_dir(&self.0).output().unwrap();
            assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
        }

        fn write(&self, path: &str, text: &str) {
            std::fs::write(self.0.join(path), text).unwrap();
        }

        fn root(&self) -> PathBuf {
            self.0.join("api")
        }

        fn project(&self) -> Project {
            let read = |it: std::fs::DirEntry| SourceFile {
                path: it.file_name().to_string_lossy().into_owned(),
                bytes: std::fs::read(it.path()).unwrap(),
            };
            Project::new(std::fs::read_dir(self.root()).unwrap().map(|it| read(it.unwrap())).collect())
        }
    }

    impl Drop for Repository {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn shown(project: &Project) -> Vec<String> {
        let show = |it: &SourceFile| format!("{}: {}", it.path, String::from_utf8_lossy(&it.bytes));
        project.files().iter().map(show).collect()
    }

    #[test]
    fn a_branch_is_compared_with_where_it_parted() {
        let it = Repository::new("diff");
        it.write("api/a.js", "old a");
        it.write("api/b é.js", "old b");
        it.write("other.js", "outside");
        it.git(&["add", "."]);
        it.git(&["commit", "-qm", "1"]);
        it.git(&["checkout", "-qb", "change"]);
        it.write("api/a.js", "new a");
        std::fs::remove_file(it.root().join("b é.js")).unwrap();
        it.git(&["add", "-A"]);
        it.git(&["commit", "-qm", "2"]);
        it.write("api/c.js", "untracked");
        it.git(&["checkout", "-q", "main"]);
        it.write("other.js", "main went on");
        it.git(&["commit", "-qam", "3"]);
        it.git(&["checkout", "-q", "change"]);

        let change = since(&it.root(), &it.project(), "").unwrap();
        assert_eq!(shown(&change.before), ["a.js: old a", "b é.js: old b"]);
        assert_eq!(shown(&change.after), ["a.js: new a", "c.js: untracked"]);
        let fault = since(&it.root(), &it.project(), "--output=x").unwrap_err();
        assert!(format!("{fault:?}").contains("is no branch or commit"));
    }

    #[test]
    fn what_is_staged_is_compared_with_the_commit() {
        let it = Repository::new("staged");
        it.write("api/a.js", "committed");
        it.git(&["add", "."]);
        it.git(&["commit", "-qm", "1"]);
        it.write("api/a.js", "staged");
        it.write("api/b.js", "staged too");
        it.git(&["add", "."]);
        it.write("api/a.js", "not staged");
        it.write("api/c.js", "untracked");

        let change = staged(&it.root(), &it.project()).unwrap();
        assert_eq!(shown(&change.before), ["a.js: committed"]);
        assert_eq!(shown(&change.after), ["a.js: staged", "b.js: staged too"]);
    }
}

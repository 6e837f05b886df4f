//! The repository that the pull request is about.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Debug)]
pub struct Git {
    pub folder: PathBuf,
}

impl Git {
    pub fn create(folder: PathBuf) -> Git {
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the old repository can be removed");
        }
        fs::create_dir_all(&folder).expect("a folder can be made");
        let git = Git { folder };
        git.text(&["init", "-q", "-b", "main"]);
        // So that a clone can ask for a commit by its name, as from GitHub.
        git.text(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        git
    }

    pub fn text(&self, args: &[&str]) -> String {
        let (is_done, out) = self.run(args);
        assert!(is_done, "git {args:?}: {out}");
        out.trim_end().to_string()
    }

    /// Whether it went well, and what it said.
    pub fn run(&self, args: &[&str]) -> (bool, String) {
        run(&self.folder, args)
    }

    /// Writes or, without a text, deletes files on the branch that is checked out, and commits.
    pub fn commit(&self, files: &[(&str, Option<&str>)]) -> String {
        for (name, text) in files {
            let path = self.folder.join(name);
            match text {
                Some(text) => {
                    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
                    fs::write(path, text).expect("a file can be written");
                }
                None => fs::remove_file(path).expect("a file can be removed"),
            }
        }
        self.text(&["add", "-A"]);
        self.text(&["commit", "-q", "--allow-empty", "-m", "change"]);
        self.text(&["rev-parse", "HEAD"])
    }

    /// What GitHub checks out for a pull request; none if both sides do not fit together.
    pub fn merge(&self, base: &str, head: &str) -> Option<String> {
        let (is_done, tree) = self.run(&["merge-tree", "--write-tree", base, head]);
        let tree = tree.lines().next().unwrap_or_default().to_string();
        is_done.then(|| self.text(&["commit-tree", &tree, "-p", base, "-p", head, "-m", "merge"]))
    }

    /// Lines of `path` at `new` that stand in the diff from `old`, as ranges with their end.
    pub fn hunks(&self, old: &str, new: &str, path: &str) -> Vec<(u64, u64)> {
        let patch = self.patch(old, new, path);
        let ranges = patch.lines().filter(|it| it.starts_with("@@")).filter_map(|line| {
            let right = line.split(' ').find_map(|it| it.strip_prefix('+'))?;
            let (start, length) = right.split_once(',').unwrap_or((right, "1"));
            let (start, length): (u64, u64) = (start.parse().ok()?, length.parse().ok()?);
            (length > 0).then(|| (start, start + length - 1))
        });
        ranges.collect()
    }

    /// As GitHub gives it: from the first `@@`.
    pub fn patch(&self, old: &str, new: &str, path: &str) -> String {
        let text = self.text(&["diff", "--no-color", "-M", old, new, "--", path]);
        text.find("\n@@").map(|at| text[at + 1..].to_string()).unwrap_or_default()
    }
}

/// With nothing of the machine's own settings.
pub fn run(folder: &Path, args: &[&str]) -> (bool, String) {
    let who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"];
    let done = Command::new("git")
        .args(who)
        .args(["-c", "core.autocrlf=false", "-c", "core.quotePath=false"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git starts");
    let out = if done.status.success() { done.stdout } else { [done.stdout, done.stderr].concat() };
    (done.status.success(), String::from_utf8_lossy(&out).into_owned())
}

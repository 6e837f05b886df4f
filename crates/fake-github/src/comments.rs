//! Comments, and what a push does to them.

use serde_json::{Value, json};

use crate::Git;

/// A comment under the pull request.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: u64,
    pub author: String,
    pub body: String,
}

impl Note {
    pub fn json(&self) -> Value {
        json!({ "id": self.id, "user": { "login": self.author }, "body": self.body })
    }
}

/// A comment at a line.
#[derive(Clone, Debug)]
pub struct Inline {
    pub id: u64,
    pub author: String,
    pub body: String,
    pub path: String,
    /// None: outdated, or a comment on the file.
    pub line: Option<u64>,
    pub start: Option<u64>,
    pub reply_to: Option<u64>,
    pub is_file: bool,
    pub is_resolved: bool,
}

impl Inline {
    pub fn json(&self) -> Value {
        json!({
            "id": self.id, "user": { "login": self.author }, "body": self.body, "path": self.path,
            "line": self.line, "start_line": self.start, "side": "RIGHT",
            "in_reply_to_id": self.reply_to, "subject_type": if self.is_file { "file" } else { "line" },
        })
    }

    /// To where its line stands in the new head, if that is still in the diff.
    pub fn follow(&mut self, git: &Git, old: &str, new: &str, merge_base: &str) {
        let Some(line) = self.line else { return };
        let moved = moved(git, old, new, &self.path, line);
        let is_shown = |line: u64| git.hunks(merge_base, new, &self.path).iter().any(|it| it.0 <= line && line <= it.1);
        self.line = moved.filter(|it| is_shown(*it));
        self.start = None;
    }
}

/// Where an unchanged line went.
fn moved(git: &Git, old: &str, new: &str, path: &str, line: u64) -> Option<u64> {
    if !git.run(&["cat-file", "-e", &format!("{new}:{path}")]).0 {
        return None;
    }
    let diff = git.text(&["diff", "--no-color", "-U0", "--no-renames", old, new, "--", path]);
    let mut shift = 0_i64;
    for header in diff.lines().filter(|it| it.starts_with("@@")) {
        let side = |sign: char| {
            let range = header.split(' ').find_map(|it| it.strip_prefix(sign)).unwrap_or("0,0");
            let (start, length) = range.split_once(',').unwrap_or((range, "1"));
            (start.parse::<u64>().unwrap_or(0), length.parse::<u64>().unwrap_or(0))
        };
        let ((start, gone), (_, come)) = (side('-'), side('+'));
        let is_before = if gone == 0 { start < line } else { start + gone <= line };
        if gone > 0 && start <= line && line < start + gone {
            return None;
        }
        if is_before {
            shift += come as i64 - gone as i64;
        }
    }
    u64::try_from(line as i64 + shift).ok()
}

//! A GitHub API for tests: one pull request over a real git repository. It keeps state, refuses what GitHub would
//! refuse, fails as scripted, and writes down every request.

mod answers;
mod comments;
mod faults;
mod git;
mod schema;
mod server;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use comments::{Inline, Note};
pub use faults::{Fault, When};
pub use git::Git;

/// Who writes with the usual token.
pub const BOT: &str = "github-actions[bot]";
pub const TOKEN: &str = "ghs_fakeTokenForTests";
pub const NUMBER: u64 = 7;

/// What a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    Write,
    Read,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Logged {
    pub at: Instant,
    pub method: String,
    pub path: String,
    pub query: String,
    pub body: Value,
    pub status: u16,
}

impl Logged {
    /// GraphQL is asked by POST and writes nothing here.
    pub fn is_write(&self) -> bool {
        self.method != "GET" && !self.path.ends_with("/graphql")
    }
}

#[derive(Debug)]
pub struct State {
    pub git: Git,
    pub head: String,
    pub base: String,
    pub is_open: bool,
    pub is_locked: bool,
    pub rights: Rights,
    /// `owner/name` that the head comes from.
    pub head_repository: String,
    pub title: String,
    pub body: String,
    pub notes: Vec<Note>,
    pub inline: Vec<Inline>,
    pub reviews: Vec<u64>,
    pub faults: Vec<Fault>,
    pub log: Vec<Logged>,
    /// What a request had that GitHub's description does not know.
    pub violations: Vec<String>,
    /// The head that is told after so many reads of the pull request.
    pub moves_after: Option<(u32, String)>,
    pub graphql_works: bool,
    next_id: u64,
}

impl State {
    pub fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    pub fn writes(&self) -> Vec<&Logged> {
        self.log.iter().filter(|it| it.is_write()).collect()
    }

    /// The commit where the head parted from the base.
    pub fn merge_base(&self) -> String {
        self.git.text(&["merge-base", &self.base, &self.head])
    }

    /// The branch went on: comments move with their lines or become outdated.
    pub fn push(&mut self, head: &str) {
        let old = std::mem::replace(&mut self.head, head.to_string());
        let merge_base = self.merge_base();
        for it in &mut self.inline {
            it.follow(&self.git, &old, head, &merge_base);
        }
    }

    /// What a workflow gets as the event.
    pub fn event(&self) -> Value {
        json!({
            "action": "synchronize", "number": NUMBER, "sender": { "login": "dev" },
            "pull_request": self.pull(),
            "repository": { "full_name": "o/r" },
        })
    }

    pub fn pull(&self) -> Value {
        json!({
            "number": NUMBER, "state": if self.is_open { "open" } else { "closed" }, "locked": self.is_locked,
            "title": self.title, "body": self.body, "draft": false,
            "head": { "sha": self.head, "ref": "change", "repo": { "full_name": self.head_repository } },
            "base": { "sha": self.base, "ref": "main", "repo": { "full_name": "o/r" } },
        })
    }
}

/// The server, and the state behind it. It ends with the test.
#[derive(Debug)]
pub struct Fake {
    state: Arc<Mutex<State>>,
    pub url: String,
}

impl Fake {
    /// `folder` is emptied and gets the repository.
    pub fn start(folder: PathBuf) -> Fake {
        let git = Git::create(folder);
        let state = State {
            git,
            head: String::new(),
            base: String::new(),
            is_open: true,
            is_locked: false,
            rights: Rights::Write,
            head_repository: "o/r".to_string(),
            title: "A change".to_string(),
            body: String::new(),
            notes: Vec::new(),
            inline: Vec::new(),
            reviews: Vec::new(),
            faults: Vec::new(),
            log: Vec::new(),
            violations: Vec::new(),
            moves_after: None,
            graphql_works: true,
            next_id: 100,
        };
        let state = Arc::new(Mutex::new(state));
        let url = server::start(Arc::clone(&state));
        Fake { state, url }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        // A test that failed while it held the state has said why.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How long a slow answer takes.
const SLOW: Duration = Duration::from_millis(150);

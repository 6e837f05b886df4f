//! A pull request on a real repository, and runs of the program on it as a workflow would start them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use backend_specialist_fake_github::{BOT, Fake, Git, Inline, Logged, State, TOKEN};

/// How long a second of the program is.
pub const SECOND_MS: u64 = 20;

pub struct Rig {
    pub fake: Fake,
    folder: PathBuf,
    pub event: &'static str,
    pub actor: &'static str,
    pub token: Option<&'static str>,
    pub args: Vec<String>,
    /// Below the host.
    pub api: &'static str,
}

/// One run, and what it left.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The page of the job.
    pub job: String,
    pub outputs: String,
    pub log: Vec<Logged>,
    /// The folder it ran in.
    pub work: PathBuf,
}

impl Run {
    pub fn writes(&self) -> Vec<String> {
        let writes = self.log.iter().filter(|it| it.is_write());
        writes.map(|it| format!("{} {}", it.method, it.path.trim_start_matches("/repos/o/r/"))).collect()
    }

    pub fn reads(&self) -> usize {
        self.log.iter().filter(|it| !it.is_write()).count()
    }

    pub fn output(&self, name: &str) -> &str {
        self.outputs.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix('=')).unwrap_or("?")
    }

    #[track_caller]
    pub fn expect(&self, code: i32, posted: &str) {
        let seen = (self.code, self.output("posted"));
        assert_eq!(seen, (Some(code), posted), "stdout: {}\nstderr: {}\n{:?}", self.stdout, self.stderr, self.writes());
    }
}

/// A server whose routes paste data into SQL, one for each number.
pub fn app(routes: &[u32]) -> String {
    let mut text = String::from(
        "import express from \"express\";\nimport { Pool } from \"pg\";\n\nconst app = express();\nconst db = new Pool();\n\n",
    );
    for it in routes {
        text.push_str(&route(*it));
    }
    text.push_str("app.listen(3000);\n");
    text
}

pub fn route(number: u32) -> String {
    format!(
        "app.get(\"/r{number}\", async (req, res) => {{\n  const id = req.query.id;\n  res.json(await db.query(`SELECT * FROM t{number} WHERE id = ${{id}}`));\n}});\n\n"
    )
}

impl Rig {
    /// The base has `files` and asks for SQL injections alone.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Rig {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("review").join(name);
        let fake = Fake::start(folder.join("remote"));
        {
            let mut state = fake.state();
            let mut all = vec![("backend-specialist.toml", Some("select = [\"sql-injection\"]\n"))];
            all.extend(files.iter().map(|(name, text)| (*name, Some(*text))));
            let base = state.git.commit(&all);
            state.git.text(&["checkout", "-q", "-b", "change"]);
            state.base.clone_from(&base);
            state.head = base;
        }
        Rig { fake, folder, event: "pull_request", actor: "dev", token: Some(TOKEN), args: Vec::new(), api: "" }
    }

    /// A commit on the branch of the pull request.
    pub fn push(&self, files: &[(&str, Option<&str>)]) -> String {
        let mut state = self.fake.state();
        let head = state.git.commit(files);
        state.push(&head);
        head
    }

    pub fn push_app(&self, routes: &[u32]) -> String {
        self.push(&[("src/app.js", Some(&app(routes)))])
    }

    /// The bodies' first lines of our comments, by line.
    pub fn comments(&self) -> Vec<(Option<u64>, String)> {
        let state = self.fake.state();
        let own = state.inline.iter().filter(|it| it.author == BOT);
        let mut all: Vec<_> = own.map(|it| (it.line, tables(&it.body))).collect();
        all.sort();
        all
    }

    pub fn summaries(&self) -> Vec<String> {
        self.fake.state().notes.iter().filter(|it| it.author == BOT).map(|it| it.body.clone()).collect()
    }

    /// Somebody answers the comment on that table.
    pub fn answer(&self, table: &str) {
        let mut state = self.fake.state();
        let comment = state.inline.iter().find(|it| it.body.contains(table)).expect("there is a comment").clone();
        let id = state.id();
        let reply = Inline { id, author: "dev".into(), body: "why?".into(), reply_to: Some(comment.id), ..comment };
        state.inline.push(reply);
    }

    pub fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.fake.state()
    }

    /// A runner that checks out what GitHub merges, with one commit of history, and starts the program.
    pub fn run(&self) -> Run {
        let (checkout, event) = {
            let state = self.fake.state();
            let merge = state.git.merge(&state.base, &state.head);
            (merge.unwrap_or_else(|| state.head.clone()), state.event())
        };
        self.run_on(&checkout, &event.to_string())
    }

    pub fn run_on(&self, checkout: &str, event: &str) -> Run {
        let work = self.folder.join("work");
        clone(&self.fake.state().git, &work, checkout);
        self.start(work, checkout, event)
    }

    /// What a runner has before the first step of ours; for those who start the program otherwise.
    #[cfg(target_os = "linux")]
    pub fn check_out(&self) -> PathBuf {
        let work = self.folder.join("work");
        let state = self.fake.state();
        let merge = state.git.merge(&state.base, &state.head).expect("both sides fit");
        clone(&state.git, &work, &merge);
        work
    }

    /// A workflow without a checkout: an empty folder with the report.
    pub fn post_report(&self, report: &str, event: &str) -> Run {
        let work = self.folder.join("other");
        let _ = fs::remove_dir_all(&work);
        fs::create_dir_all(&work).expect("a folder can be made");
        fs::write(work.join("report.json"), report).expect("a file can be written");
        self.start(work, "", event)
    }

    fn start(&self, work: PathBuf, sha: &str, event: &str) -> Run {
        let file = |name: &str| self.folder.join(name);
        fs::write(file("event.json"), event).expect("a file can be written");
        for name in ["summary.md", "output.txt"] {
            fs::write(file(name), "").expect("a file can be written");
        }
        let from = self.fake.state().log.len();
        let mut command = Command::new(env!("CARGO_BIN_EXE_backend-specialist"));
        command
            .arg("review")
            .args(&self.args)
            .current_dir(&work)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTOR", self.actor)
            .env("GITHUB_API_URL", format!("{}{}", self.fake.url, self.api))
            .env("GITHUB_EVENT_NAME", self.event)
            .env("GITHUB_EVENT_PATH", file("event.json"))
            .env("GITHUB_JOB", "review")
            .env("GITHUB_OUTPUT", file("output.txt"))
            .env("GITHUB_REPOSITORY", "o/r")
            .env("GITHUB_SERVER_URL", "https://github.example")
            .env("GITHUB_SHA", sha)
            .env("GITHUB_STEP_SUMMARY", file("summary.md"))
            .env("GITHUB_WORKFLOW", "ci")
            .env("BACKEND_SPECIALIST_TEST_SECOND_MS", SECOND_MS.to_string());
        if let Some(token) = self.token {
            command.env("GITHUB_TOKEN", token);
        }
        let output = command.output().expect("the program starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let read = |name: &str| fs::read_to_string(file(name)).expect("a file can be read");
        let run = Run {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            job: read("summary.md"),
            outputs: read("output.txt"),
            log: self.fake.state().log[from..].to_vec(),
            work,
        };
        self.check(&run);
        run
    }

    /// What holds for every run.
    fn check(&self, run: &Run) {
        assert_eq!(self.fake.state().violations, [""; 0]);
        let everything = [&run.stdout, &run.stderr, &run.job, &run.outputs].map(String::as_str).join("\n");
        assert!(!everything.contains(TOKEN), "the token is told");
        let writes: Vec<&Logged> = run.log.iter().filter(|it| it.is_write()).collect();
        for pair in writes.windows(2) {
            let apart = pair[1].at - pair[0].at;
            assert!(apart.as_millis() >= u128::from(SECOND_MS) - 1, "two writes stand {apart:?} apart");
        }
    }
}

/// As `actions/checkout` leaves it: one commit, and where it came from.
fn clone(remote: &Git, work: &Path, sha: &str) {
    if work.exists() {
        fs::remove_dir_all(work).expect("the old clone can be removed");
    }
    fs::create_dir_all(work).expect("a folder can be made");
    let git = Git { folder: work.to_path_buf() };
    git.text(&["init", "-q"]);
    let address = format!("file://{}", remote.folder.display());
    git.text(&["remote", "add", "origin", &address]);
    git.text(&["fetch", "-q", "--no-tags", "--depth=1", "origin", sha]);
    git.text(&["checkout", "-q", "--detach", "FETCH_HEAD"]);
    git.text(&["update-ref", "refs/remotes/pull/7/merge", "HEAD"]);
}

/// The table that a comment is about, or how it begins.
fn tables(body: &str) -> String {
    let first = body.lines().next().unwrap_or_default();
    first.to_string()
}

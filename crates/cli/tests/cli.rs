//! Runs the cases of `tests/cli`: each is one TOML file with arguments, files and what must come out.

mod generated;
mod review;
mod routes;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Case {
    args: Vec<String>,
    exit: i32,
    /// The folder to run in, below the one that holds the files.
    #[serde(default)]
    folder: String,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// All of it.
    stdout: Option<String>,
    stderr: Option<String>,
    /// Parts of it.
    #[serde(default)]
    stdout_has: Vec<String>,
    #[serde(default)]
    stderr_has: Vec<String>,
    #[serde(default)]
    stdout_lacks: Vec<String>,
    #[serde(default)]
    stderr_lacks: Vec<String>,
    /// Files that must be there afterwards, with parts of their text.
    #[serde(default)]
    written: BTreeMap<String, String>,
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("tests/cli is there")
        .map(|it| it.expect("an entry can be read").path())
        .filter(|it| it.extension().is_some_and(|it| it == "toml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no cases in {}", folder.display());
    let failures: Vec<String> = files.iter().flat_map(|it| run(it)).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// What is wrong with the case, if anything.
fn run(file: &Path) -> Vec<String> {
    let name = file.file_stem().expect("a case has a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(file).expect("a case can be read");
    let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(&name);
    set_up(&root, &case);

    let mut child = Command::new(env!("CARGO_BIN_EXE_backend-specialist"))
        .args(&case.args)
        .current_dir(root.join(&case.folder))
        .env_clear()
        .envs(&case.env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read closes the pipe; that is its right.
    let _ = child.stdin.take().expect("stdin is piped").write_all(case.stdin.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    let clean = |bytes: &[u8]| without_chance(&String::from_utf8_lossy(bytes), &root);
    let (stdout, stderr) = (clean(&output.stdout), clean(&output.stderr));

    let mut failures = Vec::new();
    let mut fail = |what: String| failures.push(format!("{name}: {what}"));
    if output.status.code() != Some(case.exit) {
        fail(format!(
            "exit code {:?}, expected {}\nstdout: {stdout}\nstderr: {stderr}",
            output.status.code(),
            case.exit
        ));
    }
    for (stream, got, whole, has, lacks) in [
        ("stdout", &stdout, &case.stdout, &case.stdout_has, &case.stdout_lacks),
        ("stderr", &stderr, &case.stderr, &case.stderr_has, &case.stderr_lacks),
    ] {
        if let Some(whole) = whole
            && whole != got
        {
            fail(format!("{stream} differs\n--- expected\n{whole}\n--- got\n{got}"));
        }
        for part in has.iter().filter(|it| !got.contains(it.as_str())) {
            fail(format!("{stream} lacks `{part}`\n--- got\n{got}"));
        }
        for part in lacks.iter().filter(|it| got.contains(it.as_str())) {
            fail(format!("{stream} has `{part}`\n--- got\n{got}"));
        }
    }
    for (path, part) in &case.written {
        let text = fs::read_to_string(root.join(path)).unwrap_or_default();
        if !text.contains(part.as_str()) {
            fail(format!("{path} lacks `{part}`\n--- got\n{text}"));
        }
    }
    failures
}

/// A folder of its own that is a repository, so that nothing around it counts.
fn set_up(root: &Path, case: &Case) {
    if root.exists() {
        fs::remove_dir_all(root).expect("the old folder can be removed");
    }
    fs::create_dir_all(root.join(".git")).expect("a folder can be made");
    fs::create_dir_all(root.join(&case.folder)).expect("a folder can be made");
    for (path, text) in &case.files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
}

/// The folder's name and the time it took are not part of what is asserted.
fn without_chance(text: &str, root: &Path) -> String {
    let text = text.replace('\r', "").replace(&root.to_string_lossy().replace('\\', "/"), "[root]");
    let lines = text.split('\n').map(|line| {
        let mut words: Vec<&str> = line.split(' ').collect();
        if let Some(at) = words.iter().position(|it| *it == "s" || *it == "s;")
            && at > 0
            && words[at - 1].parse::<f64>().is_ok()
        {
            words[at - 1] = "[time]";
        }
        words.join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

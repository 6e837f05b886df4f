//! Runs `tests/generated`: programs made from a seed, whose flows are known from running them.

use std::path::Path;
use std::process::Command;

#[test]
fn javascript() {
    run("javascript", "node");
}

#[test]
fn python() {
    run("python", "python3");
}

/// Nothing can be known of a language whose programs cannot be run here.
fn run(language: &str, interpreter: &str) {
    for needed in ["python3", interpreter] {
        if !Command::new(needed).arg("--version").output().is_ok_and(|it| it.status.success()) {
            eprintln!("{needed} is not installed: no programs in {language} are generated");
            return;
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/generated/run.py");
    let output = Command::new("python3")
        .arg(script)
        .args(["--checker", env!("CARGO_BIN_EXE_backend-specialist"), "--language", language])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the generator starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
}

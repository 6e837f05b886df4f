//! Runs `tests/routes`: apps made from a seed, whose routes and guards are known from running the real framework.

use std::path::Path;
use std::process::Command;

/// How many apps of each framework; `ROUTES_APPS=200` for all.
const APPS: &str = "10";

#[test]
fn django() {
    run("django", "python3");
}

#[test]
fn express() {
    run("express", "node");
}

#[test]
fn fastapi() {
    run("fastapi", "python3");
}

#[test]
fn fastify() {
    run("fastify", "node");
}

#[test]
fn flask() {
    run("flask", "python3");
}

#[test]
fn hono() {
    run("hono", "node");
}

#[test]
fn koa() {
    run("koa", "node");
}

#[test]
fn nest() {
    run("nest", "node");
}

/// Nothing can be known of a framework whose apps cannot be run here.
fn run(framework: &str, interpreter: &str) {
    for needed in ["python3", interpreter] {
        if !Command::new(needed).arg("--version").output().is_ok_and(|it| it.status.success()) {
            eprintln!("{needed} is not installed: no apps of {framework} are generated");
            return;
        }
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/routes/run.py");
    let count = std::env::var("ROUTES_APPS").unwrap_or_else(|_| APPS.to_owned());
    let output = Command::new("python3")
        .arg(script)
        .args(["--checker", env!("CARGO_BIN_EXE_backend-specialist"), "--framework", framework])
        .args(["--count", &count, "--verbose"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("the generator starts");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
}

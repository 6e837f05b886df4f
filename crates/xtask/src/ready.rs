//! Everything that must hold before a change is sent; the pipeline runs the same.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// What is run, in order: the quick ones first.
const STEPS: &[&[&str]] = &[
    &["fmt", "--all", "--", "--check"],
    &["xtask", "gen", "--check"],
    &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
];

/// Stops at the first step that fails.
pub fn run(root: &Path) -> Result<()> {
    for step in STEPS {
        cargo(root, step)?;
    }
    // nextest runs the tests of all crates side by side; without it cargo does the same more slowly.
    let has_nextest = Command::new("cargo").args(["nextest", "--version"]).output().is_ok_and(|it| it.status.success());
    let tests: &[&str] = if has_nextest { &["nextest", "run", "--workspace"] } else { &["test", "--workspace"] };
    cargo(root, tests)?;
    cargo(root, &["xtask", "wasm"])?;
    cargo(root, &["xtask", "npm"])?;
    cargo(root, &["xtask", "replay"])
}

fn cargo(root: &Path, args: &[&str]) -> Result<()> {
    let written = format!("cargo {}", args.join(" "));
    eprintln!("== {written}");
    let status =
        Command::new("cargo").args(args).current_dir(root).status().with_context(|| format!("starting {written}"))?;
    if !status.success() {
        bail!("`{written}` failed");
    }
    Ok(())
}

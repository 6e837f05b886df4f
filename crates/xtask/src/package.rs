//! The npm package: the engine for the web, the JavaScript around it, and the tests of both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
/// The profile that is shipped.
const PROFILE: &str = "wasm";
const PACKAGE: &str = "pkg";
/// What `import` gets in Node.
pub const ENTRY: &str = "pkg/dist/node.js";

/// Builds the engine, then the package around it.
pub fn build(root: &Path) -> Result<()> {
    engine(root)?;
    install(&root.join(PACKAGE))?;
    let mut node = Command::new("node");
    node.arg("build.mjs").current_dir(root.join(PACKAGE));
    finish(node)
}

/// Compiles the engine, and writes the JavaScript that speaks with it.
fn engine(root: &Path) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "-p", "backend-specialist-wasm", "--target", TARGET, "--profile", PROFILE]).current_dir(root);
    finish(cargo)?;
    let folder = root.join(PACKAGE).join("engine");
    if folder.is_dir() {
        fs::remove_dir_all(&folder).context("removing the old engine")?;
    }
    Bindgen::new()
        .input_path(target(root).join(TARGET).join(PROFILE).join("backend_specialist_wasm.wasm"))
        .web(true)?
        // The package hands the engine over, from wherever it has it.
        .omit_default_module_path(true)
        .typescript(true)
        // A new one takes the place of one that died.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)
        .context("writing the JavaScript around the engine")
}

/// The tests of a package that is built.
pub fn test(root: &Path) -> Result<()> {
    let mut node = Command::new("node");
    node.args(["--test", "test/*.test.mjs"]).current_dir(root.join(PACKAGE));
    finish(node)
}

/// What the lock file names, unless it is there already.
pub fn install(folder: &Path) -> Result<()> {
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.installed.json"));
    let wanted = fs::read_to_string(&lock).with_context(|| format!("reading {}", lock.display()))?;
    if fs::read_to_string(&installed).is_ok_and(|it| it == wanted) {
        return Ok(());
    }
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    finish(npm)?;
    fs::write(&installed, wanted).context("remembering what is installed")
}

/// Where cargo writes.
pub fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

pub fn finish(mut command: Command) -> Result<()> {
    let written = format!("{command:?}");
    let status = command.status().with_context(|| format!("starting {written}"))?;
    if !status.success() {
        bail!("{written} failed");
    }
    Ok(())
}

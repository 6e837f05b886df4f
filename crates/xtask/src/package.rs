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
const PLAYGROUND: &str = "pkg/playground";
/// Where the playground's tests look for a browser.
const BROWSERS: &[&str] = &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
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

/// The tests of a package that is built, and of the playground.
pub fn test(root: &Path) -> Result<()> {
    playground(root)?;
    browser()?;
    for folder in [PACKAGE, PLAYGROUND] {
        // One after the other: what takes how long is part of it.
        let mut node = Command::new("node");
        node.args(["--test", "--test-concurrency=1"]).args(tests(&root.join(folder))?).current_dir(root.join(folder));
        finish(node)?;
    }
    Ok(())
}

/// Installs Debian's Chromium where the system is one that has it, and no browser is there.
fn browser() -> Result<()> {
    let is_there = std::env::var_os("CHROMIUM").is_some() || BROWSERS.iter().any(|it| Path::new(it).exists());
    if is_there || !Path::new("/usr/bin/apt-get").exists() {
        return Ok(());
    }
    for arguments in [&["update", "--quiet"][..], &["install", "--yes", "--no-install-recommends", "chromium"]] {
        let mut install = match Path::new("/usr/bin/sudo").exists() {
            true => Command::new("sudo"),
            false => Command::new("env"),
        };
        install.arg("apt-get").args(arguments);
        finish(install)?;
    }
    Ok(())
}

/// Patterns are not known to every Node.
fn tests(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder.join("test")).with_context(|| format!("reading {}", folder.display()))?;
    let mut tests: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
    tests.retain(|it| it.to_string_lossy().ends_with(".test.mjs"));
    tests.sort();
    Ok(tests)
}

/// Builds the page around a package that is built.
pub fn playground(root: &Path) -> Result<()> {
    let folder = root.join(PLAYGROUND);
    install(&folder)?;
    let mut types = Command::new("node");
    types.args(["node_modules/typescript/bin/tsc", "-p", "."]).current_dir(&folder);
    finish(types)?;
    let mut node = Command::new("node");
    node.arg("build.mjs").current_dir(&folder);
    finish(node)
}

/// Builds everything that a web server has to hold.
pub fn site(root: &Path) -> Result<()> {
    build(root)?;
    playground(root)
}

/// Builds everything, and serves the page on this machine.
pub fn serve(root: &Path) -> Result<()> {
    site(root)?;
    let mut node = Command::new("node");
    node.arg("serve.mjs").current_dir(root.join(PLAYGROUND));
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

//! Replays the flows of our own programs, page by page and app by app, with the checker in `tests/replay`, which shares
//! no code with the engine; and proves with changed flows that it can refuse.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use backend_specialist_core::analyze;
use backend_specialist_core::config::{Config, TestTreatment};
use backend_specialist_core::finding::Profile;
use backend_specialist_core::project::{Project, SourceFile};
use backend_specialist_core::report::json;
use backend_specialist_literate::page::Page;

use crate::literate;

const APPS: &str = "tests/apps";
const CHECKER: &str = "tests/replay";
/// Percent of the flows changed in one way that must be refused.
const REFUSED_MIN: &str = "85";

/// Every flow holds, and few changed ones do.
pub fn run(root: &Path) -> Result<()> {
    let folder = root.join("target/replay");
    let python = python(root, &folder)?;
    let pairs = folder.join("pairs.txt");
    fs::write(&pairs, programs(root, &folder)?.join("\n")).context("writing the list of programs")?;
    let pairs = format!("@{}", pairs.display());
    run_python(root, &python, "replay.py", &["--list", &pairs])?;
    run_python(root, &python, "mutate.py", &["--seed", "1", "--least", REFUSED_MIN, &pairs])
}

/// The report and the root of each program, one after the other.
fn programs(root: &Path, folder: &Path) -> Result<Vec<String>> {
    let mut pairs = Vec::new();
    let mut apps: Vec<PathBuf> = fs::read_dir(root.join(APPS))
        .context("reading the apps")?
        .filter_map(|it| Some(it.ok()?.path()))
        .filter(|it| it.is_dir())
        .collect();
    apps.sort();
    for app in apps {
        let name = app.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let report = folder.join(format!("{name}.json"));
        pairs.extend(write_report(&report, &app, sources(&app)?)?);
    }
    let cases = folder.join("pages");
    if cases.exists() {
        fs::remove_dir_all(&cases).context("removing the programs of another run")?;
    }
    for path in literate::paths(root)? {
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
        let Ok(page) = Page::parse(&name, &text) else { continue };
        for case in &page.cases {
            let program = cases.join(format!("{}-{}", name.replace('/', "-"), case.line));
            let mut files = Vec::new();
            for file in &case.files {
                let target = program.join(&file.path);
                fs::create_dir_all(target.parent().unwrap_or(&program)).context("making the folder of a case")?;
                fs::write(&target, &file.text).with_context(|| format!("writing {}", target.display()))?;
                files.push(SourceFile { path: file.path.clone(), bytes: file.text.clone().into_bytes() });
            }
            pairs.extend(write_report(&program.join("report.json"), &program, files)?);
        }
    }
    Ok(pairs)
}

/// Nothing if no finding has a flow.
fn write_report(path: &Path, root: &Path, files: Vec<SourceFile>) -> Result<Vec<String>> {
    let config = Config { profile: Profile::Audit, tests: TestTreatment::Same, ..Config::default() };
    let report = analyze(&Project::new(files), &config);
    if report.findings.iter().all(|it| it.flow.is_empty()) {
        return Ok(Vec::new());
    }
    fs::write(path, json::json(&report)).with_context(|| format!("writing {}", path.display()))?;
    Ok(vec![path.display().to_string(), root.display().to_string()])
}

fn sources(app: &Path) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    let mut folders = vec![app.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
            let path = path.strip_prefix(app)?.to_string_lossy().replace('\\', "/");
            files.push(SourceFile { path, bytes });
        }
    }
    Ok(files)
}

/// A Python with the pinned parsers, made under `target` at the first run.
fn python(root: &Path, folder: &Path) -> Result<PathBuf> {
    let wanted = fs::read_to_string(root.join(CHECKER).join("requirements.txt")).context("reading requirements.txt")?;
    let environment = folder.join("venv");
    let binaries = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let (python, stamp) = (binaries.join("python"), environment.join("installed.txt"));
    if fs::read_to_string(&stamp).is_ok_and(|it| it == wanted) {
        return Ok(python);
    }
    fs::create_dir_all(folder).context("making target/replay")?;
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&environment);
    finish(make, "the replay needs Python 3.10 or newer with venv")?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "-r"]);
    install.arg(root.join(CHECKER).join("requirements.txt"));
    finish(install, "the replay needs the parsers of tests/replay/requirements.txt")?;
    fs::write(stamp, wanted).context("remembering what is installed")?;
    Ok(python)
}

fn run_python(root: &Path, python: &Path, script: &str, args: &[&str]) -> Result<()> {
    let mut command = Command::new(python);
    command.arg("-B").arg(root.join(CHECKER).join(script)).args(args).current_dir(root);
    finish(command, &format!("{CHECKER}/{script} found a fault"))
}

fn finish(mut command: Command, otherwise: &str) -> Result<()> {
    let mut written = String::new();
    let _ = write!(written, "{command:?}");
    let status = command.status().with_context(|| format!("starting {written}: {otherwise}"))?;
    if !status.success() {
        bail!("{otherwise}");
    }
    Ok(())
}

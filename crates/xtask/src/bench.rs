//! `cargo xtask bench`: what each phase costs in processor time, as a multiple of reading and parsing alone, and
//! the most memory that is held.
//!
//! Two processes measure each folder, so that neither sees the other's memory: one runs the phases one after the
//! other on one thread, one runs everything on two. Both are built for release first.

mod clock;
mod generated;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use backend_specialist_core::config::Config;
use backend_specialist_core::model::Models;
use backend_specialist_core::phases;
use backend_specialist_core::project::{Project, SourceFile, pruned, wanted};
use backend_specialist_core::report::json::json;
use backend_specialist_syntax::{Language, decode, parses};

use clock::Clock;

/// What a checker may cost in all, as a multiple of reading and parsing.
const RATIO_MAX: f64 = 6.0;
/// Memory in MB that a small project may take, and what each MB of source adds.
const MEMORY_MAX: (f64, f64) = (60.0, 12.0);
const STACK_BYTES: usize = 16 << 20;
/// The first runs warm the caches; the quickest counts.
const RUNS: usize = 3;
const MB: f64 = 1e6;

/// Measures the folders; without any, two generated ones of 5 MB.
pub fn run(root: &Path, folders: &[&str]) -> Result<()> {
    let mut folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.extend(generated::write(&root.join("target/bench"))?);
    }
    cargo(root, &["build", "--release", "--quiet", "--package", "backend-specialist-xtask"])?;
    let tool = root.join("target/release").join(format!("backend-specialist-xtask{}", std::env::consts::EXE_SUFFIX));
    let mut over = false;
    for folder in &folders {
        for what in ["phases", "memory"] {
            let status = Command::new(&tool)
                .args(["bench", "--one", what])
                .arg(folder)
                .status()
                .with_context(|| format!("starting {}", tool.display()))?;
            over |= !status.success();
        }
    }
    if over {
        bail!("too slow, or too much memory");
    }
    Ok(())
}

fn cargo(root: &Path, args: &[&str]) -> Result<()> {
    let status = Command::new("cargo").args(args).current_dir(root).status().context("starting cargo")?;
    if !status.success() {
        bail!("`cargo {}` failed", args.join(" "));
    }
    Ok(())
}

/// In a process of its own: one measurement of one folder.
pub fn one(what: &str, folder: &Path) -> Result<()> {
    let threads = if what == "memory" { 2 } else { 1 };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK_BYTES).build()?;
    pool.install(|| if what == "memory" { memory(folder) } else { all_phases(folder) })
}

fn memory(folder: &Path) -> Result<()> {
    let project = read(folder)?;
    let size = source_bytes(&project) as f64 / MB;
    let report = backend_specialist_core::analyze(&project, &Config::default());
    let printed = json(&report).len();
    let Some(peak) = clock::peak_memory() else { return Ok(()) };
    let (least, each) = MEMORY_MAX;
    let most = least + each * size;
    println!("  memory   {:>8.1} MB at most, of {most:.0} allowed; the report has {printed} bytes", peak / MB);
    if peak / MB > most {
        bail!("{}: more than {most:.0} MB", folder.display());
    }
    Ok(())
}

fn all_phases(folder: &Path) -> Result<()> {
    let mut best: Vec<(&str, f64)> = Vec::new();
    let (mut size, mut files) = (0, 0);
    for _ in 0..RUNS {
        let mut clock = Clock::start();
        let project = read(folder)?;
        clock.lap("read");
        (size, files) = (source_bytes(&project), sources(&project).count());
        sources(&project).for_each(|(file, language)| {
            parses(&decode(&file.bytes).text, language);
        });
        clock.lap("parse");
        phases_of(&project, &mut clock);
        for (index, (name, seconds)) in clock.laps().into_iter().enumerate() {
            match best.get_mut(index) {
                Some(known) => known.1 = known.1.min(seconds),
                None => best.push((name, seconds)),
            }
        }
    }
    let alone: f64 = best.iter().take(2).map(|it| it.1).sum();
    // Loading parses as well: what it adds is its own.
    let all: f64 = best[0].1 + best.iter().skip(2).map(|it| it.1).sum::<f64>();
    println!("{}: {files} sources, {:.2} MB", folder.display(), size as f64 / MB);
    for (name, seconds) in &best {
        println!("  {name:<8} {:>8.1} ms {:>6.2}", seconds * 1e3, seconds / alone);
    }
    let (files_per_second, mb_per_second) = (files as f64 / all, size as f64 / MB / all);
    println!(
        "  all      {:>8.1} ms {:>6.2} times read + parse; {files_per_second:.0} files/s, {mb_per_second:.1} MB/s",
        all * 1e3,
        all / alone,
    );
    if all / alone > RATIO_MAX {
        bail!("{}: more than {RATIO_MAX} times reading and parsing", folder.display());
    }
    Ok(())
}

fn phases_of(project: &Project, clock: &mut Clock) {
    let config = Config::default();
    let loaded = phases::load(project, &config);
    clock.lap("load");
    let models = Models::of(&config);
    clock.lap("models");
    let links = phases::link(&loaded, &models);
    clock.lap("link");
    let facts = phases::flow(links, &loaded, &models, &config);
    clock.lap("flow");
    let outcome = phases::rules(&loaded, &facts, &config);
    clock.lap("rules");
    let report = phases::report(&loaded, outcome, &config);
    let printed = json(&report);
    drop((loaded, facts, report, printed));
    clock.lap("report");
}

fn sources(project: &Project) -> impl Iterator<Item = (&SourceFile, Language)> {
    project.files().iter().filter_map(|it| Some((it, Language::from_path(&it.path)?)))
}

fn source_bytes(project: &Project) -> usize {
    sources(project).map(|it| it.0.bytes.len()).sum()
}

fn read(folder: &Path) -> Result<Project> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).with_context(|| format!("reading {}", at.display()))? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let name = entry.file_name().to_string_lossy().into_owned();
            if kind.is_dir() && !pruned(&name) && name != ".git" {
                folders.push(path);
            } else if kind.is_file() {
                let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                if wanted(&name) {
                    files.push(SourceFile { path: name, bytes: std::fs::read(&path)? });
                }
            }
        }
    }
    Ok(Project::new(files))
}

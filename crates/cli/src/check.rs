//! `check`: the main job.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use backend_specialist_core::analyze;
use backend_specialist_core::baseline::keep_introduced;
use backend_specialist_core::config::Config;
use backend_specialist_core::nearest::nearest;
use backend_specialist_core::project::{Project, SourceFile, guess_name};
use backend_specialist_core::report::{Report, github};

use clap::CommandFactory;

use crate::args::{CheckArgs, Cli, CommonArgs, ProjectArgs};
use crate::discover::read_project;
use crate::fault::{Fault, shown_path};
use crate::models;
use crate::names::{absolute, below, common_folder};
use crate::output::{Printer, parse_target, wants_color, write_file, write_stdout};
use crate::{baseline, exit, git, settings, summary};

/// Deep sources are read on threads with room.
const STACK_BYTES: usize = 16 << 20;

/// What a report speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The paths that were named.
    Named,
    /// The whole project they belong to.
    Project,
}

/// A project read and analyzed.
#[derive(Debug)]
pub struct Analyzed {
    pub root: PathBuf,
    pub current: PathBuf,
    pub config: Config,
    pub project: Project,
    pub report: Report,
}

pub fn run(args: &CheckArgs, common: &CommonArgs) -> Result<u8, Fault> {
    let started = Instant::now();
    let targets = args.output.iter().map(|it| parse_target(it)).collect::<Result<Vec<_>, _>>()?;
    let mut analyzed = analyze_paths(&args.paths, &args.project, Reach::Named)?;
    if args.staged || args.diff.is_some() {
        keep_change(&mut analyzed, args)?;
    }
    if let Some(file) = &args.baseline {
        baseline::read(&absolute(&analyzed.current, file))?.apply(&mut analyzed.report);
    }
    let config = &mut analyzed.config;
    config.fail_on = args.fail_on.unwrap_or(config.fail_on);
    if analyzed.report.stats.files == 0 && !args.allow_empty {
        return Err(nothing_matched(&analyzed, &args.paths));
    }

    let printer = Printer { root: &analyzed.root, current: &analyzed.current, project: &analyzed.project };
    for (format, file) in &targets {
        write_file(&absolute(&analyzed.current, file), &printer.print(&analyzed.report, format, false))?;
    }
    write_stdout(&printer.print(&analyzed.report, &args.format, wants_color(&common.color)));
    if args.format == "text" && std::env::var_os("GITHUB_ACTIONS").is_some_and(|it| it == "true") {
        write_stdout(&github::github_first(&analyzed.report));
    }
    if !common.quiet {
        summary::print(&analyzed.report, started.elapsed(), common.verbose);
    }
    Ok(if args.exit_zero { exit::OK } else { code(&analyzed.report, &analyzed.config, args.strict_coverage) })
}

/// The whole project is analyzed in both states, for a guard removed in one file opens a route in another.
fn keep_change(analyzed: &mut Analyzed, args: &CheckArgs) -> Result<(), Fault> {
    let change = match &args.diff {
        Some(reference) => git::since(&analyzed.root, &analyzed.project, reference)?,
        None => git::staged(&analyzed.root, &analyzed.project)?,
    };
    let pool = threads(args.project.jobs)?;
    let config = &analyzed.config;
    let before = pool.install(|| analyze(&change.before, config));
    if args.staged {
        analyzed.report = pool.install(|| analyze(&change.after, config));
        analyzed.project = change.after;
    }
    keep_introduced(&mut analyzed.report, &before);
    Ok(())
}

pub fn code(report: &Report, config: &Config, strict_coverage: bool) -> u8 {
    if report.findings.iter().any(|it| config.fail_on.counts(it.severity, it.confidence)) {
        exit::FINDINGS
    } else if strict_coverage && report.is_incomplete() {
        exit::INCOMPLETE
    } else {
        exit::OK
    }
}

/// Reads the project that the paths belong to, and analyzes it.
pub fn analyze_paths(paths: &[PathBuf], args: &ProjectArgs, reach: Reach) -> Result<Analyzed, Fault> {
    let current = std::env::current_dir().map_err(|it| Fault::new(format!("no current folder: {it}")))?;
    let from_stdin = paths.iter().any(|it| it.as_os_str() == "-");
    if from_stdin && paths.len() > 1 {
        return Err(Fault::new("`-` cannot be mixed with other paths"));
    }
    let named = if from_stdin { Vec::new() } else { existing(paths, &current)? };
    let start = start_folder(&named, &current)?;
    let found = settings::read(args, &current, &start)?;
    let mut config = found.config;
    config.model_files = models::read(&config.models.files, &found.root)?;
    config.scope = scope(&named, &found.root)?;
    let stdin =
        if from_stdin { Some(read_stdin(args.stdin_filename.as_deref(), &current, &found.root)?) } else { None };
    if let Some(file) = &stdin {
        config.scope = vec![file.path.clone()];
    }
    if reach == Reach::Project {
        config.scope.clear();
    }
    let lone_text = from_stdin && args.stdin_filename.is_none();

    let pool = threads(args.jobs)?;
    let (project, report) = pool.install(|| {
        let project = match stdin {
            Some(file) if lone_text => Project::new(vec![file]),
            stdin => read_project(&found.root, &named, stdin)?,
        };
        let report = analyze(&project, &config);
        Ok::<_, Fault>((project, report))
    })?;
    Ok(Analyzed { root: found.root, current, config, project, report })
}

pub fn threads(jobs: Option<usize>) -> Result<rayon::ThreadPool, Fault> {
    let mut pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES);
    if let Some(jobs) = jobs {
        pool = pool.num_threads(jobs);
    }
    pool.build().map_err(|it| Fault::new(format!("cannot start threads: {it}")))
}

fn existing(paths: &[PathBuf], current: &Path) -> Result<Vec<PathBuf>, Fault> {
    let mut named = Vec::new();
    for path in paths {
        let full = absolute(current, path);
        if let Err(error) = std::fs::metadata(&full) {
            let what = format!("cannot read `{}`: {}", shown_path(path), plain(&error));
            return Err(Fault::new(what).help(meant(path)));
        }
        named.push(full);
    }
    Ok(named)
}

/// A misspelt command is taken for a path.
fn meant(path: &Path) -> String {
    let commands = Cli::command();
    let names: Vec<&str> = commands.get_subcommands().map(|it| it.get_name()).collect();
    match nearest(&shown_path(path), names.iter().copied()) {
        Some(it) => format!("did you mean the command `{it}`?"),
        None => "paths are files or folders of the project; `backend-specialist --help` lists the commands".to_string(),
    }
}

/// Without the operating system's number.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_string(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => error.to_string(),
    }
}

/// The current folder, unless the paths lie outside of it.
fn start_folder(named: &[PathBuf], current: &Path) -> Result<PathBuf, Fault> {
    if named.iter().all(|it| it.starts_with(current)) {
        return Ok(current.to_path_buf());
    }
    match common_folder(named) {
        Some(folder) if folder.parent().is_some() => Ok(folder),
        _ => Err(Fault::new("the paths have no folder in common").help("name the project's folder with `--root DIR`")),
    }
}

fn scope(named: &[PathBuf], root: &Path) -> Result<Vec<String>, Fault> {
    let mut scope = Vec::new();
    for path in named {
        match below(root, path) {
            Some(it) => scope.push(it),
            None => {
                let what = format!("`{}` is outside of the project `{}`", shown_path(path), shown_path(root));
                return Err(Fault::new(what).help("name the project's folder with `--root DIR`"));
            }
        }
    }
    Ok(scope)
}

fn read_stdin(name: Option<&str>, current: &Path, root: &Path) -> Result<SourceFile, Fault> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|it| Fault::new(format!("cannot read standard input: {it}")))?;
    let path = match name {
        Some(name) => {
            let full = absolute(current, Path::new(name));
            below(root, &full).unwrap_or_else(|| name.to_string())
        }
        None => guess_name(&bytes).to_string(),
    };
    Ok(SourceFile { path, bytes })
}

pub fn nothing_matched(analyzed: &Analyzed, paths: &[PathBuf]) -> Fault {
    let named: Vec<String> = paths.iter().map(|it| format!("`{}`", shown_path(it))).collect();
    let place = if named.is_empty() { format!("`{}`", shown_path(&analyzed.current)) } else { named.join(", ") };
    let skipped = analyzed.report.stats.skipped;
    let others = analyzed.project.files().len();
    Fault::new(format!("no JavaScript, TypeScript or Python to analyze in {place}")).help(format!(
        "looked for .js .mjs .cjs .jsx .ts .mts .cts .tsx .py .pyw; {others} files were read in the project, {skipped} sources \
         skipped, and what `.gitignore` names was left out; `--allow-empty` makes this no error"
    ))
}

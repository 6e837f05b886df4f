//! `review`: the pull-request door. It analyzes what is checked out, and hands what was found to `crates/github`.

mod base;
mod compare;
mod issue;
mod outlet;
mod started;

use std::path::PathBuf;

use backend_specialist_core::config::{Config, FailOn};
use backend_specialist_core::report::{docs_address, docs_base};
use backend_specialist_core::rules::RULES;
use backend_specialist_github::event::{Event, Pull};
use backend_specialist_github::found::Found;
use backend_specialist_github::review::{Comments, Material, Outcome, Settings, Wrote, job_summary};
use backend_specialist_github::{Numbered, by_head};
use clap::Args;

use crate::args::{CommonArgs, ProjectArgs, words};
use crate::check::{Analyzed, Reach, analyze_paths, code, nothing_matched};
use crate::exit;
use crate::fault::{Fault, shown_path};
use started::Started;

#[derive(Clone, Debug, Args)]
pub struct ReviewArgs {
    /// The pull request [default: the one that started the workflow]
    #[arg(value_name = "NUMBER")]
    pub number: Option<u64>,
    #[command(flatten)]
    pub project: ProjectArgs,
    /// Files and folders to report on (repeatable) [default: the whole project]
    #[arg(long = "path", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The lowest severity that makes a run fail
    #[arg(long, value_name = "SEVERITY", value_parser = words::<FailOn>(&["critical", "high", "medium", "low", "info", "none"]))]
    pub fail_on: Option<FailOn>,
    /// What is written to the pull request
    #[arg(long, value_name = "WHAT", default_value = "review", value_parser = ["review", "summary", "none"])]
    pub comment: String,
    /// Inline comments of one run
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub max_comments: u32,
    /// Whose comments these are; two names never touch each other's [default: workflow and job]
    #[arg(long, value_name = "NAME")]
    pub id: Option<String>,
    /// Post this report instead of analyzing
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Print what would be written to the pull request, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The repository on GitHub [default: the workflow's, else the remote `origin`]
    #[arg(long, value_name = "OWNER/NAME")]
    pub repo: Option<String>,
    /// Known findings, which are not reported again [default: backend-specialist-baseline.json, if it is there]
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to a SARIF file
    #[arg(long, value_name = "FILE")]
    pub sarif_file: Option<PathBuf>,
    /// Write the report to a JSON file, which `--report` can post later
    #[arg(long, value_name = "FILE")]
    pub report_json: Option<PathBuf>,
    /// A project without JavaScript or Python is no error
    #[arg(long)]
    pub allow_empty: bool,
}

/// What a run knows when it is time to speak.
struct Result {
    found: Found,
    /// All findings, whether or not the change introduced them.
    all: usize,
    fail_on: FailOn,
    analyzed: Option<Analyzed>,
}

pub fn run(args: &ReviewArgs, common: &CommonArgs) -> std::result::Result<u8, Fault> {
    let mut started = Started::read(args)?;
    if let Some(number) = args.number {
        match numbered(args, &started, number)? {
            Numbered::Pull(pull) => started.event = Event::Pull(pull),
            Numbered::Issue { title, body } => {
                issue::print(&title, &body, &analyze_paths(&args.paths, &args.project, Reach::Project)?);
                return Ok(exit::OK);
            }
        }
    }
    let result = match &args.report {
        Some(file) => read_report(args, file)?,
        None => analyze(args, &started)?,
    };
    let outcome = match &started.event {
        Event::Pull(pull) => post(args, &started, pull, &result)?,
        Event::After(head) if args.report.is_some() => match by_head(&settings(args, &started)?, head) {
            Ok(Some(pull)) => post(args, &started, &pull, &result)?,
            Ok(None) => alone(&started, &result, "no open pull request has the commit that ran".to_string()),
            Err(reason) => alone(&started, &result, reason),
        },
        Event::After(_) => alone(&started, &result, "workflow_run posts what `--report` names".to_string()),
        Event::Other(name) if name.is_empty() => alone(&started, &result, "there is no event".to_string()),
        Event::Other(name) => alone(&started, &result, format!("{name} has no pull request")),
    };
    outlet::tell(args, common, &started, &result, &outcome)?;
    let config = Config { fail_on: result.fail_on, ..Config::default() };
    Ok(if args.dry_run { exit::OK } else { code(&result.found.report, &config, false) })
}

fn numbered(args: &ReviewArgs, started: &Started, number: u64) -> std::result::Result<Numbered, Fault> {
    backend_specialist_github::numbered(&settings(args, started)?, number).map_err(|it| {
        Fault::new(format!("cannot read number {number}: {it}"))
            .help("private repositories need GITHUB_TOKEN or GH_TOKEN")
    })
}

fn analyze(args: &ReviewArgs, started: &Started) -> std::result::Result<Result, Fault> {
    let reach = if args.paths.is_empty() { Reach::Project } else { Reach::Named };
    let mut analyzed = analyze_paths(&args.paths, &args.project, reach)?;
    if analyzed.report.stats.files == 0 && !args.allow_empty {
        return Err(nothing_matched(&analyzed, &args.paths));
    }
    let fail_on = args.fail_on.unwrap_or(analyzed.config.fail_on);
    let (found, all) = compare::found(args, started, &mut analyzed)?;
    Ok(Result { found, all, fail_on, analyzed: Some(analyzed) })
}

/// A report made elsewhere is somebody's word: it is read with a limit, and nothing in it leads anywhere.
fn read_report(args: &ReviewArgs, file: &std::path::Path) -> std::result::Result<Result, Fault> {
    let text = outlet::read_capped(file)?;
    let base = docs_base();
    let is_rule = |rule: &str| RULES.iter().any(|it| it.id == rule);
    let docs = |rule: &str| docs_address(base.as_deref().filter(|_| is_rule(rule)), rule);
    let found = Found::of_stranger(&text, docs).map_err(|it| {
        Fault::new(format!("no report: {it}"))
            .in_file(file)
            .help("`--report` posts what `review --report-json FILE` or `check --format json` wrote")
    })?;
    let all = found.report.findings.len();
    Ok(Result { found, all, fail_on: args.fail_on.unwrap_or(FailOn::High), analyzed: None })
}

fn settings(args: &ReviewArgs, started: &Started) -> std::result::Result<Settings, Fault> {
    let Some(repository) = &started.repository else {
        return Err(Fault::new("which repository is it?").help("name it: `--repo OWNER/NAME`"));
    };
    Ok(Settings {
        addresses: started.addresses.clone(),
        repository: repository.clone(),
        namespace: started.namespace.clone(),
        comments: match args.comment.as_str() {
            "none" => Comments::None,
            "summary" => Comments::Summary,
            _ => Comments::Review,
        },
        comments_max: args.max_comments as usize,
        token: started.token.clone(),
        dry_run: args.dry_run,
        second: started.second,
    })
}

fn post(args: &ReviewArgs, started: &Started, pull: &Pull, result: &Result) -> std::result::Result<Outcome, Fault> {
    let prefix = result.analyzed.as_ref().map(compare::prefix).unwrap_or_default();
    let text = |path: &str| result.analyzed.as_ref()?.project.text(path.strip_prefix(&prefix)?);
    let material = Material { found: &result.found, text: &text, diff: None };
    backend_specialist_github::run(&settings(args, started)?, pull, material).map_err(Fault::new)
}

/// There is no pull request to speak to.
fn alone(started: &Started, result: &Result, reason: String) -> Outcome {
    let repository = started.repository_or_none();
    Outcome {
        wrote: Wrote::None,
        reason: Some(reason),
        job: job_summary(&started.addresses, &repository, &started.sha, &result.found),
        told: Vec::new(),
    }
}

/// For messages.
fn shown(path: &std::path::Path) -> String {
    shown_path(path)
}

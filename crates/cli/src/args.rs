//! Options and commands as they are typed.

use std::ffi::OsString;
use std::path::PathBuf;

use backend_specialist_core::config::{FailOn, TestTreatment};
use backend_specialist_core::finding::{Confidence, Profile, Severity};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, Parser, Subcommand};
use serde::de::DeserializeOwned;

use crate::exit;
use crate::fault::Fault;

/// Finds what is wrong in Node.js and Python backends.
///
/// Without a command it checks. Exit codes: 0 nothing that counts, 1 findings that count, 2 usage, configuration or
/// unreadable input, 3 incomplete analysis under --strict-coverage.
#[derive(Debug, Parser)]
#[command(name = "backend-specialist", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub check: CheckArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyze and report (the default)
    Check(Box<CheckArgs>),
    /// Show every route with its guards
    Routes(Box<RoutesArgs>),
    /// List all rules
    Rules(RulesArgs),
    /// Show a rule's page, or what is known of a place
    Explain(Box<ExplainArgs>),
    /// Write or compare known findings
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Check the pages of the project's own models
    Test(Box<TestArgs>),
    /// Join the JSON reports of shards
    Merge(MergeArgs),
    /// Comment on a pull request: what it introduced, each finding once
    Review(Box<crate::review::ReviewArgs>),
    /// Write a commented configuration to start from
    Init(InitArgs),
    /// Settings
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print a completion script
    Completions(CompletionsArgs),
}

#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Write today's findings to a new file
    Create(Box<BaselineArgs>),
    /// Write today's findings over the file
    Update(Box<BaselineArgs>),
    /// Drop what is no longer found
    Prune(Box<BaselineArgs>),
    /// Answer 1 if the file holds what is no longer found
    Check(Box<BaselineArgs>),
}

#[derive(Clone, Debug, Args)]
pub struct BaselineArgs {
    /// The file, relative to the current folder
    #[arg(long, value_name = "FILE", default_value = "backend-specialist-baseline.json")]
    pub file: PathBuf,
    #[command(flatten)]
    pub project: ProjectArgs,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the settings that hold, for a file if one is given
    Show(Box<ConfigShowArgs>),
}

#[derive(Clone, Copy, Debug, Args)]
pub struct InitArgs {
    /// Write a workflow that reviews pull requests as well
    #[arg(long)]
    pub workflow: bool,
}

#[derive(Clone, Debug, Args)]
pub struct ConfigShowArgs {
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
}

#[derive(Clone, Debug, Args)]
pub struct RoutesArgs {
    /// Files and folders whose routes are shown [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
    #[arg(long, default_value = "table", value_parser = ["table", "json", "markdown", "openapi", "http", "curl"])]
    pub format: String,
    /// Show what lost a guard since REF branched off; answer 1 if anything did
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub diff: Option<String>,
    /// A project without JavaScript or Python is no error
    #[arg(long)]
    pub allow_empty: bool,
}

#[derive(Clone, Debug, Args)]
pub struct RulesArgs {
    #[arg(long, default_value = "text", value_parser = ["text", "json", "markdown"])]
    pub format: String,
}

#[derive(Clone, Debug, Args)]
pub struct ExplainArgs {
    /// A rule, or a place as FILE:LINE
    #[arg(value_name = "RULE|FILE:LINE")]
    pub what: String,
    #[command(flatten)]
    pub project: ProjectArgs,
}

#[derive(Clone, Debug, Args)]
pub struct TestArgs {
    /// Pages, or folders with pages; the whole project without
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
}

#[derive(Clone, Debug, Args)]
pub struct MergeArgs {
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
    #[arg(long, default_value = "text", value_parser = crate::output::FORMATS)]
    pub format: String,
}

#[derive(Clone, Debug, Args)]
pub struct CompletionsArgs {
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Clone, Debug, Args)]
pub struct CommonArgs {
    /// Colors in text
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub color: String,
    /// Nothing on stderr but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// More on stderr: what was skipped and why
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

#[derive(Clone, Debug, Args)]
pub struct CheckArgs {
    /// Files and folders to report on, `-` for standard input [default: the current folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArgs,
    /// How to print the report
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = crate::output::FORMATS)]
    pub format: String,
    /// Write the report to a file as well (repeatable)
    #[arg(long, value_name = "FORMAT=FILE")]
    pub output: Vec<String>,
    /// The lowest severity that makes a run fail
    #[arg(long, value_name = "SEVERITY", value_parser = words::<FailOn>(&["critical", "high", "medium", "low", "info", "none"]))]
    pub fail_on: Option<FailOn>,
    /// Answer 0 whatever is found
    #[arg(long)]
    pub exit_zero: bool,
    /// Answer 3 when something could not be analyzed
    #[arg(long)]
    pub strict_coverage: bool,
    /// Known findings, which are not reported again
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Report what was introduced since REF branched off [default: the remote's main branch]
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub diff: Option<String>,
    /// Report what the staged changes introduce
    #[arg(long, conflicts_with = "diff")]
    pub staged: bool,
    /// A project without JavaScript or Python is no error
    #[arg(long)]
    pub allow_empty: bool,
}

/// What decides which files are read and which rules run; shared by the commands that analyze.
#[derive(Clone, Debug, Args)]
pub struct ProjectArgs {
    /// The project's folder [default: the nearest one upwards with a configuration, else the current one]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What standard input is called
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,
    /// Which rules run
    #[arg(long, value_parser = words::<Profile>(&["core", "strict", "audit"]))]
    pub profile: Option<Profile>,
    /// Run these rules or groups alone
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Do not run these rules or groups
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// What happens to findings in code that tests
    #[arg(long, value_parser = words::<TestTreatment>(&["same", "lower", "skip"]))]
    pub tests: Option<TestTreatment>,
    /// Report nothing below this severity
    #[arg(long, value_name = "SEVERITY", value_parser = words::<Severity>(&["critical", "high", "medium", "low", "info"]))]
    pub min_severity: Option<Severity>,
    /// Report nothing below this confidence
    #[arg(long, value_name = "CONFIDENCE", value_parser = words::<Confidence>(&["high", "medium", "low"]))]
    pub min_confidence: Option<Confidence>,
    /// Files that are no part of the project, as a pattern (repeatable)
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// Skip files larger than this
    #[arg(long, value_name = "BYTES")]
    pub max_file_size: Option<u64>,
    /// Threads [default: one for each core]
    #[arg(short, long = "jobs", value_name = "N")]
    pub jobs: Option<usize>,
}

impl Cli {
    pub fn read(args: impl Iterator<Item = OsString>) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(args)
    }
}

/// A parser of the words that the configuration knows as well.
pub fn words<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    known: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(known).try_map(|word| serde_json::from_value(serde_json::Value::String(word)))
}

/// Help and version go to stdout; everything else is a fault in our own words.
pub fn answer(error: &clap::Error) -> Result<u8, Fault> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A closed pipe is no fault of ours.
            let _ = error.print();
            return Ok(exit::OK);
        }
        _ => {}
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(it)) => Some(it.clone()),
        Some(ContextValue::Strings(all)) => Some(all.join("`, `")),
        _ => None,
    };
    let arg = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let (what, help) = match error.kind() {
        ErrorKind::UnknownArgument => (
            format!("unknown option `{arg}`"),
            context(ContextKind::SuggestedArg).map(|it| format!("did you mean `{it}`?")),
        ),
        ErrorKind::InvalidSubcommand => (
            format!("unknown command `{}`", context(ContextKind::InvalidSubcommand).unwrap_or_default()),
            context(ContextKind::SuggestedSubcommand).map(|it| format!("did you mean `{it}`?")),
        ),
        ErrorKind::InvalidValue if value.is_empty() => (format!("`{arg}` needs a value"), None),
        ErrorKind::InvalidValue => (format!("`{value}` is no value of `{arg}`"), valid_values(error)),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            (format!("`{arg}` cannot be used with `{other}`"), None)
        }
        _ => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_string();
            (first, None)
        }
    };
    let help = help.unwrap_or_else(|| "see `backend-specialist --help`".to_string());
    Err(Fault::new(what).help(help))
}

fn valid_values(error: &clap::Error) -> Option<String> {
    if let Some(ContextValue::String(it)) = error.get(ContextKind::SuggestedValue) {
        return Some(format!("did you mean `{it}`?"));
    }
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(all)) if !all.is_empty() => Some(format!("one of {}", all.join(", "))),
        _ => None,
    }
}

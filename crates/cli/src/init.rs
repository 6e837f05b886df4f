//! `init` and `config show`: a configuration to start from, and the one that holds for a file.

use std::path::Path;

use backend_specialist_core::config::Config;

use crate::args::{ConfigShowArgs, InitArgs};
use crate::exit;
use crate::fault::{Fault, shown_path};
use crate::names::{absolute, below};
use crate::output::write_stdout;
use crate::settings;

const FILE: &str = "backend-specialist.toml";

const TEXT: &str = "\
# Settings of backend-specialist; every key is optional, and an option of the command line beats it.

# Which rules run: core, strict or audit.
# profile = \"core\"
# Run these rules or groups alone, or leave some out: `backend-specialist rules` lists them.
# select = []
# ignore = []

# The lowest severity that makes a run fail: critical, high, medium, low, info or none.
# fail-on = \"high\"
# Report nothing below these.
# min-severity = \"info\"
# min-confidence = \"low\"

# Findings in code that tests: same, lower (one severity) or skip.
# tests = \"lower\"
# Files that are no part of the project.
# exclude = [\"scripts/**\"]
# A suppression comment must give its reason.
# require-reason = false

# [[overrides]]
# files = [\"legacy/**\"]
# min-severity = \"high\"

# Facts the code cannot show.
# [assume]
# rate-limit = \"gateway\"
# tls-termination = \"proxy\"
# public-routes = [\"/health\", \"POST /auth/login\"]

# The project's own names, recognized like the built-in ones.
# [models]
# guards = [\"requireUser\", \"app.auth:ensure_user\"]
# sanitizers = { sql = [\"quoteIdent\"] }
# validators = [\"validateBody\"]
";

/// Below the root of the repository; the same text stands in `docs/github-action.md`.
const WORKFLOW: &str = ".github/workflows/review.yml";
const WORKFLOW_TEXT: &str = include_str!("review.yml");

pub fn init(args: InitArgs) -> Result<u8, Fault> {
    let current = current()?;
    if args.workflow {
        let root = settings::repository_root(&current).unwrap_or_else(|| current.clone());
        create(&root.join(WORKFLOW), WORKFLOW_TEXT, "a workflow")?;
        write_stdout(&format!("wrote {WORKFLOW}\n"));
        if settings::find_nearest(&current)?.is_some() {
            return Ok(exit::OK);
        }
    }
    if let Some(file) = settings::find_nearest(&current)?
        && file.parent() == Some(&current)
    {
        let what = format!("there is a configuration already: {}", shown_path(&file));
        return Err(Fault::new(what).help("`backend-specialist config show` prints what holds"));
    }
    create(&current.join(FILE), TEXT, "a configuration")?;
    write_stdout(&format!("wrote {FILE}\n"));
    Ok(exit::OK)
}

/// Created, never overwritten.
fn create(file: &Path, text: &str, what: &str) -> Result<(), Fault> {
    use std::io::Write;
    if file.exists() {
        return Err(Fault::new(format!("there is {what} already: {}", shown_path(file))));
    }
    let folder = file.parent().unwrap_or(file);
    let opened = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::OpenOptions::new().write(true).create_new(true).open(file));
    let written = opened.and_then(|mut it| it.write_all(text.as_bytes()));
    written.map_err(|it| Fault::new(format!("cannot write {}: {it}", shown_path(file))))
}

pub fn show(args: &ConfigShowArgs) -> Result<u8, Fault> {
    let current = current()?;
    let settings = settings::read(&args.project, &current, &current)?;
    let mut config = settings.config;
    let mut out = match &settings.file {
        Some(file) => format!("# from {}\n", shown_path(file)),
        None => "# no configuration file: the defaults\n".to_string(),
    };
    if let Some(file) = &args.file {
        let full = absolute(&current, file);
        let Some(path) = below(&settings.root, &full) else {
            return Err(Fault::new(format!("`{}` is outside of the project", shown_path(file))));
        };
        out.push_str(&format!("# for {path}\n"));
        config = applied(config, &path);
    }
    let text = toml::to_string(&config).map_err(|it| Fault::new(it.to_string()))?;
    out.push_str(&text);
    write_stdout(&out);
    Ok(exit::OK)
}

/// The overrides that hold for the file, worked in.
fn applied(mut config: Config, path: &str) -> Config {
    let overrides = std::mem::take(&mut config.overrides);
    config.overrides.clone_from(&overrides);
    let file = config.for_file(path);
    let (severity, confidence, tests) = (file.min_severity, file.min_confidence, file.tests);
    let ignored = file.ignored();
    config.min_severity = severity;
    config.min_confidence = confidence;
    config.tests = tests;
    config.ignore.extend(ignored);
    config.overrides.clear();
    config
}

fn current() -> Result<std::path::PathBuf, Fault> {
    std::env::current_dir().map_err(|it| Fault::new(format!("no current folder: {it}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line that is commented out is a setting that can be read, together they are one configuration.
    #[test]
    fn the_text_to_start_from_can_be_read() {
        let is_setting = |it: &str| it.starts_with('[') || it.contains(" = ");
        let lines: Vec<&str> =
            TEXT.lines().filter_map(|it| it.strip_prefix("# ")).filter(|it| is_setting(it)).collect();
        let config: Config = toml::from_str(&lines.join("\n")).expect("the settings can be read");
        assert_eq!(config.exclude, ["scripts/**"]);
        assert_eq!(config.overrides[0].files, ["legacy/**"]);
        assert_eq!(config.models.validators, ["validateBody"]);
    }
}

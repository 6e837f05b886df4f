//! `cargo xtask`: see `USAGE`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use backend_specialist_xtask::{generate, literate, ready, root};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[&str]) -> Result<()> {
    match args {
        ["gen"] => generate::write(&root()),
        ["gen", "--check"] => generate::check(&root()),
        ["page"] => literate::check(&root(), "", ""),
        ["page", page] => literate::check(&root(), page, ""),
        ["page", page, case] => literate::check(&root(), page, case),
        ["ready"] => ready::run(&root()),
        _ => bail!("{USAGE}"),
    }
}

const USAGE: &str = "usage:
  cargo xtask gen [--check]             writes the generated files, or says which are stale
  cargo xtask page [PAGE [CASE]]        runs the literate pages, or one of them, or one of its cases
  cargo xtask ready                     everything that must hold before a change is sent";

//! `cargo xtask`: see `USAGE`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use backend_specialist_xtask::{bench, generate, literate, new_rule, package, ready, replay, root, tidy, wasm};

const USAGE: &str = "usage:
  cargo xtask gen [--check]                 writes the generated files, or says which are stale
  cargo xtask page [NAME [CASE]]            runs the literate pages, or those with these words in path and title
  cargo xtask new-rule ID --group GROUP     writes a rule, its page and the lines that name them
  cargo xtask bench [FOLDER…]               what each phase costs, and the memory, of two generated backends or these folders
  cargo xtask tidy                          says what is untidy
  cargo xtask replay                        replays the flows of pages and apps (needs Python 3)
  cargo xtask package                       builds the npm package into pkg/dist (needs Node)
  cargo xtask wasm                          builds it and compares its reports with the native ones
  cargo xtask playground                    builds the playground and serves it
  cargo xtask site                          builds the playground and the rules' pages for a web server, without serving them
  cargo xtask npm                           tests the package as its users have it, and the playground (needs Chromium)
  cargo xtask ready                         everything that must hold before a change is sent";

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
        ["new-rule", id, "--group", group] => new_rule::write(&root(), id, group),
        ["bench", "--one", what, folder] => bench::one(what, folder.as_ref()),
        ["bench", folders @ ..] => bench::run(&root(), folders),
        ["tidy"] => match tidy::problems(&root())?.as_slice() {
            [] => Ok(()),
            problems => bail!("untidy\n{}", problems.join("\n")),
        },
        ["replay"] => replay::run(&root()),
        ["package"] => package::build(&root()),
        ["wasm"] => wasm::compare(&root()),
        ["playground"] => package::serve(&root()),
        ["site"] => package::site(&root()),
        ["npm"] => package::test(&root()),
        ["ready"] => ready::run(&root()),
        _ => bail!("{USAGE}"),
    }
}

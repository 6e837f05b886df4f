//! The command line: files and settings in, reports and exit codes out. It translates; the core decides.

mod args;
mod baseline;
mod check;
mod discover;
mod fault;
mod git;
mod init;
mod merge;
mod models;
mod names;
mod output;
mod pages;
mod review;
mod routes;
mod rules;
mod settings;
mod summary;
mod test;

use std::process::ExitCode;

use args::{Cli, Command, ConfigCommand};
use clap::CommandFactory;
use fault::Fault;

/// Exit codes, the same for every format.
pub(crate) mod exit {
    pub const OK: u8 = 0;
    pub const FINDINGS: u8 = 1;
    pub const FAULT: u8 = 2;
    pub const INCOMPLETE: u8 = 3;
}

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| fault::internal(&panic.to_string()).print()));
    let code = match std::panic::catch_unwind(run) {
        Ok(Ok(code)) => code,
        Ok(Err(fault)) => {
            fault.print();
            exit::FAULT
        }
        Err(_) => exit::FAULT,
    };
    ExitCode::from(code)
}

fn run() -> Result<u8, Fault> {
    let cli = match Cli::read(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return args::answer(&error),
    };
    match cli.command {
        None => check::run(&cli.check, &cli.common),
        Some(Command::Check(check)) => check::run(&check, &cli.common),
        Some(Command::Routes(args)) => routes::run(&args, &cli.common),
        Some(Command::Rules(args)) => rules::list(&args),
        Some(Command::Explain(args)) => rules::run_explain(&args, &cli.common),
        Some(Command::Baseline(command)) => baseline::run(&command),
        Some(Command::Test(args)) => test::run(&args),
        Some(Command::Merge(args)) => merge::run(&args, &cli.common),
        Some(Command::Review(args)) => review::run(&args, &cli.common),
        Some(Command::Init(args)) => init::init(args),
        Some(Command::Config(ConfigCommand::Show(args))) => init::show(&args),
        Some(Command::Completions(args)) => {
            clap_complete::generate(args.shell, &mut Cli::command(), "backend-specialist", &mut std::io::stdout());
            Ok(exit::OK)
        }
    }
}

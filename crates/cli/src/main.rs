//! The command line: files and settings in, reports and exit codes out. It translates; the core decides.

mod args;
mod check;
mod discover;
mod fault;
mod names;
mod output;
mod settings;
mod summary;

use std::process::ExitCode;

use args::{Cli, Command};
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
    }
}

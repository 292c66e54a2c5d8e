//! The `ibid` program: arguments in, report out, an exit status.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(cli::Outcome::Clean) => ExitCode::SUCCESS,
        Ok(cli::Outcome::Findings) => ExitCode::from(1),
        Ok(cli::Outcome::Faulty) => ExitCode::from(2),
        // `ibid check … | head` is not a fault.
        Err(error) if cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("ibid: {error:#}");
            ExitCode::from(2)
        }
    }
}

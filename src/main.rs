//! Parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    wxpress::cli::run()
}

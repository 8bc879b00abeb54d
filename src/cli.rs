//! The composition root: the commands, and what each needs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks to the person who typed it")]

mod article;
mod demo;
mod doctor;
mod import;
mod serve;
mod simulator;
mod staff;
mod verification;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl, Overrides};
use crate::state::AppState;

/// A news site made for WeChat: every article arrives as the right card.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
struct Cli {
    /// The settings file (TOML); the environment (`WXPRESS_…`) overrides it.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Log more.
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site.
    Serve(serve::Args),
    /// Show the site with sample articles and a simulated WeChat; leaves nothing behind.
    Demo(demo::Args),
    /// Check every step from the settings to the card, and say which button to press.
    Doctor(doctor::Args),
    /// Take in articles from a folder of Markdown files or Hugo/Zola bundles.
    Import(import::ImportArgs),
    /// Pin, correct or withdraw a published article.
    Article(article::Args),
    /// Serve the files by which an account proves that the domain is its own.
    Verification(verification::Args),
    /// Say who works here: the first link, invitations, and help for whoever is locked out.
    Staff(staff::Args),
    /// Run the simulated WeChat alone.
    Simulator(simulator::Args),
}

/// Runs the command that was typed; the exit code is 0 only when all is well.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(match &cli.command {
        _ if cli.verbose => "wxpress=debug,info",
        // Its findings say the same, and more clearly.
        Command::Doctor(_) => "wxpress=info,wxpress::credentials=off,warn",
        // What clients send that is no HTTP is their own affair; anybody could fill the disk with it.
        _ => "wxpress=info,actix_http::h1=off,warn",
    });
    let system = actix_web::rt::System::new();
    match system.block_on(execute(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("wxpress: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    let file = cli.config;
    let load = |flags: &Overrides| Config::load(file.as_deref(), flags);
    match cli.command {
        Command::Serve(args) => serve::run(load(&args.overrides())?).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Doctor(args) => doctor::run(load(&Overrides::new())?, &args).await,
        Command::Import(args) => {
            let mut config = load(&Overrides::new())?;
            // A dry run leaves nothing behind, also where there is no site yet.
            let scratch = args.dry_run.then(tempfile::tempdir).transpose()?;
            if let (Some(folder), false) = (&scratch, is_there(&config.database)) {
                config = config.moved_to(folder.path());
            }
            let (state, _keepers) = AppState::build(config, Clock::System).await?;
            import::run(&state.content, &args).await
        }
        Command::Article(args) => {
            let (state, _keepers) = AppState::build(load(&Overrides::new())?, Clock::System).await?;
            article::run(&state.content, args).await
        }
        Command::Verification(args) => {
            let (state, _keepers) = AppState::build(load(&Overrides::new())?, Clock::System).await?;
            verification::run(&state.content, args).await
        }
        Command::Staff(args) => {
            let (state, _keepers) = AppState::build(load(&Overrides::new())?, Clock::System).await?;
            staff::run(&state, args).await
        }
        Command::Simulator(args) => simulator::run(&args).await,
    }
}

/// Whether there is a database already; a server is asked for it anyway.
fn is_there(database: &DatabaseUrl) -> bool {
    match database {
        DatabaseUrl::Sqlite(path) => path.exists(),
        DatabaseUrl::Postgres(_) => true,
    }
}

/// Lines for a person at a terminal, JSON for a machine.
fn log_to_stderr(filter: &str) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_target(false);
    if std::io::stderr().is_terminal() {
        builder.init();
    } else {
        builder.json().flatten_event(true).init();
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}

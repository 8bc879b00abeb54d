//! `wxpress doctor`: every step from the settings to the card.

use std::process::ExitCode;

use crate::clock::Clock;
use crate::config::Config;
use crate::content::Filter;
use crate::diagnosis::{Finding, Subject, Verdict, examine};
use crate::state::AppState;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

/// Prints what was found; the exit code is 1 when a card would be wrong.
pub(super) async fn run(config: Config, args: &Args) -> anyhow::Result<ExitCode> {
    let (state, _tasks) = AppState::build(config, Clock::System).await?;
    let newest = state.content.latest(&Filter::All, None, 1).await?.items.into_iter().next();
    let page = newest.map_or_else(|| "/".to_owned(), |summary| format!("/articles/{}", summary.key));
    let official = state.official.as_ref().map(|official| &official.account);
    let subject = Subject { config: &state.config, fetch: &state.fetch, official, page: &page };
    let findings = examine(subject).await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let bad = findings.iter().any(|finding| finding.verdict == Verdict::Problem);
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print(finding: &Finding) {
    let sign = match finding.verdict {
        Verdict::Good => "ok     ",
        Verdict::Warning => "warning",
        Verdict::Problem => "PROBLEM",
    };
    println!("{sign}  {:<12}  {}", finding.check, finding.what);
    if !finding.cure.is_empty() {
        println!("         {:<12}  -> {}", "", finding.cure);
    }
}

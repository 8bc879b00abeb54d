//! `wxpress doctor`: every step from the settings to the card.

use std::process::ExitCode;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::Config;
use crate::content::Filter;
use crate::credentials::Keeper;
use crate::diagnosis::{Finding, Subject, Verdict, examine};
use crate::state::AppState;

/// How often a lease that another process holds is asked for.
const LEASE_TRIES: u32 = 30;
const LEASE_PAUSE: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

/// Prints what was found; the exit code is 1 when a card would be wrong.
pub(super) async fn run(config: Config, args: &Args) -> anyhow::Result<ExitCode> {
    let (state, keepers) = AppState::build(config, Clock::System).await?;
    for keeper in keepers {
        try_now(&state, keeper).await;
    }
    let reports = state.overview.reports().await?;
    let newest = state.content.latest(&Filter::All, None, 1).await?.items.into_iter().next();
    let page = newest.map_or_else(|| "/".to_owned(), |summary| format!("/articles/{}", summary.key));
    let subject = Subject {
        config: &state.config,
        language: state.config.site.language,
        fetch: &state.fetch,
        credentials: &state.credentials,
        reports: &reports,
        page: &page,
    };
    let findings = examine(subject).await;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let bad = findings.iter().any(|finding| finding.verdict == Verdict::Problem);
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Lets the keeper try, even where it would wait otherwise: a person asks. Another process may hold the lease for a
/// moment.
async fn try_now(state: &AppState, keeper: Keeper) {
    let mut keeper = keeper.without_alarms();
    let asked_at = state.clock.now();
    state.credentials.ask_now(keeper.account_key());
    for _ in 0..LEASE_TRIES {
        let pause = keeper.step().await;
        let status = state.credentials.status(keeper.account_key());
        let answered = status.last_success >= Some(asked_at);
        if answered || status.trouble.as_ref().is_some_and(|trouble| trouble.at >= asked_at.0) {
            return;
        }
        tokio::time::sleep(pause.min(LEASE_PAUSE)).await;
    }
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

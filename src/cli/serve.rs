//! `wxpress serve`: settings, state, tasks, listener, until a signal.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::Server;
use actix_web::web::Data;
use anyhow::Context as _;
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::config::{Config, Overrides};
use crate::credentials::Keeper;
use crate::state::AppState;
use crate::stats;
use crate::web::{Ops, Site, create_app, create_ops_app};

/// How long requests in flight may take after a signal, in seconds.
const GRACE: u64 = 30;
/// Connections that one worker holds.
const CONNECTIONS: usize = 4096;
/// How often a process looks whether another has changed what readers see: a withdrawal shows within a second.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often a process looks for articles whose time has come.
const TICK_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to listen, for example 127.0.0.1:8080.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The public address of the site, for example <https://news.example.cn>.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

impl Args {
    /// The flags as settings.
    pub(super) fn overrides(&self) -> Overrides {
        let given = [("server.listen", &self.listen), ("site.base_url", &self.base_url)];
        given.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect()
    }
}

/// Serves until a signal.
pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let listen = config.server.listen;
    let (state, keepers) = AppState::build(config, Clock::System).await?;
    let doors = open(&state, listen)?;
    greet(&state).await?;
    attend(state, keepers, doors).await
}

/// Serves until a signal, without a word.
pub(super) async fn serve(state: Arc<AppState>, keepers: Vec<Keeper>, listen: SocketAddr) -> anyhow::Result<ExitCode> {
    let doors = open(&state, listen)?;
    attend(state, keepers, doors).await
}

/// The addresses that are listened on.
struct Doors {
    pages: Server,
    ops: Option<Server>,
}

fn open(state: &Arc<AppState>, listen: SocketAddr) -> anyhow::Result<Doors> {
    let ops = state.config.server.ops_listen.map(|address| open_ops(Arc::clone(state), address)).transpose()?;
    let site = Data::new(Site::new(Arc::clone(state)));
    let pages = HttpServer::new(move || create_app(site.clone()))
        .client_request_timeout(Duration::from_secs(10))
        .max_connections(CONNECTIONS)
        .shutdown_timeout(GRACE)
        .bind(listen)
        .with_context(|| {
            format!("cannot listen at {listen}; is another program there? Set server.listen to a free port")
        })?
        .run();
    Ok(Doors { pages, ops })
}

/// Runs the pages and everything beside them. A task that ends is a failure: without it the site would decay unseen.
async fn attend(state: Arc<AppState>, keepers: Vec<Keeper>, doors: Doors) -> anyhow::Result<ExitCode> {
    let mut beside = start(keepers, &state);
    if let Some(ops) = doors.ops {
        beside.spawn(async move {
            if let Err(error) = ops.await {
                tracing::error!(%error, "the metrics are served no longer");
            }
        });
    }
    let code = tokio::select! {
        ended = doors.pages => { ended?; ExitCode::SUCCESS }
        Some(died) = beside.join_next() => {
            tracing::error!(error = ?died.err(), "a background task ended; stopping");
            ExitCode::FAILURE
        }
    };
    beside.shutdown().await;
    state.stats.flush().await.context("the last counts could not be written")?;
    Ok(code)
}

/// Metrics, on their own address; few look at them, so one worker will do.
fn open_ops(state: Arc<AppState>, address: SocketAddr) -> anyhow::Result<Server> {
    let ops = Data::new(Ops::new(state));
    let server = HttpServer::new(move || create_ops_app(ops.clone())).workers(1).disable_signals();
    Ok(server.bind(address).with_context(|| format!("cannot listen at {address} (server.ops_listen)"))?.run())
}

fn start(keepers: Vec<Keeper>, state: &Arc<AppState>) -> JoinSet<()> {
    let mut beside = JoinSet::new();
    for keeper in keepers {
        beside.spawn(async move { match keeper.run().await {} });
    }
    let content = state.content.clone();
    let trouble = "the site's version could not be read";
    repeat(&mut beside, LOOK_EVERY, trouble, move || {
        let content = content.clone();
        async move { content.look().await.map(drop) }
    });
    let content = state.content.clone();
    let trouble = "what is due is tried again in a second";
    repeat(&mut beside, TICK_EVERY, trouble, move || {
        let content = content.clone();
        async move { content.tick().await.map(drop) }
    });
    let content = state.content.clone();
    beside.spawn(async move {
        content.index_all_missing().await;
        std::future::pending::<()>().await;
    });
    let state = Arc::clone(state);
    let trouble = "counts are kept in memory until they can be written";
    repeat(&mut beside, stats::FLUSH_EVERY, trouble, move || {
        let state = Arc::clone(&state);
        async move { state.stats.flush().await }
    });
    beside
}

/// Does `work` again and again beside the pages; when it fails, the log says what that means.
fn repeat<E, Done>(
    beside: &mut JoinSet<()>,
    pause: Duration,
    trouble: &'static str,
    work: impl Fn() -> Done + Send + 'static,
) where
    E: std::fmt::Display + Send,
    Done: Future<Output = Result<(), E>> + Send,
{
    beside.spawn(async move {
        let mut interval = tokio::time::interval(pause);
        loop {
            interval.tick().await;
            if let Err(error) = work().await {
                tracing::warn!(%error, "{trouble}");
            }
        }
    });
}

/// Says where the site is, what is not right yet, and, while nobody works here, how the first one comes in.
async fn greet(state: &AppState) -> anyhow::Result<()> {
    let config = &state.config;
    let (address, listen) = (config.site.base_url.absolute("/"), config.server.listen);
    tracing::info!(%address, %listen, "serving");
    for finding in crate::diagnosis::before_start(config) {
        tracing::warn!(cure = finding.cure, "{}", finding.what);
    }
    if let Some(link) = state.staff.setup_link().await.context("the link for the first administrator")? {
        let link = config.back_office_url(link.path.expose());
        tracing::info!(%link, "nobody works here yet; the first administrator comes by this link, within a day");
    }
    Ok(())
}

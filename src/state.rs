//! Everything a handler may reach, built once per process.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::{Config, MediaStore, Secret, SecretKey};
use crate::content::Content;
use crate::credentials::{Credentials, Keeper, Key};
use crate::db::Db;
use crate::fetch::Fetch;
use crate::stats::Stats;
use crate::wechat::{OfficialAccount, Platform};

/// The parts of a running site.
#[derive(Debug)]
pub struct AppState {
    /// What the operator decided.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Articles and pictures.
    pub content: Content,
    /// Tokens and tickets, in memory.
    pub credentials: Credentials,
    /// The official account, if there is one.
    pub official: Option<Official>,
    /// What readers met.
    pub stats: Stats,
    /// The way out.
    pub fetch: Fetch,
    /// Makes nonces that nobody else can foretell.
    pub nonce_key: Secret<[u8; 32]>,
    /// Signs the beacon's tokens.
    pub beacon_key: Secret<[u8; 32]>,
}

/// What pages and checks need of the official account.
#[derive(Debug)]
pub struct Official {
    /// Shown to every reader.
    pub app_id: String,
    /// Under which its credentials are held.
    pub key: Key,
    /// The account itself, for `doctor`.
    pub account: OfficialAccount,
    /// Makes its keeper act now.
    pub wake: Arc<Notify>,
}

/// The tasks that must run beside the pages; whoever builds the state starts them.
#[derive(Debug, Default)]
pub struct Tasks {
    /// Keeps the official account's credentials.
    pub official: Option<Keeper>,
}

impl AppState {
    /// Opens the database (bringing its schema up to date), the media folder and the key, and sets up the accounts.
    pub async fn build(config: Config, clock: Clock) -> anyhow::Result<(Arc<Self>, Tasks)> {
        let MediaStore::Folder(media) = &config.media;
        let db = Db::open(&config.database, &config.data_dir).await?;
        let secret_key = SecretKey::open(config.secret_key.as_ref(), &config.data_dir)?;
        let content = Content::new(db.clone(), media.clone(), clock.clone());
        content.seed_settings(&config.site).await.context("the site's settings cannot be stored")?;
        let fetch = Fetch::new(config.wechat.proxy.as_ref().map(Secret::expose))?;
        let credentials = Credentials::new(clock.clone());
        let (official, keeper) = official(&config, &fetch, &credentials);
        let state = Self {
            nonce_key: secret_key.derive("nonce"),
            beacon_key: secret_key.derive("beacon"),
            stats: Stats::new(db.clone(), clock.clone()),
            config,
            clock,
            db,
            content,
            credentials,
            official,
            fetch,
        };
        Ok((Arc::new(state), Tasks { official: keeper }))
    }
}

fn official(config: &Config, fetch: &Fetch, credentials: &Credentials) -> (Option<Official>, Option<Keeper>) {
    let Some(settings) = config.wechat.official.clone() else { return (None, None) };
    let endpoint = settings.token_endpoint;
    let account = OfficialAccount::new(fetch.clone(), settings);
    let keeper = Keeper::new(account.clone(), endpoint, credentials.clone(), rand::random::<f64>);
    let official = Official {
        app_id: account.app_id().to_owned(),
        key: Key { platform: Platform::Official, account: account.app_id().to_owned(), agent: String::new() },
        account,
        wake: keeper.waker(),
    };
    (Some(official), Some(keeper))
}

//! Everything a handler may reach, built once per process.

use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::clock::Clock;
use crate::config::{Config, MediaStore, Sealer, Secret, SecretKey};
use crate::content::Content;
use crate::credentials::keeper::Surroundings;
use crate::credentials::renewal::beijing_day;
use crate::credentials::{Account, AccountKey, Alarms, Credentials, Keeper, Meter, OAuth, Overview, Store};
use crate::db::Db;
use crate::fetch::Fetch;
use crate::staff::{Issuers, Staff};
use crate::stats::Stats;
use crate::wechat::{OfficialAccount, WeComAgent};

/// The parts of a running site.
#[derive(Debug)]
pub struct AppState {
    /// What the operator decided.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Who works here.
    pub staff: Staff,
    /// Articles and pictures.
    pub content: Content,
    /// Tokens and tickets, in memory.
    pub credentials: Credentials,
    /// What was counted about them.
    pub meter: Meter,
    /// The accounts as people see them.
    pub overview: Overview,
    store: Store,
    /// The official account, if there is one.
    pub official: Option<AccountKey>,
    /// The agent in WeCom, if there is one.
    pub wecom: Option<AccountKey>,
    /// Whom WeChat or WeCom says somebody is.
    pub oauth: OAuth,
    /// What readers met.
    pub stats: Stats,
    /// The way out.
    pub fetch: Fetch,
    /// Makes nonces that nobody else can foretell.
    pub nonce_key: Secret<[u8; 32]>,
    /// Signs the beacon's tokens.
    pub beacon_key: Secret<[u8; 32]>,
    /// Signs what a browser keeps while somebody is away at WeChat to say who they are.
    pub oauth_key: Secret<[u8; 32]>,
}

impl AppState {
    /// Opens the database (bringing its schema up to date), the media folder and the key, and sets up the accounts.
    /// The keepers must run beside the pages; whoever builds the state starts them.
    pub async fn build(config: Config, clock: Clock) -> anyhow::Result<(Arc<Self>, Vec<Keeper>)> {
        let MediaStore::Folder(media) = &config.media;
        let db = Db::open(&config.database, &config.data_dir).await?;
        let secret_key = SecretKey::open(config.secret_key.as_ref(), &config.data_dir)?;
        let store = Store::new(db.clone(), Sealer::new(&secret_key.derive("credentials")));
        if !store.key_fits().await? {
            bail!(
                "secret_key is not the one this database was made with. Give every process of the site the same key: \
                 copy secret.key from the first data directory, or set WXPRESS_SECRET_KEY_FILE"
            );
        }
        let content = Content::new(db.clone(), media.clone(), clock.clone());
        content.seed_settings(&config.site).await.context("the site's settings cannot be stored")?;
        content.look().await.context("the site's version cannot be read")?;
        let fetch = Fetch::new(config.wechat.proxy.as_ref().map(Secret::expose))?;
        let meter = Meter::default();
        let alarms =
            Alarms::new(store.clone(), meter.clone(), fetch.clone(), config.alarm_webhook.clone(), &config.site);
        let around = Surroundings {
            credentials: Credentials::new(clock.clone()),
            store: store.clone(),
            alarms,
            meter: meter.clone(),
            fingerprint_key: secret_key.derive("fingerprint"),
        };
        let words = vec![config.site.name.clone(), config.site.base_url.host().to_owned()];
        let issuers = Issuers {
            official: config.wechat.official.as_ref().map(|account| account.app_id.clone()).unwrap_or_default(),
            wecom: config.wechat.wecom.as_ref().map(|agent| agent.corp_id.clone()).unwrap_or_default(),
        };
        let staff = Staff::new(db.clone(), clock.clone(), &secret_key, words, rand::random::<[u8; 32]>);
        let staff = staff.with_issuers(issuers);
        let (official, wecom) = accounts(&config, &fetch);
        let keeper = |account: &Account| Keeper::new(account.clone(), around.clone(), rand::random::<f64>);
        let kept: Vec<Account> = official.iter().chain(&wecom).cloned().collect();
        let keepers = official.iter().chain(&wecom).map(keeper).collect();
        let asked = official.iter().chain(&wecom).cloned().collect();
        let base = config.wechat.authorize_base_url.clone();
        let state = Self {
            oauth: OAuth::new(asked, base, around.credentials.clone(), meter.clone()),
            oauth_key: secret_key.derive("oauth"),
            nonce_key: secret_key.derive("nonce"),
            beacon_key: secret_key.derive("beacon"),
            stats: Stats::new(db.clone(), clock.clone()),
            overview: Overview::new(around.credentials.clone(), store.clone(), kept),
            credentials: around.credentials.clone(),
            official: official.as_ref().map(Account::key),
            wecom: wecom.as_ref().map(Account::key),
            config,
            clock,
            db,
            staff,
            content,
            meter,
            store,
            fetch,
        };
        Ok((Arc::new(state), keepers))
    }

    /// The calls made today for `account`, by endpoint, in the whole fleet.
    pub async fn calls_today(&self, account: &AccountKey) -> Result<Vec<(String, i64)>, sqlx::Error> {
        self.store.calls(account, beijing_day(self.clock.now())).await
    }
}

/// The accounts in the settings, as they are spoken to.
pub fn accounts(config: &Config, fetch: &Fetch) -> (Option<Account>, Option<Account>) {
    let official = config.wechat.official.clone();
    let wecom = config.wechat.wecom.clone();
    (
        official.map(|settings| Account::Official(OfficialAccount::new(fetch.clone(), settings))),
        wecom.map(|settings| Account::WeCom(WeComAgent::new(fetch.clone(), settings))),
    )
}

//! What readers met: views, how they came, and what became of `wx.config`. Counted in memory, written in batches, and
//! nothing about who they are.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::clock::{Clock, Millis};
use crate::db::Db;

/// How often counts are written.
pub const FLUSH_EVERY: Duration = Duration::from_secs(5);
/// Counts kept before a write at the most; beyond it new kinds of count are dropped, never memory.
const MOST_PENDING: usize = 20_000;
const DAY_MILLIS: i64 = 86_400_000;

/// One thing that is counted, per article and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// A page was shown.
    View,
    /// It was opened from a card or an address: `from=singlemessage` and its like.
    Opened(Opening),
    /// What `wx.config` came to.
    Config(ConfigResult),
}

/// Where a reader came from, as far as WeChat says (wechat-facts §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opening {
    /// `from=singlemessage`.
    Chat,
    /// `from=groupmessage`.
    Group,
    /// `from=timeline`.
    Moments,
    /// Anything else that was named.
    Other,
}

/// What became of `wx.config` on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigResult {
    /// Accepted.
    Ok,
    /// `invalid signature`.
    InvalidSignature,
    /// `invalid url domain`.
    InvalidDomain,
    /// Permission refused.
    Denied,
    /// Another failure.
    Failed,
    /// The SDK could not be loaded from any address.
    SdkMissing,
}

impl Measure {
    /// The name in the database.
    fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Opened(Opening::Chat) => "opened.chat",
            Self::Opened(Opening::Group) => "opened.group",
            Self::Opened(Opening::Moments) => "opened.moments",
            Self::Opened(Opening::Other) => "opened.other",
            Self::Config(ConfigResult::Ok) => "config.ok",
            Self::Config(ConfigResult::InvalidSignature) => "config.invalid_signature",
            Self::Config(ConfigResult::InvalidDomain) => "config.invalid_domain",
            Self::Config(ConfigResult::Denied) => "config.denied",
            Self::Config(ConfigResult::Failed) => "config.failed",
            Self::Config(ConfigResult::SdkMissing) => "config.sdk_missing",
        }
    }
}

impl Opening {
    /// Reads `from`; nothing was named when it is empty.
    pub fn parse(from: &str) -> Option<Self> {
        match from {
            "" => None,
            "singlemessage" => Some(Self::Chat),
            "groupmessage" => Some(Self::Group),
            "timeline" => Some(Self::Moments),
            _ => Some(Self::Other),
        }
    }
}

impl ConfigResult {
    /// Reads what `share.js` reports: its outcome and the SDK's message.
    pub fn parse(outcome: &str, message: &str) -> Self {
        let message = message.to_ascii_lowercase();
        match outcome {
            "ok" => Self::Ok,
            "sdk_missing" => Self::SdkMissing,
            _ if message.contains("invalid signature") => Self::InvalidSignature,
            _ if message.contains("domain") => Self::InvalidDomain,
            _ if message.contains("permission") => Self::Denied,
            _ => Self::Failed,
        }
    }
}

type Count = (i64, i64, &'static str);

/// What became of `wx.config`, for the metrics.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    result: &'static str,
}

/// The counter.
#[derive(Debug)]
pub struct Stats {
    db: Db,
    clock: Clock,
    pending: Mutex<BTreeMap<Count, i64>>,
    config_results: Family<Outcome, Counter>,
}

impl Stats {
    /// A counter that writes into `db`.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, pending: Mutex::default(), config_results: Family::default() }
    }

    /// Hands the counters to whoever publishes them.
    pub fn register(&self, registry: &mut Registry) {
        let help = "What became of wx.config on readers' phones";
        registry.register("wxpress_reader_config_results", help, self.config_results.clone());
    }

    /// Counts one `measure` of `article`, in memory.
    pub fn count(&self, article: i64, measure: Measure) {
        if matches!(measure, Measure::Config(_)) {
            self.config_results.get_or_create(&Outcome { result: measure.name() }).inc();
        }
        let key = (day(self.clock.now()), article, measure.name());
        let mut pending = self.pending();
        if pending.len() < MOST_PENDING || pending.contains_key(&key) {
            *pending.entry(key).or_insert(0) += 1;
        }
    }

    /// Writes what was counted. What cannot be written now is kept for the next time.
    pub async fn flush(&self) -> Result<(), sqlx::Error> {
        let batch = std::mem::take(&mut *self.pending());
        if batch.is_empty() {
            return Ok(());
        }
        let written = self.write(&batch).await;
        if written.is_err() {
            let mut pending = self.pending();
            for (key, count) in batch {
                *pending.entry(key).or_insert(0) += count;
            }
        }
        written
    }

    async fn write(&self, batch: &BTreeMap<Count, i64>) -> Result<(), sqlx::Error> {
        let mut transaction = self.db.begin().await?;
        for ((day, article, measure), count) in batch {
            sqlx::query(
                "INSERT INTO reader_count (day, article_id, measure, count) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (day, article_id, measure) DO UPDATE SET count = reader_count.count + excluded.count",
            )
            .bind(*day)
            .bind(*article)
            .bind(*measure)
            .bind(*count)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// All counts of `article`, by name, over all days.
    pub async fn totals(&self, article: i64) -> Result<BTreeMap<String, i64>, sqlx::Error> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT measure, CAST(SUM(count) AS BIGINT) FROM reader_count WHERE article_id = $1 GROUP BY measure",
        )
        .bind(article)
        .fetch_all(self.db.read())
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// A panic elsewhere cannot leave a map of counts half written.
    fn pending(&self) -> MutexGuard<'_, BTreeMap<Count, i64>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of the day since 1970, UTC.
pub fn day(moment: Millis) -> i64 {
    moment.0.div_euclid(DAY_MILLIS)
}

//! What readers met: views, how they came, and what became of `wx.config`. Counted in memory, written in batches, and
//! nothing about who they are.
//!
//! | file | holds |
//! |---|---|
//! | [`measure`] | what is counted |
//! | [`figures`] | what was counted, as the newsroom reads it |

pub mod figures;
pub mod measure;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::clock::{Clock, Millis};
use crate::db::Db;
use crate::wechat::Platform;
pub use figures::{ConfigTally, Days, Tally};
pub use measure::{ConfigResult, Measure, Opening};

/// How often counts are written.
pub const FLUSH_EVERY: Duration = Duration::from_secs(5);
/// Counts kept before a write at the most; beyond it new kinds of count are dropped, never memory.
const MOST_PENDING: usize = 20_000;
const DAY_MILLIS: i64 = 86_400_000;
const HOUR_MILLIS: i64 = 3_600_000;

/// Day, article, measure.
type Count = (i64, i64, &'static str);
/// Hour, account, result.
type ConfigCount = (i64, &'static str, &'static str);

/// What is not written yet.
#[derive(Debug, Default)]
struct Pending {
    counts: BTreeMap<Count, i64>,
    configs: BTreeMap<ConfigCount, i64>,
}

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
    pending: Mutex<Pending>,
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

    /// Counts one `measure` of `article` for a day of the site's calendar, in memory.
    pub fn count(&self, today: Date, article: i64, measure: Measure) {
        add(&mut self.pending().counts, (figures::number(today), article, measure.name()), 1);
    }

    /// Counts what became of the values of an account for now, in memory.
    pub fn count_config(&self, platform: Platform, result: ConfigResult) {
        self.config_results.get_or_create(&Outcome { result: Measure::Config(result).name() }).inc();
        let hour = self.clock.now().0.div_euclid(HOUR_MILLIS);
        add(&mut self.pending().configs, (hour, platform.name(), Measure::Config(result).name()), 1);
    }

    /// Writes what was counted. What cannot be written now is kept for the next time.
    pub async fn flush(&self) -> Result<(), sqlx::Error> {
        let batch = std::mem::take(&mut *self.pending());
        if batch.counts.is_empty() && batch.configs.is_empty() {
            return Ok(());
        }
        let written = self.write(&batch).await;
        if written.is_err() {
            let mut pending = self.pending();
            for (key, count) in batch.counts {
                add(&mut pending.counts, key, count);
            }
            for (key, count) in batch.configs {
                add(&mut pending.configs, key, count);
            }
        }
        written
    }

    async fn write(&self, batch: &Pending) -> Result<(), sqlx::Error> {
        let mut transaction = self.db.begin().await?;
        for ((day, article, measure), count) in &batch.counts {
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
        for ((hour, account, result), count) in &batch.configs {
            sqlx::query(
                "INSERT INTO config_count (hour, account, result, count) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (account, hour, result) DO UPDATE SET count = config_count.count + excluded.count",
            )
            .bind(*hour)
            .bind(*account)
            .bind(*result)
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
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add<K: Ord>(counts: &mut BTreeMap<K, i64>, key: K, count: i64) {
    if counts.len() < MOST_PENDING || counts.contains_key(&key) {
        *counts.entry(key).or_insert(0) += count;
    }
}

/// The number of the day since 1970, UTC: how long a page's token holds is no matter of any calendar.
pub fn day(moment: Millis) -> i64 {
    moment.0.div_euclid(DAY_MILLIS)
}

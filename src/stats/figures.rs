//! What was counted, as the newsroom reads it: by article, by day, and what became of `wx.config`.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::measure::{ConfigResult, Measure, Opening};
use super::{HOUR_MILLIS, Stats};
use crate::clock::Millis;
use crate::wechat::Platform;

const EPOCH: Date = date(1970, 1, 1);

/// Days one after the other, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub first: Date,
    /// The last, which is not before the first.
    pub last: Date,
}

impl Days {
    /// So many days, of which `last` is the last.
    pub fn up_to(last: Date, count: i64) -> Self {
        Self { first: earlier(last, count - 1), last }
    }

    /// From `first` to `last`; none: they are the wrong way round.
    pub fn between(first: Date, last: Date) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// How many they are.
    pub fn count(self) -> i64 {
        number(self.last) - number(self.first) + 1
    }

    /// As many days, just before these.
    #[must_use]
    pub fn before(self) -> Self {
        Self::up_to(earlier(self.first, 1), self.count())
    }

    /// Each of them.
    fn each(self) -> impl Iterator<Item = Date> {
        self.first.series(1.day()).take_while(move |day| *day <= self.last)
    }
}

fn earlier(day: Date, by: i64) -> Date {
    day.checked_sub(by.days()).unwrap_or(day)
}

/// The number of a day since 1970, as it is stored.
pub(super) fn number(day: Date) -> i64 {
    EPOCH.until(day).map_or(0, |span| i64::from(span.get_days()))
}

/// What was counted of one article, or of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Pages that were shown.
    pub views: i64,
    /// Of these, opened from a chat between two.
    pub chat: i64,
    /// From a group.
    pub group: i64,
    /// From Moments.
    pub moments: i64,
    /// From elsewhere in WeChat, as far as it says so.
    pub other: i64,
}

impl Tally {
    /// Opened without a word of where from. A reader's phone may tell the one and lose the other, so never below zero.
    pub fn direct(self) -> i64 {
        (self.views - self.chat - self.group - self.moments - self.other).max(0)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self {
            views: self.views + more.views,
            chat: self.chat + more.chat,
            group: self.group + more.group,
            moments: self.moments + more.moments,
            other: self.other + more.other,
        }
    }

    fn add(&mut self, measure: &str, count: i64) {
        let measures = [
            (Measure::View, &mut self.views),
            (Measure::Opened(Opening::Chat), &mut self.chat),
            (Measure::Opened(Opening::Group), &mut self.group),
            (Measure::Opened(Opening::Moments), &mut self.moments),
            (Measure::Opened(Opening::Other), &mut self.other),
        ];
        for (_, sum) in measures.into_iter().filter(|(known, _)| known.name() == measure) {
            *sum += count;
        }
    }
}

/// What became of `wx.config` on readers' phones, over some time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigTally(BTreeMap<ConfigResult, i64>);

impl ConfigTally {
    /// How many had this result.
    pub fn of(&self, result: ConfigResult) -> i64 {
        self.0.get(&result).copied().unwrap_or(0)
    }

    /// How many pages were opened in WeChat and told what became of them.
    pub fn readers(&self) -> i64 {
        // Who recovered was refused before, and is counted there.
        ConfigResult::ALL.into_iter().filter(|result| *result != ConfigResult::Recovered).map(|one| self.of(one)).sum()
    }

    /// For how many it went well in the end.
    pub fn succeeded(&self) -> i64 {
        (self.of(ConfigResult::Ok) + self.of(ConfigResult::Recovered)).min(self.readers())
    }

    /// In how many of a thousand it went well, rounded down: a failure is never rounded away. None: nobody told.
    pub fn per_mille(&self) -> Option<i64> {
        (self.readers() > 0).then(|| self.succeeded() * 1000 / self.readers())
    }

    /// The commonest failure, if there was one.
    pub fn commonest_failure(&self) -> Option<(ConfigResult, i64)> {
        let failures =
            self.0.iter().filter(|(result, _)| !matches!(result, ConfigResult::Ok | ConfigResult::Recovered));
        failures.map(|(result, count)| (*result, *count)).max_by_key(|(_, count)| *count)
    }

    /// The same with `count` more.
    #[must_use]
    pub fn with(mut self, result: ConfigResult, count: i64) -> Self {
        *self.0.entry(result).or_insert(0) += count;
        self
    }
}

const BY_ARTICLE: &str = "SELECT article_id, measure, CAST(SUM(count) AS BIGINT) AS count FROM reader_count \
     WHERE day BETWEEN $1 AND $2 AND measure NOT LIKE 'config.%' GROUP BY article_id, measure";
const BY_DAY: &str = "SELECT day, measure, CAST(SUM(count) AS BIGINT) AS count FROM reader_count \
     WHERE day BETWEEN $1 AND $2 AND measure NOT LIKE 'config.%' GROUP BY day, measure";
const BY_DAY_OF_ARTICLE: &str = "SELECT day, measure, count FROM reader_count \
     WHERE article_id = $3 AND day BETWEEN $1 AND $2 AND measure NOT LIKE 'config.%'";
const CONFIGS: &str = "SELECT result, CAST(SUM(count) AS BIGINT) AS count FROM config_count \
     WHERE account = $1 AND hour BETWEEN $2 AND $3 GROUP BY result";

impl Stats {
    /// What was counted of each article, by its number, in these days; articles that nobody opened are not there.
    pub async fn by_article(&self, days: Days) -> Result<BTreeMap<i64, Tally>, sqlx::Error> {
        let rows: Vec<(i64, String, i64)> = sqlx::query_as(BY_ARTICLE)
            .bind(number(days.first))
            .bind(number(days.last))
            .fetch_all(self.db.read())
            .await?;
        Ok(gathered(rows))
    }

    /// What was counted on each of these days, of one article or of all.
    pub async fn by_day(&self, days: Days, article: Option<i64>) -> Result<Vec<(Date, Tally)>, sqlx::Error> {
        let query = sqlx::query_as(if article.is_some() { BY_DAY_OF_ARTICLE } else { BY_DAY });
        let query = query.bind(number(days.first)).bind(number(days.last));
        let query = match article {
            Some(article) => query.bind(article),
            None => query,
        };
        let tallies = gathered(query.fetch_all(self.db.read()).await?);
        Ok(days.each().map(|day| (day, tallies.get(&number(day)).copied().unwrap_or_default())).collect())
    }

    /// What became of an account's values in the hours from `since` to now.
    pub async fn config_results(&self, platform: Platform, since: Millis) -> Result<ConfigTally, sqlx::Error> {
        let rows: Vec<(String, i64)> = sqlx::query_as(CONFIGS)
            .bind(platform.name())
            .bind(since.0.div_euclid(HOUR_MILLIS))
            .bind(self.clock.now().0.div_euclid(HOUR_MILLIS))
            .fetch_all(self.db.read())
            .await?;
        let known = rows.into_iter().filter_map(|(name, count)| Some((ConfigResult::from_name(&name)?, count)));
        Ok(known.fold(ConfigTally::default(), |tally, (result, count)| tally.with(result, count)))
    }
}

fn gathered(rows: Vec<(i64, String, i64)>) -> BTreeMap<i64, Tally> {
    let mut tallies: BTreeMap<i64, Tally> = BTreeMap::new();
    for (key, measure, count) in rows {
        tallies.entry(key).or_default().add(&measure, count);
    }
    tallies
}

#[cfg(test)]
mod tests;

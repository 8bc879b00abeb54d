//! The months in which articles were published, newest first. A month begins where it does in the site's time zone.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::list::Filter;
use super::{Content, Error, store};
use crate::clock::Millis;

/// A hundred years; more can only come from dates that are wrong.
const MOST_MONTHS: usize = 1200;

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    month: i8,
}

/// Text that is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month: four digits, a hyphen and two digits")]
pub struct NotAMonth;

impl Month {
    /// The month in which `moment` lies; none for dates that no calendar of ours shows.
    pub fn of(moment: Millis, zone: &TimeZone) -> Option<Self> {
        let date = Timestamp::from_millisecond(moment.0).ok()?.to_zoned(zone.clone()).date();
        (date.year() > 0).then(|| Self { year: date.year(), month: date.month() })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Its first day.
    pub fn first_day(self) -> Option<Date> {
        Date::new(self.year, self.month, 1).ok()
    }

    /// The articles of this month.
    pub fn filter(self, zone: &TimeZone) -> Option<Filter> {
        let next = match self.month {
            12 => Self { year: self.year.checked_add(1)?, month: 1 },
            month => Self { month: month + 1, ..self },
        };
        Some(Filter::Month { from: self.begin(zone)?, to: next.begin(zone)? })
    }

    fn begin(self, zone: &TimeZone) -> Option<Millis> {
        let midnight = self.first_day()?.to_zoned(zone.clone()).ok()?;
        Some(Millis(midnight.timestamp().as_millisecond()))
    }
}

impl FromStr for Month {
    type Err = NotAMonth;

    /// Strict: only what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        let (year, month) = text.split_once('-').ok_or(NotAMonth)?;
        let month = Self {
            year: year.parse().map_err(|_not_a_number| NotAMonth)?,
            month: month.parse().map_err(|_not_a_number| NotAMonth)?,
        };
        let exists = month.year > 0 && month.first_day().is_some();
        if exists && month.to_string() == text { Ok(month) } else { Err(NotAMonth) }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year, self.month)
    }
}

impl Content {
    /// The months that hold published articles, newest first. Each costs one step along the index of dates, however
    /// many articles it holds.
    pub async fn archive(&self) -> Result<Vec<Month>, Error> {
        let zone = self.settings().await?.zone();
        let mut months: Vec<Month> = Vec::new();
        let mut before = Millis(Timestamp::MAX.as_millisecond());
        while months.len() < MOST_MONTHS
            && let Some(newest) = store::archive::newest_before(self.db.read(), before).await?
            && let Some(month) = Month::of(newest, &zone)
        {
            if months.last() != Some(&month) {
                months.push(month);
            }
            // A border after its own article (clocks that jump at midnight) must not stop the walk.
            before = month.begin(&zone).map_or(newest, |begin| begin.min(newest));
        }
        Ok(months)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_month_has_one_spelling() {
        assert_eq!("2026-07".parse(), Ok(Month { year: 2026, month: 7 }));
        for text in [
            "",
            "2026",
            "2026-7",
            "2026-13",
            "2026-00",
            "26-07",
            "+2026-07",
            "2026-07-01",
            "-001-07",
            "0000-01",
            "２０２６-07",
            "2026-07 ",
        ] {
            assert_eq!(text.parse::<Month>(), Err(NotAMonth), "{text}");
        }
    }

    #[test]
    fn a_month_begins_where_the_site_is() {
        let month: Month = "2026-12".parse().unwrap();
        let border = |zone: &str| match month.filter(&TimeZone::get(zone).unwrap()) {
            Some(Filter::Month { from, to }) => (from.0, to.0),
            other => panic!("{other:?}"),
        };

        assert_eq!(border("UTC"), (1_796_083_200_000, 1_798_761_600_000));
        assert_eq!(border("Asia/Shanghai"), (1_796_083_200_000 - 28_800_000, 1_798_761_600_000 - 28_800_000));
        // The night of 31 December 2026 in Shanghai is still the afternoon in London.
        let midnight = Millis(1_798_761_600_000 - 28_800_000);
        let of = |moment, zone: &str| Month::of(moment, &TimeZone::get(zone).unwrap()).map(|month| month.to_string());
        assert_eq!(of(midnight, "Asia/Shanghai").as_deref(), Some("2027-01"));
        assert_eq!(of(midnight, "Europe/London").as_deref(), Some("2026-12"));
        assert_eq!(of(Millis(midnight.0 - 1), "Asia/Shanghai").as_deref(), Some("2026-12"));
    }

    #[test]
    fn dates_beyond_the_calendar_are_in_no_month() {
        for moment in [i64::MAX, i64::MIN, -100_000_000_000_000] {
            assert_eq!(Month::of(Millis(moment), &TimeZone::UTC), None, "{moment}");
        }
        assert_eq!("9999-12".parse::<Month>().unwrap().filter(&TimeZone::UTC), None);
    }

    proptest! {
        #[test]
        fn every_moment_lies_between_the_borders_of_its_month(seconds in 0_i64..4_000_000_000) {
            let zone = TimeZone::get("Asia/Shanghai").unwrap();
            let moment = Millis(seconds * 1000);
            let month = Month::of(moment, &zone).unwrap();
            prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
            let Some(Filter::Month { from, to }) = month.filter(&zone) else { panic!("{month}") };
            prop_assert!(from <= moment && moment < to, "{} {:?} {:?} {:?}", month, from, moment, to);
        }
    }
}

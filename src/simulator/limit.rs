//! How often an endpoint may be called, and how often it was.

use serde::{Deserialize, Serialize};

/// Calls that an account may make to one endpoint in a running day, hour, minute; none: no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limit {
    /// Per day; the day turns at midnight in Beijing.
    pub day: Option<u32>,
    /// Per clock hour.
    pub hour: Option<u32>,
    /// Per clock minute.
    pub minute: Option<u32>,
}

impl Limit {
    /// So many a day and no other limit.
    pub fn per_day(calls: u32) -> Self {
        Self { day: Some(calls), ..Self::default() }
    }

    /// So many an hour and no other limit.
    pub fn per_hour(calls: u32) -> Self {
        Self { hour: Some(calls), ..Self::default() }
    }
}

/// Which limit a call ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exceeded {
    Minute,
    /// The hour's or the day's.
    Long,
}

/// The calls made in the running day, hour and minute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter {
    day: Window,
    hour: Window,
    minute: Window,
}

#[derive(Clone, Debug, Default)]
struct Window {
    number: i64,
    calls: u32,
}

impl Window {
    fn turn_to(&mut self, number: i64) {
        if self.number != number {
            *self = Self { number, calls: 0 };
        }
    }

    fn is_full(&self, limit: Option<u32>) -> bool {
        limit.is_some_and(|limit| self.calls >= limit)
    }
}

impl Meter {
    /// Counts one call, unless it is one too many.
    pub(crate) fn take(&mut self, now: i64, limit: Limit) -> Result<(), Exceeded> {
        self.day.turn_to(beijing_day(now));
        self.hour.turn_to(now.div_euclid(3600));
        self.minute.turn_to(now.div_euclid(60));
        if self.day.is_full(limit.day) || self.hour.is_full(limit.hour) {
            return Err(Exceeded::Long);
        }
        if self.minute.is_full(limit.minute) {
            return Err(Exceeded::Minute);
        }
        for window in [&mut self.day, &mut self.hour, &mut self.minute] {
            window.calls = window.calls.saturating_add(1);
        }
        Ok(())
    }

    pub(crate) fn calls_today(&self, now: i64) -> u32 {
        if self.day.number == beijing_day(now) { self.day.calls } else { 0 }
    }
}

/// The number of the day in Beijing, where quotas are counted.
pub(crate) fn beijing_day(now: i64) -> i64 {
    now.saturating_add(8 * 3600).div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_beijing() {
        let mut meter = Meter::default();
        let limit = Limit::per_day(1);
        assert_eq!(meter.take(15 * 3600, limit), Ok(()));
        assert_eq!(meter.take(16 * 3600 - 1, limit), Err(Exceeded::Long));
        assert_eq!(meter.take(16 * 3600, limit), Ok(()));
    }

    #[test]
    fn a_minute_and_an_hour_are_counted_apart() {
        let mut meter = Meter::default();
        let limit = Limit { minute: Some(1), hour: Some(2), day: None };
        assert_eq!(meter.take(0, limit), Ok(()));
        assert_eq!(meter.take(1, limit), Err(Exceeded::Minute));
        assert_eq!(meter.take(60, limit), Ok(()));
        assert_eq!(meter.take(120, limit), Err(Exceeded::Long));
        assert_eq!(meter.take(3600, limit), Ok(()));
    }
}

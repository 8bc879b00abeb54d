//! The simulator's own clock: the machine's time, moved or stopped by a test.
//!
//! It does not use the program's clock: a mistake in that one must not be made twice.

use std::time::{SystemTime, UNIX_EPOCH};

/// WeChat's idea of the time.
#[derive(Clone, Debug, Default)]
pub struct SimulatedClock {
    offset_ms: i64,
    stopped_at_ms: Option<i64>,
}

impl SimulatedClock {
    /// The present moment, unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.stopped_at_ms.unwrap_or_else(|| machine_ms().saturating_add(self.offset_ms))
    }

    /// The present moment, unix seconds: the unit of every life and limit here.
    pub fn now(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Moves forward, or back with a negative number.
    pub fn advance(&mut self, seconds: i64) {
        let by = seconds.saturating_mul(1000);
        match &mut self.stopped_at_ms {
            Some(at) => *at = at.saturating_add(by),
            None => self.offset_ms = self.offset_ms.saturating_add(by),
        }
    }

    /// Jumps to a moment and keeps running, or standing, as before.
    pub fn set(&mut self, unix_seconds: i64) {
        let to = unix_seconds.saturating_mul(1000);
        match &mut self.stopped_at_ms {
            Some(at) => *at = to,
            None => self.offset_ms = to.saturating_sub(machine_ms()),
        }
    }

    /// Stands still at the present moment until moved or let go.
    pub fn stop(&mut self) {
        self.stopped_at_ms = Some(self.now_ms());
    }

    /// Runs on from where it stands.
    pub fn go(&mut self) {
        if let Some(at) = self.stopped_at_ms.take() {
            self.offset_ms = at.saturating_sub(machine_ms());
        }
    }

    /// Whether it stands still.
    pub fn is_stopped(&self) -> bool {
        self.stopped_at_ms.is_some()
    }
}

#[expect(clippy::disallowed_methods, reason = "the simulator shares no clock with what it tests")]
fn machine_ms() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_clock_moves_only_when_told() {
        let mut clock = SimulatedClock::default();
        clock.stop();
        clock.set(1_700_000_000);
        clock.advance(90);
        assert_eq!(clock.now(), 1_700_000_090);
        clock.advance(-100);
        assert_eq!(clock.now(), 1_699_999_990);
    }

    #[test]
    fn letting_go_runs_on_from_where_it_stood() {
        let mut clock = SimulatedClock::default();
        clock.stop();
        clock.set(2_000_000_000);
        clock.go();
        assert!((2_000_000_000..2_000_000_010).contains(&clock.now()));
    }
}

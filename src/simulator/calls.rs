//! What WeChat saw: every call counted, the last ones kept.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// How many of the last calls are kept.
const KEPT: usize = 200;

/// The calls to one endpoint.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    /// All of them.
    pub total: u64,
    /// Those that wait for their answer.
    pub in_flight: u64,
    /// The most that ever waited at once.
    pub peak: u64,
    /// By outcome: an errcode (`0` is success) or the name of a fault.
    pub outcomes: BTreeMap<String, u64>,
}

/// One call, without any secret.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// The simulator's time, unix milliseconds.
    pub at_ms: i64,
    /// The path.
    pub endpoint: String,
    /// The account it was for, when that was clear.
    pub account: Option<String>,
    /// As in [`Tally::outcomes`].
    pub outcome: String,
}

/// The counters.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Calls {
    /// By path.
    pub endpoints: BTreeMap<String, Tally>,
    /// Calls to paths that do not exist.
    pub unknown: u64,
    /// Calls that came with a token of another kind than the one they take.
    pub misplaced: u64,
    /// The last ones, newest last.
    pub recent: VecDeque<Call>,
}

impl Calls {
    pub(crate) fn begin(&mut self, call: Call) {
        let tally = self.endpoints.entry(call.endpoint.clone()).or_default();
        tally.total = tally.total.saturating_add(1);
        tally.in_flight = tally.in_flight.saturating_add(1);
        tally.peak = tally.peak.max(tally.in_flight);
        let count = tally.outcomes.entry(call.outcome.clone()).or_default();
        *count = count.saturating_add(1);
        if self.recent.len() >= KEPT {
            self.recent.pop_front();
        }
        self.recent.push_back(call);
    }

    pub(crate) fn end(&mut self, endpoint: &str) {
        if let Some(tally) = self.endpoints.get_mut(endpoint) {
            tally.in_flight = tally.in_flight.saturating_sub(1);
        }
    }

    pub(crate) fn unknown(&mut self) {
        self.unknown = self.unknown.saturating_add(1);
    }

    /// Starts counting anew; what waits for its answer still does.
    pub(crate) fn reset(&mut self) {
        self.unknown = 0;
        self.misplaced = 0;
        self.recent.clear();
        self.endpoints.retain(|_, tally| tally.in_flight > 0);
        for tally in self.endpoints.values_mut() {
            *tally = Tally { in_flight: tally.in_flight, peak: tally.in_flight, ..Tally::default() };
        }
    }

    /// How many calls an endpoint saw.
    pub fn to(&self, endpoint: &str) -> u64 {
        self.endpoints.get(endpoint).map_or(0, |tally| tally.total)
    }

    /// How many of them ended like this.
    pub fn outcome(&self, endpoint: &str, outcome: &str) -> u64 {
        self.endpoints.get(endpoint).and_then(|tally| tally.outcomes.get(outcome)).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(outcome: &str) -> Call {
        Call { at_ms: 0, endpoint: "/a".to_owned(), account: None, outcome: outcome.to_owned() }
    }

    #[test]
    fn the_peak_is_what_waited_at_once() {
        let mut calls = Calls::default();
        calls.begin(call("0"));
        calls.begin(call("40001"));
        calls.end("/a");
        calls.begin(call("0"));
        let tally = &calls.endpoints["/a"];
        assert_eq!((tally.total, tally.in_flight, tally.peak), (3, 2, 2));
        assert_eq!((calls.outcome("/a", "0"), calls.outcome("/a", "40001")), (2, 1));
    }

    #[test]
    fn a_reset_does_not_forget_who_waits() {
        let mut calls = Calls::default();
        calls.begin(call("0"));
        calls.reset();
        calls.end("/a");
        assert_eq!((calls.to("/a"), calls.endpoints["/a"].in_flight), (0, 0));
    }
}

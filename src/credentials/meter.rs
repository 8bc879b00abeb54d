//! Numbers for whoever watches: upstream calls by endpoint and outcome, alarms, and the life of each credential.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::account::AccountKey;
use crate::wechat::Error;

/// One upstream call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Call {
    account: String,
    endpoint: &'static str,
    outcome: String,
}

/// One alarm.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Alarm {
    account: String,
}

/// The counters of this module. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    calls: Family<Call, Counter>,
    alarms: Family<Alarm, Counter>,
}

impl Meter {
    /// Hands the counters to whoever publishes them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("wxpress_wechat_calls", "Calls to WeChat by endpoint and outcome", self.calls.clone());
        registry.register("wxpress_alarms", "Alarms raised, once per cause", self.alarms.clone());
    }

    /// Counts a call; its outcome is `ok`, WeChat's code, or the kind of failure.
    pub(super) fn count_call<T>(&self, account: &AccountKey, endpoint: &'static str, result: &Result<T, Error>) {
        let outcome = match result {
            Ok(_) => "ok".to_owned(),
            Err(Error::Api { code, .. }) => code.to_string(),
            Err(Error::Http { status, .. }) => format!("http_{status}"),
            Err(Error::Transport { .. }) => "no_answer".to_owned(),
            Err(Error::Malformed { .. }) => "malformed".to_owned(),
        };
        self.calls.get_or_create(&Call { account: account.to_string(), endpoint, outcome }).inc();
    }

    pub(super) fn count_alarm(&self, account: &AccountKey) {
        self.alarms.get_or_create(&Alarm { account: account.to_string() }).inc();
    }
}

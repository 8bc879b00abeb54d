//! The tokens and tickets this site holds. Readers of a ticket never wait: they read memory. One [`Keeper`] per
//! account fetches ahead of expiry, off the request path, and is the only one that calls WeChat.
//!
//! Life is judged by [`Clock`](crate::clock::Clock), so the cache itself has no time to live. What is due when is
//! decided in [`schedule`], which is pure.

pub mod keeper;
pub mod schedule;

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use crate::clock::{Clock, Millis};
use crate::wechat::{Error, JsapiTicket, Platform, SiteAccessToken};

pub use keeper::Keeper;

/// A ticket with less life than this is not given out: the reader's phone checks it a moment later.
const LEAST_LIFE: Duration = Duration::from_mins(1);
/// Two accounts with three credentials each, and room to spare.
const CAPACITY: u64 = 64;

/// Which credential of which account. Agents of one corporation never share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The system it belongs to.
    pub platform: Platform,
    /// App id or corp id.
    pub account: String,
    /// WeCom's agent; empty for an official account.
    pub agent: String,
}

/// A credential in memory.
#[derive(Clone, Debug)]
pub struct Held<T> {
    /// The token or ticket.
    pub value: T,
    /// When it was fetched.
    pub fetched_at: Millis,
    /// When it dies.
    pub expires_at: Millis,
    /// Counts the values this key has had; pages are cached by it.
    pub generation: u64,
}

impl<T> Held<T> {
    /// How long it still lives.
    pub fn remaining(&self, now: Millis) -> Duration {
        self.expires_at.since(now)
    }
}

/// What the operator should know about one account's credentials.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// The last failure that has not been followed by a success.
    pub trouble: Option<(Millis, Error)>,
    /// When a call last succeeded.
    pub last_success: Option<Millis>,
}

/// The cache that pages read.
#[derive(Clone, Debug)]
pub struct Credentials {
    clock: Clock,
    tokens: Cache<Key, Arc<Held<SiteAccessToken>>>,
    tickets: Cache<Key, Arc<Held<JsapiTicket>>>,
    statuses: Cache<Key, Arc<Status>>,
}

impl Credentials {
    /// An empty cache.
    pub fn new(clock: Clock) -> Self {
        Self { clock, tokens: Cache::new(CAPACITY), tickets: Cache::new(CAPACITY), statuses: Cache::new(CAPACITY) }
    }

    /// The ticket that may sign a page now, if there is one with at least a minute to live.
    pub fn ticket(&self, key: &Key) -> Option<Arc<Held<JsapiTicket>>> {
        let now = self.clock.now();
        self.tickets.get(key).filter(|held| held.remaining(now) >= LEAST_LIFE)
    }

    /// How the account's credentials are doing.
    pub fn status(&self, key: &Key) -> Arc<Status> {
        self.statuses.get(key).unwrap_or_default()
    }

    fn record_success(&self, key: &Key) {
        let status = Status { trouble: None, last_success: Some(self.clock.now()) };
        self.statuses.insert(key.clone(), Arc::new(status));
    }

    fn record_failure(&self, key: &Key, error: &Error) {
        let last_success = self.status(key).last_success;
        let status = Status { trouble: Some((self.clock.now(), error.clone())), last_success };
        self.statuses.insert(key.clone(), Arc::new(status));
    }
}

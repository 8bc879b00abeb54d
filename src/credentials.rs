//! The tokens and tickets this site holds. Readers of a ticket never wait: they read memory. One [`Keeper`] per
//! account and process watches the shared rows in the database, and the one that holds the lease calls WeChat, ahead of
//! expiry and off the request path. A restart uses what is stored.
//!
//! | file | holds |
//! |---|---|
//! | [`account`] | an account of either platform, and its kinds of credential |
//! | [`schedule`] | what is due when; pure |
//! | [`keeper`] | the loop: learn, wait, lease, renew, conclude |
//! | [`renewal`] | the calls themselves, with the day's budget and the reaction to a refused token |
//! | [`store`] | the rows that all processes share |
//! | [`alarm`] | telling a person, once per cause |
//! | [`overview`] | what people may see of the accounts, and ask of their keepers |
//! | [`oauth`] | whom WeChat says somebody is, asked with what is held here |
//! | [`meter`] | numbers for whoever watches |
//!
//! Life is judged by [`Clock`], so the cache itself has no time to live.

pub mod account;
pub mod alarm;
pub mod keeper;
pub mod meter;
pub mod oauth;
pub mod overview;
pub mod renewal;
pub mod schedule;
pub mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;
use tokio::sync::Notify;

use crate::clock::{Clock, Millis};
use crate::wechat::cure::{self, Cure};
use crate::wechat::{JsapiTicket, Platform, SiteAccessToken};

pub use account::{Account, AccountKey, Kind, TokenPolicy};
pub use alarm::Alarms;
pub use keeper::Keeper;
pub use meter::Meter;
pub use oauth::OAuth;
pub use overview::Overview;
pub use store::Store;

/// A ticket with less life than this is not given out: the reader's phone checks it a moment later.
const LEAST_LIFE: Duration = Duration::from_mins(1);
/// Values older than this prove nothing about the ticket that is held now.
const FRESH: Duration = Duration::from_mins(5);
/// A few accounts with three credentials each, and room to spare.
const CAPACITY: u64 = 64;

/// A credential in memory.
#[derive(Clone, Debug)]
pub struct Held<T> {
    /// The token or ticket.
    pub value: T,
    /// When it was fetched.
    pub fetched_at: Millis,
    /// When it dies.
    pub expires_at: Millis,
    /// Counts the values this credential has had in the whole fleet; pages are cached by it.
    pub generation: i64,
}

impl<T> Held<T> {
    /// How long it still lives.
    pub fn remaining(&self, now: Millis) -> Duration {
        self.expires_at.since(now)
    }
}

/// What the operator should know about one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// The last failure that no success has followed.
    pub trouble: Option<Trouble>,
    /// When a call last succeeded.
    pub last_success: Option<Millis>,
}

/// A failure, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Trouble {
    /// Unix milliseconds.
    pub at: i64,
    /// The call.
    pub endpoint: String,
    /// `errcode`, if WeChat itself answered.
    pub code: Option<i64>,
    /// Whether anything answered at all.
    pub answered: bool,
    /// What it said; never a secret.
    pub message: String,
    /// What WeChat's support asks for.
    pub rid: Option<String>,
    /// Whether this program stopped by itself, because the day's calls are used up.
    #[serde(default)]
    pub over_budget: bool,
}

impl Trouble {
    /// What it means at `platform`, and which button to press.
    pub fn cure(&self, platform: Platform) -> &'static Cure {
        match self.code {
            Some(code) => cure::of_code(platform, &self.endpoint, code),
            None if self.over_budget => cure::of_own_budget(),
            None => cure::of_silence(self.answered),
        }
    }
}

/// The cache that pages read, and the door through which a keeper is asked for something.
#[derive(Clone, Debug)]
pub struct Credentials {
    clock: Clock,
    tokens: Cache<AccountKey, Arc<Held<SiteAccessToken>>>,
    tickets: Cache<(AccountKey, Kind), Arc<Held<JsapiTicket>>>,
    statuses: Cache<AccountKey, Arc<Status>>,
    requests: Cache<AccountKey, Arc<Requests>>,
    changes: Arc<AtomicU64>,
}

/// What was asked of an account's keeper.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    wake: Notify,
    /// By a person: try now, whatever the last attempt came to.
    now: AtomicBool,
    /// By readers' phones: the ticket seems to be refused.
    heal: AtomicBool,
    /// By a person: another token, whatever this one is worth.
    force: AtomicBool,
}

/// What a person asks of a keeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wish {
    Nothing,
    /// To try now, whatever the last attempt came to.
    Try,
    /// Another token besides, whatever this one is worth.
    Force,
}

impl Requests {
    /// Takes what was asked.
    fn wish(&self) -> Wish {
        let asked = self.now.swap(false, Ordering::SeqCst);
        match self.force.swap(false, Ordering::SeqCst) {
            true => Wish::Force,
            false if asked => Wish::Try,
            false => Wish::Nothing,
        }
    }
}

impl Credentials {
    /// An empty cache.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            tokens: Cache::new(CAPACITY),
            tickets: Cache::new(CAPACITY),
            statuses: Cache::new(CAPACITY),
            requests: Cache::new(CAPACITY),
            changes: Arc::default(),
        }
    }

    /// The time by which life is judged.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The ticket that may sign a page now, if there is one with at least a minute to live.
    pub fn ticket(&self, account: &AccountKey, kind: Kind) -> Option<Arc<Held<JsapiTicket>>> {
        let now = self.clock.now();
        self.held_ticket(account, kind).filter(|held| held.remaining(now) >= LEAST_LIFE)
    }

    /// Until when a ticket that is usable now may be given out.
    pub fn usable_until(&self, account: &AccountKey, kind: Kind) -> Option<Millis> {
        self.ticket(account, kind).map(|held| held.expires_at.minus(LEAST_LIFE))
    }

    /// Grows whenever a ticket changes; what was signed before may be out of date.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// The ticket of `account` is this one from now on.
    pub(crate) fn set_ticket(&self, account: AccountKey, kind: Kind, held: Held<JsapiTicket>) {
        let key = (account, kind);
        let known = self.tickets.get(&key);
        let is_same = |known: Arc<Held<_>>| known.generation == held.generation && known.expires_at == held.expires_at;
        if !known.is_some_and(is_same) {
            self.tickets.insert(key, Arc::new(held));
            self.changes.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// The ticket, dead or alive.
    pub fn held_ticket(&self, account: &AccountKey, kind: Kind) -> Option<Arc<Held<JsapiTicket>>> {
        self.tickets.get(&(account.clone(), kind))
    }

    /// The token, dead or alive.
    pub fn held_token(&self, account: &AccountKey) -> Option<Arc<Held<SiteAccessToken>>> {
        self.tokens.get(account)
    }

    /// How the account is doing.
    pub fn status(&self, account: &AccountKey) -> Arc<Status> {
        self.statuses.get(account).unwrap_or_default()
    }

    /// A person asks: the account's keeper tries now.
    pub fn ask_now(&self, account: &AccountKey) {
        let requests = self.requests(account);
        requests.now.store(true, Ordering::SeqCst);
        requests.wake.notify_one();
    }

    /// A person asks for another token, although this one lives; the keeper does it within WeChat's bounds.
    pub(crate) fn force_now(&self, account: &AccountKey) {
        self.requests(account).force.store(true, Ordering::SeqCst);
        self.ask_now(account);
    }

    /// A phone refused values that were made at `signed_at` with the ticket of `generation`. Only values of the ticket
    /// that is held now, not older than five minutes, say anything; and what they ask for is one ordinary reading, at
    /// most every hour for the whole fleet, so that a forger gains nothing. True: the keeper was told.
    pub fn report_refused(&self, account: &AccountKey, generation: i64, signed_at: Millis) -> bool {
        let now = self.clock.now();
        let is_current = self.ticket(account, Kind::JsapiTicket).is_some_and(|held| held.generation == generation);
        let is_fresh = signed_at <= now && now.since(signed_at) <= FRESH;
        if is_current && is_fresh {
            let requests = self.requests(account);
            requests.heal.store(true, Ordering::SeqCst);
            requests.wake.notify_one();
        }
        is_current && is_fresh
    }

    pub(crate) fn requests(&self, account: &AccountKey) -> Arc<Requests> {
        self.requests.get_with(account.clone(), Arc::default)
    }
}

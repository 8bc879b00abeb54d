//! The one that fetches: a task per account that keeps token and ticket alive and reacts to every failure.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::schedule;
use super::{Credentials, Held, Key};
use crate::clock::{Clock, Millis};
use crate::config::{Language, TokenEndpoint};
use crate::wechat::error::Reaction;
use crate::wechat::official::Renewal;
use crate::wechat::{Error, Issued, OfficialAccount, Platform, SiteAccessToken, cure};

/// The longest sleep, so that a clock that was moved is noticed.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// WeChat ignores forced renewals closer together than this, and allows twenty a day (wechat-facts §1.2).
const FORCE_SPACING: Duration = Duration::from_secs(30);
const FORCES_A_DAY: usize = 20;
const DAY: Duration = Duration::from_hours(24);

/// Keeps the credentials of one official account.
#[derive(Debug)]
pub struct Keeper {
    account: OfficialAccount,
    endpoint: TokenEndpoint,
    credentials: Credentials,
    clock: Clock,
    key: Key,
    wake: Arc<Notify>,
    generation: u64,
    failures: u32,
    not_before: Millis,
    forced_at: Vec<Millis>,
    chance: fn() -> f64,
}

impl Keeper {
    /// A keeper of `account` that writes into `credentials`. `chance` yields numbers in 0..1 for the jitter.
    pub fn new(
        account: OfficialAccount,
        endpoint: TokenEndpoint,
        credentials: Credentials,
        chance: fn() -> f64,
    ) -> Self {
        let key = Key { platform: Platform::Official, account: account.app_id().to_owned(), agent: String::new() };
        let clock = credentials.clock.clone();
        Self {
            account,
            endpoint,
            credentials,
            clock,
            key,
            wake: Arc::new(Notify::new()),
            generation: 0,
            failures: 0,
            not_before: Millis(i64::MIN),
            forced_at: Vec::new(),
            chance,
        }
    }

    /// What a person presses: the next step happens now.
    pub fn waker(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// Keeps the credentials alive until the task is dropped.
    pub async fn run(mut self) -> std::convert::Infallible {
        loop {
            let pause = self.step().await.min(LONGEST_SLEEP);
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.wake.notified() => self.not_before = Millis(i64::MIN),
            }
        }
    }

    /// Does everything that is due and says how long nothing will be.
    pub async fn step(&mut self) -> Duration {
        let now = self.clock.now();
        if now >= self.not_before && self.next_due() <= now {
            match self.renew().await {
                Ok(()) => self.succeeded(),
                Err(error) => self.failed(&error),
            }
        }
        self.next_due().max(self.not_before).since(self.clock.now())
    }

    fn next_due(&self) -> Millis {
        self.token_due().min(self.ticket_due())
    }

    /// A value fetched in what is now the future means that the clock went back; it is fetched again.
    fn token_due(&self) -> Millis {
        let now = self.clock.now();
        match self.credentials.tokens.get(&self.key) {
            Some(held) if held.fetched_at <= now => {
                schedule::token_due(self.endpoint, held.fetched_at, held.expires_at, 0.5)
            }
            _ => now,
        }
    }

    fn ticket_due(&self) -> Millis {
        let now = self.clock.now();
        match self.credentials.tickets.get(&self.key) {
            Some(held) if held.fetched_at <= now => schedule::ticket_due(held.fetched_at, held.expires_at),
            _ => now,
        }
    }

    async fn renew(&mut self) -> Result<(), Error> {
        if self.token_due() <= self.clock.now() {
            self.renew_token(Renewal::Ordinary).await?;
        }
        if self.ticket_due() <= self.clock.now() {
            self.renew_ticket().await?;
        }
        Ok(())
    }

    async fn renew_ticket(&mut self) -> Result<(), Error> {
        let Some(used) = self.credentials.tokens.get(&self.key) else { return Ok(()) };
        let issued = match self.account.jsapi_ticket(&used.value).await {
            Err(error) if error.reaction() == Reaction::RenewToken => {
                tracing::warn!(%error, "the token was refused; renewing it once");
                let token = self.replace_token(&used.value).await?;
                self.account.jsapi_ticket(&token).await?
            }
            other => other?,
        };
        let held = self.hold(issued);
        self.credentials.tickets.insert(self.key.clone(), Arc::new(held));
        Ok(())
    }

    /// Another token than `refused`. An ordinary renewal may repeat the refused one; then, and only then, the
    /// revocation is proven and the renewal is forced, within WeChat's bounds.
    async fn replace_token(&mut self, refused: &SiteAccessToken) -> Result<SiteAccessToken, Error> {
        self.credentials.tokens.invalidate(&self.key);
        let token = self.renew_token(Renewal::Ordinary).await?;
        if token != *refused || !self.may_force() {
            return Ok(token);
        }
        self.forced_at.push(self.clock.now());
        self.renew_token(Renewal::Forced).await
    }

    fn may_force(&mut self) -> bool {
        let now = self.clock.now();
        self.forced_at.retain(|&at| now.since(at) < DAY);
        let spaced = self.forced_at.last().is_none_or(|&at| now.since(at) >= FORCE_SPACING);
        self.endpoint == TokenEndpoint::Stable && spaced && self.forced_at.len() < FORCES_A_DAY
    }

    async fn renew_token(&mut self, renewal: Renewal) -> Result<SiteAccessToken, Error> {
        let held = self.account.access_token(renewal).await.map(|issued| self.hold(issued))?;
        let token = held.value.clone();
        self.credentials.tokens.insert(self.key.clone(), Arc::new(held));
        Ok(token)
    }

    fn hold<T>(&mut self, issued: Issued<T>) -> Held<T> {
        self.generation += 1;
        let now = self.clock.now();
        Held { value: issued.value, fetched_at: now, expires_at: now.plus(issued.life), generation: self.generation }
    }

    fn succeeded(&mut self) {
        if self.failures > 0 {
            tracing::info!(account = %self.key.account, "WeChat answers again");
        }
        self.failures = 0;
        self.not_before = Millis(i64::MIN);
        self.credentials.record_success(&self.key);
    }

    fn failed(&mut self, error: &Error) {
        let reaction = error.reaction();
        self.not_before = self.clock.now().plus(schedule::pause(reaction, self.failures, (self.chance)()));
        self.failures = self.failures.saturating_add(1);
        self.credentials.record_failure(&self.key, error);
        let cure = cure::of(error).action(Language::English);
        if reaction == Reaction::CallPerson {
            tracing::error!(account = %self.key.account, %error, rid = error.rid(), cure, "WeChat refuses, a person is needed");
        } else {
            tracing::warn!(account = %self.key.account, %error, rid = error.rid(), cure, "WeChat did not answer well");
        }
    }
}

//! What people may see of the accounts, and ask of their keepers. It reads what the whole fleet has written down, not
//! only what this process remembers, and never a value.

use std::time::Duration;

use super::account::{Account, AccountKey, Kind};
use super::renewal::{FORCE, FORCE_SPACING, FORCES_A_DAY, beijing_day};
use super::store::{Attempt, Store};
use super::{Credentials, TokenPolicy, Trouble, schedule};
use crate::clock::Millis;

/// Wishes of people closer together than this are one.
const ASK_SPACING: Duration = Duration::from_secs(10);
/// How often a day people may have an account tried; far below every quota of WeChat's.
const ASKS_A_DAY: i64 = 100;
/// Under this name their wishes are counted.
const ASKED: &str = "asked";

/// How long a credential lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// When it was fetched.
    pub fetched_at: Millis,
    /// When it dies.
    pub expires_at: Millis,
    /// Counts the values that this credential has had.
    pub generation: i64,
}

/// One credential of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub kind: Kind,
    /// The call that brings it.
    pub endpoint: &'static str,
    /// The value that is held; none: never had one.
    pub life: Option<Life>,
    /// When it should be fetched again, if nothing goes wrong.
    pub due: Option<Millis>,
    /// Calls of that endpoint today.
    pub calls: i64,
}

/// What is known of one account.
#[derive(Clone, Debug)]
pub struct Report {
    /// Which.
    pub account: AccountKey,
    /// Its credentials, the token first.
    pub lines: Vec<Line>,
    /// The last failure that no success has followed.
    pub trouble: Option<Trouble>,
    /// Failures in a row.
    pub failures: u32,
    /// When WeChat was last called, whatever came of it.
    pub last_attempt: Option<Millis>,
    /// When that last went well.
    pub last_success: Option<Millis>,
    /// When it is called again; none: as soon as a process runs.
    pub next_try: Option<Millis>,
    /// Whether its token can be renewed by force, and how often it was today.
    pub forces: Option<i64>,
    last_forced: Option<Millis>,
}

impl Report {
    /// The credential of this kind.
    pub fn line(&self, kind: Kind) -> Option<&Line> {
        self.lines.iter().find(|line| line.kind == kind)
    }

    /// How long a credential still lives; zero: there is none.
    pub fn remaining(&self, kind: Kind, now: Millis) -> Duration {
        let life = self.line(kind).and_then(|line| line.life);
        life.map_or(Duration::ZERO, |life| life.expires_at.since(now))
    }
}

/// What became of a person's wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The keeper was told.
    Told,
    /// It was tried a moment ago; after this time it may be tried again.
    TooSoon(Duration),
    /// It was tried so often today that WeChat might close the account's door.
    UsedUp,
    /// There is no such account, or nothing about it can be forced.
    Impossible,
}

/// The accounts as people see them.
#[derive(Clone, Debug)]
pub struct Overview {
    credentials: Credentials,
    store: Store,
    accounts: Vec<Account>,
}

impl Overview {
    /// An overview of `accounts`.
    pub fn new(credentials: Credentials, store: Store, accounts: Vec<Account>) -> Self {
        Self { credentials, store, accounts }
    }

    /// How each account is doing.
    pub async fn reports(&self) -> Result<Vec<Report>, sqlx::Error> {
        let mut reports = Vec::new();
        for account in &self.accounts {
            reports.push(self.report(account).await?);
        }
        Ok(reports)
    }

    async fn report(&self, account: &Account) -> Result<Report, sqlx::Error> {
        let (key, now) = (account.key(), self.credentials.now());
        let lives = self.store.lives(&key).await?;
        let calls = self.store.calls(&key, beijing_day(now)).await?;
        let calls_of = |name: &str| calls.iter().find(|(known, _)| known == name).map_or(0, |(_, calls)| *calls);
        let kinds = std::iter::once(Kind::AccessToken).chain(account.tickets().iter().copied());
        let lines: Vec<Line> = kinds
            .map(|kind| {
                let life = lives.iter().find(|(known, _)| *known == kind).map(|(_, life)| *life);
                let endpoint = account.endpoint(kind);
                let due = life.map(|life| due(account.token_policy(), kind, life));
                Line { kind, endpoint, life, due, calls: calls_of(endpoint) }
            })
            .collect();
        let attempt = self.store.attempt(&key).await?;
        Ok(Report {
            next_try: next_try(&lines, &attempt, now),
            trouble: serde_json::from_str(&attempt.trouble).ok(),
            failures: attempt.failures,
            last_attempt: (attempt.attempted > Millis(0)).then_some(attempt.attempted),
            last_success: attempt.last_success,
            forces: (account.token_policy() == TokenPolicy::Stable).then(|| calls_of(FORCE)),
            last_forced: attempt.last_forced,
            account: key,
            lines,
        })
    }

    /// A person wants `account` (as [`AccountKey`] prints it) tried now, whatever the last attempt came to.
    pub async fn retry(&self, account: &str) -> Result<Asked, sqlx::Error> {
        let Some(report) = self.find(account).await? else { return Ok(Asked::Impossible) };
        self.ask(&report, |key| self.credentials.ask_now(key)).await
    }

    /// A person wants another token for `account`, although the present one may be good.
    pub async fn force(&self, account: &str) -> Result<Asked, sqlx::Error> {
        let Some(report) = self.find(account).await? else { return Ok(Asked::Impossible) };
        let Some(forces) = report.forces else { return Ok(Asked::Impossible) };
        if let Some(wait) = left(report.last_forced, FORCE_SPACING, self.credentials.now()) {
            return Ok(Asked::TooSoon(wait));
        }
        if forces >= FORCES_A_DAY {
            return Ok(Asked::UsedUp);
        }
        self.ask(&report, |key| self.credentials.force_now(key)).await
    }

    async fn find(&self, account: &str) -> Result<Option<Report>, sqlx::Error> {
        match self.accounts.iter().find(|known| known.key().to_string() == account) {
            Some(known) => self.report(known).await.map(Some),
            None => Ok(None),
        }
    }

    async fn ask(&self, report: &Report, tell: impl FnOnce(&AccountKey)) -> Result<Asked, sqlx::Error> {
        let now = self.credentials.now();
        if let Some(wait) = left(report.last_attempt, ASK_SPACING, now) {
            return Ok(Asked::TooSoon(wait));
        }
        if self.store.count_call(&report.account, ASKED, beijing_day(now)).await? > ASKS_A_DAY {
            return Ok(Asked::UsedUp);
        }
        tell(&report.account);
        Ok(Asked::Told)
    }
}

/// How much of `spacing` is left since `last`; a moment in the future was noted before the clock went back.
fn left(last: Option<Millis>, spacing: Duration, now: Millis) -> Option<Duration> {
    let passed = last.filter(|at| *at <= now).map(|at| now.since(at))?;
    spacing.checked_sub(passed).filter(|left| *left > Duration::ZERO)
}

fn due(policy: TokenPolicy, kind: Kind, life: Life) -> Millis {
    match kind {
        // Each process has a jitter of its own; half of it is as good as any.
        Kind::AccessToken => schedule::token_due(policy, life.fetched_at, life.expires_at, 0.5),
        Kind::JsapiTicket | Kind::AgentTicket => schedule::ticket_due(life.fetched_at, life.expires_at),
    }
}

fn next_try(lines: &[Line], attempt: &Attempt, now: Millis) -> Option<Millis> {
    let first = lines.iter().map(|line| line.due).min_by_key(|due| due.unwrap_or(Millis(i64::MIN)))?;
    match first {
        _ if attempt.not_before > now => Some(attempt.not_before),
        Some(due) if due > now => Some(due),
        Some(_) | None => None,
    }
}

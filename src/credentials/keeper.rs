//! The loop that keeps an account's credentials alive: learn what the fleet has, wait until something is due, take the
//! lease, renew, conclude.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::account::{Account, AccountKey, CALL, Kind, TokenPolicy};
use super::alarm::{Alarms, Message};
use super::meter::Meter;
use super::renewal::{BUDGET, Failure, TRICKLE, beijing_day};
use super::schedule;
use super::store::{Attempt, Lease, Store, Stored};
use super::{Credentials, Held, Requests, Status, Trouble, Wish};
use crate::clock::{Clock, Millis};
use crate::config::secret_key::mac;
use crate::config::{Language, Secret};
use crate::wechat::error::Reaction;
use crate::wechat::{Error, JsapiTicket, SiteAccessToken, cure};

/// How often the shared rows are looked at: another process may have renewed what this one holds.
const POLL: Duration = Duration::from_secs(2);
/// The pause while another process holds the lease.
const RIVAL: Duration = Duration::from_millis(300);
/// The pause while the database does not answer.
const DATABASE: Duration = Duration::from_secs(5);
/// Phones can cause one reading in this time, for the whole fleet; so many fit into the day's budget beside the
/// ordinary ones, and a forger cannot use it up.
const HEAL_SPACING: Duration = Duration::from_hours(1);
/// After so many failures in a row a person is told, whatever they are, if there is no ticket left.
const MANY_FAILURES: u32 = 5;
/// A wait longer than this was written down before the clock went back.
const LONGEST_WAIT: Duration = Duration::from_mins(61);

/// Keeps the credentials of one account.
#[derive(Debug)]
pub struct Keeper {
    pub(super) account: Account,
    pub(super) key: AccountKey,
    pub(super) credentials: Credentials,
    pub(super) store: Store,
    pub(super) meter: Meter,
    pub(super) clock: Clock,
    pub(super) attempt: Attempt,
    /// What a person waits for.
    pub(super) wish: Wish,
    alarms: Alarms,
    requests: Arc<Requests>,
    healing: bool,
    /// Whether this process has tried its settings. From then on it waits as long as anybody's failure asks for;
    /// otherwise two processes with different settings would take turns without a pause.
    has_tried: bool,
    owner: String,
    fingerprint: String,
    chance: fn() -> f64,
    /// Fixed for the life of the process, so that a fleet does not ask as one.
    jitter: f64,
}

/// What keepers share.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The memory that pages read.
    pub credentials: Credentials,
    /// The rows.
    pub store: Store,
    /// Where alarms go.
    pub alarms: Alarms,
    /// What is counted.
    pub meter: Meter,
    /// Hashes settings, so that a change is noticed without storing them.
    pub fingerprint_key: Secret<[u8; 32]>,
}

impl Keeper {
    /// A keeper of `account`. `chance` yields numbers in 0..1 for the jitter.
    pub fn new(account: Account, around: Surroundings, chance: fn() -> f64) -> Self {
        let key = account.key();
        let fingerprint = mac(around.fingerprint_key.expose(), account.settings_text().as_bytes());
        Self {
            requests: around.credentials.requests(&key),
            clock: around.credentials.clock.clone(),
            credentials: around.credentials,
            store: around.store,
            alarms: around.alarms,
            meter: around.meter,
            owner: format!("{:016x}", rand::random::<u64>()),
            fingerprint: hex::encode(fingerprint),
            jitter: chance(),
            attempt: Attempt::default(),
            wish: Wish::Nothing,
            healing: false,
            has_tried: false,
            account,
            key,
            chance,
        }
    }

    /// The same, but it raises no alarm and ends none: the person who would be told is the one who asked.
    #[must_use]
    pub fn without_alarms(mut self) -> Self {
        self.alarms.silence();
        self
    }

    /// Whose credentials it keeps.
    pub fn account_key(&self) -> &AccountKey {
        &self.key
    }

    /// Keeps the credentials alive until the task is dropped.
    pub async fn run(mut self) -> std::convert::Infallible {
        loop {
            let pause = self.step().await.min(POLL);
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.requests.wake.notified() => {}
            }
        }
    }

    /// Does everything that is due and says how long nothing will be.
    pub async fn step(&mut self) -> Duration {
        self.wish = self.wish.max(self.requests.wish());
        self.healing |= self.requests.heal.swap(false, Ordering::SeqCst);
        match self.try_step().await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(account = %self.key, %error, "the database does not answer; the credentials in memory go on");
                DATABASE
            }
        }
    }

    async fn try_step(&mut self) -> Result<Duration, sqlx::Error> {
        self.learn().await?;
        // A report that comes too early is not kept: the next phone will say it again if it is still true.
        self.healing &= self.may_heal();
        if self.wait() > Duration::ZERO {
            return Ok(self.wait());
        }
        let now = self.clock.now();
        let Some(lease) = self.store.lease(&self.key, &self.owner, now, now.plus(CALL)).await? else {
            return Ok(RIVAL);
        };
        // Somebody may have done it while this process asked for the lease.
        self.learn().await?;
        self.healing &= self.may_heal();
        if self.wait() == Duration::ZERO {
            self.attend(lease).await?;
        }
        self.store.hold(&self.key, lease, Millis(0)).await?;
        Ok(self.wait())
    }

    async fn attend(&mut self, lease: Lease) -> Result<(), sqlx::Error> {
        if self.healing {
            self.attempt.last_heal = Some(self.clock.now());
        }
        self.has_tried = true;
        let outcome = self.renew(lease).await;
        (self.wish, self.healing) = (Wish::Nothing, false);
        self.attempt.attempted = self.clock.now();
        self.attempt.fingerprint.clone_from(&self.fingerprint);
        match outcome {
            Ok(()) => self.succeeded().await?,
            Err(Failure::Database(error)) => return Err(error),
            // Whoever has the lease now writes down how it went.
            Err(Failure::TakenOver) => return Ok(()),
            Err(failure) => self.failed(&failure).await?,
        }
        self.store.remember(&self.key, &self.attempt).await
    }

    /// Takes over what the fleet knows.
    async fn learn(&mut self) -> Result<(), sqlx::Error> {
        for stored in self.store.load(&self.key).await? {
            self.adopt(stored);
        }
        self.attempt = self.store.attempt(&self.key).await?;
        self.publish_status();
        Ok(())
    }

    /// Puts a stored value into memory, unless memory has a newer one.
    pub(super) fn adopt(&self, stored: Stored) {
        let Stored { kind, value, fetched_at, expires_at, generation } = stored;
        if kind == Kind::AccessToken {
            let known = self.credentials.held_token(&self.key).map_or(i64::MIN, |held| held.generation);
            if let (true, Some(value)) = (generation >= known, SiteAccessToken::new(value)) {
                let held = Held { value, fetched_at, expires_at, generation };
                self.credentials.tokens.insert(self.key.clone(), Arc::new(held));
            }
            return;
        }
        let known = self.credentials.held_ticket(&self.key, kind).map_or(i64::MIN, |held| held.generation);
        if let (true, Some(value)) = (generation >= known, JsapiTicket::new(value)) {
            let held = Held { value, fetched_at, expires_at, generation };
            self.credentials.set_ticket(self.key.clone(), kind, held);
        }
    }

    /// How long nothing is due; zero: something is.
    fn wait(&self) -> Duration {
        let now = self.clock.now();
        if self.wish > Wish::Nothing || self.healing {
            return Duration::ZERO;
        }
        let tickets = self.account.tickets().iter().map(|kind| self.ticket_due(*kind));
        let due = tickets.fold(self.token_due(), Millis::min);
        due.max(self.not_before()).since(now)
    }

    /// How long the last failure asks to wait: not with settings that nobody has tried, and not when the clock has gone
    /// back.
    fn not_before(&self) -> Millis {
        let now = self.clock.now();
        let Attempt { not_before, attempted, fingerprint, .. } = &self.attempt;
        let was_tried = self.has_tried || *fingerprint == self.fingerprint;
        let applies = was_tried && *attempted <= now && not_before.since(now) <= LONGEST_WAIT;
        if applies { *not_before } else { Millis(i64::MIN) }
    }

    fn may_heal(&self) -> bool {
        let now = self.clock.now();
        self.attempt.last_heal.is_none_or(|at| at > now || now.since(at) >= HEAL_SPACING)
    }

    /// A value fetched in what is now the future means that the clock went back; it is fetched again.
    pub(super) fn token_due(&self) -> Millis {
        let now = self.clock.now();
        match self.credentials.held_token(&self.key) {
            Some(held) if held.fetched_at <= now && held.expires_at > now => {
                schedule::token_due(self.account.token_policy(), held.fetched_at, held.expires_at, self.jitter)
            }
            _ => now,
        }
    }

    pub(super) fn ticket_is_due(&self, kind: Kind) -> bool {
        self.healing || self.wish > Wish::Nothing || self.ticket_due(kind) <= self.clock.now()
    }

    fn ticket_due(&self, kind: Kind) -> Millis {
        let now = self.clock.now();
        match self.credentials.held_ticket(&self.key, kind) {
            Some(held) if held.fetched_at <= now => schedule::ticket_due(held.fetched_at, held.expires_at),
            _ => now,
        }
    }

    pub(super) fn can_force(&self) -> bool {
        self.account.token_policy() == TokenPolicy::Stable
    }

    async fn succeeded(&mut self) -> Result<(), sqlx::Error> {
        self.attempt.failures = 0;
        self.attempt.not_before = Millis(0);
        self.attempt.trouble = String::new();
        self.attempt.last_success = Some(self.clock.now());
        self.publish_status();
        self.alarms.clear(&self.key).await
    }

    async fn failed(&mut self, failure: &Failure) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let failures = self.attempt.failures;
        let (error, reaction, pause) = match failure {
            Failure::WeChat(error) => {
                (error, error.reaction(), schedule::pause(error.reaction(), failures, (self.chance)()))
            }
            Failure::StillRefused(error) => (error, Reaction::CallPerson, schedule::truce(failures)),
            Failure::Budget(endpoint) => return self.slow_down(endpoint).await,
            Failure::TakenOver | Failure::Database(_) => return Ok(()),
        };
        self.attempt.not_before = now.plus(pause);
        self.attempt.failures = failures.saturating_add(1);
        self.note(Trouble {
            at: now.0,
            endpoint: error.endpoint().to_owned(),
            code: error.code(),
            answered: !matches!(error, Error::Transport { .. }),
            message: error.to_string(),
            rid: error.rid().map(str::to_owned),
            over_budget: false,
        });
        tracing::warn!(account = %self.key, %error, rid = error.rid(), ip = error.egress_ip(), "WeChat did not answer well");
        let speechless = self.credentials.ticket(&self.key, Kind::JsapiTicket).is_none();
        if reaction == Reaction::CallPerson || (speechless && self.attempt.failures >= MANY_FAILURES) {
            self.alarms.raise(&self.key, message(&self.key, error), now).await?;
        }
        Ok(())
    }

    async fn slow_down(&mut self, endpoint: &'static str) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        self.attempt.not_before = now.plus(TRICKLE);
        self.note(Trouble {
            at: now.0,
            endpoint: endpoint.to_owned(),
            code: None,
            answered: true,
            message: format!("{endpoint}: the day's {BUDGET} calls are used up"),
            rid: None,
            over_budget: true,
        });
        self.alarms.raise(&self.key, over_budget(&self.key, endpoint, beijing_day(now)), now).await
    }

    fn note(&mut self, trouble: Trouble) {
        self.attempt.trouble = serde_json::to_string(&trouble).unwrap_or_default();
        self.publish_status();
    }

    fn publish_status(&self) {
        let trouble = serde_json::from_str(&self.attempt.trouble).ok();
        let status = Status { trouble, last_success: self.attempt.last_success };
        self.credentials.statuses.insert(self.key.clone(), Arc::new(status));
    }
}

/// Somebody should look: calls this frequent mean that something is wrong. Told once a day, and over with the day.
fn over_budget(key: &AccountKey, endpoint: &str, day: i64) -> Message {
    Message {
        cause: format!("{key} {endpoint} budget {day}"),
        what: [
            format!("今天对 {endpoint} 的调用已达 {BUDGET} 次，此后每半小时只试一次"),
            format!("{endpoint} was called {BUDGET} times today; from now on it is called every half hour"),
        ],
        cure: [
            "运行 wxpress doctor 查看最近的错误；常见原因是别的系统在用同一个 AppSecret。在用的 ticket 继续有效".to_owned(),
            "run wxpress doctor to see the last error; often another system uses the same secret. The ticket in use goes on"
                .to_owned(),
        ],
    }
}

fn message(key: &AccountKey, error: &Error) -> Message {
    let cure = cure::of(error);
    let what = |language| format!("{}（{error}）", cure.meaning(language));
    Message {
        cause: format!("{key} {} {}", error.endpoint(), error.code().unwrap_or_default()),
        what: [what(Language::SimplifiedChinese), what(Language::English)],
        cure: [cure.action(Language::SimplifiedChinese).to_owned(), cure.action(Language::English).to_owned()],
    }
}

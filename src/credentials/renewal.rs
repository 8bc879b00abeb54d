//! The calls themselves: within the day's budget, under the lease, and with the one cure that a machine has for a
//! refused token.

use std::time::Duration;

use super::account::{CALL, Kind};
use super::keeper::Keeper;
use super::store::{Lease, Stored};
use super::{Held, Wish};
use crate::clock::Millis;
use crate::wechat::error::Reaction;
use crate::wechat::official::Renewal;
use crate::wechat::{Error, Issued, JsapiTicket, SiteAccessToken};

/// Calls of one endpoint a day at full speed, whatever happens; a healthy site needs 12 to 14 of a token, and up to 60
/// of a ticket that its upstream repeats until it dies. Beyond it an attempt is made only now and then: never to ask
/// again before midnight would turn a bad morning into a bad day.
pub const BUDGET: i64 = 100;
/// How often, once the budget is used up.
pub(super) const TRICKLE: Duration = Duration::from_mins(30);
/// Forced renewals a day that WeChat allows (wechat-facts §1.2).
pub const FORCES_A_DAY: i64 = 20;
/// How many of them are made without a person: the rest is for whoever mends what these did not.
const OWN_FORCES_A_DAY: i64 = 10;
/// WeChat ignores forced renewals closer together than 30 s.
pub(super) const FORCE_SPACING: Duration = Duration::from_secs(35);
/// Under this name forced renewals are counted.
pub(super) const FORCE: &str = "force_refresh";
/// WeChat counts days in Beijing.
const BEIJING_OFFSET: i64 = 8 * 3_600_000;
const DAY: i64 = 86_400_000;

/// Why a renewal brought nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// WeChat, or the way there.
    WeChat(Error),
    /// WeChat refuses even a new token: somebody else fetches tokens with the same secret, or worse.
    StillRefused(Error),
    /// The day's calls are used up, and the last attempt was not long ago.
    Budget(&'static str),
    /// Another process has taken the lease over.
    TakenOver,
    /// The database.
    Database(sqlx::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::WeChat(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// The day in Beijing, as a number.
pub fn beijing_day(now: Millis) -> i64 {
    now.0.saturating_add(BEIJING_OFFSET).div_euclid(DAY)
}

impl Keeper {
    /// Renews everything that is due. A token that cannot be renewed yet still lives is no reason to let a ticket die.
    pub(super) async fn renew(&mut self, lease: Lease) -> Result<(), Failure> {
        let token = if self.wish == Wish::Force && self.may_force(FORCES_A_DAY).await? {
            self.force_token(lease).await.map(drop)
        } else if self.token_due() <= self.clock.now() {
            self.renew_token(lease, Renewal::Ordinary).await.map(drop)
        } else {
            Ok(())
        };
        let mut outcome = token;
        for kind in self.account.tickets() {
            if self.ticket_is_due(*kind) {
                match self.renew_ticket(lease, *kind).await {
                    Ok(()) => {}
                    // Nothing more can be done under this lease.
                    Err(failure @ (Failure::TakenOver | Failure::Database(_))) => return Err(failure),
                    // One ticket that fails is no reason to let the other die.
                    Err(failure) => outcome = Err(failure),
                }
            }
        }
        outcome
    }

    async fn renew_ticket(&mut self, lease: Lease, kind: Kind) -> Result<(), Failure> {
        let now = self.clock.now();
        let Some(used) = self.credentials.held_token(&self.key).filter(|held| held.expires_at > now) else {
            return Ok(());
        };
        let issued = match self.call_ticket(lease, kind, &used.value).await {
            Err(Failure::WeChat(error)) if error.reaction() == Reaction::RenewToken => {
                tracing::warn!(account = %self.key, %error, "the token was refused; renewing it once");
                let token = self.replace_token(lease, &used).await?;
                if token == used.value {
                    // It was refused a moment ago.
                    return Err(Failure::StillRefused(error));
                }
                self.call_ticket(lease, kind, &token).await.map_err(still_refused)?
            }
            other => other?,
        };
        self.keep_ticket(lease, kind, issued).await
    }

    /// Another token than the one that was `refused`. An ordinary renewal may repeat it; then, and only then, the
    /// revocation is proven, and the renewal is forced within WeChat's bounds.
    async fn replace_token(
        &mut self,
        lease: Lease,
        refused: &Held<SiteAccessToken>,
    ) -> Result<SiteAccessToken, Failure> {
        self.store.discard(&self.key, Kind::AccessToken, refused.generation).await?;
        let token = self.renew_token(lease, Renewal::Ordinary).await?;
        if token == refused.value && self.may_force(OWN_FORCES_A_DAY).await? {
            return self.force_token(lease).await;
        }
        Ok(token)
    }

    async fn force_token(&mut self, lease: Lease) -> Result<SiteAccessToken, Failure> {
        self.attempt.last_forced = Some(self.clock.now());
        self.renew_token(lease, Renewal::Forced).await
    }

    /// Whether WeChat will listen, and fewer than `most` were made today.
    async fn may_force(&mut self, most: i64) -> Result<bool, sqlx::Error> {
        let now = self.clock.now();
        let spaced = self.attempt.last_forced.is_none_or(|at| at > now || now.since(at) >= FORCE_SPACING);
        if !self.can_force() || !spaced {
            return Ok(false);
        }
        Ok(self.store.count_call(&self.key, FORCE, beijing_day(now)).await? <= most)
    }

    async fn renew_token(&mut self, lease: Lease, renewal: Renewal) -> Result<SiteAccessToken, Failure> {
        let endpoint = self.account.endpoint(Kind::AccessToken);
        self.allow(lease, endpoint).await?;
        let result = self.account.access_token(renewal).await;
        self.meter.count_call(&self.key, endpoint, &result);
        let issued = result?;
        let value = issued.value.clone();
        self.keep(lease, Kind::AccessToken, value.expose(), &issued).await?;
        Ok(value)
    }

    async fn call_ticket(
        &mut self,
        lease: Lease,
        kind: Kind,
        token: &SiteAccessToken,
    ) -> Result<Issued<JsapiTicket>, Failure> {
        let endpoint = self.account.endpoint(kind);
        self.allow(lease, endpoint).await?;
        let result = self.account.ticket(kind, token).await;
        self.meter.count_call(&self.key, endpoint, &result);
        Ok(result?)
    }

    async fn keep_ticket(&mut self, lease: Lease, kind: Kind, issued: Issued<JsapiTicket>) -> Result<(), Failure> {
        let value = issued.value.clone();
        self.keep(lease, kind, value.expose(), &issued).await
    }

    /// Whether one more call is within the day's budget and the lease is still ours; both are written down first, so
    /// that a process that dies in the middle has counted.
    async fn allow(&mut self, lease: Lease, endpoint: &'static str) -> Result<(), Failure> {
        let now = self.clock.now();
        let calls = self.store.count_call(&self.key, endpoint, beijing_day(now)).await?;
        // A person who presses the button knows what they do.
        if calls > BUDGET && self.wish == Wish::Nothing && now.since(self.attempt.attempted) < TRICKLE {
            return Err(Failure::Budget(endpoint));
        }
        // Last, so that the time which the database took is no part of the lease's.
        if self.store.hold(&self.key, lease, self.clock.now().plus(CALL)).await? {
            Ok(())
        } else {
            Err(Failure::TakenOver)
        }
    }

    async fn keep<T>(&mut self, lease: Lease, kind: Kind, value: &str, issued: &Issued<T>) -> Result<(), Failure> {
        let now = self.clock.now();
        let stored =
            Stored { kind, value: value.to_owned(), fetched_at: now, expires_at: now.plus(issued.life), generation: 0 };
        let generation = self.store.save(&self.key, lease, &stored).await?.ok_or(Failure::TakenOver)?;
        self.adopt(Stored { generation, ..stored });
        Ok(())
    }
}

fn still_refused(failure: Failure) -> Failure {
    match failure {
        Failure::WeChat(error) if error.reaction() == Reaction::RenewToken => Failure::StillRefused(error),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_beijing() {
        // 2026-01-01 00:00 in Beijing is 16:00 UTC of the day before.
        let midnight = Millis(1_767_196_800_000);
        assert_eq!(beijing_day(midnight), beijing_day(Millis(midnight.0 - 1)) + 1);
        assert_eq!(beijing_day(Millis(midnight.0 + DAY - 1)), beijing_day(midnight));
    }
}

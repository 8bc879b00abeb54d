//! The second step: passing it, setting it up, and the codes for the day the authenticator is lost.

use std::time::Duration;

use sqlx::AnyConnection;

use super::change::Change;
use super::event::Kind;
use super::store::member::Account;
use super::totp::{Seed, Typed, recovery_codes};
use super::{Error, Member, MemberId, Opened, RecoveryCodes, Session, SessionState, Staff, TotpSetup, Visitor, store};
use crate::clock::Millis;
use crate::config::Secret;
use crate::config::secret_key::mac;

/// After so many wrong codes none is listened to for a while.
const WRONG_CODES: i64 = 5;
const PAUSE: Duration = Duration::from_mins(15);

impl Staff {
    /// A code of the authenticator, or a recovery code. This browser gets a new session.
    pub async fn pass_totp(&self, session: &Session, code: &str, from: &Visitor) -> Result<Opened, Error> {
        if session.state() != SessionState::NeedsTotp {
            return Err(Error::Forbidden);
        }
        let (mut change, account) = self.listen(session).await?;
        if !self.use_code(&mut change, &account, code).await? {
            return self.wrong_code(change, &account).await;
        }
        if !store::session::end(&mut change.transaction, account.member.id(), session.id()).await? {
            return Err(Error::SignedOut);
        }
        let opened = self.open(&mut change.transaction, &account, session.inheritance(), from).await?;
        change.log(Kind::SignedIn, account.member.id()).await?;
        change.commit().await?;
        Ok(opened)
    }

    /// What to feed the authenticator with; the same for this session until it is finished. `site` is what the
    /// authenticator shows beside the code.
    pub async fn begin_totp(&self, session: &Session, site: &str) -> Result<TotpSetup, Error> {
        self.may_set_up(session)?;
        let seed = Seed::new((self.random)())?;
        let sealed = self.seal(session.person().id(), &seed)?;
        let pending = store::session::pending(&mut *self.db.writer().await?, session.id(), &sealed).await?;
        let seed = self.unseal(session.person().id(), &pending.ok_or(Error::SignedOut)?)?;
        seed.setup(site, session.login())
    }

    /// The first code proves that the authenticator was fed. All sessions end; this browser gets a new one. The codes
    /// are to be shown now and never again.
    pub async fn finish_totp(
        &self,
        session: &Session,
        code: &str,
        from: &Visitor,
    ) -> Result<(Opened, RecoveryCodes), Error> {
        self.may_set_up(session)?;
        let (mut change, account) = self.listen(session).await?;
        let id = account.member.id();
        let pending = store::session::begun(&mut change.transaction, session.id()).await?.ok_or(Error::SignedOut)?;
        let seed = self.unseal(id, &pending)?;
        let step = match Typed::new(code) {
            Typed::Code(code) => seed.step_of(&code, change.at)?,
            Typed::Recovery(_) | Typed::Nothing => None,
        };
        let Some(step) = step else { return self.wrong_code(change, &account).await };
        store::totp::set(&mut change.transaction, id, &pending, step).await?;
        let codes = self.replace_recovery_codes(&mut change.transaction, id).await?;
        store::session::end_all(&mut change.transaction, id).await?;
        let account = Account { totp_sealed: Some(pending), ..account };
        let opened = self.open(&mut change.transaction, &account, session.inheritance(), from).await?;
        change.log(Kind::TotpSetUp, id).await?;
        change.commit().await?;
        Ok((opened, codes))
    }

    /// New recovery codes; the old ones are void.
    pub async fn renew_recovery_codes(&self, session: &Session) -> Result<RecoveryCodes, Error> {
        let member = session.member()?;
        if !session.has_totp() {
            return Err(Error::NotFound);
        }
        if !session.is_confirmed(self.clock.now()) {
            return Err(Error::NeedsConfirmation);
        }
        let (mut change, account) = self.listen(session).await?;
        let codes = self.replace_recovery_codes(&mut change.transaction, account.member.id()).await?;
        change.log(Kind::RecoveryCodesRenewed, member.id()).await?;
        change.commit().await?;
        Ok(codes)
    }

    /// How many recovery codes are unused.
    pub async fn recovery_codes_left(&self, member: &Member) -> Result<i64, Error> {
        store::totp::recovery_codes_left(self.db.read(), member.id()).await
    }

    /// Whether this session may feed an authenticator: on the way in, or later with the password just typed.
    fn may_set_up(&self, session: &Session) -> Result<(), Error> {
        match session.state() {
            SessionState::NeedsTotp => Err(Error::NeedsTotp),
            SessionState::NeedsTotpSetup => Ok(()),
            SessionState::Full if session.is_confirmed(self.clock.now()) => Ok(()),
            SessionState::Full => Err(Error::NeedsConfirmation),
        }
    }

    /// Begins a change by somebody whose codes are listened to now.
    async fn listen(&self, session: &Session) -> Result<(Change, Account), Error> {
        let mut change = self.change_by(session.person()).await?;
        let account = store::member::lock(&mut change.transaction, session.person().id()).await?;
        let account = account.ok_or(Error::SignedOut)?;
        let retry_after = account.totp_paused_until.since(change.at);
        // A longer pause was written while the clock was ahead.
        if retry_after.is_zero() || retry_after > PAUSE {
            Ok((change, account))
        } else {
            Err(Error::TooManyRequests { retry_after })
        }
    }

    /// Uses a code up; false: it is wrong or was used before.
    async fn use_code(&self, change: &mut Change, account: &Account, code: &str) -> Result<bool, Error> {
        let id = account.member.id();
        match (Typed::new(code), &account.totp_sealed) {
            (Typed::Code(code), Some(sealed)) => {
                let Some(step) = self.unseal(id, sealed)?.step_of(&code, change.at)? else { return Ok(false) };
                store::totp::use_step(&mut change.transaction, id, step).await
            }
            (Typed::Recovery(code), Some(_)) => {
                let hash = self.recovery_hash(id, &code);
                let used = store::totp::use_recovery_code(&mut change.transaction, id, &hash).await?;
                if used {
                    store::totp::set_failures(&mut change.transaction, id, 0, Millis(0)).await?;
                    change.log(Kind::RecoveryCodeUsed, id).await?;
                }
                Ok(used)
            }
            (Typed::Nothing, _) | (_, None) => Ok(false),
        }
    }

    /// Counts a wrong code, which is written although nothing else came of it.
    async fn wrong_code<T>(&self, mut change: Change, account: &Account) -> Result<T, Error> {
        let (id, failures) = (account.member.id(), account.totp_failures.saturating_add(1));
        if failures >= WRONG_CODES {
            store::totp::set_failures(&mut change.transaction, id, 0, change.at.plus(PAUSE)).await?;
            change.log(Kind::TotpPaused, id).await?;
        } else {
            store::totp::set_failures(&mut change.transaction, id, failures, Millis(0)).await?;
        }
        change.commit().await?;
        Err(Error::WrongCode)
    }

    async fn replace_recovery_codes(
        &self,
        connection: &mut AnyConnection,
        member: MemberId,
    ) -> Result<RecoveryCodes, Error> {
        let codes = recovery_codes(self.random);
        let hashes: Vec<String> = codes.iter().map(|code| self.recovery_hash(member, &code.replace('-', ""))).collect();
        store::totp::set_recovery_codes(connection, member, &hashes).await?;
        Ok(RecoveryCodes(Secret::new(codes)))
    }

    /// A keyed hash: without the site's secret key the codes cannot be guessed from the database.
    fn recovery_hash(&self, member: MemberId, code: &str) -> String {
        hex::encode(mac(self.keys.recovery.expose(), format!("{} {code}", member.0).as_bytes()))
    }

    fn seal(&self, member: MemberId, seed: &Seed) -> Result<String, Error> {
        self.sealer.seal(&place(member), &seed.to_hex()).ok_or(Error::Damaged("seed"))
    }

    fn unseal(&self, member: MemberId, sealed: &str) -> Result<Seed, Error> {
        Seed::from_hex(&self.sealer.open(&place(member), sealed).ok_or(Error::Damaged("seed"))?)
    }
}

/// Where a seed is sealed for: it opens for nobody else.
fn place(member: MemberId) -> String {
    format!("totp/{}", member.0)
}

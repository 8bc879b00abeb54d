//! Signing in. Whether a name is known, a password wrong or a person disabled cannot be told from the answer, nor from
//! how long it takes.

use super::event::Kind;
use super::session::Entry;
use super::store::member::Account;
use super::{Error, Identity, LoginName, Opened, Session, SessionState, Staff, Visitor, limit, store};
use crate::clock::Millis;
use crate::config::Secret;

impl Staff {
    /// Opens a session; its [`super::SessionState`] says what is still missing. `keep`: the browser keeps it for days.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &Secret<String>,
        keep: bool,
        from: &Visitor,
    ) -> Result<Opened, Error> {
        self.count_sign_in(login, from).await?;
        // What is no name is looked up all the same: a name that nobody has.
        let name = login.parse::<LoginName>().ok();
        let name = name.as_ref().map_or("", LoginName::as_str);
        let known = store::member::by_login(self.db.read(), name).await?;
        let (account, rehashed) = self.prove(known, password).await?;
        let now = self.clock.now();
        let mut change = self.change_by(&account.member).await?;
        let account = unchanged(store::member::lock(&mut change.transaction, account.member.id()).await?, &account)?;
        if let Some(hash) = rehashed {
            store::member::set_password(&mut change.transaction, account.member.id(), &hash).await?;
        }
        store::attempt::sweep(&mut change.transaction, now.minus(limit::STALE)).await?;
        let entry = Entry { passed: account.totp_sealed.is_none(), kept: keep, confirmed_at: now };
        let opened = self.open(&mut change.transaction, &account, entry, from).await?;
        change.log(event(&opened), account.member.id()).await?;
        change.commit().await?;
        Ok(opened)
    }

    /// Opens a session for whom an account elsewhere is bound to; the second step is asked for all the same, and the
    /// password before anything risky. Who has yet to set up a second step comes by password: an account elsewhere alone
    /// must not be enough to feed an authenticator.
    pub async fn sign_in_with(&self, identity: &Identity, from: &Visitor) -> Result<Opened, Error> {
        let issuer = self.issuer(identity.platform);
        let member = store::identity::find(self.db.read(), issuer, identity).await?.ok_or(Error::Mismatch)?;
        let known = store::member::by_id(self.db.read(), member).await?.ok_or(Error::Mismatch)?;
        let mut change = self.change_by(&known.member).await?;
        let account = store::member::lock(&mut change.transaction, member).await?.ok_or(Error::Mismatch)?;
        // Unbound in the meantime?
        if store::identity::find(&mut *change.transaction, issuer, identity).await? != Some(member) {
            return Err(Error::Mismatch);
        }
        if account.totp_sealed.is_none() && account.member.role().needs_totp() {
            return Err(Error::NeedsPassword);
        }
        let entry = Entry { passed: account.totp_sealed.is_none(), kept: false, confirmed_at: Millis(0) };
        let opened = self.open(&mut change.transaction, &account, entry, from).await?;
        change.log_with(event(&opened), member, &serde_json::json!({ "with": identity.platform.word() })).await?;
        change.commit().await?;
        Ok(opened)
    }

    /// The password once more, before something risky; good for ten minutes. The session goes on under another token:
    /// whoever has stolen the old one does not rise with it. Its forms stay good.
    pub async fn confirm(&self, session: &Session, password: &Secret<String>, from: &Visitor) -> Result<Opened, Error> {
        let member = session.member()?;
        self.count_at_desk(member.login(), from).await?;
        let known = store::member::by_id(self.db.read(), member.id()).await?;
        let (account, _) = self.prove(known, password).await?;
        let mut change = self.change_by(member).await?;
        unchanged(store::member::lock(&mut change.transaction, member.id()).await?, &account)?;
        store::attempt::forget(&mut change.transaction, &self.desk_subject(member.login())).await?;
        let opened = self.renew(&mut change.transaction, session).await?;
        change.commit().await?;
        Ok(opened)
    }

    /// Another password. All sessions end; this browser gets a new one.
    pub async fn change_password(
        &self,
        session: &Session,
        current: &Secret<String>,
        new: &Secret<String>,
        from: &Visitor,
    ) -> Result<Opened, Error> {
        let member = session.member()?;
        self.count_at_desk(member.login(), from).await?;
        let known = store::member::by_id(self.db.read(), member.id()).await?;
        let (account, _) = self.prove(known, current).await?;
        let hash = self.hash(new, [member.login().as_str(), member.name().as_str()]).await?;
        let mut change = self.change_by(member).await?;
        let account = unchanged(store::member::lock(&mut change.transaction, member.id()).await?, &account)?;
        store::attempt::forget(&mut change.transaction, &self.desk_subject(member.login())).await?;
        self.replace_password(&mut change.transaction, &account, &hash).await?;
        let entry = Entry { confirmed_at: self.clock.now(), ..session.inheritance() };
        let opened = self.open(&mut change.transaction, &account, entry, from).await?;
        change.log(Kind::PasswordChanged, member.id()).await?;
        change.commit().await?;
        Ok(opened)
    }

    /// A hash of a new password that is good enough for somebody of these names.
    pub(super) async fn hash(&self, password: &Secret<String>, names: [&str; 2]) -> Result<String, Error> {
        let names = names.into_iter().chain(self.words.iter().map(String::as_str)).map(str::to_owned).collect();
        self.hasher.hash(password, names, (self.random)()).await
    }

    /// Somebody who knows their password and may sign in. Everybody costs the same time.
    async fn prove(
        &self,
        known: Option<Account>,
        password: &Secret<String>,
    ) -> Result<(Account, Option<String>), Error> {
        let hash = known.as_ref().map(|account| account.password.clone());
        let verdict = self.hasher.verify(password, hash, (self.random)()).await?;
        let account = known.filter(|account| verdict.fits && !account.is_disabled).ok_or(Error::Mismatch)?;
        Ok((account, verdict.rehashed))
    }
}

/// What came of a password that was right.
fn event(opened: &Opened) -> Kind {
    if opened.session.state() == SessionState::NeedsTotp { Kind::PasswordAccepted } else { Kind::SignedIn }
}

/// The account as it is locked, if the password that was looked at is still the one.
fn unchanged(locked: Option<Account>, seen: &Account) -> Result<Account, Error> {
    locked.filter(|account| account.password == seen.password).ok_or(Error::Mismatch)
}

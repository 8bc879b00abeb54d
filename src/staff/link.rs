//! Links that stand for a right: to set the site up, to join, to choose a new password. Each is used once, by typing
//! something into the form behind it; that a messenger looks at it first does no harm.

use std::time::Duration;

use serde_json::json;
use sqlx::AnyConnection;

use super::change::Change;
use super::event::Kind as Event;
use super::session::{Entry, hash_of};
use super::store::link::Purpose;
use super::store::member::{Account, Newcomer};
use super::{By, DisplayName, Error, LoginName, MemberId, Opened, Role, Staff, Visitor, store};
use crate::clock::Millis;
use crate::config::Secret;

/// Where a set-up link leads, below the site's address.
pub const SETUP_PATH: &str = "/admin/setup/{token}";
/// Where an invitation leads.
pub const JOIN_PATH: &str = "/admin/join/{token}";
/// Where a link for a new password leads.
pub const RESET_PATH: &str = "/admin/reset/{token}";

/// A link that was just made; it is shown once.
#[derive(Clone, Debug)]
pub struct Link {
    /// The path below the site's address, with the token: whoever has it has the right.
    pub path: Secret<String>,
    /// When it is of no use any more.
    pub expires_at: Millis,
}

/// What an invitation says.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its number.
    pub id: i64,
    /// Who is invited.
    pub name: DisplayName,
    /// As what.
    pub role: Role,
    /// When it is of no use any more.
    pub expires_at: Millis,
    /// Who made it; none: the command line.
    pub made_by: Option<MemberId>,
}

/// Whose password a link lets be chosen anew.
#[derive(Clone, Debug)]
pub struct Reset {
    /// What they sign in with.
    pub login: LoginName,
    /// What colleagues read.
    pub name: DisplayName,
}

/// What somebody who comes types.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The login name.
    pub login: String,
    /// The display name.
    pub name: String,
    /// The password.
    pub password: Secret<String>,
}

/// What a link is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    SetUp,
    Invitation,
    Reset,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::SetUp => "setup",
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::SetUp => SETUP_PATH,
            Self::Invitation => JOIN_PATH,
            Self::Reset => RESET_PATH,
        }
    }

    fn life(self) -> Duration {
        match self {
            // Between the first start and the first visit there may be a certificate to wait for.
            Self::SetUp => Duration::from_hours(24),
            Self::Invitation => Duration::from_hours(7 * 24),
            Self::Reset => Duration::from_mins(30),
        }
    }
}

impl Staff {
    /// Whether anybody works here yet.
    pub async fn is_set_up(&self) -> Result<bool, Error> {
        Ok(store::member::count(self.db.read()).await? > 0)
    }

    /// A link for the first administrator; none once there is one.
    pub async fn setup_link(&self) -> Result<Option<Link>, Error> {
        if self.is_set_up().await? {
            return Ok(None);
        }
        let mut transaction = self.db.begin().await?;
        let (link, _) = self.make(&mut transaction, Kind::SetUp, &Purpose::default()).await?;
        transaction.commit().await?;
        Ok(Some(link))
    }

    /// Whether a set-up link is good. Looking does not use it.
    pub async fn check_setup(&self, token: &str) -> Result<(), Error> {
        let hash = hash_of(token);
        let good = store::link::is_good(self.db.read(), Kind::SetUp, &hash, self.clock.now()).await?;
        if good && !self.is_set_up().await? { Ok(()) } else { Err(Error::LinkExpired) }
    }

    /// The first administrator comes.
    pub async fn set_up(&self, token: &str, registration: &Registration, from: &Visitor) -> Result<Opened, Error> {
        self.check_setup(token).await?;
        let newcomer = self.newcomer(registration, Role::Administrator).await?;
        let mut change = self.change_by_link().await?;
        store::member::take_turn(&mut change.transaction).await?;
        let link = store::link::consume(&mut change.transaction, Kind::SetUp, &hash_of(token), change.at).await?;
        if link.is_none() || store::member::count_in(&mut change.transaction).await? > 0 {
            return Err(Error::LinkExpired);
        }
        store::link::void(&mut change.transaction, Kind::SetUp, None).await?;
        self.welcome(change, &newcomer, Event::SetUp, from).await
    }

    /// A link by which somebody joins; good for seven days.
    pub async fn invite(&self, by: By<'_>, name: &str, role: Role) -> Result<Link, Error> {
        let name: DisplayName = name.parse()?;
        let mut change = self.administer(by).await?;
        let made_by = change.actor.member();
        let purpose = Purpose { name: Some(&name), role: Some(role), made_by, member: None };
        let (link, id) = self.make(&mut change.transaction, Kind::Invitation, &purpose).await?;
        let detail = json!({ "invitation": id, "name": name.as_str(), "role": role.word() });
        change.log_only(Event::Invited, &detail).await?;
        change.commit().await?;
        Ok(link)
    }

    /// The invitations that are still good, newest first.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, Error> {
        store::link::invitations(self.db.read(), self.clock.now()).await
    }

    /// An invitation is void from now on.
    pub async fn withdraw_invitation(&self, by: By<'_>, invitation: i64) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        if !store::link::withdraw(&mut change.transaction, invitation).await? {
            return Err(Error::NotFound);
        }
        change.log_only(Event::InvitationWithdrawn, &json!({ "invitation": invitation })).await?;
        change.commit().await
    }

    /// What an invitation says. Looking does not use it.
    pub async fn invitation(&self, token: &str) -> Result<Invitation, Error> {
        let found = store::link::invitation(self.db.read(), &hash_of(token), self.clock.now()).await?;
        found.ok_or(Error::LinkExpired)
    }

    /// Somebody who was invited comes.
    pub async fn join(&self, token: &str, registration: &Registration, from: &Visitor) -> Result<Opened, Error> {
        let invitation = self.invitation(token).await?;
        let newcomer = self.newcomer(registration, invitation.role).await?;
        let mut change = self.change_by_link().await?;
        let used = store::link::consume(&mut change.transaction, Kind::Invitation, &hash_of(token), change.at).await?;
        used.ok_or(Error::LinkExpired)?;
        self.welcome(change, &newcomer, Event::Joined, from).await
    }

    /// A link for a new password; good for 30 minutes.
    pub async fn reset_link(&self, by: By<'_>, member: MemberId) -> Result<Link, Error> {
        let mut change = self.administer(by).await?;
        let known = store::member::by_id(&mut *change.transaction, member).await?.ok_or(Error::NotFound)?;
        if known.is_disabled {
            return Err(Error::Disabled);
        }
        let purpose = Purpose { member: Some(member), made_by: change.actor.member(), ..Purpose::default() };
        store::link::void(&mut change.transaction, Kind::Reset, Some(member)).await?;
        let (link, _) = self.make(&mut change.transaction, Kind::Reset, &purpose).await?;
        change.log(Event::ResetLinkMade, member).await?;
        change.commit().await?;
        Ok(link)
    }

    /// Whose password a link is for. Looking does not use it.
    pub async fn reset(&self, token: &str) -> Result<Reset, Error> {
        let account = self.account_of_reset(token).await?;
        Ok(Reset { login: account.member.login().clone(), name: account.member.name().clone() })
    }

    /// A new password. All sessions end; the second step is asked for all the same.
    pub async fn reset_password(&self, token: &str, new: &Secret<String>, from: &Visitor) -> Result<Opened, Error> {
        let account = self.account_of_reset(token).await?;
        let member = &account.member;
        let hash = self.hash(new, [member.login().as_str(), member.name().as_str()]).await?;
        let mut change = self.change_by(member).await?;
        let used = store::link::consume(&mut change.transaction, Kind::Reset, &hash_of(token), change.at).await?;
        used.ok_or(Error::LinkExpired)?;
        let account = store::member::lock(&mut change.transaction, member.id()).await?.ok_or(Error::LinkExpired)?;
        self.replace_password(&mut change.transaction, &account, &hash).await?;
        let entry = Entry { passed: account.totp_sealed.is_none(), kept: false, confirmed_at: change.at };
        let opened = self.open(&mut change.transaction, &account, entry, from).await?;
        change.log(Event::PasswordReset, account.member.id()).await?;
        change.commit().await?;
        Ok(opened)
    }

    /// Another password ends everything that the old one opened.
    pub(super) async fn replace_password(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        hash: &str,
    ) -> Result<(), Error> {
        let id = account.member.id();
        store::member::set_password(connection, id, hash).await?;
        store::link::void(connection, Kind::Reset, Some(id)).await?;
        store::session::end_all(connection, id).await
    }

    async fn account_of_reset(&self, token: &str) -> Result<Account, Error> {
        let member = store::link::reset_of(self.db.read(), &hash_of(token), self.clock.now()).await?;
        let account = store::member::by_id(self.db.read(), member.ok_or(Error::LinkExpired)?).await?;
        account.filter(|account| !account.is_disabled).ok_or(Error::LinkExpired)
    }

    /// What was typed, if all of it is good.
    async fn newcomer(&self, registration: &Registration, role: Role) -> Result<Newcomer, Error> {
        let (login, name): (LoginName, DisplayName) = (registration.login.parse()?, registration.name.parse()?);
        let password = self.hash(&registration.password, [login.as_str(), name.as_str()]).await?;
        Ok(Newcomer { login, name, role, password })
    }

    async fn welcome(
        &self,
        mut change: Change,
        newcomer: &Newcomer,
        event: Event,
        from: &Visitor,
    ) -> Result<Opened, Error> {
        let id = store::member::insert(&mut change.transaction, newcomer, change.at).await?;
        let account = store::member::lock(&mut change.transaction, id).await?.ok_or(Error::NotFound)?;
        let entry = Entry { passed: true, kept: false, confirmed_at: change.at };
        let opened = self.open(&mut change.transaction, &account, entry, from).await?;
        change.becomes(id);
        let detail = json!({ "login": newcomer.login.as_str(), "role": newcomer.role.word() });
        change.log_with(event, id, &detail).await?;
        change.commit().await?;
        Ok(opened)
    }

    async fn make(
        &self,
        connection: &mut AnyConnection,
        kind: Kind,
        purpose: &Purpose<'_>,
    ) -> Result<(Link, i64), Error> {
        let now = self.clock.now();
        store::link::sweep(connection, now).await?;
        let (token, expires_at) = (self.token(), now.plus(kind.life()));
        let hash = hash_of(token.expose());
        let id = store::link::insert(connection, kind, &hash, purpose, (now, expires_at)).await?;
        let path = Secret::new(kind.path().replace("{token}", token.expose()));
        Ok((Link { path, expires_at }, id))
    }
}

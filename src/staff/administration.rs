//! Who works here: by an administrator who has just typed the password, or by whoever sits at the machine.

use std::collections::HashMap;

use serde_json::json;

use super::change::Change;
use super::event::Kind;
use super::link::Kind as LinkKind;
use super::{By, DisplayName, Error, Listed, LoginName, MemberId, Role, Staff, store};

impl Staff {
    /// Everybody, in the order in which they came; the disabled last.
    pub async fn members(&self) -> Result<Vec<Listed>, Error> {
        store::member::list(self.db.read()).await
    }

    /// Who signs in by this name.
    pub async fn find(&self, login: &LoginName) -> Result<Listed, Error> {
        store::member::find(self.db.read(), login).await?.ok_or(Error::NotFound)
    }

    /// Somebody, by number.
    pub async fn person(&self, member: MemberId) -> Result<Listed, Error> {
        store::member::get(self.db.read(), member).await?.ok_or(Error::NotFound)
    }

    /// The display name of everybody who works here or did, by number: for pages that say who did what.
    pub async fn names(&self) -> Result<HashMap<i64, String>, Error> {
        store::member::names(self.db.read()).await
    }

    /// Another display name: one's own, or anybody's for who manages staff.
    pub async fn rename(&self, by: By<'_>, member: MemberId, name: &str) -> Result<(), Error> {
        let name: DisplayName = name.parse()?;
        let mut change = self.change_or_administer(by, member).await?;
        store::member::set_name(&mut change.transaction, member, &name).await?;
        change.log_with(Kind::Renamed, member, &json!({ "name": name.as_str() })).await?;
        change.commit().await
    }

    /// Another role; the person's sessions end, and with the right to make links go the links they made.
    pub async fn change_role(&self, by: By<'_>, member: MemberId, role: Role) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        let account = store::member::by_id(&mut *change.transaction, member).await?.ok_or(Error::NotFound)?;
        if account.member.role() == role {
            // Nobody has to sign in again for nothing.
            return Ok(());
        }
        store::member::set_role(&mut change.transaction, member, role).await?;
        if !role.may_manage_staff() {
            store::link::void_made_by(&mut change.transaction, member).await?;
        }
        change.log_with(Kind::RoleChanged, member, &json!({ "role": role.word() })).await?;
        conclude(change, member).await
    }

    /// May not sign in any more; the person's sessions end, and the links they made are void.
    pub async fn disable(&self, by: By<'_>, member: MemberId) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        let now = change.at;
        store::member::set_disabled(&mut change.transaction, member, Some(now)).await?;
        store::link::void_made_by(&mut change.transaction, member).await?;
        store::link::void(&mut change.transaction, LinkKind::Reset, Some(member)).await?;
        change.log(Kind::Disabled, member).await?;
        conclude(change, member).await
    }

    /// May sign in again.
    pub async fn enable(&self, by: By<'_>, member: MemberId) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        store::member::set_disabled(&mut change.transaction, member, None).await?;
        change.log(Kind::Enabled, member).await?;
        change.commit().await
    }

    /// Ends all of somebody's sessions: one's own, or anybody's for who manages staff.
    pub async fn end_sessions(&self, by: By<'_>, member: MemberId) -> Result<(), Error> {
        let mut change = self.change_or_administer(by, member).await?;
        // The lock lets a sign-in that is under way come first; it finds nobody who is disabled.
        store::member::lock(&mut change.transaction, member).await?;
        store::member::by_id(&mut *change.transaction, member).await?.ok_or(Error::NotFound)?;
        store::session::end_all(&mut change.transaction, member).await?;
        change.log(Kind::SessionsEnded, member).await?;
        change.commit().await
    }

    /// The authenticator is forgotten; the person's sessions end. Never one's own: who stole a session must not get
    /// rid of the second step.
    pub async fn reset_totp(&self, by: By<'_>, member: MemberId) -> Result<(), Error> {
        let mut change = self.administer(by).await?;
        if change.is_by(member) {
            return Err(Error::OnlyAnother);
        }
        if !store::totp::clear(&mut change.transaction, member).await? {
            return Err(Error::NotFound);
        }
        change.log(Kind::TotpReset, member).await?;
        conclude(change, member).await
    }
}

/// Ends the sessions of who was changed, and refuses to leave the site without an administrator.
async fn conclude(mut change: Change, member: MemberId) -> Result<(), Error> {
    store::session::end_all(&mut change.transaction, member).await?;
    if store::member::active_administrators(&mut change.transaction).await? == 0 {
        return Err(Error::LastAdministrator);
    }
    change.commit().await
}

//! A change to staff and its line in the log: both, or neither.

use serde_json::{Value, json};
use sqlx::{Any, Transaction};

use super::event::{Actor, Kind};
use super::{By, Error, Member, MemberId, Staff, store};
use crate::clock::Millis;

/// A change that is being made.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) transaction: Transaction<'static, Any>,
    pub(super) at: Millis,
    pub(super) actor: Actor,
}

impl Change {
    /// Who acts is known only now.
    pub(super) fn becomes(&mut self, member: MemberId) {
        self.actor = Actor::Member(member);
    }

    /// Whether it is `member` who acts.
    pub(super) fn is_by(&self, member: MemberId) -> bool {
        self.actor == Actor::Member(member)
    }

    pub(super) async fn log(&mut self, kind: Kind, subject: MemberId) -> Result<(), Error> {
        self.log_with(kind, subject, &json!({})).await
    }

    pub(super) async fn log_with(&mut self, kind: Kind, subject: MemberId, detail: &Value) -> Result<(), Error> {
        store::event::write(&mut self.transaction, (self.at, self.actor), kind, Some(subject), detail).await
    }

    /// A line about nobody who works here yet.
    pub(super) async fn log_only(&mut self, kind: Kind, detail: &Value) -> Result<(), Error> {
        store::event::write(&mut self.transaction, (self.at, self.actor), kind, None, detail).await
    }

    pub(super) async fn commit(self) -> Result<(), Error> {
        Ok(self.transaction.commit().await?)
    }
}

impl Staff {
    /// Begins a change by somebody to themselves.
    pub(super) async fn change_by(&self, member: &Member) -> Result<Change, Error> {
        self.begin(Actor::Member(member.id())).await
    }

    /// Begins a change by whoever holds a link; [`Change::becomes`] says who that is.
    pub(super) async fn change_by_link(&self) -> Result<Change, Error> {
        self.begin(Actor::Operator).await
    }

    /// Begins a change to oneself, or else to others.
    pub(super) async fn change_or_administer(&self, by: By<'_>, member: MemberId) -> Result<Change, Error> {
        match by {
            By::Session(session) if session.member()?.id() == member => self.change_by(session.member()?).await,
            _ => self.administer(by).await,
        }
    }

    /// Begins a change to others: by an administrator who has just typed the password, one after the other.
    pub(super) async fn administer(&self, by: By<'_>) -> Result<Change, Error> {
        let (actor, session) = match by {
            By::Operator => (Actor::Operator, None),
            By::Session(session) => {
                let member = session.member()?;
                if !member.may_manage_staff() {
                    return Err(Error::Forbidden);
                }
                if !session.is_confirmed(self.clock.now()) {
                    return Err(Error::NeedsConfirmation);
                }
                (Actor::Member(member.id()), Some(session.id()))
            }
        };
        let mut change = self.begin(actor).await?;
        store::member::take_turn(&mut change.transaction).await?;
        // Whoever had the turn before may have changed who acts here.
        if let Some(id) = session
            && !store::session::is_administrators(&mut change.transaction, id).await?
        {
            return Err(Error::Forbidden);
        }
        Ok(change)
    }

    async fn begin(&self, actor: Actor) -> Result<Change, Error> {
        Ok(Change { transaction: self.db.begin().await?, at: self.clock.now(), actor })
    }
}

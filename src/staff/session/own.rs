//! One's own sessions: where one is signed in, and an end to it.

use super::super::event::Kind;
use super::super::{Error, Member, Staff, store};
use super::{Session, SessionId, life};
use crate::clock::Millis;

/// A line in the list of somebody's sessions.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// Its number.
    pub id: SessionId,
    /// Whether the browser keeps it when it is closed.
    pub kept: bool,
    /// When it began.
    pub created_at: Millis,
    /// When it was last seen, to the minute.
    pub seen_at: Millis,
    /// The beginning of the address.
    pub network: String,
    /// The browser.
    pub agent: String,
}

impl Staff {
    /// One's own sessions that still stand, newest first.
    pub async fn sessions(&self, member: &Member) -> Result<Vec<SessionLine>, Error> {
        let (now, lines) = (self.clock.now(), store::session::list(self.db.read(), member.id()).await?);
        let stands = |line: &SessionLine| life(true, line.kept).goes_on(now, line.created_at, line.seen_at);
        Ok(lines.into_iter().filter(stands).collect())
    }

    /// Ends one of one's own sessions.
    pub async fn end_session(&self, member: &Member, session: SessionId) -> Result<(), Error> {
        let mut change = self.change_by(member).await?;
        if !store::session::end(&mut change.transaction, member.id(), session).await? {
            return Err(Error::NotFound);
        }
        change.log(Kind::SessionsEnded, member.id()).await?;
        change.commit().await
    }

    /// Ends all of one's own sessions but this one.
    pub async fn end_other_sessions(&self, session: &Session) -> Result<(), Error> {
        let member = session.member()?;
        let mut change = self.change_by(member).await?;
        // Whoever is signing in comes first, or not at all.
        store::member::lock(&mut change.transaction, member.id()).await?.ok_or(Error::SignedOut)?;
        store::session::end_others(&mut change.transaction, member.id(), session.id()).await?;
        change.log(Kind::SessionsEnded, member.id()).await?;
        change.commit().await
    }
}

//! Who has an article open: so that two people see each other before they write the same sentence.

use std::time::Duration;

use super::super::slug::ArticleId;
use super::super::{Content, Error, store};
use crate::clock::Millis;

/// Who has not said anything for so long has gone.
const GONE_AFTER: Duration = Duration::from_secs(90);

/// Somebody who has an article open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Who.
    pub member: i64,
    /// When they last said so.
    pub seen: Millis,
}

impl Content {
    /// Says that a member has the article open, and returns who else has. To be repeated every half minute.
    pub async fn open_for_editing(&self, id: ArticleId, member: i64) -> Result<Vec<Presence>, Error> {
        let now = self.clock.now();
        let when = (now, now.minus(GONE_AFTER));
        let mut transaction = self.db.begin().await?;
        if !store::presence::note(&mut transaction, (id, member), when).await? {
            return Err(Error::NotFound);
        }
        let others = store::presence::others(&mut *transaction, (id, member), when).await?;
        self.commit(transaction).await?;
        Ok(others)
    }

    /// Who has the article open besides a member.
    pub async fn editing(&self, id: ArticleId, member: i64) -> Result<Vec<Presence>, Error> {
        let now = self.clock.now();
        store::presence::others(self.db.read(), (id, member), (now, now.minus(GONE_AFTER))).await
    }

    /// Says that a member has closed it.
    pub async fn close_editing(&self, id: ArticleId, member: i64) -> Result<(), Error> {
        store::presence::forget(&mut *self.db.writer().await?, id, member).await
    }
}

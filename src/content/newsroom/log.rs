//! The log as it is shown and taken out.

use super::super::event::{Event, EventFilter};
use super::super::slug::ArticleId;
use super::super::{Content, Error, store};

impl Content {
    /// What happened to an article before the event `before`, newest first.
    pub async fn events_of(&self, id: ArticleId, before: Option<i64>, limit: u16) -> Result<Vec<Event>, Error> {
        self.audit(EventFilter::Article(id), before, limit).await
    }

    /// What happened on the site before the event `before`, newest first.
    pub async fn audit(&self, filter: EventFilter, before: Option<i64>, limit: u16) -> Result<Vec<Event>, Error> {
        store::event::list(self.db.read(), filter, before, limit).await
    }
}

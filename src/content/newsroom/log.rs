//! The log as it is shown and taken out.

use super::super::event::{Event, EventFilter};
use super::super::slug::ArticleId;
use super::super::{Content, Error, store};

/// Events per page of an export.
const PAGE: u16 = 500;

impl Content {
    /// What happened to an article before the event `before`, newest first.
    pub async fn events_of(&self, id: ArticleId, before: Option<i64>, limit: u16) -> Result<Vec<Event>, Error> {
        self.audit(EventFilter::Article(id), before, limit).await
    }

    /// What happened on the site before the event `before`, newest first.
    pub async fn audit(&self, filter: EventFilter, before: Option<i64>, limit: u16) -> Result<Vec<Event>, Error> {
        store::event::list(self.db.read(), filter, before, limit).await
    }

    /// The whole log, a page at a time, for an export.
    pub fn audit_pages(&self, filter: EventFilter) -> EventPages {
        EventPages { content: self.clone(), filter, before: None, ended: false }
    }
}

/// The pages of the log, newest first. What happens meanwhile is not in them.
#[derive(Clone, Debug)]
pub struct EventPages {
    content: Content,
    filter: EventFilter,
    before: Option<i64>,
    ended: bool,
}

impl EventPages {
    /// The next page; none: that was all.
    pub async fn next(&mut self) -> Result<Option<Vec<Event>>, Error> {
        if self.ended {
            return Ok(None);
        }
        let page = self.content.audit(self.filter, self.before, PAGE).await?;
        self.before = page.last().map(|event| event.id);
        self.ended = page.len() < usize::from(PAGE);
        Ok(Some(page).filter(|page| !page.is_empty()))
    }
}

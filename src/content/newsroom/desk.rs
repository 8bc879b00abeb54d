//! The articles as the newsroom sees them: what each is waiting for, and who did what last.

use super::super::article::{Hands, State, Times};
use super::super::category::Category;
use super::super::list::Cursor;
use super::super::slug::{ArticleId, ArticleKey};
use super::super::{Content, Error, store};
use super::Saved;
use crate::clock::Millis;

/// An article on the newsroom's desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its number.
    pub id: ArticleId,
    /// Its address.
    pub key: ArticleKey,
    /// 标题 of the working copy.
    pub headline: String,
    /// Where it stands; tells stage and schedule.
    pub state: State,
    /// The working copy's version.
    pub version: i64,
    /// Whether the working copy differs from what readers see.
    pub unpublished: bool,
    /// The last save.
    pub saved: Saved,
    /// When anybody last did something to it; lists are ordered by this.
    pub touched: Millis,
    /// Who wrote it, who handed it in, and who passed which stage of its review.
    pub hands: Hands,
    /// 栏目 of the working copy.
    pub category: Option<Category>,
    /// The times of its publication.
    pub times: Option<Times>,
    /// When it is taken down by itself.
    pub take_down: Option<Millis>,
    /// When and with which notice it was withdrawn.
    pub withdrawn: Option<(Millis, String)>,
    /// What the reviewer said when it was sent back; empty when there is nothing to say.
    pub remark: String,
    /// Whether it is kept on top.
    pub pinned: bool,
    /// When something that was due last failed.
    pub clock_failed: Option<Millis>,
}

impl Article {
    /// The position after it in a list.
    pub fn cursor(&self) -> Cursor {
        Cursor { published: self.touched, id: self.id }
    }
}

/// The newsroom's shelves. An article may stand on two: published and in review again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// Being written, never published.
    Draft,
    /// With the reviewers.
    InReview,
    /// Through review, to be published.
    Approved,
    /// Goes out by itself.
    Scheduled,
    /// To be read.
    Published,
    /// To be read, and changed since.
    Changed,
    /// Taken from the readers.
    Withdrawn,
    /// In the bin.
    Discarded,
}

/// Which articles a list holds; what is not set does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleFilter {
    /// The shelf; none: all but the bin.
    pub shelf: Option<Shelf>,
    /// The working copy's category.
    pub category: Option<i64>,
    /// Who began it.
    pub author: Option<i64>,
    /// What the headline contains.
    pub text: String,
}

/// How many articles stand on each shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the shelves")]
pub struct Counts {
    pub drafts: i64,
    pub in_review: i64,
    pub approved: i64,
    pub scheduled: i64,
    pub published: i64,
    pub changed: i64,
    pub withdrawn: i64,
    pub discarded: i64,
}

impl Content {
    /// One article.
    pub async fn article(&self, id: ArticleId) -> Result<Article, Error> {
        store::desk::article(self.db.read(), id).await
    }

    /// Articles after `before`, the last touched first.
    pub async fn articles(
        &self,
        filter: &ArticleFilter,
        before: Option<Cursor>,
        limit: u16,
    ) -> Result<Vec<Article>, Error> {
        store::desk::articles(self.db.read(), filter, before, limit).await
    }

    /// What goes out by itself, the next first.
    pub async fn upcoming(&self, limit: u16) -> Result<Vec<Article>, Error> {
        store::desk::upcoming(self.db.read(), limit).await
    }

    /// What readers see and is taken down by itself, the next first.
    pub async fn leaving(&self, limit: u16) -> Result<Vec<Article>, Error> {
        store::desk::leaving(self.db.read(), limit).await
    }

    /// What a reviewer gave back to `author`, who has not handed it in again; the last first.
    pub async fn sent_back(&self, author: i64, limit: u16) -> Result<Vec<Article>, Error> {
        store::desk::sent_back(self.db.read(), author, limit).await
    }

    /// What was to go out or to be taken down by itself, and could not; the last failure first.
    pub async fn overdue(&self, limit: u16) -> Result<Vec<Article>, Error> {
        store::desk::overdue(self.db.read(), limit).await
    }

    /// How many articles stand on each shelf.
    pub async fn counts(&self) -> Result<Counts, Error> {
        store::desk::counts(self.db.read(), None).await
    }

    /// How many articles of one author stand on each shelf.
    pub async fn counts_of(&self, author: i64) -> Result<Counts, Error> {
        store::desk::counts(self.db.read(), Some(author)).await
    }
}

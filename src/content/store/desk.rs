//! The newsroom's own lists: each is a walk along an index of when articles were last touched; what else is asked for
//! is looked at along the way.

use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::redirect::key;
use super::{actor, containing, joined_category, maybe_time, number, standing, text};
use crate::clock::Millis;
use crate::content::newsroom::{Article, ArticleFilter, Counts, Saved, Shelf};
use crate::content::{ArticleId, Cursor, Error};

macro_rules! article_query {
    ($condition:literal) => {
        concat!(
            "SELECT article.id, article.slug, article.live, article.working, article.review_stage, article.approved, \
             article.publish_at, article.discarded_at, article.first_published_at, article.published_at, \
             article.modified_at, article.take_down_at, article.withdrawn_at, article.withdrawal_notice, \
             article.pinned, article.author_id, article.submitter_id, article.first_reviewer_id, article.second_reviewer_id, \
             article.remark, article.clock_failed_at, article.touched_at, \
             working_copy.version, working_copy.unpublished, working_copy.saved_at, working_copy.actor, \
             working_copy.member_id, working_copy.headline, category.id AS joined_category_id, \
             category.slug AS joined_category_slug, category.name AS joined_category_name \
             FROM article JOIN working_copy ON working_copy.article_id = article.id \
             LEFT JOIN category ON category.id = article.desk_category_id WHERE ",
            $condition
        )
    };
}

macro_rules! desk_query {
    ($condition:literal) => {
        concat!(
            article_query!($condition),
            " AND (article.touched_at, article.id) < ($1, $2) AND ($4 = 0 OR article.desk_category_id = $4) \
             AND ($5 = 0 OR article.author_id = $5) \
             AND ($6 = '%%' OR lower(working_copy.headline) LIKE lower($6) ESCAPE '\\') \
             ORDER BY article.touched_at DESC, article.id DESC LIMIT $3"
        )
    };
}

pub(super) const ONE: &str = article_query!("article.id = $1");
pub(super) const ALL: &str = desk_query!("article.discarded_at IS NULL");
pub(super) const OF_AUTHOR: &str = desk_query!("article.discarded_at IS NULL AND article.author_id = $5");
pub(super) const OF_CATEGORY: &str = desk_query!("article.discarded_at IS NULL AND article.desk_category_id = $4");
pub(super) const DRAFTS: &str =
    desk_query!("article.discarded_at IS NULL AND article.live = 'none' AND article.working = 'draft'");
pub(super) const IN_REVIEW: &str =
    desk_query!("article.discarded_at IS NULL AND article.working = 'in_review' AND article.approved = 0");
pub(super) const APPROVED: &str =
    desk_query!("article.discarded_at IS NULL AND article.working = 'in_review' AND article.approved = 1");
pub(super) const SCHEDULED: &str =
    desk_query!("article.discarded_at IS NULL AND article.working = 'scheduled' AND article.approved = 0");
pub(super) const PUBLISHED: &str = desk_query!("article.discarded_at IS NULL AND article.live = 'published'");
pub(super) const CHANGED: &str =
    desk_query!("article.discarded_at IS NULL AND article.live = 'published' AND working_copy.unpublished = 1");
pub(super) const WITHDRAWN: &str = desk_query!("article.discarded_at IS NULL AND article.live = 'withdrawn'");
pub(super) const DISCARDED: &str = desk_query!("article.discarded_at IS NOT NULL");

fn question(filter: &ArticleFilter) -> &'static str {
    match filter.shelf {
        Some(Shelf::Draft) => DRAFTS,
        Some(Shelf::InReview) => IN_REVIEW,
        Some(Shelf::Approved) => APPROVED,
        Some(Shelf::Scheduled) => SCHEDULED,
        Some(Shelf::Published) => PUBLISHED,
        Some(Shelf::Changed) => CHANGED,
        Some(Shelf::Withdrawn) => WITHDRAWN,
        Some(Shelf::Discarded) => DISCARDED,
        None if filter.author.is_some() => OF_AUTHOR,
        None if filter.category.is_some() => OF_CATEGORY,
        None => ALL,
    }
}

/// Articles touched before `before`, the latest first.
pub(in crate::content) async fn articles(
    pool: &AnyPool,
    filter: &ArticleFilter,
    before: Option<Cursor>,
    limit: u16,
) -> Result<Vec<Article>, Error> {
    let from = before.unwrap_or(Cursor { published: Millis(i64::MAX), id: ArticleId(i64::MAX) });
    let rows = sqlx::query(question(filter))
        .bind(from.published.0)
        .bind(from.id.0)
        .bind(i64::from(limit))
        // No category and no member has the number 0.
        .bind(filter.category.unwrap_or(0))
        .bind(filter.author.unwrap_or(0))
        .bind(containing(filter.text.trim()))
        .fetch_all(pool)
        .await?;
    rows.iter().map(one).collect()
}

pub(super) const UPCOMING: &str =
    concat!(article_query!("article.publish_at IS NOT NULL"), " ORDER BY article.publish_at, article.id LIMIT $1");

/// What goes out by itself, the next first.
pub(in crate::content) async fn upcoming(pool: &AnyPool, limit: u16) -> Result<Vec<Article>, Error> {
    sqlx::query(UPCOMING).bind(i64::from(limit)).fetch_all(pool).await?.iter().map(one).collect()
}

pub(super) const LEAVING: &str = concat!(
    article_query!("article.take_down_at IS NOT NULL AND article.live = 'published'"),
    " ORDER BY article.take_down_at, article.id LIMIT $1"
);

/// What is taken down by itself, the next first.
pub(in crate::content) async fn leaving(pool: &AnyPool, limit: u16) -> Result<Vec<Article>, Error> {
    sqlx::query(LEAVING).bind(i64::from(limit)).fetch_all(pool).await?.iter().map(one).collect()
}

pub(super) const SENT_BACK: &str = concat!(
    article_query!(
        "article.discarded_at IS NULL AND article.author_id = $1 AND article.working = 'draft' AND article.remark <> ''"
    ),
    " ORDER BY article.touched_at DESC, article.id DESC LIMIT $2"
);

/// What a reviewer gave back to its author.
pub(in crate::content) async fn sent_back(pool: &AnyPool, author: i64, limit: u16) -> Result<Vec<Article>, Error> {
    sqlx::query(SENT_BACK).bind(author).bind(i64::from(limit)).fetch_all(pool).await?.iter().map(one).collect()
}

/// A failure that is over leaves its moment behind; what still waits for the same plan has not got over it.
pub(super) const OVERDUE: &str = concat!(
    article_query!(
        "article.clock_failed_at IS NOT NULL AND (article.publish_at <= article.clock_failed_at \
         OR (article.live = 'published' AND article.take_down_at <= article.clock_failed_at))"
    ),
    " ORDER BY article.clock_failed_at DESC, article.id DESC LIMIT $1"
);

/// What was due and did not happen.
pub(in crate::content) async fn overdue(pool: &AnyPool, limit: u16) -> Result<Vec<Article>, Error> {
    sqlx::query(OVERDUE).bind(i64::from(limit)).fetch_all(pool).await?.iter().map(one).collect()
}

pub(in crate::content) async fn article(pool: &AnyPool, id: ArticleId) -> Result<Article, Error> {
    one(&sqlx::query(ONE).bind(id.0).fetch_optional(pool).await?.ok_or(Error::NotFound)?)
}

fn one(row: &AnyRow) -> Result<Article, Error> {
    let id = number(row, "id")?;
    let withdrawn = match maybe_time(row, "withdrawn_at")? {
        Some(at) => Some((at, text(row, "withdrawal_notice")?)),
        None => None,
    };
    Ok(Article {
        id: ArticleId(id),
        key: key(row.try_get("slug")?, id)?,
        headline: text(row, "headline")?,
        state: standing::state(row)?,
        version: number(row, "version")?,
        unpublished: number(row, "unpublished")? == 1,
        saved: Saved { at: Millis(number(row, "saved_at")?), by: actor(row)? },
        touched: Millis(number(row, "touched_at")?),
        hands: standing::hands(row)?,
        category: joined_category(row)?,
        times: standing::times(row)?,
        take_down: maybe_time(row, "take_down_at")?,
        withdrawn,
        remark: text(row, "remark")?,
        pinned: number(row, "pinned")? == 1,
        clock_failed: maybe_time(row, "clock_failed_at")?,
    })
}

/// Eight numbers, each counted along an index of its shelf.
pub(super) const COUNTS: &str = "SELECT \
     (SELECT COUNT(*) FROM article WHERE discarded_at IS NULL AND live = 'none' AND working = 'draft') AS drafts, \
     (SELECT COUNT(*) FROM article WHERE discarded_at IS NULL AND working = 'in_review' AND approved = 0) AS in_review, \
     (SELECT COUNT(*) FROM article WHERE discarded_at IS NULL AND working = 'in_review' AND approved = 1) AS approved, \
     (SELECT COUNT(*) FROM article WHERE publish_at IS NOT NULL) AS scheduled, \
     (SELECT COUNT(*) FROM article WHERE discarded_at IS NULL AND live = 'published') AS published, \
     (SELECT COUNT(*) FROM working_copy JOIN article ON article.id = working_copy.article_id \
      WHERE working_copy.unpublished = 1 AND article.live = 'published' AND article.discarded_at IS NULL) AS changed, \
     (SELECT COUNT(*) FROM article WHERE discarded_at IS NULL AND live = 'withdrawn') AS withdrawn, \
     (SELECT COUNT(*) FROM article WHERE discarded_at IS NOT NULL) AS discarded";

/// The same in one walk along the articles of an author. Those in the bin have an index of their own.
pub(super) const COUNTS_OF: &str = "SELECT \
     COUNT(CASE WHEN live = 'none' AND working = 'draft' THEN 1 END) AS drafts, \
     COUNT(CASE WHEN working = 'in_review' AND approved = 0 THEN 1 END) AS in_review, \
     COUNT(CASE WHEN working = 'in_review' AND approved = 1 THEN 1 END) AS approved, \
     COUNT(publish_at) AS scheduled, COUNT(CASE WHEN live = 'published' THEN 1 END) AS published, \
     COUNT(CASE WHEN live = 'published' AND working_copy.unpublished = 1 THEN 1 END) AS changed, \
     COUNT(CASE WHEN live = 'withdrawn' THEN 1 END) AS withdrawn, \
     (SELECT COUNT(*) FROM article AS bin WHERE bin.discarded_at IS NOT NULL AND bin.author_id = $1) AS discarded \
     FROM article JOIN working_copy ON working_copy.article_id = article.id \
     WHERE article.discarded_at IS NULL AND article.author_id = $1";

pub(in crate::content) async fn counts(pool: &AnyPool, author: Option<i64>) -> Result<Counts, Error> {
    let query = match author {
        Some(author) => sqlx::query(COUNTS_OF).bind(author),
        None => sqlx::query(COUNTS),
    };
    let row = query.fetch_one(pool).await?;
    Ok(Counts {
        drafts: number(&row, "drafts")?,
        in_review: number(&row, "in_review")?,
        approved: number(&row, "approved")?,
        scheduled: number(&row, "scheduled")?,
        published: number(&row, "published")?,
        changed: number(&row, "changed")?,
        withdrawn: number(&row, "withdrawn")?,
        discarded: number(&row, "discarded")?,
    })
}

#[cfg(test)]
mod tests;

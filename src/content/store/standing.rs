//! Where an article stands: the columns of its state and of its times.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::{maybe_time, number, text};
use crate::clock::Millis;
use crate::content::article::{Hands, Live, State, Times, Working};
use crate::content::{Actor, ArticleId, Error, Slug};

pub(super) fn slug(row: &AnyRow) -> Result<Option<Slug>, Error> {
    let slug: Option<String> = row.try_get("slug")?;
    slug.map(|slug| slug.parse().map_err(|_not_a_slug| Error::Damaged("slug"))).transpose()
}

pub(super) fn state(row: &AnyRow) -> Result<State, Error> {
    let working = match text(row, "working")?.as_str() {
        "draft" if maybe_time(row, "discarded_at")?.is_some() => Working::Discarded,
        "draft" => Working::Draft,
        "in_review" if number(row, "approved")? == 1 => Working::Approved,
        "in_review" => Working::InReview(number(row, "review_stage")?),
        "scheduled" => Working::Scheduled(Millis(number(row, "publish_at")?)),
        _ => return Err(Error::Damaged("article")),
    };
    Ok(State { live: live(row)?, working })
}

/// Stores where an article stands in the newsroom. `revision` is what goes out, of a scheduled one.
pub(in crate::content) async fn set_working(
    connection: &mut AnyConnection,
    id: ArticleId,
    working: Working,
    (now, revision): (Millis, Option<i64>),
) -> Result<(), Error> {
    let (word, stage, at) = match working {
        Working::Draft | Working::Discarded => ("draft", None, None),
        Working::InReview(stage) => ("in_review", Some(stage), None),
        // Which stage was the last one matters no more; the column wants one.
        Working::Approved => ("in_review", Some(1), None),
        Working::Scheduled(at) => ("scheduled", None, Some(at)),
    };
    sqlx::query(
        "UPDATE article SET working = $2, review_stage = $3, publish_at = $4, approved = $5, discarded_at = $6, \
         scheduled_revision_id = $7, clock_failed_at = NULL, touched_at = $8 WHERE id = $1",
    )
    .bind(id.0)
    .bind(word)
    .bind(stage)
    .bind(at.map(|at| at.0))
    .bind(i64::from(working == Working::Approved))
    .bind((working == Working::Discarded).then_some(now.0))
    .bind(revision)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// What the reviewer says to the author; empty when the text is handed in again.
pub(in crate::content) async fn set_remark(
    connection: &mut AnyConnection,
    id: ArticleId,
    remark: &str,
) -> Result<(), Error> {
    sqlx::query("UPDATE article SET remark = $2 WHERE id = $1").bind(id.0).bind(remark).execute(connection).await?;
    Ok(())
}

/// Notes who passed the stage that a text has just left.
pub(in crate::content) async fn set_reviewer(
    connection: &mut AnyConnection,
    id: ArticleId,
    left: Working,
    actor: Actor,
) -> Result<(), Error> {
    let query = match left {
        Working::InReview(1) => "UPDATE article SET first_reviewer_id = $2 WHERE id = $1",
        Working::InReview(2) => "UPDATE article SET second_reviewer_id = $2 WHERE id = $1",
        _ => return Ok(()),
    };
    sqlx::query(query).bind(id.0).bind(actor.member()).execute(connection).await?;
    Ok(())
}

/// Notes who handed a text in. Nobody has passed it yet.
pub(in crate::content) async fn set_submitter(
    connection: &mut AnyConnection,
    id: ArticleId,
    actor: Actor,
) -> Result<(), Error> {
    let query =
        "UPDATE article SET submitter_id = $2, first_reviewer_id = NULL, second_reviewer_id = NULL WHERE id = $1";
    sqlx::query(query).bind(id.0).bind(actor.member()).execute(connection).await?;
    Ok(())
}

pub(super) fn hands(row: &AnyRow) -> Result<Hands, Error> {
    let reviewers = [row.try_get("first_reviewer_id")?, row.try_get("second_reviewer_id")?];
    Ok(Hands { author: row.try_get("author_id")?, submitter: row.try_get("submitter_id")?, reviewers })
}

pub(super) fn live(row: &AnyRow) -> Result<Live, Error> {
    match text(row, "live")?.as_str() {
        "none" => Ok(Live::None),
        "published" => Ok(Live::Published),
        "withdrawn" => Ok(Live::Withdrawn),
        _ => Err(Error::Damaged("article")),
    }
}

pub(super) fn live_word(live: Live) -> &'static str {
    match live {
        Live::None => "none",
        Live::Published => "published",
        Live::Withdrawn => "withdrawn",
    }
}

pub(super) fn times(row: &AnyRow) -> Result<Option<Times>, Error> {
    let first = maybe_time(row, "first_published_at")?;
    let published = maybe_time(row, "published_at")?;
    let modified = maybe_time(row, "modified_at")?;
    Ok(first.zip(published).zip(modified).map(|((first_published, published), modified)| Times {
        first_published,
        published,
        modified,
    }))
}

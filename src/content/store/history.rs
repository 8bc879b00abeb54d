//! Rows of revisions, and of which media a text names.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool};

use super::{actor, bind_fields, field_columns, fields, maybe_time, number, text};
use crate::clock::Millis;
use crate::content::newsroom::{Reason, Revision, Step};
use crate::content::{ArticleId, Error, Fields, MediaId};

/// Keeps the text for ever, with the pictures and attachments that it names.
pub(in crate::content) async fn insert_revision(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    (reason, written): (Reason, &Fields),
) -> Result<i64, Error> {
    let number: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM revision WHERE article_id = $1")
        .bind(id.0)
        .fetch_one(&mut *connection)
        .await?;
    let (word, planned) = match reason {
        // The text that is being reviewed, only changed.
        Reason::Submit | Reason::Amend => ("submit", None),
        Reason::Publish => ("publish", None),
        // The text that goes out, only later.
        Reason::Schedule(at) => ("publish", Some(at.0)),
        Reason::Restore => ("restore", None),
    };
    let query = sqlx::query_scalar(concat!(
        "INSERT INTO revision (article_id, number, reason, amended, planned_at, created_at, actor, member_id, ",
        field_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22) \
         RETURNING id"
    ))
    .bind(id.0)
    .bind(number)
    .bind(word)
    .bind(i64::from(reason == Reason::Amend))
    .bind(planned)
    .bind(step.now.0)
    .bind(step.actor.word())
    .bind(step.actor.member());
    let revision: i64 = bind_fields!(query, written).fetch_one(&mut *connection).await?;
    for media in written.media() {
        sqlx::query("INSERT INTO revision_media (revision_id, media_id) VALUES ($1, $2)")
            .bind(revision)
            .bind(media.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(revision)
}

/// Which pictures and attachments the working copy names.
pub(super) async fn set_working_media(
    connection: &mut AnyConnection,
    id: ArticleId,
    named: &[MediaId],
) -> Result<(), Error> {
    sqlx::query("DELETE FROM working_media WHERE article_id = $1").bind(id.0).execute(&mut *connection).await?;
    for media in named {
        sqlx::query("INSERT INTO working_media (article_id, media_id) VALUES ($1, $2)")
            .bind(id.0)
            .bind(media.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) const REVISIONS: &str = "SELECT revision.id, revision.number, revision.reason, revision.amended, revision.planned_at, \
     revision.created_at, revision.actor, revision.member_id, revision.headline, article.live_revision_id, article.live \
     FROM revision JOIN article ON article.id = revision.article_id \
     WHERE revision.article_id = $1 ORDER BY revision.number DESC LIMIT 500";

/// An article's revisions, newest first.
pub(in crate::content) async fn revisions(pool: &AnyPool, id: ArticleId) -> Result<Vec<Revision>, Error> {
    sqlx::query(REVISIONS).bind(id.0).fetch_all(pool).await?.iter().map(revision).collect()
}

fn revision(row: &AnyRow) -> Result<Revision, Error> {
    let live: Option<i64> = sqlx::Row::try_get(row, "live_revision_id")?;
    let reason = match (text(row, "reason")?.as_str(), maybe_time(row, "planned_at")?) {
        ("submit", _) if number(row, "amended")? == 1 => Reason::Amend,
        ("submit", _) => Reason::Submit,
        ("publish", None) => Reason::Publish,
        ("publish", Some(at)) => Reason::Schedule(at),
        ("restore", _) => Reason::Restore,
        _ => return Err(Error::Damaged("revision")),
    };
    Ok(Revision {
        number: number(row, "number")?,
        reason,
        at: Millis(number(row, "created_at")?),
        by: actor(row)?,
        headline: text(row, "headline")?,
        live: live == Some(number(row, "id")?) && text(row, "live")? == "published",
    })
}

/// A revision's text, by its number within the article.
pub(in crate::content) async fn revision_text(
    connection: &mut AnyConnection,
    id: ArticleId,
    number: i64,
) -> Result<Fields, Error> {
    let query = concat!("SELECT ", field_columns!(), " FROM revision WHERE article_id = $1 AND number = $2");
    let row = sqlx::query(query).bind(id.0).bind(number).fetch_optional(connection).await?;
    fields(&row.ok_or(Error::NotFound)?)
}

/// The text of the revision that is scheduled.
pub(in crate::content) async fn text_of(connection: &mut AnyConnection, revision: i64) -> Result<Fields, Error> {
    let query = concat!("SELECT ", field_columns!(), " FROM revision WHERE id = $1");
    let row = sqlx::query(query).bind(revision).fetch_optional(connection).await?;
    fields(&row.ok_or(Error::Damaged("schedule"))?)
}

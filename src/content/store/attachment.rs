//! Rows of attachments.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, AnyPool};

use super::{number, text};
use crate::clock::Millis;
use crate::content::attachment::{Attachment, Kind};
use crate::content::{ArticleId, Error, MediaId};

const BY_ID: &str = "SELECT id, name, kind, bytes FROM attachment WHERE id = $1";
/// The attachments that a revision names.
pub(super) const OF_REVISION: &str = "SELECT attachment.id, attachment.name, attachment.kind, attachment.bytes \
                                      FROM revision_media JOIN attachment ON attachment.id = revision_media.media_id \
                                      WHERE revision_media.revision_id = $1";

pub(in crate::content) async fn find(pool: &AnyPool, id: &MediaId) -> Result<Option<Attachment>, Error> {
    let row = sqlx::query(BY_ID).bind(id.as_str()).fetch_optional(pool).await?;
    row.map(|row| attachment(&row)).transpose()
}

pub(super) async fn of_revision(executor: impl AnyExecutor<'_>, revision: i64) -> Result<Vec<Attachment>, Error> {
    let rows = sqlx::query(OF_REVISION).bind(revision).fetch_all(executor).await?;
    rows.iter().map(attachment).collect()
}

/// The attachments that a working copy names.
pub(in crate::content) async fn of_working_copy(
    executor: impl AnyExecutor<'_>,
    id: ArticleId,
) -> Result<Vec<Attachment>, Error> {
    let query = "SELECT attachment.id, attachment.name, attachment.kind, attachment.bytes FROM working_media \
                 JOIN attachment ON attachment.id = working_media.media_id WHERE working_media.article_id = $1";
    let rows = sqlx::query(query).bind(id.0).fetch_all(executor).await?;
    rows.iter().map(attachment).collect()
}

pub(in crate::content) async fn insert(
    connection: &mut AnyConnection,
    attachment: &Attachment,
    at: Millis,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO attachment (id, name, kind, bytes, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(attachment.id.as_str())
    .bind(&attachment.name)
    .bind(attachment.kind.extension())
    .bind(i64::try_from(attachment.bytes).unwrap_or(i64::MAX))
    .bind(at.0)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn attachment(row: &AnyRow) -> Result<Attachment, Error> {
    let damaged = || Error::Damaged("attachment");
    Ok(Attachment {
        id: text(row, "id")?.parse().map_err(|_not_an_id| damaged())?,
        name: text(row, "name")?,
        kind: Kind::from_word(&text(row, "kind")?).ok_or_else(damaged)?,
        bytes: u64::try_from(number(row, "bytes")?).map_err(|_negative| damaged())?,
    })
}

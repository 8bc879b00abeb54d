//! Rows of attachments.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, AnyPool, Row as _};

use super::{number, text};
use crate::clock::Millis;
use crate::content::attachment::{Attachment, Kind};
use crate::content::media::Size;
use crate::content::video::Video;
use crate::content::{Actor, ArticleId, Error, MediaId};

/// The columns that [`attachment`] reads.
macro_rules! attachment_columns {
    () => {
        "attachment.id, attachment.name, attachment.kind, attachment.bytes, attachment.folder, attachment.width, \
         attachment.height, attachment.millis, attachment.alt"
    };
}
pub(in crate::content::store) use attachment_columns;

const BY_ID: &str = concat!("SELECT ", attachment_columns!(), " FROM attachment WHERE id = $1");
/// The one whose file lies in a folder.
pub(super) const IN_FOLDER: &str = concat!("SELECT ", attachment_columns!(), " FROM attachment WHERE folder = $1");
/// The attachments that a revision names.
pub(super) const OF_REVISION: &str = concat!(
    "SELECT ",
    attachment_columns!(),
    " FROM revision_media JOIN attachment ON attachment.id = revision_media.media_id \
     WHERE revision_media.revision_id = $1"
);

pub(in crate::content) async fn find(pool: &AnyPool, id: &MediaId) -> Result<Option<Attachment>, Error> {
    let row = sqlx::query(BY_ID).bind(id.as_str()).fetch_optional(pool).await?;
    row.map(|row| attachment(&row)).transpose()
}

pub(in crate::content) async fn in_folder(pool: &AnyPool, folder: &MediaId) -> Result<Option<Attachment>, Error> {
    let row = sqlx::query(IN_FOLDER).bind(folder.as_str()).fetch_optional(pool).await?;
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
    let query = concat!(
        "SELECT ",
        attachment_columns!(),
        " FROM working_media JOIN attachment ON attachment.id = working_media.media_id \
         WHERE working_media.article_id = $1"
    );
    let rows = sqlx::query(query).bind(id.0).fetch_all(executor).await?;
    rows.iter().map(attachment).collect()
}

/// Returns whether it is new.
pub(in crate::content) async fn insert(
    connection: &mut AnyConnection,
    attachment: &Attachment,
    (at, by): (Millis, Actor),
) -> Result<bool, Error> {
    let done = sqlx::query(
        "INSERT INTO attachment (id, name, kind, bytes, created_at, folder, member_id, width, height, millis) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
    )
    .bind(attachment.id.as_str())
    .bind(&attachment.name)
    .bind(attachment.kind.extension())
    .bind(i64::try_from(attachment.bytes).unwrap_or(i64::MAX))
    .bind(at.0)
    .bind(attachment.folder.as_str())
    .bind(by.member())
    .bind(attachment.video.map(|video| i64::from(video.size.width)))
    .bind(attachment.video.map(|video| i64::from(video.size.height)))
    .bind(millis(attachment))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn millis(attachment: &Attachment) -> Option<i64> {
    attachment.video.map(|video| i64::try_from(video.millis).unwrap_or(i64::MAX))
}

/// Gives an attachment another file, if it still has the one in the folder `before`.
pub(in crate::content) async fn set_file(
    connection: &mut AnyConnection,
    attachment: &Attachment,
    before: &MediaId,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE attachment SET name = $3, kind = $4, bytes = $5, folder = $6, width = $7, height = $8, millis = $9 \
         WHERE id = $1 AND folder = $2",
    )
    .bind(attachment.id.as_str())
    .bind(before.as_str())
    .bind(&attachment.name)
    .bind(attachment.kind.extension())
    .bind(i64::try_from(attachment.bytes).unwrap_or(i64::MAX))
    .bind(attachment.folder.as_str())
    .bind(attachment.video.map(|video| i64::from(video.size.width)))
    .bind(attachment.video.map(|video| i64::from(video.size.height)))
    .bind(millis(attachment))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) fn attachment(row: &AnyRow) -> Result<Attachment, Error> {
    let damaged = || Error::Damaged("attachment");
    Ok(Attachment {
        id: text(row, "id")?.parse().map_err(|_not_an_id| damaged())?,
        name: text(row, "name")?,
        kind: Kind::stored(&text(row, "kind")?).ok_or_else(damaged)?,
        folder: text(row, "folder")?.parse().map_err(|_not_an_id| damaged())?,
        video: video(row)?,
        alt: text(row, "alt")?,
        bytes: u64::try_from(number(row, "bytes")?).map_err(|_negative| damaged())?,
    })
}

fn video(row: &AnyRow) -> Result<Option<Video>, Error> {
    let Some(millis) = row.try_get::<Option<i64>, _>("millis")? else { return Ok(None) };
    let damaged = || Error::Damaged("video");
    let side = |column| u32::try_from(number(row, column)?).map_err(|_negative| damaged());
    let size = Size { width: side("width")?, height: side("height")? };
    Ok(Some(Video { size, millis: u64::try_from(millis).map_err(|_negative| damaged())? }))
}

//! Rows of pictures.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, AnyPool, Row as _};

use super::{number, text};
use crate::clock::Millis;
use crate::content::attachment::shown_name;
use crate::content::media::{FileName, Focus, Fraction, Framing, Kind, Size, Square};
use crate::content::{Actor, ArticleId, Error, Media, MediaId};

/// The columns that [`media`] reads, each under the name that it expects.
macro_rules! media_columns {
    () => {
        "media.id AS media_id, media.kind AS media_kind, media.width AS media_width, \
         media.height AS media_height, media.animated AS media_animated, media.shareable AS media_shareable, \
         media.renditions AS media_renditions, media.alt AS media_alt, media.caption AS media_caption, \
         media.credit AS media_credit, media.folder AS media_folder, media.focus_x AS media_focus_x, \
         media.focus_y AS media_focus_y, media.square_left AS media_square_left, \
         media.square_top AS media_square_top, media.square_side AS media_square_side"
    };
}
pub(in crate::content::store) use media_columns;

/// How a picture came to us.
#[derive(Clone, Copy, Debug)]
pub(in crate::content) struct Arrival<'a> {
    pub(in crate::content) source_hash: &'a str,
    pub(in crate::content) original_name: &'a str,
    pub(in crate::content) at: Millis,
    pub(in crate::content) by: Actor,
}

pub(in crate::content) async fn find(pool: &AnyPool, id: &MediaId) -> Result<Option<Media>, Error> {
    let row = sqlx::query(concat!("SELECT ", media_columns!(), " FROM media WHERE id = $1"))
        .bind(id.as_str())
        .fetch_optional(pool)
        .await?;
    row.map_or(Ok(None), |row| media(&row))
}

pub(in crate::content) async fn find_by_source(pool: &AnyPool, hash: &str) -> Result<Option<Media>, Error> {
    let row =
        sqlx::query(concat!("SELECT ", media_columns!(), " FROM media WHERE source_hash = $1 ORDER BY id LIMIT 1"))
            .bind(hash)
            .fetch_optional(pool)
            .await?;
    row.map_or(Ok(None), |row| media(&row))
}

pub(in crate::content) async fn of_revision(
    executor: impl AnyExecutor<'_>,
    revision: i64,
) -> Result<Vec<Media>, Error> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        media_columns!(),
        " FROM revision_media JOIN media ON media.id = revision_media.media_id \
         WHERE revision_media.revision_id = $1"
    ))
    .bind(revision)
    .fetch_all(executor)
    .await?;
    rows.iter().filter_map(|row| media(row).transpose()).collect()
}

/// The pictures that a working copy names.
pub(in crate::content) async fn of_working_copy(
    executor: impl AnyExecutor<'_>,
    id: ArticleId,
) -> Result<Vec<Media>, Error> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        media_columns!(),
        " FROM working_media JOIN media ON media.id = working_media.media_id WHERE working_media.article_id = $1"
    ))
    .bind(id.0)
    .fetch_all(executor)
    .await?;
    rows.iter().filter_map(|row| media(row).transpose()).collect()
}

/// The names of a picture's files as they are stored.
fn names(media: &Media) -> String {
    let files: Vec<String> = media.files.iter().map(FileName::to_string).collect();
    serde_json::Value::from(files).to_string()
}

/// Returns whether it is new.
pub(in crate::content) async fn insert(
    connection: &mut AnyConnection,
    media: &Media,
    bytes: usize,
    arrival: Arrival<'_>,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "INSERT INTO media (id, kind, width, height, bytes, animated, shareable, renditions, original_name, \
         source_hash, created_at, folder, member_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING",
    )
    .bind(media.id.as_str())
    .bind(media.kind.word())
    .bind(i64::from(media.size.width))
    .bind(i64::from(media.size.height))
    .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
    .bind(i64::from(media.animated))
    .bind(i64::from(media.shareable))
    .bind(names(media))
    .bind(shown_name(arrival.original_name))
    .bind(arrival.source_hash)
    .bind(arrival.at.0)
    .bind(media.folder.as_str())
    .bind(arrival.by.member())
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a picture the files of `media`, if it still has those in the folder `before`.
pub(in crate::content) async fn set_files(
    connection: &mut AnyConnection,
    media: &Media,
    before: &MediaId,
) -> Result<bool, Error> {
    let square = media.framing.square;
    let done = sqlx::query(
        "UPDATE media SET kind = $3, width = $4, height = $5, animated = $6, shareable = $7, renditions = $8, \
         folder = $9, focus_x = $10, focus_y = $11, square_left = $12, square_top = $13, square_side = $14 \
         WHERE id = $1 AND folder = $2",
    )
    .bind(media.id.as_str())
    .bind(before.as_str())
    .bind(media.kind.word())
    .bind(i64::from(media.size.width))
    .bind(i64::from(media.size.height))
    .bind(i64::from(media.animated))
    .bind(i64::from(media.shareable))
    .bind(names(media))
    .bind(media.folder.as_str())
    .bind(media.framing.focus.x.parts())
    .bind(media.framing.focus.y.parts())
    .bind(square.map(|square| square.left.parts()))
    .bind(square.map(|square| square.top.parts()))
    .bind(square.map(|square| square.side.parts()))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what the file was called and how large it is that took the place of another.
pub(in crate::content) async fn set_origin(
    connection: &mut AnyConnection,
    id: &MediaId,
    bytes: usize,
    (source_hash, original_name): (&str, &str),
) -> Result<(), Error> {
    sqlx::query("UPDATE media SET bytes = $2, source_hash = $3, original_name = $4 WHERE id = $1")
        .bind(id.as_str())
        .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
        .bind(source_hash)
        .bind(shown_name(original_name))
        .execute(connection)
        .await?;
    Ok(())
}

/// The picture in a row; none where a join found none.
pub(super) fn media(row: &AnyRow) -> Result<Option<Media>, Error> {
    let Some(id) = row.try_get::<Option<String>, _>("media_id")? else { return Ok(None) };
    let damaged = || Error::Damaged("picture");
    let side = |column| u32::try_from(number(row, column)?).map_err(|_negative| damaged());
    let names: Vec<String> = serde_json::from_str(&text(row, "media_renditions")?).map_err(|_not_a_list| damaged())?;
    Ok(Some(Media {
        id: id.parse().map_err(|_not_an_id| damaged())?,
        kind: Kind::from_word(&text(row, "media_kind")?).ok_or_else(damaged)?,
        size: Size { width: side("media_width")?, height: side("media_height")? },
        animated: number(row, "media_animated")? == 1,
        shareable: number(row, "media_shareable")? == 1,
        folder: text(row, "media_folder")?.parse().map_err(|_not_an_id| damaged())?,
        framing: framing(row)?,
        // A newer program may have made files that this one does not know.
        files: names.iter().filter_map(|name| name.parse().ok()).collect(),
        alt: text(row, "media_alt")?,
        caption: text(row, "media_caption")?,
        credit: text(row, "media_credit")?,
    }))
}

fn framing(row: &AnyRow) -> Result<Framing, Error> {
    let damaged = || Error::Damaged("picture");
    let part = |column| Fraction::new(number(row, column)?).ok_or_else(damaged);
    let square = match row.try_get::<Option<i64>, _>("media_square_side")? {
        None => None,
        Some(side) => Some(Square {
            left: part("media_square_left")?,
            top: part("media_square_top")?,
            side: Fraction::new(side).ok_or_else(damaged)?,
        }),
    };
    Ok(Framing { focus: Focus { x: part("media_focus_x")?, y: part("media_focus_y")? }, square })
}

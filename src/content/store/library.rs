//! Rows of the library of pictures, and of what uses them.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::media::{media, media_columns};
use super::{containing, number, text};
use crate::clock::Millis;
use crate::content::library::{LibraryCursor, MediaWords, Shot, Use};
use crate::content::{ArticleId, Error, MediaId};

pub(super) const LIST: &str = concat!(
    "SELECT ",
    media_columns!(),
    ", media.original_name, media.bytes, media.created_at FROM media WHERE (media.created_at, media.id) < ($1, $2) \
     AND ($4 = '%%' OR lower(media.original_name || ' ' || media.alt || ' ' || media.caption || ' ' || media.credit) \
     LIKE lower($4) ESCAPE '\\') ORDER BY media.created_at DESC, media.id DESC LIMIT $3"
);

pub(in crate::content) async fn list(
    pool: &AnyPool,
    contains: &str,
    before: Option<&LibraryCursor>,
    limit: u16,
) -> Result<Vec<Shot>, Error> {
    // After every identity, which is hexadecimal.
    let (added, id) = before.map_or((i64::MAX, "~"), |before| (before.added.0, before.id.as_str()));
    let query = sqlx::query(LIST).bind(added).bind(id).bind(i64::from(limit)).bind(containing(contains));
    query.fetch_all(pool).await?.iter().map(shot).collect()
}

fn shot(row: &AnyRow) -> Result<Shot, Error> {
    Ok(Shot {
        media: media(row)?.ok_or(Error::Damaged("picture"))?,
        name: text(row, "original_name")?,
        bytes: number(row, "bytes")?,
        added: Millis(number(row, "created_at")?),
    })
}

pub(in crate::content) async fn describe(
    connection: &mut AnyConnection,
    id: &MediaId,
    words: &MediaWords,
) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE media SET alt = $2, caption = $3, credit = $4 WHERE id = $1")
        .bind(id.as_str())
        .bind(&words.alt)
        .bind(&words.caption)
        .bind(&words.credit)
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes the row and returns what the picture's file was called.
pub(in crate::content) async fn delete(connection: &mut AnyConnection, id: &MediaId) -> Result<Option<String>, Error> {
    let query = "DELETE FROM media WHERE id = $1 RETURNING original_name";
    Ok(sqlx::query_scalar(query).bind(id.as_str()).fetch_optional(connection).await?)
}

/// Whether there is such a picture, and whether a card may show it.
pub(in crate::content) async fn is_shareable(
    connection: &mut AnyConnection,
    id: &MediaId,
) -> Result<Option<bool>, Error> {
    let shareable: Option<i64> = sqlx::query_scalar("SELECT shareable FROM media WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(shareable.map(|shareable| shareable == 1))
}

pub(super) const IN_ARTICLES: &str = "SELECT article.id, working_copy.headline, \
     CASE WHEN article.live <> 'none' AND revision_media.media_id IS NOT NULL THEN 1 ELSE 0 END AS live, \
     CASE WHEN working_media.media_id IS NOT NULL THEN 1 ELSE 0 END AS working, \
     CASE WHEN working_copy.lead_media_id = $1 THEN 1 ELSE 0 END AS lead, \
     CASE WHEN working_copy.share_media_id = $1 THEN 1 ELSE 0 END AS share \
     FROM (SELECT article_id FROM working_media WHERE media_id = $1 UNION SELECT revision.article_id \
     FROM revision_media JOIN revision ON revision.id = revision_media.revision_id \
     JOIN article ON article.id = revision.article_id AND article.live_revision_id = revision.id \
     WHERE revision_media.media_id = $1) AS walk JOIN article ON article.id = walk.article_id \
     JOIN working_copy ON working_copy.article_id = article.id \
     LEFT JOIN working_media ON working_media.article_id = article.id AND working_media.media_id = $1 \
     LEFT JOIN revision_media ON revision_media.revision_id = article.live_revision_id \
     AND revision_media.media_id = $1 ORDER BY article.id DESC";
pub(super) const ON_PAGES: &str = "SELECT page.slug, page.title FROM page_media \
     JOIN page ON page.slug = page_media.page_slug WHERE page_media.media_id = $1 ORDER BY page.slug";

pub(in crate::content) async fn uses(connection: &mut AnyConnection, id: &MediaId) -> Result<Vec<Use>, Error> {
    let mut uses = Vec::new();
    for row in sqlx::query(IN_ARTICLES).bind(id.as_str()).fetch_all(&mut *connection).await? {
        let is = |column| Ok::<_, Error>(number(&row, column)? == 1);
        uses.push(Use::Article {
            id: ArticleId(number(&row, "id")?),
            headline: text(&row, "headline")?,
            live: is("live")?,
            working: is("working")?,
            lead: is("lead")?,
            share: is("share")?,
        });
    }
    for row in sqlx::query(ON_PAGES).bind(id.as_str()).fetch_all(&mut *connection).await? {
        let slug = text(&row, "slug")?.parse().map_err(|_not_a_slug| Error::Damaged("page"))?;
        uses.push(Use::Page { slug, title: row.try_get("title")? });
    }
    let settings = super::settings::load(connection).await?;
    let wanted = Some(id);
    uses.extend((settings.logo.as_ref() == wanted).then_some(Use::Logo));
    uses.extend((settings.share_image.as_ref() == wanted).then_some(Use::DefaultShareImage));
    Ok(uses)
}

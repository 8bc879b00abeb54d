//! Rows of the library, and of what uses what is in it.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::attachment::{attachment, attachment_columns};
use super::media::{media, media_columns};
use super::{containing, number, text};
use crate::clock::Millis;
use crate::content::library::{Filed, Item, LibraryCursor, MediaWords, Shot, Use};
use crate::content::{ArticleId, Error, MediaId};

pub(super) const LIST: &str = concat!(
    "SELECT ",
    media_columns!(),
    ", media.original_name, media.bytes, media.created_at, media.member_id FROM media WHERE (media.created_at, media.id) < ($1, $2) \
     AND ($4 = '%%' OR lower(media.original_name || ' ' || media.alt || ' ' || media.caption || ' ' || media.credit) \
     LIKE lower($4) ESCAPE '\\') ORDER BY media.created_at DESC, media.id DESC LIMIT $3"
);
const ONE: &str = concat!(
    "SELECT ",
    media_columns!(),
    ", media.original_name, media.bytes, media.created_at, media.member_id FROM media WHERE media.id = $1"
);
pub(super) const FILES: &str = concat!(
    "SELECT ",
    attachment_columns!(),
    ", attachment.caption, attachment.credit, attachment.created_at, attachment.member_id FROM attachment \
     WHERE (attachment.created_at, attachment.id) < ($1, $2) AND (attachment.kind = 'mp4') = ($5 = 1) \
     AND ($4 = '%%' OR lower(attachment.name || ' ' || attachment.alt || ' ' || attachment.caption || ' ' || \
     attachment.credit) LIKE lower($4) ESCAPE '\\') ORDER BY attachment.created_at DESC, attachment.id DESC LIMIT $3"
);
const ONE_FILE: &str = concat!(
    "SELECT ",
    attachment_columns!(),
    ", attachment.caption, attachment.credit, attachment.created_at, attachment.member_id FROM attachment \
     WHERE attachment.id = $1"
);
/// Whose files lay in a folder once.
pub(super) const FORMER: &str = "SELECT media_id FROM media_former WHERE folder = $1";
/// Whether a text that nobody may change at the moment names it.
pub(super) const IN_REVIEW: &str = "SELECT article.id FROM working_media \
     JOIN article ON article.id = working_media.article_id \
     WHERE working_media.media_id = $1 AND article.working <> 'draft' LIMIT 1";

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
        by: row.try_get("member_id")?,
    })
}

fn filed(row: &AnyRow) -> Result<Filed, Error> {
    let attachment = attachment(row)?;
    Ok(Filed {
        words: MediaWords { alt: attachment.alt.clone(), caption: text(row, "caption")?, credit: text(row, "credit")? },
        attachment,
        added: Millis(number(row, "created_at")?),
        by: row.try_get("member_id")?,
    })
}

/// Videos, or attachments.
pub(in crate::content) async fn files(
    pool: &AnyPool,
    (videos, contains): (bool, &str),
    before: Option<&LibraryCursor>,
    limit: u16,
) -> Result<Vec<Filed>, Error> {
    let (added, id) = before.map_or((i64::MAX, "~"), |before| (before.added.0, before.id.as_str()));
    let query = sqlx::query(FILES).bind(added).bind(id).bind(i64::from(limit)).bind(containing(contains));
    query.bind(i64::from(videos)).fetch_all(pool).await?.iter().map(filed).collect()
}

/// Whatever has this identity.
pub(in crate::content) async fn find(connection: &mut AnyConnection, id: &MediaId) -> Result<Option<Item>, Error> {
    if let Some(row) = sqlx::query(ONE).bind(id.as_str()).fetch_optional(&mut *connection).await? {
        return Ok(Some(Item::Picture(shot(&row)?)));
    }
    let row = sqlx::query(ONE_FILE).bind(id.as_str()).fetch_optional(connection).await?;
    row.map(|row| Ok(Item::File(filed(&row)?))).transpose()
}

/// Whether all of these are there. They stay until the transaction ends: whoever wants to delete one waits, and then
/// sees what it is used for. Writing a column as it is locks the row on PostgreSQL. The order is everybody's, so that
/// nobody waits in a circle.
pub(in crate::content) async fn hold(connection: &mut AnyConnection, sorted: &[MediaId]) -> Result<bool, Error> {
    for id in sorted {
        let mut found = 0;
        for statement in ["UPDATE media SET alt = alt WHERE id = $1", "UPDATE attachment SET alt = alt WHERE id = $1"] {
            found += sqlx::query(statement).bind(id.as_str()).execute(&mut *connection).await?.rows_affected();
        }
        if found == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(in crate::content) async fn is_in_review(connection: &mut AnyConnection, id: &MediaId) -> Result<bool, Error> {
    let article: Option<i64> = sqlx::query_scalar(IN_REVIEW).bind(id.as_str()).fetch_optional(connection).await?;
    Ok(article.is_some())
}

pub(in crate::content) async fn set_former(
    connection: &mut AnyConnection,
    folder: &MediaId,
    id: &MediaId,
) -> Result<(), Error> {
    sqlx::query("INSERT INTO media_former (folder, media_id) VALUES ($1, $2)")
        .bind(folder.as_str())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whose files lay in a folder once.
pub(in crate::content) async fn former(
    connection: &mut AnyConnection,
    folder: &MediaId,
) -> Result<Option<MediaId>, Error> {
    let id: Option<String> = sqlx::query_scalar(FORMER).bind(folder.as_str()).fetch_optional(connection).await?;
    id.map(|id| id.parse().map_err(|_not_an_id| Error::Damaged("picture"))).transpose()
}

pub(in crate::content) async fn describe(
    connection: &mut AnyConnection,
    id: &MediaId,
    words: &MediaWords,
) -> Result<bool, Error> {
    for table in [
        "UPDATE media SET alt = $2, caption = $3, credit = $4 WHERE id = $1",
        "UPDATE attachment SET alt = $2, caption = $3, credit = $4 WHERE id = $1",
    ] {
        let query = sqlx::query(table).bind(id.as_str()).bind(&words.alt).bind(&words.caption).bind(&words.credit);
        if query.execute(&mut *connection).await?.rows_affected() == 1 {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(in crate::content) async fn delete(connection: &mut AnyConnection, id: &MediaId) -> Result<(), Error> {
    for statement in [
        "DELETE FROM media WHERE id = $1",
        "DELETE FROM attachment WHERE id = $1",
        "DELETE FROM media_former WHERE media_id = $1",
    ] {
        sqlx::query(statement).bind(id.as_str()).execute(&mut *connection).await?;
    }
    Ok(())
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

pub(super) const IN_ARTICLES: &str = "SELECT article.id, article.author_id, working_copy.headline, \
     CASE WHEN article.live = 'published' AND revision_media.media_id IS NOT NULL THEN 1 ELSE 0 END AS live, \
     CASE WHEN working_media.media_id IS NOT NULL THEN 1 ELSE 0 END AS working, \
     CASE WHEN working_copy.lead_media_id = $1 THEN 1 ELSE 0 END AS lead, \
     CASE WHEN working_copy.share_media_id = $1 THEN 1 ELSE 0 END AS share \
     FROM (SELECT article_id FROM working_media WHERE media_id = $1 UNION SELECT revision.article_id \
     FROM revision_media JOIN revision ON revision.id = revision_media.revision_id \
     JOIN article ON article.id = revision.article_id AND article.live_revision_id = revision.id \
     AND article.live = 'published' \
     WHERE revision_media.media_id = $1) AS walk JOIN article ON article.id = walk.article_id \
     JOIN working_copy ON working_copy.article_id = article.id \
     LEFT JOIN working_media ON working_media.article_id = article.id AND working_media.media_id = $1 \
     LEFT JOIN revision_media ON revision_media.revision_id = article.live_revision_id \
     AND revision_media.media_id = $1 ORDER BY article.id DESC";
pub(super) const ON_PAGES: &str = "SELECT page.slug, page.title FROM page_media \
     JOIN page ON page.slug = page_media.page_slug WHERE page_media.media_id = $1 ORDER BY page_media.page_slug";

pub(in crate::content) async fn uses(connection: &mut AnyConnection, id: &MediaId) -> Result<Vec<Use>, Error> {
    let mut uses = Vec::new();
    for row in sqlx::query(IN_ARTICLES).bind(id.as_str()).fetch_all(&mut *connection).await? {
        let is = |column| Ok::<_, Error>(number(&row, column)? == 1);
        uses.push(Use::Article {
            id: ArticleId(number(&row, "id")?),
            headline: text(&row, "headline")?,
            author: row.try_get("author_id")?,
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

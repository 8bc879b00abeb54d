//! Rows of fixed pages.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::attachment::{attachment, attachment_columns};
use super::media::{media, media_columns};
use super::{number, text};
use crate::clock::Millis;
use crate::content::newsroom::Step;
use crate::content::{Error, Html, Page, PageEntry, PageFields, PageShare, Slug};

pub(super) const IN_FOOTER: &str = "SELECT slug, title, position, in_footer, modified_at FROM page \
     WHERE in_footer = 1 ORDER BY position, slug LIMIT 20";
pub(super) const BY_SLUG: &str = "SELECT slug, title, position, in_footer, modified_at, version, share_title, \
     moments_title, share_text, body FROM page WHERE slug = $1";
pub(super) const PICTURES: &str = concat!(
    "SELECT ",
    media_columns!(),
    " FROM page_media JOIN media ON media.id = page_media.media_id WHERE page_media.page_slug = $1"
);

pub(super) const ATTACHMENTS: &str = concat!(
    "SELECT ",
    attachment_columns!(),
    " FROM page_media JOIN attachment ON attachment.id = page_media.media_id WHERE page_media.page_slug = $1"
);

/// The identity that a page has in the folder that it was imported from.
#[derive(Clone, Debug)]
pub(in crate::content) struct ImportedPage {
    pub(in crate::content) slug: Slug,
    pub(in crate::content) hash: String,
    pub(in crate::content) position: i64,
    pub(in crate::content) in_footer: bool,
}

fn slug(row: &AnyRow) -> Result<Slug, Error> {
    text(row, "slug")?.parse().map_err(|_not_a_slug| Error::Damaged("page"))
}

fn entry(row: &AnyRow) -> Result<PageEntry, Error> {
    Ok(PageEntry {
        slug: slug(row)?,
        title: text(row, "title")?,
        position: number(row, "position")?,
        in_footer: number(row, "in_footer")? == 1,
        modified: Millis(number(row, "modified_at")?),
    })
}

pub(in crate::content) async fn all(pool: &AnyPool) -> Result<Vec<PageEntry>, Error> {
    let rows = sqlx::query("SELECT slug, title, position, in_footer, modified_at FROM page ORDER BY position, slug")
        .fetch_all(pool)
        .await?;
    rows.iter().map(entry).collect()
}

pub(in crate::content) async fn in_footer(pool: &AnyPool) -> Result<Vec<PageEntry>, Error> {
    sqlx::query(IN_FOOTER).fetch_all(pool).await?.iter().map(entry).collect()
}

pub(in crate::content) async fn find(pool: &AnyPool, wanted: &Slug) -> Result<Page, Error> {
    let row = sqlx::query(BY_SLUG).bind(wanted.as_str()).fetch_optional(pool).await?.ok_or(Error::NotFound)?;
    let pictures = sqlx::query(PICTURES).bind(wanted.as_str()).fetch_all(pool).await?;
    let pictures = pictures.iter().filter_map(|row| media(row).transpose());
    let attachments = sqlx::query(ATTACHMENTS).bind(wanted.as_str()).fetch_all(pool).await?;
    let attachments = attachments.iter().map(attachment);
    let PageEntry { slug, title, position, in_footer, modified } = entry(&row)?;
    let share = PageShare {
        title: text(&row, "share_title")?,
        moments_title: text(&row, "moments_title")?,
        text: text(&row, "share_text")?,
    };
    Ok(Page {
        slug,
        fields: PageFields { title, body: Html::stored(text(&row, "body")?), position, in_footer, share },
        version: number(&row, "version")?,
        modified,
        attachments: attachments.map(|found| found.map(|found| (found.id.clone(), found))).collect::<Result<_, _>>()?,
        media: pictures.map(|media| media.map(|media| (media.id.clone(), media))).collect::<Result<_, _>>()?,
    })
}

/// One statement for both: what differs is what becomes of a page that is there.
macro_rules! write_page {
    ($otherwise:literal) => {
        concat!(
            "INSERT INTO page (slug, title, position, in_footer, modified_at, body, share_title, moments_title, \
             share_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (slug) ",
            $otherwise
        )
    };
}

/// Makes a page; false: there is one at this address, also if somebody else has made it a moment ago.
pub(in crate::content) async fn insert(
    connection: &mut AnyConnection,
    step: Step,
    slug: &Slug,
    fields: &PageFields,
) -> Result<bool, Error> {
    write(connection, write_page!("DO NOTHING"), step, (slug, fields)).await
}

/// Makes a page, or replaces the one that is there.
pub(in crate::content) async fn set(
    connection: &mut AnyConnection,
    step: Step,
    slug: &Slug,
    fields: &PageFields,
) -> Result<(), Error> {
    let statement = write_page!(
        "DO UPDATE SET title = excluded.title, position = excluded.position, in_footer = excluded.in_footer, \
         modified_at = excluded.modified_at, body = excluded.body, share_title = excluded.share_title, \
         moments_title = excluded.moments_title, share_text = excluded.share_text, version = page.version + 1"
    );
    write(connection, statement, step, (slug, fields)).await.map(drop)
}

async fn write(
    connection: &mut AnyConnection,
    statement: &'static str,
    step: Step,
    (slug, fields): (&Slug, &PageFields),
) -> Result<bool, Error> {
    let done = sqlx::query(statement)
        .bind(slug.as_str())
        .bind(&fields.title)
        .bind(fields.position)
        .bind(i64::from(fields.in_footer))
        .bind(step.now.0)
        .bind(fields.body.as_str())
        .bind(&fields.share.title)
        .bind(&fields.share.moments_title)
        .bind(&fields.share.text)
        .execute(&mut *connection)
        .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM page_media WHERE page_slug = $1").bind(slug.as_str()).execute(&mut *connection).await?;
    for picture in fields.body.media() {
        sqlx::query("INSERT INTO page_media (page_slug, media_id) VALUES ($1, $2)")
            .bind(slug.as_str())
            .bind(picture.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(true)
}

pub(in crate::content) async fn remove(connection: &mut AnyConnection, slug: &Slug) -> Result<bool, Error> {
    let done = sqlx::query("DELETE FROM page WHERE slug = $1").bind(slug.as_str()).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// The page's place, if it is still at `version`; nobody else changes it then until this transaction ends.
pub(in crate::content) async fn claim(
    connection: &mut AnyConnection,
    slug: &Slug,
    version: i64,
) -> Result<Option<i64>, Error> {
    let query = "UPDATE page SET version = version WHERE slug = $1 AND version = $2 RETURNING position";
    Ok(sqlx::query_scalar(query).bind(slug.as_str()).bind(version).fetch_optional(connection).await?)
}

/// Puts `slugs` first, in this order; those that it does not name follow as they were.
pub(in crate::content) async fn order(connection: &mut AnyConnection, slugs: &[Slug]) -> Result<(), Error> {
    let all: Vec<String> =
        sqlx::query_scalar("SELECT slug FROM page ORDER BY position, slug").fetch_all(&mut *connection).await?;
    let is_named = |slug: &str| slugs.iter().any(|named| named.as_str() == slug);
    let named = slugs.iter().map(Slug::as_str);
    let others = all.iter().map(String::as_str).filter(|slug| !is_named(slug));
    let mut places: Vec<(&str, i64)> = named.chain(others).zip(1_i64..).collect();
    // Rows are locked in everybody's order, so that two who sort at the same time do not wait in a circle.
    places.sort_unstable();
    for (slug, position) in places {
        sqlx::query("UPDATE page SET position = $2 WHERE slug = $1")
            .bind(slug)
            .bind(position)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The place after all others.
pub(in crate::content) async fn next_position(connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) + 1 FROM page").fetch_one(connection).await?)
}

/// Whether a fixed page has this address.
pub(in crate::content) async fn exists(connection: &mut AnyConnection, slug: &Slug) -> Result<bool, Error> {
    let title: Option<String> = sqlx::query_scalar("SELECT title FROM page WHERE slug = $1")
        .bind(slug.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(title.is_some())
}

pub(in crate::content) async fn imported(
    connection: &mut AnyConnection,
    external_id: &str,
) -> Result<Option<ImportedPage>, Error> {
    let row = sqlx::query("SELECT slug, import_hash, position, in_footer FROM page WHERE external_id = $1")
        .bind(external_id)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(ImportedPage {
        slug: slug(&row)?,
        hash: row.try_get::<Option<String>, _>("import_hash")?.unwrap_or_default(),
        position: number(&row, "position")?,
        in_footer: number(&row, "in_footer")? == 1,
    }))
}

pub(in crate::content) async fn set_imported(
    connection: &mut AnyConnection,
    slug: &Slug,
    external_id: &str,
    hash: &str,
) -> Result<(), Error> {
    sqlx::query("UPDATE page SET external_id = $2, import_hash = $3 WHERE slug = $1")
        .bind(slug.as_str())
        .bind(external_id)
        .bind(hash)
        .execute(connection)
        .await?;
    Ok(())
}

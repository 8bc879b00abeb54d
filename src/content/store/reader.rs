//! What readers ask for. Every list walks an index from a key; none scans.

use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::media::media;
use super::redirect::key;
use super::{correction, fields, joined_category, number, standing, taxonomy, text};
use crate::clock::Millis;
use crate::content::article::Live;
use crate::content::{ArticleId, ArticleKey, Error, Published, SitemapEntry, Summary};

macro_rules! published_query {
    ($condition:literal) => {
        concat!(
            "SELECT article.id, article.slug, article.live, article.first_published_at, article.published_at, \
             article.modified_at, article.withdrawn_at, article.withdrawal_notice, article.live_revision_id, \
             revision.headline, revision.standfirst, revision.summary, revision.byline, revision.source, \
             revision.editor, revision.share_title, revision.moments_title, revision.share_text, \
             revision.share_media_id, revision.lead_media_id, revision.category_id, revision.tags, revision.body, \
             category.id AS joined_category_id, category.slug AS joined_category_slug, \
             category.name AS joined_category_name \
             FROM article JOIN revision ON revision.id = article.live_revision_id \
             LEFT JOIN category ON category.id = article.category_id WHERE ",
            $condition
        )
    };
}

const BY_SLUG: &str = published_query!("article.slug = $1");
const BY_NUMBER: &str = published_query!("article.id = $1 AND article.slug IS NULL");
const SITEMAP: &str =
    "SELECT id, slug, modified_at FROM article WHERE live = 'published' AND id > $1 AND id <= $2 ORDER BY id";
/// The condition on the number has the database walk the key, from its end.
const LAST: &str = "SELECT id FROM article WHERE live = 'published' AND id > 0 ORDER BY id DESC LIMIT 1";

pub(in crate::content) async fn published(pool: &AnyPool, wanted: &ArticleKey) -> Result<Published, Error> {
    let query = match wanted {
        ArticleKey::Slug(slug) => sqlx::query(BY_SLUG).bind(slug.as_str()),
        ArticleKey::Number(id) => sqlx::query(BY_NUMBER).bind(id.0),
    };
    let row = query.fetch_optional(pool).await?.ok_or(Error::NotFound)?;
    match standing::live(&row)? {
        Live::None => return Err(Error::NotFound),
        Live::Withdrawn => {
            let at = Millis(number(&row, "withdrawn_at")?);
            return Err(Error::Withdrawn { at, notice: text(&row, "withdrawal_notice")? });
        }
        Live::Published => {}
    }
    let id = ArticleId(number(&row, "id")?);
    let revision = number(&row, "live_revision_id")?;
    let pictures = super::media::of_revision(pool, revision).await?;
    let mut written = fields(&row)?;
    // Few articles have any; the others are not worth a question.
    let has_attachments = !written.body.attachments().is_empty();
    let attachments = if has_attachments { super::attachment::of_revision(pool, revision).await? } else { Vec::new() };
    written.tags = taxonomy::live_tags(pool, id).await?;
    Ok(Published {
        id,
        key: key(row.try_get("slug")?, id.0)?,
        fields: written,
        category: joined_category(&row)?,
        times: standing::times(&row)?.ok_or(Error::Damaged("article"))?,
        corrections: correction::of(pool, id).await?,
        media: pictures.into_iter().map(|media| (media.id.clone(), media)).collect(),
        attachments: attachments.into_iter().map(|attachment| (attachment.id.clone(), attachment)).collect(),
    })
}

/// Rows that [`summary`] reads; only of published articles, whatever else the tables say.
macro_rules! summary_query {
    ($from:literal, $condition:literal) => {
        concat!(
            "SELECT article.id, article.slug, article.published_at, article.pinned, revision.headline, \
             revision.summary, revision.byline, revision.source, category.id AS joined_category_id, \
             category.slug AS joined_category_slug, category.name AS joined_category_name, ",
            $crate::content::store::media::media_columns!(),
            " FROM ",
            $from,
            " JOIN revision ON revision.id = article.live_revision_id \
             LEFT JOIN category ON category.id = article.category_id \
             LEFT JOIN media ON media.id = article.list_media_id WHERE article.live = 'published' AND ",
            $condition
        )
    };
}
pub(super) use summary_query;

pub(super) fn summary(row: &AnyRow) -> Result<Summary, Error> {
    let id = ArticleId(number(row, "id")?);
    Ok(Summary {
        id,
        key: key(row.try_get("slug")?, id.0)?,
        headline: text(row, "headline")?,
        summary: text(row, "summary")?,
        byline: text(row, "byline")?,
        source: text(row, "source")?,
        category: joined_category(row)?,
        picture: media(row)?,
        pinned: number(row, "pinned")? == 1,
        published: Millis(number(row, "published_at")?),
    })
}

/// The published article with the highest number.
pub(in crate::content) async fn last(pool: &AnyPool) -> Result<Option<ArticleId>, Error> {
    Ok(sqlx::query_scalar(LAST).fetch_optional(pool).await?.map(ArticleId))
}

pub(in crate::content) async fn sitemap(
    pool: &AnyPool,
    (after, through): (ArticleId, ArticleId),
) -> Result<Vec<SitemapEntry>, Error> {
    let rows = sqlx::query(SITEMAP).bind(after.0).bind(through.0).fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let id = number(row, "id")?;
            let modified = Millis(number(row, "modified_at")?);
            Ok(SitemapEntry { id: ArticleId(id), key: key(row.try_get::<Option<String>, _>("slug")?, id)?, modified })
        })
        .collect()
}

#[cfg(test)]
mod tests;

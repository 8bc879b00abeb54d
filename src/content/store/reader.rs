//! What readers ask for. Every list walks an index from a key; none scans.

use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};

use super::media::{media, media_columns};
use super::redirect::key;
use super::{article, fields, joined_category, number, taxonomy, text};
use crate::clock::Millis;
use crate::content::article::Live;
use crate::content::{ArticleId, ArticleKey, Cursor, Error, Filter, List, Newer, Published, SitemapEntry, Summary};

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
    "SELECT id, slug, modified_at FROM article WHERE live = 'published' AND id > $1 ORDER BY id LIMIT $2";

pub(in crate::content) async fn published(pool: &AnyPool, wanted: &ArticleKey) -> Result<Published, Error> {
    let query = match wanted {
        ArticleKey::Slug(slug) => sqlx::query(BY_SLUG).bind(slug.as_str()),
        ArticleKey::Number(id) => sqlx::query(BY_NUMBER).bind(id.0),
    };
    let row = query.fetch_optional(pool).await?.ok_or(Error::NotFound)?;
    match article::live(&row)? {
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
        times: article::times(&row)?.ok_or(Error::Damaged("article"))?,
        media: pictures.into_iter().map(|media| (media.id.clone(), media)).collect(),
        attachments: attachments.into_iter().map(|attachment| (attachment.id.clone(), attachment)).collect(),
    })
}

macro_rules! list_query {
    ($from:literal, $condition:literal) => {
        concat!(
            "SELECT article.id, article.slug, article.published_at, article.pinned, revision.headline, \
             revision.summary, revision.byline, revision.source, category.id AS joined_category_id, \
             category.slug AS joined_category_slug, category.name AS joined_category_name, ",
            media_columns!(),
            " FROM ",
            $from,
            " JOIN revision ON revision.id = article.live_revision_id \
             LEFT JOIN category ON category.id = article.category_id \
             LEFT JOIN media ON media.id = article.list_media_id WHERE article.live = 'published' AND ",
            $condition,
            " LIMIT $3"
        )
    };
}

/// The statements of one kind of list; `$4` is the number of the category or tag.
struct ListQueries {
    /// The rows of a page.
    older: &'static str,
    /// The keys of the page before it, nearest first.
    newer: &'static str,
}

const ALL: ListQueries = ListQueries {
    older: list_query!(
        "article",
        "(article.published_at, article.id) < ($1, $2) ORDER BY article.published_at DESC, article.id DESC"
    ),
    newer: "SELECT published_at, id FROM article WHERE live = 'published' AND (published_at, id) >= ($1, $2) \
            ORDER BY published_at, id LIMIT $3",
};

const CATEGORY: ListQueries = ListQueries {
    older: list_query!(
        "article",
        "article.category_id = $4 AND (article.published_at, article.id) < ($1, $2) \
         ORDER BY article.published_at DESC, article.id DESC"
    ),
    newer: "SELECT published_at, id FROM article WHERE live = 'published' AND category_id = $4 \
            AND (published_at, id) >= ($1, $2) ORDER BY published_at, id LIMIT $3",
};

const TAG: ListQueries = ListQueries {
    older: list_query!(
        "article_tag JOIN article ON article.id = article_tag.article_id",
        "article_tag.tag_id = $4 AND (article_tag.published_at, article_tag.article_id) < ($1, $2) \
         ORDER BY article_tag.published_at DESC, article_tag.article_id DESC"
    ),
    newer: "SELECT published_at, article_id AS id FROM article_tag WHERE tag_id = $4 \
            AND (published_at, article_id) >= ($1, $2) ORDER BY published_at, article_id LIMIT $3",
};

pub(in crate::content) async fn latest(
    pool: &AnyPool,
    filter: &Filter,
    before: Option<Cursor>,
    limit: u16,
) -> Result<List, Error> {
    let (queries, of) = match filter {
        Filter::All => (ALL, None),
        Filter::Category(slug) => (CATEGORY, Some(taxonomy::category(pool, slug).await?.ok_or(Error::NotFound)?.id)),
        Filter::Tag(name) => (TAG, Some(taxonomy::tag(pool, name).await?.ok_or(Error::NotFound)?.0)),
    };
    let end = Cursor { published: Millis(i64::MAX), id: ArticleId(i64::MAX) };
    let limit = usize::from(limit.max(1));
    // One row more than a page tells whether there is another page.
    let rows = rows(pool, queries.older, before.unwrap_or(end), (limit, of)).await?;
    let items = rows.iter().take(limit).map(summary).collect::<Result<Vec<_>, _>>()?;
    let older = if rows.len() > limit { items.last().map(Summary::cursor) } else { None };
    let newer = match before {
        None => None,
        Some(before) => newer(&self::rows(pool, queries.newer, before, (limit, of)).await?, limit)?,
    };
    Ok(List { items, older, newer })
}

async fn rows(
    pool: &AnyPool,
    query: &'static str,
    from: Cursor,
    (limit, of): (usize, Option<i64>),
) -> Result<Vec<AnyRow>, Error> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let query = sqlx::query(query).bind(from.published.0).bind(from.id.0).bind(limit);
    let query = match of {
        Some(id) => query.bind(id),
        None => query,
    };
    Ok(query.fetch_all(pool).await?)
}

/// Where the page before this one begins, from the keys that lie before it, nearest first.
fn newer(keys: &[AnyRow], limit: usize) -> Result<Option<Newer>, Error> {
    if keys.is_empty() {
        return Ok(None);
    }
    let Some(row) = keys.get(limit) else { return Ok(Some(Newer::FirstPage)) };
    let cursor = Cursor { published: Millis(number(row, "published_at")?), id: ArticleId(number(row, "id")?) };
    Ok(Some(Newer::Before(cursor)))
}

fn summary(row: &AnyRow) -> Result<Summary, Error> {
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

pub(in crate::content) async fn sitemap(
    pool: &AnyPool,
    after: Option<ArticleId>,
    limit: u16,
) -> Result<Vec<SitemapEntry>, Error> {
    let rows = sqlx::query(SITEMAP).bind(after.map_or(0, |id| id.0)).bind(i64::from(limit)).fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let id = number(row, "id")?;
            let modified = Millis(number(row, "modified_at")?);
            Ok(SitemapEntry { id: ArticleId(id), key: key(row.try_get::<Option<String>, _>("slug")?, id)?, modified })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DatabaseUrl;
    use crate::db::Db;

    /// On SQLite, whose plan depends on the schema alone; PostgreSQL scans small tables by choice.
    #[tokio::test]
    async fn no_question_of_a_reader_scans_or_sorts_a_table() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap();
        let lists = [ALL, CATEGORY, TAG].into_iter().flat_map(|queries| [queries.older, queries.newer]);

        for query in lists.chain([BY_SLUG, BY_NUMBER, SITEMAP, super::super::attachment::OF_REVISION]) {
            let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
            let rows = sqlx::query(plan).fetch_all(db.read()).await.unwrap();
            let steps: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
            assert!(!steps.is_empty());
            for step in &steps {
                assert!(!step.starts_with("SCAN") && !step.contains("TEMP B-TREE"), "{query}: {steps:#?}");
            }
        }
    }
}

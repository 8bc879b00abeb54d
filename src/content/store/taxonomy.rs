//! Rows of categories and tags.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool};

use super::{number, sections, text};
use crate::clock::Millis;
use crate::content::article::{folded, one_line};
use crate::content::category::slug_wishes;
use crate::content::{ArticleId, Category, Error, Slug};

pub(super) fn category_in(row: &AnyRow) -> Result<Category, Error> {
    let slug = text(row, "slug")?.parse().map_err(|_not_a_slug| Error::Damaged("category slug"))?;
    Ok(Category { id: number(row, "id")?, slug, name: text(row, "name")? })
}

pub(in crate::content) async fn categories(pool: &AnyPool) -> Result<Vec<Category>, Error> {
    let rows = sqlx::query(
        "SELECT id, slug, name FROM category WHERE removed_at IS NULL AND EXISTS \
         (SELECT 1 FROM article WHERE article.live = 'published' AND article.category_id = category.id) \
         ORDER BY position, id",
    )
    .fetch_all(pool)
    .await?;
    rows.iter().map(category_in).collect()
}

pub(in crate::content) async fn category(pool: &AnyPool, slug: &Slug) -> Result<Option<Category>, Error> {
    let row = sqlx::query("SELECT id, slug, name FROM category WHERE slug = $1 AND removed_at IS NULL")
        .bind(slug.as_str())
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(category_in).transpose()
}

/// More numbers than there are categories anywhere.
const MOST_WISHES: usize = 10_000;

/// The category with this name, made if there is none.
pub(in crate::content) async fn ensure_category(
    connection: &mut AnyConnection,
    name: &str,
    now: Millis,
) -> Result<i64, Error> {
    let folded = folded(name);
    let known: Option<i64> = sqlx::query_scalar("SELECT id FROM category WHERE folded = $1")
        .bind(&folded)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(known) = known
        && let Some(current) = sections::current(connection, known).await?
    {
        return Ok(current);
    }
    sections::release(connection, &folded, None).await?;
    let last: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM category").fetch_one(&mut *connection).await?;
    // Removed categories keep their addresses, and nobody counts them.
    for slug in (last + 1..).take(MOST_WISHES).flat_map(|number| slug_wishes(name, number)) {
        let made: Option<i64> = sqlx::query_scalar(
            "INSERT INTO category (slug, name, folded, position, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (slug) DO NOTHING RETURNING id",
        )
        .bind(slug.as_str())
        .bind(one_line(name))
        .bind(&folded)
        .bind(last + 1)
        .bind(now.0)
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(id) = made {
            return Ok(id);
        }
    }
    Err(Error::Damaged("order of categories"))
}

/// The tag with a name, or the one that it was merged into.
pub(super) const TAG: &str = "SELECT target.id, target.name FROM tag \
     JOIN tag AS target ON target.id = COALESCE(tag.merged_into, tag.id) WHERE tag.folded = $1";

/// A tag's number and its name as the site writes it.
pub(in crate::content) async fn tag(pool: &AnyPool, name: &str) -> Result<Option<(i64, String)>, Error> {
    let row = sqlx::query(TAG).bind(folded(name)).fetch_optional(pool).await?;
    row.map(|row| Ok((number(&row, "id")?, text(&row, "name")?))).transpose()
}

/// The names of a published article's tags, in the editors' order.
pub(super) async fn live_tags(pool: &AnyPool, id: ArticleId) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar(
        "SELECT tag.name FROM article_tag JOIN tag ON tag.id = article_tag.tag_id \
         WHERE article_tag.article_id = $1 ORDER BY article_tag.position",
    )
    .bind(id.0)
    .fetch_all(pool)
    .await?)
}

/// Replaces the tags by which readers find an article; none: they find it by none.
pub(in crate::content) async fn set_live_tags(
    connection: &mut AnyConnection,
    id: ArticleId,
    tags: Option<(&[String], Millis, Millis)>,
) -> Result<(), Error> {
    let mut wanted = Vec::new();
    if let Some((names, _, now)) = tags {
        let mut named: Vec<_> =
            names.iter().zip(0_i64..).map(|(name, position)| (folded(name), name, position)).collect();
        // Whoever locks several tags does so in this order, before anything else of theirs, so that nobody waits in a
        // circle.
        named.sort_unstable();
        for (folded, name, position) in named {
            wanted.push((position, ensure_tag(connection, (name, &folded), now).await?));
        }
        wanted.sort_unstable();
    }
    sqlx::query("DELETE FROM article_tag WHERE article_id = $1").bind(id.0).execute(&mut *connection).await?;
    let Some((_, published, _)) = tags else { return Ok(()) };
    for (position, tag) in wanted {
        sqlx::query(
            "INSERT INTO article_tag (tag_id, published_at, article_id, position) \
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(tag)
        .bind(published.0)
        .bind(id.0)
        .bind(position)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// The tag with this name, made if there is none; a name of former times means the tag that it was merged into. Nobody
/// else changes its row until the transaction ends. What is written as it is must not be part of a key: rows that name
/// the tag could not be made beside it.
async fn ensure_tag(connection: &mut AnyConnection, (name, folded): (&str, &str), now: Millis) -> Result<i64, Error> {
    let query = "INSERT INTO tag (name, folded, created_at) VALUES ($1, $2, $3) ON CONFLICT (folded) \
                 DO UPDATE SET created_at = tag.created_at RETURNING COALESCE(tag.merged_into, tag.id)";
    let query = sqlx::query_scalar(query).bind(name).bind(folded).bind(now.0);
    Ok(query.fetch_one(connection).await?)
}

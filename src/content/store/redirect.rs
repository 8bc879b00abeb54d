//! Addresses of former times.

use sqlx::{AnyConnection, AnyPool, Row as _};

use super::{containing, text};
use crate::clock::Millis;
use crate::content::redirects::Redirect;
use crate::content::slug::IN_LINK;
use crate::content::{ArticleId, ArticleKey, Error, Lookup, SitePath, Slug};

pub(in crate::content) async fn find(pool: &AnyPool, path: &SitePath) -> Result<Lookup, Error> {
    let row = sqlx::query(
        "SELECT redirect.target, article.id, article.slug, article.live \
         FROM redirect LEFT JOIN article ON article.id = redirect.article_id WHERE redirect.path = $1",
    )
    .bind(path.as_str())
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return number_of_slugged(pool, path).await };
    if let Some(target) = row.try_get::<Option<String>, _>("target")? {
        return Ok(Lookup::Path(target));
    }
    if text(&row, "live")? == "none" {
        return Ok(Lookup::Nothing);
    }
    key(row.try_get("slug")?, row.try_get("id")?).map(Lookup::Article)
}

/// The number of an article with a slug is an address of it, too, though nobody may have seen it.
async fn number_of_slugged(pool: &AnyPool, path: &SitePath) -> Result<Lookup, Error> {
    let key_part = path.as_str().strip_prefix("/articles/").and_then(|key| key.parse().ok());
    let Some(ArticleKey::Number(id)) = key_part else { return Ok(Lookup::Nothing) };
    let slug: Option<Option<String>> = sqlx::query_scalar("SELECT slug FROM article WHERE id = $1 AND live <> 'none'")
        .bind(id.0)
        .fetch_optional(pool)
        .await?;
    slug.map_or(Ok(Lookup::Nothing), |slug| key(slug, id.0).map(Lookup::Article))
}

pub(super) fn key(slug: Option<String>, id: i64) -> Result<ArticleKey, Error> {
    let slug = slug.map(|slug| slug.parse::<Slug>().map_err(|_not_a_slug| Error::Damaged("slug"))).transpose()?;
    Ok(ArticleKey::of(slug, ArticleId(id)))
}

/// The article that a path leads to; `Some(None)`: it leads to another path.
pub(in crate::content) async fn owner(
    connection: &mut AnyConnection,
    path: &SitePath,
) -> Result<Option<Option<ArticleId>>, Error> {
    let owner: Option<Option<i64>> = sqlx::query_scalar("SELECT article_id FROM redirect WHERE path = $1")
        .bind(path.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(owner.map(|id| id.map(ArticleId)))
}

/// Makes a path lead to an article, wherever it led before: while nobody could read the article at its own address, a
/// redirect may have had that.
pub(in crate::content) async fn insert(
    connection: &mut AnyConnection,
    path: &SitePath,
    id: ArticleId,
    now: Millis,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO redirect (path, article_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (path) DO UPDATE SET article_id = excluded.article_id, target = NULL",
    )
    .bind(path.as_str())
    .bind(id.0)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes a path lead to another one for ever, unless it leads somewhere already.
pub(in crate::content) async fn insert_to(
    connection: &mut AnyConnection,
    path: &SitePath,
    target: &SitePath,
    now: Millis,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "INSERT INTO redirect (path, target, created_at) VALUES ($1, $2, $3) ON CONFLICT (path) DO NOTHING",
    )
    .bind(path.as_str())
    .bind(target.as_str())
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The path that a path leads to, if it leads to one.
pub(in crate::content) async fn target(
    connection: &mut AnyConnection,
    path: &SitePath,
) -> Result<Option<String>, Error> {
    let target: Option<Option<String>> = sqlx::query_scalar("SELECT target FROM redirect WHERE path = $1")
        .bind(path.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(target.flatten())
}

/// Makes `old` lead to `target` for ever, also over what led to `old` before, and frees `target` itself, which is an
/// address again.
pub(in crate::content) async fn move_to(
    connection: &mut AnyConnection,
    (old, target): (&SitePath, &SitePath),
    now: Millis,
) -> Result<(), Error> {
    remove(connection, target).await?;
    remove(connection, old).await?;
    move_all(connection, old, &target.encoded()).await?;
    set_target(connection, old, &target.encoded(), now).await
}

/// Makes all that leads to `old` lead to `target` at once: nobody is sent from one old address to another.
pub(in crate::content) async fn move_all(
    connection: &mut AnyConnection,
    old: &SitePath,
    target: &str,
) -> Result<(), Error> {
    sqlx::query("UPDATE redirect SET target = $2 WHERE target = $1")
        .bind(old.encoded())
        .bind(target)
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes a path that leads nowhere lead to an address, as it stands in a link.
pub(in crate::content) async fn set_target(
    connection: &mut AnyConnection,
    path: &SitePath,
    target: &str,
    now: Millis,
) -> Result<(), Error> {
    sqlx::query("INSERT INTO redirect (path, target, created_at) VALUES ($1, $2, $3)")
        .bind(path.as_str())
        .bind(target)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) const ALL: &str = "SELECT redirect.path, redirect.target, redirect.created_at, article.id, article.slug \
     FROM redirect LEFT JOIN article ON article.id = redirect.article_id \
     WHERE redirect.path > $1 AND ($3 = '%%' OR lower(redirect.path) LIKE lower($3) ESCAPE '\\' \
     OR lower(redirect.target) LIKE lower($4) ESCAPE '\\' OR article.slug LIKE lower($3) ESCAPE '\\') \
     ORDER BY redirect.path LIMIT $2";

/// Redirects whose paths come after `after` and of which one of the two addresses holds `contains`, by path.
pub(in crate::content) async fn list(
    pool: &AnyPool,
    contains: &str,
    (after, limit): (&str, u16),
) -> Result<Vec<Redirect>, Error> {
    // Targets are stored as they stand in a link.
    let encoded = percent_encoding::utf8_percent_encode(contains, IN_LINK).to_string();
    let query =
        sqlx::query(ALL).bind(after).bind(i64::from(limit)).bind(containing(contains)).bind(containing(&encoded));
    let rows = query.fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let target = match (row.try_get::<Option<String>, _>("target")?, row.try_get::<Option<i64>, _>("id")?) {
                (Some(target), _) => Lookup::Path(target),
                (None, Some(id)) => Lookup::Article(key(row.try_get("slug")?, id)?),
                (None, None) => Lookup::Nothing,
            };
            let path = text(row, "path")?.parse().map_err(|_not_a_path| Error::Damaged("redirect"))?;
            Ok(Redirect { path, target, since: Millis(super::number(row, "created_at")?) })
        })
        .collect()
}

/// Removes all redirects to a path that is no more.
pub(in crate::content) async fn remove_to(connection: &mut AnyConnection, target: &SitePath) -> Result<(), Error> {
    sqlx::query("DELETE FROM redirect WHERE target = $1").bind(target.as_str()).execute(connection).await?;
    Ok(())
}

pub(in crate::content) async fn remove(connection: &mut AnyConnection, path: &SitePath) -> Result<(), Error> {
    sqlx::query("DELETE FROM redirect WHERE path = $1").bind(path.as_str()).execute(connection).await?;
    Ok(())
}

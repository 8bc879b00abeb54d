//! Rows of categories as editors change them. One that is gone keeps its row, because revisions name it for ever.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool};

use super::{number, taxonomy};
use crate::clock::Millis;
use crate::content::sections::Section;
use crate::content::{Category, Error, Slug};

pub(super) const ALL: &str = "SELECT id, slug, name, \
     (SELECT COUNT(*) FROM article WHERE desk_category_id = category.id AND discarded_at IS NULL) AS articles, \
     (SELECT COUNT(*) FROM article WHERE category_id = category.id AND live = 'published') AS published \
     FROM category WHERE removed_at IS NULL ORDER BY position, id";

/// Every category, in the order that editors gave them.
pub(in crate::content) async fn all(pool: &AnyPool) -> Result<Vec<Section>, Error> {
    let section = |row: &AnyRow| {
        Ok(Section {
            category: taxonomy::category_in(row)?,
            articles: number(row, "articles")?,
            published: number(row, "published")?,
        })
    };
    sqlx::query(ALL).fetch_all(pool).await?.iter().map(section).collect()
}

pub(in crate::content) async fn find(connection: &mut AnyConnection, id: i64) -> Result<Category, Error> {
    let row = sqlx::query("SELECT id, slug, name FROM category WHERE id = $1 AND removed_at IS NULL")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    taxonomy::category_in(&row.ok_or(Error::NotFound)?)
}

/// The same, held until the transaction ends: nobody puts a text into it, deletes or merges it meanwhile. Whoever holds
/// categories does so before any article, so that nobody waits in a circle.
pub(in crate::content) async fn hold(connection: &mut AnyConnection, id: i64) -> Result<Category, Error> {
    let query = "UPDATE category SET name = name WHERE id = $1 AND removed_at IS NULL RETURNING id, slug, name";
    let row = sqlx::query(query).bind(id).fetch_optional(connection).await?;
    taxonomy::category_in(&row.ok_or(Error::NotFound)?)
}

/// [`current`], held until the transaction ends.
pub(in crate::content) async fn hold_current(connection: &mut AnyConnection, id: i64) -> Result<Option<i64>, Error> {
    let mut found = current(connection, id).await?;
    while let Some(target) = found {
        match hold(connection, target).await {
            Ok(_category) => break,
            // Whoever held it has deleted it, or made it part of another.
            Err(Error::NotFound) => found = current(connection, id).await?,
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The category that a text with category `id` is in now.
pub(in crate::content) async fn current(connection: &mut AnyConnection, id: i64) -> Result<Option<i64>, Error> {
    let query = "SELECT target.id FROM category JOIN category AS target \
                 ON target.id = COALESCE(category.merged_into, category.id) \
                 WHERE category.id = $1 AND target.removed_at IS NULL";
    Ok(sqlx::query_scalar(query).bind(id).fetch_optional(connection).await?)
}

/// Whether a category that is there has this name or address, other than `except`.
pub(in crate::content) async fn is_taken(
    connection: &mut AnyConnection,
    (folded, slug): (&str, Option<&Slug>),
    except: i64,
) -> Result<(bool, bool), Error> {
    let by_name: Option<i64> =
        sqlx::query_scalar("SELECT id FROM category WHERE folded = $1 AND id <> $2 AND removed_at IS NULL")
            .bind(folded)
            .bind(except)
            .fetch_optional(&mut *connection)
            .await?;
    let by_slug: Option<i64> =
        sqlx::query_scalar("SELECT id FROM category WHERE slug = $1 AND id <> $2 AND removed_at IS NULL")
            .bind(slug.map_or("", Slug::as_str))
            .bind(except)
            .fetch_optional(connection)
            .await?;
    Ok((by_name.is_some(), by_slug.is_some()))
}

/// Frees the name and the address of a category that is gone, for another one. White space never folds to itself, so
/// nothing else can have such a name.
pub(in crate::content) async fn release(
    connection: &mut AnyConnection,
    folded: &str,
    slug: Option<&Slug>,
) -> Result<(), Error> {
    sqlx::query("UPDATE category SET folded = ' ' || id WHERE folded = $1 AND removed_at IS NOT NULL")
        .bind(folded)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE category SET slug = 'removed-category-' || id WHERE slug = $1 AND removed_at IS NOT NULL")
        .bind(slug.map_or("", Slug::as_str))
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::content) async fn rename(
    connection: &mut AnyConnection,
    category: &Category,
    folded: &str,
) -> Result<(), Error> {
    sqlx::query("UPDATE category SET name = $2, folded = $3, slug = $4 WHERE id = $1")
        .bind(category.id)
        .bind(&category.name)
        .bind(folded)
        .bind(category.slug.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts `ids` first, in this order; those that it does not name follow as they were.
pub(in crate::content) async fn order(connection: &mut AnyConnection, ids: &[i64]) -> Result<(), Error> {
    let all: Vec<i64> = sqlx::query_scalar("SELECT id FROM category WHERE removed_at IS NULL ORDER BY position, id")
        .fetch_all(&mut *connection)
        .await?;
    let named = ids.iter().filter(|id| all.contains(id));
    let others = all.iter().filter(|id| !ids.contains(id));
    let mut places: Vec<(&i64, i64)> = named.chain(others).zip(1_i64..).collect();
    // Rows are locked in everybody's order, so that two who sort at the same time do not wait in a circle.
    places.sort_unstable();
    for (id, position) in places {
        sqlx::query("UPDATE category SET position = $2 WHERE id = $1")
            .bind(id)
            .bind(position)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Moves every article of one category into another, and makes all that still names the one mean the other.
pub(in crate::content) async fn merge(
    connection: &mut AnyConnection,
    (from, into): (i64, i64),
    now: Millis,
) -> Result<(), Error> {
    for statement in [
        // The desk's first: it waits for whoever is publishing from it, and the next statement sees what they did.
        "UPDATE article SET desk_category_id = $2 WHERE desk_category_id = $1",
        "UPDATE article SET category_id = $2 WHERE category_id = $1",
        "UPDATE working_copy SET category_id = $2 WHERE category_id = $1",
        "UPDATE category SET merged_into = $2 WHERE merged_into = $1",
        "UPDATE category SET merged_into = $2 WHERE id = $1",
    ] {
        sqlx::query(statement).bind(from).bind(into).execute(&mut *connection).await?;
    }
    remove(connection, from, now).await
}

/// The articles that are in it, for readers or on the desk; those in the bin count, because they may come back.
pub(in crate::content) async fn count(connection: &mut AnyConnection, id: i64) -> Result<i64, Error> {
    let query = "SELECT (SELECT COUNT(*) FROM article WHERE desk_category_id = $1) \
                 + (SELECT COUNT(*) FROM article WHERE category_id = $1 AND desk_category_id IS DISTINCT FROM $1)";
    Ok(sqlx::query_scalar(query).bind(id).fetch_one(connection).await?)
}

pub(in crate::content) async fn remove(connection: &mut AnyConnection, id: i64, now: Millis) -> Result<(), Error> {
    sqlx::query("UPDATE category SET removed_at = $2 WHERE id = $1").bind(id).bind(now.0).execute(connection).await?;
    Ok(())
}

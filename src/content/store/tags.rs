//! Rows of tags as editors change them. A name that a tag had once keeps a row that means the tag it became part of, so
//! texts that still hold the old name need not be touched.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool};

use super::{containing, number, text};
use crate::clock::Millis;
use crate::content::Error;
use crate::content::tags::Tag;

pub(super) const ALL: &str = "SELECT id, name, folded, \
     (SELECT COUNT(*) FROM article_tag WHERE article_tag.tag_id = tag.id) AS published \
     FROM tag WHERE merged_into IS NULL AND folded > $1 AND ($3 = '%%' OR folded LIKE $3 ESCAPE '\\') \
     ORDER BY folded LIMIT $2";

/// Tags whose folded names come after `after`, by name.
pub(in crate::content) async fn all(
    pool: &AnyPool,
    (after, limit): (&str, u16),
    contains: &str,
) -> Result<Vec<Tag>, Error> {
    let query = sqlx::query(ALL).bind(after).bind(i64::from(limit)).bind(containing(contains));
    query.fetch_all(pool).await?.iter().map(tag).collect()
}

fn tag(row: &AnyRow) -> Result<Tag, Error> {
    Ok(Tag { id: number(row, "id")?, name: text(row, "name")?, published: number(row, "published")? })
}

pub(in crate::content) async fn find(connection: &mut AnyConnection, id: i64) -> Result<Tag, Error> {
    let query = "SELECT id, name, (SELECT COUNT(*) FROM article_tag WHERE article_tag.tag_id = tag.id) AS published \
                 FROM tag WHERE id = $1 AND merged_into IS NULL";
    let row = sqlx::query(query).bind(id).fetch_optional(connection).await?;
    tag(&row.ok_or(Error::NotFound)?)
}

/// The tag with this name, if it is not the name of former times of one.
pub(in crate::content) async fn owner(connection: &mut AnyConnection, folded: &str) -> Result<Option<i64>, Error> {
    let query = "SELECT id FROM tag WHERE folded = $1 AND merged_into IS NULL";
    Ok(sqlx::query_scalar(query).bind(folded).fetch_optional(connection).await?)
}

/// Locks the tags with these names, with all the names that mean them, as long as the transaction lasts: in the order
/// in which what goes out locks its tags, so that nobody waits in a circle.
pub(in crate::content) async fn hold(connection: &mut AnyConnection, folded: &[&str]) -> Result<(), Error> {
    let mut all = Vec::new();
    for name in folded {
        let query = "SELECT folded FROM tag WHERE folded = $1 \
                     OR merged_into = (SELECT COALESCE(merged_into, id) FROM tag WHERE folded = $1)";
        let names: Vec<String> = sqlx::query_scalar(query).bind(*name).fetch_all(&mut *connection).await?;
        all.extend(names);
    }
    all.sort_unstable();
    all.dedup();
    for name in all {
        sqlx::query("UPDATE tag SET created_at = created_at WHERE folded = $1")
            .bind(name)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Gives a tag another name; the one that it had means it from now on.
pub(in crate::content) async fn rename(
    connection: &mut AnyConnection,
    id: i64,
    (old, new): ((&str, &str), (&str, &str)),
    now: Millis,
) -> Result<(), Error> {
    let ((old_name, old_folded), (name, folded)) = (old, new);
    sqlx::query("DELETE FROM tag WHERE folded = $1 AND merged_into IS NOT NULL")
        .bind(folded)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE tag SET name = $2, folded = $3 WHERE id = $1")
        .bind(id)
        .bind(name)
        .bind(folded)
        .execute(&mut *connection)
        .await?;
    if old_folded != folded {
        sqlx::query("INSERT INTO tag (name, folded, created_at, merged_into) VALUES ($1, $2, $3, $4)")
            .bind(old_name)
            .bind(old_folded)
            .bind(now.0)
            .bind(id)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Makes one tag part of another.
pub(in crate::content) async fn merge(connection: &mut AnyConnection, from: i64, into: i64) -> Result<(), Error> {
    for statement in [
        "UPDATE article_tag SET tag_id = $2 WHERE tag_id = $1 AND NOT EXISTS \
         (SELECT 1 FROM article_tag AS other WHERE other.tag_id = $2 AND other.article_id = article_tag.article_id)",
        "UPDATE tag SET merged_into = $2 WHERE merged_into = $1 OR id = $1",
    ] {
        sqlx::query(statement).bind(from).bind(into).execute(&mut *connection).await?;
    }
    sqlx::query("DELETE FROM article_tag WHERE tag_id = $1").bind(from).execute(connection).await?;
    Ok(())
}

//! Who has an article open.

use sqlx::{AnyConnection, AnyExecutor};

use super::number;
use crate::clock::Millis;
use crate::content::newsroom::Presence;
use crate::content::{ArticleId, Error};

/// Says that a member has the article open now, and forgets who has not said so since `expired`. False: there is no
/// such article.
pub(in crate::content) async fn note(
    connection: &mut AnyConnection,
    (id, member): (ArticleId, i64),
    (now, expired): (Millis, Millis),
) -> Result<bool, Error> {
    sqlx::query("DELETE FROM editing WHERE article_id = $1 AND (seen_at <= $2 OR seen_at > $3)")
        .bind(id.0)
        .bind(expired.0)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    let done = sqlx::query(
        "INSERT INTO editing (article_id, member_id, seen_at) SELECT id, $2, $3 FROM article WHERE id = $1 \
         ON CONFLICT (article_id, member_id) DO UPDATE SET seen_at = excluded.seen_at",
    )
    .bind(id.0)
    .bind(member)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::content) async fn forget(
    connection: &mut AnyConnection,
    id: ArticleId,
    member: i64,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM editing WHERE article_id = $1 AND member_id = $2")
        .bind(id.0)
        .bind(member)
        .execute(connection)
        .await?;
    Ok(())
}

const OTHERS: &str = "SELECT member_id, seen_at FROM editing WHERE article_id = $1 AND member_id <> $2 \
     AND seen_at > $3 AND seen_at <= $4 ORDER BY member_id";

/// Everybody but `member` who has said so since `expired`.
pub(in crate::content) async fn others(
    executor: impl AnyExecutor<'_>,
    (id, member): (ArticleId, i64),
    (now, expired): (Millis, Millis),
) -> Result<Vec<Presence>, Error> {
    let query = sqlx::query(OTHERS).bind(id.0).bind(member).bind(expired.0).bind(now.0);
    let rows = query.fetch_all(executor).await?;
    rows.iter()
        .map(|row| Ok(Presence { member: number(row, "member_id")?, seen: Millis(number(row, "seen_at")?) }))
        .collect()
}

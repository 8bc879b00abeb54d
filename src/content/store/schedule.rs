//! What is to happen by itself: finding it, and claiming it so that it happens once.

use sqlx::{AnyConnection, AnyPool, Row as _};

use super::{article, number};
use crate::clock::Millis;
use crate::content::newsroom::{Due, Plan};
use crate::content::{ArticleId, Error};

/// `$2` is the moment since which nothing is tried again, unless the clock was set back behind the failure.
macro_rules! due_query {
    ($column:literal, $condition:literal) => {
        concat!(
            "SELECT id, ",
            $column,
            " AS planned FROM article WHERE ",
            $column,
            " <= $1",
            $condition,
            " AND (clock_failed_at IS NULL OR clock_failed_at <= $2 OR clock_failed_at > $1) ORDER BY ",
            $column,
            " LIMIT 50"
        )
    };
}

pub(super) const TO_PUBLISH: &str = due_query!("publish_at", "");
pub(super) const TO_TAKE_DOWN: &str = due_query!("take_down_at", " AND live = 'published'");

/// What is due, in the order in which it was planned.
pub(in crate::content) async fn due(pool: &AnyPool, (now, retry_before): (Millis, Millis)) -> Result<Vec<Due>, Error> {
    let mut found = Vec::new();
    for (query, plan) in [(TO_PUBLISH, Plan::Publish), (TO_TAKE_DOWN, Plan::TakeDown)] {
        let rows = sqlx::query(query).bind(now.0).bind(retry_before.0).fetch_all(pool).await?;
        for row in rows {
            let (id, at) = (ArticleId(number(&row, "id")?), Millis(number(&row, "planned")?));
            found.push(Due { at, id, plan });
        }
    }
    found.sort_by_key(|due| (due.at, due.id));
    Ok(found)
}

/// Holds the article if it is still to happen, at the same moment. None: another process was faster, or the plan
/// has changed. Two that ask at the same time wait for each other here, and the second finds nothing.
pub(in crate::content) async fn claim(
    connection: &mut AnyConnection,
    due: Due,
) -> Result<Option<article::Record>, Error> {
    let query = match due.plan {
        Plan::Publish => {
            "UPDATE article SET publish_at = publish_at WHERE id = $1 AND working = 'scheduled' AND publish_at = $2"
        }
        Plan::TakeDown => {
            "UPDATE article SET take_down_at = take_down_at \
             WHERE id = $1 AND live = 'published' AND take_down_at = $2"
        }
    };
    let claimed = sqlx::query(query).bind(due.id.0).bind(due.at.0).execute(&mut *connection).await?;
    if claimed.rows_affected() == 0 {
        return Ok(None);
    }
    article::lock(connection, due.id).await.map(Some)
}

/// The revision that is to go out.
pub(in crate::content) async fn revision(connection: &mut AnyConnection, id: ArticleId) -> Result<i64, Error> {
    let row =
        sqlx::query("SELECT scheduled_revision_id FROM article WHERE id = $1").bind(id.0).fetch_one(connection).await?;
    row.try_get::<Option<i64>, _>("scheduled_revision_id")?.ok_or(Error::Damaged("schedule"))
}

/// Notes that what was due did not happen. False: it has happened meanwhile.
pub(in crate::content) async fn set_failed(
    connection: &mut AnyConnection,
    due: Due,
    now: Millis,
) -> Result<bool, Error> {
    let query = match due.plan {
        Plan::Publish => "UPDATE article SET clock_failed_at = $2 WHERE id = $1 AND publish_at = $3",
        Plan::TakeDown => "UPDATE article SET clock_failed_at = $2 WHERE id = $1 AND take_down_at = $3",
    };
    let done = sqlx::query(query).bind(due.id.0).bind(now.0).bind(due.at.0).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// When it is to be taken down; none: never.
pub(in crate::content) async fn set_take_down(
    connection: &mut AnyConnection,
    id: ArticleId,
    at: Option<Millis>,
    now: Millis,
) -> Result<(), Error> {
    sqlx::query("UPDATE article SET take_down_at = $2, clock_failed_at = NULL, touched_at = $3 WHERE id = $1")
        .bind(id.0)
        .bind(at.map(|at| at.0))
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

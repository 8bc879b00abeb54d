//! The log.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::{number, text, time};
use crate::clock::Millis;
use crate::staff::event::{Actor, Kind};
use crate::staff::{Error, MemberId, StaffEvent, StaffEventFilter};

pub(in crate::staff) async fn write(
    connection: &mut AnyConnection,
    (at, actor): (Millis, Actor),
    kind: Kind,
    subject: Option<MemberId>,
    detail: &Value,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO staff_event (at, actor, member_id, kind, subject_id, detail) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(at.0)
    .bind(actor.word())
    .bind(actor.member().map(|id| id.0))
    .bind(kind.word())
    .bind(subject.map(|id| id.0))
    .bind(detail.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// The newest events before a number.
pub(in crate::staff) async fn list(pool: &AnyPool, before: i64, limit: u16) -> Result<Vec<StaffEvent>, Error> {
    let query = "SELECT id, at, actor, member_id, kind, subject_id, detail FROM staff_event \
                 WHERE id < $1 ORDER BY id DESC LIMIT $2";
    let rows = sqlx::query(query).bind(before).bind(i64::from(limit)).fetch_all(pool).await?;
    rows.iter().map(event).collect()
}

/// The newest events before a number that somebody did, or that were done to them.
pub(in crate::staff) async fn list_of(
    pool: &AnyPool,
    member: MemberId,
    before: i64,
    limit: u16,
) -> Result<Vec<StaffEvent>, Error> {
    let query = "SELECT id, at, actor, member_id, kind, subject_id, detail FROM staff_event \
                 WHERE (subject_id = $1 OR member_id = $1) AND id < $2 ORDER BY id DESC LIMIT $3";
    let query = sqlx::query(query).bind(member.0).bind(before).bind(i64::from(limit));
    query.fetch_all(pool).await?.iter().map(event).collect()
}

/// The newest events before a number that somebody did, or of one kind, or both. Each walks its index.
pub(in crate::staff) async fn matching(
    pool: &AnyPool,
    filter: &StaffEventFilter,
    before: i64,
    limit: u16,
) -> Result<Vec<StaffEvent>, Error> {
    let query = match (filter.by, &filter.kind) {
        (None, None) => return list(pool, before, limit).await,
        (Some(by), kind) => sqlx::query(
            "SELECT id, at, actor, member_id, kind, subject_id, detail FROM staff_event \
             WHERE member_id = $3 AND ($4 = '' OR kind = $4) AND id < $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(before)
        .bind(i64::from(limit))
        .bind(by.0)
        .bind(kind.clone().unwrap_or_default()),
        (None, Some(kind)) => sqlx::query(
            "SELECT id, at, actor, member_id, kind, subject_id, detail FROM staff_event \
             WHERE kind = $3 AND id < $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(before)
        .bind(i64::from(limit))
        .bind(kind),
    };
    query.fetch_all(pool).await?.iter().map(event).collect()
}

fn event(row: &AnyRow) -> Result<StaffEvent, Error> {
    let person = |column| Ok::<_, Error>(row.try_get::<Option<i64>, _>(column)?.map(MemberId));
    Ok(StaffEvent {
        id: number(row, "id")?,
        at: time(row, "at")?,
        by: person("member_id")?,
        actor: text(row, "actor")?,
        kind: text(row, "kind")?,
        subject: person("subject_id")?,
        detail: serde_json::from_str(&text(row, "detail")?).map_err(|_not_json| Error::Damaged("event"))?,
    })
}

//! Attempts to sign in, counted for the whole fleet.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Executor};

use super::{number, time};
use crate::clock::Millis;
use crate::staff::Error;
use crate::staff::limit::{Attempts, Subject};

pub(in crate::staff) async fn look<'e>(
    executor: impl Executor<'e, Database = Any>,
    subject: &Subject,
) -> Result<Attempts, Error> {
    let row = sqlx::query("SELECT attempts, since, last_at, not_before FROM staff_attempt WHERE subject = $1")
        .bind(subject.as_str())
        .fetch_optional(executor)
        .await?;
    let attempts = |row: AnyRow| {
        Ok(Attempts {
            number: number(&row, "attempts")?,
            since: time(&row, "since")?,
            last_at: time(&row, "last_at")?,
            not_before: time(&row, "not_before")?,
        })
    };
    row.map_or_else(|| Ok(Attempts::NONE), attempts)
}

/// The same, locked until the transaction ends: attempts at the same time are counted one after the other.
pub(in crate::staff) async fn lock(connection: &mut AnyConnection, subject: &Subject) -> Result<Attempts, Error> {
    sqlx::query(
        "INSERT INTO staff_attempt (subject, attempts, since, last_at, not_before) VALUES ($1, 0, 0, 0, 0) \
         ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject",
    )
    .bind(subject.as_str())
    .execute(&mut *connection)
    .await?;
    look(connection, subject).await
}

pub(in crate::staff) async fn set(
    connection: &mut AnyConnection,
    subject: &Subject,
    attempts: Attempts,
) -> Result<(), Error> {
    sqlx::query("UPDATE staff_attempt SET attempts = $2, since = $3, last_at = $4, not_before = $5 WHERE subject = $1")
        .bind(subject.as_str())
        .bind(attempts.number)
        .bind(attempts.since.0)
        .bind(attempts.last_at.0)
        .bind(attempts.not_before.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::staff) async fn forget(connection: &mut AnyConnection, subject: &Subject) -> Result<(), Error> {
    sqlx::query("DELETE FROM staff_attempt WHERE subject = $1").bind(subject.as_str()).execute(connection).await?;
    Ok(())
}

/// Forgets everything that was last written before this moment.
pub(in crate::staff) async fn sweep(connection: &mut AnyConnection, before: Millis) -> Result<(), Error> {
    sqlx::query("DELETE FROM staff_attempt WHERE last_at < $1").bind(before.0).execute(connection).await?;
    Ok(())
}

//! Sessions.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool};

use super::{member, number, text, time};
use crate::clock::Millis;
use crate::staff::{Error, Member, MemberId, SessionId, SessionLine};

/// A session as it is stored, and whose it is.
#[derive(Debug)]
pub(in crate::staff) struct Stored {
    pub(in crate::staff) id: SessionId,
    pub(in crate::staff) member: Member,
    pub(in crate::staff) has_totp: bool,
    pub(in crate::staff) passed: bool,
    pub(in crate::staff) kept: bool,
    pub(in crate::staff) created_at: Millis,
    pub(in crate::staff) seen_at: Millis,
    pub(in crate::staff) confirmed_at: Millis,
}

/// A session that begins.
#[derive(Debug)]
pub(in crate::staff) struct Begun<'a> {
    pub(in crate::staff) hash: &'a str,
    pub(in crate::staff) member: MemberId,
    pub(in crate::staff) passed: bool,
    pub(in crate::staff) kept: bool,
    pub(in crate::staff) at: Millis,
    pub(in crate::staff) confirmed_at: Millis,
    pub(in crate::staff) network: &'a str,
    pub(in crate::staff) agent: &'a str,
}

/// The session with this hash, if its owner may sign in.
pub(in crate::staff) async fn find(pool: &AnyPool, hash: &str) -> Result<Option<Stored>, Error> {
    let row = sqlx::query(
        "SELECT s.id, s.member_id, s.passed, s.kept, s.created_at, s.seen_at, s.confirmed_at, m.login, m.name, m.role, \
         CASE WHEN m.totp_sealed IS NULL THEN 0 ELSE 1 END AS has_totp \
         FROM staff_session s JOIN member m ON m.id = s.member_id WHERE s.hash = $1 AND m.disabled_at IS NULL",
    )
    .bind(hash)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(stored).transpose()
}

fn stored(row: &AnyRow) -> Result<Stored, Error> {
    Ok(Stored {
        id: SessionId(number(row, "id")?),
        member: member(row)?,
        has_totp: number(row, "has_totp")? == 1,
        passed: number(row, "passed")? == 1,
        kept: number(row, "kept")? == 1,
        created_at: time(row, "created_at")?,
        seen_at: time(row, "seen_at")?,
        confirmed_at: time(row, "confirmed_at")?,
    })
}

pub(in crate::staff) async fn insert(connection: &mut AnyConnection, begun: &Begun<'_>) -> Result<SessionId, Error> {
    let id = sqlx::query_scalar(
        "INSERT INTO staff_session (hash, member_id, passed, kept, created_at, seen_at, confirmed_at, network, agent) \
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8) RETURNING id",
    )
    .bind(begun.hash)
    .bind(begun.member.0)
    .bind(i32::from(begun.passed))
    .bind(i32::from(begun.kept))
    .bind(begun.at.0)
    .bind(begun.confirmed_at.0)
    .bind(begun.network)
    .bind(begun.agent)
    .fetch_one(connection)
    .await?;
    Ok(SessionId(id))
}

/// Ends the oldest of somebody's sessions, so that `most` are left. Those that wait for the second step are counted by
/// themselves: who knows nothing but the password ends nobody's session.
pub(in crate::staff) async fn keep_newest(
    connection: &mut AnyConnection,
    member: MemberId,
    passed: bool,
    most: i64,
) -> Result<(), Error> {
    sqlx::query(
        "DELETE FROM staff_session WHERE member_id = $1 AND passed = $2 AND id NOT IN \
         (SELECT id FROM staff_session WHERE member_id = $1 AND passed = $2 ORDER BY id DESC LIMIT $3)",
    )
    .bind(member.0)
    .bind(i32::from(passed))
    .bind(most)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::staff) async fn mark_seen(
    connection: &mut AnyConnection,
    id: SessionId,
    now: Millis,
) -> Result<(), Error> {
    sqlx::query("UPDATE staff_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2")
        .bind(id.0)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The password was typed for a session, which has another token from now on; false: it had ended.
pub(in crate::staff) async fn renew(
    connection: &mut AnyConnection,
    id: SessionId,
    hash: &str,
    now: Millis,
) -> Result<bool, Error> {
    let query = sqlx::query("UPDATE staff_session SET hash = $2, confirmed_at = $3 WHERE id = $1");
    Ok(query.bind(id.0).bind(hash).bind(now.0).execute(connection).await?.rows_affected() == 1)
}

/// Ends one session; false: it had ended.
pub(in crate::staff) async fn end(
    connection: &mut AnyConnection,
    member: MemberId,
    id: SessionId,
) -> Result<bool, Error> {
    let query = sqlx::query("DELETE FROM staff_session WHERE id = $1 AND member_id = $2").bind(id.0).bind(member.0);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

/// Ends all sessions of somebody.
pub(in crate::staff) async fn end_all(connection: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    sqlx::query("DELETE FROM staff_session WHERE member_id = $1").bind(member.0).execute(connection).await?;
    Ok(())
}

/// Ends all sessions of somebody but this one.
pub(in crate::staff) async fn end_others(
    connection: &mut AnyConnection,
    member: MemberId,
    id: SessionId,
) -> Result<(), Error> {
    let query = sqlx::query("DELETE FROM staff_session WHERE member_id = $1 AND id <> $2").bind(member.0).bind(id.0);
    query.execute(connection).await?;
    Ok(())
}

/// Forgets sessions that began before these moments and have ended by themselves.
pub(in crate::staff) async fn sweep(
    connection: &mut AnyConnection,
    kept_since: Millis,
    others_since: Millis,
) -> Result<(), Error> {
    sqlx::query("DELETE FROM staff_session WHERE created_at < $1 OR (kept = 0 AND created_at < $2)")
        .bind(kept_since.0)
        .bind(others_since.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::staff) async fn list(pool: &AnyPool, member: MemberId) -> Result<Vec<SessionLine>, Error> {
    let rows = sqlx::query(
        "SELECT id, kept, created_at, seen_at, network, agent FROM staff_session \
         WHERE member_id = $1 AND passed = 1 ORDER BY id DESC",
    )
    .bind(member.0)
    .fetch_all(pool)
    .await?;
    let line = |row: &AnyRow| {
        Ok(SessionLine {
            id: SessionId(number(row, "id")?),
            kept: number(row, "kept")? == 1,
            created_at: time(row, "created_at")?,
            seen_at: time(row, "seen_at")?,
            network: text(row, "network")?,
            agent: text(row, "agent")?,
        })
    };
    rows.iter().map(line).collect()
}

/// Whether an administrator still acts through this session.
pub(in crate::staff) async fn is_administrators(connection: &mut AnyConnection, id: SessionId) -> Result<bool, Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT s.id FROM staff_session s JOIN member m ON m.id = s.member_id \
         WHERE s.id = $1 AND s.passed = 1 AND m.role = 'administrator' AND m.disabled_at IS NULL",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    Ok(found.is_some())
}

/// The seed that this session is setting up: `sealed`, unless it has begun with another.
pub(in crate::staff) async fn pending(
    connection: &mut AnyConnection,
    id: SessionId,
    sealed: &str,
) -> Result<Option<String>, Error> {
    let query = "UPDATE staff_session SET pending_sealed = COALESCE(pending_sealed, $2) WHERE id = $1 \
                 RETURNING pending_sealed";
    Ok(sqlx::query_scalar(query).bind(id.0).bind(sealed).fetch_optional(connection).await?)
}

/// The seed that this session began to set up.
pub(in crate::staff) async fn begun(connection: &mut AnyConnection, id: SessionId) -> Result<Option<String>, Error> {
    let query = "SELECT pending_sealed FROM staff_session WHERE id = $1 AND pending_sealed IS NOT NULL";
    Ok(sqlx::query_scalar(query).bind(id.0).fetch_optional(connection).await?)
}

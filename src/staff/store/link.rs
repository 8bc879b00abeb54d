//! Links.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::{number, role, text, time};
use crate::clock::Millis;
use crate::staff::link::Kind;
use crate::staff::{DisplayName, Error, Invitation, MemberId, Role};

/// What a link stands for besides its kind.
#[derive(Debug, Default)]
pub(in crate::staff) struct Purpose<'a> {
    pub(in crate::staff) member: Option<MemberId>,
    pub(in crate::staff) name: Option<&'a DisplayName>,
    pub(in crate::staff) role: Option<Role>,
    pub(in crate::staff) made_by: Option<MemberId>,
}

pub(in crate::staff) async fn insert(
    connection: &mut AnyConnection,
    kind: Kind,
    hash: &str,
    purpose: &Purpose<'_>,
    (now, expires_at): (Millis, Millis),
) -> Result<i64, Error> {
    let id = sqlx::query_scalar(
        "INSERT INTO staff_link (kind, hash, member_id, name, role, created_at, expires_at, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
    )
    .bind(kind.word())
    .bind(hash)
    .bind(purpose.member.map(|id| id.0))
    .bind(purpose.name.map(DisplayName::as_str))
    .bind(purpose.role.map(Role::word))
    .bind(now.0)
    .bind(expires_at.0)
    .bind(purpose.made_by.map(|id| id.0))
    .fetch_one(connection)
    .await?;
    Ok(id)
}

/// Whether a link is good.
pub(in crate::staff) async fn is_good(pool: &AnyPool, kind: Kind, hash: &str, now: Millis) -> Result<bool, Error> {
    let query = "SELECT id FROM staff_link WHERE hash = $1 AND kind = $2 AND expires_at > $3";
    let found: Option<i64> =
        sqlx::query_scalar(query).bind(hash).bind(kind.word()).bind(now.0).fetch_optional(pool).await?;
    Ok(found.is_some())
}

/// What an invitation says that is still good.
pub(in crate::staff) async fn invitation(pool: &AnyPool, hash: &str, now: Millis) -> Result<Option<Invitation>, Error> {
    let row = sqlx::query(
        "SELECT id, name, role, expires_at, made_by FROM staff_link \
         WHERE hash = $1 AND kind = 'invitation' AND expires_at > $2",
    )
    .bind(hash)
    .bind(now.0)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(invited).transpose()
}

/// The invitations that are still good.
pub(in crate::staff) async fn invitations(pool: &AnyPool, now: Millis) -> Result<Vec<Invitation>, Error> {
    let query = "SELECT id, name, role, expires_at, made_by FROM staff_link \
                 WHERE kind = 'invitation' AND expires_at > $1 ORDER BY id DESC";
    sqlx::query(query).bind(now.0).fetch_all(pool).await?.iter().map(invited).collect()
}

fn invited(row: &AnyRow) -> Result<Invitation, Error> {
    Ok(Invitation {
        id: number(row, "id")?,
        name: DisplayName::stored(text(row, "name")?),
        role: role(row)?,
        expires_at: time(row, "expires_at")?,
        made_by: row.try_get::<Option<i64>, _>("made_by")?.map(MemberId),
    })
}

/// Whose password a link that is still good lets be chosen anew.
pub(in crate::staff) async fn reset_of(pool: &AnyPool, hash: &str, now: Millis) -> Result<Option<MemberId>, Error> {
    let query = "SELECT member_id FROM staff_link WHERE hash = $1 AND kind = 'reset' AND expires_at > $2";
    let id: Option<i64> = sqlx::query_scalar(query).bind(hash).bind(now.0).fetch_optional(pool).await?;
    Ok(id.map(MemberId))
}

/// Uses a link up and says what its number was and as what it invites; none: it was used, or has expired.
pub(in crate::staff) async fn consume(
    connection: &mut AnyConnection,
    kind: Kind,
    hash: &str,
    now: Millis,
) -> Result<Option<(i64, Option<Role>)>, Error> {
    let query = "DELETE FROM staff_link WHERE hash = $1 AND kind = $2 AND expires_at > $3 RETURNING id, role";
    let row = sqlx::query(query).bind(hash).bind(kind.word()).bind(now.0).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let role = row.try_get::<Option<String>, _>("role")?.and_then(|word| Role::from_word(&word));
    Ok(Some((number(&row, "id")?, role)))
}

/// Makes every link of a kind void that somebody has, or all of them.
pub(in crate::staff) async fn void(
    connection: &mut AnyConnection,
    kind: Kind,
    member: Option<MemberId>,
) -> Result<(), Error> {
    let query = "DELETE FROM staff_link WHERE kind = $1 AND ($2 = 0 OR member_id = $2)";
    sqlx::query(query).bind(kind.word()).bind(member.map_or(0, |id| id.0)).execute(connection).await?;
    Ok(())
}

/// Makes every link void that somebody made.
pub(in crate::staff) async fn void_made_by(connection: &mut AnyConnection, member: MemberId) -> Result<(), Error> {
    sqlx::query("DELETE FROM staff_link WHERE made_by = $1").bind(member.0).execute(connection).await?;
    Ok(())
}

/// Makes an invitation void; false: there was none.
pub(in crate::staff) async fn withdraw(connection: &mut AnyConnection, invitation: i64) -> Result<bool, Error> {
    let query = sqlx::query("DELETE FROM staff_link WHERE id = $1 AND kind = 'invitation'").bind(invitation);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

/// Forgets what has expired.
pub(in crate::staff) async fn sweep(connection: &mut AnyConnection, now: Millis) -> Result<(), Error> {
    sqlx::query("DELETE FROM staff_link WHERE expires_at <= $1").bind(now.0).execute(connection).await?;
    Ok(())
}

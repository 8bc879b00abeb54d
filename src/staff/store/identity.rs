//! Accounts elsewhere.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, AnyPool};

use super::text;
use crate::clock::Millis;
use crate::staff::{Error, Identity, MemberId, Platform};

/// Who an account of `issuer` belongs to.
pub(in crate::staff) async fn find(
    executor: impl AnyExecutor<'_>,
    issuer: &str,
    identity: &Identity,
) -> Result<Option<MemberId>, Error> {
    let query = "SELECT member_id FROM staff_identity WHERE platform = $1 AND issuer = $2 AND external_id = $3";
    let query = sqlx::query_scalar(query).bind(identity.platform.word()).bind(issuer).bind(&identity.external_id);
    let id: Option<i64> = query.fetch_optional(executor).await?;
    Ok(id.map(MemberId))
}

/// Binds an account where none is bound; false: it is somebody else's.
pub(in crate::staff) async fn bind(
    connection: &mut AnyConnection,
    member: MemberId,
    (issuer, identity): (&str, &Identity),
    now: Millis,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "INSERT INTO staff_identity (platform, issuer, external_id, member_id, bound_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (platform, issuer, external_id) DO NOTHING",
    )
    .bind(identity.platform.word())
    .bind(issuer)
    .bind(&identity.external_id)
    .bind(member.0)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// False: none was bound.
pub(in crate::staff) async fn unbind(
    connection: &mut AnyConnection,
    member: MemberId,
    platform: Platform,
) -> Result<bool, Error> {
    let query = sqlx::query("DELETE FROM staff_identity WHERE member_id = $1 AND platform = $2");
    Ok(query.bind(member.0).bind(platform.word()).execute(connection).await?.rows_affected() == 1)
}

/// Every account of a member, with who gave it.
pub(in crate::staff) async fn list(pool: &AnyPool, member: MemberId) -> Result<Vec<(String, Identity)>, Error> {
    let query = "SELECT platform, issuer, external_id FROM staff_identity WHERE member_id = $1 ORDER BY platform";
    let identity = |row: &AnyRow| {
        let platform = Platform::from_word(&text(row, "platform")?).ok_or(Error::Damaged("platform"))?;
        Ok((text(row, "issuer")?, Identity { platform, external_id: text(row, "external_id")? }))
    };
    sqlx::query(query).bind(member.0).fetch_all(pool).await?.iter().map(identity).collect()
}

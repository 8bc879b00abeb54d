//! The second step: seeds, used codes, recovery codes.

use sqlx::{AnyConnection, AnyPool};

use crate::clock::Millis;
use crate::staff::{Error, MemberId};

/// Uses the code of a step; false: it, or a later one, was used before. A number far ahead was written while the clock
/// was wrong, and nobody can have used what comes then.
pub(in crate::staff) async fn use_step(
    connection: &mut AnyConnection,
    member: MemberId,
    step: i64,
) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE member SET totp_step = $2, totp_failures = 0 WHERE id = $1 AND (totp_step < $2 OR totp_step > $3)",
    )
    .bind(member.0)
    .bind(step)
    .bind(step.saturating_add(2))
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A seed that has proved itself by the code of `step`.
pub(in crate::staff) async fn set(
    connection: &mut AnyConnection,
    member: MemberId,
    sealed: &str,
    step: i64,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE member SET totp_sealed = $2, totp_step = $3, totp_failures = 0, totp_paused_until = 0 WHERE id = $1",
    )
    .bind(member.0)
    .bind(sealed)
    .bind(step)
    .execute(connection)
    .await?;
    Ok(())
}

/// Forgets the authenticator and the recovery codes; false: there is no such person.
pub(in crate::staff) async fn clear(connection: &mut AnyConnection, member: MemberId) -> Result<bool, Error> {
    let done = sqlx::query(
        "UPDATE member SET totp_sealed = NULL, totp_step = 0, totp_failures = 0, totp_paused_until = 0 WHERE id = $1",
    )
    .bind(member.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM recovery_code WHERE member_id = $1").bind(member.0).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Remembers how many codes were wrong, and until when none is listened to.
pub(in crate::staff) async fn set_failures(
    connection: &mut AnyConnection,
    member: MemberId,
    failures: i64,
    paused_until: Millis,
) -> Result<(), Error> {
    sqlx::query("UPDATE member SET totp_failures = $2, totp_paused_until = $3 WHERE id = $1")
        .bind(member.0)
        .bind(failures)
        .bind(paused_until.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Replaces the recovery codes.
pub(in crate::staff) async fn set_recovery_codes(
    connection: &mut AnyConnection,
    member: MemberId,
    hashes: &[String],
) -> Result<(), Error> {
    sqlx::query("DELETE FROM recovery_code WHERE member_id = $1").bind(member.0).execute(&mut *connection).await?;
    for hash in hashes {
        sqlx::query("INSERT INTO recovery_code (member_id, hash) VALUES ($1, $2)")
            .bind(member.0)
            .bind(hash)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Uses a recovery code; false: there is none like this.
pub(in crate::staff) async fn use_recovery_code(
    connection: &mut AnyConnection,
    member: MemberId,
    hash: &str,
) -> Result<bool, Error> {
    let query = sqlx::query("DELETE FROM recovery_code WHERE member_id = $1 AND hash = $2").bind(member.0).bind(hash);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

pub(in crate::staff) async fn recovery_codes_left(pool: &AnyPool, member: MemberId) -> Result<i64, Error> {
    let query = "SELECT COUNT(*) FROM recovery_code WHERE member_id = $1";
    Ok(sqlx::query_scalar(query).bind(member.0).fetch_one(pool).await?)
}

//! Verification files.

use sqlx::{AnyConnection, AnyPool};

use crate::clock::Millis;
use crate::content::{Error, VerificationFile};

pub(in crate::content) async fn set(
    connection: &mut AnyConnection,
    file: &VerificationFile,
    now: Millis,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO verification_file (name, body, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET body = excluded.body",
    )
    .bind(file.name())
    .bind(file.body())
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::content) async fn remove(connection: &mut AnyConnection, name: &str) -> Result<bool, Error> {
    let done = sqlx::query("DELETE FROM verification_file WHERE name = $1").bind(name).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::content) async fn find(pool: &AnyPool, name: &str) -> Result<Option<String>, Error> {
    Ok(sqlx::query_scalar("SELECT body FROM verification_file WHERE name = $1").bind(name).fetch_optional(pool).await?)
}

pub(in crate::content) async fn names(pool: &AnyPool) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar("SELECT name FROM verification_file ORDER BY name").fetch_all(pool).await?)
}

//! Site settings and the site's version.

use sqlx::{AnyConnection, AnyExecutor, AnyPool, Row as _};

use crate::clock::Millis;
use crate::content::{Error, SiteSettings};

pub(in crate::content) async fn load(executor: impl AnyExecutor<'_>) -> Result<SiteSettings, Error> {
    let rows = sqlx::query("SELECT key, value FROM site_setting").fetch_all(executor).await?;
    let mut pairs = Vec::with_capacity(rows.len());
    for row in rows {
        let value: String = row.try_get("value")?;
        // Later settings may hold more than a text; those are not read here.
        if let Ok(value) = serde_json::from_str::<String>(&value) {
            pairs.push((row.try_get("key")?, value));
        }
    }
    Ok(SiteSettings::from_rows(pairs))
}

pub(in crate::content) async fn seed(
    connection: &mut AnyConnection,
    settings: &SiteSettings,
    now: Millis,
) -> Result<(), Error> {
    for (key, value) in settings.rows() {
        sqlx::query(
            "INSERT INTO site_setting (key, value, changed_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING",
        )
        .bind(key)
        .bind(serde_json::Value::from(value).to_string())
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Writes one setting, whatever it was.
pub(in crate::content) async fn set(
    connection: &mut AnyConnection,
    (key, value): (&str, String),
    now: Millis,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO site_setting (key, value, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
    )
    .bind(key)
    .bind(serde_json::Value::from(value).to_string())
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// The stages of review that a text passes before it goes out.
pub(in crate::content) async fn review_stages(connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(load(connection).await?.review_stages)
}

pub(in crate::content) async fn version(pool: &AnyPool) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT number FROM site_version WHERE id = 1").fetch_one(pool).await?)
}

/// Tells every process that something readers see has changed.
pub(in crate::content) async fn bump(connection: &mut AnyConnection) -> Result<(), Error> {
    sqlx::query("UPDATE site_version SET number = number + 1 WHERE id = 1").execute(connection).await?;
    Ok(())
}

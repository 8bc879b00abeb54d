//! People.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Row as _};

use super::{maybe_time, member, number, role, text, time};
use crate::clock::Millis;
use crate::staff::{DisplayName, Error, Listed, LoginName, Member, MemberId, Role};

/// Somebody with everything that signing in needs.
#[derive(Debug)]
pub(in crate::staff) struct Account {
    pub(in crate::staff) member: Member,
    pub(in crate::staff) password: String,
    pub(in crate::staff) is_disabled: bool,
    pub(in crate::staff) totp_sealed: Option<String>,
    pub(in crate::staff) totp_failures: i64,
    pub(in crate::staff) totp_paused_until: Millis,
}

/// The columns of [`Account`].
macro_rules! account_columns {
    () => {
        "id AS member_id, login, name, role, password, disabled_at, totp_sealed, totp_failures, totp_paused_until"
    };
}

fn account(row: &AnyRow) -> Result<Account, Error> {
    Ok(Account {
        member: member(row)?,
        password: text(row, "password")?,
        is_disabled: maybe_time(row, "disabled_at")?.is_some(),
        totp_sealed: row.try_get("totp_sealed")?,
        totp_failures: number(row, "totp_failures")?,
        totp_paused_until: time(row, "totp_paused_until")?,
    })
}

/// Who signs in by this name, which need not be one.
pub(in crate::staff) async fn by_login(pool: &AnyPool, login: &str) -> Result<Option<Account>, Error> {
    let row = sqlx::query(concat!("SELECT ", account_columns!(), " FROM member WHERE login = $1"))
        .bind(login)
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(account).transpose()
}

pub(in crate::staff) async fn by_id<'e>(
    executor: impl Executor<'e, Database = Any>,
    id: MemberId,
) -> Result<Option<Account>, Error> {
    let row = sqlx::query(concat!("SELECT ", account_columns!(), " FROM member WHERE id = $1"))
        .bind(id.0)
        .fetch_optional(executor)
        .await?;
    row.as_ref().map(account).transpose()
}

/// Somebody who may sign in, locked until the transaction ends: whoever opens a session and whoever ends all of them
/// take turns.
pub(in crate::staff) async fn lock(connection: &mut AnyConnection, id: MemberId) -> Result<Option<Account>, Error> {
    let row = sqlx::query(concat!(
        "UPDATE member SET login = login WHERE id = $1 AND disabled_at IS NULL RETURNING ",
        account_columns!()
    ))
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(account).transpose()
}

/// Waits until nobody else changes who works here.
pub(in crate::staff) async fn take_turn(connection: &mut AnyConnection) -> Result<(), Error> {
    sqlx::query("UPDATE staff_turn SET number = number + 1 WHERE id = 1").execute(connection).await?;
    Ok(())
}

pub(in crate::staff) async fn count(pool: &AnyPool) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM member").fetch_one(pool).await?)
}

pub(in crate::staff) async fn count_in(connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM member").fetch_one(connection).await?)
}

pub(in crate::staff) async fn active_administrators(connection: &mut AnyConnection) -> Result<i64, Error> {
    let query = "SELECT COUNT(*) FROM member WHERE role = 'administrator' AND disabled_at IS NULL";
    Ok(sqlx::query_scalar(query).fetch_one(connection).await?)
}

/// Who comes.
#[derive(Debug)]
pub(in crate::staff) struct Newcomer {
    pub(in crate::staff) login: LoginName,
    pub(in crate::staff) name: DisplayName,
    pub(in crate::staff) role: Role,
    pub(in crate::staff) password: String,
}

pub(in crate::staff) async fn insert(
    connection: &mut AnyConnection,
    newcomer: &Newcomer,
    now: Millis,
) -> Result<MemberId, Error> {
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO member (login, name, role, password, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (login) DO NOTHING RETURNING id",
    )
    .bind(newcomer.login.as_str())
    .bind(newcomer.name.as_str())
    .bind(newcomer.role.word())
    .bind(newcomer.password.as_str())
    .bind(now.0)
    .fetch_optional(connection)
    .await?;
    id.map(MemberId).ok_or(Error::LoginTaken)
}

pub(in crate::staff) async fn set_password(
    connection: &mut AnyConnection,
    id: MemberId,
    password: &str,
) -> Result<(), Error> {
    sqlx::query("UPDATE member SET password = $2 WHERE id = $1").bind(id.0).bind(password).execute(connection).await?;
    Ok(())
}

/// Remembers that somebody was here. Whoever was seen later keeps that.
pub(in crate::staff) async fn mark_seen(
    connection: &mut AnyConnection,
    id: MemberId,
    now: Millis,
) -> Result<(), Error> {
    sqlx::query("UPDATE member SET seen_at = $2 WHERE id = $1 AND COALESCE(seen_at, 0) < $2")
        .bind(id.0)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(())
}

pub(in crate::staff) async fn set_name(
    connection: &mut AnyConnection,
    id: MemberId,
    name: &DisplayName,
) -> Result<(), Error> {
    let query = sqlx::query("UPDATE member SET name = $2 WHERE id = $1").bind(id.0).bind(name.as_str());
    found(query.execute(connection).await?.rows_affected())
}

pub(in crate::staff) async fn set_role(connection: &mut AnyConnection, id: MemberId, role: Role) -> Result<(), Error> {
    let query = sqlx::query("UPDATE member SET role = $2 WHERE id = $1").bind(id.0).bind(role.word());
    found(query.execute(connection).await?.rows_affected())
}

pub(in crate::staff) async fn set_disabled(
    connection: &mut AnyConnection,
    id: MemberId,
    at: Option<Millis>,
) -> Result<(), Error> {
    let query = sqlx::query("UPDATE member SET disabled_at = $2 WHERE id = $1").bind(id.0).bind(at.map(|at| at.0));
    found(query.execute(connection).await?.rows_affected())
}

fn found(rows: u64) -> Result<(), Error> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound) }
}

macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT id, login, name, role, disabled_at, created_at, \
             CASE WHEN totp_sealed IS NULL THEN 0 ELSE 1 END AS has_totp, seen_at FROM member ",
            $rest
        )
    };
}

pub(in crate::staff) async fn list(pool: &AnyPool) -> Result<Vec<Listed>, Error> {
    let query = listed!("ORDER BY CASE WHEN disabled_at IS NULL THEN 0 ELSE 1 END, id");
    sqlx::query(query).fetch_all(pool).await?.iter().map(line).collect()
}

pub(in crate::staff) async fn find(pool: &AnyPool, login: &LoginName) -> Result<Option<Listed>, Error> {
    let row = sqlx::query(listed!("WHERE login = $1")).bind(login.as_str()).fetch_optional(pool).await?;
    row.as_ref().map(line).transpose()
}

pub(in crate::staff) async fn get(pool: &AnyPool, id: MemberId) -> Result<Option<Listed>, Error> {
    let row = sqlx::query(listed!("WHERE id = $1")).bind(id.0).fetch_optional(pool).await?;
    row.as_ref().map(line).transpose()
}

/// The display name of everybody who ever worked here, by number.
pub(in crate::staff) async fn names(pool: &AnyPool) -> Result<HashMap<i64, String>, Error> {
    let rows = sqlx::query("SELECT id, name FROM member").fetch_all(pool).await?;
    rows.iter().map(|row| Ok((number(row, "id")?, text(row, "name")?))).collect()
}

fn line(row: &AnyRow) -> Result<Listed, Error> {
    Ok(Listed {
        id: MemberId(number(row, "id")?),
        login: LoginName::stored(text(row, "login")?),
        name: DisplayName::stored(text(row, "name")?),
        role: role(row)?,
        disabled_at: maybe_time(row, "disabled_at")?,
        has_totp: number(row, "has_totp")? == 1,
        created_at: time(row, "created_at")?,
        seen_at: maybe_time(row, "seen_at")?,
    })
}

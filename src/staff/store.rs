//! Every statement of this module to the database: one text for both engines.
//!
//! Who writes passes the connection of the transaction that it is part of.

pub(super) mod attempt;
pub(super) mod event;
pub(super) mod identity;
pub(super) mod link;
pub(super) mod member;
pub(super) mod session;
pub(super) mod totp;

use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{DisplayName, Error, LoginName, Member, MemberId, Role};
use crate::clock::Millis;

fn text(row: &AnyRow, column: &str) -> Result<String, Error> {
    Ok(row.try_get(column)?)
}

fn number(row: &AnyRow, column: &str) -> Result<i64, Error> {
    Ok(row.try_get(column)?)
}

fn time(row: &AnyRow, column: &str) -> Result<Millis, Error> {
    number(row, column).map(Millis)
}

fn maybe_time(row: &AnyRow, column: &str) -> Result<Option<Millis>, Error> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Millis))
}

fn role(row: &AnyRow) -> Result<Role, Error> {
    Role::from_word(&text(row, "role")?).ok_or(Error::Damaged("role"))
}

/// The person in the columns `member_id`, `login`, `name` and `role`.
fn member(row: &AnyRow) -> Result<Member, Error> {
    let login = LoginName::stored(text(row, "login")?);
    let name = DisplayName::stored(text(row, "name")?);
    Ok(Member::new(MemberId(number(row, "member_id")?), login, name, role(row)?))
}

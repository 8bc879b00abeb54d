//! Rows of corrections.

use sqlx::{AnyConnection, AnyPool};

use super::{number, text};
use crate::clock::Millis;
use crate::content::correction::Correction;
use crate::content::newsroom::Step;
use crate::content::{ArticleId, Error};

pub(super) const OF_ARTICLE: &str = "SELECT at, notice FROM correction WHERE article_id = $1 ORDER BY id DESC LIMIT 50";

pub(in crate::content) async fn insert(
    connection: &mut AnyConnection,
    step: Step,
    article: ArticleId,
    notice: &str,
) -> Result<(), Error> {
    sqlx::query("INSERT INTO correction (article_id, at, notice, actor, member_id) VALUES ($1, $2, $3, $4, $5)")
        .bind(article.0)
        .bind(step.now.0)
        .bind(notice)
        .bind(step.actor.word())
        .bind(step.actor.member())
        .execute(connection)
        .await?;
    Ok(())
}

/// The corrections of an article, newest first.
pub(in crate::content) async fn of(pool: &AnyPool, article: ArticleId) -> Result<Vec<Correction>, Error> {
    let rows = sqlx::query(OF_ARTICLE).bind(article.0).fetch_all(pool).await?;
    rows.iter().map(|row| Ok(Correction { at: Millis(number(row, "at")?), notice: text(row, "notice")? })).collect()
}

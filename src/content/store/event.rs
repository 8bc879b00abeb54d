//! The log of what happened. It is only ever added to; the database refuses anything else.

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, Row as _};

use super::{actor, number, text};
use crate::clock::Millis;
use crate::content::event::{Area, Event, EventFilter};
use crate::content::newsroom::Step;
use crate::content::{ArticleId, Error};

pub(in crate::content) use crate::content::event::Kind;

/// What an event tells of: the article, its revision, and the rest as JSON.
pub(in crate::content) type Subject = (Option<ArticleId>, Option<i64>, Value);

pub(in crate::content) async fn write(
    connection: &mut AnyConnection,
    step: Step,
    kind: Kind,
    (article, revision, detail): Subject,
) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO event (at, actor, member_id, kind, article_id, revision_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(step.now.0)
    .bind(step.actor.word())
    .bind(step.actor.member())
    .bind(kind.word())
    .bind(article.map(|id| id.0))
    .bind(revision)
    .bind(detail.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

macro_rules! events_query {
    ($($condition:literal),+) => {
        concat!(
            "SELECT id, at, actor, member_id, kind, article_id, detail FROM event WHERE ",
            $($condition,)+
            " id < $1 ORDER BY id DESC LIMIT $2"
        )
    };
}

/// Where several things are asked for at once, one is walked along and the others are looked at on the way.
macro_rules! and_the_rest {
    ($condition:literal) => {
        events_query!(
            $condition,
            " ($4 = 0 OR member_id = $4) AND ($5 = '' OR kind = $5) AND \
             ($6 = 0 OR ($6 = 1) = (article_id IS NOT NULL)) AND"
        )
    };
}

pub(super) const ALL: &str = events_query!("");
/// Most of what happens; the sign keeps SQLite from sorting what another index finds.
pub(super) const OF_ARTICLES: &str = events_query!("+article_id IS NOT NULL AND");
pub(super) const OF_SITE: &str = events_query!("article_id IS NULL AND");
pub(super) const OF_ARTICLE: &str = and_the_rest!("article_id = $3 AND");
pub(super) const OF_MEMBER: &str = and_the_rest!("member_id = $3 AND");
pub(super) const OF_KIND: &str = and_the_rest!("kind = $3 AND");

/// Events before `before`, newest first.
pub(in crate::content) async fn list(
    pool: &AnyPool,
    filter: EventFilter,
    before: Option<i64>,
    limit: u16,
) -> Result<Vec<Event>, Error> {
    let (area, article, member, kind) = match filter {
        EventFilter::All => (None, None, None, None),
        EventFilter::Article(id) => (None, Some(id), None, None),
        EventFilter::Member(id) => (None, None, Some(id), None),
        EventFilter::Kind(kind) => (None, None, None, Some(kind)),
        EventFilter::Matching { area, article, member, kind } => (area, article, member, kind),
    };
    let query = sqlx::query(match (article, member, kind) {
        (Some(_), _, _) => OF_ARTICLE,
        (None, Some(_), _) => OF_MEMBER,
        (None, None, Some(_)) => OF_KIND,
        (None, None, None) => match area {
            None => ALL,
            Some(Area::Articles) => OF_ARTICLES,
            Some(Area::Site) => OF_SITE,
        },
    });
    let query = query.bind(before.unwrap_or(i64::MAX)).bind(i64::from(limit));
    let query = match (article, member, kind) {
        (Some(article), ..) => query.bind(article.0),
        (None, Some(member), _) => query.bind(member),
        (None, None, Some(kind)) => query.bind(kind.word()),
        (None, None, None) => return query.fetch_all(pool).await?.iter().map(event).collect(),
    };
    // No member has the number 0.
    let query = query.bind(member.unwrap_or(0)).bind(kind.map_or("", Kind::word)).bind(match area {
        None => 0_i64,
        Some(Area::Articles) => 1,
        Some(Area::Site) => 2,
    });
    query.fetch_all(pool).await?.iter().map(event).collect()
}

fn event(row: &AnyRow) -> Result<Event, Error> {
    let word = text(row, "kind")?;
    Ok(Event {
        id: number(row, "id")?,
        at: Millis(number(row, "at")?),
        actor: actor(row)?,
        kind: Kind::from_word(&word),
        word,
        article: row.try_get::<Option<i64>, _>("article_id")?.map(ArticleId),
        detail: serde_json::from_str(&text(row, "detail")?).map_err(|_not_json| Error::Damaged("event"))?,
    })
}

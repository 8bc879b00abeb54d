//! Rows of articles, working copies and revisions, as the newsroom writes them.

use sqlx::{AnyConnection, Row as _};

use super::{actor, bind_fields, field_columns, fields, history, maybe_time, number, standing};
use crate::clock::Millis;
use crate::content::article::{Hands, Live, State, Times};
use crate::content::newsroom::{Saved, Step, WorkingCopy};
use crate::content::{ArticleId, Error, Fields, MediaId, Slug};

/// What the newsroom's rules need to know of an article.
#[derive(Clone, Debug)]
pub(in crate::content) struct Record {
    pub(in crate::content) slug: Option<Slug>,
    pub(in crate::content) state: State,
    pub(in crate::content) times: Option<Times>,
    pub(in crate::content) hands: Hands,
    pub(in crate::content) take_down: Option<Millis>,
    pub(in crate::content) pinned: bool,
}

/// What an article is after a publication.
#[derive(Clone, Debug)]
pub(in crate::content) struct LiveText {
    pub(in crate::content) state: State,
    pub(in crate::content) times: Times,
    pub(in crate::content) revision: i64,
    pub(in crate::content) category: Option<i64>,
    pub(in crate::content) list_media: Option<MediaId>,
    /// A plan to take it down before this moment is void.
    pub(in crate::content) void_before: Millis,
    pub(in crate::content) now: Millis,
}

/// The identity that an article has in the folder that it was imported from.
#[derive(Clone, Debug)]
pub(in crate::content) struct Imported {
    pub(in crate::content) id: ArticleId,
    pub(in crate::content) hash: String,
    pub(in crate::content) live: Live,
}

pub(in crate::content) async fn insert(
    connection: &mut AnyConnection,
    step: Step,
    written: &Fields,
) -> Result<ArticleId, Error> {
    let query = "INSERT INTO article (created_at, touched_at, author_id, desk_category_id) \
                 VALUES ($1, $1, $2, $3) RETURNING id";
    let id: i64 = sqlx::query_scalar(query)
        .bind(step.now.0)
        .bind(step.actor.member())
        .bind(written.category)
        .fetch_one(&mut *connection)
        .await?;
    let query = sqlx::query(concat!(
        "INSERT INTO working_copy (article_id, saved_at, actor, member_id, ",
        field_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    ))
    .bind(id)
    .bind(step.now.0)
    .bind(step.actor.word())
    .bind(step.actor.member());
    bind_fields!(query, written).execute(&mut *connection).await?;
    history::set_working_media(connection, ArticleId(id), &written.media()).await?;
    Ok(ArticleId(id))
}

/// The article, held against every other writer until the transaction ends. Writing a column as it is locks the row
/// on PostgreSQL; on SQLite the transaction already holds the one lock.
pub(in crate::content) async fn lock(connection: &mut AnyConnection, id: ArticleId) -> Result<Record, Error> {
    let row = sqlx::query(
        "UPDATE article SET created_at = created_at WHERE id = $1 RETURNING slug, live, working, review_stage, \
         approved, publish_at, discarded_at, first_published_at, published_at, modified_at, author_id, \
          submitter_id, first_reviewer_id, second_reviewer_id, take_down_at, pinned",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    let row = row.ok_or(Error::NotFound)?;
    Ok(Record {
        slug: standing::slug(&row)?,
        state: standing::state(&row)?,
        times: standing::times(&row)?,
        hands: standing::hands(&row)?,
        take_down: maybe_time(&row, "take_down_at")?,
        pinned: number(&row, "pinned")? == 1,
    })
}

pub(in crate::content) async fn working_copy(
    connection: &mut AnyConnection,
    id: ArticleId,
) -> Result<WorkingCopy, Error> {
    let row = sqlx::query(concat!(
        "SELECT version, unpublished, saved_at, actor, member_id, ",
        field_columns!(),
        " FROM working_copy WHERE article_id = $1"
    ))
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    let row = row.ok_or(Error::NotFound)?;
    Ok(WorkingCopy {
        version: number(&row, "version")?,
        unpublished: number(&row, "unpublished")? == 1,
        saved: Saved { at: Millis(number(&row, "saved_at")?), by: actor(&row)? },
        fields: fields(&row)?,
    })
}

pub(in crate::content) async fn save(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    (version, written): (i64, &Fields),
) -> Result<i64, Error> {
    let query = sqlx::query_scalar(concat!(
        "UPDATE working_copy SET version = version + 1, unpublished = 1, saved_at = $3, actor = $4, member_id = $5, (",
        field_columns!(),
        ") = ($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
         WHERE article_id = $1 AND version = $2 RETURNING version"
    ))
    .bind(id.0)
    .bind(version)
    .bind(step.now.0)
    .bind(step.actor.word())
    .bind(step.actor.member());
    let Some(version) = bind_fields!(query, written).fetch_optional(&mut *connection).await? else {
        return Err(Error::Conflict(Box::new(working_copy(connection, id).await?)));
    };
    sqlx::query("UPDATE article SET touched_at = $2, desk_category_id = $3 WHERE id = $1")
        .bind(id.0)
        .bind(step.now.0)
        .bind(written.category)
        .execute(&mut *connection)
        .await?;
    history::set_working_media(connection, id, &written.media()).await?;
    Ok(version)
}

pub(in crate::content) async fn set_live(
    connection: &mut AnyConnection,
    id: ArticleId,
    live: LiveText,
) -> Result<(), Error> {
    standing::set_working(connection, id, live.state.working, (live.now, None)).await?;
    sqlx::query(
        "UPDATE article SET live = $2, live_revision_id = $3, first_published_at = $4, published_at = $5, \
         modified_at = $6, category_id = $7, list_media_id = $8, withdrawn_at = NULL, withdrawal_notice = '', \
         take_down_at = CASE WHEN take_down_at <= $9 THEN NULL ELSE take_down_at END WHERE id = $1",
    )
    .bind(id.0)
    .bind(standing::live_word(live.state.live))
    .bind(live.revision)
    .bind(live.times.first_published.0)
    .bind(live.times.published.0)
    .bind(live.times.modified.0)
    .bind(live.category)
    .bind(live.list_media.as_ref().map(MediaId::as_str))
    .bind(live.void_before.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE working_copy SET unpublished = 0 WHERE article_id = $1").bind(id.0).execute(connection).await?;
    Ok(())
}

pub(in crate::content) async fn set_withdrawn(
    connection: &mut AnyConnection,
    id: ArticleId,
    state: State,
    (at, notice): (Millis, &str),
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE article SET live = $2, withdrawn_at = $3, withdrawal_notice = $4, take_down_at = NULL, \
         pinned = 0, touched_at = $3 WHERE id = $1",
    )
    .bind(id.0)
    .bind(standing::live_word(state.live))
    .bind(at.0)
    .bind(notice)
    .execute(connection)
    .await?;
    Ok(())
}

/// False: it already was so.
pub(in crate::content) async fn set_pinned(
    connection: &mut AnyConnection,
    id: ArticleId,
    pinned: bool,
) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE article SET pinned = $2 WHERE id = $1 AND pinned <> $2")
        .bind(id.0)
        .bind(i64::from(pinned))
        .execute(connection)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(in crate::content) async fn count_pinned(connection: &mut AnyConnection) -> Result<i64, Error> {
    let query = "SELECT COUNT(*) FROM article WHERE live = 'published' AND pinned = 1";
    Ok(sqlx::query_scalar(query).fetch_one(connection).await?)
}

pub(in crate::content) async fn set_slug(
    connection: &mut AnyConnection,
    id: ArticleId,
    slug: Option<&Slug>,
) -> Result<(), Error> {
    let outcome = sqlx::query("UPDATE article SET slug = $2 WHERE id = $1")
        .bind(id.0)
        .bind(slug.map(Slug::as_str))
        .execute(connection)
        .await;
    match (outcome, slug) {
        (Ok(_), _) => Ok(()),
        // Somebody else was faster.
        (Err(sqlx::Error::Database(error)), Some(slug)) if error.is_unique_violation() => {
            Err(Error::SlugTaken(slug.clone()))
        }
        (Err(error), _) => Err(error.into()),
    }
}

pub(in crate::content) async fn exists(connection: &mut AnyConnection, id: ArticleId) -> Result<bool, Error> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT id FROM article WHERE id = $1").bind(id.0).fetch_optional(connection).await?;
    Ok(found.is_some())
}

pub(in crate::content) async fn owner_of_slug(
    connection: &mut AnyConnection,
    slug: &Slug,
) -> Result<Option<ArticleId>, Error> {
    let id: Option<i64> = sqlx::query_scalar("SELECT id FROM article WHERE slug = $1")
        .bind(slug.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(id.map(ArticleId))
}

pub(in crate::content) async fn imported(
    connection: &mut AnyConnection,
    external_id: &str,
) -> Result<Option<Imported>, Error> {
    let row = sqlx::query("SELECT id, import_hash, live FROM article WHERE external_id = $1")
        .bind(external_id)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let hash: Option<String> = row.try_get("import_hash")?;
    Ok(Some(Imported {
        id: ArticleId(number(&row, "id")?),
        hash: hash.unwrap_or_default(),
        live: standing::live(&row)?,
    }))
}

pub(in crate::content) async fn set_imported(
    connection: &mut AnyConnection,
    id: ArticleId,
    external_id: &str,
    hash: &str,
) -> Result<(), Error> {
    sqlx::query("UPDATE article SET external_id = $2, import_hash = $3 WHERE id = $1")
        .bind(id.0)
        .bind(external_id)
        .bind(hash)
        .execute(connection)
        .await?;
    Ok(())
}

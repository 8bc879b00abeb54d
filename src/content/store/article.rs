//! Rows of articles, working copies and revisions, as the newsroom writes them.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::{bind_fields, field_columns, fields, maybe_time, number, text};
use crate::clock::Millis;
use crate::content::article::{Live, State, Times, Working};
use crate::content::newsroom::{Step, WorkingCopy};
use crate::content::{ArticleId, Error, Fields, MediaId, Slug};

/// What the newsroom's rules need to know of an article.
#[derive(Clone, Debug)]
pub(in crate::content) struct Record {
    pub(in crate::content) slug: Option<Slug>,
    pub(in crate::content) state: State,
    pub(in crate::content) times: Option<Times>,
}

/// What an article is after a publication.
#[derive(Clone, Debug)]
pub(in crate::content) struct LiveText {
    pub(in crate::content) state: State,
    pub(in crate::content) times: Times,
    pub(in crate::content) revision: i64,
    pub(in crate::content) category: Option<i64>,
    pub(in crate::content) list_media: Option<MediaId>,
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
    let id: i64 = sqlx::query_scalar("INSERT INTO article (created_at) VALUES ($1) RETURNING id")
        .bind(step.now.0)
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
    bind_fields!(query, written).execute(connection).await?;
    Ok(ArticleId(id))
}

/// The article, held against every other writer until the transaction ends. Writing a column as it is locks the row
/// on PostgreSQL; on SQLite the transaction already holds the one lock.
pub(in crate::content) async fn lock(connection: &mut AnyConnection, id: ArticleId) -> Result<Record, Error> {
    let row = sqlx::query(
        "UPDATE article SET created_at = created_at WHERE id = $1 \
         RETURNING slug, live, working, review_stage, publish_at, first_published_at, published_at, modified_at",
    )
    .bind(id.0)
    .fetch_optional(connection)
    .await?;
    record(&row.ok_or(Error::NotFound)?)
}

fn record(row: &AnyRow) -> Result<Record, Error> {
    let slug: Option<String> = row.try_get("slug")?;
    let working = match text(row, "working")?.as_str() {
        "draft" => Working::Draft,
        "in_review" => Working::InReview(number(row, "review_stage")?),
        "scheduled" => Working::Scheduled(Millis(number(row, "publish_at")?)),
        _ => return Err(Error::Damaged("article")),
    };
    Ok(Record {
        slug: slug.map(|slug| slug.parse().map_err(|_not_a_slug| Error::Damaged("slug"))).transpose()?,
        state: State { live: live(row)?, working },
        times: times(row)?,
    })
}

pub(super) fn live(row: &AnyRow) -> Result<Live, Error> {
    match text(row, "live")?.as_str() {
        "none" => Ok(Live::None),
        "published" => Ok(Live::Published),
        "withdrawn" => Ok(Live::Withdrawn),
        _ => Err(Error::Damaged("article")),
    }
}

fn live_word(live: Live) -> &'static str {
    match live {
        Live::None => "none",
        Live::Published => "published",
        Live::Withdrawn => "withdrawn",
    }
}

pub(super) fn times(row: &AnyRow) -> Result<Option<Times>, Error> {
    let first = maybe_time(row, "first_published_at")?;
    let published = maybe_time(row, "published_at")?;
    let modified = maybe_time(row, "modified_at")?;
    Ok(first.zip(published).zip(modified).map(|((first_published, published), modified)| Times {
        first_published,
        published,
        modified,
    }))
}

pub(in crate::content) async fn working_copy(
    connection: &mut AnyConnection,
    id: ArticleId,
) -> Result<WorkingCopy, Error> {
    let row = sqlx::query(concat!(
        "SELECT version, unpublished, ",
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
    match bind_fields!(query, written).fetch_optional(&mut *connection).await? {
        Some(version) => Ok(version),
        None => Err(Error::Conflict { version: working_copy(connection, id).await?.version }),
    }
}

/// Keeps the text for ever, with the pictures and attachments that it names.
pub(in crate::content) async fn insert_revision(
    connection: &mut AnyConnection,
    step: Step,
    id: ArticleId,
    written: &Fields,
) -> Result<i64, Error> {
    let number: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM revision WHERE article_id = $1")
        .bind(id.0)
        .fetch_one(&mut *connection)
        .await?;
    let query = sqlx::query_scalar(concat!(
        "INSERT INTO revision (article_id, number, reason, created_at, actor, member_id, ",
        field_columns!(),
        ") VALUES ($1, $2, 'publish', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
         RETURNING id"
    ))
    .bind(id.0)
    .bind(number)
    .bind(step.now.0)
    .bind(step.actor.word())
    .bind(step.actor.member());
    let revision: i64 = bind_fields!(query, written).fetch_one(&mut *connection).await?;
    let mut named = written.body.pictures();
    named.extend(written.body.attachments());
    named.extend(written.lead_media.iter().chain(&written.share.media).cloned());
    for media in named {
        sqlx::query("INSERT INTO revision_media (revision_id, media_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(revision)
            .bind(media.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(revision)
}

pub(in crate::content) async fn set_live(
    connection: &mut AnyConnection,
    id: ArticleId,
    live: LiveText,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE article SET live = $2, working = 'draft', review_stage = NULL, publish_at = NULL, \
         live_revision_id = $3, first_published_at = $4, published_at = $5, modified_at = $6, category_id = $7, \
         list_media_id = $8, withdrawn_at = NULL, withdrawal_notice = '' WHERE id = $1",
    )
    .bind(id.0)
    .bind(live_word(live.state.live))
    .bind(live.revision)
    .bind(live.times.first_published.0)
    .bind(live.times.published.0)
    .bind(live.times.modified.0)
    .bind(live.category)
    .bind(live.list_media.as_ref().map(MediaId::as_str))
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
         pinned = 0 WHERE id = $1",
    )
    .bind(id.0)
    .bind(live_word(state.live))
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
    Ok(Some(Imported { id: ArticleId(number(&row, "id")?), hash: hash.unwrap_or_default(), live: live(&row)? }))
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

//! The index for search: FTS5 on SQLite, a `tsvector` on PostgreSQL. Only what they are asked differs, not the order.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool};

use super::media::media_columns;
use super::{fields, number, reader};
use crate::content::search::{Terms, Tier, document, question};
use crate::content::{ArticleId, Error, Fields, Summary};
use crate::db::Engine;

/// Matches of one rank that are looked at, the newest by number; they are then put in the order of their dates.
const CANDIDATES: i64 = 400;
/// Results on a page.
pub(in crate::content) const ROWS: usize = 10;

/// The inner query walks the index from its end and stops; what is common costs no more than what is rare.
macro_rules! matches_query {
    ($hits:literal) => {
        concat!(
            "SELECT article.id, article.published_at FROM (",
            $hits,
            ") AS hit JOIN article ON article.id = hit.id WHERE article.live = 'published'"
        )
    };
}

const MATCHES_SQLITE: &str =
    matches_query!("SELECT rowid AS id FROM article_search WHERE article_search MATCH $1 ORDER BY rowid DESC LIMIT $2");
const MATCHES_POSTGRES: &str = matches_query!(
    "SELECT article_id AS id FROM article_search WHERE terms @@ CAST($1 AS tsquery) \
     ORDER BY article_id DESC LIMIT $2"
);

/// The articles of one rank, newest first.
pub(in crate::content) async fn matches(pool: &AnyPool, engine: Engine, tier: &Tier) -> Result<Vec<ArticleId>, Error> {
    let query = match engine {
        Engine::Sqlite => sqlx::query(MATCHES_SQLITE),
        // Not kept prepared: how to walk depends on how common the words are.
        Engine::Postgres => sqlx::query(MATCHES_POSTGRES).persistent(false),
    };
    let rows = query.bind(question(engine, tier)).bind(CANDIDATES).fetch_all(pool).await?;
    let dated = rows.iter().map(|row| Ok((number(row, "published_at")?, number(row, "id")?)));
    let mut dated = dated.collect::<Result<Vec<(i64, i64)>, Error>>()?;
    dated.sort_unstable_by(|one, other| other.cmp(one));
    Ok(dated.into_iter().map(|(_, id)| ArticleId(id)).collect())
}

/// A result before it is marked.
#[derive(Clone, Debug)]
pub(in crate::content) struct Found {
    pub(in crate::content) summary: Summary,
    pub(in crate::content) fields: Fields,
}

pub(super) const PAGE: &str = concat!(
    "SELECT article.id, article.slug, article.published_at, article.pinned, revision.headline, \
     revision.standfirst, revision.summary, revision.byline, revision.source, revision.editor, \
     revision.share_title, revision.moments_title, revision.share_text, revision.share_media_id, \
     revision.lead_media_id, revision.category_id, revision.tags, revision.body, \
     category.id AS joined_category_id, category.slug AS joined_category_slug, \
     category.name AS joined_category_name, ",
    media_columns!(),
    " FROM article JOIN revision ON revision.id = article.live_revision_id \
     LEFT JOIN category ON category.id = article.category_id \
     LEFT JOIN media ON media.id = article.list_media_id WHERE article.live = 'published' \
     AND article.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
);

/// The articles of a page, in the order of `ids`; one that was withdrawn in between is left out.
pub(in crate::content) async fn page(pool: &AnyPool, ids: &[ArticleId]) -> Result<Vec<Found>, Error> {
    let mut query = sqlx::query(PAGE);
    for place in 0..ROWS {
        query = query.bind(ids.get(place).map_or(0, |id| id.0));
    }
    let rows = query.fetch_all(pool).await?;
    let mut found = rows.iter().map(found).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|found| ids.iter().position(|id| *id == found.summary.id));
    Ok(found)
}

fn found(row: &AnyRow) -> Result<Found, Error> {
    Ok(Found { summary: reader::summary(row)?, fields: fields(row)? })
}

/// Makes an article be found by `terms`, and by nothing else.
pub(in crate::content) async fn index(
    connection: &mut AnyConnection,
    engine: Engine,
    id: ArticleId,
    terms: &Terms,
) -> Result<(), Error> {
    remove(connection, engine, id).await?;
    let statement = match engine {
        Engine::Sqlite => "INSERT INTO article_search (rowid, terms) VALUES ($1, $2)",
        Engine::Postgres => "INSERT INTO article_search (article_id, terms) VALUES ($1, CAST($2 AS tsvector))",
    };
    sqlx::query(statement).bind(id.0).bind(document(engine, terms)).execute(&mut *connection).await?;
    sqlx::query("UPDATE article SET indexed = 1 WHERE id = $1").bind(id.0).execute(connection).await?;
    Ok(())
}

/// Makes an article be found no longer.
pub(in crate::content) async fn remove(
    connection: &mut AnyConnection,
    engine: Engine,
    id: ArticleId,
) -> Result<(), Error> {
    let statement = match engine {
        Engine::Sqlite => "DELETE FROM article_search WHERE rowid = $1",
        Engine::Postgres => "DELETE FROM article_search WHERE article_id = $1",
    };
    sqlx::query(statement).bind(id.0).execute(&mut *connection).await?;
    sqlx::query("UPDATE article SET indexed = 0 WHERE id = $1").bind(id.0).execute(connection).await?;
    Ok(())
}

/// The engine that a connection speaks to.
pub(in crate::content) fn engine(connection: &AnyConnection) -> Engine {
    if connection.backend_name() == "PostgreSQL" { Engine::Postgres } else { Engine::Sqlite }
}

/// A published text that is not in the index.
#[derive(Clone, Debug)]
pub(in crate::content) struct Missing {
    pub(in crate::content) id: ArticleId,
    pub(in crate::content) revision: i64,
    pub(in crate::content) fields: Fields,
}

const MISSING: &str = concat!(
    "SELECT article.id, article.live_revision_id, ",
    "revision.headline, revision.standfirst, revision.summary, revision.byline, revision.source, revision.editor, \
     revision.share_title, revision.moments_title, revision.share_text, revision.share_media_id, \
     revision.lead_media_id, revision.category_id, revision.tags, revision.body \
     FROM article JOIN revision ON revision.id = article.live_revision_id \
     WHERE article.live = 'published' AND article.indexed = 0 ORDER BY article.id LIMIT $1"
);

pub(in crate::content) async fn missing(pool: &AnyPool, limit: u16) -> Result<Vec<Missing>, Error> {
    let rows = sqlx::query(MISSING).bind(i64::from(limit)).fetch_all(pool).await?;
    let missing = rows.iter().map(|row| {
        let (id, revision) = (ArticleId(number(row, "id")?), number(row, "live_revision_id")?);
        Ok(Missing { id, revision, fields: fields(row)? })
    });
    missing.collect()
}

/// Whether an article, held until the transaction ends, still waits to be indexed with this text.
pub(in crate::content) async fn is_missing(connection: &mut AnyConnection, missing: &Missing) -> Result<bool, Error> {
    let row = sqlx::query(
        "UPDATE article SET indexed = indexed WHERE id = $1 AND live = 'published' AND indexed = 0 \
         AND live_revision_id = $2 RETURNING id",
    )
    .bind(missing.id.0)
    .bind(missing.revision)
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

#[cfg(test)]
mod tests {
    use sqlx::Row as _;

    use super::*;
    use crate::config::DatabaseUrl;
    use crate::db::Db;

    async fn plan(query: &'static str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap();
        let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let rows = sqlx::query(plan).fetch_all(db.read()).await.unwrap();
        rows.iter().map(|row| row.try_get("detail").unwrap()).collect()
    }

    #[tokio::test]
    async fn a_question_walks_the_index_and_nothing_is_sorted() {
        let steps = plan(MATCHES_SQLITE).await;
        // M: the index is asked, 192: from its end; the rows that it answers are then looked up one by one.
        let walks = steps.iter().filter(|step| step.starts_with("SCAN"));
        assert!(
            walks.clone().all(|step| *step == "SCAN hit" || step.contains("VIRTUAL TABLE INDEX 192:M")),
            "{steps:#?}"
        );
        assert!(walks.count() > 0 && steps.iter().all(|step| !step.contains("TEMP B-TREE")), "{steps:#?}");
    }

    #[tokio::test]
    async fn what_is_missing_is_found_by_an_index_of_its_own() {
        let steps = plan(MISSING).await;
        assert!(steps.iter().any(|step| step.contains("INDEX article_unindexed")), "{steps:#?}");
    }
}

//! The plans of every question that a reader's page asks. On SQLite, whose plans follow from the schema and what
//! ANALYZE counted; PostgreSQL scans small tables by choice.

use sqlx::Row as _;

use super::super::list::{ALL, CATEGORY, MONTH, PINNED, TAG, UNDER_PINNED};
use super::super::{archive, around, attachment, correction, library, page, search, taxonomy};
use super::{BY_NUMBER, BY_SLUG, LAST, SITEMAP};
use crate::config::DatabaseUrl;
use crate::db::Db;

fn questions() -> Vec<&'static str> {
    let lists = [ALL, CATEGORY, TAG, MONTH, UNDER_PINNED].into_iter().flat_map(|list| [list.older, list.newer]);
    let around = [
        around::CANDIDATES,
        around::NEIGHBOURS_IN_CATEGORY,
        around::NEIGHBOURS_ON_SITE,
        around::SUMMARIES,
        correction::OF_ARTICLE,
        attachment::OF_REVISION,
    ];
    let others = [
        BY_SLUG,
        BY_NUMBER,
        SITEMAP,
        LAST,
        PINNED,
        archive::NEWEST_BEFORE,
        page::IN_FOOTER,
        page::BY_SLUG,
        page::PICTURES,
        page::ATTACHMENTS,
        attachment::IN_FOLDER,
        library::FORMER,
        search::PAGE,
        taxonomy::TAG,
    ];
    lists.chain(around).chain(others).collect()
}

async fn plan(db: &Db, query: &str) -> Vec<String> {
    let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
    let rows = sqlx::query(plan).fetch_all(db.read()).await.unwrap();
    rows.iter().map(|row| row.try_get("detail").unwrap()).collect()
}

async fn assert_every_plan_walks(db: &Db) {
    for query in questions() {
        let steps = plan(db, query).await;
        assert!(!steps.is_empty());
        for step in &steps {
            // Reading the few rows of a subselect that ends by itself.
            let scans = step.starts_with("SCAN") && !step.starts_with("SCAN walk");
            assert!(!scans && !step.contains("TEMP B-TREE"), "{query}: {steps:#?}");
        }
    }
    // Not the index of all dates, along which the next pinned article may be a million steps away.
    let pinned = plan(db, PINNED).await;
    assert!(pinned.iter().any(|step| step.contains("article_pinned")), "{pinned:#?}");
}

#[tokio::test]
async fn no_question_of_a_reader_scans_or_sorts_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap();

    assert_every_plan_walks(&db).await;
}

#[tokio::test]
async fn nor_does_it_when_there_are_many() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap();
    let mut transaction = db.begin().await.unwrap();
    for statement in [
        "INSERT INTO article (created_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n",
        "INSERT INTO category (slug, name, folded, position, created_at) SELECT 'c' || id, 'c', 'c' || id, id, 0 FROM article WHERE id < 100",
        "INSERT INTO tag (name, folded, created_at) SELECT 't', 't' || id, 0 FROM article WHERE id < 100",
        "INSERT INTO revision (article_id, number, reason, created_at, actor, headline) SELECT id, 1, 'publish', 0, 'system', 'h' FROM article",
        "UPDATE article SET live = 'published', live_revision_id = id, first_published_at = id, published_at = id, modified_at = id, category_id = 1 + id % 2, pinned = (id % 1000 = 0), slug = 's' || id",
        "INSERT INTO article_tag (tag_id, published_at, article_id, position) SELECT 1, id, id, 0 FROM article",
        "INSERT INTO correction (article_id, at, notice, actor) SELECT id, 0, 'n', 'system' FROM article",
        "INSERT INTO page (slug, title, position, modified_at) SELECT 'p' || id, 't', id, 0 FROM article WHERE id < 100",
        "ANALYZE",
    ] {
        sqlx::query(statement).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let db = Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap();

    assert_every_plan_walks(&db).await;
}

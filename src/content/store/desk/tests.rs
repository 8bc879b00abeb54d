//! The plans of the back office's lists. On SQLite, whose plans follow from the schema and what ANALYZE counted.

use super::super::{event, history, library, names, redirect, schedule, tags};
use super::{
    ALL, APPROVED, CHANGED, COUNTS_OF, DISCARDED, DRAFTS, IN_REVIEW, LEAVING, OF_AUTHOR, OF_CATEGORY, ONE, OVERDUE,
    PUBLISHED, SCHEDULED, SENT_BACK, UPCOMING, WITHDRAWN,
};
use crate::config::DatabaseUrl;
use crate::content::ArticleId;
use crate::db::Db;
use sqlx::Row as _;

/// Each question with the index that it must walk; none: a key.
const QUESTIONS: &[(&str, &str)] = &[
    (ONE, ""),
    (ALL, "article_touched"),
    (OF_AUTHOR, "article_author"),
    (OF_CATEGORY, "article_desk_category"),
    (DRAFTS, "article_live"),
    (IN_REVIEW, "article_working"),
    (APPROVED, "article_working"),
    (SCHEDULED, "article_working"),
    (PUBLISHED, "article_live"),
    (CHANGED, "article_live"),
    (WITHDRAWN, "article_live"),
    (DISCARDED, "article_discarded"),
    (UPCOMING, "article_scheduled"),
    (LEAVING, "article_take_down"),
    (SENT_BACK, "article_author"),
    (OVERDUE, "article_clock_failed"),
    (names::OF_FIFTY, ""),
    (COUNTS_OF, "article_"),
    (event::ALL, ""),
    (event::OF_ARTICLES, ""),
    (event::OF_SITE, "event_article"),
    (event::OF_ARTICLE, "event_article"),
    (event::OF_MEMBER, "event_member"),
    (event::OF_KIND, "event_kind"),
    (history::REVISIONS, ""),
    (schedule::TO_PUBLISH, "article_scheduled"),
    (schedule::TO_TAKE_DOWN, "article_take_down"),
    (library::LIST, "media_newest"),
    (library::FILES, "attachment_newest"),
    (library::IN_REVIEW, "working_media_media"),
    (library::ON_PAGES, "page_media_media"),
    (tags::ALL, ""),
    (redirect::ALL, ""),
];

#[tokio::test]
async fn every_list_walks_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let open = || async { Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap() };
    let db = open().await;
    let mut transaction = db.begin().await.unwrap();
    for statement in [
        // Of two rows the planner reads both rather than look one up, which says nothing about a site's categories.
        "INSERT INTO category (slug, name, folded, position, created_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) SELECT 'c' || i, 'c' || i, 'c' || i, i, 0 FROM n",
        "INSERT INTO article (created_at, touched_at, author_id, desk_category_id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i, i, i % 8, 1 + i % 40 FROM n",
        "INSERT INTO working_copy (article_id, saved_at, actor, headline, category_id) SELECT id, id, 'system', 'h', desk_category_id FROM article",
        "INSERT INTO revision (article_id, number, reason, created_at, actor, headline) SELECT id, 1, 'publish', 0, 'system', 'h' FROM article",
        "UPDATE article SET live = 'published', live_revision_id = id, first_published_at = id, published_at = id, modified_at = id WHERE id % 10 > 0",
        "INSERT INTO event (at, actor, member_id, kind, article_id) SELECT id, 'member', id % 8, 'saved', id FROM article",
        "ANALYZE",
    ] {
        sqlx::query(statement).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    db.close().await;
    let db = open().await;

    for (query, index) in QUESTIONS {
        let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let rows = sqlx::query(plan).fetch_all(db.read()).await.unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
        let scans = |step: &String| step.starts_with("SCAN") && !step.contains(index) || step.starts_with("USE TEMP");
        assert!(!steps.iter().any(scans), "{query}: {steps:#?}");
        assert!(steps.iter().any(|step| step.contains(index)), "{query} does not walk {index}: {steps:#?}");
    }
    assert_eq!(super::article(db.read(), ArticleId(1)).await.unwrap().hands.author, Some(1));
}

//! Sums of counts, the days they fall on, and the plans by which they are read. The plans on SQLite, as those of the
//! lists.

use sqlx::Row as _;

use super::{BY_ARTICLE, BY_DAY, BY_DAY_OF_ARTICLE, CONFIGS, ConfigResult, ConfigTally, Days, Tally, date, number};
use crate::config::DatabaseUrl;
use crate::db::Db;

#[test]
fn a_day_has_the_number_that_is_stored() {
    assert_eq!(number(date(1970, 1, 1)), 0);
    assert_eq!(number(date(2026, 9, 21)), 20_717);
    assert_eq!(number(date(1969, 12, 31)), -1);
}

#[test]
fn days_are_counted_with_both_ends() {
    let week = Days::up_to(date(2026, 3, 2), 7);
    assert_eq!((week.first, week.count()), (date(2026, 2, 24), 7));
    assert_eq!(week.before(), Days { first: date(2026, 2, 17), last: date(2026, 2, 23) });
    assert_eq!(week.each().count(), 7);
    assert_eq!(Days::between(date(2026, 3, 2), date(2026, 3, 1)), None);
    assert_eq!(Days::between(date(2026, 3, 1), date(2026, 3, 1)).map(Days::count), Some(1));
}

#[test]
fn what_named_no_origin_was_opened_directly() {
    let tally = Tally { views: 10, chat: 3, group: 2, moments: 1, other: 1 };
    assert_eq!(tally.direct(), 3);
    assert_eq!(Tally { views: 1, chat: 5, ..tally }.direct(), 0);
}

#[test]
fn a_reader_who_recovered_is_one_reader_and_a_failure_is_never_rounded_away() {
    let tally = ConfigTally::default()
        .with(ConfigResult::Ok, 995)
        .with(ConfigResult::InvalidSignature, 5)
        .with(ConfigResult::Recovered, 4);
    assert_eq!((tally.readers(), tally.succeeded(), tally.per_mille()), (1000, 999, Some(999)));
    assert_eq!(tally.commonest_failure(), Some((ConfigResult::InvalidSignature, 5)));
    let nearly = ConfigTally::default().with(ConfigResult::Ok, 99_999).with(ConfigResult::SdkMissing, 1);
    assert_eq!(nearly.per_mille(), Some(999));
    assert_eq!(ConfigTally::default().per_mille(), None);
}

#[tokio::test]
async fn no_sum_walks_through_days_that_nobody_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let open = || async { Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap() };
    let db = open().await;
    let mut transaction = db.begin().await.unwrap();
    for statement in [
        "INSERT INTO reader_count (day, article_id, measure, count) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) SELECT i % 900, i / 900, 'view', 1 FROM n",
        "INSERT INTO config_count (hour, account, result, count) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i, 'official', 'config.ok', 1 FROM n",
        "ANALYZE",
    ] {
        sqlx::query(statement).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    db.close().await;
    let db = open().await;

    for query in [BY_ARTICLE, BY_DAY, BY_DAY_OF_ARTICLE, CONFIGS] {
        let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let rows = sqlx::query(plan).fetch_all(db.read()).await.unwrap();
        let steps: Vec<String> = rows.iter().map(|row| row.try_get("detail").unwrap()).collect();
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{query}: {steps:#?}");
    }
}

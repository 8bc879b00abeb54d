//! The schema: the same on both engines, brought up by one process while others wait, and never opened by a program
//! that is older than it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use sqlx::Row as _;
use wxpress::config::{DatabaseUrl, Secret};
use wxpress::db::{Db, Engine, Error};

use crate::database::{TestDatabase, server};

#[tokio::test]
async fn several_processes_may_start_at_once() {
    let database = TestDatabase::new().await;

    let opened = join_all((0..6).map(|_| Db::open(&database.url, database.data_dir()))).await;

    for db in opened {
        db.unwrap().ping().await.unwrap();
    }
}

#[tokio::test]
async fn opening_again_changes_nothing() {
    let database = TestDatabase::new().await;
    let applied = async |db: &Db| {
        let rows = sqlx::query("SELECT COUNT(*) FROM _sqlx_migrations").fetch_one(db.read()).await.unwrap();
        rows.try_get::<i64, _>(0).unwrap()
    };

    let first = applied(&database.open().await).await;

    assert_eq!(applied(&database.open().await).await, first);
}

#[tokio::test]
async fn an_older_program_refuses_a_newer_schema() {
    let database = TestDatabase::new().await;
    let db = database.open().await;
    let mut transaction = db.begin().await.unwrap();
    let statement = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'from the future', TRUE, $1, 0)";
    sqlx::query(statement).bind(vec![0_u8]).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();

    let error = Db::open(&database.url, database.data_dir()).await.unwrap_err();

    assert!(matches!(error, Error::NewerSchema { found: 9999, .. }), "{error}");
    assert!(error.to_string().contains("newer wxpress"), "{error}");
}

#[tokio::test]
async fn an_unreachable_server_is_named_without_its_password() {
    let url = DatabaseUrl::Postgres(Secret::new("postgres://editor:s3cret@127.0.0.1:1/news".to_owned()));

    let error = Db::open(&url, std::env::temp_dir().as_path()).await.unwrap_err();

    let shown = format!("{error} {error:?}");
    assert!(shown.contains("postgres://127.0.0.1:1/news"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn readers_of_a_sqlite_file_cannot_write_and_lose_nothing() {
    let database = TestDatabase::new().await;
    let db = database.open().await;
    if db.engine() == Engine::Postgres {
        return;
    }
    let pragma = async |name: &'static str| {
        let row = sqlx::query(name).fetch_one(db.read()).await.unwrap();
        row.try_get::<i64, _>(0).map(|number| number.to_string()).or_else(|_| row.try_get::<String, _>(0)).unwrap()
    };

    assert_eq!(pragma("PRAGMA journal_mode").await, "wal");
    assert_eq!(pragma("PRAGMA synchronous").await, "2");
    assert_eq!(pragma("PRAGMA foreign_keys").await, "1");
    assert_eq!(pragma("PRAGMA trusted_schema").await, "0");
    assert_eq!(pragma("PRAGMA busy_timeout").await, "5000");
    assert!(sqlx::query("DELETE FROM tag").execute(db.read()).await.is_err());
}

/// One column as both engines can tell of it: its kind, and whether it may be empty.
type Columns = BTreeMap<String, (String, bool)>;

/// What a schema consists of, in words that both engines share.
#[derive(Debug, Default, PartialEq, Eq)]
struct Schema {
    tables: BTreeMap<String, Columns>,
    indexes: BTreeSet<String>,
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    if server().is_none() {
        // The comparison needs both; it runs with the suite's second half, on PostgreSQL.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Db::open(&DatabaseUrl::Sqlite(folder.path().join("site.db")), folder.path()).await.unwrap();
    let postgres = TestDatabase::new().await.open().await;

    let (one, other) = (sqlite_schema(&sqlite).await, postgres_schema(&postgres).await);

    assert_eq!(one.tables.keys().collect::<Vec<_>>(), other.tables.keys().collect::<Vec<_>>());
    for (table, columns) in &one.tables {
        assert_eq!(Some(columns), other.tables.get(table), "table {table}");
    }
    assert_eq!(one.indexes, other.indexes);
}

/// Rows of `N` texts.
async fn rows<const N: usize>(db: &Db, query: &'static str) -> Vec<[String; N]> {
    let rows = sqlx::query(query).fetch_all(db.read()).await.unwrap();
    rows.iter().map(|row| std::array::from_fn(|index| row.try_get(index).unwrap())).collect()
}

async fn sqlite_schema(db: &Db) -> Schema {
    // A number as a key is declared INTEGER in SQLite, whatever its size.
    let columns = rows(
        db,
        "SELECT m.name, c.name, CASE WHEN c.pk > 0 AND c.type = 'INTEGER' THEN 'bigint' ELSE lower(c.type) END, \
         CAST(c.\"notnull\" AS TEXT) FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
    );
    let indexes = rows(db, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
    schema(columns.await, indexes.await)
}

async fn postgres_schema(db: &Db) -> Schema {
    let columns = rows(
        db,
        "SELECT table_name::text, column_name::text, data_type::text, \
         CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END \
         FROM information_schema.columns WHERE table_schema = 'public'",
    );
    // Those that a constraint made have names of the engine's own.
    let indexes = rows(
        db,
        "SELECT i.relname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid \
         JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = 'public' \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)",
    );
    schema(columns.await, indexes.await)
}

fn schema(columns: Vec<[String; 4]>, indexes: Vec<[String; 1]>) -> Schema {
    let mut schema = Schema { indexes: indexes.into_iter().flatten().collect(), ..Schema::default() };
    schema.indexes.remove("article_search_terms");
    for [table, column, kind, not_null] in columns {
        // The full-text index is each engine's own.
        if table != "_sqlx_migrations" && !table.starts_with("article_search") {
            schema.tables.entry(table).or_default().insert(column, (kind, not_null == "0"));
        }
    }
    schema
}

//! A fresh database and media folder for every test, on the engine that `TEST_DATABASE_URL` names: a SQLite file when
//! it is not set, else a database of its own on that PostgreSQL server.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::{AnyConnection, Connection as _, Row as _};
use tempfile::TempDir;
use wxpress::clock::{Clock, Millis};
use wxpress::config::{DatabaseUrl, Secret};
use wxpress::content::{Actor, ArticleId, Content, Fields, Html};
use wxpress::db::Db;

/// Noon in Shanghai on the first day of 2026: the time at which every test begins.
pub(crate) const NOON: Millis = Millis(1_767_240_000_000);

/// An empty database that nobody has opened yet.
pub(crate) struct TestDatabase {
    pub(crate) url: DatabaseUrl,
    folder: TempDir,
}

impl TestDatabase {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match server() {
            None => DatabaseUrl::Sqlite(folder.path().join("site.db")),
            Some(server) => DatabaseUrl::Postgres(Secret::new(new_database(&server).await)),
        };
        Self { url, folder }
    }

    pub(crate) async fn open(&self) -> Db {
        Db::open(&self.url, self.data_dir()).await.unwrap()
    }

    /// The address as settings have it.
    pub(crate) fn address(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.expose().clone(),
        }
    }

    pub(crate) fn data_dir(&self) -> &Path {
        self.folder.path()
    }
}

#[expect(clippy::disallowed_methods, reason = "the suite is told from outside which engine it runs on")]
pub(crate) fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

async fn new_database(server: &str) -> String {
    sqlx::any::install_default_drivers();
    let name = format!("test_{}", hex::encode(rand::random::<[u8; 8]>()));
    let mut connection = AnyConnection::connect(server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let (address, _) = server.rsplit_once('/').unwrap();
    format!("{address}/{name}")
}

/// A site's content at a time that the test moves.
pub(crate) struct TestContent {
    pub(crate) content: Content,
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    database: TestDatabase,
}

impl TestContent {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let db = database.open().await;
        let clock = Clock::fixed(NOON);
        let content = Content::new(db.clone(), database.data_dir().join("media"), clock.clone());
        Self { content, db, clock, database }
    }

    /// A folder that belongs to the test.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.database.data_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub(crate) fn media_folder(&self) -> PathBuf {
        self.database.data_dir().join("media")
    }

    /// A minute goes by.
    pub(crate) fn wait_a_minute(&self) {
        self.clock.advance(Duration::from_mins(1));
    }

    /// An article that readers see.
    pub(crate) async fn published(&self, fields: Fields) -> ArticleId {
        let id = self.content.create(Actor::Member(1), fields).await.unwrap();
        self.content.publish(Actor::Member(1), id, None).await.unwrap();
        id
    }

    /// The first column of every row, as numbers.
    pub(crate) async fn numbers(&self, query: &'static str) -> Vec<i64> {
        let rows = sqlx::query(query).fetch_all(self.db.read()).await.unwrap();
        rows.iter().map(|row| row.try_get::<i64, _>(0).unwrap()).collect()
    }

    /// The first column of every row, as texts.
    pub(crate) async fn texts(&self, query: &'static str) -> Vec<String> {
        let rows = sqlx::query(query).fetch_all(self.db.read()).await.unwrap();
        rows.iter().map(|row| row.try_get::<String, _>(0).unwrap()).collect()
    }
}

/// What an editor writes in a minute.
pub(crate) fn written(headline: &str) -> Fields {
    Fields {
        headline: headline.to_owned(),
        body: Html::clean(&format!("<p>{headline}的正文。</p>")),
        ..Fields::default()
    }
}

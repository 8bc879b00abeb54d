//! Opening: connect, bring the schema up to date, then hand out pools whose connections are set up alike.

use std::path::Path;
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, AnyPool, Connection};
use url::Url;

use super::lock::create_folder;
use super::{DataDirLock, Db, Engine, Error};
use crate::config::DatabaseUrl;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Every SQLite connection. FULL: what was acknowledged survives a power cut.
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                              PRAGMA trusted_schema = OFF;";
/// SQLite connections of the reading pool, besides the above.
const SQLITE_READER: &str = "PRAGMA query_only = ON;";
/// Before the schema exists: the journal mode is a property of the file.
const SQLITE_CREATE: &str = "PRAGMA journal_mode = WAL;";

/// Reading connections of one process to SQLite: a few more than cores of a small server.
const SQLITE_READERS: u32 = 6;
/// Connections of one process to PostgreSQL, whose default limit is 100 for all.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a request waits for a connection before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// What has a meaning of its own in a SQLite address.
const IN_PATH: &AsciiSet = &CONTROLS.add(b'?').add(b'#').add(b'%').add(b' ').add(b'"').add(b'<').add(b'>');

impl Db {
    /// Opens the database, creating the SQLite file and its folder when missing, and applies pending migrations.
    /// Several processes may do so at once; one migrates, the others wait.
    pub async fn open(url: &DatabaseUrl, data_dir: &Path) -> Result<Self, Error> {
        sqlx::any::install_default_drivers();
        match url {
            DatabaseUrl::Sqlite(path) => sqlite(path, data_dir).await,
            DatabaseUrl::Postgres(address) => postgres(address.expose()).await,
        }
    }
}

async fn sqlite(path: &Path, data_dir: &Path) -> Result<Db, Error> {
    let database = path.display().to_string();
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        create_folder(folder)?;
    }
    let address = format!("sqlite://{}?mode=rwc", utf8_percent_encode(&path.to_string_lossy(), IN_PATH));
    {
        let _lock = DataDirLock::acquire(data_dir).await?;
        migrate(&SQLITE, &address, &database, Some(SQLITE_CREATE)).await?;
    }
    let pool = |connections, extra| sqlite_pool(connections, extra, &address, &database);
    Ok(Db { engine: Engine::Sqlite, writer: pool(1, "").await?, reader: pool(SQLITE_READERS, SQLITE_READER).await? })
}

async fn sqlite_pool(connections: u32, extra: &'static str, address: &str, database: &str) -> Result<AnyPool, Error> {
    let options = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        // A file does not hang up, but see `is_usable`.
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(is_usable(connection)))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(SQLITE_PRAGMAS).execute(&mut *connection).await?;
                sqlx::raw_sql(extra).execute(&mut *connection).await?;
                Ok(())
            })
        });
    options.connect(address).await.map_err(|source| Error::Connect { database: database.to_owned(), source })
}

/// Whether a connection of the pool can be handed out; otherwise the pool opens another in its place. When the disk is
/// full, SQLite ends the transaction by itself; rolling it back fails then, and the driver goes on counting it as open.
/// Nothing could be written over such a connection ever again.
async fn is_usable(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    // What was given up has been rolled back when this is answered; it is not when whoever rolls back has died.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

async fn postgres(address: &str) -> Result<Db, Error> {
    let database = without_credentials(address);
    // sqlx takes an advisory lock on the server while it migrates.
    migrate(&POSTGRES, address, &database, None).await?;
    let pool = AnyPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect(address)
        .await
        .map_err(|source| Error::Connect { database, source })?;
    Ok(Db { engine: Engine::Postgres, reader: pool.clone(), writer: pool })
}

/// Applies pending migrations over a connection of its own; closing it releases the server's lock in any case.
async fn migrate(migrator: &Migrator, address: &str, database: &str, first: Option<&'static str>) -> Result<(), Error> {
    let failed = |source| Error::Connect { database: database.to_owned(), source };
    let mut connection = AnyConnection::connect(address).await.map_err(failed)?;
    if let Some(first) = first {
        sqlx::raw_sql(first).execute(&mut connection).await.map_err(failed)?;
    }
    let outcome = migrator.run_direct(None, &mut connection, false).await;
    connection.close().await.map_err(failed)?;
    outcome.map_err(|source| explain(source, migrator, database))
}

fn explain(source: MigrateError, migrator: &Migrator, database: &str) -> Error {
    let database = database.to_owned();
    let known = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
    match source {
        MigrateError::VersionMissing(found) if found > known => Error::NewerSchema { database, found, known },
        source => Error::Migrate { database, source },
    }
}

/// The address as it may be shown: no user, no password, no parameters.
fn without_credentials(address: &str) -> String {
    let Ok(url) = Url::parse(address) else { return "at the address of database.url".to_owned() };
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("postgres://{host}:{port}{}", url.path()),
        None => format!("postgres://{host}{}", url.path()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let shown =
            without_credentials("postgres://editor:s3cret@db.example:5433/news?password=s3cret&sslmode=require");
        assert_eq!(shown, "postgres://db.example:5433/news");
        assert!(!without_credentials("s3cret").contains("s3cret"));
    }

    #[test]
    fn both_engines_have_the_same_migrations() {
        let names = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|migration| (migration.version, migration.description.to_string())).collect()
        };
        assert_eq!(names(&SQLITE), names(&POSTGRES));
    }
}

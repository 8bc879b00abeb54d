//! The door to the database: pools, pragmas, migrations and what differs between the two engines.
//!
//! SQLite has one writer connection per process beside a pool that can only read, because its write lock is one and
//! waiting for it in a queue of our own is cheaper than in SQLite's. PostgreSQL has one pool for both. The statements
//! themselves are the same text for both engines and live with the modules that ask.

mod lock;
mod open;

use std::path::PathBuf;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Transaction};

pub use lock::DataDirLock;

/// Why the database cannot be used. No text holds the password of an address.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder or the lock file in it.
    #[error("cannot use {path}: {source}")]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process has held the data directory's lock for too long.
    #[error("{0} has been locked by another wxpress for a minute. If none is starting, stop the one that hangs")]
    Locked(PathBuf),
    /// The server or file does not answer.
    #[error("cannot open the database {database}: {source}")]
    Connect {
        /// The address without user and password.
        database: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// A newer program has been here.
    #[error(
        "the database {database} belongs to a newer wxpress (schema {found}, this program knows {known}). \
         Start the newer program, or restore a backup made with this one"
    )]
    NewerSchema {
        /// The address without user and password.
        database: String,
        /// The schema that was found.
        found: i64,
        /// The newest schema of this program.
        known: i64,
    },
    /// A migration failed; the database is as it was before it.
    #[error("cannot bring the database {database} to this program's schema: {source}")]
    Migrate {
        /// The address without user and password.
        database: String,
        /// What the driver said.
        source: sqlx::migrate::MigrateError,
    },
}

/// The two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database whose schema is this program's. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    reader: AnyPool,
    writer: AnyPool,
}

impl Db {
    /// Which engine this is, for the few statements that differ.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Where statements that only read run.
    pub fn read(&self) -> &AnyPool {
        &self.reader
    }

    /// Starts a transaction that may write. On SQLite it holds the write lock from here on, so that what it reads
    /// cannot change before it writes.
    pub async fn begin(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        match self.engine {
            Engine::Sqlite => self.writer.begin_with("BEGIN IMMEDIATE").await,
            Engine::Postgres => self.writer.begin().await,
        }
    }

    /// A connection that may write, for a single statement; on SQLite the one that all writing goes through.
    pub async fn writer(&self) -> Result<PoolConnection<Any>, sqlx::Error> {
        self.writer.acquire().await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.reader).await.map(drop)
    }

    /// Ends all connections; on SQLite this also folds the write-ahead log back into the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

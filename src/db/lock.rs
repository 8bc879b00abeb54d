//! The lock on the data directory: one process at a time migrates the schema and creates keys.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::Error;

/// How long a start waits for another process that is starting.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often it looks.
const PAUSE: Duration = Duration::from_millis(25);

/// Held while something in the data directory is created; dropping it lets the next process in.
#[derive(Debug)]
pub struct DataDirLock {
    _file: File,
}

impl DataDirLock {
    /// Creates the folder when missing and waits until no other process holds its lock.
    pub async fn acquire(data_dir: &Path) -> Result<Self, Error> {
        create_folder(data_dir)?;
        let path = data_dir.join("wxpress.lock");
        let failed = |source| Error::Folder { path: path.clone(), source };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(source)) => return Err(failed(source)),
                Err(TryLockError::WouldBlock) if waited >= PATIENCE => return Err(Error::Locked(path)),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            }
            waited = waited.saturating_add(PAUSE);
        }
    }
}

/// Creates a folder and its parents; what the site owns is nobody else's to read.
pub(super) fn create_folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| Error::Folder { path: path.to_owned(), source })
}

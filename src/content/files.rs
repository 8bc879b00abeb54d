//! Pictures and attachments on disk: `<media>/<two digits>/<id>/<file>`. Each appears whole or not at all.
//!
//! A row is written after its files and goes before them, so a process that dies in between leaves files that no row
//! names. [`Files::set_aside`] takes such a folder away, and never one that somebody is about to name: whoever finds
//! the files that they would write makes the folder as new again, and what has become new on its way out comes back.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::media::MediaId;
use crate::clock::{Clock, Millis};

/// What is being written, and is named by no row yet.
const UNFINISHED: &str = ".unfinished-";
/// What is being removed.
const REMOVED: &str = ".removed-";
/// Where lies what no row names, until it is gone for good.
const ASIDE: &str = ".unnamed";
/// Nothing that is younger is left over: it may be on its way, in another process too.
const YOUNG: Duration = Duration::from_hours(24);
/// How long what was set aside can still be had back, by somebody who started the wrong database.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// The media folder.
#[derive(Clone, Debug)]
pub(super) struct Files {
    folder: PathBuf,
    clock: Clock,
}

impl Files {
    pub(super) fn new(folder: PathBuf, clock: Clock) -> Self {
        Self { folder, clock }
    }

    /// Where a file lies. `file` is one of the names that this program gives, never what somebody wrote.
    pub(super) fn path(&self, id: &MediaId, file: &str) -> PathBuf {
        self.home(id).join(file)
    }

    fn home(&self, id: &MediaId) -> PathBuf {
        self.folder.join(id.shelf()).join(id.as_str())
    }

    /// A file without a name for what is on its way here: it takes no room any more once it is closed, however the
    /// program ends. Blocks.
    pub(super) fn incoming(&self) -> io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        tempfile::tempfile_in(&self.folder)
    }

    /// Writes all files of a picture or attachment and returns when they are on the disk itself. Blocks.
    pub(super) fn store(&self, id: &MediaId, files: &[(impl Display, Vec<u8>)]) -> io::Result<()> {
        self.fill(id, |folder| {
            for (name, bytes) in files {
                let mut file = File::create_new(folder.join(name.to_string()))?;
                file.write_all(bytes)?;
                file.sync_all()?;
            }
            Ok(())
        })
    }

    /// The same for a file that is too large for the memory.
    pub(super) fn store_copy(&self, id: &MediaId, name: &str, source: &mut File) -> io::Result<()> {
        self.fill(id, |folder| {
            source.rewind()?;
            let mut file = File::create_new(folder.join(name))?;
            io::copy(source, &mut file)?;
            file.sync_all()
        })
    }

    /// Fills a folder under another name and then renames it, so that no reader meets half a picture.
    fn fill(&self, id: &MediaId, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
        let home = self.home(id);
        match self.make_new(&home) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => return done,
        }
        let shelf = self.folder.join(id.shelf());
        fs::create_dir_all(&shelf)?;
        let unfinished = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(&shelf)?;
        write(unfinished.path())?;
        sync_folder(unfinished.path())?;
        match fs::rename(unfinished.path(), &home) {
            Ok(()) => {}
            // Another process has stored the same picture in the meantime.
            Err(_) if home.is_dir() => {}
            Err(error) => return Err(error),
        }
        sync_folder(&shelf)?;
        sync_folder(&self.folder)
    }

    /// Removes all files of a picture: first the name by which they are found, then the files. Blocks.
    pub(super) fn remove(&self, id: &MediaId) -> io::Result<()> {
        let shelf = self.folder.join(id.shelf());
        let away = tempfile::Builder::new().prefix(REMOVED).tempdir_in(&shelf)?;
        match fs::rename(self.home(id), away.path().join(id.as_str())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        away.close()
    }
}

impl Files {
    /// The shelves that there may be.
    pub(super) fn shelves() -> impl Iterator<Item = String> {
        (0..=u8::MAX).map(|shelf| hex::encode([shelf]))
    }

    /// The folders on a shelf. What was left half written or half removed there goes. Blocks.
    pub(super) fn on_shelf(&self, shelf: &str) -> io::Result<Vec<MediaId>> {
        let mut found = Vec::new();
        for entry in entries(&self.folder.join(shelf))? {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if let Ok(id) = name.parse() {
                found.push(id);
            } else if (name.starts_with(UNFINISHED) || name.starts_with(REMOVED)) && !self.is_young(&entry.path())? {
                tracing::info!(folder = %entry.path().display(), "what a process that died was working on is removed");
                remove_all(&entry.path())?;
            }
        }
        Ok(found)
    }

    /// Takes a folder that no row names away from the readers, unless it is young. True: it is away. Blocks.
    pub(super) fn set_aside(&self, id: &MediaId) -> io::Result<bool> {
        let home = self.home(id);
        if self.is_young(&home)? {
            return Ok(false);
        }
        let aside = self.folder.join(ASIDE);
        fs::create_dir_all(&aside)?;
        let away = aside.join(id.as_str());
        remove_all(&away)?;
        match fs::rename(&home, &away) {
            // Another process does the same.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            renamed => renamed?,
        }
        if self.is_young(&away)? {
            self.bring_back(id)?;
            return Ok(false);
        }
        self.make_new(&away)?;
        Ok(true)
    }

    /// Puts back what was set aside: somebody has named it after all. Blocks.
    pub(super) fn bring_back(&self, id: &MediaId) -> io::Result<()> {
        match fs::rename(self.folder.join(ASIDE).join(id.as_str()), self.home(id)) {
            // The same files have come there meanwhile.
            Err(_) if self.home(id).is_dir() => Ok(()),
            renamed => renamed,
        }
    }

    /// Removes what was set aside long ago. Blocks.
    pub(super) fn forget_aside(&self) -> io::Result<()> {
        for entry in entries(&self.folder.join(ASIDE))? {
            if self.age(&entry.path())?.is_some_and(|age| age > KEPT) {
                remove_all(&entry.path())?;
            }
        }
        Ok(())
    }

    /// As if it had just been written.
    fn make_new(&self, folder: &Path) -> io::Result<()> {
        let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(self.clock.now().0).unwrap_or_default());
        File::open(folder)?.set_modified(now)
    }

    fn is_young(&self, folder: &Path) -> io::Result<bool> {
        Ok(self.age(folder)?.is_none_or(|age| age <= YOUNG))
    }

    /// How long ago a folder was written; none: it is not there.
    fn age(&self, folder: &Path) -> io::Result<Option<Duration>> {
        match fs::metadata(folder).and_then(|found| found.modified()) {
            Ok(modified) => Ok(Some(self.clock.now().since(millis(modified)))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn millis(moment: SystemTime) -> Millis {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// What is in a folder; nothing in one that is not there.
fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Removes a folder, if it is there.
fn remove_all(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the names in a folder survive a power cut.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

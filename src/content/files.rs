//! Pictures and attachments on disk: `<media>/<two digits>/<id>/<file>`. Each appears whole or not at all.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::media::MediaId;

/// The media folder.
#[derive(Clone, Debug)]
pub(super) struct Files {
    folder: PathBuf,
}

impl Files {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
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
        if home.is_dir() {
            return Ok(());
        }
        let shelf = self.folder.join(id.shelf());
        fs::create_dir_all(&shelf)?;
        let unfinished = tempfile::Builder::new().prefix(".unfinished-").tempdir_in(&shelf)?;
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
        let away = tempfile::Builder::new().prefix(".removed-").tempdir_in(&shelf)?;
        match fs::rename(self.home(id), away.path().join(id.as_str())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        away.close()
    }
}

/// Makes the names in a folder survive a power cut.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

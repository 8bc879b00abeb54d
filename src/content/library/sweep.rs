//! Files that no row names: what a process that died has left behind. Readers get them no longer.

use std::collections::HashSet;

use crate::content::files::Files;
use crate::content::media::MediaId;
use crate::content::{Content, Error, store};

impl Content {
    /// Takes what no row names away from the media folder, but for what may be on its way into it; returns how many
    /// folders. What is taken away lies in `.unnamed` for a week, because the database may be the wrong one.
    pub async fn sweep_media(&self) -> Result<usize, Error> {
        let mut swept = 0;
        for shelf in Files::shelves() {
            let there = {
                let shelf = shelf.clone();
                self.with_files(move |files| files.on_shelf(&shelf)).await?
            };
            if there.is_empty() {
                continue;
            }
            let named: HashSet<MediaId> = store::library::folders(self.db.read(), &shelf).await?.into_iter().collect();
            for id in there.into_iter().filter(|id| !named.contains(id)) {
                if self.set_aside(id).await? {
                    swept += 1;
                }
            }
        }
        self.with_files(Files::forget_aside).await?;
        Ok(swept)
    }

    async fn set_aside(&self, id: MediaId) -> Result<bool, Error> {
        let away = id.clone();
        if !self.with_files(move |files| files.set_aside(&away)).await? {
            return Ok(false);
        }
        // Whoever found the files before they went has named them by now, or finds that they are gone.
        if store::library::is_folder(self.db.read(), &id).await? {
            self.with_files(move |files| files.bring_back(&id)).await?;
            return Ok(false);
        }
        tracing::info!(folder = id.as_str(), "files that nothing names lie in .unnamed, and are removed in a week");
        Ok(true)
    }

    async fn with_files<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let files = self.files.clone();
        Ok(tokio::task::spawn_blocking(move || work(&files)).await.map_err(|_panicked| Error::Stopping)??)
    }
}

//! Taking pictures in, and finding them again.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::media::picture::{self, Prepared};
use super::media::{FileName, Media, MediaId, Unfit};
use super::{Content, Error, store};

impl Content {
    /// A stored picture.
    pub async fn media(&self, id: &MediaId) -> Result<Media, Error> {
        store::media::find(self.db.read(), id).await?.ok_or(Error::NotFound)
    }

    /// Where a picture's file lies on disk, whether or not it exists: both parts are checked types, so the path
    /// cannot leave the media folder.
    pub fn media_file(&self, id: &MediaId, file: FileName) -> PathBuf {
        self.files.path(id, &file.to_string())
    }

    /// Takes a picture in: checks, re-encodes, writes its files, and only then the row that names them. The same
    /// bytes give the same picture.
    pub async fn add_picture(&self, bytes: Vec<u8>, original_name: &str) -> Result<Media, Error> {
        let source_hash = hex::encode(Sha256::digest(&bytes));
        if let Some(known) = store::media::find_by_source(self.db.read(), &source_hash).await?
            && self.is_on_disk(&known)
        {
            return Ok(known);
        }
        let files = self.files.clone();
        let prepared = self
            .decoding(move || {
                let prepared = picture::prepare(&bytes)?;
                files.store(&prepared.id, &prepared.files)?;
                Ok(prepared)
            })
            .await?;
        let media = described(&prepared);
        let arrival = store::media::Arrival { source_hash: &source_hash, original_name, at: self.clock.now() };
        let bytes = prepared.files.first().map_or(0, |(_, bytes)| bytes.len());
        let mut transaction = self.db.begin().await?;
        store::media::insert(&mut transaction, &media, bytes, arrival).await?;
        transaction.commit().await?;
        Ok(media)
    }

    /// Whether a picture could be taken in, without keeping anything of it.
    pub(super) async fn try_picture(&self, bytes: Vec<u8>) -> Result<(), Error> {
        self.decoding(move || Ok(picture::prepare(&bytes).map(drop)?)).await
    }

    fn is_on_disk(&self, media: &Media) -> bool {
        media.files.iter().all(|file| self.media_file(&media.id, *file).is_file())
    }

    /// Runs `work` where blocking is allowed, with few at a time because each may take much memory.
    pub(super) async fn decoding<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _permit = self.decoders.acquire().await.map_err(|_closed| Error::Stopping)?;
        // A decoder that panics has met a picture that it cannot read.
        tokio::task::spawn_blocking(work).await.map_err(|_panicked| Error::Unfit(Unfit::Broken))?
    }
}

fn described(prepared: &Prepared) -> Media {
    Media {
        id: prepared.id.clone(),
        kind: prepared.kind,
        size: prepared.size,
        animated: prepared.animated,
        shareable: prepared.shareable,
        files: prepared.files.iter().map(|(name, _)| *name).collect(),
        alt: String::new(),
        caption: String::new(),
        credit: String::new(),
    }
}

//! Taking pictures in, and finding them again.

use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::media::picture::{self, NamedBytes, Prepared};
use super::media::{FileName, Framing, Media, MediaId, Unfit};
use super::{Actor, Content, Error, store};

/// What all pictures that are being decoded may have together, in millions of pixels. The largest one takes up to
/// 600 MB while it is.
pub(super) const DECODING: u16 = 64;
/// Small pictures that are decoded at the same time.
pub(super) const DECODERS: u16 = 2;

impl Content {
    /// A stored picture.
    pub async fn media(&self, id: &MediaId) -> Result<Media, Error> {
        store::media::find(self.db.read(), id).await?.ok_or(Error::NotFound)
    }

    /// Where a picture's file lies on disk, whether or not it exists: both parts are checked types, so the path
    /// cannot leave the media folder. `folder` is [`Media::folder`].
    pub fn media_file(&self, folder: &MediaId, file: FileName) -> PathBuf {
        self.files.path(folder, &file.to_string())
    }

    /// Takes a picture in: checks, re-encodes, writes its files, and only then the row that names them. The same
    /// bytes give the same picture.
    pub async fn add_picture(&self, bytes: Vec<u8>, original_name: &str) -> Result<Media, Error> {
        Ok(self.add_picture_of(Actor::System, bytes, original_name).await?.0)
    }

    /// The same on somebody's behalf; also tells whether it is new.
    pub(super) async fn add_picture_of(
        &self,
        actor: Actor,
        bytes: Vec<u8>,
        original_name: &str,
    ) -> Result<(Media, bool), Error> {
        let source_hash = hex::encode(Sha256::digest(&bytes));
        if let Some(known) = store::media::find_by_source(self.db.read(), &source_hash).await?
            && self.is_on_disk(&known)
        {
            return Ok((known, false));
        }
        let prepared = self.prepared(bytes).await?;
        let id = match self.free_id(&prepared.id).await? {
            Place::Free(id) => id,
            Place::Taken(known) => return Ok((known, false)),
        };
        let media = described(&prepared, id.clone(), id);
        let bytes = prepared.files.first().map_or(0, |(_, bytes)| bytes.len());
        self.stored(&media.folder, prepared.files).await?;
        let arrival =
            store::media::Arrival { source_hash: &source_hash, original_name, at: self.clock.now(), by: actor };
        let mut transaction = self.db.begin().await?;
        let is_new = store::media::insert(&mut transaction, &media, bytes, arrival).await?;
        transaction.commit().await?;
        Ok((media, is_new))
    }

    /// The identity for a picture whose files begin with `wanted`. Where a picture has got other files since it came
    /// with these, they are another picture now.
    async fn free_id(&self, wanted: &MediaId) -> Result<Place, Error> {
        let mut id = wanted.clone();
        loop {
            let mut connection = self.db.read().acquire().await?;
            let has_gone = store::library::former(&mut connection, &id).await?.is_some();
            drop(connection);
            match store::media::find(self.db.read(), &id).await? {
                None if !has_gone => return Ok(Place::Free(id)),
                Some(known) if known.folder == known.id && self.is_on_disk(&known) => return Ok(Place::Taken(known)),
                // Its files are lost: the same ones are put in their place.
                Some(known) if known.folder == known.id => return Ok(Place::Free(id)),
                _ => id = MediaId::of_digest(&hex::encode(Sha256::digest(id.as_str()))),
            }
        }
    }

    /// All files of a picture, made where blocking is allowed.
    pub(super) async fn prepared(&self, bytes: Vec<u8>) -> Result<Prepared, Error> {
        let header = picture::inspect(&bytes)?;
        self.decoding(header.megapixels(), move || Ok(picture::prepare(&bytes)?)).await
    }

    /// Writes the files of a picture.
    pub(super) async fn stored(&self, folder: &MediaId, files: Vec<NamedBytes>) -> Result<(), Error> {
        let (on_disk, folder) = (self.files.clone(), folder.clone());
        let written = tokio::task::spawn_blocking(move || on_disk.store(&folder, &files)).await;
        Ok(written.map_err(|_panicked| Error::Stopping)??)
    }

    /// Whether a picture could be taken in, without keeping anything of it.
    pub(super) async fn try_picture(&self, bytes: Vec<u8>) -> Result<(), Error> {
        self.prepared(bytes).await.map(drop)
    }

    fn is_on_disk(&self, media: &Media) -> bool {
        media.files.iter().all(|file| self.media_file(&media.folder, *file).is_file())
    }

    /// Runs `work` where blocking is allowed. Small pictures two at a time, a large one alone, because of the memory
    /// that it takes.
    pub(super) async fn decoding<T: Send + 'static>(
        &self,
        megapixels: u32,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let share = megapixels.clamp(u32::from(DECODING / DECODERS), u32::from(DECODING));
        let decoders = Arc::clone(&self.decoders);
        let permit = decoders.acquire_many_owned(share).await.map_err(|_closed| Error::Stopping)?;
        // The permit goes along: the work goes on, and takes its memory, also when whoever asked has left.
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(permit);
            outcome
        });
        // A decoder that panics has met a picture that it cannot read.
        done.await.map_err(|_panicked| Error::Unfit(Unfit::Broken))?
    }
}

/// Where a picture goes.
enum Place {
    Free(MediaId),
    /// It is there already.
    Taken(Media),
}

/// A picture as it has just come.
pub(super) fn described(prepared: &Prepared, id: MediaId, folder: MediaId) -> Media {
    Media {
        id,
        folder,
        kind: prepared.kind,
        size: prepared.size,
        animated: prepared.animated,
        shareable: prepared.shareable,
        framing: Framing::default(),
        files: prepared.files.iter().map(|(name, _)| *name).collect(),
        alt: String::new(),
        caption: String::new(),
        credit: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::clock::{Clock, Millis};
    use crate::config::DatabaseUrl;
    use crate::db::Db;

    #[tokio::test]
    async fn a_decoder_that_nobody_waits_for_any_more_still_counts() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("site.db"));
        let db = Db::open(&url, folder.path()).await.unwrap();
        let content = Content::new(db, folder.path().join("media"), Clock::fixed(Millis(1_767_240_000_000)));
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (finish, may_finish) = mpsc::channel::<()>();
        let all = u32::from(DECODING);
        let upload = {
            let content = content.clone();
            tokio::spawn(async move {
                let work = move || {
                    started.send(()).unwrap();
                    may_finish.recv().unwrap();
                    Ok(())
                };
                content.decoding(all, work).await
            })
        };
        has_started.await.unwrap();

        // The browser goes away.
        upload.abort();
        assert!(upload.await.unwrap_err().is_cancelled());

        assert_eq!(content.decoders.available_permits(), 0, "the next picture would be decoded beside this one");
        finish.send(()).unwrap();
        content.decoding(all, || Ok(())).await.unwrap();
    }
}

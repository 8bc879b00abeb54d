//! Taking attachments and videos in, and finding them again.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::attachment::{self, Attachment};
use super::media::{MediaId, Unfit};
use super::{Actor, Content, Error, store, video};

/// What an attachment's file is called on disk: its own name is for readers only.
const FILE: &str = "attachment";

impl Content {
    /// A stored attachment or video.
    pub async fn attachment(&self, id: &MediaId) -> Result<Attachment, Error> {
        store::attachment::find(self.db.read(), id).await?.ok_or(Error::NotFound)
    }

    /// The one whose file lies in `folder`.
    pub async fn attachment_in(&self, folder: &MediaId) -> Result<Attachment, Error> {
        store::attachment::in_folder(self.db.read(), folder).await?.ok_or(Error::NotFound)
    }

    /// Where an attachment lies on disk. `folder` is [`Attachment::folder`].
    pub fn attachment_file(&self, folder: &MediaId) -> PathBuf {
        self.files.path(folder, FILE)
    }

    /// Takes an attachment in: checks, writes its file, and only then the row that names it. The same bytes under the
    /// same name give the same attachment.
    pub async fn add_attachment(&self, bytes: Vec<u8>, original_name: &str) -> Result<Attachment, Error> {
        let original_name = original_name.to_owned();
        let checked = self.decoding(0, move || Ok((attachment::inspect(&bytes, &original_name)?, bytes))).await?;
        Ok(self.keep(Actor::System, checked.0, Bytes::Held(checked.1)).await?.0)
    }

    /// Gives an attachment its place: file first, then row. Also tells whether it is new.
    pub(super) async fn keep(
        &self,
        actor: Actor,
        attachment: Attachment,
        bytes: Bytes,
    ) -> Result<(Attachment, bool), Error> {
        let attachment = match self.free_place(attachment).await? {
            Ok(attachment) => attachment,
            Err(known) => return Ok((known, false)),
        };
        self.written(&attachment.folder, bytes).await?;
        let mut transaction = self.db.begin().await?;
        let is_new = store::attachment::insert(&mut transaction, &attachment, (self.clock.now(), actor)).await?;
        transaction.commit().await?;
        Ok((attachment, is_new))
    }

    /// The attachment under an identity that is free for it, or the one that is it already. Where one has got another
    /// file since it came, what comes now is another attachment.
    async fn free_place(&self, mut attachment: Attachment) -> Result<Result<Attachment, Attachment>, Error> {
        loop {
            let mut connection = self.db.read().acquire().await?;
            let has_gone = store::library::former(&mut connection, &attachment.id).await?.is_some();
            drop(connection);
            match store::attachment::find(self.db.read(), &attachment.id).await? {
                None if !has_gone => return Ok(Ok(attachment)),
                Some(known) if known.folder == known.id && self.attachment_file(&known.folder).is_file() => {
                    return Ok(Err(known));
                }
                Some(known) if known.folder == known.id => return Ok(Ok(attachment)),
                _ => {
                    attachment.id = MediaId::of_digest(&hex::encode(Sha256::digest(attachment.id.as_str())));
                    attachment.folder = attachment.id.clone();
                }
            }
        }
    }

    /// Writes the file of an attachment.
    pub(super) async fn written(&self, folder: &MediaId, bytes: Bytes) -> Result<(), Error> {
        let (files, folder) = (self.files.clone(), folder.clone());
        let work = move || match bytes {
            Bytes::Held(bytes) => files.store(&folder, &[(FILE, bytes)]),
            Bytes::OnDisk(mut file) => files.store_copy(&folder, FILE, &mut file),
        };
        Ok(tokio::task::spawn_blocking(work).await.map_err(|_panicked| Error::Stopping)??)
    }
}

/// The content of a file.
#[derive(Debug)]
pub(super) enum Bytes {
    Held(Vec<u8>),
    OnDisk(File),
}

/// The video in a file, which is cleaned in place. Blocks.
pub(super) fn video_in(mut file: File, original_name: &str) -> Result<(Attachment, File), Error> {
    let video = video::prepare(&mut file).map_err(|trouble| match trouble {
        video::Trouble::Unfit(unfit) => Error::Unfit(unfit),
        video::Trouble::File(error) if error.kind() == io::ErrorKind::UnexpectedEof => Unfit::BrokenVideo.into(),
        video::Trouble::File(error) => Error::Files(error),
    })?;
    file.rewind()?;
    let (mut hasher, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        bytes += u64::try_from(read).unwrap_or_default();
    }
    Ok((attachment::of_video(video, &hex::encode(hasher.finalize()), bytes, original_name), file))
}

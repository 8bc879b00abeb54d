//! Taking attachments in, and finding them again.

use std::path::PathBuf;

use super::attachment::{self, Attachment};
use super::media::MediaId;
use super::{Content, Error, store};

/// What an attachment's file is called on disk: its own name is for readers only.
const FILE: &str = "attachment";

impl Content {
    /// A stored attachment.
    pub async fn attachment(&self, id: &MediaId) -> Result<Attachment, Error> {
        store::attachment::find(self.db.read(), id).await?.ok_or(Error::NotFound)
    }

    /// Where an attachment lies on disk.
    pub fn attachment_file(&self, id: &MediaId) -> PathBuf {
        self.files.path(id, FILE)
    }

    /// Takes an attachment in: checks, writes its file, and only then the row that names it. The same bytes under the
    /// same name give the same attachment.
    pub async fn add_attachment(&self, bytes: Vec<u8>, original_name: &str) -> Result<Attachment, Error> {
        let (files, original_name) = (self.files.clone(), original_name.to_owned());
        let attachment = self
            .decoding(move || {
                let attachment = attachment::inspect(&bytes, &original_name)?;
                files.store(&attachment.id, &[(FILE, bytes)])?;
                Ok(attachment)
            })
            .await?;
        let mut transaction = self.db.begin().await?;
        store::attachment::insert(&mut transaction, &attachment, self.clock.now()).await?;
        transaction.commit().await?;
        Ok(attachment)
    }
}

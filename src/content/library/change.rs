//! Changes in the library: words, framing, another file in the same place, and the end. Whatever is changed is judged
//! and written in one transaction; files are written before the row that names them, and removed after it is gone.

use serde_json::{Value, json};
use sqlx::{Any, AnyConnection, Transaction};

use super::arrival::Sorted;
use super::{Item, MediaWords, NewFile, Reach, Use};
use crate::content::article::one_line;
use crate::content::attachment::Attachment;
use crate::content::media::picture::{self, NamedBytes};
use crate::content::media::{FileName, Framing, Media, MediaId, Rendition, Unfit};
use crate::content::pictures::described;
use crate::content::settings::Unsuitable;
use crate::content::store::event::Kind;
use crate::content::{Actor, Content, Error, store};

impl Content {
    /// Says something else about a picture, a video or an attachment.
    pub async fn describe_media(
        &self,
        (actor, reach): (Actor, Reach),
        id: &MediaId,
        words: MediaWords,
    ) -> Result<(), Error> {
        let step = self.step(actor);
        let [alt, caption, credit] = [&words.alt, &words.caption, &words.credit].map(|text| one_line(text));
        let words = MediaWords { alt, caption, credit };
        let mut transaction = self.db.begin().await?;
        held(&mut transaction, reach, id).await?;
        if !store::library::describe(&mut transaction, id, &words).await? {
            return Err(Error::NotFound);
        }
        let detail = json!({
            "media": id.as_str(), "alt": words.alt, "caption": words.caption, "credit": words.credit
        });
        self.changed(transaction, step, (Kind::MediaDescribed, detail)).await
    }

    /// Deletes what nothing uses; else the answer is [`Error::InUse`] with every use. Its files go when the row is
    /// gone for good, so that a row never names files that are not there.
    pub async fn delete_media(&self, (actor, reach): (Actor, Reach), id: &MediaId) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let item = held(&mut transaction, reach, id).await?;
        store::library::hold(&mut transaction, std::slice::from_ref(id)).await?;
        let uses = store::library::uses(&mut transaction, id).await?;
        if !uses.is_empty() {
            return Err(Error::InUse(uses));
        }
        store::library::delete(&mut transaction, id).await?;
        let detail = json!({ "media": id.as_str(), "name": item.name() });
        self.changed(transaction, step, (Kind::MediaDeleted, detail)).await?;
        self.clear(item.folder()).await;
        Ok(())
    }

    /// Cuts a picture otherwise from now on: in lists, in the lead story, on cards.
    pub async fn frame_media(
        &self,
        (actor, reach): (Actor, Reach),
        id: &MediaId,
        framing: Framing,
    ) -> Result<(), Error> {
        let before = match self.item(id).await? {
            // Before the work, and once more within the transaction.
            item if !self.is_within(reach, &item).await? => return Err(Error::OutOfReach),
            Item::Picture(shot) => shot.media,
            Item::File(_) => return Err(Error::NotFound),
        };
        if !framing.is_shareable(before.size) {
            return Err(Unsuitable::TooSmall.into());
        }
        if before.framing == framing {
            return Ok(());
        }
        let mut media = Media { framing, folder: MediaId::unheard_of(), ..before.clone() };
        let files = self.framed(&before, framing).await?;
        media.files = files.iter().map(|(name, _)| *name).collect();
        self.stored(&media.folder, files).await?;
        let focus = framing.focus;
        let detail = json!({ "media": id.as_str(), "x": focus.x.to_string(), "y": focus.y.to_string() });
        let change = async |mut transaction: Transaction<'static, Any>| {
            let item = held(&mut transaction, reach, id).await?;
            if *item.folder() != before.folder
                || !store::media::set_files(&mut transaction, &media, &before.folder).await?
            {
                return Err(Error::Superseded);
            }
            Ok((transaction, (Kind::MediaFramed, detail)))
        };
        let changed = match self.db.begin().await {
            Ok(transaction) => change(transaction).await,
            Err(error) => Err(error.into()),
        };
        self.moved(actor, (id, &before.folder, &media.folder), changed).await
    }

    /// Puts another file in the place of one: every text that names it shows the new one, under a new address.
    pub async fn replace_media(&self, (actor, reach): (Actor, Reach), id: &MediaId, new: NewFile) -> Result<(), Error> {
        let name = new.name.clone();
        let before = self.item(id).await?;
        // Before the work, and once more within the transaction.
        if !self.is_within(reach, &before).await? {
            return Err(Error::OutOfReach);
        }
        let folder = MediaId::unheard_of();
        let (new, origin) = self.made(&before, new, &folder).await?;
        let changed = match self.db.begin().await {
            Ok(transaction) => replaced(transaction, reach, (&before, new), (&origin, &name)).await,
            Err(error) => Err(error.into()),
        };
        self.moved(actor, (id, before.folder(), &folder), changed).await
    }

    /// The files that take the place of others, written to `folder`.
    async fn made(&self, before: &Item, new: NewFile, folder: &MediaId) -> Result<(Made, Origin), Error> {
        match (before, self.sorted(new).await?) {
            (Item::Picture(shot), Sorted::Picture(bytes)) => {
                let source_hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes));
                let prepared = self.prepared(bytes).await?;
                let media = described(&prepared, shot.media.id.clone(), folder.clone());
                let bytes = prepared.files.first().map_or(0, |(_, bytes)| bytes.len());
                self.stored(folder, prepared.files).await?;
                Ok((Made::Picture(media), Origin { bytes, source_hash }))
            }
            (Item::File(filed), Sorted::File(attachment, bytes))
                if attachment.video.is_some() == filed.attachment.video.is_some() =>
            {
                let attachment = Attachment {
                    id: filed.attachment.id.clone(),
                    folder: folder.clone(),
                    alt: filed.attachment.alt.clone(),
                    ..attachment
                };
                self.written(folder, bytes).await?;
                Ok((Made::File(attachment), Origin::default()))
            }
            _ => Err(Unfit::OtherKind.into()),
        }
    }

    /// The files of a picture with what is cut out of it made anew.
    async fn framed(&self, media: &Media, framing: Framing) -> Result<Vec<NamedBytes>, Error> {
        let (files, folder, kind, names) = (self.files.clone(), media.folder.clone(), media.kind, media.files.clone());
        let megapixels = u32::try_from(u64::from(media.size.width) * u64::from(media.size.height) / 1_000_000);
        self.decoding(megapixels.unwrap_or(u32::MAX), move || {
            let read = |name: FileName| std::fs::read(files.path(&folder, &name.to_string()));
            let main = read(FileName { rendition: Rendition::Main, kind })?;
            let cut = picture::reframe(&main, kind, framing)?;
            let mut all = Vec::new();
            for name in names.into_iter().filter(|name| !name.rendition.is_cut()) {
                all.push((name, read(name)?));
            }
            all.extend(cut);
            Ok(all)
        })
        .await
    }

    /// Ends a change of files: either the old ones go, and their address leads to the new ones, or the new ones do.
    async fn moved(
        &self,
        actor: Actor,
        (id, before, after): (&MediaId, &MediaId, &MediaId),
        changed: Result<(Transaction<'static, Any>, (Kind, Value)), Error>,
    ) -> Result<(), Error> {
        let done = match changed {
            Ok((mut transaction, event)) => match store::library::set_former(&mut transaction, before, id).await {
                Ok(()) => self.changed(transaction, self.step(actor), event).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        // A commit whose outcome is not known leaves both.
        if done.is_ok() {
            self.clear(before).await;
        } else if !matches!(done, Err(Error::Database(_))) {
            self.clear(after).await;
        }
        done
    }

    async fn clear(&self, folder: &MediaId) {
        let (files, folder) = (self.files.clone(), folder.clone());
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || files.remove(&folder)).await {
            tracing::warn!(%error, "files that nothing names any more are left over");
        }
    }
}

/// What takes the place of something.
enum Made {
    Picture(Media),
    File(Attachment),
}

/// What is noted of a picture's file.
#[derive(Default)]
struct Origin {
    bytes: usize,
    source_hash: String,
}

async fn replaced(
    mut transaction: Transaction<'static, Any>,
    reach: Reach,
    (before, new): (&Item, Made),
    (origin, name): (&Origin, &str),
) -> Result<(Transaction<'static, Any>, (Kind, Value)), Error> {
    let item = held(&mut transaction, reach, before.id()).await?;
    let set = match &new {
        Made::Picture(media) => {
            let settings = store::settings::load(&mut *transaction).await?;
            if settings.share_image.as_ref() == Some(&media.id) && !media.shareable {
                return Err(Unsuitable::TooSmall.into());
            }
            store::media::set_origin(&mut transaction, &media.id, origin.bytes, (&origin.source_hash, name)).await?;
            store::media::set_files(&mut transaction, media, before.folder()).await?
        }
        Made::File(attachment) => store::attachment::set_file(&mut transaction, attachment, before.folder()).await?,
    };
    if !set {
        return Err(Error::Superseded);
    }
    let detail = json!({ "media": before.id().as_str(), "name": item.name() });
    Ok((transaction, (Kind::MediaReplaced, detail)))
}

/// The item, if somebody's hand reaches to it.
async fn held(connection: &mut AnyConnection, reach: Reach, id: &MediaId) -> Result<Item, Error> {
    let item = store::library::find(connection, id).await?.ok_or(Error::NotFound)?;
    if is_within(connection, reach, &item).await? { Ok(item) } else { Err(Error::OutOfReach) }
}

pub(super) async fn is_within(connection: &mut AnyConnection, reach: Reach, item: &Item) -> Result<bool, Error> {
    let Reach::Own(member) = reach else { return Ok(true) };
    if item.by() != Some(member) || store::library::is_in_review(connection, item.id()).await? {
        return Ok(false);
    }
    let uses = store::library::uses(connection, item.id()).await?;
    Ok(uses.iter().all(|used| matches!(used, Use::Article { live: false, .. })))
}

//! What comes into the library: told apart by its bytes, never by what somebody calls it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};

use serde_json::json;

use super::Item;
use crate::content::attachment::{self, Attachment, shown_name};
use crate::content::attachments::{Bytes, video_in};
use crate::content::media::signature::{self, Signature};
use crate::content::media::{MOST_BYTES, Unfit};
use crate::content::store::event::Kind;
use crate::content::{Actor, Content, Error, store};

/// A file on its way into the library, and what it is called.
#[derive(Debug)]
pub struct NewFile {
    /// Written from its beginning; the place in it does not matter.
    pub file: File,
    /// As somebody's device calls it.
    pub name: String,
}

/// A file that was looked at.
#[derive(Debug)]
pub(super) enum Sorted {
    Picture(Vec<u8>),
    File(Attachment, Bytes),
}

impl Content {
    /// A file without a name into which something that comes can be written; it is gone once it is closed. Blocks for
    /// a moment.
    pub fn incoming(&self) -> io::Result<File> {
        self.files.incoming()
    }

    /// Takes in whatever it is, and tells whether it is new: what is there already is not taken in twice.
    pub async fn take_in(&self, actor: Actor, new: NewFile) -> Result<(Item, bool), Error> {
        let name = new.name.clone();
        let (id, is_new) = match self.sorted(new).await? {
            Sorted::Picture(bytes) => {
                let (media, is_new) = self.add_picture_of(actor, bytes, &name).await?;
                (media.id, is_new)
            }
            Sorted::File(attachment, bytes) => {
                let (attachment, is_new) = self.keep(actor, attachment, bytes).await?;
                (attachment.id, is_new)
            }
        };
        if is_new {
            let mut transaction = self.db.begin().await?;
            let detail = json!({ "media": id.as_str(), "name": shown_name(&name) });
            store::event::write(&mut transaction, self.step(actor), Kind::MediaAdded, (None, None, detail)).await?;
            transaction.commit().await?;
        }
        Ok((self.item(&id).await?, is_new))
    }

    /// What a file is, with as much of it in memory as is needed.
    pub(super) async fn sorted(&self, new: NewFile) -> Result<Sorted, Error> {
        self.decoding(0, move || sort(new)).await
    }
}

fn sort(NewFile { mut file, name }: NewFile) -> Result<Sorted, Error> {
    file.rewind()?;
    let mut begin = Vec::new();
    let longest = u64::try_from(signature::LENGTH).unwrap_or(u64::MAX);
    (&mut file).take(longest).read_to_end(&mut begin)?;
    if begin.is_empty() {
        return Err(Unfit::Empty.into());
    }
    match Signature::of(&begin) {
        Signature::Heif => Err(Unfit::Heif.into()),
        // What cameras call raw is often a TIFF, but nobody calls it so.
        Signature::Foreign(format) => Err(Unfit::Foreign(foreign_picture(&extension(&name)).unwrap_or(format)).into()),
        Signature::Markup => Err(Unfit::Markup.into()),
        Signature::Video => {
            let (attachment, file) = video_in(file, &name)?;
            Ok(Sorted::File(attachment, Bytes::OnDisk(file)))
        }
        Signature::Picture => Ok(Sorted::Picture(whole(file)?)),
        Signature::Other => {
            let bytes = whole(file)?;
            match attachment::inspect(&bytes, &name) {
                Ok(attachment) => Ok(Sorted::File(attachment, Bytes::Held(bytes))),
                // Neither by its name nor by its bytes anything that we take.
                Err(Unfit::NoAttachment) => Err(foreign(&name).into()),
                Err(unfit) => Err(unfit.into()),
            }
        }
    }
}

/// All of a file, if it is not too large.
fn whole(mut file: File) -> Result<Vec<u8>, Error> {
    file.rewind()?;
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MOST_BYTES { Err(Unfit::TooManyBytes.into()) } else { Ok(bytes) }
}

/// What is wrong with a file that nothing of it tells: the kind that its name claims is not what it is.
fn foreign(name: &str) -> Unfit {
    let extension = extension(name);
    if let Some(format) = foreign_picture(&extension) {
        return Unfit::Foreign(format);
    }
    match extension.as_str() {
        "jpg" | "jpeg" | "png" | "gif" | "webp" => Unfit::Unknown,
        "heic" | "heif" => Unfit::Heif,
        "svg" | "htm" | "html" | "xml" => Unfit::Markup,
        "mp4" | "mov" | "avi" | "mkv" | "wmv" | "flv" | "webm" | "m4v" | "3gp" => Unfit::VideoFormat,
        _ => Unfit::NoAttachment,
    }
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// The format of pictures that a name claims, of those that have to be converted first.
fn foreign_picture(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "avif" => "AVIF",
        "bmp" | "dib" => "BMP",
        "tif" | "tiff" => "TIFF",
        "psd" | "psb" => "Photoshop",
        "jp2" | "j2k" => "JPEG 2000",
        "jxl" => "JPEG XL",
        "ico" => "ICO",
        "tga" => "TGA",
        "ai" | "eps" | "cdr" => "Illustrator / CorelDRAW",
        "dng" | "raw" | "cr2" | "cr3" | "crw" | "nef" | "nrw" | "arw" | "sr2" | "raf" | "rw2" | "orf" | "pef"
        | "srw" | "x3f" | "3fr" | "iiq" => "RAW",
        _ => return None,
    })
}

//! The library of pictures, videos and attachments: finding them, describing them, seeing where they are used, and
//! letting go of them.

mod arrival;
mod change;

use std::fmt;
use std::str::FromStr;

use super::list::NotACursor;
use super::media::{Media, MediaId};
use super::slug::{ArticleId, Slug};
use super::{Attachment, Content, Error, store};
use crate::clock::Millis;
pub use arrival::NewFile;

/// A picture in the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    /// The picture.
    pub media: Media,
    /// What its file was called when it came.
    pub name: String,
    /// The size of its main file.
    pub bytes: i64,
    /// When it came.
    pub added: Millis,
    /// The number of who brought it; none: it was imported.
    pub by: Option<i64>,
}

/// A video or an attachment in the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// What it is.
    pub attachment: Attachment,
    /// What is said about it.
    pub words: MediaWords,
    /// When it came.
    pub added: Millis,
    /// The number of who brought it; none: it was imported.
    pub by: Option<i64>,
}

/// Anything in the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A picture.
    Picture(Shot),
    /// A video or an attachment.
    File(Filed),
}

impl Item {
    /// Its identity.
    pub fn id(&self) -> &MediaId {
        match self {
            Self::Picture(shot) => &shot.media.id,
            Self::File(filed) => &filed.attachment.id,
        }
    }

    /// What its file was called when it came.
    pub fn name(&self) -> &str {
        match self {
            Self::Picture(shot) => &shot.name,
            Self::File(filed) => &filed.attachment.name,
        }
    }

    /// The number of who brought it; none: it was imported.
    pub fn by(&self) -> Option<i64> {
        match self {
            Self::Picture(shot) => shot.by,
            Self::File(filed) => filed.by,
        }
    }

    /// Where its files lie.
    fn folder(&self) -> &MediaId {
        match self {
            Self::Picture(shot) => &shot.media.folder,
            Self::File(filed) => &filed.attachment.folder,
        }
    }
}

/// How far somebody's hand reaches into the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To what this member brought, as long as neither a reader nor a reviewer depends on it.
    Own(i64),
    /// To everything.
    All,
}

/// A position in the library: everything older comes after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryCursor {
    pub(super) added: Millis,
    pub(super) id: MediaId,
}

impl Shot {
    /// The position after it.
    pub fn cursor(&self) -> LibraryCursor {
        LibraryCursor { added: self.added, id: self.media.id.clone() }
    }
}

impl Filed {
    /// The position after it.
    pub fn cursor(&self) -> LibraryCursor {
        LibraryCursor { added: self.added, id: self.attachment.id.clone() }
    }
}

impl fmt::Display for LibraryCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.added.0, self.id)
    }
}

impl FromStr for LibraryCursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (added, id) = text.split_once('.').ok_or(NotACursor)?;
        let added = added.parse().map_err(|_not_a_number| NotACursor)?;
        let id = id.parse().map_err(|_not_an_id| NotACursor)?;
        Ok(Self { added: Millis(added), id })
    }
}

/// What is said about a picture, wherever it is shown without words of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaWords {
    /// 替代文字.
    pub alt: String,
    /// 图说.
    pub caption: String,
    /// 摄影.
    pub credit: String,
}

/// Where a picture is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// In an article.
    Article {
        /// Which.
        id: ArticleId,
        /// 标题 of its working copy.
        headline: String,
        /// Who wrote it.
        author: Option<i64>,
        /// In the text that readers see (or saw until it was withdrawn).
        live: bool,
        /// In the text that is being worked on.
        working: bool,
        /// There as its lead image.
        lead: bool,
        /// There as the picture of its card.
        share: bool,
    },
    /// On a fixed page.
    Page {
        /// Its address.
        slug: Slug,
        /// Its title.
        title: String,
    },
    /// As the site's logo.
    Logo,
    /// As the picture of cards that have none of their own.
    DefaultShareImage,
}

impl Content {
    /// Pictures older than `before`, newest first, whose name or words contain `text`.
    pub async fn library(&self, text: &str, before: Option<&LibraryCursor>, limit: u16) -> Result<Vec<Shot>, Error> {
        store::library::list(self.db.read(), text.trim(), before, limit).await
    }

    /// Videos (or else attachments) older than `before`, newest first, whose name or words contain `text`.
    pub async fn filed(
        &self,
        videos: bool,
        text: &str,
        before: Option<&LibraryCursor>,
        limit: u16,
    ) -> Result<Vec<Filed>, Error> {
        store::library::files(self.db.read(), (videos, text.trim()), before, limit).await
    }

    /// The picture, video or attachment with this identity.
    pub async fn item(&self, id: &MediaId) -> Result<Item, Error> {
        store::library::find(&mut *self.db.read().acquire().await?, id).await?.ok_or(Error::NotFound)
    }

    /// What has taken the place of the files that once lay in `folder`.
    pub async fn item_formerly_in(&self, folder: &MediaId) -> Result<Item, Error> {
        let mut connection = self.db.read().acquire().await?;
        let id = store::library::former(&mut connection, folder).await?.ok_or(Error::NotFound)?;
        store::library::find(&mut connection, &id).await?.ok_or(Error::NotFound)
    }

    /// Where something is used. Texts of former times do not count.
    pub async fn uses(&self, id: &MediaId) -> Result<Vec<Use>, Error> {
        store::library::uses(&mut *self.db.read().acquire().await?, id).await
    }

    /// Whether somebody's hand reaches to it.
    pub async fn is_within(&self, reach: Reach, item: &Item) -> Result<bool, Error> {
        change::is_within(&mut *self.db.read().acquire().await?, reach, item).await
    }
}

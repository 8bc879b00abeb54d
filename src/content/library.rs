//! The library of pictures: finding them, describing them, seeing where they are used, and letting go of them.

use std::fmt;
use std::str::FromStr;

use serde_json::json;

use super::article::one_line;
use super::list::NotACursor;
use super::media::{Media, MediaId};
use super::slug::{ArticleId, Slug};
use super::store::event::Kind;
use super::{Actor, Content, Error, store};
use crate::clock::Millis;

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

    /// Where a picture is used. Texts of former times do not count.
    pub async fn uses(&self, id: &MediaId) -> Result<Vec<Use>, Error> {
        store::library::uses(&mut *self.db.read().acquire().await?, id).await
    }

    /// Says something else about a picture.
    pub async fn describe_media(&self, actor: Actor, id: &MediaId, words: MediaWords) -> Result<(), Error> {
        let step = self.step(actor);
        let [alt, caption, credit] = [&words.alt, &words.caption, &words.credit].map(|text| one_line(text));
        let words = MediaWords { alt, caption, credit };
        let mut transaction = self.db.begin().await?;
        if !store::library::describe(&mut transaction, id, &words).await? {
            return Err(Error::NotFound);
        }
        let detail = json!({
            "media": id.as_str(), "alt": words.alt, "caption": words.caption, "credit": words.credit
        });
        self.changed(transaction, step, (Kind::MediaDescribed, detail)).await
    }

    /// Deletes a picture that nothing uses; else the answer is [`Error::InUse`] with every use. Its files go when the
    /// row is gone for good, so that a row never names files that are not there.
    pub async fn delete_media(&self, actor: Actor, id: &MediaId) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let Some(name) = store::library::delete(&mut transaction, id).await? else { return Err(Error::NotFound) };
        let uses = store::library::uses(&mut transaction, id).await?;
        if !uses.is_empty() {
            return Err(Error::InUse(uses));
        }
        let detail = json!({ "media": id.as_str(), "name": name });
        self.changed(transaction, step, (Kind::MediaDeleted, detail)).await?;
        let (files, id) = (self.files.clone(), id.clone());
        let removed = tokio::task::spawn_blocking(move || files.remove(&id)).await;
        if let Ok(Err(error)) = removed {
            tracing::warn!(%error, "files of a deleted picture are left over");
        }
        Ok(())
    }
}

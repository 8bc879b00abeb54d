//! Articles: the newsroom's list, the form, and every step of an article's life. Who may do what is judged here and
//! in the rules of [`crate::content`]; a button that is not shown is a step that would be refused.

pub(super) mod bulk;
mod differences;
pub(super) mod edit;
mod form;
pub(super) mod history;
pub(super) mod list;
pub(super) mod outlook;
mod pace;
pub(super) mod picture;
pub(super) mod presence;
pub(super) mod preview;
mod refusal;
mod sheet;
mod standing;
pub(super) mod steps;
pub(super) mod withdrawal;

use std::time::Duration;

use super::super::error::Error;
use super::super::reader;
use super::here::Here;
use super::page::Desk;
use crate::content::{Article, ArticleId, Media, Rendition};
use crate::staff::MemberId;
pub(crate) use pace::Pace;

/// The largest form that carries an article: more than 400,000 Chinese characters.
pub(super) const ARTICLE_CAP: usize = 4 * 1024 * 1024;

impl Here {
    /// Counts a text that this person wants to save, or says how long they have to wait.
    fn may_save(&self) -> Result<(), Duration> {
        self.site.saves.take(self.member().id().0, self.site.state.clock.now())
    }

    /// The article, if this person may work on it.
    async fn article(&self, id: i64) -> Result<Article, Error> {
        let article = self.content().article(ArticleId(id)).await?;
        if self.member().may_edit(article.hands.author.map(MemberId)) { Ok(article) } else { Err(Error::Forbidden) }
    }

    /// Whether what readers send on becomes a card; without an account of WeChat's it is a bare link.
    fn has_cards(&self) -> bool {
        let state = &self.site.state;
        state.official.is_some() || state.wecom.is_some()
    }
}

/// The article's own page.
fn path(id: ArticleId) -> String {
    format!("/articles/{id}")
}

/// A small picture.
#[derive(Debug)]
struct Thumbnail {
    src: String,
    alt: String,
    width: u32,
    height: u32,
}

impl Thumbnail {
    fn new(desk: &Desk<'_>, media: &Media) -> Option<Self> {
        Self::of(desk, media, Rendition::List)
    }

    /// As a card shows it.
    fn square(desk: &Desk<'_>, media: &Media) -> Option<Self> {
        Self::of(desk, media, Rendition::Share)
    }

    fn of(desk: &Desk<'_>, media: &Media, rendition: Rendition) -> Option<Self> {
        let (file, size) = (media.file(rendition)?, media.size_of(rendition));
        let src = desk.site.state.config.site.base_url.path(&reader::media::path(media, file));
        Some(Self { src, alt: media.alt.clone(), width: size.width, height: size.height })
    }
}

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

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::{Ready, ready};

use super::super::error::Error;
use super::super::{Site, reader};
use super::auth::SignedIn;
use super::page::{self, Desk};
use crate::content::{Actor, Article, ArticleId, Content, Media, Rendition};
use crate::staff::{Member, MemberId};
pub(crate) use pace::Pace;

/// The largest form that carries an article: more than 400,000 Chinese characters.
pub(super) const ARTICLE_CAP: usize = 4 * 1024 * 1024;

/// Who asks, and where: what every handler here begins with.
#[derive(Debug)]
pub(crate) struct Here {
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
}

impl FromRequest for Here {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let site = request.app_data::<Data<Site>>().cloned().ok_or(Error::SignedOut);
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(site.and_then(|site| Ok(Self { site, signed_in: signed_in?, request: request.clone() })))
    }
}

impl Here {
    fn content(&self) -> &Content {
        &self.site.state.content
    }

    fn member(&self) -> &Member {
        &self.signed_in.member
    }

    fn actor(&self) -> Actor {
        Actor::Member(self.member().id().0)
    }

    /// Counts a text that this person wants to save, or says how long they have to wait.
    fn may_save(&self) -> Result<(), Duration> {
        self.site.saves.take(self.member().id().0, self.site.state.clock.now())
    }

    /// The article, if this person may work on it.
    async fn article(&self, id: i64) -> Result<Article, Error> {
        let article = self.content().article(ArticleId(id)).await?;
        if self.member().may_edit(article.hands.author.map(MemberId)) { Ok(article) } else { Err(Error::Forbidden) }
    }

    /// To the article's own page, which says what was done.
    fn see(&self, id: ArticleId, done: &str) -> HttpResponse {
        page::see(&self.site, &path(id), done)
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

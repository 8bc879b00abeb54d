//! Fixed pages (about us and the like), which are passed on as cards like articles.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::error::Error;
use super::super::page::{Frame, Layout};
use super::super::page_cache::{Page, Shared};
use super::super::{Site, headers, share};
use super::article::{is_mixed, preview_of};
use super::{media, moved};
use crate::content::{self, Rendered, Slug};

#[derive(Template)]
#[template(path = "reader/page.html")]
struct FixedPage {
    layout: Layout,
    title: String,
    body: Rendered,
    /// As in an article.
    mixed: bool,
    updated: String,
    updated_at: String,
}

/// `GET /pages/{slug}`.
pub(crate) async fn show(site: Data<Site>, slug: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let Ok(slug) = slug.parse::<Slug>() else { return Err(moved::or_not_found(&site, request.path()).await) };
    let load = async || match site.state.content.page(&slug).await {
        Err(content::Error::NotFound) => Err(moved::or_not_found(&site, request.path()).await),
        page => load(&site, page?).await,
    };
    site.cache.answer(&site, &request, &path(&slug), load).await
}

/// The path of the fixed page with this slug.
pub(crate) fn path(slug: &Slug) -> String {
    format!("/pages/{slug}")
}

/// The page as it would be, for the one who is writing it: passed on by nobody, kept by nobody, at no address.
pub(crate) async fn preview(site: &Site, page: content::Page, request: &HttpRequest) -> Result<HttpResponse, Error> {
    let (page, _) = built(&Frame::load(site).await?, page);
    let layout = Layout { canonical: String::new(), is_shared: false, ..page.layout };
    let mut response = Page::html(&FixedPage { layout, ..page }, headers::NO_STORE)?.respond(site, request)?;
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(response)
}

async fn load(site: &Site, page: content::Page) -> Result<Page, Error> {
    let (page, shared) = built(&Frame::load(site).await?, page);
    Page::shared(&page, shared)
}

/// The page, and what is passed on of it.
fn built(frame: &Frame<'_>, page: content::Page) -> (FixedPage, Shared) {
    let mut layout = frame.layout(&page.fields.title, &path(&page.slug));
    let card = page.card();
    let preview = preview_of(frame, card.picture.as_ref().and_then(|id| page.media.get(id)));
    let card = share::Card {
        title: card.title,
        moments_title: card.moments_title,
        desc: card.text,
        link: layout.canonical.clone(),
        img_url: preview.url.clone(),
    };
    layout.description.clone_from(&card.desc);
    layout.og_image = Some(preview);
    let shared = Shared { canonical: layout.canonical.clone(), card, article: None };
    let page = FixedPage {
        layout,
        body: page.fields.body.render(|id| media::in_body(frame, (&page.media, &page.attachments), id)),
        mixed: is_mixed(&page.fields.body.text()),
        title: page.fields.title,
        updated: frame.date(page.modified, frame.t.date),
        updated_at: frame.datetime(page.modified),
    };
    (page, shared)
}

//! Lists of articles: home, categories, tags. Paged by key (`?before=`), so that the five-hundredth page costs what
//! the first one does.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::error::Error;
use super::super::page::{Frame, Layout, Link, respond};
use super::super::{Site, headers, share};
use super::article::article_path;
use crate::content::{Category, Cursor, Filter, Slug, Summary};

/// Rows on a page, the lead story included.
const ROWS: u16 = 20;
/// What a browser leaves as it is in a path segment; the rest it writes as upper-case escapes, like us.
pub(super) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A picture in a page.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) src: String,
    /// What every browser may choose from; empty where there is only one.
    pub(crate) srcset: String,
    /// The same in WebP; empty where there is none.
    pub(crate) webp: String,
    /// How wide the page shows it.
    pub(crate) sizes: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) alt: String,
    /// Where tapping it leads.
    pub(crate) link: Option<String>,
}

/// One article in a list.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) headline: String,
    pub(crate) url: String,
    pub(crate) summary: String,
    pub(crate) byline: String,
    pub(crate) date: String,
    pub(crate) datetime: String,
    pub(crate) category: Option<Link>,
    pub(crate) picture: Option<Picture>,
    pub(crate) pinned: bool,
}

impl Row {
    /// `summary`, ready to print.
    pub(crate) fn new(frame: &Frame<'_>, summary: &Summary) -> Self {
        Self {
            headline: summary.headline.clone(),
            url: frame.url(&article_path(&summary.key)),
            summary: summary.summary.clone(),
            byline: summary.byline.clone(),
            date: frame.day(summary.published),
            datetime: frame.datetime(summary.published),
            category: summary.category.as_ref().map(|category| frame.category(category)),
            picture: summary.picture.as_ref().and_then(|media| super::media::in_list(frame, media)),
            pinned: summary.pinned,
        }
    }
}

#[derive(Template)]
#[template(path = "reader/home.html")]
struct ListPage {
    layout: Layout,
    heading: Option<String>,
    lead: Option<Row>,
    rows: Vec<Row>,
    older: Option<String>,
    first: Option<String>,
}

/// The position in a list; anything that is no position means the first page.
#[derive(Debug, Deserialize)]
pub(crate) struct Position {
    before: Option<String>,
}

impl Position {
    fn cursor(&self) -> Option<Cursor> {
        self.before.as_deref()?.parse().ok()
    }
}

/// `GET /`.
pub(crate) async fn home(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let frame = Frame::load(&site).await?;
    show(&request, frame, Filter::All, Heading { title: None, path: "/".to_owned() }).await
}

/// `GET /categories/{slug}`.
pub(crate) async fn category(
    site: Data<Site>,
    slug: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let frame = Frame::load(&site).await?;
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    let category = site.state.content.category(&slug).await?;
    let heading = Heading { path: category_path(&category), title: Some(category.name) };
    show(&request, frame, Filter::Category(slug), heading).await
}

/// `GET /tags/{name}`.
pub(crate) async fn tag(site: Data<Site>, name: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let frame = Frame::load(&site).await?;
    let name = site.state.content.tag(&name).await?;
    let heading = Heading { path: tag_path(&name), title: Some(name.clone()) };
    show(&request, frame, Filter::Tag(name), heading).await
}

/// The path of a category's list.
pub(crate) fn category_path(category: &Category) -> String {
    format!("/categories/{}", category.slug)
}

/// The path of a tag's list.
pub(crate) fn tag_path(name: &str) -> String {
    format!("/tags/{}", utf8_percent_encode(name, SEGMENT))
}

/// What a list is called and where it is.
struct Heading {
    title: Option<String>,
    path: String,
}

async fn show(
    request: &HttpRequest,
    frame: Frame<'_>,
    filter: Filter,
    heading: Heading,
) -> Result<HttpResponse, Error> {
    let position = Query::<Position>::from_query(request.query_string()).ok();
    let before = position.and_then(|position| position.cursor());
    let list = frame.site.state.content.latest(&filter, before, ROWS).await?;
    let path = before.map_or_else(|| heading.path.clone(), |cursor| format!("{}?before={cursor}", heading.path));
    let mut rows: Vec<Row> = list.items.iter().map(|summary| Row::new(&frame, summary)).collect();
    let has_lead = heading.title.is_none() && before.is_none() && !rows.is_empty();
    let lead = has_lead.then(|| {
        let mut row = rows.remove(0);
        let picture = list.items.first().and_then(|summary| summary.picture.as_ref());
        row.picture = picture.map(|media| super::media::in_lead_story(&frame, media));
        row
    });
    let mut layout = frame.layout(heading.title.as_deref().unwrap_or_default(), &path);
    let signed_for = share::signed_address(frame.site, request, &layout.canonical);
    layout.share = Some(share::block(&frame, &signed_for, card(&frame, &layout), None)?);
    let page = ListPage {
        older: list.older.map(|cursor| frame.url(&format!("{}?before={cursor}", heading.path))),
        first: before.map(|_| frame.url(&heading.path)),
        layout,
        heading: heading.title,
        lead,
        rows,
    };
    respond(request, &page, headers::SIGNED_PAGE)
}

fn card(frame: &Frame<'_>, layout: &Layout) -> share::Card {
    share::Card {
        title: layout.title.clone(),
        moments_title: layout.title.clone(),
        desc: layout.description.clone(),
        link: layout.canonical.clone(),
        img_url: share::default_image(frame.site),
    }
}

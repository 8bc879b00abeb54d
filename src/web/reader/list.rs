//! Lists of articles: home, categories, tags. Paged by key (`?before=`), so that the five-hundredth page costs what
//! the first one does.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::error::Error;
use super::super::page::{Frame, Layout, Link};
use super::super::page_cache::{Page, Shared};
use super::super::{Site, share, structured};
use super::article::article_path;
use super::{feed, moved};
use crate::content::{self, Category, Cursor, Filter, Front, Slug, Summary};

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
    /// The style sheet's word for what must be seen where the page cuts it; may be empty.
    pub(crate) class: &'static str,
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
    /// Whether editors keep it on top of this very list.
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
            pinned: false,
        }
    }
}

#[derive(Template)]
#[template(path = "reader/home.html")]
struct ListPage {
    layout: Layout,
    above: Option<Link>,
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
    let before = position(&request);
    site.cache.answer(&site, &request, &paged("/", before), async || front(&site, before).await).await
}

/// `GET /categories/{slug}`.
pub(crate) async fn category(
    site: Data<Site>,
    slug: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let Ok(slug) = slug.parse::<Slug>() else { return Err(moved::or_not_found(&site, request.path()).await) };
    let before = position(&request);
    let path = paged(&format!("/categories/{slug}"), before);
    let load = async || {
        let category = match site.state.content.category(&slug).await {
            Err(content::Error::NotFound) => return Err(moved::or_not_found(&site, request.path()).await),
            category => category?,
        };
        let heading = Heading { path: category_path(&category), title: Some(category.name), above: None };
        load(&Frame::load(&site).await?, Filter::Category(slug.clone()), before, heading).await
    };
    site.cache.answer(&site, &request, &path, load).await
}

/// `GET /tags/{name}`.
pub(crate) async fn tag(site: Data<Site>, name: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let before = position(&request);
    let load = async || {
        let known = match site.state.content.tag(&name).await {
            Err(content::Error::NotFound) => return Err(moved::or_not_found(&site, request.path()).await),
            known => known?,
        };
        if known != *name {
            // Another spelling, or a name that it had once.
            return Err(moved::moved(&site, &paged(&tag_path(&known), before)));
        }
        let name = known;
        let heading = Heading { path: tag_path(&name), title: Some(name.clone()), above: None };
        load(&Frame::load(&site).await?, Filter::Tag(name), before, heading).await
    };
    site.cache.answer(&site, &request, &paged(&tag_path(&name), before), load).await
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
#[derive(Debug)]
pub(super) struct Heading {
    /// None: the site's own name, for all to see in the masthead.
    pub(super) title: Option<String>,
    pub(super) path: String,
    /// What it is a part of.
    pub(super) above: Option<Link>,
}

impl Heading {
    fn layout(&self, frame: &Frame<'_>, before: Option<Cursor>) -> Layout {
        frame.layout(self.title.as_deref().unwrap_or_default(), &paged(&self.path, before))
    }
}

/// Where in a list a request wants to begin.
pub(super) fn position(request: &HttpRequest) -> Option<Cursor> {
    Query::<Position>::from_query(request.query_string()).ok()?.cursor()
}

/// The path of the page of a list that begins after `before`.
pub(super) fn paged(path: &str, before: Option<Cursor>) -> String {
    before.map_or_else(|| path.to_owned(), |cursor| format!("{path}?before={cursor}"))
}

/// A page of the home list: on the first one the lead story, what is pinned, and then the rest.
async fn front(site: &Site, before: Option<Cursor>) -> Result<Page, Error> {
    let frame = Frame::load(site).await?;
    let Front { pinned, list } = site.state.content.front(before, ROWS).await?;
    let rows = |summaries: &[Summary]| -> Vec<Row> { summaries.iter().map(|one| Row::new(&frame, one)).collect() };
    let heading = Heading { title: None, path: "/".to_owned(), above: None };
    let mut layout = heading.layout(&frame, before);
    layout.structured = Some(structured::site(&frame, &layout)?);
    if before.is_some() {
        return page(&frame, (layout, heading), (None, rows(&list.items)), (before, list.older));
    }
    // What is pinned leads if it has a picture to show; else the newest article does, and the pinned ones follow it.
    let place = pinned.iter().position(|summary| summary.picture.is_some());
    let place = place.unwrap_or(if list.items.is_empty() { 0 } else { pinned.len() });
    let picture = pinned.iter().chain(&list.items).nth(place).and_then(|summary| summary.picture.as_ref());
    let picture = picture.map(|media| super::media::in_lead_story(&frame, media));
    let mut stories = rows(&pinned);
    for row in &mut stories {
        row.pinned = true;
    }
    stories.extend(rows(&list.items));
    let lead = (place < stories.len()).then(|| Row { picture, ..stories.remove(place) });
    page(&frame, (layout, heading), (lead, stories), (before, list.older))
}

/// A page of any other list.
pub(super) async fn load(
    frame: &Frame<'_>,
    filter: Filter,
    before: Option<Cursor>,
    heading: Heading,
) -> Result<Page, Error> {
    let list = frame.site.state.content.latest(&filter, before, ROWS).await?;
    let rows = list.items.iter().map(|summary| Row::new(frame, summary)).collect();
    let mut layout = heading.layout(frame, before);
    if let (Filter::Category(_), Some(name)) = (&filter, &heading.title) {
        layout.feeds.insert(0, feed::of_category(frame, name, &heading.path));
        layout.structured = Some(structured::category(frame, &layout, name)?);
    }
    page(frame, (layout, heading), (None, rows), (before, list.older))
}

fn page(
    frame: &Frame<'_>,
    (layout, heading): (Layout, Heading),
    (lead, rows): (Option<Row>, Vec<Row>),
    (before, older): (Option<Cursor>, Option<Cursor>),
) -> Result<Page, Error> {
    let shared = Shared { canonical: layout.canonical.clone(), card: card(frame, &layout), article: None };
    let page = ListPage {
        older: older.map(|cursor| frame.url(&paged(&heading.path, Some(cursor)))),
        first: before.map(|_| frame.url(&heading.path)),
        layout,
        above: heading.above,
        heading: heading.title,
        lead,
        rows,
    };
    Page::shared(&page, shared)
}

pub(super) fn card(frame: &Frame<'_>, layout: &Layout) -> share::Card {
    share::Card {
        title: layout.title.clone(),
        moments_title: layout.title.clone(),
        desc: layout.description.clone(),
        link: layout.canonical.clone(),
        img_url: frame.preview_image().url,
    }
}

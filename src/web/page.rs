//! What every page shares: the layout around it, and the page that an error becomes.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::future::Cache;
use moka::policy::EvictionPolicy;

use super::error::Error;
use super::look::{self, Logo};
use super::page_cache::Page;
use super::reader::feed::{self, FeedLink};
use super::reader::fixed;
use super::reader::list::{self, Row};
use super::reader::media;
use super::texts::{Texts, texts};
use super::{Site, headers, share};
use crate::clock::Millis;
use crate::config::SecondHand;
use crate::content::{self, Category, Content, Filter, Media, MediaId, PageEntry, Rendition, SiteSettings};

/// How many recent articles an error page offers.
const RECENT: u16 = 3;

/// A link with its words.
#[derive(Debug)]
pub(crate) struct Link {
    /// The words.
    pub(crate) label: String,
    /// Where to.
    pub(crate) url: String,
}

/// An entry of the category strip.
#[derive(Debug)]
pub(crate) struct NavLink {
    /// The category's name.
    pub(crate) label: String,
    /// Its list.
    pub(crate) url: String,
    /// Whether this page is in it.
    pub(crate) current: bool,
}

/// The picture that stands for a page elsewhere.
#[derive(Debug)]
pub(crate) struct PreviewImage {
    /// Absolute.
    pub(crate) url: String,
    /// Its media type.
    pub(crate) media_type: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl PreviewImage {
    /// `media` as a card shows it; none if it is too small for that.
    pub(crate) fn of_media(site: &Site, media: &Media) -> Option<Self> {
        let (file, size) = (media.file(Rendition::Share)?, media.size_of(Rendition::Share));
        let url = media::absolute(site, media, Rendition::Share)?;
        Some(Self { url, media_type: file.kind.content_type(), width: size.width, height: size.height })
    }

    /// The picture that comes with the program.
    fn of_program(site: &Site) -> Self {
        let side = share::DEFAULT_IMAGE_SIDE;
        Self { url: share::default_image(site), media_type: "image/png", width: side, height: side }
    }
}

/// What is around the page's own part.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) t: &'static Texts,
    pub(crate) lang: &'static str,
    /// The language as Open Graph writes it.
    pub(crate) locale: &'static str,
    pub(crate) title: String,
    pub(crate) description: String,
    /// Absolute; empty on pages that have no address of their own, which the guard then leaves alone.
    pub(crate) canonical: String,
    /// Whether the page is signed for the address as requested, so that the guard has nothing to do.
    pub(crate) signs_requested: bool,
    pub(crate) site_name: String,
    /// Instead of the name in the masthead.
    pub(crate) logo: Option<Logo>,
    /// The site's own colours.
    pub(crate) colours: Option<String>,
    pub(crate) home_url: String,
    pub(crate) search_url: String,
    pub(crate) archive_url: String,
    /// The fixed pages that are linked at the foot.
    pub(crate) pages: Vec<Link>,
    pub(crate) nav: Vec<NavLink>,
    pub(crate) css: String,
    pub(crate) share_js: String,
    pub(crate) reader_js: String,
    pub(crate) guard: &'static str,
    /// Whether the page is passed on as a card: it then has the gap into which the data block goes.
    pub(crate) is_shared: bool,
    pub(crate) icp_number: String,
    pub(crate) police_number: String,
    /// JSON-LD for search engines, already safe inside a script element.
    pub(crate) structured: Option<String>,
    /// The feed that the footer names.
    pub(crate) feed_url: Option<String>,
    /// The feeds that the head names.
    pub(crate) feeds: Vec<FeedLink>,
    pub(crate) og_image: Option<PreviewImage>,
    pub(crate) year: i16,
}

/// What a handler needs again and again while it builds one page.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    /// The site.
    pub(crate) site: &'a Site,
    /// What editors have set.
    pub(crate) settings: SiteSettings,
    /// The words.
    pub(crate) t: &'static Texts,
    zone: TimeZone,
    categories: Vec<Category>,
    pages: Vec<PageEntry>,
    /// The site's logo.
    pub(crate) logo: Option<Media>,
    share_image: Option<Media>,
}

impl<'a> Frame<'a> {
    /// Reads what every page shows.
    pub(crate) async fn load(site: &'a Site) -> Result<Self, Error> {
        let common = site.common.get(site).await?;
        let frame = Self::new(site, common.settings.clone());
        let Common { categories, pages, logo, share_image, .. } = &*common;
        let (logo, share_image) = (logo.clone(), share_image.clone());
        Ok(Self { categories: categories.clone(), pages: pages.clone(), logo, share_image, ..frame })
    }

    /// A frame for when the database does not answer: what the operator's settings know.
    fn without_database(site: &'a Site) -> Self {
        Self::new(site, SiteSettings::from_config(&site.state.config.site))
    }

    fn new(site: &'a Site, settings: SiteSettings) -> Self {
        let zone = settings.zone();
        let t = texts(settings.language.tag());
        let (categories, pages) = (Vec::new(), Vec::new());
        Self { site, t, settings, zone, categories, pages, logo: None, share_image: None }
    }

    /// The layout of a page called `title` (empty: the site's name alone) at `path` below the prefix (empty: none).
    pub(crate) fn layout(&self, title: &str, path: &str) -> Layout {
        let base = &self.site.state.config.site.base_url;
        let (site, settings) = (self.site, &self.settings);
        let name = &settings.name;
        Layout {
            t: self.t,
            lang: settings.language.tag(),
            locale: self.t.locale,
            title: if title.is_empty() { name.clone() } else { format!("{title} - {name}") },
            description: settings.description.clone(),
            canonical: if path.is_empty() { String::new() } else { base.absolute(path) },
            signs_requested: site.state.config.wechat.second_hand == SecondHand::Sign,
            site_name: name.clone(),
            logo: self.logo.as_ref().and_then(|logo| Logo::new(site, logo)),
            colours: settings.accent.map(|accent| base.path(&look::path(accent))),
            home_url: base.path("/"),
            search_url: base.path("/search"),
            archive_url: base.path("/archive"),
            pages: self.pages.iter().map(|page| self.page(page)).collect(),
            nav: self.nav(path),
            css: base.path(&site.assets.path("site.css")),
            share_js: base.path(&site.assets.path("share.js")),
            reader_js: base.path(&site.assets.path("reader.js")),
            guard: headers::GUARD,
            is_shared: true,
            icp_number: settings.icp_number.clone(),
            police_number: settings.police_number.clone(),
            structured: None,
            feed_url: Some(base.path("/feed.xml")),
            feeds: feed::of_site(self),
            og_image: Some(self.preview_image()),
            year: self.zoned(site.state.clock.now()).year(),
        }
    }

    /// The newest articles, for a page that has nothing else to offer; none if they cannot be read.
    pub(crate) async fn recent(&self) -> Vec<Row> {
        let list = self.site.state.content.latest(&Filter::All, None, RECENT).await;
        list.map(|list| list.items.iter().map(|summary| Row::new(self, summary)).collect()).unwrap_or_default()
    }

    /// The picture of a page that has none of its own.
    pub(crate) fn preview_image(&self) -> PreviewImage {
        let chosen = self.share_image.as_ref().and_then(|media| PreviewImage::of_media(self.site, media));
        chosen.unwrap_or_else(|| PreviewImage::of_program(self.site))
    }

    /// `path` as a link in a page: below the prefix.
    pub(crate) fn url(&self, path: &str) -> String {
        self.site.state.config.site.base_url.path(path)
    }

    /// The words and the link of a category.
    pub(crate) fn category(&self, category: &Category) -> Link {
        Link { label: category.name.clone(), url: self.url(&list::category_path(category)) }
    }

    /// The words and the link of a fixed page.
    fn page(&self, page: &PageEntry) -> Link {
        Link { label: page.title.clone(), url: self.url(&fixed::path(&page.slug)) }
    }

    /// `moment` after one of the catalogue's patterns.
    pub(crate) fn date(&self, moment: Millis, pattern: &str) -> String {
        self.zoned(moment).strftime(pattern).to_string()
    }

    /// The day, without the year in the current one.
    pub(crate) fn day(&self, moment: Millis) -> String {
        let this_year = self.zoned(self.site.state.clock.now()).year() == self.zoned(moment).year();
        self.date(moment, if this_year { self.t.date_this_year } else { self.t.date })
    }

    /// `moment` for machines: RFC 3339 with the site's offset.
    pub(crate) fn datetime(&self, moment: Millis) -> String {
        self.date(moment, "%Y-%m-%dT%H:%M:%S%:z")
    }

    fn zoned(&self, moment: Millis) -> jiff::Zoned {
        zoned(moment, self.zone.clone())
    }

    fn nav(&self, path: &str) -> Vec<NavLink> {
        let here = path.split('?').next().unwrap_or_default();
        let link = |label: String, target: &str| NavLink { label, url: self.url(target), current: here == target };
        let categories =
            self.categories.iter().map(|category| link(category.name.clone(), &list::category_path(category)));
        if self.categories.is_empty() {
            return Vec::new();
        }
        std::iter::once(link(self.t.home.to_owned(), "/")).chain(categories).collect()
    }
}

/// `moment` by the clocks of `zone`.
pub(crate) fn zoned(moment: Millis, zone: TimeZone) -> jiff::Zoned {
    Timestamp::from_millisecond(moment.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone)
}

/// What every page shows, read once per version of the site.
#[derive(Debug)]
pub(crate) struct Common {
    settings: SiteSettings,
    categories: Vec<Category>,
    pages: Vec<PageEntry>,
    logo: Option<Media>,
    share_image: Option<Media>,
}

/// [`Common`] in memory.
#[derive(Debug)]
pub(crate) struct CommonCache(Cache<i64, Arc<Common>>);

impl CommonCache {
    /// An empty one.
    pub(crate) fn new() -> Self {
        // The present version, and the one before for whoever is still at it.
        Self(Cache::builder().max_capacity(2).eviction_policy(EvictionPolicy::lru()).build())
    }

    /// The zone in which the site's days begin; the operator's while the database does not answer.
    pub(crate) async fn zone(&self, site: &Site) -> TimeZone {
        match self.get(site).await {
            Ok(common) => common.settings.zone(),
            Err(_no_database) => SiteSettings::from_config(&site.state.config.site).zone(),
        }
    }

    async fn get(&self, site: &Site) -> Result<Arc<Common>, Error> {
        let content = &site.state.content;
        let read = async {
            let (settings, categories) = (content.settings().await?, content.categories().await?);
            let pages = content.footer_pages().await?;
            let logo = picture(content, settings.logo.as_ref()).await?;
            let share_image = picture(content, settings.share_image.as_ref()).await?;
            Ok(Arc::new(Common { settings, categories, pages, logo, share_image }))
        };
        self.0.try_get_with(content.seen_version(), read).await.map_err(|error: Arc<Error>| Error::clone(&error))
    }
}

async fn picture(content: &Content, id: Option<&MediaId>) -> Result<Option<Media>, Error> {
    let Some(id) = id else { return Ok(None) };
    match content.media(id).await {
        Ok(media) => Ok(Some(media)),
        Err(content::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    layout: Layout,
    headline: String,
    advice: String,
    recent: Vec<Row>,
    request_id: String,
}

/// The page for `status`: what happened, what to do, and somewhere to go. Never fails, also without a database.
pub(crate) async fn error(site: &Site, request: &HttpRequest, status: StatusCode, request_id: &str) -> HttpResponse {
    let (frame, recent) = match Frame::load(site).await {
        Ok(frame) => {
            let recent = frame.recent().await;
            (frame, recent)
        }
        Err(_no_database) => (Frame::without_database(site), Vec::new()),
    };
    let text = frame.t.error(status.as_u16());
    let page = ErrorPage {
        layout: Layout { is_shared: false, ..frame.layout(text.headline, "") },
        headline: text.headline.to_owned(),
        advice: text.advice.to_owned(),
        recent,
        request_id: if status.is_server_error() { request_id.to_owned() } else { String::new() },
    };
    let cache = if matches!(status.as_u16(), 404 | 410) { headers::A_MINUTE } else { headers::NO_STORE };
    let answer = Page::html(&page, cache).and_then(|page| page.with_status(status).respond(site, request));
    answer.unwrap_or_else(|_template| HttpResponse::new(status))
}

//! The archive: all months that have articles, and the articles of a month.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::Site;
use super::super::error::Error;
use super::super::page::{Frame, Layout, Link};
use super::super::page_cache::{Page, Shared};
use super::list::{self, Heading};
use super::moved;
use crate::content::Month;

/// The page of all months.
pub(super) const PATH: &str = "/archive";

/// A year with its months, newest first.
#[derive(Debug)]
struct Year {
    label: String,
    months: Vec<MonthLink>,
}

#[derive(Debug)]
struct MonthLink {
    /// The month, below its year.
    label: String,
    /// The same with the year, for those who hear it alone.
    full: String,
    url: String,
}

#[derive(Template)]
#[template(path = "reader/archive.html")]
struct ArchivePage {
    layout: Layout,
    years: Vec<Year>,
}

/// `GET /archive`.
pub(crate) async fn index(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    site.cache.answer(&site, &request, PATH, async || all_months(&site).await).await
}

/// `GET /archive/{year-month}`.
pub(crate) async fn month(site: Data<Site>, month: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let Ok(month) = month.parse::<Month>() else { return Err(moved::or_not_found(&site, request.path()).await) };
    let before = list::position(&request);
    let path = list::paged(&month_path(month), before);
    let load = async || {
        let frame = Frame::load(&site).await?;
        let filter = month.filter(&frame.settings.zone()).ok_or(Error::NotFound)?;
        // A month that nothing was published in has no page, wherever in it one begins to read.
        if site.state.content.latest(&filter, None, 1).await?.items.is_empty() {
            return Err(Error::NotFound);
        }
        let above = Link { label: frame.t.reader.archive.to_owned(), url: frame.url(PATH) };
        let title = label(month, frame.t.reader.month);
        let heading = Heading { title: Some(title), path: month_path(month), above: Some(above) };
        list::load(&frame, filter, before, heading).await
    };
    site.cache.answer(&site, &request, &path, load).await
}

fn month_path(month: Month) -> String {
    format!("{PATH}/{month}")
}

fn label(month: Month, pattern: &str) -> String {
    month.first_day().map(|day| day.strftime(pattern).to_string()).unwrap_or_default()
}

async fn all_months(site: &Site) -> Result<Page, Error> {
    let frame = Frame::load(site).await?;
    let t = &frame.t.reader;
    let months = site.state.content.archive().await?;
    let years = months.chunk_by(|one, other| one.year() == other.year()).filter_map(|months| {
        let link = |month: &Month| MonthLink {
            label: label(*month, t.month_of_year),
            full: label(*month, t.month),
            url: frame.url(&month_path(*month)),
        };
        Some(Year { label: label(*months.first()?, t.year), months: months.iter().map(link).collect() })
    });
    let page = ArchivePage { years: years.collect(), layout: frame.layout(t.archive, PATH) };
    let card = list::card(&frame, &page.layout);
    let shared = Shared { canonical: page.layout.canonical.clone(), card, article: None };
    Page::shared(&page, shared)
}

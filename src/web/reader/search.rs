//! `GET /search`: the search field, and what was found.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use super::super::error::Error;
use super::super::page::{Frame, Layout};
use super::super::page_cache::Page;
use super::super::{Site, client, headers};
use super::list::Row;
use crate::content::{Hit, Results, Segment};

/// An article that was found.
struct Found {
    row: Row,
    headline: Vec<Segment>,
    excerpt: Vec<Segment>,
}

#[derive(Template)]
#[template(path = "reader/search.html")]
struct SearchPage {
    layout: Layout,
    query: String,
    /// How many were found; none: nothing was asked.
    outcome: Option<String>,
    hits: Vec<Found>,
    previous: Option<String>,
    next: Option<String>,
}

/// The page for a question. Whatever is asked is only ever words, so there is nothing to refuse.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reader = client::address(&request, &site.state.config.server.trusted_proxies);
    site.search_limit.check(reader)?;
    let frame = Frame::load(&site).await?;
    let results = site.state.content.search(&parameter(&request, "q"), page_number(&request)).await?;
    Page::html(&page(&frame, results), headers::NO_STORE)?.respond(&site, &request)
}

fn page(frame: &Frame<'_>, results: Results) -> SearchPage {
    let (t, query) = (frame.t, &results.query);
    let title = if query.is_empty() { t.search.to_owned() } else { t.search_for(query) };
    let link = |page: usize| {
        let words = utf8_percent_encode(query, NON_ALPHANUMERIC);
        frame.url(&if page == 1 { format!("/search?q={words}") } else { format!("/search?q={words}&page={page}") })
    };
    SearchPage {
        // Without an address: an answer is of the moment, and nothing to be passed on.
        layout: Layout { is_shared: false, ..frame.layout(&title, "") },
        outcome: (!query.is_empty()).then(|| t.search_outcome(results.total, results.more)),
        previous: (results.page > 1).then(|| link(results.page - 1)),
        next: (results.page < results.pages).then(|| link(results.page + 1)),
        hits: results.hits.into_iter().map(|hit| found(frame, hit)).collect(),
        query: results.query,
    }
}

fn found(frame: &Frame<'_>, hit: Hit) -> Found {
    Found { row: Row::new(frame, &hit.summary), headline: hit.headline, excerpt: hit.excerpt }
}

/// A parameter of the address, from whatever was sent; empty when there is none.
fn parameter(request: &HttpRequest, name: &str) -> String {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The page that is wanted; what is no number means the first.
fn page_number(request: &HttpRequest) -> usize {
    parameter(request, "page").parse().unwrap_or(1)
}

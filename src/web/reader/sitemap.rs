//! What search engines ask for: the map of the site, and which parts of it to leave alone.

use std::fmt::Write as _;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use serde::Deserialize;

use super::super::error::Error;
use super::super::{Site, headers};
use super::article::article_path;
use crate::content::{ArticleId, SitemapEntry};

/// Addresses in one part; the protocol allows 50,000.
const ENTRIES: u16 = 10_000;
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Where a part of the map begins.
#[derive(Debug, Deserialize)]
pub(crate) struct Part {
    after: Option<i64>,
}

/// `GET /sitemap.xml`: the index of all parts.
pub(crate) async fn index(site: Data<Site>) -> Result<HttpResponse, Error> {
    let base = &site.state.config.site.base_url;
    let mut parts = Vec::new();
    let mut after = None;
    // By key: each part begins after the last article of the one before.
    loop {
        let entries = site.state.content.sitemap(after, ENTRIES).await?;
        let Some(last) = entries.last() else { break };
        parts.push(base.absolute(&format!("/sitemap-articles.xml?after={}", after.map_or(0, |id: ArticleId| id.0))));
        after = Some(last.id);
    }
    let mut xml = format!("<sitemapindex xmlns=\"{NAMESPACE}\">\n");
    for part in parts {
        writeln!(xml, "<sitemap><loc>{part}</loc></sitemap>").map_err(|error| Error::internal(error))?;
    }
    xml.push_str("</sitemapindex>\n");
    Ok(respond(&xml))
}

/// `GET /sitemap-articles.xml?after=`: one part of it.
pub(crate) async fn articles(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let base = &site.state.config.site.base_url;
    let part = Query::<Part>::from_query(request.query_string()).map_err(|_shape| Error::NotFound)?;
    let mut xml = format!("<urlset xmlns=\"{NAMESPACE}\">\n");
    for entry in site.state.content.sitemap(part.after.map(ArticleId), ENTRIES).await? {
        let address = base.absolute(&article_path(&entry.key));
        let modified = day(&entry);
        writeln!(xml, "<url><loc>{address}</loc><lastmod>{modified}</lastmod></url>")
            .map_err(|error| Error::internal(error))?;
    }
    xml.push_str("</urlset>\n");
    Ok(respond(&xml))
}

/// `GET /robots.txt`.
pub(crate) async fn robots(site: Data<Site>) -> HttpResponse {
    let base = &site.state.config.site.base_url;
    let (prefix, sitemap) = (base.prefix(), base.absolute("/sitemap.xml"));
    let body = format!(
        "User-agent: *\nDisallow: {prefix}/admin/\nDisallow: {prefix}/api/\nDisallow: {prefix}/preview/\nSitemap: {sitemap}\n"
    );
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, headers::AN_HOUR))
        .body(body)
}

fn day(entry: &SitemapEntry) -> String {
    Timestamp::from_millisecond(entry.modified.0).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// Every address in it is ASCII letters, digits and hyphens below the base address, so nothing needs escaping.
fn respond(xml: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/xml; charset=utf-8"))
        .insert_header((CACHE_CONTROL, headers::AN_HOUR))
        .body(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}"))
}

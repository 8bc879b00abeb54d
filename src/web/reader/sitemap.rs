//! What search engines ask for: the map of the site, and which parts of it to leave alone.

use std::fmt::Write as _;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use serde::Deserialize;

use super::super::error::Error;
use super::super::page_cache::Page;
use super::super::{Site, headers};
use super::article::article_path;
use super::list::category_path;
use super::{archive, fixed};
use crate::content::{ArticleId, SitemapEntry};

/// Article numbers in one part, whether or not there is an article of that number: so a part keeps its articles for
/// ever, and the index is made without looking at them. The protocol allows 50,000 addresses.
const NUMBERS: i64 = 10_000;
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// Where a part of the map begins.
#[derive(Debug, Deserialize)]
pub(crate) struct Part {
    after: Option<i64>,
}

/// `GET /sitemap.xml`: the index of all parts.
pub(crate) async fn index(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let write = async || {
        let base = &site.state.config.site.base_url;
        let last = site.state.content.last_article().await?.map_or(0, |id| id.0);
        let parts = (0..).map(|part| part * NUMBERS).take_while(|after| *after < last);
        let articles = parts.map(|after| format!("/sitemap-articles.xml?after={after}"));
        let mut xml = format!("<sitemapindex xmlns=\"{NAMESPACE}\">\n");
        for path in std::iter::once("/sitemap-pages.xml".to_owned()).chain(articles) {
            let part = base.absolute(&path);
            writeln!(xml, "<sitemap><loc>{part}</loc></sitemap>").map_err(Error::internal)?;
        }
        xml.push_str("</sitemapindex>\n");
        Ok(document(&xml))
    };
    site.cache.answer(&site, &request, "/sitemap.xml", write).await
}

/// `GET /sitemap-pages.xml`: what is not an article.
pub(crate) async fn pages(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let write = async || {
        let base = &site.state.config.site.base_url;
        let content = &site.state.content;
        let (categories, pages) = (content.categories().await?, content.pages().await?);
        let categories = categories.iter().map(category_path);
        let pages = pages.iter().map(|page| fixed::path(&page.slug));
        let alone = ["/".to_owned(), archive::PATH.to_owned()];
        let mut xml = format!("<urlset xmlns=\"{NAMESPACE}\">\n");
        for path in alone.into_iter().chain(categories).chain(pages) {
            let address = base.absolute(&path);
            writeln!(xml, "<url><loc>{address}</loc></url>").map_err(Error::internal)?;
        }
        xml.push_str("</urlset>\n");
        Ok(document(&xml))
    };
    site.cache.answer(&site, &request, "/sitemap-pages.xml", write).await
}

/// `GET /sitemap-articles.xml?after=`: one part of it. A crawler reads all parts in turn and comes back in a day, so
/// that keeping a megabyte of each would only drive readers' pages out of memory.
pub(crate) async fn articles(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let base = &site.state.config.site.base_url;
    let part = Query::<Part>::from_query(request.query_string()).map_err(|_shape| Error::NotFound)?;
    let after = part.after.unwrap_or_default();
    if after < 0 || after % NUMBERS != 0 {
        return Err(Error::NotFound);
    }
    let entries = site.state.content.sitemap(ArticleId(after), ArticleId(after.saturating_add(NUMBERS))).await?;
    if entries.is_empty() {
        // The protocol has no empty part.
        return Err(Error::NotFound);
    }
    let mut xml = format!("<urlset xmlns=\"{NAMESPACE}\">\n");
    for entry in entries {
        let (address, modified) = (base.absolute(&article_path(&entry.key)), day(&entry));
        writeln!(xml, "<url><loc>{address}</loc><lastmod>{modified}</lastmod></url>").map_err(Error::internal)?;
    }
    xml.push_str("</urlset>\n");
    document(&xml).respond(&site, &request)
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
fn document(xml: &str) -> Page {
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}");
    Page::document(xml, "application/xml; charset=utf-8", headers::AN_HOUR)
}

//! Addresses that were an article's once: old slugs and the aliases that an import brought. 301, for ever.

use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::super::error::Error;
use super::super::{Site, headers};
use super::article::article_path;
use crate::content::{Lookup, SitePath};

/// `GET` anything that no other route knows.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    or_not_found(&site, &request).await
}

/// To where the article lives now, if this address was one of its.
pub(crate) async fn or_not_found(site: &Site, request: &HttpRequest) -> Result<HttpResponse, Error> {
    let prefix = site.state.config.site.base_url.prefix();
    let path = request.path().strip_prefix(prefix).unwrap_or(request.path());
    let path: SitePath = path.parse().map_err(|_not_a_path| Error::NotFound)?;
    match site.state.content.find_path(&path).await? {
        Lookup::Article(key) => Ok(permanently(site, &article_path(&key))),
        Lookup::Path(path) => Ok(permanently(site, &path)),
        Lookup::Nothing => Err(Error::NotFound),
    }
}

/// To `path` below the prefix.
pub(crate) fn permanently(site: &Site, path: &str) -> HttpResponse {
    HttpResponse::MovedPermanently()
        .insert_header((LOCATION, site.state.config.site.base_url.absolute(path)))
        .insert_header((CACHE_CONTROL, headers::AN_HOUR))
        .finish()
}

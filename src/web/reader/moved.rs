//! Addresses that were an article's once: old slugs and the aliases that an import brought. 301, for ever.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::super::Site;
use super::super::error::Error;
use super::article::article_path;
use crate::content::{Lookup, SitePath};

/// `GET` anything that no other route knows.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    Err(or_not_found(&site, request.path()).await)
}

/// Where the article lives now, if the address that was requested was one of its.
pub(crate) async fn or_not_found(site: &Site, requested: &str) -> Error {
    let prefix = site.state.config.site.base_url.prefix();
    let Ok(path) = requested.strip_prefix(prefix).unwrap_or(requested).parse::<SitePath>() else {
        return Error::NotFound;
    };
    match site.state.content.find_path(&path).await {
        Ok(Lookup::Article(key)) => moved(site, &article_path(&key)),
        Ok(Lookup::Path(path)) => moved(site, &path),
        Ok(Lookup::Nothing) => Error::NotFound,
        Err(error) => error.into(),
    }
}

/// To `path` below the prefix.
pub(crate) fn moved(site: &Site, path: &str) -> Error {
    Error::Moved(site.state.config.site.base_url.absolute(path))
}

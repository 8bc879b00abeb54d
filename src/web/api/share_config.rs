//! Fresh `wx.config` values for a page whose own have grown old, or whose address is not the canonical one.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::error::Error;
use super::super::{Site, address, client, headers, share};

/// Which page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// `location.pathname + location.search`, percent-encoded once more.
    path: String,
}

/// `GET /api/v1/share-config?path=`. Signs only addresses of this site: the origin comes from the settings.
pub(crate) async fn show(site: Data<Site>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let trusted = &site.state.config.server.trusted_proxies;
    site.share_config_limit.check(client::address(&request, trusted))?;
    let page = Query::<Page>::from_query(request.query_string()).map_err(|_shape| Error::BadRequest)?;
    let base = &site.state.config.site.base_url;
    let url = address::signable(base, &page.path).ok_or(Error::BadRequest)?;
    let values = share::values(&site.state, &url);
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, headers::NO_STORE)).json(values))
}

//! `MP_verify_*.txt` and `WW_verify_*.txt`, at the root and under the prefix: WeChat looks for them at either, depending
//! on whether a host or a path was entered in the console.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Data, Path};

use super::super::Site;
use super::super::error::Error;

/// `GET /MP_verify_….txt`.
pub(crate) async fn show(site: Data<Site>, name: Path<String>) -> Result<HttpResponse, Error> {
    let body = site.state.content.verification_file(&name).await?.ok_or(Error::NotFound)?;
    // No line break at the end: WeCom compares byte for byte (wechat-facts §4.2).
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain")).body(body))
}

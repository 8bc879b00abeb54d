//! The recovery codes, on the one page that ever shows them. The file to take along is in the page itself: nothing is
//! stored for it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::Site;
use super::super::error::Error;
use super::super::texts::fill;
use super::next;
use super::page::{Desk, Layout, respond};
use crate::staff::{RecoveryCodes, Session};

#[derive(Template)]
#[template(path = "admin/recovery_codes.html")]
struct CodesPage {
    layout: Layout,
    codes: Vec<String>,
    /// A `data:` address with the text file.
    file: String,
    next: String,
    script: String,
}

/// The page; it leads to `next`.
pub(crate) async fn show(
    site: &Site,
    session: &Session,
    codes: &RecoveryCodes,
    next: &str,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let text = desk.t.entrance;
    let codes = codes.0.expose().clone();
    let head = fill(text.codes_head, &[&desk.settings.name, session.login().as_str()]);
    // The line ends that every editor of text understands.
    let file = format!("{head}\r\n\r\n{}\r\n", codes.join("\r\n"));
    let page = CodesPage {
        layout: desk.outside(text.codes, session.csrf()),
        codes,
        file: format!("data:text/plain;charset=utf-8,{}", utf8_percent_encode(&file, NON_ALPHANUMERIC)),
        next: next::address(site, next),
        script: desk.script("handover.js"),
    };
    respond(StatusCode::OK, &page)
}

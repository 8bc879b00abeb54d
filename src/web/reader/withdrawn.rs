//! 撤稿: what the address of a withdrawn article says. Its headline is not repeated, for that may be what was wrong.

use actix_web::http::StatusCode;
use askama::Template;

use super::super::error::Error;
use super::super::page::{Frame, Layout};
use super::super::page_cache::Page;
use super::super::{Site, headers};
use super::list::Row;
use crate::clock::Millis;

#[derive(Template)]
#[template(path = "reader/withdrawn.html")]
struct WithdrawnPage {
    layout: Layout,
    date: String,
    datetime: String,
    /// What the editors say about it; may be empty.
    notice: String,
    recent: Vec<Row>,
}

/// The page of an article that was withdrawn at `at`.
pub(super) async fn page(site: &Site, at: Millis, notice: String) -> Result<Page, Error> {
    let frame = Frame::load(site).await?;
    let page = WithdrawnPage {
        layout: Layout { is_shared: false, ..frame.layout(frame.t.withdrawn.headline, "") },
        date: frame.date(at, frame.t.date),
        datetime: frame.datetime(at),
        notice,
        recent: frame.recent().await,
    };
    Ok(Page::html(&page, headers::A_MINUTE)?.with_status(StatusCode::GONE))
}

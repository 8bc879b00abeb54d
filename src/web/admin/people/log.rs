//! Everything that happened to somebody, and that they did to others.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::super::texts::fill;
use super::super::auth::SignedIn;
use super::super::page::{Desk, Layout, respond};
use super::line::{self, LogLine};
use crate::staff::MemberId;

/// Lines on a page.
const PAGE: u16 = 50;

#[derive(Template)]
#[template(path = "admin/people/log.html")]
struct LogPage {
    layout: Layout,
    log: Vec<LogLine>,
    older_url: Option<String>,
    back: String,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    before: Option<i64>,
}

/// `GET /admin/staff/{id}/log`.
pub(crate) async fn show(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (desk, staff) = (Desk::load(&site).await?, &site.state.staff);
    let person = staff.person(MemberId(*id)).await?;
    let before = Query::<Asked>::from_query(request.query_string()).map(|asked| asked.before).unwrap_or_default();
    let events = staff.events_of(person.id, before, PAGE).await?;
    let here = format!("/staff/{}", person.id.0);
    let last = events.last().filter(|_| events.len() == usize::from(PAGE));
    let page = LogPage {
        layout: desk.layout(&fill(desk.t.people.log, &[person.name.as_str()]), &here, &signed_in, &request),
        log: line::of(&desk, &events, &staff.names().await?),
        older_url: last.map(|event| desk.url(&format!("{here}/log?before={}", event.id))),
        back: desk.url(&here),
    };
    respond(StatusCode::OK, &page)
}

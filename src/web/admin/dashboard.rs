//! The first page: what waits, what goes out next, what is wrong.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::Site;
use super::super::error::Error;
use super::auth::SignedIn;
use super::page::{Desk, Layout, respond};

#[derive(Template)]
#[template(path = "admin/dashboard.html")]
struct DashboardPage {
    layout: Layout,
}

/// `GET /admin`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let layout = desk.layout(desk.a.dashboard, "/", &signed_in, &request);
    respond(StatusCode::OK, &DashboardPage { layout })
}

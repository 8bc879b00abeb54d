//! New recovery codes, with the password just typed.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::auth::SignedIn;
use super::super::form::Posted;
use super::super::page::{self, Desk, Layout, respond};
use super::super::recovery_codes;

#[derive(Template)]
#[template(path = "admin/account/codes.html")]
struct RenewPage {
    layout: Layout,
    action: String,
    back: String,
}

/// `GET /admin/account/recovery-codes`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    if !signed_in.session.has_totp() {
        return Ok(page::see(&site, "/second-step/set-up", ""));
    }
    if !signed_in.session.is_confirmed(site.state.clock.now()) {
        return Err(Error::NeedsConfirmation);
    }
    let desk = Desk::load(&site).await?;
    let layout = desk.layout(desk.t.account.new_codes, "/account", &signed_in, &request);
    let (action, back) = (desk.url("/account/recovery-codes"), desk.url("/account"));
    respond(StatusCode::OK, &RenewPage { layout, action, back })
}

/// `POST /admin/account/recovery-codes`.
pub(crate) async fn renew(
    site: Data<Site>,
    signed_in: SignedIn,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let codes = site.state.staff.renew_recovery_codes(&signed_in.session).await?;
    let next = page::url(&site, "/account");
    recovery_codes::show(&site, &signed_in.session, &codes, &next).await
}

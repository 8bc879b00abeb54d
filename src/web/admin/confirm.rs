//! The password once more, before something risky.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::auth::{self, SignedIn};
use super::form::{FormErrors, Posted};
use super::next;
use super::page::{Desk, Layout};
use super::sign_in;
use crate::config::Secret;
use crate::staff;

#[derive(Template)]
#[template(path = "admin/confirm.html")]
struct ConfirmPage {
    layout: Layout,
    form: FormErrors,
    action: String,
    login: String,
    next: String,
    back: String,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /admin/confirm`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let typed = Typed { next: next::of(&request), ..Typed::default() };
    form(&site, (&signed_in, &request), typed, FormErrors::default()).await
}

/// `POST /admin/confirm`.
pub(crate) async fn submit(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let password = Secret::new(typed.password.clone());
    let visitor = auth::visitor(&site, &request);
    let text = Desk::load(&site).await?.t.entrance;
    let errors = match site.state.staff.confirm(&signed_in.session, &password, &visitor).await {
        Ok(opened) => return Ok(sign_in::opened_at(&site, &opened, &typed.next)),
        Err(staff::Error::Mismatch) => FormErrors::of("password", text.wrong_password),
        Err(staff::Error::TooManyRequests { retry_after }) => {
            FormErrors::late("password", text.wait(retry_after), retry_after)
        }
        Err(error) => return Err(error.into()),
    };
    form(&site, (&signed_in, &request), typed, errors).await
}

async fn form(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    typed: Typed,
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let page = ConfirmPage {
        layout: desk.layout(desk.t.entrance.confirm, "-", signed_in, request),
        form,
        action: desk.url("/confirm"),
        login: signed_in.member.login().to_string(),
        back: desk.url("/"),
        next: typed.next,
    };
    page.form.answer(&page)
}

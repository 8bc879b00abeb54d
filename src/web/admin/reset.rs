//! A new password by a link that an administrator made.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::texts::fill;
use super::auth::{self, Token};
use super::form::{FormErrors, Posted};
use super::page::{Desk, Layout};
use super::{join, registration, sign_in};
use crate::config::Secret;
use crate::staff::{self, Reset};

#[derive(Template)]
#[template(path = "admin/reset.html")]
struct ResetPage {
    layout: Layout,
    form: FormErrors,
    lede: String,
    login: String,
}

/// What is typed; never sent back to the page.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `GET /admin/reset/{token}`.
pub(crate) async fn show(site: Data<Site>, token: Token, link: Path<String>) -> Result<HttpResponse, Error> {
    match site.state.staff.reset(&link).await {
        Ok(reset) => form(&site, &token, &reset, FormErrors::default()).await,
        Err(error) => refuse(&site, error).await,
    }
}

/// `POST /admin/reset/{token}`.
pub(crate) async fn submit(
    site: Data<Site>,
    token: Token,
    link: Path<String>,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let reset = match site.state.staff.reset(&link).await {
        Ok(reset) => reset,
        Err(error) => return refuse(&site, error).await,
    };
    let text = Desk::load(&site).await?.t.entrance;
    if typed.password != typed.again {
        return form(&site, &token, &reset, FormErrors::of("again", text.differs)).await;
    }
    let visitor = auth::visitor(&site, &request);
    match site.state.staff.reset_password(&link, &Secret::new(typed.password), &visitor).await {
        Ok(opened) => sign_in::enter(&site, &request, &opened, "").await,
        Err(error @ staff::Error::LinkExpired) => refuse(&site, error).await,
        Err(error) => form(&site, &token, &reset, registration::refusal(error, text)?).await,
    }
}

async fn refuse(site: &Site, error: staff::Error) -> Result<HttpResponse, Error> {
    match error {
        staff::Error::LinkExpired => registration::expired(site, join::words).await,
        other => Err(other.into()),
    }
}

async fn form(site: &Site, token: &Token, reset: &Reset, form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let text = desk.t.entrance;
    let lede = fill(text.reset_lede, &[reset.name.as_str(), reset.login.as_str()]);
    let layout = desk.outside(text.reset, token.as_str());
    let page = ResetPage { layout, form, lede, login: reset.login.to_string() };
    page.form.answer(&page)
}

//! Coming and going.

use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::auth::{self, Entering, Token};
use super::form::{FormErrors, Posted};
use super::next::{self, onward};
use super::oauth::OtherWays;
use super::page::{self, Desk, Layout};
use crate::config::Secret;
use crate::staff::{self, Opened, SessionState};

#[derive(Template)]
#[template(path = "admin/sign_in.html")]
struct SignInPage {
    layout: Layout,
    form: FormErrors,
    action: String,
    login: String,
    keep: bool,
    next: String,
    is_set_up: bool,
    others: OtherWays,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    keep: bool,
    #[serde(default)]
    next: String,
}

/// `GET /admin/sign-in`.
pub(crate) async fn show(site: Data<Site>, token: Token, request: HttpRequest) -> Result<HttpResponse, Error> {
    let next = next::of(&request);
    if let Some(Entering(session)) = request.extensions().get::<Entering>() {
        return Ok(lead(&site, session.state(), &next));
    }
    let typed = Credentials { next, ..Credentials::default() };
    form(&site, (&token, &request), typed, FormErrors::default()).await
}

/// `POST /admin/sign-in`.
pub(crate) async fn submit(
    site: Data<Site>,
    token: Token,
    request: HttpRequest,
    Posted(typed): Posted<Credentials>,
) -> Result<HttpResponse, Error> {
    let password = Secret::new(typed.password.clone());
    let visitor = auth::visitor(&site, &request);
    let text = Desk::load(&site).await?.t.entrance;
    let errors = match site.state.staff.sign_in(&typed.login, &password, typed.keep, &visitor).await {
        Ok(opened) => return enter(&site, &request, &opened, &typed.next).await,
        Err(staff::Error::Mismatch) => FormErrors::of("login", text.mismatch),
        Err(staff::Error::TooManyRequests { retry_after }) => {
            FormErrors::late("login", text.wait(retry_after), retry_after)
        }
        Err(error) => return Err(error.into()),
    };
    form(&site, (&token, &request), typed, errors).await
}

/// `POST /admin/sign-out`.
pub(crate) async fn leave(
    site: Data<Site>,
    Entering(session): Entering,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    site.state.staff.sign_out(&session).await?;
    let mut response = page::see(&site, "/sign-in", "signed-out");
    response.add_cookie(&auth::no_session_cookie(&site)).map_err(Error::internal)?;
    Ok(response)
}

/// Somebody has come in: the session that this browser may have held before ends, and the new one leads on.
pub(crate) async fn enter(
    site: &Site,
    request: &HttpRequest,
    opened: &Opened,
    next: &str,
) -> Result<HttpResponse, Error> {
    let former = request.extensions().get::<Entering>().cloned();
    if let Some(Entering(former)) = former {
        site.state.staff.sign_out(&former).await?;
    }
    Ok(opened_at(site, opened, next))
}

/// To where a session that was just opened leads.
pub(crate) fn opened_at(site: &Site, opened: &Opened, next: &str) -> HttpResponse {
    let mut response = lead(site, opened.session.state(), next);
    match response.add_cookie(&auth::session_cookie(site, opened)) {
        Ok(()) => response,
        Err(_not_a_header) => HttpResponse::InternalServerError().finish(),
    }
}

/// To `next`, or first to what is missing.
pub(crate) fn lead(site: &Site, state: SessionState, next: &str) -> HttpResponse {
    match state {
        SessionState::Full => onward(site, next),
        missing_yet => next::by(site, missing(missing_yet), next),
    }
}

/// The page on which somebody does what their session still lacks.
pub(crate) fn missing(state: SessionState) -> &'static str {
    match state {
        SessionState::NeedsTotp => "/second-step",
        SessionState::NeedsTotpSetup => "/second-step/set-up",
        SessionState::Full => "/",
    }
}

async fn form(
    site: &Site,
    (token, request): (&Token, &HttpRequest),
    typed: Credentials,
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let mut layout = desk.outside(desk.t.entrance.sign_in, token.as_str());
    layout.notice = desk.a.notice(page::said(request));
    let Credentials { login, keep, next, .. } = typed;
    let others = OtherWays::of(site, request, &next);
    let is_set_up = site.state.staff.is_set_up().await?;
    let page = SignInPage { layout, form, action: desk.url("/sign-in"), login, keep, next, is_set_up, others };
    page.form.answer(&page)
}

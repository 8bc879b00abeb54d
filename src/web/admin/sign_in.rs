//! Coming and going.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::auth::{self, Entering, Token};
use super::form::{FormErrors, Posted};
use super::oauth::OtherWays;
use super::page::{self, Desk, Layout, respond};
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
    /// Not typed: the ways in that this browser is offered besides.
    #[serde(skip)]
    others: OtherWays,
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /admin/sign-in`.
pub(crate) async fn show(site: Data<Site>, token: Token, request: HttpRequest) -> Result<HttpResponse, Error> {
    let next = Query::<Next>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default().next;
    let others = OtherWays::of(&site, &request, &next);
    let typed = Credentials { next, others, ..Credentials::default() };
    form(&site, &token, StatusCode::OK, typed, FormErrors::default()).await
}

/// `POST /admin/sign-in`.
pub(crate) async fn submit(
    site: Data<Site>,
    token: Token,
    request: HttpRequest,
    Posted(mut typed): Posted<Credentials>,
) -> Result<HttpResponse, Error> {
    typed.others = OtherWays::of(&site, &request, &typed.next);
    let password = Secret::new(typed.password.clone());
    let visitor = auth::visitor(&site, &request);
    let text = Desk::load(&site).await?.t.entrance;
    match site.state.staff.sign_in(&typed.login, &password, typed.keep, &visitor).await {
        Ok(opened) => Ok(opened_at(&site, &opened, &typed.next)),
        Err(staff::Error::Mismatch) => {
            let errors = FormErrors::of("login", text.mismatch);
            form(&site, &token, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await
        }
        Err(staff::Error::TooManyRequests { retry_after }) => {
            let wait = text.wait.replace("{}", &retry_after.as_secs().max(1).to_string());
            form(&site, &token, StatusCode::TOO_MANY_REQUESTS, typed, FormErrors::of("login", wait)).await
        }
        Err(error) => Err(error.into()),
    }
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

/// To where a session that was just opened leads.
pub(crate) fn opened_at(site: &Site, opened: &Opened, next: &str) -> HttpResponse {
    let mut response = match opened.session.state() {
        SessionState::NeedsTotp => with_next(site, "/second-step", next),
        SessionState::NeedsTotpSetup => page::see(site, "/second-step/set-up", ""),
        SessionState::Full => onward(site, next),
    };
    match response.add_cookie(&auth::session_cookie(site, opened)) {
        Ok(()) => response,
        Err(_not_a_header) => HttpResponse::InternalServerError().finish(),
    }
}

/// To where somebody wanted to go before signing in; only inside the back office.
pub(crate) fn onward(site: &Site, next: &str) -> HttpResponse {
    let inside =
        next.starts_with(&page::url(site, "/")) && !next.contains([':', '\\', '\n', '\r']) && !next.contains("//");
    let address = if inside { next.to_owned() } else { page::url(site, "/") };
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// To a page on the way in, which leads to `next`.
pub(crate) fn with_next(site: &Site, path: &str, next: &str) -> HttpResponse {
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    let address = format!("{}?next={next}", page::url(site, path));
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

async fn form(
    site: &Site,
    token: &Token,
    status: StatusCode,
    typed: Credentials,
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let layout = desk.outside(desk.t.entrance.sign_in, token.as_str());
    let Credentials { login, keep, next, others, .. } = typed;
    respond(status, &SignInPage { layout, form, action: desk.url("/sign-in"), login, keep, next, others })
}

//! The second step: passing it, and setting it up.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::texts::fill;
use super::auth::{self, Entering};
use super::form::{FormErrors, Posted};
use super::next;
use super::page::{Desk, Layout};
use super::qr::Qr;
use super::{recovery_codes, sign_in};
use crate::staff::{self, Session, SessionState};

/// How much of the site's name an authenticator is told, in characters: the code is easier to scan.
const ISSUER_LENGTH: usize = 20;

#[derive(Template)]
#[template(path = "admin/second_step.html")]
struct StepPage {
    layout: Layout,
    form: FormErrors,
    action: String,
    lede: String,
    code: String,
    next: String,
}

#[derive(Template)]
#[template(path = "admin/second_step_set_up.html")]
struct SetUpPage {
    layout: Layout,
    form: FormErrors,
    action: String,
    /// Whether the role asks for it.
    is_required: bool,
    has_one: bool,
    qr: Option<Qr>,
    secret: String,
    code: String,
    next: String,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// `GET /admin/second-step`.
pub(crate) async fn show(
    site: Data<Site>,
    Entering(session): Entering,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let typed = Typed { next: next::of(&request), ..Typed::default() };
    match session.state() {
        SessionState::NeedsTotp => form(&site, &session, typed, FormErrors::default()).await,
        passed => Ok(sign_in::lead(&site, passed, &typed.next)),
    }
}

/// `POST /admin/second-step`.
pub(crate) async fn submit(
    site: Data<Site>,
    Entering(session): Entering,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    if session.state() != SessionState::NeedsTotp {
        return Ok(sign_in::lead(&site, session.state(), &typed.next));
    }
    let visitor = auth::visitor(&site, &request);
    match site.state.staff.pass_totp(&session, &typed.code, &visitor).await {
        Ok(opened) => Ok(sign_in::opened_at(&site, &opened, &typed.next)),
        Err(error) => {
            let errors = refusal(&site, error).await?;
            form(&site, &session, typed, errors).await
        }
    }
}

/// `GET /admin/second-step/set-up`: on the way in, or later with the password just typed.
pub(crate) async fn begin(
    site: Data<Site>,
    Entering(session): Entering,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let typed = Typed { next: next::of(&request), ..Typed::default() };
    set_up_form(&site, &session, typed, FormErrors::default()).await
}

/// `POST /admin/second-step/set-up`.
pub(crate) async fn finish(
    site: Data<Site>,
    Entering(session): Entering,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let visitor = auth::visitor(&site, &request);
    match site.state.staff.finish_totp(&session, &typed.code, &visitor).await {
        Ok((opened, codes)) => {
            let mut response = recovery_codes::show(&site, &opened.session, &codes, &typed.next).await?;
            response.add_cookie(&auth::session_cookie(&site, &opened)).map_err(Error::internal)?;
            Ok(response)
        }
        Err(error) => {
            let errors = refusal(&site, error).await?;
            set_up_form(&site, &session, typed, errors).await
        }
    }
}

/// What is wrong with the code; an error that is not the form's goes on.
async fn refusal(site: &Site, error: staff::Error) -> Result<FormErrors, Error> {
    let text = Desk::load(site).await?.t.entrance;
    match error {
        staff::Error::WrongCode => Ok(FormErrors::of("code", text.wrong_code)),
        staff::Error::TooManyRequests { retry_after } => {
            Ok(FormErrors::late("code", text.wait(retry_after), retry_after))
        }
        other => Err(other.into()),
    }
}

async fn form(site: &Site, session: &Session, typed: Typed, form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let text = desk.t.entrance;
    let Typed { code, next } = typed;
    let page = StepPage {
        layout: desk.outside(text.step, session.csrf()),
        form,
        action: desk.url("/second-step"),
        lede: fill(text.step_lede, &[session.name().as_str()]),
        code,
        next,
    };
    page.form.answer(&page)
}

async fn set_up_form(site: &Site, session: &Session, typed: Typed, form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let issuer: String = desk.settings.name.chars().take(ISSUER_LENGTH).collect();
    let setup = site.state.staff.begin_totp(session, &issuer).await?;
    let Typed { code, next } = typed;
    let page = SetUpPage {
        layout: desk.outside(desk.t.entrance.step_set_up, session.csrf()),
        form,
        action: desk.url("/second-step/set-up"),
        is_required: session.state() == SessionState::NeedsTotpSetup,
        has_one: session.has_totp(),
        qr: Qr::of(setup.otpauth_url.expose()),
        secret: setup.secret.expose().clone(),
        code,
        next,
    };
    page.form.answer(&page)
}

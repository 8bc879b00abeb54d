//! Another password.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::auth::{self, SignedIn};
use super::super::form::{FormErrors, Posted};
use super::super::page::{self, Desk, Layout};
use crate::config::Secret;
use crate::staff;

#[derive(Template)]
#[template(path = "admin/account/password.html")]
struct PasswordPage {
    layout: Layout,
    form: FormErrors,
    action: String,
    login: String,
    back: String,
}

/// What is typed; never sent back to the page.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `GET /admin/account/password`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    form(&site, (&signed_in, &request), FormErrors::default()).await
}

/// `POST /admin/account/password`.
pub(crate) async fn submit(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let text = Desk::load(&site).await?.t.entrance;
    if typed.password != typed.again {
        return form(&site, (&signed_in, &request), FormErrors::of("again", text.differs)).await;
    }
    let (current, new) = (Secret::new(typed.current), Secret::new(typed.password));
    let visitor = auth::visitor(&site, &request);
    let errors = match site.state.staff.change_password(&signed_in.session, &current, &new, &visitor).await {
        Ok(opened) => {
            let mut response = page::see(&site, "/account", "password");
            response.add_cookie(&auth::session_cookie(&site, &opened)).map_err(Error::internal)?;
            return Ok(response);
        }
        Err(staff::Error::Mismatch) => FormErrors::of("current", text.wrong_password),
        Err(staff::Error::Password(why)) => FormErrors::of("password", text.weak(why)),
        Err(staff::Error::TooManyRequests { retry_after }) => {
            FormErrors::late("current", text.wait(retry_after), retry_after)
        }
        Err(error) => return Err(error.into()),
    };
    form(&site, (&signed_in, &request), errors).await
}

async fn form(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let page = PasswordPage {
        layout: desk.layout(desk.t.account.change_password, "/account", signed_in, request),
        form,
        action: desk.url("/account/password"),
        login: signed_in.member.login().to_string(),
        back: desk.url("/account"),
    };
    page.form.answer(&page)
}

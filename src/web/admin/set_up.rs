//! The first start: the site's name, and its first administrator.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::Site;
use super::super::error::Error;
use super::super::texts::ErrorText;
use super::super::texts::entrance::Entrance;
use super::auth::{self, Token};
use super::form::{FormErrors, Posted};
use super::page::{Desk, Layout};
use super::registration::{self, Typed};
use super::sign_in;
use crate::content::Actor;
use crate::staff;

#[derive(Template)]
#[template(path = "admin/set_up.html")]
struct SetUpPage {
    layout: Layout,
    form: FormErrors,
    typed: Typed,
}

/// `GET /admin/setup/{token}`.
pub(crate) async fn show(site: Data<Site>, token: Token, link: Path<String>) -> Result<HttpResponse, Error> {
    match site.state.staff.check_setup(&link).await {
        Ok(()) => {
            let site_name = site.state.content.settings().await?.name;
            form(&site, &token, Typed { site_name, ..Typed::default() }, FormErrors::default()).await
        }
        Err(staff::Error::LinkExpired) => registration::expired(&site, words).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/setup/{token}`.
pub(crate) async fn submit(
    site: Data<Site>,
    token: Token,
    link: Path<String>,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let text = desk.t.entrance;
    let mut errors = FormErrors::default();
    if typed.site_name.trim().is_empty() {
        errors.add("site_name", text.site_name_missing);
    }
    errors.errors.extend(typed.check(text).errors);
    if !errors.is_empty() {
        return form(&site, &token, typed, errors).await;
    }
    let visitor = auth::visitor(&site, &request);
    match site.state.staff.set_up(&link, &typed.registration(), &visitor).await {
        Ok(opened) => {
            // The link was good only once: who comes second must not name the site.
            let chief = site.state.staff.find(opened.session.login()).await?;
            let name = typed.site_name.clone();
            site.state.content.change_settings(Actor::Member(chief.id.0), |settings| settings.name = name).await?;
            sign_in::enter(&site, &request, &opened, "").await
        }
        Err(staff::Error::LinkExpired) => registration::expired(&site, words).await,
        Err(error) => form(&site, &token, typed, registration::refusal(error, text)?).await,
    }
}

fn words(text: &Entrance) -> &ErrorText {
    &text.setup_expired
}

async fn form(site: &Site, token: &Token, typed: Typed, form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let layout = desk.outside(desk.t.entrance.set_up, token.as_str());
    let page = SetUpPage { layout, form, typed };
    page.form.answer(&page)
}

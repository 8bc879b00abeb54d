//! Somebody who was invited comes.

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
use crate::staff::{self, Invitation};

#[derive(Template)]
#[template(path = "admin/join.html")]
struct JoinPage {
    layout: Layout,
    form: FormErrors,
    lede: String,
    typed: Typed,
}

/// `GET /admin/join/{token}`.
pub(crate) async fn show(site: Data<Site>, token: Token, link: Path<String>) -> Result<HttpResponse, Error> {
    match site.state.staff.invitation(&link).await {
        Ok(invitation) => {
            let typed = Typed { name: invitation.name.to_string(), ..Typed::default() };
            form(&site, (&token, &invitation), typed, FormErrors::default()).await
        }
        Err(error) => refuse(&site, error).await,
    }
}

/// `POST /admin/join/{token}`.
pub(crate) async fn submit(
    site: Data<Site>,
    token: Token,
    link: Path<String>,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let invitation = match site.state.staff.invitation(&link).await {
        Ok(invitation) => invitation,
        Err(error) => return refuse(&site, error).await,
    };
    let text = Desk::load(&site).await?.t.entrance;
    let errors = typed.check(text);
    if !errors.is_empty() {
        return form(&site, (&token, &invitation), typed, errors).await;
    }
    let visitor = auth::visitor(&site, &request);
    match site.state.staff.join(&link, &typed.registration(), &visitor).await {
        Ok(opened) => sign_in::enter(&site, &request, &opened, "").await,
        Err(error @ staff::Error::LinkExpired) => refuse(&site, error).await,
        Err(error) => form(&site, (&token, &invitation), typed, registration::refusal(error, text)?).await,
    }
}

async fn refuse(site: &Site, error: staff::Error) -> Result<HttpResponse, Error> {
    match error {
        staff::Error::LinkExpired => registration::expired(site, words).await,
        other => Err(other.into()),
    }
}

/// For every link but the first.
pub(crate) fn words(text: &Entrance) -> &ErrorText {
    &text.expired
}

async fn form(
    site: &Site,
    (token, invitation): (&Token, &Invitation),
    typed: Typed,
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let layout = desk.outside(desk.t.entrance.join, token.as_str());
    let lede = desk.t.entrance.join_lede.replace("{}", desk.t.people.role(invitation.role));
    let page = JoinPage { layout, form, lede, typed };
    page.form.answer(&page)
}

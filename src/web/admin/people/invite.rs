//! Inviting somebody, and thinking better of it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::texts::fill;
use super::super::form::{FormErrors, Posted};
use super::super::here::Here;
use super::super::page::{Desk, Layout, respond};
use crate::staff::{self, DisplayName, Link, Role};

#[derive(Template)]
#[template(path = "admin/people/invite.html")]
struct InvitePage {
    layout: Layout,
    form: FormErrors,
    action: String,
    back: String,
    name: String,
    roles: Vec<RoleChoice>,
}

/// A role to choose.
#[derive(Debug)]
pub(super) struct RoleChoice {
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) is_chosen: bool,
}

/// All roles, `chosen` among them.
pub(super) fn roles(desk: &Desk<'_>, chosen: Option<Role>) -> Vec<RoleChoice> {
    let text = desk.t.people;
    let choice = |role: Role| RoleChoice {
        word: role.word(),
        name: text.role(role),
        help: text.role_help(role),
        is_chosen: chosen == Some(role),
    };
    Role::ALL.into_iter().map(choice).collect()
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

/// `GET /admin/staff/invite`.
pub(crate) async fn show(here: Here) -> Result<HttpResponse, Error> {
    form(&here, Typed::default(), FormErrors::default()).await
}

/// `POST /admin/staff/invite`.
pub(crate) async fn submit(here: Here, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let mut errors = FormErrors::default();
    if typed.name.parse::<DisplayName>().is_err() {
        errors.add("name", desk.t.entrance.name_invalid);
    }
    let role = Role::from_word(&typed.role);
    if role.is_none() {
        errors.add("role", desk.t.people.role_missing);
    }
    let (Some(role), true) = (role, errors.is_empty()) else {
        return form(&here, typed, errors).await;
    };
    let link = here.staff().invite(here.by(), &typed.name, role).await?;
    let text = desk.t.people;
    let name = typed.name.trim();
    let until = desk.date_time(link.expires_at);
    let words = LinkWords {
        title: fill(text.invitation_ready, &[name]),
        lede: fill(text.invitation_lede, &[name, &until]),
        caution: text.invitation_caution,
        back: "/staff".to_owned(),
    };
    hand_over(&here, &desk, &link, words)
}

/// `POST /admin/staff/invitations/{id}/withdraw`.
pub(crate) async fn withdraw(here: Here, invitation: Path<i64>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    match here.staff().withdraw_invitation(here.by(), *invitation).await {
        Ok(()) => Ok(here.see("/staff", "invitation-withdrawn")),
        // It was used or withdrawn meanwhile: the list says how things are.
        Err(staff::Error::NotFound) => Ok(here.see("/staff", "")),
        Err(error) => Err(error.into()),
    }
}

async fn form(here: &Here, typed: Typed, form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let page = InvitePage {
        layout: desk.layout(desk.t.people.invite, "/staff/invite", &here.signed_in, &here.request),
        form,
        action: desk.url("/staff/invite"),
        back: desk.url("/staff"),
        roles: roles(&desk, Role::from_word(&typed.role)),
        name: typed.name,
    };
    page.form.answer(&page)
}

#[derive(Template)]
#[template(path = "admin/people/link.html")]
struct LinkPage {
    layout: Layout,
    lede: String,
    caution: &'static str,
    link: String,
    back: String,
    script: String,
}

/// What is said around a link.
pub(super) struct LinkWords {
    pub(super) title: String,
    pub(super) lede: String,
    pub(super) caution: &'static str,
    /// Where one goes on, below `/admin`.
    pub(super) back: String,
}

/// Shows a link that was just made. It is in this answer and nowhere else.
pub(super) fn hand_over(here: &Here, desk: &Desk<'_>, link: &Link, words: LinkWords) -> Result<HttpResponse, Error> {
    let page = LinkPage {
        layout: desk.layout(&words.title, "/staff/-", &here.signed_in, &here.request),
        lede: words.lede,
        caution: words.caution,
        link: desk.site.state.config.back_office_url(link.path.expose()),
        back: desk.url(&words.back),
        script: desk.script("handover.js"),
    };
    respond(StatusCode::OK, &page)
}

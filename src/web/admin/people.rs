//! Who works here.

pub(crate) mod change;
pub(crate) mod invite;
pub(crate) mod line;
pub(crate) mod log;
pub(crate) mod person;

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::Site;
use super::super::error::Error;
use super::auth::SignedIn;
use super::next;
use super::page::{Desk, Layout, respond};
use crate::staff::{Invitation, Listed};

#[derive(Template)]
#[template(path = "admin/people.html")]
struct PeoplePage {
    layout: Layout,
    invite_url: String,
    people: Vec<Row>,
    invitations: Vec<Open>,
    /// Where the password is typed before anything is changed; none: that was just done.
    confirm_url: Option<String>,
}

/// Somebody.
#[derive(Debug)]
struct Row {
    name: String,
    login: String,
    role: &'static str,
    step: &'static str,
    is_awaited: bool,
    seen: String,
    is_disabled: bool,
    is_you: bool,
    url: String,
}

impl Row {
    fn new(desk: &Desk<'_>, one: &Listed, signed_in: &SignedIn) -> Self {
        let text = desk.t.people;
        Self {
            name: one.name.to_string(),
            login: one.login.to_string(),
            role: text.role(one.role),
            step: step(desk, one),
            is_awaited: one.role.needs_totp() && !one.has_totp,
            seen: seen(desk, one),
            is_disabled: one.disabled_at.is_some(),
            is_you: one.id == signed_in.member.id(),
            url: desk.url(&format!("/staff/{}", one.id.0)),
        }
    }
}

/// How far somebody is with the second step.
fn step(desk: &Desk<'_>, one: &Listed) -> &'static str {
    let text = desk.t.people;
    match (one.has_totp, one.role.needs_totp()) {
        (true, _) => text.step_on,
        (false, true) => text.step_awaited,
        (false, false) => text.step_off,
    }
}

/// When somebody was last seen.
fn seen(desk: &Desk<'_>, one: &Listed) -> String {
    one.seen_at.map_or_else(|| desk.t.people.never_seen.to_owned(), |at| desk.date_time(at))
}

/// An invitation that nobody has used yet.
#[derive(Debug)]
struct Open {
    name: String,
    role: &'static str,
    by: String,
    until: String,
    withdraw_url: String,
}

impl Open {
    fn new(desk: &Desk<'_>, one: &Invitation, names: &HashMap<i64, String>) -> Self {
        Self {
            name: one.name.to_string(),
            role: desk.t.people.role(one.role),
            by: line::name(desk, one.made_by, names),
            until: desk.date_time(one.expires_at),
            withdraw_url: desk.url(&format!("/staff/invitations/{}/withdraw", one.id)),
        }
    }
}

/// `GET /admin/staff`.
pub(crate) async fn index(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (desk, staff) = (Desk::load(&site).await?, &site.state.staff);
    let (members, invitations, names) = (staff.members().await?, staff.invitations().await?, staff.names().await?);
    let page = PeoplePage {
        layout: desk.layout(desk.a.people, "/staff", &signed_in, &request),
        invite_url: desk.url("/staff/invite"),
        people: members.iter().map(|one| Row::new(&desk, one, &signed_in)).collect(),
        invitations: invitations.iter().map(|one| Open::new(&desk, one, &names)).collect(),
        confirm_url: confirm_url(&site, &signed_in, "/staff"),
    };
    respond(StatusCode::OK, &page)
}

/// Where the password is typed once more and leads back to `page`; none: it was typed in the last ten minutes.
fn confirm_url(site: &Site, signed_in: &SignedIn, page: &str) -> Option<String> {
    let is_confirmed = signed_in.session.is_confirmed(site.state.clock.now());
    (!is_confirmed).then(|| next::link(site, "/confirm", page))
}

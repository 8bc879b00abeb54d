//! One person: who they are, and what an administrator can do for them, or against them.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;

use super::super::super::error::Error;
use super::super::form::FormErrors;
use super::super::here::Here;
use super::super::page::{Desk, Layout};
use super::invite::{RoleChoice, roles};
use super::line::{self, LogLine};
use crate::staff::{Identity, MemberId, Platform, Role};

/// Lines of the log on the page.
const RECENT: u16 = 8;

#[derive(Template)]
#[template(path = "admin/people/person.html")]
struct PersonPage {
    layout: Layout,
    form: FormErrors,
    login: String,
    role: &'static str,
    step: &'static str,
    seen: String,
    came: String,
    is_disabled: bool,
    is_you: bool,
    has_totp: bool,
    /// What the forms hold.
    name: String,
    roles: Vec<RoleChoice>,
    accounts: Vec<Account>,
    confirm_url: Option<String>,
    log: Vec<LogLine>,
    /// The address of this page; the forms send below it.
    here: String,
    back: String,
}

/// An account elsewhere, bound or not.
#[derive(Debug)]
struct Account {
    platform: &'static str,
    word: &'static str,
    help: &'static str,
    bound: Option<String>,
    typed: String,
}

/// What was typed into a form that was refused.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) name: Option<String>,
    pub(super) role: Option<Role>,
    pub(super) account: Option<(Platform, String)>,
}

/// `GET /admin/staff/{id}`.
pub(crate) async fn show(here: Here, id: Path<i64>) -> Result<HttpResponse, Error> {
    form(&here, (MemberId(*id), Typed::default()), FormErrors::default()).await
}

/// The page, with what is wrong with one of its forms.
pub(super) async fn form(here: &Here, (id, typed): (MemberId, Typed), form: FormErrors) -> Result<HttpResponse, Error> {
    let (desk, staff) = (Desk::load(&here.site).await?, here.staff());
    let person = staff.person(id).await?;
    let bound = staff.identities(id).await?;
    let events = staff.events_of(id, None, RECENT).await?;
    let path = format!("/staff/{}", id.0);
    let page = PersonPage {
        layout: desk.layout(person.name.as_str(), &path, &here.signed_in, &here.request),
        form,
        login: person.login.to_string(),
        role: desk.t.people.role(person.role),
        step: super::step(&desk, &person),
        seen: super::seen(&desk, &person),
        came: desk.date_time(person.created_at),
        is_disabled: person.disabled_at.is_some(),
        is_you: id == here.member().id(),
        has_totp: person.has_totp,
        accounts: accounts(&desk, &bound, typed.account.as_ref()),
        roles: roles(&desk, Some(typed.role.unwrap_or(person.role))),
        name: typed.name.unwrap_or_else(|| person.name.to_string()),
        confirm_url: super::confirm_url(&here.site, &here.signed_in, &path),
        log: line::of(&desk, &events, &staff.names().await?),
        here: desk.url(&path),
        back: desk.url("/staff"),
    };
    page.form.answer(&page)
}

fn accounts(desk: &Desk<'_>, bound: &[Identity], typed: Option<&(Platform, String)>) -> Vec<Account> {
    let text = desk.t.people;
    let account = |(platform, help): (Platform, &'static str)| Account {
        platform: text.platform(platform),
        word: platform.word(),
        help,
        bound: bound.iter().find(|one| one.platform == platform).map(|one| one.external_id.clone()),
        typed: typed.filter(|(of, _)| *of == platform).map(|(_, typed)| typed.clone()).unwrap_or_default(),
    };
    [(Platform::WeCom, text.wecom_help), (Platform::Official, text.official_help)].into_iter().map(account).collect()
}

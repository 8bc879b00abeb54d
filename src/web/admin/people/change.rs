//! What an administrator does to somebody's account. The rules are the staff's; here they are put into words.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::texts::{Texts, fill};
use super::super::form::{FormErrors, Posted};
use super::super::here::Here;
use super::super::page::Desk;
use super::invite::{LinkWords, hand_over};
use super::person::{self, Typed};
use crate::staff::{self, Identity, MemberId, Platform, Role};

/// Back to the person, with the notice `done`, or with what is wrong at `field`.
async fn conclude(
    here: &Here,
    id: MemberId,
    outcome: Result<(), staff::Error>,
    done: &str,
    (field, typed): (&'static str, Typed),
) -> Result<HttpResponse, Error> {
    let Err(error) = outcome else {
        return Ok(here.see(&format!("/staff/{}", id.0), done));
    };
    let text = Desk::load(&here.site).await?.t;
    let errors = FormErrors::of(field, said(error, text)?);
    person::form(here, (id, typed), errors).await
}

/// What is said of a refusal; an error that is not the form's goes on.
fn said(error: staff::Error, text: &Texts) -> Result<&'static str, Error> {
    match error {
        staff::Error::LastAdministrator => Ok(text.people.last_administrator),
        staff::Error::OnlyAnother => Ok(text.people.only_another),
        staff::Error::Disabled => Ok(text.people.is_disabled),
        staff::Error::IdentityTaken => Ok(text.people.identity_taken),
        staff::Error::Identity(_) => Ok(text.people.identity_invalid),
        staff::Error::DisplayName(_) => Ok(text.entrance.name_invalid),
        other => Err(other.into()),
    }
}

/// Another name.
#[derive(Debug, Deserialize)]
pub(crate) struct Name {
    #[serde(default)]
    name: String,
}

/// `POST /admin/staff/{id}/name`.
pub(crate) async fn rename(
    here: Here,
    id: Path<i64>,
    Posted(Name { name }): Posted<Name>,
) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let outcome = here.staff().rename(here.by(), id, &name).await;
    conclude(&here, id, outcome, "saved", ("name", Typed { name: Some(name), ..Typed::default() })).await
}

/// Another role.
#[derive(Debug, Deserialize)]
pub(crate) struct NewRole {
    #[serde(default)]
    role: String,
}

/// `POST /admin/staff/{id}/role`.
pub(crate) async fn role(here: Here, id: Path<i64>, Posted(typed): Posted<NewRole>) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    // The page offers nothing else.
    let role = Role::from_word(&typed.role).ok_or(Error::BadRequest)?;
    let outcome = here.staff().change_role(here.by(), id, role).await;
    conclude(&here, id, outcome, "role", ("role", Typed { role: Some(role), ..Typed::default() })).await
}

/// `POST /admin/staff/{id}/disable`.
pub(crate) async fn disable(here: Here, id: Path<i64>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let outcome = here.staff().disable(here.by(), id).await;
    conclude(&here, id, outcome, "disabled", ("leave", Typed::default())).await
}

/// `POST /admin/staff/{id}/enable`.
pub(crate) async fn enable(here: Here, id: Path<i64>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let outcome = here.staff().enable(here.by(), id).await;
    conclude(&here, id, outcome, "enabled", ("leave", Typed::default())).await
}

/// `POST /admin/staff/{id}/end-sessions`.
pub(crate) async fn end_sessions(here: Here, id: Path<i64>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let outcome = here.staff().end_sessions(here.by(), id).await;
    conclude(&here, id, outcome, "sessions-ended", ("help", Typed::default())).await
}

/// `POST /admin/staff/{id}/reset-second-step`.
pub(crate) async fn reset_second_step(
    here: Here,
    id: Path<i64>,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let outcome = here.staff().reset_totp(here.by(), id).await;
    conclude(&here, id, outcome, "second-step-reset", ("help", Typed::default())).await
}

/// `POST /admin/staff/{id}/reset-link`.
pub(crate) async fn reset_link(here: Here, id: Path<i64>, Posted(()): Posted<()>) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let link = match here.staff().reset_link(here.by(), id).await {
        Ok(link) => link,
        Err(error) => return conclude(&here, id, Err(error), "", ("help", Typed::default())).await,
    };
    let (desk, person) = (Desk::load(&here.site).await?, here.staff().person(id).await?);
    let (text, name) = (desk.t.people, person.name.as_str());
    let words = LinkWords {
        title: fill(text.reset_ready, &[name]),
        lede: fill(text.reset_lede, &[name, &desk.date_time(link.expires_at)]),
        caution: text.reset_caution,
        back: format!("/staff/{}", person.id.0),
    };
    hand_over(&here, &desk, &link, words)
}

/// An account elsewhere.
#[derive(Debug, Deserialize)]
pub(crate) struct Bound {
    #[serde(default)]
    platform: String,
    #[serde(default)]
    external_id: String,
}

impl Bound {
    /// The page offers no other.
    fn platform(&self) -> Result<Platform, Error> {
        Platform::from_word(&self.platform).ok_or(Error::BadRequest)
    }
}

/// `POST /admin/staff/{id}/bind`.
pub(crate) async fn bind(here: Here, id: Path<i64>, Posted(typed): Posted<Bound>) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let platform = typed.platform()?;
    let identity = Identity { platform, external_id: typed.external_id.clone() };
    let outcome = here.staff().bind_identity(here.by(), id, &identity).await;
    let typed = Typed { account: Some((platform, typed.external_id)), ..Typed::default() };
    conclude(&here, id, outcome, "bound", (platform.word(), typed)).await
}

/// `POST /admin/staff/{id}/unbind`.
pub(crate) async fn unbind(here: Here, id: Path<i64>, Posted(typed): Posted<Bound>) -> Result<HttpResponse, Error> {
    let id = MemberId(*id);
    let platform = typed.platform()?;
    let outcome = here.staff().unbind_identity(here.by(), id, platform).await;
    conclude(&here, id, outcome, "unbound", (platform.word(), Typed::default())).await
}

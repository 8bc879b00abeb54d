//! What an administrator does to somebody's account. The rules are the staff's; here they are put into words.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::super::Site;
use super::super::super::error::Error;
use super::super::super::texts::Texts;
use super::super::super::texts::fill;
use super::super::auth::SignedIn;
use super::super::form::{FormErrors, Posted};
use super::super::page::{self, Desk};
use super::invite::{LinkWords, hand_over};
use super::person::{self, Typed};
use crate::staff::{self, By, Identity, MemberId, Platform, Role};

/// Who does it, to whom.
struct Doing<'a> {
    site: &'a Site,
    signed_in: &'a SignedIn,
    request: &'a HttpRequest,
    id: MemberId,
}

impl<'a> Doing<'a> {
    fn new(site: &'a Site, signed_in: &'a SignedIn, request: &'a HttpRequest, id: i64) -> Self {
        Self { site, signed_in, request, id: MemberId(id) }
    }

    fn by(&self) -> By<'a> {
        By::Session(&self.signed_in.session)
    }

    /// Back to the person, with the notice `done`, or with what is wrong at `field`.
    async fn conclude(
        self,
        outcome: Result<(), staff::Error>,
        done: &str,
        (field, typed): (&'static str, Typed),
    ) -> Result<HttpResponse, Error> {
        let Err(error) = outcome else {
            return Ok(page::see(self.site, &format!("/staff/{}", self.id.0), done));
        };
        let text = Desk::load(self.site).await?.t;
        let errors = FormErrors::of(field, said(error, text)?);
        person::form(self.site, (self.signed_in, self.request), (self.id, typed), errors).await
    }
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
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(Name { name }): Posted<Name>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let outcome = site.state.staff.rename(doing.by(), doing.id, &name).await;
    doing.conclude(outcome, "saved", ("name", Typed { name: Some(name), ..Typed::default() })).await
}

/// Another role.
#[derive(Debug, Deserialize)]
pub(crate) struct NewRole {
    #[serde(default)]
    role: String,
}

/// `POST /admin/staff/{id}/role`.
pub(crate) async fn role(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(typed): Posted<NewRole>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    // The page offers nothing else.
    let role = Role::from_word(&typed.role).ok_or(Error::BadRequest)?;
    let outcome = site.state.staff.change_role(doing.by(), doing.id, role).await;
    doing.conclude(outcome, "role", ("role", Typed { role: Some(role), ..Typed::default() })).await
}

/// `POST /admin/staff/{id}/disable`.
pub(crate) async fn disable(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let outcome = site.state.staff.disable(doing.by(), doing.id).await;
    doing.conclude(outcome, "disabled", ("leave", Typed::default())).await
}

/// `POST /admin/staff/{id}/enable`.
pub(crate) async fn enable(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let outcome = site.state.staff.enable(doing.by(), doing.id).await;
    doing.conclude(outcome, "enabled", ("leave", Typed::default())).await
}

/// `POST /admin/staff/{id}/end-sessions`.
pub(crate) async fn end_sessions(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let outcome = site.state.staff.end_sessions(doing.by(), doing.id).await;
    doing.conclude(outcome, "sessions-ended", ("help", Typed::default())).await
}

/// `POST /admin/staff/{id}/reset-second-step`.
pub(crate) async fn reset_second_step(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let outcome = site.state.staff.reset_totp(doing.by(), doing.id).await;
    doing.conclude(outcome, "second-step-reset", ("help", Typed::default())).await
}

/// `POST /admin/staff/{id}/reset-link`.
pub(crate) async fn reset_link(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let link = match site.state.staff.reset_link(doing.by(), doing.id).await {
        Ok(link) => link,
        Err(error) => return doing.conclude(Err(error), "", ("help", Typed::default())).await,
    };
    let (desk, person) = (Desk::load(&site).await?, site.state.staff.person(doing.id).await?);
    let (text, name) = (desk.t.people, person.name.as_str());
    let words = LinkWords {
        title: fill(text.reset_ready, &[name]),
        lede: fill(text.reset_lede, &[name, &desk.date_time(link.expires_at)]),
        caution: text.reset_caution,
        back: format!("/staff/{}", person.id.0),
    };
    hand_over(&desk, (&signed_in, &request), &link, words)
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
pub(crate) async fn bind(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(typed): Posted<Bound>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let platform = typed.platform()?;
    let identity = Identity { platform, external_id: typed.external_id.clone() };
    let outcome = site.state.staff.bind_identity(doing.by(), doing.id, &identity).await;
    let typed = Typed { account: Some((platform, typed.external_id)), ..Typed::default() };
    doing.conclude(outcome, "bound", (platform.word(), typed)).await
}

/// `POST /admin/staff/{id}/unbind`.
pub(crate) async fn unbind(
    site: Data<Site>,
    signed_in: SignedIn,
    id: Path<i64>,
    request: HttpRequest,
    Posted(typed): Posted<Bound>,
) -> Result<HttpResponse, Error> {
    let doing = Doing::new(&site, &signed_in, &request, *id);
    let platform = typed.platform()?;
    let outcome = site.state.staff.unbind_identity(doing.by(), doing.id, platform).await;
    doing.conclude(outcome, "unbound", (platform.word(), Typed::default())).await
}

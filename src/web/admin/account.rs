//! One's own account: name, password, second step, devices.

pub(crate) mod codes;
pub(crate) mod password;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::texts::fill;
use super::auth::SignedIn;
use super::device;
use super::form::{FormErrors, Posted};
use super::next;
use super::page::{self, Desk, Layout};
use super::people::line::{self, LogLine};
use crate::staff::{self, By, SessionId, SessionLine};

/// Lines of the log on the page.
const RECENT: u16 = 8;
/// From here on it is time for new recovery codes.
const FEW_CODES: i64 = 3;

#[derive(Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    layout: Layout,
    form: FormErrors,
    name: String,
    login: String,
    role: &'static str,
    has_totp: bool,
    codes_left: String,
    has_few_codes: bool,
    sessions: Vec<SessionRow>,
    has_others: bool,
    /// Platform and account.
    bound: Vec<(&'static str, String)>,
    log: Vec<LogLine>,
    urls: Urls,
}

#[derive(Debug)]
struct Urls {
    name: String,
    password: String,
    second_step: String,
    codes: String,
    end_others: String,
}

#[derive(Debug)]
struct SessionRow {
    device: String,
    network: String,
    since: String,
    seen: String,
    is_kept: bool,
    is_this: bool,
    end_url: String,
}

impl SessionRow {
    fn new(desk: &Desk<'_>, line: SessionLine, this: SessionId) -> Self {
        let unknown = || desk.t.account.unknown_device.to_owned();
        Self {
            device: Some(device::shown(&line.agent, desk.t.people))
                .filter(|one| !one.is_empty())
                .unwrap_or_else(unknown),
            network: line.network,
            since: desk.date_time(line.created_at),
            seen: desk.date_time(line.seen_at),
            is_kept: line.kept,
            is_this: line.id == this,
            end_url: desk.url(&format!("/account/sessions/{}/end", line.id.0)),
        }
    }
}

/// `GET /admin/account`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let name = signed_in.member.name().to_string();
    form(&site, (&signed_in, &request), name, FormErrors::default()).await
}

/// Another name.
#[derive(Debug, Deserialize)]
pub(crate) struct Rename {
    #[serde(default)]
    name: String,
}

/// `POST /admin/account/name`.
pub(crate) async fn rename(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Rename>,
) -> Result<HttpResponse, Error> {
    let by = By::Session(&signed_in.session);
    match site.state.staff.rename(by, signed_in.member.id(), &typed.name).await {
        Ok(()) => Ok(page::see(&site, "/account", "saved")),
        Err(staff::Error::DisplayName(_)) => {
            let text = Desk::load(&site).await?.t.entrance;
            form(&site, (&signed_in, &request), typed.name, FormErrors::of("name", text.name_invalid)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/account/sessions/{id}/end`.
pub(crate) async fn end_one(
    site: Data<Site>,
    signed_in: SignedIn,
    session: Path<i64>,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    match site.state.staff.end_session(&signed_in.member, SessionId(*session)).await {
        // One that has ended meanwhile is what was wished for; somebody else's looks the same, and goes on.
        Ok(()) | Err(staff::Error::NotFound) => Ok(page::see(&site, "/account", "sessions-ended")),
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/account/sessions/end-others`.
pub(crate) async fn end_others(
    site: Data<Site>,
    signed_in: SignedIn,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    site.state.staff.end_other_sessions(&signed_in.session).await?;
    Ok(page::see(&site, "/account", "sessions-ended"))
}

async fn form(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    name: String,
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let (desk, staff, member) = (Desk::load(site).await?, &site.state.staff, &signed_in.member);
    let text = desk.t.account;
    let left = staff.recovery_codes_left(member).await?;
    let this = signed_in.session.id();
    let sessions = staff.sessions(member).await?;
    let sessions: Vec<SessionRow> = sessions.into_iter().map(|line| SessionRow::new(&desk, line, this)).collect();
    let bound = staff.identities(member.id()).await?;
    let events = staff.events_of(member.id(), None, RECENT).await?;
    let page = AccountPage {
        layout: desk.layout(text.title, "/account", signed_in, request),
        form,
        name,
        login: member.login().to_string(),
        role: desk.t.people.role(member.role()),
        has_totp: signed_in.session.has_totp(),
        codes_left: fill(text.codes_left, &[&left.to_string()]),
        has_few_codes: left <= FEW_CODES,
        has_others: sessions.len() > 1,
        sessions,
        bound: bound.into_iter().map(|one| (desk.t.people.platform(one.platform), one.external_id)).collect(),
        log: line::of(&desk, &events, &staff.names().await?),
        urls: Urls {
            name: desk.url("/account/name"),
            password: desk.url("/account/password"),
            second_step: next::link(site, "/second-step/set-up", "/account"),
            codes: desk.url("/account/recovery-codes"),
            end_others: desk.url("/account/sessions/end-others"),
        },
    };
    page.form.answer(&page)
}

//! Signing in by an account of WeCom or of the official account: `/admin/sign-in/wecom` and `/admin/sign-in/wechat`
//! send somebody away to say who they are, and `…/callback` is where they come back to. Nobody comes in whom an
//! administrator has not bound, and no account is ever made here.
//!
//! What came back is shown to nobody but who brought it: the id that WeChat gave this very browser, so that an
//! administrator can be told what to bind. Whether it belongs to somebody who may not sign in any more is not told.

mod ending;
mod pending;

use actix_web::cookie::Cookie;
use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::Site;
use super::super::client::{Program, program};
use super::super::error::Error;
use super::super::texts::Texts;
use super::auth::{self, Entering};
use super::{next, page, sign_in};
use crate::credentials::oauth::{Asking, Unknown, Who};
use crate::staff::{self, Identity};
use crate::wechat::oauth::Return;
use crate::wechat::{OAuthCode, Platform};
use ending::{Ending, show};
pub(crate) use pending::Gate;
use pending::Pending;

/// Where somebody says who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    WeCom,
    WeChat,
}

impl Door {
    /// The word in the address.
    fn word(self) -> &'static str {
        match self {
            Self::WeCom => "wecom",
            Self::WeChat => "wechat",
        }
    }

    /// The door of that word, if the site has one.
    fn find(site: &Site, word: &str) -> Result<Self, Error> {
        let door = [Self::WeCom, Self::WeChat].into_iter().find(|door| door.word() == word);
        door.filter(|door| site.state.oauth.can_ask(door.platform())).ok_or(Error::NotFound)
    }

    fn platform(self) -> Platform {
        match self {
            Self::WeCom => Platform::WeCom,
            Self::WeChat => Platform::Official,
        }
    }

    /// The account elsewhere by which somebody may be bound.
    fn identity(self, external_id: String) -> Identity {
        let platform = match self {
            Self::WeCom => staff::Platform::WeCom,
            Self::WeChat => staff::Platform::Official,
        };
        Identity { platform, external_id }
    }

    /// How it asks a page that is open in this program; none: it cannot there.
    fn asking(self, program: Program) -> Option<Asking> {
        match (self, program) {
            (Self::WeCom, Program::WeCom) | (Self::WeChat, Program::WeChat) => Some(Asking::InApp),
            (Self::WeCom, Program::Other) => Some(Asking::Scan),
            (Self::WeCom, Program::WeChat) | (Self::WeChat, Program::WeCom | Program::Other) => None,
        }
    }

    /// What the door is called.
    fn name(self, t: &Texts) -> &'static str {
        match self {
            Self::WeCom => t.oauth.wecom,
            Self::WeChat => t.oauth.wechat,
        }
    }
}

/// For the sign-in page: the ways in besides name and password.
#[derive(Clone, Debug, Default)]
pub(crate) struct OtherWays {
    /// To WeCom, which this page is open in.
    pub(crate) wecom: Option<String>,
    /// To WeCom's code to scan.
    pub(crate) scan: Option<String>,
    /// To WeChat, which this page is open in.
    pub(crate) wechat: Option<String>,
    /// There would be WeCom, but not in WeChat.
    pub(crate) wecom_elsewhere: bool,
    /// There would be WeChat, but only in WeChat.
    pub(crate) wechat_elsewhere: bool,
}

impl OtherWays {
    /// Those that this site has, for the program that the page is open in.
    pub(crate) fn of(site: &Site, request: &HttpRequest, next: &str) -> Self {
        let here = program(request);
        let has = |door: Door| site.state.oauth.can_ask(door.platform());
        let link = |door: Door, asking: Asking| {
            (has(door) && door.asking(here) == Some(asking)).then(|| start(site, door, next))
        };
        let elsewhere = |door: Door| has(door) && door.asking(here).is_none();
        Self {
            wecom: link(Door::WeCom, Asking::InApp),
            scan: link(Door::WeCom, Asking::Scan),
            wechat: link(Door::WeChat, Asking::InApp),
            wecom_elsewhere: elsewhere(Door::WeCom),
            wechat_elsewhere: elsewhere(Door::WeChat),
        }
    }

    /// Whether there is anything to show.
    pub(crate) fn is_any(&self) -> bool {
        let links = [&self.wecom, &self.scan, &self.wechat];
        links.into_iter().any(Option::is_some) || self.wecom_elsewhere || self.wechat_elsewhere
    }
}

/// `GET /admin/sign-in/{door}`.
pub(crate) async fn leave(site: Data<Site>, door: Path<String>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let door = Door::find(&site, &door)?;
    site.oauth.limit.check(auth::visitor(&site, &request).address)?;
    let next = next::of(&request);
    if let Some(Entering(session)) = request.extensions().get::<Entering>() {
        // Whoever lays this address before somebody who works here does not sign them out by it.
        return Ok(sign_in::lead(&site, session.state(), &next));
    }
    let Some(asking) = door.asking(program(&request)) else {
        return show(&site, door, Ending::Elsewhere).await;
    };
    let state = &site.state;
    let pending = Pending::new(door.word(), &next, state.clock.now());
    let redirect_uri = address(&site, door);
    let back = Return { redirect_uri: &redirect_uri, state: pending.state() };
    let page = state.oauth.page(door.platform(), asking, back).ok_or(Error::NotFound)?;
    let mut response = HttpResponse::SeeOther().insert_header((LOCATION, page)).finish();
    let cookie = auth::passing_cookie(&site, pending.seal(&state.oauth_key), pending::AWAY);
    response.add_cookie(&cookie).map_err(Error::internal)?;
    Ok(response)
}

/// What somebody brings back. Whoever did not agree brings no code (wechat-facts §1.4).
#[derive(Debug, Default, Deserialize)]
struct Brought {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// `GET /admin/sign-in/{door}/callback`.
pub(crate) async fn come_back(
    site: Data<Site>,
    door: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let door = Door::find(&site, &door)?;
    if request.method() == Method::HEAD {
        // Whatever looks at an address before it opens it must not use the code up.
        return Ok(HttpResponse::NoContent().finish());
    }
    let visitor = auth::visitor(&site, &request);
    site.oauth.limit.check(visitor.address)?;
    let brought = Query::<Brought>::from_query(request.query_string()).map(Query::into_inner).unwrap_or_default();
    let Some(pending) = pending(&site, door, &request, &brought.state) else {
        return show(&site, door, Ending::Stale).await;
    };
    let mut response = match recognise(&site, door, brought.code).await {
        Ok(identity) => match site.state.staff.sign_in_with(&identity, &visitor).await {
            Ok(opened) => sign_in::enter(&site, &request, &opened, pending.next()).await?,
            Err(staff::Error::Mismatch) => show(&site, door, Ending::Unbound(identity.external_id)).await?,
            Err(error) => return Err(error.into()),
        },
        Err(ending) => show(&site, door, ending).await?,
    };
    response.add_cookie(&ended(&site)).map_err(Error::internal)?;
    Ok(response)
}

/// The one who left, if this browser brings them back: in time, by the same door, for the first time.
fn pending(site: &Site, door: Door, request: &HttpRequest, state: &str) -> Option<Pending> {
    let cookie = request.cookie(auth::passing_name(site))?;
    let pending = Pending::open(&site.state.oauth_key, cookie.value())?;
    (pending.is_back(door.word(), state, site.state.clock.now()) && site.oauth.admit(&pending)).then_some(pending)
}

async fn recognise(site: &Site, door: Door, code: String) -> Result<Identity, Ending> {
    if code.is_empty() {
        return Err(Ending::Declined);
    }
    let code = OAuthCode::new(code).ok_or(Ending::Stale)?;
    match site.state.oauth.who(door.platform(), &code).await {
        Ok(Who::Person(id)) => Ok(door.identity(id)),
        Ok(Who::Outsider) => Err(Ending::Outsider),
        Ok(Who::Snapshot) => Err(Ending::Snapshot),
        Err(Unknown::NotReady) => Err(Ending::Silent),
        Err(Unknown::Refused(error)) => {
            let (rid, ip) = (error.rid(), error.egress_ip());
            tracing::warn!(door = door.word(), %error, rid, ip, "it could not be learnt who wants to sign in");
            Err(Ending::of(error))
        }
    }
}

/// Where somebody leaves by `door`.
fn start(site: &Site, door: Door, next: &str) -> String {
    next::way(site, &format!("/sign-in/{}", door.word()), next)
}

/// Where they come back to, from the settings and never from a header: its host is what the console must know.
fn address(site: &Site, door: Door) -> String {
    let path = page::url(site, &format!("/sign-in/{}/callback", door.word()));
    format!("{}{path}", auth::origin(site))
}

fn ended(site: &Site) -> Cookie<'static> {
    let mut cookie = auth::passing_cookie(site, String::new(), pending::AWAY);
    cookie.make_removal();
    cookie
}

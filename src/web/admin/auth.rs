//! Who is at the desk: the cookie, the session behind it, and what each address asks for. Everything is refused that
//! no [`Policy`] lets through.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, ORIGIN, REFERER};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::{Ready, ready};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::super::error::Error;
use super::super::{Site, client};
use super::{device, typed, unsaved};
use crate::staff::{self, Member, Opened, Role, Session, Visitor};

/// Who may use an address of the back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Whoever has the address: signing in, and links that stand for a right.
    Anyone,
    /// Who has given the right password: the second step.
    Entering,
    /// Everybody who works here. What belongs to somebody is judged by the handler.
    Staff,
    /// Editors and administrators.
    Editor,
    /// Administrators.
    Administrator,
    /// Administrators who have typed their password in the last ten minutes.
    Confirmed,
}

impl Policy {
    /// Whether the session may pass, and what else is needed.
    fn admit(self, site: &Site, session: Option<&Session>) -> Result<(), Error> {
        let least = match self {
            Self::Anyone => return Ok(()),
            Self::Entering => return session.map(drop).ok_or(Error::SignedOut),
            Self::Staff => Role::Writer,
            Self::Editor => Role::Editor,
            Self::Administrator | Self::Confirmed => Role::Administrator,
        };
        let session = session.ok_or(Error::SignedOut)?;
        let member = session.member().map_err(|_state| Error::SecondStep(session.state()))?;
        if member.role() < least {
            return Err(Error::Forbidden);
        }
        if self == Self::Confirmed && !session.is_confirmed(site.state.clock.now()) {
            return Err(Error::NeedsConfirmation);
        }
        Ok(())
    }
}

/// Somebody who works here, at this request.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// The session.
    pub(crate) session: Session,
    /// Who acts.
    pub(crate) member: Member,
}

/// Somebody whose password was right.
#[derive(Clone, Debug)]
pub(crate) struct Entering(pub(crate) Session);

/// What a form of this browser must carry.
#[derive(Clone, Debug)]
pub(crate) struct Token(String);

impl Token {
    /// The value for a form's hidden field.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a form carries it.
    pub(crate) fn matches(&self, sent: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(sent.as_bytes()))
    }
}

macro_rules! from_extensions {
    ($type:ty) => {
        impl FromRequest for $type {
            type Error = Error;
            type Future = Ready<Result<Self, Error>>;

            /// Put there by [`enforce`]; where it is not, nobody may pass.
            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(request.extensions().get::<Self>().cloned().ok_or(Error::SignedOut))
            }
        }
    };
}
from_extensions!(SignedIn);
from_extensions!(Entering);
from_extensions!(Token);

/// Lets through whom `policy` admits, with who it is in the request's extensions. Before any body is read.
pub(crate) async fn enforce(
    policy: Policy,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let site = request.app_data::<Data<Site>>().cloned().ok_or(Error::SignedOut)?;
    typed::tidy_address(&mut request);
    let session = match admitted(&site, policy, &request).await {
        Ok(session) => session,
        // As an answer: an error would pass by whatever presents errors.
        Err(error) => {
            if !matches!(error, Error::CrossSite) {
                unsaved::keep(&mut request).await;
            }
            return Ok(request.error_response(error));
        }
    };
    let fresh = session.is_none() && request.cookie(names(&site).visitor).is_none();
    let token = match &session {
        Some(session) => session.csrf().to_owned(),
        None if fresh => hex::encode(rand::random::<[u8; 16]>()),
        None => request.cookie(names(&site).visitor).map(|cookie| cookie.value().to_owned()).unwrap_or_default(),
    };
    request.extensions_mut().insert(Token(token.clone()));
    if let Some(session) = session {
        if let Ok(member) = session.member() {
            let member = member.clone();
            request.extensions_mut().insert(SignedIn { session: session.clone(), member });
        }
        request.extensions_mut().insert(Entering(session));
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if fresh {
        let cookie = cookie(&site, names(&site).visitor, token);
        response.response_mut().add_cookie(&cookie).map_err(Error::internal)?;
    }
    Ok(response)
}

/// Whose session it is that may pass, if there is one.
async fn admitted(site: &Site, policy: Policy, request: &ServiceRequest) -> Result<Option<Session>, Error> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        same_origin(site, request.headers())?;
    }
    let session = session(site, request.request()).await?;
    policy.admit(site, session.as_ref())?;
    Ok(session)
}

/// Who asks where nothing lives, and no policy was applied. Never fails: an error has its page without a database.
pub(super) async fn recognised(site: &Site, request: &HttpRequest) -> Option<SignedIn> {
    let session = session(site, request).await.ok().flatten()?;
    let member = session.member().ok()?.clone();
    Some(SignedIn { session, member })
}

async fn session(site: &Site, request: &HttpRequest) -> Result<Option<Session>, Error> {
    let Some(cookie) = request.cookie(names(site).session) else { return Ok(None) };
    match site.state.staff.session(cookie.value()).await {
        Ok(session) => Ok(Some(session)),
        Err(staff::Error::SignedOut) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether the request comes from a page of this site (reliability-security §7.6): what browsers say of themselves,
/// else the origin, else the page that was left; a request that says nothing of the kind is refused.
fn same_origin(site: &Site, headers: &HeaderMap) -> Result<(), Error> {
    let value = |name| headers.get(name).and_then(|value: &actix_web::http::header::HeaderValue| value.to_str().ok());
    let own = origin(site);
    let same = match (value("sec-fetch-site".parse().map_err(Error::internal)?), value(ORIGIN), value(REFERER)) {
        (Some(site), ..) => site == "same-origin",
        (None, Some(origin), _) => origin == own,
        (None, None, Some(page)) => Url::parse(page).is_ok_and(|page| page.origin().ascii_serialization() == own),
        (None, None, None) => false,
    };
    if same { Ok(()) } else { Err(Error::CrossSite) }
}

/// Where the back office is: on its own host, or on the site's.
pub(crate) fn origin(site: &Site) -> String {
    site.state.config.back_office_origin()
}

/// Keeps what a session's cookie is to hold.
pub(crate) fn session_cookie(site: &Site, opened: &Opened) -> Cookie<'static> {
    let mut cookie = cookie(site, names(site).session, opened.token.expose().clone());
    if let Some(keep) = opened.keep_for {
        let seconds = i64::try_from(keep.as_secs()).unwrap_or(i64::MAX);
        cookie.set_max_age(actix_web::cookie::time::Duration::seconds(seconds));
    }
    cookie
}

/// Takes it away. What pages have stored in the browser stays: texts that are not saved yet live there.
pub(crate) fn no_session_cookie(site: &Site) -> Cookie<'static> {
    let mut cookie = cookie(site, names(site).session, String::new());
    cookie.make_removal();
    cookie
}

/// The cookie of a browser whose owner is away for a moment to say who they are.
pub(crate) fn passing_name(site: &Site) -> &'static str {
    names(site).passing
}

/// Keeps something in it.
pub(crate) fn passing_cookie(site: &Site, value: String, life: std::time::Duration) -> Cookie<'static> {
    let mut cookie = cookie(site, names(site).passing, value);
    let seconds = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
    cookie.set_max_age(actix_web::cookie::time::Duration::seconds(seconds));
    cookie
}

/// Where the request comes from, for limits and for the list of sessions.
pub(crate) fn visitor(site: &Site, request: &HttpRequest) -> Visitor {
    let agent = request.headers().get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Visitor { address: client::address(request, &site.state.config.server.trusted_proxies), agent: device::of(agent) }
}

struct Names {
    session: &'static str,
    visitor: &'static str,
    passing: &'static str,
}

/// With `__Host-` a cookie can be set by nobody but this host, but is sent to all of it; on a host that is shared with
/// others below another path the path matters more. Without TLS browsers take neither prefix.
fn names(site: &Site) -> Names {
    let base = &site.state.config.site.base_url;
    match (base.is_https(), is_shared(site)) {
        (true, false) => {
            Names { session: "__Host-wxpress", visitor: "__Host-wxpress-visitor", passing: "__Host-wxpress-oauth" }
        }
        (true, true) => Names {
            session: "__Secure-wxpress",
            visitor: "__Secure-wxpress-visitor",
            passing: "__Secure-wxpress-oauth",
        },
        (false, _) => Names { session: "wxpress", visitor: "wxpress-visitor", passing: "wxpress-oauth" },
    }
}

fn is_shared(site: &Site) -> bool {
    !site.state.config.site.base_url.prefix().is_empty() && site.state.config.server.admin_host.is_none()
}

fn cookie(site: &Site, name: &'static str, value: String) -> Cookie<'static> {
    let base = &site.state.config.site.base_url;
    let path = if is_shared(site) { base.path("/admin") } else { "/".to_owned() };
    Cookie::build(name, value).path(path).secure(base.is_https()).http_only(true).same_site(SameSite::Lax).finish()
}

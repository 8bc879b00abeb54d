//! The back office: every address on one screen, with who may use it. A route that does not say so does not compile,
//! and what is not listed does not exist.

mod auth;
mod dashboard;
mod download;
mod figures;
mod form;
mod oauth;
mod media;
pub(crate) mod page;
mod plot;
mod sign_in;
mod wechat;
pub(crate) mod upload;

use actix_web::guard::{Any, Method as IsMethod, fn_guard};
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::HOST;
use actix_web::middleware::from_fn;
use actix_web::web::{PayloadConfig, ServiceConfig, resource, route, scope};
use actix_web::{HttpRequest, HttpResponse, Route};

use super::Site;
use super::error::Error;
use crate::staff::SessionState;
pub use auth::Policy;
pub(crate) use oauth::Gate;

/// The largest form but for those that carry an article or a file.
const FORM_CAP: usize = 64 * 1024;

/// One address of the back office.
struct Entry {
    method: Method,
    path: &'static str,
    policy: Policy,
    /// The largest body, in bytes.
    cap: usize,
    route: Route,
}

fn get<F, Args>(path: &'static str, policy: Policy, handler: F) -> Entry
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    Entry { method: Method::GET, path, policy, cap: 0, route: route().to(handler) }
}

fn post<F, Args>(path: &'static str, policy: Policy, handler: F) -> Entry
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    Entry { method: Method::POST, path, policy, cap: FORM_CAP, route: route().to(handler) }
}

impl Entry {
    /// With a larger body.
    fn with_cap(self, cap: usize) -> Self {
        Self { cap, ..self }
    }
}

/// All addresses, below `/admin`.
fn entries() -> Vec<Entry> {
    vec![
        // What waits, and what was read.
        get("", Policy::Staff, dashboard::show),
        get("/figures", Policy::Staff, figures::show),
        get("/figures.csv", Policy::Staff, figures::csv),
        get("/figures.xlsx", Policy::Staff, figures::xlsx),
        // Coming and going.
        get("/sign-in", Policy::Anyone, sign_in::show),
        post("/sign-in", Policy::Anyone, sign_in::submit),
        post("/sign-out", Policy::Entering, sign_in::leave),
        // By an account of WeCom or WeChat.
        get("/sign-in/{door}", Policy::Anyone, oauth::leave),
        get("/sign-in/{door}/callback", Policy::Anyone, oauth::come_back),
        // One's own account.
        // People.
        // Articles.
        // Pictures, videos and attachments. What of them somebody may change depends on who brought and who uses them.
        get("/media", Policy::Staff, media::show),
        post("/media", Policy::Staff, media::submit),
        get("/media/{id}", Policy::Staff, media::show_one),
        post("/media/{id}", Policy::Staff, media::describe),
        post("/media/{id}/framing", Policy::Staff, media::frame),
        post("/media/{id}/replace", Policy::Staff, media::replace),
        post("/media/{id}/delete", Policy::Staff, media::delete),
        // Categories, tags, pages and old addresses.
        // Settings.
        // WeChat.
        get("/wechat", Policy::Administrator, wechat::show),
        get("/wechat/check", Policy::Administrator, wechat::check),
        post("/wechat/retry", Policy::Administrator, wechat::retry),
        post("/wechat/force", Policy::Confirmed, wechat::force),
    ]
}

/// Method, path below `/admin` and policy of every address, for tests that try them all.
pub fn back_office_routes() -> Vec<(Method, &'static str, Policy)> {
    entries().into_iter().map(|entry| (entry.method, entry.path, entry.policy)).collect()
}

/// Adds the back office; with `host`, only there.
pub(super) fn configure(config: &mut ServiceConfig, host: Option<String>) {
    let mut admin = scope("/admin").guard(fn_guard(move |context| {
        let asked = context.head().headers().get(HOST).and_then(|value| value.to_str().ok());
        host.as_deref().is_none_or(|host| asked.is_some_and(|asked| asked.eq_ignore_ascii_case(host)))
    }));
    for Entry { method, path, policy, cap, route } in entries() {
        let route = route.wrap(from_fn(move |request, next| auth::enforce(policy, request, next)));
        // One resource for each method, so that each has its own policy: what does not match goes on to the next.
        let head = method == Method::GET;
        let fits = Any(IsMethod(method)).or(fn_guard(move |context| head && context.head().method == Method::HEAD));
        admin = admin.service(resource(path).guard(fits).app_data(PayloadConfig::new(cap)).route(route));
    }
    config.service(admin);
}

/// What somebody sees who was not let through, or for whom something failed: the page that helps, or at once the one
/// on which they can do what is missing.
pub(super) async fn present(
    site: &Site,
    request: &HttpRequest,
    status: StatusCode,
    (error, id): (Option<&Error>, &str),
) -> HttpResponse {
    let here = request.uri().path_and_query().map_or("", |here| here.as_str());
    let asked = request.method() == Method::GET;
    match error {
        Some(Error::SignedOut) if asked => sign_in::with_next(site, "/sign-in", here),
        Some(Error::SecondStep(SessionState::NeedsTotpSetup)) => page::see(site, "/second-step/set-up", ""),
        Some(Error::SecondStep(_)) => sign_in::with_next(site, "/second-step", if asked { here } else { "" }),
        Some(Error::NeedsConfirmation) if asked => sign_in::with_next(site, "/confirm", here),
        _ => page::error(site, request, status, (error, id)).await,
    }
}

//! The back office: every address on one screen, with who may use it. A route that does not say so does not compile,
//! and what is not listed does not exist.

mod auth;
mod categories;
mod dashboard;
mod form;
pub(crate) mod page;
mod pages;
mod parts;
mod redirects;
mod settings;
mod sign_in;
mod tags;
mod verification;

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
        // Coming and going.
        get("/sign-in", Policy::Anyone, sign_in::show),
        post("/sign-in", Policy::Anyone, sign_in::submit),
        post("/sign-out", Policy::Entering, sign_in::leave),
        // By an account of WeCom or WeChat.
        // One's own account.
        // People.
        // Articles.
        // Pictures, videos and attachments.
        // Categories, tags, pages and old addresses.
        get("/categories", Policy::Editor, categories::index),
        get("/categories/new", Policy::Editor, categories::new),
        post("/categories/new", Policy::Editor, categories::create),
        get("/categories/{id}", Policy::Editor, categories::show),
        post("/categories/{id}", Policy::Editor, categories::update),
        post("/categories/{id}/move", Policy::Editor, categories::shift),
        post("/categories/{id}/merge", Policy::Editor, categories::merge),
        post("/categories/{id}/delete", Policy::Editor, categories::delete),
        get("/tags", Policy::Editor, tags::index),
        get("/tags/{id}", Policy::Editor, tags::show),
        post("/tags/{id}", Policy::Editor, tags::update),
        post("/tags/{id}/merge", Policy::Editor, tags::merge),
        get("/pages", Policy::Editor, pages::index),
        get("/pages/new", Policy::Editor, pages::new),
        post("/pages/new", Policy::Editor, pages::create).with_cap(pages::CAP),
        post("/pages/preview", Policy::Editor, pages::preview).with_cap(pages::CAP),
        get("/pages/{slug}/edit", Policy::Editor, pages::edit),
        post("/pages/{slug}/edit", Policy::Editor, pages::update).with_cap(pages::CAP),
        post("/pages/{slug}/move", Policy::Editor, pages::shift),
        get("/pages/{slug}/remove", Policy::Editor, pages::ask),
        post("/pages/{slug}/remove", Policy::Editor, pages::remove),
        get("/redirects", Policy::Editor, redirects::index),
        post("/redirects", Policy::Editor, redirects::create),
        post("/redirects/remove", Policy::Editor, redirects::remove),
        get("/redirects/paste", Policy::Editor, redirects::blank),
        post("/redirects/paste", Policy::Editor, redirects::paste).with_cap(redirects::CAP),
        // Settings.
        get("/settings", Policy::Administrator, settings::show),
        post("/settings", Policy::Administrator, settings::update),
        post("/settings/logo", Policy::Administrator, settings::set_logo),
        post("/settings/share-image", Policy::Administrator, settings::set_share_image),
        get("/verification", Policy::Confirmed, verification::show),
        post("/verification", Policy::Confirmed, verification::create),
        post("/verification/remove", Policy::Confirmed, verification::remove),
        // WeChat.
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

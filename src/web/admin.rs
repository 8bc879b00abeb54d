//! The back office: every address on one screen, with who may use it. A route that does not say so does not compile,
//! and what is not listed does not exist.

mod account;
mod articles;
mod auth;
mod categories;
mod confirm;
mod dashboard;
mod device;
mod download;
mod figures;
mod form;
mod happened;
mod here;
mod join;
mod log;
mod markup;
mod media;
mod names;
mod next;
mod oauth;
pub(crate) mod page;
mod pages;
mod parts;
mod people;
mod plot;
mod qr;
mod recovery_codes;
mod redirects;
mod registration;
mod reset;
mod second_step;
mod set_up;
mod settings;
mod sign_in;
mod tags;
mod typed;
mod unsaved;
pub(crate) mod upload;
mod verification;
mod wechat;

use actix_web::guard::{Any, Method as IsMethod, fn_guard};
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header::HOST;
use actix_web::middleware::from_fn;
use actix_web::web::{PayloadConfig, ServiceConfig, resource, route, scope};
use actix_web::{HttpRequest, HttpResponse, Route};

use super::Site;
use super::error::Error;
pub(crate) use articles::Pace;
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
#[expect(clippy::too_many_lines, reason = "a table")]
fn entries() -> Vec<Entry> {
    vec![
        // What waits, and what was read.
        get("", Policy::Staff, dashboard::show),
        get("/", Policy::Staff, dashboard::without_slash),
        get("/figures", Policy::Staff, figures::show),
        get("/figures.csv", Policy::Staff, figures::csv),
        get("/figures.xlsx", Policy::Staff, figures::xlsx),
        // Coming and going.
        get("/sign-in", Policy::Anyone, sign_in::show),
        post("/sign-in", Policy::Anyone, sign_in::submit),
        post("/sign-out", Policy::Entering, sign_in::leave),
        get("/second-step", Policy::Entering, second_step::show),
        post("/second-step", Policy::Entering, second_step::submit),
        get("/second-step/set-up", Policy::Entering, second_step::begin),
        post("/second-step/set-up", Policy::Entering, second_step::finish),
        get("/confirm", Policy::Staff, confirm::show),
        post("/confirm", Policy::Staff, confirm::submit),
        // Links that stand for a right; see [`crate::staff::Link`].
        get("/setup/{token}", Policy::Anyone, set_up::show),
        post("/setup/{token}", Policy::Anyone, set_up::submit),
        get("/join/{token}", Policy::Anyone, join::show),
        post("/join/{token}", Policy::Anyone, join::submit),
        get("/reset/{token}", Policy::Anyone, reset::show),
        post("/reset/{token}", Policy::Anyone, reset::submit),
        // By an account of WeCom or WeChat.
        get("/sign-in/{door}", Policy::Anyone, oauth::leave),
        get("/sign-in/{door}/callback", Policy::Anyone, oauth::come_back),
        // One's own account.
        get("/account", Policy::Staff, account::show),
        post("/account/name", Policy::Staff, account::rename),
        get("/account/password", Policy::Staff, account::password::show),
        post("/account/password", Policy::Staff, account::password::submit),
        get("/account/recovery-codes", Policy::Staff, account::codes::show),
        post("/account/recovery-codes", Policy::Staff, account::codes::renew),
        post("/account/sessions/end-others", Policy::Staff, account::end_others),
        post("/account/sessions/{id}/end", Policy::Staff, account::end_one),
        // People.
        get("/staff", Policy::Administrator, people::index),
        get("/staff/invite", Policy::Confirmed, people::invite::show),
        post("/staff/invite", Policy::Confirmed, people::invite::submit),
        post("/staff/invitations/{id}/withdraw", Policy::Confirmed, people::invite::withdraw),
        get("/staff/{id}", Policy::Administrator, people::person::show),
        get("/staff/{id}/log", Policy::Administrator, people::log::show),
        post("/staff/{id}/name", Policy::Confirmed, people::change::rename),
        post("/staff/{id}/role", Policy::Confirmed, people::change::role),
        post("/staff/{id}/disable", Policy::Confirmed, people::change::disable),
        post("/staff/{id}/enable", Policy::Confirmed, people::change::enable),
        post("/staff/{id}/reset-link", Policy::Confirmed, people::change::reset_link),
        post("/staff/{id}/end-sessions", Policy::Confirmed, people::change::end_sessions),
        post("/staff/{id}/reset-second-step", Policy::Confirmed, people::change::reset_second_step),
        post("/staff/{id}/bind", Policy::Confirmed, people::change::bind),
        post("/staff/{id}/unbind", Policy::Confirmed, people::change::unbind),
        // Articles. Whether one is somebody's own is judged by the handler.
        get("/articles", Policy::Staff, articles::list::show),
        post("/articles/bulk", Policy::Staff, articles::bulk::submit),
        get("/articles/new", Policy::Staff, articles::edit::new),
        post("/articles/new", Policy::Staff, articles::edit::create).with_cap(articles::ARTICLE_CAP),
        get("/articles/{id}", Policy::Staff, articles::edit::show),
        post("/articles/{id}", Policy::Staff, articles::edit::save).with_cap(articles::ARTICLE_CAP),
        get("/articles/{id}/preview", Policy::Staff, articles::preview::show),
        get("/articles/{id}/history", Policy::Staff, articles::history::show),
        post("/articles/{id}/history", Policy::Staff, articles::history::restore),
        post("/articles/{id}/presence", Policy::Staff, articles::presence::note),
        post("/articles/{id}/picture", Policy::Staff, articles::picture::place),
        post("/articles/{id}/slug", Policy::Staff, articles::steps::slug),
        post("/articles/{id}/submit", Policy::Staff, articles::steps::submit),
        post("/articles/{id}/recall", Policy::Staff, articles::steps::recall),
        post("/articles/{id}/discard", Policy::Staff, articles::steps::discard),
        post("/articles/{id}/restore", Policy::Staff, articles::steps::restore),
        post("/articles/{id}/approve", Policy::Editor, articles::steps::approve),
        post("/articles/{id}/send-back", Policy::Editor, articles::steps::send_back),
        post("/articles/{id}/unschedule", Policy::Editor, articles::steps::unschedule),
        post("/articles/{id}/pin", Policy::Editor, articles::steps::pin),
        post("/articles/{id}/unpin", Policy::Editor, articles::steps::unpin),
        get("/articles/{id}/publish", Policy::Editor, articles::outlook::show),
        post("/articles/{id}/publish", Policy::Editor, articles::outlook::publish),
        post("/articles/{id}/schedule", Policy::Editor, articles::outlook::schedule),
        post("/articles/{id}/correct", Policy::Editor, articles::outlook::correct),
        get("/articles/{id}/withdraw", Policy::Editor, articles::withdrawal::show),
        post("/articles/{id}/withdraw", Policy::Editor, articles::withdrawal::withdraw),
        post("/articles/{id}/take-down", Policy::Editor, articles::withdrawal::take_down),
        // What happened.
        get("/log", Policy::Administrator, log::show),
        get("/log.csv", Policy::Confirmed, log::download),
        // Pictures, videos and attachments. What of them somebody may change depends on who brought and who uses them.
        get("/media", Policy::Staff, media::show),
        post("/media", Policy::Staff, media::submit),
        get("/media/{id}", Policy::Staff, media::show_one),
        post("/media/{id}", Policy::Staff, media::describe),
        post("/media/{id}/framing", Policy::Staff, media::frame),
        post("/media/{id}/replace", Policy::Staff, media::replace),
        post("/media/{id}/delete", Policy::Staff, media::delete),
        // Categories, tags, pages and old addresses.
        get("/categories", Policy::Editor, categories::index),
        get("/categories/new", Policy::Editor, categories::edit::new),
        post("/categories/new", Policy::Editor, categories::edit::create),
        get("/categories/{id}", Policy::Editor, categories::edit::show),
        post("/categories/{id}", Policy::Editor, categories::edit::update),
        post("/categories/{id}/move", Policy::Editor, categories::shift),
        post("/categories/{id}/merge", Policy::Editor, categories::edit::merge),
        post("/categories/{id}/delete", Policy::Editor, categories::edit::delete),
        get("/tags", Policy::Editor, tags::index),
        get("/tags/{id}", Policy::Editor, tags::show),
        post("/tags/{id}", Policy::Editor, tags::update),
        post("/tags/{id}/merge", Policy::Editor, tags::merge),
        get("/pages", Policy::Editor, pages::index),
        get("/pages/new", Policy::Editor, pages::edit::new),
        post("/pages/new", Policy::Editor, pages::edit::create).with_cap(pages::edit::CAP),
        post("/pages/preview", Policy::Editor, pages::edit::preview).with_cap(pages::edit::CAP),
        get("/pages/{slug}/edit", Policy::Editor, pages::edit::show),
        post("/pages/{slug}/edit", Policy::Editor, pages::edit::update).with_cap(pages::edit::CAP),
        post("/pages/{slug}/move", Policy::Editor, pages::shift),
        get("/pages/{slug}/remove", Policy::Editor, pages::ask),
        post("/pages/{slug}/remove", Policy::Editor, pages::remove),
        get("/redirects", Policy::Editor, redirects::index),
        post("/redirects", Policy::Editor, redirects::create),
        post("/redirects/remove", Policy::Editor, redirects::remove),
        get("/redirects/paste", Policy::Editor, redirects::paste::show),
        post("/redirects/paste", Policy::Editor, redirects::paste::submit).with_cap(redirects::paste::CAP),
        // Settings.
        get("/settings", Policy::Administrator, settings::show),
        post("/settings", Policy::Administrator, settings::update),
        post("/settings/logo", Policy::Administrator, settings::set_logo),
        post("/settings/share-image", Policy::Administrator, settings::set_share_image),
        get("/verification", Policy::Confirmed, verification::show),
        post("/verification", Policy::Confirmed, verification::create),
        post("/verification/remove", Policy::Confirmed, verification::remove),
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
        Some(Error::SignedOut) if asked => next::by(site, "/sign-in", here),
        Some(Error::SecondStep(state)) => next::by(site, sign_in::missing(*state), if asked { here } else { "" }),
        Some(Error::NeedsConfirmation) if asked => next::by(site, "/confirm", here),
        _ => page::error(site, request, status, (error, id)).await,
    }
}

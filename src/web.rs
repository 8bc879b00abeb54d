//! The site as browsers see it: every address on one screen, and what is wrapped around them.
//!
//! Pages never know that they are in a demo, and nothing here speaks SQL or calls WeChat.

pub(crate) mod address;
mod admin;
mod answer;
mod api;
mod assets;
mod beacon_token;
mod client;
mod error;
mod from_memory;
pub(crate) mod headers;
mod look;
mod ops;
mod page;
mod page_cache;
mod reader;
mod robot;
mod share;
mod structured;
mod texts;

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::ALLOW;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, head, method, post, resource, route, scope};
use actix_web::{App, HttpResponse, Resource};

use crate::state::AppState;
pub use admin::{Policy, back_office_routes};
use assets::Assets;
use client::Limit;
use from_memory::FromMemory;
use headers::Policies;
pub use ops::{Ops, create_ops_app};
use page::CommonCache;
use page_cache::PageCache;

/// The state, and what only pages need; built once, outside the workers.
#[derive(Debug)]
pub struct Site {
    pub(crate) state: Arc<AppState>,
    assets: Assets,
    policies: Policies,
    cache: PageCache,
    common: CommonCache,
    sdk_urls: Vec<String>,
    share_config_limit: Limit,
    beacon_limit: Limit,
    csp_limit: Limit,
    search_limit: Limit,
    oauth: admin::Gate,
    uploads: admin::upload::UploadLimits,
    saves: admin::Pace,
}

impl Site {
    /// The site over `state`.
    pub fn new(state: Arc<AppState>) -> Self {
        let policies = Policies::new(&state.config);
        let assets = Assets::new(&state.config.data_dir, &policies);
        let own_sdk = assets.own_sdk().map(|path| state.config.site.base_url.path(&path));
        let sdk_urls = state.config.wechat.sdk_urls.iter().map(ToString::to_string).chain(own_sdk).collect();
        Self {
            policies,
            assets,
            cache: PageCache::new(),
            common: CommonCache::new(),
            sdk_urls,
            share_config_limit: Limit::new(),
            beacon_limit: Limit::new(),
            csp_limit: Limit::new(),
            search_limit: Limit::new(),
            oauth: admin::Gate::new(),
            uploads: admin::upload::UploadLimits::default(),
            saves: admin::Pace::default(),
            state,
        }
    }
}

/// The names that WeChat gives to its verification files.
const VERIFICATION: &str = r"/{name:(?:MP|WW)_verify_[A-Za-z0-9]{16}\.txt}";

/// The whole application, the same for the server and for tests.
pub fn create_app(
    site: Data<Site>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let admin_host = site.state.config.server.admin_host.clone();
    let prefix = site.state.config.site.base_url.prefix().to_owned();
    let from_memory = FromMemory::new(site.clone());
    App::new()
        .app_data(site)
        .wrap(from_fn(error::present_errors))
        .wrap(from_fn(headers::security_headers))
        .wrap(from_memory)
        .configure(|config| at_the_root(config, &prefix))
        .service(scope(&prefix).configure(reader_pages).configure(api_calls).configure(health).configure(
            move |config| {
                admin::configure(config, admin_host);
            },
        ))
        .default_service(get().to(reader::moved::show))
}

/// What must also answer outside the prefix.
fn at_the_root(config: &mut ServiceConfig, prefix: &str) {
    if !prefix.is_empty() {
        config.configure(health).service(readable("/robots.txt", reader::sitemap::robots));
        config.service(readable(VERIFICATION, reader::verification::show));
        // The prefix itself is the home page, also without the slash at its end.
        config.service(readable(prefix, reader::list::home));
    }
}

fn reader_pages(config: &mut ServiceConfig) {
    config
        .service(readable("/", reader::list::home))
        .service(readable("/articles/{key}", reader::article::show))
        .service(readable("/categories/{slug}", reader::list::category))
        .service(readable("/categories/{slug}/feed.xml", reader::feed::category))
        .service(readable("/tags/{name}", reader::list::tag))
        .service(readable("/search", reader::search::show))
        .service(readable("/archive", reader::archive::index))
        .service(readable("/archive/{month}", reader::archive::month))
        .service(readable("/pages/{slug}", reader::fixed::show))
        .service(readable("/media/{id}/{file}", reader::media::show))
        .service(readable(look::COLOURS, look::show))
        .service(readable("/static/{name:.*}", assets::show))
        .service(readable("/feed.xml", reader::feed::atom))
        .service(readable("/rss.xml", reader::feed::rss))
        .service(readable("/sitemap.xml", reader::sitemap::index))
        .service(readable("/sitemap-pages.xml", reader::sitemap::pages))
        .service(readable("/sitemap-articles.xml", reader::sitemap::articles))
        .service(readable("/robots.txt", reader::sitemap::robots))
        .service(readable(VERIFICATION, reader::verification::show));
}

fn api_calls(config: &mut ServiceConfig) {
    config
        .service(readable("/api/v1/share-config", api::share_config::show))
        .service(writable("/api/v1/beacon", api::beacon::BODY_CAP, api::beacon::create))
        .service(writable("/api/v1/csp-report", api::csp_report::BODY_CAP, api::csp_report::create));
}

/// For the one who watches: alive, and able to serve. WeChat is no part of either.
fn health(config: &mut ServiceConfig) {
    config.service(readable("/healthz", alive)).service(readable("/readyz", ready));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

async fn ready(site: Data<Site>) -> Result<HttpResponse, error::Error> {
    site.state.db.ping().await.map_err(error::Error::unavailable)?;
    Ok(alive().await)
}

/// A resource for POST with a body of at most `cap` bytes.
fn writable<F, Args>(path: &str, cap: usize, handler: F) -> Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    bounded(resource(path).app_data(PayloadConfig::new(cap)).route(post().to(handler)), "POST, OPTIONS")
}

/// The resource says which methods it has, to one who asks and to one who uses another.
fn bounded(resource: Resource, allowed: &'static str) -> Resource {
    let answer = move |status| async move { HttpResponse::build(status).insert_header((ALLOW, allowed)).finish() };
    resource
        .route(method(Method::OPTIONS).to(move || answer(StatusCode::NO_CONTENT)))
        .default_service(route().to(move || answer(StatusCode::METHOD_NOT_ALLOWED)))
}

/// A resource for GET and HEAD.
fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Copy,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    bounded(resource(path).route(get().to(handler)).route(head().to(handler)), "GET, HEAD, OPTIONS")
}

//! The site as browsers see it: every address on one screen, and what is wrapped around them.
//!
//! Pages never know that they are in a demo, and nothing here speaks SQL or calls WeChat.

pub(crate) mod address;
mod api;
mod assets;
mod beacon_token;
mod client;
mod error;
pub(crate) mod headers;
mod ops;
mod page;
mod reader;
mod share;
mod texts;

use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, head, post, resource, scope};
use actix_web::{App, HttpResponse, Resource};

use crate::state::AppState;
use assets::Assets;
use client::Limit;
use headers::Policies;
pub use ops::{Ops, create_ops_app};

/// The state, and what only pages need; built once, outside the workers.
#[derive(Debug)]
pub struct Site {
    pub(crate) state: Arc<AppState>,
    assets: Assets,
    policies: Policies,
    sdk_urls: Vec<String>,
    share_config_limit: Limit,
    beacon_limit: Limit,
    csp_limit: Limit,
    search_limit: Limit,
}

impl Site {
    /// The site over `state`.
    pub fn new(state: Arc<AppState>) -> Self {
        let assets = Assets::new(&state.config.data_dir);
        let own_sdk = assets.own_sdk().map(|path| state.config.site.base_url.path(&path));
        let sdk_urls = state.config.wechat.sdk_urls.iter().map(ToString::to_string).chain(own_sdk).collect();
        Self {
            policies: Policies::new(&state.config),
            assets,
            sdk_urls,
            share_config_limit: Limit::new(),
            beacon_limit: Limit::new(),
            csp_limit: Limit::new(),
            search_limit: Limit::new(),
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
    let prefix = site.state.config.site.base_url.prefix().to_owned();
    App::new()
        .app_data(site)
        .wrap(from_fn(error::present_errors))
        .wrap(Compress::default())
        .wrap(from_fn(headers::security_headers))
        .configure(|config| at_the_root(config, &prefix))
        .service(scope(&prefix).configure(reader_pages).configure(api_calls).configure(health))
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
        .service(readable("/tags/{name}", reader::list::tag))
        .service(readable("/search", reader::search::show))
        .service(readable("/media/{id}/{file}", reader::media::show))
        .service(readable("/static/{name:.*}", assets::show))
        .service(readable("/sitemap.xml", reader::sitemap::index))
        .service(readable("/sitemap-articles.xml", reader::sitemap::articles))
        .service(readable("/robots.txt", reader::sitemap::robots))
        .service(readable(VERIFICATION, reader::verification::show));
}

fn api_calls(config: &mut ServiceConfig) {
    config
        .service(readable("/api/v1/share-config", api::share_config::show))
        .service(
            resource("/api/v1/beacon")
                .app_data(PayloadConfig::new(api::beacon::BODY_CAP))
                .route(post().to(api::beacon::create)),
        )
        .service(
            resource("/api/v1/csp-report")
                .app_data(PayloadConfig::new(api::csp_report::BODY_CAP))
                .route(post().to(api::csp_report::create)),
        );
}

/// For the one who watches: alive, and able to serve. WeChat is no part of either.
fn health(config: &mut ServiceConfig) {
    config.service(readable("/healthz", alive)).service(readable("/readyz", ready));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

async fn ready(site: Data<Site>) -> Result<HttpResponse, error::Error> {
    site.state.db.ping().await.map_err(|error| error::Error::Unavailable(error.into()))?;
    Ok(alive().await)
}

/// A resource for GET and HEAD.
fn readable<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Copy,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    resource(path).route(get().to(handler)).route(head().to(handler))
}

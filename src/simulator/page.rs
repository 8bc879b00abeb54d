//! Pages for people: what WeChat saw, and what a card of a page would look like.

mod authorize;
mod preview;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use self::preview::Preview;
use super::authenticator;
use super::phone::{self, Client};
use super::shared::Shared;
use super::view::{self, WorldView};

/// Pictures of the cards come from the previewed site.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; form-action 'self'; base-uri 'none'";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(index)).route("/phone", web::get().to(show));
    config.route("/authenticator", web::get().to(authenticator::show)).configure(authorize::routes);
}

#[derive(Template)]
#[template(path = "simulator/index.html")]
struct Index {
    world: WorldView,
    clients: Vec<Client>,
}

async fn index(shared: web::Data<Shared>) -> HttpResponse {
    let world = shared.with(|world| view::world(world));
    page(StatusCode::OK, &Index { world, clients: phone::clients() })
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    url: String,
    #[serde(default = "default_client")]
    client: String,
}

fn default_client() -> String {
    "ios-8".to_owned()
}

#[derive(Template)]
#[template(path = "simulator/phone.html")]
struct Phone {
    wish: Wish,
    clients: Vec<Client>,
    outcome: Result<Preview, String>,
}

async fn show(wish: web::Query<Wish>, shared: web::Data<Shared>) -> HttpResponse {
    let wish = wish.into_inner();
    let clients = phone::clients();
    let outcome = match clients.iter().find(|client| client.name == wish.client) {
        None => Err("没有这个客户端。No such client.".to_owned()),
        Some(client) => preview::load(&wish.url, client, shared.get_ref()).await,
    };
    let status = if outcome.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(status, &Phone { wish, clients, outcome })
}

/// A page for people, with the policy that fits it.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    page_with(status, POLICY, template)
}

fn page_with(status: StatusCode, policy: &'static str, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .insert_header(("Content-Security-Policy", policy))
            .insert_header(("Cache-Control", "no-store"))
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the simulator cannot be rendered");
            HttpResponse::InternalServerError().finish()
        }
    }
}

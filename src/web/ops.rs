//! What is served on `server.ops_listen`: numbers in Prometheus' text format. Never on the public address.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{App, HttpResponse};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::credentials::renewal::BUDGET;
use crate::credentials::{AccountKey, Kind};
use crate::state::AppState;

/// One credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Credential {
    account: String,
    kind: &'static str,
}

/// One endpoint's calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Endpoint {
    account: String,
    endpoint: String,
}

/// The numbers, and what they are read from.
#[derive(Debug)]
pub struct Ops {
    state: Arc<AppState>,
    registry: Registry,
    age: Family<Credential, Gauge>,
    remaining: Family<Credential, Gauge>,
    budget_left: Family<Endpoint, Gauge>,
}

impl Ops {
    /// The numbers of `state`.
    pub fn new(state: Arc<AppState>) -> Self {
        let mut registry = Registry::default();
        let (age, remaining, budget_left) = (Family::default(), Family::default(), Family::default());
        registry.register("wxpress_credential_age_seconds", "Since a credential was fetched", age.clone());
        registry.register("wxpress_credential_remaining_seconds", "Until a credential dies", remaining.clone());
        registry.register("wxpress_wechat_budget_left", "Calls left today, by endpoint", budget_left.clone());
        state.meter.register(&mut registry);
        state.stats.register(&mut registry);
        Self { state, registry, age, remaining, budget_left }
    }

    async fn text(&self) -> Result<String, std::fmt::Error> {
        for account in self.state.official.iter().chain(&self.state.wecom) {
            self.observe(account).await;
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    async fn observe(&self, account: &AccountKey) {
        let credentials = &self.state.credentials;
        let now = credentials.now();
        let token = credentials.held_token(account).map(|held| (held.fetched_at, held.remaining(now)));
        let ticket = |kind| credentials.held_ticket(account, kind).map(|held| (held.fetched_at, held.remaining(now)));
        let tickets = [Kind::JsapiTicket, Kind::AgentTicket].map(|kind| (kind, ticket(kind)));
        for (kind, life) in std::iter::once((Kind::AccessToken, token)).chain(tickets) {
            let Some((fetched_at, remaining)) = life else { continue };
            let label = Credential { account: account.to_string(), kind: kind.name() };
            self.age.get_or_create(&label).set(seconds(now.since(fetched_at)));
            self.remaining.get_or_create(&label).set(seconds(remaining));
        }
        // A database that does not answer leaves the last numbers standing.
        for (endpoint, calls) in self.state.calls_today(account).await.unwrap_or_default() {
            self.budget_left.get_or_create(&Endpoint { account: account.to_string(), endpoint }).set(BUDGET - calls);
        }
    }
}

fn seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// The application on the operator's address.
pub fn create_ops_app(
    ops: Data<Ops>,
) -> App<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new().app_data(ops).route("/metrics", actix_web::web::get().to(metrics))
}

async fn metrics(ops: Data<Ops>) -> HttpResponse {
    match ops.text().await {
        Ok(text) => {
            let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            HttpResponse::Ok().content_type(content_type).body(text)
        }
        Err(_no_room) => HttpResponse::InternalServerError().finish(),
    }
}

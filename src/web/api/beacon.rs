//! What pages report: that they were shown, how they were opened, what became of `wx.config`. Always answers 204:
//! nobody learns from the answer whether a report counted.

use actix_web::http::header::USER_AGENT;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::page::zoned;
use super::super::{Site, beacon_token, client, robot};
use crate::clock::Millis;
use crate::state::AppState;
use crate::stats::{self, ConfigResult, Measure, Opening};
use crate::wechat::Platform;

/// The largest report, in bytes.
pub(crate) const BODY_CAP: usize = 1024;

#[derive(Debug, Deserialize)]
struct Report {
    token: String,
    event: Event,
    #[serde(default)]
    from: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    message: String,
    /// Whose values they were.
    #[serde(default)]
    account: String,
    /// The ticket that they were made with.
    #[serde(default)]
    generation: i64,
    /// When they were made, in unix seconds.
    #[serde(default)]
    timestamp: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Event {
    View,
    Config,
}

/// `POST /api/v1/beacon`, as `navigator.sendBeacon` sends it: a text body that holds JSON.
pub(crate) async fn create(
    site: Data<Site>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> HttpResponse {
    let trusted = &site.state.config.server.trusted_proxies;
    if let (Ok(()), Ok(body)) = (site.beacon_limit.check(client::address(&request, trusted)), body) {
        count(&site, agent(&request), &body).await;
    }
    HttpResponse::NoContent().finish()
}

fn agent(request: &HttpRequest) -> &str {
    request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn count(site: &Site, agent: &str, body: &[u8]) {
    let state = &site.state;
    let Ok(report) = serde_json::from_slice::<Report>(body) else { return };
    let now = state.clock.now();
    let Some(article) = beacon_token::verify(&state.beacon_key, &report.token, stats::day(now)) else { return };
    let today = zoned(now, site.common.zone(site).await).date();
    match report.event {
        Event::View if robot::is_robot(agent) => {}
        Event::View => {
            state.stats.count(today, article, Measure::View);
            if let Some(opening) = Opening::parse(&report.from) {
                state.stats.count(today, article, Measure::Opened(opening));
            }
        }
        Event::Config => {
            let result = ConfigResult::parse(&report.outcome, &report.message);
            // Who is refused twice is one reader whom it did not work for.
            if report.outcome != "error_again" {
                state.stats.count(today, article, Measure::Config(result));
                state.stats.count_config(platform(&report), result);
            }
            if result == ConfigResult::InvalidSignature {
                heal(state, &report);
            }
        }
    }
}

fn platform(report: &Report) -> Platform {
    if report.account == Platform::WeCom.name() { Platform::WeCom } else { Platform::Official }
}

/// A stale ticket is refused by no call to WeChat, only by the phone: so the phone's word is heard, within bounds.
fn heal(state: &AppState, report: &Report) {
    let account = if platform(report) == Platform::WeCom { &state.wecom } else { &state.official };
    let signed_at = Millis(report.timestamp.saturating_mul(1000));
    if let Some(account) = account
        && state.credentials.report_refused(account, report.generation, signed_at)
    {
        tracing::info!(%account, "a phone refuses the ticket; it may be read again");
    }
}

//! What pages report: that they were shown, how they were opened, what became of `wx.config`. Always answers 204:
//! nobody learns from the answer whether a report counted.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::super::{Site, beacon_token, client};
use crate::clock::Millis;
use crate::state::AppState;
use crate::stats::{self, ConfigResult, Measure, Opening};

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
        count(&site, &body);
    }
    HttpResponse::NoContent().finish()
}

fn count(site: &Site, body: &[u8]) {
    let state = &site.state;
    let Ok(report) = serde_json::from_slice::<Report>(body) else { return };
    let today = stats::day(state.clock.now());
    let Some(article) = beacon_token::verify(&state.beacon_key, &report.token, today) else { return };
    match report.event {
        Event::View => {
            state.stats.count(article, Measure::View);
            if let Some(opening) = Opening::parse(&report.from) {
                state.stats.count(article, Measure::Opened(opening));
            }
        }
        Event::Config => {
            let result = ConfigResult::parse(&report.outcome, &report.message);
            state.stats.count(article, Measure::Config(result));
            if result == ConfigResult::InvalidSignature {
                heal(state, &report);
            }
        }
    }
}

/// A stale ticket is refused by no call to WeChat, only by the phone: so the phone's word is heard, within bounds.
fn heal(state: &AppState, report: &Report) {
    let account = if report.account == "wecom" { &state.wecom } else { &state.official };
    let signed_at = Millis(report.timestamp.saturating_mul(1000));
    if let Some(account) = account
        && state.credentials.report_refused(account, report.generation, signed_at)
    {
        tracing::info!(%account, "a phone refuses the ticket; it may be read again");
    }
}

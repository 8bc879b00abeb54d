//! The data block of a shared page: the card and, for each account with a usable ticket, the values of `wx.config`.
//! Data, never code.

use actix_web::HttpRequest;
use serde::Serialize;

use super::error::Error;
use super::{Site, address, beacon_token};
use crate::clock::Millis;
use crate::config::SecondHand;
use crate::config::secret_key::mac;
use crate::credentials::{AccountKey, Kind};
use crate::state::AppState;
use crate::stats;
use crate::wechat::signature::{AGENT_JS_API_LIST, OFFICIAL_JS_API_LIST, WECOM_JS_API_LIST};
use crate::wechat::{AgentConfig, JsConfig, Platform, sign};

/// Within a window the values of a page stay the same, so that its `ETag` does too (design: speed).
const WINDOW_SECONDS: i64 = 60;
/// As long as the nonce in WeChat's own example.
const NONCE_DIGITS: usize = 16;

/// Width and height of `static/share/default.png`.
pub(crate) const DEFAULT_IMAGE_SIDE: u32 = 500;

/// The block as `share.js` reads it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Block<'a> {
    /// The address that the values are for.
    url: &'a str,
    /// Whether any account is set up; without one the script has nothing to do.
    accounts: bool,
    /// The values per account.
    #[serde(flatten)]
    values: Values,
    /// What a chat shows.
    card: &'a Card,
    /// Where the JS-SDK is, in turn.
    sdk: &'a [String],
    /// Where fresh values are.
    share_config: String,
    /// Where outcomes are reported.
    beacon: Option<Beacon>,
}

/// What a recipient sees, named as the SDK wants it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Card {
    /// In a chat.
    pub(crate) title: String,
    /// In Moments (朋友圈).
    pub(crate) moments_title: String,
    /// Under the title.
    pub(crate) desc: String,
    /// The canonical address.
    pub(crate) link: String,
    /// Absolute; JPEG or PNG, square.
    pub(crate) img_url: String,
}

/// The values of `wx.config`, per account.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Values {
    /// The official account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    official: Option<Signed>,
    /// WeCom's.
    #[serde(skip_serializing_if = "Option::is_none")]
    wecom: Option<Signed>,
}

/// The values for one account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    #[serde(flatten)]
    config: JsConfig,
    /// Which ticket they were made with; a phone that refuses them says so.
    generation: i64,
    /// For `wx.agentConfig`, in WeCom only.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<AgentConfig>,
}

/// Where the page reports to.
#[derive(Debug, Serialize)]
struct Beacon {
    /// The path.
    url: String,
    /// Who may.
    token: String,
}

/// The address that a page is signed for: its canonical one, to which the guard takes the reader, or in `sign` mode the
/// one that was requested, byte for byte.
pub(crate) fn signed_address(site: &Site, request: &HttpRequest, canonical: &str) -> String {
    let config = &site.state.config;
    match config.wechat.second_hand {
        SecondHand::Redirect => canonical.to_owned(),
        SecondHand::Sign => {
            // The raw target: what the browser sent is what `location.href` holds. An absolute-form target names a
            // foreign host, which counts for nothing.
            let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
            address::signable(&config.site.base_url, target).unwrap_or_else(|| canonical.to_owned())
        }
    }
}

/// The data block of a page that is signed for `url`, ready to print. `article` names whose beacon it is.
pub(crate) fn block(site: &Site, url: &str, card: &Card, article: Option<i64>) -> Result<String, Error> {
    let state = &site.state;
    let base = &state.config.site.base_url;
    let today = stats::day(state.clock.now());
    let block = Block {
        url,
        accounts: state.official.is_some() || state.wecom.is_some(),
        values: values(state, url),
        card,
        sdk: &site.sdk_urls,
        share_config: base.path("/api/v1/share-config"),
        beacon: article.map(|id| Beacon {
            url: base.path("/api/v1/beacon"),
            token: beacon_token::issue(&state.beacon_key, id, today),
        }),
    };
    json_for_script(&block).map_err(Error::internal)
}

/// The picture of a card whose page has none: from `static/share/`, under its stable name.
pub(crate) fn default_image(site: &Site) -> String {
    site.state.config.site.base_url.absolute(&site.assets.path("share/default.png"))
}

/// Until when values that are made now stay as they are: the end of the minute, or the last moment at which a ticket
/// may be given out.
pub(crate) fn valid_until(state: &AppState) -> Millis {
    let end = Millis((window(state.clock.now()) + WINDOW_SECONDS).saturating_mul(1000));
    let accounts = state.official.iter().chain(&state.wecom);
    let tickets = accounts.flat_map(|account| {
        [Kind::JsapiTicket, Kind::AgentTicket].map(|kind| state.credentials.usable_until(account, kind))
    });
    tickets.flatten().fold(end, Millis::min)
}

/// The values for `url`, from tickets with life left. Never waits.
pub(crate) fn values(state: &AppState, url: &str) -> Values {
    let official = state.official.as_ref().and_then(|account| signed(state, account, url));
    let wecom = state.wecom.as_ref().and_then(|account| signed(state, account, url));
    Values { official, wecom }
}

fn signed(state: &AppState, account: &AccountKey, url: &str) -> Option<Signed> {
    let held = state.credentials.ticket(account, Kind::JsapiTicket)?;
    let timestamp = window(state.clock.now());
    let nonce_str = nonce(state, url, timestamp);
    let config = JsConfig {
        app_id: account.id.clone(),
        timestamp,
        signature: sign(&held.value, &nonce_str, timestamp, url),
        nonce_str,
        js_api_list: match account.platform {
            Platform::Official => &OFFICIAL_JS_API_LIST,
            Platform::WeCom => &WECOM_JS_API_LIST,
        },
    };
    Some(Signed { config, generation: held.generation, agent: agent(state, account, url) })
}

/// The same address and minute, but the agent's own ticket: mixing the two up is the commonest fault in WeCom.
fn agent(state: &AppState, account: &AccountKey, url: &str) -> Option<AgentConfig> {
    let held = state.credentials.ticket(account, Kind::AgentTicket)?;
    let timestamp = window(state.clock.now());
    let nonce_str = nonce(state, url, timestamp);
    Some(AgentConfig {
        corpid: account.id.clone(),
        agentid: account.agent.clone(),
        timestamp,
        signature: sign(&held.value, &nonce_str, timestamp, url),
        nonce_str,
        js_api_list: &AGENT_JS_API_LIST,
    })
}

/// The beginning of the minute, in unix seconds.
fn window(now: Millis) -> i64 {
    now.as_secs() - now.as_secs().rem_euclid(WINDOW_SECONDS)
}

/// The same within a window and unpredictable outside of this site.
fn nonce(state: &AppState, url: &str, timestamp: i64) -> String {
    let message = format!("{timestamp} {url}");
    hex::encode(mac(state.nonce_key.expose(), message.as_bytes())).chars().take(NONCE_DIGITS).collect()
}

/// `value` as JSON that may stand in a `<script>` element: no character in it can end the element or begin another.
pub(crate) fn json_for_script(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(value)?;
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    Ok(safe)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_breaks_out_of_the_element_and_all_of_it_comes_back(text in "\\PC{0,60}|[<>/!&a-z\u{2028}-]{0,60}") {
            let json = json_for_script(&text).unwrap();
            prop_assert!(!json.contains(['<', '>', '&', '\u{2028}']), "{}", json);
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}

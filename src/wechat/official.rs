//! The official account's calls (wechat-facts §1.1–1.3). One function each, no state.

use serde_json::json;
use url::Url;

use super::credential::{Issued, JsapiTicket, SiteAccessToken};
use super::envelope;
use super::error::{Error, Platform};
use crate::config::{Official, TokenEndpoint};
use crate::fetch::{API_BODY_CAP, Fetch};

/// Repeats the token in force until its last five minutes.
pub const STABLE_TOKEN: &str = "cgi-bin/stable_token";
/// Replaces the token at every call.
pub const CLASSIC_TOKEN: &str = "cgi-bin/token";
/// The ticket that signs pages.
pub const GET_TICKET: &str = "cgi-bin/ticket/getticket";

/// Whether the stable token in force is thrown away; allowed 20 times a day, 30 s apart (wechat-facts §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// Repeats the token that is in force.
    Ordinary,
    /// Invalidates it at once and issues another.
    Forced,
}

/// The account as this site may use it.
#[derive(Clone, Debug)]
pub struct OfficialAccount {
    pub(super) fetch: Fetch,
    pub(super) settings: Official,
}

impl OfficialAccount {
    /// An account reached through `fetch`.
    pub fn new(fetch: Fetch, settings: Official) -> Self {
        Self { fetch, settings }
    }

    /// The account's id, which pages show.
    pub fn app_id(&self) -> &str {
        &self.settings.app_id
    }

    /// The safe domains as the operator copied them from the console.
    pub fn js_domains(&self) -> &[String] {
        &self.settings.js_domain
    }

    /// What the settings hold, for a fingerprint; never hand it to a log, an error or a page.
    pub fn secret(&self) -> &str {
        self.settings.app_secret.expose()
    }

    /// Which of the two token calls is used.
    pub fn endpoint(&self) -> TokenEndpoint {
        self.settings.token_endpoint
    }

    /// The call that [`Self::access_token`] makes.
    pub fn token_endpoint(&self) -> &'static str {
        match self.settings.token_endpoint {
            TokenEndpoint::Stable => STABLE_TOKEN,
            TokenEndpoint::Classic => CLASSIC_TOKEN,
        }
    }

    /// The site's token. With the stable endpoint an ordinary call repeats the one in force until its last five
    /// minutes; the classic one replaces it at every call and has no notion of force.
    pub async fn access_token(&self, renewal: Renewal) -> Result<Issued<SiteAccessToken>, Error> {
        let endpoint = self.token_endpoint();
        let secret = self.settings.app_secret.expose();
        let mut url = self.address(endpoint);
        let answer = match self.settings.token_endpoint {
            TokenEndpoint::Stable => {
                // The secret travels in the body, which no proxy writes to its log.
                let body = json!({
                    "grant_type": "client_credential",
                    "appid": self.settings.app_id,
                    "secret": secret,
                    "force_refresh": renewal == Renewal::Forced,
                });
                self.fetch.post_json(&url, &body, API_BODY_CAP).await
            }
            TokenEndpoint::Classic => {
                url.query_pairs_mut()
                    .append_pair("grant_type", "client_credential")
                    .append_pair("appid", &self.settings.app_id)
                    .append_pair("secret", secret);
                self.fetch.get(&url, API_BODY_CAP).await
            }
        };
        envelope::token(endpoint, &envelope::open(Platform::Official, endpoint, answer)?)
    }

    /// The ticket that signs pages.
    pub async fn jsapi_ticket(&self, token: &SiteAccessToken) -> Result<Issued<JsapiTicket>, Error> {
        let mut url = self.address(GET_TICKET);
        url.query_pairs_mut().append_pair("access_token", token.expose()).append_pair("type", "jsapi");
        let answer = self.fetch.get(&url, API_BODY_CAP).await;
        envelope::ticket(GET_TICKET, &envelope::open(Platform::Official, GET_TICKET, answer)?)
    }

    pub(super) fn address(&self, endpoint: &str) -> Url {
        let mut url = self.settings.api_base_url.clone();
        let path = format!("{}/{endpoint}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}

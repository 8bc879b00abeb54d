//! WeCom's calls for one agent of a corporation (wechat-facts §1.5). One function each, no state.

use url::Url;

use super::credential::{Issued, JsapiTicket, SiteAccessToken};
use super::envelope;
use super::error::{Error, Platform};
use crate::config::WeCom;
use crate::fetch::{API_BODY_CAP, Fetch};

/// Repeats the token in force.
pub const GET_TOKEN: &str = "cgi-bin/gettoken";
/// The corporation's ticket, for `wx.config`.
pub const CORP_TICKET: &str = "cgi-bin/get_jsapi_ticket";
/// The agent's ticket, for `wx.agentConfig`.
pub const AGENT_TICKET: &str = "cgi-bin/ticket/get";

/// One agent as this site may use it. A token belongs to one agent: another agent of the same corporation has another
/// secret, another token and other tickets.
#[derive(Clone, Debug)]
pub struct WeComAgent {
    pub(super) fetch: Fetch,
    pub(super) settings: WeCom,
}

impl WeComAgent {
    /// An agent reached through `fetch`.
    pub fn new(fetch: Fetch, settings: WeCom) -> Self {
        Self { fetch, settings }
    }

    /// The corporation's id, which pages show as `appId`.
    pub fn corp_id(&self) -> &str {
        &self.settings.corp_id
    }

    /// The agent's id, which pages show.
    pub fn agent_id(&self) -> &str {
        &self.settings.agent_id
    }

    /// What the settings hold, for a fingerprint; never hand it to a log, an error or a page.
    pub fn secret(&self) -> &str {
        self.settings.corp_secret.expose()
    }

    /// The agent's token.
    pub async fn access_token(&self) -> Result<Issued<SiteAccessToken>, Error> {
        let mut url = self.address(GET_TOKEN);
        url.query_pairs_mut()
            .append_pair("corpid", &self.settings.corp_id)
            .append_pair("corpsecret", self.settings.corp_secret.expose());
        let answer = self.fetch.get(&url, API_BODY_CAP).await;
        envelope::token(GET_TOKEN, &envelope::open(Platform::WeCom, GET_TOKEN, answer)?)
    }

    /// The corporation's ticket.
    pub async fn corp_ticket(&self, token: &SiteAccessToken) -> Result<Issued<JsapiTicket>, Error> {
        self.ticket(CORP_TICKET, token, None).await
    }

    /// The agent's ticket. Never the corporation's: mixing them up is the commonest 40093 and 42012.
    pub async fn agent_ticket(&self, token: &SiteAccessToken) -> Result<Issued<JsapiTicket>, Error> {
        self.ticket(AGENT_TICKET, token, Some("agent_config")).await
    }

    async fn ticket(
        &self,
        endpoint: &'static str,
        token: &SiteAccessToken,
        kind: Option<&str>,
    ) -> Result<Issued<JsapiTicket>, Error> {
        let mut url = self.address(endpoint);
        url.query_pairs_mut().append_pair("access_token", token.expose());
        if let Some(kind) = kind {
            url.query_pairs_mut().append_pair("type", kind);
        }
        let answer = self.fetch.get(&url, API_BODY_CAP).await;
        envelope::ticket(endpoint, &envelope::open(Platform::WeCom, endpoint, answer)?)
    }

    pub(super) fn address(&self, endpoint: &str) -> Url {
        let mut url = self.settings.api_base_url.clone();
        let path = format!("{}/{endpoint}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}

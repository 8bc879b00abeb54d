//! An account of either platform, as the keeper needs it: which credentials it has and how each is fetched.

use std::fmt;
use std::time::Duration;

use crate::config::TokenEndpoint;
use crate::wechat::official::{GET_TICKET, Renewal};
use crate::wechat::wecom::{AGENT_TICKET, CORP_TICKET, GET_TOKEN};
use crate::wechat::{Error, Issued, JsapiTicket, OfficialAccount, Platform, SiteAccessToken, WeComAgent};

/// Which account. Agents of one corporation are accounts of their own and never share a credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountKey {
    /// The system it belongs to.
    pub platform: Platform,
    /// App id or corp id.
    pub id: String,
    /// WeCom's agent; empty for an official account.
    pub agent: String,
}

impl fmt::Display for AccountKey {
    /// As in the database: `official/wx0123` or `wecom/ww0123/1000002`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.platform, self.id)?;
        if self.agent.is_empty() { Ok(()) } else { write!(formatter, "/{}", self.agent) }
    }
}

/// The credentials of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Fetches the others.
    AccessToken,
    /// Signs `wx.config`.
    JsapiTicket,
    /// Signs `wx.agentConfig`.
    AgentTicket,
}

impl Kind {
    /// The name in the database and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::JsapiTicket => "jsapi_ticket",
            Self::AgentTicket => "agent_ticket",
        }
    }

    /// The kind of that name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::AccessToken, Self::JsapiTicket, Self::AgentTicket].into_iter().find(|kind| kind.name() == name)
    }
}

/// An account that is kept.
#[derive(Clone, Debug)]
pub enum Account {
    /// 公众号.
    Official(OfficialAccount),
    /// 企业微信.
    WeCom(WeComAgent),
}

/// How far ahead of its end a token is worth asking for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPolicy {
    /// A new one is handed out only in the last five minutes.
    Stable,
    /// Every call replaces it, with five minutes of grace.
    Classic,
    /// It is repeated until it dies.
    Repeated,
}

impl Account {
    /// Which account it is.
    pub fn key(&self) -> AccountKey {
        match self {
            Self::Official(account) => {
                AccountKey { platform: Platform::Official, id: account.app_id().to_owned(), agent: String::new() }
            }
            Self::WeCom(agent) => AccountKey {
                platform: Platform::WeCom,
                id: agent.corp_id().to_owned(),
                agent: agent.agent_id().to_owned(),
            },
        }
    }

    /// The tickets it has.
    pub fn tickets(&self) -> &'static [Kind] {
        match self {
            Self::Official(_) => &[Kind::JsapiTicket],
            Self::WeCom(_) => &[Kind::JsapiTicket, Kind::AgentTicket],
        }
    }

    /// When its token is worth asking for.
    pub fn token_policy(&self) -> TokenPolicy {
        match self {
            Self::Official(account) => match account.endpoint() {
                TokenEndpoint::Stable => TokenPolicy::Stable,
                TokenEndpoint::Classic => TokenPolicy::Classic,
            },
            Self::WeCom(_) => TokenPolicy::Repeated,
        }
    }

    /// The call that brings `kind`.
    pub fn endpoint(&self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Official(account), Kind::AccessToken) => account.token_endpoint(),
            (Self::Official(_), Kind::JsapiTicket | Kind::AgentTicket) => GET_TICKET,
            (Self::WeCom(_), Kind::AccessToken) => GET_TOKEN,
            (Self::WeCom(_), Kind::JsapiTicket) => CORP_TICKET,
            (Self::WeCom(_), Kind::AgentTicket) => AGENT_TICKET,
        }
    }

    /// The token.
    pub async fn access_token(&self, renewal: Renewal) -> Result<Issued<SiteAccessToken>, Error> {
        match self {
            Self::Official(account) => account.access_token(renewal).await,
            Self::WeCom(agent) => agent.access_token().await,
        }
    }

    /// A ticket. An official account has only one kind.
    pub async fn ticket(&self, kind: Kind, token: &SiteAccessToken) -> Result<Issued<JsapiTicket>, Error> {
        match (self, kind) {
            (Self::Official(account), _) => account.jsapi_ticket(token).await,
            (Self::WeCom(agent), Kind::AgentTicket) => agent.agent_ticket(token).await,
            (Self::WeCom(agent), Kind::JsapiTicket | Kind::AccessToken) => agent.corp_ticket(token).await,
        }
    }

    /// What changes when the operator changes the secret or the endpoint; to be hashed, never shown.
    pub(super) fn settings_text(&self) -> String {
        match self {
            Self::Official(account) => format!("{} {}", account.token_endpoint(), account.secret()),
            Self::WeCom(agent) => format!("{GET_TOKEN} {}", agent.secret()),
        }
    }
}

/// The longest that one call can take, with room for writing the result.
pub(super) const CALL: Duration = Duration::from_secs(7);

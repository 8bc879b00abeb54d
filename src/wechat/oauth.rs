//! Who somebody is, by WeChat's word (wechat-facts §1.4) or WeCom's (§1.5): the pages that people are sent to, and what
//! the code is worth that they come back with. No state: who sent whom is remembered elsewhere.
//!
//! | | official account | WeCom |
//! |---|---|---|
//! | page | `connect/oauth2/authorize`, inside WeChat only | the same inside WeCom; `wwlogin/sso/login` to scan |
//! | code for | [`OAuthGrant`], with the account's secret | a member, with the agent's [`SiteAccessToken`] |
//! | person | openid: another for every official account | userid: the corporation's own name for its member |

use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use super::credential::{OAuthAccessToken, OAuthCode, SiteAccessToken};
use super::envelope::{self, text};
use super::error::{Error, Platform};
use super::{OfficialAccount, WeComAgent};
use crate::fetch::API_BODY_CAP;

/// A code for a person of the official account.
pub const SNS_ACCESS_TOKEN: &str = "sns/oauth2/access_token";
/// A code for a member of the corporation.
pub const GET_USER_INFO: &str = "cgi-bin/auth/getuserinfo";

/// Asks inside WeChat and inside WeCom.
const AUTHORIZE: (&str, &str) = ("https://open.weixin.qq.com", "connect/oauth2/authorize");
/// Shows what WeCom on a phone is to scan.
const SCAN: (&str, &str) = ("https://login.work.weixin.qq.com", "wwlogin/sso/login");
/// Only who it is: no name, no picture, no question asked.
const SCOPE: &str = "snsapi_base";
/// A userid has up to 64 characters; an openid has had 28 for ever.
const LONGEST_ID: usize = 64;

/// Where somebody comes back to, and by which sign they are known again.
#[derive(Clone, Copy, Debug)]
pub struct Return<'a> {
    /// Absolute; its host must be known to the account's console.
    pub redirect_uri: &'a str,
    /// Letters and digits, at most 128.
    pub state: &'a str,
}

/// What an official account learns of somebody.
#[derive(Clone, Debug)]
pub struct OAuthGrant {
    /// The person's own token. The site's business is done without it.
    pub token: OAuthAccessToken,
    /// Who it is, for this account.
    pub open_id: String,
    /// Whether WeChat made the person up, for a page that was opened without anybody's will.
    pub is_snapshot: bool,
}

impl OfficialAccount {
    /// The page that asks inside WeChat; nowhere else does it work. `base`: in place of WeChat's own host.
    pub fn authorize_page(&self, base: Option<&Url>, back: Return<'_>) -> String {
        in_app(base, self.app_id(), None, back)
    }

    /// What a code stands for. The secret goes along, and no token of the site's.
    pub async fn grant(&self, code: &OAuthCode) -> Result<OAuthGrant, Error> {
        let mut url = self.address(SNS_ACCESS_TOKEN);
        // WeChat takes these in the address alone; no error of `fetch` ever names one.
        url.query_pairs_mut()
            .append_pair("appid", self.app_id())
            .append_pair("secret", self.secret())
            .append_pair("code", code.expose())
            .append_pair("grant_type", "authorization_code");
        let answer = self.fetch.get(&url, API_BODY_CAP).await;
        read_grant(&envelope::open(Platform::Official, SNS_ACCESS_TOKEN, answer)?)
    }
}

impl WeComAgent {
    /// The page that asks inside WeCom. `base`: in place of WeCom's own host.
    pub fn authorize_page(&self, base: Option<&Url>, back: Return<'_>) -> String {
        in_app(base, self.corp_id(), Some(self.agent_id()), back)
    }

    /// The page that shows a code to scan with WeCom.
    pub fn scan_page(&self, base: Option<&Url>, back: Return<'_>) -> String {
        let pairs = [
            ("login_type", "CorpApp"),
            ("appid", self.corp_id()),
            ("agentid", self.agent_id()),
            ("redirect_uri", back.redirect_uri),
            ("state", back.state),
        ];
        page(base, SCAN, &pairs)
    }

    /// The member who came back with a code, by userid; none: somebody who is no member of the corporation.
    pub async fn member(&self, token: &SiteAccessToken, code: &OAuthCode) -> Result<Option<String>, Error> {
        let mut url = self.address(GET_USER_INFO);
        url.query_pairs_mut().append_pair("access_token", token.expose()).append_pair("code", code.expose());
        let answer = self.fetch.get(&url, API_BODY_CAP).await;
        read_member(&envelope::open(Platform::WeCom, GET_USER_INFO, answer)?)
    }
}

/// WeChat checks even the order (wechat-facts §1.4).
fn in_app(base: Option<&Url>, id: &str, agent: Option<&str>, back: Return<'_>) -> String {
    let mut pairs = vec![
        ("appid", id),
        ("redirect_uri", back.redirect_uri),
        ("response_type", "code"),
        ("scope", SCOPE),
        ("state", back.state),
    ];
    pairs.extend(agent.map(|agent| ("agentid", agent)));
    // By this fragment the client knows that it is meant.
    page(base, AUTHORIZE, &pairs) + "#wechat_redirect"
}

fn page(base: Option<&Url>, (own, path): (&str, &str), pairs: &[(&str, &str)]) -> String {
    let host = base.map_or(own, |base| base.as_str().trim_end_matches('/'));
    let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{host}/{path}?{query}")
}

fn read_grant(value: &Value) -> Result<OAuthGrant, Error> {
    let malformed = |what| Error::Malformed { endpoint: SNS_ACCESS_TOKEN, what };
    let token = text(value, "access_token").and_then(OAuthAccessToken::new);
    Ok(OAuthGrant {
        token: token.ok_or(malformed("access_token is no token"))?,
        open_id: id(value, "openid").ok_or(malformed("openid is no id"))?,
        is_snapshot: value.get("is_snapshotuser").and_then(Value::as_i64) == Some(1),
    })
}

/// The capitals are those of the call's predecessor, which some gateways still are.
fn read_member(value: &Value) -> Result<Option<String>, Error> {
    if let Some(user_id) = id(value, "userid").or_else(|| id(value, "UserId")) {
        return Ok(Some(user_id));
    }
    if id(value, "openid").or_else(|| id(value, "OpenId")).is_some() {
        return Ok(None);
    }
    Err(Error::Malformed { endpoint: GET_USER_INFO, what: "neither userid nor openid is an id" })
}

fn id(value: &Value, key: &str) -> Option<String> {
    let plausible =
        |id: &String| (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    text(value, key).filter(plausible)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::config::{Config, Overrides};
    use crate::fetch::Fetch;

    const BACK: Return<'_> =
        Return { redirect_uri: "https://news.example.cn/mp/admin/sign-in/wecom/callback", state: "5e7A" };

    fn accounts() -> (OfficialAccount, WeComAgent) {
        let environment: BTreeMap<String, String> = [
            ("WXPRESS_WECHAT__OFFICIAL__APP_ID", "wx1"),
            ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARY"),
            ("WXPRESS_WECHAT__WECOM__CORP_ID", "ww1"),
            ("WXPRESS_WECHAT__WECOM__CORP_SECRET", "CANARY"),
            ("WXPRESS_WECHAT__WECOM__AGENT_ID", "1000002"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let wechat = Config::from_sources(None, &environment, &Overrides::new()).unwrap().wechat;
        let fetch = Fetch::new(None).unwrap();
        (OfficialAccount::new(fetch.clone(), wechat.official.unwrap()), WeComAgent::new(fetch, wechat.wecom.unwrap()))
    }

    #[test]
    fn the_pages_are_the_documented_ones_to_the_letter() {
        let (official, wecom) = accounts();
        let uri = "redirect_uri=https%3A%2F%2Fnews.example.cn%2Fmp%2Fadmin%2Fsign-in%2Fwecom%2Fcallback";
        assert_eq!(
            official.authorize_page(None, BACK),
            format!(
                "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&{uri}&response_type=code\
                 &scope=snsapi_base&state=5e7A#wechat_redirect"
            )
        );
        assert_eq!(
            wecom.authorize_page(None, BACK),
            format!(
                "https://open.weixin.qq.com/connect/oauth2/authorize?appid=ww1&{uri}&response_type=code\
                 &scope=snsapi_base&state=5e7A&agentid=1000002#wechat_redirect"
            )
        );
        assert_eq!(
            wecom.scan_page(None, BACK),
            format!(
                "https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&appid=ww1&agentid=1000002\
                 &{uri}&state=5e7A"
            )
        );
        let here = Url::parse("http://127.0.0.1:9/").unwrap();
        let page = wecom.scan_page(Some(&here), BACK);
        assert!(page.starts_with("http://127.0.0.1:9/wwlogin/sso/login?"), "{page}");
        assert!(!format!("{official:?}{wecom:?}").contains("CANARY"));
    }

    #[test]
    fn a_grant_is_read_strictly() {
        let good = json!({ "access_token": "CANARY", "expires_in": 7200, "openid": "o6_x", "scope": "snsapi_base" });
        let grant = read_grant(&good).unwrap();
        assert_eq!((grant.open_id.as_str(), grant.is_snapshot), ("o6_x", false));
        assert!(!format!("{grant:?}").contains("CANARY"));
        let mut snapshot = good.clone();
        snapshot["is_snapshotuser"] = json!(1);
        assert!(read_grant(&snapshot).unwrap().is_snapshot);
        for (field, bad) in [
            ("openid", json!("")),
            ("openid", json!("a b")),
            ("openid", json!(7)),
            ("openid", json!("x".repeat(65))),
            ("openid", json!("<script>\u{202e}")),
            ("access_token", json!(null)),
        ] {
            let mut answer = good.clone();
            answer[field] = bad;
            assert!(matches!(read_grant(&answer), Err(Error::Malformed { .. })), "{answer}");
        }
    }

    #[test]
    fn a_member_is_told_from_an_outsider() {
        let read = |value: Value| read_member(&value).ok();
        assert_eq!(read(json!({ "errcode": 0, "userid": "WangWei" })), Some(Some("WangWei".to_owned())));
        assert_eq!(read(json!({ "errcode": 0, "UserId": "li@x" })), Some(Some("li@x".to_owned())));
        assert_eq!(read(json!({ "errcode": 0, "openid": "o1", "external_userid": "wm1" })), Some(None));
        assert_eq!(read(json!({ "errcode": 0 })), None);
        assert_eq!(read(json!({ "errcode": 0, "userid": "" })), None);
    }
}

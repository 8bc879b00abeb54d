//! Signing in: who holds the phone, the pages that ask, the codes that people come back with, and what those are good
//! for (wechat-facts §1.4, §1.5).

use std::collections::{BTreeSet, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use url::Url;

use super::calls::Call;
use super::corp::{AGENT_TICKET, CORP_TICKET};
use super::domain::{self, Strictness};
use super::ledger::random_text;
use super::official::GET_TICKET;
use super::refusal::Refusal;
use super::world::{ApiRequest, World};

/// `GET sns/oauth2/access_token`: a code for a person of an official account.
pub const SNS_ACCESS_TOKEN: &str = "/sns/oauth2/access_token";
/// `GET cgi-bin/auth/getuserinfo`: a code for a member of a corporation.
pub const GET_USER_INFO: &str = "/cgi-bin/auth/getuserinfo";
/// Its predecessor, which answers in capitals.
pub const OLD_USER_INFO: &str = "/cgi-bin/user/getuserinfo";
/// The page that asks inside WeChat and inside WeCom.
pub const AUTHORIZE: &str = "/connect/oauth2/authorize";
/// The page with a code to scan, of WeCom.
pub const SCAN: &str = "/wwlogin/sso/login";

/// Seconds that a code is good.
const CODE_LIFE: i64 = 300;
/// Codes and personal tokens that are remembered.
const REMEMBERED: usize = 512;

/// Who gave a code out.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Issuer {
    Official(String),
    /// Corporation and agent.
    Agent(String, String),
}

#[derive(Clone, Debug)]
struct Code {
    value: String,
    issuer: Issuer,
    person: String,
    since: i64,
    used: bool,
}

/// What WeChat knows about signing in.
#[derive(Clone, Debug, Default)]
pub(crate) struct OAuth {
    codes: VecDeque<Code>,
    /// Personal tokens that were handed out.
    tokens: VecDeque<String>,
    /// Who holds the phone; none: the page asks.
    pub(crate) holder: Option<String>,
    /// People who are no members of any corporation.
    pub(crate) outsiders: BTreeSet<String>,
    /// Pages are opened as snapshots, with a person who does not exist.
    pub(crate) snapshots: bool,
}

/// Somebody at one of the two pages.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) path: String,
    /// In the order in which they came: WeChat checks it.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) user_agent: String,
    /// Who they say they are, on the simulator's own page.
    pub(crate) person: Option<String>,
    pub(crate) denies: bool,
}

/// What the page does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Sends them back.
    Back(String),
    /// Asks who they are: only in the simulator, because a phone knows.
    Ask,
    /// Shows an error, from which nobody comes back.
    Refused(&'static str),
}

impl Visit {
    fn value(&self, name: &str) -> &str {
        self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn names(&self) -> Vec<&str> {
        self.query.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn is_in(&self, client: &str) -> bool {
        self.user_agent.to_ascii_lowercase().contains(client)
    }
}

/// By what id an official account knows a person: another for each account.
pub fn open_id(app_id: &str, person: &str) -> String {
    let digest = Sha1::digest(format!("{app_id} {person}").as_bytes());
    format!("o{}", URL_SAFE_NO_PAD.encode(digest))
}

impl World {
    /// Who holds the phone from now on; none: the page asks each time.
    pub fn hold(&mut self, person: Option<&str>) {
        self.oauth.holder = person.map(str::to_owned);
    }

    /// This person is no member of any corporation.
    pub fn add_outsider(&mut self, person: &str) {
        self.oauth.outsiders.insert(person.to_owned());
    }

    /// Pages are opened as snapshots from now on, or no more.
    pub fn show_snapshots(&mut self, on: bool) {
        self.oauth.snapshots = on;
    }

    /// Somebody opens one of the pages that ask.
    pub(crate) fn authorize(&mut self, visit: &Visit) -> Verdict {
        let verdict = self.judge_visit(visit);
        let outcome = match &verdict {
            Verdict::Back(_) if visit.denies => "denied",
            Verdict::Back(_) => "0",
            Verdict::Ask => "asked",
            Verdict::Refused(words) => words,
        };
        let account = Some(visit.value("appid").to_owned());
        let (at_ms, endpoint) = (self.clock.now_ms(), visit.path.clone());
        self.calls.begin(Call { at_ms, endpoint, account, outcome: outcome.to_owned() });
        self.calls.end(&visit.path);
        verdict
    }

    fn judge_visit(&mut self, visit: &Visit) -> Verdict {
        let issuer = match self.issuer(visit) {
            Ok(issuer) => issuer,
            Err(words) => return Verdict::Refused(words),
        };
        let state = visit.value("state");
        if state.len() > 128 || !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Verdict::Refused("state 参数错误");
        }
        let Ok(mut back) = Url::parse(visit.value("redirect_uri")) else {
            return Verdict::Refused("redirect_uri 参数错误");
        };
        if visit.denies {
            back.query_pairs_mut().append_pair("state", state);
            return Verdict::Back(back.into());
        }
        let Some(person) = visit.person.clone().or_else(|| self.oauth.holder.clone()) else { return Verdict::Ask };
        let code = self.hand_out(issuer, person);
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", state);
        Verdict::Back(back.into())
    }

    /// Whose page it is, if the address is right in every respect.
    fn issuer(&self, visit: &Visit) -> Result<Issuer, &'static str> {
        let (id, agent_id) = (visit.value("appid"), visit.value("agentid"));
        let redirect_uri = Url::parse(visit.value("redirect_uri")).map_err(|_unreadable| "redirect_uri 参数错误")?;
        let in_order: &[&[&str]] = if visit.path == SCAN {
            &[&["login_type", "appid", "agentid", "redirect_uri", "state"]]
        } else {
            let plain = &["appid", "redirect_uri", "response_type", "scope", "state"];
            &[plain, &["appid", "redirect_uri", "response_type", "scope", "state", "agentid"]]
        };
        if !in_order.contains(&visit.names().as_slice()) {
            return Err("该链接无法访问");
        }
        if let (Some(account), AUTHORIZE) = (self.officials.get(id), visit.path.as_str()) {
            if !visit.is_in("micromessenger") || visit.is_in("wxwork/") {
                return Err("请在微信客户端打开链接");
            }
            check_scope(visit)?;
            let strictness = if account.sandbox { Strictness::Sandbox } else { Strictness::Exact };
            return domain::covering(&account.oauth_domains, &redirect_uri, strictness)
                .map(|_bound| Issuer::Official(id.to_owned()))
                .ok_or("redirect_uri域名与后台配置不一致，错误码：10003");
        }
        let corp = self.corps.get(id).ok_or("appid 参数错误")?;
        let agent = corp.agents.get(agent_id).ok_or("agentid 参数错误")?;
        let domains = if visit.path == SCAN {
            (visit.value("login_type") == "CorpApp").then_some(&agent.login_domains).ok_or("login_type 参数错误")?
        } else {
            if !visit.is_in("micromessenger") {
                return Err("请在微信客户端打开链接");
            }
            check_scope(visit)?;
            &agent.domains
        };
        domain::covering(domains, &redirect_uri, Strictness::Exact)
            .map(|_bound| Issuer::Agent(id.to_owned(), agent_id.to_owned()))
            .ok_or("redirect_uri 与配置的授权完成回调域名不一致，错误码：50001")
    }

    fn hand_out(&mut self, issuer: Issuer, person: String) -> String {
        if self.oauth.codes.len() >= REMEMBERED {
            self.oauth.codes.pop_front();
        }
        let value = random_text(32);
        let since = self.clock.now();
        self.oauth.codes.push_back(Code { value: value.clone(), issuer, person, since, used: false });
        value
    }

    /// Uses a code up: whose it is, or why it is good for nothing: unknown or another's, used, too old.
    fn use_code(&mut self, value: &str, issuer: &Issuer, now: i64) -> Result<String, Refusal> {
        let code = self.oauth.codes.iter_mut().find(|code| code.value == value && code.issuer == *issuer);
        let code = code.ok_or(Refusal(40029))?;
        if code.used {
            return Err(Refusal(40163));
        }
        if now >= code.since.saturating_add(CODE_LIFE) {
            return Err(Refusal(42003));
        }
        code.used = true;
        Ok(code.person.clone())
    }

    pub(crate) fn sns_access_token(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        let app_id = request.need("appid", 41002)?;
        let secret = request.need("secret", 41004)?;
        let code = request.need("code", 41008)?;
        if request.value("grant_type") != Some("authorization_code") {
            return Err(Refusal(40002));
        }
        let account = self.officials.get(app_id).ok_or(Refusal(40013))?;
        if account.secret != secret {
            return Err(Refusal(40125));
        }
        let person = self.use_code(code, &Issuer::Official(app_id.to_owned()), now)?;
        let token = format!("87_{}", random_text(107));
        if self.oauth.tokens.len() >= REMEMBERED {
            self.oauth.tokens.pop_front();
        }
        self.oauth.tokens.push_back(token.clone());
        let mut answer = json!({
            "access_token": token, "expires_in": 7200, "refresh_token": format!("87_{}", random_text(107)),
            "openid": open_id(app_id, &person), "scope": "snsapi_base",
        });
        if let (true, Some(fields)) = (self.oauth.snapshots, answer.as_object_mut()) {
            fields.insert("is_snapshotuser".to_owned(), json!(1));
        }
        Ok(answer)
    }

    pub(crate) fn user_info(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        let (corp_id, agent_id) = self.agent_of(request.need("access_token", 41001)?, now)?;
        self.admit_to_agent(&corp_id, &agent_id, request.from)?;
        let code = request.need("code", 41008)?;
        // WeCom has one number for all of it (wechat-facts §1.5).
        let person = self.use_code(code, &Issuer::Agent(corp_id, agent_id), now).map_err(|_why| Refusal(40029))?;
        let (member, other) =
            if request.endpoint == OLD_USER_INFO { ("UserId", "OpenId") } else { ("userid", "openid") };
        Ok(if self.oauth.outsiders.contains(&person) {
            json!({ "errcode": 0, "errmsg": "ok", other: open_id("wecom", &person) })
        } else {
            json!({ "errcode": 0, "errmsg": "ok", member: person })
        })
    }

    /// Whether a call presents a token of another kind than the one it takes: one of WeChat's for WeCom, or a person's
    /// for the account.
    pub(crate) fn is_misplaced(&self, request: &ApiRequest) -> bool {
        let Some(token) = request.value("access_token") else { return false };
        let now = self.clock.now();
        let personal = self.oauth.tokens.iter().any(|known| known == token);
        let official = self.officials.values().any(|account| account.check_token(token, now).is_some());
        let agents = self.corps.values().any(|corp| corp.agent_of(token, now).is_some());
        match request.endpoint.as_str() {
            GET_TICKET => personal || agents,
            CORP_TICKET | AGENT_TICKET | GET_USER_INFO | OLD_USER_INFO => personal || official,
            // Nothing else takes one at all.
            _ => personal || official || agents,
        }
    }
}

fn check_scope(visit: &Visit) -> Result<(), &'static str> {
    if visit.value("response_type") != "code" {
        return Err("response_type 参数错误");
    }
    if visit.value("scope") == "snsapi_base" { Ok(()) } else { Err("scope 参数错误或没有 scope 权限") }
}

#[cfg(test)]
mod tests;

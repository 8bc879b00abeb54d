//! Everything WeChat knows: accounts, corporations, the time, the calls it saw and the faults to come.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::{Value, json};

use super::calls::{Call, Calls};
use super::clock::SimulatedClock;
use super::corp::{AGENT_TICKET, CORP_TICKET, Corp, GET_TOKEN};
use super::fault::{Fault, Faults, Script};
use super::oauth::{GET_USER_INFO, OAuth, OLD_USER_INFO, SNS_ACCESS_TOKEN};
use super::official::{GET_TICKET, OfficialAccount, STABLE_TOKEN, TOKEN};
use super::phone::Phones;
use super::refusal::{Asked, Platform, Refusal};
use super::token::Handed;

/// WeChat's side of the world.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub(crate) clock: SimulatedClock,
    pub(crate) officials: BTreeMap<String, OfficialAccount>,
    pub(crate) corps: BTreeMap<String, Corp>,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    /// The address that all callers seem to come from; none: their own.
    pub(crate) egress: Option<IpAddr>,
    pub(crate) phones: Phones,
    /// Seeds in base 32, by the name that the authenticator shows.
    pub(crate) authenticator: BTreeMap<String, String>,
    pub(crate) oauth: OAuth,
}

/// One call of the API, as it came over HTTP.
#[derive(Clone, Debug)]
pub(crate) struct ApiRequest {
    pub(crate) endpoint: String,
    pub(crate) is_post: bool,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) from: IpAddr,
}

impl ApiRequest {
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn need(&self, name: &str, missing: i64) -> Result<&str, Refusal> {
        self.value(name).ok_or(Refusal(missing))
    }

    fn platform(&self) -> Platform {
        if matches!(self.endpoint.as_str(), GET_TOKEN | CORP_TICKET | AGENT_TICKET | GET_USER_INFO | OLD_USER_INFO) {
            Platform::WeCom
        } else {
            Platform::Official
        }
    }
}

/// What goes back, and what happens to it on the way.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) body: Value,
    pub(crate) fault: Option<Fault>,
}

impl World {
    /// An empty world at the machine's time.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an official account.
    #[must_use]
    pub fn with_official(mut self, account: OfficialAccount) -> Self {
        self.officials.insert(account.app_id.clone(), account);
        self
    }

    /// Adds a corporation.
    #[must_use]
    pub fn with_corp(mut self, corp: Corp) -> Self {
        self.corps.insert(corp.id.clone(), corp);
        self
    }

    /// Feeds the authenticator on the phone.
    pub fn pair_authenticator(&mut self, name: &str, seed: &str) {
        self.authenticator.insert(name.to_owned(), seed.to_owned());
    }

    /// The clock, to move or stop it.
    pub fn clock(&mut self) -> &mut SimulatedClock {
        &mut self.clock
    }

    /// What was called so far.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Counts from zero again.
    pub fn reset_calls(&mut self) {
        self.calls.reset();
    }

    /// Scripts a fault for the next `times` calls of an endpoint; none: until cleared.
    pub fn add_fault(&mut self, endpoint: &str, fault: Fault, times: Option<u32>) {
        self.faults.add(Script { endpoint: endpoint.to_owned(), account: None, times, fault });
    }

    /// All is well again.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Scripted faults that no call has met yet.
    pub fn pending_faults(&self) -> &[Script] {
        self.faults.pending()
    }

    /// Another system calls `cgi-bin/token` with the same secret.
    pub fn rotate_classic_token(&mut self, app_id: &str) {
        let now = self.clock.now();
        if let Some(account) = self.officials.get_mut(app_id) {
            account.rotate_classic(now);
        }
    }

    /// Something is accepted no more. Of an official account: `classic`, `stable`, `jsapi`. Of a corporation:
    /// `corp-ticket`, `token:<agent>`, `ticket:<agent>`. False: there is no such thing.
    pub fn revoke(&mut self, account: &str, what: &str) -> bool {
        let now = self.clock.now();
        let official = self.officials.get_mut(account).is_some_and(|official| official.revoke(what, now));
        official || self.corps.get_mut(account).is_some_and(|corp| corp.revoke(what, now))
    }

    /// Receives a call: counts it, lets it meet its fault, and answers.
    pub(crate) fn receive(&mut self, request: &ApiRequest) -> Answer {
        let request = &ApiRequest { from: self.egress.unwrap_or(request.from), ..request.clone() };
        let asked = Asked { now: self.clock.now(), from: request.from };
        let account = self.account_of(request);
        self.calls.misplaced = self.calls.misplaced.saturating_add(u64::from(self.is_misplaced(request)));
        let fault = self.faults.take(&request.endpoint, account.as_deref());
        let body = match &fault {
            Some(Fault::Errcode { code, message }) => {
                Refusal(*code).body(request.platform(), asked, message.as_deref())
            }
            Some(fault) if !fault.reaches_the_account() => Value::Null,
            _ => self.answer(request).unwrap_or_else(|refusal| refusal.body(request.platform(), asked, None)),
        };
        let body = self.damaged(body, fault.as_ref(), request);
        let outcome = fault.as_ref().map_or_else(|| code_of(&body), Fault::label);
        let call = Call { at_ms: self.clock.now_ms(), endpoint: request.endpoint.clone(), account, outcome };
        self.calls.begin(call);
        Answer { body, fault }
    }

    fn damaged(&mut self, mut body: Value, fault: Option<&Fault>, request: &ApiRequest) -> Value {
        if fault == Some(&Fault::Revoked) {
            self.revoke_what_was_handed(request);
        }
        if let Some(fault) = fault {
            fault.damage(&mut body);
        }
        body
    }

    /// A path that does not exist, in WeChat's words.
    pub(crate) fn unknown(&mut self, from: IpAddr) -> Value {
        self.calls.unknown();
        Refusal(40066).body(Platform::Official, Asked { now: self.clock.now(), from }, None)
    }

    fn answer(&mut self, request: &ApiRequest) -> Result<Value, Refusal> {
        let now = self.clock.now();
        match request.endpoint.as_str() {
            TOKEN => self.classic_token(request, now),
            STABLE_TOKEN => self.stable_token(request, now),
            GET_TICKET => self.official_ticket(request, now),
            GET_TOKEN => self.corp_token(request, now),
            CORP_TICKET => self.corp_ticket(request, now),
            AGENT_TICKET => self.agent_ticket(request, now),
            SNS_ACCESS_TOKEN => self.sns_access_token(request, now),
            GET_USER_INFO | OLD_USER_INFO => self.user_info(request, now),
            _ => Err(Refusal(40066)),
        }
    }

    fn classic_token(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        check_grant(request.value("grant_type"))?;
        let app_id = request.need("appid", 41002)?;
        let secret = request.need("secret", 41004)?;
        let account = self.officials.get_mut(app_id).ok_or(Refusal(40013))?;
        account.fetch_classic(secret, request.from, now).map(bare_token)
    }

    fn stable_token(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        if !request.is_post {
            return Err(Refusal(43002));
        }
        if request.body.is_empty() {
            return Err(Refusal(44002));
        }
        let form: Value = serde_json::from_slice(&request.body).map_err(|_unparsable| Refusal(47001))?;
        let text = |name: &str| form.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
        check_grant(text("grant_type"))?;
        let app_id = text("appid").ok_or(Refusal(41002))?;
        let secret = text("secret").ok_or(Refusal(41004))?;
        let force = form.get("force_refresh").and_then(Value::as_bool).unwrap_or(false);
        let account = self.officials.get_mut(app_id).ok_or(Refusal(40013))?;
        account.fetch_stable(secret, request.from, now, force).map(bare_token)
    }

    fn official_ticket(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        let token = request.need("access_token", 41001)?;
        let app_id = self.official_of(token, now)?;
        let account = self.officials.get_mut(&app_id).ok_or(Refusal(40001))?;
        account.fetch_ticket(request.value("type").unwrap_or_default(), request.from, now).map(ticket)
    }

    fn corp_token(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        let corp_id = request.need("corpid", 41002)?;
        let secret = request.need("corpsecret", 41004)?;
        let corp = self.corps.get_mut(corp_id).ok_or(Refusal(40013))?;
        let handed = corp.fetch_token(secret, now)?;
        Ok(json!({
            "errcode": 0, "errmsg": "ok", "access_token": handed.value, "expires_in": handed.expires_in
        }))
    }

    fn corp_ticket(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        let (corp_id, agent_id) = self.agent_of(request.need("access_token", 41001)?, now)?;
        let corp = self.corps.get_mut(&corp_id).ok_or(Refusal(40013))?;
        corp.fetch_corp_ticket(&agent_id, request.from, now).map(ticket)
    }

    fn agent_ticket(&mut self, request: &ApiRequest, now: i64) -> Result<Value, Refusal> {
        let (corp_id, agent_id) = self.agent_of(request.need("access_token", 41001)?, now)?;
        let corp = self.corps.get_mut(&corp_id).ok_or(Refusal(40013))?;
        let kind = request.value("type").unwrap_or_default();
        corp.fetch_agent_ticket(&agent_id, kind, request.from, now).map(ticket)
    }

    fn official_of(&self, token: &str, now: i64) -> Result<String, Refusal> {
        let malformed = token.len() < 16 || !token.bytes().all(|byte| byte.is_ascii_graphic());
        self.officials
            .values()
            .find_map(|account| account.check_token(token, now).map(|checked| checked.map(|()| account.app_id.clone())))
            .unwrap_or(Err(Refusal(if malformed { 40014 } else { 40001 })))
    }

    pub(crate) fn agent_of(&self, token: &str, now: i64) -> Result<(String, String), Refusal> {
        self.corps
            .values()
            .find_map(|corp| corp.agent_of(token, now).map(|found| found.map(|agent| (corp.id.clone(), agent))))
            .unwrap_or(Err(Refusal(40014)))
    }

    /// Whether a call to this agent may come from there.
    pub(crate) fn admit_to_agent(&self, corp_id: &str, agent_id: &str, from: IpAddr) -> Result<(), Refusal> {
        let agent = self.corps.get(corp_id).and_then(|corp| corp.agents.get(agent_id));
        agent.ok_or(Refusal(40056))?.admit(from)
    }

    /// Whose call it is, as far as that is clear before it is answered.
    fn account_of(&self, request: &ApiRequest) -> Option<String> {
        let now = self.clock.now();
        let named = request.value("appid").or_else(|| request.value("corpid")).map(str::to_owned);
        let in_body = || {
            let form: Value = serde_json::from_slice(&request.body).ok()?;
            Some(form.get("appid")?.as_str()?.to_owned())
        };
        let by_token = || {
            let token = request.value("access_token")?;
            let official = self.official_of(token, now).ok();
            official.or_else(|| self.agent_of(token, now).ok().map(|(corp_id, _)| corp_id))
        };
        named.or_else(in_body).or_else(by_token)
    }

    fn revoke_what_was_handed(&mut self, request: &ApiRequest) {
        let Some(account) = self.account_of(request) else { return };
        let now = self.clock.now();
        let agent = request.value("access_token").and_then(|token| self.agent_of(token, now).ok());
        let what = match (request.endpoint.as_str(), agent) {
            (TOKEN, _) => "classic".to_owned(),
            (STABLE_TOKEN, _) => "stable".to_owned(),
            (GET_TICKET, _) => "jsapi".to_owned(),
            (CORP_TICKET, _) => "corp-ticket".to_owned(),
            (AGENT_TICKET, Some((_, agent))) => format!("ticket:{agent}"),
            _ => self.agent_with_secret(&account, request).unwrap_or_default(),
        };
        self.revoke(&account, &what);
    }

    fn agent_with_secret(&self, corp_id: &str, request: &ApiRequest) -> Option<String> {
        let secret = request.value("corpsecret")?;
        let corp = self.corps.get(corp_id)?;
        corp.agents.values().find(|agent| agent.secret == secret).map(|agent| format!("token:{}", agent.id))
    }
}

fn check_grant(grant_type: Option<&str>) -> Result<(), Refusal> {
    if grant_type == Some("client_credential") { Ok(()) } else { Err(Refusal(40002)) }
}

/// An official token comes without an errcode.
fn bare_token(handed: Handed) -> Value {
    json!({ "access_token": handed.value, "expires_in": handed.expires_in })
}

fn ticket(handed: Handed) -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "ticket": handed.value, "expires_in": handed.expires_in })
}

fn code_of(body: &Value) -> String {
    body.get("errcode").and_then(Value::as_i64).unwrap_or(0).to_string()
}

#[cfg(test)]
mod tests;

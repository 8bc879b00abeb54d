//! Changes that a person makes in the consoles of WeChat and WeCom, or that happen to an account.
//!
//! Only the fields that are given change. A whitelist of `null` cannot be told from an absent one, so `any_ip`
//! takes it away.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde::Deserialize;

use super::corp::Agent;
use super::limit::Limit;
use super::official::OfficialAccount;
use super::ticket::TicketPolicy;
use super::world::World;

/// For an official account.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OfficialChange {
    secret: Option<String>,
    js_domains: Option<Vec<String>>,
    oauth_domains: Option<Vec<String>>,
    ip_whitelist: Option<BTreeSet<IpAddr>>,
    any_ip: bool,
    verified: Option<bool>,
    sandbox: Option<bool>,
    token_life: Option<i64>,
    ticket_life: Option<i64>,
    ticket_policy: Option<TicketPolicy>,
    limits: BTreeMap<String, Limit>,
    /// Another system fetches a classic token.
    rotate: bool,
    revoke: Vec<String>,
}

impl OfficialChange {
    /// An account that is not there yet is made, if a secret is given.
    pub(crate) fn apply(self, world: &mut World, app_id: &str) -> Result<(), String> {
        if let (false, Some(secret)) = (world.officials.contains_key(app_id), &self.secret) {
            world.officials.insert(app_id.to_owned(), OfficialAccount::new(app_id, secret));
        }
        if self.rotate {
            world.rotate_classic_token(app_id);
        }
        for what in &self.revoke {
            if !world.revoke(app_id, what) {
                return Err(format!("{app_id} holds no {what}"));
            }
        }
        let account = world.officials.get_mut(app_id).ok_or_else(|| format!("no official account {app_id}"))?;
        self.write(account);
        Ok(())
    }

    fn write(self, account: &mut OfficialAccount) {
        replace(&mut account.secret, self.secret);
        replace(&mut account.js_domains, self.js_domains);
        replace(&mut account.oauth_domains, self.oauth_domains);
        replace(&mut account.verified, self.verified);
        replace(&mut account.sandbox, self.sandbox);
        replace(&mut account.token_life, self.token_life);
        replace(&mut account.ticket_life, self.ticket_life);
        replace(&mut account.ticket_policy, self.ticket_policy);
        replace_whitelist(&mut account.ip_whitelist, self.ip_whitelist, self.any_ip);
        account.limits.extend(self.limits);
    }
}

/// For a corporation.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CorpChange {
    verified: Option<bool>,
    large: Option<bool>,
    ticket_life: Option<i64>,
    ticket_policy: Option<TicketPolicy>,
    revoke: Vec<String>,
}

impl CorpChange {
    pub(crate) fn apply(self, world: &mut World, corp_id: &str) -> Result<(), String> {
        for what in &self.revoke {
            if !world.revoke(corp_id, what) {
                return Err(format!("{corp_id} holds no {what}"));
            }
        }
        let corp = world.corps.get_mut(corp_id).ok_or_else(|| format!("no corporation {corp_id}"))?;
        replace(&mut corp.verified, self.verified);
        replace(&mut corp.large, self.large);
        replace(&mut corp.ticket_life, self.ticket_life);
        replace(&mut corp.ticket_policy, self.ticket_policy);
        Ok(())
    }
}

/// For an agent.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AgentChange {
    secret: Option<String>,
    domains: Option<Vec<String>>,
    login_domains: Option<Vec<String>>,
    ip_whitelist: Option<BTreeSet<IpAddr>>,
    any_ip: bool,
    token_life: Option<i64>,
    limits: BTreeMap<String, Limit>,
}

impl AgentChange {
    /// An agent that is not there yet is made, if a secret is given.
    pub(crate) fn apply(self, world: &mut World, corp_id: &str, agent_id: &str) -> Result<(), String> {
        let corp = world.corps.get_mut(corp_id).ok_or_else(|| format!("no corporation {corp_id}"))?;
        if let (false, Some(secret)) = (corp.agents.contains_key(agent_id), &self.secret) {
            corp.agents.insert(agent_id.to_owned(), Agent::new(agent_id, secret));
        }
        let agent = corp.agents.get_mut(agent_id).ok_or_else(|| format!("{corp_id} has no agent {agent_id}"))?;
        replace(&mut agent.secret, self.secret);
        replace(&mut agent.domains, self.domains);
        replace(&mut agent.login_domains, self.login_domains);
        replace(&mut agent.token_life, self.token_life);
        replace_whitelist(&mut agent.ip_whitelist, self.ip_whitelist, self.any_ip);
        agent.limits.extend(self.limits);
        Ok(())
    }
}

fn replace<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn replace_whitelist(slot: &mut Option<BTreeSet<IpAddr>>, list: Option<BTreeSet<IpAddr>>, any_ip: bool) {
    if any_ip {
        *slot = None;
    } else if list.is_some() {
        *slot = list;
    }
}

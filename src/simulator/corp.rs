//! A corporation in WeCom (企业微信): its agents, each with its own secret, token and ticket.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::ledger::{Ledger, Standing, random_text};
use super::limit::{Exceeded, Limit, Meter};
use super::refusal::Refusal;
use super::ticket::{TicketPolicy, Tickets};
use super::token::Handed;

/// `GET cgi-bin/gettoken`.
pub const GET_TOKEN: &str = "/cgi-bin/gettoken";
/// `GET cgi-bin/get_jsapi_ticket`: the corporation's ticket, for `wx.config`.
pub const CORP_TICKET: &str = "/cgi-bin/get_jsapi_ticket";
/// `GET cgi-bin/ticket/get?type=agent_config`: the agent's ticket, for `wx.agentConfig`.
pub const AGENT_TICKET: &str = "/cgi-bin/ticket/get";

/// A corporation.
#[derive(Clone, Debug)]
pub struct Corp {
    pub(crate) id: String,
    pub(crate) verified: bool,
    /// Verified and with more than 200 active members: only then do its pages share in WeChat too.
    pub(crate) large: bool,
    pub(crate) agents: BTreeMap<String, Agent>,
    pub(crate) ticket: Tickets,
    pub(crate) ticket_life: i64,
    pub(crate) ticket_policy: TicketPolicy,
    pub(crate) hourly_corp_tickets: Limit,
    pub(crate) meter: Meter,
}

/// A self-built application (自建应用) of a corporation.
#[derive(Clone, Debug)]
pub struct Agent {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) domains: Vec<String>,
    pub(crate) login_domains: Vec<String>,
    pub(crate) ip_whitelist: Option<BTreeSet<IpAddr>>,
    pub(crate) token_life: i64,
    pub(crate) limits: BTreeMap<String, Limit>,
    pub(crate) meters: BTreeMap<String, Meter>,
    pub(crate) token: Ledger,
    pub(crate) ticket: Tickets,
}

impl Corp {
    /// A verified corporation without agents.
    pub fn new(corp_id: impl Into<String>) -> Self {
        Self {
            id: corp_id.into(),
            verified: true,
            large: false,
            agents: BTreeMap::new(),
            ticket: Tickets::default(),
            ticket_life: 7200,
            ticket_policy: TicketPolicy::default(),
            hourly_corp_tickets: Limit::per_hour(400),
            meter: Meter::default(),
        }
    }

    /// Adds an agent.
    #[must_use]
    pub fn with_agent(mut self, agent: Agent) -> Self {
        self.agents.insert(agent.id.clone(), agent);
        self
    }

    /// What a repeated call for a ticket returns.
    #[must_use]
    pub fn with_ticket_policy(mut self, policy: TicketPolicy) -> Self {
        self.ticket_policy = policy;
        self
    }

    /// One token per agent; a repeated call returns the same one.
    pub(crate) fn fetch_token(&mut self, secret: &str, now: i64) -> Result<Handed, Refusal> {
        let agent = self.agents.values_mut().find(|agent| agent.secret == secret).ok_or(Refusal(40001))?;
        agent.count(GET_TOKEN, now)?;
        Ok(match agent.token.current(now) {
            Some(current) => Handed::of(current, now),
            None => Handed::of(&agent.token.issue(random_text(214), now, agent.token_life), now),
        })
    }

    /// The agent that a token belongs to; none: the token is nobody's here.
    pub(crate) fn agent_of(&self, token: &str, now: i64) -> Option<Result<String, Refusal>> {
        self.agents.values().find_map(|agent| match agent.token.standing(token, now) {
            Standing::Unknown => None,
            Standing::Usable => Some(Ok(agent.id.clone())),
            Standing::Expired => Some(Err(Refusal(42001))),
            Standing::Dead => Some(Err(Refusal(40014))),
        })
    }

    /// The ticket for `wx.config`, the same for every agent.
    pub(crate) fn fetch_corp_ticket(&mut self, agent_id: &str, from: IpAddr, now: i64) -> Result<Handed, Refusal> {
        let agent = self.agents.get_mut(agent_id).ok_or(Refusal(40056))?;
        agent.admit(from)?;
        agent.count(CORP_TICKET, now)?;
        self.meter.take(now, self.hourly_corp_tickets).map_err(over_limit)?;
        Ok(self.ticket.fetch(now, self.ticket_life, self.ticket_policy))
    }

    /// The ticket for `wx.agentConfig`.
    pub(crate) fn fetch_agent_ticket(
        &mut self,
        agent_id: &str,
        kind: &str,
        from: IpAddr,
        now: i64,
    ) -> Result<Handed, Refusal> {
        let agent = self.agents.get_mut(agent_id).ok_or(Refusal(40056))?;
        agent.admit(from)?;
        if kind != "agent_config" {
            return Err(Refusal(91040));
        }
        agent.count(AGENT_TICKET, now)?;
        Ok(agent.ticket.fetch(now, self.ticket_life, self.ticket_policy))
    }

    /// Every trusted domain of every agent: the corporation's ticket does not say which agent signs.
    pub(crate) fn domains(&self) -> Vec<String> {
        self.agents.values().flat_map(|agent| agent.domains.iter().cloned()).collect()
    }

    /// `corp-ticket`, `token:<agent>` or `ticket:<agent>` is accepted no more.
    pub(crate) fn revoke(&mut self, what: &str, now: i64) -> bool {
        if what == "corp-ticket" {
            self.ticket.revoke(now);
            return true;
        }
        let Some((kind, agent_id)) = what.split_once(':') else { return false };
        let Some(agent) = self.agents.get_mut(agent_id) else { return false };
        match kind {
            "token" => agent.token.end_all(now),
            "ticket" => agent.ticket.revoke(now),
            _ => return false,
        }
        true
    }
}

impl Agent {
    /// An agent without trusted domains that may be called from anywhere.
    pub fn new(agent_id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            id: agent_id.into(),
            secret: secret.into(),
            domains: Vec::new(),
            login_domains: Vec::new(),
            ip_whitelist: None,
            token_life: 7200,
            limits: BTreeMap::from([
                (CORP_TICKET.to_owned(), Limit::per_hour(100)),
                (AGENT_TICKET.to_owned(), Limit::per_hour(100)),
            ]),
            meters: BTreeMap::new(),
            token: Ledger::default(),
            ticket: Tickets::default(),
        }
    }

    /// Adds a trusted domain (可信域名): a host, with its port unless it is the scheme's own.
    #[must_use]
    pub fn with_domain(mut self, domain: impl Into<String>) -> Self {
        self.domains.push(domain.into());
        self
    }

    /// Adds a domain to which people return who scanned (企业微信授权登录 → 授权回调域).
    #[must_use]
    pub fn with_login_domain(mut self, domain: impl Into<String>) -> Self {
        self.login_domains.push(domain.into());
        self
    }

    /// Only these addresses (企业可信IP) may use the agent's token.
    #[must_use]
    pub fn with_ip_whitelist(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.ip_whitelist = Some(addresses.into_iter().collect());
        self
    }

    /// How often one endpoint may be called.
    #[must_use]
    pub fn with_limit(mut self, endpoint: &str, limit: Limit) -> Self {
        self.limits.insert(endpoint.to_owned(), limit);
        self
    }

    pub(crate) fn admit(&self, from: IpAddr) -> Result<(), Refusal> {
        match &self.ip_whitelist {
            Some(allowed) if !allowed.contains(&from) => Err(Refusal(60020)),
            _ => Ok(()),
        }
    }

    fn count(&mut self, endpoint: &str, now: i64) -> Result<(), Refusal> {
        let limit = self.limits.get(endpoint).copied().unwrap_or_default();
        self.meters.entry(endpoint.to_owned()).or_default().take(now, limit).map_err(over_limit)
    }
}

fn over_limit(exceeded: Exceeded) -> Refusal {
    match exceeded {
        Exceeded::Minute | Exceeded::Long => Refusal(45009),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn corp() -> Corp {
        Corp::new("ww1").with_agent(Agent::new("1000002", "two")).with_agent(Agent::new("1000003", "three"))
    }

    #[test]
    fn a_repeated_call_returns_the_same_token_and_agents_do_not_share_one() {
        let mut corp = corp();
        let two = corp.fetch_token("two", 0).unwrap();
        assert_eq!(corp.fetch_token("two", 7000).unwrap(), Handed { value: two.value.clone(), expires_in: 200 });
        assert_ne!(corp.fetch_token("three", 0).unwrap().value, two.value);
        assert_eq!(corp.fetch_token("four", 0), Err(Refusal(40001)));
        assert_eq!(corp.agent_of(&two.value, 10), Some(Ok("1000002".to_owned())));
        assert_eq!(corp.agent_of(&two.value, 7200), Some(Err(Refusal(42001))));
    }

    #[test]
    fn the_corporation_has_one_ticket_and_each_agent_its_own() {
        let mut corp = corp();
        let one = corp.fetch_corp_ticket("1000002", HERE, 0).unwrap();
        assert_eq!(corp.fetch_corp_ticket("1000003", HERE, 0).unwrap(), one);
        let two = corp.fetch_agent_ticket("1000002", "agent_config", HERE, 0).unwrap();
        let three = corp.fetch_agent_ticket("1000003", "agent_config", HERE, 0).unwrap();
        assert!(one.value != two.value && two.value != three.value);
        assert_eq!(corp.fetch_agent_ticket("1000002", "jsapi", HERE, 0), Err(Refusal(91040)));
    }

    #[test]
    fn a_hundred_tickets_an_hour() {
        let mut corp = corp();
        for _ in 0..100 {
            assert!(corp.fetch_agent_ticket("1000002", "agent_config", HERE, 0).is_ok());
        }
        assert_eq!(corp.fetch_agent_ticket("1000002", "agent_config", HERE, 0), Err(Refusal(45009)));
        assert!(corp.fetch_agent_ticket("1000002", "agent_config", HERE, 3600).is_ok());
    }

    #[test]
    fn the_token_may_be_fetched_from_anywhere_but_used_only_from_trusted_addresses() {
        let agent = Agent::new("1", "s").with_ip_whitelist(["10.0.0.1".parse().unwrap()]);
        let mut corp = Corp::new("ww1").with_agent(agent);
        assert!(corp.fetch_token("s", 0).is_ok());
        assert_eq!(corp.fetch_corp_ticket("1", HERE, 0), Err(Refusal(60020)));
    }
}

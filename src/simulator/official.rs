//! An official account (公众号) as WeChat keeps it: settings of its console, tokens, tickets, quotas.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::domain::Strictness;
use super::ledger::Standing;
use super::limit::{Exceeded, Limit, Meter};
use super::refusal::Refusal;
use super::ticket::{TicketPolicy, Tickets};
use super::token::{ClassicToken, Handed, StableToken, standing};

/// `GET cgi-bin/token`.
pub const TOKEN: &str = "/cgi-bin/token";
/// `POST cgi-bin/stable_token`.
pub const STABLE_TOKEN: &str = "/cgi-bin/stable_token";
/// `GET cgi-bin/ticket/getticket`.
pub const GET_TICKET: &str = "/cgi-bin/ticket/getticket";

/// An official account.
#[derive(Clone, Debug)]
pub struct OfficialAccount {
    pub(crate) app_id: String,
    pub(crate) secret: String,
    pub(crate) ip_whitelist: Option<BTreeSet<IpAddr>>,
    pub(crate) verified: bool,
    pub(crate) sandbox: bool,
    pub(crate) js_domains: Vec<String>,
    pub(crate) oauth_domains: Vec<String>,
    pub(crate) token_life: i64,
    pub(crate) ticket_life: i64,
    pub(crate) ticket_policy: TicketPolicy,
    pub(crate) limits: BTreeMap<String, Limit>,
    pub(crate) meters: BTreeMap<String, Meter>,
    pub(crate) classic: ClassicToken,
    pub(crate) stable: StableToken,
    pub(crate) tickets: BTreeMap<String, Tickets>,
}

impl OfficialAccount {
    /// A verified account without an IP whitelist, with a new account's quotas and no safe domain.
    pub fn new(app_id: impl Into<String>, secret: impl Into<String>) -> Self {
        let per_minute = Limit { minute: Some(10_000), ..Limit::per_day(500_000) };
        Self {
            app_id: app_id.into(),
            secret: secret.into(),
            ip_whitelist: None,
            verified: true,
            sandbox: false,
            js_domains: Vec::new(),
            oauth_domains: Vec::new(),
            token_life: 7200,
            ticket_life: 7200,
            ticket_policy: TicketPolicy::default(),
            limits: BTreeMap::from([
                (TOKEN.to_owned(), Limit::per_day(2000)),
                (STABLE_TOKEN.to_owned(), per_minute),
                (GET_TICKET.to_owned(), Limit::per_day(1_000_000)),
            ]),
            meters: BTreeMap::new(),
            classic: ClassicToken::default(),
            stable: StableToken::default(),
            tickets: BTreeMap::new(),
        }
    }

    /// Adds a safe domain as typed into the console: a host, or host/path.
    #[must_use]
    pub fn with_js_domain(mut self, domain: impl Into<String>) -> Self {
        self.js_domains.push(domain.into());
        self
    }

    /// Adds a domain to which people return who said who they are (网页授权域名).
    #[must_use]
    pub fn with_oauth_domain(mut self, domain: impl Into<String>) -> Self {
        self.oauth_domains.push(domain.into());
        self
    }

    /// A test account (测试号): its safe domains may be IPs and carry ports.
    #[must_use]
    pub fn sandbox(mut self) -> Self {
        self.sandbox = true;
        self
    }

    /// An account without verification: its pages may not share.
    #[must_use]
    pub fn unverified(mut self) -> Self {
        self.verified = false;
        self
    }

    /// Only these addresses may call the API.
    #[must_use]
    pub fn with_ip_whitelist(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.ip_whitelist = Some(addresses.into_iter().collect());
        self
    }

    /// What a repeated call for a ticket returns.
    #[must_use]
    pub fn with_ticket_policy(mut self, policy: TicketPolicy) -> Self {
        self.ticket_policy = policy;
        self
    }

    /// How often one endpoint may be called.
    #[must_use]
    pub fn with_limit(mut self, endpoint: &str, limit: Limit) -> Self {
        self.limits.insert(endpoint.to_owned(), limit);
        self
    }

    pub(crate) fn strictness(&self) -> Strictness {
        if self.sandbox { Strictness::Sandbox } else { Strictness::Official }
    }

    pub(crate) fn fetch_classic(&mut self, secret: &str, from: IpAddr, now: i64) -> Result<Handed, Refusal> {
        self.admit(secret, from, now, TOKEN)?;
        Ok(self.classic.fetch(now, self.token_life))
    }

    pub(crate) fn fetch_stable(
        &mut self,
        secret: &str,
        from: IpAddr,
        now: i64,
        force: bool,
    ) -> Result<Handed, Refusal> {
        self.admit(secret, from, now, STABLE_TOKEN)?;
        if force {
            return self.stable.force(now, self.token_life).ok_or(Refusal(45009));
        }
        Ok(self.stable.fetch(now, self.token_life))
    }

    pub(crate) fn fetch_ticket(&mut self, kind: &str, from: IpAddr, now: i64) -> Result<Handed, Refusal> {
        self.admit_address(from)?;
        self.count(GET_TICKET, now)?;
        if !matches!(kind, "jsapi" | "wx_card") {
            return Err(Refusal(40097));
        }
        let tickets = self.tickets.entry(kind.to_owned()).or_default();
        Ok(tickets.fetch(now, self.ticket_life, self.ticket_policy))
    }

    /// How a token stands with this account; WeChat's answer to each but a usable one.
    pub(crate) fn check_token(&self, token: &str, now: i64) -> Option<Result<(), Refusal>> {
        match standing(&self.classic, &self.stable, token, now) {
            Standing::Unknown => None,
            Standing::Usable => Some(Ok(())),
            Standing::Expired => Some(Err(Refusal(42001))),
            Standing::Dead => Some(Err(Refusal(40001))),
        }
    }

    /// The tickets that a page of this account may have been signed with.
    pub(crate) fn live_tickets(&self, now: i64) -> Vec<&str> {
        self.tickets.get("jsapi").map(|tickets| tickets.usable(now).collect()).unwrap_or_default()
    }

    /// As when another system calls `cgi-bin/token` with the same secret.
    pub(crate) fn rotate_classic(&mut self, now: i64) {
        self.classic.fetch(now, self.token_life);
    }

    /// Nothing of this kind is accepted any more: `classic`, `stable`, or a ticket's type.
    pub(crate) fn revoke(&mut self, what: &str, now: i64) -> bool {
        match what {
            "classic" => self.classic.revoke(now),
            "stable" => self.stable.revoke(now),
            kind => match self.tickets.get_mut(kind) {
                Some(tickets) => tickets.revoke(now),
                None => return false,
            },
        }
        true
    }

    fn admit(&mut self, secret: &str, from: IpAddr, now: i64, endpoint: &str) -> Result<(), Refusal> {
        if secret != self.secret {
            return Err(Refusal(40125));
        }
        self.admit_address(from)?;
        self.count(endpoint, now)
    }

    fn admit_address(&self, from: IpAddr) -> Result<(), Refusal> {
        match &self.ip_whitelist {
            Some(allowed) if !allowed.contains(&from) => Err(Refusal(40164)),
            _ => Ok(()),
        }
    }

    fn count(&mut self, endpoint: &str, now: i64) -> Result<(), Refusal> {
        let limit = self.limits.get(endpoint).copied().unwrap_or_default();
        let meter = self.meters.entry(endpoint.to_owned()).or_default();
        meter.take(now, limit).map_err(|exceeded| match exceeded {
            Exceeded::Minute => Refusal(45011),
            Exceeded::Long => Refusal(45009),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_wrong_secret_is_told_before_a_wrong_address() {
        let mut account = OfficialAccount::new("wx1", "right").with_ip_whitelist(["10.0.0.1".parse().unwrap()]);
        assert_eq!(account.fetch_classic("wrong", HERE, 0), Err(Refusal(40125)));
        assert_eq!(account.fetch_classic("right", HERE, 0), Err(Refusal(40164)));
        assert!(account.fetch_classic("right", "10.0.0.1".parse().unwrap(), 0).is_ok());
    }

    #[test]
    fn a_used_up_quota_is_45009_and_the_token_before_it_still_works() {
        let mut account = OfficialAccount::new("wx1", "s").with_limit(TOKEN, Limit::per_day(1));
        let token = account.fetch_classic("s", HERE, 0).unwrap();
        assert_eq!(account.fetch_classic("s", HERE, 1), Err(Refusal(45009)));
        assert_eq!(account.check_token(&token.value, 2), Some(Ok(())));
    }

    #[test]
    fn a_rotated_token_answers_40001_after_the_overlap_and_an_old_one_42001() {
        let mut account = OfficialAccount::new("wx1", "s");
        let token = account.fetch_classic("s", HERE, 0).unwrap();
        account.rotate_classic(100);
        assert_eq!(account.check_token(&token.value, 399), Some(Ok(())));
        assert_eq!(account.check_token(&token.value, 400), Some(Err(Refusal(40001))));
        assert_eq!(account.check_token(&token.value, 7200), Some(Err(Refusal(42001))));
    }

    #[test]
    fn only_two_types_of_ticket_exist() {
        let mut account = OfficialAccount::new("wx1", "s");
        assert!(account.fetch_ticket("jsapi", HERE, 0).is_ok());
        assert_eq!(account.fetch_ticket("agent_config", HERE, 0), Err(Refusal(40097)));
    }
}

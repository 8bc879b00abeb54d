//! What the client decides about a page: is this account allowed to speak for this address?

use url::Url;

use super::domain::{self, Strictness};
use super::signature::Claim;
use super::world::World;

pub(crate) use super::refusal::Platform;
use super::refusal::more_info;

/// Why a page was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The id is no account's, or another platform's.
    UnknownAccount(Platform),
    /// The page's host is not among the account's domains.
    Domain(Platform),
    /// Made with another ticket, for another address, or with a mistake.
    Signature(Platform),
    /// An agent's claim made with another agent's ticket, or the corporation's.
    ForeignTicket,
}

impl Refused {
    /// The words after `config:` or `agentConfig:` (wechat-facts §2.3).
    pub(crate) fn words(self) -> String {
        match self {
            Self::UnknownAccount(Platform::Official) => "invalid appid".to_owned(),
            Self::UnknownAccount(Platform::WeCom) => with_link("invalid corpId", 40013),
            Self::Domain(Platform::Official) => "invalid url domain".to_owned(),
            Self::Domain(Platform::WeCom) => with_link("not match any reliable domain.", 80001),
            Self::Signature(Platform::Official) => "invalid signature".to_owned(),
            Self::Signature(Platform::WeCom) => with_link("invalid signature", 40093),
            Self::ForeignTicket => with_link("jsapi_ticket expired", 42012),
        }
    }
}

fn with_link(words: &str, code: i64) -> String {
    format!("{words} more info at {}", more_info(code))
}

/// What an accepted page may do and where its cards may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// The entry of the console under which the page lies.
    pub(crate) domain: String,
    pub(crate) strictness: Strictness,
    /// Whether the account may use the share calls at all.
    pub(crate) may_share: bool,
}

impl Admitted {
    /// A card may lead only where the page itself is bound (wechat-facts §4.1).
    pub(crate) fn covers(&self, link: &str) -> bool {
        Url::parse(link).is_ok_and(|link| domain::covers(&self.domain, &link, self.strictness))
    }
}

/// Judges the values of `wx.config` as a client of this platform does. WeCom knows corporations only; WeChat
/// also lets a corporation's page in, but only a large one's may share there (wechat-facts §5.6).
pub(crate) fn config(
    world: &World,
    client: Platform,
    account: &str,
    claim: &Claim,
    address: &str,
) -> Result<Admitted, Refused> {
    let known = account_of(world, client, account).ok_or(Refused::UnknownAccount(client))?;
    let page = Url::parse(address).map_err(|_unreadable| Refused::Domain(client))?;
    let domain = domain::covering(&known.domains, &page, known.strictness);
    let domain = domain.ok_or(Refused::Domain(client))?.to_owned();
    if !known.tickets.iter().any(|ticket| claim.holds(ticket, address)) {
        return Err(Refused::Signature(client));
    }
    Ok(Admitted { domain, strictness: known.strictness, may_share: known.may_share })
}

struct Known<'a> {
    domains: Vec<String>,
    strictness: Strictness,
    tickets: Vec<&'a str>,
    may_share: bool,
}

fn account_of<'a>(world: &'a World, client: Platform, account: &str) -> Option<Known<'a>> {
    let now = world.clock.now();
    let official = world.officials.get(account).filter(|_| client == Platform::Official);
    if let Some(official) = official {
        return Some(Known {
            domains: official.js_domains.clone(),
            strictness: official.strictness(),
            tickets: official.live_tickets(now),
            may_share: official.verified,
        });
    }
    world.corps.get(account).map(|corp| Known {
        domains: corp.domains(),
        strictness: Strictness::Exact,
        tickets: corp.ticket.usable(now).collect(),
        may_share: client == Platform::WeCom || (corp.verified && corp.large),
    })
}

/// Judges the values of `wx.agentConfig`; `ids` are the corporation's and the agent's.
pub(crate) fn agent_config(
    world: &World,
    ids: (&str, &str),
    claim: &Claim,
    address: &str,
) -> Result<Admitted, Refused> {
    let now = world.clock.now();
    let (corp_id, agent_id) = ids;
    let refused = Refused::UnknownAccount(Platform::WeCom);
    let corp = world.corps.get(corp_id).ok_or(refused)?;
    let agent = corp.agents.get(agent_id).ok_or(refused)?;
    let page = Url::parse(address).map_err(|_unreadable| Refused::Domain(Platform::WeCom))?;
    let domain = domain::covering(&agent.domains, &page, Strictness::Exact);
    let domain = domain.ok_or(Refused::Domain(Platform::WeCom))?.to_owned();
    if agent.ticket.usable(now).any(|ticket| claim.holds(ticket, address)) {
        return Ok(Admitted { domain, strictness: Strictness::Exact, may_share: true });
    }
    let others = corp.agents.values().flat_map(|other| other.ticket.usable(now));
    if others.chain(corp.ticket.usable(now)).any(|ticket| claim.holds(ticket, address)) {
        return Err(Refused::ForeignTicket);
    }
    Err(Refused::Signature(Platform::WeCom))
}

#[cfg(test)]
mod tests;

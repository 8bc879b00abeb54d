//! The world as its control surface prints it. Secrets, tokens and tickets appear as fingerprints only.

use std::collections::BTreeMap;

use serde::Serialize;

use super::calls::Calls;
use super::corp::{Agent, Corp};
use super::fault::Script;
use super::ledger::Ledger;
use super::official::OfficialAccount;
use super::signature::fingerprint;
use super::ticket::TicketPolicy;
use super::world::World;

/// All of it.
#[derive(Debug, Serialize)]
pub(crate) struct WorldView {
    pub(crate) now: i64,
    pub(crate) clock_stopped: bool,
    pub(crate) officials: Vec<OfficialView>,
    pub(crate) corps: Vec<CorpView>,
    pub(crate) faults: Vec<Script>,
    pub(crate) calls: Calls,
    pub(crate) open_pages: usize,
}

/// An official account.
#[derive(Debug, Serialize)]
pub(crate) struct OfficialView {
    pub(crate) app_id: String,
    pub(crate) secret: String,
    pub(crate) verified: bool,
    pub(crate) sandbox: bool,
    pub(crate) js_domains: Vec<String>,
    pub(crate) ip_whitelist: Option<Vec<String>>,
    pub(crate) ticket_policy: TicketPolicy,
    pub(crate) classic_tokens: Vec<CredentialView>,
    pub(crate) stable_tokens: Vec<CredentialView>,
    pub(crate) tickets: BTreeMap<String, Vec<CredentialView>>,
    pub(crate) calls_today: BTreeMap<String, u32>,
}

/// A corporation.
#[derive(Debug, Serialize)]
pub(crate) struct CorpView {
    pub(crate) corp_id: String,
    pub(crate) verified: bool,
    pub(crate) large: bool,
    pub(crate) tickets: Vec<CredentialView>,
    pub(crate) agents: Vec<AgentView>,
}

/// An agent.
#[derive(Debug, Serialize)]
pub(crate) struct AgentView {
    pub(crate) agent_id: String,
    pub(crate) secret: String,
    pub(crate) domains: Vec<String>,
    pub(crate) ip_whitelist: Option<Vec<String>>,
    pub(crate) tokens: Vec<CredentialView>,
    pub(crate) tickets: Vec<CredentialView>,
}

/// A token or ticket that is accepted now.
#[derive(Debug, Serialize)]
pub(crate) struct CredentialView {
    pub(crate) fingerprint: String,
    pub(crate) age: i64,
    pub(crate) remaining: i64,
}

pub(crate) fn world(world: &World) -> WorldView {
    let now = world.clock.now();
    WorldView {
        now,
        clock_stopped: world.clock.is_stopped(),
        officials: world.officials.values().map(|account| official(account, now)).collect(),
        corps: world.corps.values().map(|one| corp(one, now)).collect(),
        faults: world.faults.pending().to_vec(),
        calls: world.calls.clone(),
        open_pages: world.phones.count(),
    }
}

fn official(account: &OfficialAccount, now: i64) -> OfficialView {
    let tickets = account.tickets.iter();
    let meters = account.meters.iter();
    OfficialView {
        app_id: account.app_id.clone(),
        secret: fingerprint(&account.secret),
        verified: account.verified,
        sandbox: account.sandbox,
        js_domains: account.js_domains.clone(),
        ip_whitelist: addresses(account.ip_whitelist.as_ref()),
        ticket_policy: account.ticket_policy,
        classic_tokens: credentials(account.classic.ledger(), now),
        stable_tokens: credentials(account.stable.ledger(), now),
        tickets: tickets.map(|(kind, issued)| (kind.clone(), credentials(issued.ledger(), now))).collect(),
        calls_today: meters.map(|(endpoint, meter)| (endpoint.clone(), meter.calls_today(now))).collect(),
    }
}

fn corp(corp: &Corp, now: i64) -> CorpView {
    CorpView {
        corp_id: corp.id.clone(),
        verified: corp.verified,
        large: corp.large,
        tickets: credentials(corp.ticket.ledger(), now),
        agents: corp.agents.values().map(|one| agent(one, now)).collect(),
    }
}

fn agent(agent: &Agent, now: i64) -> AgentView {
    AgentView {
        agent_id: agent.id.clone(),
        secret: fingerprint(&agent.secret),
        domains: agent.domains.clone(),
        ip_whitelist: addresses(agent.ip_whitelist.as_ref()),
        tokens: credentials(&agent.token, now),
        tickets: credentials(agent.ticket.ledger(), now),
    }
}

fn addresses(whitelist: Option<&std::collections::BTreeSet<std::net::IpAddr>>) -> Option<Vec<String>> {
    whitelist.map(|allowed| allowed.iter().map(ToString::to_string).collect())
}

fn credentials(ledger: &Ledger, now: i64) -> Vec<CredentialView> {
    ledger
        .usable(now)
        .map(|issued| CredentialView {
            fingerprint: fingerprint(&issued.value),
            age: now.saturating_sub(issued.since),
            remaining: issued.usable_until.saturating_sub(now),
        })
        .collect()
}

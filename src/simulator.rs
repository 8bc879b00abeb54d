//! WeChat's side, for tests and for `wxpress demo`: its HTTP API, and the client in which pages are read.
//!
//! It imports nothing of ours. If both sides shared code, a mistake would be made twice and every test would be
//! green. What it does is written down in the documents that Tencent publishes and in what developers measured;
//! where they are silent it has a switch.
//!
//! ```text
//! world      accounts, corporations, time, faults, counters       a model without IO
//! ├ official   an official account: token, ticket, judge, domain, limit, refusal
//! ├ corp       a corporation in WeCom and its agents
//! ├ fault      what goes wrong, by script
//! ├ oauth      signing in: whose phone it is, codes and what they are good for
//! └ phone      the native half of the bridge; phone.js is the other half
//! server     the world over HTTP: api, delivery, control, page
//! ```
//!
//! # Control surface
//!
//! For an account: `"limits": {"/cgi-bin/token": {"day"?, "hour"?, "minute"?}}`, `"ticket_policy"` one of
//! `same-until-expiry`, `renewed-early`, `new-each-time`. An account or agent that does not exist is made when a
//! secret is given.
//!
//! Bodies are JSON. Answers are JSON. No secret, token or ticket is ever printed, only eight hex digits of its
//! SHA-1.
//!
//! | request | does |
//! |---|---|
//! | `GET /__sim/state` | accounts, live tokens and tickets with their age, faults, counters |
//! | `GET /__sim/stats` | counters: by endpoint total, in flight, peak, outcomes; `unknown`; the last calls |
//! | `DELETE /__sim/calls` | counts from zero |
//! | `POST /__sim/reset` | everything as at the start |
//! | `GET`, `POST`, `DELETE /__sim/faults` | lists, adds one or a list, clears: `{"endpoint": "/cgi-bin/token" or "*", "account"?, "times"?, "fault": {"kind": …}}`; the kinds are those of [`Fault`] in `snake_case` |
//! | `GET`, `POST /__sim/clock` | `{"stop"?, "set"?: unix seconds, "advance"?: seconds, "go"?}` |
//! | `POST /__sim/egress` | `{"ip": "…" or null}`: where all callers seem to come from |
//! | `POST /__sim/officials/{app_id}` | `{"secret"?, "js_domains"?, "oauth_domains"?, "ip_whitelist"?, "any_ip"?, "verified"?, "sandbox"?, "token_life"?, "ticket_life"?, "ticket_policy"?, "limits"?, "rotate"?, "revoke"?: ["classic", "stable", "jsapi"]}` |
//! | `POST /__sim/corps/{corp_id}` | `{"verified"?, "large"?, "ticket_life"?, "ticket_policy"?, "revoke"?: ["corp-ticket", "token:AGENT", "ticket:AGENT"]}` |
//! | `POST /__sim/corps/{corp_id}/agents/{agent_id}` | `{"secret"?, "domains"?, "login_domains"?, "ip_whitelist"?, "any_ip"?, "token_life"?, "limits"?}` |
//! | `POST /__sim/people` | `{"holder": "…" or null, "outsiders"?, "snapshots"?}`: whose phone it is that signs in; none: the page asks |
//! | `POST /__sim/verify` | `{"app_id", "url", "nonce_str", "timestamp", "signature", "agent_id"?}`: what a client would say |
//! | `GET /__sim/clients` | the clients: name, user agent, platform, screen |
//! | `GET /__sim/phone.js?client=NAME` | the bridge for a browser |
//! | `POST /__sim/phone?client=NAME&opened=card or text` | `{"page": address, "message": …}`: a message of `phone.js`, with the page's address as the browser's driver knows it |
//! | `GET /__sim/phone?view=VIEW` | what the client knows about one page |
//! | `GET /connect/oauth2/authorize`, `GET /wwlogin/sso/login` | WeChat's and WeCom's pages that ask who somebody is; `&sim_person=NAME` answers, `&sim_deny=1` refuses |
//! | `GET /`, `GET /phone?url=…&client=…`, `GET /authenticator` | pages for people |

mod api;
mod authenticator;
mod calls;
mod change;
mod clock;
mod control;
mod corp;
mod delivery;
mod domain;
mod fault;
mod judge;
mod ledger;
mod limit;
mod oauth;
mod official;
mod page;
mod phone;
mod refusal;
mod server;
mod shared;
mod signature;
mod ticket;
mod token;
mod view;
mod world;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use self::server::Running;
use self::shared::Shared;

pub use self::calls::{Call, Calls, Tally};
pub use self::clock::SimulatedClock;
pub use self::corp::{AGENT_TICKET, Agent, CORP_TICKET, Corp, GET_TOKEN};
pub use self::fault::{Fault, Script};
pub use self::limit::Limit;
pub use self::oauth::{AUTHORIZE, GET_USER_INFO, OLD_USER_INFO, SCAN, SNS_ACCESS_TOKEN, open_id};
pub use self::official::{GET_TICKET, OfficialAccount, STABLE_TOKEN, TOKEN};
pub use self::ticket::TicketPolicy;
pub use self::world::World;

/// A running simulator. It stops when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    shared: Shared,
    server: Running,
}

impl Simulator {
    /// Starts on a thread of its own; port 0 takes a free one.
    pub fn start(listen: SocketAddr, world: World) -> io::Result<Self> {
        let shared = Shared::new(world);
        let server = Running::start(listen, shared.clone())?;
        Ok(Self { shared, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// What to write into `api_base_url`: without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Looks at the world, or changes it. Do not wait for anything inside.
    pub fn with<R>(&self, visit: impl FnOnce(&mut World) -> R) -> R {
        self.shared.with(visit)
    }

    /// How many calls an endpoint saw.
    pub fn calls(&self, endpoint: &str) -> u64 {
        self.with(|world| world.calls().to(endpoint))
    }

    /// Scripts a fault for the next `times` calls; none: until cleared.
    pub fn fault(&self, endpoint: &str, fault: Fault, times: Option<u32>) {
        self.with(|world| world.add_fault(endpoint, fault, times));
    }

    /// Moves WeChat's clock forward.
    pub fn advance(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        self.with(|world| world.clock().advance(seconds));
    }

    /// Everything as at the start.
    pub fn reset(&self) {
        self.shared.reset();
    }

    /// Waits until the server ends, which it does only when something went wrong.
    pub fn wait(mut self) -> io::Result<()> {
        self.server.wait()
    }
}

#[cfg(test)]
mod tests;

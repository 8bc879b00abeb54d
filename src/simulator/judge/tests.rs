//! Claims right and wrong, as a page could make them.

use super::*;
use crate::simulator::corp::{Agent, Corp};
use crate::simulator::official::OfficialAccount;
use crate::simulator::signature::sign;

const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const PAGE: &str = "https://www.example.com/articles/1?from=singlemessage&isappinstalled=0";

fn official() -> (World, String) {
    let account = OfficialAccount::new("wx1", "s").with_js_domain("example.com");
    let mut world = World::new().with_official(account);
    let now = world.clock.now();
    let ticket = world.officials.get_mut("wx1").unwrap().fetch_ticket("jsapi", HERE, now).unwrap();
    (world, ticket.value)
}

fn claim(ticket: &str, address: &str) -> Claim {
    Claim {
        nonce_str: "n".to_owned(),
        timestamp: "1414587457".to_owned(),
        signature: sign(ticket, "n", "1414587457", address),
    }
}

#[test]
fn a_page_signed_for_its_very_address_is_admitted() {
    let (world, ticket) = official();
    let admitted = config(&world, Platform::Official, "wx1", &claim(&ticket, PAGE), PAGE).unwrap();
    assert_eq!(admitted.domain, "example.com");
    let with_fragment = format!("{PAGE}#comments");
    assert!(config(&world, Platform::Official, "wx1", &claim(&ticket, PAGE), &with_fragment).is_ok());
}

#[test]
fn a_page_signed_for_another_address_or_ticket_is_refused() {
    let (mut world, ticket) = official();
    let canonical = claim(&ticket, "https://www.example.com/articles/1");
    let refused = config(&world, Platform::Official, "wx1", &canonical, PAGE).unwrap_err();
    assert_eq!(refused.words(), "invalid signature");
    let foreign = config(&world, Platform::Official, "wx1", &claim("x", PAGE), PAGE).unwrap_err();
    assert_eq!(foreign, Refused::Signature(Platform::Official));
    world.revoke("wx1", "jsapi");
    assert!(config(&world, Platform::Official, "wx1", &claim(&ticket, PAGE), PAGE).is_err());
}

#[test]
fn a_page_elsewhere_is_refused_for_its_domain_before_its_signature() {
    let (world, ticket) = official();
    let elsewhere = "https://example.org/";
    let refused = config(&world, Platform::Official, "wx1", &claim(&ticket, elsewhere), elsewhere).unwrap_err();
    assert_eq!(refused.words(), "invalid url domain");
    let unknown = config(&world, Platform::Official, "wx2", &claim(&ticket, PAGE), PAGE).unwrap_err();
    assert_eq!(unknown.words(), "invalid appid");
}

#[test]
fn a_card_may_not_lead_to_another_bound_domain() {
    let (mut world, ticket) = official();
    world.officials.get_mut("wx1").unwrap().js_domains.push("example.net".to_owned());
    let admitted = config(&world, Platform::Official, "wx1", &claim(&ticket, PAGE), PAGE).unwrap();
    assert!(admitted.covers("https://m.example.com/articles/2"));
    assert!(!admitted.covers("https://example.net/"));
    assert!(!admitted.covers("/articles/2"));
}

#[test]
fn an_agents_claim_wants_that_agents_ticket() {
    let agent = |id: &str| Agent::new(id, id).with_domain("www.example.com");
    let mut world = World::new().with_corp(Corp::new("ww1").with_agent(agent("2")).with_agent(agent("3")));
    let now = world.clock.now();
    let corp = world.corps.get_mut("ww1").unwrap();
    let own = corp.fetch_agent_ticket("2", "agent_config", HERE, now).unwrap().value;
    let other = corp.fetch_agent_ticket("3", "agent_config", HERE, now).unwrap().value;
    let corps = corp.fetch_corp_ticket("2", HERE, now).unwrap().value;

    let verdict = |ticket: &str| agent_config(&world, ("ww1", "2"), &claim(ticket, PAGE), PAGE);
    assert!(verdict(&own).is_ok());
    assert_eq!(verdict(&other), Err(Refused::ForeignTicket));
    assert_eq!(verdict(&corps), Err(Refused::ForeignTicket));
    assert_eq!(verdict("x"), Err(Refused::Signature(Platform::WeCom)));
    assert!(config(&world, Platform::WeCom, "ww1", &claim(&corps, PAGE), PAGE).is_ok());
    assert!(config(&world, Platform::WeCom, "ww1", &claim(&own, PAGE), PAGE).is_err());
    let words = Refused::Signature(Platform::WeCom).words();
    assert_eq!(words, "invalid signature more info at https://open.work.weixin.qq.com/devtool/query?e=40093");
}

#[test]
fn a_small_corporation_may_not_share_in_wechat() {
    let agent = Agent::new("2", "2").with_domain("www.example.com");
    let mut world = World::new().with_corp(Corp::new("ww1").with_agent(agent));
    let now = world.clock.now();
    let ticket = world.corps.get_mut("ww1").unwrap().fetch_corp_ticket("2", HERE, now).unwrap().value;
    let may_share =
        |world: &World, client| config(world, client, "ww1", &claim(&ticket, PAGE), PAGE).unwrap().may_share;
    assert!(may_share(&world, Platform::WeCom));
    assert!(!may_share(&world, Platform::Official));
    world.corps.get_mut("ww1").unwrap().large = true;
    assert!(may_share(&world, Platform::Official));
}

#[test]
fn wecom_knows_no_official_account() {
    let (world, ticket) = official();
    let refused = config(&world, Platform::WeCom, "wx1", &claim(&ticket, PAGE), PAGE).unwrap_err();
    assert_eq!(refused, Refused::UnknownAccount(Platform::WeCom));
}

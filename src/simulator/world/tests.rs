//! The API as a caller meets it, without HTTP between.

use super::*;
use crate::simulator::corp::Agent;

fn world() -> World {
    let mut world = World::new()
        .with_official(OfficialAccount::new("wx1", "secret"))
        .with_corp(Corp::new("ww1").with_agent(Agent::new("1000002", "two")));
    world.clock().stop();
    world
}

fn get(endpoint: &str, query: &[(&str, &str)]) -> ApiRequest {
    ApiRequest {
        endpoint: endpoint.to_owned(),
        is_post: false,
        query: query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: Vec::new(),
        from: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
    }
}

fn post(endpoint: &str, body: &Value) -> ApiRequest {
    ApiRequest { is_post: true, body: body.to_string().into_bytes(), ..get(endpoint, &[]) }
}

fn code(world: &mut World, request: &ApiRequest) -> i64 {
    world.receive(request).body["errcode"].as_i64().unwrap()
}

fn stable(world: &mut World) -> String {
    let form = json!({ "grant_type": "client_credential", "appid": "wx1", "secret": "secret" });
    world.receive(&post(STABLE_TOKEN, &form)).body["access_token"].as_str().unwrap().to_owned()
}

const RIGHT: [(&str, &str); 3] = [("grant_type", "client_credential"), ("appid", "wx1"), ("secret", "secret")];

#[test]
fn a_token_comes_without_an_errcode_and_a_ticket_with_one() {
    let mut world = world();
    let token = world.receive(&get(TOKEN, &RIGHT)).body;
    assert_eq!(token["expires_in"], 7200);
    assert_eq!(token.get("errcode"), None);
    let query = [("access_token", token["access_token"].as_str().unwrap()), ("type", "jsapi")];
    let ticket = world.receive(&get(GET_TICKET, &query)).body;
    assert_eq!((ticket["errcode"].as_i64(), ticket["errmsg"].as_str()), (Some(0), Some("ok")));
    assert_eq!(ticket["ticket"].as_str().unwrap().len(), 86);
}

#[test]
fn what_is_missing_or_wrong_has_its_own_code() {
    let mut world = world();
    assert_eq!(code(&mut world, &get(TOKEN, &[])), 40002);
    assert_eq!(code(&mut world, &get(TOKEN, &[RIGHT[0]])), 41002);
    assert_eq!(code(&mut world, &get(TOKEN, &[RIGHT[0], RIGHT[1]])), 41004);
    assert_eq!(code(&mut world, &get(TOKEN, &[RIGHT[0], ("appid", "wx2"), RIGHT[2]])), 40013);
    assert_eq!(code(&mut world, &get(TOKEN, &[RIGHT[0], RIGHT[1], ("secret", "x")])), 40125);
    assert_eq!(code(&mut world, &get(STABLE_TOKEN, &RIGHT)), 43002);
    assert_eq!(code(&mut world, &ApiRequest { body: Vec::new(), ..post(STABLE_TOKEN, &json!({})) }), 44002);
    assert_eq!(code(&mut world, &ApiRequest { body: b"a=b".to_vec(), ..post(STABLE_TOKEN, &json!({})) }), 47001);
    assert_eq!(code(&mut world, &get(GET_TICKET, &[])), 41001);
    assert_eq!(code(&mut world, &get(GET_TICKET, &[("access_token", "garbage")])), 40014);
    assert_eq!(code(&mut world, &get(GET_TOKEN, &[])), 41002);
    assert_eq!(code(&mut world, &get(GET_TOKEN, &[("corpid", "ww1")])), 41004);
    assert_eq!(code(&mut world, &get(GET_TOKEN, &[("corpid", "ww2"), ("corpsecret", "two")])), 40013);
    assert_eq!(code(&mut world, &get(CORP_TICKET, &[])), 41001);
    assert_eq!(code(&mut world, &get(CORP_TICKET, &[("access_token", "garbage")])), 40014);
}

#[test]
fn an_official_token_opens_nothing_at_wecom() {
    let mut world = world();
    let token = stable(&mut world);
    assert_eq!(code(&mut world, &get(CORP_TICKET, &[("access_token", &token)])), 40014);
}

#[test]
fn a_token_of_wecom_comes_with_an_errcode_and_leads_to_both_tickets() {
    let mut world = world();
    let token = world.receive(&get(GET_TOKEN, &[("corpid", "ww1"), ("corpsecret", "two")])).body;
    assert_eq!(token["errcode"], 0);
    let token = token["access_token"].as_str().unwrap().to_owned();
    let corp = world.receive(&get(CORP_TICKET, &[("access_token", &token)])).body;
    let query = [("access_token", token.as_str()), ("type", "agent_config")];
    let agent = world.receive(&get(AGENT_TICKET, &query)).body;
    assert_ne!(corp["ticket"], agent["ticket"]);
}

#[test]
fn a_refused_call_issues_nothing_and_a_damaged_one_does() {
    let mut world = world();
    world.add_fault(TOKEN, Fault::Errcode { code: -1, message: None }, Some(1));
    assert_eq!(code(&mut world, &get(TOKEN, &RIGHT)), -1);
    assert_eq!(world.officials["wx1"].classic.ledger().count(), 0);
    world.add_fault(TOKEN, Fault::ExpiresIn { value: json!(-1) }, Some(1));
    assert_eq!(world.receive(&get(TOKEN, &RIGHT)).body["expires_in"], -1);
    assert_eq!(world.officials["wx1"].classic.ledger().count(), 1);
    assert!(world.pending_faults().is_empty());
    assert_eq!(world.calls().outcome(TOKEN, "-1"), 1);
}

#[test]
fn a_revoked_ticket_is_handed_out_and_good_for_nothing() {
    let mut world = world();
    let token = stable(&mut world);
    world.add_fault(GET_TICKET, Fault::Revoked, Some(1));
    let query = [("access_token", token.as_str()), ("type", "jsapi")];
    assert_eq!(code(&mut world, &get(GET_TICKET, &query)), 0);
    let now = world.clock.now();
    assert!(world.officials["wx1"].live_tickets(now).is_empty());
}

#[test]
fn callers_may_seem_to_come_from_elsewhere() {
    let mut world = world();
    world.officials.get_mut("wx1").unwrap().ip_whitelist = Some(["10.0.0.1".parse().unwrap()].into());
    world.egress = Some("101.226.140.156".parse().unwrap());
    let body = world.receive(&get(TOKEN, &RIGHT)).body;
    assert!(body["errmsg"].as_str().unwrap().starts_with("invalid ip 101.226.140.156 ipv6"));
}

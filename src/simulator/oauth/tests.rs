//! The rules of the two pages and of the codes, without HTTP.

use super::super::corp::{Agent, Corp, GET_TOKEN};
use super::super::official::{OfficialAccount, STABLE_TOKEN};
use super::*;

const WECHAT: &str = "Mozilla/5.0 (iPhone) Mobile/15E148 MicroMessenger/8.0.56(0x18003831)";
const WECOM: &str = "Mozilla/5.0 (iPhone) Mobile/15E148 wxwork/3.1.16 MicroMessenger/7.0.1";
const DESKTOP: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36";
const BACK: &str = "https://news.example.cn/back";

fn world() -> World {
    let agent = Agent::new("1000002", "two").with_domain("news.example.cn").with_login_domain("news.example.cn");
    let mut world = World::new()
        .with_official(OfficialAccount::new("wx1", "s").with_oauth_domain("news.example.cn"))
        .with_corp(Corp::new("ww1").with_agent(agent).with_agent(Agent::new("1000003", "three")));
    world.clock().stop();
    world.hold(Some("WangWei"));
    world
}

fn visit(path: &str, query: &[(&str, &str)], user_agent: &str) -> Visit {
    let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Visit { path: path.to_owned(), query, user_agent: user_agent.to_owned(), person: None, denies: false }
}

fn official(user_agent: &str) -> Visit {
    let query = [
        ("appid", "wx1"),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "snsapi_base"),
        ("state", "s1"),
    ];
    visit(AUTHORIZE, &query, user_agent)
}

fn wecom(user_agent: &str) -> Visit {
    let mut visit = official(user_agent);
    "ww1".clone_into(&mut visit.query[0].1);
    visit.query.push(("agentid".to_owned(), "1000002".to_owned()));
    visit
}

fn scan() -> Visit {
    let query =
        [("login_type", "CorpApp"), ("appid", "ww1"), ("agentid", "1000002"), ("redirect_uri", BACK), ("state", "s1")];
    visit(SCAN, &query, DESKTOP)
}

fn code_of(verdict: Verdict) -> String {
    let Verdict::Back(address) = verdict else { panic!("{verdict:?}") };
    let address = Url::parse(&address).unwrap();
    assert_eq!(address.host_str(), Some("news.example.cn"));
    let pairs: Vec<_> = address.query_pairs().into_owned().collect();
    assert_eq!(pairs[1], ("state".to_owned(), "s1".to_owned()));
    pairs[0].1.clone()
}

fn call(world: &mut World, endpoint: &str, query: &[(&str, &str)]) -> Value {
    let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let from = "127.0.0.1".parse().unwrap();
    world.receive(&ApiRequest { endpoint: endpoint.to_owned(), is_post: false, query, body: Vec::new(), from }).body
}

fn exchange(world: &mut World, code: &str) -> Value {
    let query = [("appid", "wx1"), ("secret", "s"), ("code", code), ("grant_type", "authorization_code")];
    call(world, SNS_ACCESS_TOKEN, &query)
}

fn token(world: &mut World, secret: &str) -> String {
    let answer = call(world, GET_TOKEN, &[("corpid", "ww1"), ("corpsecret", secret)]);
    answer["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_code_brings_the_openid_once_and_for_five_minutes() {
    let mut world = world();
    let code = code_of(world.authorize(&official(WECHAT)));
    let answer = exchange(&mut world, &code);
    assert_eq!(answer["openid"], open_id("wx1", "WangWei"));
    assert!(answer.get("errcode").is_none());
    assert_eq!(open_id("wx1", "WangWei").len(), 28);
    assert_eq!(exchange(&mut world, &code)["errcode"], 40163);
    let old = code_of(world.authorize(&official(WECHAT)));
    world.clock().advance(300);
    assert_eq!(exchange(&mut world, &old)["errcode"], 42003);
    assert_eq!(exchange(&mut world, "forged")["errcode"], 40029);
}

#[test]
fn what_is_missing_or_wrong_has_its_own_number() {
    let mut world = world();
    let sns = |world: &mut World, query: &[(&str, &str)]| call(world, SNS_ACCESS_TOKEN, query)["errcode"].clone();
    assert_eq!(sns(&mut world, &[]), 41002);
    assert_eq!(sns(&mut world, &[("appid", "wx1")]), 41004);
    assert_eq!(sns(&mut world, &[("appid", "wx1"), ("secret", "s")]), 41008);
    assert_eq!(sns(&mut world, &[("appid", "wx1"), ("secret", "s"), ("code", "c")]), 40002);
    let query = [("appid", "wx1"), ("secret", "x"), ("code", "c"), ("grant_type", "authorization_code")];
    assert_eq!(sns(&mut world, &query), 40125);
}

#[test]
fn a_member_has_a_userid_and_an_outsider_an_openid() {
    let mut world = world();
    let token = token(&mut world, "two");
    for visit in [wecom(WECOM), scan()] {
        let code = code_of(world.authorize(&visit));
        let answer = call(&mut world, GET_USER_INFO, &[("access_token", &token), ("code", &code)]);
        assert_eq!(answer["userid"], "WangWei");
        let again = call(&mut world, GET_USER_INFO, &[("access_token", &token), ("code", &code)]);
        assert_eq!(again["errcode"], 40029);
    }
    world.add_outsider("WangWei");
    let code = code_of(world.authorize(&scan()));
    let answer = call(&mut world, OLD_USER_INFO, &[("access_token", &token), ("code", &code)]);
    assert!(answer["OpenId"].is_string() && answer.get("UserId").is_none());
}

#[test]
fn a_code_is_good_for_who_asked_for_it_alone() {
    let mut world = world();
    let three = token(&mut world, "three");
    let code = code_of(world.authorize(&scan()));
    assert_eq!(call(&mut world, GET_USER_INFO, &[("access_token", &three), ("code", &code)])["errcode"], 40029);
    assert_eq!(exchange(&mut world, &code)["errcode"], 40029);
}

#[test]
fn the_pages_take_an_address_to_the_letter_and_no_strange_domain() {
    let mut world = world();
    let refused = |world: &mut World, visit: &Visit| matches!(world.authorize(visit), Verdict::Refused(_));
    let mut swapped = official(WECHAT);
    swapped.query.swap(0, 1);
    assert!(refused(&mut world, &swapped));
    for (place, value) in [(0, "wx2"), (1, "https://evil.cn/"), (1, "x"), (2, "token"), (3, "snsapi_x"), (4, "a-b")] {
        let mut wrong = official(WECHAT);
        value.clone_into(&mut wrong.query[place].1);
        assert!(refused(&mut world, &wrong), "{value}");
    }
    for below in ["https://www.news.example.cn/", "https://example.cn/", "https://news.example.cn:8443/"] {
        let mut elsewhere = official(WECHAT);
        below.clone_into(&mut elsewhere.query[1].1);
        assert_eq!(
            world.authorize(&elsewhere),
            Verdict::Refused("redirect_uri域名与后台配置不一致，错误码：10003"),
            "{below}"
        );
    }
    let mut other_agent = scan();
    "1000003".clone_into(&mut other_agent.query[2].1);
    assert!(refused(&mut world, &other_agent));
}

#[test]
fn the_page_inside_the_client_opens_nowhere_else() {
    let mut world = world();
    assert!(matches!(world.authorize(&official(DESKTOP)), Verdict::Refused(_)));
    assert!(matches!(world.authorize(&official(WECOM)), Verdict::Refused(_)));
    assert!(matches!(world.authorize(&wecom(DESKTOP)), Verdict::Refused(_)));
}

#[test]
fn who_denies_comes_back_without_a_code_and_who_is_unknown_is_asked() {
    let mut world = world();
    let denied = Visit { denies: true, ..official(WECHAT) };
    assert_eq!(world.authorize(&denied), Verdict::Back(format!("{BACK}?state=s1")));
    world.hold(None);
    assert_eq!(world.authorize(&official(WECHAT)), Verdict::Ask);
    let named = Visit { person: Some("LiLei".to_owned()), ..official(WECHAT) };
    let code = code_of(world.authorize(&named));
    assert_eq!(exchange(&mut world, &code)["openid"], open_id("wx1", "LiLei"));
}

#[test]
fn a_token_of_the_wrong_kind_is_noticed() {
    let mut world = world();
    let code = code_of(world.authorize(&official(WECHAT)));
    let personal = exchange(&mut world, &code)["access_token"].as_str().unwrap().to_owned();
    let agent = token(&mut world, "two");
    let body = json!({ "grant_type": "client_credential", "appid": "wx1", "secret": "s" });
    let stable = ApiRequest {
        endpoint: STABLE_TOKEN.to_owned(),
        is_post: true,
        query: std::collections::BTreeMap::new(),
        body: body.to_string().into_bytes(),
        from: "127.0.0.1".parse().unwrap(),
    };
    let site = world.receive(&stable).body["access_token"].as_str().unwrap().to_owned();
    let code = code_of(world.authorize(&scan()));
    call(&mut world, GET_TICKET, &[("access_token", &site), ("type", "jsapi")]);
    call(&mut world, GET_USER_INFO, &[("access_token", &agent), ("code", &code)]);
    assert_eq!(world.calls().misplaced, 0);
    assert_eq!(call(&mut world, GET_TICKET, &[("access_token", &personal), ("type", "jsapi")])["errcode"], 40001);
    assert_eq!(call(&mut world, GET_USER_INFO, &[("access_token", &site), ("code", "x")])["errcode"], 40014);
    call(&mut world, SNS_ACCESS_TOKEN, &[("access_token", &site)]);
    assert_eq!(world.calls().misplaced, 3);
}

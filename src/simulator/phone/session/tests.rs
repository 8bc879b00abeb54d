//! What each client makes of a page that does everything right, and of pages that do not.

use super::*;
use crate::simulator::corp::{Agent, Corp};
use crate::simulator::official::OfficialAccount;
use crate::simulator::phone::profile::named;
use crate::simulator::signature::sign;

const PAGE: &str = "https://www.example.com/articles/1";
const HERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
const BOTH: [&str; 6] = [
    "updateAppMessageShareData",
    "updateTimelineShareData",
    "menu:share:timeline",
    "menu:share:appmessage",
    "menu:share:qq",
    "menu:share:QZone",
];
const LEGACY: [&str; 4] = ["menu:share:timeline", "menu:share:appmessage", "menu:share:qq", "menu:share:QZone"];
const NEW: [&str; 2] = ["updateAppMessageShareData", "updateTimelineShareData"];

/// A page in a client.
struct Reading {
    world: World,
    ticket: String,
    session: Session,
    handlers: Vec<String>,
}

impl Reading {
    fn with(client: &str) -> Self {
        let account = OfficialAccount::new("wx1", "s").with_js_domain("www.example.com");
        Self::of(account, client)
    }

    fn of(account: OfficialAccount, client: &str) -> Self {
        let mut world = World::new().with_official(account);
        let now = world.clock.now();
        let ticket = world.officials.get_mut("wx1").unwrap().fetch_ticket("jsapi", HERE, now).unwrap().value;
        let session = Session::new(named(client).unwrap(), Opened::Card, PAGE);
        Self { world, ticket, session, handlers: Vec::new() }
    }

    fn config(&mut self, names: &[&str]) -> Value {
        let signature = sign(&self.ticket, "nonce", "1414587457", PAGE);
        self.config_signed(names, &signature)
    }

    fn config_signed(&mut self, names: &[&str], signature: &str) -> Value {
        let arguments = json!({
            "verifyJsApiList": names, "verifyAppId": "wx1", "verifyTimestamp": "1414587457",
            "verifyNonceStr": "nonce", "verifySignature": signature,
        });
        self.session.invoke(&self.world, "preVerifyJSAPI", &arguments)
    }

    /// As a page does in `wx.ready`: the new calls, and a handler for each legacy one.
    fn set(&mut self) {
        for name in NEW {
            self.session.invoke(&self.world, name, &data("new"));
        }
        self.handlers = LEGACY.map(str::to_owned).to_vec();
    }

    fn share(&mut self, target: Target) -> Card {
        if let Some(Tap::Asks(target)) = self.session.tap(target, &self.handlers) {
            let arguments = json!({ "title": "old", "desc": "d", "link": PAGE, "img_url": "https://e.com/i.png" });
            self.session.invoke(&self.world, target.call(), &arguments);
        }
        self.session.send("标题 of the page").unwrap().1
    }
}

fn data(title: &str) -> Value {
    json!({ "title": title, "desc": "d", "link": PAGE, "imgUrl": "https://e.com/i.png" })
}

fn sources(client: &str, names: &[&str]) -> [Source; 5] {
    let mut page = Reading::with(client);
    page.config(names);
    page.set();
    [Target::Chat, Target::ChatRecent, Target::Moments, Target::Qq, Target::Qzone].map(|item| page.share(item).source)
}

#[test]
fn a_page_that_declares_and_calls_both_generations_has_its_card_everywhere() {
    use Source::{Legacy, NewCalls};
    assert_eq!(sources("ios-8", &BOTH), [NewCalls, Legacy, NewCalls, NewCalls, NewCalls]);
    assert_eq!(sources("android-8", &BOTH), [NewCalls, Legacy, NewCalls, NewCalls, NewCalls]);
    assert_eq!(sources("android-7.0", &BOTH), [Legacy; 5]);
    assert_eq!(sources("android-6.6", &BOTH), [Legacy; 5]);
    assert_eq!(sources("windows", &BOTH), [NewCalls, Legacy, Legacy, NewCalls, Legacy]);
}

#[test]
fn a_page_with_the_new_calls_only_loses_the_old_clients_and_the_recent_chats() {
    use Source::{Default, NewCalls};
    assert_eq!(sources("ios-8", &NEW), [NewCalls, Default, NewCalls, NewCalls, NewCalls]);
    assert_eq!(sources("android-7.0", &NEW), [Default; 5]);
    assert_eq!(sources("android-6.6", &NEW), [Default; 5]);
    assert_eq!(sources("windows", &NEW), [NewCalls, Default, Default, NewCalls, Default]);
}

#[test]
fn where_config_fails_the_client_shares_title_and_address() {
    let mut page = Reading::with("harmony");
    assert_eq!(page.config(&BOTH), json!({ "err_msg": "preVerifyJSAPI:fail_fail" }));
    page.set();
    let card = page.share(Target::Chat);
    assert_eq!((card.title.as_str(), card.link.as_str(), card.bare), ("标题 of the page", PAGE, true));
}

#[test]
fn a_wrong_signature_is_refused_and_a_right_one_after_it_is_not() {
    let mut page = Reading::with("ios-8");
    let signature = sign(&page.ticket, "nonce", "1414587457", "https://www.example.com/articles/2");
    assert_eq!(page.config_signed(&BOTH, &signature), json!({ "errMsg": "config:invalid signature" }));
    page.set();
    assert_eq!(page.share(Target::Chat).source, Source::Default);
    assert_eq!(page.config(&BOTH)["errMsg"], "config:ok");
    page.set();
    assert_eq!(page.share(Target::Chat).source, Source::NewCalls);
}

#[test]
fn calls_before_config_or_undeclared_are_refused_in_each_clients_words() {
    let call = |client: &str| {
        let mut page = Reading::with(client);
        let world = page.world.clone();
        page.session.invoke(&world, "updateAppMessageShareData", &data("t"))
    };
    let words = "updateAppMessageShareData:fail, the permission value is offline verifying";
    assert_eq!(call("ios-8"), json!({ "errMsg": words }));
    assert_eq!(call("android-8"), json!({ "err_msg": "system:access_denied" }));
    assert_eq!(call("android-6.6"), json!({ "err_msg": "system:function_not_exist" }));
    assert_eq!(call("wecom-ios"), json!({ "err_msg": "system:function_not_exist" }));
}

#[test]
fn an_unverified_account_is_configured_and_may_not_share() {
    let account = OfficialAccount::new("wx1", "s").with_js_domain("www.example.com").unverified();
    let mut page = Reading::of(account, "ios-8");
    assert_eq!(page.config(&BOTH)["errMsg"], "config:ok");
    page.set();
    assert_eq!(page.share(Target::Chat).source, Source::Default);
    let reply = &page.session.calls[1].1;
    assert_eq!(reply["errMsg"], "updateAppMessageShareData:permission denied");
}

#[test]
fn a_link_to_another_domain_is_refused() {
    let mut page = Reading::with("ios-8");
    page.config(&BOTH);
    let foreign = json!({ "title": "t", "link": "https://example.org/", "imgUrl": "" });
    page.session.invoke(&page.world, "updateAppMessageShareData", &foreign);
    assert_eq!(page.share(Target::Chat).source, Source::Default);
}

#[test]
fn a_page_cannot_send_without_a_tap() {
    let mut page = Reading::with("ios-8");
    page.config(&BOTH);
    let reply = page.session.invoke(&page.world, "sendAppMessage", &data("t"));
    assert_eq!(reply["err_msg"], "system:access_denied");
}

#[test]
fn ios_remembers_where_the_page_was_opened_and_android_looks_where_it_is() {
    let moved = |client: &str| {
        let mut page = Reading::with(client);
        page.session.address = "https://www.example.com/moved".to_owned();
        page.config(&BOTH);
        page.session.config.clone()
    };
    assert_eq!(moved("ios-8"), Verdict::Ok);
    assert_eq!(moved("android-8"), Verdict::Refused("invalid signature".to_owned()));
}

#[test]
fn an_address_opened_from_text_goes_on_as_text() {
    let mut page = Reading::with("ios-8");
    page.session.opened = Opened::Text;
    page.config(&BOTH);
    page.set();
    let card = page.share(Target::Chat);
    assert_eq!((card.source, card.title.as_str(), card.link.as_str()), (Source::Address, "", PAGE));
}

#[test]
fn wecom_knows_the_legacy_calls_and_its_own() {
    let agent = Agent::new("2", "two").with_domain("www.example.com");
    let mut world = World::new().with_corp(Corp::new("ww1").with_agent(agent));
    let now = world.clock.now();
    let corp = world.corps.get_mut("ww1").unwrap();
    let config = corp.fetch_corp_ticket("2", HERE, now).unwrap().value;
    let agent = corp.fetch_agent_ticket("2", "agent_config", HERE, now).unwrap().value;
    let mut session = Session::new(named("wecom-android").unwrap(), Opened::Card, PAGE);

    let claim = json!({
        "verifyJsApiList": ["menu:share:appmessage", "onMenuShareWechat", "menu:share:qq"], "verifyAppId": "ww1",
        "verifyTimestamp": "1", "verifyNonceStr": "n", "verifySignature": sign(&config, "n", "1", PAGE),
    });
    assert_eq!(session.invoke(&world, "preVerifyJSAPI", &claim), json!({ "err_msg": "preVerifyJSAPI:ok" }));
    assert_eq!(session.granted.iter().collect::<Vec<_>>(), ["menu:share:appmessage", "menu:share:wechat"]);
    let claim = |ticket: &str| {
        json!({ "corpid": "ww1", "agentid": "2", "timestamp": "1", "nonceStr": "n",
                "signature": sign(ticket, "n", "1", PAGE), "jsApiList": ["shareWechatMessage"] })
    };
    let refused = session.invoke(&world, "agentConfig", &claim(&config));
    assert!(refused["err_msg"].as_str().unwrap().ends_with("?e=42012"), "{refused}");
    session.invoke(&world, "agentConfig", &claim(&agent));
    assert_eq!(session.agent_config, Verdict::Ok);

    assert_eq!(session.tap(Target::Chat, &[]), None);
    let handlers = ["menu:share:wechat".to_owned()];
    assert_eq!(session.tap(Target::WeComWeChat, &handlers), Some(Tap::Asks(Target::WeComWeChat)));
    session.invoke(&world, "shareWechat", &data("old"));
    assert_eq!(session.send("t").unwrap().1.source, Source::Legacy);
}

#[test]
fn the_viewer_opens_where_it_was_granted_and_for_whole_addresses() {
    let urls = ["https://www.example.com/1.jpg", "https://www.example.com/2.jpg"];
    let show = |page: &mut Reading, current: &str, urls: &[&str]| {
        page.session.invoke(&page.world, "imagePreview", &json!({ "current": current, "urls": urls }))
    };
    let mut page = Reading::with("ios-8");
    show(&mut page, urls[1], &urls);
    assert_eq!(page.session.viewer, None);

    page.config(&["imagePreview"]);
    assert_eq!(show(&mut page, "/1.jpg", &["/1.jpg"]), json!({ "errMsg": "imagePreview:fail" }));
    assert_eq!(page.session.viewer, None);
    assert_eq!(show(&mut page, urls[1], &urls), json!({ "errMsg": "imagePreview:ok" }));
    assert_eq!(page.session.viewer.as_ref().map(|viewer| viewer.position), Some(1));

    show(&mut page, "https://www.example.com/other.jpg", &urls);
    assert_eq!(page.session.viewer, Some(Viewer { urls: urls.map(str::to_owned).to_vec(), position: 0 }));
}

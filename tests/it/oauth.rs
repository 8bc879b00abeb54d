//! Signing in with WeCom and with WeChat: the ways in, and everything by which somebody might come in who should not.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use futures_util::future::join;
use url::Url;
use wxpress::simulator::{AUTHORIZE, Fault, GET_TOKEN, GET_USER_INFO, SCAN, SNS_ACCESS_TOKEN, open_id};
use wxpress::staff::{By, Identity, MemberId, Platform, Role, SessionState, Visitor};

use crate::faults::Log;
use crate::office::{Browser, SESSION_COOKIE};
use crate::site::{AGENT_ID, APP_ID, APP_SECRET, Answer, CORP_ID, CORP_SECRET, TestSite};

const WECOM: &str = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 wxwork/3.1.16 MicroMessenger/7.0.1";
const WECHAT: &str = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.56(0x18003831)";
const DESKTOP: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0 Safari/537.36";
const PENDING_COOKIE: &str = "__Host-wxpress-oauth";
const PERSON: &str = "WangWei";

/// A site with both accounts and a token for WeCom.
async fn site() -> TestSite {
    site_with(&[]).await
}

async fn site_with(settings: &[(&str, &str)]) -> TestSite {
    let mut site = TestSite::with_both_accounts_and(settings).await;
    site.keep().await;
    site
}

/// Somebody who works here, with the account of [`PERSON`] at both platforms.
async fn bound(site: &TestSite, role: Role) -> MemberId {
    let member = Browser::of(site, "wang", role).await.member.unwrap();
    let open_id = open_id(APP_ID, PERSON);
    for identity in [wecom(PERSON), Identity { platform: Platform::Official, external_id: open_id }] {
        site.state.staff.bind_identity(By::Operator, member, &identity).await.unwrap();
    }
    member
}

fn wecom(user_id: &str) -> Identity {
    Identity { platform: Platform::WeCom, external_id: user_id.to_owned() }
}

async fn open(browser: &Browser<'_>, path: &str, agent: &str) -> Answer {
    browser.send(TestRequest::get().uri(path).insert_header(("user-agent", agent))).await
}

/// Goes to the page that an answer leads to, as `who`, and says where that leads.
async fn at_wechat(answer: &Answer, agent: &str, who: &str) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = answer.header("location").trim_end_matches("#wechat_redirect");
    let response = client.get(format!("{page}&{who}")).header("user-agent", agent).send().await.unwrap();
    let back = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    let back = back.unwrap_or_else(|| panic!("nobody comes back from {page}"));
    back.strip_prefix("https://news.example.cn").unwrap().to_owned()
}

/// Leaves by a door and comes as far as the way back, which is not gone yet.
async fn way_back(browser: &Browser<'_>, door: &str, agent: &str, who: &str) -> String {
    let away = open(browser, &format!("/admin/sign-in/{door}"), agent).await;
    at_wechat(&away, agent, who).await
}

/// The whole way of [`PERSON`].
async fn sign_in(browser: &Browser<'_>, door: &str, agent: &str) -> Answer {
    let back = way_back(browser, door, agent, &format!("sim_person={PERSON}")).await;
    open(browser, &back, agent).await
}

fn code_in(back: &str) -> String {
    let back = Url::parse(&format!("https://news.example.cn{back}")).unwrap();
    back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

fn misplaced(site: &TestSite) -> (u64, u64) {
    site.simulator.with(|world| (world.calls().misplaced, world.calls().unknown))
}

async fn people(site: &TestSite) -> usize {
    site.state.staff.members().await.unwrap().len()
}

#[actix_web::test]
async fn in_wecom_one_tap_is_enough() {
    let site = site().await;
    let member = bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);

    let away = open(&browser, "/admin/sign-in/wecom?next=%2Fadmin%2Farticles%3Fpage%3D2", WECOM).await;
    let page = Url::parse(away.header("location")).unwrap();
    assert_eq!((page.path(), page.fragment()), (AUTHORIZE, Some("wechat_redirect")));
    assert!(page.as_str().contains("&scope=snsapi_base&state="), "{page}");
    let cookie = away.header("set-cookie");
    for part in [PENDING_COOKIE, "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let back = at_wechat(&away, WECOM, &format!("sim_person={PERSON}")).await;
    let answer = open(&browser, &back, WECOM).await;

    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/admin/articles?page=2"));
    assert_eq!(browser.cookie(PENDING_COOKIE), None);
    let home = browser.get("/admin").await;
    assert_eq!(home.status, StatusCode::OK);
    assert_eq!(home.text(".who a"), "wang 先生");
    assert_eq!(site.simulator.calls(GET_USER_INFO), 1);
    assert_eq!(misplaced(&site), (0, 0));
    let event = site.state.staff.events(None, 1).await.unwrap().remove(0);
    assert_eq!(
        (event.kind.as_str(), event.by, event.detail["with"].as_str()),
        ("signed_in", Some(member), Some("wecom"))
    );
}

#[actix_web::test]
async fn at_a_computer_wecom_is_scanned() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);

    let away = open(&browser, "/admin/sign-in/wecom", DESKTOP).await;
    assert_eq!(Url::parse(away.header("location")).unwrap().path(), SCAN);
    let back = at_wechat(&away, DESKTOP, &format!("sim_person={PERSON}")).await;

    assert_eq!(open(&browser, &back, DESKTOP).await.header("location"), "/admin");
    assert_eq!(browser.get("/admin").await.status, StatusCode::OK);
}

#[actix_web::test]
async fn in_wechat_the_official_account_signs_in_without_the_sites_token() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    let before: u64 = site.simulator.with(|world| world.calls().endpoints.values().map(|tally| tally.total).sum());

    assert_eq!(sign_in(&browser, "wechat", WECHAT).await.header("location"), "/admin");

    assert_eq!(browser.get("/admin").await.status, StatusCode::OK);
    assert_eq!(site.simulator.calls(SNS_ACCESS_TOKEN), 1);
    let after: u64 = site.simulator.with(|world| world.calls().endpoints.values().map(|tally| tally.total).sum());
    // The page and the code, and nothing else.
    assert_eq!(after - before, 2);
    assert_eq!(misplaced(&site), (0, 0));
}

#[actix_web::test]
async fn the_sign_in_page_offers_what_works_where_it_is_open() {
    let site = site().await;
    let browser = Browser::new(&site);
    let page = async |agent: &str| open(&browser, "/admin/sign-in?next=%2Fadmin%2Fmedia", agent).await;

    let desktop = page(DESKTOP).await;
    assert_eq!(desktop.text(".ways .button"), "用企业微信扫码登录");
    assert_eq!(desktop.attribute(".ways .button", "href"), "/admin/sign-in/wecom?next=%2Fadmin%2Fmedia");
    assert_eq!(desktop.text(".ways .help"), "微信登录：请在微信里打开本页。");
    let wecom = page(WECOM).await;
    assert_eq!(wecom.text(".ways .button"), "用企业微信登录");
    let wechat = page(WECHAT).await;
    assert_eq!(wechat.text(".ways .button"), "用微信登录");
    assert_eq!(wechat.attribute(".ways .button", "href"), "/admin/sign-in/wechat?next=%2Fadmin%2Fmedia");
    assert!(wechat.text(".ways .help").starts_with("企业微信登录：请在企业微信里"));
    // The way in stays when the form comes back.
    let refused = browser.post("/admin/sign-in", &[("login", "nobody"), ("password", "wrong")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.text(".ways .button"), "用企业微信扫码登录");
}

#[actix_web::test]
async fn without_an_account_there_is_no_such_way() {
    let none = TestSite::without_account().await;
    let browser = Browser::new(&none);
    assert_eq!(open(&browser, "/admin/sign-in", WECHAT).await.text(".ways"), "");
    let official = TestSite::new().await;
    let browser = Browser::new(&official);
    let page = open(&browser, "/admin/sign-in", WECHAT).await;
    assert_eq!(page.text(".ways .button"), "用微信登录");
    assert_eq!(page.text(".ways .help"), "");
    for path in ["/admin/sign-in/wecom", "/admin/sign-in/wecom/callback?code=c&state=s", "/admin/sign-in/qq"] {
        assert_eq!(open(&browser, path, DESKTOP).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[actix_web::test]
async fn a_door_that_does_not_open_here_says_where_it_does() {
    for (language, wechat, wecom) in [
        ("zh-CN", "请在微信里打开", "请换一个地方打开"),
        ("en", "Please open this in WeChat", "Please open this elsewhere"),
    ] {
        let site = site_with(&[("WXPRESS_SITE__LANGUAGE", language)]).await;
        let browser = Browser::new(&site);
        for (door, agent, headline) in
            [("wechat", DESKTOP, wechat), ("wechat", WECOM, wechat), ("wecom", WECHAT, wecom)]
        {
            let page = open(&browser, &format!("/admin/sign-in/{door}"), agent).await;
            assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, headline));
            assert_eq!(page.header("location"), "");
        }
        assert_eq!(browser.cookie(PENDING_COOKIE), None);
    }
}

/// Nobody came in: told so in one way, and WeChat was not even asked.
async fn assert_stale(site: &TestSite, browser: &Browser<'_>, back: &str, why: &str) {
    let asked = site.simulator.calls(GET_USER_INFO) + site.simulator.calls(SNS_ACCESS_TOKEN);
    let answer = open(browser, back, DESKTOP).await;
    assert_eq!((answer.status, answer.text("h1").as_str()), (StatusCode::BAD_REQUEST, "这次登录已经失效"), "{why}");
    assert_eq!(browser.cookie(SESSION_COOKIE), None, "{why}");
    assert_eq!(site.simulator.calls(GET_USER_INFO) + site.simulator.calls(SNS_ACCESS_TOKEN), asked, "{why}");
}

#[actix_web::test]
async fn only_the_browser_that_left_comes_back() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    let back = way_back(&browser, "wecom", DESKTOP, &format!("sim_person={PERSON}")).await;
    let code = code_in(&back);

    assert_stale(&site, &Browser::new(&site), &back, "another browser").await;
    let without = format!("/admin/sign-in/wecom/callback?code={code}");
    assert_stale(&site, &browser, &without, "no state").await;
    assert_stale(&site, &browser, &format!("{without}&state="), "an empty state").await;
    assert_stale(&site, &browser, &format!("{without}&state={}", "0".repeat(64)), "a wrong state").await;
    assert_stale(&site, &browser, &back.replace("/wecom/", "/wechat/"), "another door").await;
    assert_stale(&site, &browser, "/admin/sign-in/wecom/callback", "nothing at all").await;
    // None of that has spoilt the way of who left.
    assert_eq!(open(&browser, &back, DESKTOP).await.header("location"), "/admin");
}

#[actix_web::test]
async fn the_way_back_is_open_once_and_for_ten_minutes() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    let back = way_back(&browser, "wecom", DESKTOP, &format!("sim_person={PERSON}")).await;
    let cookie = browser.cookie(PENDING_COOKIE).unwrap();
    let again = async |why: &str| {
        // A browser that kept its cookie, whatever it was told.
        let asked = site.simulator.calls(GET_USER_INFO);
        let header = format!("{PENDING_COOKIE}={cookie}");
        let answer = site.send(TestRequest::get().uri(&back).insert_header(("cookie", header))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{why}");
        assert_eq!(site.simulator.calls(GET_USER_INFO), asked, "{why}");
    };

    assert_eq!(open(&browser, &back, DESKTOP).await.status, StatusCode::SEE_OTHER);
    again("a second time").await;

    let late = Browser::new(&site);
    let back = way_back(&late, "wecom", DESKTOP, &format!("sim_person={PERSON}")).await;
    site.clock.advance(Duration::from_mins(10));
    assert_stale(&site, &late, &back, "too late").await;
}

#[actix_web::test]
async fn of_two_returns_at_once_one_is_let_in() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    let back = way_back(&browser, "wecom", DESKTOP, &format!("sim_person={PERSON}")).await;

    let (one, other) = join(open(&browser, &back, DESKTOP), open(&browser, &back, DESKTOP)).await;

    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::BAD_REQUEST]);
    assert_eq!(site.simulator.calls(GET_USER_INFO), 1);
}

#[actix_web::test]
async fn a_code_that_is_used_old_or_made_up_is_good_for_nothing() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    for (door, agent) in [("wecom", DESKTOP), ("wechat", WECHAT)] {
        let somebody = format!("sim_person={PERSON}");
        let browser = Browser::new(&site);
        let used = way_back(&browser, door, agent, &somebody).await;
        assert_eq!(open(&browser, &used, agent).await.status, StatusCode::SEE_OTHER);
        let old = code_in(&way_back(&Browser::new(&site), door, agent, &somebody).await);
        site.simulator.advance(Duration::from_mins(5));
        for code in [&code_in(&used), &old, "forged", "f%00g", &"x".repeat(1025)] {
            let browser = Browser::new(&site);
            let back = way_back(&browser, door, agent, &somebody).await;
            let fresh = code_in(&back);
            let answer = open(&browser, &back.replace(&fresh, code), agent).await;
            assert_eq!(
                (answer.status, answer.text("h1").as_str()),
                (StatusCode::BAD_REQUEST, "这次登录已经失效"),
                "{code}"
            );
            assert_eq!(browser.cookie(SESSION_COOKIE), None);
            // What was not used is not spoilt either, but the way back was.
            assert_eq!(open(&browser, &back, agent).await.status, StatusCode::BAD_REQUEST);
        }
    }
    assert_eq!(misplaced(&site), (0, 0));
}

#[actix_web::test]
async fn an_attackers_way_back_is_closed_to_the_victim() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let attacker = Browser::new(&site);
    let trap = way_back(&attacker, "wecom", DESKTOP, &format!("sim_person={PERSON}")).await;

    // The victim was never away, is away, or works: never do they become the attacker.
    let victim = Browser::new(&site);
    assert_stale(&site, &victim, &trap, "never away").await;
    let own = way_back(&victim, "wecom", DESKTOP, "sim_person=LiLei").await;
    assert_stale(&site, &victim, &trap, "away themselves").await;
    assert_eq!(open(&victim, &own, DESKTOP).await.text("#external-id"), "LiLei");
    let editor = Browser::of(&site, "chen", Role::Editor).await;
    let session = editor.cookie(SESSION_COOKIE);
    assert_eq!(open(&editor, &trap, DESKTOP).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(editor.cookie(SESSION_COOKIE), session);
    assert_eq!(editor.get("/admin").await.text(".who a"), "chen 先生");
}

#[actix_web::test]
async fn nobody_comes_in_who_was_not_bound() {
    for (language, headline, label) in [
        ("zh-CN", "这个企业微信账号还不能登录后台", "企业微信账号（UserID）"),
        ("en", "This WeCom account cannot sign in here yet", "WeCom account (UserID)"),
    ] {
        let site = site_with(&[("WXPRESS_SITE__LANGUAGE", language)]).await;
        bound(&site, Role::Writer).await;
        let before = people(&site).await;
        let browser = Browser::new(&site);
        // No real id has these letters; whatever comes must come out harmless.
        let back = way_back(&browser, "wecom", DESKTOP, "sim_person=%3Cscript%3Ealert(1)%3C/script%3E").await;

        let answer = open(&browser, &back, DESKTOP).await;

        assert_eq!((answer.status, answer.text("h1").as_str()), (StatusCode::FORBIDDEN, headline));
        assert_eq!(
            (answer.text("dt").as_str(), answer.text("#external-id").as_str()),
            (label, "<script>alert(1)</script>")
        );
        assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
        assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), ("no-store", "no-referrer"));
        assert_eq!((browser.cookie(SESSION_COOKIE), browser.cookie(PENDING_COOKIE)), (None, None));
        assert_eq!(people(&site).await, before);
    }
}

#[actix_web::test]
async fn the_openid_is_shown_so_that_it_can_be_bound() {
    let site = site().await;
    let member = Browser::of(&site, "wang", Role::Writer).await.member.unwrap();
    let browser = Browser::new(&site);
    let answer = sign_in(&browser, "wechat", WECHAT).await;
    assert_eq!(answer.text("h1"), "这个微信账号还不能登录后台");
    let shown = answer.text("#external-id");
    assert_eq!(shown, open_id(APP_ID, PERSON));
    // A userid of the same letters is somebody else.
    site.state.staff.bind_identity(By::Operator, member, &wecom(&shown)).await.unwrap();
    assert_eq!(sign_in(&browser, "wechat", WECHAT).await.status, StatusCode::FORBIDDEN);
    let identity = Identity { platform: Platform::Official, external_id: shown };
    site.state.staff.bind_identity(By::Operator, member, &identity).await.unwrap();
    assert_eq!(sign_in(&browser, "wechat", WECHAT).await.status, StatusCode::SEE_OTHER);
    // And no longer once an administrator has taken it back.
    site.state.staff.unbind_identity(By::Operator, member, Platform::Official).await.unwrap();
    assert_eq!(sign_in(&Browser::new(&site), "wechat", WECHAT).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn somebody_disabled_is_told_what_a_stranger_is_told() {
    let site = site().await;
    Browser::of(&site, "chief", Role::Administrator).await;
    let member = bound(&site, Role::Writer).await;
    site.state.staff.disable(By::Operator, member).await.unwrap();
    let browser = Browser::new(&site);
    let disabled = sign_in(&browser, "wecom", DESKTOP).await;
    site.state.staff.unbind_identity(By::Operator, member, Platform::WeCom).await.unwrap();
    let stranger = sign_in(&browser, "wecom", DESKTOP).await;
    assert_eq!(disabled.status, StatusCode::FORBIDDEN);
    assert_eq!(disabled.body, stranger.body);
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
}

#[actix_web::test]
async fn somebody_demoted_comes_in_as_what_they_are_now() {
    let site = site().await;
    Browser::of(&site, "chief", Role::Administrator).await;
    let member = bound(&site, Role::Administrator).await;
    let browser = Browser::new(&site);
    let back = way_back(&browser, "wecom", DESKTOP, &format!("sim_person={PERSON}")).await;
    site.state.staff.change_role(By::Operator, member, Role::Writer).await.unwrap();

    let answer = open(&browser, &back, DESKTOP).await;

    // Their authenticator is still asked for.
    assert!(answer.header("location").starts_with("/admin/second-step?"), "{}", answer.header("location"));
    let session = site.state.staff.session(&browser.cookie(SESSION_COOKIE).unwrap()).await.unwrap();
    assert_eq!(session.state(), SessionState::NeedsTotp);
}

#[actix_web::test]
async fn the_second_step_and_the_password_are_still_asked_for() {
    let site = site().await;
    let editor = Browser::of(&site, "chen", Role::Editor).await;
    site.state.staff.bind_identity(By::Operator, editor.member.unwrap(), &wecom(PERSON)).await.unwrap();
    let browser = Browser::new(&site);
    let away = open(&browser, "/admin/sign-in/wecom?next=%2Fadmin%2Fmedia", DESKTOP).await;
    let back = at_wechat(&away, DESKTOP, &format!("sim_person={PERSON}")).await;

    let answer = open(&browser, &back, DESKTOP).await;

    assert_eq!(answer.header("location"), "/admin/second-step?next=%2Fadmin%2Fmedia");
    assert!(browser.get("/admin").await.header("location").starts_with("/admin/second-step"));
    let staff = &site.state.staff;
    let session = staff.session(&browser.cookie(SESSION_COOKIE).unwrap()).await.unwrap();
    let visitor = Visitor { address: "192.0.2.1".parse().unwrap(), agent: String::new() };
    site.clock.advance(Duration::from_mins(1));
    browser.take(&staff.pass_totp(&session, &editor.code(), &visitor).await.unwrap());
    assert_eq!(browser.get("/admin").await.status, StatusCode::OK);
    // WeCom vouches for the person, not for the password.
    let session = staff.session(&browser.cookie(SESSION_COOKIE).unwrap()).await.unwrap();
    assert!(!session.is_confirmed(site.clock.now()));
}

#[actix_web::test]
async fn the_way_on_stays_in_the_back_office() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    for next in [
        "https://evil.cn/",
        "//evil.cn/admin",
        "/\\evil.cn",
        "/admin//evil.cn",
        "/admin/\r\nset-cookie: x=1",
        "javascript:alert(1)",
        "/articles/x",
        "evil.cn/admin",
        &format!("/admin/{}", "x".repeat(600)),
    ] {
        let browser = Browser::new(&site);
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let away = open(&browser, &format!("/admin/sign-in/wecom?{query}"), DESKTOP).await;
        let back = at_wechat(&away, DESKTOP, &format!("sim_person={PERSON}")).await;
        assert_eq!(open(&browser, &back, DESKTOP).await.header("location"), "/admin", "{next}");
    }
}

#[actix_web::test]
async fn who_declines_who_is_a_stranger_and_who_does_not_exist_are_told_so() {
    for (language, words) in [
        ("zh-CN", ["没有完成授权", "您不是本企业的成员", "微信没有给出真实身份"]),
        (
            "en",
            [
                "The sign-in was not finished",
                "You are not a member of this organisation",
                "WeChat did not say who you are",
            ],
        ),
    ] {
        let site = site_with(&[("WXPRESS_SITE__LANGUAGE", language)]).await;
        bound(&site, Role::Writer).await;
        let browser = Browser::new(&site);
        let back = way_back(&browser, "wecom", DESKTOP, "sim_deny=1").await;
        assert_eq!(open(&browser, &back, DESKTOP).await.text("h1"), words[0]);
        site.simulator.with(|world| world.add_outsider("Stranger"));
        let back = way_back(&browser, "wecom", DESKTOP, "sim_person=Stranger").await;
        let answer = open(&browser, &back, DESKTOP).await;
        assert_eq!((answer.text("h1").as_str(), answer.text("#external-id").as_str()), (words[1], ""));
        site.simulator.with(|world| world.show_snapshots(true));
        let answer = sign_in(&browser, "wechat", WECHAT).await;
        assert_eq!((answer.status, answer.text("h1").as_str()), (StatusCode::FORBIDDEN, words[2]));
        assert_eq!(browser.cookie(SESSION_COOKIE), None);
    }
}

#[actix_web::test]
async fn what_wechat_refuses_is_explained_with_its_number() {
    for (language, headline, cure) in
        [("zh-CN", "企业微信拒绝了这次登录", "企业可信IP"), ("en", "WeCom refused this sign-in", "企业可信IP")]
    {
        let site = site_with(&[("WXPRESS_SITE__LANGUAGE", language)]).await;
        let browser = Browser::new(&site);
        site.simulator.fault(GET_USER_INFO, Fault::Errcode { code: 60020, message: None }, Some(1));
        let answer = sign_in(&browser, "wecom", DESKTOP).await;
        assert_eq!((answer.status, answer.text("h1").as_str()), (StatusCode::BAD_GATEWAY, headline));
        assert_eq!(answer.text("#external-id"), "60020");
        assert!(answer.text(".warning").contains(cure));
        // The machine's address is for the log.
        assert!(!answer.body.contains("127.0.0.1, more info"), "{}", answer.body);
        site.simulator.fault(GET_USER_INFO, Fault::Errcode { code: 50001, message: None }, Some(1));
        assert!(sign_in(&browser, "wecom", DESKTOP).await.text(".warning").contains("授权回调域"));
        site.simulator.fault(SNS_ACCESS_TOKEN, Fault::Errcode { code: 40125, message: None }, Some(1));
        assert!(sign_in(&browser, "wechat", WECHAT).await.text(".warning").contains("app_secret"));
    }
}

#[actix_web::test]
async fn when_nobody_answers_the_password_is_still_there() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    for fault in [
        Fault::Errcode { code: -1, message: None },
        Fault::Status { status: 502 },
        Fault::NotJson,
        Fault::Empty,
        Fault::Truncated,
        Fault::CutOff,
        Fault::HugeBody { bytes: 10_000_000 },
        Fault::Redirect { location: "https://evil.cn/".to_owned() },
    ] {
        for (door, agent, endpoint) in [("wecom", DESKTOP, GET_USER_INFO), ("wechat", WECHAT, SNS_ACCESS_TOKEN)] {
            site.simulator.fault(endpoint, fault.clone(), Some(1));
            let answer = sign_in(&browser, door, agent).await;
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{fault:?} {door}: {}", answer.body);
            assert!(answer.body.contains("用密码登录"));
        }
    }
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
    assert_eq!(sign_in(&browser, "wecom", DESKTOP).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn a_token_that_died_is_renewed_and_no_code_is_spent_without_one() {
    let mut site = TestSite::with_both_accounts().await;
    bound(&site, Role::Writer).await;
    let early = sign_in(&Browser::new(&site), "wecom", DESKTOP).await;
    assert_eq!((early.status, site.simulator.calls(GET_USER_INFO)), (StatusCode::SERVICE_UNAVAILABLE, 0));
    site.keep().await;
    let revoked = format!("token:{}", AGENT_ID);
    assert!(site.simulator.with(|world| world.revoke(CORP_ID, &revoked)));

    assert_eq!(sign_in(&Browser::new(&site), "wecom", DESKTOP).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let before = site.simulator.calls(GET_TOKEN);
    site.keep().await;

    assert_eq!(site.simulator.calls(GET_TOKEN), before + 1);
    assert_eq!(sign_in(&Browser::new(&site), "wecom", DESKTOP).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn nothing_secret_is_shown_or_logged() {
    let log = Log::default();
    let _listening = log.listen();
    let site = site().await;
    bound(&site, Role::Writer).await;
    let (mut seen, mut codes) = (String::new(), Vec::new());
    let faults = [
        None,
        Some(Fault::Errcode { code: 40125, message: None }),
        Some(Fault::Errcode { code: 60020, message: None }),
        Some(Fault::Errcode { code: 40029, message: None }),
        Some(Fault::CutOff),
        Some(Fault::Redirect { location: "http://127.0.0.1:1/".to_owned() }),
    ];
    for fault in faults {
        for (door, agent, endpoint) in [("wecom", DESKTOP, GET_USER_INFO), ("wechat", WECHAT, SNS_ACCESS_TOKEN)] {
            if let Some(fault) = &fault {
                site.simulator.fault(endpoint, fault.clone(), Some(1));
            }
            let browser = Browser::new(&site);
            let away = open(&browser, &format!("/admin/sign-in/{door}"), agent).await;
            let back = at_wechat(&away, agent, &format!("sim_person={PERSON}")).await;
            codes.push(code_in(&back));
            let answer = open(&browser, &back, agent).await;
            for answer in [&away, &answer] {
                seen += &answer.body;
                seen.extend(answer.headers.values().map(|value| value.to_str().unwrap()));
            }
        }
    }
    let token = site.state.credentials.held_token(site.state.wecom.as_ref().unwrap()).unwrap();
    seen += &log.text();
    assert!(log.text().contains("it could not be learnt who wants to sign in"));
    for secret in [APP_SECRET, CORP_SECRET, token.value.expose()] {
        assert!(!seen.contains(secret), "{secret}");
    }
    // The personal tokens of the simulator begin like this.
    assert!(!seen.contains("87_"));
    assert!(codes.iter().all(|code| !seen.contains(code.as_str())));
}

#[actix_web::test]
async fn the_way_back_is_made_of_the_settings_alone() {
    let base = ("WXPRESS_SITE__BASE_URL", "https://news.example.cn/mp");
    let redirect_uri = async |site: &TestSite, host: &str| {
        let request = TestRequest::get().uri("/mp/admin/sign-in/wecom").insert_header(("host", host));
        let answer = site.send(request.insert_header(("x-forwarded-host", "evil.cn"))).await;
        let page = Url::parse(answer.header("location")).ok()?;
        let uri = page.query_pairs().find(|(name, _)| name == "redirect_uri")?.1.into_owned();
        Some((uri, answer.header("set-cookie").to_owned()))
    };
    let site = site_with(&[base]).await;
    let (uri, cookie) = redirect_uri(&site, "evil.cn").await.unwrap();
    assert_eq!(uri, "https://news.example.cn/mp/admin/sign-in/wecom/callback");
    assert!(cookie.starts_with("__Secure-wxpress-oauth=") && cookie.contains("Path=/mp/admin"), "{cookie}");
    let site = site_with(&[base, ("WXPRESS_SERVER__ADMIN_HOST", "desk.example.cn")]).await;
    let (uri, cookie) = redirect_uri(&site, "desk.example.cn").await.unwrap();
    assert_eq!(uri, "https://desk.example.cn/mp/admin/sign-in/wecom/callback");
    assert!(cookie.starts_with("__Host-wxpress-oauth="), "{cookie}");
    assert_eq!(redirect_uri(&site, "news.example.cn").await, None);
}

#[actix_web::test]
async fn below_a_path_the_whole_way_works() {
    let site = site_with(&[("WXPRESS_SITE__BASE_URL", "https://news.example.cn/mp")]).await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    let away = open(&browser, "/mp/admin/sign-in/wecom?next=%2Fmp%2Fadmin%2Fmedia", DESKTOP).await;
    let back = at_wechat(&away, DESKTOP, &format!("sim_person={PERSON}")).await;
    assert_eq!(open(&browser, &back, DESKTOP).await.header("location"), "/mp/admin/media");
}

#[actix_web::test]
async fn one_address_cannot_try_for_ever() {
    let site = site().await;
    let browser = Browser::new(&site);
    let mut refused = 0;
    for _ in 0..100 {
        let answer = open(&browser, "/admin/sign-in/wecom/callback?code=c&state=s", DESKTOP).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!((20..=40).contains(&refused), "{refused}");
    assert_eq!(open(&browser, "/admin/sign-in/wecom", DESKTOP).await.status, StatusCode::TOO_MANY_REQUESTS);
    // The password's own limit is another.
    assert_eq!(open(&browser, "/admin/sign-in", DESKTOP).await.status, StatusCode::OK);
}

#[actix_web::test]
async fn looking_at_the_way_back_does_not_use_it_up() {
    let site = site().await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    let back = way_back(&browser, "wecom", DESKTOP, &format!("sim_person={PERSON}")).await;
    browser.send(TestRequest::default().method(Method::HEAD).uri(&back)).await;
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
    assert_eq!(open(&browser, &back, DESKTOP).await.status, StatusCode::SEE_OTHER);
}

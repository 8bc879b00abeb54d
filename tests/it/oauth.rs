//! Signing in with WeCom and with WeChat: the ways in, and everything by which somebody might come in who should not.

mod misuse;
mod trouble;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use url::Url;
use wxpress::simulator::{AUTHORIZE, GET_USER_INFO, SCAN, SNS_ACCESS_TOKEN, open_id};
use wxpress::staff::{By, Identity, MemberId, Platform, Role, SessionState, Visitor};

use crate::office::{Browser, SESSION_COOKIE};
use crate::site::{APP_ID, Answer, TestSite};

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
    assert_eq!(answer.header("location"), "/admin/second-step");
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
async fn below_a_path_the_whole_way_works() {
    let site = site_with(&[("WXPRESS_SITE__BASE_URL", "https://news.example.cn/mp")]).await;
    bound(&site, Role::Writer).await;
    let browser = Browser::new(&site);
    let away = open(&browser, "/mp/admin/sign-in/wecom?next=%2Fmp%2Fadmin%2Fmedia", DESKTOP).await;
    let back = at_wechat(&away, DESKTOP, &format!("sim_person={PERSON}")).await;
    assert_eq!(open(&browser, &back, DESKTOP).await.header("location"), "/mp/admin/media");
}

//! Ways in for somebody who should not come in: states and codes that are not theirs, addresses that lead elsewhere.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use futures_util::future::join;
use url::Url;
use wxpress::simulator::{Fault, GET_USER_INFO, SNS_ACCESS_TOKEN};
use wxpress::staff::Role;

use super::{
    DESKTOP, PENDING_COOKIE, PERSON, WECHAT, at_wechat, bound, code_in, misplaced, open, site, site_with, way_back,
};
use crate::faults::Log;
use crate::office::{Browser, SESSION_COOKIE};
use crate::site::{APP_SECRET, CORP_SECRET, TestSite};

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
        let on = open(&browser, &back, DESKTOP).await.header("location").to_owned();
        let address = Url::parse("https://news.example.cn").unwrap().join(&on).unwrap();
        assert_eq!(address.origin().ascii_serialization(), "https://news.example.cn", "{next}");
        assert!(on == "/admin" || (on.starts_with("/admin/") && next.starts_with("/admin/")), "{next} → {on}");
    }
}

#[actix_web::test]
async fn whoever_is_in_is_not_sent_away() {
    let site = site().await;
    let editor = Browser::of(&site, "chen", Role::Editor).await;
    let session = editor.cookie(SESSION_COOKIE);
    let answer = open(&editor, "/admin/sign-in/wecom?next=%2Fadmin%2Fmedia", DESKTOP).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/admin/media"));
    assert_eq!((editor.cookie(SESSION_COOKIE), editor.cookie(PENDING_COOKIE)), (session, None));
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
                seen.extend(answer.headers.iter().map(|(_, value)| value.to_str().unwrap()));
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

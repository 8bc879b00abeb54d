//! The page on which an administrator sees how the WeChat accounts are doing: in order, in every kind of trouble, and
//! what can be asked for there.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use wxpress::credentials::overview::Asked;
use wxpress::credentials::{Keeper, Kind};
use wxpress::simulator::{AGENT_TICKET, CORP_TICKET, Fault, GET_TICKET, GET_TOKEN, STABLE_TOKEN};
use wxpress::staff::Role;
use wxpress::state::AppState;
use wxpress::stats::ConfigResult;
use wxpress::wechat::Platform;

use crate::office::Browser;
use crate::site::{APP_ID, Answer, TestSite};

const PAGE: &str = "/admin/wechat";

fn pass(site: &TestSite, time: Duration) {
    site.clock.advance(time);
    site.simulator.advance(time);
}

/// Lets keepers that were taken from their site, which a browser looks at meanwhile, do what is due.
pub(crate) async fn step(keepers: &mut [Keeper]) {
    for keeper in keepers {
        keeper.step().await;
    }
}

fn refuse(site: &TestSite, endpoint: &str, code: i64) {
    site.simulator.fault(endpoint, Fault::Errcode { code, message: None }, None);
}

/// Whatever nobody may see on a page.
fn assert_no_secret(site: &TestSite, answer: &Answer) {
    assert!(!answer.body.contains("CANARY"), "a secret is on the page");
    for account in site.state.official.iter().chain(&site.state.wecom) {
        let credentials = &site.state.credentials;
        let token = credentials.held_token(account).map(|held| held.value.expose().to_owned());
        let tickets = [Kind::JsapiTicket, Kind::AgentTicket].map(|kind| credentials.held_ticket(account, kind));
        let tickets = tickets.into_iter().flatten().map(|held| held.value.expose().to_owned());
        for value in token.into_iter().chain(tickets) {
            assert!(!value.is_empty() && !answer.body.contains(&value), "a token or ticket is on the page");
        }
    }
}

#[actix_web::test]
async fn only_administrators_see_the_accounts_or_ask_for_anything() {
    let site = TestSite::new().await;
    for (login, role) in [("wen", Role::Writer), ("bian", Role::Editor)] {
        let browser = Browser::of(&site, login, role).await;
        browser.get("/admin").await;
        for path in [PAGE, "/admin/wechat/check"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
        for path in ["/admin/wechat/retry", "/admin/wechat/force"] {
            let answer = browser.post(path, &[("account", &format!("official/{APP_ID}"))]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
        assert!(!browser.get("/admin").await.body.contains("href=\"/admin/wechat\""), "{login} is shown the way");
    }
    assert!(Browser::new(&site).get(PAGE).await.header("location").starts_with("/admin/sign-in"));
}

#[actix_web::test]
async fn an_account_in_order_shows_what_it_holds_and_no_value() {
    let mut site = TestSite::with_both_accounts().await;
    site.keep().await;
    pass(&site, Duration::from_mins(5));
    let browser = Browser::of(&site, "guan", Role::Administrator).await;

    let page = browser.get(PAGE).await;

    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "access_token",
        "jsapi_ticket",
        "agent_ticket",
        "1 小时 55 分钟",
        "5 分钟前",
        "1 / 100",
        APP_ID,
        "AgentID 1000002",
    ] {
        assert!(page.body.contains(part), "{part} is not on the page");
    }
    assert_eq!(page.text("section:nth-of-type(2) .state"), "正常");
    assert!(!page.body.contains("最近一次错误"));
    assert_no_secret(&site, &page);
    assert_no_secret(&site, &browser.get("/admin").await);
}

#[actix_web::test]
async fn a_process_that_fetched_nothing_shows_what_another_one_holds() {
    let site = TestSite::new().await;
    let (other, keepers) = AppState::build(site.state.config.clone(), site.clock.clone()).await.unwrap();
    let refused = Fault::Errcode { code: -1, message: None };
    site.simulator.fault(GET_TICKET, refused, None);
    for mut keeper in keepers {
        keeper.step().await;
    }
    let account = site.state.official.as_ref().unwrap();
    assert!(site.state.credentials.held_token(account).is_none(), "this process must know nothing");
    assert!(other.credentials.held_token(account).is_some());

    let page = Browser::of(&site, "guan", Role::Administrator).await.get(PAGE).await;

    assert!(page.body.contains("1 小时 59 分钟") || page.body.contains("2 小时 0 分钟"), "{}", page.text("main"));
    assert!(page.text("main").contains("微信系统繁忙"), "{}", page.text("main"));
    drop(Arc::clone(&other));
}

#[actix_web::test]
async fn every_trouble_is_told_with_its_cause_and_the_button_to_press() {
    for (endpoint, fault, code, meaning, cure) in [
        (STABLE_TOKEN, 40164, "40164", "出口 IP 不在公众号的 IP 白名单里", "IP白名单"),
        (STABLE_TOKEN, 40125, "40125", "AppSecret 不对或已被重置", "点「重置」"),
        (STABLE_TOKEN, 40013, "40013", "AppID 不对", "重新复制 AppID"),
        (STABLE_TOKEN, 40243, "40243", "AppSecret 被冻结", "点「解冻」"),
        (GET_TICKET, 48001, "48001", "没有这个接口的权限", "完成认证"),
        (GET_TICKET, 45009, "45009", "当日调用次数已用完", "清零"),
        (GET_TOKEN, 60020, "60020", "企业可信 IP", "企业可信IP"),
        (CORP_TICKET, -1, "-1", "微信系统繁忙", "无需处理"),
        (AGENT_TICKET, 301_002, "301002", "该应用没有这个接口的权限", "应用管理"),
        (STABLE_TOKEN, 99_999, "99999", "词典里没有的错误", "rid"),
    ] {
        let mut site = TestSite::with_both_accounts().await;
        refuse(&site, endpoint, fault);
        site.keep().await;
        let browser = Browser::of(&site, "guan", Role::Administrator).await;

        let page = browser.get(PAGE).await;

        let text = page.text("#accounts");
        for part in [code, meaning, cure, "连续失败次数", "有问题"] {
            assert!(text.contains(part), "{code}: {part} is not on the page: {text}");
        }
        // Both platforms name the request, each in its own form.
        assert!(text.contains("请求编号（rid）"), "{code}: {text}");
        assert_no_secret(&site, &page);
        let home = browser.get("/admin").await;
        assert!(home.text(".findings").contains(meaning) && home.text("main").contains("查看公众号状态"), "{code}");
        assert_no_secret(&site, &home);
    }
}

#[actix_web::test]
async fn silence_and_strange_answers_are_told_apart() {
    for (fault, meaning) in
        [(Fault::Status { status: 502 }, "回答不像是微信给的"), (Fault::NotJson, "回答不像是微信给的")]
    {
        let mut site = TestSite::new().await;
        site.simulator.fault(STABLE_TOKEN, fault, None);
        site.keep().await;
        let page = Browser::of(&site, "guan", Role::Administrator).await.get(PAGE).await;
        assert!(page.text("#accounts").contains(meaning), "{}", page.text("#accounts"));
    }
}

#[actix_web::test]
async fn what_wechat_answers_is_text_and_nothing_else() {
    let mut site = TestSite::new().await;
    let message = Some("<script>alert(1)</script>\"><img src=x onerror=alert(2)>".to_owned());
    site.simulator.fault(STABLE_TOKEN, Fault::Errcode { code: 40164, message }, None);
    site.keep().await;
    let browser = Browser::of(&site, "guan", Role::Administrator).await;
    for path in [PAGE, "/admin"] {
        let page = browser.get(path).await;
        assert!(page.text("main").contains("<script>alert(1)</script>"), "{path}: it is not shown at all");
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{path}");
    }
}

#[actix_web::test]
async fn who_mended_something_need_not_wait_and_cannot_hammer() {
    let mut site = TestSite::new().await;
    let mut keepers = std::mem::take(&mut site.keepers);
    refuse(&site, STABLE_TOKEN, 40164);
    step(&mut keepers).await;
    site.simulator.with(wxpress::simulator::World::clear_faults);
    let browser = Browser::of(&site, "guan", Role::Administrator).await;
    let account = format!("official/{APP_ID}");
    let page = browser.get(PAGE).await;
    assert_eq!(page.attribute("form[action$=retry] input[name=account]", "value"), account);

    // A moment after the attempt that failed.
    let early = browser.post("/admin/wechat/retry", &[("account", &account)]).await;
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(early.text(".errors").contains("请等 10 秒再试"), "{}", early.text(".errors"));
    step(&mut keepers).await;
    assert_eq!(site.simulator.calls(STABLE_TOKEN), 1);

    // The next attempt would be in five minutes.
    pass(&site, Duration::from_secs(11));
    step(&mut keepers).await;
    assert_eq!(site.simulator.calls(STABLE_TOKEN), 1);
    let asked = browser.post("/admin/wechat/retry", &[("account", &account)]).await;
    assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, "/admin/wechat?done=retrying"));
    assert!(browser.follow(&asked).await.text(".notice").contains("已请求重试"));
    step(&mut keepers).await;

    assert!(site.ticket().is_some());
    let page = browser.get(PAGE).await;
    assert!(!page.text("#accounts").contains("最近一次错误"));
    assert_no_secret(&site, &page);
}

#[actix_web::test]
async fn nobody_is_asked_on_behalf_of_an_account_that_is_not_ours() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "guan", Role::Administrator).await;
    browser.get(PAGE).await;
    for path in ["/admin/wechat/retry", "/admin/wechat/force"] {
        for account in ["", "official/wx0", "<script>"] {
            let answer = browser.post(path, &[("account", account)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {account}");
            assert!(answer.text(".errors").contains("这个账号不能这样操作"));
        }
    }
    let requests = actix_web::test::TestRequest::post()
        .uri("/admin/wechat/retry")
        .insert_header(("sec-fetch-site", "same-origin"));
    let forged = browser.send(requests.set_payload(format!("csrf=wrong&account=official/{APP_ID}"))).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn another_token_is_forced_only_with_the_password_fresh_in_mind() {
    let mut site = TestSite::new().await;
    let mut keepers = std::mem::take(&mut site.keepers);
    step(&mut keepers).await;
    let browser = Browser::of(&site, "guan", Role::Administrator).await;
    let account = format!("official/{APP_ID}");
    let token = |site: &TestSite| {
        let account = site.state.official.clone().unwrap();
        site.state.credentials.held_token(&account).unwrap().value.expose().to_owned()
    };
    let before = token(&site);
    // The password was typed too long ago.
    pass(&site, Duration::from_mins(11));
    let page = browser.get(PAGE).await;
    assert!(page.attribute("details a", "href").starts_with("/admin/confirm?next=/admin/wechat"));
    assert!(!page.body.contains("action=\"/admin/wechat/force\""));
    let refused = browser.post("/admin/wechat/force", &[("account", &account)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    step(&mut keepers).await;
    assert_eq!(token(&site), before);

    let browser = Browser::of(&site, "guan2", Role::Administrator).await;
    let page = browser.get(PAGE).await;
    assert!(page.body.contains("action=\"/admin/wechat/force\"") && page.body.contains("今天已用 0 次"));
    let asked = browser.post("/admin/wechat/force", &[("account", &account)]).await;
    assert_eq!(asked.header("location"), "/admin/wechat?done=forcing");
    step(&mut keepers).await;

    assert_ne!(token(&site), before);
    assert!(site.ticket().is_some());
    let page = browser.get(PAGE).await;
    assert!(page.body.contains("今天已用 1 次"));
    assert_no_secret(&site, &page);
    // WeChat would not listen within half a minute.
    pass(&site, Duration::from_secs(20));
    let again = browser.post("/admin/wechat/force", &[("account", &account)]).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(again.text(".errors").contains("请等 15 秒再试"), "{}", again.text(".errors"));
}

#[actix_web::test]
async fn no_day_has_more_forced_renewals_than_wechat_allows() {
    let mut site = TestSite::new().await;
    site.keep().await;
    let account = site.state.official.as_ref().unwrap().to_string();
    for _ in 0..20 {
        pass(&site, Duration::from_secs(40));
        assert_eq!(site.state.overview.force(&account).await.unwrap(), Asked::Told);
        site.keep().await;
    }
    let calls = site.simulator.calls(STABLE_TOKEN);
    assert_eq!(calls, 21);

    pass(&site, Duration::from_secs(40));
    assert_eq!(site.state.overview.force(&account).await.unwrap(), Asked::UsedUp);
    site.keep().await;
    assert_eq!(site.simulator.calls(STABLE_TOKEN), calls);
    pass(&site, Duration::from_hours(24));
    site.keep().await;
    pass(&site, Duration::from_secs(40));
    assert_eq!(site.state.overview.force(&account).await.unwrap(), Asked::Told);
}

#[actix_web::test]
async fn where_force_means_nothing_it_is_not_offered() {
    let mut site = TestSite::with(&[("WXPRESS_WECHAT__OFFICIAL__TOKEN_ENDPOINT", "classic")]).await;
    site.keep().await;
    let browser = Browser::of(&site, "guan", Role::Administrator).await;
    assert!(!browser.get(PAGE).await.body.contains("强制更新"));
    let answer = browser.post("/admin/wechat/force", &[("account", &format!("official/{APP_ID}"))]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn readers_phones_are_summed_up_in_a_sentence() {
    let mut site = TestSite::new().await;
    site.keep().await;
    for (result, times) in [(ConfigResult::Ok, 987), (ConfigResult::InvalidSignature, 13)] {
        for _ in 0..times {
            site.state.stats.count_config(Platform::Official, result);
        }
    }
    site.state.stats.flush().await.unwrap();
    let browser = Browser::of(&site, "guan", Role::Administrator).await;

    let text = browser.get(PAGE).await.text("#accounts");
    assert!(text.contains("最近 24 小时，98.7 % 的读者配置成功（共 1,000 次）。"), "{text}");
    assert!(text.contains("签名无效") && !text.contains("只有 98.7 %"), "{text}");

    // A day later it is last week's; and now most phones refuse.
    pass(&site, Duration::from_hours(26));
    for (result, times) in [(ConfigResult::Ok, 10), (ConfigResult::InvalidDomain, 30)] {
        for _ in 0..times {
            site.state.stats.count_config(Platform::Official, result);
        }
    }
    site.state.stats.flush().await.unwrap();
    let browser = Browser::of(&site, "guan2", Role::Administrator).await;
    let text = browser.get(PAGE).await.text("#accounts");
    assert!(text.contains("最近 24 小时，25.0 % 的读者配置成功（共 40 次）。"), "{text}");
    assert!(text.contains("最近 7 天，95.8 % 的读者配置成功（共 1,040 次）。"), "{text}");
    assert!(text.contains("只有 25.0 % 的读者配置成功") && text.contains("JS接口安全域名"), "{text}");
}

#[actix_web::test]
async fn a_phone_that_is_refused_twice_is_one_reader_and_one_that_recovers_is_served() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let token = site.get("/articles/spring").await.share()["beacon"]["token"].as_str().unwrap().to_owned();
    for outcome in ["error", "error_again", "error", "ok_again", "ok"] {
        let body = format!(
            r#"{{"token":"{token}","event":"config","outcome":"{outcome}","message":"x","account":"official"}}"#
        );
        site.post("/api/v1/beacon", &body).await;
    }
    site.state.stats.flush().await.unwrap();

    let text = Browser::of(&site, "guan", Role::Administrator).await.get(PAGE).await.text("#accounts");
    assert!(text.contains("最近 24 小时，66.6 % 的读者配置成功（共 3 次）。"), "{text}");
}

#[actix_web::test]
async fn a_site_without_an_account_says_what_that_means() {
    let site = TestSite::without_account().await;
    let browser = Browser::of(&site, "guan", Role::Administrator).await;

    let page = browser.get(PAGE).await;

    assert!(page.text(".warning").contains("还没有设置公众号或企业微信"));
    assert!(page.text(".findings").contains("wechat.official.app_id"));
}

#[actix_web::test]
async fn the_full_check_walks_from_the_settings_to_the_page() {
    // Nobody listens there; the check says so instead of failing.
    let mut site = TestSite::with(&[
        ("WXPRESS_SITE__BASE_URL", "https://127.0.0.1:1"),
        ("WXPRESS_WECHAT__SDK_URLS", "http://127.0.0.1:1/sdk.js"),
    ])
    .await;
    site.keep().await;
    let calls = site.simulator.calls(STABLE_TOKEN);
    let browser = Browser::of(&site, "guan", Role::Administrator).await;

    let page = browser.get("/admin/wechat/check").await;

    assert_eq!(page.status, StatusCode::OK);
    let text = page.text(".findings");
    for part in ["取到 access_token", "签名算法与微信官方示例一致", "从外面打不开自己的页面", "下载不到 JS-SDK"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(site.simulator.calls(STABLE_TOKEN), calls, "looking must cost nothing");
    assert_no_secret(&site, &page);
}

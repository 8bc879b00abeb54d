//! What is said when WeChat or WeCom does not say who somebody is.

use actix_web::http::StatusCode;
use wxpress::simulator::{Fault, GET_TOKEN, GET_USER_INFO, SNS_ACCESS_TOKEN};
use wxpress::staff::Role;

use super::{DESKTOP, WECHAT, bound, open, sign_in, site, site_with, way_back};
use crate::office::{Browser, SESSION_COOKIE};
use crate::site::{AGENT_ID, CORP_ID, TestSite};

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
    let revoked = format!("token:{AGENT_ID}");
    assert!(site.simulator.with(|world| world.revoke(CORP_ID, &revoked)));

    assert_eq!(sign_in(&Browser::new(&site), "wecom", DESKTOP).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let before = site.simulator.calls(GET_TOKEN);
    site.keep().await;

    assert_eq!(site.simulator.calls(GET_TOKEN), before + 1);
    assert_eq!(sign_in(&Browser::new(&site), "wecom", DESKTOP).await.status, StatusCode::SEE_OTHER);
}

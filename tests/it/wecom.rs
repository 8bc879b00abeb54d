//! A site with both kinds of account: what its pages carry, and the files by which the accounts know the domain.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use wxpress::content::{Actor, VerificationFile};
use wxpress::fetch::Fetch;

use crate::site::{AGENT_ID, CORP_ID, TestSite};

/// What a client says about the values, by the simulator's own tickets.
async fn judged(site: &TestSite, values: &Value, url: &str) -> Value {
    let id = if values["appId"].is_string() { &values["appId"] } else { &values["corpid"] };
    let mut question = json!({
        "app_id": id, "url": url, "nonce_str": values["nonceStr"],
        "timestamp": values["timestamp"].to_string(), "signature": values["signature"],
    });
    if values["agentid"].is_string() {
        question["agent_id"] = values["agentid"].clone();
    }
    let address = format!("{}/__sim/verify", site.simulator.base_url()).parse().unwrap();
    let answer = Fetch::new(None).unwrap().post_json(&address, &question, 4096).await.unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

#[actix_web::test]
async fn a_page_carries_the_values_of_both_accounts() {
    let mut site = TestSite::with_both_accounts().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    let share = site.get("/articles/spring").await.share();

    let url = "https://news.example.cn/articles/spring";
    assert_eq!(share["wecom"]["appId"], CORP_ID);
    assert_eq!(share["wecom"]["agent"]["agentid"], AGENT_ID);
    for values in [&share["official"], &share["wecom"], &share["wecom"]["agent"]] {
        assert_eq!(judged(&site, values, url).await["ok"], true, "{values}");
    }
    assert_ne!(share["wecom"]["signature"], share["wecom"]["agent"]["signature"]);
}

#[actix_web::test]
async fn fresh_values_are_there_for_both_accounts() {
    let mut site = TestSite::with_both_accounts().await;
    site.keep().await;

    let values = site.get("/api/v1/share-config?path=/x%3Ffrom%3Dtimeline").await.json();

    let url = "https://news.example.cn/x?from=timeline";
    assert_eq!(judged(&site, &values["official"], url).await["ok"], true);
    assert_eq!(judged(&site, &values["wecom"]["agent"], url).await["ok"], true);
}

#[actix_web::test]
async fn trouble_with_one_account_leaves_the_other_alone() {
    let mut site = TestSite::with_both_accounts().await;
    let refused = wxpress::simulator::Fault::Errcode { code: 40013, message: None };
    site.simulator.fault(wxpress::simulator::GET_TOKEN, refused, None);
    site.keep().await;

    let share = site.get("/").await.share();

    assert!(share["official"].is_object());
    assert!(share.get("wecom").is_none());
}

#[actix_web::test]
async fn in_sign_mode_the_page_is_signed_for_the_address_as_requested() {
    let mut site = TestSite::with(&[("WXPRESS_WECHAT__SECOND_HAND", "sign")]).await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    for path in [
        "/articles/spring",
        "/articles/spring?",
        "/articles/spring?from=singlemessage&isappinstalled=0",
        "/articles/spring?from=timeline&from=timeline&scene=1&clicktime=1&enterid=1",
        "/articles/spring?q=%e6%98%a5%E5%A4%A9&x='",
    ] {
        let page = site.get(path).await;
        let url = format!("https://news.example.cn{path}");
        assert_eq!(page.share()["url"], url.as_str());
        assert_eq!(page.share()["card"]["link"], "https://news.example.cn/articles/spring");
        assert_eq!(judged(&site, &page.share()["official"], &url).await["ok"], true, "{path}");
        assert_eq!(page.attribute("html", "data-second-hand"), "sign");
    }
}

#[actix_web::test]
async fn in_redirect_mode_a_tail_changes_nothing() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    let plain = site.get("/articles/spring").await.body;
    assert_eq!(site.get("/articles/spring?from=singlemessage&isappinstalled=0").await.body, plain);
}

#[actix_web::test]
async fn verification_files_are_served_byte_for_byte_at_the_root_and_under_the_prefix() {
    let site = TestSite::with(&[("WXPRESS_SITE__BASE_URL", "https://www.example.cn/mp")]).await;
    let file = VerificationFile::new("WW_verify_0123456789abcdef.txt", "0123456789abcdef\n").unwrap();
    site.content().set_verification_file(Actor::System, &file).await.unwrap();

    for path in ["/WW_verify_0123456789abcdef.txt", "/mp/WW_verify_0123456789abcdef.txt"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.body, "0123456789abcdef");
        assert_eq!(answer.header("content-type"), "text/plain");
    }
    assert_eq!(site.get("/MP_verify_0123456789abcdef.txt").await.status, StatusCode::NOT_FOUND);
    assert!(site.content().remove_verification_file(Actor::System, file.name()).await.unwrap());
    assert_eq!(site.get("/WW_verify_0123456789abcdef.txt").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_phone_that_refuses_fresh_values_causes_one_reading_and_a_forger_none() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let share = site.get("/articles/spring").await.share();
    let report = |generation: i64, timestamp: i64| {
        json!({
            "token": share["beacon"]["token"], "event": "config", "outcome": "error",
            "message": "config:invalid signature", "account": "official", "generation": generation, "timestamp": timestamp,
        })
        .to_string()
    };
    let generation = share["official"]["generation"].as_i64().unwrap();
    let timestamp = share["official"]["timestamp"].as_i64().unwrap();
    let readings = |site: &TestSite| site.simulator.calls(wxpress::simulator::GET_TICKET);
    assert_eq!(readings(&site), 1);

    // Another ticket's values, old values, values of the future.
    for body in
        [report(generation + 1, timestamp), report(generation, timestamp - 600), report(generation, timestamp + 600)]
    {
        site.post("/api/v1/beacon", &body).await;
        site.keep().await;
    }
    assert_eq!(readings(&site), 1);

    for _ in 0..20 {
        site.post("/api/v1/beacon", &report(generation, timestamp)).await;
        site.keep().await;
    }
    assert_eq!(readings(&site), 2);
}

#[actix_web::test]
async fn a_ticket_that_the_phones_refuse_is_replaced() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    assert!(site.simulator.with(|world| world.revoke(crate::site::APP_ID, "jsapi")));
    let share = site.get("/articles/spring").await.share();
    let url = "https://news.example.cn/articles/spring";
    assert_eq!(judged(&site, &share["official"], url).await["ok"], false);

    let report = json!({
        "token": share["beacon"]["token"], "event": "config", "outcome": "error_again", "message": "config:invalid signature",
        "account": "official", "generation": share["official"]["generation"], "timestamp": share["official"]["timestamp"],
    });
    site.post("/api/v1/beacon", &report.to_string()).await;
    site.keep().await;

    let healed = site.get("/articles/spring").await.share();
    assert_eq!(judged(&site, &healed["official"], url).await["ok"], true);
}

#[actix_web::test]
async fn the_numbers_are_there_for_whoever_watches() {
    use actix_web::test::{TestRequest, call_and_read_body, init_service};
    let mut site = TestSite::with_both_accounts().await;
    site.keep().await;
    let ops = actix_web::web::Data::new(wxpress::web::Ops::new(std::sync::Arc::clone(&site.state)));
    let app = init_service(wxpress::web::create_ops_app(ops)).await;

    let body = call_and_read_body(&app, TestRequest::get().uri("/metrics").to_request()).await;
    let text = String::from_utf8_lossy(&body).into_owned();

    for line in [
        r#"wxpress_wechat_calls_total{account="official/wx1111222233334444",endpoint="cgi-bin/stable_token",outcome="ok"} 1"#,
        r#"wxpress_credential_age_seconds{account="official/wx1111222233334444",kind="jsapi_ticket"} 0"#,
        r#"wxpress_credential_remaining_seconds{account="wecom/ww1111222233334444/1000002",kind="agent_ticket"} 7200"#,
        r#"wxpress_wechat_budget_left{account="official/wx1111222233334444",endpoint="cgi-bin/ticket/getticket"}"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("CANARY"));
    assert_eq!(site.get("/metrics").await.status, StatusCode::NOT_FOUND, "metrics are public");
}

//! What the page's script asks for and reports to.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;

use wxpress::credentials::Kind;

use crate::site::TestSite;

#[actix_web::test]
async fn fresh_values_are_for_exactly_the_address_asked_for() {
    let mut site = TestSite::new().await;
    site.keep().await;
    let path = "/articles/a?from=singlemessage&isappinstalled=0&q=%E6%96%B0";
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("path", path).finish();

    let answer = site.get(&format!("/api/v1/share-config?{query}")).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("cache-control"), "no-store");
    let values = &answer.json()["official"];
    let account = site.state.official.as_ref().unwrap();
    let ticket = site.state.credentials.ticket(account, Kind::JsapiTicket).unwrap();
    let expected = wxpress::wechat::sign(
        &ticket.value,
        values["nonceStr"].as_str().unwrap(),
        values["timestamp"].as_i64().unwrap(),
        &format!("https://news.example.cn{path}"),
    );
    assert_eq!(values["signature"], expected.as_str());
}

#[actix_web::test]
async fn addresses_of_other_sites_are_not_signed() {
    let mut site = TestSite::new().await;
    site.keep().await;
    for path in
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "/a%23b#c", "/../x", "", "x", "/a b", "/%"]
    {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("path", path).finish();
        let answer = site.get(&format!("/api/v1/share-config?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.json()["error"]["code"], "bad_request");
    }
    assert_eq!(site.get("/api/v1/share-config").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.get("/api/v1/share-config?url=/").await.status, StatusCode::BAD_REQUEST);
}

#[actix_web::test]
async fn asking_too_often_is_refused() {
    let site = TestSite::new().await;
    let mut last = StatusCode::OK;
    for _ in 0..700 {
        last = site.get("/api/v1/share-config?path=/").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

async fn report(site: &TestSite, body: &str) -> StatusCode {
    let request = TestRequest::post().uri("/api/v1/beacon").insert_header(("user-agent", crate::figures::PHONE));
    site.send(request.set_payload(body.to_owned())).await.status
}

#[actix_web::test]
async fn a_report_counts_for_the_article_it_came_from_and_a_forged_one_does_not() {
    let site = TestSite::new().await;
    let id = site.publish("spring", "春天来了", "<p>雪</p>").await;
    let token = site.get("/articles/spring").await.share()["beacon"]["token"].as_str().unwrap().to_owned();

    let view = format!(r#"{{"token":"{token}","event":"view","from":"timeline"}}"#);
    let error =
        format!(r#"{{"token":"{token}","event":"config","outcome":"error","message":"config:invalid signature"}}"#);
    let forged = view.replacen(&token, &format!("9{token}"), 1);
    for body in [view.as_str(), view.as_str(), error.as_str(), forged.as_str(), "", "{", "x".repeat(2000).as_str()] {
        assert_eq!(report(&site, body).await, StatusCode::NO_CONTENT, "{body}");
    }
    site.state.stats.flush().await.unwrap();

    let totals = site.state.stats.totals(id.0).await.unwrap();
    let expected = [("config.invalid_signature", 1), ("opened.moments", 2), ("view", 2)];
    assert_eq!(totals.iter().map(|(name, count)| (name.as_str(), *count)).collect::<Vec<_>>(), expected);
}

#[actix_web::test]
async fn a_report_of_a_violation_is_taken_and_nothing_else_is_said() {
    let site = TestSite::new().await;
    let body = r#"{"csp-report":{"violated-directive":"script-src","blocked-uri":"https://evil.example\u001b[31m"}}"#;
    let answer = site.send(TestRequest::post().uri("/api/v1/csp-report").set_payload(body)).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
}

//! What readers get: pages, headers, errors, old addresses.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::test::TestRequest;
use wxpress::content::{Actor, Fields, Html};

use crate::site::{APP_SECRET, TestSite};

#[actix_web::test]
async fn an_article_is_a_complete_page_with_its_card() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>山上的 雪化了。</p><p>Rivers  rise.</p>").await;

    let page = site.get("/articles/spring").await;

    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text("h1"), "春天来了");
    assert_eq!(page.attribute("html", "data-canonical"), "https://news.example.cn/articles/spring");
    let share = page.share();
    assert_eq!(share["card"]["title"], "春天来了");
    assert_eq!(share["card"]["momentsTitle"], "春天来了");
    assert_eq!(share["card"]["desc"], "山上的雪化了。 Rivers rise.");
    assert_eq!(share["card"]["link"], "https://news.example.cn/articles/spring");
    assert!(share["card"]["imgUrl"].as_str().unwrap().starts_with("https://news.example.cn/static/share/default."));
    assert_eq!(share["official"]["jsApiList"].as_array().unwrap().len(), 8);
}

#[actix_web::test]
async fn the_signature_is_one_that_the_phone_accepts() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    let values = site.get("/articles/spring").await.share()["official"].clone();

    let question = serde_json::json!({
        "app_id": values["appId"], "url": "https://news.example.cn/articles/spring", "nonce_str": values["nonceStr"],
        "timestamp": values["timestamp"].to_string(), "signature": values["signature"],
    });
    let answer = reqwest_post(&format!("{}/__sim/verify", site.simulator.base_url()), &question).await;
    assert!(answer.contains("\"ok\":true"), "{answer}");
}

async fn reqwest_post(url: &str, body: &serde_json::Value) -> String {
    let fetch = wxpress::fetch::Fetch::new(None).unwrap();
    let answer = fetch.post_json(&url.parse().unwrap(), body, 4096).await.unwrap();
    String::from_utf8(answer.body).unwrap()
}

#[actix_web::test]
async fn without_a_ticket_the_page_is_complete_and_carries_no_config() {
    let site = TestSite::new().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    let page = site.get("/articles/spring").await;

    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text(".body"), "\n雪\n");
    assert!(page.share().get("official").is_none());
    assert_eq!(page.share()["accounts"], true);
}

#[actix_web::test]
async fn without_an_account_it_is_an_ordinary_news_site() {
    let site = TestSite::without_account().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    assert_eq!(site.get("/articles/spring").await.share()["accounts"], false);
    assert_eq!(site.get("/").await.text(".headline"), "春天来了");
}

#[actix_web::test]
async fn the_page_carries_neither_secret_nor_ticket() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let ticket = site.ticket().unwrap();

    for path in ["/", "/articles/spring", "/api/v1/share-config?path=/", "/nothing"] {
        let page = site.get(path).await;
        let all = format!("{:?}{}", page.headers, page.body);
        assert!(!all.contains(APP_SECRET) && !all.contains(&ticket), "{path}");
    }
}

#[actix_web::test]
async fn what_editors_type_is_never_markup() {
    let mut site = TestSite::new().await;
    site.keep().await;
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";
    let fields = Fields {
        headline: evil.to_owned(),
        standfirst: evil.to_owned(),
        summary: evil.to_owned(),
        byline: evil.to_owned(),
        source: evil.to_owned(),
        editor: evil.to_owned(),
        tags: vec![evil.to_owned()],
        body: Html::clean(&format!("<p>{evil}</p><a href=\"javascript:alert(1)\">x</a><svg onload=alert(1)>")),
        ..Fields::default()
    };
    site.publish_fields("evil", fields).await;

    for path in ["/articles/evil", "/"] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.matches("<script").count(), 5, "{}", page.body);
        assert!(
            !page.body.contains("<img src=x")
                && !page.body.contains("javascript:")
                && !page.body.contains("<svg onload")
        );
    }
    assert_eq!(site.get("/articles/evil").await.share()["card"]["title"], evil);
}

#[actix_web::test]
async fn every_answer_has_the_security_headers() {
    let site = TestSite::new().await;
    for path in
        ["/", "/nothing", "/static/share/default.png", "/robots.txt", "/api/v1/share-config?path=/x", "/healthz"]
    {
        let answer = site.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"), "{path}");
        assert!(!answer.headers.contains_key("set-cookie") && !answer.headers.contains_key("server"), "{path}");
    }
    assert_eq!(site.get("/").await.header("cache-control"), "private, no-cache");
}

#[actix_web::test]
async fn the_guard_is_the_one_inline_script_and_its_hash_is_allowed() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let site = TestSite::new().await;
    let page = site.get("/").await;

    let guard = page.text("head script:not([src]):not([type])");

    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(guard.as_bytes()));
    assert!(page.header("content-security-policy").contains(&format!("'sha256-{hash}'")));
    let first = page.body.find("<script").unwrap();
    assert!(page.body[first..].starts_with("<script>(function"), "the guard is not the first script");
}

#[actix_web::test]
async fn the_policy_can_be_reported_only_or_switched_off() {
    let site = TestSite::with(&[("WXPRESS_CSP__MODE", "report-only")]).await;
    let page = site.get("/").await;
    assert_eq!(page.header("content-security-policy"), "");
    assert!(page.header("content-security-policy-report-only").contains("default-src 'none'"));
    let site = TestSite::with(&[("WXPRESS_CSP__MODE", "off")]).await;
    assert_eq!(site.get("/").await.header("content-security-policy"), "");
}

#[actix_web::test]
async fn an_error_page_helps_and_leaks_nothing() {
    let site = TestSite::new().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    for path in [
        "/nothing",
        "/articles/none",
        "/articles/999999999999999999999",
        "/media/zz/main.jpg",
        "/media/x/../../etc",
        "/static/none.css",
        "/categories/none",
        "/tags/none",
        "/%00",
        "/articles/%E6%98%A5",
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(page.text("h1"), "没有找到这个页面", "{path}");
        assert_eq!(page.text(".row .headline"), "春天来了", "{path}");
        assert_eq!(page.attribute("html", "data-canonical"), "");
        assert_eq!(page.header("cache-control"), "public, max-age=60");
    }
}

#[actix_web::test]
async fn a_withdrawn_article_says_so() {
    let site = TestSite::new().await;
    let id = site.publish("spring", "春天来了", "<p>雪</p>").await;
    site.content().withdraw(Actor::System, id, "").await.unwrap();

    let page = site.get("/articles/spring").await;

    assert_eq!(page.status, StatusCode::GONE);
    assert_eq!(page.text("h1"), "这篇文章已经撤下");
}

#[actix_web::test]
async fn an_old_slug_leads_to_the_new_one_for_ever() {
    let site = TestSite::new().await;
    let id = site.publish("spring", "春天来了", "<p>雪</p>").await;
    site.content().set_slug(Actor::System, id, Some("spring-2026".parse().unwrap())).await.unwrap();

    let answer = site.get("/articles/spring").await;

    assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(answer.header("location"), "https://news.example.cn/articles/spring-2026");
}

#[actix_web::test]
async fn an_unchanged_page_is_not_sent_twice() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let etag = site.get("/articles/spring").await.header("etag").to_owned();

    let again = site
        .send(TestRequest::get().uri("/articles/spring").insert_header((header::IF_NONE_MATCH, etag.clone())))
        .await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again.body, "");

    // A minute later the signature is another one.
    site.clock.advance(std::time::Duration::from_secs(61));
    let later =
        site.send(TestRequest::get().uri("/articles/spring").insert_header((header::IF_NONE_MATCH, etag))).await;
    assert_eq!(later.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_list_is_paged_by_key_and_garbage_means_its_first_page() {
    let site = TestSite::new().await;
    for number in 0..25 {
        site.clock.advance(std::time::Duration::from_mins(1));
        site.publish(&format!("n-{number}"), &format!("第{number}条"), "<p>雪</p>").await;
    }

    let first = site.get("/").await;
    assert_eq!(first.text(".lead .headline"), "第24条");
    let older = first.attribute("a[rel=next]", "href");
    let second = site.get(&older).await;
    assert_eq!(second.text(".row .headline"), "第4条");
    assert_eq!(second.attribute("html", "data-canonical"), format!("https://news.example.cn{older}"));

    // Beyond its end there is nothing, which does not make it a site without articles.
    let beyond = site.get("/?before=1.1").await;
    assert_eq!((beyond.status, beyond.text(".empty h2")), (StatusCode::OK, "这里还没有文章".to_owned()));

    let huge = format!("/?before=1{}", "0".repeat(30));
    for garbage in ["/?before=", "/?before=x", "/?before=%FF", "/?x=1", huge.as_str(), "/?before=1&before=2"] {
        let page = site.get(garbage).await;
        assert_eq!(page.status, StatusCode::OK, "{garbage}");
        assert_eq!(page.text(".lead .headline"), "第24条", "{garbage}");
        assert_eq!(page.attribute("html", "data-canonical"), "https://news.example.cn/", "{garbage}");
    }
}

#[actix_web::test]
async fn forged_headers_change_nothing() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let plain = site.get("/articles/spring").await.body;
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example;proto=http"),
        ("x-original-url", "/evil"),
        ("x-rewrite-url", "/evil"),
    ] {
        let answer = site.send(TestRequest::get().uri("/articles/spring").insert_header((name, value))).await;
        assert_eq!(answer.body, plain, "{name}");
    }
    let absolute = site.send(TestRequest::get().uri("http://evil.example/articles/spring")).await;
    assert_eq!(absolute.body, plain);
}

#[actix_web::test]
async fn the_whole_site_lives_under_a_prefix() {
    let mut site = TestSite::with(&[("WXPRESS_SITE__BASE_URL", "https://www.example.cn/mp")]).await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    for path in [
        "/mp",
        "/mp/",
        "/mp/articles/spring",
        "/mp/sitemap.xml",
        "/mp/healthz",
        "/healthz",
        "/robots.txt",
        "/mp/robots.txt",
    ] {
        assert_eq!(site.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(site.get("/articles/spring").await.status, StatusCode::NOT_FOUND);
    let page = site.get("/mp/articles/spring").await;
    assert_eq!(page.attribute("html", "data-canonical"), "https://www.example.cn/mp/articles/spring");
    assert_eq!(page.share()["shareConfig"], "/mp/api/v1/share-config");
    let stylesheet = page.attribute("link[rel=stylesheet]", "href");
    assert!(stylesheet.starts_with("/mp/static/site."));
    let asset = site.get(&stylesheet).await;
    assert_eq!(asset.status, StatusCode::OK);
    assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
}

#[actix_web::test]
async fn head_is_get_without_a_body_and_other_methods_are_refused() {
    let site = TestSite::new().await;
    assert_eq!(
        site.send(TestRequest::with_uri("/").method(actix_web::http::Method::HEAD)).await.status,
        StatusCode::OK
    );
    assert_eq!(site.send(TestRequest::post().uri("/")).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(site.send(TestRequest::delete().uri("/articles/x")).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

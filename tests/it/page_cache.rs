//! Pages in memory: when they are made again, and that nobody can tell a kept one from a new one.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use wxpress::content::{Actor, Content};

use crate::site::{Answer, TestSite};

const ARTICLE: &str = "/articles/spring";

fn headers(answer: &Answer) -> BTreeMap<String, String> {
    let pair = |(name, value): (&_, &actix_web::http::header::HeaderValue)| {
        (format!("{name}"), value.to_str().unwrap().to_owned())
    };
    answer.headers.iter().map(|(name, value)| pair((name, value))).collect()
}

#[actix_web::test]
async fn a_kept_page_is_the_one_that_was_made() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    for path in [ARTICLE, "/"] {
        let (first, second) = (site.get(path).await, site.get(path).await);

        assert_eq!(first.body, second.body);
        assert_eq!(headers(&first), headers(&second));
        assert!(second.header("content-security-policy").contains("frame-src weixin:"));
        assert_eq!(second.header("cache-control"), "private, no-cache");
    }
}

#[actix_web::test]
async fn what_editors_do_shows_at_once_here_and_elsewhere_at_the_next_look() {
    let site = TestSite::new().await;
    let id = site.publish("spring", "春天来了", "<p>雪</p>").await;
    assert_eq!(site.get(ARTICLE).await.status, StatusCode::OK);
    assert!(site.get("/").await.body.contains("春天来了"));

    let folder = tempfile::tempdir().unwrap();
    let elsewhere = Content::new(site.state.db.clone(), folder.path().to_owned(), site.clock.clone());
    elsewhere.withdraw(Actor::System, id, "内容有误").await.unwrap();
    assert_eq!(site.get(ARTICLE).await.status, StatusCode::OK, "nobody has looked yet");
    site.content().look().await.unwrap();
    assert_eq!(site.get(ARTICLE).await.status, StatusCode::GONE);
    assert!(!site.get("/").await.body.contains("春天来了"));

    site.content().publish(Actor::System, id, None).await.unwrap();
    assert_eq!(site.get(ARTICLE).await.status, StatusCode::OK);
    assert!(site.get("/").await.body.contains("春天来了"));
}

#[actix_web::test]
async fn the_values_change_with_the_minute_and_with_the_ticket() {
    let mut site = TestSite::new().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    assert!(site.get(ARTICLE).await.share()["official"].is_null());

    site.keep().await;
    let first = site.get(ARTICLE).await;
    assert!(first.share()["official"].is_object(), "a ticket has come");
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(site.get(ARTICLE).await.header("etag"), first.header("etag"));
    site.clock.advance(Duration::from_mins(1));
    let second = site.get(ARTICLE).await;
    assert_ne!(second.share()["official"]["timestamp"], first.share()["official"]["timestamp"]);
    assert_ne!(second.header("etag"), first.header("etag"));
}

#[actix_web::test]
async fn a_page_loses_its_values_before_their_ticket_dies() {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let account = site.state.official.clone().unwrap();
    let kind = wxpress::credentials::Kind::JsapiTicket;
    let life = site.state.credentials.held_ticket(&account, kind).unwrap().remaining(site.clock.now());

    // A second before it may be given out no longer, which is not the end of a minute.
    site.clock.advance(life.checked_sub(Duration::from_secs(61)).unwrap());
    assert!(site.get(ARTICLE).await.share()["official"].is_object());
    site.clock.advance(Duration::from_secs(2));
    assert!(site.get(ARTICLE).await.share()["official"].is_null());
}

#[actix_web::test]
async fn every_encoding_holds_the_same_page_under_the_same_etag() {
    let site = TestSite::new().await;
    site.publish("spring", "春天来了", &"<p>山上的雪化了，河水涨了。</p>".repeat(50)).await;
    let plain = site.get(ARTICLE).await;
    assert_eq!(plain.header("content-encoding"), "");

    for (accepted, encoding) in [("gzip, deflate", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip")] {
        let request = || TestRequest::get().uri(ARTICLE).insert_header(("accept-encoding", accepted));
        let answer = site.send(request()).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("etag"), plain.header("etag"));
        assert!(answer.bytes.len() * 3 < plain.bytes.len());
        assert_eq!(decoded(&answer), plain.bytes);

        let known = site.send(request().insert_header(("if-none-match", plain.header("etag")))).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        assert!(known.bytes.is_empty());
        // A browser may replace the headers of what it keeps by these.
        assert_eq!(known.header("content-security-policy"), plain.header("content-security-policy"));
    }
}

fn decoded(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    if answer.header("content-encoding") == "gzip" {
        flate2::read::GzDecoder::new(answer.bytes.as_slice()).read_to_end(&mut plain).unwrap();
    } else {
        brotli::BrotliDecompress(&mut answer.bytes.as_slice(), &mut plain).unwrap();
    }
    plain
}

#[actix_web::test]
async fn in_sign_mode_every_address_gets_its_own_values_on_the_same_page() {
    let mut site = TestSite::with(&[("WXPRESS_WECHAT__SECOND_HAND", "sign")]).await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    for tail in ["", "?from=timeline", "?from=singlemessage&isappinstalled=0", ""] {
        let address = format!("https://news.example.cn{ARTICLE}{tail}");
        let page = site.get(&format!("{ARTICLE}{tail}")).await;
        assert_eq!(page.share()["url"], address.as_str());
        assert_eq!(page.text("h1"), "春天来了");
    }
}

#[actix_web::test]
async fn a_resource_says_which_methods_it_has() {
    let site = TestSite::new().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;

    for path in ["/", ARTICLE, "/robots.txt", "/static/site.css"] {
        let asked = site.send(TestRequest::with_uri(path).method(actix_web::http::Method::OPTIONS)).await;
        assert_eq!((asked.status, asked.header("allow")), (StatusCode::NO_CONTENT, "GET, HEAD, OPTIONS"), "{path}");
        for _ in 0..2 {
            let refused = site.post(path, "x").await;
            let allowed = (refused.status, refused.header("allow"));
            assert_eq!(allowed, (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS"), "{path}");
        }
    }
    let refused = site.get("/api/v1/beacon").await;
    assert_eq!((refused.status, refused.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST, OPTIONS"));
}

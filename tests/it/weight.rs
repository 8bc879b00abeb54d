//! What a page costs a reader on a slow line: bytes as they travel, requests, and whom they go to.

use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT_ENCODING;
use actix_web::test::TestRequest;
use scraper::{Html, Selector};
use wxpress::content::{Fields, Html as Body};

use crate::site::TestSite;

/// All of an article page without pictures, compressed.
const MOST_BYTES: usize = 20 * 1024;
const MOST_REQUESTS: usize = 4;

/// What a browser fetches for a page by itself.
const FETCHED: &str = "link[rel=stylesheet], link[rel~=icon], link[rel=preload], link[rel=manifest], script[src], \
                       img[src], iframe, video, audio, source, object, embed";

async fn publish(site: &mut TestSite) {
    site.keep().await;
    // As long as the longest tenth of real articles; of words that do not repeat, so that it compresses like text.
    let words: String = (0..1200_u32).filter_map(|n| char::from_u32(0x4e00 + n * 7919 % 20_000)).collect();
    let fields = Fields {
        headline: "云溪老石桥恢复通行".to_owned(),
        standfirst: "两岸居民不必再绕行三公里。".to_owned(),
        summary: "桥面承重恢复到五吨以内。".to_owned(),
        byline: "周岚".to_owned(),
        source: "云溪县融媒体中心".to_owned(),
        editor: "林知远".to_owned(),
        tags: ["桥梁", "交通", "民生"].map(str::to_owned).to_vec(),
        body: Body::clean(&format!("<p>{words}</p>")),
        ..Fields::default()
    };
    site.publish_fields("bridge", fields).await;
}

/// The addresses that the page has its reader's browser fetch; data addresses travel with the page.
fn fetched(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let selector = Selector::parse(FETCHED).unwrap();
    let named = page.select(&selector).map(|element| {
        let address = element.attr("href").or_else(|| element.attr("src"));
        address.unwrap_or_else(|| panic!("{} names nothing", element.html())).to_owned()
    });
    named.filter(|address| !address.starts_with("data:")).collect()
}

#[actix_web::test]
async fn an_article_without_pictures_weighs_little_and_asks_nobody_else() {
    let mut site = TestSite::new().await;
    publish(&mut site).await;
    let page = site.get("/articles/bridge").await;

    let fetched = fetched(&page.body);

    assert!(fetched.iter().all(|address| address.starts_with('/') && !address.starts_with("//")), "{fetched:?}");
    assert!(fetched.len() < MOST_REQUESTS, "{fetched:?}");
    for encoding in ["br", "gzip"] {
        let mut bytes = 0;
        for address in fetched.iter().map(String::as_str).chain(["/articles/bridge"]) {
            let request = TestRequest::get().uri(address).insert_header((ACCEPT_ENCODING, encoding));
            let answer = site.send(request).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}");
            assert_eq!(answer.header("content-encoding"), encoding, "{address}");
            bytes += answer.bytes.len();
        }
        assert!(bytes <= MOST_BYTES, "{bytes} bytes with {encoding}");
    }
}

#[actix_web::test]
async fn a_style_sheet_fetches_nothing() {
    let site = TestSite::new().await;
    let address = site.get("/").await.attribute("link[rel=stylesheet]", "href");
    let sheet = site.get(&address).await.body;
    assert!(!sheet.contains("url(") && !sheet.contains("@import"));
}

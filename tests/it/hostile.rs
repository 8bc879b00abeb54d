//! Addresses and headers that no browser sends. Whatever it is: a page with the right status, no failure of ours, no
//! word about what went on inside, and nothing in the log.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;

use crate::faults::Log;
use wxpress::content::{Actor, PageFields};

use crate::site::{Answer, TestSite};

/// Every kind of address that takes something from the reader; `{}` stands for it.
const OPEN: &[&str] = &[
    "/{}",
    "/articles/{}",
    "/categories/{}",
    "/categories/{}/feed.xml",
    "/tags/{}",
    "/pages/{}",
    "/archive/{}",
    "/preview/{}",
    "/media/{}/main.jpg",
    "/media/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/{}",
    "/static/{}",
    "/MP_verify_{}.txt",
    "/api/v1/{}",
];

/// Addresses that answer.
const FIXED: &[&str] = &[
    "/",
    "/articles/spring",
    "/archive",
    "/pages/about",
    "/feed.xml",
    "/rss.xml",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/sitemap-articles.xml",
    "/robots.txt",
    "/healthz",
    "/readyz",
    "/static/share/default.png",
];

const PIECES: &[&str] = &[
    "%00",
    "a%00b",
    "%FF",
    "%C0%AF",
    "%ED%A0%80",
    "%",
    "%zz",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2fsecret.key",
    "....//....//secret.key",
    "..%5c..%5csecret.key",
    "%0d%0aset-cookie:x=1",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "'%20OR%20'1'%3D'1",
    "%22%20*%20OR%20(",
    "%E2%80%AE%F0%9F%91%8D",
    "99999999999999999999999999999999999",
    "-1",
    "0",
    "con",
    "%24%7Bjndi:ldap%3A%2F%2Fx%2F%7D",
    "x;a=b",
    ".",
    "//evil.example",
];

/// What a reader must never get to see.
const INSIDES: &[&str] = &[
    "panicked",
    "sqlx",
    "SqliteError",
    "SQLSTATE",
    "database is",
    "src/",
    "No such file",
    "os error",
    "askama",
    "<script>alert",
];

async fn site() -> TestSite {
    let mut site = TestSite::new().await;
    site.keep().await;
    site.publish("spring", "春天来了", "<p>雪</p>").await;
    let about = PageFields { title: "关于我们".to_owned(), in_footer: true, ..PageFields::default() };
    site.content().set_page(Actor::System, &"about".parse().unwrap(), about).await.unwrap();
    site
}

/// It is nothing that we would be ashamed of.
fn check(answer: &Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.status);
    assert!(INSIDES.iter().all(|inside| !answer.body.contains(inside)), "{what}: {}", answer.body);
    assert!(!answer.headers.contains_key("set-cookie"), "{what}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    let headers = format!("{:?}", answer.headers);
    assert!(!headers.contains("evil"), "{what}: {headers}");
}

#[actix_web::test]
async fn an_address_with_anything_in_it_is_not_found() {
    let site = site().await;
    let log = Log::default();
    let _listening = log.listen();
    let long = "a".repeat(10_000);
    for pattern in OPEN {
        for piece in PIECES.iter().copied().chain([long.as_str()]) {
            let target = pattern.replace("{}", piece);
            let answer = site.get(&target).await;
            check(&answer, &target);
            let expected = [StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST];
            assert!(
                expected.contains(&answer.status)
                    || answer.status == StatusCode::OK && answer.body.contains("春天来了"),
                "{target}: {}",
                answer.status
            );
        }
    }
    assert_eq!(log.text(), "");
}

#[actix_web::test]
async fn a_query_with_anything_in_it_changes_no_page() {
    let site = site().await;
    let log = Log::default();
    let _listening = log.listen();
    let queries = [
        format!("before=1{}", "0".repeat(30)),
        "before=1e30".to_owned(),
        "before=latest".to_owned(),
        "before=%00&before=%FF".to_owned(),
        "before=".to_owned(),
        "before[]=1&before[a]=2".to_owned(),
        format!("before={}", "9".repeat(10_000)),
        format!("{}=1", "x".repeat(10_000)),
        "&".repeat(10_000),
        "&&==&=%".to_owned(),
        "?".to_owned(),
        "%FF=%FF".to_owned(),
        "from=timeline&isappinstalled=0".to_owned(),
        "q=%22%20*%20OR%20(".to_owned(),
        "_method=DELETE&debug=1&XDEBUG_SESSION=1".to_owned(),
    ];
    for path in FIXED {
        let plain = site.get(path).await;
        for query in &queries {
            let target = format!("{path}?{query}");
            let answer = site.get(&target).await;
            check(&answer, &target);
            assert_eq!((answer.status, &answer.body), (plain.status, &plain.body), "{target}");
        }
        // Older than everything: the end of the list, or the page itself.
        let answer = site.get(&format!("{path}?before=1.1")).await;
        check(&answer, path);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
    for query in
        queries.iter().map(String::as_str).chain(["path=%00", "path=//evil.example", "path=/&path=/", "path=\\"])
    {
        let answer = site.get(&format!("/api/v1/share-config?{query}")).await;
        check(&answer, query);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(log.text(), "");
}

#[actix_web::test]
async fn a_search_for_anything_is_a_page() {
    let site = site().await;
    let log = Log::default();
    let _listening = log.listen();
    let words =
        ["\"*%20OR%20(", "NEAR(a,b)", "a%20AND%20NOT", "^春*", "{x}:y", "-", "%E6%98%A5%E5%A4%A9", "&q=x", "%25_%25"];
    let long = ["春".repeat(3_000), "a%20".repeat(3_000), "(".repeat(9_000)];
    for word in words.iter().chain(PIECES).copied().chain(long.iter().map(String::as_str)) {
        let target = format!("/search?q={word}").replace('春', "%E6%98%A5").replace('"', "%22").replace('{', "%7B");
        let target = target.replace('}', "%7D").replace('^', "%5E");
        let answer = site.get(&target).await;
        check(&answer, &target);
        assert!([StatusCode::OK, StatusCode::BAD_REQUEST].contains(&answer.status), "{target}: {}", answer.status);
    }
    assert_eq!(log.text(), "");
}

/// Headers as a liar would send them.
fn forged() -> Vec<(&'static str, Vec<u8>)> {
    let plain: &[(&str, &str)] = &[
        ("host", "evil.example"),
        ("host", "evil.example:99999"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-prefix", "/evil"),
        ("x-forwarded-for", "evil, 999.999.999.999, ::1"),
        ("forwarded", "for=evil;host=evil.example;proto=http"),
        ("x-original-url", "/admin"),
        ("x-rewrite-url", "/admin"),
        ("x-http-method-override", "DELETE"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/\"><script>alert(1)</script>"),
        ("accept-language", "xx-evil;q=1e999"),
        ("accept", "application/json"),
        ("if-none-match", "*, \"evil\", W/"),
        ("if-modified-since", "Thu, 99 Foo 99999 99:99:99 GMT"),
        ("if-match", "\"evil\""),
        ("if-range", "\"evil\""),
        ("range", "bytes=0-0,1-1,2-2,3-3"),
        ("range", "bytes=99999999999999999999999-"),
        ("range", "lines=-1"),
        ("cookie", "session=evil; session=evil; =; ;;"),
        ("authorization", "Basic ////"),
        ("expect", "100-evil"),
        ("te", "trailers, evil"),
        ("upgrade", "h2c, websocket"),
        ("content-type", "multipart/form-data; boundary=evil"),
        ("user-agent", "MicroMessenger/evil \"><script>alert(1)</script>"),
    ];
    let mut all: Vec<_> = plain.iter().map(|(name, value)| (*name, value.as_bytes().to_vec())).collect();
    for name in ["if-none-match", "cookie", "user-agent", "referer", "range", "x-forwarded-for", "accept-language"] {
        all.push((name, b"\xff\xfe\x80".to_vec()));
        all.push((name, b"9,".repeat(4_000)));
    }
    all
}

#[actix_web::test]
async fn a_forged_header_changes_no_answer() {
    let site = site().await;
    let log = Log::default();
    let _listening = log.listen();
    for path in FIXED {
        let plain = site.get(path).await;
        for (name, value) in forged() {
            let what = format!("{path} with {name}: {}", String::from_utf8_lossy(&value));
            let header = (HeaderName::from_static(name), HeaderValue::from_bytes(&value).unwrap());
            let answer = site.send(TestRequest::get().uri(path).insert_header(header)).await;
            check(&answer, &what);
            assert_eq!((answer.status, &answer.body), (plain.status, &plain.body), "{what}");
        }
    }
    assert_eq!(log.text(), "");
}

#[actix_web::test]
async fn a_nonsensical_wish_for_an_encoding_is_answered_with_one_that_exists() {
    let site = site().await;
    for path in FIXED {
        for wish in
            ["", ";;,,q=,br;q=x", "br;q=1e400", "*;q=0", "identity;q=0", "zstd, xz, \u{7f}", &"gzip,".repeat(1000)]
        {
            let Ok(value) = HeaderValue::from_str(wish) else { continue };
            let answer = site.send(TestRequest::get().uri(path).insert_header(("accept-encoding", value))).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {wish}");
            assert!(["", "br", "gzip"].contains(&answer.header("content-encoding")), "{path} {wish}");
        }
    }
}

#[actix_web::test]
async fn an_absolute_target_names_no_other_site() {
    let site = site().await;
    for path in FIXED {
        let (plain, foreign) = (site.get(path).await, site.get(&format!("http://evil.example{path}")).await);
        check(&foreign, path);
        assert_eq!((plain.status, plain.body), (foreign.status, foreign.body), "{path}");
    }
}

#[actix_web::test]
async fn head_has_the_headers_of_get() {
    let site = site().await;
    for path in FIXED.iter().copied().chain(["/nothing", "/articles/nothing", "/sitemap-articles.xml?after=5"]) {
        let get = site.get(path).await;
        let head = site.send(TestRequest::with_uri(path).method(Method::HEAD)).await;
        assert_eq!(head.status, get.status, "{path}");
        let seen = |answer: &Answer| {
            let mut headers: Vec<String> =
                answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
            headers.sort();
            headers
        };
        assert_eq!(seen(&head), seen(&get), "{path}");
    }
}

#[actix_web::test]
async fn a_method_that_a_page_does_not_have_is_refused() {
    let site = site().await;
    let log = Log::default();
    let _listening = log.listen();
    for path in FIXED.iter().copied().chain(["/nothing"]) {
        for name in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "EVIL"] {
            let method = Method::from_bytes(name.as_bytes()).unwrap();
            let answer = site.send(TestRequest::with_uri(path).method(method)).await;
            check(&answer, path);
            let refused = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::NOT_FOUND];
            assert!(refused.contains(&answer.status), "{name} {path}: {}", answer.status);
        }
        let options = site.send(TestRequest::with_uri(path).method(Method::OPTIONS)).await;
        check(&options, path);
        if path != "/nothing" {
            let expected = (StatusCode::NO_CONTENT, "GET, HEAD, OPTIONS", "");
            assert_eq!((options.status, options.header("allow"), options.body.as_str()), expected, "{path}");
        }
    }
    assert_eq!(log.text(), "");
}

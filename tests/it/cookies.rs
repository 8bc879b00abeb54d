//! The back office's cookies, attribute by attribute, wherever the site is.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use wxpress::config::Secret;
use wxpress::staff::{By, Registration, Role};

use crate::office::{CHEAP, password_of, visitor};
use crate::site::{Answer, TestSite};

/// A cookie as it is set: its name, whether it has a value, and its attributes.
fn set(answer: &Answer) -> Vec<(String, String, BTreeSet<String>)> {
    let parse = |header: &actix_web::http::header::HeaderValue| {
        let mut parts = header.to_str().unwrap().split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        (name.to_owned(), value.to_owned(), parts.map(str::to_owned).collect())
    };
    answer.headers.get_all("set-cookie").map(parse).collect()
}

fn attributes(wanted: &[&str]) -> BTreeSet<String> {
    wanted.iter().map(|attribute| (*attribute).to_owned()).collect()
}

/// A site somewhere, and how its back office is reached.
struct Place {
    site: TestSite,
    origin: String,
    admin: String,
}

impl Place {
    async fn new(base_url: &str, admin_host: Option<&str>) -> Self {
        let mut settings = vec![("WXPRESS_SITE__BASE_URL", base_url)];
        settings.extend(admin_host.map(|host| ("WXPRESS_SERVER__ADMIN_HOST", host)));
        let site = TestSite::with(&settings).await;
        let staff = site.state.staff.clone().with_cost(CHEAP);
        let link = staff.invite(By::Operator, "wang", Role::Writer).await.unwrap();
        let token = link.path.expose().rsplit('/').next().unwrap().to_owned();
        let password = Secret::new(password_of("wang"));
        let registration = Registration { login: "wang".to_owned(), name: "wang".to_owned(), password };
        staff.join(&token, &registration, &visitor()).await.unwrap();
        let origin = site.state.config.back_office_origin();
        let admin = site.state.config.site.base_url.path("/admin");
        Self { site, origin, admin }
    }

    async fn send(&self, request: TestRequest, path: &str, cookie: &str) -> Answer {
        let host = self.origin.split("://").nth(1).unwrap();
        let request = request.uri(&format!("{}{path}", self.admin)).insert_header(("host", host));
        let request = if cookie.is_empty() { request } else { request.insert_header(("cookie", cookie)) };
        self.site.send(request.insert_header(("origin", self.origin.as_str()))).await
    }

    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(TestRequest::post().set_payload(form), path, cookie).await
    }
}

#[actix_web::test]
async fn a_cookie_goes_no_further_than_it_must() {
    for (base_url, admin_host, name, path, secure) in [
        ("https://news.example.cn", None, "__Host-wxpress", "/", true),
        ("https://www.example.cn/mp", None, "__Secure-wxpress", "/mp/admin", true),
        ("https://www.example.cn/mp", Some("office.example.cn"), "__Host-wxpress", "/", true),
        ("http://127.0.0.1:8080", None, "wxpress", "/", false),
        ("http://127.0.0.1:8080/mp", None, "wxpress", "/mp/admin", false),
    ] {
        let at = Place::new(base_url, admin_host).await;
        let path = format!("Path={path}");
        let mut plain = attributes(&["HttpOnly", "SameSite=Lax", &path]);
        if secure {
            plain.insert("Secure".to_owned());
        }
        // Before anybody has signed in: what ties forms to this browser.
        let page = at.send(TestRequest::get(), "/sign-in", "").await;
        assert_eq!(page.status, StatusCode::OK, "{base_url}");
        let [(visitor, value, found)] = <[_; 1]>::try_from(set(&page)).unwrap();
        assert_eq!((visitor.as_str(), &found), (format!("{name}-visitor").as_str(), &plain), "{base_url}");
        assert_eq!(value.len(), 32);
        let cookie = format!("{visitor}={value}");
        let again = at.send(TestRequest::get(), "/sign-in", &cookie).await;
        assert!(set(&again).is_empty(), "it is set once");
        // Signed in, until the browser is closed.
        let password = password_of("wang");
        let fields = [("login", "wang"), ("password", password.as_str()), ("csrf", value.as_str())];
        let done = at.post("/sign-in", &cookie, &fields).await;
        assert_eq!(done.header("location"), at.admin, "{base_url}: {}", done.body);
        let [(session, token, found)] = <[_; 1]>::try_from(set(&done)).unwrap();
        assert_eq!((session.as_str(), &found), (name, &plain), "{base_url}");
        assert_eq!(token.len(), 43);
        // For fourteen days.
        let kept = at.post("/sign-in", &cookie, &[&fields[..], &[("keep", "true")]].concat()).await;
        let mut lasting = plain.clone();
        lasting.insert("Max-Age=1209600".to_owned());
        assert_eq!(set(&kept)[0].2, lasting, "{base_url}");
        // And gone, with the attributes without which a browser would keep it.
        let cookie = format!("{session}={token}");
        let page = at.send(TestRequest::get(), "/account", &cookie).await;
        let csrf = page.attribute("input[name=csrf]", "value");
        let out = at.post("/sign-out", &cookie, &[("csrf", &csrf)]).await;
        let [(gone, nothing, found)] = <[_; 1]>::try_from(set(&out)).unwrap();
        let found: BTreeSet<String> = found.into_iter().filter(|one| !one.starts_with("Expires=")).collect();
        let mut ended = plain.clone();
        ended.insert("Max-Age=0".to_owned());
        assert_eq!((gone.as_str(), nothing.as_str(), &found), (name, "", &ended), "{base_url}");
        assert_eq!(at.send(TestRequest::get(), "/account", &cookie).await.status, StatusCode::SEE_OTHER);
    }
}

#[actix_web::test]
async fn links_lead_to_the_back_offices_own_host() {
    let at = Place::new("https://www.example.cn/mp", Some("office.example.cn")).await;
    let config = &at.site.state.config;
    assert_eq!(config.back_office_url("/admin/join/x"), "https://office.example.cn/mp/admin/join/x");
    let elsewhere = at.site.get("/mp/admin/sign-in").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "there is no back office on the readers' host");
}

#[actix_web::test]
async fn readers_get_no_cookie() {
    let site = TestSite::new().await;
    site.publish("spring", "春天来了", "<p>雪化了。</p>").await;
    for path in ["/", "/articles/spring", "/search?q=x", "/nowhere", "/static/share/default.png"] {
        assert!(set(&site.get(path).await).is_empty(), "{path}");
    }
}

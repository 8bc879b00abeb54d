//! Where somebody wanted to go before they had to sign in, or to type the password: carried along in addresses and
//! forms, and believed only where it leads into this back office.

use actix_web::http::header::LOCATION;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use url::Url;

use super::super::Site;
use super::{auth, page};

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

/// What the address of a page on the way says.
pub(crate) fn of(request: &HttpRequest) -> String {
    Query::<Asked>::from_query(request.query_string()).map(|asked| asked.into_inner().next).unwrap_or_default()
}

/// The address of a page on the way, which leads to `page`, both below `/admin`.
pub(crate) fn link(site: &Site, path: &str, page: &str) -> String {
    way(site, path, &page::url(site, page))
}

/// The address of a page on the way, which leads to `next`.
pub(crate) fn way(site: &Site, path: &str, next: &str) -> String {
    let path = page::url(site, path);
    match next {
        "" => path,
        next => format!("{path}?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC)),
    }
}

/// To a page on the way, which leads to `next`.
pub(crate) fn by(site: &Site, path: &str, next: &str) -> HttpResponse {
    let address = way(site, path, next);
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// To where somebody wanted to go.
pub(crate) fn onward(site: &Site, next: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address(site, next))).finish()
}

/// `next`, if it is in the back office, else the first page.
pub(crate) fn address(site: &Site, next: &str) -> String {
    let home = page::url(site, "/");
    inside(&auth::origin(site), &home, next).unwrap_or(home)
}

/// `next` as browsers understand it, if that is at `home` or below it.
fn inside(origin: &str, home: &str, next: &str) -> Option<String> {
    if next.contains(char::is_control) {
        return None;
    }
    let origin = Url::parse(origin).ok()?;
    let url = origin.join(next).ok().filter(|url| next.starts_with('/') && url.origin() == origin.origin())?;
    let below = url.path().strip_prefix(home)?;
    let fits = (below.is_empty() || below.starts_with('/')) && !below.contains("//");
    fits.then(|| match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ORIGIN: &str = "https://news.example.cn";

    fn at(next: &str) -> Option<String> {
        inside(ORIGIN, "/mp/admin", next)
    }

    #[test]
    fn a_page_of_the_back_office_is_kept_with_what_was_asked() {
        for next in ["/mp/admin", "/mp/admin/articles?state=draft&q=%E6%98%A5", "/mp/admin/staff/3"] {
            assert_eq!(at(next).as_deref(), Some(next));
        }
        assert_eq!(at("/mp/admin/x/../staff#top").as_deref(), Some("/mp/admin/staff"));
        assert_eq!(at("/mp/admin/搜索").as_deref(), Some("/mp/admin/%E6%90%9C%E7%B4%A2"));
    }

    #[test]
    fn everywhere_else_is_not() {
        for next in [
            "",
            "/",
            "/mp",
            "/mp/admin//evil.example",
            "/mp/admin/\r\nset-cookie: x=1",
            "/mp/administrator",
            "/mp/admin.evil.example",
            "https://evil.example/mp/admin",
            "//evil.example/mp/admin",
            "///evil.example/mp/admin",
            "/\\evil.example/mp/admin",
            "\\\\evil.example/mp/admin",
            "/\t/evil.example/mp/admin",
            "/\n/evil.example/mp/admin",
            "\t//evil.example",
            " //evil.example",
            "/mp/admin/../../evil",
            "/mp/admin/%2e%2e/%2E%2e/evil",
            "/mp/admin/..\\..\\evil",
            "javascript:alert(1)",
            "data:text/html,x",
            "mp/admin",
            "@evil.example",
            ":443/mp/admin",
            "https:evil.example",
        ] {
            assert_eq!(at(next), None, "{next:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_a_browser_stays_inside(next in "[/\\\\.%2eadminp\t\n:@?#a-z]{0,24}") {
            for next in [next.clone(), format!("/mp/admin{next}"), format!("/mp/admin/{next}")] {
                if let Some(address) = at(&next) {
                    let landed = Url::parse(ORIGIN).unwrap().join(&address).unwrap();
                    prop_assert_eq!(landed.origin().ascii_serialization(), ORIGIN);
                    let path = landed.path();
                    prop_assert!(path == "/mp/admin" || path.starts_with("/mp/admin/"), "{}", path);
                    prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{}", address);
                }
            }
        }
    }
}

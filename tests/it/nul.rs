//! The one character that PostgreSQL keeps in no text, in everything that may be typed into the back office.

use actix_web::http::{Method, StatusCode};
use wxpress::staff::Role;
use wxpress::web::back_office_routes;

use crate::office::Browser;
use crate::office_matrix::filled;
use crate::site::TestSite;

/// What addresses of lists and of searches ask for.
const ASKED: &[&str] = &[
    "q",
    "text",
    "name",
    "shelf",
    "category",
    "in_category",
    "author",
    "member",
    "kind",
    "article",
    "before",
    "after",
    "from",
    "to",
    "since",
    "until",
    "day",
    "month",
    "page",
    "choose",
    "next",
    "stored",
    "kept",
    "done",
    "code",
    "state",
];

/// What forms carry.
const TYPED: &[&str] = &[
    "name",
    "login",
    "title",
    "headline",
    "standfirst",
    "body",
    "summary",
    "byline",
    "source",
    "editor",
    "tags",
    "slug",
    "address",
    "path",
    "old",
    "new",
    "from",
    "to",
    "target",
    "into",
    "order",
    "lines",
    "content",
    "file_name",
    "notice",
    "remark",
    "alt",
    "caption",
    "credit",
    "share_title",
    "moments_title",
    "share_text",
    "password",
    "current",
    "again",
    "code",
    "role",
    "chosen",
    "verb",
    "q",
    "category",
    "lead",
    "at",
    "version",
    "focus",
    "site_name",
    "public_id",
];

#[actix_web::test]
async fn every_list_reads_it_as_any_other_sign() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Administrator).await;
    browser.post("/admin/confirm", &[("password", &crate::office::password_of("lin"))]).await;
    for (_, path, _) in back_office_routes().into_iter().filter(|(method, ..)| *method == Method::GET) {
        for name in ASKED {
            for value in ["%00", "a%00b"] {
                let target = format!("{}?{name}={value}", filled(path, "4711"));
                let answer = browser.get(&target).await;
                assert!(!answer.status.is_server_error(), "{target}: {}", answer.status);
                let is_page = answer.header("content-type").starts_with("text/");
                assert!(!(is_page && answer.body.contains('\0')), "{target}");
            }
        }
    }
    site.publish("bridge", "大桥通车", "<p>文</p>").await;
    for list in ["/admin/articles", "/admin/media", "/admin/tags", "/admin/redirects", "/search"] {
        assert_eq!(browser.get(&format!("{list}?q=%00")).await.status, StatusCode::OK, "{list}");
    }
    let found = browser.get("/admin/articles?q=%00").await;
    assert!(!found.text("main").contains("大桥通车"), "{}", found.text("main"));
}

#[actix_web::test]
async fn every_form_reads_it_as_any_other_sign() {
    let site = TestSite::new().await;
    let mut browser = Browser::of(&site, "lin", Role::Administrator).await;
    let posts: Vec<_> = back_office_routes().into_iter().filter(|(method, ..)| *method == Method::POST).collect();
    for (number, (_, path, _)) in posts.into_iter().enumerate() {
        let target = filled(path, "4711");
        for value in ["a\0b"] {
            let fields: Vec<_> = TYPED.iter().map(|name| (*name, value)).collect();
            for answer in [browser.post(&target, &fields).await, browser.upload(&target, &fields[..30], &[]).await] {
                assert!(!answer.status.is_server_error(), "{target}: {}", answer.status);
            }
            for one in &fields {
                let answer = browser.post(&target, &[*one]).await;
                assert!(!answer.status.is_server_error(), "{target} {one:?}: {}", answer.status);
            }
        }
        // Some of them end the session.
        if browser.get("/admin/articles").await.status != StatusCode::OK {
            browser = Browser::of(&site, &format!("lin{number}"), Role::Administrator).await;
        }
    }
    let gone = browser.post("/admin/verification/remove", &[("name", "\0")]).await;
    assert!(gone.status == StatusCode::NOT_FOUND || gone.status.is_redirection(), "{}", gone.status);
}

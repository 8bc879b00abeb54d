//! 更正 and 撤稿: what readers are told, and that it stays.

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use scraper::{Html as Page, Selector};
use wxpress::content::article::Refused;
use wxpress::content::{Actor, ArticleKey, Error};

use crate::database::{NOON, TestContent, written};
use crate::site::TestSite;

const EDITOR: Actor = Actor::Member(7);

#[tokio::test]
async fn a_correction_publishes_the_new_text_with_its_notice() {
    let site = TestContent::new().await;
    let id = site.published(written("旧")).await;
    let before = site.content.look().await.unwrap();
    let version = site.content.working_copy(id).await.unwrap().version;
    site.content.save(EDITOR, id, version, written("新")).await.unwrap();
    site.wait_a_minute();

    site.content.correct(EDITOR, id, " 数字\u{0}有误。\n\n应为三人。 ").await.unwrap();
    site.wait_a_minute();
    site.content.correct(Actor::System, id, "又一处。").await.unwrap();

    let article = site.content.published(&ArticleKey::Number(id)).await.unwrap();
    assert_eq!((article.fields.headline.as_str(), article.times.published), ("新", NOON));
    let notices: Vec<&str> = article.corrections.iter().map(|correction| correction.notice.as_str()).collect();
    assert_eq!(notices, ["又一处。", "数字有误。\n应为三人。"]);
    assert_eq!(article.corrections[0].at, site.clock.now());
    assert_eq!(site.content.look().await.unwrap(), before + 2);
    let events = site.texts("SELECT kind FROM event WHERE kind = 'corrected'").await;
    assert_eq!(events.len(), 2);
    assert_eq!(site.texts("SELECT actor FROM correction ORDER BY id").await, ["member", "system"]);
}

#[tokio::test]
async fn only_a_published_text_is_corrected_and_never_without_a_word() {
    let site = TestContent::new().await;
    let draft = site.content.create(EDITOR, written("稿")).await.unwrap();
    let refused = site.content.correct(EDITOR, draft, "错").await;
    assert!(matches!(refused, Err(Error::Refused(Refused::NotPublished))), "{refused:?}");
    let id = site.published(written("文")).await;
    let silent = site.content.correct(EDITOR, id, " \n\u{202e} ").await;
    assert!(matches!(silent, Err(Error::Refused(Refused::NoNotice))), "{silent:?}");

    site.content.withdraw(EDITOR, id, "").await.unwrap();
    let late = site.content.correct(EDITOR, id, "错").await;
    assert!(matches!(late, Err(Error::Refused(Refused::NotPublished))), "{late:?}");
    assert_eq!(site.numbers("SELECT COUNT(*) FROM revision").await, [1]);
    assert!(site.numbers("SELECT id FROM correction").await.is_empty());
}

#[tokio::test]
async fn nobody_changes_or_removes_a_correction() {
    let site = TestContent::new().await;
    let id = site.published(written("文")).await;
    site.content.correct(EDITOR, id, "错").await.unwrap();

    for forbidden in ["UPDATE correction SET notice = ''", "DELETE FROM correction", "DELETE FROM article"] {
        let mut transaction = site.db.begin().await.unwrap();
        let outcome = sqlx::query(forbidden).execute(&mut *transaction).await;
        assert!(outcome.is_err(), "{forbidden}");
    }
}

#[actix_web::test]
async fn a_correction_stands_under_the_text_with_its_day() {
    let site = TestSite::new().await;
    let id = site.publish("a", "文", "<p>雪</p>").await;
    assert_eq!(site.get("/articles/a").await.text(".notice"), "");
    site.content().correct(EDITOR, id, "第一处<b>。").await.unwrap();
    site.clock.advance(Duration::from_hours(48));
    site.content().correct(EDITOR, id, "第二处。").await.unwrap();

    let page = site.get("/articles/a").await;

    assert_eq!(page.text(".notice h2"), "更正");
    let document = Page::parse_document(&page.body);
    let lines: Vec<String> =
        document.select(&Selector::parse(".notice p").unwrap()).map(|line| line.text().collect()).collect();
    assert_eq!(lines, ["2026年9月23日 第二处。", "2026年9月21日 第一处<b>。"]);
    assert!(page.body.find("class=\"body").unwrap() < page.body.find("class=\"notice").unwrap());
}

#[actix_web::test]
async fn a_withdrawn_article_leaves_a_page_that_says_so() {
    let site = TestSite::new().await;
    for number in 1..=4 {
        site.publish(&format!("n-{number}"), &format!("第{number}条"), "<p>雪</p>").await;
        site.clock.advance(Duration::from_mins(1));
    }
    let id = site.publish("wrong", "错误的标题", "<p>错误的正文</p>").await;
    assert_eq!(site.get("/articles/wrong").await.status, StatusCode::OK);

    site.content().withdraw(EDITOR, id, "来源有误<b>。\n已向当事人致歉。").await.unwrap();

    // Twice: from the handler, and from memory.
    for _ in 0..2 {
        let page = site.get("/articles/wrong").await;
        assert_eq!(page.status, StatusCode::GONE);
        assert_eq!(page.text("h1"), "这篇文章已经撤下");
        assert!(page.text(".empty .meta").contains("撤稿日期：2026年9月21日"), "{}", page.text(".empty .meta"));
        assert_eq!(page.text(".notice p"), "来源有误<b>。\n已向当事人致歉。");
        assert!(!page.body.contains("错误的"), "{}", page.body);
        assert_eq!(page.attribute("form[role=search]", "action"), "/search");
        assert_eq!(page.attribute("form[role=search] input", "name"), "q");
        assert_eq!(page.body.matches("<article class=\"row").count(), 3);
        assert_eq!(page.text(".row .headline"), "第4条");
        assert_eq!(page.attribute("html", "data-canonical"), "");
        assert!(!page.body.contains("id=\"wx-share\""));
        assert_eq!(page.header("cache-control"), "public, max-age=60");
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    }
    let head = site.send(TestRequest::with_uri("/articles/wrong").method(Method::HEAD)).await;
    assert_eq!(head.status, StatusCode::GONE);
}

#[actix_web::test]
async fn old_addresses_of_a_withdrawn_article_lead_to_its_notice() {
    let site = TestSite::new().await;
    let id = site.publish("old", "文", "<p>雪</p>").await;
    site.content().set_slug(EDITOR, id, Some("new".parse().unwrap())).await.unwrap();
    site.content().add_alias(EDITOR, id, &"/blog/1".parse().unwrap()).await.unwrap();
    site.content().withdraw(EDITOR, id, "").await.unwrap();

    for path in ["/articles/old".to_owned(), "/blog/1".to_owned(), format!("/articles/{id}")] {
        let answer = site.get(&path).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{path}");
        assert_eq!(answer.header("location"), "https://news.example.cn/articles/new", "{path}");
    }
    let page = site.get("/articles/new").await;
    assert_eq!((page.status, page.text(".notice")), (StatusCode::GONE, String::new()));
}

#[actix_web::test]
async fn what_is_withdrawn_is_gone_from_every_page() {
    let site = TestSite::new().await;
    site.publish("other", "别的", "<p>雪</p>").await;
    site.clock.advance(Duration::from_mins(1));
    let id = site.publish("gone", "撤下的稿件", "<p>雪</p>").await;
    site.content().set_pinned(EDITOR, id, true).await.unwrap();
    let pages = ["/", "/archive/2026-09", "/articles/other", "/sitemap-articles.xml?after=0"];
    for path in pages {
        assert!(site.get(path).await.body.contains("gone"), "{path}");
    }

    site.content().withdraw(EDITOR, id, "").await.unwrap();

    for path in pages {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains("gone") && !page.body.contains("撤下的稿件"), "{path}");
    }
    // Published again, it is back at the same address.
    site.content().publish(EDITOR, id, None).await.unwrap();
    assert_eq!(site.get("/articles/gone").await.status, StatusCode::OK);
}

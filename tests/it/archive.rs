//! The archive: months in the site's time zone, and the articles of each.

use actix_web::http::StatusCode;
use scraper::{Html as Page, Selector};
use wxpress::clock::Millis;
use wxpress::content::{Actor, ArticleId, Month};

use crate::database::{TestContent, written};
use crate::site::{Answer, TestSite};

/// The first moment of 2026 in Shanghai.
const NEW_YEAR: i64 = 1_767_196_800_000;
const AN_HOUR: i64 = 3_600_000;
const A_DAY: i64 = 24 * AN_HOUR;

async fn dated(site: &TestSite, headline: &str, moment: i64) -> ArticleId {
    let id = site.content().create(Actor::System, written(headline)).await.unwrap();
    site.content().publish(Actor::System, id, Some(Millis(moment))).await.unwrap();
    id
}

fn texts(page: &Answer, selector: &str) -> Vec<String> {
    let document = Page::parse_document(&page.body);
    document.select(&Selector::parse(selector).unwrap()).map(|element| element.text().collect()).collect()
}

async fn months(site: &TestContent) -> Vec<String> {
    site.content.archive().await.unwrap().iter().map(Month::to_string).collect()
}

#[actix_web::test]
async fn months_begin_in_the_sites_time_zone() {
    let site = TestSite::new().await;
    // Both are still December in London.
    dated(&site, "除夕前", NEW_YEAR - 1).await;
    dated(&site, "新年", NEW_YEAR).await;
    dated(&site, "一月底", NEW_YEAR + 31 * A_DAY - 1).await;
    dated(&site, "二月", NEW_YEAR + 31 * A_DAY).await;

    let archive = site.get("/archive").await;

    assert_eq!(archive.status, StatusCode::OK);
    assert_eq!(texts(&archive, "h2.label"), ["2026年", "2025年"]);
    assert_eq!(texts(&archive, ".months a"), ["2月", "1月", "12月"]);
    assert_eq!(archive.attribute(".months a", "href"), "/archive/2026-02");
    assert_eq!(archive.attribute(".months a", "aria-label"), "2026年2月");
    let january = site.get("/archive/2026-01").await;
    assert_eq!(january.text("h1"), "2026年1月");
    assert_eq!(texts(&january, ".headline"), ["一月底", "新年"]);
    assert_eq!(january.attribute("html", "data-canonical"), "https://news.example.cn/archive/2026-01");
    assert_eq!(january.attribute(".kicker a", "href"), "/archive");
    assert_eq!(texts(&site.get("/archive/2025-12").await, ".headline"), ["除夕前"]);
}

#[actix_web::test]
async fn a_month_without_articles_is_not_found_and_neither_is_garbage() {
    let site = TestSite::new().await;
    let id = dated(&site, "新年", NEW_YEAR).await;
    for path in [
        "/archive/2026-02",
        "/archive/2026-02?before=1.1",
        "/archive/2026-1",
        "/archive/2026-13",
        "/archive/2026",
        "/archive/x",
        "/archive/9999-12",
        "/archive/-001-01",
        "/archive/2026-01-01",
        "/archive/%00",
    ] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(site.get("/archive/2026-01").await.status, StatusCode::OK);

    site.content().withdraw(Actor::System, id, "").await.unwrap();

    assert_eq!(site.get("/archive/2026-01").await.status, StatusCode::NOT_FOUND);
    let archive = site.get("/archive").await;
    assert_eq!((archive.status, texts(&archive, ".months a").len()), (StatusCode::OK, 0));
}

#[actix_web::test]
async fn a_month_is_paged_by_key_and_ends_where_it_ends() {
    let site = TestSite::new().await;
    dated(&site, "十二月", NEW_YEAR - 1).await;
    for number in 1..=45 {
        dated(&site, &number.to_string(), NEW_YEAR + number * AN_HOUR).await;
    }
    dated(&site, "二月", NEW_YEAR + 31 * A_DAY).await;

    let mut met = Vec::new();
    let mut path = "/archive/2026-01".to_owned();
    while !path.is_empty() {
        let page = site.get(&path).await;
        met.extend(texts(&page, ".headline"));
        path = page.attribute("a[rel=next]", "href");
    }

    let expected: Vec<String> = (1..=45).rev().map(|number| number.to_string()).collect();
    assert_eq!(met, expected);
    // A key of a later month begins at this month's end, one of an earlier month after its last article.
    let late = site.get(&format!("/archive/2026-01?before={}.1", i64::MAX)).await;
    assert_eq!(late.text(".headline"), "45");
    let early = site.get("/archive/2026-01?before=5.5").await;
    assert_eq!((early.status, texts(&early, ".headline").len()), (StatusCode::OK, 0));
    assert_eq!(site.get("/archive/2026-01?before=garbage").await.text(".headline"), "45");
}

#[tokio::test]
async fn dates_that_no_calendar_shows_end_nothing() {
    let site = TestContent::new().await;
    for moment in [i64::MAX, NEW_YEAR, 0, i64::MIN + 1] {
        let id = site.content.create(Actor::System, written("文")).await.unwrap();
        site.content.publish(Actor::System, id, Some(Millis(moment))).await.unwrap();
    }

    assert_eq!(months(&site).await, ["2026-01", "1970-01"]);
}

#[tokio::test]
async fn months_far_apart_are_found_one_after_the_other() {
    let site = TestContent::new().await;
    assert!(months(&site).await.is_empty());
    let mut expected = Vec::new();
    for years in 0..30 {
        let id = site.content.create(Actor::System, written("文")).await.unwrap();
        site.content.publish(Actor::System, id, Some(Millis(NEW_YEAR - years * 366 * A_DAY))).await.unwrap();
        expected.push(2026 - years);
    }

    let years: Vec<i64> = site.content.archive().await.unwrap().iter().map(|month| month.year().into()).collect();

    assert_eq!(years.len(), 30);
    assert!(years.is_sorted_by(|one, other| one > other), "{years:?}");
    assert_eq!(years.first(), expected.first());
}

#[actix_web::test]
async fn the_archive_speaks_english_and_lies_under_the_prefix() {
    let site = TestSite::with(&[
        ("WXPRESS_SITE__LANGUAGE", "en"),
        ("WXPRESS_SITE__TIME_ZONE", "Europe/London"),
        ("WXPRESS_SITE__BASE_URL", "https://www.example.cn/mp"),
    ])
    .await;
    dated(&site, "eve", NEW_YEAR).await;

    let archive = site.get("/mp/archive").await;

    assert_eq!(archive.text("h1"), "Archive");
    assert_eq!(texts(&archive, ".months a"), ["December"]);
    assert_eq!(archive.attribute(".months a", "href"), "/mp/archive/2025-12");
    assert_eq!(archive.attribute(".months a", "aria-label"), "December 2025");
    assert_eq!(site.get("/mp/archive/2025-12").await.text("h1"), "December 2025");
    assert_eq!(site.get("/mp/").await.attribute(".footer a", "href"), "/mp/archive");
}

//! What programs read of the site: feeds, the site map, and the data for search engines in the head of a page.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::test::TestRequest;
use atom_syndication::Feed;
use rss::Channel;
use serde_json::Value;
use wxpress::content::import::{Options, Unwatched, import};
use wxpress::content::{Actor, ArticleId, Fields, Html};

use crate::site::{Answer, TestSite};

/// The number of the category 要闻. Only an import makes one, so an article brings it along and goes again.
async fn category(site: &TestSite) -> i64 {
    let slug = "category-1".parse().unwrap();
    if let Ok(category) = site.content().category(&slug).await {
        return category.id;
    }
    let folder = tempfile::tempdir().unwrap();
    let text = "---\ntitle: 旧闻\ndate: 2020-01-02\nslug: bringer\ncategories: [要闻]\n---\n旧\n";
    std::fs::write(folder.path().join("bringer.md"), text).unwrap();
    import(site.content(), folder.path(), Options { dry_run: false, progress: &Unwatched }).await.unwrap();
    let article = site.content().published(&"bringer".parse().unwrap()).await.unwrap();
    site.content().withdraw(Actor::Import, article.id, "").await.unwrap();
    article.category.unwrap().id
}

async fn published(site: &TestSite, slug: &str) -> ArticleId {
    let category = category(site).await;
    let fields = Fields {
        headline: "春天 <来了> & \"开\"".to_owned(),
        byline: "张三".to_owned(),
        summary: "山上的雪 <化> 了".to_owned(),
        category: Some(category),
        tags: vec!["雪".to_owned(), "春 & 天".to_owned()],
        body: Html::clean("<p>雪&#1;&#11;化了 ]]&gt; <a href=\"/about\">关于</a> &amp; <b>完</b></p>"),
        ..Fields::default()
    };
    site.publish_fields(slug, fields).await
}

fn atom(answer: &Answer) -> Feed {
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    Feed::read_from(answer.body.as_bytes()).unwrap()
}

#[actix_web::test]
async fn the_atom_feed_holds_the_newest_articles_in_full() {
    let site = TestSite::with(&[("WXPRESS_SITE__BASE_URL", "https://www.example.cn/mp")]).await;
    let id = published(&site, "spring").await;

    let feed = atom(&site.get("/mp/feed.xml").await);

    assert_eq!(feed.title.as_str(), "云溪新闻");
    assert_eq!(feed.lang.as_deref(), Some("zh-CN"));
    assert_eq!(feed.authors[0].name, "云溪新闻");
    let links: BTreeMap<_, _> = feed.links.iter().map(|link| (link.rel.as_str(), link.href.as_str())).collect();
    assert_eq!(links["self"], "https://www.example.cn/mp/feed.xml");
    assert_eq!(links["alternate"], "https://www.example.cn/mp/");
    let entry = &feed.entries[0];
    assert_eq!(entry.title.as_str(), "春天 <来了> & \"开\"");
    assert_eq!(entry.id, format!("tag:www.example.cn,2026-09-21:/mp/articles/{id}"));
    assert_eq!(entry.links[0].href, "https://www.example.cn/mp/articles/spring");
    assert_eq!(entry.authors[0].name, "张三");
    assert_eq!(
        entry.categories.iter().map(|category| category.term.as_str()).collect::<Vec<_>>(),
        ["要闻", "雪", "春 & 天"]
    );
    assert_eq!(entry.summary.as_ref().unwrap().as_str(), "山上的雪 <化> 了");
    let content = entry.content.as_ref().unwrap();
    assert_eq!(content.content_type.as_deref(), Some("html"));
    let text = content.value.as_deref().unwrap();
    assert!(text.contains("<p>雪化了 ]]&gt; <a href=\"https://www.example.cn/about\""), "{text}");
    assert_eq!(feed.updated, entry.updated);
}

#[actix_web::test]
async fn the_rss_feed_says_the_same() {
    let site = TestSite::new().await;
    let id = published(&site, "spring").await;
    let answer = site.get("/rss.xml").await;

    assert_eq!(answer.header("content-type"), "application/rss+xml; charset=utf-8");
    let channel = Channel::read_from(answer.body.as_bytes()).unwrap();

    assert_eq!((channel.title(), channel.link()), ("云溪新闻", "https://news.example.cn/"));
    assert_eq!(channel.atom_ext.as_ref().unwrap().links[0].href, "https://news.example.cn/rss.xml");
    let item = &channel.items[0];
    assert_eq!(item.title(), Some("春天 <来了> & \"开\""));
    assert_eq!(item.link(), Some("https://news.example.cn/articles/spring"));
    let guid = item.guid().unwrap();
    assert_eq!(guid.value, format!("tag:news.example.cn,2026-09-21:/articles/{id}"));
    assert!(!guid.permalink);
    assert_eq!(item.description(), Some("山上的雪 &lt;化&gt; 了"));
    assert_eq!(item.dublin_core_ext().unwrap().creators, ["张三"]);
    assert_eq!(item.pub_date(), Some("Mon, 21 Sep 2026 22:13:20 +0800"));
    assert!(item.content().unwrap().contains("雪化了 ]]&gt; <a href=\"https://news.example.cn/about\""));
    assert_eq!(item.categories().len(), 3);
}

#[actix_web::test]
async fn a_feed_keeps_the_names_of_its_entries_and_forgets_what_was_withdrawn() {
    let site = TestSite::new().await;
    let (spring, _summer) = (published(&site, "spring").await, published(&site, "summer").await);
    let before = atom(&site.get("/feed.xml").await);
    assert_eq!(before.entries.len(), 2);

    site.clock.advance(Duration::from_hours(1));
    site.content().set_slug(Actor::System, spring, Some("spring-2026".parse().unwrap())).await.unwrap();
    let after = atom(&site.get("/feed.xml").await);
    assert_eq!(after.entries[1].id, before.entries[1].id);
    assert!(after.entries[1].links[0].href.ends_with("/articles/spring-2026"));

    site.content().withdraw(Actor::System, spring, "").await.unwrap();
    assert_eq!(atom(&site.get("/feed.xml").await).entries.len(), 1);
}

#[actix_web::test]
async fn a_feed_has_twenty_entries_and_is_not_sent_twice() {
    let site = TestSite::new().await;
    for number in 0..22 {
        site.clock.advance(Duration::from_mins(1));
        site.publish(&format!("n-{number}"), &format!("第{number}条"), "<p>雪</p>").await;
    }

    let first = site.get("/feed.xml").await;
    let feed = atom(&first);
    assert_eq!(feed.entries.len(), 20);
    assert_eq!(feed.entries[0].title.as_str(), "第21条");
    // Without a byline the newsroom wrote it, and the text itself is the summary.
    assert!(feed.entries[0].authors.is_empty());
    assert_eq!(feed.entries[0].summary.as_ref().unwrap().as_str(), "雪");

    let known = TestRequest::get().uri("/feed.xml").insert_header((header::IF_NONE_MATCH, first.header("etag")));
    let again = site.send(known).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[actix_web::test]
async fn a_category_has_a_feed_of_its_own_and_an_unknown_one_has_none() {
    let site = TestSite::new().await;
    published(&site, "spring").await;
    site.publish("other", "别的", "<p>雪</p>").await;

    let address = site.get("/").await.attribute(".sections li:nth-child(2) a", "href");
    let page = site.get(&address).await;
    let link = page.attribute("link[rel=alternate][type='application/atom+xml']", "href");
    let feed = atom(&site.get(&link).await);

    assert_eq!(feed.title.as_str(), "要闻 - 云溪新闻");
    assert_eq!(feed.entries.len(), 1);
    assert_eq!(site.get("/categories/nothing/feed.xml").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/categories/%FF/feed.xml").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_site_without_articles_has_valid_feeds() {
    let site = TestSite::new().await;
    assert_eq!(atom(&site.get("/feed.xml").await).entries.len(), 0);
    assert_eq!(Channel::read_from(site.get("/rss.xml").await.body.as_bytes()).unwrap().items.len(), 0);
}

#[actix_web::test]
async fn every_page_names_the_feeds() {
    let site = TestSite::new().await;
    published(&site, "spring").await;
    for path in ["/", "/articles/spring", "/nothing"] {
        let page = site.get(path).await;
        for (media_type, address) in [("application/atom+xml", "/feed.xml"), ("application/rss+xml", "/rss.xml")] {
            let selector = format!("head link[rel=alternate][type='{media_type}']");
            assert_eq!(page.attribute(&selector, "href"), address, "{path}");
        }
        assert_eq!(page.attribute(".footer a[href='/feed.xml']", "href"), "/feed.xml", "{path}");
    }
}

fn structured(page: &Answer) -> Value {
    serde_json::from_str(&page.text("script[type='application/ld+json']")).unwrap()
}

#[actix_web::test]
async fn a_search_engine_reads_what_the_article_is() {
    let site = TestSite::new().await;
    published(&site, "spring").await;
    let page = site.get("/articles/spring").await;

    let graph = structured(&page)["@graph"].clone();

    let news = &graph[0];
    assert_eq!(news["@type"], "NewsArticle");
    assert_eq!(news["headline"], "春天 <来了> & \"开\"");
    assert_eq!(news["datePublished"], "2026-09-21T22:13:20+08:00");
    assert_eq!(news["dateModified"], "2026-09-21T22:13:20+08:00");
    assert_eq!(news["author"]["@type"], "Person");
    assert_eq!(news["author"]["name"], "张三");
    assert_eq!(news["publisher"]["name"], "云溪新闻");
    assert!(news["publisher"]["logo"]["url"].as_str().unwrap().starts_with("https://news.example.cn/static/share/"));
    assert!(news["image"][0].as_str().unwrap().starts_with("https://news.example.cn/"));
    assert_eq!(news["mainEntityOfPage"]["@id"], "https://news.example.cn/articles/spring");
    assert_eq!((&news["articleSection"], &news["keywords"]), (&"要闻".into(), &"雪,春 & 天".into()));
    let trail = graph[1]["itemListElement"].as_array().unwrap();
    assert_eq!(graph[1]["@type"], "BreadcrumbList");
    assert_eq!(trail.iter().map(|item| item["position"].clone()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(trail[2]["item"], "https://news.example.cn/articles/spring");
}

#[actix_web::test]
async fn a_search_engine_reads_where_to_search() {
    let site = TestSite::new().await;
    let data = structured(&site.get("/").await);
    assert_eq!(data["@type"], "WebSite");
    assert_eq!(
        data["potentialAction"]["target"]["urlTemplate"],
        "https://news.example.cn/search?q={search_term_string}"
    );
}

#[actix_web::test]
async fn what_stands_for_a_page_elsewhere_is_complete() {
    let site = TestSite::new().await;
    published(&site, "spring").await;
    for path in ["/", "/articles/spring"] {
        let page = site.get(path).await;
        let meta = |name: &str| page.attribute(&format!("meta[{name}]"), "content");
        for name in ["itemprop=name", "itemprop=image", "property='og:title'", "property='og:url'"] {
            assert!(!meta(name).is_empty(), "{path} {name}");
        }
        assert_eq!(meta("property='og:locale'"), "zh_CN");
        assert_eq!(meta("property='og:image:type'"), "image/png");
        assert_eq!(
            (meta("property='og:image:width'"), meta("property='og:image:height'")),
            ("500".into(), "500".into())
        );
    }
    let article = site.get("/articles/spring").await;
    for (name, value) in [
        ("property='og:type'", "article"),
        ("itemprop=description", "山上的雪 <化> 了"),
        ("property='og:description'", "山上的雪 <化> 了"),
        ("property='article:published_time'", "2026-09-21T22:13:20+08:00"),
        ("property='article:modified_time'", "2026-09-21T22:13:20+08:00"),
        ("property='article:section'", "要闻"),
        ("property='article:tag'", "雪"),
    ] {
        assert_eq!(article.attribute(&format!("meta[{name}]"), "content"), value, "{name}");
    }
}

#[actix_web::test]
async fn the_site_map_names_every_article_in_parts_of_ten_thousand_numbers() {
    let site = TestSite::new().await;
    let empty = site.get("/sitemap.xml").await;
    assert!(empty.body.contains("/sitemap-pages.xml</loc>") && !empty.body.contains("articles"), "{}", empty.body);
    published(&site, "spring").await;

    let index = site.get("/sitemap.xml").await.body;
    assert!(index.contains("<loc>https://news.example.cn/sitemap-articles.xml?after=0</loc>"), "{index}");
    assert_eq!(index.matches("<sitemap>").count(), 2, "{index}");
    let part = site.get("/sitemap-articles.xml?after=0").await;
    assert_eq!(part.header("content-type"), "application/xml; charset=utf-8");
    let entry = "<url><loc>https://news.example.cn/articles/spring</loc><lastmod>2026-09-21T14:13:20Z</lastmod></url>";
    assert!(part.body.contains(entry), "{}", part.body);
    let pages = site.get("/sitemap-pages.xml").await.body;
    assert!(pages.contains("<loc>https://news.example.cn/</loc>"), "{pages}");
    assert!(pages.contains("<loc>https://news.example.cn/categories/category-1</loc>"), "{pages}");
    assert!(site.get("/robots.txt").await.body.contains("Sitemap: https://news.example.cn/sitemap.xml"));
}

#[actix_web::test]
async fn a_part_of_the_site_map_that_was_never_named_is_not_found() {
    let site = TestSite::new().await;
    published(&site, "spring").await;
    for after in ["1", "-10000", "10000", "9223372036854770000", "x", "1e4", "%FF", "10000000000000000000000000000000"]
    {
        let answer = site.get(&format!("/sitemap-articles.xml?after={after}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{after}");
    }
}

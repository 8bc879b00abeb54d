//! Search, as readers meet it: what is found, in which order, and that nothing one can type does harm.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use scraper::{Html, Selector};
use wxpress::content::{Actor, ArticleId, Fields, Html as Body};
use wxpress::db::Engine;

use crate::database::{TestContent, written};
use crate::site::{Answer, TestSite};

impl TestContent {
    /// The headlines of the first page of an answer.
    async fn found(&self, query: &str) -> Vec<String> {
        let results = self.content.search(query, 1).await.unwrap();
        results.hits.into_iter().map(|hit| hit.summary.headline).collect()
    }

    async fn with_text(&self, headline: &str, text: &str) -> ArticleId {
        let body = Body::clean(&format!("<p>{text}</p>"));
        self.published(Fields { headline: headline.to_owned(), body, ..Fields::default() }).await
    }
}

impl TestSite {
    async fn search(&self, query: &str) -> Answer {
        self.get(&format!("/search?q={}", utf8_percent_encode(query, NON_ALPHANUMERIC))).await
    }
}

/// The texts of all elements that `selector` finds.
fn texts(answer: &Answer, selector: &str) -> Vec<String> {
    let page = Html::parse_document(&answer.body);
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).map(|element| element.text().collect()).collect()
}

#[tokio::test]
async fn chinese_is_found_by_any_two_of_its_characters() {
    let site = TestContent::new().await;
    let text = "县融媒体中心在北京大学生活动中心举行培训，云溪镇的春天来了。";
    site.with_text("一则消息", text).await;
    site.with_text("另一则", "毫不相干的文字。").await;

    for run in text.split(['，', '。']) {
        let characters: Vec<char> = run.chars().collect();
        for length in 2..=characters.len() {
            for part in characters.windows(length) {
                let part: String = part.iter().collect();
                assert_eq!(site.found(&part).await, ["一则消息"], "{part}");
            }
        }
    }
    for other in ["融体", "京北", "媒体中国", "大学，生活"] {
        assert!(site.found(other).await.len() <= usize::from(other.contains('，')), "{other}");
    }
}

#[tokio::test]
async fn a_title_comes_first_a_word_before_its_inside_and_the_newest_among_equals() {
    let site = TestContent::new().await;
    for (headline, text) in [
        ("海外来信", "华人社区欢度春节。"),
        ("节日", "中华人民共和国成立。"),
        ("华人合唱团成立", "一则消息。"),
        ("中华人民共和国大事", "一则消息。"),
        ("华人足球赛", "一则消息。"),
        ("远方来信", "华人社区的一天。"),
    ] {
        site.with_text(headline, text).await;
        site.wait_a_minute();
    }

    let order = ["华人足球赛", "华人合唱团成立", "中华人民共和国大事", "远方来信", "海外来信", "节日"];
    assert_eq!(site.found("华人").await, order);
}

#[tokio::test]
async fn the_date_decides_not_the_number() {
    let site = TestContent::new().await;
    for (headline, day) in [("第二篇消息", 20), ("第三篇消息", 30), ("第一篇消息", 10)] {
        let id = site.content.create(Actor::System, written(headline)).await.unwrap();
        site.content.publish(Actor::System, id, Some(wxpress::clock::Millis(day * 86_400_000))).await.unwrap();
    }

    assert_eq!(site.found("消息").await, ["第三篇消息", "第二篇消息", "第一篇消息"]);
}

#[tokio::test]
async fn spellings_scripts_and_beginnings_of_words_are_one() {
    let site = TestContent::new().await;
    site.with_text("ＷｅＣｈａｔ小程序上线", "基于 Kubernetes 与 5G基站，符合 GB/T 2.1 标准。").await;
    site.with_text("臺灣記者來訪", "乾隆年間的故事。").await;

    for query in
        ["wechat", "WECHAT小程序", "wec", "kube", "５Ｇ基站", "5g 基站", "GB/T 2.1", "gb/t", "小程序 标准", "程"]
    {
        assert_eq!(site.found(query).await, ["ＷｅＣｈａｔ小程序上线"], "{query}");
    }
    for query in ["台湾", "臺灣", "记者来访", "乾隆", "干隆"] {
        assert_eq!(site.found(query).await, ["臺灣記者來訪"], "{query}");
    }
    for query in ["ubernetes", "gb/t 2.2", "5G 卫星", "t/gb"] {
        assert!(site.found(query).await.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn author_source_and_tags_are_searched_too() {
    let site = TestContent::new().await;
    let fields = Fields {
        byline: "欧阳云溪".to_owned(),
        source: "清河日报".to_owned(),
        tags: vec!["适老化".to_owned()],
        ..written("消息")
    };
    site.published(fields).await;

    for query in ["欧阳云溪", "清河日报", "适老化"] {
        assert_eq!(site.found(query).await, ["消息"], "{query}");
    }
}

#[tokio::test]
async fn only_what_readers_may_see_is_found_and_only_as_it_is_now() {
    let site = TestContent::new().await;
    let actor = Actor::Member(1);
    let id = site.content.create(actor, written("桥梁通车")).await.unwrap();
    assert!(site.found("桥梁").await.is_empty(), "a draft");

    site.content.publish(actor, id, None).await.unwrap();
    assert_eq!(site.found("桥梁").await, ["桥梁通车"]);

    let version = site.content.working_copy(id).await.unwrap().version;
    site.content.save(actor, id, version, written("隧道通车")).await.unwrap();
    assert!(site.found("隧道").await.is_empty(), "saved, not published");
    site.content.publish(actor, id, None).await.unwrap();
    assert_eq!(site.found("隧道").await, ["隧道通车"]);
    assert!(site.found("桥梁").await.is_empty(), "the old text");

    site.content.withdraw(actor, id, "撤稿").await.unwrap();
    assert!(site.found("隧道").await.is_empty(), "withdrawn");
    assert_eq!(site.content.index_missing(10).await.unwrap(), 0);

    site.content.publish(actor, id, None).await.unwrap();
    assert_eq!(site.found("隧道").await, ["隧道通车"]);
}

#[tokio::test]
async fn articles_from_before_the_index_are_taken_in() {
    let site = TestContent::new().await;
    for number in 0..5 {
        site.published(written(&format!("第{number}号消息"))).await;
    }
    let mut transaction = site.db.begin().await.unwrap();
    let forget = match site.db.engine() {
        Engine::Sqlite => "DELETE FROM article_search WHERE rowid > 0",
        Engine::Postgres => "DELETE FROM article_search",
    };
    sqlx::query(forget).execute(&mut *transaction).await.unwrap();
    sqlx::query("UPDATE article SET indexed = 0").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    assert!(site.found("消息").await.is_empty());

    assert_eq!(site.content.index_missing(2).await.unwrap(), 2);
    assert_eq!(site.found("消息").await.len(), 2);
    site.content.index_all_missing().await;
    assert_eq!(site.found("消息").await.len(), 5);
    assert_eq!(site.content.index_missing(2).await.unwrap(), 0);
}

#[tokio::test]
async fn pages_hold_every_result_once_and_end() {
    let site = TestContent::new().await;
    for number in 0..23 {
        site.published(written(&format!("第{number}号消息"))).await;
        site.wait_a_minute();
    }
    let mut seen = Vec::new();
    for page in 1..=3 {
        let results = site.content.search("消息", page).await.unwrap();
        assert_eq!((results.total, results.pages, results.page, results.more), (23, 3, page, false));
        seen.extend(results.hits.into_iter().map(|hit| hit.summary.headline));
    }
    let newest_first: Vec<String> = (0..23).rev().map(|number| format!("第{number}号消息")).collect();
    assert_eq!(seen, newest_first);
    assert_eq!(site.content.search("消息", 0).await.unwrap().page, 1);
    assert_eq!(site.content.search("消息", usize::MAX).await.unwrap().page, 3);
}

#[tokio::test]
async fn a_common_word_is_answered_with_a_limit() {
    let site = TestContent::new().await;
    for number in 0..215 {
        site.published(written(&format!("第{number}号"))).await;
    }

    let results = site.content.search("正文", 1).await.unwrap();

    assert_eq!((results.total, results.pages, results.more), (200, 20, true));
    assert_eq!(results.hits[0].summary.headline, "第214号");
}

#[tokio::test]
async fn a_text_without_end_is_published_and_found_by_its_beginning() {
    let site = TestContent::new().await;
    let wide: String =
        (0..30_000).map(|number| ["ж".repeat(60), number.to_string(), " ".to_owned()].concat()).collect();
    site.with_text("长文", &format!("开头两字{}{wide}", "新闻'\\\"".repeat(20_000))).await;

    assert_eq!(site.found("开头").await, ["长文"]);
}

#[actix_web::test]
async fn the_page_shows_what_was_found_and_why() {
    let site = TestSite::new().await;
    site.publish("bridge", "石桥<重新>开放", &format!("<p>{}</p><p>修缮后的石桥今日通行。</p>", "前文".repeat(90)))
        .await;
    site.publish("market", "早市", "<p>热闹。</p>").await;

    let answer = site.search("石桥").await;

    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.attribute("meta[name=robots]", "content"), "noindex");
    assert_eq!(answer.attribute("html", "data-canonical"), "");
    assert_eq!(answer.attribute("main input[name=q]", "value"), "石桥");
    assert_eq!(answer.text(".outcome"), "找到 1 篇文章");
    assert_eq!(answer.text(".headline"), "石桥<重新>开放");
    assert_eq!(answer.attribute(".headline a", "href"), "/articles/bridge");
    assert_eq!(texts(&answer, "mark"), ["石桥", "石桥"]);
    assert!(answer.text(".found .summary").starts_with('…'), "{}", answer.text(".found .summary"));
    assert!(answer.text(".found .summary").contains("修缮后的石桥今日通行。"));

    let nothing = site.search("海啸").await;
    assert_eq!(nothing.status, 200);
    assert_eq!(nothing.text(".empty h2"), "没有找到相关文章");

    let empty = site.get("/search").await;
    assert_eq!(empty.status, 200);
    assert!(texts(&empty, ".empty, .outcome").is_empty());
    assert_eq!(empty.text("title"), "搜索 - 云溪新闻");
}

#[actix_web::test]
async fn pages_are_links_that_work_below_a_prefix() {
    let site = TestSite::with(&[("WXPRESS_SITE__BASE_URL", "https://news.example.cn/mp")]).await;
    for number in 0..12 {
        site.publish(&format!("story-{number}"), &format!("消息 & {number}"), "<p>正文。</p>").await;
    }

    let first = site.get("/mp/search?q=%E6%B6%88%E6%81%AF+%26").await;

    assert_eq!(first.attribute("main form", "action"), "/mp/search");
    let next = first.attribute(".paging a[rel=next]", "href");
    assert_eq!(next, "/mp/search?q=%E6%B6%88%E6%81%AF%20%26&page=2");
    let second = site.get(&next).await;
    assert_eq!(second.attribute("main input[name=q]", "value"), "消息 &");
    assert_eq!(texts(&second, ".found .headline").len(), 2);
    let back = second.attribute(".paging a[rel=prev]", "href");
    assert_eq!(texts(&site.get(&back).await, ".found .headline").len(), 10);
    assert!(second.attribute(".paging a[rel=next]", "href").is_empty());
}

#[actix_web::test]
async fn whatever_is_typed_is_only_words() {
    let site = TestSite::new().await;
    site.publish("one", "NEAR AND OR NOT 消息", "<p>it's a 'quoted' \"word\" terms:title ^start col-umn</p>").await;
    let long = "搜".repeat(5_000);
    let mixed = "a\"'*(".repeat(2_000);
    for query in [
        "\" * OR (",
        "\"",
        "'",
        "*",
        "(",
        ")",
        "NEAR",
        "NEAR(消息 AND)",
        "AND",
        "OR",
        "NOT 消息",
        "terms:消息",
        "t消息",
        "^start",
        "col-umn",
        "{a b}:c",
        "a + b",
        "'消息':*",
        "!消息",
        "消息 & | <->",
        "\\",
        "\\'",
        "%",
        "_",
        "消\u{0}息",
        "\u{0}",
        "\u{1}\u{7f}",
        "👍🏽",
        "，。！？",
        "\u{202e}消息",
        "\u{feff}",
        " ",
        "\t\n",
        "<script>alert(1)</script>",
        "1' OR '1'='1",
        "; DROP TABLE article; --",
        "🈳消息",
        "ﷺ",
        "İ",
        "𠮷野家",
        "は",
        "한국어",
        &long,
        &mixed,
    ] {
        let answer = site.search(query).await;
        assert_eq!(answer.status, 200, "{query:?}");
        assert!(!answer.body.contains("<script>alert"), "{query:?}");
        assert!(answer.text("main input[name=q]").is_empty());
    }
    for raw in
        ["?q=%FF%FE", "?q=%", "?q=a&q=b", "?q", "?=", "?page=2", "?q=%E6%B6%88&page=-1", "?q=x&page=1e400", "?%00"]
    {
        assert_eq!(site.get(&format!("/search{raw}")).await.status, 200, "{raw}");
    }
    for query in ["NEAR(消息 AND)", "quoted", "\"消息\"", "消\u{0}息", "it's"] {
        assert_eq!(texts(&site.search(query).await, ".found .headline").len(), 1, "{query:?}");
    }
}

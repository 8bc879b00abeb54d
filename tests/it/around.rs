//! What an article's page offers next: the articles before and after it, and those that have to do with it.

use std::time::Duration;

use wxpress::clock::Millis;
use wxpress::content::{Actor, Around, ArticleId, ArticleKey, Fields, Html, Slug};

use crate::database::{TestContent, written};
use crate::site::TestSite;

struct Newsroom {
    site: TestContent,
    categories: Vec<i64>,
}

impl Newsroom {
    /// Two categories, made as an import makes them.
    async fn new() -> Self {
        let site = TestContent::new().await;
        let mut transaction = site.db.begin().await.unwrap();
        for name in ["news", "life"] {
            sqlx::query("INSERT INTO category (slug, name, folded, position, created_at) VALUES ($1, $1, $1, 1, 0)")
                .bind(name)
                .execute(&mut *transaction)
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
        let categories = site.numbers("SELECT id FROM category ORDER BY id").await;
        Self { site, categories }
    }

    /// An article, a minute after the one before.
    async fn article(&self, headline: &str, category: Option<usize>, tags: &[&str]) -> ArticleId {
        self.site.wait_a_minute();
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let category = category.map(|place| self.categories[place]);
        self.site.published(Fields { tags, category, ..written(headline) }).await
    }

    async fn around(&self, id: ArticleId) -> Around {
        let article = self.site.content.published(&ArticleKey::Number(id)).await.unwrap();
        self.site.content.around(&article).await.unwrap()
    }
}

fn related(around: &Around) -> Vec<&str> {
    around.related.iter().map(|row| row.headline.as_str()).collect()
}

fn beside(around: &Around) -> (Option<&str>, Option<&str>) {
    let headline = |neighbour: &Option<wxpress::content::Neighbour>| neighbour.clone().map(|one| one.headline);
    let (previous, next) = (headline(&around.previous), headline(&around.next));
    (previous.map(|text| &*text.leak()), next.map(|text| &*text.leak()))
}

#[tokio::test]
async fn previous_and_next_stay_in_the_category() {
    let room = Newsroom::new().await;
    let first = room.article("一", Some(0), &[]).await;
    room.article("他", Some(1), &[]).await;
    let middle = room.article("二", Some(0), &[]).await;
    room.article("无", None, &[]).await;
    let last = room.article("三", Some(0), &[]).await;

    assert_eq!(beside(&room.around(first).await), (None, Some("二")));
    assert_eq!(beside(&room.around(middle).await), (Some("一"), Some("三")));
    assert_eq!(beside(&room.around(last).await), (Some("二"), None));
}

#[tokio::test]
async fn without_a_category_they_are_the_sites() {
    let room = Newsroom::new().await;
    room.article("一", Some(0), &[]).await;
    let id = room.article("无", None, &[]).await;
    room.article("二", Some(1), &[]).await;

    assert_eq!(beside(&room.around(id).await), (Some("一"), Some("二")));
}

#[tokio::test]
async fn articles_of_one_moment_are_told_apart_by_number() {
    let room = Newsroom::new().await;
    let ids =
        [room.article("一", None, &[]).await, room.article("二", None, &[]).await, room.article("三", None, &[]).await];
    for id in ids {
        room.site.content.publish(Actor::System, id, Some(Millis(1_000))).await.unwrap();
    }

    assert_eq!(beside(&room.around(ids[1]).await), (Some("一"), Some("三")));
}

#[tokio::test]
async fn shared_tags_weigh_more_than_the_category_and_the_category_more_than_the_date() {
    let room = Newsroom::new().await;
    room.article("两个标签", Some(1), &["水利", "天气"]).await;
    room.article("一个标签", Some(1), &["水利"]).await;
    room.article("一个标签且同栏目", Some(0), &["天气"]).await;
    room.article("同栏目", Some(0), &[]).await;
    room.article("前一篇", Some(0), &["水利", "天气"]).await;
    let id = room.article("文", Some(0), &["水利", "天气"]).await;
    room.article("后一篇", Some(0), &["水利"]).await;
    room.article("无关", Some(1), &["体育"]).await;

    let around = room.around(id).await;

    assert_eq!(beside(&around), (Some("前一篇"), Some("后一篇")));
    assert_eq!(related(&around), ["两个标签", "一个标签且同栏目", "一个标签", "同栏目"]);
}

#[tokio::test]
async fn an_article_alone_has_nothing_around_it() {
    let room = Newsroom::new().await;
    let id = room.article("文", Some(0), &["水利"]).await;

    let around = room.around(id).await;

    assert_eq!((beside(&around), related(&around).len()), ((None, None), 0));
}

#[tokio::test]
async fn what_was_withdrawn_is_around_nothing_even_when_its_rows_are_damaged() {
    let room = Newsroom::new().await;
    let withdrawn = room.article("撤", Some(0), &["水利"]).await;
    let id = room.article("文", Some(0), &["水利"]).await;
    let other = room.article("他", Some(0), &["水利"]).await;
    room.site.content.withdraw(Actor::System, withdrawn, "").await.unwrap();
    room.site.content.withdraw(Actor::System, other, "").await.unwrap();
    // As if the tags of a withdrawn article had been left behind, and its pin, too.
    let mut transaction = room.site.db.begin().await.unwrap();
    for statement in [
        "INSERT INTO article_tag (tag_id, published_at, article_id, position) SELECT tag.id, 5, article.id, 0 \
         FROM tag JOIN article ON article.live = 'withdrawn'",
        "UPDATE article SET pinned = 1 WHERE live = 'withdrawn'",
    ] {
        sqlx::query(statement).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();

    let around = room.around(id).await;

    assert_eq!((beside(&around), related(&around).len()), ((None, None), 0));
    let front = room.site.content.front(None, 10).await.unwrap();
    assert_eq!((front.pinned.len(), front.list.items.len()), (0, 1));
    let tag = wxpress::content::Filter::Tag("水利".to_owned());
    assert_eq!(room.site.content.latest(&tag, None, 10).await.unwrap().items.len(), 1);
    assert_eq!(room.site.content.archive().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_tag_that_everything_has_costs_no_more_than_another() {
    let room = Newsroom::new().await;
    for number in 0..60 {
        room.article(&number.to_string(), Some(0), &["全部"]).await;
    }
    let oldest = room.article("新", Some(0), &["全部", "少见", "三", "四", "五", "六"]).await;
    room.article("最新", Some(1), &["少见", "全部"]).await;

    assert_eq!(related(&room.around(oldest).await), ["最新", "58", "57", "56"]);
}

#[actix_web::test]
async fn the_page_shows_them_with_their_headlines() {
    let site = TestSite::new().await;
    let tags = vec!["水利".to_owned()];
    for (slug, headline) in [("a", "最早"), ("b", "较早"), ("c", "这一篇"), ("d", "较晚")] {
        site.clock.advance(Duration::from_mins(1));
        site.publish_fields(slug, Fields { tags: tags.clone(), ..written(headline) }).await;
    }

    let page = site.get("/articles/c").await;

    assert_eq!(page.attribute("a[rel=prev]", "href"), "/articles/b");
    assert!(page.text("a[rel=prev]").contains("较早"));
    assert_eq!(page.attribute("a[rel=next]", "href"), "/articles/d");
    assert_eq!(page.text(".onward .headline"), "最早");
    assert_eq!(page.text(".onward h2"), "相关文章");
    assert_eq!(page.attribute(".neighbours", "aria-label"), "上一篇和下一篇");
    // Nothing is promised where there is nothing.
    let first = site.get("/articles/a").await;
    assert_eq!(first.attribute("a[rel=prev]", "href"), "");
    // A new neighbour is there at once.
    site.clock.advance(Duration::from_mins(1));
    site.publish("e", "最晚", "<p>雪</p>").await;
    assert_eq!(site.get("/articles/d").await.attribute("a[rel=next]", "href"), "/articles/e");
}

#[actix_web::test]
async fn source_editor_and_a_late_change_are_named() {
    let site = TestSite::new().await;
    let fields = Fields {
        source: "县报".to_owned(),
        byline: "张三".to_owned(),
        editor: "李四".to_owned(),
        body: Html::clean("<p>雪</p>"),
        ..written("文")
    };
    let id = site.publish_fields("a", fields.clone()).await;
    assert_eq!(site.content().set_slug(Actor::System, id, Some("a".parse::<Slug>().unwrap())).await.ok(), Some(()));
    let page = site.get("/articles/a").await;
    assert!(page.text(".colophon").contains("来源：县报") && page.text(".colophon").contains("责任编辑：李四"));
    assert!(page.text("header .meta").contains("张三"));

    site.clock.advance(Duration::from_hours(23));
    site.content().publish(Actor::System, id, None).await.unwrap();
    assert!(!site.get("/articles/a").await.body.contains("更新于"));

    site.clock.advance(Duration::from_hours(1));
    site.content().publish(Actor::System, id, None).await.unwrap();
    let page = site.get("/articles/a").await;
    assert!(page.text("header .meta").contains("更新于 2026年9月22日"), "{}", page.text("header .meta"));
}

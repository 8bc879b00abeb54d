//! The newsroom's lists: what is on which shelf, by whom, and in which order.

use wxpress::clock::Millis;
use wxpress::content::article::Working;
use wxpress::content::{Actor, ArticleFilter, ArticleId, Content, Counts, Fields, Shelf};

use crate::database::{NOON, TestContent, written};
use crate::newsroom::{EDITOR, WRITER};

async fn ids(content: &Content, filter: ArticleFilter) -> Vec<ArticleId> {
    content.articles(&filter, None, 50).await.unwrap().into_iter().map(|article| article.id).collect()
}

fn on(shelf: Shelf) -> ArticleFilter {
    ArticleFilter { shelf: Some(shelf), ..ArticleFilter::default() }
}

#[tokio::test]
async fn every_article_is_on_its_shelf() {
    let site = TestContent::new().await;
    let content = &site.content;
    let mut made = Vec::new();
    for name in ["稿", "审", "过", "定时", "发", "改", "撤", "弃"] {
        made.push(content.create(WRITER, written(name)).await.unwrap());
    }
    let [draft, in_review, approved, scheduled, published, changed, withdrawn, discarded] = made[..] else {
        panic!("eight")
    };
    content.submit(WRITER, in_review, 1).await.unwrap();
    content.submit(WRITER, approved, 1).await.unwrap();
    content.approve(EDITOR, approved, 1).await.unwrap();
    content.publish_at(EDITOR, scheduled, 1, Millis(NOON.0 + 1)).await.unwrap();
    for id in [published, changed, withdrawn] {
        content.publish(EDITOR, id, None).await.unwrap();
    }
    content.save(WRITER, changed, 1, written("改了")).await.unwrap();
    content.withdraw(EDITOR, withdrawn, "错").await.unwrap();
    content.discard(WRITER, discarded).await.unwrap();

    for (shelf, expected) in [
        (Shelf::Draft, vec![draft]),
        (Shelf::InReview, vec![in_review]),
        (Shelf::Approved, vec![approved]),
        (Shelf::Scheduled, vec![scheduled]),
        (Shelf::Published, vec![changed, published]),
        (Shelf::Changed, vec![changed]),
        (Shelf::Withdrawn, vec![withdrawn]),
        (Shelf::Discarded, vec![discarded]),
    ] {
        assert_eq!(ids(content, on(shelf)).await, expected, "{shelf:?}");
    }
    assert_eq!(ids(content, ArticleFilter::default()).await.len(), 7);
    let counts = content.counts().await.unwrap();
    let one = Counts {
        drafts: 1,
        in_review: 1,
        approved: 1,
        scheduled: 1,
        published: 2,
        changed: 1,
        withdrawn: 1,
        discarded: 1,
    };
    assert_eq!(counts, one);
    content.restore(WRITER, discarded).await.unwrap();
    assert_eq!(ids(content, on(Shelf::Draft)).await, [discarded, draft]);
}

#[tokio::test]
async fn a_row_says_who_and_when() {
    let site = TestContent::new().await;
    let category = site.content.create_category(EDITOR, "要闻", None).await.unwrap();
    let id = site.content.create(WRITER, written("一")).await.unwrap();
    site.wait_a_minute();
    let fields = Fields { category: Some(category), ..written("二") };
    site.content.save(EDITOR, id, 1, fields).await.unwrap();

    let row = site.content.articles(&ArticleFilter::default(), None, 9).await.unwrap().remove(0);

    assert_eq!((row.hands.author, row.saved.by, row.saved.at), (Some(1), EDITOR, site.clock.now()));
    assert_eq!((row.headline.as_str(), row.version, row.unpublished), ("二", 2, true));
    assert_eq!((row.state.working, row.category.clone().unwrap().name.as_str()), (Working::Draft, "要闻"));
    assert_eq!(site.content.article(id).await.unwrap(), row);
}

#[tokio::test]
async fn filters_narrow_each_other_and_read_signs_as_they_are() {
    let site = TestContent::new().await;
    let category = site.content.create_category(EDITOR, "要闻", None).await.unwrap();
    let mut made = Vec::new();
    for (author, headline, category) in
        [(1, "涨 100%", None), (1, "涨 1000", Some(category)), (2, "跌_半 ABC", Some(category)), (2, "a\\b", None)]
    {
        let fields = Fields { category, ..written(headline) };
        made.push(site.content.create(Actor::Member(author), fields).await.unwrap());
    }
    site.content.publish(EDITOR, made[1], None).await.unwrap();
    let find = async |filter: ArticleFilter| {
        let found = ids(&site.content, filter).await;
        found.iter().map(|id| made.iter().position(|one| one == id).unwrap()).collect::<Vec<_>>()
    };
    let text = |text: &str| ArticleFilter { text: text.to_owned(), ..ArticleFilter::default() };

    assert_eq!(find(text("100%")).await, [0]);
    assert_eq!(find(text("_")).await, [2]);
    assert_eq!(find(text("\\")).await, [3]);
    assert_eq!(find(text(" abc ")).await, [2]);
    assert_eq!(find(ArticleFilter { author: Some(2), ..ArticleFilter::default() }).await, [3, 2]);
    assert_eq!(find(ArticleFilter { category: Some(category), ..ArticleFilter::default() }).await, [2, 1]);
    let narrow =
        ArticleFilter { shelf: Some(Shelf::Published), category: Some(category), author: Some(1), ..text("涨") };
    assert_eq!(find(narrow).await, [1]);
    assert_eq!(find(ArticleFilter { author: Some(2), ..text("涨") }).await, [0; 0]);
}

#[tokio::test]
async fn a_list_is_paged_by_key() {
    let site = TestContent::new().await;
    for number in 0..7 {
        site.content.create(WRITER, written(&number.to_string())).await.unwrap();
        if number % 2 == 0 {
            site.wait_a_minute();
        }
    }

    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = site.content.articles(&on(Shelf::Draft), before, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.cursor());
        seen.extend(page.into_iter().map(|article| article.headline));
    }

    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
}

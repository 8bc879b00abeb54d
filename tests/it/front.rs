//! The home page: what editors keep on top, the lead story, and that no article is lost or shown twice.

use std::collections::HashSet;
use std::time::Duration;

use scraper::{Html as Page, Selector};
use wxpress::content::article::Refused;
use wxpress::content::{Actor, ArticleId, Error, Fields};

use crate::database::{TestContent, written};
use crate::pictures;
use crate::site::{Answer, TestSite};

const EDITOR: Actor = Actor::Member(7);

/// The headlines of a page, in order.
fn headlines(page: &Answer) -> Vec<String> {
    let document = Page::parse_document(&page.body);
    document.select(&Selector::parse(".headline").unwrap()).map(|element| element.text().collect()).collect()
}

/// Articles "1" to "n", a minute apart.
async fn published(site: &TestSite, count: i64) -> Vec<ArticleId> {
    let mut ids = Vec::new();
    for number in 1..=count {
        site.clock.advance(Duration::from_mins(1));
        ids.push(site.publish(&format!("n-{number}"), &number.to_string(), "<p>雪</p>").await);
    }
    ids
}

async fn pin(site: &TestSite, id: ArticleId) {
    site.content().set_pinned(EDITOR, id, true).await.unwrap();
}

#[actix_web::test]
async fn without_pinned_articles_the_newest_leads() {
    let site = TestSite::new().await;
    published(&site, 3).await;

    let home = site.get("/").await;

    assert_eq!(home.text(".lead .headline"), "3");
    assert_eq!(headlines(&home), ["3", "2", "1"]);
    assert_eq!(home.text(".pinned"), "");
}

#[actix_web::test]
async fn pinned_articles_follow_the_newest_and_are_called_so() {
    let site = TestSite::new().await;
    let ids = published(&site, 4).await;
    pin(&site, ids[0]).await;
    pin(&site, ids[1]).await;

    let home = site.get("/").await;

    assert_eq!(headlines(&home), ["4", "2", "1", "3"]);
    assert_eq!(home.body.matches(">置顶<").count(), 2);
    assert_eq!(home.text(".row .pinned"), "置顶");
    site.content().set_pinned(EDITOR, ids[1], false).await.unwrap();
    assert_eq!(headlines(&site.get("/").await), ["4", "1", "3", "2"]);
}

#[actix_web::test]
async fn a_pinned_article_with_a_picture_leads() {
    let site = TestSite::new().await;
    let picture = site.content().add_picture(pictures::jpeg(800, 600), "a.jpg").await.unwrap();
    let fields = Fields { lead_media: Some(picture.id), ..written("有图") };
    let id = site.publish_fields("picture", fields).await;
    let ids = published(&site, 3).await;
    pin(&site, ids[0]).await;
    pin(&site, id).await;

    let home = site.get("/").await;

    assert_eq!(home.text(".lead .headline"), "有图");
    assert_eq!(home.text(".lead .pinned"), "置顶");
    assert!(home.attribute(".lead img", "src").contains("/media/"));
    assert_eq!(headlines(&home), ["有图", "1", "3", "2"]);
}

#[actix_web::test]
async fn only_pinned_articles_make_a_home_page_too() {
    let site = TestSite::new().await;
    let ids = published(&site, 1).await;
    pin(&site, ids[0]).await;

    assert_eq!(headlines(&site.get("/").await), ["1"]);
}

#[actix_web::test]
async fn walking_the_home_pages_meets_every_article_once() {
    let site = TestSite::new().await;
    let ids = published(&site, 50).await;
    // On what would be the first, second and third page, and at both ends.
    for place in [0, 15, 29, 30, 49] {
        pin(&site, ids[place]).await;
    }

    let mut met = Vec::new();
    let mut path = "/".to_owned();
    while !path.is_empty() {
        let page = site.get(&path).await;
        assert_eq!(page.body.matches(">置顶<").count(), if path == "/" { 5 } else { 0 }, "{path}");
        met.extend(headlines(&page));
        path = page.attribute("a[rel=next]", "href");
    }

    assert_eq!(met.len(), 50, "{met:?}");
    assert_eq!(met.iter().collect::<HashSet<_>>().len(), 50, "{met:?}");
    assert_eq!(met[..6], ["49", "50", "31", "30", "16", "1"]);
}

#[tokio::test]
async fn more_pinned_than_there_is_room_for_are_refused_and_never_lost() {
    let site = TestContent::new().await;
    let mut ids = Vec::new();
    for number in 1..=7 {
        site.wait_a_minute();
        ids.push(site.published(written(&number.to_string())).await);
    }
    for id in &ids[..5] {
        site.content.set_pinned(EDITOR, *id, true).await.unwrap();
    }

    let sixth = site.content.set_pinned(EDITOR, ids[5], true).await;
    assert!(matches!(sixth, Err(Error::Refused(Refused::TooManyPinned))), "{sixth:?}");
    // As two editors at once, or a hand in the database, could bring about.
    let mut transaction = site.db.begin().await.unwrap();
    sqlx::query("UPDATE article SET pinned = 1").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();

    let front = site.content.front(None, 50).await.unwrap();
    let names = |rows: &[wxpress::content::Summary]| rows.iter().map(|row| row.headline.clone()).collect::<String>();
    assert_eq!((names(&front.pinned), names(&front.list.items)), ("76543".to_owned(), "21".to_owned()));
}

#[tokio::test]
async fn only_what_readers_see_is_pinned_and_a_withdrawal_unpins() {
    let site = TestContent::new().await;
    let draft = site.content.create(EDITOR, written("稿")).await.unwrap();
    let refused = site.content.set_pinned(EDITOR, draft, true).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::NotPublished))), "{refused:?}");
    let id = site.published(written("文")).await;
    let before = site.content.look().await.unwrap();

    for pinned in [false, true, true, false] {
        site.content.set_pinned(EDITOR, id, pinned).await.unwrap();
    }
    assert_eq!(site.content.look().await.unwrap(), before + 2);
    let events = site.texts("SELECT kind FROM event WHERE kind LIKE '%pinned' ORDER BY id").await;
    assert_eq!(events, ["pinned", "unpinned"]);

    site.content.set_pinned(EDITOR, id, true).await.unwrap();
    site.content.withdraw(EDITOR, id, "").await.unwrap();
    assert!(site.content.front(None, 5).await.unwrap().pinned.is_empty());
    site.content.publish(EDITOR, id, None).await.unwrap();
    assert!(site.content.front(None, 5).await.unwrap().pinned.is_empty());
}

#[tokio::test]
async fn a_page_of_the_home_list_knows_the_one_before_it() {
    let site = TestContent::new().await;
    for number in 1..=7 {
        site.wait_a_minute();
        let id = site.published(written(&number.to_string())).await;
        if number == 5 {
            site.content.set_pinned(EDITOR, id, true).await.unwrap();
        }
    }
    let page = async |before| site.content.front(before, 2).await.unwrap().list;
    let names = |list: &wxpress::content::List| list.items.iter().map(|row| row.headline.clone()).collect::<String>();

    let first = page(None).await;
    let second = page(first.older).await;
    let third = page(second.older).await;

    assert_eq!([names(&first), names(&second), names(&third)], ["76", "43", "21"]);
    let Some(wxpress::content::Newer::Before(back)) = third.newer else { panic!("{:?}", third.newer) };
    assert_eq!(names(&page(Some(back)).await), "43");
    assert_eq!(second.newer, Some(wxpress::content::Newer::FirstPage));
}

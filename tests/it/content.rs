//! Articles from their first draft to their withdrawal, as editors and readers meet them.

use wxpress::clock::Millis;
use wxpress::content::article::Refused;
use wxpress::content::{
    Actor, ArticleId, ArticleKey, Content, Cursor, Error, Fields, Filter, Html, Lookup, Newer, Rendition, SitePath,
    Slug,
};

use crate::database::{NOON, TestContent, written};
use crate::pictures;

const EDITOR: Actor = Actor::Member(7);

fn key(text: &str) -> ArticleKey {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn path(text: &str) -> SitePath {
    text.parse().unwrap()
}

async fn headlines(content: &Content, filter: &Filter) -> Vec<String> {
    let list = content.latest(filter, None, 50).await.unwrap();
    list.items.into_iter().map(|row| row.headline).collect()
}

#[tokio::test]
async fn an_article_is_read_at_its_number_once_it_is_published() {
    let site = TestContent::new().await;
    let id = site.content.create(EDITOR, written("洪水")).await.unwrap();
    assert!(matches!(site.content.published(&ArticleKey::Number(id)).await, Err(Error::NotFound)));

    site.content.publish(EDITOR, id, None).await.unwrap();

    let article = site.content.published(&ArticleKey::Number(id)).await.unwrap();
    assert_eq!((article.id, article.fields.headline.as_str()), (id, "洪水"));
    assert_eq!(article.fields.body.as_str(), "<p>洪水的正文。</p>");
    assert_eq!((article.times.first_published, article.times.published, article.times.modified), (NOON, NOON, NOON));
    assert_eq!(article.reading_minutes(), 1);
    assert_eq!(article.card().text, "洪水的正文。");
}

#[tokio::test]
async fn editing_changes_nothing_for_readers_until_it_is_published_again() {
    let site = TestContent::new().await;
    let id = site.published(written("旧标题")).await;
    let at = ArticleKey::Number(id);
    site.wait_a_minute();

    let before = site.content.working_copy(id).await.unwrap();
    site.content.save(EDITOR, id, before.version, written("新标题")).await.unwrap();

    assert_eq!(site.content.published(&at).await.unwrap().fields.headline, "旧标题");
    assert!(site.content.working_copy(id).await.unwrap().unpublished);
    site.content.publish(EDITOR, id, None).await.unwrap();
    let article = site.content.published(&at).await.unwrap();
    assert_eq!(article.fields.headline, "新标题");
    assert_eq!((article.times.published, article.times.modified), (NOON, site.clock.now()));
    assert!(!site.content.working_copy(id).await.unwrap().unpublished);
    assert_eq!(site.numbers("SELECT number FROM revision ORDER BY id").await, [1, 2]);
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_and_overwrites_nothing() {
    let site = TestContent::new().await;
    let id = site.content.create(EDITOR, written("一")).await.unwrap();
    let version = site.content.working_copy(id).await.unwrap().version;

    site.content.save(EDITOR, id, version, written("二")).await.unwrap();
    let second = site.content.save(Actor::Member(8), id, version, written("三")).await;

    let Err(Error::Conflict(theirs)) = second else { panic!("{second:?}") };
    assert_eq!((theirs.version, theirs.fields.headline.as_str()), (version + 1, "二"));
    assert_eq!((theirs.saved.by, theirs.saved.at), (EDITOR, NOON));
    assert_eq!(site.content.working_copy(id).await.unwrap().fields.headline, "二");
}

#[tokio::test]
async fn a_withdrawn_article_says_so_and_leaves_every_list() {
    let site = TestContent::new().await;
    let id = site.published(Fields { tags: vec!["水利".to_owned()], ..written("洪水") }).await;

    site.content.withdraw(EDITOR, id, "与事实不符").await.unwrap();

    let answer = site.content.published(&ArticleKey::Number(id)).await;
    assert!(
        matches!(&answer, Err(Error::Withdrawn { notice, at }) if notice == "与事实不符" && *at == NOON),
        "{answer:?}"
    );
    assert!(headlines(&site.content, &Filter::All).await.is_empty());
    assert!(headlines(&site.content, &Filter::Tag("水利".to_owned())).await.is_empty());
    assert!(site.content.last_article().await.unwrap().is_none());
    let again = site.content.withdraw(EDITOR, id, "").await;
    assert!(matches!(again, Err(Error::Refused(Refused::NotPublished))), "{again:?}");
}

#[tokio::test]
async fn every_change_that_readers_see_raises_the_version() {
    let site = TestContent::new().await;
    let mut versions = vec![site.content.look().await.unwrap()];
    let mut seen = async || versions.push(site.content.look().await.unwrap());

    let id = site.content.create(EDITOR, written("洪水")).await.unwrap();
    seen().await;
    site.content.publish(EDITOR, id, None).await.unwrap();
    seen().await;
    site.content.set_slug(EDITOR, id, Some(slug("flood"))).await.unwrap();
    seen().await;
    site.content.withdraw(EDITOR, id, "").await.unwrap();
    seen().await;

    assert_eq!(versions, [1, 1, 2, 3, 4]);
}

#[tokio::test]
async fn an_old_slug_leads_to_the_new_one_for_ever() {
    let site = TestContent::new().await;
    let id = site.published(written("洪水")).await;
    let number = ArticleKey::Number(id);

    for name in ["flood", "flood-2026", "flood"] {
        site.content.set_slug(EDITOR, id, Some(slug(name))).await.unwrap();
    }

    assert_eq!(site.content.published(&key("flood")).await.unwrap().id, id);
    for old in [key("flood-2026"), number] {
        let answer = site.content.published(&old).await;
        assert!(matches!(&answer, Err(Error::Moved(to)) if *to == key("flood")), "{old}: {answer:?}");
    }
}

#[tokio::test]
async fn a_slug_that_another_article_has_or_had_is_taken() {
    let site = TestContent::new().await;
    let first = site.published(written("一")).await;
    let second = site.published(written("二")).await;
    site.content.set_slug(EDITOR, first, Some(slug("old"))).await.unwrap();
    site.content.set_slug(EDITOR, first, Some(slug("new"))).await.unwrap();

    for taken in ["old", "new"] {
        let answer = site.content.set_slug(EDITOR, second, Some(slug(taken))).await;
        assert!(matches!(&answer, Err(Error::SlugTaken(name)) if name.as_str() == taken), "{answer:?}");
    }
}

#[tokio::test]
async fn an_alias_leads_to_the_article_under_any_spelling() {
    let site = TestContent::new().await;
    let id = site.published(written("洪水")).await;
    site.content.add_alias(EDITOR, id, &path("/blog/洪水/")).await.unwrap();

    let found = site.content.find_path(&path("/blog/%E6%B4%AA%E6%B0%B4")).await.unwrap();

    assert_eq!(found, Lookup::Article(ArticleKey::Number(id)));
    assert_eq!(site.content.find_path(&path("/blog/other")).await.unwrap(), Lookup::Nothing);
    let other = site.published(written("二")).await;
    let again = site.content.add_alias(EDITOR, other, &path("/blog/洪水")).await;
    assert!(matches!(again, Err(Error::PathTaken(_))), "{again:?}");
}

#[tokio::test]
async fn the_alias_of_a_draft_leads_nowhere_yet() {
    let site = TestContent::new().await;
    let id = site.content.create(EDITOR, written("洪水")).await.unwrap();
    site.content.add_alias(EDITOR, id, &path("/old")).await.unwrap();

    assert_eq!(site.content.find_path(&path("/old")).await.unwrap(), Lookup::Nothing);
}

#[tokio::test]
async fn a_list_is_walked_by_key_forwards_and_backwards() {
    let site = TestContent::new().await;
    for number in 1..=7 {
        // Two articles of the same moment are told apart by number.
        if number % 2 == 0 {
            site.wait_a_minute();
        }
        site.published(Fields { tags: vec!["tag".to_owned()], ..written(&number.to_string()) }).await;
    }

    for filter in [Filter::All, Filter::Tag("TAG".to_owned())] {
        let page = async |before| site.content.latest(&filter, before, 3).await.unwrap();
        let names =
            |list: &wxpress::content::List| list.items.iter().map(|row| row.headline.clone()).collect::<String>();

        let first = page(None).await;
        let second = page(first.older).await;
        let third = page(second.older).await;

        assert_eq!([names(&first), names(&second), names(&third)], ["765", "432", "1"]);
        assert_eq!((first.newer, third.older), (None, None));
        assert_eq!(second.newer, Some(Newer::FirstPage));
        let Some(Newer::Before(back)) = third.newer else { panic!("{:?}", third.newer) };
        assert_eq!(names(&page(Some(back)).await), "432");
        let expired: Cursor = "0.0".parse().unwrap();
        assert!(page(Some(expired)).await.items.is_empty());
    }
}

#[tokio::test]
async fn an_unknown_category_or_tag_is_not_found() {
    let site = TestContent::new().await;

    for filter in [Filter::Category(slug("nowhere")), Filter::Tag("无".to_owned())] {
        assert!(matches!(site.content.latest(&filter, None, 10).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn the_site_map_is_walked_by_number() {
    let site = TestContent::new().await;
    for number in 1..=5 {
        site.published(written(&number.to_string())).await;
    }

    let last = site.content.last_article().await.unwrap().unwrap();
    let first = site.content.sitemap(ArticleId(0), ArticleId(last.0 - 2)).await.unwrap();
    let second = site.content.sitemap(ArticleId(last.0 - 2), last).await.unwrap();

    assert_eq!((first.len(), second.len()), (3, 2));
    assert_eq!((second[1].id, second[1].modified), (last, NOON));
}

#[tokio::test]
async fn every_step_leaves_an_event_that_nobody_can_change() {
    let site = TestContent::new().await;
    let id = site.content.create(EDITOR, written("洪水")).await.unwrap();
    let version = site.content.working_copy(id).await.unwrap().version;
    site.content.save(EDITOR, id, version, written("大水")).await.unwrap();
    site.content.set_slug(Actor::System, id, Some(slug("flood"))).await.unwrap();
    site.content.publish(EDITOR, id, None).await.unwrap();
    site.content.add_alias(Actor::Import, id, &path("/old")).await.unwrap();
    site.content.withdraw(EDITOR, id, "").await.unwrap();

    assert_eq!(
        site.texts("SELECT kind || ' ' || actor FROM event ORDER BY id").await,
        [
            "created member",
            "saved member",
            "slug_changed system",
            "published member",
            "alias_added import",
            "withdrawn member"
        ]
    );
    for forbidden in
        ["UPDATE event SET kind = 'forged'", "DELETE FROM event", "UPDATE revision SET headline = 'forged'"]
    {
        let mut transaction = site.db.begin().await.unwrap();
        let outcome = sqlx::query(forbidden).execute(&mut *transaction).await;
        assert!(outcome.is_err(), "{forbidden}");
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    let site = TestContent::new().await;
    let id = site.content.create(EDITOR, Fields::default()).await.unwrap();

    let answer = site.content.publish(EDITOR, id, None).await;

    assert!(matches!(answer, Err(Error::Refused(Refused::NoHeadline))), "{answer:?}");
    assert_eq!(site.texts("SELECT kind FROM event").await, ["created"]);
    assert!(site.numbers("SELECT id FROM revision").await.is_empty());
}

#[tokio::test]
async fn settings_are_seeded_once() {
    let site = TestContent::new().await;
    let seed = async |name: &str| {
        let file = format!("[site]\nname = \"{name}\"\ntime_zone = \"Asia/Urumqi\"\n");
        let settings = site.folder("settings").join("wxpress.toml");
        std::fs::write(&settings, file).unwrap();
        let config = wxpress::config::Config::load(Some(&settings), &wxpress::config::Overrides::new()).unwrap();
        site.content.seed_settings(&config.site).await.unwrap();
        site.content.settings().await.unwrap()
    };

    assert_eq!(seed("县报").await.name, "县报");
    let later = seed("另一个").await;
    assert_eq!((later.name.as_str(), later.time_zone.as_str()), ("县报", "Asia/Urumqi"));
}

#[tokio::test]
async fn a_picture_is_stored_once_with_all_its_renditions() {
    let site = TestContent::new().await;
    let bytes = pictures::jpeg(1200, 800);

    let media = site.content.add_picture(bytes.clone(), "洪水.jpg").await.unwrap();
    let again = site.content.add_picture(bytes, "copy.jpg").await.unwrap();

    assert_eq!(media, again);
    assert_eq!(site.numbers("SELECT COUNT(*) FROM media").await, [1]);
    for (rendition, size) in [
        (Rendition::Main, (1200, 800)),
        (Rendition::W750, (750, 500)),
        (Rendition::List, (480, 360)),
        (Rendition::Share, (500, 500)),
    ] {
        let file = site.content.media_file(&media.id, media.file(rendition).unwrap());
        let stored = media.size_of(rendition);
        assert_eq!((stored.width, stored.height), size);
        assert_eq!(image::image_dimensions(&file).unwrap(), size, "{}", file.display());
    }
    assert_eq!(site.content.media(&media.id).await.unwrap(), media);
}

#[tokio::test]
async fn a_picture_whose_files_were_lost_is_stored_again() {
    let site = TestContent::new().await;
    let bytes = pictures::jpeg(400, 400);
    let media = site.content.add_picture(bytes.clone(), "a.jpg").await.unwrap();
    std::fs::remove_dir_all(site.media_folder()).unwrap();

    site.content.add_picture(bytes, "a.jpg").await.unwrap();

    assert!(site.content.media_file(&media.id, media.file(Rendition::Share).unwrap()).is_file());
}

#[tokio::test]
async fn the_card_takes_the_first_picture_that_is_large_enough() {
    let site = TestContent::new().await;
    let small = site.content.add_picture(pictures::png(200, 200), "small.png").await.unwrap();
    let large = site.content.add_picture(pictures::png(300, 400), "large.png").await.unwrap();
    let gone = site.content.add_picture(pictures::png(301, 401), "gone.png").await.unwrap();
    let body = format!("<p>文</p><img data-media=\"{}\"><img data-media=\"{}\">", gone.id, large.id);
    let id = site
        .published(Fields { lead_media: Some(small.id.clone()), body: Html::clean(&body), ..written("洪水") })
        .await;
    // Nobody can delete a picture in use, but a database may have been put together by hand.
    let mut transaction = site.db.begin().await.unwrap();
    let delete = sqlx::query("DELETE FROM media WHERE id = $1").bind(gone.id.as_str());
    delete.execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();

    let article = site.content.published(&ArticleKey::Number(id)).await.unwrap();

    assert_eq!(article.card().picture, Some(large.id.clone()));
    assert_eq!(article.lead().map(|media| &media.id), Some(&small.id));
    assert_eq!(article.media.len(), 2);
    let row = site.content.latest(&Filter::All, None, 1).await.unwrap().items.remove(0);
    assert_eq!(row.picture.map(|media| media.id), Some(small.id));
}

#[tokio::test]
async fn what_the_database_would_refuse_is_tidied_before() {
    let site = TestContent::new().await;
    let id = site.published(Fields { tags: vec!["a\u{0}b".to_owned()], ..written("洪\u{0}水\n下") }).await;
    site.content.withdraw(EDITOR, id, "原\u{0}因").await.unwrap();

    let answer = site.content.published(&ArticleKey::Number(id)).await;

    assert!(matches!(&answer, Err(Error::Withdrawn { notice, .. }) if notice == "原因"), "{answer:?}");
    assert_eq!(site.texts("SELECT headline FROM revision").await, ["洪水 下"]);
}

#[tokio::test]
async fn a_date_of_its_own_orders_the_lists() {
    let site = TestContent::new().await;
    site.published(written("今天")).await;
    let old = site.content.create(EDITOR, written("去年")).await.unwrap();

    site.content.publish(EDITOR, old, Some(Millis(NOON.0 - 31_536_000_000))).await.unwrap();

    assert_eq!(headlines(&site.content, &Filter::All).await, ["今天", "去年"]);
}

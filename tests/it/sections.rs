//! Categories, tags, redirects and the site's settings, as editors change them.

use std::cell::Cell;

use wxpress::content::event::Kind;
use wxpress::content::{
    ArticleKey, Content, Error, EventFilter, Fields, Filter, Lookup, PageFields, SitePath, SiteSettings, Slug,
    Unsuitable, VerificationFile,
};

use crate::database::{TestContent, server, written};
use crate::newsroom::{EDITOR, WRITER, version};
use crate::pictures;

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn path(text: &str) -> SitePath {
    text.parse().unwrap()
}

async fn leads(content: &Content, from: &str) -> Lookup {
    content.find_path(&path(from)).await.unwrap()
}

fn to(target: &str) -> Lookup {
    Lookup::Path(target.to_owned())
}

async fn names(content: &Content) -> Vec<(String, i64, i64)> {
    let sections = content.sections().await.unwrap();
    sections.into_iter().map(|section| (section.category.name, section.articles, section.published)).collect()
}

#[tokio::test]
async fn a_category_without_an_address_gets_a_free_one() {
    let site = TestContent::new().await;
    let mut ids = Vec::new();
    for name in ["要闻", "民生", "体育"] {
        ids.push(site.content.create_category(EDITOR, name, None).await.unwrap());
    }
    // The one that goes keeps its address; the others are counted anew.
    site.content.delete_category(EDITOR, ids[0]).await.unwrap();
    site.content.order_categories(EDITOR, &[ids[2], ids[1]]).await.unwrap();

    for name in ["文化", "教育"] {
        site.content.create_category(EDITOR, name, None).await.unwrap();
    }
    assert_eq!(names(&site.content).await.len(), 4);
}

/// A published article in a category, with tags.
async fn filed(site: &TestContent, category: i64, tags: &[&str]) -> wxpress::content::ArticleId {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    site.published(Fields { category: Some(category), tags, ..written("文") }).await
}

#[tokio::test]
async fn a_category_is_made_renamed_and_put_in_its_place() {
    let site = TestContent::new().await;
    let content = &site.content;
    let news = content.create_category(EDITOR, " 要闻 ", Some(&slug("news"))).await.unwrap();
    let sport = content.create_category(EDITOR, "Sport", None).await.unwrap();
    let county = content.create_category(EDITOR, "县内", None).await.unwrap();
    filed(&site, news, &[]).await;
    let before = content.look().await.unwrap();

    content.rename_category(EDITOR, news, ("头条", &slug("top"))).await.unwrap();
    content.rename_category(EDITOR, news, ("头条", &slug("headlines"))).await.unwrap();
    content.order_categories(EDITOR, &[county, news, 99]).await.unwrap();

    let listed = [("县内", 0, 0), ("头条", 1, 1), ("Sport", 0, 0)];
    assert_eq!(names(content).await, listed.map(|(name, all, published)| (name.to_owned(), all, published)));
    assert_eq!(content.look().await.unwrap(), before + 3);
    // Each old address leads to the newest at once, and the newest is nobody's old one.
    assert_eq!(leads(content, "/categories/news").await, to("/categories/headlines"));
    assert_eq!(leads(content, "/categories/top").await, to("/categories/headlines"));
    content.rename_category(EDITOR, news, ("头条", &slug("news"))).await.unwrap();
    assert_eq!(leads(content, "/categories/news").await, Lookup::Nothing);
    assert_eq!(leads(content, "/categories/headlines").await, to("/categories/news"));
    assert_eq!(content.category(&slug("news")).await.unwrap().name, "头条");
    for outcome in [
        content.create_category(EDITOR, "SPORT", None).await.map(drop),
        content.rename_category(EDITOR, county, ("sport ", &slug("c"))).await,
    ] {
        assert!(matches!(outcome, Err(Error::NameTaken(_))), "{outcome:?}");
    }
    let taken = content.rename_category(EDITOR, sport, ("体育", &slug("news"))).await;
    assert!(matches!(taken, Err(Error::SlugTaken(_))), "{taken:?}");
    let nameless = content.create_category(EDITOR, " ", None).await;
    assert!(matches!(nameless, Err(Error::Refused(_))), "{nameless:?}");
}

#[tokio::test]
async fn a_merged_category_lives_on_in_the_other() {
    let site = TestContent::new().await;
    let content = &site.content;
    let old = content.create_category(EDITOR, "旧闻", Some(&slug("old"))).await.unwrap();
    let new = content.create_category(EDITOR, "新闻", Some(&slug("new"))).await.unwrap();
    let id = filed(&site, old, &[]).await;
    let draft = content.create(WRITER, Fields { category: Some(old), ..written("稿") }).await.unwrap();

    content.merge_category(EDITOR, old, new).await.unwrap();

    assert_eq!(names(content).await, [("新闻".to_owned(), 2, 1)]);
    assert_eq!(leads(content, "/categories/old").await, to("/categories/new"));
    let gone = content.category(&slug("old")).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let article = content.published(&ArticleKey::Number(id)).await.unwrap();
    assert_eq!(article.category.unwrap().name, "新闻");
    assert_eq!(content.latest(&Filter::Category(slug("new")), None, 9).await.unwrap().items.len(), 1);
    assert_eq!(content.working_copy(draft).await.unwrap().fields.category, Some(new));
    // Old revisions and forms that were open meanwhile mean the new one.
    content.save(WRITER, draft, 1, Fields { category: Some(old), ..written("稿二") }).await.unwrap();
    assert_eq!(content.working_copy(draft).await.unwrap().fields.category, Some(new));
    let at = version(content, id).await;
    content.restore_revision(EDITOR, id, (at, 1)).await.unwrap();
    assert_eq!(content.working_copy(id).await.unwrap().fields.category, Some(new));
    // Its name and address may be used again.
    let again = content.create_category(EDITOR, "旧闻", Some(&slug("old"))).await.unwrap();
    assert!(again != old);
    assert_eq!(leads(content, "/categories/old").await, Lookup::Nothing);
}

#[tokio::test]
async fn only_an_empty_category_is_deleted() {
    let site = TestContent::new().await;
    let content = &site.content;
    let full = content.create_category(EDITOR, "满", None).await.unwrap();
    let other = content.create_category(EDITOR, "空", None).await.unwrap();
    let id = filed(&site, full, &[]).await;
    let at = version(content, id).await;
    content.save(WRITER, id, at, Fields { category: Some(other), ..written("移") }).await.unwrap();

    for category in [full, other] {
        let refused = content.delete_category(EDITOR, category).await;
        assert!(matches!(refused, Err(Error::NotEmpty(1))), "{refused:?}");
    }
    content.publish(EDITOR, id, None).await.unwrap();
    content.delete_category(EDITOR, full).await.unwrap();

    assert_eq!(names(content).await, [("空".to_owned(), 1, 1)]);
    let gone = content.delete_category(EDITOR, full).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    // A revision may still name it, and comes back without.
    let at = version(content, id).await;
    content.restore_revision(EDITOR, id, (at, 1)).await.unwrap();
    assert_eq!(content.working_copy(id).await.unwrap().fields.category, None);
}

#[tokio::test]
async fn a_renamed_tag_is_found_by_both_names() {
    let site = TestContent::new().await;
    let content = &site.content;
    let category = content.create_category(EDITOR, "要闻", None).await.unwrap();
    let id = filed(&site, category, &["水力", "汛情"]).await;
    let tag = content.tags("水", "", 9).await.unwrap().remove(0);
    assert_eq!((tag.name.as_str(), tag.published), ("水力", 1));

    content.rename_tag(EDITOR, tag.id, "水利").await.unwrap();

    assert_eq!(content.tag("水力").await.unwrap(), "水利");
    assert_eq!(leads(content, "/tags/水力").await, to("/tags/%E6%B0%B4%E5%88%A9"));
    // The text still says the old name; published again, it goes on meaning the new one.
    content.publish(EDITOR, id, None).await.unwrap();
    let article = content.published(&ArticleKey::Number(id)).await.unwrap();
    assert_eq!(article.fields.tags, ["水利", "汛情"]);
    let names: Vec<_> = content.tags("", "", 9).await.unwrap().into_iter().map(|tag| tag.name).collect();
    assert_eq!(names, ["水利", "汛情"]);
    assert_eq!(content.tags("", "水利", 9).await.unwrap().len(), 1);
    let taken = content.rename_tag(EDITOR, tag.id, "汛情").await;
    assert!(matches!(taken, Err(Error::NameTaken(_))), "{taken:?}");
    content.rename_tag(EDITOR, tag.id, "水力").await.unwrap();
    assert_eq!(
        (content.tag("水利").await.unwrap(), content.tag("水力").await.unwrap()),
        ("水力".into(), "水力".into())
    );
    assert_eq!(leads(content, "/tags/水力").await, Lookup::Nothing);
}

#[tokio::test]
async fn a_merged_tag_counts_every_article_once() {
    let site = TestContent::new().await;
    let content = &site.content;
    let category = content.create_category(EDITOR, "要闻", None).await.unwrap();
    filed(&site, category, &["汛情", "洪水"]).await;
    filed(&site, category, &["洪水"]).await;
    let tags = content.tags("", "", 9).await.unwrap();
    let of = |name: &str| tags.iter().find(|tag| tag.name == name).unwrap().id;

    content.merge_tag(EDITOR, of("洪水"), of("汛情")).await.unwrap();

    let left: Vec<_> =
        content.tags("", "", 9).await.unwrap().into_iter().map(|tag| (tag.name, tag.published)).collect();
    assert_eq!(left, [("汛情".to_owned(), 2)]);
    assert_eq!(content.latest(&Filter::Tag("洪水".to_owned()), None, 9).await.unwrap().items.len(), 2);
    assert!(matches!(leads(content, "/tags/洪水").await, Lookup::Path(_)));
}

#[tokio::test]
async fn redirects_lead_to_their_end_and_never_in_a_circle() {
    let site = TestContent::new().await;
    let content = &site.content;
    let id = site.published(written("文")).await;
    let add = async |from: &str, target: &str| content.add_redirect(EDITOR, &path(from), &path(target)).await;

    add("/old/a", "/old/b").await.unwrap();
    add("/old/b", "/pages/关于").await.unwrap();
    add("/old/c", "/old/a").await.unwrap();
    add("/news/7.html", &format!("/articles/{id}")).await.unwrap();
    content.set_slug(EDITOR, id, Some(slug("flood"))).await.unwrap();

    let about = "/pages/%E5%85%B3%E4%BA%8E";
    for old in ["/old/a", "/old/b", "/old/c"] {
        assert_eq!(leads(content, old).await, to(about), "{old}");
    }
    assert_eq!(leads(content, "/news/7.html").await, Lookup::Article("flood".parse().unwrap()));
    for (from, target) in [("/x", "/x"), ("/pages/关于", "/old/a")] {
        let circle = add(from, target).await;
        assert!(matches!(circle, Err(Error::Circle)), "{circle:?}");
    }
    for (from, target) in [("/old/a", "/y"), ("/articles/flood", "/y")] {
        let taken = add(from, target).await;
        assert!(matches!(taken, Err(Error::PathTaken(_))), "{taken:?}");
    }
    let listed = content.redirects("", Some(&path("/news/7.html")), 2).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/old/a", "/old/b"]);
    for (text, expected) in
        [("OLD/", ["/old/a", "/old/b", "/old/c"].as_slice()), ("关于", &["/old/a", "/old/b", "/old/c"])]
    {
        let found = content.redirects(text, None, 9).await.unwrap();
        assert_eq!(found.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), expected, "{text}");
    }
    assert_eq!(content.redirects("flood", None, 9).await.unwrap().len(), 2);
    assert_eq!(content.redirects("100%", None, 9).await.unwrap(), []);
    assert!(content.remove_redirect(EDITOR, &path("/old/a")).await.unwrap());
    assert!(!content.remove_redirect(EDITOR, &path("/old/a")).await.unwrap());
    assert_eq!(leads(content, "/old/a").await, Lookup::Nothing);
    let events = content.audit(EventFilter::Kind(Kind::RedirectRemoved), None, 9).await.unwrap();
    assert_eq!(events.len(), 1);
}

#[tokio::test]
async fn a_redirect_at_the_address_of_a_draft_gives_way_to_the_article() {
    let site = TestContent::new().await;
    let content = &site.content;
    let id = content.create(EDITOR, written("文")).await.unwrap();
    let old = path(&format!("/articles/{id}"));
    content.add_redirect(EDITOR, &old, &path("/pages/about")).await.unwrap();
    content.publish(EDITOR, id, None).await.unwrap();

    content.set_slug(EDITOR, id, Some(slug("flood"))).await.unwrap();

    assert_eq!(leads(content, old.as_str()).await, Lookup::Article("flood".parse().unwrap()));
}

#[tokio::test]
async fn settings_change_with_their_event_or_not_at_all() {
    let site = TestContent::new().await;
    let content = &site.content;
    let picture = content.add_picture(pictures::jpeg(400, 400), "logo.jpg").await.unwrap().id;
    let small = content.add_picture(pictures::jpeg(100, 100), "small.jpg").await.unwrap().id;
    let base = content.settings().await.unwrap();
    let before = content.look().await.unwrap();
    let wanted = SiteSettings {
        name: "县报".to_owned(),
        review_stages: 2,
        accent: "#b3001b".parse().ok(),
        logo: Some(small.clone()),
        share_image: Some(picture),
        ..base.clone()
    };

    content.set_settings(EDITOR, wanted.clone()).await.unwrap();
    content.set_settings(EDITOR, wanted.clone()).await.unwrap();

    assert_eq!(content.settings().await.unwrap(), wanted);
    assert_eq!(content.look().await.unwrap(), before + 1);
    let events = content.audit(EventFilter::Kind(Kind::SettingsChanged), None, 9).await.unwrap();
    assert_eq!((events.len(), events[0].detail["review.stages"]["to"].as_str()), (1, Some("2")));
    let unknown = "f".repeat(32).parse().ok();
    for (settings, why) in [
        (SiteSettings { name: String::new(), ..base.clone() }, Unsuitable::NoName),
        (SiteSettings { share_image: Some(small), ..base.clone() }, Unsuitable::TooSmall),
        (SiteSettings { logo: unknown, ..base.clone() }, Unsuitable::NoPicture),
    ] {
        let refused = content.set_settings(EDITOR, settings).await;
        assert!(matches!(&refused, Err(Error::Unsuitable(found)) if *found == why), "{refused:?}");
    }
    assert_eq!(content.settings().await.unwrap(), wanted);
}

#[tokio::test]
async fn what_readers_find_somewhere_does_not_lead_elsewhere() {
    let site = TestContent::new().await;
    let content = &site.content;
    let category = content.create_category(EDITOR, "要闻", Some(&slug("news"))).await.unwrap();
    let id = filed(&site, category, &["汛情"]).await;
    let about = PageFields { title: "关于".to_owned(), ..PageFields::default() };
    content.set_page(EDITOR, &slug("about"), about).await.unwrap();
    let before = content.look().await.unwrap();

    let wanted = ["/categories/news", "/pages/about", "/tags/汛情", "/tags/none", "/old"];
    let pairs = wanted.map(|from| (path(from), path(&format!("/articles/{id}"))));
    let outcomes = content.add_redirects(EDITOR, &pairs).await.unwrap();

    let taken = |outcome: &Result<(), Error>| matches!(outcome, Err(Error::PathTaken(_)));
    assert_eq!(outcomes.iter().map(taken).collect::<Vec<_>>(), [true, true, true, false, false], "{outcomes:?}");
    assert!(outcomes[3].is_ok() && outcomes[4].is_ok(), "{outcomes:?}");
    assert_eq!(content.look().await.unwrap(), before + 1);
    assert_eq!(leads(content, "/old").await, Lookup::Article(ArticleKey::Number(id)));
    for (address, there) in [
        ("/categories/news", true),
        ("/categories/none", false),
        ("/pages/about", true),
        ("/tags/汛情", true),
        ("/tags/别的", false),
        ("/old", true),
        ("/articles/99", false),
        ("/nothing", false),
    ] {
        assert_eq!(content.has_address(&path(address)).await.unwrap(), there, "{address}");
    }
    assert!(content.has_address(&path(&format!("/articles/{id}"))).await.unwrap());
    content.add_redirect(EDITOR, &path("/index.html"), &SitePath::home()).await.unwrap();
    assert_eq!(leads(content, "/index.html").await, to("/"));
}

#[tokio::test]
async fn one_who_sets_something_leaves_the_rest_alone() {
    let site = TestContent::new().await;
    let content = &site.content;
    let logo = content.add_picture(pictures::jpeg(400, 100), "logo.jpg").await.unwrap().id;

    content.change_settings(EDITOR, |settings| settings.logo = Some(logo.clone())).await.unwrap();
    content.change_settings(EDITOR, |settings| settings.name = "县报".to_owned()).await.unwrap();

    let settings = content.settings().await.unwrap();
    assert_eq!((settings.name.as_str(), settings.logo), ("县报", Some(logo)));
}

#[tokio::test]
async fn a_verification_file_comes_and_goes_with_its_event() {
    let site = TestContent::new().await;
    let file = VerificationFile::new("MP_verify_0123456789abcdef.txt", "0123456789abcdef").unwrap();

    site.content.set_verification_file(EDITOR, &file).await.unwrap();
    assert_eq!(site.content.verification_files().await.unwrap(), [file.name()]);
    assert!(site.content.remove_verification_file(EDITOR, file.name()).await.unwrap());
    assert!(!site.content.remove_verification_file(EDITOR, file.name()).await.unwrap());

    let kinds: Vec<_> = site.content.audit(EventFilter::All, None, 9).await.unwrap();
    let kinds: Vec<_> = kinds.into_iter().map(|event| (event.kind, event.actor)).collect();
    let expected = [Kind::VerificationFileRemoved, Kind::VerificationFileAdded];
    assert_eq!(kinds, expected.map(|kind| (Some(kind), EDITOR)));
}

/// An editor gets rid of a category while a text is being put into it.
#[tokio::test]
async fn nobody_puts_a_text_into_a_category_while_it_goes() {
    for merges in [false, true] {
        let site = TestContent::new().await;
        let content = &site.content;
        let going = content.create_category(EDITOR, "旧栏目", None).await.unwrap();
        let staying = content.create_category(EDITOR, "新栏目", None).await.unwrap();
        let id = content.create(WRITER, written("文")).await.unwrap();
        // The save comes as far as its last row.
        let mut held = site.db.begin().await.unwrap();
        let query = "UPDATE working_copy SET version = version WHERE article_id = $1";
        sqlx::query(query).bind(id.0).execute(&mut *held).await.unwrap();
        let waiting = async |count: usize, ended: &Cell<bool>| {
            let query = "SELECT pid::bigint FROM pg_stat_activity \
                         WHERE datname = current_database() AND wait_event_type = 'Lock'";
            // SQLite has one writer at a time.
            while server().is_some() && !ended.get() && site.numbers(query).await.len() < count {
                tokio::task::yield_now().await;
            }
        };
        let (never, ended) = (Cell::new(false), Cell::new(false));
        let save = content.save(WRITER, id, 1, Fields { category: Some(going), ..written("文") });
        let end = async {
            waiting(1, &never).await;
            let outcome = if merges {
                content.merge_category(EDITOR, going, staying).await
            } else {
                content.delete_category(EDITOR, going).await
            };
            ended.set(true);
            outcome
        };
        let release = async {
            waiting(2, &ended).await;
            held.rollback().await.unwrap();
        };

        let (saved, outcome, ()) = tokio::join!(save, end, release);

        saved.unwrap();
        let category = content.working_copy(id).await.unwrap().fields.category;
        if merges {
            outcome.unwrap();
            assert_eq!(category, Some(staying));
        } else {
            assert!(matches!(outcome, Err(Error::NotEmpty(1))), "{outcome:?}");
            assert_eq!(category, Some(going));
        }
    }
}

#[tokio::test]
async fn a_category_that_is_gone_is_nowhere_for_readers() {
    let site = TestContent::new().await;
    let category = site.content.create_category(EDITOR, "要闻", None).await.unwrap();
    filed(&site, category, &[]).await;
    assert_eq!(site.content.categories().await.unwrap().len(), 1);
    // As a program before the lock could leave it.
    let mut transaction = site.db.begin().await.unwrap();
    sqlx::query("UPDATE category SET removed_at = 1").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(site.content.categories().await.unwrap(), []);
}

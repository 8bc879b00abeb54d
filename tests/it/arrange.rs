//! The back office puts in order what articles belong to: categories, tags, fixed pages, old addresses.

use actix_web::http::StatusCode;
use scraper::{Html as Page, Selector};
use wxpress::content::event::Kind;
use wxpress::content::{Actor, ArticleId, EventFilter, Fields, Html, PageFields, SitePath, Slug};
use wxpress::staff::Role;

use crate::office::Browser;
use crate::site::{Answer, TestSite};

/// What would do harm if it came out as it went in.
const HOSTILE: &str = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}</textarea>";

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn all(page: &Answer, selector: &str) -> Vec<String> {
    let document = Page::parse_document(&page.body);
    let selector = Selector::parse(selector).unwrap();
    let found = document.select(&selector);
    found.map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

/// The value of a field as a browser reads it.
fn value(page: &Answer, name: &str) -> String {
    let text = page.text(&format!("textarea[name={name}]"));
    if text.is_empty() { page.attribute(&format!("input[name={name}]"), "value") } else { text }
}

/// Nothing of [`HOSTILE`] became markup.
fn assert_harmless(page: &Answer) {
    let harmful = "img[src=x], script:not([src]):not([type]), [onerror]";
    assert_eq!(all(page, &format!("main :is({harmful})")), [""; 0], "{}", page.body);
}

fn refused(page: &Answer, field: &str, part: &str) {
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    let beside = page.text(&format!("#{field}-error"));
    assert!(beside.contains(part), "{field}: {beside:?}: {}", page.text(".errors"));
    assert!(page.text(".errors").contains(part), "{}", page.text(".errors"));
    let described = page.attribute(&format!("#{field}"), "aria-describedby");
    assert!(described.contains(&format!("{field}-error")), "{field}: {described:?}");
}

async fn category(site: &TestSite, name: &str, address: &str) -> i64 {
    site.content().create_category(Actor::System, name, Some(&slug(address))).await.unwrap()
}

async fn article(site: &TestSite, category: i64, tags: &[&str]) -> ArticleId {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    let fields = Fields {
        headline: "大桥通车".to_owned(),
        body: Html::clean("<p>正文</p>"),
        category: Some(category),
        tags,
        ..Fields::default()
    };
    let id = site.content().create(Actor::System, fields).await.unwrap();
    site.content().publish(Actor::System, id, None).await.unwrap();
    id
}

/// The one event of this kind was this member's.
async fn assert_done_by(site: &TestSite, kind: Kind, browser: &Browser<'_>) {
    let events = site.content().audit(EventFilter::Kind(kind), None, 9).await.unwrap();
    let last = events.first().map(|event| event.actor);
    assert_eq!(last, browser.member.map(|id| Actor::Member(id.0)), "{kind:?}");
}

fn leads_to(answer: &Answer, path: &str) {
    assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(answer.header("location"), format!("https://news.example.cn{path}"));
}

#[actix_web::test]
async fn writers_arrange_nothing_and_strangers_sign_in_first() {
    let site = TestSite::new().await;
    let id = category(&site, "要闻", "news").await;
    site.content()
        .set_page(Actor::System, &slug("about"), PageFields { title: "关于".to_owned(), ..PageFields::default() })
        .await
        .unwrap();
    let (writer, editor) =
        (Browser::of(&site, "wang", Role::Writer).await, Browser::of(&site, "lin", Role::Editor).await);
    let stranger = Browser::new(&site);
    let one = format!("/admin/categories/{id}");
    for path in [
        "/admin/categories",
        "/admin/categories/new",
        &one,
        "/admin/tags",
        "/admin/pages",
        "/admin/pages/new",
        "/admin/pages/about/edit",
        "/admin/pages/about/remove",
        "/admin/redirects",
        "/admin/redirects/paste",
    ] {
        assert_eq!(writer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(stranger.get(path).await.header("location").starts_with("/admin/sign-in"), "{path}");
        let page = editor.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(all(&page, "h1").len(), 1, "{path}");
        assert_eq!(all(&page, "nav.chips [aria-current=page]").len(), 1, "{path}");
        assert_eq!(all(&page, ".side nav [aria-current=page]").len(), 1, "{path}");
        assert!(all(&page, "main .primary").len() <= 1, "{path}");
    }
    for (path, fields) in [
        ("/admin/categories/new", [("name", "体育"), ("slug", "")]),
        (&format!("{one}/delete"), [("", ""), ("", "")]),
        ("/admin/pages/about/remove", [("", ""), ("", "")]),
        ("/admin/redirects", [("old", "/a"), ("new", "/")]),
    ] {
        assert_eq!(writer.post(path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(stranger.post(path, &fields).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(site.content().sections().await.unwrap().len(), 1);
    assert_eq!(site.content().pages().await.unwrap().len(), 1);
}

#[actix_web::test]
async fn a_category_is_made_and_renamed_and_its_old_address_leads_on() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    assert!(editor.get("/admin/categories").await.text(".empty").contains("还没有栏目"));
    assert_eq!(editor.get("/admin/categories/new").await.attribute("#slug", "autocapitalize"), "none");

    let done = editor.post("/admin/categories/new", &[("name", " 要闻 "), ("slug", " News")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let list = editor.follow(&done).await;
    assert_eq!(list.text("[role=status]"), "已建立。");
    assert_eq!(all(&list, "tbody th"), ["要闻"]);
    assert_done_by(&site, Kind::CategoryCreated, &editor).await;
    let id = site.content().sections().await.unwrap()[0].category.id;
    article(&site, id, &[]).await;
    assert_eq!(site.get("/categories/news").await.status, StatusCode::OK);

    let path = format!("/admin/categories/{id}");
    let page = editor.get(&path).await;
    assert_eq!((value(&page, "name"), value(&page, "slug")), ("要闻".to_owned(), "news".to_owned()));
    assert_eq!(page.attribute("a[href^='https://']", "href"), "https://news.example.cn/");
    editor.follow(&editor.post(&path, &[("name", "头条"), ("slug", "TOP")]).await).await;

    leads_to(&site.get("/categories/news").await, "/categories/top");
    leads_to(&site.get("/categories/news/feed.xml").await, "/categories/top/feed.xml");
    assert_eq!(site.get("/categories/top/feed.xml").await.status, StatusCode::OK);
    assert_eq!(all(&site.get("/").await, ".sections a"), ["首页", "头条"]);
    assert_done_by(&site, Kind::CategoryRenamed, &editor).await;
    assert_eq!(all(&editor.get("/admin/categories").await, "tbody .number"), ["1", "1"]);
}

#[actix_web::test]
async fn a_category_that_is_refused_keeps_what_was_typed() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let (id, _) = (category(&site, "要闻", "news").await, category(&site, "体育", "sport").await);
    editor.get("/admin/categories/new").await;
    let one = format!("/admin/categories/{id}");
    for path in ["/admin/categories/new", &one] {
        for (name, address, field, part) in [
            (" ", "a", "name", "填写名称"),
            (HOSTILE, "Not A Slug", "slug", "小写字母"),
            ("体育", "new", "name", "同名"),
            ("别的", "sport", "slug", "另一个栏目"),
            ("别的", HOSTILE, "slug", "小写字母"),
        ] {
            let page = editor.post(path, &[("name", name), ("slug", address)]).await;
            refused(&page, field, part);
            assert_eq!((value(&page, "name"), value(&page, "slug")), (name.to_owned(), address.to_owned()));
            assert_harmless(&page);
        }
        let page = editor.post(path, &[("name", ""), ("slug", "7")]).await;
        assert_eq!(all(&page, ".errors li").len(), 2);
    }
    assert_eq!(site.content().sections().await.unwrap().len(), 2);
    assert_eq!(editor.get("/admin/categories/99").await.status, StatusCode::NOT_FOUND);
    assert_eq!(editor.get("/admin/categories/x").await.status, StatusCode::NOT_FOUND);
    // A name may say anything; it is said as text.
    editor.post(&one, &[("name", HOSTILE), ("slug", "news")]).await;
    for path in ["/admin/categories", &one] {
        let page = editor.get(path).await;
        assert!(page.body.contains("&#60;script") || page.body.contains("&lt;script"), "{path}");
        assert_harmless(&page);
    }
}

#[actix_web::test]
async fn the_masthead_follows_the_order_that_buttons_make() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let mut ids = Vec::new();
    for (name, address) in [("一", "one"), ("二", "two"), ("三", "three")] {
        ids.push(category(&site, name, address).await);
        article(&site, ids[ids.len() - 1], &[]).await;
    }
    let page = editor.get("/admin/categories").await;
    assert_eq!(all(&page, "tbody button"), ["下移", "上移", "下移", "上移"]);
    assert_eq!(page.attribute("tbody button", "aria-label"), "下移：一");

    editor.follow(&editor.post(&format!("/admin/categories/{}/move", ids[2]), &[("to", "up")]).await).await;
    editor.post(&format!("/admin/categories/{}/move", ids[0]), &[("to", "down")]).await;
    // There is nothing above the first.
    editor.post(&format!("/admin/categories/{}/move", ids[2]), &[("to", "up")]).await;

    assert_eq!(all(&site.get("/").await, ".sections a"), ["首页", "三", "一", "二"]);
    assert_eq!(all(&editor.get("/admin/categories").await, "tbody th"), ["三", "一", "二"]);
    assert_done_by(&site, Kind::CategoriesOrdered, &editor).await;
}

#[actix_web::test]
async fn a_merged_category_moves_its_articles_and_its_address() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let (old, new) = (category(&site, "旧闻", "old").await, category(&site, "新闻", "new").await);
    let id = article(&site, old, &[]).await;
    let path = format!("/admin/categories/{old}");
    let page = editor.get(&path).await;
    assert_eq!(all(&page, "#into option"), ["请选择", "新闻"]);
    assert!(page.text("#delete").contains("1 篇稿件"), "{}", page.text("#delete"));
    let merge = format!("{path}/merge");
    let into = new.to_string();

    refused(&editor.post(&merge, &[("into", ""), ("confirm", "true")]).await, "into", "哪个栏目");
    refused(&editor.post(&merge, &[("into", &old.to_string()), ("confirm", "true")]).await, "into", "哪个栏目");
    refused(&editor.post(&merge, &[("into", "99"), ("confirm", "true")]).await, "into", "哪个栏目");
    let unconfirmed = editor.post(&merge, &[("into", &into)]).await;
    refused(&unconfirmed, "confirm", "不能撤销");
    assert_eq!(unconfirmed.text("#into option[selected]"), "新闻");
    assert_eq!(site.get("/categories/old").await.status, StatusCode::OK);

    assert_eq!(
        editor.follow(&editor.post(&merge, &[("into", &into), ("confirm", "true")]).await).await.text("[role=status]"),
        "已合并。"
    );

    leads_to(&site.get("/categories/old").await, "/categories/new");
    assert_eq!(site.get(&format!("/articles/{id}")).await.text(".kicker"), "新闻");
    assert_eq!(editor.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_done_by(&site, Kind::CategoryMerged, &editor).await;
}

#[actix_web::test]
async fn only_an_empty_category_is_deleted() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let (full, empty) = (category(&site, "满", "full").await, category(&site, "空", "empty").await);
    article(&site, full, &[]).await;
    editor.get("/admin/categories").await;

    let page = editor.post(&format!("/admin/categories/{full}/delete"), &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text(".errors").contains("合并到其他栏目"), "{}", page.text(".errors"));
    assert_eq!(page.attribute(".errors a", "href"), "#delete");
    let done = editor.post(&format!("/admin/categories/{empty}/delete"), &[]).await;
    assert_eq!(all(&editor.follow(&done).await, "tbody th"), ["满"]);
    assert_done_by(&site, Kind::CategoryDeleted, &editor).await;
}

#[actix_web::test]
async fn a_tag_is_found_renamed_and_merged() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    assert!(editor.get("/admin/tags").await.text(".empty").contains("还没有标签"));
    let news = category(&site, "要闻", "news").await;
    let id = article(&site, news, &["水力", "汛情"]).await;
    article(&site, news, &["汛情"]).await;
    assert_eq!(all(&editor.get("/admin/tags").await, "tbody :is(th, td)"), ["水力", "1", "汛情", "2"]);
    let found = editor.get("/admin/tags?q=%E6%B0%B4").await;
    assert_eq!(
        (all(&found, "tbody :is(th, td)"), value(&found, "q")),
        (vec!["水力".to_owned(), "1".to_owned()], "水".to_owned())
    );
    assert!(editor.get("/admin/tags?q=%00%25").await.text(".empty").contains("没有找到"));
    let path = found.attribute("tbody a", "href");

    assert_eq!(value(&editor.get(&path).await, "name"), "水力");
    refused(&editor.post(&path, &[("name", " ")]).await, "name", "填写名称");
    let taken = editor.post(&path, &[("name", "汛情")]).await;
    refused(&taken, "name", "合并");
    assert_eq!((value(&taken, "name"), value(&taken, "into")), ("汛情".to_owned(), "汛情".to_owned()));
    editor.follow(&editor.post(&path, &[("name", "水利")]).await).await;

    leads_to(&site.get("/tags/%E6%B0%B4%E5%8A%9B").await, "/tags/%E6%B0%B4%E5%88%A9");
    assert_eq!(site.get("/tags/%E6%B0%B4%E5%88%A9").await.text("h1"), "水利");
    assert_eq!(all(&site.get(&format!("/articles/{id}")).await, ".tags li"), ["水利", "汛情"]);
    assert_done_by(&site, Kind::TagRenamed, &editor).await;

    let merge = format!("{path}/merge");
    for (into, part) in [("没有的", "没有这个标签"), ("水利", "自己"), (HOSTILE, "没有这个标签")] {
        let page = editor.post(&merge, &[("into", into), ("confirm", "true")]).await;
        refused(&page, "into", part);
        assert_eq!(value(&page, "into"), into);
        assert_harmless(&page);
    }
    refused(&editor.post(&merge, &[("into", "汛情")]).await, "confirm", "不能撤销");
    editor.follow(&editor.post(&merge, &[("into", " 汛情 "), ("confirm", "true")]).await).await;
    leads_to(&site.get("/tags/%E6%B0%B4%E5%88%A9").await, "/tags/%E6%B1%9B%E6%83%85");
    assert_eq!(all(&editor.get("/admin/tags").await, "tbody :is(th, td)"), ["汛情", "2"]);
    assert_eq!(editor.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_done_by(&site, Kind::TagMerged, &editor).await;
}

#[actix_web::test]
async fn many_tags_are_listed_page_by_page() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let names: Vec<String> = (10..70).map(|number| format!("标签 <{number}>&?")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    article(&site, category(&site, "要闻", "news").await, &names).await;

    let first = editor.get("/admin/tags").await;
    let second = editor.get(&first.attribute(".paging a", "href")).await;

    assert_eq!(all(&first, "tbody a").len(), 50);
    assert_eq!(all(&second, "tbody a"), names[50..]);
    assert_eq!(all(&second, ".paging a"), ["从头看"]);
}

#[actix_web::test]
async fn a_page_is_written_shown_changed_and_removed() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let blank = editor.get("/admin/pages/new").await;
    assert_eq!(blank.attribute("#slug", "autocapitalize"), "none");
    assert_eq!(blank.attribute("input[name=in_footer]", "checked"), "");
    assert!(blank.body.contains("value=\"true\" checked"));
    let fields = [
        ("title", "关于我们"),
        ("slug", "About "),
        ("body", "\n<p>县里的报</p><script>alert(1)</script>"),
        ("in_footer", "true"),
        ("moments_title", "朋友圈里"),
        ("share_text", "一句话"),
    ];

    let shown = editor.post("/admin/pages/preview", &fields).await;
    assert_eq!(
        (shown.status, shown.text("h1"), shown.text(".body p")),
        (StatusCode::OK, "关于我们".to_owned(), "县里的报".to_owned())
    );
    assert_eq!((shown.attribute("html", "data-canonical").as_str(), shown.header("cache-control")), ("", "no-store"));
    assert!(!shown.body.contains("alert(1)"));
    assert_eq!(site.get("/pages/about").await.status, StatusCode::NOT_FOUND);
    let done = editor.post("/admin/pages/new", &fields).await;
    assert_eq!(all(&editor.follow(&done).await, "tbody th"), ["关于我们"]);

    let page = site.get("/pages/about").await;
    assert_eq!(page.text(".body").trim(), "县里的报");
    let card = &page.share()["card"];
    assert_eq!(
        (&card["title"], &card["momentsTitle"], &card["desc"]),
        (&"关于我们".into(), &"朋友圈里".into(), &"一句话".into())
    );
    assert_eq!(all(&site.get("/").await, ".footer a")[0], "关于我们");
    let edit = editor.get("/admin/pages/about/edit").await;
    assert_eq!((value(&edit, "title"), value(&edit, "moments_title")), ("关于我们".to_owned(), "朋友圈里".to_owned()));
    assert_eq!(edit.text("textarea[name=body]").trim(), "<p>县里的报</p>");
    let version = value(&edit, "version");
    let changed = [("title", "我们"), ("body", "<p>新</p>"), ("version", &version)];
    editor.follow(&editor.post("/admin/pages/about/edit", &changed).await).await;
    assert_eq!(site.get("/pages/about").await.text("h1"), "我们");
    assert_eq!(all(&site.get("/").await, ".footer a")[0], "往期文章");

    assert!(editor.get("/admin/pages/about/remove").await.text(".warning").contains("不能撤销"));
    editor.follow(&editor.post("/admin/pages/about/remove", &[]).await).await;
    assert_eq!(site.get("/pages/about").await.status, StatusCode::NOT_FOUND);
    assert_eq!(editor.post("/admin/pages/about/remove", &[]).await.status, StatusCode::NOT_FOUND);
    assert_done_by(&site, Kind::PageSaved, &editor).await;
    assert_done_by(&site, Kind::PageRemoved, &editor).await;
}

#[actix_web::test]
async fn lines_of_a_page_are_paragraphs_and_what_the_library_lost_is_said() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    editor.get("/admin/pages/new").await;
    let plain = [("title", "关于"), ("slug", "about"), ("body", "县报社\r\n电话 1 & 2\r\n")];
    editor.post("/admin/pages/new", &plain).await;
    assert_eq!(all(&site.get("/pages/about").await, ".body p"), ["县报社", "电话 1 & 2"]);

    let gone = format!("<img data-media=\"{}\">", "0".repeat(32));
    for path in ["/admin/pages/new", "/admin/pages/about/edit"] {
        let version = value(&editor.get("/admin/pages/about/edit").await, "version");
        let fields = [("title", "图"), ("slug", "picture"), ("body", gone.as_str()), ("version", &version)];
        let page = editor.post(path, &fields).await;
        refused(&page, "body", "已从图片库删除");
        assert_eq!(page.text("textarea[name=body]").trim(), gone, "{path}");
    }
    assert_eq!(site.get("/pages/picture").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn a_page_that_is_refused_keeps_what_was_typed() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    editor.get("/admin/pages/new").await;
    site.content()
        .set_page(Actor::System, &slug("about"), PageFields { title: "关于".to_owned(), ..PageFields::default() })
        .await
        .unwrap();
    let body = format!("\n{HOSTILE}\n<p>正文</p>\n");
    for (path, title, address, field, part) in [
        ("/admin/pages/new", " ", "new-page", "title", "填写标题"),
        ("/admin/pages/new", HOSTILE, "关于", "slug", "小写字母"),
        ("/admin/pages/new", "关于", "about", "slug", "已经有页面"),
        ("/admin/pages/about/edit", " ", "", "title", "填写标题"),
    ] {
        let texts = ["share_title", "moments_title", "share_text"];
        let mut fields = vec![("title", title), ("slug", address), ("body", &body)];
        fields.extend(texts.map(|name| (name, HOSTILE)));
        let page = editor.post(path, &fields).await;
        refused(&page, field, part);
        assert_harmless(&page);
        assert_eq!((value(&page, "title"), value(&page, "slug")), (title.to_owned(), address.to_owned()), "{path}");
        // A browser drops the line break after the tag, and only that one.
        assert_eq!(page.text("textarea[name=body]"), body, "{path}");
        assert!(texts.iter().all(|name| value(&page, name) == HOSTILE), "{path}");
        assert!(!page.body.contains("name=\"in_footer\" value=\"true\" checked"), "{path}");
    }
    let page = editor.post("/admin/pages/new", &[("title", ""), ("slug", "")]).await;
    assert_eq!(all(&page, ".errors li").len(), 2);
    assert_eq!(editor.get("/admin/pages/none/edit").await.status, StatusCode::NOT_FOUND);
    // Also as it is stored.
    let hostile =
        [("title", HOSTILE), ("slug", "hostile"), ("body", HOSTILE), ("in_footer", "true"), ("share_title", HOSTILE)];
    editor.post("/admin/pages/new", &hostile).await;
    for path in ["/admin/pages", "/admin/pages/hostile/edit", "/admin/pages/hostile/remove"] {
        assert_harmless(&editor.get(path).await);
    }
    let shown = site.get("/pages/hostile").await;
    assert_eq!(shown.text("h1"), HOSTILE);
    assert_eq!(all(&shown, "[onerror], main script").len(), 0);
}

#[actix_web::test]
async fn two_who_write_one_page_are_told_and_nothing_is_lost() {
    let site = TestSite::new().await;
    let (lin, chen) = (Browser::of(&site, "lin", Role::Editor).await, Browser::of(&site, "chen", Role::Editor).await);
    let about = PageFields { title: "关于".to_owned(), in_footer: true, ..PageFields::default() };
    site.content().set_page(Actor::System, &slug("about"), about).await.unwrap();
    let path = "/admin/pages/about/edit";
    let seen = value(&lin.get(path).await, "version");
    assert_eq!(value(&chen.get(path).await, "version"), seen);

    chen.follow(&chen.post(path, &[("title", "陈写的"), ("body", "<p>陈的正文</p>"), ("version", &seen)]).await).await;
    let late = [("title", "林写的"), ("body", "<p>林的正文</p>"), ("share_text", "林的说明"), ("version", &seen)];
    let conflict = lin.post(path, &late).await;

    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert_eq!(
        (value(&conflict, "title"), value(&conflict, "share_text")),
        ("林写的".to_owned(), "林的说明".to_owned())
    );
    assert_eq!(conflict.text("textarea[name=body]"), "<p>林的正文</p>");
    assert_eq!(conflict.attribute("#their-title", "value"), "陈写的");
    assert_eq!(conflict.text("#their-body"), "<p>陈的正文</p>");
    // Of the rest only what differs: neither has it at the foot.
    assert_eq!(
        (all(&conflict, "#theirs dt"), all(&conflict, "#theirs dd")),
        (vec!["卡片文字".to_owned()], vec!["（空）".to_owned()])
    );
    assert!(conflict.text(".errors").contains("被别人改过"));
    assert_eq!(site.get("/pages/about").await.text("h1"), "陈写的");
    let now = value(&conflict, "version");
    assert_ne!(now, seen);
    lin.follow(&lin.post(path, &[("title", "合并后"), ("version", &now)]).await).await;
    assert_eq!(site.get("/pages/about").await.text("h1"), "合并后");
    // What says nothing about its version overwrites nothing either.
    assert_eq!(lin.post(path, &[("title", "x")]).await.status, StatusCode::CONFLICT);

    // Nor is anything lost that was written while the page went.
    chen.post("/admin/pages/about/remove", &[]).await;
    let gone = lin.post(path, &[("title", "还在"), ("body", "<p>全文</p>"), ("version", "9")]).await;
    refused(&gone, "slug", "被别人删除");
    assert_eq!((value(&gone, "title"), value(&gone, "slug")), ("还在".to_owned(), "about".to_owned()));
    assert_eq!(gone.text("textarea[name=body]"), "<p>全文</p>");
    assert_eq!(gone.attribute("form[data-guard]", "action"), "/admin/pages/new");
}

#[actix_web::test]
async fn the_foot_follows_the_order_that_buttons_make() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    for name in ["一", "二", "三"] {
        let fields = PageFields { title: name.to_owned(), in_footer: true, ..PageFields::default() };
        let address = match name {
            "一" => "a",
            "二" => "b",
            _ => "c",
        };
        site.content().create_page(Actor::System, &slug(address), fields).await.unwrap();
    }
    editor.get("/admin/pages").await;

    editor.follow(&editor.post("/admin/pages/c/move", &[("to", "up")]).await).await;
    editor.post("/admin/pages/a/move", &[("to", "down")]).await;

    assert_eq!(all(&site.get("/").await, ".footer a")[..3], ["三", "一", "二"]);
    assert_done_by(&site, Kind::PagesOrdered, &editor).await;
}

#[actix_web::test]
async fn an_old_address_leads_readers_on_until_it_is_deleted() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let id = article(&site, category(&site, "要闻", "news").await, &[]).await;
    let target = format!("/articles/{id}");
    assert!(editor.get("/admin/redirects").await.text(".empty").contains("还没有登记"));

    let old = "https://old.example.cn/news/%E6%96%B0%E9%97%BB.html";
    let done = editor.post("/admin/redirects", &[("old", old), ("new", &target)]).await;
    let list = editor.follow(&done).await;
    editor.post("/admin/redirects", &[("old", "/index.asp"), ("new", "https://news.example.cn/")]).await;

    assert_eq!(all(&list, "tbody :is(th, td)")[..2], ["/news/新闻.html".to_owned(), target.clone()]);
    leads_to(&site.get("/news/%E6%96%B0%E9%97%BB.html?from=timeline").await, &target);
    leads_to(&site.get("/index.asp").await, "/");
    assert_done_by(&site, Kind::RedirectAdded, &editor).await;
    let found = editor.get("/admin/redirects?q=%E6%96%B0%E9%97%BB").await;
    assert_eq!(all(&found, "tbody tr").len(), 1);
    assert!(editor.get("/admin/redirects?q=%00zzz").await.text(".empty").contains("没有找到"));

    let path = found.attribute("tbody input[name=path]", "value");
    editor.follow(&editor.post("/admin/redirects/remove", &[("path", &path)]).await).await;
    assert_eq!(site.get("/news/%E6%96%B0%E9%97%BB.html").await.status, StatusCode::NOT_FOUND);
    assert_eq!(editor.post("/admin/redirects/remove", &[("path", &path)]).await.status, StatusCode::NOT_FOUND);
    assert_done_by(&site, Kind::RedirectRemoved, &editor).await;
}

#[actix_web::test]
async fn an_address_that_cannot_lead_on_is_explained() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    article(&site, category(&site, "要闻", "news").await, &[]).await;
    let path = |text: &str| text.parse::<SitePath>().unwrap();
    site.content().add_redirect(Actor::System, &path("/a"), &path("/categories/news")).await.unwrap();
    editor.get("/admin/redirects").await;
    for (old, new, field, part) in [
        ("", "/", "old", "填写旧地址"),
        ("/x", " ", "new", "填写新地址"),
        ("/x", "/x", "new", "没有内容"),
        ("/a", "/", "old", "已经登记过"),
        ("/categories/news", "/", "old", "现在有内容"),
        ("/x?id=5", "/", "old", "问号"),
        ("/x", "https://evil.example/", "new", "必须在本站"),
        ("/search", "/", "old", "网站自己使用"),
        ("/x", "/nothing", "new", "没有内容"),
        (HOSTILE, "/", "old", "以 / 开头"),
        ("/x", HOSTILE, "new", "以 / 开头"),
        ("x", "javascript:alert(1)", "new", "以 / 开头"),
    ] {
        let page = editor.post("/admin/redirects", &[("old", old), ("new", new)]).await;
        refused(&page, field, part);
        assert_eq!((value(&page, "old"), value(&page, "new")), (old.to_owned(), new.to_owned()));
        assert_harmless(&page);
    }
    // To itself by way of another.
    site.content().add_redirect(Actor::System, &path("/b"), &path("/c")).await.unwrap();
    refused(&editor.post("/admin/redirects", &[("old", "/c"), ("new", "/b")]).await, "old", "绕回");
    assert_eq!(site.content().redirects("", None, 9).await.unwrap().len(), 2);
}

#[actix_web::test]
async fn of_a_pasted_list_what_is_wrong_stays_with_its_reason() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let id = article(&site, category(&site, "要闻", "news").await, &[]).await;
    editor.get("/admin/redirects/paste").await;
    let lines = format!(
        "/1.html /articles/{id}\r\n\r\n/2.html\t/categories/news\n/3.html /nothing\n只有一项\n/1.html /\n<script>alert(2)</script> /\n/4.html，/\n"
    );

    let page = editor.post("/admin/redirects/paste", &[("lines", &lines)]).await;

    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.text("[role=status]"), "已添加 2 条。");
    let left = ["/3.html /nothing", "只有一项", "/1.html /", "<script>alert(2)</script> /", "/4.html，/"];
    assert_eq!(page.text("textarea").lines().collect::<Vec<_>>(), left);
    let reasons = all(&page, ".errors li");
    assert_eq!(reasons.len(), 5);
    for (reason, part) in reasons.iter().zip([
        "第 1 行：新地址上没有内容",
        "第 2 行：应是旧地址",
        "第 3 行：这个地址",
        "第 4 行：旧地址应以",
        "第 5 行：应是",
    ]) {
        assert!(reason.starts_with(part), "{reason}");
    }
    assert_harmless(&page);
    leads_to(&site.get("/1.html").await, &format!("/articles/{id}"));
    leads_to(&site.get("/2.html").await, "/categories/news");
    assert_eq!(site.get("/3.html").await.status, StatusCode::NOT_FOUND);
    let empty = editor.post("/admin/redirects/paste", &[("lines", " \n ")]).await;
    refused(&empty, "lines", "至少");
    let many = "/x /\n".repeat(1001);
    let page = editor.post("/admin/redirects/paste", &[("lines", &many)]).await;
    refused(&page, "lines", "1000");
    assert_eq!(page.text("textarea"), many);
    let done = editor.post("/admin/redirects/paste", &[("lines", "/5.html /")]).await;
    assert_eq!(editor.follow(&done).await.text("[role=status]"), "已添加。");
}

//! Fixed pages: about us and the like.

use std::path::Path;

use actix_web::http::StatusCode;
use scraper::{Html as Page, Selector};
use wxpress::content::article::Refused;
use wxpress::content::import::{Options, Report, Unwatched, import};
use wxpress::content::{Actor, Content, Error, Filter, Html, Lookup, PageFields, PageShare, SitePath, Slug};

use crate::database::TestContent;
use crate::pictures;
use crate::site::{Answer, TestSite};

const EDITOR: Actor = Actor::Member(7);

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn fields(title: &str, position: i64) -> PageFields {
    let body = Html::clean("<p>正文 在此</p>");
    PageFields { title: title.to_owned(), body, position, in_footer: true, ..PageFields::default() }
}

fn texts(page: &Answer, selector: &str) -> Vec<String> {
    let document = Page::parse_document(&page.body);
    document.select(&Selector::parse(selector).unwrap()).map(|element| element.text().collect()).collect()
}

async fn titles(content: &Content) -> Vec<String> {
    content.pages().await.unwrap().into_iter().map(|page| page.title).collect()
}

#[actix_web::test]
async fn a_fixed_page_is_shared_like_an_article() {
    let mut site = TestSite::new().await;
    site.keep().await;
    let picture = site.content().add_picture(pictures::jpeg(600, 600), "a.jpg").await.unwrap();
    let body = format!("<p>县里 的报</p><img data-media=\"{}\">", picture.id);
    let about = PageFields { body: Html::clean(&body), ..fields("关于 <b>我们", 1) };
    site.content().set_page(EDITOR, &slug("about"), about).await.unwrap();

    let page = site.get("/pages/about").await;

    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text("h1"), "关于 <b>我们");
    assert_eq!(page.attribute("html", "data-canonical"), "https://news.example.cn/pages/about");
    assert_eq!(page.attribute("link[rel=canonical]", "href"), "https://news.example.cn/pages/about");
    let share = page.share();
    assert_eq!(share["card"]["title"], "关于 <b>我们");
    assert_eq!(share["card"]["desc"], "县里的报");
    assert!(share["card"]["imgUrl"].as_str().unwrap().contains(picture.id.as_str()));
    assert!(share["official"]["signature"].is_string());
    assert!(page.attribute(".body img", "src").contains(picture.id.as_str()));
    assert!(page.text(".colophon").contains("更新于 2026年9月21日"));
}

#[actix_web::test]
async fn a_page_may_show_a_picture_and_link_to_it() {
    let site = TestSite::new().await;
    let picture = site.content().add_picture(pictures::jpeg(600, 600), "a.jpg").await.unwrap();
    let body = format!("<img data-media=\"{0}\"><p><a data-media=\"{0}\">图</a></p>", picture.id);
    let about = PageFields { body: Html::clean(&body), ..fields("关于", 1) };
    site.content().set_page(EDITOR, &slug("about"), about).await.unwrap();
    assert!(site.get("/pages/about").await.attribute(".body img", "src").contains(picture.id.as_str()));
}

#[actix_web::test]
async fn the_foot_of_every_page_links_to_them_in_their_order() {
    let site = TestSite::with(&[("WXPRESS_SITE__ICP_NUMBER", "京ICP备1号")]).await;
    site.publish("a", "文", "<p>雪</p>").await;
    site.content().set_page(EDITOR, &slug("contact"), fields("联系我们", 2)).await.unwrap();
    site.content().set_page(EDITOR, &slug("about"), fields("关于我们", 1)).await.unwrap();
    let hidden = PageFields { in_footer: false, ..fields("隐私说明", 0) };
    site.content().set_page(EDITOR, &slug("privacy"), hidden).await.unwrap();

    for path in ["/", "/articles/a", "/archive", "/pages/privacy", "/nothing"] {
        let foot = texts(&site.get(path).await, ".footer p");
        assert_eq!(foot[..3], ["关于我们", "联系我们", "往期文章"], "{path}");
        assert_eq!(foot[foot.len() - 2..], ["京ICP备1号", "© 2026 云溪新闻"], "{path}");
    }
    assert_eq!(site.get("/").await.attribute(".footer a", "href"), "/pages/about");
    let map = site.get("/sitemap-pages.xml").await.body;
    for path in ["archive", "pages/about", "pages/privacy"] {
        assert!(map.contains(&format!("<loc>https://news.example.cn/{path}</loc>")), "{map}");
    }
    assert_eq!(titles(site.content()).await, ["隐私说明", "关于我们", "联系我们"]);
}

#[actix_web::test]
async fn a_page_that_changed_or_went_is_so_at_once() {
    let site = TestSite::new().await;
    let about = slug("about");
    site.content().set_page(EDITOR, &about, fields("旧", 1)).await.unwrap();
    assert_eq!(site.get("/pages/about").await.text("h1"), "旧");

    site.content().set_page(EDITOR, &about, fields("新", 1)).await.unwrap();
    assert_eq!(site.get("/pages/about").await.text("h1"), "新");
    assert_eq!(texts(&site.get("/").await, ".footer p")[0], "新");

    assert!(site.content().remove_page(EDITOR, &about).await.unwrap());
    assert!(!site.content().remove_page(EDITOR, &about).await.unwrap());
    assert_eq!(site.get("/pages/about").await.status, StatusCode::NOT_FOUND);
    assert_eq!(texts(&site.get("/").await, ".footer p")[0], "往期文章");
}

#[actix_web::test]
async fn garbage_is_no_page() {
    let site = TestSite::new().await;
    for path in
        ["/pages/none", "/pages/", "/pages/About", "/pages/%E5%85%B3%E4%BA%8E", "/pages/%00", "/pages/a/b", "/pages/7"]
    {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_step_leaves_an_event_and_a_page_needs_a_title() {
    let site = TestContent::new().await;
    let before = site.content.look().await.unwrap();
    let untitled = site.content.set_page(EDITOR, &slug("about"), fields(" \u{0}", 1)).await;
    assert!(matches!(untitled, Err(Error::Refused(Refused::NoTitle))), "{untitled:?}");

    site.content.set_page(EDITOR, &slug("about"), fields("关于", 1)).await.unwrap();
    site.content.remove_page(Actor::System, &slug("about")).await.unwrap();

    assert_eq!(site.content.look().await.unwrap(), before + 2);
    assert_eq!(
        site.texts("SELECT kind || ' ' || actor FROM event ORDER BY id").await,
        ["page_saved member", "page_removed system"]
    );
    assert!(matches!(site.content.page(&slug("about")).await, Err(Error::NotFound)));
}

#[actix_web::test]
async fn a_card_says_what_was_written_for_it() {
    let site = TestSite::new().await;
    let share =
        PageShare { title: "卡\n片".to_owned(), moments_title: "朋友圈".to_owned(), text: "说明".to_owned() };
    site.content().create_page(EDITOR, &slug("about"), PageFields { share, ..fields("关于", 1) }).await.unwrap();

    let card = site.get("/pages/about").await.share()["card"].clone();

    assert_eq!(
        (&card["title"], &card["momentsTitle"], &card["desc"]),
        (&"卡片".into(), &"朋友圈".into(), &"说明".into())
    );
}

#[tokio::test]
async fn nobody_overwrites_a_page_that_changed_meanwhile() {
    let site = TestContent::new().await;
    let (content, about) = (&site.content, slug("about"));
    content.create_page(EDITOR, &about, fields("一", 0)).await.unwrap();
    let again = content.create_page(EDITOR, &about, fields("二", 0)).await;
    assert!(matches!(&again, Err(Error::SlugTaken(taken)) if *taken == about), "{again:?}");
    let seen = content.page(&about).await.unwrap().version;

    content.save_page(EDITOR, &about, seen, fields("二", 0)).await.unwrap();
    let late = content.save_page(EDITOR, &about, seen, fields("三", 0)).await;

    let Err(Error::PageConflict(now)) = late else { panic!("{late:?}") };
    assert_eq!(now.fields.title, "二");
    content.save_page(EDITOR, &about, now.version, fields("三", 0)).await.unwrap();
    let page = content.page(&about).await.unwrap();
    assert_eq!((page.fields.title.as_str(), page.fields.position), ("三", 1));
    let none = content.save_page(EDITOR, &slug("none"), 1, fields("三", 0)).await;
    assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
}

#[tokio::test]
async fn a_page_keeps_its_place_until_editors_give_it_another() {
    let site = TestContent::new().await;
    let content = &site.content;
    for name in ["a", "b", "c"] {
        content.create_page(EDITOR, &slug(name), fields(name, 0)).await.unwrap();
    }

    content.order_pages(EDITOR, &[slug("c"), slug("none"), slug("a")]).await.unwrap();

    assert_eq!(titles(content).await, ["c", "a", "b"]);
}

#[tokio::test]
async fn a_page_ends_the_redirect_at_its_address() {
    let site = TestContent::new().await;
    let (content, path) = (&site.content, "/pages/about".parse::<SitePath>().unwrap());
    content.add_redirect(EDITOR, &path, &SitePath::home()).await.unwrap();

    content.create_page(EDITOR, &slug("about"), fields("关于", 0)).await.unwrap();
    content.remove_page(EDITOR, &slug("about")).await.unwrap();

    assert_eq!(content.find_path(&path).await.unwrap(), Lookup::Nothing);
}

/// A folder of documents and what an import of it says.
struct Documents {
    site: TestContent,
}

impl Documents {
    async fn new() -> Self {
        Self { site: TestContent::new().await }
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.site.folder("docs").join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    async fn run(&self, dry_run: bool) -> Report {
        let folder = self.site.folder("docs");
        import(&self.site.content, &folder, Options { dry_run, progress: &Unwatched }).await.unwrap()
    }

    /// New, changed, as it was, of these pages, refused; and every line.
    async fn outcome(&self) -> ([usize; 5], Vec<String>) {
        let report = self.run(false).await;
        let lines = report.problems.iter().map(ToString::to_string).collect();
        ([report.created, report.updated, report.unchanged, report.pages, report.refused], lines)
    }
}

#[tokio::test]
async fn a_document_that_calls_itself_a_page_becomes_one() {
    let documents = Documents::new().await;
    documents.write(
        "about/index.md",
        "---\ntitle: 关于我们\ntype: page\nweight: 3\naliases: [/about-us/]\n---\n# 关于我们\n\n县报。\n\n![图](a.png)\n",
    );
    documents.write("about/a.png", pictures::png(400, 300));
    documents.write("contact.md", "+++\ntitle = \"联系\"\nlayout = \"page\"\nslug = \"call-us\"\n+++\n电话。\n");
    documents.write("news.md", "---\ntitle: 新闻\ndate: 2026-01-01\n---\n正文\n");

    let dry = documents.run(true).await;
    assert_eq!((dry.created, dry.pages, dry.problems), (3, 2, Vec::new()));
    assert!(titles(&documents.site.content).await.is_empty());

    assert_eq!(documents.outcome().await, ([3, 0, 0, 2, 0], Vec::new()));

    let content = &documents.site.content;
    assert_eq!(titles(content).await.len(), 2);
    let about = content.page(&slug("about")).await.unwrap();
    assert_eq!((about.fields.title.as_str(), about.fields.position, about.fields.in_footer), ("关于我们", 3, true));
    assert!(about.fields.body.as_str().starts_with("<p>县报。</p>"), "{}", about.fields.body.as_str());
    assert_eq!((about.fields.body.pictures().len(), about.media.len()), (1, 1));
    assert_eq!(content.page(&slug("call-us")).await.unwrap().fields.title, "联系");
    let path: SitePath = "/about-us".parse().unwrap();
    assert_eq!(content.find_path(&path).await.unwrap(), Lookup::Path("/pages/about".to_owned()));
    let articles = content.latest(&Filter::All, None, 10).await.unwrap().items;
    assert_eq!(articles.len(), 1);

    let before = content.look().await.unwrap();
    assert_eq!(documents.outcome().await, ([0, 0, 3, 2, 0], Vec::new()));
    assert_eq!(content.look().await.unwrap(), before);
}

#[tokio::test]
async fn a_changed_document_keeps_what_editors_decided_about_its_place() {
    let documents = Documents::new().await;
    documents.write("about.md", "---\ntitle: 关于\ntype: page\n---\n旧\n");
    documents.run(false).await;
    let content = &documents.site.content;
    let moved = PageFields { position: 9, in_footer: false, ..content.page(&slug("about")).await.unwrap().fields };
    content.set_page(EDITOR, &slug("about"), moved).await.unwrap();

    documents.write("about.md", "---\ntitle: 关于\ntype: page\n---\n新\n");
    assert_eq!(documents.outcome().await.0, [0, 1, 0, 1, 0]);
    let page = content.page(&slug("about")).await.unwrap();
    assert_eq!((page.fields.position, page.fields.in_footer), (9, false));
    assert!(page.fields.body.as_str().contains('新'));

    // Another slug: the old address leads to the new one.
    documents.write("about.md", "---\ntitle: 关于\ntype: page\nslug: we\n---\n新\n");
    assert_eq!(documents.outcome().await, ([0, 1, 0, 1, 0], Vec::new()));
    assert_eq!(content.pages().await.unwrap().len(), 1);
    let path: SitePath = "/pages/about".parse().unwrap();
    assert_eq!(content.find_path(&path).await.unwrap(), Lookup::Path("/pages/we".to_owned()));
}

#[tokio::test]
async fn what_cannot_be_taken_in_is_named() {
    let documents = Documents::new().await;
    documents.site.content.set_page(EDITOR, &slug("about"), fields("编辑部写的", 1)).await.unwrap();
    documents.write("about.md", "---\ntitle: 关于\ntype: page\n---\n文\n");
    documents.write("draft.md", "---\ntitle: 草\ntype: page\ndraft: true\n---\n文\n");
    documents.write("关于.md", "---\ntitle: 关于\ntype: page\n---\n文\n");

    let (counts, lines) = documents.outcome().await;

    assert_eq!(counts, [1, 0, 0, 1, 1]);
    assert_eq!(lines.len(), 3, "{lines:?}");
    let has = |start: &str, part: &str| lines.iter().any(|line| line.starts_with(start) && line.contains(part));
    assert!(has("about.md: refused: the address /pages/about", "another page"), "{lines:?}");
    assert!(has("draft.md: is a draft", "left alone"), "{lines:?}");
    assert!(has("关于.md: has no name in ASCII", "/pages/page-"), "{lines:?}");
    assert_eq!(documents.site.content.page(&slug("about")).await.unwrap().fields.title, "编辑部写的");
    // The same address at every import.
    assert_eq!(documents.outcome().await.0, [0, 0, 1, 1, 1]);
}

#[tokio::test]
async fn an_article_that_became_a_page_is_named_until_it_is_withdrawn() {
    let documents = Documents::new().await;
    documents.write("about.md", "---\ntitle: 关于\ndate: 2026-01-01\n---\n文\n");
    documents.run(false).await;
    documents.write("about.md", "---\ntitle: 关于\ntype: page\n---\n文\n");

    let (counts, lines) = documents.outcome().await;

    assert_eq!((counts, lines.len()), ([1, 0, 0, 1, 0], 1));
    assert!(lines[0].contains("stays published"), "{lines:?}");
    let article = documents.site.content.latest(&Filter::All, None, 1).await.unwrap().items.remove(0);
    documents.site.content.withdraw(EDITOR, article.id, "").await.unwrap();
    assert_eq!(documents.outcome().await, ([0, 0, 1, 1, 0], Vec::new()));
}

#[actix_web::test]
async fn an_alias_of_a_page_leads_to_it_until_the_page_goes() {
    let site = TestSite::new().await;
    let folder = tempfile::tempdir().unwrap();
    let document = "---\ntitle: 关于\ntype: page\naliases: [/old/about.html]\n---\n文\n";
    std::fs::write(folder.path().join("about.md"), document).unwrap();
    import(site.content(), folder.path(), Options { dry_run: false, progress: &Unwatched }).await.unwrap();

    let answer = site.get("/old/about.html").await;
    assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(answer.header("location"), "https://news.example.cn/pages/about");

    site.content().remove_page(EDITOR, &slug("about")).await.unwrap();
    assert_eq!(site.get("/old/about.html").await.status, StatusCode::NOT_FOUND);
}

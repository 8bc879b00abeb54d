//! Attachments: what is taken in, what readers get of it, and how it looks in an article.

use actix_web::test::TestRequest;
use wxpress::content::import::{Options, Unwatched, import};
use wxpress::content::media::Unfit;
use wxpress::content::{Actor, ArticleKey, Error, Fields, Html, PageFields};

use crate::database::{TestContent, written};
use crate::site::{Answer, TestSite};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
/// A document that a careless server lets a browser read as a page.
const POLYGLOT: &[u8] = b"%PDF-1.4\n<html><script>alert(document.domain)</script></html>\n%%EOF\n";

/// A site with one article that names one attachment; its address.
async fn published(site: &TestSite, bytes: &[u8], name: &str) -> String {
    let attachment = site.content().add_attachment(bytes.to_vec(), name).await.unwrap();
    let body = format!("<p>详见<a data-media=\"{}\">附件一</a>。</p>", attachment.id);
    site.publish("notice", "通知", &body).await;
    site.get("/articles/notice").await.attribute("a.attachment", "href")
}

fn assert_is_only_downloaded(answer: &Answer) {
    assert!(answer.header("content-disposition").starts_with("attachment; "), "{:?}", answer.headers);
    assert!(!answer.header("content-type").starts_with("text/"), "{:?}", answer.headers);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
}

#[actix_web::test]
async fn an_article_shows_an_attachment_with_its_type_and_size() {
    let site = TestSite::new().await;
    let name = "关于 2027 年缴费的通知.pdf";

    let address = published(&site, PDF, name).await;

    let page = site.get("/articles/notice").await;
    assert_eq!(page.text("a.attachment"), "附件一 (PDF, 69 B)");
    assert!(
        address.ends_with("/%E5%85%B3%E4%BA%8E%202027%20%E5%B9%B4%E7%BC%B4%E8%B4%B9%E7%9A%84%E9%80%9A%E7%9F%A5.pdf")
    );
    let answer = site.get(&address).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_bytes()), (200, PDF));
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"attachment.pdf\"; \
         filename*=UTF-8''%E5%85%B3%E4%BA%8E%202027%20%E5%B9%B4%E7%BC%B4%E8%B4%B9%E7%9A%84%E9%80%9A%E7%9F%A5.pdf"
    );
    assert!(answer.header("cache-control").contains("immutable"));
    assert_is_only_downloaded(&answer);
}

#[actix_web::test]
async fn a_page_in_the_guise_of_a_document_is_downloaded_and_never_shown() {
    let site = TestSite::new().await;

    for name in ["polyglot.pdf", "page.txt"] {
        let attachment = site.content().add_attachment(POLYGLOT.to_vec(), name).await.unwrap();
        let answer = site.get(&format!("/media/{}/{name}", attachment.id)).await;

        assert_eq!(answer.status, 200);
        assert_is_only_downloaded(&answer);
        assert_eq!(
            answer.header("content-disposition"),
            format!("attachment; filename=\"{name}\"; filename*=UTF-8''{name}")
        );
    }
}

#[actix_web::test]
async fn a_download_can_be_asked_about_and_resumed() {
    let site = TestSite::new().await;
    let address = published(&site, PDF, "a.pdf").await;

    let head = site.send(TestRequest::with_uri(&address).method(actix_web::http::Method::HEAD)).await;
    assert_eq!((head.status.as_u16(), head.header("content-type")), (200, "application/pdf"));
    assert_is_only_downloaded(&head);

    let request = TestRequest::get().uri(&address).insert_header(("range", "bytes=5-8"));
    let part = site.send(request.insert_header(("accept-encoding", "gzip, br"))).await;
    assert_eq!((part.status.as_u16(), part.body.as_str()), (206, "1.4\n"));
    assert_eq!(part.header("content-range"), format!("bytes 5-8/{}", PDF.len()));
    assert_is_only_downloaded(&part);

    // Kept for a year, it would keep readers from the file that is there.
    let beyond = site.send(TestRequest::get().uri(&address).insert_header(("range", "bytes=900000-"))).await;
    assert_eq!((beyond.status.as_u16(), beyond.header("cache-control")), (416, "no-store"));

    let whole = site.send(TestRequest::get().uri(&address).insert_header(("accept-encoding", "gzip, br"))).await;
    assert_eq!(whole.body.as_bytes(), PDF);
    let known = TestRequest::get().uri(&address).insert_header(("if-none-match", whole.header("etag")));
    assert_eq!(site.send(known).await.status, 304);
}

#[actix_web::test]
async fn only_the_name_that_it_has_leads_to_an_attachment() {
    let site = TestSite::new().await;
    let attachment = site.content().add_attachment(PDF.to_vec(), "a.pdf").await.unwrap();
    let folder = format!("/media/{}", attachment.id);

    for path in [
        format!("{folder}/b.pdf"),
        format!("{folder}/attachment"),
        format!("{folder}/..%2Fattachment"),
        format!("{folder}/a.pdf%00"),
        format!("{folder}/A.pdf"),
        format!("/media/{}/a.pdf", "0".repeat(32)),
        "/media/..%2F..%2Fsite/a.pdf".to_owned(),
    ] {
        assert_eq!(site.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_attachment_is_stored_once_under_each_of_its_names() {
    let site = TestContent::new().await;

    let first = site.content.add_attachment(PDF.to_vec(), "../../附件\u{202e}.PDF").await.unwrap();
    let again = site.content.add_attachment(PDF.to_vec(), "C:\\附件.pdf").await.unwrap();
    let other = site.content.add_attachment(PDF.to_vec(), "表.pdf").await.unwrap();

    assert_eq!((first.name.as_str(), first.bytes), ("附件.pdf", 69));
    assert_eq!(again, first);
    assert_ne!(other.id, first.id);
    assert_eq!(site.numbers("SELECT COUNT(*) FROM attachment").await, [2]);
    assert_eq!(site.content.attachment(&first.id).await.unwrap(), first);
    assert_eq!(std::fs::read(site.content.attachment_file(&first.id)).unwrap(), PDF);
}

#[tokio::test]
async fn what_is_no_attachment_leaves_nothing_behind() {
    let site = TestContent::new().await;
    let mut large = PDF.to_vec();
    large.resize(30 * 1000 * 1000 + 1, b' ');

    for (bytes, name, why) in [
        (PDF.to_vec(), "a.html", Unfit::NoAttachment),
        (PDF.to_vec(), "a.pdf\u{0}.svg", Unfit::NoAttachment),
        (PDF.to_vec(), "a.docx", Unfit::Disguised("docx")),
        (large, "large.pdf", Unfit::TooManyBytes),
    ] {
        let answer = site.content.add_attachment(bytes, name).await;
        assert!(matches!(&answer, Err(Error::Unfit(unfit)) if *unfit == why), "{name}: {answer:?}");
    }
    assert_eq!(site.numbers("SELECT COUNT(*) FROM attachment").await, [0]);
    assert!(!site.media_folder().exists());
}

#[tokio::test]
async fn a_revision_remembers_which_attachments_it_names() {
    let site = TestContent::new().await;
    let attachment = site.content.add_attachment(PDF.to_vec(), "a.pdf").await.unwrap();
    let body = Html::clean(&format!("<p><a data-media=\"{0}\">一</a><a data-media=\"{0}\">二</a></p>", attachment.id));

    let id = site.published(Fields { body, ..written("通知") }).await;

    assert_eq!(site.texts("SELECT media_id FROM revision_media").await, [attachment.id.to_string()]);
    let article = site.content.published(&ArticleKey::Number(id)).await.unwrap();
    assert_eq!(article.attachments.get(&attachment.id), Some(&attachment));
}

#[tokio::test]
async fn a_link_to_a_document_beside_the_text_becomes_an_attachment() {
    let site = TestContent::new().await;
    let folder = site.folder("posts").join("notice");
    std::fs::create_dir_all(folder.join("files")).unwrap();
    let text = "---\ntitle: 通知\ndate: 2020-01-02\n---\n[通知](files/%E9%80%9A%E7%9F%A5.pdf)、[同一份](./files/通知.pdf)、\
                [表](fake.docx)、[缺](gone.pdf)、[外](../../secret.pdf)、[远](https://x.example/remote.pdf)\n";
    std::fs::write(folder.join("index.md"), text).unwrap();
    std::fs::write(folder.join("files/通知.pdf"), PDF).unwrap();
    std::fs::write(folder.join("fake.docx"), PDF).unwrap();
    std::fs::write(site.folder("posts").join("../secret.pdf"), PDF).unwrap();
    let run = async || {
        let options = Options { dry_run: false, progress: &Unwatched };
        import(&site.content, &site.folder("posts"), options).await.unwrap()
    };

    let report = run().await;

    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "notice/index.md:5: the attachment fake.docx was left out: the file is not what its name ending in .docx says",
            "notice/index.md:5: the attachment gone.pdf does not exist",
            "notice/index.md:5: the attachment ../../secret.pdf lies outside the folder and was not read",
        ]
    );
    let article = site.content.published(&"notice".parse().unwrap()).await.unwrap();
    let [id] = &article.fields.body.attachments()[..] else { panic!("{}", article.fields.body.as_str()) };
    assert_eq!(article.attachments[id].name, "通知.pdf");
    assert_eq!(
        article.fields.body.as_str().trim(),
        format!(
            "<p><a data-media=\"{id}\" rel=\"noopener\">通知</a>、<a data-media=\"{id}\" rel=\"noopener\">同一份</a>、\
             表、缺、外、<a href=\"https://x.example/remote.pdf\" rel=\"noopener\">远</a></p>"
        )
    );
    assert_eq!(run().await.unchanged, 1);
    std::fs::write(folder.join("files/通知.pdf"), POLYGLOT).unwrap();
    assert_eq!(run().await.updated, 1);
}

#[actix_web::test]
async fn a_fixed_page_and_the_feed_lead_to_attachments_too() {
    let site = TestSite::new().await;
    let address = published(&site, PDF, "表.pdf").await;
    let attachment = site.content().add_attachment(PDF.to_vec(), "表.pdf").await.unwrap();
    let body = Html::clean(&format!("<p><a data-media=\"{}\">表</a></p>", attachment.id));
    let fields = PageFields { title: "办事".to_owned(), body, ..PageFields::default() };
    site.content().set_page(Actor::System, &"forms".parse().unwrap(), fields).await.unwrap();

    assert_eq!(site.get("/pages/forms").await.attribute("a.attachment", "href"), address);
    let feed = site.get("/feed.xml").await.body;
    assert!(feed.contains(&format!("https://news.example.cn{address}")), "{feed}");
    assert!(!feed.contains("data-media"), "{feed}");
}

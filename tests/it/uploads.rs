//! What comes into the library: whatever somebody may send, and what readers get of it.

mod change;
mod choosing;
mod hostile;
mod video;

use serde_json::Value;
use wxpress::content::media::Kind;
use wxpress::content::{FileName, Media, MediaId, Rendition};
use wxpress::staff::Role;

use crate::office::{Browser, Upload};
use crate::pictures;
use crate::site::{Answer, TestSite};

pub(crate) fn file<'a>(name: &'a str, bytes: &'a [u8]) -> Upload<'a> {
    Upload { field: "files", name, kind: "application/octet-stream", bytes }
}

/// Sends one file as a browser without JavaScript does; its identity.
pub(crate) async fn sent(browser: &Browser<'_>, name: &str, bytes: &[u8]) -> MediaId {
    let answer = browser.upload("/admin/media", &[], &[file(name, bytes)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text("main"));
    id_in(answer.header("location"))
}

/// The identity in the address of a page.
fn id_in(address: &str) -> MediaId {
    let last = address.rsplit('/').next().unwrap().split('?').next().unwrap();
    last.parse().unwrap_or_else(|_| panic!("{address}"))
}

/// The bytes of a picture's file as readers get them.
async fn served(site: &TestSite, media: &Media, file: FileName) -> Answer {
    site.get(&format!("/media/{}/{file}", media.folder)).await
}

fn decoded(bytes: &[u8]) -> image::RgbImage {
    image::load_from_memory(bytes).unwrap().to_rgb8()
}

#[actix_web::test]
async fn a_file_comes_in_and_its_words_are_asked_for() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let empty = browser.get("/admin/media").await;
    assert_eq!((empty.status.as_u16(), empty.text(".grid")), (200, String::new()));
    assert!(empty.text(".empty").contains("还没有"), "{}", empty.text("main"));

    let answer = browser.upload("/admin/media", &[], &[file("大桥.JPG", &pictures::jpeg(800, 600))]).await;

    let page = browser.follow(&answer).await;
    assert_eq!((page.status.as_u16(), page.text("h1")), (200, "大桥.jpg".to_owned()));
    assert_eq!(page.text(".notice"), "已上传。");
    assert!(page.text(".facts").contains("800 × 600"), "{}", page.text(".facts"));
    assert!(page.text(".facts").contains("lin 先生"), "{}", page.text(".facts"));
    let id = id_in(answer.header("location"));
    let words = [("alt", "一座桥"), ("caption", "新桥通车"), ("credit", "李四")];
    let saved = browser.post(&format!("/admin/media/{id}"), &words).await;
    let page = browser.follow(&saved).await;
    assert_eq!(page.attribute("input[name=alt]", "value"), "一座桥");
    let found = browser.get("/admin/media?q=%E6%96%B0%E6%A1%A5").await;
    assert_eq!(found.text(".grid .name"), "大桥.jpg");
    assert_eq!(found.attribute(".grid img", "alt"), "一座桥");
    let nothing = browser.get("/admin/media?q=%E6%B2%A1%E6%9C%89").await;
    assert!(nothing.text(".empty").contains("没有找到"), "{}", nothing.text("main"));
}

#[actix_web::test]
async fn of_many_files_those_that_are_fit_arrive_and_each_other_one_is_named() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let (good, pdf) = (pictures::png(400, 300), b"%PDF-1.4\n%%EOF\n");
    let files = [
        file("好.png", &good),
        file("坏.jpg", b"not a picture"),
        file("表.pdf", pdf),
        file("图.heic", b"\0\0\0\x18ftypheic"),
    ];

    let answer = browser.upload("/admin/media", &[], &files).await;

    assert_eq!(answer.status, 422);
    let errors = answer.text(".errors");
    assert!(errors.contains("坏.jpg：不是 JPEG") && errors.contains("图.heic：这是 HEIC"), "{errors}");
    assert!(errors.contains("兼容性最佳") && errors.contains("原图"), "{errors}");
    assert!(!errors.contains("好.png") && answer.text(".notice").contains("2 个"), "{}", answer.text("main"));
    assert_eq!(browser.get("/admin/media").await.text(".grid .name"), "好.png");
    assert_eq!(browser.get("/admin/media?kind=attachment").await.text(".grid .name"), "表.pdf");
    let none = browser.upload("/admin/media", &[], &[]).await;
    assert_eq!(none.status, 422);
    assert!(none.text(".errors").contains("请先选择文件"), "{}", none.text(".errors"));
    let unchosen = browser.upload("/admin/media", &[], &[file("", b"")]).await;
    assert!(unchosen.text(".errors").contains("请先选择文件"), "{}", unchosen.text(".errors"));
}

#[actix_web::test]
async fn the_script_is_answered_in_its_own_language() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    browser.get("/admin/media").await;

    let told = json(&browser, &[file("a.png", &pictures::png(320, 240))]).await;

    let one = &told.1["files"][0];
    assert_eq!((told.0, one["name"].as_str(), one["kind"].as_str()), (200, Some("a.png"), Some("picture")));
    assert_eq!((one["width"].as_i64(), one["error"].is_null()), (Some(320), true));
    assert_eq!(browser.get(one["url"].as_str().unwrap()).await.status, 200);
    assert_eq!(site.get(one["thumb"].as_str().unwrap()).await.header("content-type"), "image/jpeg");
    let refused = json(&browser, &[file("<b>.svg", b"<svg/>")]).await;
    assert_eq!(refused.0, 422);
    assert!(refused.1["files"][0]["error"].as_str().unwrap().contains("PNG"), "{}", refused.1);
    // The same bytes are the same picture.
    let again = json(&browser, &[file("b.png", &pictures::png(320, 240))]).await;
    assert_eq!(again.1["files"][0]["id"], one["id"]);
    assert_eq!((&one["known"], &again.1["files"][0]["known"]), (&Value::Bool(false), &Value::Bool(true)));
}

async fn json(browser: &Browser<'_>, files: &[Upload<'_>]) -> (u16, Value) {
    let request = browser.multipart("/admin/media", &[], files).insert_header(("accept", "application/json"));
    let answer = browser.send(request).await;
    (answer.status.as_u16(), answer.json())
}

#[actix_web::test]
async fn a_phones_photo_stands_upright_and_tells_nothing_but_what_it_shows() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;

    let id = sent(&browser, "IMG_0001.jpeg", &pictures::sideways_jpeg(800, 400)).await;

    let media = site.content().media(&id).await.unwrap();
    assert_eq!((media.size.width, media.size.height), (400, 800));
    for file in &media.files {
        let answer = served(&site, &media, *file).await;
        let leaks = answer.bytes.windows(4).any(|four| four == b"Exif" || four == b"GPS ");
        assert!(answer.status == 200 && !leaks, "{file}");
    }
    // Turned to the right: what lay at the lower left is now at the upper left.
    let main = decoded(&served(&site, &media, FileName { rendition: Rendition::Main, kind: Kind::Jpeg }).await.bytes);
    let pixel = main.get_pixel(50, 50).0;
    assert!(pixel[2] > 180 && pixel[0] < 80, "{pixel:?}");
}

#[actix_web::test]
async fn animations_keep_moving_also_those_that_came_as_webp() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    for (name, bytes) in [("a.gif", pictures::gif(320, 320, 3)), ("b.webp", pictures::moving_webp(340, 330))] {
        let id = sent(&browser, name, &bytes).await;

        let media = site.content().media(&id).await.unwrap();
        assert!(media.animated && media.kind == Kind::Gif, "{name}");
        let answer = served(&site, &media, media.column_file()).await;
        let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(&answer.bytes)).unwrap();
        assert_eq!(image::AnimationDecoder::into_frames(decoder).count(), 3, "{name}");
    }
}

#[actix_web::test]
async fn a_phones_largest_photo_comes_in_and_is_made_smaller() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;

    let id = sent(&browser, "64MP.jpg", &pictures::grey_jpeg(9280, 6944)).await;

    let media = site.content().media(&id).await.unwrap();
    let pixels = u64::from(media.size.width) * u64::from(media.size.height);
    assert!((15_900_000..=16_000_000).contains(&pixels), "{:?}", media.size);
    let share = media.file(Rendition::Share).unwrap();
    let answer = served(&site, &media, share).await;
    assert!(answer.bytes.len() <= 100_000 && decoded(&answer.bytes).width() >= 300);
}

#[actix_web::test]
async fn the_grid_goes_on_page_by_page() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    for side in 0..26 {
        site.content().add_picture(pictures::png(20 + side, 20), "a.png").await.unwrap();
    }

    let first = browser.get("/admin/media").await;

    assert_eq!(first.body.matches("class=\"tile\"").count(), 24);
    let second = browser.get(&first.attribute(".paging a[rel=next]", "href")).await;
    assert_eq!(second.body.matches("class=\"tile\"").count(), 2);
    assert_eq!(second.attribute(".paging a[rel=next]", "href"), "");
    assert_eq!(second.attribute(".paging a", "href"), "/admin/media");
}

#[actix_web::test]
async fn what_is_chosen_goes_to_where_it_was_asked_for() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Administrator).await;
    let large = sent(&browser, "large.png", &pictures::png(400, 300)).await;
    let small = sent(&browser, "small.png", &pictures::png(100, 90)).await;
    sent(&browser, "a.pdf", b"%PDF-1.4\n%%EOF\n").await;

    for (choose, action, place) in [
        ("logo", "/admin/settings/logo", ""),
        ("share-image", "/admin/settings/share-image", ""),
        ("article-7-lead", "/admin/articles/7/picture", "lead"),
        ("article-7-share", "/admin/articles/7/picture", "share"),
        ("article-7-text", "/admin/articles/7/picture", "text"),
        ("article-7-text-12", "/admin/articles/7/picture", "text-12"),
    ] {
        let page = browser.get(&format!("/admin/media?choose={choose}")).await;
        let form = format!(".grid form[action=\"{action}\"]");
        let of_card = choose.contains("share");
        assert_eq!(page.attribute(&format!("{form} input[value=\"{large}\"]"), "name"), "media", "{choose}");
        assert_eq!(page.attribute(&format!("{form} input[value=\"{small}\"]"), "name").is_empty(), of_card, "{choose}");
        assert_eq!(page.attribute(&format!("{form} input[name=as]"), "value"), place);
        assert_eq!(page.attribute(".upload input[name=choose]", "value"), choose);
        // Only a text may hold something else than pictures.
        let other = browser.get(&format!("/admin/media?kind=attachment&choose={choose}")).await;
        assert_eq!(other.text(".grid").contains("a.pdf"), choose.contains("text"), "{choose}");
        let new = pictures::png(310, 310);
        let answer = browser.upload("/admin/media", &[("choose", choose)], &[file("new.png", &new)]).await;
        assert!(answer.header("location").contains(&format!("choose={choose}")), "{}", answer.header("location"));
    }
    for choose in [
        "nonsense",
        "article-7-text-",
        "article-7-text-x",
        "article-7-lead-3",
        "article-x-lead",
        "article-0-lead",
        "article-1-",
        "article--1-lead",
    ] {
        assert_eq!(browser.get(&format!("/admin/media?choose={choose}")).await.status, 404, "{choose}");
    }
    let writer = Browser::of(&site, "wu", Role::Writer).await;
    assert_eq!(writer.get("/admin/media?choose=logo").await.status, 403);
    assert_eq!(writer.get("/admin/media?choose=article-7-lead").await.status, 200);
}

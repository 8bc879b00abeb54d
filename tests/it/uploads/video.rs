//! Videos: what is taken in of them, and how readers get them.

use actix_web::test::TestRequest;
use wxpress::staff::Role;

use super::{file, sent};
use crate::films::{Film, part};
use crate::office::Browser;
use crate::site::TestSite;

async fn one(browser: &Browser<'_>, film: &Film) -> String {
    sent(browser, "VID_2026.mp4", &film.bytes()).await.to_string()
}

#[actix_web::test]
async fn a_video_is_known_and_played() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;

    let id = one(&browser, &Film { upright: true, ..Film::default() }).await;

    let page = browser.get(&format!("/admin/media/{id}")).await;
    assert!(
        page.text(".facts").contains("360 × 640") && page.text(".facts").contains("1:06"),
        "{}",
        page.text(".facts")
    );
    assert_eq!(page.attribute("main video", "src"), format!("/media/{id}/video.mp4"));
    let grid = browser.get("/admin/media?kind=video").await;
    assert_eq!(grid.text(".grid .name"), "VID_2026.mp4");
    browser.post(&format!("/admin/media/{id}"), &[("alt", "龙舟\"赛")]).await;
    let body = format!(
        "<p>前</p><figure><video data-media=\"{id}\" src=\"https://evil.example/x.mp4\" autoplay onplay=\"alert(1)\">\
         <source src=\"https://evil.example/y.mp4\"></video><figcaption>龙舟</figcaption></figure>\
         <p><a data-media=\"{id}\">下载</a></p><p>后</p>"
    );
    site.publish("race", "龙舟赛", &body).await;
    let article = site.get("/articles/race").await;
    let video = |name: &str| article.attribute(".body video", name);
    assert_eq!(video("src"), format!("/media/{id}/video.mp4"));
    assert_eq!((video("preload"), video("width"), video("height")), ("metadata".into(), "360".into(), "640".into()));
    assert_eq!(video("aria-label"), "龙舟\"赛");
    assert!(article.body.contains(" controls=\"\"") && article.body.contains(" playsinline=\"\""), "{}", article.body);
    assert!(!article.body.contains("evil.example") && !article.body.contains("autoplay"));
    assert_eq!(article.body.matches("<video").count(), 1);
    assert_eq!(article.text(".body figcaption"), "龙舟");
    assert!(article.text("a.attachment").starts_with("下载 (MP4, "), "{}", article.text("a.attachment"));
    let feed = site.get("/feed.xml").await;
    assert!(feed.body.contains(&format!("https://news.example.cn/media/{id}/video.mp4")), "{}", feed.body);
    let uses = browser.get(&format!("/admin/media/{id}")).await.text(".uses");
    assert!(uses.contains("龙舟赛"), "{uses}");
}

#[actix_web::test]
async fn a_video_left_open_swallows_nothing_of_the_text() {
    let body = wxpress::content::Html::clean(&format!("<p>一</p><video data-media=\"{}\"><p>二</p>", "a".repeat(32)));
    assert_eq!(body.as_str(), format!("<p>一</p><video data-media=\"{}\"></video><p>二</p>", "a".repeat(32)));
    assert_eq!(wxpress::content::Html::clean("<video src=\"x\">旧浏览器</video>").as_str(), "旧浏览器");
}

#[actix_web::test]
async fn a_player_gets_the_parts_that_it_asks_for() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let film = Film::default().bytes();
    let id = one(&browser, &Film::default()).await;
    let address = format!("/media/{id}/video.mp4");

    let whole = site.get(&address).await;
    assert_eq!((whole.status.as_u16(), &whole.bytes), (200, &film));
    for (name, value) in [
        ("content-type", "video/mp4"),
        ("content-disposition", "inline"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
    ] {
        assert_eq!(whole.header(name), value, "{name}");
    }
    assert!(whole.header("cache-control").contains("immutable"));
    let range = async |range: &str| {
        let request = TestRequest::get().uri(&address).insert_header(("range", range.to_owned()));
        site.send(request.insert_header(("accept-encoding", "gzip, br"))).await
    };
    // As iPhones begin.
    let first = range("bytes=0-1").await;
    assert_eq!((first.status.as_u16(), first.bytes.as_slice()), (206, &film[..2]));
    assert_eq!(first.header("content-range"), format!("bytes 0-1/{}", film.len()));
    assert_eq!(first.header("content-type"), "video/mp4");
    let last = range("bytes=-10").await;
    assert_eq!((last.status.as_u16(), last.bytes.as_slice()), (206, &film[film.len() - 10..]));
    assert_eq!(range("bytes=99999999-").await.status, 416);
    for name in ["VID_2026.mp4", "attachment", "main.jpg", "video.mp4%00"] {
        assert_eq!(site.get(&format!("/media/{id}/{name}")).await.status, 404, "{name}");
    }
}

#[actix_web::test]
async fn only_what_every_phone_plays_is_taken_in() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    for (name, film) in [
        ("hevc.mp4", Film { codec: b"hvc1", ..Film::default() }),
        ("unknown.mp4", Film { codec: b"abcd", ..Film::default() }),
        // Where a drone writes down where it was, second by second.
        ("positions.mp4", Film { others: Some(b"meta"), ..Film::default() }),
        ("subtitles.mp4", Film { others: Some(b"text"), ..Film::default() }),
        ("fragments.mp4", Film { besides: part(b"mvex", &part(b"trex", &[0; 24])), ..Film::default() }),
    ] {
        let answer = browser.upload("/admin/media", &[], &[file(name, &film.bytes())]).await;

        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.text(".errors").contains("H.264"), "{name}: {}", answer.text(".errors"));
    }
    assert_eq!(one(&browser, &Film { sound: false, ..Film::default() }).await.len(), 32);
}

#[actix_web::test]
async fn where_it_was_filmed_stays_with_who_filmed_it() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let place = part(b"udta", &part(b"\xa9xyz", b"\0\x12\x15\xc7+39.9042+116.4074/"));
    let film =
        Film { besides: [place, part(b"meta", b"\0\0\0\0com.apple.quicktime.make")].concat(), ..Film::default() };
    assert!(film.bytes().windows(8).any(|eight| eight == b"+39.9042"));

    let id = one(&browser, &film).await;

    let answer = site.get(&format!("/media/{id}/video.mp4")).await;
    assert_eq!(answer.bytes.len(), film.bytes().len());
    assert!(!answer.bytes.windows(8).any(|eight| eight == b"+39.9042" || eight == b"com.appl"));
}

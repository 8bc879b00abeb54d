//! What becomes of a picture afterwards: where it is cut, what takes its place, and who may do so.

use wxpress::content::event::Kind as Happened;
use wxpress::content::media::Kind;
use wxpress::content::{Actor, EventFilter, Fields, FileName, Html, MediaId, PageFields, Rendition, SiteSettings};
use wxpress::staff::Role;

use super::{decoded, file, sent, served};
use crate::films::Film;
use crate::office::{Browser, Upload};
use crate::pictures;
use crate::site::{Answer, TestSite};

fn showing(id: &MediaId) -> Fields {
    let body = Html::clean(&format!("<p>图</p><img data-media=\"{id}\">"));
    Fields { headline: "大桥通车".to_owned(), body, ..Fields::default() }
}

async fn replace(browser: &Browser<'_>, id: &MediaId, name: &str, bytes: &[u8]) -> Answer {
    let upload = Upload { field: "file", ..file(name, bytes) };
    browser.upload(&format!("/admin/media/{id}/replace"), &[], &[upload]).await
}

/// The colour in the middle of a rendition: which of the four quarters it shows.
async fn colour(site: &TestSite, id: &MediaId, rendition: Rendition, at: (f64, f64)) -> &'static str {
    let media = site.content().media(id).await.unwrap();
    let picture = decoded(&served(site, &media, FileName { rendition, kind: Kind::Jpeg }).await.bytes);
    let place = |part: f64, length: u32| format!("{:.0}", part * f64::from(length)).parse::<u32>().unwrap();
    let pixel = picture.get_pixel(place(at.0, picture.width()), place(at.1, picture.height())).0;
    match pixel.map(|channel| channel > 120) {
        [true, false, false] => "red",
        [false, true, false] => "green",
        [false, false, true] => "blue",
        [true, true, false] => "yellow",
        _ => panic!("{pixel:?}"),
    }
}

#[actix_web::test]
async fn a_picture_is_cut_around_what_must_be_seen() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    // Red and green above, blue and yellow below.
    let id = sent(&browser, "a.jpg", &pictures::jpeg(2000, 500)).await;
    let before = site.content().media(&id).await.unwrap();
    assert_eq!(colour(&site, &id, Rendition::List, (0.3, 0.2)).await, "red");
    let save = async |fields: &[(&str, &str)]| browser.post(&format!("/admin/media/{id}/framing"), fields).await;

    let saved = save(&[("focus", "100-0"), ("square", "focus")]).await;

    assert_eq!(saved.status, 303, "{}", saved.text("main"));
    let after = site.content().media(&id).await.unwrap();
    assert_ne!(after.folder, before.folder);
    assert_eq!(colour(&site, &id, Rendition::List, (0.3, 0.2)).await, "green");
    assert_eq!(colour(&site, &id, Rendition::Share, (0.1, 0.2)).await, "green");
    let page = browser.get(&format!("/admin/media/{id}")).await;
    assert_eq!(page.attribute("input[name=focus][checked]", "value"), "100-0");
    // The old address leads to the new one, and the old files are gone.
    let old = served(&site, &before, before.file(Rendition::List).unwrap()).await;
    assert_eq!(
        (old.status.as_u16(), old.header("location")),
        (301, &*format!("https://news.example.cn/media/{}/list.jpg", after.folder))
    );

    let own = [("focus", "exact"), ("focus_x", "12.5"), ("focus_y", "50"), ("square", "own")];
    let saved = save(&[&own[..], &[("square_left", "80"), ("square_top", "30"), ("square_side", "70")]].concat()).await;
    assert_eq!(saved.status, 303, "{}", saved.text("main"));
    assert_eq!(colour(&site, &id, Rendition::List, (0.3, 0.2)).await, "red");
    assert_eq!(colour(&site, &id, Rendition::Share, (0.5, 0.8)).await, "yellow");
    let media = site.content().media(&id).await.unwrap();
    assert_eq!(media.size_of(Rendition::Share).width, 350);
    let share = served(&site, &media, media.file(Rendition::Share).unwrap()).await;
    assert!(share.bytes.len() <= 100_000 && share.header("content-type") == "image/jpeg");
    let page = browser.get(&format!("/admin/media/{id}")).await;
    assert_eq!(page.attribute("#focus_x", "value"), "12.5");
    assert_eq!(page.attribute("#square_side", "value"), "70");
}

#[actix_web::test]
async fn a_cropping_that_makes_no_sense_is_shown_again_as_it_was_typed() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let id = sent(&browser, "a.jpg", &pictures::jpeg(600, 600)).await;
    let before = site.content().media(&id).await.unwrap();
    let base = [("focus", "exact"), ("focus_x", "20"), ("focus_y", "30"), ("square", "own"), ("square_left", "0")];
    for (name, value, wrong) in [
        ("focus_x", "<b>120", "距左边（%）”请填 0 到 100"),
        ("focus_y", "", "距上边（%）”请填 0 到 100"),
        ("square_left", "-3", "左边距（占宽度的 %）”请填 0 到 100"),
        ("square_side", "49", "至少要有 300 像素"),
        ("square_side", "0", "至少要有 300 像素"),
    ] {
        let mut fields: Vec<(&str, &str)> = base.to_vec();
        fields.extend([("square_top", "0"), ("square_side", "60")]);
        fields.retain(|(field, _)| *field != name);
        fields.push((name, value));

        let answer = browser.post(&format!("/admin/media/{id}/framing"), &fields).await;

        assert_eq!(answer.status, 422, "{name}={value}");
        assert!(answer.text(".errors").contains(wrong), "{}", answer.text(".errors"));
        assert!(answer.text(&format!("#{name}-error")).contains(wrong), "{name}");
        for (name, value) in fields.into_iter().filter(|(name, _)| name.contains('_')) {
            assert_eq!(answer.attribute(&format!("#{name}"), "value"), value);
        }
    }
    assert_eq!(site.content().media(&id).await.unwrap(), before);
}

#[actix_web::test]
async fn the_lead_story_shows_what_must_be_seen() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let id = sent(&browser, "a.jpg", &pictures::jpeg(800, 1600)).await;
    site.publish_fields("bridge", Fields { lead_media: Some(id.clone()), ..showing(&id) }).await;
    assert_eq!(site.get("/").await.attribute(".lead .wide img", "class"), "");

    browser.post(&format!("/admin/media/{id}/framing"), &[("focus", "50-0")]).await;

    let home = site.get("/").await;
    assert_eq!(home.attribute(".lead .wide img", "class"), "at-0");
    let style = site.get(&home.attribute("link[rel=stylesheet]", "href")).await;
    assert!(style.body.contains(".at-0 { object-position: 0 0; }"));
}

#[actix_web::test]
async fn what_takes_a_pictures_place_is_what_readers_get() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let old = pictures::jpeg(800, 600);
    let id = sent(&browser, "old.jpg", &old).await;
    browser.post(&format!("/admin/media/{id}"), &[("alt", "桥")]).await;
    site.publish_fields("bridge", Fields { lead_media: Some(id.clone()), ..showing(&id) }).await;
    let before = site.get("/articles/bridge").await;
    let (picture, card) = (before.attribute(".body img", "src"), before.share()["card"]["imgUrl"].clone());
    let files = site.content().media(&id).await.unwrap();
    let on_disk = site.content().media_file(&files.folder, files.column_file());
    assert!(on_disk.is_file());

    let answer = replace(&browser, &id, "new.png", &pictures::png(1000, 500)).await;

    let page = browser.follow(&answer).await;
    assert!(page.text(".notice").contains("已替换"), "{}", page.text("main"));
    assert_eq!((page.text("h1"), page.attribute("#alt", "value")), ("new.png".into(), "桥".into()));
    let after = site.get("/articles/bridge").await;
    assert_ne!(after.attribute(".body img", "src"), picture);
    assert_ne!(after.share()["card"]["imgUrl"], card);
    let now = site.get(&after.attribute(".body img", "src")).await;
    let size = decoded(&now.bytes).dimensions();
    assert_eq!((now.status.as_u16(), size.0 / size.1), (200, 2));
    // Who still has the old page open is led on; the old picture is nowhere any more.
    let led = site.get(&picture).await;
    let to = led.header("location").strip_prefix("https://news.example.cn").unwrap();
    assert_eq!((led.status.as_u16(), site.get(to).await.status.as_u16()), (301, 200));
    assert!(!on_disk.exists());
    // The same bytes that were there first are another picture now.
    let again = sent(&browser, "old.jpg", &old).await;
    assert_ne!(again, id);
    assert_eq!(site.get("/articles/bridge").await.attribute(".body img", "src"), after.attribute(".body img", "src"));
    assert_eq!(site.get(&picture).await.status, 301);
    let told = site.content().audit(EventFilter::Kind(Happened::MediaReplaced), None, 9).await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].actor, Actor::Member(browser.member.unwrap().0));
}

#[actix_web::test]
async fn a_document_and_a_video_are_replaced_by_their_like() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let form = sent(&browser, "表.pdf", b"%PDF-1.4 1\n").await;
    let film = sent(&browser, "a.mp4", &Film::default().bytes()).await;
    let picture = sent(&browser, "a.png", &pictures::png(300, 300)).await;
    site.publish("n", "通知", &format!("<a data-media=\"{form}\">表</a><video data-media=\"{film}\"></video>")).await;
    let before = site.get("/articles/n").await;

    assert_eq!(replace(&browser, &form, "新表.docx", b"PK\x03\x04new").await.status, 303);
    let silent = Film { sound: false, ..Film::default() }.bytes();
    assert_eq!(replace(&browser, &film, "b.mp4", &silent).await.status, 303);

    let after = site.get("/articles/n").await;
    let link = after.attribute("a.attachment", "href");
    assert_eq!(site.get(&link).await.body, "PK\u{3}\u{4}new");
    assert_eq!(
        site.get(&before.attribute("a.attachment", "href")).await.header("location"),
        format!("https://news.example.cn{link}")
    );
    assert_eq!(site.get(&after.attribute("video", "src")).await.bytes, silent);
    assert_eq!(site.get(&before.attribute("video", "src")).await.status, 301);
    for (id, name, bytes) in [
        (&form, "a.png", pictures::png(20, 20)),
        (&film, "a.pdf", b"%PDF-1.4\n".to_vec()),
        (&picture, "a.mp4", Film::default().bytes()),
        (&form, "a.mp4", Film::default().bytes()),
    ] {
        let refused = replace(&browser, id, name, &bytes).await;
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.text("#file-error").contains("同类"), "{}", refused.text(".errors"));
    }
    assert_eq!(replace(&browser, &picture, "a.svg", b"<svg/>").await.status, 422);
    assert_eq!(browser.upload(&format!("/admin/media/{picture}/replace"), &[], &[]).await.status, 422);
}

#[actix_web::test]
async fn every_use_leads_to_where_it_is_changed() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Administrator).await;
    let id = sent(&browser, "a.png", &pictures::png(400, 300)).await;
    site.publish_fields("bridge", showing(&id)).await;
    let about = PageFields { title: "关于".to_owned(), body: showing(&id).body, ..PageFields::default() };
    site.content().set_page(Actor::System, &"about".parse().unwrap(), about).await.unwrap();
    let settings = SiteSettings { logo: Some(id.clone()), ..site.content().settings().await.unwrap() };
    site.content().set_settings(Actor::System, settings).await.unwrap();

    let page = browser.get(&format!("/admin/media/{id}")).await;

    let document = scraper::Html::parse_document(&page.body);
    let links = scraper::Selector::parse(".uses a").unwrap();
    let links: Vec<_> = document.select(&links).map(|link| link.attr("href").unwrap().to_owned()).collect();
    assert_eq!(links.len(), 3, "{links:?}");
    for link in links {
        assert_eq!(browser.get(&link).await.status, 200, "{link}");
    }
}

#[actix_web::test]
async fn what_others_write_with_a_picture_is_only_counted() {
    let site = TestSite::new().await;
    let (lin, wang) = (Browser::of(&site, "lin", Role::Writer).await, Browser::of(&site, "wang", Role::Writer).await);
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = sent(&lin, "a.png", &pictures::png(400, 300)).await;
    let write = async |who: &Browser<'_>, headline: &str| {
        let fields = Fields { headline: headline.to_owned(), ..showing(&id) };
        site.content().create(Actor::Member(who.member.unwrap().0), fields).await.unwrap()
    };
    let own = write(&lin, "自己的稿").await;
    write(&wang, "秘密调查").await;
    let uses = async |who: &Browser<'_>| who.get(&format!("/admin/media/{id}")).await;

    let one = uses(&lin).await;
    assert!(!one.body.contains("秘密调查"), "{}", one.text(".uses"));
    assert_eq!(one.attribute(".uses a", "href"), format!("/admin/articles/{}", own.0));
    assert!(
        one.text(".uses").contains("自己的稿") && one.text(".uses").contains("另一篇稿件"),
        "{}",
        one.text(".uses")
    );
    // Nor when it cannot be deleted because of it.
    let refused = lin.post(&format!("/admin/media/{id}/delete"), &[]).await;
    assert_eq!((refused.status.as_u16(), refused.body.contains("秘密调查")), (422, false));
    write(&wang, "秘密调查二").await;
    let two = uses(&lin).await.text(".uses");
    assert!(two.contains("另外 2 篇稿件") && !two.contains("秘密"), "{two}");
    let all = uses(&editor).await.text(".uses");
    assert!(all.contains("秘密调查二") && all.contains("自己的稿") && !all.contains("另外"), "{all}");
}

#[actix_web::test]
async fn what_is_in_use_is_not_deleted_and_every_use_is_named() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let id = sent(&browser, "a.png", &pictures::png(400, 300)).await;
    let article = site.publish_fields("bridge", showing(&id)).await;

    let refused = browser.post(&format!("/admin/media/{id}/delete"), &[]).await;

    assert_eq!(refused.status, 422);
    assert!(refused.text(".errors").contains("正在使用"), "{}", refused.text(".errors"));
    assert_eq!(refused.text(".uses a"), "大桥通车");
    assert_eq!(refused.attribute(".uses a", "href"), format!("/admin/articles/{}", article.0));
    assert_eq!(site.get("/articles/bridge").await.body.matches("<img").count(), 1);

    let unused = sent(&browser, "b.png", &pictures::png(410, 300)).await;
    let media = site.content().media(&unused).await.unwrap();
    let gone = browser.post(&format!("/admin/media/{unused}/delete"), &[]).await;
    assert_eq!(gone.header("location"), "/admin/media?done=deleted");
    assert_eq!(browser.get(&format!("/admin/media/{unused}")).await.status, 404);
    assert_eq!(served(&site, &media, media.column_file()).await.status, 404);
    let pdf = sent(&browser, "a.pdf", b"%PDF-1.4\n").await;
    assert_eq!(browser.post(&format!("/admin/media/{pdf}/delete"), &[]).await.status, 303);
    assert_eq!(site.get(&format!("/media/{pdf}/a.pdf")).await.status, 404);
    for nothing in
        [format!("/admin/media/{}", "f".repeat(32)), "/admin/media/..%2F..".to_owned(), "/admin/media/1".to_owned()]
    {
        assert_eq!(browser.get(&nothing).await.status, 404, "{nothing}");
    }
}

#[actix_web::test]
async fn who_may_not_change_a_picture_costs_no_work() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "wu", Role::Writer).await;
    let other = Browser::of(&site, "he", Role::Writer).await;
    let id = sent(&writer, "a.png", &pictures::png(400, 300)).await;
    let media = site.content().media(&id).await.unwrap();
    // Whoever looked into the files would fail at them.
    std::fs::remove_dir_all(site.content().media_file(&media.folder, media.column_file()).parent().unwrap()).unwrap();
    other.get("/admin/media").await;

    assert_eq!(other.post(&format!("/admin/media/{id}/framing"), &[("focus", "0-0")]).await.status, 403);
    assert_eq!(replace(&other, &id, "b.png", b"\x89PNG\r\n\x1a\nbroken").await.status, 403);
}

#[actix_web::test]
async fn a_writer_changes_what_is_theirs_until_readers_or_reviewers_depend_on_it() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "wu", Role::Writer).await;
    let other = Browser::of(&site, "he", Role::Writer).await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let id = sent(&writer, "a.png", &pictures::png(400, 300)).await;
    let new = pictures::png(410, 300);
    let try_all = async |browser: &Browser<'_>| {
        let mut told = Vec::new();
        told.push(browser.post(&format!("/admin/media/{id}"), &[("alt", "桥")]).await.status.as_u16());
        told.push(browser.post(&format!("/admin/media/{id}/framing"), &[("focus", "0-0")]).await.status.as_u16());
        told.push(replace(browser, &id, "b.png", &new).await.status.as_u16());
        told
    };
    let forms =
        async |browser: &Browser<'_>| browser.get(&format!("/admin/media/{id}")).await.body.matches("<form").count();

    assert_eq!(try_all(&other).await, [403, 403, 403]);
    assert_eq!(other.post(&format!("/admin/media/{id}/delete"), &[]).await.status, 403);
    assert!(other.get(&format!("/admin/media/{id}")).await.text(".warning").contains("请联系编辑"));
    assert_eq!(try_all(&writer).await, [303, 303, 303]);
    let writer_id = Actor::Member(writer.member.unwrap().0);
    let article = site.content().create(writer_id, showing(&id)).await.unwrap();
    assert_eq!(try_all(&writer).await[0], 303);
    let open = forms(&writer).await;

    site.content().submit(writer_id, article, 1).await.unwrap();
    assert_eq!(try_all(&writer).await, [403, 403, 403]);
    assert!(forms(&writer).await < open);
    site.content().publish(Actor::System, article, None).await.unwrap();
    assert_eq!(try_all(&writer).await, [403, 403, 403]);
    assert_eq!(writer.post(&format!("/admin/media/{id}/delete"), &[]).await.status, 403);
    assert_eq!(try_all(&editor).await, [303, 303, 303]);
}

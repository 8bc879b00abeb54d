//! The back office sets the site up: its name, filings, review and looks, and its verification files.

use std::time::Duration;

use actix_web::http::StatusCode;
use scraper::{Html as Page, Selector};
use wxpress::content::event::Kind;
use wxpress::content::{Actor, EventFilter, VerificationFile};
use wxpress::staff::Role;

use crate::office::Browser;
use crate::pictures;
use crate::site::{Answer, TestSite};

/// What would do harm if it came out as it went in.
const HOSTILE: &str = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";
/// A form that is taken.
const GOOD: [(&str, &str); 7] = [
    ("name", "云溪日报"),
    ("description", "县里的事"),
    ("language", "zh-CN"),
    ("time_zone", "Asia/Shanghai"),
    ("icp_number", "京ICP备2021012345号-1"),
    ("police_number", "京公网安备11000002000001号"),
    ("review_stages", "0"),
];
const FILE: &str = "MP_verify_0123456789abcdef.txt";

/// [`GOOD`] with other values, for the settings that the page showed.
fn form<'a>(page: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = GOOD.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied()).chain([("seen", page)]).collect()
}

async fn seen(browser: &Browser<'_>) -> String {
    browser.get("/admin/settings").await.attribute("input[name=seen]", "value")
}

fn texts(page: &Answer, selector: &str) -> Vec<String> {
    let document = Page::parse_document(&page.body);
    let selector = Selector::parse(selector).unwrap();
    let found = document.select(&selector);
    found.map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

fn value(page: &Answer, name: &str) -> String {
    let chosen = page.attribute(&format!("select[name={name}] option[selected]"), "value");
    if chosen.is_empty() { page.attribute(&format!("input[name={name}]"), "value") } else { chosen }
}

fn colours(page: &Answer) -> String {
    page.attribute("link[rel=stylesheet][href*='/static/accent.']", "href")
}

#[actix_web::test]
async fn only_administrators_set_the_site_up() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    for role in [Role::Writer, Role::Editor] {
        let browser = Browser::of(&site, role.word(), role).await;
        for path in ["/admin/settings", "/admin/verification"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for path in ["", "/logo", "/share-image"] {
            let answer = browser.post(&format!("/admin/settings{path}"), &form("", &[])).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        for path in ["/admin/verification", "/admin/verification/remove"] {
            let answer = browser.post(path, &[("name", FILE), ("content", "0123456789abcdef")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    assert_eq!(site.content().settings().await.unwrap().name, "云溪新闻");
    for path in ["/admin/settings", "/admin/verification"] {
        let page = administrator.get(path).await;
        assert_eq!((page.status, texts(&page, "main .primary").len()), (StatusCode::OK, 1), "{path}");
        assert_eq!(texts(&page, "nav.chips a"), ["网站设置", "验证文件"]);
    }
    // A password that was typed long ago is not enough for files that could hand the domain to somebody.
    site.clock.advance(Duration::from_mins(11));
    assert_eq!(administrator.get("/admin/settings").await.status, StatusCode::OK);
    assert!(administrator.get("/admin/verification").await.header("location").starts_with("/admin/confirm"));
    let late = administrator.post("/admin/verification", &[("name", FILE), ("content", "0123456789abcdef")]).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert!(site.content().verification_files().await.unwrap().is_empty());
}

#[actix_web::test]
async fn readers_see_at_once_what_was_set() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    site.publish("a", "文", "<p>雪</p>").await;
    assert_eq!(site.get("/").await.text(".masthead .name"), "云溪新闻");
    let before = site.get("/articles/a").await.text(".story time");

    let page = seen(&administrator).await;
    let zone = [("time_zone", "america/new_york"), ("review_stages", "2"), ("name", " 云溪\u{202e}日报 ")];
    let done = administrator.post("/admin/settings", &form(&page, &zone)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text(".errors"));
    let shown = administrator.follow(&done).await;

    assert_eq!(
        (shown.text("[role=status]"), value(&shown, "time_zone")),
        ("已保存。".to_owned(), "America/New_York".to_owned())
    );
    assert_eq!((value(&shown, "review_stages"), value(&shown, "name")), ("2".to_owned(), "云溪日报".to_owned()));
    assert_eq!(shown.text(".side .name"), "云溪日报");
    let home = site.get("/").await;
    assert_eq!(home.text(".masthead .name"), "云溪日报");
    assert_eq!(home.attribute("meta[name=description]", "content"), "县里的事");
    let foot = texts(&home, ".footer p");
    assert!(
        foot.contains(&"京ICP备2021012345号-1".to_owned()) && foot.contains(&"京公网安备11000002000001号".to_owned()),
        "{foot:?}"
    );
    // 2026-09-21 22:13:20 in Beijing.
    assert_eq!(before, "2026年9月21日 22:13");
    assert_eq!(site.get("/articles/a").await.text(".story time"), "2026年9月21日 10:13");
    assert!(shown.text("#time_zone-help").contains("2026年9月21日 10:13"));
    let page = seen(&administrator).await;
    administrator.post("/admin/settings", &form(&page, &[("language", "en")])).await;
    assert_eq!(site.get("/").await.attribute("html", "lang"), "en");
    assert_eq!(administrator.get("/admin/settings").await.text("h1"), "Settings");

    let events = site.content().audit(EventFilter::Kind(Kind::SettingsChanged), None, 9).await.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(Some(events[1].actor), administrator.member.map(|id| Actor::Member(id.0)));
    assert_eq!(events[1].detail["site.name"]["from"], "云溪新闻");
    assert_eq!(events[1].detail["site.time_zone"]["to"], "America/New_York");
    administrator.post("/admin/settings", &form(&seen(&administrator).await, &[])).await;
    let log = administrator.get("/admin/log").await.text("main");
    assert!(log.contains("网站名称：云溪新闻 改为 云溪日报"), "{log}");
}

#[actix_web::test]
async fn settings_that_are_refused_keep_all_that_was_typed() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    let page = seen(&administrator).await;
    for (field, typed, part) in [
        ("name", " ", "网站名称"),
        ("language", "fr", "界面语言"),
        ("time_zone", "Mars/Olympus", "没有这个时区"),
        ("icp_number", "京ICP备", "京ICP备2021012345号-1"),
        ("police_number", HOSTILE, "京公网安备"),
        ("review_stages", "4", "审核级数"),
        ("review_stages", "x", "审核级数"),
    ] {
        let fields = form(&page, &[(field, typed)]);
        let answer = administrator.post("/admin/settings", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.text(&format!("#{field}-error")).contains(part), "{field}: {}", answer.text(".errors"));
        assert_eq!(texts(&answer, ".errors li").len(), 1, "{field}");
        for (name, kept) in fields.iter().filter(|(name, _)| !matches!(*name, "language" | "review_stages")) {
            assert_eq!(value(&answer, name), *kept, "{field}: {name}");
        }
        assert_eq!(texts(&answer, "main :is(img[src=x], [onerror], script)").len(), 0, "{field}");
    }
    let wrong = [("name", ""), ("time_zone", ""), ("icp_number", "1"), ("own_accent", "true"), ("accent", "red")];
    let answer = administrator.post("/admin/settings", &form(&page, &wrong)).await;
    assert_eq!(texts(&answer, ".errors li").len(), 4);
    assert!(answer.body.contains("name=\"own_accent\" value=\"true\" checked"));
    assert_eq!(site.content().settings().await.unwrap().name, "云溪新闻");
}

#[actix_web::test]
async fn whatever_the_site_is_called_is_said_as_text() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    let page = seen(&administrator).await;
    let hostile = [("name", HOSTILE), ("description", HOSTILE)];
    administrator.follow(&administrator.post("/admin/settings", &form(&page, &hostile)).await).await;
    let logo = site.content().add_picture(pictures::png(300, 100), "logo.png").await.unwrap();
    administrator.post("/admin/settings/logo", &[("media", logo.id.as_str())]).await;

    for path in ["/", "/nothing"] {
        let page = site.get(path).await;
        assert_eq!(page.attribute(".masthead img", "alt"), HOSTILE, "{path}");
        assert_eq!(texts(&page, "[onerror], img[src=x]").len(), 0, "{path}");
        assert!(!page.body.contains("<script>alert(2)"), "{path}");
    }
    let page = administrator.get("/admin/settings").await;
    assert_eq!((value(&page, "name"), value(&page, "description")), (HOSTILE.to_owned(), HOSTILE.to_owned()));
    assert!(!page.body.contains("<script>alert(2)") && !page.body.contains("<img src=x"));
}

#[actix_web::test]
async fn a_filing_of_the_operators_stays_until_it_is_changed() {
    let site = TestSite::with(&[("WXPRESS_SITE__ICP_NUMBER", "示例1号")]).await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    let page = seen(&administrator).await;
    let saved = administrator.post("/admin/settings", &form(&page, &[("icp_number", "示例1号")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let page = seen(&administrator).await;
    let changed = administrator.post("/admin/settings", &form(&page, &[("icp_number", "示例2号")])).await;
    assert_eq!(changed.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn somebody_elses_change_is_not_overwritten_unseen() {
    let site = TestSite::new().await;
    let (zhao, qian) =
        (Browser::of(&site, "zhao", Role::Administrator).await, Browser::of(&site, "qian", Role::Administrator).await);
    let page = seen(&zhao).await;
    qian.follow(&qian.post("/admin/settings", &form(&seen(&qian).await, &[("name", "云溪晚报")])).await).await;

    let late = zhao.post("/admin/settings", &form(&page, &[])).await;

    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text("#name-error").contains("云溪晚报"), "{}", late.text(".errors"));
    assert_eq!(texts(&late, ".errors li").len(), 1);
    assert_eq!(value(&late, "name"), "云溪日报");
    assert_eq!(site.get("/").await.text(".masthead .name"), "云溪晚报");
    let again = zhao.post("/admin/settings", &form(&value(&late, "seen"), &[])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/").await.text(".masthead .name"), "云溪日报");
}

#[actix_web::test]
async fn the_colour_is_a_style_sheet_whose_name_changes_with_it() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    assert_eq!(colours(&site.get("/").await), "");
    let set = async |changes: &[(&str, &str)]| {
        let page = seen(&administrator).await;
        let done = administrator.post("/admin/settings", &form(&page, changes)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text(".errors"));
        colours(&site.get("/").await)
    };

    let first = set(&[("own_accent", "true"), ("accent", "#B3001B")]).await;
    let sheet = site.get(&first).await;
    let second =
        set(&[("own_accent", "true"), ("accent", "#b3001b"), ("own_dark", "true"), ("accent_dark", "#ffb4a8")]).await;

    assert!(first.starts_with("/static/accent.b3001b-"), "{first}");
    assert_eq!((sheet.status, sheet.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    assert_eq!(sheet.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(sheet.body.starts_with(":root{--site-accent:#b3001b;--site-accent-dark:#"), "{}", sheet.body);
    assert_ne!(first, second);
    assert_eq!(site.get(&second).await.body, ":root{--site-accent:#b3001b;--site-accent-dark:#ffb4a8}\n");
    // Pages of a minute ago still find theirs.
    assert_eq!(site.get(&first).await.body, sheet.body);
    let at = second.len() - "000000000000.css".len();
    let forged = format!("{}000000000000.css", &second[..at]);
    for path in [forged.as_str(), "/static/accent.ffffff-ffffff.000000000000.css", "/static/accent.css"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = administrator.get("/admin/settings").await;
    assert_eq!((value(&page, "accent"), value(&page, "accent_dark")), ("#b3001b".to_owned(), "#ffb4a8".to_owned()));
    assert_eq!(set(&[("accent", "#b3001b")]).await, "");
}

#[actix_web::test]
async fn a_colour_that_is_picked_counts_without_a_tick() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    // As a browser sends the page: every field as it is, but for what is changed.
    let send = async |changes: &[(&str, &str)]| {
        let page = administrator.get("/admin/settings").await;
        let shown = ["accent", "accent_dark", "accent_shown", "dark_shown"].map(|name| (name, value(&page, name)));
        let ticked =
            ["own_accent", "own_dark"].map(|name| (name, page.attribute(&format!("[name={name}][checked]"), "value")));
        let mut all: Vec<(&str, &str)> = changes.to_vec();
        for (name, value) in shown.iter().chain(&ticked) {
            if !value.is_empty() && !changes.iter().any(|(changed, _)| changed == name) {
                all.push((name, value));
            }
        }
        administrator.post("/admin/settings", &form(&value(&page, "seen"), &all)).await
    };
    let sheet = async || site.get(&colours(&site.get("/").await)).await.body;

    assert_eq!(send(&[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(colours(&site.get("/").await), "", "nothing was picked");
    assert_eq!(send(&[("accent", "#B3001B")]).await.status, StatusCode::SEE_OTHER);
    assert!(sheet().await.contains("--site-accent:#b3001b;"), "{}", sheet().await);
    assert_eq!(send(&[("accent_dark", "#ffb4a8")]).await.status, StatusCode::SEE_OTHER);
    assert!(sheet().await.contains("--site-accent-dark:#ffb4a8}"), "{}", sheet().await);
    let refused = send(&[("accent", "#ffffff")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#accent-error").contains("看不清"), "{}", refused.text(".errors"));
    assert!(!refused.attribute("[name=own_accent][checked]", "value").is_empty());
    // Without the tick, and with nothing picked, it is the usual one again.
    assert_eq!(send(&[("own_accent", "false")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(colours(&site.get("/").await), "");
}

#[actix_web::test]
async fn a_colour_that_cannot_be_read_is_refused_with_one_that_can() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    let page = seen(&administrator).await;
    let faint = [("own_accent", "true"), ("accent", "#ffcc00"), ("own_dark", "true"), ("accent_dark", "#202060")];

    let refused = administrator.post("/admin/settings", &form(&page, &faint)).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#accent-error").contains("浅色模式下看不清：对比度只有 1."), "{}", refused.text(".errors"));
    assert!(refused.text("#accent_dark-error").contains("深色模式下看不清"), "{}", refused.text(".errors"));
    assert_eq!(
        (value(&refused, "accent"), value(&refused, "accent_dark")),
        ("#ffcc00".to_owned(), "#202060".to_owned())
    );
    let (light, dark) = (value(&refused, "accent_instead"), value(&refused, "dark_instead"));
    assert!(refused.text("#accent-error").contains(&light) && refused.text("#accent_dark-error").contains(&dark));
    let proposals = [("accent_instead", light.as_str()), ("dark_instead", &dark)];
    let taken: Vec<_> = faint.into_iter().chain(proposals).collect();
    let done = administrator.post("/admin/settings", &form(&page, &taken)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text(".errors"));
    let sheet = site.get(&colours(&site.get("/").await)).await.body;
    assert_eq!(sheet, format!(":root{{--site-accent:{light};--site-accent-dark:{dark}}}\n"));
    // What only counts by day is not asked about the night.
    let page = seen(&administrator).await;
    let by_day = [("own_accent", "true"), ("accent", "#b3001b"), ("accent_dark", "#000000")];
    assert_eq!(administrator.post("/admin/settings", &form(&page, &by_day)).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn the_logo_stands_in_the_masthead_under_the_sites_name() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    let logo = site.content().add_picture(pictures::transparent_png(300, 90), "logo.png").await.unwrap().id;
    let page = administrator.get("/admin/settings").await;
    assert_eq!(page.attribute("#logo a", "href"), "/admin/media?choose=logo");
    assert_eq!(page.attribute("#share-image a", "href"), "/admin/media?choose=share-image");
    assert_eq!(texts(&site.get("/").await, ".masthead img").len(), 0);

    administrator.follow(&administrator.post("/admin/settings/logo", &[("media", logo.as_str())]).await).await;

    let home = site.get("/").await;
    let src = home.attribute(".masthead .name img", "src");
    assert_eq!(src, format!("/media/{logo}/main.png"));
    assert_eq!(site.get(&src).await.status, StatusCode::OK);
    let attribute = |name| home.attribute(".masthead .name img", name);
    assert_eq!([attribute("alt"), attribute("width"), attribute("height")], ["云溪新闻", "300", "90"]);
    assert!(home.text("[type='application/ld+json']").contains(&format!("https://news.example.cn{src}")));
    let page = administrator.get("/admin/settings").await;
    assert_eq!(page.attribute("#logo img", "src"), src);
    // The other settings leave it alone, and it them.
    administrator.post("/admin/settings", &form(&seen(&administrator).await, &[])).await;
    assert_eq!(site.get("/").await.attribute(".masthead img", "alt"), "云溪日报");

    for unknown in ["nothing", &"f".repeat(32)] {
        let refused = administrator.post("/admin/settings/logo", &[("media", unknown)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text("#logo-error").contains("没有这张图片"), "{}", refused.text(".errors"));
    }
    administrator.follow(&administrator.post("/admin/settings/logo", &[("media", "")]).await).await;
    assert_eq!(texts(&site.get("/").await, ".masthead img").len(), 0);
    let events = site.content().audit(EventFilter::Kind(Kind::SettingsChanged), None, 9).await.unwrap();
    assert_eq!(events[0].detail["look.logo"]["from"], logo.as_str());
}

#[actix_web::test]
async fn cards_without_a_picture_show_the_sites() {
    let mut site = TestSite::new().await;
    site.keep().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    let picture = site.content().add_picture(pictures::jpeg(600, 400), "card.jpg").await.unwrap().id;
    let small = site.content().add_picture(pictures::jpeg(200, 200), "small.jpg").await.unwrap().id;
    let own = site.content().add_picture(pictures::png(500, 500), "own.png").await.unwrap().id;
    site.publish("bare", "无图", "<p>雪</p>").await;
    site.publish("own", "有图", &format!("<p>雪</p><img data-media=\"{own}\">")).await;
    administrator.get("/admin/settings").await;
    let image = async |path: &str| site.get(path).await.share()["card"]["imgUrl"].as_str().unwrap().to_owned();
    assert!(image("/articles/bare").await.contains("/static/share/default."));

    let refused = administrator.post("/admin/settings/share-image", &[("media", small.as_str())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#share-image-error").contains("300 像素"), "{}", refused.text(".errors"));
    administrator
        .follow(&administrator.post("/admin/settings/share-image", &[("media", picture.as_str())]).await)
        .await;

    let expected = format!("https://news.example.cn/media/{picture}/share.jpg");
    for path in ["/articles/bare", "/", "/archive"] {
        assert_eq!(image(path).await, expected, "{path}");
        assert_eq!(site.get(path).await.attribute("meta[property='og:image']", "content"), expected, "{path}");
    }
    assert!(image("/articles/own").await.contains(own.as_str()));
    assert_eq!(site.get(&format!("/media/{picture}/share.jpg")).await.status, StatusCode::OK);
    assert!(administrator.get("/admin/settings").await.attribute("#share-image img", "src").contains(picture.as_str()));
    administrator.post("/admin/settings/share-image", &[("media", "")]).await;
    assert!(image("/articles/bare").await.contains("/static/share/default."));
}

#[actix_web::test]
async fn a_verification_file_is_pasted_served_and_removed() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    assert!(administrator.get("/admin/verification").await.text(".empty").contains("还没有"));
    for (name, content, field, part) in [
        ("robots.txt", "x", "name", "其他文件不接受"),
        ("../MP_verify_0123456789abcdef.txt", "x", "name", "其他文件不接受"),
        (HOSTILE, HOSTILE, "name", "其他文件不接受"),
        (FILE, HOSTILE, "content", "1 到 64 位"),
        (FILE, "", "content", "1 到 64 位"),
        ("WW_verify_0123456789abcdef.txt", "another", "content", "相同"),
    ] {
        let page = administrator.post("/admin/verification", &[("name", name), ("content", content)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.text(&format!("#{field}-error")).contains(part), "{name}: {}", page.text(".errors"));
        assert_eq!((value(&page, "name"), value(&page, "content")), (name.to_owned(), content.to_owned()));
        assert_eq!(texts(&page, "main :is(img, script, [onerror])").len(), 0);
    }

    let pasted = [("name", " MP_verify_0123456789abcdef.txt "), ("content", "\u{feff}0123456789abcdef\r\n")];
    let list = administrator.follow(&administrator.post("/admin/verification", &pasted).await).await;

    assert_eq!(texts(&list, "tbody th"), [FILE]);
    assert_eq!(list.attribute("tbody a", "href"), format!("https://news.example.cn/{FILE}"));
    let served = site.get(&format!("/{FILE}")).await;
    assert_eq!((served.status, served.body.as_str()), (StatusCode::OK, "0123456789abcdef"));
    administrator.follow(&administrator.post("/admin/verification/remove", &[("name", FILE)]).await).await;
    assert_eq!(site.get(&format!("/{FILE}")).await.status, StatusCode::NOT_FOUND);
    let again = administrator.post("/admin/verification/remove", &[("name", FILE)]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    for kind in [Kind::VerificationFileAdded, Kind::VerificationFileRemoved] {
        let events = site.content().audit(EventFilter::Kind(kind), None, 9).await.unwrap();
        assert_eq!((events.len(), events[0].detail["file"].as_str()), (1, Some(FILE)));
        assert_eq!(Some(events[0].actor), administrator.member.map(|id| Actor::Member(id.0)));
    }
}

#[actix_web::test]
async fn a_verification_file_is_not_written_over() {
    let site = TestSite::new().await;
    let administrator = Browser::of(&site, "zhao", Role::Administrator).await;
    administrator.get("/admin/verification").await;
    let add =
        async |content: &str| administrator.post("/admin/verification", &[("name", FILE), ("content", content)]).await;
    administrator.follow(&add("0123456789abcdef").await).await;

    let other = add("another").await;

    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text("#name-error").contains("请先删除旧文件"), "{}", other.text(".errors"));
    assert_eq!((value(&other, "name"), value(&other, "content")), (FILE.to_owned(), "another".to_owned()));
    assert_eq!(site.get(&format!("/{FILE}")).await.body, "0123456789abcdef");
    let same = administrator.follow(&add("0123456789abcdef\n").await).await;
    assert_eq!(same.text("[role=status]"), "这个文件已经在这里，内容相同。");
    let events = site.content().audit(EventFilter::Kind(Kind::VerificationFileAdded), None, 9).await.unwrap();
    assert_eq!(events.len(), 1, "nothing was added twice");
}

#[actix_web::test]
async fn below_a_prefix_files_are_served_at_the_root_too_and_looks_are_below_it() {
    let site = TestSite::with(&[("WXPRESS_SITE__BASE_URL", "https://news.example.cn/mp")]).await;
    let file = VerificationFile::new(FILE, "0123456789abcdef").unwrap();
    site.content().set_verification_file(Actor::System, &file).await.unwrap();
    let logo = site.content().add_picture(pictures::jpeg(2000, 500), "logo.jpg").await.unwrap().id;
    let set = |settings: &mut wxpress::content::SiteSettings| {
        settings.accent = "#b3001b".parse().ok();
        settings.logo = Some(logo.clone());
    };
    site.content().change_settings(Actor::System, set).await.unwrap();

    for path in [format!("/{FILE}"), format!("/mp/{FILE}")] {
        assert_eq!(site.get(&path).await.body, "0123456789abcdef", "{path}");
    }
    let home = site.get("/mp/").await;
    assert!(colours(&home).starts_with("/mp/static/accent.b3001b-"), "{}", colours(&home));
    assert_eq!(site.get(&colours(&home)).await.status, StatusCode::OK);
    // A photograph is not sent whole to be shown an inch wide.
    assert_eq!(home.attribute(".masthead img", "src"), format!("/mp/media/{logo}/w540.jpg"));
}

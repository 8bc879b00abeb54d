//! The library as a place to choose from: nothing that one does there loses what it was opened for.

use wxpress::staff::Role;

use super::{file, sent};
use crate::office::Browser;
use crate::pictures;
use crate::site::TestSite;

const CHOOSE: &str = "choose=article-7-lead";

#[actix_web::test]
async fn what_is_there_already_is_said_and_shown_where_it_is() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let bytes = pictures::png(400, 300);
    let id = sent(&browser, "first.png", &bytes).await;
    let page = format!("/admin/media/{id}");

    let answer = browser.upload("/admin/media", &[], &[file("second.png", &bytes)]).await;

    let shown = browser.follow(&answer).await;
    assert_eq!(shown.text("h1"), "first.png");
    assert!(shown.text(".notice").contains("库里已有"), "{}", shown.text(".notice"));
    // Among others, each leads to where it is.
    let new = pictures::png(410, 310);
    let files = [file("new.png", &new), file("third.png", &bytes), file("bad.jpg", b"not a picture")];
    let refused = browser.upload("/admin/media", &[], &files).await;
    assert_eq!(refused.attribute(".known a.tile", "href"), page);
    assert_eq!(refused.text(".known .name"), "first.png");
    assert!(refused.body.contains("其余 1 个文件已经上传"), "{}", refused.text("main"));
    let newer = pictures::png(420, 320);
    let both = browser.upload("/admin/media", &[], &[file("newer.png", &newer), file("third.png", &bytes)]).await;
    let both = browser.follow(&both).await;
    assert_eq!(both.attribute(".known a.tile", "href"), page, "{}", both.text("main"));
    assert!(both.body.contains("已上传。"), "{}", both.text("main"));
    // Said once: the ways onward lead to the library as it always is.
    assert!(!both.attribute(".library:not(.known) a.tile", "href").contains("known"));
    assert_eq!(browser.get("/admin/media?known=nonsense").await.text(".known"), "");
    assert_eq!(browser.get(&format!("/admin/media?known={}", "0".repeat(32))).await.text(".known"), "");
}

#[actix_web::test]
async fn the_script_knows_which_line_is_untrue_once_a_file_is_in() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let line = ".empty[data-until-first]";

    let nothing = browser.get(&format!("/admin/media?{CHOOSE}")).await;

    assert!(nothing.text(line).contains("上传后会显示在这里"), "{}", nothing.text("main"));
    let script = browser.get(&nothing.attribute("main script", "src")).await;
    assert!(script.body.contains("'[data-until-first]'"), "{}", script.body);
    // What was searched for and not found is still not found.
    assert_eq!(browser.get(&format!("/admin/media?{CHOOSE}&q=x")).await.text(line), "");
}

#[actix_web::test]
async fn what_is_there_already_can_be_chosen_at_once() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let bytes = pictures::png(400, 300);
    let id = sent(&browser, "first.png", &bytes).await;
    let (pdf, choose) = (b"%PDF-1.4\n%%EOF\n", [("choose", "article-7-lead")]);
    sent(&browser, "a.pdf", pdf).await;

    let answer = browser.upload("/admin/media", &choose, &[file("second.png", &bytes)]).await;

    let page = browser.follow(&answer).await;
    assert_eq!(
        page.attribute(".known form[action=\"/admin/articles/7/picture\"] input[name=media]", "value"),
        *id.as_str()
    );
    assert!(page.text(".notice").contains("库里已有") && !page.body.contains("已上传。"), "{}", page.text("main"));
    assert_eq!(page.attribute(".upload input[name=choose]", "value"), "article-7-lead");
    // What is no picture does not become one by being sent again.
    let answer = browser.upload("/admin/media", &choose, &[file("a.pdf", pdf)]).await;
    let page = browser.follow(&answer).await;
    assert_eq!(page.attribute(".known form", "action"), "", "{}", page.text("main"));
    assert!(page.text(".known").contains("只能选用图片"), "{}", page.text(".known"));
}

#[actix_web::test]
async fn a_look_at_one_thing_keeps_what_it_is_looked_at_for() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let id = sent(&browser, "bridge.png", &pictures::png(400, 300)).await;
    let list = format!("/admin/media?q=bridge&{CHOOSE}");

    let link = browser.get(&list).await.attribute("a.tile", "href");

    assert_eq!(link, format!("/admin/media/{id}?q=bridge&{CHOOSE}"));
    let page = browser.get(&link).await;
    assert_eq!(page.attribute("form[action=\"/admin/articles/7/picture\"] input[name=media]", "value"), *id.as_str());
    assert_eq!(page.attribute("form[action=\"/admin/articles/7/picture\"] input[name=as]", "value"), "lead");
    assert_eq!(page.text("button.primary"), "选用");
    assert_eq!(page.attribute(".head a.button", "href"), list);
    // Whatever is changed there, the way stays.
    let described = browser.post(&page.attribute(".about form", "action"), &[("alt", "一座桥")]).await;
    assert_eq!(described.header("location"), format!("{link}&done=saved"));
    let framing = page.attribute("form[data-framing]", "action");
    let framed = browser.post(&framing, &[("focus", "100-0"), ("square", "focus")]).await;
    assert_eq!(framed.header("location"), format!("{link}&done=saved"));
    let deleted = browser.post(&format!("/admin/media/{id}/delete?q=bridge&{CHOOSE}"), &[]).await;
    assert_eq!(deleted.header("location"), format!("{list}&done=deleted"));
    // Who is not choosing is not offered it, and where something else is asked for, nothing is promised.
    let small = sent(&browser, "small.png", &pictures::png(100, 90)).await;
    let plain = browser.get(&format!("/admin/media/{small}")).await;
    assert_eq!(
        (plain.attribute(".choosing", "action"), plain.text("button.primary")),
        (String::new(), "保存".to_owned())
    );
    let card = browser.get(&format!("/admin/media/{small}?choose=article-7-share")).await;
    assert!(
        card.attribute(".choosing", "action").is_empty() && card.body.contains("短边不足 300"),
        "{}",
        card.text("main")
    );
    assert_eq!(browser.get(&format!("/admin/media/{small}?choose=logo")).await.status, 403);
    assert_eq!(browser.get(&format!("/admin/media/{small}?choose=nonsense")).await.status, 404);
}

#[actix_web::test]
async fn the_pages_of_the_library_keep_what_they_are_opened_for() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    for side in 0..26 {
        site.content().add_picture(pictures::png(20 + side, 20), "a.png").await.unwrap();
    }

    let first = browser.get(&format!("/admin/media?q=a&{CHOOSE}")).await;

    let older = first.attribute(".paging a[rel=next]", "href");
    assert!(older.contains(CHOOSE) && older.contains("q=a"), "{older}");
    let second = browser.get(&older).await;
    let item = browser.get(&second.attribute("a.tile", "href")).await;
    assert_eq!(item.attribute(".head a.button", "href"), older);
    assert_eq!(second.attribute(".find input[name=choose]", "value"), "article-7-lead");
}

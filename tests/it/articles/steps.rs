//! Every step by every role: who is shown it, and who may take it.

use std::time::Duration;

use actix_web::http::StatusCode;
use wxpress::clock::Millis;
use wxpress::content::article::{Live, Working};
use wxpress::content::{Actor, ArticleId, ArticleKey};
use wxpress::staff::Role;

use super::{at, says, set_stages, step, text, working, write};
use crate::office::Browser;
use crate::pictures;
use crate::site::TestSite;

/// The steps of those who review and publish.
const OF_EDITORS: &[&str] =
    &["approve", "send-back", "unschedule", "pin", "unpin", "publish", "schedule", "correct", "withdraw", "take-down"];

#[actix_web::test]
async fn a_writer_is_neither_shown_nor_granted_what_editors_do() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "稿", "文").await;
    let page = writer.get(&at(id, "")).await;
    for verb in OF_EDITORS {
        let action = page.attribute(&format!("form[action$='/{verb}']"), "action");
        assert_eq!(action, "", "{verb}");
        let answer = writer.post(&at(id, verb), &[("version", "1"), ("remark", "x"), ("notice", "x")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{verb}");
    }
    for part in ["publish", "withdraw"] {
        assert!(!page.body.contains(&format!("/{part}\"")), "{part}");
        assert_eq!(writer.get(&at(id, part)).await.status, StatusCode::FORBIDDEN, "{part}");
    }
    let state = site.content().article(id).await.unwrap().state;
    assert_eq!((state.live, state.working), (Live::None, Working::Draft));
}

#[actix_web::test]
async fn nobody_but_editors_touches_what_somebody_else_wrote() {
    let site = TestSite::new().await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    let other = Browser::of(&site, "he", Role::Writer).await;
    let id = write(&author, "独家", "秘密").await;
    other.get("/admin/articles").await;

    for part in ["", "preview", "history"] {
        let answer = other.get(&at(id, part)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{part}");
        assert!(!answer.body.contains("独家") && !answer.body.contains("秘密"), "{part}");
    }
    for verb in ["", "submit", "recall", "discard", "restore", "slug", "history", "presence", "picture"] {
        let fields = [("version", "1"), ("headline", "改"), ("slug", "x"), ("number", "1"), ("as", "lead")];
        let answer = other.post(&at(id, verb), &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{verb}");
    }
    let list = other.get("/admin/articles").await;
    assert!(!list.body.contains("独家"), "{}", list.body);
    let searched = other.get(&format!("/admin/articles?author={}", author.member.unwrap().0)).await;
    assert!(!searched.body.contains("独家"), "{}", searched.body);
    assert_eq!(site.content().working_copy(id).await.unwrap().version, 1);
    assert_eq!(other.get(&at(ArticleId(99), "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get("/admin/articles/x").await.status, StatusCode::NOT_FOUND);
    // An article that was imported is nobody's own.
    let imported = site.content().create(Actor::Import, text("导入的", "<p>文</p>")).await.unwrap();
    assert_eq!(other.get(&at(imported, "")).await.status, StatusCode::FORBIDDEN);

    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    editor.get(&at(id, "")).await;
    let answer = editor.post(&at(id, ""), &[("headline", "编辑改过"), ("version", "1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    // It stays the author's.
    assert_eq!(author.get(&at(id, "")).await.attribute("#headline", "value"), "编辑改过");
}

#[actix_web::test]
async fn every_button_that_is_shown_works_and_every_other_step_is_refused() {
    let site = TestSite::new().await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let chief = Browser::of(&site, "gu", Role::Administrator).await;
    set_stages(site.content(), 1).await;
    let verbs = ["submit", "recall", "discard", "restore", "approve", "pin", "unpin", "unschedule"];
    let tomorrow = Millis(site.clock.now().0 + 86_400_000);
    for stand in ["draft", "review", "approved", "scheduled", "published", "withdrawn", "discarded"] {
        // Nobody writes so fast.
        site.clock.advance(Duration::from_mins(1));
        for (who, browser) in [("author", &author), ("editor", &editor), ("chief", &chief)] {
            for verb in verbs {
                let id = write(&author, "稿", "文").await;
                put(&site, id, stand, tomorrow).await;
                let page = browser.get(&at(id, "")).await;
                let action = format!("form[action$='/{id}/{verb}']");
                let shown = !page.attribute(&action, "action").is_empty()
                    || verb == "submit" && !page.attribute("button[value=submit]", "name").is_empty();
                let version = page.attribute("form.writing input[name=version]", "value");

                let answer = browser.post(&at(id, verb), &[("version", &version)]).await;

                let taken = answer.status == StatusCode::SEE_OTHER;
                let what = format!("{verb} by {who} of a {stand}: {}", answer.status);
                // To unpin what is not pinned changes nothing.
                assert!(shown == taken || (verb == "unpin" && taken), "{what}, shown: {shown}");
                let honest = [StatusCode::SEE_OTHER, StatusCode::CONFLICT, StatusCode::FORBIDDEN];
                assert!(honest.contains(&answer.status), "{what}: {}", answer.body);
            }
        }
    }
}

/// Puts a draft of the writer's where it is to stand.
async fn put(site: &TestSite, id: ArticleId, stand: &str, tomorrow: Millis) {
    let content = site.content();
    let reviewer = Actor::Member(77);
    match stand {
        "review" | "approved" => {
            content.submit(Actor::Member(76), id, 1).await.unwrap();
            if stand == "approved" {
                content.approve(reviewer, id, 1).await.unwrap();
            }
        }
        "scheduled" => content.publish_at(Actor::System, id, 1, tomorrow).await.unwrap(),
        "published" | "withdrawn" => {
            content.publish(Actor::System, id, None).await.unwrap();
            if stand == "withdrawn" {
                content.withdraw(Actor::System, id, "").await.unwrap();
            }
        }
        "discarded" => content.discard(reviewer, id).await.unwrap(),
        _ => {}
    }
}

#[actix_web::test]
async fn what_is_withdrawn_is_gone_for_readers_at_once_and_says_why() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = site.publish("dam", "水库放水", "<p>错误的内容</p>").await;
    assert_eq!(site.get("/articles/dam").await.status, StatusCode::OK);
    editor.get(&at(id, "withdraw")).await;

    let long = "说".repeat(2001);
    let refused = editor.post(&at(id, "withdraw"), &[("notice", &long)]).await;
    assert_eq!((refused.status, refused.text("#notice").trim()), (StatusCode::UNPROCESSABLE_ENTITY, long.as_str()));
    let answer = editor.post(&at(id, "withdraw"), &[("notice", "人数有误。\n<b>致歉</b>")]).await;

    says(&editor.follow(&answer).await, "已撤稿");
    let gone = site.get("/articles/dam").await;
    assert_eq!(gone.status, StatusCode::GONE);
    says(&gone, "人数有误。\n&#60;b&#62;致歉&#60;/b&#62;");
    assert!(!gone.body.contains("错误的内容"));
    assert!(!site.get("/").await.body.contains("水库放水"));
    let again = editor.post(&at(id, "withdraw"), &[("notice", "再来")]).await;
    // The step is no longer there; what was typed is.
    assert_eq!((again.status, again.text("#notice").trim()), (StatusCode::CONFLICT, "再来"));
    assert_eq!(again.attribute("form[action$='/withdraw'] button", "class"), "");
    says(&again, "稿件没有发布");
}

#[actix_web::test]
async fn what_is_scheduled_goes_out_at_its_time_and_comes_down_at_its_own() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&editor, "停水通知", "明日停水").await;
    let local = |at: Millis| {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let zoned = jiff::Timestamp::from_millisecond(at.0).unwrap().to_zoned(zone);
        zoned.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let minute = 60_000;
    let now = Millis(site.clock.now().0 / minute * minute);
    let (out, down) = (Millis(now.0 + 60 * minute), Millis(now.0 + 120 * minute));

    for (typed, words) in [("", "请填写日期和时间"), ("tomorrow", "请填写日期和时间"), ("2001-01-01T08:00", "已经过去")]
    {
        let answer = step(&editor, id, "schedule", &[("at", typed)]).await;
        assert_eq!(
            (answer.status, answer.attribute("#at", "value").as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, typed)
        );
        says(&answer, words);
    }
    let answer = step(&editor, id, "schedule", &[("at", &local(out))]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(working(site.content(), id).await, Working::Scheduled(out));
    let early = editor.post(&at(id, "take-down"), &[("at", &local(out))]).await;
    says(&early, "撤下时间早于发布时间");
    assert_eq!(editor.post(&at(id, "take-down"), &[("at", &local(down))]).await.status, StatusCode::SEE_OTHER);
    let page = editor.get(&at(id, "")).await;
    says(&page, "自动撤下");
    says(&page, "稿件已定时发布，内容不能修改");
    assert!(!page.attribute("#headline", "readonly").is_empty() || page.body.contains("readonly"));

    site.content().tick().await.unwrap();
    let address = format!("/articles/{id}");
    assert_eq!(site.get(&address).await.status, StatusCode::NOT_FOUND);
    site.clock.advance(std::time::Duration::from_mins(61));
    site.content().tick().await.unwrap();
    assert_eq!(site.get(&address).await.status, StatusCode::OK);
    let published = site.content().published(&ArticleKey::Number(id)).await.unwrap();
    assert_eq!(published.times.published, out);
    site.clock.advance(std::time::Duration::from_hours(1));
    site.content().tick().await.unwrap();
    assert_eq!(site.get(&address).await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn a_schedule_is_called_off_and_a_take_down_too() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&editor, "稿", "文").await;
    step(&editor, id, "schedule", &[("at", "2099-01-01T08:00")]).await;
    editor.post(&at(id, "take-down"), &[("at", "2099-02-01T08:00")]).await;
    assert_eq!(editor.get(&at(id, "withdraw")).await.attribute("#at", "value"), "2099-02-01T08:00");
    assert_eq!(editor.get(&at(id, "publish")).await.attribute("#at", "value"), "2099-01-01T08:00");

    assert_eq!(step(&editor, id, "unschedule", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(editor.post(&at(id, "take-down"), &[("clear", "true")]).await.status, StatusCode::SEE_OTHER);

    let article = site.content().article(id).await.unwrap();
    assert_eq!((article.state.working, article.take_down), (Working::Draft, None));
}

#[actix_web::test]
async fn a_text_that_was_forgotten_is_missed_before_it_goes_out() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let picture = site.content().add_picture(pictures::png(40, 30), "a.png").await.unwrap().id;
    let shown = format!("<figure><img data-media=\"{picture}\"></figure>");
    for (body, warned) in [("", true), ("<p> </p>", true), ("文", false), (shown.as_str(), false)] {
        let id = write(&editor, "稿", body).await;

        let page = editor.get(&at(id, "publish")).await;

        assert_eq!(page.text(".warning").contains("正文是空的"), warned, "{body}");
        assert_eq!(step(&editor, id, "publish", &[]).await.status, StatusCode::SEE_OTHER, "{body}");
    }
}

#[actix_web::test]
async fn what_comes_next_is_not_the_bin() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "稿", "文").await;

    let page = writer.get(&at(id, "")).await;

    // What comes next stands below the text already; there is no heading with nothing but the bin below it.
    assert_eq!((page.text(".onward"), page.attribute(".save", "id")), (String::new(), "steps".to_owned()));
    assert_eq!(page.attribute(".head a", "href"), "#steps");
    let below = page.body.find("/history#events").unwrap();
    assert!(page.body.find(&at(id, "discard")).unwrap() > below, "the bin comes last");
    assert!(page.text("main").contains("可以随时恢复"), "{}", page.text("main"));
    step(&writer, id, "submit", &[]).await;
    let page = writer.get(&at(id, "")).await;
    assert_eq!((page.text("#steps h2"), page.text("#steps button")), ("下一步".to_owned(), "撤回送审".to_owned()));
    step(&writer, id, "recall", &[]).await;
    step(&writer, id, "discard", &[]).await;
    assert_eq!(writer.get(&at(id, "")).await.text("#steps button"), "恢复为草稿");
}

#[actix_web::test]
async fn the_way_to_the_end_is_called_what_it_leads_to() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&editor, "稿", "文").await;
    let link = async || editor.get(&at(id, "")).await.text("a[href$='/withdraw']");

    // Nobody has seen a draft, and nobody will by itself.
    assert_eq!(link().await, "");
    let nothing = editor.get(&at(id, "withdraw")).await;
    assert!(nothing.attribute("main form", "action").is_empty() && nothing.text("main").contains("没有什么可以撤下"));
    step(&editor, id, "schedule", &[("at", "2099-01-01T08:00")]).await;
    assert_eq!(link().await, "定时撤下");
    let page = editor.get(&at(id, "withdraw")).await;
    assert_eq!((page.text("h1"), page.text("main button")), ("定时撤下".to_owned(), "设定时间".to_owned()));
    step(&editor, id, "unschedule", &[]).await;
    step(&editor, id, "publish", &[]).await;
    assert_eq!(link().await, "撤稿或定时撤下");
    assert_eq!(editor.get(&at(id, "withdraw")).await.text("h1"), "撤稿或定时撤下");
    step(&editor, id, "withdraw", &[]).await;
    assert_eq!(link().await, "");
}

#[actix_web::test]
async fn the_page_before_a_publication_says_what_will_happen() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let category = site.content().create_category(Actor::System, "民生", None).await.unwrap().to_string();
    editor.get("/admin/articles/new").await;
    let fields = [
        ("headline", "停水通知"),
        ("body", "明日停水"),
        ("category", category.as_str()),
        ("tags", "供水"),
        ("slug", "water"),
        ("share_title", "明天停水！"),
        ("moments_title", "朋友圈里这样写"),
        ("share_text", "请备水"),
        ("then", "publish"),
    ];
    let answer = editor.post("/admin/articles/new", &fields).await;

    let page = editor.follow(&answer).await;

    assert_eq!(page.status, StatusCode::OK);
    let facts = page.text("dl.facts");
    for part in ["本站不要求审核", "立即对读者可见", "https://news.example.cn/articles/water", "首页 · 民生 · #供水"]
    {
        assert!(facts.contains(part), "{part}: {facts}");
    }
    assert_eq!(page.text(".chat-title"), "明天停水！");
    assert_eq!(page.text(".chat-text"), "请备水");
    assert_eq!(page.text(".moments p"), "朋友圈里这样写");
    assert_eq!(site.get("/articles/water").await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn no_card_is_promised_that_nobody_will_see() {
    for (site, has_cards) in [(TestSite::new().await, true), (TestSite::without_account().await, false)] {
        let editor = Browser::of(&site, "zhou", Role::Editor).await;
        let id = write(&editor, "稿", "文").await;

        let page = editor.get(&at(id, "publish")).await;

        let said = page.text("main").contains("还没有设置公众号，现在转发出去只有一行链接");
        assert_eq!((said, page.text(".chat-title")), (!has_cards, "稿".to_owned()), "{has_cards}");
        step(&editor, id, "publish", &[]).await;
        let code = editor.get(&at(id, "")).await.text("details.qr p");
        assert_eq!(code.contains("对方看到的就是卡片"), has_cards, "{code}");
        assert_eq!(code.contains("转发出去只有链接"), !has_cards, "{code}");
    }
}

#[actix_web::test]
async fn what_waits_for_its_time_is_not_said_to_go_out_at_once() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&editor, "稿", "文").await;
    step(&editor, id, "schedule", &[("at", "2099-01-01T08:00")]).await;
    let facts = async || editor.get(&at(id, "publish")).await.text("dl.facts");

    let said = facts().await;
    assert!(
        said.contains("现在是定时") && said.contains("2099") && said.contains("点“现在发布”则立即对读者可见"),
        "{said}"
    );
    step(&editor, id, "unschedule", &[]).await;
    assert!(!facts().await.contains("定时"));
}

#[actix_web::test]
async fn a_correction_goes_out_with_its_notice() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = site.publish("dam", "死亡三人", "<p>文</p>").await;
    editor.get(&at(id, "")).await;
    editor.post(&at(id, ""), &[("headline", "死亡两人"), ("body", "<p>文</p>"), ("version", "1")]).await;

    let silent = step(&editor, id, "correct", &[("notice", "  ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&silent, "请填写更正说明");
    let answer = step(&editor, id, "correct", &[("notice", "此前误作三人。")]).await;

    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = site.get("/articles/dam").await;
    assert_eq!(page.text("h1"), "死亡两人");
    says(&page, "此前误作三人。");
}

#[actix_web::test]
async fn the_bin_takes_what_readers_never_saw_and_gives_it_back() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "稿", "文").await;

    step(&writer, id, "discard", &[]).await;
    assert_eq!(working(site.content(), id).await, Working::Discarded);
    assert!(!writer.get("/admin/articles").await.body.contains(&at(id, "")));
    says(&writer.get("/admin/articles?shelf=discarded").await, &at(id, ""));
    let locked = writer.post(&at(id, ""), &[("headline", "改"), ("version", "1")]).await;
    assert_eq!((locked.status, locked.attribute("#headline", "value").as_str()), (StatusCode::CONFLICT, "改"));
    step(&writer, id, "restore", &[]).await;
    assert_eq!(working(site.content(), id).await, Working::Draft);
}

#[actix_web::test]
async fn an_older_text_comes_back_and_two_are_compared() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = site.publish("dam", "死亡三人", "<p>甲</p>\n<p>乙</p>").await;
    editor.get(&at(id, "")).await;
    editor.post(&at(id, ""), &[("headline", "死亡两人"), ("body", "<p>甲</p>\n<p>丙</p>"), ("version", "1")]).await;

    let page = editor.get(&at(id, "history")).await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text(".compared").starts_with("死亡"), "{}", page.text(".compared"));
    assert_eq!(page.text(".compared del"), "删去 三");
    assert_eq!(page.text(".compared ins"), "增加 两");
    says(&page, "读者现在看到的");
    let same = editor.get(&at(id, "history?from=1&to=1")).await;
    assert_eq!((same.status, same.text(".compared")), (StatusCode::OK, String::new()));
    assert_eq!(editor.get(&at(id, "history?from=9&to=1")).await.status, StatusCode::NOT_FOUND);

    let answer = editor.post(&at(id, "history"), &[("number", "1"), ("version", "2")]).await;
    says(&editor.follow(&answer).await, "已恢复旧版");
    let copy = site.content().working_copy(id).await.unwrap();
    assert_eq!((copy.version, copy.fields.headline.as_str()), (3, "死亡三人"));
    let page = editor.get(&at(id, "history")).await;
    says(&page, "恢复旧版之前");
    says(&page, "死亡两人");
}

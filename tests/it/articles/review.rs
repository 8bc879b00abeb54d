//! 三审三校: a text goes through three people's hands, and nobody passes their own.

use actix_web::http::StatusCode;
use wxpress::content::article::Working;
use wxpress::content::event::Kind;
use wxpress::content::{Actor, EventFilter};
use wxpress::staff::Role;

use super::{at, says, set_stages, step, working, write};
use crate::office::Browser;
use crate::site::TestSite;

#[actix_web::test]
async fn three_people_pass_a_text_and_only_then_it_goes_out() {
    let site = TestSite::new().await;
    set_stages(site.content(), 3).await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    let first = Browser::of(&site, "zhou", Role::Editor).await;
    let second = Browser::of(&site, "wu", Role::Editor).await;
    let third = Browser::of(&site, "gu", Role::Administrator).await;
    let id = write(&author, "三审的稿", "文").await;

    let answer = step(&author, id, "submit", &[]).await;
    says(&author.follow(&answer).await, "已送审。");
    says(&author.get(&at(id, "")).await, "待一审");
    for (reviewer, stage, next) in [(&first, 1, "待二审"), (&second, 2, "待三审"), (&third, 3, "审核通过，待发布")]
    {
        assert_eq!(working(site.content(), id).await, Working::InReview(stage));
        if stage < 3 {
            let early = step(reviewer, id, "publish", &[]).await;
            assert_eq!(early.status, StatusCode::CONFLICT);
            says(&early, "还没有通过全部审核");
        }
        let answer = step(reviewer, id, "approve", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        says(&reviewer.get(&at(id, "")).await, next);
    }
    assert_eq!(working(site.content(), id).await, Working::Approved);
    let outlook = third.get(&at(id, "publish")).await;
    assert!(outlook.text("dl.facts").contains("已全部通过"), "{}", outlook.text("dl.facts"));
    assert_eq!(step(&third, id, "publish", &[]).await.status, StatusCode::SEE_OTHER);

    assert_eq!(site.get(&format!("/articles/{id}")).await.text("h1"), "三审的稿");
    let approved = site.content().audit(EventFilter::Kind(Kind::Approved), None, 9).await.unwrap();
    let by: Vec<Actor> = approved.iter().rev().map(|event| event.actor).collect();
    let members = [&first, &second, &third].map(|browser| Actor::Member(browser.member.unwrap().0));
    assert_eq!(by, members);
}

#[actix_web::test]
async fn the_way_to_a_correction_is_on_the_articles_own_page() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "稿", "文").await;
    assert_eq!(editor.get(&at(id, "")).await.text("button[value=correct]"), "", "readers do not know it yet");
    step(&editor, id, "publish", &[]).await;

    assert_eq!(writer.get(&at(id, "")).await.text("button[value=correct]"), "");
    let page = editor.get(&at(id, "")).await;
    assert_eq!(page.text("button[value=correct]"), "保存并去更正");
    let fields = [("headline", "稿"), ("body", "改过的文"), ("version", "1"), ("then", "correct")];
    let saved = editor.post(&at(id, ""), &fields).await;
    assert_eq!(saved.header("location"), at(id, "publish#correct"));
    let outlook = editor.get(&at(id, "publish")).await;
    assert_eq!(outlook.text("#correct h2"), "更正");
    assert_eq!(outlook.attribute("#correct textarea", "name"), "notice");

    // Where there is review, it says what comes first.
    set_stages(site.content(), 1).await;
    let outlook = editor.get(&at(id, "publish")).await;
    assert_eq!(outlook.attribute("#correct textarea", "name"), "");
    assert!(outlook.text("#correct").contains("保存并送审"), "{}", outlook.text("#correct"));
    assert_eq!(editor.get(&at(id, "")).await.text("button[value=correct]"), "保存并去更正");
    step(&writer, id, "submit", &[]).await;
    step(&editor, id, "approve", &[]).await;
    let page = editor.get(&at(id, "")).await;
    assert_eq!(page.text("a[href$='/publish#correct']"), "更正");
    assert_eq!(editor.get(&at(id, "publish")).await.attribute("#correct textarea", "name"), "notice");
}

#[actix_web::test]
async fn who_publishes_alone_does_so_from_a_new_article_too() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let button = async |who: &Browser<'_>| who.get("/admin/articles/new").await.text("button[value=publish]");

    assert_eq!(button(&editor).await, "保存并去发布");
    assert_eq!(button(&writer).await, "");
    let fields = [("headline", "快讯"), ("body", "文"), ("then", "publish")];
    let saved = editor.post("/admin/articles/new", &fields).await;
    let outlook = editor.follow(&saved).await;
    assert_eq!((outlook.text("#headline"), outlook.text("button.primary")), ("快讯".to_owned(), "现在发布".to_owned()));
    set_stages(site.content(), 1).await;
    assert_eq!(button(&editor).await, "", "somebody else reads it first");
}

#[actix_web::test]
async fn nobody_passes_what_they_wrote() {
    let site = TestSite::new().await;
    set_stages(site.content(), 1).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&editor, "自己写的", "文").await;
    step(&editor, id, "submit", &[]).await;

    let page = editor.get(&at(id, "")).await;
    assert_eq!(page.attribute("form[action$='/approve']", "action"), "");
    for verb in ["approve", "publish"] {
        let answer = step(&editor, id, verb, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{verb}");
        says(&answer, "不能审核自己写的或自己送审的稿件");
    }
    let answer = step(&editor, id, "schedule", &[("at", "2099-01-01T08:00")]).await;
    assert_eq!((answer.status, answer.attribute("#at", "value").as_str()), (StatusCode::FORBIDDEN, "2099-01-01T08:00"));
    assert_eq!(working(site.content(), id).await, Working::InReview(1));
}

#[actix_web::test]
async fn a_text_is_sent_back_with_a_remark_that_the_author_reads() {
    let site = TestSite::new().await;
    set_stages(site.content(), 2).await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&author, "稿", "文").await;
    step(&author, id, "submit", &[]).await;

    let silent = step(&editor, id, "send-back", &[("remark", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&silent, "请填写退回意见");
    let long = "改".repeat(2001);
    let refused = step(&editor, id, "send-back", &[("remark", &long)]).await;
    assert_eq!((refused.status, refused.text("#remark").trim()), (StatusCode::UNPROCESSABLE_ENTITY, long.as_str()));
    step(&editor, id, "send-back", &[("remark", "人数请再核实。")]).await;

    let page = author.get(&at(id, "")).await;
    says(&page, "人数请再核实。");
    assert_eq!(working(site.content(), id).await, Working::Draft);
    let page = author.get(&at(id, "history")).await;
    assert!(page.text(".events").contains("退回修改"), "{}", page.text(".events"));
    // Handed in again, it is said no more, and it begins at the first stage.
    step(&author, id, "submit", &[]).await;
    assert_eq!(author.get(&at(id, "")).await.text(".said"), "");
    assert_eq!(working(site.content(), id).await, Working::InReview(1));
}

#[actix_web::test]
async fn who_reviews_a_text_does_not_take_it_from_its_author_without_a_word() {
    let site = TestSite::new().await;
    set_stages(site.content(), 1).await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&author, "稿", "文").await;
    step(&author, id, "submit", &[]).await;
    assert_eq!(step(&editor, id, "recall", &[]).await.status, StatusCode::FORBIDDEN);
    step(&editor, id, "approve", &[]).await;
    assert_eq!(step(&editor, id, "recall", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(working(site.content(), id).await, Working::Approved);

    // Each is told of the step that they may take.
    says(&editor.get(&at(id, "")).await, "内容不能修改。需要修改时，请先退回修改。");
    says(&author.get(&at(id, "")).await, "内容不能修改。需要修改时，请先撤回。");
    assert_eq!(step(&author, id, "recall", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(working(site.content(), id).await, Working::Draft);
    // What is no longer there to be taken back is said as it is.
    says(&step(&editor, id, "recall", &[]).await, "稿件不在审核中");
}

#[actix_web::test]
async fn a_reviewer_amends_and_the_text_stays_at_its_stage() {
    let site = TestSite::new().await;
    set_stages(site.content(), 2).await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&author, "死亡三人", "文").await;
    step(&author, id, "submit", &[]).await;
    let first = Browser::of(&site, "wu", Role::Editor).await;
    step(&first, id, "approve", &[]).await;
    says(&author.get(&at(id, "")).await, "稿件正在审核，内容不能修改");

    // Who passed the first stage is done with it, and is told so.
    let page = first.get(&at(id, "")).await;
    says(&page, "您已审过一级，下一级须由另一位编辑或管理员审核");
    assert_eq!(page.attribute("form[action$='/approve']", "action"), "");
    let again = step(&first, id, "approve", &[]).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    says(&again, "您已审过一级");
    assert!(!first.get("/admin/").await.body.contains("死亡三人"), "nothing waits for them");
    let page = editor.get(&at(id, "")).await;
    says(&page, "您正在审核这篇稿件");
    let answer = editor.post(&at(id, ""), &[("headline", "死亡两人"), ("body", "文"), ("version", "1")]).await;

    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(working(site.content(), id).await, Working::InReview(2));
    assert_eq!(site.content().working_copy(id).await.unwrap().fields.headline, "死亡两人");
    assert_eq!(site.content().audit(EventFilter::Kind(Kind::Amended), None, 9).await.unwrap().len(), 1);
    // Without a headline there is nothing to review.
    let empty = editor.post(&at(id, ""), &[("headline", ""), ("body", "改"), ("version", "2")]).await;
    assert_eq!((empty.status, empty.text("#body").trim()), (StatusCode::UNPROCESSABLE_ENTITY, "改"));
}

#[actix_web::test]
async fn without_stages_a_writer_hands_in_and_an_editor_publishes() {
    let site = TestSite::new().await;
    let author = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&author, "快讯", "文").await;
    step(&author, id, "submit", &[]).await;
    says(&author.get(&at(id, "")).await, "待审");

    assert_eq!(step(&author, id, "recall", &[]).await.status, StatusCode::SEE_OTHER);
    step(&author, id, "submit", &[]).await;
    assert_eq!(step(&editor, id, "publish", &[]).await.status, StatusCode::SEE_OTHER);

    assert_eq!(site.get(&format!("/articles/{id}")).await.status, StatusCode::OK);
    let own = write(&editor, "编辑自己的快讯", "文").await;
    assert_eq!(step(&editor, own, "publish", &[]).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn who_hands_in_a_change_of_anothers_article_does_not_pass_it() {
    let site = TestSite::new().await;
    let id = site.publish("bridge", "大桥通车", "<p>文</p>").await;
    set_stages(site.content(), 1).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let other = Browser::of(&site, "wu", Role::Editor).await;
    let version = site.content().working_copy(id).await.unwrap().version.to_string();

    let change = [("headline", "大桥提前通车"), ("body", "文"), ("version", version.as_str()), ("then", "submit")];
    assert_eq!(editor.post(&at(id, ""), &change).await.status, StatusCode::SEE_OTHER);

    assert_eq!(editor.get(&at(id, "")).await.attribute("form[action$='/approve']", "action"), "");
    for verb in ["approve", "publish"] {
        assert_eq!(step(&editor, id, verb, &[]).await.status, StatusCode::FORBIDDEN, "{verb}");
    }
    assert_eq!(step(&other, id, "approve", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(step(&editor, id, "publish", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/articles/bridge").await.text("h1"), "大桥提前通车");
}

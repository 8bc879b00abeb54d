//! Two people on one text: the second is told, sees both, and loses nothing.

use actix_web::http::StatusCode;
use wxpress::content::Actor;
use wxpress::content::article::Working;
use wxpress::staff::Role;

use super::{at, form, says, working, write};
use crate::office::Browser;
use crate::site::TestSite;

#[actix_web::test]
async fn the_second_to_save_sees_both_texts_and_chooses() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&writer, "死亡三人", "<p>甲</p>\n<p>乙</p>").await;
    editor.get(&at(id, "")).await;
    editor.post(&at(id, ""), &[("headline", "死亡两人"), ("body", "<p>甲</p>\n<p>丙</p>"), ("version", "1")]).await;

    let mine = [("headline", "死亡一人"), ("body", "<p>甲</p>\n<p>丁</p>"), ("tags", "事故"), ("version", "1")];
    let answer = writer.post(&at(id, ""), &mine).await;

    assert_eq!(answer.status, StatusCode::CONFLICT);
    says(&answer, "有人先保存了这篇稿件");
    assert!(answer.text(".conflict").contains("zhou 先生"), "{}", answer.text(".conflict"));
    // Theirs beside mine, with what differs marked.
    assert_eq!(answer.text(".beside del"), "两");
    assert_eq!(answer.text(".beside ins"), "一");
    says(&answer, "<del>丙</del>");
    says(&answer, "<ins>丁</ins>");
    says(&answer, "<ins>事故</ins>");
    assert_eq!(answer.text(".conflict textarea").trim(), "<p>甲</p>\n<p>丙</p>");
    // Nothing was overwritten, and all that was typed is still in the form.
    let copy = site.content().working_copy(id).await.unwrap();
    assert_eq!((copy.version, copy.fields.headline.as_str()), (2, "死亡两人"));
    assert_eq!(answer.attribute("#headline", "value"), "死亡一人");
    assert_eq!(answer.text("textarea#body").trim(), "<p>甲</p>\n<p>丁</p>");
    assert_eq!(answer.attribute("#tags", "value"), "事故");
    assert_eq!(answer.attribute("form.writing input[name=version]", "value"), "2");

    // Saved again, knowing of theirs, it is mine that stands; theirs took its place in the log, not in silence.
    let mine = [("headline", "死亡一人"), ("body", "<p>甲</p>\n<p>丁</p>"), ("version", "2")];
    assert_eq!(writer.post(&at(id, ""), &mine).await.status, StatusCode::SEE_OTHER);
    let copy = site.content().working_copy(id).await.unwrap();
    assert_eq!((copy.version, copy.fields.headline.as_str()), (3, "死亡一人"));
}

#[actix_web::test]
async fn a_third_save_meanwhile_is_a_conflict_again() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&writer, "一", "文").await;
    editor.get(&at(id, "")).await;
    editor.post(&at(id, ""), &[("headline", "二"), ("version", "1")]).await;
    writer.post(&at(id, ""), &[("headline", "三"), ("version", "1")]).await;
    editor.post(&at(id, ""), &[("headline", "四"), ("version", "2")]).await;

    let answer = writer.post(&at(id, ""), &[("headline", "三"), ("version", "2")]).await;

    assert_eq!((answer.status, answer.attribute("#headline", "value").as_str()), (StatusCode::CONFLICT, "三"));
    assert_eq!(site.content().working_copy(id).await.unwrap().fields.headline, "四");
}

#[actix_web::test]
async fn the_same_text_saved_twice_is_no_decision() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "一", "文").await;
    let fields = [("headline", "二"), ("body", "文"), ("version", "1")];
    writer.post(&at(id, ""), &fields).await;

    let answer = writer.post(&at(id, ""), &fields).await;

    assert_eq!(answer.status, StatusCode::CONFLICT);
    says(&answer, "两份内容完全相同");
}

#[actix_web::test]
async fn no_step_is_taken_with_a_text_that_was_not_seen() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&writer, "一", "文").await;
    writer.post(&at(id, ""), &[("headline", "二"), ("version", "1")]).await;
    editor.get(&at(id, "")).await;
    let tomorrow = "2099-01-01T08:00";

    for (verb, more) in [
        ("submit", ("remark", "")),
        ("publish", ("notice", "")),
        ("schedule", ("at", tomorrow)),
        ("history", ("number", "1")),
    ] {
        let answer = editor.post(&at(id, verb), &[("version", "1"), more]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{verb}: {}", answer.body);
        assert!(answer.text(".errors").contains("lin 先生 刚刚保存了新的内容"), "{verb}: {}", answer.text(".errors"));
        if verb == "schedule" {
            assert_eq!(answer.attribute("#at", "value"), tomorrow);
        }
    }
    site.content().publish(wxpress::content::Actor::System, id, None).await.unwrap();
    let answer = editor.post(&at(id, "correct"), &[("version", "1"), ("notice", "误作一。")]).await;
    assert_eq!((answer.status, answer.text("#notice").trim()), (StatusCode::CONFLICT, "误作一。"));
}

#[actix_web::test]
async fn a_text_that_was_submitted_meanwhile_keeps_what_the_author_typed() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "一", "文").await;
    writer.post(&at(id, "submit"), &[("version", "1")]).await;

    let answer = writer.post(&at(id, ""), &[("headline", "我的"), ("body", "我的字"), ("version", "1")]).await;

    assert_eq!(answer.status, StatusCode::CONFLICT);
    says(&answer, "稿件正在审核，不能修改");
    assert_eq!(answer.attribute("#headline", "value"), "我的");
    assert_eq!(answer.text("#body").trim(), "我的字");
}

#[actix_web::test]
async fn who_chose_a_category_that_is_gone_is_told_and_loses_nothing() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "一", "文").await;
    for then in ["", "submit", "preview"] {
        let category = site.content().create_category(Actor::System, "民生", None).await.unwrap();
        let page = writer.get(&at(id, "")).await;
        let version = page.attribute("form.writing input[name=version]", "value");
        site.content().delete_category(Actor::System, category).await.unwrap();

        let body = format!("写完了{then}");
        let mut fields = form("一", &body);
        let category = category.to_string();
        fields.extend([("version", version.as_str()), ("category", &category), ("then", then)]);
        let page = writer.follow(&writer.post(&at(id, ""), &fields).await).await;

        assert!(page.text(".warning[role=alert]").contains("所选的栏目已被删除"), "{}", page.text("main"));
        assert_eq!(page.text(".notice"), "", "not everything went well");
        assert!(page.text("textarea[name=body]").contains(&body), "{}", page.text("main"));
        assert_eq!(working(site.content(), id).await, Working::Draft, "{then}");
    }
    let fields = [&form("二", "文")[..], &[("category", "999")]].concat();
    let page = writer.follow(&writer.post("/admin/articles/new", &fields).await).await;
    says(&page, "所选的栏目已被删除");
}

//! The list, and one step for several articles in different states.

use actix_web::http::StatusCode;
use scraper::{Html, Selector};
use wxpress::content::article::{Live, Working};
use wxpress::content::{Actor, ArticleId};
use wxpress::staff::Role;

use super::{says, text, working, write};
use crate::office::Browser;
use crate::site::{Answer, TestSite};

fn all(page: &Answer, selector: &str) -> Vec<String> {
    let document = Html::parse_document(&page.body);
    let selector = Selector::parse(selector).unwrap();
    document.select(&selector).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

fn headlines(page: &Answer) -> Vec<String> {
    all(page, "tbody th a")
}

/// As the checkbox of a row has it.
async fn key(site: &TestSite, id: ArticleId) -> String {
    format!("{id}.{}", site.content().working_copy(id).await.unwrap().version)
}

#[actix_web::test]
async fn the_list_is_searched_filtered_counted_and_paged() {
    let site = TestSite::new().await;
    let lin = Browser::of(&site, "lin", Role::Writer).await;
    let zhou = Browser::of(&site, "zhou", Role::Editor).await;
    let category = site.content().create_category(Actor::System, "民生", None).await.unwrap();
    write(&lin, "林的草稿 100%_x", "文").await;
    site.clock.advance(std::time::Duration::from_secs(1));
    let second = write(&zhou, "周的草稿", "文").await;
    let fields = wxpress::content::Fields { category: Some(category), ..text("周的草稿", "<p>文</p>") };
    site.content().save(Actor::System, second, 1, fields).await.unwrap();
    site.clock.advance(std::time::Duration::from_secs(1));
    site.publish("out", "已经发布", "<p>文</p>").await;

    let page = zhou.get("/admin/articles").await;
    assert_eq!(headlines(&page), ["已经发布", "周的草稿", "林的草稿 100%_x"]);
    let chips = all(&page, ".chips a");
    assert!(
        ["全部", "草稿 2", "已发布 1", "废稿箱 0"].iter().all(|chip| chips.contains(&(*chip).to_owned())),
        "{chips:?}"
    );
    let lins = lin.member.unwrap().0;
    for (query, found) in [
        ("shelf=draft".to_owned(), vec!["周的草稿", "林的草稿 100%_x"]),
        ("shelf=published".to_owned(), vec!["已经发布"]),
        ("shelf=withdrawn".to_owned(), vec![]),
        ("q=%E8%8D%89%E7%A8%BF".to_owned(), vec!["周的草稿", "林的草稿 100%_x"]),
        ("q=100%25_".to_owned(), vec!["林的草稿 100%_x"]),
        ("q=%25%25%25".to_owned(), vec![]),
        (format!("category={category}"), vec!["周的草稿"]),
        (format!("author={lins}"), vec!["林的草稿 100%_x"]),
        (format!("author={lins}&shelf=published"), vec![]),
    ] {
        let page = zhou.get(&format!("/admin/articles?{query}")).await;
        assert_eq!(headlines(&page), found, "{query}");
        assert_eq!(page.body.contains("这里没有稿件"), found.is_empty(), "{query}");
    }
    // A writer's list and its counts are of what they wrote.
    let own = lin.get("/admin/articles").await;
    assert_eq!(headlines(&own), ["林的草稿 100%_x"]);
    assert!(all(&own, ".chips a").contains(&"草稿 1".to_owned()), "{:?}", all(&own, ".chips a"));

    for number in 0..60 {
        site.clock.advance(std::time::Duration::from_secs(1));
        site.content().create(Actor::System, text(&format!("批量稿 {number}"), "")).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut page = zhou.get("/admin/articles?q=%E6%89%B9%E9%87%8F").await;
    loop {
        seen.extend(headlines(&page));
        let older = page.attribute(".paging a[href*=before]", "href");
        if older.is_empty() {
            break;
        }
        page = zhou.get(&older).await;
    }
    let expected: Vec<String> = (0..60).rev().map(|number| format!("批量稿 {number}")).collect();
    assert_eq!(seen, expected);
}

#[actix_web::test]
async fn one_step_for_several_is_judged_one_by_one() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let content = site.content();
    let draft = write(&editor, "草稿", "文").await;
    let in_review = write(&editor, "在审", "文").await;
    content.submit(Actor::System, in_review, 1).await.unwrap();
    let changed = write(&editor, "刚改过", "文").await;
    let stale = key(&site, changed).await;
    content.save(Actor::Member(9), changed, 1, text("别人改的", "")).await.unwrap();
    let published = site.publish("out", "已发布", "<p>文</p>").await;
    editor.get("/admin/articles").await;
    let (draft_key, review_key, published_key) =
        (key(&site, draft).await, key(&site, in_review).await, key(&site, published).await);

    let chosen = [("chosen", draft_key.as_str()), ("chosen", &review_key), ("chosen", &stale), ("chosen", "99.1")];
    let fields: Vec<_> = chosen.iter().copied().chain([("verb", "submit")]).collect();
    let answer = editor.post("/admin/articles/bulk", &fields).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(all(&answer, ".notice li"), ["草稿"]);
    assert_eq!(
        all(&answer, ".warning li"),
        ["在审 稿件正在审核，不能修改。请先撤回送审。", "别人改的 刚刚有人保存了新的内容", "99 稿件不存在"]
    );
    says(&answer, "已处理 1 篇：");
    says(&answer, "有 3 篇没有处理：");
    assert_eq!(working(content, draft).await, Working::InReview(1));
    assert_eq!(working(content, changed).await, Working::Draft);

    // What readers saw is not thrown away, and what was refused stays chosen with what was typed.
    let fields = [("chosen", published_key.as_str()), ("verb", "discard"), ("notice", "说明<b>")];
    let answer = editor.post("/admin/articles/bulk", &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(all(&answer, ".warning li"), ["已发布 读者已经看过这篇稿件，只能撤稿，不能移到废稿箱。"]);
    assert_eq!(answer.attribute("input[name=chosen][checked]", "value"), published_key);
    assert_eq!(answer.attribute("#verb option[selected]", "value"), "discard");
    assert_eq!(answer.attribute("#notice", "value"), "说明<b>");

    for (verb, live) in [("pin", Live::Published), ("unpin", Live::Published), ("withdraw", Live::Withdrawn)] {
        let fields = [("chosen", published_key.as_str()), ("verb", verb), ("notice", "批量撤下"), ("confirm", "true")];
        assert_eq!(editor.post("/admin/articles/bulk", &fields).await.status, StatusCode::OK, "{verb}");
        let article = content.article(published).await.unwrap();
        assert_eq!((article.state.live, article.pinned), (live, verb == "pin"), "{verb}");
    }
    says(&site.get("/articles/out").await, "批量撤下");
}

#[actix_web::test]
async fn several_go_into_a_category_or_the_bin_and_back() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let content = site.content();
    let category = content.create_category(Actor::System, "民生", None).await.unwrap();
    let ids = [write(&writer, "一", "文").await, write(&writer, "二", "文").await];
    let number = category.to_string();
    for (verb, category_field) in [("category", number.as_str()), ("discard", ""), ("restore", "")] {
        let keys = [key(&site, ids[0]).await, key(&site, ids[1]).await];
        let fields = [("chosen", keys[0].as_str()), ("chosen", &keys[1]), ("verb", verb), ("category", category_field)];
        let answer = writer.post("/admin/articles/bulk", &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{verb}: {}", answer.text(".warning"));
        for id in ids {
            let expected = if verb == "discard" { Working::Discarded } else { Working::Draft };
            assert_eq!(working(content, id).await, expected, "{verb}");
            let copy = content.working_copy(id).await.unwrap();
            assert_eq!((copy.fields.category, copy.fields.body.text().trim()), (Some(category), "文"), "{verb}");
        }
    }
}

#[actix_web::test]
async fn nobody_takes_a_category_away_without_saying_so() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let content = site.content();
    let [category, gone] = ["民生", "旧栏目"];
    let category = content.create_category(Actor::System, category, None).await.unwrap();
    let gone = content.create_category(Actor::System, gone, None).await.unwrap();
    let id = write(&editor, "稿", "文").await;
    let fields = wxpress::content::Fields { category: Some(category), ..text("稿", "<p>文</p>") };
    content.save(Actor::System, id, 1, fields).await.unwrap();
    let list = editor.get("/admin/articles").await;
    assert_eq!(all(&list, "#category option"), ["请选择栏目", "不归栏目", "移到栏目：民生", "移到栏目：旧栏目"]);
    assert_eq!(list.attribute("#category option", "value"), "");
    content.delete_category(Actor::System, gone).await.unwrap();
    let (chosen, gone) = (key(&site, id).await, gone.to_string());
    for (category, words) in [("", "请选择要移到哪个栏目"), (&gone, "请从列表里选择栏目")] {
        let fields = [("chosen", chosen.as_str()), ("verb", "category"), ("category", category)];
        let answer = editor.post("/admin/articles/bulk", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text(".errors").contains(words), "{}", answer.text(".errors"));
        assert_eq!(answer.attribute("input[name=chosen][checked]", "value"), chosen, "{words}");
    }
    assert_eq!(content.working_copy(id).await.unwrap().fields.category, Some(category));

    let fields = [("chosen", chosen.as_str()), ("verb", "category"), ("category", "none")];
    assert_eq!(editor.post("/admin/articles/bulk", &fields).await.status, StatusCode::OK);
    assert_eq!(content.working_copy(id).await.unwrap().fields.category, None);
}

#[actix_web::test]
async fn several_are_withdrawn_by_somebody_who_knows_what_that_is() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = site.publish("out", "已发布", "<p>文</p>").await;
    let list = editor.get("/admin/articles").await;
    assert!(list.text(".for-readers .choice").contains("我知道撤稿之后"), "{}", list.text(".bulk"));
    let chosen = key(&site, id).await;
    let fields = [("chosen", chosen.as_str()), ("verb", "withdraw"), ("notice", "有误")];

    let answer = editor.post("/admin/articles/bulk", &fields).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text("#confirm-error").contains("请先勾选确认"), "{}", answer.text("main"));
    assert_eq!(answer.attribute("input[name=chosen][checked]", "value"), chosen);
    assert_eq!(answer.attribute("#verb option[selected]", "value"), "withdraw");
    assert_eq!(answer.attribute("#notice", "value"), "有误");
    assert!(!answer.body.contains("name=\"confirm\" value=\"true\" checked"), "each time anew");
    assert_eq!(site.get("/articles/out").await.status, StatusCode::OK);
    let fields = [&fields[..], &[("confirm", "true")]].concat();
    assert_eq!(editor.post("/admin/articles/bulk", &fields).await.status, StatusCode::OK);
    assert_eq!(site.get("/articles/out").await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn a_writer_moves_nothing_of_others_and_publishes_nothing() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let other = Browser::of(&site, "he", Role::Writer).await;
    let others = write(&other, "别人的秘密标题", "文").await;
    let own = write(&writer, "自己的", "文").await;
    site.content().publish(Actor::System, own, None).await.unwrap();
    let page = writer.get("/admin/articles").await;
    assert_eq!(page.attribute("#verb option[value=withdraw]", "value"), "");
    let (others_key, own_key) = (key(&site, others).await, key(&site, own).await);

    for verb in ["submit", "discard", "restore", "category", "withdraw", "pin", "unpin"] {
        let fields = [("chosen", others_key.as_str()), ("verb", verb), ("category", "none"), ("confirm", "true")];
        let answer = writer.post("/admin/articles/bulk", &fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{verb}");
        says(&answer, "不是您的稿件");
        assert!(!answer.body.contains("别人的秘密标题"), "{verb}");
    }
    for verb in ["withdraw", "pin", "unpin"] {
        let fields = [("chosen", own_key.as_str()), ("verb", verb), ("confirm", "true")];
        let answer = writer.post("/admin/articles/bulk", &fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{verb}");
    }
    let state = site.content().article(own).await.unwrap();
    assert_eq!((state.state.live, state.pinned), (Live::Published, false));
}

#[actix_web::test]
async fn a_form_without_sense_does_nothing_and_keeps_what_was_chosen() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = write(&editor, "稿", "文").await;
    let chosen = key(&site, id).await;
    editor.get("/admin/articles").await;
    let long = "长".repeat(2001);
    for (fields, words) in [
        (vec![("verb", "discard")], "请先选择稿件"),
        (vec![("chosen", chosen.as_str())], "请选择要做什么"),
        (vec![("chosen", &chosen), ("verb", "explode")], "请选择要做什么"),
        (vec![("chosen", &chosen), ("verb", "category"), ("category", "x")], "请从列表里选择栏目"),
        (vec![("chosen", &chosen), ("verb", "category")], "请选择要移到哪个栏目"),
        (vec![("chosen", &chosen), ("verb", "withdraw"), ("notice", &long), ("confirm", "true")], "说明太长"),
    ] {
        let answer = editor.post("/admin/articles/bulk", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        says(&answer, words);
        let kept = answer.attribute("input[name=chosen][checked]", "value");
        let expected = fields.iter().find(|(name, _)| *name == "chosen").map_or("", |(_, value)| value);
        assert_eq!(kept, expected, "{words}");
    }
    for garbage in ["x", "1", "1.x", "x.1", "9999999999999999999999.1"] {
        let answer = editor.post("/admin/articles/bulk", &[("chosen", garbage), ("verb", "discard")]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{garbage}");
    }
    assert_eq!(working(site.content(), id).await, Working::Draft);
}

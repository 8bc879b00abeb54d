//! The form: what it stores, what it refuses, and what it shows again.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use wxpress::content::article::Share;
use wxpress::content::{Actor, ArticleKey, Fields, Html};
use wxpress::staff::Role;

use super::{at, form, number, says, set_stages, step, text, write};
use crate::office::{Browser, own, password_of};
use crate::site::TestSite;

/// Every field of the form, filled.
const ALL: &[(&str, &str)] = &[
    ("headline", "水库明日放水"),
    ("standfirst", "下游三镇注意防范。"),
    ("body", "第一段\n\n<h2>小标题</h2>\n第二段 & 三"),
    ("byline", "林晚"),
    ("source", "县融媒体中心"),
    ("editor", "周平"),
    ("summary", "明日八时开始放水。"),
    ("tags", "水利、汛情,防汛"),
    ("slug", "reservoir"),
    ("share_title", "明早八点放水"),
    ("moments_title", "放水了"),
    ("share_text", "请下游注意"),
];

#[actix_web::test]
async fn what_is_typed_is_what_is_stored() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let category = site.content().create_category(Actor::System, "县情", None).await.unwrap();
    let page = writer.get("/admin/articles/new").await;
    assert_eq!((page.status, page.attribute("#byline", "value").as_str()), (StatusCode::OK, "lin 先生"));

    let number_of = category.to_string();
    let mut fields = ALL.to_vec();
    fields.push(("category", &number_of));
    let answer = writer.post("/admin/articles/new", &fields).await;
    let id = number(&answer);
    assert_eq!(answer.header("location"), format!("/admin/articles/{id}?done=saved"));

    let stored = site.content().working_copy(id).await.unwrap();
    let expected = Fields {
        headline: "水库明日放水".to_owned(),
        standfirst: "下游三镇注意防范。".to_owned(),
        summary: "明日八时开始放水。".to_owned(),
        byline: "林晚".to_owned(),
        source: "县融媒体中心".to_owned(),
        editor: "周平".to_owned(),
        body: Html::clean("<p>第一段</p>\n\n<h2>小标题</h2>\n<p>第二段 &amp; 三</p>"),
        lead_media: None,
        share: Share {
            title: "明早八点放水".to_owned(),
            moments_title: "放水了".to_owned(),
            text: "请下游注意".to_owned(),
            media: None,
        },
        category: Some(category),
        tags: ["水利", "汛情", "防汛"].map(str::to_owned).to_vec(),
    };
    assert_eq!((stored.version, stored.fields), (1, expected));
    let article = site.content().article(id).await.unwrap();
    assert_eq!(article.hands.author, writer.member.map(|member| member.0));
    assert_eq!(article.key, ArticleKey::Slug("reservoir".parse().unwrap()));

    // Stored as it is shown, it is the same text.
    let page = writer.follow(&answer).await;
    says(&page, "已保存。");
    assert_eq!(page.attribute("#category option[selected]", "value"), category.to_string());
    let shown: Vec<(&str, String)> = ALL
        .iter()
        .map(|(name, _)| match page.attribute(&format!("#{name}"), "value") {
            empty if empty.is_empty() => (*name, page.text(&format!("#{name}"))),
            value => (*name, value),
        })
        .collect();
    let mut again: Vec<(&str, &str)> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
    again.extend([("version", "1"), ("category", &number_of)]);
    writer.post(&at(id, ""), &again).await;
    let once_more = site.content().working_copy(id).await.unwrap();
    assert_eq!(once_more.version, 2);
    assert_eq!(once_more.fields, site.content().working_copy(id).await.unwrap().fields);
    assert_eq!(once_more.fields.body, Html::clean("<p>第一段</p>\n\n<h2>小标题</h2>\n<p>第二段 &amp; 三</p>"));
}

#[actix_web::test]
async fn a_form_that_is_refused_keeps_every_word_and_says_what_to_change() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    site.publish("taken", "已有的", "<p>文</p>").await;
    let id = write(&editor, "原来的", "原文").await;
    let long = "长".repeat(501);
    for path in ["/admin/articles/new".to_owned(), at(id, "")] {
        for (field, value, words) in [
            ("headline", long.as_str(), "最多 500 个字，现在是 501 个"),
            ("summary", &long, "“摘要”太长"),
            ("tags", &long, "“标签”太长"),
            ("slug", "水库", "链接名只能有小写字母"),
            ("slug", "taken", "已被别的稿件使用"),
            ("category", "none", "请从列表里选择栏目"),
            ("lead_media", "../../etc/passwd", "这张图片无法识别"),
        ] {
            let mut fields: Vec<(&str, &str)> = ALL.iter().copied().filter(|(name, _)| *name != field).collect();
            fields.extend([(field, value), ("version", "1")]);

            let answer = editor.post(&path, &fields).await;

            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {field}");
            says(&answer, words);
            assert!(!answer.text(".errors a").is_empty(), "{path} {field}: no summary");
            let link = answer.attribute(".errors a", "href");
            assert!(!answer.attribute(&format!("{link}-error"), "class").is_empty(), "{path} {field}: {link}");
            for (name, typed) in fields.iter().filter(|(name, _)| !["version", "category"].contains(name)) {
                let input = answer.attribute(&format!("[name={name}]"), "value");
                let shown = if input.is_empty() { answer.text(&format!("textarea[name={name}]")) } else { input };
                assert_eq!(shown.replace("\r\n", "\n"), *typed, "{path} {field}: {name}");
            }
        }
    }
    assert_eq!(site.content().working_copy(id).await.unwrap().version, 1);
}

#[actix_web::test]
async fn what_is_missing_for_a_submission_is_said_and_the_text_is_kept() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "", "只有正文").await;

    let answer =
        writer.post(&at(id, ""), &[("body", "改过的正文"), ("version", "1"), ("then", "submit"), ("kept", "a1")]).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&answer, "请先填写标题。");
    assert_eq!(answer.text("#body").trim(), "<p>改过的正文</p>");
    // The text is stored, so the device may forget it.
    assert_eq!(answer.attribute("form.writing", "data-stored"), "a1");
    assert_eq!(answer.attribute("form.writing input[name=version]", "value"), "2");
}

#[actix_web::test]
async fn changing_a_published_article_changes_nothing_for_readers_until_it_goes_out_again() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let id = site.publish("spring", "春天来了", "<p>雪化了。</p>").await;
    let before = site.get("/articles/spring").await.body;

    let fields = [("headline", "夏天来了"), ("body", "天热了。"), ("slug", "summer"), ("version", "1")];
    let answer = editor.post(&at(id, ""), &fields).await;

    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = editor.follow(&answer).await;
    says(&page, "有未发布的修改");
    assert_eq!(site.get("/articles/spring").await.body, before);
    for path in ["/", "/feed.xml", "/search?q=%E5%A4%8F%E5%A4%A9"] {
        assert!(!site.get(path).await.body.contains("夏天来了"), "{path}");
    }
    let preview = editor.get(&at(id, "preview")).await;
    says(&preview, "夏天来了");
    let outlook = editor.get(&at(id, "publish")).await;
    says(&outlook, "与读者现在看到的相比");

    let answer = step(&editor, id, "publish", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    // The form of an article that readers know carries no address.
    let page = site.get("/articles/spring").await;
    assert_eq!(page.text("h1"), "夏天来了");
}

#[actix_web::test]
async fn the_preview_is_the_readers_page_without_a_card_and_for_nobody_else() {
    let mut site = TestSite::new().await;
    site.keep().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let other = Browser::of(&site, "he", Role::Writer).await;
    let id = write(&writer, "还没发的稿", "<p>正文在此</p>").await;

    let preview = writer.get(&at(id, "preview")).await;

    assert_eq!(preview.status, StatusCode::OK);
    assert_eq!(preview.text("article.story h1"), "还没发的稿");
    says(&preview, "这是还没有发布的内容");
    says(&preview, "<p>正文在此</p>");
    assert_eq!(preview.text("#wx-share"), "");
    assert_eq!(preview.attribute("script[type='application/json']", "id"), "");
    assert!(!preview.body.contains("\"signature\"") && preview.attribute("html", "data-canonical").is_empty());
    assert!(preview.attribute("link[rel=canonical]", "href").is_empty());
    assert_eq!((preview.header("cache-control"), preview.header("x-robots-tag")), ("no-store", "noindex, nofollow"));
    assert_eq!(preview.attribute(".proof a", "href"), at(id, ""));
    assert_eq!(other.get(&at(id, "preview")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(Browser::new(&site).get(&at(id, "preview")).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn two_people_who_have_it_open_see_each_other() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "稿", "文").await;
    let alone = writer.get(&at(id, "")).await;
    assert_eq!((alone.text("[data-presence]").trim(), alone.attribute("[data-presence]", "hidden").as_str()), ("", ""));
    assert_eq!(writer.post(&at(id, "presence"), &[]).await.json()["others"], serde_json::json!([]));

    let page = editor.get(&at(id, "")).await;
    assert!(page.text("[data-presence]").contains("lin 先生 正在编辑"), "{}", page.text("[data-presence]"));
    // To look is not to be there; the page's script says so, and so does a save.
    assert_eq!(writer.post(&at(id, "presence"), &[]).await.json()["others"], serde_json::json!([]));
    // Nor is it to keep a page open on which nothing could be written when it was made.
    editor.post(&at(id, "presence"), &[("reading", "true")]).await;
    assert_eq!(writer.post(&at(id, "presence"), &[]).await.json()["others"], serde_json::json!([]));
    editor.post(&at(id, "presence"), &[]).await;
    let seen = writer.post(&at(id, "presence"), &[]).await.json();
    assert_eq!(seen, serde_json::json!({ "others": ["zhou 先生"], "version": 1 }));
    editor.post(&at(id, ""), &[("headline", "新"), ("version", "1")]).await;
    assert_eq!(writer.post(&at(id, "presence"), &[]).await.json()["version"], 2);
    assert_eq!(editor.post(&at(id, "presence"), &[("gone", "true")]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(writer.post(&at(id, "presence"), &[]).await.json()["others"], serde_json::json!([]));
    editor.post(&at(id, ""), &[("headline", "新二"), ("version", "2")]).await;
    assert_eq!(writer.post(&at(id, "presence"), &[]).await.json()["others"][0], "zhou 先生");

    let stranger = Browser::of(&site, "he", Role::Writer).await;
    stranger.get("/admin/articles").await;
    assert_eq!(stranger.post(&at(id, "presence"), &[]).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn who_only_reads_an_article_is_not_said_to_write_at_it() {
    let site = TestSite::new().await;
    set_stages(site.content(), 1).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "稿", "文").await;
    writer.post(&at(id, "presence"), &[]).await;
    step(&writer, id, "submit", &[]).await;

    // From the moment at which it was handed in, and with its page open or not.
    let page = editor.get(&at(id, "")).await;
    assert_eq!(page.text("[data-presence]").trim(), "");
    let seen = async |who: &Browser<'_>| who.post(&at(id, "presence"), &[]).await.json()["others"].clone();
    assert_eq!(seen(&writer).await, serde_json::json!([]));
    assert_eq!(seen(&editor).await, serde_json::json!([]));
    // The reviewer may change it, and is shown to who reads it.
    assert_eq!(seen(&writer).await, serde_json::json!(["zhou 先生"]));
    assert!(writer.get(&at(id, "")).await.text("[data-presence]").contains("zhou 先生 正在编辑"));
    // Nobody changes what is approved.
    step(&editor, id, "approve", &[]).await;
    assert_eq!(seen(&writer).await, serde_json::json!([]));
    assert_eq!(seen(&editor).await, serde_json::json!([]));
    // Back in the writer's hands it is the writer who writes.
    step(&writer, id, "recall", &[]).await;
    assert_eq!(seen(&editor).await, serde_json::json!([]), "the writer's page has not said so yet");
    seen(&writer).await;
    assert_eq!(seen(&editor).await, serde_json::json!(["lin 先生"]));
}

#[actix_web::test]
async fn a_save_and_the_address_of_a_draft_are_one() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    site.publish("taken", "已有的", "<p>文</p>").await;
    let id = write(&writer, "稿", "文").await;

    let taken = writer.post(&at(id, ""), &[("headline", "改"), ("slug", "taken"), ("version", "1")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.content().working_copy(id).await.unwrap().fields, text("稿", "<p>文</p>"));

    assert_eq!(writer.get(&at(id, "")).await.attribute("#slug", "autocapitalize"), "none");
    // Whatever a keyboard begins with.
    writer.post(&at(id, ""), &[("headline", "改"), ("slug", " Own "), ("version", "1")]).await;
    assert_eq!(site.content().article(id).await.unwrap().key.to_string(), "own");
    step(&editor, id, "publish", &[]).await;
    // An address that readers know is no writer's business any more, and the old one leads to the new one.
    writer.get(&at(id, "")).await;
    assert_eq!(writer.post(&at(id, "slug"), &[("slug", "mine")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(editor.get(&at(id, "")).await.attribute("#slug", "autocapitalize"), "none");
    let refused = editor.post(&at(id, "slug"), &[("slug", "A B")]).await;
    assert_eq!(
        (refused.status, refused.attribute("#slug", "value").as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "A B")
    );
    assert_eq!(editor.post(&at(id, "slug"), &[("slug", "Ours")]).await.status, StatusCode::SEE_OTHER);
    let moved = site.get("/articles/own").await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (StatusCode::MOVED_PERMANENTLY, "https://news.example.cn/articles/ours")
    );
}

#[actix_web::test]
async fn a_form_from_elsewhere_or_from_an_ended_session_stores_nothing() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let id = write(&writer, "稿", "文").await;

    let forged = site.post(&at(id, ""), "headline=x&version=1").await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let ended = Browser::new(&site);
    let answer = ended.post(&at(id, ""), &form("改了的标题", "还没存的文字")).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    says(&answer, "登录已经结束");
    // Nothing is stored, and nothing is lost.
    says(&answer, "改了的标题");
    says(&answer, "还没存的文字");
    // Signed in anew on another tab, with the form of before.
    let fields = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("headline", "改了的标题"), ("body", "还没存的文字"), ("csrf", "old")])
        .finish();
    for form in [at(id, ""), "/admin/articles/new".to_owned()] {
        let request = TestRequest::post().uri(&form).insert_header(("sec-fetch-site", "same-origin"));
        let request = request.insert_header(("content-type", "application/x-www-form-urlencoded"));
        let answer = writer.send(request.set_payload(fields.clone())).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{form}");
        says(&answer, "改了的标题");
        says(&answer, "还没存的文字");
    }
    says(&answer, "这台设备也暂存了一份");
    assert_eq!(site.content().working_copy(id).await.unwrap().version, 1);
    // The way back to it, through the door.
    assert_eq!(answer.text("a.primary"), "重新登录");
    let door = answer.attribute("a.primary", "href");
    assert_eq!(ended.get(&door).await.attribute("input[name=next]", "value"), at(id, ""));
    let password = password_of("lin");
    let entered = ended.post(&door, &[("login", "lin"), ("password", &password), ("next", &at(id, ""))]).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, &*at(id, "")));
    for (path, back) in [
        (at(id, "submit"), at(id, "")),
        (at(id, "history"), at(id, "")),
        ("/admin/articles/new".to_owned(), "/admin/articles/new".to_owned()),
    ] {
        let answer = Browser::new(&site).post(&path, &[("headline", "x")]).await;
        let door = answer.attribute("a.primary", "href");
        assert_eq!(Browser::new(&site).get(&door).await.attribute("input[name=next]", "value"), back, "{path}");
    }
    // Of what is no text the device has nothing; the way back is to where the browser says that it was.
    let elsewhere = |from: &'static str| {
        let request = TestRequest::post().uri("/admin/articles/bulk").insert_header(("referer", from));
        let request = request.insert_header(("content-type", "application/x-www-form-urlencoded"));
        own(request).set_payload("verb=pin")
    };
    for (from, back) in [
        ("https://news.example.cn/admin/articles?shelf=draft", "/admin/articles?shelf=draft"),
        ("https://news.example.cn.evil.example/admin/staff", "/admin"),
        ("https://news.example.cn/articles/1", "/admin"),
    ] {
        let answer = site.send(elsewhere(from)).await;
        assert!(!answer.body.contains("这台设备也暂存"), "{}", answer.body);
        let door = answer.attribute("a.primary", "href");
        assert_eq!(site.get(&door).await.attribute("input[name=next]", "value"), back, "{from}");
    }
}

#[actix_web::test]
async fn the_device_is_told_what_it_need_not_keep_any_longer() {
    let site = TestSite::new().await;
    set_stages(site.content(), 1).await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let made = writer.post("/admin/articles/new", &[("headline", "稿"), ("kept", "m1x2")]).await;
    let id = number(&made);
    assert_eq!(made.header("location"), format!("/admin/articles/{id}?stored=m1x2&done=saved"));
    for (then, kept, to) in [
        ("", "b3", format!("/admin/articles/{id}?stored=b3&done=saved")),
        ("preview", "c4", format!("/admin/articles/{id}/preview?stored=c4")),
        ("lead", "d5", format!("/admin/media?choose=article-{id}-lead&stored=d5")),
        ("", "\r\nx=1&y", format!("/admin/articles/{id}?done=saved")),
        ("submit", "e6", format!("/admin/articles/{id}?stored=e6&done=submitted")),
    ] {
        let version = site.content().working_copy(id).await.unwrap().version.to_string();
        let fields = [("headline", "稿"), ("version", &version), ("then", then), ("kept", kept)];
        assert_eq!(writer.post(&at(id, ""), &fields).await.header("location"), to, "{then}");
    }
    // Stored, but not handed in: the picture is gone.
    let gone = "f".repeat(32);
    let fields = [("headline", "稿"), ("lead_media", gone.as_str()), ("then", "submit"), ("kept", "f7")];
    let made = writer.post("/admin/articles/new", &fields).await;
    assert_eq!(
        (made.status, made.attribute("form.writing", "data-stored").as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "f7")
    );
}

#[actix_web::test]
async fn what_readers_can_open_has_a_code_to_scan() {
    let site = TestSite::new().await;
    let editor = Browser::of(&site, "lin", Role::Editor).await;
    let id = write(&editor, "稿", "文").await;
    let code = "details.qr path";
    assert_eq!(editor.get(&at(id, "")).await.attribute(code, "d"), "");

    let answer = step(&editor, id, "publish", &[]).await;

    let page = editor.follow(&answer).await;
    assert!(page.body.contains("<details class=\"qr\" open>"), "it is open once it went out");
    assert!(page.attribute(code, "d").starts_with('M'));
    assert!(editor.get(&at(id, "")).await.body.contains("<details class=\"qr\"><summary>"));
}

#[actix_web::test]
async fn who_saves_without_pause_has_to_wait_and_keeps_what_they_typed() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let other = Browser::of(&site, "wu", Role::Writer).await;
    let id = write(&writer, "一", "文").await;
    let save = async |version: u32, body: &str| {
        let version = version.to_string();
        writer.post(&at(id, ""), &[&form("一", body)[..], &[("version", &version)]].concat()).await
    };
    for version in 1..120 {
        assert_eq!(save(version, "文").await.status, StatusCode::SEE_OTHER, "{version}");
    }

    let refused = save(120, "写到这里").await;

    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!((1..=60).contains(&refused.header("retry-after").parse::<u32>().unwrap()));
    says(&refused, "保存过于频繁");
    says(&refused, "写到这里");
    let refused = writer.post("/admin/articles/new", &form("二", "新的一篇")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    says(&refused, "新的一篇");
    write(&other, "三", "文").await;
    site.clock.advance(std::time::Duration::from_mins(1));
    assert_eq!(save(120, "写到这里").await.status, StatusCode::SEE_OTHER);
}

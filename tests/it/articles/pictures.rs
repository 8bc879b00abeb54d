//! Pictures on their way from the library into an article.

use actix_web::http::StatusCode;
use wxpress::content::library::Reach;
use wxpress::content::{Actor, Html, MediaWords};
use wxpress::staff::Role;

use super::{at, says, set_stages, step, write};
use crate::office::Browser;
use crate::pictures::jpeg;
use crate::site::TestSite;

#[actix_web::test]
async fn a_chosen_picture_becomes_the_lead_the_card_or_part_of_the_text() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let media = site.content().add_picture(jpeg(640, 480), "坝.jpg").await.unwrap().id;
    let words =
        MediaWords { alt: "大坝\"><b>".to_owned(), caption: "放水 <i>".to_owned(), credit: "林晚".to_owned() };
    site.content().describe_media((Actor::System, Reach::All), &media, words).await.unwrap();
    let id = write(&writer, "水库", "<p>文</p>").await;

    // The buttons beside the form store it first.
    for what in ["lead", "share", "text"] {
        let page = writer.get(&at(id, "")).await;
        let version = page.attribute("form.writing input[name=version]", "value");
        let fields = [("headline", "水库"), ("body", page.text("#body").trim()), ("version", version.as_str())]
            .into_iter()
            .chain([("lead_media", ""), ("then", what)])
            .map(|(name, value)| (name, value.to_owned()))
            .collect::<Vec<_>>();
        let kept = page.attribute("input[name=lead_media]", "value");
        let share = page.attribute("input[name=share_media]", "value");
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fields.retain(|(name, _)| *name != "lead_media");
        fields.extend([("lead_media", kept.as_str()), ("share_media", &share)]);
        let answer = writer.post(&at(id, ""), &fields).await;
        assert_eq!(answer.header("location"), format!("/admin/media?choose=article-{id}-{what}"));

        let chosen = [("media", media.as_str()), ("as", what)];
        let answer = writer.post(&at(id, "picture"), &chosen).await;
        let done = if what == "text" { "已放在正文末尾" } else { "已放入稿件" };
        says(&writer.follow(&answer).await, done);
    }

    let fields = site.content().working_copy(id).await.unwrap().fields;
    assert_eq!((fields.lead_media.as_ref(), fields.share.media.as_ref()), (Some(&media), Some(&media)));
    assert_eq!(fields.body.pictures(), std::slice::from_ref(&media));
    assert!(fields.body.text().contains("放水 <i>"), "{}", fields.body.as_str());
    assert!(fields.body.as_str().starts_with("<p>文</p>"), "{}", fields.body.as_str());
    let page = writer.get(&at(id, "")).await;
    assert!(page.attribute("#lead_media img", "src").contains(media.as_str()));
    assert_eq!(page.attribute("#lead_media img", "alt"), "大坝\"><b>");

    // And it goes as it came.
    let version = page.attribute("form.writing input[name=version]", "value");
    let drop = [
        ("headline", "水库"),
        ("lead_media", media.as_str()),
        ("drop_lead", "true"),
        ("share_media", media.as_str()),
        ("version", &version),
    ];
    writer.post(&at(id, ""), &drop).await;
    let fields = site.content().working_copy(id).await.unwrap().fields;
    assert_eq!((fields.lead_media, fields.share.media), (None, Some(media)));
}

#[actix_web::test]
async fn a_picture_goes_to_the_line_where_the_cursor_was() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let media = site.content().add_picture(jpeg(640, 480), "坝.jpg").await.unwrap().id;
    let id = write(&writer, "水库", "第一段\n第二段\n<ul>\n<li>列</li>\n</ul>\n末段").await;

    for (line, before) in [("1", "第一段"), ("5", "列"), ("99", "末段"), ("一", "末段")] {
        let page = writer.get(&at(id, "")).await;
        let version = page.attribute("form.writing input[name=version]", "value");
        let body = "第一段\r\n第二段\r\n<ul>\r\n<li>列</li>\r\n</ul>\r\n末段";
        let fields = [("headline", "水库"), ("body", body), ("version", &version), ("then", "text"), ("line", line)];
        let library = writer.get(writer.post(&at(id, ""), &fields).await.header("location")).await;
        let place = library.attribute(".grid form input[name=as]", "value");
        let answer = writer.post(&at(id, "picture"), &[("media", media.as_str()), ("as", &place)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);

        let body = site.content().working_copy(id).await.unwrap().fields.body;
        let above = Html::clean(body.as_str().split("<figure>").next().unwrap()).text();
        assert!(above.trim_end().ends_with(before), "{line}: {}", body.as_str());
        assert_eq!(body.text().matches('段').count(), 3, "{}", body.as_str());
    }
}

#[actix_web::test]
async fn an_attachment_goes_into_the_text_under_its_name() {
    let site = TestSite::new().await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let pdf = b"%PDF-1.4\n%%EOF\n".to_vec();
    let attachment = site.content().add_attachment(pdf, "通知 <1>.pdf").await.unwrap();
    let id = write(&writer, "附件", "<p>文</p>").await;

    let fields = [("media", attachment.id.as_str()), ("as", "text"), ("version", "1")];
    assert_eq!(writer.post(&at(id, "picture"), &fields).await.status, StatusCode::SEE_OTHER);

    let body = site.content().working_copy(id).await.unwrap().fields.body;
    assert_eq!(body.attachments(), std::slice::from_ref(&attachment.id));
    assert!(body.text().contains(attachment.name.as_str()), "{}", body.as_str());
    let lead = writer.post(&at(id, "picture"), &[("media", attachment.id.as_str()), ("as", "lead")]).await;
    assert_eq!(lead.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&lead, "图库里已经没有这个文件");
}

#[actix_web::test]
async fn no_picture_goes_where_the_text_is_locked_changed_or_asked_for_nonsense() {
    let site = TestSite::new().await;
    set_stages(site.content(), 1).await;
    let writer = Browser::of(&site, "lin", Role::Writer).await;
    let editor = Browser::of(&site, "zhou", Role::Editor).await;
    let media = site.content().add_picture(jpeg(640, 480), "坝.jpg").await.unwrap().id;
    let id = write(&writer, "水库", "<p>文</p>").await;
    let put = |what, version| [("media", media.as_str()), ("as", what), ("version", version)];

    let stale = writer.post(&at(id, "picture"), &put("lead", "7")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(writer.post(&at(id, "picture"), &put("wallpaper", "1")).await.status, StatusCode::BAD_REQUEST);
    for nothing in ["", "../../etc/passwd", "0123456789abcdef0123456789abcdef"] {
        let answer = writer.post(&at(id, "picture"), &[("media", nothing), ("as", "text"), ("version", "1")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nothing}");
    }
    step(&writer, id, "submit", &[]).await;
    assert_eq!(writer.post(&at(id, "picture"), &put("lead", "1")).await.status, StatusCode::CONFLICT);
    assert_eq!(site.content().working_copy(id).await.unwrap().fields.lead_media, None);
    // The reviewer may.
    editor.get(&at(id, "")).await;
    assert_eq!(editor.post(&at(id, "picture"), &put("lead", "1")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.content().working_copy(id).await.unwrap().fields.lead_media, Some(media));
}

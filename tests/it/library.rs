//! The library of pictures.

use wxpress::clock::Millis;
use wxpress::content::article::Refused;
use wxpress::content::{Error, Fields, Html, LibraryCursor, MediaId, MediaWords, PageFields, Reach, SiteSettings, Use};

use crate::database::{TestContent, written};
use crate::newsroom::{EDITOR, WRITER, version};
use crate::pictures;

async fn picture(site: &TestContent, side: u32, name: &str) -> MediaId {
    site.content.add_picture(pictures::jpeg(side, side), name).await.unwrap().id
}

fn showing(id: &MediaId) -> Html {
    Html::clean(&format!("<p>图</p><img data-media=\"{id}\">"))
}

#[tokio::test]
async fn pictures_are_listed_newest_first_and_found_by_their_words() {
    let site = TestContent::new().await;
    let mut made = Vec::new();
    for (side, name) in [(310, "大桥.jpg"), (320, "IMG_1%.jpg"), (330, "c.jpg"), (340, "d.jpg")] {
        made.push(picture(&site, side, name).await);
        if side == 320 {
            site.wait_a_minute();
        }
    }
    let words =
        MediaWords { alt: " 龙舟\u{0} ".to_owned(), caption: "端午".to_owned(), credit: "张三".to_owned() };
    let before = site.content.look().await.unwrap();
    site.content.describe_media((EDITOR, Reach::All), &made[2], words).await.unwrap();

    let (mut seen, mut cursor): (_, Option<LibraryCursor>) = (Vec::new(), None);
    loop {
        let page = site.content.library("", cursor.as_ref(), 3).await.unwrap();
        let Some(last) = page.last() else { break };
        cursor = Some(last.cursor().to_string().parse().unwrap());
        seen.extend(page.into_iter().map(|shot| shot.media.id));
    }
    assert_eq!(seen.len(), 4);
    assert!(made[2..].contains(&seen[0]) && made[..2].contains(&seen[3]), "{seen:?}");
    let found = async |text: &str| {
        let shots = site.content.library(text, None, 9).await.unwrap();
        shots.into_iter().map(|shot| shot.name).collect::<Vec<_>>()
    };
    assert_eq!(found("大桥").await, ["大桥.jpg"]);
    assert_eq!(found("1%").await, ["IMG_1%.jpg"]);
    assert_eq!(found("img_").await, ["IMG_1%.jpg"]);
    assert_eq!((found("端午").await, found("张三").await), (vec!["c.jpg".to_owned()], vec!["c.jpg".to_owned()]));
    assert_eq!(site.content.media(&made[2]).await.unwrap().alt, "龙舟");
    assert_eq!(site.content.look().await.unwrap(), before + 1);
    let missing = site
        .content
        .describe_media((EDITOR, Reach::All), &"f".repeat(32).parse().unwrap(), MediaWords::default())
        .await;
    assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
}

#[tokio::test]
async fn every_use_of_a_picture_is_told() {
    let site = TestContent::new().await;
    let content = &site.content;
    let used = picture(&site, 400, "a.jpg").await;
    let live = site.published(Fields { body: showing(&used), ..written("旧") }).await;
    let at = version(content, live).await;
    content.save(WRITER, live, at, written("新")).await.unwrap();
    let mut lead = Fields { lead_media: Some(used.clone()), ..written("稿") };
    lead.share.media = Some(used.clone());
    let draft = content.create(WRITER, lead).await.unwrap();
    let about: wxpress::content::Slug = "about".parse().unwrap();
    let page = PageFields { title: "关于".to_owned(), body: showing(&used), ..PageFields::default() };
    content.set_page(EDITOR, &about, page).await.unwrap();
    let settings = SiteSettings { logo: Some(used.clone()), ..content.settings().await.unwrap() };
    content.set_settings(EDITOR, settings).await.unwrap();

    let article = |id, headline: &str, live, working, card| Use::Article {
        id,
        author: Some(1),
        headline: headline.to_owned(),
        live,
        working,
        lead: card,
        share: card,
    };
    let expected = [
        article(draft, "稿", false, true, true),
        article(live, "新", true, false, false),
        Use::Page { slug: about.clone(), title: "关于".to_owned() },
        Use::Logo,
    ];
    assert_eq!(content.uses(&used).await.unwrap(), expected);
    let refused = content.delete_media((EDITOR, Reach::All), &used).await;
    assert!(matches!(&refused, Err(Error::InUse(uses)) if *uses == expected), "{refused:?}");
    assert!(content.media(&used).await.is_ok());
}

#[tokio::test]
async fn a_withdrawn_articles_picture_can_go() {
    let site = TestContent::new().await;
    let content = &site.content;
    let id = picture(&site, 400, "a.jpg").await;
    let article = site.published(Fields { body: showing(&id), ..written("文") }).await;
    content.withdraw(EDITOR, article, "图片有误").await.unwrap();
    let uses = content.uses(&id).await.unwrap();
    assert!(matches!(uses[..], [Use::Article { live: false, working: true, .. }]), "{uses:?}");

    let at = version(content, article).await;
    content.save(WRITER, article, at, written("无图")).await.unwrap();

    content.delete_media((EDITOR, Reach::All), &id).await.unwrap();
}

#[tokio::test]
async fn a_picture_that_nothing_uses_goes_with_its_files() {
    let site = TestContent::new().await;
    let content = &site.content;
    let id = picture(&site, 400, "a.jpg").await;
    let article = site.published(Fields { body: showing(&id), ..written("文") }).await;
    let at = version(content, article).await;
    content.save(WRITER, article, at, written("无图")).await.unwrap();
    content.publish(EDITOR, article, None).await.unwrap();
    // A text of former times names it; that keeps nothing.
    assert_eq!(content.uses(&id).await.unwrap(), []);
    let media = content.media(&id).await.unwrap();
    let file = content.media_file(&id, media.files[0]);
    assert!(file.is_file());

    content.delete_media((EDITOR, Reach::All), &id).await.unwrap();

    assert!(!file.exists());
    let gone = content.media(&id).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let again = content.delete_media((EDITOR, Reach::All), &id).await;
    assert!(matches!(again, Err(Error::NotFound)), "{again:?}");
    // A text that names it nevertheless is kept, and does not reach the readers without it.
    let at = version(content, article).await;
    let at = content.save(WRITER, article, at, Fields { body: showing(&id), ..written("文") }).await.unwrap();
    for outcome in [
        content.submit(WRITER, article, at).await,
        content.publish(EDITOR, article, None).await,
        content.publish_at(EDITOR, article, at, Millis(i64::MAX)).await,
    ] {
        assert!(matches!(outcome, Err(Error::Refused(Refused::MediaGone))), "{outcome:?}");
    }
    // The same file may come again.
    assert_eq!(picture(&site, 400, "a.jpg").await, id);
    assert!(file.is_file());
}

//! The library of pictures.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use wxpress::clock::Millis;
use wxpress::content::article::Refused;
use wxpress::content::{Error, Fields, Html, LibraryCursor, MediaId, MediaWords, PageFields, Reach, SiteSettings, Use};

use crate::database::{NOON, TestContent, written};
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

/// A process died between a row's end and its files', or before it wrote a row.
#[tokio::test]
async fn what_no_row_names_goes_unless_it_is_young() {
    let site = TestContent::new().await;
    let content = &site.content;
    let media = site.media_folder();
    let home = |id: &str| media.join(&id[..2]).join(id);
    let at = |folder: &Path, moment: Millis| {
        let moment = UNIX_EPOCH + Duration::from_millis(u64::try_from(moment.0).unwrap());
        File::open(folder).unwrap().set_modified(moment).unwrap();
    };
    let put = |name: &str, moment: Millis| {
        let folder = media.join("ab").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("main.jpg"), b"x").unwrap();
        at(&folder, moment);
        folder
    };
    let old = NOON.minus(Duration::from_hours(25));
    let kept = picture(&site, 400, "a.jpg").await;
    let attachment = content.add_attachment(b"%PDF-1.4\n".to_vec(), "a.pdf").await.unwrap();
    at(&home(kept.as_str()), old);
    at(&home(attachment.folder.as_str()), old);
    let lost = put("ab00000000000000000000000000000f", old);
    let young = put("ab000000000000000000000000000001", NOON.minus(Duration::from_hours(23)));
    let (half, coming) = (put(".unfinished-abc", old), put(".unfinished-def", NOON));
    let removed = put(".removed-abc", old);
    let foreign = put("notes", old);

    assert_eq!(content.sweep_media().await.unwrap(), 1);

    for (folder, stays) in [(&lost, false), (&half, false), (&removed, false), (&young, true), (&coming, true)] {
        assert_eq!(folder.exists(), stays, "{}", folder.display());
    }
    assert!(foreign.exists() && home(kept.as_str()).exists() && home(attachment.folder.as_str()).exists());
    // It can be had back for a week.
    let aside = media.join(".unnamed").join("ab00000000000000000000000000000f");
    assert!(aside.join("main.jpg").is_file());
    site.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(content.sweep_media().await.unwrap(), 1, "the other one is not young any more");
    assert!(aside.exists());
    site.clock.advance(Duration::from_hours(1));
    content.sweep_media().await.unwrap();
    assert!(!aside.exists() && media.join(".unnamed/ab000000000000000000000000000001").exists());
}

/// Files that a crash left behind, and that come once more, are as good as new.
#[tokio::test]
async fn files_that_are_found_again_are_not_swept_before_their_row_comes() {
    let site = TestContent::new().await;
    let content = &site.content;
    let id = picture(&site, 400, "a.jpg").await;
    let media = content.media(&id).await.unwrap();
    let folder = content.media_file(&id, media.files[0]).parent().unwrap().to_owned();
    let mut transaction = site.db.begin().await.unwrap();
    sqlx::query("DELETE FROM media").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    File::open(&folder).unwrap().set_modified(UNIX_EPOCH).unwrap();

    assert_eq!(picture(&site, 400, "a.jpg").await, id);

    let written = std::fs::metadata(&folder).unwrap().modified().unwrap();
    assert_eq!(written, UNIX_EPOCH + Duration::from_millis(u64::try_from(NOON.0).unwrap()));
    assert_eq!(content.sweep_media().await.unwrap(), 0);
    assert!(folder.exists());
}

//! What is sent with bad intent, or by mistake.

use actix_web::test::TestRequest;
use wxpress::staff::Role;

use super::{file, sent, served};
use crate::films::{Film, part};
use crate::office::Browser;
use crate::pictures;
use crate::site::TestSite;

const SCRIPT: &[u8] = b"<html><script>alert(document.domain)</script></html>";

fn lies(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|six| six.eq_ignore_ascii_case(b"script") || six == b"alert(")
}

#[actix_web::test]
async fn what_is_unfit_is_refused_with_a_sentence_and_leaves_nothing() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let whole = pictures::jpeg(400, 300);
    let film = Film::default().bytes();
    let unfit: Vec<(&str, Vec<u8>, &str)> = vec![
        ("bomb.png", pictures::huge_png(), "50000 × 50000 像素"),
        ("bomb.jpg", pictures::jpeg_that_says(9_000, 9_000), "9000 × 9000 像素"),
        ("long.jpg", pictures::jpeg_that_says(20_000, 16), "单边 12000"),
        ("half.jpg", whole[..whole.len() / 2].to_vec(), "图片已损坏"),
        ("almost.jpg", whole[..whole.len() - 2].to_vec(), "图片已损坏"),
        ("half.png", pictures::png(400, 300)[..400].to_vec(), "图片已损坏"),
        ("half.webp", pictures::webp(400, 300)[..120].to_vec(), "图片已损坏"),
        ("half.gif", pictures::gif(40, 30, 3)[..60].to_vec(), "图片已损坏"),
        ("a.svg", b"<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>".to_vec(), "导出为 PNG"),
        ("a.svg.png", b" \n<svg/>".to_vec(), "导出为 PNG"),
        ("page.jpg", SCRIPT.to_vec(), "不能上传"),
        ("page.pdf", SCRIPT.to_vec(), "不能上传"),
        ("a.heic", b"\0\0\0\x24ftypheic\0\0\0\0mif1heic".to_vec(), "兼容性最佳"),
        ("b.jpg", b"\0\0\0\x24ftypmif1\0\0\0\0mif1heic".to_vec(), "兼容性最佳"),
        ("c.avif", b"\0\0\0\x1cftypavif\0\0\0\0".to_vec(), "AVIF 格式的图片"),
        ("c.jpg", b"\0\0\0\x1cftypavif\0\0\0\0".to_vec(), "另存为 JPEG 或 PNG"),
        ("d.bmp", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0".to_vec(), "BMP 格式的图片"),
        ("d.jpg", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0".to_vec(), "BMP 格式的图片"),
        ("e.tif", b"II*\0\x08\0\0\0".to_vec(), "TIFF 格式的图片"),
        ("f.CR2", b"II*\0\x10\0\0\0CR\x02\0".to_vec(), "RAW 格式的图片"),
        ("f.cr3", b"\0\0\0\x18ftypcrx \0\0\0\x01".to_vec(), "RAW 格式的图片"),
        ("f.raf", b"FUJIFILMCCD-RAW ".to_vec(), "RAW 格式的图片"),
        ("g.psd", b"8BPS\0\x01".to_vec(), "Photoshop 格式的图片"),
        ("text.jpg", b"not a picture".to_vec(), "不是 JPEG"),
        ("nothing.jpg", Vec::new(), "文件是空的"),
        ("nothing.pdf", Vec::new(), "文件是空的"),
        ("a.exe", b"MZ\x90\0".to_vec(), "不是 PDF"),
        ("a.pdf", b"MZ\x90\0".to_vec(), "扩展名 .pdf 不符"),
        ("a.docm", b"PK\x03\x04".to_vec(), "不是 PDF"),
        ("a.mp4", b"not a video".to_vec(), "H.264"),
        ("half.mp4", film[..film.len() - 1].to_vec(), "视频已损坏"),
        ("head.mp4", film[..40].to_vec(), "视频已损坏"),
    ];
    for (name, bytes, sentence) in unfit {
        let answer = browser.upload("/admin/media", &[], &[file(name, &bytes)]).await;

        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.text(".errors").contains(sentence), "{name}: {}", answer.text(".errors"));
    }
    for kind in ["picture", "video", "attachment"] {
        assert_eq!(browser.get(&format!("/admin/media?kind={kind}")).await.text(".grid"), "");
    }
}

#[actix_web::test]
async fn of_a_picture_that_is_something_else_too_only_the_picture_stays() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let gif = [pictures::gif(320, 320, 1), b"/*".to_vec(), SCRIPT.to_vec(), b"*/".to_vec()].concat();
    let moving = [pictures::gif(330, 330, 3), SCRIPT.to_vec()].concat();
    let jpeg = [pictures::jpeg_with_comment(SCRIPT), SCRIPT.to_vec()].concat();
    let png = [pictures::png(340, 340), SCRIPT.to_vec()].concat();
    for (name, bytes) in [("a.gif", gif), ("b.gif", moving), ("c.jpg", jpeg), ("d.png", png)] {
        assert!(lies(&bytes));

        let id = sent(&browser, name, &bytes).await;

        let media = site.content().media(&id).await.unwrap();
        for file in &media.files {
            let answer = served(&site, &media, *file).await;
            assert!(!lies(&answer.bytes), "{name}: {file}");
            assert_eq!(answer.header("content-type"), file.kind.content_type());
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
        }
    }
    let film = Film { besides: part(b"free", SCRIPT), ..Film::default() };
    let bytes = [film.bytes(), part(b"uuid", SCRIPT), part(b"skip", SCRIPT)].concat();
    let id = sent(&browser, "e.mp4", &bytes).await;
    let video = site.get(&format!("/media/{id}/video.mp4")).await;
    assert_eq!((video.status.as_u16(), video.bytes.len()), (200, bytes.len()));
    assert!(!lies(&video.bytes));
}

#[actix_web::test]
async fn no_name_leads_anywhere_or_pretends_to_be_another() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let long = format!("{}.pdf", "很".repeat(300));
    let names = [
        ("../../../etc/cron.d/evil.pdf", "evil.pdf"),
        ("..\\\\..\\\\windows\\\\evil.pdf", "evil.pdf"),
        ("通知\u{202e}fdp.exe.pdf", "通知fdp.exe.pdf"),
        ("a\u{200b}\u{2066}b.pdf", "ab.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
    ];
    for (number, (sent_as, shown)) in names.into_iter().enumerate() {
        let bytes = format!("%PDF-1.4 {number}\n%%EOF\n");
        let id = sent(&browser, sent_as, bytes.as_bytes()).await;

        let page = browser.get(&format!("/admin/media/{id}")).await;
        assert_eq!(page.text("h1"), shown);
        let download = site.get(&page.attribute(".shown a.button", "href")).await;
        assert_eq!((download.status.as_u16(), download.body.as_str()), (200, bytes.as_str()), "{shown}");
        assert!(download.header("content-disposition").starts_with("attachment; "));
        let at_the_root = percent_encoding::utf8_percent_encode(shown, percent_encoding::NON_ALPHANUMERIC);
        assert_eq!(site.get(&format!("/{at_the_root}")).await.status, 404);
    }
    let id = sent(&browser, &long, b"%PDF-1.5\n").await;
    assert_eq!(browser.get(&format!("/admin/media/{id}")).await.text("h1").chars().count(), 80);
    // Not a name that any browser sends.
    let answer = browser.upload("/admin/media", &[], &[file("a\0.html.pdf", b"%PDF-1.6\n")]).await;
    assert_eq!(answer.status, 400);
}

#[actix_web::test]
async fn no_file_proves_to_a_platform_who_owns_the_site() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Writer).await;
    let kept = sent(&browser, "说明.txt", b"0123456789abcdef").await;
    for name in [
        "MP_verify_0123456789abcdef.txt",
        "mp_verify_0123456789ABCDEF.TXT",
        "WW_verify_0123456789abcdef.txt",
        "MP_\u{200b}verify_\u{202e}0123456789abcdef.txt",
        "MP_verify_0123456789abcdef .txt ",
        "MP_verify_0123456789abcdef..txt",
    ] {
        for path in ["/admin/media".to_owned(), format!("/admin/media/{kept}/replace")] {
            let answer = browser.upload(&path, &[], &[file(name, b"0123456789abcdef")]).await;
            assert_eq!(answer.status, 422, "{path} {name:?}");
            assert!(answer.text(".errors").contains("管理员在“验证文件”页面添加"), "{}", answer.text(".errors"));
        }
    }
    assert_eq!(browser.get("/admin/media?kind=attachment").await.text(".grid .name"), "说明.txt");

    // One that came before such names were refused.
    let mut transaction = site.state.db.begin().await.unwrap();
    let name = "MP_verify_0123456789abcdef.txt";
    sqlx::query("UPDATE attachment SET name = $1").bind(name).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(browser.get(&format!("/admin/media/{kept}")).await.text("h1"), name);
    assert_eq!(site.get(&format!("/media/{kept}/{name}")).await.status, 404);
}

#[actix_web::test]
async fn a_form_is_refused_before_its_first_file_if_it_is_not_ours() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let picture = pictures::png(300, 300);
    let token = browser.token();
    let begin = |name: &str| format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"");
    let field = |value: &str| format!("{}\r\n\r\n{value}\r\n", begin("csrf")).into_bytes();
    let files = [format!("{}; filename=\"a.png\"\r\n\r\n", begin("files")).as_bytes(), &picture, b"\r\n"].concat();
    let end = b"--b--\r\n".to_vec();
    let send = async |origin: &'static str, header: Option<&str>, parts: &[&[u8]]| {
        let mut request = TestRequest::post()
            .uri("/admin/media")
            .insert_header(("sec-fetch-site", origin))
            .insert_header(("content-type", "multipart/form-data; boundary=b"));
        if let Some(header) = header {
            request = request.insert_header(("x-csrf-token", header));
        }
        browser.send(request.set_payload(parts.concat())).await.status.as_u16()
    };
    let no_file_came = async || site.content().library("", None, 9).await.unwrap().is_empty();

    assert_eq!(send("cross-site", None, &[&field(&token), &files, &end]).await, 403);
    assert_eq!(send("same-origin", None, &[&files, &end]).await, 403);
    assert_eq!(send("same-origin", None, &[&field("0123"), &files, &end]).await, 403);
    assert_eq!(send("same-origin", None, &[&field(""), &files, &end]).await, 403);
    // The token comes too late.
    assert_eq!(send("same-origin", None, &[&files, &field(&token), &end]).await, 403);
    assert_eq!(send("same-origin", Some("0123"), &[&field(&token), &files, &end]).await, 403);
    assert_eq!(send("same-origin", None, &[&end]).await, 403);
    // A file that is called like the token.
    let disguised = format!("{}; filename=\"x\"\r\n\r\n{token}\r\n", begin("csrf"));
    assert_eq!(send("same-origin", None, &[disguised.as_bytes(), &files, &end]).await, 403);
    assert!(no_file_came().await);
    // One that breaks off.
    assert_eq!(send("same-origin", None, &[&field(&token), &files[..200]]).await, 400);
    assert!(no_file_came().await);
    assert_eq!(send("same-origin", None, &[&field(&token), &files, &end]).await, 303);
    assert_eq!(send("same-origin", Some(&token), &[&files, &end]).await, 303);
}

#[actix_web::test]
async fn a_form_of_too_many_or_too_large_parts_is_refused() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let picture = pictures::png(30, 30);
    let many: Vec<_> = (0..21).map(|_| file("a.png", &picture)).collect();
    assert_eq!(browser.upload("/admin/media", &[], &many).await.status, 413);
    let fields = vec![("x", "y"); 41];
    assert_eq!(browser.upload("/admin/media", &fields, &[]).await.status, 413);
    let long = "x".repeat(17_000);
    assert_eq!(browser.upload("/admin/media", &[("choose", &long)], &[]).await.status, 413);
    let announced = TestRequest::post()
        .uri("/admin/media")
        .insert_header(("sec-fetch-site", "same-origin"))
        .insert_header(("content-type", "multipart/form-data; boundary=b"))
        .insert_header(("content-length", "300000000"));
    assert_eq!(browser.send(announced).await.status, 413);

    // A single file that is too large is told by its name, and the others arrive.
    let mut large = pictures::jpeg(300, 300);
    large.resize(30_000_001, 0);
    let answer = browser.upload("/admin/media", &[], &[file("large.jpg", &large), file("a.png", &picture)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".errors").contains("large.jpg：文件超过 30 MB"), "{}", answer.text(".errors"));
    assert_eq!(browser.get("/admin/media").await.text(".grid .name"), "a.png");
}

#[actix_web::test]
async fn nobody_uploads_who_does_not_work_here() {
    let site = TestSite::new().await;
    let stranger = Browser::new(&site);
    let answer = stranger.upload("/admin/media", &[], &[file("a.png", &pictures::png(30, 30))]).await;
    assert_eq!(answer.status, 401);
    assert!(stranger.get("/admin/media").await.header("location").starts_with("/admin/sign-in"));
}

#[actix_web::test]
async fn words_are_shown_as_they_were_typed_and_do_nothing() {
    let site = TestSite::new().await;
    let browser = Browser::of(&site, "lin", Role::Editor).await;
    let id = sent(&browser, "\u{201c}><script>alert(1)</script>.png", &pictures::png(400, 300)).await;
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}";
    let words = [("alt", evil), ("caption", evil), ("credit", evil)];
    browser.post(&format!("/admin/media/{id}"), &words).await;
    let fields = wxpress::content::Fields {
        headline: evil.to_owned(),
        lead_media: Some(id.clone()),
        ..wxpress::content::Fields::default()
    };
    site.publish_fields("evil", fields).await;

    for path in [
        format!("/admin/media/{id}"),
        "/admin/media".to_owned(),
        "/admin/media?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&choose=article-1-lead".to_owned(),
        "/articles/evil".to_owned(),
    ] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}");
        assert!(!page.body.contains("<img src=x"), "{path}");
    }
    assert_eq!(browser.get(&format!("/admin/media/{id}")).await.attribute("input[name=alt]", "value"), evil);
    assert_eq!(browser.get("/admin/media").await.attribute(".grid img", "alt"), evil);
}

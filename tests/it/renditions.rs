//! The files made of a picture, and how pages offer them to browsers.

use std::path::{Path, PathBuf};

use image::{DynamicImage, GenericImageView as _, ImageFormat};
use scraper::{ElementRef, Html, Selector};
use wxpress::content::media::Kind;
use wxpress::content::{Content, Fields, FileName, Html as Body, Media, Rendition};

use crate::database::TestContent;
use crate::pictures;
use crate::site::TestSite;

fn path(content: &Content, media: &Media, file: FileName) -> PathBuf {
    content.media_file(&media.id, file)
}

fn decoded(path: &Path) -> DynamicImage {
    image::ImageReader::open(path).unwrap().with_guessed_format().unwrap().decode().unwrap()
}

fn bytes(path: &Path) -> u64 {
    std::fs::metadata(path).unwrap().len()
}

#[tokio::test]
async fn every_file_is_what_its_name_says_and_none_is_enlarged() {
    let site = TestContent::new().await;
    for source in [
        pictures::jpeg(3000, 2000),
        pictures::jpeg(1200, 800),
        pictures::png(700, 2100),
        pictures::webp(640, 480),
        pictures::transparent_png(1500, 300),
        pictures::png(20, 10),
        pictures::jpeg(1, 1),
    ] {
        let media = site.content.add_picture(source, "a").await.unwrap();

        for file in &media.files {
            let path = path(&site.content, &media, *file);
            let (expected, picture) = (media.size_of(file.rendition), decoded(&path));
            assert_eq!(picture.dimensions(), (expected.width, expected.height), "{}", path.display());
            assert!(expected.width <= media.size.width && expected.height <= media.size.height);
            let format = image::guess_format(&std::fs::read(&path).unwrap()).unwrap();
            let kind = match file.kind {
                Kind::Jpeg => ImageFormat::Jpeg,
                Kind::Png => ImageFormat::Png,
                Kind::Gif => ImageFormat::Gif,
                Kind::WebP => ImageFormat::WebP,
            };
            assert_eq!(format, kind, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_photograph_has_widths_for_every_screen_and_each_webp_is_smaller_than_its_twin() {
    let site = TestContent::new().await;
    let media = site.content.add_picture(pictures::jpeg(3000, 2000), "a.jpg").await.unwrap();
    let names = |files: Vec<FileName>| files.iter().map(FileName::to_string).collect::<Vec<_>>();

    assert_eq!(names(media.column_files(true)), ["w540.webp", "w750.webp", "w1080.webp"]);
    assert_eq!(names(media.column_files(false)), ["w540.jpg", "w750.jpg", "w1080.jpg"]);
    assert_eq!(names(media.list_files(true)), ["list240.webp", "list.webp"]);
    for webp in media.files.iter().filter(|file| file.kind == Kind::WebP) {
        let twin = media.file(webp.rendition).unwrap();
        let (small, large) = (path(&site.content, &media, *webp), path(&site.content, &media, twin));
        assert!(bytes(&small) < bytes(&large), "{}", small.display());
    }
}

#[tokio::test]
async fn transparency_is_kept_in_webp_and_becomes_white_in_jpeg() {
    let site = TestContent::new().await;
    let media = site.content.add_picture(pictures::transparent_png(1500, 1000), "a.png").await.unwrap();

    for (kind, expected) in [(Kind::WebP, [0, 0, 0, 128]), (Kind::Jpeg, [127, 127, 127, 255])] {
        let file = FileName { rendition: Rendition::W750, kind };
        assert!(media.files.contains(&file), "{:?}", media.files);
        let pixel = decoded(&path(&site.content, &media, file)).to_rgba8().get_pixel(375, 250).0;
        let far = pixel.iter().zip(expected).map(|(one, other)| one.abs_diff(other)).max();
        assert!(far <= Some(3), "{kind:?}: {pixel:?}");
    }
}

#[tokio::test]
async fn the_edge_of_something_transparent_keeps_its_colour() {
    let site = TestContent::new().await;
    let media = site.content.add_picture(pictures::red_on_nothing(1500), "a.png").await.unwrap();

    let picture = decoded(&path(&site.content, &media, FileName { rendition: Rendition::W540, kind: Kind::WebP }));

    let seen = picture.to_rgba8();
    let half_seen: Vec<_> = seen.pixels().filter(|pixel| (40..=250).contains(&pixel.0[3])).collect();
    assert!(half_seen.iter().all(|pixel| pixel.0[0] >= 170), "{half_seen:?}");
}

#[tokio::test]
async fn an_animation_stays_one_and_has_no_webp() {
    let site = TestContent::new().await;
    let media = site.content.add_picture(pictures::gif(800, 600, 3), "a.gif").await.unwrap();

    assert!(media.animated && media.files.iter().all(|file| file.kind != Kind::WebP));
    assert_eq!(media.column_file().to_string(), "main.gif");
    let gif = std::fs::File::open(path(&site.content, &media, media.column_file())).unwrap();
    let decoder = image::codecs::gif::GifDecoder::new(std::io::BufReader::new(gif)).unwrap();
    assert_eq!(image::AnimationDecoder::into_frames(decoder).count(), 3);
}

/// The candidates of a `srcset`: address and width.
fn candidates(element: ElementRef<'_>) -> Vec<(String, u32)> {
    let candidate = |text: &str| {
        let (url, width) = text.trim().split_once(' ').unwrap();
        (url.to_owned(), width.strip_suffix('w').unwrap().parse().unwrap())
    };
    element.attr("srcset").map(|set| set.split(',').map(candidate).collect()).unwrap_or_default()
}

async fn site_with_pictures() -> (TestSite, Media, Media) {
    let site = TestSite::new().await;
    let large = site.content().add_picture(pictures::jpeg(1600, 900), "large.jpg").await.unwrap();
    let small = site.content().add_picture(pictures::png(120, 90), "small.png").await.unwrap();
    let body = format!(
        "<p><img data-media=\"{0}\" alt=\"大\"></p><p><img data-media=\"{1}\" alt=\"小\"></p>\
         <p><a href=\"/x\"><img data-media=\"{0}\" alt=\"链\"></a></p>",
        large.id, small.id
    );
    let fields = |headline: &str| Fields {
        headline: headline.to_owned(),
        body: Body::clean(&body),
        lead_media: Some(large.id.clone()),
        ..Fields::default()
    };
    site.publish_fields("first", fields("一")).await;
    site.publish_fields("second", fields("二")).await;
    (site, large, small)
}

#[actix_web::test]
async fn what_a_page_says_of_a_picture_is_true() {
    let (site, large, _) = site_with_pictures().await;

    for page in ["/", "/articles/first"] {
        let answer = site.get(page).await;
        let document = Html::parse_document(&answer.body);
        let selector = Selector::parse("picture source, main img[srcset]").unwrap();
        let mut seen = 0;
        for element in document.select(&selector) {
            let candidates = candidates(element);
            assert!(element.attr("sizes").is_some_and(|sizes| sizes.ends_with("px") || sizes.ends_with(')')));
            assert!(candidates.windows(2).all(|pair| pair[0].1 < pair[1].1), "{candidates:?}");
            for (url, width) in candidates {
                let name: FileName = url.rsplit('/').next().unwrap().parse().unwrap();
                let file = site.content().media_file(&url.split('/').nth(2).unwrap().parse().unwrap(), name);
                assert_eq!(decoded(&file).width(), width, "{url}");
                let served = site.get(&url).await;
                assert_eq!((served.status.as_u16(), served.header("content-type")), (200, name.kind.content_type()));
                assert_eq!(element.value().name() == "source", name.kind == Kind::WebP, "{url}");
                seen += 1;
            }
        }
        assert!(seen > 6, "{page}: {seen}");
        let images = Selector::parse("main img").unwrap();
        for image in document.select(&images) {
            assert!(["width", "height"].iter().all(|name| image.attr(name).unwrap().parse::<u32>().unwrap() > 0));
            assert!(image.attr("alt").is_some());
        }
    }
    let main = format!("/media/{}/main.jpg", large.id);
    assert_eq!(site.get("/articles/first").await.attribute(".lead-image > a.picture", "href"), main);
}

#[actix_web::test]
async fn a_picture_leads_to_the_whole_of_it_unless_it_is_small_or_linked() {
    let (site, large, _) = site_with_pictures().await;

    let answer = site.get("/articles/first").await;

    let document = Html::parse_document(&answer.body);
    let links = |selector: &str| {
        let selector = Selector::parse(selector).unwrap();
        document.select(&selector).map(|link| link.attr("href").unwrap().to_owned()).collect::<Vec<_>>()
    };
    let main = format!("/media/{}/main.jpg", large.id);
    assert_eq!(links(".body a.picture"), [main]);
    assert_eq!(links(".body a"), [format!("/media/{}/main.jpg", large.id), "/x".to_owned()]);
    assert_eq!(document.select(&Selector::parse("a a").unwrap()).count(), 0);
    assert_eq!(answer.body.matches("<picture>").count(), answer.body.matches("</picture>").count());
}

#[actix_web::test]
async fn only_our_own_file_names_are_served() {
    let (site, large, _) = site_with_pictures().await;

    for name in ["w750.webp", "w1080.jpg", "list240.jpg"] {
        assert_eq!(site.get(&format!("/media/{}/{name}", large.id)).await.status, 200, "{name}");
    }
    for name in ["main.webp", "w360.jpg", "share.webp", "..%2Fmain.jpg", "main.jpg%00", "main.jpg%E2%80%AE", "%2e%2e"] {
        assert_eq!(site.get(&format!("/media/{}/{name}", large.id)).await.status, 404, "{name}");
    }
}

//! `wxpress import`: real shapes of folders, and everything that can be wrong with one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use wxpress::content::import::{Failed, Options, Progress, Report, Unwatched, import};
use wxpress::content::{
    Actor, ArticleKey, Content, Error, Filter, Lookup, Media, Published, Rendition, SitePath, media::Kind,
};

use crate::database::TestContent;
use crate::pictures;

/// A folder of documents, written file by file.
struct Documents {
    site: TestContent,
    folder: PathBuf,
}

impl Documents {
    async fn new() -> Self {
        let site = TestContent::new().await;
        let folder = site.folder("posts");
        Self { site, folder }
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// A page bundle with a title and this body.
    fn page(&self, name: &str, body: &str) -> &Self {
        self.write(&format!("{name}/index.md"), format!("---\ntitle: 标题{name}\ndate: 2020-01-02\n---\n{body}\n"))
    }

    async fn run(&self, dry_run: bool) -> Report {
        import(&self.site.content, &self.folder, Options { dry_run, progress: &Unwatched }).await.unwrap()
    }

    /// Imports and returns the lines of the report.
    async fn problems(&self) -> Vec<String> {
        self.run(false).await.problems.iter().map(ToString::to_string).collect()
    }

    async fn article(&self, key: &str) -> Published {
        self.site.content.published(&key.parse().unwrap()).await.unwrap()
    }
}

fn content_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(content_of(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

fn main_file(content: &Content, media: &Media) -> PathBuf {
    content.media_file(&media.id, media.file(Rendition::Main).unwrap())
}

#[tokio::test]
async fn a_hugo_bundle_becomes_an_article_with_everything_it_says() {
    let documents = Documents::new().await;
    documents
        .write(
            "flood-2018/index.md",
            "---\ntitle: \"洪水来了\"\ndate: 2018-10-09T12:26:41+08:00\nauthor: 张三\nsummary: 摘要\nsource: 县报\n\
             tags: [\"水利\", \"Flood\"]\ncategories: [\"News\", \"要闻\"]\naliases: [\"/blog/flood/\", \"/旧/\"]\n\
             banner: \"/img/banner.jpg\"\n---\n# 洪水来了\n\n## 一\n\n县里\n下雨。\n\n![水位](./level.png)\n\n|a|b|\n|-|-:|\n|1|2|\n",
        )
        .write("flood-2018/banner.jpg", pictures::jpeg(800, 600))
        .write("flood-2018/level.png", pictures::png(320, 320));

    let report = documents.run(false).await;

    assert_eq!((report.created, report.refused, report.problems), (1, 0, Vec::new()));
    let article = documents.article("flood-2018").await;
    let fields = &article.fields;
    assert_eq!(fields.headline, "洪水来了");
    assert_eq!((fields.byline.as_str(), fields.summary.as_str(), fields.source.as_str()), ("张三", "摘要", "县报"));
    assert_eq!(fields.tags, ["水利", "Flood", "要闻"]);
    assert_eq!(article.category.as_ref().map(|category| category.slug.as_str()), Some("news"));
    assert_eq!(article.times.first_published.as_secs(), 1_539_059_201);
    assert_eq!(article.lead().map(|media| (media.size.width, media.kind)), Some((800, Kind::Jpeg)));
    let body = fields.body.as_str();
    assert!(body.starts_with("<h2>一</h2>\n<p>县里下雨。</p>"), "{body}");
    assert!(body.contains(&format!("alt=\"水位\" data-media=\"{}\"", fields.body.pictures()[0])), "{body}");
    assert!(body.contains("<td class=\"align-right\">2</td>"), "{body}");
    for alias in ["/blog/flood", "/%E6%97%A7/"] {
        let path: SitePath = alias.parse().unwrap();
        assert_eq!(
            documents.site.content.find_path(&path).await.unwrap(),
            Lookup::Article("flood-2018".parse().unwrap())
        );
    }
    let list = documents.site.content.latest(&Filter::Category("news".parse().unwrap()), None, 5).await.unwrap();
    assert_eq!(list.items.len(), 1);
}

#[tokio::test]
async fn a_zola_page_and_a_plain_folder_are_taken_in() {
    let documents = Documents::new().await;
    documents
        .write(
            "zola.md",
            "+++\ntitle = \"索拉\"\ndate = 2020-05-01\nslug = \"from-zola\"\n[taxonomies]\ntags = [\"x\"]\n[extra]\nimage = \"a.png\"\n+++\n文",
        )
        .write("a.png", pictures::png(40, 40))
        .write("notes/县城.md", "# 县城见闻\n\n正文")
        .write("notes/_index.md", "---\ntitle: Notes\n---\n");

    let report = documents.run(false).await;

    assert_eq!((report.created, report.refused), (2, 0));
    assert_eq!(documents.article("from-zola").await.lead().map(|media| media.size.width), Some(40));
    let plain = documents.site.content.latest(&Filter::All, None, 5).await.unwrap().items.remove(0);
    assert_eq!(plain.headline, "县城见闻");
    assert!(matches!(plain.key, ArticleKey::Number(_)), "{:?}", plain.key);
    let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["notes/县城.md: has no date; the time of the file is used"]);
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let documents = Documents::new().await;
    documents.page("one", "![](a.png)").write("one/a.png", pictures::png(300, 300)).page("two", "文");
    documents.run(false).await;
    let before = (
        documents.site.numbers("SELECT COUNT(*) FROM event").await,
        documents.site.content.look().await.unwrap(),
        content_of(&documents.site.media_folder()),
    );

    let report = documents.run(false).await;

    assert_eq!((report.created, report.updated, report.unchanged), (0, 0, 2));
    let after = (
        documents.site.numbers("SELECT COUNT(*) FROM event").await,
        documents.site.content.look().await.unwrap(),
        content_of(&documents.site.media_folder()),
    );
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_changed_text_or_picture_updates_its_article_alone() {
    let documents = Documents::new().await;
    documents.page("one", "旧 ![](a.png)").write("one/a.png", pictures::png(300, 300)).page("two", "文");
    documents.run(false).await;
    let picture = documents.article("one").await.fields.body.pictures();
    documents.site.wait_a_minute();

    documents.page("one", "新 ![](a.png)");
    let report = documents.run(false).await;
    assert_eq!((report.updated, report.unchanged), (1, 1));
    let article = documents.article("one").await;
    assert!(article.fields.body.text().starts_with('新'));
    assert_eq!(article.times.modified, documents.site.clock.now());
    assert_eq!(article.fields.body.pictures(), picture);

    documents.write("one/a.png", pictures::png(310, 310));
    let report = documents.run(false).await;
    assert_eq!((report.updated, report.unchanged), (1, 1));
    assert_ne!(documents.article("one").await.fields.body.pictures(), picture);
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    let documents = Documents::new().await;
    documents
        .page("one", "![](a.png) ![](huge.png)")
        .write("one/a.png", pictures::png(300, 300))
        .write("one/huge.png", pictures::huge_png())
        .write("b/one.md", "---\ntitle: 二\ndate: 2021-01-01\n---\n文")
        .write("broken.md", "---\ntitle: [\n---\n");

    let rehearsed = documents.run(true).await;

    assert_eq!(documents.site.numbers("SELECT COUNT(*) FROM article").await, [0]);
    assert_eq!(documents.site.numbers("SELECT COUNT(*) FROM media").await, [0]);
    assert!(!documents.site.media_folder().exists());
    assert_eq!(documents.run(false).await, rehearsed);
    assert_eq!((rehearsed.created, rehearsed.refused), (2, 1));
}

#[tokio::test]
async fn articles_are_numbered_in_the_order_of_their_dates() {
    let documents = Documents::new().await;
    for (name, date) in [("三", "2021-03-01"), ("一", "2019-01-01 08:00:00 +0800"), ("二", "2020/2/2")] {
        documents.write(&format!("{name}.md"), format!("---\ntitle: {name}\ndate: {date}\n---\n文"));
    }

    documents.run(false).await;

    let headlines = documents.site.texts("SELECT headline FROM revision ORDER BY article_id").await;
    assert_eq!(headlines, ["一", "二", "三"]);
}

#[tokio::test]
async fn a_date_without_a_zone_is_read_in_the_sites() {
    let documents = Documents::new().await;
    documents.page("one", "文");

    documents.run(false).await;

    // Midnight in Shanghai.
    assert_eq!(documents.article("one").await.times.published.as_secs(), 1_577_894_400);
}

#[tokio::test]
async fn drafts_and_what_is_dated_ahead_stay_unseen() {
    let documents = Documents::new().await;
    documents
        .write("draft.md", "---\ntitle: 稿\ndate: 2020-01-01\ndraft: true\n---\n文")
        .write("ahead.md", "---\ntitle: 明天\ndate: 2026-01-02\n---\n文");

    let report = documents.run(false).await;

    assert_eq!((report.created, report.drafts), (2, 2));
    assert!(documents.site.content.latest(&Filter::All, None, 5).await.unwrap().items.is_empty());
    assert_eq!(report.problems.len(), 1);
    assert_eq!(report.problems[0].to_string(), "ahead.md: is dated in the future and stays a draft");
}

#[tokio::test]
async fn an_article_withdrawn_here_is_not_brought_back() {
    let documents = Documents::new().await;
    documents.page("one", "旧");
    documents.run(false).await;
    let id = documents.article("one").await.id;
    documents.site.content.withdraw(Actor::Member(1), id, "").await.unwrap();

    documents.page("one", "新");
    let report = documents.run(false).await;

    assert_eq!(report.problems[0].to_string(), "one/index.md: was withdrawn on this site and stays so");
    let answer = documents.site.content.published(&"one".parse().unwrap()).await;
    assert!(matches!(answer, Err(Error::Withdrawn { .. })), "{answer:?}");
}

#[tokio::test]
async fn two_articles_that_want_one_address_both_come_in() {
    let documents = Documents::new().await;
    let page =
        |title: &str, year: u16| format!("---\ntitle: {title}\ndate: {year}-01-01\nslug: same\naliases: /old\n---\n文");
    documents.write("a.md", page("一", 2019)).write("b.md", page("二", 2020));

    let problems = documents.problems().await;

    assert_eq!(
        problems,
        [
            "b.md: the address same belongs to another article; its number is used",
            "b.md: the alias /old already leads elsewhere"
        ]
    );
    assert_eq!(documents.article("same").await.fields.headline, "一");
    assert_eq!(documents.site.numbers("SELECT COUNT(*) FROM article WHERE live = 'published'").await, [2]);
}

#[tokio::test]
async fn an_address_that_cannot_be_one_is_noted() {
    let documents = Documents::new().await;
    documents.write(
        "好.md",
        "---\ntitle: 一\ndate: 2020-01-01\nslug: 洪水\naliases: [\"/a/../b\", \"https://x.example/y\"]\n---\n文",
    );

    let problems = documents.problems().await;

    assert_eq!(
        problems,
        ["好.md:4: the slug \"洪水\" cannot be an address", "好.md:5: the alias \"/a/../b\" is not a path"]
    );
}

#[tokio::test]
async fn a_remote_or_rooted_picture_is_taken_from_beside_the_text() {
    let documents = Documents::new().await;
    documents
        .page("one", "![](https://cdn.example/x/A%20b.png?raw=1) ![](/img/c.png) ![](sub/d.png) ![](d.png)")
        .write("one/a b.png", pictures::png(300, 301))
        .write("one/c.png", pictures::png(300, 302))
        .write("one/sub/d.png", pictures::png(300, 303));

    let problems = documents.problems().await;

    assert_eq!(problems, Vec::<String>::new());
    let article = documents.article("one").await;
    let heights: Vec<u32> = article.fields.body.pictures().iter().map(|id| article.media[id].size.height).collect();
    assert_eq!(heights, [301, 302, 303]);
}

#[tokio::test]
async fn any_other_remote_picture_becomes_a_link_and_is_listed() {
    let documents = Documents::new().await;
    documents.page(
        "one",
        "![图](https://cdn.example/a.png?x=1&y=2)\n\n<img src=\"/img/b.png\">\n\n![](data:image/png;base64,AAAA)",
    );

    let problems = documents.problems().await;

    assert_eq!(
        problems,
        [
            "one/index.md:5: the picture https://cdn.example/a.png?x=1&y=2 lies elsewhere and became a link",
            "one/index.md:7: the picture /img/b.png lies elsewhere and became a link",
            "one/index.md:9: a picture embedded in the text was left out"
        ]
    );
    let body = documents.article("one").await.fields.body.as_str().to_owned();
    assert!(body.contains("<a href=\"https://cdn.example/a.png?x=1&amp;y=2\" rel=\"noopener\">图</a>"), "{body}");
    assert!(body.contains("<a href=\"/img/b.png\" rel=\"noopener\">b.png</a>"), "{body}");
}

#[tokio::test]
async fn pictures_that_cannot_be_taken_are_noted_and_the_article_comes_in() {
    let documents = Documents::new().await;
    documents
        .page("one", "![](missing.png)\n![](huge.png)\n![](evil.svg)\n![](half.png)\n![](text.png)\n![](long.png)\n后")
        .write("one/huge.png", pictures::huge_png())
        .write("one/evil.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")
        .write("one/half.png", &pictures::png(300, 300)[..400])
        .write("one/text.png", "not a picture")
        .write("one/long.png", vec![0_u8; 30_000_001]);

    let problems = documents.problems().await;

    assert_eq!(
        problems,
        [
            "one/index.md:5: the picture missing.png does not exist",
            "one/index.md:6: the picture huge.png was left out: 50000 × 50000 pixels are more than 64 megapixels or 12000 a side",
            "one/index.md:7: the picture evil.svg was left out: SVG and HTML files may carry scripts and are not taken in; export a drawing as PNG",
            "one/index.md:9: the picture text.png was left out: not a JPEG, PNG, GIF or WebP picture",
            "one/index.md:10: the picture long.png was left out: the file is larger than 30 MB",
            "one/index.md: the picture half.png was left out: the picture is damaged",
        ]
    );
    assert_eq!(documents.article("one").await.fields.body.text().trim(), "后");
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_outside_the_folder_is_read() {
    let documents = Documents::new().await;
    let outside = documents.site.folder("secret");
    fs::write(outside.join("s.png"), pictures::png(300, 300)).unwrap();
    fs::write(outside.join("s.md"), "---\ntitle: 秘密\n---\n").unwrap();
    documents
        .page("one", "![](../../secret/s.png)\n![](link.png)\n![](linked/s.png)\n![](..%2f..%2fsecret/s.png)\n![](https://x.example/link.png)")
        .page("two", "![](../one/own.png)")
        .write("one/own.png", pictures::png(300, 300));
    std::os::unix::fs::symlink(outside.join("s.png"), documents.folder.join("one/link.png")).unwrap();
    std::os::unix::fs::symlink(&outside, documents.folder.join("one/linked")).unwrap();
    std::os::unix::fs::symlink(outside.join("s.md"), documents.folder.join("s.md")).unwrap();

    let report = documents.run(false).await;

    let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "one/link.png: is a symbolic link and was not followed",
            "one/linked: is a symbolic link and was not followed",
            "s.md: is a symbolic link and was not followed",
            "one/index.md:5: the picture ../../secret/s.png lies outside the folder and was not read",
            "one/index.md:6: the picture link.png is a symbolic link and was not followed",
            "one/index.md:7: the picture linked/s.png is a symbolic link and was not followed",
            "one/index.md:8: the picture ..%2f..%2fsecret/s.png lies outside the folder and was not read",
            "one/index.md:9: the picture https://x.example/link.png lies elsewhere and became a link",
        ]
    );
    assert_eq!((report.created, report.refused), (2, 3));
    assert!(documents.article("one").await.media.is_empty());
    assert_eq!(documents.article("two").await.media.len(), 1);
}

#[tokio::test]
async fn no_broken_file_keeps_another_out() {
    let documents = Documents::new().await;
    documents
        .write("open.md", "---\ntitle: x\n\n文")
        .write("yaml.md", "---\ntitle: \"x\ntags: [a\n---\n文")
        .write("toml.md", "+++\ntitle = x\n+++\n文")
        .write("program.md", b"\x7fELF\x02\x01\x00\x00\xff\xfe\xfd".as_slice())
        .write("long.md", "长".repeat(700_000))
        .write("empty.md", "")
        .write("date.md", "---\ntitle: 日期\ndate: 昨天\n---\n文")
        .page("good", "文");

    let report = documents.run(false).await;

    assert_eq!((report.created, report.refused), (3, 5));
    let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    for expected in [
        "open.md:1: refused: the front matter is not closed by a line ---",
        "toml.md:2: refused: the front matter is broken:",
        "yaml.md:",
        "program.md: refused: not a text in UTF-8, UTF-16 or GBK",
        "long.md: refused: longer than 2 MB",
        "empty.md: has no title; its name is used",
        "date.md:3: the date \"昨天\" cannot be understood; the time of the file is used",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{expected}: {lines:#?}");
    }
    assert_eq!(documents.article("good").await.fields.headline, "标题good");
}

#[tokio::test]
async fn a_text_made_to_stall_the_parser_does_not() {
    let documents = Documents::new().await;
    documents
        .page("quotes", &">".repeat(100_000))
        .page("divs", &"<div>".repeat(100_000))
        .page("codes", &"{{<".repeat(100_000));

    let report = documents.run(false).await;

    assert_eq!((report.created, report.refused), (3, 0));
    let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "divs/index.md: the markup is nested too deeply; only its words were taken",
            "quotes/index.md: the markup is nested too deeply; only its words were taken"
        ]
    );
}

#[tokio::test]
async fn every_encoding_is_read_and_named() {
    let documents = Documents::new().await;
    let page = |name: &str| format!("---\ntitle: 县融媒体中心{name}\ndate: 2020-01-01\n---\n正文很长。\n");
    let utf_16: Vec<u8> = page("c").encode_utf16().flat_map(u16::to_le_bytes).collect();
    documents
        .write("a.md", encoding_rs::GBK.encode(&page("a")).0)
        .write("b.md", [b"\xef\xbb\xbf", page("b").as_bytes()].concat())
        .write("c.md", [b"\xff\xfe", utf_16.as_slice()].concat())
        .write("d.md", page("d").replace('\n', "\r\n"));

    let problems = documents.problems().await;

    assert_eq!(problems, ["a.md: read as GBK", "b.md: read as UTF-8 with a byte order mark", "c.md: read as UTF-16LE"]);
    for name in ["a", "b", "c", "d"] {
        let article = documents.article(name).await;
        assert_eq!(
            (article.fields.headline, article.fields.body.text()),
            (format!("县融媒体中心{name}"), "正文很长。\n".to_owned())
        );
    }
}

#[tokio::test]
async fn pictures_lose_everything_but_their_pixels() {
    let documents = Documents::new().await;
    documents.page("one", "![](phone.jpg)").write("one/phone.jpg", pictures::sideways_jpeg(640, 400));

    documents.run(false).await;

    let article = documents.article("one").await;
    let media = article.media.values().next().unwrap();
    let bytes = fs::read(main_file(&documents.site.content, media)).unwrap();
    assert_eq!((media.size.width, media.size.height), (400, 640));
    for trace in [b"Exif".as_slice(), b"GPS"] {
        assert!(!bytes.windows(trace.len()).any(|window| window == trace));
    }
    // Turned upright: what lay at the bottom left is now at the top left.
    let picture = image::load_from_memory(&bytes).unwrap().to_rgb8();
    let image::Rgb([red, _, blue]) = *picture.get_pixel(50, 50);
    assert!(blue > 150 && red < 100, "{red} {blue}");
}

#[tokio::test]
async fn each_kind_of_picture_is_stored_as_what_suits_it() {
    let documents = Documents::new().await;
    let store = async |bytes| documents.site.content.add_picture(bytes, "x").await.unwrap();

    let moving = store(pictures::gif(320, 320, 3)).await;
    assert_eq!((moving.kind, moving.animated), (Kind::Gif, true));
    let file = fs::File::open(main_file(&documents.site.content, &moving)).unwrap();
    let decoder = image::codecs::gif::GifDecoder::new(std::io::BufReader::new(file)).unwrap();
    assert_eq!(image::AnimationDecoder::into_frames(decoder).count(), 3);
    assert_eq!(store(pictures::gif(320, 320, 1)).await.kind, Kind::Png);
    assert_eq!(store(pictures::webp(320, 320)).await.kind, Kind::Jpeg);
    assert_eq!(store(pictures::transparent_png(320, 320)).await.kind, Kind::Png);

    // A card's picture is always a small square JPEG, whatever it is made of.
    for bytes in [pictures::transparent_png(900, 320), pictures::noisy_jpeg(900), pictures::gif(320, 400, 2)] {
        let media = store(bytes).await;
        let file = documents.site.content.media_file(&media.id, media.file(Rendition::Share).unwrap());
        let share = fs::read(file).unwrap();
        assert!(share.len() <= 100_000, "{}", share.len());
        assert_eq!(image::guess_format(&share).unwrap(), image::ImageFormat::Jpeg);
        let picture = image::load_from_memory(&share).unwrap();
        assert!(picture.width() == picture.height() && (300..=500).contains(&picture.width()), "{}", picture.width());
    }
}

#[tokio::test]
async fn templates_of_the_old_system_are_shown_or_turned_into_pictures() {
    let documents = Documents::new().await;
    documents
        .page("one", "{{< figure src=\"a.png\" caption=\"图一\" >}}\n\n{{< youtube xyz >}}")
        .write("one/a.png", pictures::png(300, 300));

    let problems = documents.problems().await;

    assert_eq!(problems, ["one/index.md:7: the shortcode {{< youtube xyz >}} is shown as text"]);
    let article = documents.article("one").await;
    let body = article.fields.body.as_str();
    assert!(body.contains("<figure><img alt=\"图一\" data-media="), "{body}");
    assert!(body.contains("<figcaption>图一</figcaption></figure>"), "{body}");
    assert!(body.contains("<code>{{&lt; youtube xyz &gt;}}</code>"), "{body}");
}

#[tokio::test]
async fn what_would_run_in_a_readers_browser_does_not_come_in() {
    let documents = Documents::new().await;
    documents.write(
        "x.md",
        "---\ntitle: \"<script>alert(1)</script>\"\ndate: 2020-01-01\nauthor: \"<img src=x onerror=alert(1)>\"\n---\n\
         <script>alert(1)</script>\n\n[x](javascript:alert(1)) <b onclick=alert(1)>粗</b> <svg onload=alert(1)>",
    );

    documents.run(false).await;

    let article = documents.article("x").await;
    let body = article.fields.body.as_str();
    for trace in ["script", "onclick", "svg", "alert"] {
        assert!(!body.contains(trace), "{body}");
    }
    // A title is text; templates escape it.
    assert_eq!(article.fields.headline, "<script>alert(1)</script>");
}

#[tokio::test]
async fn progress_counts_every_document() {
    #[derive(Default)]
    struct Watcher(Mutex<Vec<String>>);
    impl Progress for Watcher {
        fn found(&self, documents: usize) {
            self.0.lock().unwrap().push(documents.to_string());
        }
        fn done(&self, document: &str) {
            self.0.lock().unwrap().push(document.to_owned());
        }
    }
    let documents = Documents::new().await;
    documents.page("one", "文").write("bad.md", "---\n");
    let watcher = Watcher::default();

    import(&documents.site.content, &documents.folder, Options { dry_run: true, progress: &watcher }).await.unwrap();

    assert_eq!(watcher.0.into_inner().unwrap(), ["2", "bad.md", "one/index.md"]);
}

#[tokio::test]
async fn a_folder_that_is_none_is_an_error() {
    let documents = Documents::new().await;
    documents.write("file.md", "文");

    for wrong in ["nowhere", "file.md"] {
        let path = documents.folder.join(wrong);
        let outcome = import(&documents.site.content, &path, Options { dry_run: false, progress: &Unwatched }).await;
        assert!(matches!(&outcome, Err(Failed::Folder { path: named, .. }) if *named == path), "{outcome:?}");
    }
}

//! The laws of the body: what is clean stays clean, and nothing that runs gets through.

use proptest::prelude::*;

use super::*;
use crate::content::media::Size;

const ID: &str = "0123456789abcdef0123456789abcdef";

fn clean(source: &str) -> String {
    Html::clean(source).as_str().to_owned()
}

fn shown(_: &MediaId) -> Shown {
    Shown::Picture(picture())
}

fn picture() -> ShownPicture {
    ShownPicture {
        src: "/media/x.jpg".to_owned(),
        srcset: "/media/x.jpg 750w, /media/y.jpg 1080w".to_owned(),
        webp: "/media/x.webp 750w".to_owned(),
        sizes: "100vw",
        size: Size { width: 750, height: 500 },
        link: Some("/media/main.jpg".to_owned()),
        link_label: "View",
    }
}

#[test]
fn what_runs_loads_or_frames_is_gone() {
    for hostile in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" java\nscript:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<iframe src=\"https://evil.example\"></iframe>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        "<textarea><script>alert(1)</script></textarea>",
        "<p style=\"background:url(https://evil.example)\" onclick=\"x()\">",
        "<form action=\"https://evil.example\"><input name=password></form>",
        "<base href=\"https://evil.example/\"><meta http-equiv=refresh content=0>",
        "<template><img src=x onerror=alert(1)></template>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
    ] {
        let cleaned = clean(hostile).to_lowercase();
        for trace in
            ["<script", "onerror=", "onclick=", "javascript:", "<svg", "<iframe", "style=", "evil.example\"", "src="]
        {
            assert!(!cleaned.contains(trace), "{hostile} left {trace} in {cleaned}");
        }
    }
}

#[test]
fn only_our_classes_and_ids_stay() {
    assert_eq!(
        clean("<pre><code class=\"language-rust\">x</code><code class=\"wx-share\">y</code></pre>"),
        "<pre><code class=\"language-rust\">x</code><code>y</code></pre>"
    );
    assert_eq!(clean("<div id=\"wx-share\" class=\"top\">x</div>"), "<div>x</div>");
    assert_eq!(
        clean("<div id=\"fn-1\" class=\"footnote-definition\">x</div>"),
        "<div id=\"fn-1\" class=\"footnote-definition\">x</div>"
    );
}

#[test]
fn a_link_keeps_its_address_and_gets_noopener() {
    assert_eq!(clean("<a href=\"/about\" target=_blank>x</a>"), "<a href=\"/about\" rel=\"noopener\">x</a>");
}

#[test]
fn a_picture_is_named_by_id_or_gone() {
    let named = format!("<p><img data-media=\"{ID}\" alt=\"图\"></p>");

    assert_eq!(clean(&named), named);
    assert_eq!(clean("<p>a<img src=\"https://remote.example/x.jpg\" alt=\"图\">b</p>"), "<p>ab</p>");
    assert_eq!(clean("<p>a<img data-media=\"../../x\">b</p>"), "<p>ab</p>");
}

#[test]
fn rendering_fills_in_addresses_and_boxes_tables() {
    let body = Html::clean(&format!(
        "<p><img data-media=\"{ID}\" alt=\"一 &quot;图&quot; &amp; 二\"></p><table><tr><td>x</td></tr></table>"
    ));

    let page = body.render(|id| Some(shown(id))).to_string();

    assert!(
        page.contains(
            "<p><a class=\"picture\" href=\"/media/main.jpg\"><picture>\
             <source type=\"image/webp\" srcset=\"/media/x.webp 750w\" sizes=\"100vw\">\
             <img src=\"/media/x.jpg\" srcset=\"/media/x.jpg 750w, /media/y.jpg 1080w\" sizes=\"100vw\" \
             width=\"750\" height=\"500\" loading=\"lazy\" decoding=\"async\""
        ),
        "{page}"
    );
    assert!(page.contains("></picture></a></p>"), "{page}");
    assert!(page.contains("alt=\"一 &quot;图&quot; &amp; 二\""), "{page}");
    assert!(page.contains("<div class=\"table-scroll\"><table>"), "{page}");
    assert!(page.ends_with("</table></div>"), "{page}");
    assert!(!page.contains("data-media"), "{page}");
}

#[test]
fn a_picture_that_no_longer_exists_is_left_out() {
    let body = Html::clean(&format!("<p>a<img data-media=\"{ID}\" alt=\"图\">b</p>"));

    assert_eq!(body.render(|_| None).to_string(), "<p>ab</p>");
}

#[test]
fn a_picture_with_one_file_and_no_larger_one_is_an_image_and_nothing_else() {
    let body = Html::clean(&format!("<p><img data-media=\"{ID}\" alt=\"图\"></p>"));
    let plain = ShownPicture { srcset: String::new(), webp: String::new(), link: None, ..picture() };

    let page = body.render(|_| Some(Shown::Picture(plain.clone()))).to_string();

    assert_eq!(
        page,
        "<p><img src=\"/media/x.jpg\" width=\"750\" height=\"500\" loading=\"lazy\" decoding=\"async\" alt=\"图\"></p>"
    );
}

#[test]
fn a_picture_that_the_editor_linked_keeps_that_link_alone() {
    let body = Html::clean(&format!(
        "<a href=\"/x\"><em><img data-media=\"{ID}\"></em></a><img data-media=\"{ID}\" alt=\"二\">"
    ));

    let page = body.render(|id| Some(shown(id))).to_string();

    assert!(page.starts_with("<a href=\"/x\" rel=\"noopener\"><em><picture>"), "{page}");
    assert_eq!(page.matches("<a class=\"picture\"").count(), 1, "{page}");
    assert_eq!(page.matches("<a ").count(), 2, "{page}");
}

#[test]
fn a_link_around_a_picture_without_words_says_what_it_is() {
    let body = Html::clean(&format!("<img data-media=\"{ID}\" alt=\"图\"><img data-media=\"{ID}\">"));

    let page = body.render(|id| Some(shown(id))).to_string();

    assert_eq!(page.matches("aria-label=\"View\"").count(), 1, "{page}");
    assert!(page.starts_with("<a class=\"picture\" href=\"/media/main.jpg\"><picture>"), "{page}");
}

fn notice() -> Shown {
    let (url, about) = ("/media/1/a%22b.pdf".to_owned(), "PDF, 1.2 MB".to_owned());
    Shown::Attachment(ShownAttachment { url, about })
}

#[test]
fn an_attachment_is_named_by_id_alone_and_shown_with_type_and_size() {
    let source = format!("<p><a data-media=\"{ID}\" href=\"https://evil.example/\" title=\"t\">通知</a></p>");
    let body = Html::clean(&source);

    assert_eq!(body.as_str(), format!("<p><a data-media=\"{ID}\" title=\"t\" rel=\"noopener\">通知</a></p>"));
    assert_eq!(body.attachments(), [ID.parse().unwrap()]);
    assert!(body.pictures().is_empty());
    assert_eq!(
        body.render(|_| Some(notice())).to_string(),
        "<p><a title=\"t\" rel=\"noopener\" href=\"/media/1/a%22b.pdf\" class=\"attachment\">通知 \
         <span class=\"about\">(PDF, 1.2 MB)</span></a></p>"
    );
}

#[test]
fn of_an_attachment_that_no_longer_exists_the_words_stay() {
    let body = Html::clean(&format!("<p>见<a data-media=\"{ID}\"><b>通知</b></a>。</p>"));

    assert_eq!(body.render(|_| None).to_string(), "<p>见<b>通知</b>。</p>");
    // What is a picture is no attachment, and the other way round.
    assert_eq!(body.render(|id| Some(shown(id))).to_string(), "<p>见<b>通知</b>。</p>");
    let picture = Html::clean(&format!("<p>a<img data-media=\"{ID}\">b</p>"));
    assert_eq!(picture.render(|_| Some(notice())).to_string(), "<p>ab</p>");
}

#[test]
fn an_attachment_that_is_named_wrongly_is_a_link_like_any_other() {
    assert_eq!(clean("<a data-media=\"../x\" href=\"/y\">z</a>"), "<a href=\"/y\" rel=\"noopener\">z</a>");
}

#[test]
fn the_text_has_no_markup_and_decoded_characters() {
    let body = Html::clean("<h2>标题</h2><p>a &lt; b &amp;&amp; c<br>d&nbsp;e</p><ul><li>一</li><li>二</li></ul>");

    assert_eq!(body.text(), "标题\na < b && c\nd\u{a0}e\n一\n二\n");
}

#[test]
fn pictures_come_in_order_and_once() {
    let other = "f".repeat(32);
    let body = Html::clean(&format!(
        "<img data-media=\"{other}\"><p><img data-media=\"{ID}\"><img data-media=\"{other}\"></p>"
    ));

    let ids: Vec<_> = body.pictures().iter().map(MediaId::to_string).collect();
    assert_eq!(ids, [other.as_str(), ID]);
}

#[test]
fn of_markup_nested_beyond_reason_only_the_words_are_kept() {
    let deep = format!("{}文 &lt; 字", "<b><div>".repeat(50_000));

    assert_eq!(clean(&deep), "文 &lt; 字");
    assert_eq!(clean(&clean(&deep)), clean(&deep));
}

#[test]
fn a_long_text_is_not_a_deep_one() {
    let long = "<p>一<br><b>二</b><ul><li>三<li>四</ul>".repeat(1_000);

    assert!(!is_nested_too_deeply(&long));
    assert!(is_nested_too_deeply(&"<div>".repeat(201)));
}

/// Pieces that parsers disagree about, glued together at random.
fn soup() -> impl Strategy<Value = String> {
    let tags = "p b /b /p table tr td /td /table li ul /ul svg /svg math style /style pre /pre noscript /noscript \
                textarea select option template /template caption ruby rt details summary h2 /h2 h1 form button \
                foreignObject mglyph title /title col thead nobr /a";
    let tags = tags.split(' ').map(|tag| format!("<{tag}>"));
    let others = [
        "<a href=\"/x\">",
        "<a data-media=\"0123456789abcdef0123456789abcdef\" href=\"/y\">",
        "<img data-media=\"0123456789abcdef0123456789abcdef\" alt=\"a&quot;<b\">",
        "<img src=x onerror=y>",
        "<font color=red>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&amp;",
    ];
    let characters = ["&", "<", ">", "\"", "'", "`", "中文", " ", "\n", "\r\n", "\u{0}", "\u{a0}", "text"];
    let all: Vec<String> = tags.chain(others.into_iter().chain(characters).map(str::to_owned)).collect();
    prop::collection::vec(prop::sample::select(all), 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn cleaning_what_is_clean_changes_nothing(source in soup()) {
        let once = clean(&source);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn any_text_at_all_can_be_cleaned(source in any::<String>()) {
        let once = clean(&source);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn rendering_adds_no_element_but_boxes_and_links_around_what_is_there(source in soup()) {
        let body = Html::clean(&source);
        let page = body.render(|id| Some(shown(id))).to_string();
        let count = |markup: &str, what: &str| markup.matches(what).count();
        prop_assert_eq!(count(&page, "<img"), count(body.as_str(), "<img"));
        prop_assert_eq!(count(&page, "table-scroll"), count(body.as_str(), "<table"));
        prop_assert_eq!(count(&page, "<picture>"), count(&page, "<img"));
        prop_assert_eq!(count(&page, "<a "), count(&page, "</a>"));
        prop_assert!(!page.contains("data-media"));
        prop_assert!(!page.contains("onerror="));
    }

    #[test]
    fn plain_text_survives_as_itself(text in "[a-z中文&<>\" ]{0,40}") {
        let body = Html::clean(&escaped(&text));
        prop_assert_eq!(body.text(), text);
    }
}

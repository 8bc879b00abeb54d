//! The laws of the body: what is clean stays clean, and nothing that runs gets through.

use proptest::prelude::*;

use super::*;

const ID: &str = "0123456789abcdef0123456789abcdef";

fn clean(source: &str) -> String {
    Html::clean(source).as_str().to_owned()
}

fn shown(_: &MediaId) -> Shown {
    Shown { src: "/media/x.jpg".to_owned(), size: Size { width: 750, height: 500 } }
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
        page.contains("src=\"/media/x.jpg\" width=\"750\" height=\"500\" loading=\"lazy\" decoding=\"async\""),
        "{page}"
    );
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
fn deep_nesting_neither_overflows_nor_hangs() {
    let deep = "<b><div>".repeat(5_000);

    assert!(clean(&deep).len() < 10_000_000);
}

/// Pieces that parsers disagree about, glued together at random.
fn soup() -> impl Strategy<Value = String> {
    let tags = "p b /b /p table tr td /td /table li ul /ul svg /svg math style /style pre /pre noscript /noscript \
                textarea select option template /template caption ruby rt details summary h2 /h2 h1 form button \
                foreignObject mglyph title /title col thead nobr /a";
    let tags = tags.split(' ').map(|tag| format!("<{tag}>"));
    let others = [
        "<a href=\"/x\">",
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
    fn rendering_adds_no_element_but_the_scroll_box(source in soup()) {
        let body = Html::clean(&source);
        let page = body.render(|id| Some(shown(id))).to_string();
        let count = |markup: &str, what: &str| markup.matches(what).count();
        prop_assert_eq!(count(&page, "<img"), count(body.as_str(), "<img"));
        prop_assert_eq!(count(&page, "table-scroll"), count(body.as_str(), "<table"));
        prop_assert!(!page.contains("onerror="));
    }

    #[test]
    fn plain_text_survives_as_itself(text in "[a-z中文&<>\" ]{0,40}") {
        let body = Html::clean(&escaped(&text));
        prop_assert_eq!(body.text(), text);
    }
}

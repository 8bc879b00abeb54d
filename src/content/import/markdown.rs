//! From Markdown to markup, with what Chinese texts and this site need besides. Pure.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::emphasis::{self, MARK};
use super::shortcode;
use crate::content::card::{is_chinese, squeezed};

/// A text as markup that is not yet clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Converted {
    pub(super) html: String,
    /// The first heading, where the document has no title of its own.
    pub(super) heading: Option<String>,
    /// Templates of the old system that are now shown as text.
    pub(super) shortcodes: Vec<String>,
}

/// Converts `markdown`. A first heading that only repeats `title` is left out, since the page shows the title.
pub(super) fn convert(markdown: &str, title: Option<&str>) -> Converted {
    let (markdown, shortcodes) = shortcode::replace(markdown);
    let markdown = emphasis::mark(&markdown);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut events: Vec<Event<'_>> = Parser::new_ext(&markdown, options).filter_map(unmarked).collect();
    let heading = first_heading(&events);
    if let Some((end, text)) = &heading
        && title.is_none_or(|title| squeezed(title) == squeezed(text))
    {
        events.drain(..=*end);
    }
    let events = footnotes(joined_lines(lowered(events)));
    let mut out = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut out, events.into_iter());
    Converted { html: out, heading: heading.map(|(_, text)| text), shortcodes }
}

/// The event without the marks that only the parser was to see.
fn unmarked(event: Event<'_>) -> Option<Event<'_>> {
    let clean = |text: CowStr<'_>| emphasis::unmark(&text).map_or(text.into_static(), CowStr::from);
    Some(match event {
        Event::InlineHtml(html) if html.as_ref() == MARK => return None,
        Event::Text(text) => Event::Text(clean(text)),
        Event::Code(text) => Event::Code(clean(text)),
        Event::Html(text) => Event::Html(clean(text)),
        Event::InlineHtml(text) => Event::InlineHtml(clean(text)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: clean(dest_url), title: clean(title), id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Image { link_type, dest_url: clean(dest_url), title: clean(title), id })
        }
        other => other,
    })
}

/// The heading of the first level that opens the text: where it ends, and its words.
fn first_heading(events: &[Event<'_>]) -> Option<(usize, String)> {
    if !matches!(events.first()?, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })) {
        return None;
    }
    let end = events.iter().position(|event| matches!(event, Event::End(TagEnd::Heading(_))))?;
    let words = events.iter().take(end).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
        Event::SoftBreak => Some(" "),
        _ => None,
    });
    let text: String = words.collect();
    (!text.trim().is_empty()).then_some((end, text))
}

/// The page's title is the only heading of the first level: where a text has such, all its headings go down one.
fn lowered(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let is_first = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }));
    if !events.iter().any(is_first) {
        return events;
    }
    let lower = |event| match event {
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        other => other,
    };
    events.into_iter().map(lower).collect()
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

/// A line break between two Chinese characters is layout of the source; shown as a space it would tear the sentence.
fn joined_lines(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out: Vec<Event<'_>> = Vec::with_capacity(events.len());
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        let joins = matches!(event, Event::SoftBreak)
            && out.last().is_some_and(|before| edge(before, |text| text.chars().next_back()))
            && events.peek().is_some_and(|after| edge(after, |text| text.chars().next()));
        if !joins {
            out.push(event);
        }
    }
    out
}

fn edge(event: &Event<'_>, side: impl Fn(&str) -> Option<char>) -> bool {
    matches!(event, Event::Text(text) if side(text).is_some_and(is_chinese))
}

/// Labels of footnotes become numbers: they are ids on the page, and the sanitiser knows no others.
fn footnotes(mut events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut label = |old: &CowStr<'_>| {
        let next = numbers.len() + 1;
        CowStr::from(format!("fn-{}", numbers.entry(old.to_string()).or_insert(next)))
    };
    for event in &mut events {
        match event {
            Event::FootnoteReference(old) | Event::Start(Tag::FootnoteDefinition(old)) => *old = label(old),
            _ => {}
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content::Html;

    fn html(markdown: &str) -> String {
        convert(markdown, Some("标题")).html
    }

    #[test]
    fn the_title_is_not_repeated() {
        assert_eq!(html("# 标 题\n\n正文"), "<p>正文</p>\n");
        assert_eq!(html("# 另一个\n\n## 小节"), "<h2>另一个</h2>\n<h3>小节</h3>\n");
        assert_eq!(html("## 小节"), "<h2>小节</h2>\n");
    }

    #[test]
    fn without_a_title_the_first_heading_is_one() {
        let converted = convert("# `Istio` 发布\n\n正文", None);

        assert_eq!(converted.heading.as_deref(), Some("Istio 发布"));
        assert_eq!(converted.html, "<p>正文</p>\n");
        assert_eq!(convert("正文\n\n# 标题", None).heading, None);
    }

    #[test]
    fn a_line_break_between_chinese_is_no_space() {
        assert_eq!(html("县融媒体\n中心 and\nmore\n中"), "<p>县融媒体中心 and\nmore\n中</p>\n");
    }

    #[test]
    fn bold_beside_chinese_punctuation_is_bold() {
        assert_eq!(html("**注意：**请看"), "<p><strong>注意：</strong>请看</p>\n");
        assert_eq!(html("他说**“好”**了"), "<p>他说<strong>“好”</strong>了</p>\n");
        assert_eq!(html("`**注意：**请看`"), "<p><code>**注意：**请看</code></p>\n");
        assert_eq!(html("```\n**注意：**请看\n```"), "<pre><code>**注意：**请看\n</code></pre>\n");
    }

    #[test]
    fn footnotes_survive_the_sanitiser() {
        let cleaned = Html::clean(&html("文[^注]\n\n[^注]: 说明")).as_str().to_owned();

        assert!(cleaned.contains("<sup class=\"footnote-reference\"><a href=\"#fn-1\" rel=\"noopener\">1</a></sup>"));
        assert!(cleaned.contains("<div class=\"footnote-definition\" id=\"fn-1\">"), "{cleaned}");
    }

    #[test]
    fn tables_and_strikethrough_are_known() {
        assert!(html("|a|b|\n|-|-|\n|1|2|").contains("<table>"));
        assert!(html("~~旧~~").contains("<del>旧</del>"));
    }

    proptest! {
        #[test]
        fn any_text_converts_and_its_words_stay(words in prop::collection::vec("[a-z中文]{1,6}", 1..8)) {
            let markdown = words.join("\n\n");
            let text = Html::clean(&html(&markdown)).text();
            for word in &words {
                prop_assert!(text.contains(word.as_str()));
            }
        }

        #[test]
        fn no_markdown_makes_it_panic(markdown in "[-#>*_`~|\\[\\](){}!<>%^:\n a中&\"=]{0,80}") {
            let _clean = Html::clean(&html(&markdown));
        }
    }
}

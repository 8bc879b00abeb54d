//! The card that WeChat shows for a shared article: which words and which picture. Pure.

use super::media::{Media, MediaId};

/// How much of the text stands in for a missing summary, in characters.
const EXCERPT: usize = 50;

/// What a recipient sees. The link is the page's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// In a chat.
    pub title: String,
    /// In Moments (朋友圈).
    pub moments_title: String,
    /// Under the title.
    pub text: String,
    /// Its share rendition; none: the site's default picture.
    pub picture: Option<MediaId>,
}

/// The words of an article that a card may use, each possibly empty.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// What was written for the card: title, Moments title, text.
    pub share_title: &'a str,
    /// For Moments.
    pub moments_title: &'a str,
    /// Under the title.
    pub share_text: &'a str,
    /// 标题.
    pub headline: &'a str,
    /// 摘要.
    pub summary: &'a str,
}

impl Card {
    /// The card of an article. `text` is the plain text of its body; `pictures` are the candidates in the order
    /// of preference: share image, lead image, those of the text.
    pub fn new<'a>(words: Words<'_>, text: &str, pictures: impl IntoIterator<Item = &'a Media>) -> Self {
        let title = squeezed(first_filled([words.share_title, words.headline]));
        let moments_title = squeezed(first_filled([words.moments_title, &title]));
        let picture = pictures.into_iter().find(|media| media.shareable).map(|media| media.id.clone());
        Self { title, moments_title, text: card_text(words.share_text, words.summary, text), picture }
    }
}

/// The line under the title: what was written for it, else the summary, else the first 50 characters of the text.
pub fn card_text(share_text: &str, summary: &str, text: &str) -> String {
    let written = squeezed(first_filled([share_text, summary]));
    if written.is_empty() { excerpt(text, EXCERPT) } else { written }
}

/// The first `characters` characters of `text`, white space squeezed.
pub fn excerpt(text: &str, characters: usize) -> String {
    let squeezed = squeezed(text);
    squeezed.chars().take(characters).collect::<String>().trim_end().to_owned()
}

fn first_filled<const N: usize>(choices: [&str; N]) -> &str {
    choices.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default()
}

/// Text on one line: white space between Chinese characters goes, elsewhere one space stays. Line breaks of a
/// Chinese text are layout, those of an English one separate words.
pub fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut last = None;
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() || is_invisible(character) {
            gap = gap || character.is_whitespace();
            continue;
        }
        let between_chinese = last.is_some_and(is_chinese) && is_chinese(character);
        if gap && last.is_some() && !between_chinese {
            out.push(' ');
        }
        out.push(character);
        last = Some(character);
        gap = false;
    }
    out
}

/// Zero-width characters that editors' programs leave behind.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Whether a character belongs to Chinese text: ideographs, kana, and the punctuation set at their width.
pub(super) fn is_chinese(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{2fdf}'
        | '\u{3000}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff01}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content::media::{Framing, Kind, Size};

    fn media(digit: char, shareable: bool) -> Media {
        Media {
            id: digit.to_string().repeat(32).parse().unwrap(),
            folder: digit.to_string().repeat(32).parse().unwrap(),
            framing: Framing::default(),
            kind: Kind::Jpeg,
            size: Size { width: 10, height: 10 },
            animated: false,
            shareable,
            files: Vec::new(),
            alt: String::new(),
            caption: String::new(),
            credit: String::new(),
        }
    }

    #[test]
    fn white_space_goes_between_chinese_and_stays_elsewhere() {
        assert_eq!(squeezed("  县 融\n媒体，\u{3000}今日 Istio\n\n 1.1  发布 "), "县融媒体，今日 Istio 1.1 发布");
    }

    #[test]
    fn the_text_is_what_was_written_else_the_summary_else_fifty_characters() {
        let long = "新闻".repeat(40);

        assert_eq!(card_text("卡片", "摘要", &long), "卡片");
        assert_eq!(card_text(" \n", "摘要", &long), "摘要");
        assert_eq!(card_text("", "", &long), "新闻".repeat(25));
    }

    #[test]
    fn an_emoji_is_never_cut_in_half() {
        assert_eq!(excerpt("一👍二", 2), "一👍");
    }

    #[test]
    fn a_card_takes_the_first_picture_that_is_large_enough() {
        let words = Words { share_title: "", moments_title: "", share_text: "", headline: "标题", summary: "摘要" };
        let pictures = [media('a', false), media('b', true), media('c', true)];

        let card = Card::new(words, "", &pictures);

        assert_eq!(card.picture.map(|id| id.to_string()), Some("b".repeat(32)));
        assert_eq!((card.title.as_str(), card.moments_title.as_str()), ("标题", "标题"));
    }

    proptest! {
        #[test]
        fn an_excerpt_is_never_longer_than_asked(text in ".{0,200}", most in 0_usize..80) {
            prop_assert!(excerpt(&text, most).chars().count() <= most);
        }

        #[test]
        fn squeezing_twice_changes_nothing(text in "[ \n\u{3000}a-z中文，。\u{200b}]{0,60}") {
            let once = squeezed(&text);
            prop_assert_eq!(squeezed(&once), once);
        }

        #[test]
        fn squeezing_keeps_every_visible_character(text in "[ \na-z中文]{0,60}") {
            let visible = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(visible(&squeezed(&text)), visible(&text));
        }
    }
}

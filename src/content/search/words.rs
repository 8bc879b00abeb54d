//! What an article is found by. Of every run of Chinese the overlapping pairs of characters, which find whatever it
//! contains, and jieba's words, which tell a word from what merely stands side by side; of everything else the words.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jieba_rs::Jieba;

use super::fold::{Glyph, Kind, fold};

/// The longest word that is told apart from others; what is longer is no word but data.
pub(super) const LONGEST_WORD: usize = 40;
/// Where a text ends for search, in words and pairs. PostgreSQL counts positions no further than 16,383.
const MOST_TERMS: usize = 16_000;
/// The same in bytes: a `tsvector` holds one megabyte.
const MOST_BYTES: usize = 400_000;

/// Made when the first text is taken apart: reading the dictionary takes a moment and tens of megabytes.
static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Reads the dictionary if nobody has yet. Blocks.
pub(super) fn load() {
    LazyLock::force(&DICTIONARY);
}

/// What an article is found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::content) struct Terms {
    /// Pairs and words of the headline, in order.
    pub(super) title: Vec<String>,
    /// The headline's Chinese characters, one by one.
    pub(super) title_characters: BTreeSet<String>,
    /// The headline's Chinese words.
    pub(super) title_words: BTreeSet<String>,
    /// Pairs and words of the text, in order.
    pub(super) text: Vec<String>,
    /// The text's Chinese words.
    pub(super) text_words: BTreeSet<String>,
}

impl Terms {
    /// The terms of an article; `texts` in the order of their weight, for a long end is cut.
    pub(in crate::content) fn of(headline: &str, texts: &[&str]) -> Self {
        let mut terms = Self::default();
        let glyphs = fold(headline);
        for run in runs(&glyphs) {
            terms.title.extend(parts(run));
            if is_chinese(run) {
                terms.title_words.extend(words(run));
                terms.title_characters.extend(run.iter().map(|glyph| glyph.character.to_string()));
            }
        }
        let mut bytes: usize = 0;
        for text in texts {
            let glyphs = fold(text);
            for run in runs(&glyphs) {
                let parts = parts(run);
                bytes += parts.iter().map(String::len).sum::<usize>();
                if terms.text.len() + parts.len() > MOST_TERMS || bytes > MOST_BYTES {
                    return terms;
                }
                terms.text.extend(parts);
                if is_chinese(run) {
                    terms.text_words.extend(words(run));
                }
            }
        }
        terms
    }
}

/// The stretches of one kind, without the gaps.
pub(super) fn runs(glyphs: &[Glyph]) -> impl Iterator<Item = &[Glyph]> {
    let runs = glyphs.chunk_by(|one, next| one.kind() == next.kind());
    runs.filter(|run| run.first().is_some_and(|glyph| glyph.kind() != Kind::Gap))
}

/// Whether a run is one of Chinese.
pub(super) fn is_chinese(run: &[Glyph]) -> bool {
    run.first().is_some_and(|glyph| glyph.kind() == Kind::Chinese)
}

/// The terms of a run: the pairs of a Chinese one (a single character is its own), else the word.
pub(super) fn parts(run: &[Glyph]) -> Vec<String> {
    match run {
        [_] => vec![text_of(run)],
        _ if is_chinese(run) => run.windows(2).map(text_of).collect(),
        _ => vec![text_of(run.get(..LONGEST_WORD).unwrap_or(run))],
    }
}

/// The words of a Chinese run but for those that every text holds, and the words that they are made of.
fn words(run: &[Glyph]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut waiting = cut(run);
    while let Some(word) = waiting.pop() {
        if !is_function_word(&word) && !words.contains(&word) {
            waiting.extend(halves(&word));
            words.insert(word);
        }
    }
    words
}

/// Two words that a long one is made of, wherever it can be parted: 北京大学 is 北京 and 大学, but in 中华人民共和国
/// there is no 华人.
fn halves(word: &str) -> Vec<String> {
    let characters = word.chars().count();
    let cuts = word.char_indices().map(|(byte, _)| byte).take(characters.saturating_sub(1)).skip(2);
    let pairs = cuts.filter_map(|byte| word.split_at_checked(byte));
    let known = pairs.filter(|(one, other)| DICTIONARY.has_word(one) && DICTIONARY.has_word(other));
    known.flat_map(|(one, other)| [one.to_owned(), other.to_owned()]).collect()
}

/// A Chinese run cut into words. Without guessing at unknown words, for the guess depends on what stands beside them.
pub(super) fn cut(run: &[Glyph]) -> Vec<String> {
    DICTIONARY.cut(&text_of(run), false).into_iter().map(|token| token.word.to_owned()).collect()
}

/// Words that carry grammar rather than meaning.
pub(super) fn is_function_word(word: &str) -> bool {
    matches!(word, "的" | "了" | "和" | "与" | "及" | "在" | "是" | "之" | "等" | "也" | "就" | "都" | "而" | "或")
}

/// The folded text of a run.
pub(super) fn text_of(run: &[Glyph]) -> String {
    run.iter().map(|glyph| glyph.character).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_indexed_by_pairs_and_by_words() {
        let terms = Terms::of("北京大学生活动中心", &["县融媒体中心的5G基站，GB/T 2.1"]);
        assert_eq!(terms.title, ["北京", "京大", "大学", "学生", "生活", "活动", "动中", "中心"]);
        assert!(terms.title_words.contains("北京"), "{:?}", terms.title_words);
        assert!(terms.title_characters.contains("京"));
        let text: Vec<_> = terms.text.iter().map(String::as_str).collect();
        assert_eq!(text, ["县融", "融媒", "媒体", "体中", "中心", "心的", "5g", "基站", "gb", "t", "2", "1"]);
        assert!(!terms.text_words.contains("的"));
    }

    #[test]
    fn a_word_inside_another_is_no_word_of_the_text() {
        let terms = Terms::of("中华人民共和国", &["华人社区"]);
        assert!(!terms.title_words.contains("华人"), "{:?}", terms.title_words);
        assert!(terms.title.contains(&"华人".to_owned()));
        assert!(terms.title_words.contains("人民"), "{:?}", terms.title_words);
        assert!(terms.text_words.contains("华人") && terms.text_words.contains("社区"), "{:?}", terms.text_words);
    }

    #[test]
    fn a_text_without_end_is_cut() {
        let chinese = "新闻".repeat(40_000);
        assert!(Terms::of("", &[&chinese, "末尾"]).text.len() <= MOST_TERMS);
        let wide: String =
            (0..20_000).map(|number| ["ж".repeat(60), number.to_string(), " ".to_owned()].concat()).collect();
        let terms = Terms::of("", &[&wide]);
        assert!(terms.text.iter().map(String::len).sum::<usize>() <= MOST_BYTES);
        assert!(terms.text.iter().all(|term| term.chars().count() <= LONGEST_WORD));
    }
}

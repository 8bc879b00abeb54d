//! Text as search compares it: lower case, full width as half width, traditional characters as simplified ones,
//! accents gone. Every folded character remembers where it came from, so that the text itself can be marked.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// A folded character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// What is compared.
    pub(super) character: char,
    /// The byte at which the character that it was made of begins.
    pub(super) start: usize,
}

impl Glyph {
    pub(super) fn kind(&self) -> Kind {
        kind(self.character)
    }
}

/// What a character is to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Written without spaces between words: ideographs and kana.
    Chinese,
    /// Written with spaces between words: letters and digits.
    Word,
    /// Between words.
    Gap,
}

/// The characters of `text`, folded. Marks that stand above or below a letter belong to it.
pub(super) fn fold(text: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(text.len() / 2);
    for (start, character) in text.char_indices() {
        if character.is_ascii() {
            glyphs.push(Glyph { character: character.to_ascii_lowercase(), start });
            continue;
        }
        // Most of a Chinese text, and nothing to take apart.
        if is_ideograph(character) {
            glyphs.push(Glyph { character: simplified(character), start });
            continue;
        }
        // Twice: some signs become capitals only when they are taken apart (U+2121, "TEL").
        let folded = character.to_lowercase().nfkd().flat_map(char::to_lowercase);
        let visible =
            folded.filter(|character| canonical_combining_class(*character) == 0 && !is_invisible(*character));
        // A compatibility ideograph has become a common one.
        let simple = |character| if is_ideograph(character) { simplified(character) } else { character };
        glyphs.extend(visible.map(|character| Glyph { character: simple(character), start }));
    }
    glyphs
}

/// Characters that change how their neighbours look, or nothing at all.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
    )
}

fn kind(character: char) -> Kind {
    match character {
        '々' | '〇' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{20000}'..='\u{3ffff}' => Kind::Chinese,
        _ if is_ideograph(character) => Kind::Chinese,
        _ if character.is_alphanumeric() => Kind::Word,
        _ => Kind::Gap,
    }
}

/// The ideographs in common use; compatibility ones are gone after folding.
fn is_ideograph(character: char) -> bool {
    FIRST_IDEOGRAPHS.contains(&character) || IDEOGRAPHS.contains(&character)
}

const FIRST_IDEOGRAPHS: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{4dbf}';
const IDEOGRAPHS: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// Traditional characters and what they are written as on the mainland, in order. Character by character: what is
/// compared must not depend on what stands beside it.
static SIMPLIFIED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else { return Vec::new() };
    // One to a line, for the converter knows phrases as well.
    let lines: String = FIRST_IDEOGRAPHS.chain(IDEOGRAPHS).flat_map(|character| [character, '\n']).collect();
    let converted = converter.convert(&lines);
    let one = |line: &str| line.chars().next();
    let pairs = lines.lines().zip(converted.lines()).filter_map(|(from, to)| one(from).zip(one(to)));
    pairs.filter(|(from, to)| from != to).collect()
});

fn simplified(character: char) -> char {
    let index = SIMPLIFIED.binary_search_by_key(&character, |(from, _)| *from).ok();
    index.and_then(|index| SIMPLIFIED.get(index)).map_or(character, |(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> String {
        fold(text).iter().map(|glyph| glyph.character).collect()
    }

    #[test]
    fn spellings_of_one_thing_are_one() {
        for (one, other) in [
            ("ＷｅＣｈａｔ小程序", "wechat小程序"),
            ("５Ｇ", "5g"),
            ("Café", "cafe\u{301}"),
            ("乾隆年間，臺灣與縣級", "干隆年间,台湾与县级"),
            ("℡", "tel"),
            ("ﬁ", "fi"),
            ("融\u{200b}媒体", "融媒体"),
            ("\u{fa10}", "塚"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
    }

    #[test]
    fn simplified_text_stays_as_it_is() {
        let text = "县融媒体中心报道北京大学生活动中心";
        assert_eq!(folded(text), text);
        assert!(SIMPLIFIED.len() > 3000, "{}", SIMPLIFIED.len());
        assert!(SIMPLIFIED.is_sorted_by_key(|(from, _)| *from));
    }

    proptest! {
        #[test]
        fn every_character_knows_where_it_came_from(text: String) {
            let glyphs = fold(&text);
            prop_assert!(glyphs.is_sorted_by_key(|glyph| glyph.start));
            prop_assert!(glyphs.iter().all(|glyph| text.is_char_boundary(glyph.start)));
        }
    }
}

//! What a reader asks for: the words that must be there, how strictly in turn, and what of it is marked.
//!
//! Nothing that is typed has a meaning beyond its letters: signs only part words.

use super::fold::{Glyph, fold};
use super::words::{LONGEST_WORD, cut, is_chinese, is_function_word, parts, runs, text_of};
use crate::content::article::one_line;

/// What is read of a question, in characters.
const MOST_CHARACTERS: usize = 60;
/// A run of Chinese up to this length is looked for as it is; a longer one by its words.
const SHORT: usize = 3;
/// From this length on a word also finds the words that begin with it.
const PREFIX: usize = 3;

/// Something that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::content) enum Need {
    /// A Chinese word.
    Word(String),
    /// Pairs and words that follow each other.
    Phrase {
        /// In order; never empty.
        parts: Vec<String>,
        /// Whether the last may be the beginning of a longer word.
        prefix: bool,
    },
}

/// Where it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::content) enum Place {
    /// In the headline.
    Title,
    /// In the headline or the text.
    Anywhere,
}

/// Articles of one rank: those that hold all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::content) struct Tier {
    pub(in crate::content) place: Place,
    pub(in crate::content) needs: Vec<Need>,
}

/// What is marked in a headline or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Needle {
    /// Characters wherever they stand.
    Chinese(Vec<char>),
    /// Words that follow each other, whatever signs are between them.
    Words {
        /// In order; never empty.
        words: Vec<Vec<char>>,
        /// Whether the last may be the beginning of a longer word.
        prefix: bool,
    },
}

impl Needle {
    /// Its characters.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Chinese(characters) => characters.len(),
            Self::Words { words, .. } => words.iter().map(Vec::len).sum(),
        }
    }
}

/// A question.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    /// What must be there, each by itself.
    units: Vec<Unit>,
    /// What was typed without a space in it, as a phrase.
    wholes: Vec<Need>,
    needles: Vec<Needle>,
}

/// What must be there: as a word at best, else inside one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Unit {
    word: Need,
    inside: Need,
}

impl Unit {
    fn new(run: &[Glyph]) -> Self {
        let inside = Need::Phrase { parts: parts(run), prefix: false };
        Self { word: Need::Word(text_of(run)), inside }
    }
}

/// Text as it is read for a question: one line, and not too long.
pub(super) fn read(text: &str) -> String {
    one_line(text).chars().take(MOST_CHARACTERS).collect::<String>().trim_end().to_owned()
}

/// Whether taking a question apart needs the dictionary.
pub(super) fn needs_dictionary(text: &str) -> bool {
    runs(&fold(text)).any(|run| is_chinese(run) && run.len() > SHORT)
}

impl Query {
    /// `text` taken apart; it has been [`read`].
    pub(super) fn new(text: &str) -> Self {
        let mut query = Self::default();
        for chunk in text.split_whitespace() {
            query.add(&fold(chunk));
        }
        if query.units.len() > 1 {
            // A single character beside words is too much to ask: the pairs of "2026年度" do not hold it.
            let rest: Vec<Unit> = query.units.iter().filter(|unit| !is_single(unit)).cloned().collect();
            if !rest.is_empty() {
                query.units = rest;
            }
        }
        query.units.dedup();
        query
    }

    /// Adds what was typed without a space in it.
    fn add(&mut self, glyphs: &[Glyph]) {
        let mut all = Vec::new();
        let mut words: Vec<String> = Vec::new();
        for run in runs(glyphs) {
            all.extend(parts(run));
            if is_chinese(run) {
                self.add_words(std::mem::take(&mut words));
                self.units.extend(units(run));
                self.needles.push(Needle::Chinese(run.iter().map(|glyph| glyph.character).collect()));
            } else {
                words.extend(parts(run));
            }
        }
        let ends_in_word = !words.is_empty();
        self.add_words(words);
        if let Some(last) = all.last() {
            let prefix = ends_in_word && is_prefix(last);
            self.wholes.push(Need::Phrase { parts: all, prefix });
        }
        for unit in &self.units {
            if let Need::Word(word) = &unit.word {
                self.needles.push(Needle::Chinese(word.chars().collect()));
            }
        }
    }

    /// Adds words with nothing but signs between them.
    fn add_words(&mut self, words: Vec<String>) {
        let Some(last) = words.last() else { return };
        let prefix = is_prefix(last);
        self.needles.push(Needle::Words { words: words.iter().map(|word| word.chars().collect()).collect(), prefix });
        let word = Need::Phrase { parts: words.clone(), prefix: false };
        self.units.push(Unit { word, inside: Need::Phrase { parts: words, prefix } });
    }

    /// What is asked, from the strictest to the widest; none: nothing is asked.
    pub(super) fn tiers(&self) -> Vec<Tier> {
        if self.units.is_empty() {
            return Vec::new();
        }
        let words: Vec<Need> = self.units.iter().map(|unit| unit.word.clone()).collect();
        let inside: Vec<Need> = self.units.iter().map(|unit| unit.inside.clone()).collect();
        let mut tiers = Vec::new();
        for place in [Place::Title, Place::Anywhere] {
            if self.wholes != inside {
                tiers.push(Tier { place, needs: self.wholes.clone() });
            }
            tiers.push(Tier { place, needs: words.clone() });
            if words != inside {
                tiers.push(Tier { place, needs: inside.clone() });
            }
        }
        tiers
    }

    /// What is marked.
    pub(super) fn needles(&self) -> &[Needle] {
        &self.needles
    }
}

fn is_prefix(word: &str) -> bool {
    (PREFIX..LONGEST_WORD).contains(&word.chars().count())
}

/// Whether a unit is one Chinese character.
fn is_single(unit: &Unit) -> bool {
    matches!(&unit.word, Need::Word(word) if word.chars().nth(1).is_none())
}

/// What a run of Chinese asks for: its words, and the characters between them together with a neighbour. Each is a
/// part of the run, so that whatever holds the run holds them all.
fn units(run: &[Glyph]) -> Vec<Unit> {
    if run.len() <= SHORT {
        return vec![Unit::new(run)];
    }
    let mut units = Vec::new();
    // Where the characters begin that belong to no word.
    let mut loose: Option<usize> = None;
    let mut at = 0;
    for word in cut(run) {
        let length = word.chars().count();
        if length > 1 || is_function_word(&word) {
            units.extend(loose.take().and_then(|from| rest(run, from, at)));
        }
        if length > 1 {
            units.extend(run.get(at..at + length).map(Unit::new));
        } else if !is_function_word(&word) {
            loose.get_or_insert(at);
        }
        at += length;
    }
    units.extend(loose.and_then(|from| rest(run, from, at)));
    if units.is_empty() { vec![Unit::new(run)] } else { units }
}

/// The characters between two words; one alone takes its neighbour.
fn rest(run: &[Glyph], from: usize, to: usize) -> Option<Unit> {
    let stretch = if to - from > 1 {
        run.get(from..to)
    } else {
        run.get(from..to + 1).or_else(|| run.get(from.checked_sub(1)?..to))
    };
    stretch.map(Unit::new)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold::Kind;
    use super::*;

    fn phrase(parts: &[&str], prefix: bool) -> Need {
        Need::Phrase { parts: parts.iter().map(|part| (*part).to_owned()).collect(), prefix }
    }

    fn widest(text: &str) -> Vec<Need> {
        Query::new(&read(text)).tiers().pop().map(|tier| tier.needs).unwrap_or_default()
    }

    #[test]
    fn a_short_run_is_looked_for_as_it_is() {
        assert_eq!(widest("融媒体"), [phrase(&["融媒", "媒体"], false)]);
        assert_eq!(widest("北京"), [phrase(&["北京"], false)]);
        assert_eq!(widest("药"), [phrase(&["药"], false)]);
    }

    #[test]
    fn a_long_run_is_looked_for_by_its_words() {
        assert_eq!(widest("春天的故事"), [phrase(&["春天"], false), phrase(&["故事"], false)]);
        assert_eq!(widest("的的的的"), [phrase(&["的的", "的的", "的的"], false)]);
    }

    #[test]
    fn words_of_other_scripts_are_parted_by_spaces_and_joined_by_signs() {
        assert_eq!(widest("WeChat小程序"), [phrase(&["wechat"], true), phrase(&["小程", "程序"], false)]);
        assert_eq!(widest("GB/T 2.1"), [phrase(&["gb", "t"], false), phrase(&["2", "1"], false)]);
        assert_eq!(widest("5G基站"), [phrase(&["5g"], false), phrase(&["基站"], false)]);
        assert_eq!(widest("2026年"), [phrase(&["2026"], true)]);
    }

    #[test]
    fn a_title_comes_before_a_text_and_a_word_before_its_inside() {
        let tiers = Query::new("北京").tiers();
        let word = || vec![Need::Word("北京".to_owned())];
        let inside = || vec![phrase(&["北京"], false)];
        assert_eq!(
            tiers,
            [
                Tier { place: Place::Title, needs: word() },
                Tier { place: Place::Title, needs: inside() },
                Tier { place: Place::Anywhere, needs: word() },
                Tier { place: Place::Anywhere, needs: inside() },
            ]
        );
    }

    #[test]
    fn signs_alone_ask_for_nothing() {
        for text in ["", " ", "\"*(){}[]^~-+:", "，。！？", "👍🏽", "\u{0}\u{1}", "\u{200b}"] {
            assert!(Query::new(&read(text)).tiers().is_empty(), "{text:?}");
        }
    }

    #[test]
    fn a_question_without_end_is_cut() {
        assert_eq!(read(&"搜".repeat(10_000)).chars().count(), MOST_CHARACTERS);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text: String) {
            let query = Query::new(&read(&text));
            for tier in query.tiers() {
                prop_assert!(!tier.needs.is_empty());
                for need in tier.needs {
                    let whole = match need {
                        Need::Word(word) => vec![word],
                        Need::Phrase { parts, .. } => parts,
                    };
                    prop_assert!(!whole.is_empty());
                    let is_gap = |character| Glyph { character, start: 0 }.kind() == Kind::Gap;
                    prop_assert!(!whole.concat().chars().any(is_gap));
                }
            }
        }

        #[test]
        fn what_holds_a_run_holds_all_that_it_asks_for(text in "[北京大学生活动中心县融媒体报道的了在新闻]{4,20}") {
            for need in widest(&text) {
                let Need::Phrase { parts, .. } = need else { continue };
                let first: String = parts.first().unwrap().clone();
                let rest = parts.iter().skip(1).filter_map(|part| part.chars().nth(1));
                let whole: String = first.chars().chain(rest).collect();
                prop_assert!(text.contains(&whole), "{} {}", text, whole);
            }
        }
    }
}

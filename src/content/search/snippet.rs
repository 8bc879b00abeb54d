//! What a result shows of its article: the headline with the words marked, and the place in the text where most of
//! them stand.

use super::fold::{Glyph, Kind, fold};
use super::query::Needle;

/// The longest excerpt, in characters.
const LENGTH: usize = 90;
/// What is shown before the first marked word.
const BEFORE: usize = 20;
const ELLIPSIS: char = '…';

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The words.
    pub text: String,
    /// Whether they were asked for.
    pub marked: bool,
}

/// The whole of `text`, with what was asked for marked.
pub(super) fn marked(text: &str, needles: &[Needle]) -> Vec<Segment> {
    let letters = letters(text, needles);
    segments(text, &letters, 0, letters.len())
}

/// The part of `text` that answers best; none: nothing of what was asked for stands in it.
pub(super) fn excerpt(text: &str, needles: &[Needle]) -> Option<Vec<Segment>> {
    let text = on_one_line(text);
    let letters = letters(&text, needles);
    let from = best(&letters, needles)?.saturating_sub(BEFORE);
    // Near the end there is room for more before the word.
    let from = from.min(letters.len().saturating_sub(LENGTH));
    Some(part(&text, &letters, from))
}

/// The beginning of `text`.
pub(super) fn beginning(text: &str) -> Vec<Segment> {
    let text = on_one_line(text);
    part(&text, &letters(&text, &[]), 0)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn part(text: &str, letters: &[Letter], from: usize) -> Vec<Segment> {
    let to = letters.len().min(from + LENGTH);
    let mut segments = segments(text, letters, from, to);
    if from > 0 {
        segments.insert(0, Segment { text: ELLIPSIS.to_string(), marked: false });
    }
    if to < letters.len() {
        segments.push(Segment { text: ELLIPSIS.to_string(), marked: false });
    }
    segments
}

/// A character of the text with all that belongs to it.
#[derive(Clone, Copy, Debug)]
struct Letter {
    start: usize,
    marked: bool,
    /// Which of the needles begins here, the longest of several.
    needle: Option<usize>,
}

fn letters(text: &str, needles: &[Needle]) -> Vec<Letter> {
    let glyphs = fold(text);
    let mut letters: Vec<Letter> = Vec::with_capacity(glyphs.len());
    let mut marked_until = 0;
    for (at, glyph) in glyphs.iter().enumerate() {
        let found = needles.iter().enumerate().filter_map(|(index, needle)| Some((find(&glyphs, at, needle)?, index)));
        let longest = found.max_by_key(|(length, _)| *length);
        marked_until = longest.map_or(marked_until, |(length, _)| marked_until.max(at + length));
        let needle = longest.map(|(_, index)| index);
        let marked = at < marked_until;
        match letters.last_mut() {
            // One character of the text may be several when it is folded.
            Some(last) if last.start == glyph.start => {
                last.marked |= marked;
                last.needle = last.needle.or(needle);
            }
            _ => letters.push(Letter { start: glyph.start, marked, needle }),
        }
    }
    letters
}

/// How many characters from `at` on are what `needle` asks for.
fn find(glyphs: &[Glyph], at: usize, needle: &Needle) -> Option<usize> {
    let rest = glyphs.get(at..)?;
    let begins_with = |from: usize, wanted: &[char]| {
        let found = rest.get(from..from + wanted.len())?;
        found.iter().map(|glyph| glyph.character).eq(wanted.iter().copied()).then_some(from + wanted.len())
    };
    match needle {
        Needle::Chinese(characters) => begins_with(0, characters),
        Needle::Words { words, prefix } => {
            let is_word = |glyph: Option<&Glyph>| glyph.is_some_and(|glyph| glyph.kind() == Kind::Word);
            if at.checked_sub(1).is_some_and(|before| is_word(glyphs.get(before))) {
                return None;
            }
            let mut end = 0;
            for (number, word) in words.iter().enumerate() {
                if number > 0 {
                    end += rest.iter().skip(end).take_while(|glyph| glyph.kind() == Kind::Gap).count();
                }
                end = begins_with(end, word)?;
                let may_go_on = *prefix && number + 1 == words.len();
                if !may_go_on && is_word(rest.get(end)) {
                    return None;
                }
            }
            Some(end)
        }
    }
}

/// The first marked letter of the stretch that holds most of what was asked for: each needle once, and a long one
/// more than the words that it is made of. The first of equals.
fn best(letters: &[Letter], needles: &[Needle]) -> Option<usize> {
    let hits: Vec<(usize, usize)> =
        letters.iter().enumerate().filter_map(|(at, letter)| Some((at, letter.needle?))).collect();
    let mut best: Option<(usize, usize)> = None;
    for (number, (first, _)) in hits.iter().enumerate() {
        let mut seen = vec![false; needles.len()];
        let within = hits.iter().skip(number).take_while(|(at, _)| at - first < LENGTH - BEFORE);
        let mut weight = 0;
        for (_, index) in within {
            let Some((seen, needle)) = seen.get_mut(*index).zip(needles.get(*index)) else { continue };
            if !std::mem::replace(seen, true) {
                weight += needle.len().pow(2);
            }
        }
        if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, *first));
        }
    }
    best.map(|(_, first)| first)
}

fn segments(text: &str, letters: &[Letter], from: usize, to: usize) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    // What folds to nothing at the very beginning belongs to the first letter.
    let start_of = |index: usize| if index == 0 { Some(0) } else { letters.get(index).map(|letter| letter.start) };
    for index in from..to {
        let Some(marked) = letters.get(index).map(|letter| letter.marked) else { break };
        let range = start_of(index).unwrap_or(text.len())..start_of(index + 1).unwrap_or(text.len());
        let piece = text.get(range).unwrap_or_default();
        match segments.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(piece),
            _ => segments.push(Segment { text: piece.to_owned(), marked }),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::query::{Query, read};
    use super::*;

    /// The segments as one text, what is marked in brackets.
    fn shown(segments: &[Segment]) -> String {
        segments
            .iter()
            .map(|segment| if segment.marked { format!("[{}]", segment.text) } else { segment.text.clone() })
            .collect()
    }

    fn headline(text: &str, query: &str) -> String {
        shown(&marked(text, Query::new(&read(query)).needles()))
    }

    #[test]
    fn what_was_asked_for_is_marked_as_it_is_written() {
        assert_eq!(headline("县融媒体中心挂牌", "融媒体"), "县[融媒体]中心挂牌");
        assert_eq!(headline("縣融媒體中心", "融媒体"), "縣[融媒體]中心");
        assert_eq!(headline("ＷｅＣｈａｔ与 WeChats", "wechat"), "[ＷｅＣｈａｔ]与 [WeChat]s");
        assert_eq!(headline("The other hat is at", "hat"), "The other [hat] is at");
        assert_eq!(headline("GB/T 2.1 与 T2，GB-T", "gb/t"), "[GB/T] 2.1 与 T2，[GB-T]");
        assert_eq!(headline("Cafe\u{301} noir", "café"), "[Cafe\u{301}] noir");
        assert_eq!(headline("春天的故事与春天", "春天的故事"), "[春天的故事]与[春天]");
        assert_eq!(headline("什么也没有", "北京"), "什么也没有");
    }

    #[test]
    fn an_excerpt_shows_the_place_with_most_words() {
        let text = format!("基站，基站，基站。{}5G基站建成，5G\n基站{}", "前文".repeat(100), "后文".repeat(100));
        let found = shown(&excerpt(&text, Query::new("5G基站").needles()).unwrap());
        assert!(found.starts_with("…前文") && found.ends_with('…'), "{found}");
        assert!(found.contains("[5G基站]建成，[5G] [基站]后文"), "{found}");
        assert_eq!(excerpt("什么也没有", Query::new("北京").needles()), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_added(text: String, query: String) {
            let segments = marked(&text, Query::new(&read(&query)).needles());
            let whole: String = segments.iter().map(|segment| segment.text.as_str()).collect();
            // A text of nothing but invisible signs has no letters.
            prop_assert!(whole == text || (whole.is_empty() && fold(&text).is_empty()));
        }

        #[test]
        fn an_excerpt_is_short_and_holds_what_was_asked_for(
            before in "[前 文\n]{0,300}", word in "[北京大学]{2,3}", after in "[后 文\n]{0,300}"
        ) {
            let query = Query::new(&word);
            let segments = excerpt(&format!("{before}{word}{after}"), query.needles()).unwrap();
            let length: usize = segments.iter().map(|segment| segment.text.chars().count()).sum();
            prop_assert!(length <= LENGTH + 2, "{}", length);
            prop_assert!(segments.iter().any(|segment| segment.marked && segment.text == word));
        }
    }
}

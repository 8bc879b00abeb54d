//! Bold and italics beside Chinese punctuation. Pure.
//!
//! Markdown decides by white space and punctuation whether `**` opens or closes. Chinese has no spaces, so in
//! `**注意：**请看` nothing closes and the reader sees asterisks. A comment, which is punctuation to the parser and
//! nothing to the reader, is put where a space would be; [`unmark`] takes out those that ended up in code.

use crate::content::card::is_chinese;

/// What is put beside asterisks.
pub(super) const MARK: &str = "<!--wx-->";

/// The Markdown with marks where asterisks stand between Chinese punctuation and a word.
pub(super) fn mark(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len() + 64);
    let mut before = '\n';
    let mut rest = markdown;
    while let Some(start) = rest.find('*') {
        let (text, from) = rest.split_at(start);
        let after_run = from.trim_start_matches('*');
        let (run, _) = from.split_at(from.len() - after_run.len());
        out.push_str(text);
        before = text.chars().next_back().unwrap_or(before);
        let after = after_run.chars().next().unwrap_or('\n');
        let chinese = is_wide(before) || is_wide(after);
        if chinese && is_word(before) && is_punctuation(after) {
            out.push_str(MARK);
        }
        out.push_str(run);
        if chinese && is_punctuation(before) && is_word(after) {
            out.push_str(MARK);
        }
        before = '*';
        rest = after_run;
    }
    out.push_str(rest);
    out
}

/// Text of code or an address as it was written.
pub(super) fn unmark(text: &str) -> Option<String> {
    text.contains(MARK).then(|| text.replace(MARK, ""))
}

fn is_wide(character: char) -> bool {
    is_chinese(character) || is_general_punctuation(character)
}

fn is_word(character: char) -> bool {
    !character.is_whitespace() && !is_punctuation(character)
}

/// Quotes, dashes and the ellipsis, which Chinese shares with other languages.
fn is_general_punctuation(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '·')
}

fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation()
        || is_general_punctuation(character)
        || matches!(character,
            '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3011}'
            | '\u{3014}'..='\u{301f}'
            | '\u{fe30}'..='\u{fe4f}'
            | '\u{ff01}'..='\u{ff0f}'
            | '\u{ff1a}'..='\u{ff20}'
            | '\u{ff3b}'..='\u{ff40}'
            | '\u{ff5b}'..='\u{ff65}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn asterisks_are_marked_only_between_punctuation_and_word() {
        assert_eq!(mark("**注意：**请看"), "**注意：**<!--wx-->请看");
        assert_eq!(mark("他说**“好”**了"), "他说<!--wx-->**“好”**<!--wx-->了");
        for untouched in ["**粗**体", "**bold:** text", "* 列表", "a*b*c", "**bold:**text", "", "**"] {
            assert_eq!(mark(untouched), untouched);
        }
    }

    proptest! {
        #[test]
        fn unmarking_gives_back_what_was_marked(text in "[*中：“”a \n]{0,40}") {
            let marked = mark(&text);
            prop_assert_eq!(unmark(&marked).unwrap_or(marked), text);
        }
    }
}

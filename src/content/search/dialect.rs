//! Terms and questions in the words of the two engines: FTS5's columns of words and its query language, PostgreSQL's
//! `tsvector` and `tsquery`. Pure; the statements stand under `store`.
//!
//! Both hold one list of terms for an article; a letter before each says what it is, so that a question walks
//! only the terms that it is about. Terms consist of letters and digits, so there is nothing to escape.

use super::query::{Need, Place, Tier};
use super::words::Terms;
use crate::db::Engine;

/// A pair or word of the headline.
const TITLE: char = 't';
/// A Chinese word of the headline.
const TITLE_WORD: char = 'h';
/// A pair or word of the text.
const TEXT: char = 'b';
/// A Chinese word of the text.
const TEXT_WORD: char = 'w';

/// What is stored of an article.
pub(in crate::content) fn document(engine: Engine, terms: &Terms) -> String {
    let mut written = String::new();
    // A bare letter parts what does not follow each other.
    let gap = String::new();
    let title = terms.title.iter().chain([&gap]).chain(&terms.title_characters);
    for (class, terms) in [(TITLE, title.collect::<Vec<_>>()), (TEXT, terms.text.iter().collect())] {
        for (position, term) in terms.into_iter().enumerate() {
            match engine {
                Engine::Sqlite => push(&mut written, &[&class.to_string(), term, " "]),
                Engine::Postgres => {
                    push(&mut written, &["'", &class.to_string(), term, "':", &(position + 1).to_string(), " "]);
                }
            }
        }
    }
    for (class, words) in [(TITLE_WORD, &terms.title_words), (TEXT_WORD, &terms.text_words)] {
        for word in words {
            match engine {
                Engine::Sqlite => push(&mut written, &[&class.to_string(), word, " "]),
                Engine::Postgres => push(&mut written, &["'", &class.to_string(), word, "' "]),
            }
        }
    }
    written
}

fn push(text: &mut String, pieces: &[&str]) {
    for piece in pieces {
        text.push_str(piece);
    }
}

/// The question for the articles of a rank.
pub(in crate::content) fn question(engine: Engine, tier: &Tier) -> String {
    let (and, or) = match engine {
        Engine::Sqlite => (" AND ", " OR "),
        Engine::Postgres => (" & ", " | "),
    };
    let needs = tier.needs.iter().map(|need| {
        let classes: &[char] = match (tier.place, need) {
            (Place::Title, Need::Word(_)) => &[TITLE_WORD],
            (Place::Title, Need::Phrase { .. }) => &[TITLE],
            (Place::Anywhere, Need::Word(_)) => &[TITLE_WORD, TEXT_WORD],
            (Place::Anywhere, Need::Phrase { .. }) => &[TITLE, TEXT],
        };
        let choices: Vec<String> = classes.iter().map(|class| clause(engine, *class, need)).collect();
        format!("({})", choices.join(or))
    });
    needs.collect::<Vec<_>>().join(and)
}

fn clause(engine: Engine, class: char, need: &Need) -> String {
    let (parts, prefix) = match need {
        Need::Word(word) => (std::slice::from_ref(word), false),
        Need::Phrase { parts, prefix } => (parts.as_slice(), *prefix),
    };
    let terms: Vec<String> = parts.iter().map(|part| format!("{class}{part}")).collect();
    match engine {
        Engine::Sqlite => format!("\"{}\"{}", terms.join(" "), if prefix { " *" } else { "" }),
        Engine::Postgres => format!("'{}'{}", terms.join("' <-> '"), if prefix { ":*" } else { "" }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::query::Query;
    use super::*;

    #[test]
    fn a_question_reads_alike_in_both_dialects() {
        let tier = Query::new("融媒体 wecha").tiers().pop().unwrap();
        assert_eq!(
            question(Engine::Sqlite, &tier),
            r#"("t融媒 t媒体" OR "b融媒 b媒体") AND ("twecha" * OR "bwecha" *)"#
        );
        assert_eq!(
            question(Engine::Postgres, &tier),
            "('t融媒' <-> 't媒体' | 'b融媒' <-> 'b媒体') & ('twecha':* | 'bwecha':*)"
        );
    }

    #[test]
    fn an_article_is_stored_with_what_each_term_is() {
        let terms = Terms::of("县城", &["5G基站"]);
        assert_eq!(document(Engine::Sqlite, &terms), "t县城 t t县 t城 b5g b基站 h县城 w基站 ");
        assert_eq!(
            document(Engine::Postgres, &terms),
            "'t县城':1 't':2 't县':3 't城':4 'b5g':1 'b基站':2 'h县城' 'w基站' "
        );
    }
}

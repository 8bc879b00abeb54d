//! How two texts differ, ready to print.

use super::super::page::Desk;
use crate::content::{Change, Field, Fields, Section, compare};

/// Longer text that stayed is shown by its ends.
const LONGEST_STAY: usize = 200;
/// How much of it stands beside what changed, in characters.
const STAY: usize = 60;

/// A piece of text that is in both, or in one of them.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_added: bool,
    pub(super) is_removed: bool,
}

/// A field that differs.
#[derive(Debug)]
pub(super) struct FieldDifference {
    pub(super) name: &'static str,
    pub(super) pieces: Vec<Piece>,
    /// The words are the same.
    pub(super) only_markup: bool,
}

/// The fields in which `after` differs from `before`.
pub(super) fn differences(
    desk: &Desk<'_>,
    categories: &[Section],
    (before, after): (&Fields, &Fields),
) -> Vec<FieldDifference> {
    let names = &desk.t.articles.fields;
    let category = |number: String| {
        let known = categories.iter().find(|section| section.category.id.to_string() == number);
        known.map_or(number, |section| section.category.name.clone())
    };
    let shown = |field, (change, text): (Change, String)| Piece {
        text: if field == Field::Category { category(text) } else { text },
        is_added: change == Change::Added,
        is_removed: change == Change::Removed,
    };
    compare(before, after)
        .into_iter()
        .map(|difference| FieldDifference {
            name: names.of(difference.field),
            only_markup: difference.pieces.iter().all(|(change, _)| *change == Change::Same),
            pieces: difference.pieces.into_iter().map(|piece| shown(difference.field, piece)).collect(),
        })
        .map(shortened)
        .collect()
}

/// The same with as much of what stayed as it takes to find one's way.
fn shortened(mut difference: FieldDifference) -> FieldDifference {
    let last = difference.pieces.len().saturating_sub(1);
    for (place, piece) in difference.pieces.iter_mut().enumerate() {
        let length = piece.text.chars().count();
        if piece.is_added || piece.is_removed || length <= LONGEST_STAY {
            continue;
        }
        let head = if place == 0 { 0 } else { STAY };
        let tail = if place == last { 0 } else { STAY };
        let begin: String = piece.text.chars().take(head).collect();
        let end: String = piece.text.chars().skip(length - tail).collect();
        piece.text = format!("{begin} …… {end}");
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, is_added: bool) -> Piece {
        Piece { text: text.to_owned(), is_added, is_removed: false }
    }

    #[test]
    fn what_stayed_is_shown_as_far_as_it_is_near_a_change() {
        let long = "长".repeat(300);
        let pieces =
            vec![piece(&long, false), piece(&long, true), piece(&long, false), piece("短", true), piece(&long, false)];
        let difference = shortened(FieldDifference { name: "正文", pieces, only_markup: false });

        let near = "长".repeat(60);
        let texts: Vec<String> = difference.pieces.into_iter().map(|piece| piece.text).collect();
        let expected =
            [format!(" …… {near}"), long, format!("{near} …… {near}"), "短".to_owned(), format!("{near} …… ")];
        assert_eq!(texts, expected);
    }
}

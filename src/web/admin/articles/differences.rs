//! How two texts differ, ready to print.

use super::super::page::Desk;
use crate::content::{Change, Field, Fields, Section, compare};

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
        .collect()
}

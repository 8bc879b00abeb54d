//! How two texts of an article differ, as data. Pure.

use std::time::Duration;

use similar::{ChangeTag, DiffOp, TextDiff};

use super::article::Fields;
use super::media::MediaId;

/// Beyond so many characters a changed passage is shown as one that went and one that came.
const LONGEST_PASSAGE: usize = 20_000;
/// After this long a comparison is content with what it has found, which is right but not the shortest.
const PATIENCE: Duration = Duration::from_millis(200);

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stayed.
    Same,
    /// It is only in the older text.
    Removed,
    /// It is only in the newer text.
    Added,
}

/// One of the fields of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "named after the fields of Fields")]
pub enum Field {
    Headline,
    Standfirst,
    Summary,
    Byline,
    Source,
    Editor,
    Body,
    LeadMedia,
    ShareTitle,
    MomentsTitle,
    ShareText,
    ShareMedia,
    Category,
    Tags,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which.
    pub field: Field,
    /// Its text in pieces, in order. A body whose words are the same, and which differs in its markup only, is one
    /// piece that stayed.
    pub pieces: Vec<(Change, String)>,
}

/// The fields in which two texts differ, in the order of a form. Categories and pictures appear by their identity.
pub fn compare(before: &Fields, after: &Fields) -> Vec<Difference> {
    let lines = [
        (Field::Headline, &before.headline, &after.headline),
        (Field::Standfirst, &before.standfirst, &after.standfirst),
        (Field::Summary, &before.summary, &after.summary),
        (Field::Byline, &before.byline, &after.byline),
        (Field::Source, &before.source, &after.source),
        (Field::Editor, &before.editor, &after.editor),
    ];
    let shared = [
        (Field::ShareTitle, &before.share.title, &after.share.title),
        (Field::MomentsTitle, &before.share.moments_title, &after.share.moments_title),
        (Field::ShareText, &before.share.text, &after.share.text),
    ];
    let text = |(field, old, new): (Field, &String, &String)| {
        (old != new).then(|| Difference { field, pieces: by_character(old, new) })
    };
    let whole =
        |field, old: String, new: String| (old != new).then(|| Difference { field, pieces: replaced(&old, &new) });
    let body = (before.body != after.body)
        .then(|| Difference { field: Field::Body, pieces: passages(&before.body.text(), &after.body.text()) });
    let number = |category: Option<i64>| category.map(|id| id.to_string()).unwrap_or_default();
    let mut differences: Vec<Difference> = lines.into_iter().filter_map(text).collect();
    differences.extend(body);
    differences.extend(whole(Field::LeadMedia, name(before.lead_media.as_ref()), name(after.lead_media.as_ref())));
    differences.extend(shared.into_iter().filter_map(text));
    differences.extend(whole(Field::ShareMedia, name(before.share.media.as_ref()), name(after.share.media.as_ref())));
    differences.extend(whole(Field::Category, number(before.category), number(after.category)));
    differences.extend(whole(Field::Tags, before.tags.join("、"), after.tags.join("、")));
    differences
}

fn name(media: Option<&MediaId>) -> String {
    media.map(MediaId::to_string).unwrap_or_default()
}

/// Paragraph by paragraph, and where a paragraph was changed, character by character: Chinese has no spaces to go by.
fn passages(old: &str, new: &str) -> Vec<(Change, String)> {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let mut pieces = Vec::new();
    for op in diff.ops() {
        let part = |tag| -> String {
            diff.iter_changes(op).filter(|change| change.tag() == tag).map(|change| change.value()).collect()
        };
        let changed = match op {
            DiffOp::Equal { .. } => vec![(Change::Same, part(ChangeTag::Equal))],
            DiffOp::Delete { .. } => vec![(Change::Removed, part(ChangeTag::Delete))],
            DiffOp::Insert { .. } => vec![(Change::Added, part(ChangeTag::Insert))],
            DiffOp::Replace { .. } => by_character(&part(ChangeTag::Delete), &part(ChangeTag::Insert)),
        };
        pieces.extend(changed);
    }
    joined(pieces)
}

fn by_character(old: &str, new: &str) -> Vec<(Change, String)> {
    if old.len() + new.len() > LONGEST_PASSAGE * 4 {
        return replaced(old, new);
    }
    let diff = TextDiff::configure().timeout(PATIENCE).diff_chars(old, new);
    joined(diff.iter_all_changes().map(|change| {
        let what = match change.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Delete => Change::Removed,
            ChangeTag::Insert => Change::Added,
        };
        (what, change.value().to_owned())
    }))
}

fn replaced(old: &str, new: &str) -> Vec<(Change, String)> {
    let pieces = [(Change::Removed, old), (Change::Added, new)];
    pieces.into_iter().filter(|(_, text)| !text.is_empty()).map(|(what, text)| (what, text.to_owned())).collect()
}

/// Neighbours of one kind become one piece.
fn joined(pieces: impl IntoIterator<Item = (Change, String)>) -> Vec<(Change, String)> {
    let mut joined: Vec<(Change, String)> = Vec::new();
    for (what, text) in pieces {
        match joined.last_mut() {
            Some((last, so_far)) if *last == what => so_far.push_str(&text),
            _ => joined.push((what, text)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::html::Html;
    use super::*;

    fn of(body: &str) -> Fields {
        Fields { headline: "水库放水".to_owned(), body: Html::clean(body), ..Fields::default() }
    }

    fn pieces(old: &str, new: &str) -> Vec<(Change, String)> {
        compare(&of(old), &of(new)).remove(0).pieces
    }

    #[test]
    fn a_changed_character_is_found_in_its_paragraph() {
        let found = pieces("<p>一</p><p>死亡三人</p><p>完</p>", "<p>一</p><p>死亡两人</p><p>完</p>");

        let [same, gone, came, rest] =
            [(Change::Same, "一\n死亡"), (Change::Removed, "三"), (Change::Added, "两"), (Change::Same, "人\n完\n")]
                .map(|(what, text)| (what, text.to_owned()));
        assert_eq!(found, [same, gone, came, rest]);
    }

    #[test]
    fn only_what_differs_is_told_and_markup_alone_is_a_difference() {
        let before = Fields { tags: vec!["水利".to_owned()], category: Some(3), ..of("<p>文</p>") };
        let after =
            Fields { tags: vec!["水利".to_owned(), "汛情".to_owned()], ..of("<p><strong>文</strong></p>") };

        let found = compare(&before, &after);

        let fields: Vec<Field> = found.iter().map(|difference| difference.field).collect();
        assert_eq!(fields, [Field::Body, Field::Category, Field::Tags]);
        assert_eq!(found[0].pieces, [(Change::Same, "文\n".to_owned())]);
        assert_eq!(found[1].pieces, [(Change::Removed, "3".to_owned())]);
        assert!(compare(&after, &after).is_empty());
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_pieces(old in "[ab中\n]{0,40}", new in "[ab中\n]{0,40}") {
            let found = passages(&old, &new);
            let read = |other| -> String {
                found.iter().filter(|(what, _)| *what != other).map(|(_, text)| text.as_str()).collect()
            };
            prop_assert_eq!(read(Change::Added), old);
            prop_assert_eq!(read(Change::Removed), new);
        }
    }
}

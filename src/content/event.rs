//! What happened on the site: the log that every change adds to and nobody edits. Pure.

use serde_json::Value;

use super::Actor;
use super::slug::ArticleId;
use crate::clock::Millis;

/// An enum whose variants have stored words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that is stored.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What a stored word means.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// What happened.
    Kind {
        /// An article was begun.
        Created = "created",
        /// A working copy was saved.
        Saved = "saved",
        /// A text was handed to the reviewers.
        Submitted = "submitted",
        /// A reviewer changed what they were reading.
        Amended = "amended",
        /// A stage of review was passed.
        Approved = "approved",
        /// A reviewer wants changes.
        SentBack = "sent_back",
        /// A text was taken back from the reviewers.
        Recalled = "recalled",
        /// A text went out.
        Published = "published",
        /// A text goes out by itself.
        Scheduled = "scheduled",
        /// It does not after all.
        Unscheduled = "unscheduled",
        /// An article goes away by itself.
        TakeDownSet = "take_down_set",
        /// It does not after all.
        TakeDownCleared = "take_down_cleared",
        /// Its time was over.
        TakenDown = "taken_down",
        /// What was due did not happen; it is tried again.
        ClockFailed = "clock_failed",
        /// 撤稿.
        Withdrawn = "withdrawn",
        /// 更正.
        Corrected = "corrected",
        /// An article got another address.
        SlugChanged = "slug_changed",
        /// A path of former times leads to an article.
        AliasAdded = "alias_added",
        /// On top of the home page.
        Pinned = "pinned",
        /// No longer on top.
        Unpinned = "unpinned",
        /// Into the bin.
        Discarded = "discarded",
        /// Out of the bin.
        Restored = "restored",
        /// A revision became the working copy again.
        RevisionRestored = "revision_restored",
        /// A fixed page was written.
        PageSaved = "page_saved",
        /// A fixed page is no more.
        PageRemoved = "page_removed",
        /// The order of fixed pages.
        PagesOrdered = "pages_ordered",
        /// The site's settings.
        SettingsChanged = "settings_changed",
        /// A file proves that the domain is an account's own.
        VerificationFileAdded = "verification_file_added",
        /// It does so no longer.
        VerificationFileRemoved = "verification_file_removed",
        /// A category.
        CategoryCreated = "category_created",
        /// Its name or address.
        CategoryRenamed = "category_renamed",
        /// The order of categories.
        CategoriesOrdered = "categories_ordered",
        /// A category became part of another.
        CategoryMerged = "category_merged",
        /// An empty category is no more.
        CategoryDeleted = "category_deleted",
        /// A tag's name.
        TagRenamed = "tag_renamed",
        /// A tag became part of another.
        TagMerged = "tag_merged",
        /// An old address leads somewhere.
        RedirectAdded = "redirect_added",
        /// It does so no longer.
        RedirectRemoved = "redirect_removed",
        /// A picture, a video or an attachment came.
        MediaAdded = "media_added",
        /// It is cut otherwise.
        MediaFramed = "media_framed",
        /// Another file took its place.
        MediaReplaced = "media_replaced",
        /// Words of a picture.
        MediaDescribed = "media_described",
        /// A picture is no more.
        MediaDeleted = "media_deleted",
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number; later events have larger ones.
    pub id: i64,
    /// When.
    pub at: Millis,
    /// On whose behalf.
    pub actor: Actor,
    /// What; none for a word that this program does not know.
    pub kind: Option<Kind>,
    /// The word as it is stored.
    pub word: String,
    /// To which article.
    pub article: Option<ArticleId>,
    /// The rest, by kind.
    pub detail: Value,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// One article.
    Articles,
    /// All else: settings, categories, pages, pictures.
    Site,
}

/// Which events are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventFilter {
    /// All of them.
    #[default]
    All,
    /// Those of an article.
    Article(ArticleId),
    /// What a member did.
    Member(i64),
    /// What happened in one way.
    Kind(Kind),
    /// Those to which all of this applies; what is not set does not matter.
    Matching {
        /// What they are about.
        area: Option<Area>,
        /// The article.
        article: Option<ArticleId>,
        /// Who did it.
        member: Option<i64>,
        /// What happened.
        kind: Option<Kind>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_means_one_thing() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.word()), Some(*kind));
        }
        assert_eq!(Kind::from_word("exploded"), None);
    }
}

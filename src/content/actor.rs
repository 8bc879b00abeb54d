//! Who did something. Every event, revision and working copy names one.

/// The one on whose behalf the site acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The site itself: a schedule, the first start.
    System,
    /// `wxpress import`.
    Import,
    /// A person who works here, by number.
    Member(i64),
}

impl Actor {
    /// The word that is stored.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Import => "import",
            Self::Member(_) => "member",
        }
    }

    /// The number of the person, if it is one.
    pub(super) fn member(self) -> Option<i64> {
        match self {
            Self::Member(id) => Some(id),
            Self::System | Self::Import => None,
        }
    }
}

//! What the people who work here may do.

/// The roles of a newsroom, each with everything that the one before it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Writes, and hands in for review.
    Writer,
    /// Edits everybody's articles, reviews and publishes.
    Editor,
    /// Decides besides who works here, and how the site is set up.
    Administrator,
}

impl Role {
    /// All roles, for a list to choose from.
    pub const ALL: [Self; 3] = [Self::Writer, Self::Editor, Self::Administrator];

    /// The word in the database, in forms and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Writer => "writer",
            Self::Editor => "editor",
            Self::Administrator => "administrator",
        }
    }

    /// The role that a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// Whether signing in takes a code besides the password.
    pub fn needs_totp(self) -> bool {
        self >= Self::Editor
    }

    /// Write articles of one's own and hand them in.
    pub fn may_write(self) -> bool {
        self >= Self::Writer
    }

    /// Change articles that somebody else wrote.
    pub fn may_edit_others(self) -> bool {
        self >= Self::Editor
    }

    /// Approve what was handed in, or send it back.
    pub fn may_review(self) -> bool {
        self >= Self::Editor
    }

    /// Publish, schedule, withdraw, correct and pin.
    pub fn may_publish(self) -> bool {
        self >= Self::Editor
    }

    /// Put in order what articles belong to: categories, tags, fixed pages, redirects, other people's pictures.
    pub fn may_arrange(self) -> bool {
        self >= Self::Editor
    }

    /// Change how the site is set up: name, filings, looks, review stages, verification files, accounts.
    pub fn may_change_settings(self) -> bool {
        self >= Self::Administrator
    }

    /// Invite, rename, promote, disable, reset.
    pub fn may_manage_staff(self) -> bool {
        self >= Self::Administrator
    }

    /// Read and export the log of who did what.
    pub fn may_read_log(self) -> bool {
        self >= Self::Administrator
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_before_it_may() {
        let questions: [fn(Role) -> bool; 8] = [
            Role::may_write,
            Role::may_edit_others,
            Role::may_review,
            Role::may_publish,
            Role::may_arrange,
            Role::may_change_settings,
            Role::may_manage_staff,
            Role::may_read_log,
        ];
        let allowed = |role| questions.iter().filter(|question| question(role)).count();
        assert_eq!(Role::ALL.map(allowed), [1, 5, 8]);
        assert_eq!(Role::ALL.map(Role::needs_totp), [false, true, true]);
    }

    #[test]
    fn a_word_means_its_role() {
        assert!(Role::ALL.into_iter().all(|role| Role::from_word(role.word()) == Some(role)));
        assert_eq!(Role::from_word("admin"), None);
    }
}

//! A person who works here.

use std::fmt;
use std::str::FromStr;

use super::Role;
use crate::clock::Millis;

/// The number of a person, the same for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub i64);

/// The name that is typed to sign in: ASCII, so that nobody has to think of the input method, and the same in either
/// case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LoginName(String);

/// The bounds of a login name, in characters.
const LOGIN_LENGTH: std::ops::RangeInclusive<usize> = 2..=64;

impl LoginName {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that was stored, which is not judged again.
    pub(super) fn stored(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a login name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a login name has 2 to 64 letters a-z, digits and . _ - @ +, and begins with a letter or a digit")]
pub struct NotALoginName;

impl FromStr for LoginName {
    type Err = NotALoginName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim().to_ascii_lowercase();
        let fits = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+'));
        let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if fits && begins && LOGIN_LENGTH.contains(&name.len()) { Ok(Self(name)) } else { Err(NotALoginName) }
    }
}

/// The name that colleagues read, without the white space around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// The longest display name, in characters.
const DISPLAY_LENGTH: usize = 40;

impl DisplayName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that was stored, which is not judged again.
    pub(super) fn stored(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a display name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to 40 characters on one line")]
pub struct NotADisplayName;

impl FromStr for DisplayName {
    type Err = NotADisplayName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.trim();
        // Signs that turn the direction of the text around could make one name look like another.
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        };
        if name.is_empty() || name.chars().count() > DISPLAY_LENGTH || name.contains(hidden) {
            return Err(NotADisplayName);
        }
        Ok(Self(name.to_owned()))
    }
}

/// A person who works here and may act. Only this module makes one, from a session that has passed everything it must
/// pass; whoever holds one need not ask again who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    id: MemberId,
    login: LoginName,
    name: DisplayName,
    role: Role,
}

impl Member {
    pub(super) fn new(id: MemberId, login: LoginName, name: DisplayName, role: Role) -> Self {
        Self { id, login, name, role }
    }

    /// The number that events carry.
    pub fn id(&self) -> MemberId {
        self.id
    }

    /// What is typed to sign in.
    pub fn login(&self) -> &LoginName {
        &self.login
    }

    /// What colleagues read.
    pub fn name(&self) -> &DisplayName {
        &self.name
    }

    /// What they may do.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Change an article that `author` wrote; none: the site or an import made it.
    pub fn may_edit(&self, author: Option<MemberId>) -> bool {
        self.role.may_edit_others() || (self.role.may_write() && author == Some(self.id))
    }

    /// See [`Role::may_review`].
    pub fn may_review(&self) -> bool {
        self.role.may_review()
    }

    /// See [`Role::may_publish`].
    pub fn may_publish(&self) -> bool {
        self.role.may_publish()
    }

    /// See [`Role::may_arrange`].
    pub fn may_arrange(&self) -> bool {
        self.role.may_arrange()
    }

    /// See [`Role::may_change_settings`].
    pub fn may_change_settings(&self) -> bool {
        self.role.may_change_settings()
    }

    /// See [`Role::may_manage_staff`].
    pub fn may_manage_staff(&self) -> bool {
        self.role.may_manage_staff()
    }

    /// See [`Role::may_read_log`].
    pub fn may_read_log(&self) -> bool {
        self.role.may_read_log()
    }
}

/// A line in the list of everybody. It is no [`Member`]: who is listed does not act.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The person's number.
    pub id: MemberId,
    /// What is typed to sign in.
    pub login: LoginName,
    /// What colleagues read.
    pub name: DisplayName,
    /// What they may do.
    pub role: Role,
    /// Since when they may not sign in.
    pub disabled_at: Option<Millis>,
    /// Whether a code is asked for besides the password.
    pub has_totp: bool,
    /// When they came to work here.
    pub created_at: Millis,
    /// When they were last seen, to the minute.
    pub seen_at: Option<Millis>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(role: Role) -> Member {
        Member::new(MemberId(7), LoginName::stored("li".to_owned()), DisplayName::stored("李".to_owned()), role)
    }

    #[test]
    fn a_login_name_is_the_same_in_either_case() {
        assert_eq!("  Li.Ming@News.CN ".parse::<LoginName>().unwrap().as_str(), "li.ming@news.cn");
        for bad in ["", "x", "李明", "li ming", "li/ming", "-li", "ｌｉ", &"x".repeat(65)] {
            assert_eq!(bad.parse::<LoginName>(), Err(NotALoginName), "{bad}");
        }
    }

    #[test]
    fn a_display_name_is_what_it_looks_like() {
        assert_eq!(" 李 明 ".parse::<DisplayName>().unwrap().as_str(), "李 明");
        for bad in ["", " ", "a\nb", "\u{202e}nimda", "a\u{200b}", &"李".repeat(41)] {
            assert_eq!(bad.parse::<DisplayName>(), Err(NotADisplayName), "{bad:?}");
        }
    }

    #[test]
    fn a_writer_changes_only_what_is_their_own() {
        assert!(member(Role::Writer).may_edit(Some(MemberId(7))));
        assert!(!member(Role::Writer).may_edit(Some(MemberId(8))));
        assert!(!member(Role::Writer).may_edit(None));
        assert!(member(Role::Editor).may_edit(Some(MemberId(8))));
    }
}

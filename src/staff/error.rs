//! What can go wrong with staff, by what the caller does about it.

use std::time::Duration;

use super::identity::NotAnIdentity;
use super::member::{NotADisplayName, NotALoginName};

/// Why something with staff did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody of that name, a wrong password, or somebody who may not sign in: which of them is not told.
    #[error("name and password do not match")]
    Mismatch,
    /// The code of the second step is wrong or was used before.
    #[error("the code is wrong or was used before")]
    WrongCode,
    /// Too many attempts, or too many at once.
    #[error("too many attempts; try again in {} s", .retry_after.as_secs().max(1))]
    TooManyRequests {
        /// When the next one is listened to.
        retry_after: Duration,
    },
    /// There is no session, or it has ended.
    #[error("not signed in")]
    SignedOut,
    /// The session must pass the second step, or set it up, before it may do this.
    #[error("the second step is missing")]
    NeedsTotp,
    /// The password was last typed too long ago for something this risky.
    #[error("the password must be typed again")]
    NeedsConfirmation,
    /// The person may not do this.
    #[error("not allowed")]
    Forbidden,
    /// There is no such person, session or invitation.
    #[error("not found")]
    NotFound,
    /// The link was used, has expired, or never was.
    #[error("the link is no longer valid")]
    LinkExpired,
    /// Somebody else signs in by this name.
    #[error("the login name is taken")]
    LoginTaken,
    /// The account at WeChat or WeCom is bound to somebody else.
    #[error("this account is bound to somebody else")]
    IdentityTaken,
    /// The second step has yet to be set up, and for that the password is needed.
    #[error("the password is needed to set up the second step")]
    NeedsPassword,
    /// Without this person nobody could manage the site.
    #[error("this is the last administrator")]
    LastAdministrator,
    /// It takes another administrator.
    #[error("only another administrator can do this")]
    OnlyAnother,
    /// The person may not sign in, so that a link would be of no use.
    #[error("this person is disabled")]
    Disabled,
    /// What was typed as a new password.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// What was typed as a login name.
    #[error(transparent)]
    LoginName(#[from] NotALoginName),
    /// What was typed as a display name.
    #[error(transparent)]
    DisplayName(#[from] NotADisplayName),
    /// What was typed as an account elsewhere.
    #[error(transparent)]
    Identity(#[from] NotAnIdentity),
    /// The database did not do what it was asked.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row holds what this program cannot have written.
    #[error("the database holds a damaged {0}")]
    Damaged(&'static str),
    /// The program is stopping.
    #[error("stopping")]
    Stopping,
}

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 12 characters.
    #[error("a password has at least 12 characters")]
    TooShort,
    /// More than 128 characters.
    #[error("a password has at most 128 characters")]
    TooLong,
    /// Little more than the person's or the site's name.
    #[error("the password is little more than a name that everybody knows")]
    Personal,
    /// Among the first that anybody would try.
    #[error("the password is easy to guess; a sentence of several words is better")]
    Guessable,
}

//! The log of who did what with staff. It is only ever added to; the database refuses anything else.

use serde_json::Value;

use super::{Error, MemberId, Session, Staff, store};
use crate::clock::Millis;

/// On whose behalf something is done with staff.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Who sits at the machine: the command line.
    Operator,
    /// Who signed in.
    Session(&'a Session),
}

/// The same, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    Operator,
    Member(MemberId),
}

impl Actor {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Member(_) => "member",
        }
    }

    pub(super) fn member(self) -> Option<MemberId> {
        match self {
            Self::Operator => None,
            Self::Member(id) => Some(id),
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    SetUp,
    Invited,
    InvitationWithdrawn,
    Joined,
    PasswordAccepted,
    SignedIn,
    SignedOut,
    PasswordChanged,
    ResetLinkMade,
    PasswordReset,
    TotpSetUp,
    TotpPaused,
    TotpReset,
    RecoveryCodeUsed,
    RecoveryCodesRenewed,
    Renamed,
    RoleChanged,
    Disabled,
    Enabled,
    SessionsEnded,
    IdentityBound,
    IdentityUnbound,
}

impl Kind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::Invited => "invited",
            Self::InvitationWithdrawn => "invitation_withdrawn",
            Self::Joined => "joined",
            Self::PasswordAccepted => "password_accepted",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::PasswordChanged => "password_changed",
            Self::ResetLinkMade => "reset_link_made",
            Self::PasswordReset => "password_reset",
            Self::TotpSetUp => "totp_set_up",
            Self::TotpPaused => "totp_paused",
            Self::TotpReset => "totp_reset",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::Renamed => "renamed",
            Self::RoleChanged => "role_changed",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::SessionsEnded => "sessions_ended",
            Self::IdentityBound => "identity_bound",
            Self::IdentityUnbound => "identity_unbound",
        }
    }
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct StaffEvent {
    /// Its number; the log goes on before it.
    pub id: i64,
    /// When.
    pub at: Millis,
    /// By whom; none: the command line.
    pub by: Option<MemberId>,
    /// `operator` or `member`.
    pub actor: String,
    /// What, in a word such as `role_changed`.
    pub kind: String,
    /// To whom.
    pub subject: Option<MemberId>,
    /// The rest, as JSON.
    pub detail: Value,
}

/// Which events are asked for; what is not set does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffEventFilter {
    /// By whom.
    pub by: Option<MemberId>,
    /// What, in its word.
    pub kind: Option<String>,
}

impl Staff {
    /// What of the log is asked for, newest first, from before an event's number.
    pub async fn audit(&self, filter: &StaffEventFilter, before: i64, limit: u16) -> Result<Vec<StaffEvent>, Error> {
        store::event::matching(self.db.read(), filter, before, limit).await
    }

    /// The log, newest first, from before an event's number.
    pub async fn events(&self, before: Option<i64>, limit: u16) -> Result<Vec<StaffEvent>, Error> {
        store::event::list(self.db.read(), before.unwrap_or(i64::MAX), limit).await
    }

    /// What somebody did, and what was done to them, newest first, from before an event's number.
    pub async fn events_of(&self, member: MemberId, before: Option<i64>, limit: u16) -> Result<Vec<StaffEvent>, Error> {
        store::event::list_of(self.db.read(), member, before.unwrap_or(i64::MAX), limit).await
    }
}

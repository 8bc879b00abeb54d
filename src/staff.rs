//! Who works here: people, roles, signing in, sessions, the second step, links, and the log of all that.
//!
//! [`Staff`] is the door. A [`Member`], who may act, only comes out of a [`Session`] that has passed everything it must
//! pass. What is done to others takes [`By`], and the rules are kept here, so that no page can forget them.
//!
//! | file | holds |
//! |---|---|
//! | [`role`], [`member`] | who somebody is, and what they may do |
//! | [`sign_in`], [`limit`] | name and password, and how often they may be tried |
//! | [`password`] | which passwords are taken, and how they are kept |
//! | [`session`] | what a browser holds |
//! | [`second_step`], [`totp`] | the authenticator and the recovery codes |
//! | [`link`] | set-up, invitations, new passwords |
//! | [`administration`], [`identity`] | who works here, and by which accounts elsewhere they sign in |
//! | [`change`], [`event`] | a change and its line in the log |

mod administration;
mod change;
mod error;
mod event;
mod identity;
mod limit;
mod link;
mod member;
mod password;
mod role;
mod second_step;
mod session;
mod sign_in;
mod store;
mod totp;

use std::sync::Arc;

pub use error::{Error, WeakPassword};
pub use event::{By, StaffEvent, StaffEventFilter};
pub use identity::{Identity, Issuers, NotAnIdentity, Platform};
pub use link::{Invitation, JOIN_PATH, Link, RESET_PATH, Registration, Reset, SETUP_PATH};
pub use member::{DisplayName, Listed, LoginName, Member, MemberId, NotADisplayName, NotALoginName};
pub use password::Cost;
pub use role::Role;
pub use session::{Opened, Session, SessionId, SessionLine, SessionState, Visitor};
pub use totp::{RecoveryCodes, TotpSetup};

use crate::clock::Clock;
use crate::config::{Sealer, Secret, SecretKey};
use crate::db::Db;
use password::Hasher;

/// The door to everything in this module. Clones share the same database.
#[derive(Clone, Debug)]
pub struct Staff {
    db: Db,
    clock: Clock,
    hasher: Hasher,
    sealer: Sealer,
    keys: Keys,
    /// Words that everybody knows of the site; no password may be little more.
    words: Arc<[String]>,
    issuers: Issuers,
    random: fn() -> [u8; 32],
}

/// Keys of one purpose each.
#[derive(Clone, Debug)]
struct Keys {
    csrf: Secret<[u8; 32]>,
    limit: Secret<[u8; 32]>,
    recovery: Secret<[u8; 32]>,
}

impl Staff {
    /// The staff in a database. No password may be little more than one of `words`: the name of the site and the like.
    pub fn new(db: Db, clock: Clock, key: &SecretKey, words: Vec<String>, random: fn() -> [u8; 32]) -> Self {
        let keys =
            Keys { csrf: key.derive("csrf"), limit: key.derive("sign-in limit"), recovery: key.derive("recovery") };
        let sealer = Sealer::new(&key.derive("totp"));
        Self {
            db,
            clock,
            hasher: Hasher::new(Cost::STANDARD),
            sealer,
            keys,
            words: words.into(),
            issuers: Issuers::default(),
            random,
        }
    }

    /// The same, at a site with these accounts elsewhere.
    #[must_use]
    pub fn with_issuers(mut self, issuers: Issuers) -> Self {
        self.issuers = issuers;
        self
    }

    /// The same, with passwords that cost a guess something else. A password that costs less is hashed anew when its
    /// owner signs in.
    #[must_use]
    pub fn with_cost(mut self, cost: Cost) -> Self {
        self.hasher = Hasher::new(cost);
        self
    }
}

//! What a browser holds after signing in, and what it may do yet.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;
use subtle::ConstantTimeEq as _;

use super::event::Kind;
use super::limit::network;
use super::store::member::Account;
use super::store::session::{Begun, Stored};
use super::{DisplayName, Error, LoginName, Member, Staff, store};
use crate::clock::Millis;
use crate::config::Secret;
use crate::config::secret_key::mac;

/// How long a session may be left alone, and how long it lives at most.
struct Life {
    idle: Duration,
    absolute: Duration,
}

const ORDINARY: Life = Life { idle: Duration::from_mins(60), absolute: Duration::from_hours(12) };
/// Of somebody who asked to be kept signed in.
const KEPT: Life = Life { idle: Duration::from_hours(3 * 24), absolute: Duration::from_hours(14 * 24) };
/// Between the password and the code.
const HALFWAY: Life = Life { idle: Duration::from_mins(15), absolute: Duration::from_mins(15) };
/// What is risky asks for the password again after this.
const CONFIRMED: Duration = Duration::from_mins(10);
/// How much of a wrong clock is forgiven: a session from further ahead is none.
const AHEAD: Duration = Duration::from_hours(1);
/// That somebody was seen is written at most so often.
const SEEN_EVERY: Duration = Duration::from_mins(1);
/// Sessions of one person.
const MOST: i64 = 5;
/// The longest description of a browser that is kept, in characters.
const AGENT_LENGTH: usize = 120;

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// The password was right; the code of the second step is missing.
    NeedsTotp,
    /// The role asks for a second step, which the person has not set up yet.
    NeedsTotpSetup,
    /// Everything was passed.
    Full,
}

/// The number of a session; it grants nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// A browser that somebody signed in with. Who it is was read from the database for this very request.
#[derive(Clone, Debug)]
pub struct Session {
    id: SessionId,
    member: Member,
    state: SessionState,
    has_totp: bool,
    kept: bool,
    csrf: Secret<String>,
    confirmed_at: Millis,
}

impl Session {
    /// The number of the session, to tell it from the others in a list.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// How far it has come.
    pub fn state(&self) -> SessionState {
        self.state
    }

    /// Who acts. An error before everything was passed: [`Error::NeedsTotp`].
    pub fn member(&self) -> Result<&Member, Error> {
        if self.state == SessionState::Full { Ok(&self.member) } else { Err(Error::NeedsTotp) }
    }

    /// Who is on the way in, to be greeted.
    pub fn name(&self) -> &DisplayName {
        self.member.name()
    }

    /// The login name of who is on the way in.
    pub fn login(&self) -> &LoginName {
        self.member.login()
    }

    /// Whether a second step is set up.
    pub fn has_totp(&self) -> bool {
        self.has_totp
    }

    /// The token that every form of this session carries.
    pub fn csrf(&self) -> &str {
        self.csrf.expose()
    }

    /// Whether a form carries this session's token.
    pub fn csrf_matches(&self, token: &str) -> bool {
        self.csrf().as_bytes().ct_eq(token.as_bytes()).into()
    }

    /// Whether the password was typed in the last ten minutes, so that something risky may be done.
    pub fn is_confirmed(&self, now: Millis) -> bool {
        self.confirmed_at <= now && now.since(self.confirmed_at) <= CONFIRMED
    }

    /// Who is on the way in, whatever is still missing.
    pub(super) fn person(&self) -> &Member {
        &self.member
    }

    /// What a session that takes this one's place inherits.
    pub(super) fn inheritance(&self) -> Entry {
        Entry { passed: true, kept: self.kept, confirmed_at: self.confirmed_at }
    }
}

/// A session that was just opened, with what the browser is to keep.
#[derive(Debug)]
pub struct Opened {
    /// The value of the cookie. The database knows only its hash.
    pub token: Secret<String>,
    /// How long the browser keeps it; none: until it is closed.
    pub keep_for: Option<Duration>,
    /// The session.
    pub session: Session,
}

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The address, as the trusted proxies tell it.
    pub address: IpAddr,
    /// The browser in a few words, for the list of sessions.
    pub agent: String,
}

/// A line in the list of somebody's sessions.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// Its number.
    pub id: SessionId,
    /// When it began.
    pub created_at: Millis,
    /// When it was last seen, to the minute.
    pub seen_at: Millis,
    /// The beginning of the address.
    pub network: String,
    /// The browser.
    pub agent: String,
}

/// How somebody comes in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Whether the second step was passed, or is not asked for.
    pub(super) passed: bool,
    /// Whether the browser is to keep the session.
    pub(super) kept: bool,
    /// When the password was typed.
    pub(super) confirmed_at: Millis,
}

impl Staff {
    /// The session of a cookie; [`Error::SignedOut`] if there is none. To be asked for every request: who it is, and
    /// what they may do, may have changed since the last one.
    pub async fn session(&self, token: &str) -> Result<Session, Error> {
        let now = self.clock.now();
        let hash = hash_of(token);
        let stored = store::session::find(self.db.read(), &hash).await?.filter(|stored| lives(stored, now));
        let stored = stored.ok_or(Error::SignedOut)?;
        if now.since(stored.seen_at) >= SEEN_EVERY
            && let Err(error) = self.mark_seen(&stored, now).await
        {
            // A full disk must not sign everybody out.
            tracing::warn!(%error, "that somebody was seen could not be written");
        }
        Ok(self.understand(stored, &hash))
    }

    /// Ends this session.
    pub async fn sign_out(&self, session: &Session) -> Result<(), Error> {
        let mut change = self.change_by(&session.member).await?;
        store::session::end(&mut change.transaction, session.member.id(), session.id).await?;
        change.log(Kind::SignedOut, session.member.id()).await?;
        change.commit().await
    }

    /// One's own sessions, newest first.
    pub async fn sessions(&self, member: &Member) -> Result<Vec<SessionLine>, Error> {
        store::session::list(self.db.read(), member.id()).await
    }

    /// Ends one of one's own sessions.
    pub async fn end_session(&self, member: &Member, session: SessionId) -> Result<(), Error> {
        let mut change = self.change_by(member).await?;
        if !store::session::end(&mut change.transaction, member.id(), session).await? {
            return Err(Error::NotFound);
        }
        change.log(Kind::SessionsEnded, member.id()).await?;
        change.commit().await
    }

    /// Opens a session for somebody who was locked in this transaction.
    pub(super) async fn open(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        entry: Entry,
        from: &Visitor,
    ) -> Result<Opened, Error> {
        let now = self.clock.now();
        let (kept_since, others_since) = (now.minus(KEPT.absolute), now.minus(ORDINARY.absolute));
        store::session::sweep(connection, kept_since, others_since).await?;
        let token = self.token();
        let hash = hash_of(token.expose());
        let agent: String = from.agent.chars().filter(|c| !c.is_control()).take(AGENT_LENGTH).collect();
        let Entry { passed, kept, confirmed_at } = entry;
        let (member, network) = (account.member.id(), network(from.address));
        let begun =
            Begun { hash: &hash, member, passed, kept, at: now, confirmed_at, network: &network, agent: &agent };
        let id = store::session::insert(connection, &begun).await?;
        store::session::keep_newest(connection, member, passed, MOST).await?;
        let (member, has_totp) = (account.member.clone(), account.totp_sealed.is_some());
        let stored = Stored { id, member, has_totp, passed, kept, created_at: now, seen_at: now, confirmed_at };
        let keep_for = (kept && passed).then_some(KEPT.absolute);
        Ok(Opened { keep_for, session: self.understand(stored, &hash), token })
    }

    /// 256 bits that nobody can guess, as they go into a cookie or an address.
    pub(super) fn token(&self) -> Secret<String> {
        Secret::new(URL_SAFE_NO_PAD.encode((self.random)()))
    }

    async fn mark_seen(&self, stored: &Stored, now: Millis) -> Result<(), Error> {
        store::session::mark_seen(&mut *self.db.writer().await?, stored.id, now).await
    }

    fn understand(&self, stored: Stored, hash: &str) -> Session {
        let Stored { id, member, has_totp, passed, kept, confirmed_at, .. } = stored;
        let state = if !passed {
            SessionState::NeedsTotp
        } else if member.role().needs_totp() && !has_totp {
            SessionState::NeedsTotpSetup
        } else {
            SessionState::Full
        };
        let csrf = Secret::new(hex::encode(mac(self.keys.csrf.expose(), hash.as_bytes())));
        Session { id, member, state, has_totp, kept, csrf, confirmed_at }
    }
}

/// What the database knows of a token.
pub(super) fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

fn lives(stored: &Stored, now: Millis) -> bool {
    let life = match (stored.passed, stored.kept) {
        (false, _) => HALFWAY,
        (true, false) => ORDINARY,
        (true, true) => KEPT,
    };
    now.since(stored.created_at) < life.absolute
        && now.since(stored.seen_at) < life.idle
        && stored.created_at.since(now) <= AHEAD
}

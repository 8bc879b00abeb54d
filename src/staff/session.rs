//! What a browser holds after signing in, and what it may do yet.

mod own;

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
pub use own::SessionLine;

/// How long a session may be left alone, and how long it lives at most.
struct Life {
    idle: Duration,
    absolute: Duration,
}

impl Life {
    /// Whether a session that was opened and last seen at these times still stands.
    fn goes_on(&self, now: Millis, created_at: Millis, seen_at: Millis) -> bool {
        now.since(created_at) < self.absolute && now.since(seen_at) < self.idle && created_at.since(now) <= AHEAD
    }
}

const ORDINARY: Life = Life { idle: Duration::from_hours(1), absolute: Duration::from_hours(12) };
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
    created_at: Millis,
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
        let stored = store::session::find(self.db.read(), &hash).await?;
        let stored =
            stored.filter(|stored| life(stored.passed, stored.kept).goes_on(now, stored.created_at, stored.seen_at));
        let stored = stored.ok_or(Error::SignedOut)?;
        if now.since(stored.seen_at) >= SEEN_EVERY
            && let Err(error) = self.mark_seen(&stored, now).await
        {
            // A full disk must not sign everybody out.
            tracing::warn!(%error, "that somebody was seen could not be written");
        }
        Ok(self.understand(stored))
    }

    /// Ends this session.
    pub async fn sign_out(&self, session: &Session) -> Result<(), Error> {
        let mut change = self.change_by(&session.member).await?;
        if store::session::end(&mut change.transaction, session.member.id(), session.id).await? {
            change.log(Kind::SignedOut, session.member.id()).await?;
        }
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
        self.recognise(connection, account.member.login(), from).await?;
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
        store::member::mark_seen(connection, member.id(), now).await?;
        let stored = Stored { id, member, has_totp, passed, kept, created_at: now, seen_at: now, confirmed_at };
        let keep_for = (kept && passed).then_some(KEPT.absolute);
        Ok(Opened { keep_for, session: self.understand(stored), token })
    }

    /// Gives a session whose owner has just typed the password another token.
    pub(super) async fn renew(&self, connection: &mut AnyConnection, session: &Session) -> Result<Opened, Error> {
        let (now, token) = (self.clock.now(), self.token());
        if !store::session::renew(connection, session.id, &hash_of(token.expose()), now).await? {
            return Err(Error::SignedOut);
        }
        let left = KEPT.absolute.saturating_sub(now.since(session.created_at));
        let session = Session { confirmed_at: now, ..session.clone() };
        Ok(Opened { keep_for: session.kept.then_some(left), session, token })
    }

    /// 256 bits that nobody can guess, as they go into a cookie or an address.
    pub(super) fn token(&self) -> Secret<String> {
        Secret::new(URL_SAFE_NO_PAD.encode((self.random)()))
    }

    async fn mark_seen(&self, stored: &Stored, now: Millis) -> Result<(), Error> {
        let mut writer = self.db.writer().await?;
        store::session::mark_seen(&mut writer, stored.id, now).await?;
        store::member::mark_seen(&mut writer, stored.member.id(), now).await
    }

    fn understand(&self, stored: Stored) -> Session {
        let Stored { id, member, has_totp, passed, kept, created_at, confirmed_at, .. } = stored;
        let state = if !passed {
            SessionState::NeedsTotp
        } else if member.role().needs_totp() && !has_totp {
            SessionState::NeedsTotpSetup
        } else {
            SessionState::Full
        };
        // Of what stays when the session gets another token: a page that is open goes on being good.
        let lasting = format!("{} {}", id.0, created_at.0);
        let csrf = Secret::new(hex::encode(mac(self.keys.csrf.expose(), lasting.as_bytes())));
        Session { id, member, state, has_totp, kept, csrf, created_at, confirmed_at }
    }
}

/// What the database knows of a token.
pub(super) fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

fn life(passed: bool, kept: bool) -> Life {
    match (passed, kept) {
        (false, _) => HALFWAY,
        (true, false) => ORDINARY,
        (true, true) => KEPT,
    }
}

//! Who works here: signing in and what keeps others out, on the real database with a clock that the test moves.

mod command;
mod links;
mod people;
mod second_step;
mod sessions;
mod sign_in;

use std::time::Duration;

use sqlx::Row as _;
use wxpress::clock::Clock;
use wxpress::config::{Secret, SecretKey};
use wxpress::db::Db;
use wxpress::staff::{
    By, Cost, Error, Link, MemberId, Opened, RecoveryCodes, Registration, Role, Session, SessionState, Staff,
    TotpSetup, Visitor,
};

use crate::database::{NOON, TestDatabase};

/// A password that is taken, different for everybody.
pub(crate) fn password_of(login: &str) -> Secret<String> {
    Secret::new(format!("tidal Lantern 42 gorge/{}", login.chars().rev().collect::<String>()))
}

/// A newsroom at a time that the test moves.
struct Newsroom {
    staff: Staff,
    db: Db,
    clock: Clock,
    _database: TestDatabase,
}

/// Somebody who has signed in, and their authenticator.
struct Person {
    id: MemberId,
    opened: Opened,
    secret: String,
    recovery: Vec<String>,
}

impl Person {
    fn session(&self) -> &Session {
        &self.opened.session
    }

    fn by(&self) -> By<'_> {
        By::Session(self.session())
    }
}

/// Where the tests' requests come from.
fn visitor(address: &str) -> Visitor {
    Visitor { address: address.parse().unwrap(), agent: "Chrome on Windows".to_owned() }
}

fn desk() -> Visitor {
    visitor("192.0.2.1")
}

fn registration(login: &str) -> Registration {
    Registration { login: login.to_owned(), name: format!("{login} 先生"), password: password_of(login) }
}

/// The token at the end of a link.
fn token(link: &Link) -> String {
    link.path.expose().rsplit('/').next().unwrap().to_owned()
}

impl Newsroom {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let (db, clock) = (database.open().await, Clock::fixed(NOON));
        let key = SecretKey::from_bytes([7; 32]);
        let words = vec!["云溪新闻".to_owned(), "news.yunxi.cn".to_owned()];
        let staff = Staff::new(db.clone(), clock.clone(), &key, words, rand::random);
        let staff = staff.with_cost(Cost { memory: 64, passes: 1 });
        Self { staff, db, clock, _database: database }
    }

    /// The same with its first administrator, `chief`.
    async fn with_chief() -> (Self, Person) {
        let newsroom = Self::new().await;
        let link = newsroom.staff.setup_link().await.unwrap().unwrap();
        let opened = newsroom.staff.set_up(&token(&link), &registration("chief"), &desk()).await.unwrap();
        let chief = newsroom.complete(opened).await;
        (newsroom, chief)
    }

    /// Somebody joins and sets up what the role asks for.
    async fn joins(&self, login: &str, role: Role) -> Person {
        let link = self.staff.invite(By::Operator, login, role).await.unwrap();
        let opened = self.staff.join(&token(&link), &registration(login), &desk()).await.unwrap();
        self.complete(opened).await
    }

    async fn complete(&self, opened: Opened) -> Person {
        let login = opened.session.login().clone();
        let (opened, secret, codes) = match opened.session.state() {
            SessionState::Full => (opened, String::new(), Vec::new()),
            _ => self.set_up_totp(&opened.session).await,
        };
        assert_eq!(opened.session.state(), SessionState::Full);
        let id = self.staff.find(&login).await.unwrap().id;
        Person { id, opened, secret, recovery: codes }
    }

    async fn set_up_totp(&self, session: &Session) -> (Opened, String, Vec<String>) {
        let setup: TotpSetup = self.staff.begin_totp(session, "云溪新闻").await.unwrap();
        let secret = setup.secret.expose().clone();
        let code = self.code(&secret);
        let (opened, RecoveryCodes(codes)) = self.staff.finish_totp(session, &code, &desk()).await.unwrap();
        (opened, secret, codes.expose().clone())
    }

    /// What an authenticator with this secret shows now.
    fn code(&self, secret: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret.replace(' ', "")).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(self.clock.now().as_secs()).unwrap()).to_string()
    }

    /// Time goes by, and with it the code that was used.
    fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    async fn sign_in(&self, login: &str) -> Result<Opened, Error> {
        self.staff.sign_in(login, &password_of(login), false, &desk()).await
    }

    /// Signs in with both steps.
    async fn comes_back(&self, login: &str, person: &Person) -> Opened {
        self.wait(30);
        let opened = self.sign_in(login).await.unwrap();
        if opened.session.state() == SessionState::Full {
            return opened;
        }
        self.staff.pass_totp(&opened.session, &self.code(&person.secret), &desk()).await.unwrap()
    }

    async fn is_signed_in(&self, opened: &Opened) -> bool {
        match self.staff.session(opened.token.expose()).await {
            Ok(_) => true,
            Err(Error::SignedOut) => false,
            Err(other) => panic!("{other}"),
        }
    }

    /// The kinds of all events, oldest first.
    async fn log(&self) -> Vec<String> {
        let events = self.staff.events(None, 1000).await.unwrap();
        events.into_iter().rev().map(|event| event.kind).collect()
    }

    /// Every text that the tables of staff hold.
    async fn everything(&self) -> String {
        let mut all = String::new();
        for query in [
            "SELECT login || name || password || COALESCE(totp_sealed, '') FROM member",
            "SELECT hash FROM recovery_code",
            "SELECT hash || COALESCE(pending_sealed, '') || network || agent FROM staff_session",
            "SELECT hash || COALESCE(name, '') FROM staff_link",
            "SELECT subject FROM staff_attempt",
            "SELECT kind || detail FROM staff_event",
        ] {
            let rows = sqlx::query(query).fetch_all(self.db.read()).await.unwrap();
            all.extend(rows.iter().map(|row| row.try_get::<String, _>(0).unwrap() + "\n"));
        }
        all
    }
}

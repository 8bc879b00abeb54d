//! The phone side of WeChat: the native half of the bridge that Tencent's script talks to.
//!
//! The other half, `phone.js`, runs in a real browser in place of the bridge that the client injects. It sends
//! every message through a channel of the browser's driver, which adds the page's true address; the page itself
//! can neither reach the channel nor lie about where it is.

mod card;
mod profile;
mod reply;
mod session;
mod target;

use std::collections::VecDeque;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::card::{Card, opened};
use self::profile::{Bridge, Config, PROFILES, Profile, named};
use self::session::{Opened, Session, Tap};
use self::target::Target;
use super::judge::Platform;
use super::shared::Shared;
use super::world::World;

const SCRIPT: &str = include_str!("phone.js");
/// Pages that are remembered; a test run opens far fewer at once.
const REMEMBERED: usize = 1000;

/// The pages that are open in all clients.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phones {
    sessions: VecDeque<(String, Session)>,
}

impl Phones {
    pub(crate) fn count(&self) -> usize {
        self.sessions.len()
    }

    fn open(&mut self, view: String, session: Session) {
        if self.sessions.len() >= REMEMBERED {
            self.sessions.pop_front();
        }
        self.sessions.push_back((view, session));
    }

    fn get(&self, view: &str) -> Option<&Session> {
        self.sessions.iter().find(|(name, _)| name == view).map(|(_, session)| session)
    }
}

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/__sim/clients", web::get().to(list))
        .route("/__sim/phone.js", web::get().to(script))
        .route("/__sim/phone", web::post().to(message))
        .route("/__sim/phone", web::get().to(report));
}

/// A client as the page for people lists it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) user_agent: &'static str,
    pub(crate) platform: Platform,
    /// It configures no page, whatever the page says.
    pub(crate) refuses: bool,
}

/// Every client that can share.
pub(crate) fn clients() -> Vec<Client> {
    let sharing = PROFILES.iter().filter(|profile| profile.bridge != Bridge::None);
    let listed = sharing.map(|profile| Client {
        name: profile.name,
        label: profile.label,
        user_agent: profile.user_agent,
        platform: profile.rules.client,
        refuses: profile.rules.config == Config::Fails,
    });
    listed.collect()
}

/// Which client, and how it came to the page.
#[derive(Deserialize)]
struct Opening {
    client: String,
    #[serde(default)]
    opened: Opened,
}

/// A message of `phone.js`, with the address that only the browser's driver knows for certain.
#[derive(Deserialize)]
struct Envelope {
    page: String,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    /// The page's name for itself: a random one for each document.
    view: String,
    #[serde(flatten)]
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Kind {
    Open,
    Invoke {
        name: String,
        #[serde(default)]
        arguments: Value,
    },
    Tap {
        target: Target,
        #[serde(default)]
        handlers: Vec<String>,
    },
    Send {
        #[serde(default)]
        title: String,
    },
}

async fn list() -> HttpResponse {
    HttpResponse::Ok().json(PROFILES)
}

async fn script(client: web::Query<Opening>) -> HttpResponse {
    let Some(profile) = named(&client.client) else { return unknown_client() };
    let text = serde_json::to_string(profile).unwrap_or_default();
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(SCRIPT.replace("__CLIENT__", &text))
}

async fn message(
    client: web::Query<Opening>,
    envelope: web::Json<Envelope>,
    shared: web::Data<Shared>,
) -> HttpResponse {
    let Some(profile) = named(&client.client) else { return unknown_client() };
    let envelope = envelope.into_inner();
    HttpResponse::Ok().json(shared.with(|world| receive(world, profile, client.opened, envelope)))
}

fn receive(world: &mut World, profile: &'static Profile, opened: Opened, envelope: Envelope) -> Value {
    let Envelope { page, message: Message { view, kind } } = envelope;
    // The phones are taken out so that a page's session can look at the rest of the world.
    let mut phones = std::mem::take(&mut world.phones);
    if phones.get(&view).is_none() {
        phones.open(view.clone(), Session::new(profile, opened, &page));
    }
    let session = phones.sessions.iter_mut().find(|(name, _)| *name == view);
    let reply = session.map_or(Value::Null, |(_, session)| {
        session.address = page;
        attend(world, session, kind)
    });
    world.phones = phones;
    reply
}

fn attend(world: &World, session: &mut Session, kind: Kind) -> Value {
    match kind {
        Kind::Open => json!({}),
        Kind::Invoke { name, arguments } => session.invoke(world, &name, &arguments),
        Kind::Tap { target, handlers } => match session.tap(target, &handlers) {
            None => json!({ "error": format!("{} has no such item", session.profile.name) }),
            Some(Tap::Knows) => json!({ "event": null }),
            Some(Tap::Asks(target)) => json!({
                "event": target.event(),
                "call": target.call(),
                "data": { "scene": target.scene(), "shareTo": target.scene() },
            }),
        },
        Kind::Send { title } => match session.send(&title) {
            None => json!({ "error": "nobody tapped" }),
            Some((target, card)) => json!(Sent::new(world.clock.now(), session, target, card)),
        },
    }
}

/// What `window.__phone.share` returns.
#[derive(Serialize)]
struct Sent {
    target: Target,
    #[serde(flatten)]
    card: Card,
    /// The address that opens for a recipient; for a chat, in a conversation of two.
    url: String,
    /// The same by place: `singlemessage`, `groupmessage`, `timeline`.
    opens: serde_json::Map<String, Value>,
    warnings: Vec<&'static str>,
    verdict: Value,
}

impl Sent {
    fn new(now: i64, session: &Session, target: Target, card: Card) -> Self {
        let tail = session.profile.rules.tail;
        let places = target.places().iter();
        let opens: serde_json::Map<_, _> =
            places.map(|place| ((*place).to_owned(), json!(opened(&card.link, place, tail, now)))).collect();
        let url = target.places().first().map_or(card.link.clone(), |place| opened(&card.link, place, tail, now));
        Self { target, url, opens, warnings: card.warnings(), verdict: verdict(session), card }
    }
}

fn verdict(session: &Session) -> Value {
    json!({
        "config": session.config.text("config"),
        "agentConfig": session.agent_config.text("agentConfig"),
        "granted": session.granted,
    })
}

#[derive(Deserialize)]
struct View {
    view: String,
}

/// What the client knows about one page.
async fn report(view: web::Query<View>, shared: web::Data<Shared>) -> HttpResponse {
    let report = shared.with(|world| {
        world.phones.get(&view.view).map(|session| {
            let calls = session.calls.iter().map(|(name, reply)| json!({ "name": name, "reply": reply }));
            json!({
                "client": session.profile.name,
                "page": session.address,
                "verdict": verdict(session),
                "viewer": session.viewer,
                "calls": calls.collect::<Vec<_>>(),
            })
        })
    });
    report.map_or_else(|| HttpResponse::NotFound().finish(), |report| HttpResponse::Ok().json(report))
}

fn unknown_client() -> HttpResponse {
    let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    HttpResponse::NotFound().json(json!({ "problem": "no such client", "clients": names }))
}

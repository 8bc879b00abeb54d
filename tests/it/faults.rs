//! WeChat in every bad state it can be in, while readers read: no page fails, no text changes, no page carries values
//! that a phone would refuse, and nothing secret comes out.

use std::fmt::Write as _;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use sqlx::Row as _;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use wxpress::config::DatabaseUrl;
use wxpress::credentials::{Keeper, Kind};
use wxpress::simulator::{
    AGENT_TICKET, CORP_TICKET, Fault, GET_TICKET, GET_TOKEN, STABLE_TOKEN, Simulator, TicketPolicy, World,
};
use wxpress::web::Ops;

use crate::database::TestDatabase;
use crate::process::free_address;
use crate::rig::{HOST, Member, Rig, corp, corp_secret, official, official_settings, wecom_settings};
use crate::site::APP_SECRET;

const ARTICLE: &str = "/articles/spring";
const TEXT: &str = "<p>山上的雪化了，河水涨了三寸。</p><p>Rivers rise.</p>";
const HOUR: Duration = Duration::from_hours(1);
const TEN_MINUTES: Duration = Duration::from_mins(10);

/// Keeps what is logged on this thread, at least as much as the program would log when told to be verbose.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    pub(crate) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let filter = EnvFilter::new("wxpress=trace,info");
        tracing::subscriber::set_default(
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(self.clone()).finish(),
        )
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// A site with both accounts and an article, its keepers apart, and everything that it showed to anybody.
struct Trial {
    rig: Rig,
    member: Member,
    keepers: Vec<Keeper>,
    text: String,
    seen: String,
    /// Values that nobody may see.
    secrets: Vec<String>,
    log: Log,
    fault: String,
    _listening: tracing::subscriber::DefaultGuard,
}

impl Trial {
    async fn new(name: String) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), name).await
    }

    async fn at(address: SocketAddr, name: String) -> Self {
        let log = Log::default();
        let listening = log.listen();
        let world = World::new()
            .with_official(official().with_ticket_policy(TicketPolicy::RenewedEarly))
            .with_corp(corp().with_ticket_policy(TicketPolicy::RenewedEarly));
        let rig = Rig::at(address, world).await;
        let wechat = rig.simulator.base_url();
        let settings = [official_settings(&wechat), wecom_settings(&wechat, "1000002")].concat();
        let mut member = rig.member(&settings).await;
        member.publish("spring", "春天来了", TEXT).await;
        let text = member.get(ARTICLE).await.text("main");
        let keepers = std::mem::take(&mut member.keepers);
        let secrets = vec![APP_SECRET.to_owned(), corp_secret("1000002"), "CANARY".to_owned()];
        let seen = String::new();
        Self { rig, member, keepers, text, seen, secrets, log, fault: name, _listening: listening }
    }

    /// Sends faults to come.
    fn fault(&self, endpoints: &[&str], fault: &Fault) {
        for endpoint in endpoints {
            self.rig.simulator.fault(endpoint, fault.clone(), None);
        }
    }

    fn clear(&self) {
        self.rig.simulator.with(World::clear_faults);
    }

    /// The keepers do what is due, and readers read meanwhile.
    async fn while_readers_read(&mut self) {
        let keepers = std::mem::take(&mut self.keepers);
        let keeping = futures_util::future::join_all(keepers.into_iter().map(async |mut keeper| {
            keeper.step().await;
            keeper
        }));
        let (keepers, ()) = tokio::join!(keeping, self.read(5));
        self.keepers = keepers;
        self.remember_secrets();
        self.read(1).await;
    }

    /// Readers open the article, and every page is right.
    async fn read(&mut self, times: usize) {
        for _ in 0..times {
            let page = self.member.get(ARTICLE).await;
            assert_eq!(page.status.as_u16(), 200, "{}", self.fault);
            assert_eq!(page.text("main"), self.text, "{}", self.fault);
            write!(self.seen, "{:?}{}", page.headers, page.body).unwrap();
            let health = self.member.get("/readyz").await;
            assert_eq!(health.status.as_u16(), 200, "{}: readiness has nothing to do with WeChat", self.fault);
        }
    }

    /// Time goes by, and the keepers do what is due every two minutes.
    async fn pass(&mut self, time: Duration) {
        let step = Duration::from_mins(2);
        let mut left = time;
        while left > Duration::ZERO {
            self.rig.pass(step.min(left));
            left = left.saturating_sub(step);
            for keeper in &mut self.keepers {
                keeper.step().await;
            }
        }
        self.remember_secrets();
    }

    fn remember_secrets(&mut self) {
        for account in self.member.accounts() {
            let credentials = &self.member.state.credentials;
            let token = credentials.held_token(&account).map(|held| held.value.expose().to_owned());
            let tickets = [Kind::JsapiTicket, Kind::AgentTicket].map(|kind| credentials.held_ticket(&account, kind));
            let tickets = tickets.into_iter().flatten().map(|held| held.value.expose().to_owned());
            self.secrets.extend(token.into_iter().chain(tickets));
        }
        self.secrets.sort();
        self.secrets.dedup();
    }

    /// Values on the page are such as a phone accepts; says how many accounts have some.
    async fn configs(&mut self) -> usize {
        let url = format!("https://{HOST}{ARTICLE}");
        let share = self.member.get(ARTICLE).await.share();
        let values = ["/official", "/wecom", "/wecom/agent"].map(|place| share.pointer(place).cloned());
        let present: Vec<_> = values.into_iter().flatten().collect();
        for values in &present {
            let verdict = self.rig.verdict(values, &url).await;
            assert_eq!(verdict["ok"], true, "{}: {verdict}", self.fault);
        }
        present.len()
    }

    /// Whatever anybody could see holds no secret.
    async fn nothing_leaked(mut self) {
        self.seen += &self.log.text();
        for account in self.member.accounts() {
            write!(self.seen, "{:?}", self.member.state.credentials.status(&account)).unwrap();
        }
        self.seen += &metrics(&self.member).await;
        write!(self.seen, "{:?}", self.member.state).unwrap();
        self.seen += &dump(&self.rig.database).await;
        for secret in &self.secrets {
            assert!(!self.seen.contains(secret.as_str()), "{}: {}", self.fault, around(&self.seen, secret));
        }
    }
}

fn around(text: &str, found: &str) -> String {
    let at = text.find(found).unwrap_or_default();
    let before = text.get(..at).unwrap_or_default().chars().count();
    text.chars().skip(before.saturating_sub(200)).take(400).collect()
}

async fn metrics(member: &Member) -> String {
    let ops = actix_web::web::Data::new(Ops::new(Arc::clone(&member.state)));
    let app = actix_web::test::init_service(wxpress::web::create_ops_app(ops)).await;
    let request = actix_web::test::TestRequest::get().uri("/metrics").to_request();
    let body = actix_web::test::call_and_read_body(&app, request).await;
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(text.contains("wxpress_wechat_calls"), "{text}");
    text
}

/// Every byte that the database has written, or every row of a server's.
async fn dump(database: &TestDatabase) -> String {
    let mut text = String::new();
    if let DatabaseUrl::Sqlite(path) = &database.url {
        for ending in ["", "-wal", "-shm"] {
            let file = format!("{}{ending}", path.display());
            text += &String::from_utf8_lossy(&std::fs::read(file).unwrap_or_default());
        }
        assert!(text.contains("credential"), "the file is empty");
        return text;
    }
    let db = database.open().await;
    let tables = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'";
    for table in sqlx::query(tables).fetch_all(db.read()).await.unwrap() {
        let name: String = table.try_get(0).unwrap();
        let rows = format!("SELECT CAST(t AS TEXT) FROM \"{name}\" t");
        for row in sqlx::query(sqlx::AssertSqlSafe(rows)).fetch_all(db.read()).await.unwrap() {
            text += &row.try_get::<String, _>(0).unwrap();
        }
    }
    assert!(text.contains("jsapi_ticket"), "no credential is stored");
    text
}

/// The endpoints that hand out what others are used with.
const TOKENS: [&str; 2] = [STABLE_TOKEN, GET_TOKEN];
const EVERYTHING: [&str; 1] = ["*"];

/// One fault through the life of a site: at the start, with a ticket in hand, beyond its death, and over.
async fn survives(endpoints: &[&str], fault: Fault) {
    let mut trial = Trial::new(format!("{fault:?} at {endpoints:?}")).await;
    // Cold: WeChat never said anything good.
    trial.fault(endpoints, &fault);
    trial.while_readers_read().await;
    trial.configs().await;
    // Warm: half of the ticket's life is over, and its re-reading goes wrong.
    trial.clear();
    trial.pass(3 * TEN_MINUTES).await;
    assert_eq!(trial.configs().await, 3, "{}: half an hour after it is over", trial.fault);
    trial.rig.pass(HOUR);
    trial.fault(endpoints, &fault);
    trial.while_readers_read().await;
    assert_eq!(trial.configs().await, 3, "{}: a ticket that lives is taken away", trial.fault);
    // Dead: it went wrong for so long that there is no ticket left, unless the fault is one that does not matter.
    trial.rig.pass(HOUR + TEN_MINUTES);
    trial.while_readers_read().await;
    trial.configs().await;
    // Over.
    trial.clear();
    trial.pass(6 * TEN_MINUTES + TEN_MINUTES).await;
    trial.read(1).await;
    assert_eq!(trial.configs().await, 3, "{}: it does not heal", trial.fault);
    trial.nothing_leaked().await;
}

fn errcode(code: i64) -> Fault {
    Fault::Errcode { code, message: None }
}

#[actix_web::test]
async fn a_gateway_that_answers_instead() {
    for status in [500, 502, 503, 429] {
        survives(&EVERYTHING, Fault::Status { status }).await;
    }
}

#[actix_web::test]
async fn a_redirect_that_nobody_follows() {
    let evil = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    evil.set_nonblocking(true).unwrap();
    let location = format!("http://{}/cgi-bin/token", evil.local_addr().unwrap());
    survives(&EVERYTHING, Fault::Redirect { location }).await;
    assert!(evil.accept().is_err(), "the secret went elsewhere");
}

#[actix_web::test]
async fn bodies_that_are_no_answer() {
    for fault in [Fault::Empty, Fault::NotJson, Fault::Truncated, Fault::CutOff] {
        survives(&EVERYTHING, fault).await;
    }
}

#[actix_web::test]
async fn bodies_without_an_end() {
    for fault in [Fault::HugeBody { bytes: 1 << 30 }, Fault::GzipBomb { bytes: 1 << 30 }] {
        survives(&EVERYTHING, fault).await;
    }
}

#[actix_web::test]
async fn an_answer_that_never_comes() {
    survives(&EVERYTHING, Fault::Hang).await;
}

#[actix_web::test]
async fn an_answer_after_half_a_minute() {
    survives(&EVERYTHING, Fault::Slow { ms: 30_000 }).await;
}

#[actix_web::test]
async fn an_answer_byte_by_byte() {
    survives(&EVERYTHING, Fault::Drip { ms_per_byte: 1_000 }).await;
}

#[actix_web::test]
async fn refusals_that_pass() {
    for code in [-1, 40001, 42001, 45009] {
        survives(&EVERYTHING, errcode(code)).await;
    }
}

#[actix_web::test]
async fn refusals_that_only_a_person_mends() {
    for code in [40013, 40125, 40164, 40243] {
        survives(&EVERYTHING, errcode(code)).await;
    }
}

#[actix_web::test]
async fn lives_that_are_none() {
    for value in [json!(0), json!(-1), json!("7200"), json!(1_000_000_000_000_i64), json!(null)] {
        survives(&EVERYTHING, Fault::ExpiresIn { value }).await;
    }
}

#[actix_web::test]
async fn tokens_and_tickets_that_are_none() {
    for value in [json!("CANARYodd\r\nX-Evil: 1"), json!(5), json!(""), json!("CANARY票")] {
        survives(&EVERYTHING, Fault::Credential { value }).await;
    }
    survives(&EVERYTHING, Fault::LongCredential { bytes: 5_000_000 }).await;
}

#[actix_web::test]
async fn tokens_that_are_accepted_by_nobody() {
    survives(&TOKENS, Fault::Revoked).await;
}

#[actix_web::test]
async fn a_date_that_is_wrong() {
    for seconds in [-86_400, 315_576_000] {
        survives(&EVERYTHING, Fault::SkewedDate { seconds }).await;
    }
}

#[actix_web::test]
async fn only_one_of_the_calls_fails() {
    for endpoint in [STABLE_TOKEN, GET_TICKET, GET_TOKEN, CORP_TICKET, AGENT_TICKET] {
        survives(&[endpoint], errcode(-1)).await;
    }
}

#[actix_web::test]
async fn a_ticket_that_phones_refuse_is_replaced_on_their_word() {
    let mut trial = Trial::new("revoked tickets".to_owned()).await;
    trial.while_readers_read().await;
    assert_eq!(trial.configs().await, 3);
    trial.rig.simulator.with(|world| world.revoke(crate::site::APP_ID, "jsapi"));

    // No call to WeChat shows it; the phone does.
    let values = trial.member.get(ARTICLE).await.share()["official"].clone();
    let verdict = trial.rig.verdict(&values, &format!("https://{HOST}{ARTICLE}")).await;
    assert_eq!(verdict["reason"], "invalid signature");
    let credentials = &trial.member.state.credentials;
    let account = trial.member.account();
    assert!(credentials.report_refused(&account, values["generation"].as_i64().unwrap(), credentials.now()));
    trial.while_readers_read().await;

    assert_eq!(trial.configs().await, 3);
    trial.nothing_leaked().await;
}

#[actix_web::test]
async fn nobody_at_wechats_address() {
    // A port that nobody else is given while it is free.
    let address = free_address();
    let mut trial = Trial::at(address, "connection refused".to_owned()).await;
    trial.while_readers_read().await;
    let elsewhere = Simulator::start("127.0.0.1:0".parse().unwrap(), World::new()).unwrap();
    drop(std::mem::replace(&mut trial.rig.simulator, elsewhere));
    trial.rig.pass(HOUR);
    trial.while_readers_read().await;
    let share = trial.member.get(ARTICLE).await.share();
    assert!(share.get("official").is_some() && share.get("wecom").is_some(), "a ticket that lives is taken away");
    trial.rig.pass(HOUR + TEN_MINUTES);
    trial.while_readers_read().await;
    let share = trial.member.get(ARTICLE).await.share();
    assert!(share.get("official").is_none() && share.get("wecom").is_none(), "a dead ticket signs: {share}");
    // WeChat is back, and has forgotten everything.
    let world = World::new().with_official(official()).with_corp(corp());
    trial.rig.simulator = Simulator::start(address, world).unwrap();
    trial.rig.simulator.with(|world| world.clock().stop());
    trial.pass(TEN_MINUTES).await;
    assert_eq!(trial.configs().await, 3);
    trial.nothing_leaked().await;
}

#[actix_web::test]
async fn garbage_instead_of_tls() {
    let rig = Rig::new(World::new().with_official(official())).await;
    let garbage = rig.simulator.base_url().replace("http://", "https://");
    let mut member = rig.member(&official_settings(&garbage)).await;
    member.publish("spring", "春天来了", TEXT).await;
    member.keep().await;
    let page = member.get(ARTICLE).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.share().get("official").is_none());
    let status = format!("{:?}", member.state.credentials.status(&member.account()));
    assert!(status.contains("cgi-bin/stable_token") && !status.contains("CANARY"), "{status}");
}

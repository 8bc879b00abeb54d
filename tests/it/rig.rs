//! Several sites in memory that share a database and a simulated WeChat, as the processes of one fleet do: each has its
//! own memory and keepers, and all live by one clock, which the test moves together with WeChat's.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::dev::ServerHandle;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use serde_json::{Value, json};
use wxpress::clock::{Clock, Millis};
use wxpress::config::{Config, Overrides};
use wxpress::content::{Actor, Fields, Html, Slug};
use wxpress::credentials::{AccountKey, Keeper, Kind};
use wxpress::simulator::{Agent, Corp, OfficialAccount, Simulator, World};
use wxpress::state::AppState;
use wxpress::web::{Site, create_app};

use crate::database::TestDatabase;
use crate::site::{APP_ID, APP_SECRET, Answer};

/// Midnight in Beijing, where WeChat counts days.
pub(crate) const MIDNIGHT: Millis = Millis(1_790_006_400_000);
pub(crate) const CORP_ID: &str = "ww5555666677778888";
/// Where every article of a rig is.
pub(crate) const HOST: &str = "news.example.cn";

/// A setting as the environment gives it.
pub(crate) type Setting = (&'static str, String);

/// What the members of a fleet share.
pub(crate) struct Rig {
    pub(crate) simulator: Simulator,
    pub(crate) clock: Clock,
    pub(crate) database: TestDatabase,
}

/// One process of the fleet, in memory.
pub(crate) struct Member {
    pub(crate) state: Arc<AppState>,
    pub(crate) keepers: Vec<Keeper>,
    site: Data<Site>,
}

/// The usual official account, which knows the rig's host.
pub(crate) fn official() -> OfficialAccount {
    OfficialAccount::new(APP_ID, APP_SECRET).with_js_domain(HOST)
}

/// A corporation with two agents, which know the rig's host.
pub(crate) fn corp() -> Corp {
    let agent = |id: &str| Agent::new(id, corp_secret(id)).with_domain(HOST);
    Corp::new(CORP_ID).with_agent(agent("1000002")).with_agent(agent("1000003"))
}

/// Whatever holds this text has leaked it.
pub(crate) fn corp_secret(agent_id: &str) -> String {
    format!("CANARYcorp{agent_id}")
}

/// The settings of an official account at `wechat`.
pub(crate) fn official_settings(wechat: &str) -> Vec<Setting> {
    vec![
        ("WXPRESS_WECHAT__OFFICIAL__APP_ID", APP_ID.to_owned()),
        ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", APP_SECRET.to_owned()),
        ("WXPRESS_WECHAT__OFFICIAL__API_BASE_URL", wechat.to_owned()),
    ]
}

/// The settings of an agent at `wechat`.
pub(crate) fn wecom_settings(wechat: &str, agent_id: &str) -> Vec<Setting> {
    vec![
        ("WXPRESS_WECHAT__WECOM__CORP_ID", CORP_ID.to_owned()),
        ("WXPRESS_WECHAT__WECOM__CORP_SECRET", corp_secret(agent_id)),
        ("WXPRESS_WECHAT__WECOM__AGENT_ID", agent_id.to_owned()),
        ("WXPRESS_WECHAT__WECOM__API_BASE_URL", wechat.to_owned()),
    ]
}

impl Rig {
    pub(crate) async fn new(world: World) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), world).await
    }

    /// With WeChat at a certain address.
    pub(crate) async fn at(address: SocketAddr, world: World) -> Self {
        let simulator = Simulator::start(address, world).unwrap();
        simulator.with(|world| {
            world.clock().stop();
            world.clock().set(MIDNIGHT.as_secs());
        });
        Self { simulator, clock: Clock::fixed(MIDNIGHT), database: TestDatabase::new().await }
    }

    /// Starts a process with these settings besides address, database and key, which all share.
    pub(crate) async fn member(&self, settings: &[Setting]) -> Member {
        let mut environment = environment(&self.database, self.database.data_dir());
        environment.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let config = Config::from_sources(None, &environment, &Overrides::new()).unwrap();
        let (state, keepers) = AppState::build(config, self.clock.clone()).await.unwrap();
        Member { site: Data::new(Site::new(Arc::clone(&state))), state, keepers }
    }

    /// A process with the official account.
    pub(crate) async fn official(&self) -> Member {
        self.member(&official_settings(&self.simulator.base_url())).await
    }

    /// Time goes by, here and at WeChat.
    pub(crate) fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.simulator.with(|world| world.clock().set(self.clock.now().as_secs()));
    }

    /// The machine's clock is set, and WeChat's is not.
    pub(crate) fn jump(&self, seconds: i64) {
        let Clock::Fixed(at) = &self.clock else { return };
        at.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// The calls so far, by path.
    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        self.simulator.with(|world| {
            world.calls().endpoints.iter().map(|(endpoint, tally)| (endpoint.clone(), tally.total)).collect()
        })
    }

    /// What WeChat's client would say to these values of a page at `url`.
    pub(crate) async fn verdict(&self, values: &Value, url: &str) -> Value {
        let agent = values.get("agentid");
        let question = json!({
            "app_id": agent.map_or_else(|| values["appId"].clone(), |_| values["corpid"].clone()),
            "agent_id": agent, "url": url, "nonce_str": values["nonceStr"],
            "timestamp": values["timestamp"].to_string(), "signature": values["signature"],
        });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let address = format!("{}/__sim/verify", self.simulator.base_url());
        client.post(address).json(&question).send().await.unwrap().json().await.unwrap()
    }
}

/// What every process of a site has in common.
pub(crate) fn environment(database: &TestDatabase, data_dir: &Path) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("WXPRESS_SITE__BASE_URL".to_owned(), format!("https://{HOST}")),
        ("WXPRESS_SITE__NAME".to_owned(), "云溪新闻".to_owned()),
        ("WXPRESS_DATABASE__URL".to_owned(), database.address()),
        ("WXPRESS_DATA_DIR".to_owned(), data_dir.to_str().unwrap().to_owned()),
    ])
}

impl Member {
    /// Lets every keeper do what is due; the shortest pause until the next thing is.
    pub(crate) async fn keep(&mut self) -> Duration {
        let mut pause = Duration::MAX;
        for keeper in &mut self.keepers {
            pause = pause.min(keeper.step().await);
        }
        pause
    }

    /// The accounts of this process.
    pub(crate) fn accounts(&self) -> Vec<AccountKey> {
        self.state.official.iter().chain(&self.state.wecom).cloned().collect()
    }

    /// The only account of this process.
    pub(crate) fn account(&self) -> AccountKey {
        self.accounts().into_iter().next().unwrap()
    }

    /// A ticket with life left.
    pub(crate) fn ticket(&self, kind: Kind) -> Option<String> {
        let held = self.state.credentials.ticket(&self.account(), kind)?;
        Some(held.value.expose().to_owned())
    }

    /// The token, dead or alive.
    pub(crate) fn token(&self) -> Option<String> {
        Some(self.state.credentials.held_token(&self.account())?.value.expose().to_owned())
    }

    /// Whether every account can sign pages now.
    pub(crate) fn can_sign(&self) -> bool {
        self.accounts().iter().all(|account| self.state.credentials.ticket(account, Kind::JsapiTicket).is_some())
    }

    /// Publishes an article at `/articles/{slug}`.
    pub(crate) async fn publish(&self, slug: &str, headline: &str, body: &str) {
        let fields = Fields { headline: headline.to_owned(), body: Html::clean(body), ..Fields::default() };
        let content = &self.state.content;
        let id = content.create(Actor::System, fields).await.unwrap();
        let slug: Slug = slug.parse().unwrap();
        content.set_slug(Actor::System, id, Some(slug)).await.unwrap();
        content.publish(Actor::System, id, None).await.unwrap();
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let app = init_service(create_app(self.site.clone())).await;
        let request = TestRequest::get().uri(path).peer_addr("192.0.2.1:4711".parse().unwrap()).to_request();
        let response = call_service(&app, request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.ok().unwrap();
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned(), bytes: body.to_vec() }
    }
}

/// A group robot that notes what it is told.
pub(crate) struct Robot {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<String>>>,
    server: ServerHandle,
}

impl Robot {
    pub(crate) fn start() -> Self {
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = Data::from(Arc::clone(&heard));
        let note = |message: web::Json<Value>, notes: Data<Mutex<Vec<String>>>| async move {
            notes.lock().unwrap().push(message.pointer("/text/content").unwrap().as_str().unwrap().to_owned());
            HttpResponse::Ok().json(json!({ "errcode": 0, "errmsg": "ok" }))
        };
        let server = HttpServer::new(move || App::new().app_data(notes.clone()).route("/robot", web::post().to(note)));
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = *server.addrs().first().unwrap();
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { url: format!("http://{address}/robot?key=CANARYrobot"), heard, server: handle }
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Waits until it was told `count` things.
    pub(crate) async fn hears(&self, count: usize) -> Vec<String> {
        eventually(&format!("{count} messages"), Duration::from_secs(20), async || {
            Some(self.heard()).filter(|heard| heard.len() >= count)
        })
        .await
    }
}

impl Drop for Robot {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// Asks again and again until there is an answer; a deadline passes only in a test that fails.
pub(crate) async fn eventually<T>(what: &str, deadline: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let answer = tokio::time::timeout(deadline, asking).await;
    assert!(answer.is_ok(), "not within {deadline:?}: {what}");
    answer.unwrap()
}

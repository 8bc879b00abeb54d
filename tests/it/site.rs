//! A whole site in memory of one test: its own database and folder, a simulated WeChat, a clock that the test moves.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use futures_util::future::LocalBoxFuture;
use scraper::{Html, Selector};
use serde_json::Value;
use tokio::sync::OnceCell;
use wxpress::clock::{Clock, Millis};
use wxpress::config::{Config, Overrides};
use wxpress::content::{Actor, ArticleId, Content, Fields, Html as Body, Slug};
use wxpress::credentials::{Keeper, Kind};
use wxpress::simulator::{Agent, Corp, OfficialAccount, Simulator, World};
use wxpress::state::AppState;
use wxpress::web::{Site, create_app};

use crate::database::TestDatabase;

/// The account that the simulator plays.
pub(crate) const APP_ID: &str = "wx1111222233334444";
/// Whatever holds this text has leaked it.
pub(crate) const APP_SECRET: &str = "CANARYsecret0123456789";
/// The corporation and its agent.
pub(crate) const CORP_ID: &str = "ww1111222233334444";
pub(crate) const AGENT_ID: &str = "1000002";
pub(crate) const CORP_SECRET: &str = "CANARYcorp0123456789";
const MORNING: i64 = 1_790_000_000_000;

/// A site and everything around it.
pub(crate) struct TestSite {
    pub(crate) state: Arc<AppState>,
    pub(crate) clock: Clock,
    pub(crate) simulator: Simulator,
    pub(crate) keepers: Vec<Keeper>,
    site: Data<Site>,
    app: OnceCell<Application>,
    _database: TestDatabase,
    _folder: tempfile::TempDir,
}

/// All addresses of the site. To set them up takes longer than to answer, so it is done once.
type Application = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, ServiceResponse<BoxBody>>>;

async fn application(site: Data<Site>) -> Application {
    let service = Rc::new(init_service(create_app(site)).await);
    Box::new(move |request| {
        let service = Rc::clone(&service);
        Box::pin(async move { call_service(&*service, request.to_request()).await.map_into_boxed_body() })
    })
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The text of the first element that `selector` finds.
    pub(crate) fn text(&self, selector: &str) -> String {
        let page = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).next().map(|element| element.text().collect()).unwrap_or_default()
    }

    /// An attribute of the first element that `selector` finds.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> String {
        let page = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).next().and_then(|element| element.attr(name)).unwrap_or_default().to_owned()
    }

    /// The data block of a shared page.
    pub(crate) fn share(&self) -> Value {
        serde_json::from_str(&self.text("#wx-share")).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl TestSite {
    /// A site at `https://news.example.cn` with an official account.
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with further settings, which win.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let account = OfficialAccount::new(APP_ID, APP_SECRET).with_js_domain("news.example.cn");
        let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), World::new().with_official(account)).unwrap();
        let official = [
            ("WXPRESS_WECHAT__OFFICIAL__APP_ID", APP_ID.to_owned()),
            ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", APP_SECRET.to_owned()),
            ("WXPRESS_WECHAT__OFFICIAL__API_BASE_URL", simulator.base_url()),
        ];
        Self::build(simulator, &official, settings).await
    }

    /// The same with an agent in WeCom besides.
    pub(crate) async fn with_both_accounts() -> Self {
        Self::with_both_accounts_and(&[]).await
    }

    /// The same with further settings, which win.
    pub(crate) async fn with_both_accounts_and(settings: &[(&str, &str)]) -> Self {
        let host = "news.example.cn";
        let account = OfficialAccount::new(APP_ID, APP_SECRET).with_js_domain(host).with_oauth_domain(host);
        let agent = Agent::new(AGENT_ID, CORP_SECRET).with_domain(host).with_login_domain(host);
        let world = World::new().with_official(account).with_corp(Corp::new(CORP_ID).with_agent(agent));
        let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), world).unwrap();
        let accounts = [
            ("WXPRESS_WECHAT__OFFICIAL__APP_ID", APP_ID.to_owned()),
            ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", APP_SECRET.to_owned()),
            ("WXPRESS_WECHAT__OFFICIAL__API_BASE_URL", simulator.base_url()),
            ("WXPRESS_WECHAT__WECOM__CORP_ID", CORP_ID.to_owned()),
            ("WXPRESS_WECHAT__WECOM__CORP_SECRET", CORP_SECRET.to_owned()),
            ("WXPRESS_WECHAT__WECOM__AGENT_ID", AGENT_ID.to_owned()),
            ("WXPRESS_WECHAT__WECOM__API_BASE_URL", simulator.base_url()),
            ("WXPRESS_WECHAT__AUTHORIZE_BASE_URL", simulator.base_url()),
        ];
        Self::build(simulator, &accounts, settings).await
    }

    /// A site whose paperwork is not done yet.
    pub(crate) async fn without_account() -> Self {
        let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), World::new()).unwrap();
        Self::build(simulator, &[], &[]).await
    }

    async fn build(simulator: Simulator, account: &[(&str, String)], settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = TestDatabase::new().await;
        let mut environment = BTreeMap::from([
            ("WXPRESS_SITE__BASE_URL".to_owned(), "https://news.example.cn".to_owned()),
            ("WXPRESS_SITE__NAME".to_owned(), "云溪新闻".to_owned()),
            ("WXPRESS_DATABASE__URL".to_owned(), database.address()),
            ("WXPRESS_DATA_DIR".to_owned(), folder.path().to_str().unwrap().to_owned()),
        ]);
        environment.extend(account.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        environment.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::from_sources(None, &environment, &Overrides::new()).unwrap();
        let clock = Clock::fixed(Millis(MORNING));
        let (state, keepers) = AppState::build(config, clock.clone()).await.unwrap();
        let site = Data::new(Site::new(Arc::clone(&state)));
        Self { state, clock, simulator, keepers, site, app: OnceCell::new(), _database: database, _folder: folder }
    }

    /// Lets every keeper do what is due; the shortest pause until the next thing is.
    pub(crate) async fn keep(&mut self) -> Duration {
        let mut pause = Duration::MAX;
        for keeper in &mut self.keepers {
            pause = pause.min(keeper.step().await);
        }
        pause
    }

    /// The ticket that pages are signed with.
    pub(crate) fn ticket(&self) -> Option<String> {
        let account = self.state.official.as_ref().unwrap();
        self.state.credentials.ticket(account, Kind::JsapiTicket).map(|held| held.value.expose().to_owned())
    }

    pub(crate) fn content(&self) -> &Content {
        &self.state.content
    }

    /// Publishes an article at `/articles/{slug}`.
    pub(crate) async fn publish(&self, slug: &str, headline: &str, body: &str) -> ArticleId {
        let fields = Fields { headline: headline.to_owned(), body: Body::clean(body), ..Fields::default() };
        self.publish_fields(slug, fields).await
    }

    pub(crate) async fn publish_fields(&self, slug: &str, fields: Fields) -> ArticleId {
        let id = self.content().create(Actor::System, fields).await.unwrap();
        let slug: Slug = slug.parse().unwrap();
        self.content().set_slug(Actor::System, id, Some(slug)).await.unwrap();
        self.content().publish(Actor::System, id, None).await.unwrap();
        id
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(TestRequest::post().uri(path).set_payload(body.to_owned())).await
    }

    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let app = self.app.get_or_init(|| application(self.site.clone())).await;
        let response = app(request.peer_addr("192.0.2.1:4711".parse().unwrap())).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap_or_else(|_broken| panic!("the body breaks off"));
        Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned(), bytes: body.to_vec() }
    }
}

//! What an operator who mistypes something is told: one clear line that names the thing, and an exit code. Never a
//! backtrace, never a secret.

use std::path::Path;

use wxpress::simulator::{Agent, Corp, Simulator, World};

use crate::database::TestDatabase;
use crate::process::{Ended, Settings, free_address, run};
use crate::rig::{CORP_ID, HOST, corp_secret, environment, official, official_settings, wecom_settings};

/// A folder, a database, and the settings to begin with.
pub(crate) struct Desk {
    pub(crate) database: TestDatabase,
    settings: Settings,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let settings = environment(&database, database.data_dir());
        Self { database, settings }
    }

    /// With an official account at `simulator`.
    async fn official(simulator: &Simulator) -> Self {
        Self::new().await.and(&official_settings(&simulator.base_url()))
    }

    fn and(mut self, settings: &[(&str, String)]) -> Self {
        self.settings.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self
    }

    fn with(self, name: &str, value: &str) -> Self {
        self.and(&[(name, value.to_owned())])
    }

    /// Writes a file beside the database and says where it is.
    fn file(&self, name: &str, content: &str) -> String {
        let path = self.database.data_dir().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        run(&self.settings, arguments)
    }

    /// It refuses to serve, and says why in one line that holds all of `words`.
    fn refuses(&self, words: &[&str]) -> Ended {
        refused(self.run(&["serve"]), words)
    }
}

/// A failure that is one line with all of `words`.
pub(crate) fn refused(ended: Ended, words: &[&str]) -> Ended {
    assert!(ended.code.is_some_and(|code| code != 0), "{ended:?}");
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{ended:?}");
    assert!(words.iter().all(|word| ended.stderr.contains(word)), "{words:?} are not all in {ended:?}");
    decent(&ended);
    ended
}

/// Nothing that nobody should see.
fn decent(ended: &Ended) {
    for text in [&ended.stdout, &ended.stderr] {
        for never in ["panicked", "RUST_BACKTRACE", "CANARY"] {
            assert!(!text.contains(never), "{never}: {ended:?}");
        }
    }
}

/// The doctor finds a problem and says all of `words` about it.
fn diagnosed(desk: &Desk, words: &[&str]) {
    let ended = desk.run(&["doctor"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("PROBLEM"), "{ended:?}");
    assert!(words.iter().all(|word| ended.stdout.contains(word)), "{words:?} are not all in {}", ended.stdout);
    assert_eq!(ended.stderr, "", "the findings say it all");
    decent(&ended);
}

fn simulator(world: World) -> Simulator {
    Simulator::start("127.0.0.1:0".parse().unwrap(), world).unwrap()
}

#[actix_web::test]
async fn half_a_section_names_what_is_missing() {
    Desk::new().await.with("WXPRESS_WECHAT__OFFICIAL__APP_ID", "wx1111222233334444").refuses(&[
        "wechat.official",
        "app_secret",
        "WXPRESS_WECHAT__OFFICIAL__APP_SECRET",
    ]);
    Desk::new()
        .await
        .with("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARYsecret")
        .refuses(&["WXPRESS_WECHAT__OFFICIAL__APP_ID"]);
    let corp = Desk::new().await.with("WXPRESS_WECHAT__WECOM__CORP_ID", CORP_ID);
    corp.with("WXPRESS_WECHAT__WECOM__CORP_SECRET", "CANARYcorp").refuses(&["wechat.wecom", "agent_id"]);
}

#[actix_web::test]
async fn the_secret_travels_to_wechat_only() {
    for api in
        ["https://api.weixin.qq.com.evil.cn", "http://api.weixin.qq.com", "http://192.0.2.1:8080", "ftp://127.0.0.1"]
    {
        let desk = Desk::new().await.and(&official_settings(api));
        desk.refuses(&["wechat.official.api_base_url"]);
        let desk = Desk::new().await.and(&wecom_settings(api, "1000002"));
        desk.refuses(&["wechat.wecom.api_base_url"]);
    }
}

#[actix_web::test]
async fn an_unknown_key_is_named() {
    Desk::new().await.with("WXPRESS_SITE__BASEURL", "https://news.example.cn").refuses(&["baseurl"]);
    Desk::new().await.with("WXPRESS_SECRET_KEY__X", "CANARY").refuses(&["WXPRESS_SECRET_KEY__X"]);
    let desk = Desk::new().await;
    let file = desk.file("wxpress.toml", "[wechat.official]\nappid = 'CANARY'\n");
    refused(desk.run(&["--config", &file, "serve"]), &["appid", &file]);
}

#[actix_web::test]
async fn a_broken_settings_file_is_named_with_its_line() {
    let desk = Desk::new().await;
    for (content, line) in [
        ("[site]\nname = 'x'\nbase_url = https://news.example.cn\n", "line 3"),
        ("[wechat.official]\napp_id = 'wx1'\napp_secret = 'CANARY\n", "line 3"),
        ("[site\n", "line 1"),
        ("[site]\nname = 'a'\nname = 'CANARY'\n", "line 3"),
        ("[site]\nname = 5\n", "line 2"),
    ] {
        let file = desk.file("wxpress.toml", content);
        refused(desk.run(&["--config", &file, "serve"]), &[&file, line]);
    }
}

#[actix_web::test]
async fn a_settings_file_that_cannot_be_read_is_named() {
    let desk = Desk::new().await;
    let missing = desk.database.data_dir().join("nowhere.toml");
    let folder = desk.database.data_dir();
    let binary = folder.join("binary.toml");
    std::fs::write(&binary, [0xff, 0xfe, 0x00]).unwrap();
    for path in [missing.as_path(), folder, &binary] {
        let path = path.to_str().unwrap();
        refused(desk.run(&["--config", path, "serve"]), &[path]);
    }
    let desk = desk.with("WXPRESS_WECHAT__OFFICIAL__APP_SECRET_FILE", "/nowhere/app_secret");
    desk.with("WXPRESS_WECHAT__OFFICIAL__APP_ID", "wx1").refuses(&["/nowhere/app_secret"]);
}

#[actix_web::test]
async fn an_address_that_is_none_is_refused() {
    for bad in [
        "news.example.cn",
        "ftp://news.example.cn",
        "https://news.example.cn/?q=1",
        "https://用户:密码@news.example.cn",
        "https://",
    ] {
        Desk::new().await.with("WXPRESS_SITE__BASE_URL", bad).refuses(&["site.base_url"]);
    }
    Desk::new().await.with("WXPRESS_SERVER__LISTEN", "8080").refuses(&["server.listen"]);
    Desk::new().await.with("WXPRESS_ALARM__WEBHOOK", "qyapi.weixin.qq.com/CANARY").refuses(&["alarm.webhook"]);
    Desk::new().await.with("WXPRESS_DATABASE__URL", "mysql://root:CANARY@db/x").refuses(&["database.url"]);
}

#[actix_web::test]
async fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let desk = Desk::new().await;
    refused(desk.run(&["serve", "--listen", &address]), &[&address, "server.listen"]);
    let free = free_address().to_string();
    let desk = desk.with("WXPRESS_SERVER__OPS_LISTEN", &address);
    refused(desk.run(&["serve", "--listen", &free]), &[&address, "server.ops_listen"]);
}

#[actix_web::test]
async fn another_key_than_the_databases_is_refused() {
    let desk = Desk::new().await;
    drop(desk.database.open().await);
    // The first start makes a key in the folder.
    assert_eq!(desk.run(&["verification", "list"]).code, Some(0));
    let desk = desk.with("WXPRESS_SECRET_KEY", &"5a".repeat(32));
    desk.refuses(&["secret_key", "WXPRESS_SECRET_KEY_FILE"]);
    desk.with("WXPRESS_SECRET_KEY", "CANARY").refuses(&["secret_key", "openssl rand -hex 32"]);
}

#[actix_web::test]
async fn a_newer_schema_is_left_alone() {
    let desk = Desk::new().await;
    let db = desk.database.open().await;
    let statement = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (9999, 'from the future', TRUE, $1, 0)";
    sqlx::query(statement).bind(vec![0_u8]).execute(&mut *db.writer().await.unwrap()).await.unwrap();
    db.close().await;
    desk.refuses(&["newer wxpress", "9999"]);
}

#[actix_web::test]
async fn a_database_that_does_not_answer_is_named_without_its_password() {
    let desk = Desk::new().await.with("WXPRESS_DATABASE__URL", "postgres://editor:CANARY@127.0.0.1:9/news");
    desk.refuses(&["postgres://127.0.0.1:9/news"]);
    let desk = Desk::new().await;
    let folder = desk.database.data_dir().to_str().unwrap().to_owned();
    // A folder is no database.
    desk.with("WXPRESS_DATABASE__URL", &format!("sqlite://{folder}")).refuses(&[&folder]);
}

#[actix_web::test]
async fn a_folder_that_is_not_there_cannot_be_imported() {
    let desk = Desk::new().await;
    refused(desk.run(&["import", "/nowhere/articles"]), &["/nowhere/articles"]);
}

#[actix_web::test]
async fn a_verification_file_with_a_path_in_its_name_is_refused() {
    let desk = Desk::new().await;
    for name in
        ["../MP_verify_abcdefgh12345678.txt", "mp/MP_verify_abcdefgh12345678.txt", "index.html", "MP_verify_.txt"]
    {
        let ended = refused(desk.run(&["verification", "set", name, "abcdefgh12345678"]), &[]);
        assert!(ended.stderr.contains("MP_verify_"), "{ended:?}");
    }
    refused(desk.run(&["verification", "add", "/nowhere/MP_verify_abcdefgh12345678.txt"]), &["/nowhere/MP_verify"]);
}

#[actix_web::test]
async fn the_doctor_names_a_wrong_secret_and_the_button() {
    let simulator = simulator(World::new().with_official(official()));
    let desk = Desk::official(&simulator).await.with("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARYwrong");
    diagnosed(&desk, &["AppSecret", "重置", "wechat.official.app_secret"]);
}

#[actix_web::test]
async fn the_doctor_names_the_address_that_is_not_on_the_whitelist() {
    let account = official().with_ip_whitelist(["10.0.0.1".parse().unwrap()]);
    let simulator = simulator(World::new().with_official(account));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let egress = format!("{}/__sim/egress", simulator.base_url());
    client.post(egress).json(&serde_json::json!({ "ip": "203.0.113.7" })).send().await.unwrap();
    let desk = Desk::official(&simulator).await;
    diagnosed(&desk, &["40164", "203.0.113.7", "IP白名单", "修改"]);
    let english = desk.with("WXPRESS_SITE__LANGUAGE", "en");
    diagnosed(&english, &["40164", "203.0.113.7", "whitelist", "修改"]);
}

#[actix_web::test]
async fn the_doctor_names_a_wrong_corporation_and_a_wrong_agents_secret() {
    let agent = Agent::new("1000002", corp_secret("1000002")).with_domain(HOST);
    let simulator = simulator(World::new().with_corp(Corp::new(CORP_ID).with_agent(agent)));
    let settings = wecom_settings(&simulator.base_url(), "1000002");
    let wrong = Desk::new().await.and(&settings).with("WXPRESS_WECHAT__WECOM__CORP_ID", "ww0000000000000000");
    diagnosed(&wrong, &["40013", "企业 ID", "wechat.wecom.corp_id"]);
    let wrong = Desk::new().await.and(&settings).with("WXPRESS_WECHAT__WECOM__CORP_SECRET", "CANARYwrong");
    diagnosed(&wrong, &["40001", "wechat.wecom.corp_secret"]);
}

#[actix_web::test]
async fn the_doctor_says_when_nobody_is_there() {
    let desk = Desk::new().await.and(&official_settings("http://127.0.0.1:9"));
    diagnosed(&desk, &["wechat.proxy"]);
}

#[actix_web::test]
async fn the_doctor_speaks_json_to_scripts() {
    let simulator = simulator(World::new().with_official(official()));
    let desk = Desk::official(&simulator).await.with("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARYwrong");
    let ended = desk.run(&["doctor", "--json"]);
    decent(&ended);
    let findings: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let token = findings.as_array().unwrap().iter().find(|finding| finding["check"] == "token").unwrap();
    assert_eq!(token["verdict"], "problem", "{token}");
}

#[actix_web::test]
async fn a_wrong_word_on_the_command_line_is_explained() {
    let desk = Desk::new().await;
    for arguments in [&["sreve"][..], &["serve", "--prot", "1"], &[]] {
        let ended = desk.run(arguments);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains("Usage"), "{ended:?}");
    }
    assert!(Path::new(env!("CARGO_BIN_EXE_wxpress")).exists());
}

#[actix_web::test]
async fn the_doctor_tells_the_person_who_asked_and_leaves_the_alarm_to_the_site() {
    let simulator = simulator(World::new().with_official(official()));
    let desk = Desk::official(&simulator).await.with("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", "CANARYwrong");
    diagnosed(&desk, &["AppSecret"]);
    let db = desk.database.open().await;
    let told = sqlx::query("SELECT cause FROM alarm").fetch_all(db.read()).await.unwrap();
    assert!(told.is_empty(), "the site's robot would never be told");
}

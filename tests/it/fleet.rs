//! Several processes of one site: they start at once, die at the worst moment, start again and again, and together
//! cost WeChat no more than one does.

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::join_all;
use wxpress::config::DatabaseUrl;
use wxpress::simulator::{Fault, GET_TICKET, STABLE_TOKEN, Simulator, World};

use crate::database::TestDatabase;
use crate::process::{Serving, Settings, free_address, run, serve};
use crate::rig::{environment, eventually, official, official_settings};
use crate::site::APP_SECRET;

/// A database, a simulated WeChat, and processes to come.
struct Fleet {
    simulator: Simulator,
    database: TestDatabase,
}

impl Fleet {
    async fn new() -> Self {
        let simulator = Simulator::start("127.0.0.1:0".parse().unwrap(), World::new().with_official(official()));
        Self { simulator: simulator.unwrap(), database: TestDatabase::new().await }
    }

    /// The settings of the process with this number. Those that share a file share the folder around it, too, and make
    /// the key there; those that share a server have only the key in common.
    fn settings(&self, number: usize) -> Settings {
        let shared = self.database.data_dir().to_owned();
        let own = || self.database.data_dir().join(format!("process-{number}"));
        let data_dir: PathBuf = if matches!(self.database.url, DatabaseUrl::Sqlite(_)) { shared } else { own() };
        let mut settings = environment(&self.database, &data_dir);
        let account = official_settings(&self.simulator.base_url());
        settings.extend(account.into_iter().map(|(name, value)| (name.to_owned(), value)));
        if matches!(self.database.url, DatabaseUrl::Postgres(_)) {
            settings.insert("WXPRESS_SECRET_KEY".to_owned(), "5a".repeat(32));
        }
        settings
    }

    fn start(&self, number: usize) -> Serving {
        serve(&self.settings(number), self.database.data_dir())
    }

    /// Token calls and ticket calls so far.
    fn calls(&self) -> (u64, u64) {
        (self.simulator.calls(STABLE_TOKEN), self.simulator.calls(GET_TICKET))
    }

    /// Which of these waits for WeChat's answer: the one that has a connection to it.
    fn caller(&self, members: &[Serving]) -> Option<usize> {
        let peer = format!("0100007F:{:04X}", self.simulator.address().port());
        let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let inodes: Vec<String> = sockets
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|fields| fields.get(2) == Some(&peer.as_str()) && fields.get(3) == Some(&"01"))
            .filter_map(|fields| Some(format!("socket:[{}]", fields.get(9)?)))
            .collect();
        members.iter().position(|member| {
            let files = std::fs::read_dir(format!("/proc/{}/fd", member.pid())).unwrap();
            files.flatten().any(|file| {
                let target = std::fs::read_link(file.path()).unwrap_or_default();
                inodes.iter().any(|inode| target.as_os_str() == inode.as_str())
            })
        })
    }
}

async fn all_show_config(members: &mut [Serving]) {
    join_all(members.iter_mut().map(Serving::shows_config)).await;
}

#[actix_web::test]
async fn four_processes_that_start_at_once_cost_one_token_and_one_ticket() {
    for round in 0..20 {
        let fleet = Fleet::new().await;
        let mut members: Vec<Serving> = (0..4).map(|number| fleet.start(number)).collect();
        all_show_config(&mut members).await;
        assert_eq!(fleet.calls(), (1, 1), "round {round}");
    }
}

#[actix_web::test]
async fn when_the_one_that_calls_is_killed_another_takes_over_within_fifteen_seconds() {
    let fleet = Fleet::new().await;
    fleet.simulator.fault(STABLE_TOKEN, Fault::Hang, Some(1));
    let mut members: Vec<Serving> = (0..4).map(|number| fleet.start(number)).collect();
    let caller = eventually("somebody calls", Duration::from_mins(1), async || fleet.caller(&members)).await;

    members.remove(caller).kill();

    let taken_over = tokio::time::timeout(Duration::from_secs(15), all_show_config(&mut members)).await;
    assert!(taken_over.is_ok(), "fifteen seconds after the kill, {:?} calls", fleet.calls());
    let (tokens, tickets) = fleet.calls();
    assert!(tokens <= 2 && tickets <= 2, "{tokens} token calls, {tickets} ticket calls");
}

#[actix_web::test]
async fn a_hundred_restarts_use_what_is_stored() {
    let fleet = Fleet::new().await;
    for restart in 0..100 {
        let mut member = fleet.start(0);
        member.shows_config().await;
        member.kill();
        assert_eq!(fleet.calls(), (1, 1), "restart {restart}");
    }
}

#[actix_web::test]
async fn a_process_that_is_killed_before_it_can_store_anything_does_not_hammer_wechat() {
    let fleet = Fleet::new().await;
    // No answer ever comes, so no start gets further than the call.
    fleet.simulator.fault("*", Fault::Hang, None);
    for _ in 0..20 {
        let mut member = fleet.start(0);
        member.is_ready().await;
        member.kill();
    }
    // Twenty starts last a few seconds, and the lease of a dead process seven.
    let (tokens, tickets) = fleet.calls();
    assert!(tokens <= 10 && tickets == 0, "{tokens} token calls, {tickets} ticket calls");
    fleet.simulator.with(World::clear_faults);
    let mut member = fleet.start(0);
    member.shows_config().await;
}

#[actix_web::test]
async fn no_secret_is_seen_from_outside() {
    let fleet = Fleet::new().await;
    let mut settings = fleet.settings(0);
    let ops = free_address().to_string();
    settings.insert("WXPRESS_SERVER__OPS_LISTEN".to_owned(), ops.clone());
    settings.insert("WXPRESS_ALARM__WEBHOOK".to_owned(), "http://127.0.0.1:9/robot?key=CANARYrobot".to_owned());
    let mut member = serve(&settings, fleet.database.data_dir());
    member.shows_config().await;
    // One more that fails with everything it has.
    settings.insert("WXPRESS_WECHAT__OFFICIAL__APP_SECRET".to_owned(), "CANARYwrong".to_owned());
    settings.insert("WXPRESS_WECHAT__OFFICIAL__APP_ID".to_owned(), "wx9999".to_owned());
    settings.remove("WXPRESS_SERVER__OPS_LISTEN");
    let mut failing = serve(&settings, fleet.database.data_dir());
    failing.is_ready().await;
    let doctor = run(&settings, &["--verbose", "doctor"]);

    let mut seen = format!("{}{}{}{}", member.said(), failing.said(), doctor.stdout, doctor.stderr);
    for process in [&member, &failing] {
        for path in ["/", "/nowhere", "/robots.txt", "/api/v1/share-config?path=/", "/api/v1/share-config?path=//x"] {
            seen += &process.get(path).await.unwrap().1;
        }
        let cmdline = std::fs::read(format!("/proc/{}/cmdline", process.pid())).unwrap();
        assert!(!cmdline.is_empty());
        seen += &String::from_utf8_lossy(&cmdline);
    }
    let metrics = reqwest::Client::builder().no_proxy().build().unwrap();
    let metrics = metrics.get(format!("http://{ops}/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("wxpress_wechat_calls"), "{metrics}");
    seen += &metrics;
    assert!(!seen.contains("CANARY"), "{}", around(&seen, "CANARY"));
    assert!(!seen.contains(APP_SECRET));
    assert!(!seen.contains("access_token="), "{}", around(&seen, "access_token="));
}

/// What stands around a text that should not be there.
fn around(text: &str, found: &str) -> String {
    let at = text.find(found).unwrap_or_default();
    text.chars().skip(text.get(..at).unwrap_or_default().chars().count().saturating_sub(200)).take(400).collect()
}

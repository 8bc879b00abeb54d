//! The simulator over HTTP, as a site meets it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::*;

fn start() -> Simulator {
    let world = World::new()
        .with_official(OfficialAccount::new("wx1", "the-secret").with_js_domain("127.0.0.1").sandbox())
        .with_corp(Corp::new("ww1").with_agent(Agent::new("1000002", "agent-secret").with_domain("127.0.0.1")));
    Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), world).unwrap()
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build().unwrap()
}

fn token_address(simulator: &Simulator) -> String {
    format!("{}/cgi-bin/token?grant_type=client_credential&appid=wx1&secret=the-secret", simulator.base_url())
}

async fn get(address: &str) -> reqwest::Result<reqwest::Response> {
    client().get(address).send().await
}

async fn order(simulator: &Simulator, path: &str, body: Value) {
    let address = format!("{}{path}", simulator.base_url());
    let response = client().post(address).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path} {body}");
}

#[actix_web::test]
async fn errors_are_200_with_a_code_and_the_real_content_type() {
    let simulator = start();
    let response = get(&format!("{}/cgi-bin/ticket/getticket", simulator.base_url())).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json; encoding=utf-8");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errcode"], 41001);
}

#[actix_web::test]
async fn an_unknown_path_is_counted() {
    let simulator = start();
    let body: Value = get(&format!("{}/cgi-bin/tokens", simulator.base_url())).await.unwrap().json().await.unwrap();
    assert_eq!(body["errcode"], 40066);
    assert_eq!(simulator.with(|world| world.calls().unknown), 1);
}

#[actix_web::test]
async fn every_broken_answer_is_broken_in_its_own_way() {
    let simulator = start();
    let address = token_address(&simulator);
    let next = |fault| simulator.fault(TOKEN, fault, Some(1));

    next(Fault::Status { status: 502 });
    assert_eq!(get(&address).await.unwrap().status(), 502);
    next(Fault::NotJson);
    assert!(get(&address).await.unwrap().text().await.unwrap().starts_with("<html>"));
    next(Fault::Empty);
    assert_eq!(get(&address).await.unwrap().text().await.unwrap(), "");
    next(Fault::Truncated);
    let half = get(&address).await.unwrap().text().await.unwrap();
    assert!(half.starts_with('{') && !half.ends_with('}'));
    next(Fault::CutOff);
    assert!(get(&address).await.unwrap().text().await.is_err());
    next(Fault::Redirect { location: format!("{}/elsewhere", simulator.base_url()) });
    assert!(get(&address).await.unwrap().url().path().ends_with("/elsewhere"));
    next(Fault::Slow { ms: 200 });
    let began = Instant::now();
    assert_eq!(get(&address).await.unwrap().status(), 200);
    assert!(began.elapsed() >= Duration::from_millis(200));
    next(Fault::Drip { ms_per_byte: 2 });
    assert!(get(&address).await.unwrap().json::<Value>().await.is_ok());
    next(Fault::HugeBody { bytes: 10_000_000 });
    assert!(get(&address).await.unwrap().bytes().await.unwrap().len() >= 10_000_000);
    next(Fault::SkewedDate { seconds: -86_400 });
    assert!(get(&address).await.unwrap().headers()["date"].to_str().unwrap().ends_with(" GMT"));
    assert!(simulator.with(|world| world.pending_faults().is_empty()));
}

#[actix_web::test]
async fn a_bomb_is_small_on_the_wire_and_huge_unpacked() {
    let simulator = start();
    simulator.fault(TOKEN, Fault::GzipBomb { bytes: 50_000_000 }, Some(2));
    let mut packed = client().get(token_address(&simulator)).send().await.unwrap();
    let mut unpacked = 0;
    // The stream has no end, as the check sum is of no use to a victim.
    while let Ok(Some(chunk)) = packed.chunk().await {
        assert!(chunk.iter().all(|byte| *byte == 0));
        unpacked += chunk.len();
    }
    assert!(unpacked > 49_000_000, "{unpacked}");
}

#[actix_web::test]
async fn a_hanging_call_waits_until_the_fault_is_cleared() {
    let simulator = start();
    simulator.fault(TOKEN, Fault::Hang, None);
    let waiting = actix_web::rt::spawn(client().get(token_address(&simulator)).send());
    while simulator.calls(TOKEN) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(simulator.with(|world| world.calls().endpoints[TOKEN].in_flight), 1);
    simulator.with(World::clear_faults);
    let broken = match waiting.await.unwrap() {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(broken);
}

#[actix_web::test]
async fn dropping_the_simulator_ends_hanging_calls_and_frees_the_port() {
    let simulator = start();
    let address = simulator.address();
    simulator.fault(TOKEN, Fault::Hang, None);
    let waiting = actix_web::rt::spawn(client().get(token_address(&simulator)).send());
    while simulator.calls(TOKEN) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let began = Instant::now();
    actix_web::rt::task::spawn_blocking(move || drop(simulator)).await.unwrap();

    assert!(began.elapsed() < Duration::from_secs(4));
    assert!(waiting.await.unwrap().is_err());
    assert!(std::net::TcpListener::bind(address).is_ok());
}

#[actix_web::test]
async fn the_control_surface_prints_no_secret() {
    let simulator = start();
    let token: Value = get(&token_address(&simulator)).await.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap().to_owned();
    for path in ["/__sim/state", "/__sim/stats", "/"] {
        let text = get(&format!("{}{path}", simulator.base_url())).await.unwrap().text().await.unwrap();
        for secret in ["the-secret", "agent-secret", &token] {
            assert!(!text.contains(secret), "{path}");
        }
    }
}

#[actix_web::test]
async fn the_control_surface_moves_time_and_changes_accounts() {
    let simulator = start();
    order(&simulator, "/__sim/clock", json!({ "stop": true, "set": 1_700_000_000, "advance": 60 })).await;
    assert_eq!(simulator.with(|world| world.clock().now()), 1_700_000_060);
    let script = json!([{ "endpoint": "*", "times": 1, "fault": { "kind": "errcode", "code": 45009 } }]);
    order(&simulator, "/__sim/faults", script).await;
    let body: Value = get(&token_address(&simulator)).await.unwrap().json().await.unwrap();
    assert_eq!(body["errmsg"].as_str().unwrap().split(" rid: ").next(), Some("reach max api daily quota limit"));
    order(&simulator, "/__sim/officials/wx1", json!({ "ip_whitelist": ["10.0.0.1"], "rotate": true })).await;
    let body: Value = get(&token_address(&simulator)).await.unwrap().json().await.unwrap();
    assert_eq!(body["errcode"], 40164);
    order(&simulator, "/__sim/corps/ww1/agents/1000003", json!({ "secret": "new" })).await;
    order(&simulator, "/__sim/reset", json!({})).await;
    let body: Value = get(&token_address(&simulator)).await.unwrap().json().await.unwrap();
    assert_eq!(body["expires_in"], 7200);
    assert!(simulator.with(|world| !world.corps["ww1"].agents.contains_key("1000003")));
}

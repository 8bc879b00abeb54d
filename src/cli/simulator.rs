//! `wxpress simulator`: WeChat's side alone, for trying a site against it.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::simulator::{Agent, Corp, OfficialAccount, Simulator, World};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:9090", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The official account's `AppID`.
    #[arg(long, default_value = "wx5151515151515151")]
    app_id: String,
    /// The official account's `AppSecret`. It protects nothing but this simulator.
    #[arg(long, default_value = "simulated-secret")]
    app_secret: String,
    /// A domain that both accounts know in every place of their consoles where one is entered; may be given again.
    #[arg(long, value_name = "HOST[/PATH]")]
    js_domain: Vec<String>,
    /// The corporation of WeCom.
    #[arg(long, default_value = "ww5151515151515151")]
    corp_id: String,
    /// An agent of the corporation.
    #[arg(long, default_value = "1000002")]
    agent_id: String,
    /// That agent's secret.
    #[arg(long, default_value = "simulated-corp-secret")]
    corp_secret: String,
}

/// Runs until it is stopped.
pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut account = OfficialAccount::new(&args.app_id, &args.app_secret).sandbox();
    let mut agent = Agent::new(&args.agent_id, &args.corp_secret);
    for domain in &args.js_domain {
        account = account.with_js_domain(domain).with_oauth_domain(domain);
        agent = agent.with_domain(domain).with_login_domain(domain);
    }
    let world = World::new().with_official(account).with_corp(Corp::new(&args.corp_id).with_agent(agent));
    let simulator = Simulator::start(args.listen, world)
        .with_context(|| format!("the simulator cannot listen at {}; choose another with --listen", args.listen))?;
    println!("{}", simulator.base_url());
    tokio::task::spawn_blocking(move || simulator.wait()).await??;
    Ok(ExitCode::SUCCESS)
}

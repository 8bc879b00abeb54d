//! `wxpress demo`: a whole site in a folder that is gone afterwards, with sample articles and a simulated WeChat.

mod desk;
mod newsroom;

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use rust_embed::RustEmbed;

use super::serve;
use crate::clock::Clock;
use crate::config::{Config, Overrides};
use crate::content::import::{Options, Unwatched, import};
use crate::content::{Actor, Filter};
use crate::simulator::{OfficialAccount, Simulator, World};
use crate::state::AppState;

const APP_ID: &str = "wx0123456789abcdef";
const APP_SECRET: &str = "only-the-simulator-knows-me";

#[derive(RustEmbed)]
#[folder = "src/cli/demo/samples/"]
struct Samples;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to listen; another port is taken when this one is not free.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
}

/// Shows the site until Ctrl-C.
pub(super) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let folder =
        tempfile::Builder::new().prefix("wxpress-demo-").tempdir().context("no temporary folder can be made")?;
    let listen = free(args.listen)?;
    let account = OfficialAccount::new(APP_ID, APP_SECRET).sandbox().with_js_domain(listen.to_string());
    let account = account.with_oauth_domain(listen.to_string());
    let simulator = Simulator::start(SocketAddr::from(([127, 0, 0, 1], 0)), World::new().with_official(account))?;
    let config = settings(folder.path(), listen, &simulator.base_url())?;
    let (state, keepers) = AppState::build(config, Clock::System).await?;
    take_in_samples(&state, folder.path()).await?;
    let password = newsroom::hire(&state, &simulator).await?;
    desk::lay(&state).await?;
    welcome(&state, &simulator, password.expose()).await?;
    serve::serve(state, keepers, listen).await
}

/// The address itself, or the same host with a port that is free.
fn free(wished: SocketAddr) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(wished).or_else(|_taken| TcpListener::bind(SocketAddr::new(wished.ip(), 0)));
    Ok(listener.with_context(|| format!("cannot listen at {}", wished.ip()))?.local_addr()?)
}

fn settings(folder: &Path, listen: SocketAddr, wechat: &str) -> anyhow::Result<Config> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let environment: BTreeMap<String, String> = [
        ("WXPRESS_SITE__BASE_URL", format!("http://{listen}")),
        ("WXPRESS_SITE__NAME", "云溪新闻".to_owned()),
        ("WXPRESS_SITE__DESCRIPTION", "云溪县融媒体中心的新闻与服务".to_owned()),
        ("WXPRESS_SITE__ICP_NUMBER", "示例ICP备00000000号".to_owned()),
        ("WXPRESS_SERVER__LISTEN", listen.to_string()),
        ("WXPRESS_DATA_DIR", text(&folder.join("data"))),
        ("WXPRESS_WECHAT__OFFICIAL__APP_ID", APP_ID.to_owned()),
        ("WXPRESS_WECHAT__OFFICIAL__APP_SECRET", APP_SECRET.to_owned()),
        ("WXPRESS_WECHAT__OFFICIAL__API_BASE_URL", wechat.to_owned()),
        ("WXPRESS_WECHAT__OFFICIAL__JS_DOMAIN", listen.ip().to_string()),
        ("WXPRESS_WECHAT__AUTHORIZE_BASE_URL", wechat.to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    Ok(Config::from_sources(None, &environment, &Overrides::new())?)
}

/// The samples come in through the same door as everybody's articles.
async fn take_in_samples(state: &AppState, folder: &Path) -> anyhow::Result<()> {
    let samples = folder.join("samples");
    for name in Samples::iter() {
        let Some(file) = Samples::get(&name) else { continue };
        let path = samples.join(&*name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, file.data)?;
    }
    import(&state.content, &samples, Options { dry_run: false, progress: &Unwatched }).await?;
    // What editors do besides writing.
    let id = async |slug: &str| state.content.article_id(&slug.parse()?).await?.context("a sample is missing");
    state.content.set_pinned(Actor::System, id("medical-insurance-notice").await?, true).await?;
    let corrected = "本文初稿把 2 路末班车的时间误写为 18:20，应为 18:00，特此更正。";
    state.content.correct(Actor::System, id("winter-bus-timetable").await?, corrected).await?;
    Ok(())
}

async fn welcome(state: &AppState, simulator: &Simulator, password: &str) -> anyhow::Result<()> {
    let site = state.config.site.base_url.absolute("/");
    let newest = state.content.latest(&Filter::All, None, 1).await?.items.into_iter().next();
    let article = newest.map(|summary| state.config.site.base_url.absolute(&format!("/articles/{}", summary.key)));
    let phone = article.as_deref().map(|article| {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("url", article).finish();
        format!("{}/phone?{query}", simulator.base_url())
    });
    println!("\n  站点 · the site            {site}");
    println!("  文章 · an article          {}", article.unwrap_or_default());
    println!("  卡片 · what WeChat shows   {}", phone.unwrap_or_default());
    println!("  微信 · what WeChat saw     {}/\n", simulator.base_url());
    println!("  后台 · the back office     {}", state.config.site.base_url.absolute("/admin"));
    println!("  登录 · sign in as          {}，密码 password {password}", newsroom::ADMINISTRATOR);
    println!("  验证码 · its code          {}/authenticator", simulator.base_url());
    println!("  记者 · or as a writer      {}，密码相同 same password\n", newsroom::WRITER);
    println!("  Ctrl-C 结束，不留痕迹 · Ctrl-C ends it and leaves nothing behind\n");
    Ok(())
}

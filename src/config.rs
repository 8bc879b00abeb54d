//! What the operator decides: settings parsed into real types. The only reader of the environment.
//!
//! A value comes from the TOML file, is overridden by the environment (`WXPRESS_<SECTION>__<KEY>`), and that by
//! flags. Unknown keys are refused, a half-filled section is an error that names what is missing, and every
//! secret may also be given as a file (`…_file`, `WXPRESS_…_FILE`).

mod base_url;
mod parse;
mod seal;
mod secret;
pub mod secret_key;
mod source;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

pub use base_url::BaseUrl;
pub use seal::Sealer;
pub use secret::Secret;
pub use secret_key::SecretKey;
pub use source::Overrides;

/// Why the settings cannot be used. Each text names the key and says what to write instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file named with `--config` cannot be read.
    #[error("cannot read the settings file {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The secret key cannot be written.
    #[error("cannot write {path}: {source}. The data directory must be writable for the user the program runs as")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A key that does not exist, or a value of the wrong shape.
    #[error("settings: {0}")]
    Malformed(String),
    /// A value that can be read but not used.
    #[error("{key}: {problem}")]
    Invalid {
        /// The key, as in the file: `site.base_url`.
        key: &'static str,
        /// What is wrong and what to write.
        problem: String,
    },
    /// Some keys of a section are set, others are not.
    #[error("{section} is half filled: {missing} is not set. Set it too, or remove the whole section")]
    Half {
        /// `wechat.official` or `wechat.wecom`.
        section: &'static str,
        /// The missing key and its environment variable.
        missing: String,
    },
}

impl Error {
    fn invalid(key: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { key, problem: problem.into() }
    }
}

/// All settings of one process.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name, address and language of the site.
    pub site: Site,
    /// Where it listens and whom it believes.
    pub server: Server,
    /// Where articles live.
    pub database: DatabaseUrl,
    /// Everything the site owns on disk.
    pub data_dir: PathBuf,
    /// Where pictures and attachments live.
    pub media: MediaStore,
    /// The accounts at WeChat.
    pub wechat: WeChat,
    /// The content security policy.
    pub csp: Csp,
    /// Where alarms go besides the log.
    pub alarm_webhook: Option<Secret<Url>>,
    /// 32 bytes shared by every process of the site; none: the file in the data directory.
    pub secret_key: Option<Secret<String>>,
}

/// `site.*`. All but the address only seed the database; editors change them there.
#[derive(Clone, Debug)]
pub struct Site {
    /// The public origin and path prefix: the only source of absolute addresses.
    pub base_url: BaseUrl,
    /// The masthead.
    pub name: String,
    /// One sentence about the site.
    pub description: String,
    /// The interface's language.
    pub language: Language,
    /// ICP 备案号, empty when there is none.
    pub icp_number: String,
    /// 公安备案号, empty when there is none.
    pub police_number: String,
    /// The zone in which dates are shown.
    pub time_zone: String,
}

/// The interface's languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Language {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    SimplifiedChinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The tag for `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::SimplifiedChinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// `server.*`.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where the site listens.
    pub listen: SocketAddr,
    /// An own host name for the back office.
    pub admin_host: Option<String>,
    /// Peers whose `X-Forwarded-For` names the reader.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Where metrics are served; nowhere by default.
    pub ops_listen: Option<SocketAddr>,
}

/// `database.url`.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file, created when missing.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the address may hold a password.
    Postgres(Secret<String>),
}

/// `media.url`.
#[derive(Clone, Debug)]
pub enum MediaStore {
    /// A folder.
    Folder(PathBuf),
}

/// `wechat.*`.
#[derive(Clone, Debug)]
pub struct WeChat {
    /// The official account (公众号).
    pub official: Option<Official>,
    /// The enterprise account (企业微信).
    pub wecom: Option<WeCom>,
    /// Where the JS-SDK is loaded from, in turn.
    pub sdk_urls: Vec<Url>,
    /// Where people are sent to say who they are; none: WeChat's and WeCom's own pages. Some: this machine, for tests.
    pub authorize_base_url: Option<Url>,
    /// An outbound proxy with a fixed address, for WeChat's IP whitelist.
    pub proxy: Option<Secret<Url>>,
    /// What happens to an address that WeChat has added parameters to.
    pub second_hand: SecondHand,
}

/// `wechat.official.*`.
#[derive(Clone, Debug)]
pub struct Official {
    /// `wx` and sixteen characters.
    pub app_id: String,
    /// The developer's password.
    pub app_secret: Secret<String>,
    /// `https://api.weixin.qq.com`, or a loopback address for tests.
    pub api_base_url: Url,
    /// Which of the two token calls is used.
    pub token_endpoint: TokenEndpoint,
    /// JS接口安全域名 as entered in the console: hosts or host/path.
    pub js_domain: Vec<String>,
}

/// `wechat.wecom.*`.
#[derive(Clone, Debug)]
pub struct WeCom {
    /// The corporation.
    pub corp_id: String,
    /// The secret of one agent.
    pub corp_secret: Secret<String>,
    /// That agent.
    pub agent_id: String,
    /// `https://qyapi.weixin.qq.com`, or a loopback address for tests.
    pub api_base_url: Url,
    /// 可信域名 as entered in the console.
    pub js_domain: Vec<String>,
}

/// Which call fetches the official account's token (wechat-facts §1.1, §1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenEndpoint {
    /// `POST cgi-bin/stable_token`: repeated calls return the same token.
    #[default]
    Stable,
    /// `GET cgi-bin/token`: every call replaces the token.
    Classic,
}

/// `wechat.second_hand`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondHand {
    /// The page goes to its canonical address.
    #[default]
    Redirect,
    /// The page is signed for the address as requested.
    Sign,
}

/// `csp.*`.
#[derive(Clone, Debug)]
pub struct Csp {
    /// Whether the policy is enforced.
    pub mode: CspMode,
    /// Hosts whose players may be embedded.
    pub video_hosts: Vec<String>,
}

/// `csp.mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CspMode {
    /// Violations are blocked.
    #[default]
    Enforce,
    /// Violations are only reported.
    ReportOnly,
    /// No policy is sent.
    Off,
}

impl Config {
    /// Reads the settings of this process: `file` (else `WXPRESS_CONFIG`, else none), environment, flags.
    #[expect(clippy::disallowed_methods, reason = "this is the door to the environment")]
    pub fn load(file: Option<&Path>, flags: &Overrides) -> Result<Self, Error> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self::from_sources(file, &environment, flags)
    }

    /// The origin of the back office: its own host, or the site's.
    pub fn back_office_origin(&self) -> String {
        let own = self.site.base_url.origin();
        match &self.server.admin_host {
            Some(host) => format!("{}://{host}", if self.site.base_url.is_https() { "https" } else { "http" }),
            None => own.to_owned(),
        }
    }

    /// The absolute address of `path` in the back office: `/admin/sign-in` → `https://news.example.cn/mp/admin/sign-in`.
    pub fn back_office_url(&self, path: &str) -> String {
        format!("{}{}", self.back_office_origin(), self.site.base_url.path(path))
    }

    /// The same settings for a site that keeps everything in `folder`.
    #[must_use]
    pub fn moved_to(mut self, folder: &Path) -> Self {
        self.data_dir = folder.to_path_buf();
        self.database = DatabaseUrl::Sqlite(folder.join("wxpress.db"));
        self.media = MediaStore::Folder(folder.join("media"));
        self
    }

    /// Reads the settings from an environment that is handed in.
    pub fn from_sources(
        file: Option<&Path>,
        environment: &std::collections::BTreeMap<String, String>,
        flags: &Overrides,
    ) -> Result<Self, Error> {
        let named = environment.get("WXPRESS_CONFIG").filter(|name| !name.is_empty()).map(PathBuf::from);
        let path = file.map(Path::to_path_buf).or(named);
        let text = path.as_deref().map(parse::read_text).transpose()?;
        parse::understand(source::read(path.as_deref().zip(text.as_deref()), environment, flags)?)
    }
}

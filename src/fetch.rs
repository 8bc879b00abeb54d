//! The HTTP client: the one place that reaches out. Time-outs, body caps, no redirects, no proxy unless set, and
//! never an address in an error, because WeChat carries secrets in query strings.

use std::time::Duration;

use reqwest::header::HeaderMap;
use url::Url;

/// The longest a whole call may take; the phone of a reader never waits for one (threat W16).
const DEADLINE: Duration = Duration::from_secs(5);
/// The longest a connection may take to open.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);
/// The largest answer of WeChat's API, in bytes; real ones stay below 2 KiB.
pub const API_BODY_CAP: usize = 64 * 1024;

/// Why a call brought no answer. No variant holds the address.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// No answer within five seconds.
    #[error("no answer in time")]
    TimedOut,
    /// The connection failed or broke; the text is the system's.
    #[error("connection failed: {0}")]
    Connection(String),
    /// The body is larger than the cap.
    #[error("the answer is larger than {cap} bytes")]
    TooLarge {
        /// The cap that was set for this call.
        cap: usize,
    },
    /// The client could not be built from the settings.
    #[error("the HTTP client cannot be set up: {0}")]
    Setup(String),
}

/// A complete answer.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header as text, if it is there and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The client, cheap to clone.
#[derive(Clone, Debug)]
pub struct Fetch {
    client: reqwest::Client,
}

impl Fetch {
    /// A client that goes through `proxy`, or straight out; the environment's proxy variables are ignored.
    pub fn new(proxy: Option<&Url>) -> Result<Self, Error> {
        let setup = |error: reqwest::Error| Error::Setup(cause(error));
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .timeout(DEADLINE)
            .connect_timeout(CONNECT_DEADLINE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("wxpress/", env!("CARGO_PKG_VERSION")));
        if let Some(proxy) = proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(setup)?);
        }
        Ok(Self { client: builder.build().map_err(setup)? })
    }

    /// GET `url` and read at most `cap` bytes.
    pub async fn get(&self, url: &Url, cap: usize) -> Result<Answer, Error> {
        read(self.client.get(url.clone()), cap).await
    }

    /// GET `url` as a browser that calls itself `user_agent`.
    pub async fn get_as(&self, url: &Url, user_agent: &str, cap: usize) -> Result<Answer, Error> {
        let request = self.client.get(url.clone());
        read(request.header(reqwest::header::USER_AGENT, user_agent), cap).await
    }

    /// POST `body` as JSON and read at most `cap` bytes.
    pub async fn post_json(&self, url: &Url, body: &serde_json::Value, cap: usize) -> Result<Answer, Error> {
        read(self.client.post(url.clone()).json(body), cap).await
    }
}

async fn read(request: reqwest::RequestBuilder, cap: usize) -> Result<Answer, Error> {
    let mut response = request.send().await.map_err(describe)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    // Chunk by chunk, so that neither a false Content-Length nor a compressed bomb fills the memory.
    while let Some(chunk) = response.chunk().await.map_err(describe)? {
        if body.len() + chunk.len() > cap {
            return Err(Error::TooLarge { cap });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

fn describe(error: reqwest::Error) -> Error {
    if error.is_timeout() { Error::TimedOut } else { Error::Connection(cause(error)) }
}

/// The innermost cause, which names the trouble ("Connection refused") and never the address.
fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

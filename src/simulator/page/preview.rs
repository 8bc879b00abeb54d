//! Loads a page as a client would and works out the card, without a browser: for people who try the demo.
//!
//! It reads the block of data that the page carries for its own script, so it shows what the page means to do;
//! whether the script does it is for the tests with a real browser.

use std::cell::RefCell;
use std::time::Duration;

use lol_html::{RewriteStrSettings, element, rewrite_str, text};
use reqwest::header::{LOCATION, USER_AGENT};
use serde::Deserialize;
use url::{Host, Url};

use crate::simulator::judge::{self, Platform};
use crate::simulator::phone::Client;
use crate::simulator::shared::Shared;
use crate::simulator::signature::{Claim, without_fragment};

/// No article page comes near it.
const LARGEST_PAGE: usize = 8 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);
const REDIRECTS: u8 = 5;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Preview {
    /// The address that was judged.
    pub(crate) address: String,
    /// The page's guard took the reader there from another one.
    pub(crate) guarded: bool,
    /// `config:ok`, a refusal in WeChat's words, or none when the page carries nothing for this client.
    pub(crate) verdict: Option<Result<String, String>>,
    pub(crate) card: Option<ShownCard>,
    /// What is shared when there is no card.
    pub(crate) title: String,
}

impl Preview {
    /// Whether a recipient gets the page's own card.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self.verdict, Some(Ok(_))) && self.card.is_some()
    }
}

/// The card as the page describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownCard {
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) desc: String,
    pub(crate) link: String,
    #[serde(default)]
    pub(crate) img_url: String,
    #[serde(default)]
    pub(crate) moments_title: String,
}

#[derive(Debug, Default, Deserialize)]
struct Block {
    official: Option<ConfigValues>,
    wecom: Option<ConfigValues>,
    card: Option<ShownCard>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigValues {
    app_id: String,
    /// Written as a number by some, as text by others; the client makes text of it.
    timestamp: serde_json::Value,
    nonce_str: String,
    signature: String,
}

pub(crate) async fn load(address: &str, client: &Client, shared: &Shared) -> Result<Preview, String> {
    let address = local(address)?;
    let mut page = fetch(address, client.user_agent).await?;
    let mut read = read(&page.html)?;
    let canonical = read.canonical.take().filter(|canonical| canonical != without_fragment(page.address.as_str()));
    let guarded = canonical.is_some();
    if let Some(canonical) = canonical {
        page = fetch(local(&canonical)?, client.user_agent).await?;
        read = self::read(&page.html)?;
    }
    let block: Block = match &read.block {
        Some(block) => serde_json::from_str(block).map_err(|error| format!("wx-share: {error}"))?,
        None => Block::default(),
    };
    // A page with one account only uses it everywhere.
    let values = match client.platform {
        Platform::WeCom => block.wecom.or(block.official),
        Platform::Official => block.official.or(block.wecom),
    };
    let link = block.card.as_ref().map_or("", |card| card.link.as_str());
    let verdict = values.map(|values| judged(&values, link, client, page.address.as_str(), shared));
    Ok(Preview { address: page.address.into(), guarded, verdict, card: block.card, title: read.title })
}

fn judged(
    values: &ConfigValues,
    link: &str,
    client: &Client,
    address: &str,
    shared: &Shared,
) -> Result<String, String> {
    if client.refuses {
        return Err("config:fail".to_owned());
    }
    let timestamp = values.timestamp.as_str().map_or_else(|| values.timestamp.to_string(), str::to_owned);
    let claim = Claim { nonce_str: values.nonce_str.clone(), timestamp, signature: values.signature.clone() };
    let address = without_fragment(address);
    match shared.with(|world| judge::config(world, client.platform, &values.app_id, &claim, address)) {
        Ok(admitted) if !admitted.may_share => {
            Err("config:ok, but permission denied: the account may not share".to_owned())
        }
        Ok(admitted) if !admitted.covers(link) => {
            Err(format!("config:ok, but the card's link lies outside {}", admitted.domain))
        }
        Ok(_) => Ok("config:ok".to_owned()),
        Err(refused) => Err(format!("config:{}", refused.words())),
    }
}

/// Only this machine's own pages: the form must not become a way to reach others.
fn local(address: &str) -> Result<Url, String> {
    if address.trim().is_empty() {
        return Err("请填写本机页面的地址。Enter the address of a page on this machine.".to_owned());
    }
    let url = Url::parse(address.trim()).map_err(|error| format!("{address}: {error}"))?;
    let is_local = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if is_local && matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(format!("只能打开本机（127.0.0.1）的页面。Only pages of this machine can be opened, not {url}"))
    }
}

struct Fetched {
    address: Url,
    html: String,
}

async fn fetch(mut address: Url, user_agent: &str) -> Result<Fetched, String> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| error.to_string())?;
    for _ in 0..=REDIRECTS {
        let request = client.get(address.clone()).header(USER_AGENT, user_agent);
        let response = request.send().await.map_err(|error| format!("{address}: {error}"))?;
        let status = response.status();
        if status.is_redirection() {
            let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let target = address.join(target).map_err(|error| format!("{target}: {error}"))?;
            address = local(target.as_str())?;
            continue;
        }
        if !status.is_success() {
            return Err(format!("{address}: {status}"));
        }
        return Ok(Fetched { html: body(response).await?, address });
    }
    Err(format!("{address}: more than {REDIRECTS} redirects"))
}

async fn body(mut response: reqwest::Response) -> Result<String, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_PAGE {
            return Err(format!("the page is larger than {LARGEST_PAGE} bytes"));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[derive(Debug, Default)]
struct Read {
    title: String,
    canonical: Option<String>,
    block: Option<String>,
}

fn read(html: &str) -> Result<Read, String> {
    let found = RefCell::new(Read::default());
    let handlers = vec![
        element!("html[data-canonical]", |root| {
            found.borrow_mut().canonical = root.get_attribute("data-canonical").map(|value| plain(&value));
            Ok(())
        }),
        text!("head > title", |chunk| {
            found.borrow_mut().title.push_str(chunk.as_str());
            Ok(())
        }),
        text!("script#wx-share", |chunk| {
            found.borrow_mut().block.get_or_insert_default().push_str(chunk.as_str());
            Ok(())
        }),
    ];
    let settings =
        handlers.into_iter().fold(RewriteStrSettings::new(), RewriteStrSettings::append_element_content_handler);
    rewrite_str(html, settings).map_err(|error| error.to_string())?;
    let mut read = found.into_inner();
    read.title = plain(read.title.trim());
    Ok(read)
}

/// The few character references that templates write.
fn plain(html: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(html.to_owned(), |text, (reference, character)| text.replace(reference, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_looked_at() {
        assert!(local("http://127.0.0.1:8080/articles/1").is_ok());
        assert!(local("http://[::1]/").is_ok());
        for elsewhere in ["http://10.0.0.1/", "http://localhost.example.com/", "file:///etc/passwd", "javascript:0"] {
            assert!(local(elsewhere).is_err(), "{elsewhere}");
        }
    }

    #[test]
    fn a_page_is_read_for_its_title_its_address_and_its_block() {
        let html = r#"<!doctype html><html data-canonical="http://127.0.0.1/a?b&amp;c"><head><title>甲 &lt;乙&gt;</title>
            </head><body><svg><title>no</title></svg>
            <script type="application/json" id="wx-share">{"card":{"title":"t","link":"http://127.0.0.1/a"}}</script>"#;
        let read = read(html).unwrap();
        assert_eq!(read.title, "甲 <乙>");
        assert_eq!(read.canonical.as_deref(), Some("http://127.0.0.1/a?b&c"));
        let block: Block = serde_json::from_str(&read.block.unwrap()).unwrap();
        assert_eq!(block.card.unwrap().title, "t");
    }
}

//! Telling a person what only a person can mend: once per cause in the whole fleet, with the cure, to the log, to the
//! metrics, and to the webhook.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::account::AccountKey;
use super::meter::Meter;
use super::store::Store;
use crate::clock::Millis;
use crate::config::{Language, Secret};
use crate::fetch::{API_BODY_CAP, Fetch};

/// How often a message is tried.
const TRIES: u32 = 3;
const BETWEEN_TRIES: Duration = Duration::from_secs(2);

/// Where alarms go.
#[derive(Clone, Debug)]
pub struct Alarms {
    store: Store,
    meter: Meter,
    fetch: Fetch,
    webhook: Option<Secret<Url>>,
    site: String,
    language: Language,
    is_silent: bool,
}

/// What a person is told.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// What makes it the same as an earlier one.
    pub(super) cause: String,
    /// What happened, in both languages: Chinese, English.
    pub(super) what: [String; 2],
    /// What to do, in both languages.
    pub(super) cure: [String; 2],
}

impl Alarms {
    /// Alarms about `site` (its address), to `webhook` if there is one.
    pub fn new(
        store: Store,
        meter: Meter,
        fetch: Fetch,
        webhook: Option<Secret<Url>>,
        site: &crate::config::Site,
    ) -> Self {
        Self {
            store,
            meter,
            fetch,
            webhook,
            site: site.base_url.to_string(),
            language: site.language,
            is_silent: false,
        }
    }

    /// From here on nobody is told anything, and nothing is written down as told.
    pub(super) fn silence(&mut self) {
        self.is_silent = true;
    }

    /// Tells a person, unless they were told of this cause already.
    pub(super) async fn raise(&self, account: &AccountKey, message: Message, now: Millis) -> Result<(), sqlx::Error> {
        if self.is_silent || !self.store.raise_alarm(account, &message.cause, now).await? {
            return Ok(());
        }
        self.meter.count_alarm(account);
        let [_, english] = &message.what;
        let [_, cure] = &message.cure;
        tracing::error!(%account, cause = message.cause, cure, "{english}");
        let what = self.pick(&message.what);
        let cure = self.pick(&message.cure);
        let label = self.pick(&["处理办法".to_owned(), "What to do".to_owned()]).to_owned();
        let text = format!("{} · {account}\n{what}\n{label}：{cure}", self.site);
        self.post(text, Some(message.cause));
        Ok(())
    }

    /// All is well again: what was told before is over, and would be told anew.
    pub(super) async fn clear(&self, account: &AccountKey) -> Result<(), sqlx::Error> {
        if !self.is_silent && self.store.clear_alarms(account).await? > 0 {
            tracing::info!(%account, "WeChat answers again");
            let words = self.pick(&["已恢复正常".to_owned(), "All is well again".to_owned()]).to_owned();
            self.post(format!("{} · {account}\n{words}", self.site), None);
        }
        Ok(())
    }

    fn pick<'a>(&self, [chinese, english]: &'a [String; 2]) -> &'a str {
        match self.language {
            Language::SimplifiedChinese => chinese,
            Language::English => english,
        }
    }

    /// In a task of its own: nobody waits for a webhook. A `cause` that nobody could be told of is forgotten, so that
    /// the next failure tells it again.
    fn post(&self, text: String, cause: Option<String>) {
        let Some(webhook) = self.webhook.clone() else { return };
        let (fetch, store) = (self.fetch.clone(), self.store.clone());
        tokio::spawn(async move {
            if deliver(&fetch, webhook.expose(), &body(&text)).await {
                return;
            }
            if let Some(cause) = cause
                && let Err(error) = store.forget_alarm(&cause).await
            {
                tracing::warn!(%error, cause, "nobody was told of this");
            }
        });
    }
}

/// Tries a few times; false: the message did not arrive.
async fn deliver(fetch: &Fetch, webhook: &Url, body: &Value) -> bool {
    for _ in 0..TRIES {
        match fetch.post_json(webhook, body, API_BODY_CAP).await {
            Ok(answer) if answer.status < 300 => return true,
            Ok(answer) => tracing::warn!(status = answer.status, "the alarm's webhook refused the message"),
            Err(error) => tracing::warn!(%error, "the alarm's webhook did not answer"),
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
    false
}

/// What a WeCom group robot understands; others find the same text in it.
fn body(text: &str) -> Value {
    json!({ "msgtype": "text", "text": { "content": text } })
}

//! The checks behind `wxpress doctor` and the back office's page: what works, what does not, and which button to
//! press. No finding ever holds a secret.

mod account;
mod page;
mod site;

use serde::Serialize;

use crate::config::{Config, Language};
use crate::credentials::{AccountKey, Credentials};
use crate::fetch::Fetch;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// In order.
    Good,
    /// Cards may still be right, but somebody should look.
    Warning,
    /// Cards will be wrong until this is mended.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// A stable name for scripts: `token`, `safe_domain`.
    pub check: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was found.
    pub what: String,
    /// What to do; empty when nothing is.
    pub cure: String,
}

/// What the checks need.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The way out.
    pub fetch: &'a Fetch,
    /// What the keepers know; whoever asks for an examination lets them try first.
    pub credentials: &'a Credentials,
    /// The accounts of the site.
    pub accounts: &'a [AccountKey],
    /// The path of a page to look at, below the prefix; an article if there is one.
    pub page: &'a str,
}

/// Looks at everything, in the order in which one thing depends on another.
pub async fn examine(subject: Subject<'_>) -> Vec<Finding> {
    let words = Words(subject.config.site.language);
    let mut findings = site::examine(subject.config, words);
    for account in subject.accounts {
        account::examine(subject.credentials, account, words, &mut findings);
    }
    page::examine(subject, words, &mut findings).await;
    findings
}

/// What the settings alone reveal and a start-up should say.
pub fn before_start(config: &Config) -> Vec<Finding> {
    let findings = site::examine(config, Words(config.site.language));
    findings.into_iter().filter(|finding| finding.verdict != Verdict::Good).collect()
}

/// Speaks the interface's language.
#[derive(Clone, Copy, Debug)]
struct Words(Language);

impl Words {
    fn pick<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self.0 {
            Language::SimplifiedChinese => chinese,
            Language::English => english,
        }
    }
}

impl Finding {
    fn good(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Good, what: what.into(), cure: String::new() }
    }

    fn warning(check: &'static str, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Warning, what: what.into(), cure: cure.into() }
    }

    fn problem(check: &'static str, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Problem, what: what.into(), cure: cure.into() }
    }
}

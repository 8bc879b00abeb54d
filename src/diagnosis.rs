//! The checks behind `wxpress doctor` and the back office's page: what works, what does not, and which button to
//! press. No finding ever holds a secret.

mod account;
mod page;
mod readers;
mod site;

use serde::Serialize;

use crate::clock::Millis;
use crate::config::{Config, Language};
use crate::credentials::Credentials;
use crate::credentials::overview::Report;
use crate::fetch::Fetch;
use crate::stats::ConfigTally;
use crate::wechat::Platform;

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
    /// The language of what is found.
    pub language: Language,
    /// The way out.
    pub fetch: &'a Fetch,
    /// The tickets in memory, with which signatures are compared.
    pub credentials: &'a Credentials,
    /// How the accounts are doing; whoever asks for an examination lets their keepers try first.
    pub reports: &'a [Report],
    /// The path of a page to look at, below the prefix; an article if there is one.
    pub page: &'a str,
}

/// Looks at everything, in the order in which one thing depends on another.
pub async fn examine(subject: Subject<'_>) -> Vec<Finding> {
    let words = Words(subject.language);
    let mut findings = site::examine(subject.config, words);
    for report in subject.reports {
        account::examine(report, subject.credentials.now(), words, &mut findings);
    }
    page::examine(subject, words, &mut findings).await;
    findings
}

/// What can be said without asking anybody: the settings, what the keepers wrote down, and what readers' phones said in
/// the last day. Only what is not in order.
pub fn standing(
    (config, language): (&Config, Language),
    reports: &[Report],
    results: &[(Platform, ConfigTally)],
    now: Millis,
) -> Vec<Finding> {
    let words = Words(language);
    let mut findings = site::examine(config, words);
    for report in reports {
        account::examine(report, now, words, &mut findings);
    }
    findings.extend(results.iter().filter_map(|(platform, tally)| readers::examine(*platform, tally, words)));
    findings.retain(|finding| finding.verdict != Verdict::Good);
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

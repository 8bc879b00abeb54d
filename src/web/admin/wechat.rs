//! How the WeChat accounts are doing: what the whole fleet wrote down, never a value. What can be asked for here is
//! done by the accounts' keepers, within their bounds.

mod account;

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::super::error::Error;
use super::form::{FormErrors, Posted};
use super::here::Here;
use super::page::{Desk, Layout, respond};
use crate::content::Filter;
use crate::credentials::overview::{Asked, Report};
use crate::diagnosis::{self, Finding, Subject, Verdict};
use crate::stats::ConfigTally;
use crate::wechat::Platform;
use account::AccountPart;

const DAY: Duration = Duration::from_hours(24);
const WEEK: Duration = Duration::from_hours(7 * 24);

#[derive(Template)]
#[template(path = "admin/wechat.html")]
struct WeChatPage {
    layout: Layout,
    form: FormErrors,
    accounts: Vec<AccountPart>,
    troubles: Vec<Trouble>,
    check_url: String,
    retry_url: String,
    force_url: String,
    confirm_url: String,
    here: String,
    /// Whether the password was typed a moment ago.
    is_confirmed: bool,
}

#[derive(Template)]
#[template(path = "admin/wechat_check.html")]
struct CheckPage {
    layout: Layout,
    troubles: Vec<Trouble>,
    back: String,
}

/// A finding, ready to be shown.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) check: &'static str,
    pub(super) is_problem: bool,
    pub(super) state: &'static str,
    pub(super) word: &'static str,
    pub(super) what: String,
    pub(super) cure: String,
}

impl Trouble {
    fn new(desk: &Desk<'_>, finding: Finding) -> Self {
        let t = desk.t.accounts;
        let (state, word) = match finding.verdict {
            Verdict::Good => ("good", t.fine),
            Verdict::Warning => ("warn", t.warning),
            Verdict::Problem => ("bad", t.problem),
        };
        let is_problem = finding.verdict == Verdict::Problem;
        Self { check: finding.check, is_problem, state, word, what: finding.what, cure: finding.cure }
    }

    /// Whether it is about what WeChat gives us, and so about cards.
    pub(super) fn is_of_account(&self) -> bool {
        matches!(self.check, "token" | "ticket" | "safe_domain" | "readers")
    }
}

/// Which account a form is about.
#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    account: String,
}

/// What is wrong, without asking anybody.
pub(super) async fn troubles(desk: &Desk<'_>) -> Result<Vec<Trouble>, Error> {
    let state = &desk.site.state;
    let reports = state.overview.reports().await.map_err(Error::unavailable)?;
    found(desk, &reports).await
}

async fn found(desk: &Desk<'_>, reports: &[Report]) -> Result<Vec<Trouble>, Error> {
    let (state, now) = (&desk.site.state, desk.site.state.clock.now());
    let mut results = Vec::new();
    for report in reports {
        results.push((report.account.platform, results_of(desk, report.account.platform, DAY).await?));
    }
    let findings = diagnosis::standing((&state.config, desk.settings.language), reports, &results, now);
    Ok(findings.into_iter().map(|finding| Trouble::new(desk, finding)).collect())
}

async fn results_of(desk: &Desk<'_>, platform: Platform, time: Duration) -> Result<ConfigTally, Error> {
    let state = &desk.site.state;
    state.stats.config_results(platform, state.clock.now().minus(time)).await.map_err(Error::unavailable)
}

/// `GET /admin/wechat`.
pub(crate) async fn show(here: Here) -> Result<HttpResponse, Error> {
    answer(&here, StatusCode::OK, FormErrors::default()).await
}

/// `POST /admin/wechat/retry`.
pub(crate) async fn retry(here: Here, Posted(wish): Posted<Wish>) -> Result<HttpResponse, Error> {
    let asked = here.site.state.overview.retry(&wish.account).await.map_err(Error::unavailable)?;
    conclude(&here, (asked, "retrying")).await
}

/// `POST /admin/wechat/force`.
pub(crate) async fn force(here: Here, Posted(wish): Posted<Wish>) -> Result<HttpResponse, Error> {
    let asked = here.site.state.overview.force(&wish.account).await.map_err(Error::unavailable)?;
    if asked == Asked::Told {
        tracing::info!(account = wish.account, member = here.member().id().0, "a person asks for another token");
    }
    conclude(&here, (asked, "forcing")).await
}

async fn conclude(here: &Here, (asked, done): (Asked, &'static str)) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.accounts;
    let (status, text) = match asked {
        Asked::Told => return Ok(here.see("/wechat", done)),
        Asked::TooSoon(wait) => {
            let seconds = wait.as_millis().div_ceil(1000).to_string();
            (StatusCode::TOO_MANY_REQUESTS, t.too_soon.replace("{}", &seconds))
        }
        Asked::UsedUp => (StatusCode::TOO_MANY_REQUESTS, t.used_up.to_owned()),
        Asked::Impossible => (StatusCode::UNPROCESSABLE_ENTITY, t.impossible.to_owned()),
    };
    answer(here, status, FormErrors::of("accounts", text)).await
}

async fn answer(here: &Here, status: StatusCode, form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let reports = here.site.state.overview.reports().await.map_err(Error::unavailable)?;
    let mut accounts = Vec::new();
    for report in &reports {
        let platform = report.account.platform;
        let results = [results_of(&desk, platform, DAY).await?, results_of(&desk, platform, WEEK).await?];
        accounts.push(AccountPart::new(&desk, report, results));
    }
    let path = desk.url("/wechat");
    let page = WeChatPage {
        layout: desk.layout(desk.t.accounts.title, "/wechat", &here.signed_in, &here.request),
        form,
        accounts,
        troubles: found(&desk, &reports).await?,
        check_url: desk.url("/wechat/check"),
        retry_url: desk.url("/wechat/retry"),
        force_url: desk.url("/wechat/force"),
        confirm_url: format!("{}?next={path}", desk.url("/confirm")),
        here: path,
        is_confirmed: here.signed_in.session.is_confirmed(here.site.state.clock.now()),
    };
    respond(status, &page)
}

/// `GET /admin/wechat/check`: every step from the settings to the page, as `wxpress doctor` takes them, without asking
/// WeChat for anything.
pub(crate) async fn check(here: Here) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let state = &here.site.state;
    let newest = state.content.latest(&Filter::All, None, 1).await?.items.into_iter().next();
    let article = newest.map_or_else(|| "/".to_owned(), |summary| format!("/articles/{}", summary.key));
    let reports = state.overview.reports().await.map_err(Error::unavailable)?;
    let subject = Subject {
        config: &state.config,
        language: desk.settings.language,
        fetch: &state.fetch,
        credentials: &state.credentials,
        reports: &reports,
        page: &article,
    };
    let findings = diagnosis::examine(subject).await;
    let page = CheckPage {
        layout: desk.layout(desk.t.accounts.checked, "/wechat/check", &here.signed_in, &here.request),
        troubles: findings.into_iter().map(|finding| Trouble::new(&desk, finding)).collect(),
        back: desk.url("/wechat"),
    };
    respond(StatusCode::OK, &page)
}

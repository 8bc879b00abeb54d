//! One account, ready to be shown.

use std::time::Duration;

use super::super::page::Desk;
use super::super::plot::grouped;
use crate::clock::Millis;
use crate::credentials::overview::{Line, Report};
use crate::credentials::renewal::{BUDGET, FORCES_A_DAY};
use crate::credentials::{Kind, Trouble};
use crate::stats::{ConfigResult, ConfigTally};
use crate::web::texts::accounts::Accounts;
use crate::wechat::Platform;

/// A moment, as people read it, and for machines.
type Moment = (String, String);

#[derive(Debug)]
pub(super) struct AccountPart {
    /// As the database writes it; what forms send.
    pub(super) key: String,
    pub(super) title: &'static str,
    pub(super) id: String,
    pub(super) agent: String,
    /// Whether it can sign pages now and nothing failed since.
    pub(super) is_good: bool,
    pub(super) console: &'static str,
    pub(super) error: Option<LastError>,
    pub(super) last_attempt: Option<Moment>,
    pub(super) last_success: Option<Moment>,
    pub(super) next_try: Option<Moment>,
    pub(super) lines: Vec<CredentialLine>,
    /// Sentences, then the numbers behind them.
    pub(super) sentences: Vec<String>,
    pub(super) results: Vec<ResultLine>,
    /// How forced renewals stand; none: there are none for this account.
    pub(super) force: Option<String>,
}

#[derive(Debug)]
pub(super) struct LastError {
    pub(super) at: Moment,
    pub(super) meaning: &'static str,
    pub(super) cure: &'static str,
    pub(super) code: String,
    pub(super) rid: String,
    pub(super) said: String,
    pub(super) failures: u32,
}

#[derive(Debug)]
pub(super) struct CredentialLine {
    pub(super) name: &'static str,
    /// How long ago it was fetched, and when.
    pub(super) age: Option<(String, Moment)>,
    pub(super) remaining: String,
    pub(super) state: &'static str,
    pub(super) due: Option<Moment>,
    pub(super) generation: String,
    pub(super) budget: String,
}

#[derive(Debug)]
pub(super) struct ResultLine {
    pub(super) label: &'static str,
    pub(super) day: String,
    pub(super) week: String,
}

impl AccountPart {
    /// What `report` and readers' phones (of a day, of a week) say.
    pub(super) fn new(desk: &Desk<'_>, report: &Report, [day, week]: [ConfigTally; 2]) -> Self {
        let (t, now) = (desk.t.accounts, desk.site.state.clock.now());
        let moment = |at: Millis| (desk.date_time(at), desk.datetime(at));
        let (title, console) = match report.account.platform {
            Platform::Official => (t.official, "https://mp.weixin.qq.com/"),
            Platform::WeCom => (t.wecom, "https://work.weixin.qq.com/wework_admin/frame"),
        };
        let can_sign = report.remaining(Kind::JsapiTicket, now) >= Duration::from_mins(1);
        Self {
            key: report.account.to_string(),
            title,
            console,
            id: report.account.id.clone(),
            agent: report.account.agent.clone(),
            is_good: can_sign && report.trouble.is_none(),
            error: report.trouble.as_ref().map(|trouble| last_error(desk, report, trouble)),
            last_attempt: report.last_attempt.map(moment),
            last_success: report.last_success.map(moment),
            next_try: report.next_try.map(moment),
            lines: report.lines.iter().map(|line| credential(desk, line, now)).collect(),
            sentences: vec![sentence(t, t.last_day, &day), sentence(t, t.last_week, &week)],
            results: results(t, &day, &week),
            force: report.forces.map(|used| {
                let help = t.force_help.replace("{used}", &used.to_string());
                help.replace("{limit}", &FORCES_A_DAY.to_string())
            }),
        }
    }
}

fn last_error(desk: &Desk<'_>, report: &Report, trouble: &Trouble) -> LastError {
    let cure = trouble.cure(report.account.platform);
    let language = desk.settings.language;
    let at = Millis(trouble.at);
    LastError {
        at: (desk.date_time(at), desk.datetime(at)),
        meaning: cure.meaning(language),
        cure: cure.action(language),
        code: trouble.code.map(|code| code.to_string()).unwrap_or_default(),
        rid: trouble.rid.clone().unwrap_or_default(),
        said: trouble.message.clone(),
        failures: report.failures,
    }
}

fn credential(desk: &Desk<'_>, line: &Line, now: Millis) -> CredentialLine {
    let t = desk.t.accounts;
    let moment = |at: Millis| (desk.date_time(at), desk.datetime(at));
    let remaining = line.life.map(|life| life.expires_at.since(now));
    let (remaining, state) = match remaining {
        Some(Duration::ZERO) => (t.dead.to_owned(), "bad"),
        Some(left) => (t.span(left), "good"),
        None => (t.missing.to_owned(), "bad"),
    };
    let budget = t.of_budget.replace("{calls}", &line.calls.to_string()).replace("{limit}", &BUDGET.to_string());
    CredentialLine {
        name: line.kind.name(),
        age: line.life.map(|life| (t.since(now.since(life.fetched_at)), moment(life.fetched_at))),
        remaining,
        state,
        due: line.due.filter(|due| *due > now).map(moment),
        generation: line.life.map(|life| life.generation.to_string()).unwrap_or_default(),
        budget,
    }
}

fn sentence(t: &Accounts, time: &str, tally: &ConfigTally) -> String {
    match tally.per_mille() {
        None => t.no_readers.replace("{time}", time),
        Some(per_mille) => {
            let percent = match per_mille {
                1000 => "100".to_owned(),
                part => format!("{}.{}", part / 10, part % 10),
            };
            let text = t.configured.replace("{time}", time).replace("{percent}", &percent);
            text.replace("{readers}", &grouped(tally.readers()))
        }
    }
}

fn results(t: &Accounts, day: &ConfigTally, week: &ConfigTally) -> Vec<ResultLine> {
    let lines = [
        (t.ok, ConfigResult::Ok),
        (t.recovered, ConfigResult::Recovered),
        (t.invalid_signature, ConfigResult::InvalidSignature),
        (t.invalid_domain, ConfigResult::InvalidDomain),
        (t.denied, ConfigResult::Denied),
        (t.failed, ConfigResult::Failed),
        (t.sdk_missing, ConfigResult::SdkMissing),
    ];
    let shown = lines.into_iter().filter(|(_, result)| week.of(*result) > 0);
    shown
        .map(|(label, result)| ResultLine { label, day: grouped(day.of(result)), week: grouped(week.of(result)) })
        .collect()
}

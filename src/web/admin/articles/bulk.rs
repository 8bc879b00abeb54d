//! One step for several articles. Each is judged by itself; the report says which were refused, and why.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::texts::articles::Articles;
use super::super::form::{FormErrors, Posted};
use super::super::page::Desk;
use super::Here;
use super::list::{self, Asked, Report};
use super::steps::is_too_long;
use crate::content::{self, Article, Fields};
use crate::staff::Member;

/// The most articles that one form names; a page shows fewer.
const MOST: usize = 100;

/// What the form says for no category at all; nothing said is no choice.
const NO_CATEGORY: &str = "none";

/// What was chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Bulk {
    /// Number and version of each.
    chosen: Vec<String>,
    verb: String,
    category: String,
    notice: String,
    /// Whether somebody knows what a withdrawal does.
    confirm: bool,
    // Which list it was.
    shelf: String,
    q: String,
    in_category: String,
    author: String,
    before: String,
}

/// What may be done with several articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Submit,
    Withdraw,
    Discard,
    Restore,
    Pin,
    Unpin,
    SetCategory(Option<i64>),
}

/// Why one of them was refused.
enum Why {
    NotYours,
    Content(content::Error),
}

impl From<content::Error> for Why {
    fn from(error: content::Error) -> Self {
        Self::Content(error)
    }
}

/// The words of the steps that this person may take with some article or other.
pub(super) fn verbs(w: &'static Articles, member: &Member) -> Vec<(&'static str, &'static str)> {
    let all = [
        ("submit", w.submit, true),
        ("category", w.set_category, true),
        ("pin", w.pin, member.may_publish()),
        ("unpin", w.unpin, member.may_publish()),
        ("withdraw", w.withdraw_now, member.may_publish()),
        ("discard", w.discard, true),
        ("restore", w.restore, true),
    ];
    all.into_iter().filter(|(.., shown)| *shown).map(|(word, label, _)| (word, label)).collect()
}

/// `POST /admin/articles/bulk`.
pub(crate) async fn submit(here: Here, Posted(bulk): Posted<Bulk>) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let (verb, mut form) = bulk.check(desk.t.articles);
    if is_into_a_category_that_is_gone(&here, verb).await? {
        form.add("category", desk.t.articles.bad_category);
    }
    let (status, report) = match verb {
        Some(verb) if form.is_empty() => {
            let report = carry_out(&here, &desk, verb, &bulk).await?;
            let nothing = report.done.is_empty();
            (if nothing { StatusCode::CONFLICT } else { StatusCode::OK }, report)
        }
        _ => (StatusCode::UNPROCESSABLE_ENTITY, Report { still: bulk.chosen.clone(), ..Report::default() }),
    };
    let (verb, category, notice) = (bulk.verb, bulk.category, bulk.notice);
    let report = if report.still.is_empty() { report } else { Report { verb, category, notice, ..report } };
    let (shelf, q, category, author, before) = (bulk.shelf, bulk.q, bulk.in_category, bulk.author, bulk.before);
    list::page(&here, status, Asked { shelf, q, category, author, before }, (report, form)).await
}

impl Bulk {
    /// What is to be done, and what is wrong with the form.
    fn check(&self, w: &'static Articles) -> (Option<Verb>, FormErrors) {
        let mut form = FormErrors::default();
        if self.chosen.is_empty() || self.chosen.len() > MOST {
            form.add("chosen", w.bulk_none);
        }
        let verb = match self.verb.as_str() {
            "submit" => Some(Verb::Submit),
            "withdraw" => Some(Verb::Withdraw),
            "discard" => Some(Verb::Discard),
            "restore" => Some(Verb::Restore),
            "pin" => Some(Verb::Pin),
            "unpin" => Some(Verb::Unpin),
            "category" if self.category == NO_CATEGORY => Some(Verb::SetCategory(None)),
            "category" => self.category.parse().ok().map(|id| Verb::SetCategory(Some(id))),
            _ => None,
        };
        match self.verb.as_str() {
            "category" if self.category.is_empty() => form.add("category", w.bulk_no_category),
            "category" if verb.is_none() => form.add("category", w.bad_category),
            _ if verb.is_none() => form.add("verb", w.bulk_no_verb),
            _ => {}
        }
        if verb == Some(Verb::Withdraw) && is_too_long(&self.notice) {
            form.add("notice", w.notice_too_long);
        }
        if verb == Some(Verb::Withdraw) && !self.confirm {
            form.add("confirm", w.bulk_unconfirmed);
        }
        (verb, form)
    }
}

/// Deleted while the list was open. Saved with it, the articles would be in no category, and nobody asked for that.
async fn is_into_a_category_that_is_gone(here: &Here, verb: Option<Verb>) -> Result<bool, Error> {
    let Some(Verb::SetCategory(Some(id))) = verb else { return Ok(false) };
    match here.content().category_by_id(id).await {
        Ok(_) => Ok(false),
        Err(content::Error::NotFound) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Takes the step with one after the other.
async fn carry_out(here: &Here, desk: &Desk<'_>, verb: Verb, bulk: &Bulk) -> Result<Report, Error> {
    let w = desk.t.articles;
    let mut report = Report::default();
    for chosen in &bulk.chosen {
        let Some((id, version)) = chosen.split_once('.') else { return Err(Error::BadRequest) };
        let (Ok(id), Ok(version)) = (id.parse::<i64>(), version.parse::<i64>()) else { return Err(Error::BadRequest) };
        let article = match here.article(id).await {
            Ok(article) => article,
            Err(Error::NotFound) => {
                report.refused.push((format!("{id}"), w.gone.to_owned()));
                continue;
            }
            Err(Error::Forbidden) => {
                // Not even what it is called.
                report.refused.push((format!("{id}"), w.not_yours.to_owned()));
                continue;
            }
            Err(error) => return Err(error),
        };
        let headline = if article.headline.is_empty() { w.no_headline } else { &article.headline };
        match verb.take(here, &article, (version, &bulk.notice)).await {
            Ok(()) => report.done.push(headline.to_owned()),
            Err(why) => {
                report.refused.push((headline.to_owned(), why.text(w)?));
                report.still.push(chosen.clone());
            }
        }
    }
    report.done_label = w.bulk_done.replace("{}", &report.done.len().to_string());
    report.refused_label = w.bulk_refused.replace("{}", &report.refused.len().to_string());
    Ok(report)
}

impl Verb {
    /// What only those who publish may do.
    fn is_for_editors(self) -> bool {
        matches!(self, Self::Withdraw | Self::Pin | Self::Unpin)
    }

    async fn take(self, here: &Here, article: &Article, (version, notice): (i64, &str)) -> Result<(), Why> {
        let (content, actor, id) = (here.content(), here.actor(), article.id);
        if self.is_for_editors() && !here.member().may_publish() {
            return Err(Why::NotYours);
        }
        match self {
            Self::Submit => content.submit(actor, id, version).await?,
            Self::Withdraw => content.withdraw(actor, id, notice).await?,
            Self::Discard => content.discard(actor, id).await?,
            Self::Restore => content.restore(actor, id).await?,
            Self::Pin => content.set_pinned(actor, id, true).await?,
            Self::Unpin => content.set_pinned(actor, id, false).await?,
            Self::SetCategory(category) => {
                let fields = Fields { category, ..content.working_copy(id).await?.fields };
                content.save(actor, id, version, fields).await?;
            }
        }
        Ok(())
    }
}

impl Why {
    /// One clause; a fault of ours stays one.
    fn text(self, w: &'static Articles) -> Result<String, Error> {
        match self {
            Self::NotYours => Ok(w.not_yours.to_owned()),
            Self::Content(content::Error::Refused(refused)) => Ok((w.refused)(refused).to_owned()),
            Self::Content(content::Error::Conflict(_)) => Ok(w.changed_meanwhile.to_owned()),
            Self::Content(content::Error::NotFound) => Ok(w.gone.to_owned()),
            Self::Content(other) => Err(other.into()),
        }
    }
}

//! What waits for somebody, and what goes out next.

use std::collections::BTreeMap;

use super::super::page::Desk;
use super::SHOWN;
use crate::clock::Millis;
use crate::content::article::{Live, Rules, Working};
use crate::content::{Actor, Article, ArticleFilter, Shelf};
use crate::staff::{Member, MemberId};
use crate::web::error::Error;

/// So many are looked through for those that concern somebody.
const LOOKED_AT: u16 = 200;

/// Articles that wait for the same thing.
#[derive(Debug)]
pub(super) struct Pile {
    pub(super) title: &'static str,
    pub(super) items: Vec<Item>,
    /// How many are not shown; empty: none.
    pub(super) more: String,
}

/// One article.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) headline: String,
    pub(super) url: String,
    /// Short words about it.
    pub(super) notes: Vec<String>,
    /// What the reviewer said.
    pub(super) remark: String,
    /// When: for people and for machines.
    pub(super) at: Option<(String, String)>,
}

fn item(desk: &Desk<'_>, article: &Article, at: Option<Millis>) -> Item {
    Item {
        headline: article.headline.clone(),
        url: desk.url(&format!("/articles/{}", article.id.0)),
        notes: Vec::new(),
        remark: String::new(),
        at: at.map(|at| (desk.date_time(at), desk.datetime(at))),
    }
}

/// What waits for this person; kinds of which there are none are left out.
pub(super) async fn piles(desk: &Desk<'_>, member: &Member) -> Result<Vec<Pile>, Error> {
    let content = &desk.site.state.content;
    let t = desk.t.dashboard;
    let back = content.sent_back(member.id().0, LOOKED_AT).await?;
    let back = back
        .iter()
        .map(|article| Item { remark: article.remark.clone(), ..item(desk, article, Some(article.touched)) });
    let mut piles = vec![pile(desk, t.sent_back, back.collect())];
    if member.may_review() {
        piles.push(pile(desk, t.to_review, to_review(desk, member).await?));
    }
    if member.may_publish() {
        let approved = content.articles(&on(Shelf::Approved), None, LOOKED_AT).await?;
        let names = names(desk).await?;
        let approved = approved
            .iter()
            .map(|article| Item { notes: author(desk, &names, article), ..item(desk, article, Some(article.touched)) });
        piles.push(pile(desk, t.to_publish, approved.collect()));
    }
    piles.retain(|pile| !pile.items.is_empty());
    Ok(piles)
}

/// What this person may approve.
async fn to_review(desk: &Desk<'_>, member: &Member) -> Result<Vec<Item>, Error> {
    let stages = desk.settings.review_stages;
    let actor = Actor::Member(member.id().0);
    let names = names(desk).await?;
    let articles = desk.site.state.content.articles(&on(Shelf::InReview), None, LOOKED_AT).await?;
    let mine = articles.iter().filter(|article| article.state.approve(Rules::of(stages, actor, article.hands)).is_ok());
    let line = |article: &Article| {
        let mut notes = author(desk, &names, article);
        if let (Working::InReview(stage), true) = (article.state.working, stages > 1) {
            notes.push(desk.t.dashboard.stage.replace("{}", &stage.to_string()));
        }
        Item { notes, ..item(desk, article, Some(article.touched)) }
    };
    Ok(mine.map(line).collect())
}

fn on(shelf: Shelf) -> ArticleFilter {
    ArticleFilter { shelf: Some(shelf), ..ArticleFilter::default() }
}

fn pile(desk: &Desk<'_>, title: &'static str, mut items: Vec<Item>) -> Pile {
    let rest = items.len().saturating_sub(usize::from(SHOWN));
    items.truncate(usize::from(SHOWN));
    let more = if rest > 0 { desk.t.dashboard.and_more.replace("{}", &rest.to_string()) } else { String::new() };
    Pile { title, items, more }
}

async fn names(desk: &Desk<'_>) -> Result<BTreeMap<i64, String>, Error> {
    let members = desk.site.state.staff.members().await?;
    Ok(members.into_iter().map(|member| (member.id.0, member.name.to_string())).collect())
}

fn author(desk: &Desk<'_>, names: &BTreeMap<i64, String>, article: &Article) -> Vec<String> {
    let name = article.hands.author.and_then(|author| names.get(&author));
    name.map(|name| format!("{}{name}", desk.t.dashboard.by)).into_iter().collect()
}

/// Whether somebody may open it.
fn concerns(member: &Member, article: &Article) -> bool {
    member.may_edit(article.hands.author.map(MemberId))
}

/// What happens by itself next to what this person may open: what goes out, and what is taken down.
pub(super) async fn upcoming(desk: &Desk<'_>, member: &Member) -> Result<Vec<Item>, Error> {
    let (content, t) = (&desk.site.state.content, desk.t.dashboard);
    let (coming, leaving) = (content.upcoming(LOOKED_AT).await?, content.leaving(LOOKED_AT).await?);
    let planned = |article: &Article| match article.state.working {
        Working::Scheduled(at) => Some(at),
        _ => None,
    };
    let coming = coming.iter().map(|article| (planned(article), t.goes_out, article));
    let leaving = leaving.iter().map(|article| (article.take_down, t.is_taken_down, article));
    let mut plans: Vec<_> = coming.chain(leaving).filter(|(.., article)| concerns(member, article)).collect();
    plans.sort_by_key(|(at, ..)| *at);
    plans.truncate(usize::from(SHOWN * 2));
    let line = |(at, what, article): (Option<Millis>, &str, &Article)| Item {
        notes: vec![what.to_owned()],
        ..item(desk, article, at)
    };
    Ok(plans.into_iter().map(line).collect())
}

/// What was due and did not happen.
pub(super) async fn overdue(desk: &Desk<'_>, member: &Member) -> Result<Vec<Item>, Error> {
    let t = desk.t.dashboard;
    let articles = desk.site.state.content.overdue(LOOKED_AT).await?;
    let line = |article: &Article| {
        let (pattern, planned) = match (article.state.working, article.state.live) {
            (Working::Scheduled(at), _) if article.clock_failed.is_some_and(|failed| at <= failed) => {
                (t.overdue_publish, Some(at))
            }
            (_, Live::Published) => (t.overdue_take_down, article.take_down),
            _ => (t.overdue_publish, None),
        };
        let when = planned.map(|at| desk.date_time(at)).unwrap_or_default();
        Item { notes: vec![pattern.replace("{}", &when)], ..item(desk, article, None) }
    };
    let mine = articles.iter().filter(|article| concerns(member, article));
    Ok(mine.take(usize::from(SHOWN * 2)).map(line).collect())
}

//! The first page: what waits, what goes out next, what was read, what is wrong.

mod waiting;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::super::Site;
use super::super::error::Error;
use super::auth::SignedIn;
use super::page::{self, Desk, Layout, respond};
use super::plot::{self, Origin, Plot, grouped};
use super::wechat::{self, Trouble};
use crate::content::{ArticleId, Counts};
use crate::stats::{Days, Tally};
use waiting::{Item, Pile};

/// Articles of one kind on the page.
const SHOWN: u16 = 5;
/// Days of the plot.
const WEEK: i64 = 7;

#[derive(Template)]
#[template(path = "admin/dashboard.html")]
struct DashboardPage {
    layout: Layout,
    new_url: String,
    articles_url: String,
    figures_url: String,
    wechat_url: String,
    first_steps: Option<FirstSteps>,
    overdue: Vec<Item>,
    troubles: Vec<Trouble>,
    /// For somebody who cannot mend it: cards are wrong.
    is_troubled: bool,
    piles: Vec<Pile>,
    upcoming: Vec<Item>,
    read: Option<Read>,
}

/// What was read in the last days.
struct Read {
    plot: Plot,
    origins: Vec<Origin>,
    articles: Vec<MostRead>,
}

/// An article that many read.
struct MostRead {
    headline: String,
    url: String,
    views: String,
}

/// What leads to the first article.
struct FirstSteps {
    has_account: bool,
    may_set_account: bool,
    has_written: bool,
}

/// `GET /admin`.
pub(crate) async fn show(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let counts = site.state.content.counts().await?;
    let first_steps = first_steps(&site, &signed_in, counts);
    let member = &signed_in.member;
    let troubles = wechat::troubles(&desk).await?;
    // The first steps say already that there is no account.
    let troubles: Vec<_> =
        troubles.into_iter().filter(|found| first_steps.is_none() || found.check != "account").collect();
    let may_mend = member.may_change_settings();
    let page = DashboardPage {
        layout: desk.layout(desk.a.dashboard, "/", &signed_in, &request),
        new_url: desk.url("/articles/new"),
        articles_url: desk.url("/articles"),
        figures_url: desk.url("/figures"),
        wechat_url: desk.url("/wechat"),
        overdue: waiting::overdue(&desk, member).await?,
        is_troubled: !may_mend && troubles.iter().any(|trouble| trouble.is_problem && trouble.is_of_account()),
        troubles: if may_mend { troubles } else { Vec::new() },
        piles: waiting::piles(&desk, member).await?,
        upcoming: waiting::upcoming(&desk, member).await?,
        read: if first_steps.is_none() { Some(read(&desk).await?) } else { None },
        first_steps,
    };
    respond(StatusCode::OK, &page)
}

/// `GET /admin/`: what people type.
pub(crate) async fn without_slash(site: Data<Site>) -> HttpResponse {
    page::see(&site, "", "")
}

/// Until the first article has gone out.
fn first_steps(site: &Site, signed_in: &SignedIn, counts: Counts) -> Option<FirstSteps> {
    let steps = FirstSteps {
        has_account: site.state.official.is_some() || site.state.wecom.is_some(),
        may_set_account: signed_in.member.may_change_settings(),
        has_written: counts.drafts + counts.in_review + counts.approved + counts.scheduled > 0,
    };
    (counts.published + counts.withdrawn == 0).then_some(steps)
}

async fn read(desk: &Desk<'_>) -> Result<Read, Error> {
    let stats = &desk.site.state.stats;
    let days = Days::up_to(desk.day_of(desk.site.state.clock.now()), WEEK);
    let by_day = stats.by_day(days, None).await.map_err(Error::unavailable)?;
    let before = stats.by_day(days.before(), None).await.map_err(Error::unavailable)?;
    let sum = by_day.iter().fold(Tally::default(), |sum, (_, tally)| sum.and(*tally));
    let before = before.iter().map(|(_, tally)| tally.views).sum();
    let sentence = plot::sentence(desk, None, days, (sum.views, before));
    Ok(Read {
        plot: Plot::new(desk, sentence, &by_day),
        origins: plot::origins(desk, sum),
        articles: most_read(desk, days).await?,
    })
}

async fn most_read(desk: &Desk<'_>, days: Days) -> Result<Vec<MostRead>, Error> {
    let state = &desk.site.state;
    let tallies = state.stats.by_article(days).await.map_err(Error::unavailable)?;
    let mut articles: Vec<_> = tallies.into_iter().map(|(id, tally)| (tally.views, ArticleId(id))).collect();
    articles.sort_by_key(|place| std::cmp::Reverse(*place));
    articles.truncate(usize::from(SHOWN));
    let names = state.content.names(&articles.iter().map(|(_, id)| *id).collect::<Vec<_>>()).await?;
    let line = |(views, id): (i64, ArticleId)| {
        let headline = names.get(&id)?.headline.clone();
        Some(MostRead { headline, url: desk.url(&format!("/figures?article={}", id.0)), views: grouped(views) })
    };
    Ok(articles.into_iter().filter(|(views, _)| *views > 0).filter_map(line).collect())
}

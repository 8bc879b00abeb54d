//! Addresses of former times, entered one by one; many come in as a list.

mod address;
pub(super) mod paste;

use actix_web::HttpResponse;
use askama::Template;
use serde::Deserialize;

use super::super::error::Error;
use super::super::page::NavLink;
use super::super::reader::article::article_path;
use super::form::{FormErrors, Posted};
use super::here::Here;
use super::page::{Desk, Layout};
use super::parts::{Search, of_pages};
use crate::content::{Lookup, Redirect, SitePath};

/// The list.
const PATH: &str = "/redirects";
/// Redirects on a page of it.
const ROWS: u16 = 50;

#[derive(Template)]
#[template(path = "admin/redirects.html")]
struct RedirectsPage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    typed: Typed,
    action: String,
    paste_url: String,
    remove_url: String,
    q: String,
    rows: Vec<Row>,
    more: Option<String>,
    first: Option<String>,
}

/// A redirect in the list.
#[derive(Debug)]
struct Row {
    path: String,
    /// Where it leads, in words, and as a link.
    target: String,
    url: Option<String>,
    since: String,
    datetime: String,
    remove: String,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

/// Which one goes.
#[derive(Debug, Deserialize)]
pub(crate) struct Removed {
    #[serde(default)]
    path: String,
}

/// `GET /admin/redirects`.
pub(crate) async fn index(here: Here) -> Result<HttpResponse, Error> {
    list(&here, Typed::default(), FormErrors::default()).await
}

/// `POST /admin/redirects`.
pub(crate) async fn create(here: Here, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.fixed;
    let mut errors = FormErrors::default();
    let (old, new) = (address::old(&here.site, &typed.old), address::new(&here.site, &typed.new).await?);
    match (old, new) {
        (Ok(old), Ok(new)) => match here.content().add_redirect(here.actor(), &old, &new).await {
            Ok(()) => return Ok(here.see(PATH, "added")),
            Err(error) => errors.add("old", address::refusal(t, &error).ok_or(error)?),
        },
        (old, new) => {
            for (field, outcome) in [("old", old), ("new", new)] {
                if let Err(wrong) = outcome {
                    errors.add(field, wrong.sentence(t));
                }
            }
        }
    }
    list(&here, typed, errors).await
}

/// `POST /admin/redirects/remove`.
pub(crate) async fn remove(here: Here, Posted(wanted): Posted<Removed>) -> Result<HttpResponse, Error> {
    let path: SitePath = wanted.path.parse().map_err(|_not_a_path| Error::NotFound)?;
    if !here.content().remove_redirect(here.actor(), &path).await? {
        return Err(Error::NotFound);
    }
    Ok(here.see(PATH, "removed"))
}

async fn list(here: &Here, typed: Typed, form: FormErrors) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let (q, after) = Search::of(&here.request);
    let position = after.parse::<SitePath>().ok();
    let mut found = here.content().redirects(&q, position.as_ref(), ROWS.saturating_add(1)).await?;
    let more = found.len() > usize::from(ROWS);
    found.truncate(usize::from(ROWS));
    let last = found.last().filter(|_| more).map(|redirect| redirect.path.to_string());
    let page = RedirectsPage {
        layout: desk.layout(desk.t.fixed.redirects, "/pages", &here.signed_in, &here.request),
        parts: of_pages(&desk, PATH),
        action: desk.url(PATH),
        paste_url: desk.url("/redirects/paste"),
        remove_url: desk.url("/redirects/remove"),
        rows: found.iter().map(|redirect| row(&desk, redirect)).collect(),
        more: last.map(|last| Search::link(&desk, PATH, (&q, &last))),
        first: position.map(|_| Search::link(&desk, PATH, (&q, ""))),
        form,
        typed,
        q,
    };
    page.form.answer(&page)
}

fn row(desk: &Desk<'_>, redirect: &Redirect) -> Row {
    let target = match &redirect.target {
        Lookup::Article(key) => Some(article_path(key)),
        Lookup::Path(path) => Some(path.clone()),
        Lookup::Nothing => None,
    };
    // As it is read, not as it stands in a link.
    let shown = |path: &String| path.parse::<SitePath>().map_or_else(|_home| path.clone(), |path| path.to_string());
    Row {
        path: redirect.path.to_string(),
        target: target.as_ref().map_or_else(|| desk.t.fixed.nowhere.to_owned(), shown),
        url: target.map(|path| desk.site.state.config.site.base_url.absolute(&path)),
        since: desk.date_time(redirect.since),
        datetime: desk.datetime(redirect.since),
        remove: desk.t.fixed.delete_of.replace("{}", redirect.path.as_str()),
    }
}

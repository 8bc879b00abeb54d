//! Addresses of former times, entered one by one or pasted as a list.

mod address;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::page::NavLink;
use super::super::reader::article::article_path;
use super::super::texts::fixed::Fixed;
use super::auth::SignedIn;
use super::form::{FormErrors, Posted};
use super::page::{self, Desk, Layout, respond};
use super::parts::{actor, of_pages};
use super::tags::Search;
use crate::content::{Lookup, Redirect, SitePath};

/// The list.
const PATH: &str = "/redirects";
/// Redirects on a page of it.
const ROWS: u16 = 50;
/// Lines of a list that is pasted.
const MOST_LINES: usize = 1000;
/// The largest list, in bytes: so many lines with long addresses, and each sign as three escapes.
pub(super) const CAP: usize = 1024 * 1024;

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

#[derive(Template)]
#[template(path = "admin/redirects_paste.html")]
struct PastePage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    action: String,
    back: String,
    lines: String,
    added: Option<String>,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

/// What is pasted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Pasted {
    #[serde(default)]
    lines: String,
}

/// Which one goes.
#[derive(Debug, Deserialize)]
pub(crate) struct Removed {
    #[serde(default)]
    path: String,
}

/// `GET /admin/redirects`.
pub(crate) async fn index(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    list(&site, (&signed_in, &request), Typed::default(), FormErrors::default()).await
}

/// `POST /admin/redirects`.
pub(crate) async fn create(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.fixed;
    let mut errors = FormErrors::default();
    let (old, new) = (address::old(&site, &typed.old), address::new(&site, &typed.new).await?);
    match (old, new) {
        (Ok(old), Ok(new)) => match site.state.content.add_redirect(actor(&signed_in), &old, &new).await {
            Ok(()) => return Ok(page::see(&site, PATH, "added")),
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
    list(&site, (&signed_in, &request), typed, errors).await
}

/// `POST /admin/redirects/remove`.
pub(crate) async fn remove(
    site: Data<Site>,
    signed_in: SignedIn,
    Posted(wanted): Posted<Removed>,
) -> Result<HttpResponse, Error> {
    let path: SitePath = wanted.path.parse().map_err(|_not_a_path| Error::NotFound)?;
    if !site.state.content.remove_redirect(actor(&signed_in), &path).await? {
        return Err(Error::NotFound);
    }
    Ok(page::see(&site, PATH, "removed"))
}

/// `GET /admin/redirects/paste`.
pub(crate) async fn blank(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    paste_form(&site, (&signed_in, &request), (String::new(), 0), FormErrors::default()).await
}

/// `POST /admin/redirects/paste`: what can be taken is, the rest stays in the form, each line with its reason.
pub(crate) async fn paste(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(Pasted { lines }): Posted<Pasted>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.fixed;
    let wanted: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let problem = match wanted.len() {
        0 => Some(t.no_lines.to_owned()),
        1..=MOST_LINES => None,
        _ => Some(t.too_many.replace("{}", &MOST_LINES.to_string())),
    };
    if let Some(problem) = problem {
        return paste_form(&site, (&signed_in, &request), (lines.clone(), 0), FormErrors::of("lines", problem)).await;
    }
    let outcomes = outcomes(&site, &signed_in, t, &wanted).await?;
    let (mut left, mut errors) = (Vec::new(), FormErrors::default());
    for (line, outcome) in wanted.iter().zip(&outcomes) {
        if let Err(sentence) = outcome {
            left.push(*line);
            errors.add("lines", format!("{}{sentence}", t.line.replace("{}", &left.len().to_string())));
        }
    }
    if left.is_empty() {
        return Ok(page::see(&site, PATH, "added"));
    }
    let added = wanted.len() - left.len();
    paste_form(&site, (&signed_in, &request), (left.join("\n"), added), errors).await
}

/// What became of each line; a sentence: why it was not taken.
async fn outcomes(
    site: &Site,
    signed_in: &SignedIn,
    t: &'static Fixed,
    lines: &[&str],
) -> Result<Vec<Result<(), &'static str>>, Error> {
    let (mut read, mut pairs) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        let words: Vec<&str> = line.split([' ', '\t', '\u{3000}', ',']).filter(|word| !word.is_empty()).collect();
        read.push(match words.as_slice() {
            [old, new] => match (address::old(site, old), address::new(site, new).await?) {
                (Ok(old), Ok(new)) => {
                    pairs.push((old, new));
                    Ok(())
                }
                (Err(wrong), _) | (_, Err(wrong)) => Err(wrong.sentence(t)),
            },
            _ => Err(t.two_words),
        });
    }
    let mut taken = site.state.content.add_redirects(actor(signed_in), &pairs).await?.into_iter();
    for outcome in read.iter_mut().filter(|outcome| outcome.is_ok()) {
        if let Some(Err(error)) = taken.next() {
            *outcome = Err(address::refusal(t, &error).ok_or(error)?);
        }
    }
    Ok(read)
}

async fn list(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    typed: Typed,
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let (q, after) = Search::of(request);
    let position = after.parse::<SitePath>().ok();
    let mut found = site.state.content.redirects(&q, position.as_ref(), ROWS.saturating_add(1)).await?;
    let more = found.len() > usize::from(ROWS);
    found.truncate(usize::from(ROWS));
    let last = found.last().filter(|_| more).map(|redirect| redirect.path.to_string());
    let page = RedirectsPage {
        layout: desk.layout(desk.t.fixed.redirects, "/pages", signed_in, request),
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
    let status = if page.form.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    respond(status, &page)
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

async fn paste_form(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    (lines, added): (String, usize),
    form: FormErrors,
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let t = desk.t.fixed;
    let page = PastePage {
        layout: desk.layout(t.paste, "/pages", signed_in, request),
        parts: of_pages(&desk, PATH),
        action: desk.url("/redirects/paste"),
        back: desk.url(PATH),
        added: (added > 0).then(|| t.added.replace("{}", &added.to_string())),
        lines,
        form,
    };
    let status = if page.form.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    respond(status, &page)
}

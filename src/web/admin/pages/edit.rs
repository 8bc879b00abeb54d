//! Writing a fixed page. Saving it publishes it; a preview shows it before.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::super::super::error::Error;
use super::super::super::page::NavLink;
use super::super::super::reader::fixed;
use super::super::super::texts::fixed::Fixed;
use super::super::form::{FormErrors, Posted};
use super::super::here::Here;
use super::super::markup::{in_lines, paragraphs};
use super::super::page::{Desk, Layout, respond};
use super::super::parts::of_pages;
use super::super::typed::slug;
use super::{PATH, find, path_of};
use crate::content::article::Refused;
use crate::content::{self, Page, PageFields, PageShare, Slug};

/// The largest form with a text in it.
pub(crate) const CAP: usize = 1024 * 1024;

#[derive(Template)]
#[template(path = "admin/page.html")]
struct PagePage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    typed: Typed,
    action: String,
    preview_url: String,
    back: String,
    /// None: it is being made.
    existing: Option<Existing>,
    theirs: Option<Theirs>,
}

/// A page that is there.
#[derive(Debug)]
struct Existing {
    address: String,
    reader_url: String,
    remove_url: String,
}

/// What somebody else has saved in the meantime.
#[derive(Debug)]
struct Theirs {
    advice: String,
    title: String,
    body: String,
    /// What else is not as it is typed.
    others: Vec<(&'static str, String)>,
}

impl Theirs {
    fn new(desk: &Desk<'_>, typed: &Typed, page: Page) -> Self {
        let (t, fields) = (desk.t.fixed, page.fields);
        let said = |text: &str| if text.is_empty() { t.nothing.to_owned() } else { text.to_owned() };
        let place = if fields.in_footer { t.in_footer } else { t.not_in_footer };
        let others = [
            (t.place, place, fields.in_footer == typed.in_footer),
            (t.share_title, &fields.share.title, fields.share.title == typed.share_title),
            (t.moments_title, &fields.share.moments_title, fields.share.moments_title == typed.moments_title),
            (t.share_text, &fields.share.text, fields.share.text == typed.share_text),
        ];
        Self {
            advice: t.conflict_advice.replace("{}", &desk.date_time(page.modified)),
            others: others.into_iter().filter(|(.., same)| !same).map(|(label, text, _)| (label, said(text))).collect(),
            body: in_lines(fields.body.as_str()),
            title: fields.title,
        }
    }
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    title: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    in_footer: bool,
    #[serde(default)]
    share_title: String,
    #[serde(default)]
    moments_title: String,
    #[serde(default)]
    share_text: String,
    /// The one that it is based on.
    #[serde(default)]
    version: String,
}

impl Typed {
    fn of(page: &Page) -> Self {
        let PageFields { title, body, in_footer, share, .. } = page.fields.clone();
        Self {
            title,
            slug: page.slug.to_string(),
            body: in_lines(body.as_str()),
            in_footer,
            share_title: share.title,
            moments_title: share.moments_title,
            share_text: share.text,
            version: page.version.to_string(),
        }
    }

    fn fields(&self) -> PageFields {
        let (title, moments_title) = (self.share_title.clone(), self.moments_title.clone());
        PageFields {
            title: self.title.clone(),
            body: paragraphs(&self.body),
            position: 0,
            in_footer: self.in_footer,
            share: PageShare { title, moments_title, text: self.share_text.clone() },
        }
    }
}

/// `GET /admin/pages/new`.
pub(crate) async fn new(here: Here) -> Result<HttpResponse, Error> {
    let typed = Typed { in_footer: true, ..Typed::default() };
    form(&here, None, (typed, FormErrors::default(), None)).await
}

/// `POST /admin/pages/new`.
pub(crate) async fn create(here: Here, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.fixed;
    let mut errors = missing(t, &typed);
    match slug(&typed.slug) {
        Ok(slug) if errors.is_empty() => match here.content().create_page(here.actor(), &slug, typed.fields()).await {
            Ok(()) => return Ok(here.see(PATH, "created")),
            Err(content::Error::SlugTaken(_)) => errors.add("slug", t.page_taken),
            Err(content::Error::Refused(why)) => refuse(&mut errors, t, why)?,
            Err(error) => return Err(error.into()),
        },
        Ok(_) => {}
        Err(_) => errors.add("slug", t.bad_slug),
    }
    form(&here, None, (typed, errors, None)).await
}

/// `GET /admin/pages/{slug}/edit`.
pub(crate) async fn show(here: Here, slug: Path<String>) -> Result<HttpResponse, Error> {
    let page = find(&here, &slug).await?;
    let state = (Typed::of(&page), FormErrors::default(), None);
    form(&here, Some(&page.slug), state).await
}

/// `POST /admin/pages/{slug}/edit`.
pub(crate) async fn update(
    here: Here,
    slug: Path<String>,
    Posted(mut typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.fixed;
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    let mut errors = missing(t, &typed);
    let mut theirs = None;
    if errors.is_empty() {
        // What is no version is older than every one.
        let version = typed.version.parse().unwrap_or(0);
        match here.content().save_page(here.actor(), &slug, version, typed.fields()).await {
            Ok(()) => return Ok(here.see(&path_of(&slug, "/edit"), "saved")),
            Err(content::Error::PageConflict(now)) => {
                typed.version = now.version.to_string();
                errors.add("theirs", t.conflict);
                theirs = Some(*now);
            }
            Err(content::Error::NotFound) => {
                typed.slug = slug.to_string();
                let state = (typed, FormErrors::of("slug", t.page_gone), None);
                return form(&here, None, state).await;
            }
            Err(content::Error::Refused(why)) => refuse(&mut errors, t, why)?,
            Err(error) => return Err(error.into()),
        }
    }
    form(&here, Some(&slug), (typed, errors, theirs)).await
}

/// `POST /admin/pages/preview`: the page as readers would see what is typed. Nothing is kept.
pub(crate) async fn preview(here: Here, Posted(typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    // A page that is being made may have no address yet.
    let wanted = [typed.slug.as_str(), "preview"].into_iter().find_map(|typed| slug(typed).ok());
    let slug: Slug = wanted.ok_or(Error::BadRequest)?;
    let page = here.content().draft_page(slug, typed.fields()).await?;
    fixed::preview(&here.site, page, &here.request).await
}

fn refuse(errors: &mut FormErrors, t: &Fixed, why: Refused) -> Result<(), Error> {
    match why {
        Refused::NoTitle => errors.add("title", t.no_title),
        Refused::MediaGone => errors.add("body", t.media_gone),
        other => return Err(content::Error::Refused(other).into()),
    }
    Ok(())
}

fn missing(t: &Fixed, typed: &Typed) -> FormErrors {
    if typed.title.trim().is_empty() { FormErrors::of("title", t.no_title) } else { FormErrors::default() }
}

async fn form(
    here: &Here,
    slug: Option<&Slug>,
    (typed, errors, theirs): (Typed, FormErrors, Option<Page>),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let t = desk.t.fixed;
    let existing = slug.map(|slug| Existing {
        address: t.slug_stays.replace("{}", &fixed::path(slug)),
        reader_url: here.site.state.config.site.base_url.absolute(&fixed::path(slug)),
        remove_url: desk.url(&path_of(slug, "/remove")),
    });
    let status = match (errors.is_empty(), &theirs) {
        (true, _) => StatusCode::OK,
        (false, None) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, Some(_)) => StatusCode::CONFLICT,
    };
    let theirs = theirs.map(|page| Theirs::new(&desk, &typed, page));
    let page = PagePage {
        layout: desk.layout(if slug.is_some() { t.edit } else { t.new_page }, PATH, &here.signed_in, &here.request),
        parts: of_pages(&desk, PATH),
        action: desk.url(&slug.map_or_else(|| format!("{PATH}/new"), |slug| path_of(slug, "/edit"))),
        preview_url: desk.url("/pages/preview"),
        back: desk.url(PATH),
        typed,
        form: errors,
        existing,
        theirs,
    };
    respond(status, &page)
}

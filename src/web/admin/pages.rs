//! Fixed pages. Saving one publishes it; a preview shows it before.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::page::NavLink;
use super::super::reader::fixed;
use super::super::texts::fixed::Fixed;
use super::auth::SignedIn;
use super::form::{FormErrors, Posted};
use super::page::{self, Desk, Layout, respond};
use super::parts::{Move, actor, moved, of_pages};
use crate::content::article::Refused;
use crate::content::{self, Html, Page, PageEntry, PageFields, PageShare, Slug};

/// The list.
const PATH: &str = "/pages";
/// The largest form with a text in it.
pub(super) const CAP: usize = 1024 * 1024;

#[derive(Template)]
#[template(path = "admin/pages.html")]
struct PagesPage {
    layout: Layout,
    parts: Vec<NavLink>,
    rows: Vec<Row>,
    new_url: String,
}

/// A page in the list.
#[derive(Debug)]
struct Row {
    title: String,
    slug: String,
    in_footer: bool,
    modified: String,
    datetime: String,
    edit_url: String,
    move_url: String,
    up: Option<String>,
    down: Option<String>,
}

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
            body: fields.body.as_str().to_owned(),
            title: fields.title,
        }
    }
}

#[derive(Template)]
#[template(path = "admin/page_remove.html")]
struct RemovePage {
    layout: Layout,
    parts: Vec<NavLink>,
    action: String,
    back: String,
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
            body: body.as_str().to_owned(),
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
            body: Html::clean(&self.body),
            position: 0,
            in_footer: self.in_footer,
            share: PageShare { title, moments_title, text: self.share_text.clone() },
        }
    }
}

/// `GET /admin/pages`.
pub(crate) async fn index(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&site).await?;
    let pages = site.state.content.pages().await?;
    let (last, t) = (pages.len().saturating_sub(1), desk.t.arrange);
    let row = |(place, page): (usize, &PageEntry)| Row {
        title: page.title.clone(),
        slug: page.slug.to_string(),
        in_footer: page.in_footer,
        modified: desk.date_time(page.modified),
        datetime: desk.datetime(page.modified),
        edit_url: desk.url(&path_of(&page.slug, "/edit")),
        move_url: desk.url(&path_of(&page.slug, "/move")),
        up: (place > 0).then(|| t.up_of.replace("{}", &page.title)),
        down: (place < last).then(|| t.down_of.replace("{}", &page.title)),
    };
    let page = PagesPage {
        layout: desk.layout(desk.a.pages, PATH, &signed_in, &request),
        parts: of_pages(&desk, PATH),
        rows: pages.iter().enumerate().map(row).collect(),
        new_url: desk.url("/pages/new"),
    };
    respond(StatusCode::OK, &page)
}

/// `GET /admin/pages/new`.
pub(crate) async fn new(site: Data<Site>, signed_in: SignedIn, request: HttpRequest) -> Result<HttpResponse, Error> {
    let typed = Typed { in_footer: true, ..Typed::default() };
    form(&site, (&signed_in, &request), None, (typed, FormErrors::default(), None)).await
}

/// `POST /admin/pages/new`.
pub(crate) async fn create(
    site: Data<Site>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.fixed;
    let mut errors = missing(t, &typed);
    match typed.slug.trim().parse::<Slug>() {
        Ok(slug) if errors.is_empty() => {
            match site.state.content.create_page(actor(&signed_in), &slug, typed.fields()).await {
                Ok(()) => return Ok(page::see(&site, PATH, "created")),
                Err(content::Error::SlugTaken(_)) => errors.add("slug", t.page_taken),
                Err(content::Error::Refused(Refused::NoTitle)) => errors.add("title", t.no_title),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(_) => {}
        Err(_) => errors.add("slug", t.bad_slug),
    }
    form(&site, (&signed_in, &request), None, (typed, errors, None)).await
}

/// `GET /admin/pages/{slug}/edit`.
pub(crate) async fn edit(
    site: Data<Site>,
    slug: Path<String>,
    signed_in: SignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let page = find(&site, &slug).await?;
    let state = (Typed::of(&page), FormErrors::default(), None);
    form(&site, (&signed_in, &request), Some(&page.slug), state).await
}

/// `POST /admin/pages/{slug}/edit`.
pub(crate) async fn update(
    site: Data<Site>,
    slug: Path<String>,
    signed_in: SignedIn,
    request: HttpRequest,
    Posted(mut typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&site).await?.t.fixed;
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    let mut errors = missing(t, &typed);
    let mut theirs = None;
    if errors.is_empty() {
        // What is no version is older than every one.
        let version = typed.version.parse().unwrap_or(0);
        match site.state.content.save_page(actor(&signed_in), &slug, version, typed.fields()).await {
            Ok(()) => return Ok(page::see(&site, &path_of(&slug, "/edit"), "saved")),
            Err(content::Error::PageConflict(now)) => {
                typed.version = now.version.to_string();
                errors.add("theirs", t.conflict);
                theirs = Some(*now);
            }
            Err(content::Error::NotFound) => {
                typed.slug = slug.to_string();
                let state = (typed, FormErrors::of("slug", t.page_gone), None);
                return form(&site, (&signed_in, &request), None, state).await;
            }
            Err(content::Error::Refused(Refused::NoTitle)) => errors.add("title", t.no_title),
            Err(error) => return Err(error.into()),
        }
    }
    form(&site, (&signed_in, &request), Some(&slug), (typed, errors, theirs)).await
}

/// `POST /admin/pages/preview`: the page as readers would see what is typed. Nothing is kept.
pub(crate) async fn preview(
    site: Data<Site>,
    request: HttpRequest,
    Posted(typed): Posted<Typed>,
) -> Result<HttpResponse, Error> {
    // A page that is being made may have no address yet.
    let wanted = [typed.slug.trim(), "preview"].into_iter().find_map(|slug| slug.parse().ok());
    let slug: Slug = wanted.ok_or(Error::BadRequest)?;
    let page = site.state.content.draft_page(slug, typed.fields()).await?;
    fixed::preview(&site, page, &request).await
}

/// `POST /admin/pages/{slug}/move`: one place up or down.
pub(crate) async fn shift(
    site: Data<Site>,
    slug: Path<String>,
    signed_in: SignedIn,
    Posted(wanted): Posted<Move>,
) -> Result<HttpResponse, Error> {
    let page = find(&site, &slug).await?;
    let mut slugs: Vec<Slug> = site.state.content.pages().await?.into_iter().map(|page| page.slug).collect();
    if moved(&mut slugs, &page.slug, wanted.is_up()) {
        site.state.content.order_pages(actor(&signed_in), &slugs).await?;
    }
    Ok(page::see(&site, PATH, "moved"))
}

/// `GET /admin/pages/{slug}/remove`: what would happen.
pub(crate) async fn ask(
    site: Data<Site>,
    slug: Path<String>,
    signed_in: SignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (desk, page) = (Desk::load(&site).await?, find(&site, &slug).await?);
    let title = desk.t.fixed.remove_title.replace("{}", &page.fields.title);
    let page = RemovePage {
        layout: desk.layout(&title, PATH, &signed_in, &request),
        parts: of_pages(&desk, PATH),
        action: desk.url(&path_of(&page.slug, "/remove")),
        back: desk.url(&path_of(&page.slug, "/edit")),
    };
    respond(StatusCode::OK, &page)
}

/// `POST /admin/pages/{slug}/remove`.
pub(crate) async fn remove(
    site: Data<Site>,
    slug: Path<String>,
    signed_in: SignedIn,
    Posted(()): Posted<()>,
) -> Result<HttpResponse, Error> {
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    if !site.state.content.remove_page(actor(&signed_in), &slug).await? {
        return Err(Error::NotFound);
    }
    Ok(page::see(&site, PATH, "deleted"))
}

fn path_of(slug: &Slug, rest: &str) -> String {
    format!("{PATH}/{slug}{rest}")
}

async fn find(site: &Site, slug: &str) -> Result<Page, Error> {
    let slug: Slug = slug.parse().map_err(|_not_a_slug| Error::NotFound)?;
    Ok(site.state.content.page(&slug).await?)
}

fn missing(t: &Fixed, typed: &Typed) -> FormErrors {
    if typed.title.trim().is_empty() { FormErrors::of("title", t.no_title) } else { FormErrors::default() }
}

async fn form(
    site: &Site,
    (signed_in, request): (&SignedIn, &HttpRequest),
    slug: Option<&Slug>,
    (typed, errors, theirs): (Typed, FormErrors, Option<Page>),
) -> Result<HttpResponse, Error> {
    let desk = Desk::load(site).await?;
    let t = desk.t.fixed;
    let existing = slug.map(|slug| Existing {
        address: t.slug_stays.replace("{}", &fixed::path(slug)),
        reader_url: site.state.config.site.base_url.absolute(&fixed::path(slug)),
        remove_url: desk.url(&path_of(slug, "/remove")),
    });
    let status = match (errors.is_empty(), &theirs) {
        (true, _) => StatusCode::OK,
        (false, None) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, Some(_)) => StatusCode::CONFLICT,
    };
    let theirs = theirs.map(|page| Theirs::new(&desk, &typed, page));
    let page = PagePage {
        layout: desk.layout(if slug.is_some() { t.edit } else { t.new_page }, PATH, signed_in, request),
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

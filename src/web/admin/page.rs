//! What every page of the back office shares: the layout around it, its headers, and the page that an error becomes.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERER, REFERRER_POLICY,
};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::error::Error;
use super::super::page::NavLink;
use super::super::texts::office::Office;
use super::super::texts::{ErrorText, Texts, texts};
use super::super::{Site, headers};
use super::auth::{self, SignedIn, Token};
use super::next;
use super::unsaved::Unsaved;
use crate::clock::Millis;
use crate::content::SiteSettings;
use crate::staff::Member;

/// What is around the page's own part.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) t: &'static Texts,
    pub(crate) a: &'static Office,
    pub(crate) lang: &'static str,
    pub(crate) title: String,
    pub(crate) site_name: String,
    pub(crate) site_url: String,
    pub(crate) css: String,
    pub(crate) js: String,
    /// Empty for who is not signed in.
    pub(crate) nav: Vec<NavLink>,
    pub(crate) account_url: String,
    pub(crate) sign_out_url: String,
    pub(crate) member_name: String,
    pub(crate) csrf: String,
    /// What was just done, said once.
    pub(crate) notice: Option<&'static str>,
    /// Whether not all of it was done.
    pub(crate) is_caution: bool,
}

/// What a handler needs again and again while it builds one page of the back office.
#[derive(Debug)]
pub(crate) struct Desk<'a> {
    pub(crate) site: &'a Site,
    pub(crate) settings: SiteSettings,
    pub(crate) t: &'static Texts,
    pub(crate) a: &'static Office,
    zone: TimeZone,
}

impl<'a> Desk<'a> {
    /// Reads what every page shows.
    pub(crate) async fn load(site: &'a Site) -> Result<Self, Error> {
        Ok(Self::new(site, site.state.content.settings().await?))
    }

    fn new(site: &'a Site, settings: SiteSettings) -> Self {
        let t = texts(settings.language.tag());
        let zone = settings.zone();
        Self { site, settings, t, a: t.office, zone }
    }

    /// The layout of a page for somebody who works here; `here` is its path below `/admin`.
    pub(crate) fn layout(&self, title: &str, here: &str, signed_in: &SignedIn, request: &HttpRequest) -> Layout {
        let member = &signed_in.member;
        Layout {
            nav: self.nav(member, here),
            member_name: member.name().to_string(),
            csrf: signed_in.session.csrf().to_owned(),
            notice: self.a.notice(said(request)),
            is_caution: Office::is_caution(said(request)),
            ..self.outside(title, "")
        }
    }

    /// The layout of a page for somebody who is not signed in yet.
    pub(crate) fn outside(&self, title: &str, csrf: &str) -> Layout {
        let base = &self.site.state.config.site.base_url;
        Layout {
            t: self.t,
            a: self.a,
            lang: self.settings.language.tag(),
            title: title.to_owned(),
            site_name: self.settings.name.clone(),
            site_url: base.absolute("/"),
            css: self.script("admin.css"),
            js: self.script("admin.js"),
            nav: Vec::new(),
            account_url: self.url("/account"),
            sign_out_url: self.url("/sign-out"),
            member_name: String::new(),
            csrf: csrf.to_owned(),
            notice: None,
            is_caution: false,
        }
    }

    /// `path` below `/admin` as a link.
    pub(crate) fn url(&self, path: &str) -> String {
        url(self.site, path)
    }

    /// A file of `static/`.
    pub(crate) fn script(&self, name: &str) -> String {
        self.site.state.config.site.base_url.path(&self.site.assets.path(name))
    }

    /// A moment, to the minute.
    pub(crate) fn date_time(&self, moment: Millis) -> String {
        self.zoned(moment).strftime(self.t.date_time).to_string()
    }

    /// A moment for machines: RFC 3339 with the site's offset.
    pub(crate) fn datetime(&self, moment: Millis) -> String {
        self.zoned(moment).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// A moment as `<input type="datetime-local">` has it.
    pub(crate) fn local(&self, moment: Millis) -> String {
        self.zoned(moment).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// What was typed into `<input type="datetime-local">`, in the site's zone; none: it is no time.
    pub(crate) fn moment(&self, local: &str) -> Option<Millis> {
        let local: jiff::civil::DateTime = local.trim().parse().ok()?;
        Some(Millis(local.to_zoned(self.zone.clone()).ok()?.timestamp().as_millisecond()))
    }

    /// The day of the site's calendar on which a moment lies.
    pub(crate) fn day_of(&self, moment: Millis) -> jiff::civil::Date {
        self.zoned(moment).date()
    }

    fn zoned(&self, moment: Millis) -> jiff::Zoned {
        Timestamp::from_millisecond(moment.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.zone.clone())
    }

    /// What this person may open. Somebody who may not see a part is not shown its name either.
    fn nav(&self, member: &Member, here: &str) -> Vec<NavLink> {
        let (a, role) = (self.a, member.role());
        let parts = [
            (a.dashboard, "/", true),
            (a.articles, "/articles", true),
            (a.media, "/media", true),
            (self.t.figures.title, "/figures", true),
            (a.taxonomy, "/categories", role.may_arrange()),
            (a.pages, "/pages", role.may_arrange()),
            (a.wechat, "/wechat", role.may_change_settings()),
            (a.people, "/staff", role.may_manage_staff()),
            (self.t.log.title, "/log", role.may_read_log()),
            (a.settings, "/settings", role.may_change_settings()),
        ];
        let is_here = |path: &str| here == path || (path != "/" && here.starts_with(&format!("{path}/")));
        let shown = parts.into_iter().filter(|(.., shown)| *shown);
        shown
            .map(|(label, path, _)| NavLink { label: label.to_owned(), url: self.url(path), current: is_here(path) })
            .collect()
    }
}

/// `path` below `/admin` as a link, below the site's prefix.
pub(crate) fn url(site: &Site, path: &str) -> String {
    let path = if path == "/" { "" } else { path };
    site.state.config.site.base_url.path(&format!("/admin{path}"))
}

/// Which notice a redirect asked for.
pub(super) fn said(request: &HttpRequest) -> &str {
    let query = request.query_string();
    query.split('&').find_map(|pair| pair.strip_prefix("done=")).unwrap_or_default()
}

/// A page of the back office.
pub(crate) fn respond(status: StatusCode, page: &impl Template) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, headers::NO_STORE))
        .insert_header((CONTENT_SECURITY_POLICY, headers::BACK_OFFICE_POLICY))
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header(("x-robots-tag", "noindex, nofollow"))
        .body(page.render()?))
}

/// After a form was taken: to a page of the back office, which says what was `done` (a name of [`Office::notice`]).
pub(crate) fn see(site: &Site, path: &str, done: &str) -> HttpResponse {
    let (separator, done) = match done {
        "" => ("", String::new()),
        done => (if path.contains('?') { "&" } else { "?" }, format!("done={done}")),
    };
    HttpResponse::SeeOther().insert_header((LOCATION, format!("{}{separator}{done}", url(site, path)))).finish()
}

#[derive(Template)]
#[template(path = "admin/error.html")]
struct ErrorPage {
    layout: Layout,
    headline: &'static str,
    advice: &'static str,
    to: String,
    /// Where to sign in again, and then come back.
    again: Option<String>,
    request_id: String,
    /// What was typed and is not stored, under the names of its fields.
    typed: Vec<(&'static str, String)>,
    /// Whether the device has it, too.
    is_kept: bool,
}

/// The page for `status` below `/admin`. Never fails, also without a database.
pub(crate) async fn error(
    site: &Site,
    request: &HttpRequest,
    status: StatusCode,
    (error, id): (Option<&Error>, &str),
) -> HttpResponse {
    use actix_web::HttpMessage as _;
    let desk = match Desk::load(site).await {
        Ok(desk) => desk,
        Err(_no_database) => Desk::new(site, SiteSettings::from_config(&site.state.config.site)),
    };
    let text =
        words(desk.a, error).or_else(|| desk.a.error(status.as_u16())).unwrap_or_else(|| desk.t.error(status.as_u16()));
    let admitted = request.extensions().get::<SignedIn>().cloned();
    let signed_in = match admitted {
        None if status == StatusCode::NOT_FOUND => auth::recognised(site, request).await,
        admitted => admitted,
    };
    let extensions = request.extensions();
    let layout = match &signed_in {
        Some(signed_in) => desk.layout(text.headline, "-", signed_in, request),
        None => desk.outside(text.headline, extensions.get::<Token>().map_or("", Token::as_str)),
    };
    let request_id = if status.is_server_error() { id.to_owned() } else { String::new() };
    let unsaved = extensions.get::<Unsaved>();
    let typed = unsaved.map(|unsaved| unsaved.named(desk.t.articles)).unwrap_or_default();
    let is_kept = unsaved.is_some_and(Unsaved::is_a_text);
    let again = matches!(error, Some(Error::SignedOut)).then(|| next::way(site, "/sign-in", &came_from(site, request)));
    let (headline, advice) = (text.headline, text.advice);
    let page = ErrorPage { layout, headline, advice, to: desk.url("/"), again, request_id, typed, is_kept };
    respond(status, &page).unwrap_or_else(|_template| HttpResponse::new(status))
}

/// The page from which a form was sent: of an article its own, else what the browser says.
fn came_from(site: &Site, request: &HttpRequest) -> String {
    let articles = url(site, "/articles/");
    let article = request.path().strip_prefix(&articles).and_then(|rest| rest.split('/').next());
    if let Some(article) = article.filter(|article| *article == "new" || article.parse::<i64>().is_ok()) {
        return format!("{articles}{article}");
    }
    let said = request.headers().get(REFERER).and_then(|value| value.to_str().ok());
    next::address(site, said.and_then(|said| said.strip_prefix(&auth::origin(site))).unwrap_or_default())
}

/// What is said where the status alone would say too little.
fn words(office: &'static Office, error: Option<&Error>) -> Option<&'static ErrorText> {
    match error? {
        Error::CrossSite => Some(&office.cross_site),
        Error::SignedOut => Some(&office.signed_out),
        Error::NeedsConfirmation => Some(&office.needs_confirmation),
        _ => None,
    }
}

//! How the site is set up: its name, filings, review and looks.

mod typed;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use super::super::Site;
use super::super::error::Error;
use super::super::look::Logo;
use super::super::page::{NavLink, PreviewImage};
use super::form::{FormErrors, Posted};
use super::here::Here;
use super::page::{Desk, Layout, respond};
use super::parts::of_settings;
use crate::content::accent::Colour;
use crate::content::{self, Media, MediaId, SiteSettings, Unsuitable};
use typed::{Reading, Typed};

/// The page.
const PATH: &str = "/settings";
/// The zones that are offered; every other may be typed.
const ZONES: &[&str] = &[
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Macau",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/London",
    "Europe/Paris",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
];
/// The colour of the style sheet, by day and by night.
const USUAL: [Colour; 2] = [Colour([0x1f, 0x5f, 0xbf]), Colour([0x7f, 0xb0, 0xff])];

#[derive(Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    layout: Layout,
    parts: Vec<NavLink>,
    form: FormErrors,
    typed: Typed,
    action: String,
    /// With the present time in the zone.
    time_zone_help: String,
    zones: &'static [&'static str],
    /// The colours of today, as readers see them.
    light: Colour,
    dark: Colour,
    /// Colours that would do instead of those that do not.
    light_instead: Option<Colour>,
    dark_instead: Option<Colour>,
    logo: Chooser,
    share_image: Chooser,
}

/// A picture of the site, and where to choose it.
#[derive(Debug)]
struct Chooser {
    picture: Option<Logo>,
    choose_url: String,
    action: String,
}

/// A picture that was chosen; none: it is taken away.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    media: String,
}

/// What the page shows besides what is set.
#[derive(Debug, Default)]
struct Shown {
    typed: Option<Typed>,
    errors: FormErrors,
    status: StatusCode,
    instead: [Option<Colour>; 2],
}

/// `GET /admin/settings`.
pub(crate) async fn show(here: Here) -> Result<HttpResponse, Error> {
    form(&here, Shown::default()).await
}

/// `POST /admin/settings`. Pictures have forms of their own.
pub(crate) async fn update(here: Here, Posted(mut typed): Posted<Typed>) -> Result<HttpResponse, Error> {
    let desk = Desk::load(&here.site).await?;
    let t = desk.t.setup;
    typed.take_proposals();
    typed.count_what_was_picked();
    let Reading { settings, errors, instead } = typed.read(&desk.settings, t);
    let failed = |typed, errors, status| Shown { typed: Some(typed), errors, status, instead };
    if !errors.is_empty() {
        return form(&here, failed(typed, errors, StatusCode::UNPROCESSABLE_ENTITY)).await;
    }
    let changed = typed.changed_meanwhile(&desk.settings, t);
    if !changed.is_empty() {
        typed.see(&desk.settings);
        return form(&here, failed(typed, changed, StatusCode::CONFLICT)).await;
    }
    let change = |all: &mut SiteSettings| {
        let (logo, share_image) = (all.logo.take(), all.share_image.take());
        *all = SiteSettings { logo, share_image, ..settings };
    };
    here.content().change_settings(here.actor(), change).await?;
    Ok(here.see(PATH, "saved"))
}

/// `POST /admin/settings/logo`: from the library, or from the page itself to take it away.
pub(crate) async fn set_logo(here: Here, Posted(chosen): Posted<Chosen>) -> Result<HttpResponse, Error> {
    let change = |all: &mut SiteSettings, media| all.logo = media;
    set_picture(&here, ("logo", &chosen), change).await
}

/// `POST /admin/settings/share-image`: the same for cards without a picture.
pub(crate) async fn set_share_image(here: Here, Posted(chosen): Posted<Chosen>) -> Result<HttpResponse, Error> {
    let change = |all: &mut SiteSettings, media| all.share_image = media;
    set_picture(&here, ("share-image", &chosen), change).await
}

async fn set_picture(
    here: &Here,
    (field, chosen): (&'static str, &Chosen),
    change: impl FnOnce(&mut SiteSettings, Option<MediaId>),
) -> Result<HttpResponse, Error> {
    let t = Desk::load(&here.site).await?.t.setup;
    let sentence = match chosen.media.trim() {
        "" => here.content().change_settings(here.actor(), |all| change(all, None)).await,
        id => match id.parse() {
            Ok(id) => here.content().change_settings(here.actor(), |all| change(all, Some(id))).await,
            Err(_not_an_id) => Err(Unsuitable::NoPicture.into()),
        },
    };
    let sentence = match sentence {
        Ok(()) => return Ok(here.see(PATH, "saved")),
        Err(content::Error::Unsuitable(Unsuitable::NoPicture)) => t.no_picture,
        Err(content::Error::Unsuitable(Unsuitable::TooSmall)) => t.too_small,
        Err(error) => return Err(error.into()),
    };
    let (errors, status) = (FormErrors::of(field, sentence), StatusCode::UNPROCESSABLE_ENTITY);
    form(here, Shown { errors, status, ..Shown::default() }).await
}

async fn form(here: &Here, shown: Shown) -> Result<HttpResponse, Error> {
    let (desk, site) = (Desk::load(&here.site).await?, &here.site);
    let settings = &desk.settings;
    let accent = settings.accent.map_or(USUAL, |accent| [accent.light(), accent.dark()]);
    let logo = picture(site, settings.logo.as_ref()).await?.and_then(|media| Logo::new(site, &media));
    let share_image = picture(site, settings.share_image.as_ref()).await?;
    let share_image = share_image.and_then(|media| PreviewImage::of_media(site, &media)).map(|image| {
        let path = image.url.strip_prefix(site.state.config.site.base_url.origin()).unwrap_or_default();
        Logo { src: path.to_owned(), width: image.width, height: image.height }
    });
    let chooser = |picture, name: &str| Chooser {
        picture,
        choose_url: format!("{}?choose={name}", desk.url("/media")),
        action: desk.url(&format!("{PATH}/{name}")),
    };
    let [light, dark] = accent;
    let [light_instead, dark_instead] = shown.instead;
    let now = desk.date_time(site.state.clock.now());
    let page = SettingsPage {
        layout: desk.layout(desk.a.settings, PATH, &here.signed_in, &here.request),
        parts: of_settings(&desk, PATH),
        action: desk.url(PATH),
        typed: shown.typed.unwrap_or_else(|| Typed::of(settings)),
        form: shown.errors,
        time_zone_help: desk.t.setup.time_zone_help.replace("{}", &now),
        zones: ZONES,
        light,
        dark,
        light_instead,
        dark_instead,
        logo: chooser(logo, "logo"),
        share_image: chooser(share_image, "share-image"),
    };
    respond(shown.status, &page)
}

async fn picture(site: &Site, id: Option<&MediaId>) -> Result<Option<Media>, Error> {
    let Some(id) = id else { return Ok(None) };
    match site.state.content.media(id).await {
        Err(content::Error::NotFound) => Ok(None),
        found => Ok(Some(found?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::accent::Ground;

    #[test]
    fn the_usual_colours_are_those_of_the_style_sheet_and_can_be_read() {
        let sheet = include_str!("../../../static/site.css");
        let [light, dark] = USUAL;
        assert!(sheet.contains(&format!("--accent: var(--site-accent, {light});")));
        assert!(sheet.contains(&format!("--accent: var(--site-accent-dark, {dark});")));
        assert!(Ground::Light.bears(light) && Ground::Dark.bears(dark));
    }

    #[test]
    fn every_zone_that_is_offered_exists() {
        assert!(ZONES.iter().all(|zone| jiff::tz::TimeZone::get(zone).is_ok()));
    }
}
